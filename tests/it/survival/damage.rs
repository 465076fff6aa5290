//! A store that was cut short, edited, or copied without its write-ahead log.

use std::fs;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use rusqlite::Connection;
use serde_json::Value;

use super::{A_DEMAND, Place, said};

const PAGE: usize = 4096;
const FLIPS: usize = 200;

/// What a damaged copy of a store says of itself.
struct Damaged {
    exit: Option<i32>,
    said: String,
}

#[track_caller]
fn verify(place: &Place, bytes: &[u8]) -> Damaged {
    for beside in ["bad.db-wal", "bad.db-shm"] {
        let _ = fs::remove_file(place.path(beside));
    }
    place.write("bad.db", bytes);
    let output = place.talks(&["verify", "--store", "bad.db"]);
    Damaged { exit: output.status.code(), said: said(&output) }
}

/// What a log says: to be read, and to be proven.
#[track_caller]
fn account(place: &Place, store: &str) -> Option<(String, Value)> {
    let status = ["status", "--as-of", "2026-01-01", "--store", store, "--json", "-q"];
    let [export, status] = [&["export", "-q", "--store", store][..], &status].map(|args| place.talks(args));
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let both = export.status.success() && status.status.success();
    both.then(|| Some((String::from_utf8(export.stdout).ok()?, read(&status.stdout)?["data"].take())))?
}

#[test]
fn a_store_that_was_cut_short_is_found_out() {
    let place = Place::with_talks("cut", 30);
    let whole = place.read("talks.db");
    assert!(whole.len() > 4 * PAGE && whole.len().is_multiple_of(PAGE), "{} bytes", whole.len());
    // What is missing of a page reads as zeros, so a cut within the last page changes nothing before a byte that is none.
    let last = whole.iter().rposition(|byte| *byte != 0).expect("a byte");
    for length in (0..whole.len()).step_by(PAGE).chain([1, 100, PAGE + 1, last]) {
        let damaged = verify(&place, &whole[..length]);
        assert!(matches!(damaged.exit, Some(1 | 3)), "cut to {length} bytes: {}", damaged.said);
        place.talks(&["status", "--store", "bad.db"]);
        place.talks(&[&A_DEMAND[..], &["text=more", "--store", "bad.db"]].concat());
    }
}

#[test]
fn a_changed_byte_that_changes_what_the_log_says_is_found_out() {
    let place = Place::with_talks("flips", 12);
    let whole = place.read("talks.db");
    place.write("bad.db", &whole);
    let account_before = account(&place, "bad.db").expect("the whole store is read");
    let mut dice = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    for _ in 0..FLIPS {
        let (at, bit) = (dice.next_u64() as usize % whole.len(), dice.next_u32() % 8);
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        let damaged = verify(&place, &bytes);
        assert!(matches!(damaged.exit, Some(0 | 1 | 3)), "byte {at}, bit {bit}: {}", damaged.said);
        let account = account(&place, "bad.db");
        if damaged.exit == Some(0) {
            assert_eq!(account.as_ref(), Some(&account_before), "byte {at}, bit {bit} is not found");
        }
    }
}

#[test]
fn the_first_version_that_was_edited_is_named() {
    let place = Place::with_talks("edited", 12);
    let whole = place.read("talks.db");
    for (version, from, to) in [(3, "said 3", "paid 3"), (9, "said 9", "said 6"), (12, "said 12", "said 21")] {
        let mut bytes = whole.clone();
        let places = (0..whole.len()).filter(|at| whole[*at..].starts_with(from.as_bytes()));
        places.for_each(|at| bytes[at..at + to.len()].copy_from_slice(to.as_bytes()));
        let damaged = verify(&place, &bytes);
        assert_eq!(damaged.exit, Some(3), "{}", damaged.said);
        assert!(damaged.said.contains(&format!("e{version} does not hold")), "{}", damaged.said);
    }
}

#[test]
fn a_store_copied_without_its_write_ahead_log_lacks_the_noted_root() {
    let place = Place::with_talks("copied", 3);
    let reader = Connection::open(place.path("talks.db")).expect("an SQLite file");
    // A reader of an older state keeps what is written after it out of the file itself.
    reader.execute_batch("BEGIN; SELECT count(*) FROM events").expect("a read transaction");
    let noted = place.json(&[&A_DEMAND[..], &["text=peace"]].concat())["root"].as_str().expect("a root").to_string();
    fs::copy(place.path("talks.db"), place.path("copy.db")).expect("a copy");
    let told = place.fails(3, &["verify", "--store", "copy.db", "--root", &noted]);
    assert!(told.contains("-wal"), "{told}");
    place.done(&["verify", "--root", &noted]);
    drop(reader);
    place.done(&["verify", "--root", &noted]);
}
