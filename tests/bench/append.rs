//! Single appends, each durable before the next begins, to logs of several lengths.
//!
//! What is appended: a statement; an answer to a demand, which rewrites the demand; an incident; and a statement of a random day long
//! past. Raw means: the same bytes, one row a commit, into a table that has the rows of the log already.

use std::fs;
use std::path::Path;
use std::time::Instant as Clock;

use super::{Raw, import, log, rows};
use talks::app::Store;

/// So many of each sort.
const EACH: usize = 200;
/// So many that came late: where the log is read for it, each takes as long as the log.
const LATE: usize = 5;

/// Measures appends to a log of a length, on few lives and on many.
pub fn measure(folder: &Path, size: usize) {
    for lives in [50, size / 2] {
        on_lives(folder, size, lives);
    }
}

fn on_lives(folder: &Path, size: usize, lives: usize) {
    println!("single appends to a log of {size}, {lives} lives");
    let file = folder.join(format!("append-{lives}-{size}.db"));
    let mut store = Store::create(&file).expect("a store");
    import(&mut store, &log::drafts(size, lives));
    let raw_file = file.with_extension("raw");
    let mut raw = Raw::new(&raw_file);
    raw.at_once(&rows(&file, 0));
    let mut stands = size;
    let mut sort = |name: &str, count: usize, draft: &dyn Fn(usize) -> String| {
        let taken = seconds(|| (0..count).for_each(|i| import(&mut store, &draft(i))));
        let new = rows(&file, stands as i64);
        assert_eq!(new.len(), count, "{name}");
        stands += count;
        let plain = seconds(|| raw.one_by_one(&new));
        let milliseconds = |taken: f64| taken * 1000.0 / count as f64;
        println!(
            "  {:>9.3} ms  raw {:.3} ms, {:.2} of raw  {name}",
            milliseconds(taken),
            milliseconds(plain),
            plain / taken
        );
    };
    sort("a statement", EACH, &|i| statement("2029-01-01", i));
    sort("an answer to a demand", EACH, &|i| answer("2029-01-02", i, i % lives + 1));
    sort("an incident", EACH, &|i| incident(i));
    // The days of the log are spread over its years.
    sort("a statement of a random day of the log", LATE, &|i| {
        statement(&log::when(2 + i * 7919 % (size - 2)), EACH + i)
    });
    [file, raw_file].iter().for_each(|file| fs::remove_file(file).expect("the file goes"));
    println!();
}

fn seconds(run: impl FnOnce()) -> f64 {
    let start = Clock::now();
    run();
    start.elapsed().as_secs_f64()
}

fn statement(day: &str, i: usize) -> String {
    format!(
        r#"{{"kind":"statement.made","occurred":"{day}","data":{{"by":"a","act":"position","text":"We stand by what we said yesterday, for the {i}th time"}},"sources":[{{"source":"S1"}}]}}"#
    )
}

fn answer(day: &str, i: usize, demand: usize) -> String {
    let answer = ["deferred", "rejected", "countered"][i % 3];
    format!(
        r#"{{"kind":"demand.answered","occurred":"{day}","data":{{"demand":"D{demand}","by":"b","answer":"{answer}"}},"context":{{"summary":"For the {i}th time"}},"sources":[{{"source":"S1"}}]}}"#
    )
}

fn incident(i: usize) -> String {
    format!(
        r#"{{"kind":"incident.reported","occurred":"2029-01-03T{:02}:{:02}Z","data":{{"category":"clash","against":["a"],"tolls":[{{"class":"combatants","killed":{i}}}]}},"sources":[{{"source":"S1"}}]}}"#,
        i / 60 % 24,
        i % 60
    )
}
