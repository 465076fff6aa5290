//! A program that is killed while it imports has stored everything or nothing.

use std::fs;
use std::thread;
use std::time::Duration;

use super::{Place, lines, opening, statement};

/// Waits until the write-ahead log has so many bytes, or the program is done.
fn until_written(place: &Place, bytes: u64, child: &mut std::process::Child) {
    let written = || fs::metadata(place.path("talks.db-wal")).map(|file| file.len() + 1).unwrap_or_default();
    while written() < bytes && child.try_wait().expect("a child").is_none() {
        thread::sleep(Duration::from_millis(1));
    }
}

#[track_caller]
fn all_or_nothing(name: &str, count: usize, length: usize) {
    let place = Place::new(name);
    let words = "x".repeat(length);
    let drafts = std::iter::once(opening()).chain((2..=count).map(|at| statement(&format!("said {at} {words}"))));
    place.write("many.jsonl", lines(drafts));
    place.done(&["init", "talks.db"]);
    let whole = (count * length) as u64;
    let mut cut_off = 0;
    // From the moment when the store is open to just before all is written.
    for bytes in [1, whole / 4, whole / 2, whole] {
        let mut child = place.start(&["import", "many.jsonl"]);
        until_written(&place, bytes, &mut child);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let verified = place.json(&["verify"]);
        assert_eq!(verified["damage"], serde_json::json!([]));
        if verified["logs"].as_array().is_some_and(Vec::is_empty) {
            cut_off += 1;
        } else {
            assert_eq!(verified["logs"][0]["version"], count, "part of the import was stored");
        }
    }
    assert!(cut_off > 0, "no kill came in time to be of use");
    place.done(&["import", "many.jsonl"]);
    let stands = place.stands();
    assert_eq!(stands.0, count as u64);
    place.done(&["import", "many.jsonl"]);
    assert_eq!(place.stands(), stands, "the same import again adds nothing");
}

#[test]
fn an_import_that_is_killed_has_stored_all_or_nothing() {
    all_or_nothing("killed", 600, 5_000);
}

#[test]
#[ignore = "takes minutes"]
fn an_import_of_fifty_thousand_that_is_killed_has_stored_all_or_nothing() {
    all_or_nothing("killed-long", 50_000, 500);
}
