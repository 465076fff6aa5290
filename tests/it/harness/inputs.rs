//! The catalogue of bad input: what is sent, what the program says to it, and that the store is as it was. The outcome of each case is kept in
//! `goldens/inputs.txt`, one a line: its name, the exit code, and the names of the errors. `UPDATE=1 cargo test` writes it anew; read the
//! difference.

mod drafts;
mod stores;
mod typed;

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use serde_json::Value;

use super::disk::{Files, files_of};
use super::scenario::{STORE, put};
use crate::survival::{PANIC, Place, TALKS, lines, opening, said, statement};

const GOLDEN: &str = "tests/it/goldens/inputs.txt";
const CASES_AT_LEAST: usize = 400;

/// A case: its name, and what is done.
struct Case {
    name: String,
    deed: Deed,
}

enum Deed {
    /// The bytes of a file that is imported.
    Import(Vec<u8>),
    /// A command, typed.
    Type(Vec<String>),
    /// A store that is made so, and is then written to.
    Meet(fn(&Place)),
}

fn import(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Case {
    Case { name: name.into(), deed: Deed::Import(bytes.into()) }
}

/// The names of the errors that were told, with what was wrong with single lines.
fn errors(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    // What is doubtful is told before it.
    let told = told.find("{\n").map_or("", |at| &told[at..]);
    let mut names = BTreeSet::new();
    for value in serde_json::Deserializer::from_str(told).into_iter::<Value>().map_while(Result::ok) {
        names.extend(value["type"].as_str().map(|name| name.trim_start_matches("urn:talks:error:").to_string()));
        let problems = value["problems"].as_array().into_iter().flatten();
        names.extend(problems.filter_map(|problem| problem["id"].as_str().map(|id| format!("{id}."))));
    }
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// What becomes of a case, and what must not be; the store is then as it was.
fn outcome(place: &Place, whole: &Files, case: &Case) -> (String, Option<String>) {
    let output = match &case.deed {
        Deed::Import(bytes) => {
            place.write("case.jsonl", bytes);
            place.command(TALKS).args(["import", "case.jsonl", "-n", "talks", "--json"]).output()
        }
        Deed::Type(args) => place.command(TALKS).args(args).arg("--json").output(),
        Deed::Meet(make) => {
            make(place);
            let add = ["add", "note.added", "text=x", "--json"];
            place.command(TALKS).args(add).output()
        }
    };
    let output = output.expect("the program runs");
    let code = output.status.code().unwrap_or(-1);
    let told = said(&output);
    let shown = told.replace('\n', "");
    let mut wrong = None;
    if code == PANIC || code < 0 || told.contains("panicked") {
        wrong = Some(format!("ended with {code}: {told}"));
    } else if shown != talks::view::clean(&shown) {
        wrong = Some(format!("something that steers is printed: {shown:?}"));
    }
    if code != 0 && !matches!(case.deed, Deed::Meet(_)) {
        let mut left = files_of(&place.folder, STORE);
        // Whoever reads leaves an empty one.
        left.retain(|name, bytes| !(name.ends_with("-wal") && bytes.is_empty()));
        if left != *whole {
            wrong = Some(format!("refused, and the store is another: {:?}", left.keys()));
        }
    }
    restore(place, whole);
    let errors = errors(&output);
    (
        format!("{}: {}\n", case.name, format!("{code} {errors}").trim_end()),
        wrong.map(|wrong| format!("{}: {wrong}", case.name)),
    )
}

/// Puts the store back, whatever stands in its place.
fn restore(place: &Place, whole: &Files) {
    let file = place.path(STORE);
    let _ = fs::remove_dir_all(&file);
    put(place, whole);
}

fn cases() -> Vec<Case> {
    [drafts::cases(), typed::cases(), stores::cases()].into_iter().flatten().collect()
}

/// A store with three events, and its bytes.
fn store(number: usize) -> (Place, Files) {
    let place = Place::new(&format!("inputs-{number}"));
    place.done(&["init", STORE]);
    place.import([opening(), statement("one")]);
    place.done(&["add", "demand.raised", "by=north", "of=south", "text=two", "--when", "2025-10-19"]);
    let whole = files_of(&place.folder, STORE);
    (place, whole)
}

/// The outcomes of all cases, in their order. Most of the time is spent waiting for the disk, so some are tried at a time.
fn outcomes(cases: &[Case]) -> Vec<(String, Option<String>)> {
    const AT_A_TIME: usize = 4;
    let try_them = |number: usize| {
        let (place, whole) = store(number);
        let own = cases.iter().skip(number).step_by(AT_A_TIME);
        own.map(|case| outcome(&place, &whole, case)).collect::<Vec<_>>()
    };
    let mut tried: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..AT_A_TIME).map(|number| scope.spawn(move || try_them(number))).collect();
        running.into_iter().map(|tried| tried.join().expect("the cases are tried").into_iter()).collect()
    });
    (0..cases.len()).filter_map(|at| tried[at % AT_A_TIME].next()).collect()
}

#[test]
fn whatever_is_sent_is_answered_as_it_was_and_what_is_refused_changes_nothing() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| &*case.name).collect();
    assert_eq!(names.len(), cases.len(), "a name stands twice");
    let refused = |lines: &str| lines.lines().filter(|line| !line.ends_with(": 0")).count();
    let (found, wrong): (String, Vec<Option<String>>) = outcomes(&cases).into_iter().unzip();
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused(&found) >= CASES_AT_LEAST, "only {} cases are refused", refused(&found));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(GOLDEN, &found).expect("the golden can be written");
    }
    let golden = fs::read_to_string(GOLDEN).expect("the golden is read");
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden);
    }
    assert_eq!(found.lines().count(), golden.lines().count(), "cases came or went; UPDATE=1 cargo test");
}

/// A file of drafts from one value.
fn line(draft: &Value) -> String {
    lines([draft.clone()])
}
