//! A real log goes into a store whole and unforced, and the store answers as the file does.
//!
//! Nothing here asks what was known by some day: a file says nothing of when it was recorded, and a store does.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::{events, talks};
use crate::folder::fresh;

const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify.py");

#[test]
fn a_store_keeps_afghanistan_and_pakistan_as_the_file_has_them() {
    is_kept("afghanistan-pakistan-2025", ["2025-10-17T18:00+05:00", "2025-10-30", "2025-11-12"]);
}

#[test]
fn a_store_keeps_the_united_states_and_the_taliban_as_the_file_has_them() {
    is_kept("us-taliban-2018-2020", ["2018-06-16", "2019-09-08", "2020-12-31"]);
}

#[test]
fn a_store_keeps_colombia_and_the_farc_as_the_file_has_them() {
    is_kept("colombia-farc-2012-2016", ["2014-11-20", "2016-10-02", "2016-12-01"]);
}

#[test]
fn a_store_keeps_the_strike_of_the_writers_as_the_file_has_it() {
    is_kept("wga-strike-2023", ["2023-05-02T00:00-07:00", "2023-08-12", "2023-10-09"]);
}

#[track_caller]
fn is_kept(log: &str, days: [&str; 3]) {
    let (file, folder) = (events(log), fresh(&format!("histories/{log}")));
    let [store, export] = ["talks.db", "export.jsonl"].map(|name| folder.join(name).display().to_string());
    let lines = fs::read_to_string(&file).expect("the log reads").lines().count();

    let read = asked(&["status", "--log", &file]);
    assert_eq!((&read["complete"], &read["data"]["anomalies"]), (&json!(true), &json!([])), "{log}");

    told(&["init", &store]);
    told(&["import", &file, "-n", log, "--store", &store]);
    let verified = asked(&["verify", "--store", &store])["logs"][0].take();
    assert_eq!(verified["version"], lines, "{log}");

    told(&["export", "-q", "-o", &export, "--store", &store]);
    let root = verified["root"].as_str().expect("a root");
    let output = Command::new("python3").args([VERIFIER, &export, "--root", root]).output().expect("python3 runs");
    assert!(output.status.success(), "{log}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).trim_end().ends_with(&format!("{lines} {root}")), "{log}");

    for day in days {
        let status = |place, name| unnamed(asked(&["status", "--as-of", day, place, name])["data"].take());
        let (kept, read) = (status("--store", &store), status("--log", &file));
        for (part, said) in read.as_object().expect("an answer has parts") {
            assert_eq!(&kept[part], said, "{part} of {log} on {day}");
        }
    }
}

/// An answer without the ids of what it names: only a store gives them. A number is an id of somebody else's and stays.
fn unnamed(answer: Value) -> Value {
    match answer {
        Value::Array(items) => items.into_iter().map(unnamed).collect(),
        Value::Object(fields) => {
            let stays = |(key, value): &(String, Value)| key != "id" || value.is_number();
            fields.into_iter().filter(stays).map(|(key, value)| (key, unnamed(value))).collect()
        }
        plain => plain,
    }
}

#[track_caller]
fn told(args: &[&str]) -> String {
    talks(args).unwrap_or_else(|why| panic!("{args:?}: {why}"))
}

#[track_caller]
fn asked(args: &[&str]) -> Value {
    serde_json::from_str(&told(&[args, &["--json"]].concat())).expect("an answer is JSON")
}
