//! A file that is no longer what was written: a bit is another, pages are zeroed or change places, a file beside the store is missing, is an
//! older one or that of another store. The judge finds it, or the log says what it said before.

use rusqlite::Connection;
use talks::app::{Ledger, Store, Verified};

use super::disk::{Files, files_of};
use super::judge::{Known, judge};
use super::scenario::{STORE, Scenario, ids, put, told};
use super::{Dice, Found, none, scale};
use crate::survival::{Place, said};

const PAGE: usize = 4096;
const WAL: &str = "talks.db-wal";

/// A store that was written to while someone read it, so that much of it is in its write-ahead log.
struct Whole {
    place: Place,
    files: Files,
    receipts: Vec<u8>,
    said: Vec<String>,
}

impl Whole {
    fn new(test: &str) -> Whole {
        let scenario = Scenario::append_beside_a_reader();
        let (place, _) = scenario.begin(test);
        let reader = scenario.reader(&place);
        let mut receipts = Vec::new();
        for args in &scenario.commands {
            receipts.extend(told(&scenario.run(&place, args).stdout));
        }
        let files = files_of(&place.folder, STORE);
        assert!(files[WAL].len() > 4 * PAGE, "nothing is in the write-ahead log");
        drop(reader);
        let said = exported(&place).expect("the whole store is read");
        Whole { place, files, receipts, said }
    }

    /// That a damaged store is found out, or says what it said. Whether it was found.
    fn is_found(&self, files: &Files) -> Result<bool, String> {
        put(&self.place, files);
        let known = Known { receipts: &self.receipts, sent: &self.ids(), versions: &[self.said.len() as u64] };
        let found = judge(&self.place.path(STORE), &known).is_err();
        let said = exported(&self.place);
        match (found, said) {
            (false, Some(said)) if said == self.said => Ok(false),
            (true, _) => Ok(true),
            (false, said) => Err(format!("it is not found, and the log says {said:?}")),
        }
    }

    fn ids(&self) -> Vec<uuid::Uuid> {
        let id = |line: &String| serde_json::from_str::<serde_json::Value>(line).ok()?["id"].as_str()?.parse().ok();
        self.said.iter().filter_map(id).collect()
    }
}

/// What the log says, line by line.
fn exported(place: &Place) -> Option<Vec<String>> {
    let store = Store::open(&place.path(STORE)).ok()?;
    let mut lines = Vec::new();
    let mut keep = |line: &str| {
        lines.push(line.to_string());
        Ok(())
    };
    store.export("talks", &[], &mut keep).ok()?;
    Some(lines)
}

#[test]
fn a_bit_that_changes_what_is_said_is_found() {
    let whole = Whole::new("damage-bits");
    let mut dice = Dice::of("bits");
    let mut found = 0;
    for _ in 0..300 * scale() {
        let mut files = whole.files.clone();
        let name = *dice.pick(&[STORE, WAL]);
        let bytes = files.get_mut(name).expect("a file");
        let (at, bit) = (dice.below(bytes.len()), dice.below(8));
        bytes[at] ^= 1 << bit;
        let is_found = whole.is_found(&files);
        found += usize::from(*is_found.as_ref().unwrap_or(&false));
        none(is_found.map(drop).map_err(|what| format!("{name}, byte {at}, bit {bit}: {what}")));
    }
    assert!(found > 50, "only {found} of the bits mattered");
}

#[test]
fn pages_that_are_gone_or_change_places_are_found() {
    let whole = Whole::new("damage-pages");
    let mut dice = Dice::of("pages");
    // All in one file: what lies in the write-ahead log would hide what is done to a page.
    put(&whole.place, &whole.files);
    let store = Connection::open(whole.place.path(STORE)).expect("an SQLite file");
    store.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).expect("a checkpoint");
    drop(store);
    let files = files_of(&whole.place.folder, STORE);
    let pages = files[STORE].len() / PAGE;
    for round in 0..60 * scale() {
        let mut files = files.clone();
        let bytes = files.get_mut(STORE).expect("a file");
        let (one, other) = (dice.below(pages), dice.below(pages));
        match round % 3 {
            0 => bytes[one * PAGE..(one + 1) * PAGE].fill(0),
            1 => (0..PAGE).for_each(|at| bytes.swap(one * PAGE + at, other * PAGE + at)),
            _ => bytes.truncate(one * PAGE + dice.below(2) * dice.below(PAGE)),
        }
        none(
            whole.is_found(&files).map(drop).map_err(|what| format!("round {round}, pages {one} and {other}: {what}")),
        );
    }
}

