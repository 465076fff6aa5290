//! A whole log: taken in, read, folded, verified, and what it takes on disk and in memory.
//!
//! Each measurement is a process of its own, so that its peak of memory (`VmHWM`) is its own.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant as Clock;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use talks::app::{Asking, Question, Store};

use super::{ENV, Raw, SLUG, import, log, rows};

/// The word by which this program calls itself to measure one thing.
pub const CHILD: &str = "measure";

/// What one thing took.
struct Taken {
    seconds: f64,
    peak_mib: f64,
}

/// Measures an import of so many drafts and a replay of so many events, on so many lives.
pub fn measure(folder: &Path, lives: usize, imported: usize, replayed: usize) {
    let text = log::drafts(imported, lives);
    println!("{lives} lives: an import of {imported}, {} bytes an event as drafts", text.len() / imported);
    let [drafts, store] = ["drafts.jsonl", "store.db"].map(|name| folder.join(format!("{lives}-{imported}-{name}")));
    fs::write(&drafts, &text).expect("the drafts");
    let taken = report("import, one decision, durable", imported, &run("import", &store, &drafts));
    let raw = report("raw inserts of the same rows, one commit", imported, &run("raw-import", &store, &drafts));
    println!("  {:.2} of raw", raw / taken);
    on_disk(&store, imported, text.len());
    let store = if replayed == imported { store } else { longer(folder, lives, replayed) };
    println!("{lives} lives: a log of {replayed}");
    let raw = report("raw rows, every column", replayed, &run("raw-read", &store, &drafts));
    let taken = report("replay: every event typed, with its citations", replayed, &run("read", &store, &drafts));
    println!("  {:.2} of raw", raw / taken);
    report("replay, ordered and folded", replayed, &run("fold", &store, &drafts));
    report("verify", replayed, &run("verify", &store, &drafts));
    println!();
}

/// A store with a log of another length.
fn longer(folder: &Path, lives: usize, size: usize) -> std::path::PathBuf {
    let [drafts, store] = ["drafts.jsonl", "store.db"].map(|name| folder.join(format!("{lives}-{size}-{name}")));
    fs::write(&drafts, log::drafts(size, lives)).expect("the drafts");
    run("import", &store, &drafts);
    fs::remove_file(drafts).expect("the drafts go");
    store
}

fn report(stage: &str, size: usize, taken: &Taken) -> f64 {
    println!("  {:>12.0} events/s  {:>6.0} MiB  {stage}", size as f64 / taken.seconds, taken.peak_mib);
    taken.seconds
}

/// Has one thing done by a process of its own.
fn run(what: &str, store: &Path, drafts: &Path) -> Taken {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).args([CHILD, what]).args([store, drafts]).output().expect("it runs");
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [seconds, peak_mib] = figures[..] else { panic!("{what} said {said}") };
    Taken { seconds, peak_mib }
}

/// Does one thing and says what it took.
pub fn child(what: &str, file: &Path, drafts: &Path) {
    let seconds = match what {
        "import" => {
            let mut store = Store::create(file).expect("a store");
            let text = fs::read_to_string(drafts).expect("the drafts");
            timed(|| import(&mut store, &text))
        }
        "raw-import" => {
            let rows = rows(file, 0);
            let mut raw = Raw::new(&file.with_extension("raw"));
            timed(|| raw.at_once(&rows))
        }
        "raw-read" => timed(|| read_raw(file)),
        "read" => timed(|| drop(Store::open(file).expect("a store").book(SLUG))),
        "fold" => timed(|| fold(file)),
        "verify" => timed(|| {
            let verified =
                Store::open(file).expect("a store").check(None, &talks::app::Ledger::default()).expect("it reads");
            assert!(verified.holds(), "{verified:?}");
        }),
        other => panic!("nothing to measure is called {other}"),
    };
    println!("{seconds} {}", peak_mib());
}

fn timed(run: impl FnOnce()) -> f64 {
    let start = Clock::now();
    run();
    start.elapsed().as_secs_f64()
}

fn fold(file: &Path) {
    let question = Question { as_of: Some("2040-01-01".into()), ..Question::default() };
    let book = Store::open(file).expect("a store").book(SLUG).expect("the log reads");
    drop(Asking::new(&book, &question, &ENV));
}

fn read_raw(file: &Path) {
    let store = Connection::open(file).expect("the store");
    let mut statement = store.prepare("SELECT * FROM events ORDER BY pos").expect("a query");
    let columns = statement.column_count();
    let mut rows = statement.query(()).expect("rows");
    let mut bytes = 0;
    while let Some(row) = rows.next().expect("a row") {
        for column in 0..columns {
            bytes += match row.get_ref(column).expect("a column") {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 8,
            };
        }
    }
    assert!(bytes > 0);
}

/// The most memory that this process ever had, in MiB; where the system does not say, 0.
fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Bytes an event in the file, and in which tables.
fn on_disk(file: &Path, size: usize, drafts: usize) {
    let bytes = fs::metadata(file).expect("the file").len() as usize;
    println!("  {:>12} bytes an event on disk, {:.2} x the drafts", bytes / size, bytes as f64 / drafts as f64);
    let store = Connection::open(file).expect("the store");
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name HAVING sum(pgsize) > 65536 ORDER BY 2 DESC";
    let mut statement = store.prepare(sql).expect("a query");
    let tables = statement.query_map((), |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
    for (name, bytes) in tables.expect("tables").filter_map(Result::ok) {
        println!("  {:>12}   in {name}", bytes / size as i64);
    }
}
