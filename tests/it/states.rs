//! The state of every log that ships, recorded whole at chosen days and read by hand.
//!
//! `states/NAME.txt` is a page of questions, each with its answer, one line a headline (`words.rs` says how it is written). The first
//! answer is whole. A later one has only the lines that are other than in the last answer that asked for a day alone, and names the
//! lines that are `gone`. Under a line stands why it is so, after a `#`, where that is not plain.
//!
//! `UPDATE=1 cargo test` records anew and keeps the reasons. A reason under a line that changed is marked `#?`, and the test fails
//! until somebody has read it again and taken the mark off. A reason whose line is gone is never dropped: nothing is recorded then.

mod page;
mod words;

use std::{env, fs, path::Path};

use page::Page;

#[test]
fn the_report_as_printed_is_in_the_recorded_states() {
    holds("istanbul-talks-as-printed", &["istanbul-talks-as-printed"], 9);
}

#[test]
fn the_report_as_corrected_is_in_the_recorded_states() {
    holds("istanbul-talks-corrected", &["istanbul-talks-as-printed", "istanbul-talks-corrections"], 9);
}

#[test]
fn afghanistan_and_pakistan_are_in_the_recorded_states() {
    holds("afghanistan-pakistan-2025", &["afghanistan-pakistan-2025"], 20);
}

#[test]
fn the_united_states_and_the_taliban_are_in_the_recorded_states() {
    holds("us-taliban-2018-2020", &["us-taliban-2018-2020"], 20);
}

#[test]
fn colombia_and_the_farc_are_in_the_recorded_states() {
    holds("colombia-farc-2012-2016", &["colombia-farc-2012-2016"], 20);
}

#[test]
fn the_strike_of_the_writers_is_in_the_recorded_states() {
    holds("wga-strike-2023", &["wga-strike-2023"], 15);
}

#[track_caller]
fn holds(name: &str, logs: &[&str], at_least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/states/{name}.txt"));
    let recorded = Page::read(&fs::read_to_string(&path).expect("the page is in the repository"));
    assert!(recorded.count() >= at_least, "only {} states of {name} are recorded", recorded.count());
    let mut found = recorded.answered(|question| words::answer(question, logs));
    let lost = found.take_reasons(&recorded);
    assert!(
        lost.is_empty(),
        "{name}: the line of a reason is gone; read it, and move or delete it\n\n{}",
        lost.join("\n\n")
    );
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, found.text()).expect("the page can be written");
    }
    let differences = recorded.differences(&found);
    assert!(differences.is_empty(), "{name}: to record anew: UPDATE=1 cargo test\n\n{}", differences.join("\n\n"));
}