#[track_caller]
fn checked(place: &Place, receipts: &[u8]) -> Verified {
    let ledger = Ledger::read(receipts, "receipts").expect("receipts");
    Store::open(&place.path(STORE)).expect("a store").check(None, &ledger).expect("it is read")
}

#[test]
fn every_older_copy_is_found_against_the_receipts_and_the_first_lost_version_named() {
    let scenario = Scenario::append();
    let (place, before) = scenario.begin("damage-older");
    let (mut copies, mut receipts) = (vec![before], Vec::new());
    for args in &scenario.commands {
        receipts.extend(told(&scenario.run(&place, args).stdout));
        copies.push(files_of(&place.folder, STORE));
    }
    let last = copies.len() - 1;
    for (at, copy) in copies.iter().enumerate() {
        put(&place, copy);
        let verified = checked(&place, &receipts);
        let first = verified.breaches.first().map(|breach| breach.version);
        assert_eq!(first, (at < last).then_some(at as u64 + 5), "copy {at}: {:?}", verified.breaches);
        assert_eq!(verified.holds(), at == last);
    }
    place.write("receipts.json", &receipts);
    put(&place, &copies[2]);
    let told = place.talks(&["verify", "--receipts", "receipts.json"]);
    assert_eq!(told.status.code(), Some(3));
    assert!(said(&told).contains("e7 of talks"), "{}", said(&told));
}

#[test]
fn a_store_without_its_write_ahead_log_or_with_that_of_another_is_found() {
    let (whole, other) = (Whole::new("damage-wal"), Whole::new("damage-other-wal"));
    let mut files = whole.files.clone();
    files.remove(WAL);
    assert_eq!(whole.is_found(&files), Ok(true), "the write-ahead log is missing");
    files.insert(WAL.into(), other.files[WAL].clone());
    assert_eq!(whole.is_found(&files), Ok(true), "the write-ahead log is that of another store");
    files.insert(WAL.into(), whole.files[WAL][..whole.files[WAL].len() - PAGE].to_vec());
    assert_eq!(whole.is_found(&files), Ok(true), "the write-ahead log was cut");
    assert_eq!(whole.is_found(&whole.files), Ok(false));
}

#[test]
fn a_change_that_was_broken_off_by_another_program_is_not_read_as_done() -> Result<(), rusqlite::Error> {
    let (place, _) = Scenario::append().begin("damage-journal");
    let said_before = exported(&place);
    let known = ids(&place);
    let store = Connection::open(place.path(STORE))?;
    store.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE logs SET version = 9",
    )?;
    store.execute_batch(
        "CREATE TABLE cache_more AS SELECT randomblob(900) AS x FROM events, events AS e, events AS f",
    )?;
    let files = files_of(&place.folder, STORE);
    drop(store);
    assert!(files["talks.db-journal"].len() > PAGE);
    put(&place, &files);
    let told = place.talks(&["status"]);
    assert_eq!(told.status.code(), Some(1), "{}", said(&told));
    assert!(said(&told).contains("any writing command puts it in order"), "{}", said(&told));
    // It is put in order by who opens it to write.
    drop(Store::open_to_write(&place.path(STORE)).expect("a store"));
    let all = Known { receipts: &[], sent: &known, versions: &[4] };
    assert_eq!(judge(&place.path(STORE), &all), Ok(4));
    assert_eq!(exported(&place), said_before);
    Ok(())
}

/// Damage is a finding and never a panic, for whoever reads too.
#[test]
fn no_command_panics_on_a_damaged_store() -> Found {
    let whole = Whole::new("damage-panics");
    let mut dice = Dice::of("panics");
    for _ in 0..12 * scale() {
        let mut files = whole.files.clone();
        let bytes = files.get_mut(STORE).expect("a file");
        for _ in 0..8 {
            let (at, bit) = (dice.below(bytes.len()), dice.below(8));
            bytes[at] ^= 1 << bit;
        }
        for args in [&["status"][..], &["timeline"], &["check"], &["verify"], &["query", "SELECT count(*) FROM log"]] {
            put(&whole.place, &files);
            let output = whole.place.talks(args);
            if output.status.code().is_none() || said(&output).contains("panicked") {
                return Err(format!("{args:?}: {}", said(&output)));
            }
        }
    }
    Ok(())
}
