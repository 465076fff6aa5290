//! Many programs append at once; one program appends twice; someone appends to what is no longer there.

use std::collections::BTreeSet;
use std::thread;

use serde_json::Value;

use super::{A_DEMAND, Place, said};

const WRITERS: usize = 8;

/// One append, repeated as long as others keep the store busy; its receipt.
#[track_caller]
fn append(place: &Place, text: &str) -> Value {
    loop {
        let output = place.talks(&[&A_DEMAND[..], &[&format!("text={text}"), "--json"]].concat());
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).expect("JSON");
        }
        assert!(said(&output).contains("urn:talks:error:busy"), "{}", said(&output));
    }
}

#[track_caller]
fn nothing_is_lost(name: &str, appends: usize) {
    let place = Place::with_talks(name, 1);
    let write = |writer: usize| (0..appends).map(|at| append(&place, &format!("{writer}-{at}"))).collect::<Vec<_>>();
    let receipts: Vec<Value> = thread::scope(|scope| {
        let write = &write;
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect()
    });
    let log = place.exported();
    assert_eq!(log.len(), 1 + WRITERS * appends);
    for (record, version) in log.iter().zip(1..) {
        assert_eq!(record["version"], version);
    }
    let handles: BTreeSet<&str> = log.iter().filter_map(|record| record["defines"].as_str()).collect();
    assert_eq!(handles.len(), WRITERS * appends);
    for receipt in receipts {
        let record = &log[receipt["version"].as_u64().expect("a version") as usize - 1];
        let event = &receipt["events"][0];
        assert_eq!(event["event"], format!("e{}", receipt["version"]));
        assert_eq!((&event["id"], &event["handle"]), (&record["id"], &record["defines"]), "{receipt}");
        assert_eq!((&event["root"], &receipt["root"]), (&record["root"], &record["root"]), "{receipt}");
    }
    assert_eq!(place.stands().0, log.len() as u64);
}

#[test]
fn eight_programs_that_append_at_once_lose_nothing() {
    nothing_is_lost("writers", 25);
}

#[test]
#[ignore = "takes minutes; the log below the program is tried at this length by every run"]
fn eight_programs_that_append_two_hundred_times_each_lose_nothing() {
    nothing_is_lost("many-writers", 200);
}

const ID: &str = "11111111-2222-4333-8444-555555555555";

#[test]
fn the_same_append_again_changes_nothing() {
    let place = Place::with_talks("again", 1);
    let add = |more: &[&str]| place.json(&[&A_DEMAND[..], &["text=peace", "--id", ID], more].concat());
    let first = add(&[]);
    assert_eq!((&first["events"][0]["id"], &first["version"]), (&ID.into(), &2.into()));
    let before = place.export();
    for more in [&[][..], &["--expect-version", "e1"], &["--expect-version", "e2"], &["--recorder", "ann"]] {
        let again = add(more);
        assert_eq!(again["events"], Value::Array(Vec::new()), "{more:?}");
        assert_eq!(again["already"][0]["event"], "e2", "{more:?}");
        assert_eq!((&again["version"], &again["root"]), (&first["version"], &first["root"]), "{more:?}");
    }
    let other = place.fails(1, &[&A_DEMAND[..], &["text=war", "--id", ID]].concat());
    assert!(other.contains(ID) && other.contains("e2"), "{other}");
    assert_eq!(place.export(), before);
}

#[test]
fn what_expects_another_version_stores_nothing() {
    let place = Place::with_talks("expect", 3);
    let before = place.export();
    for stale in ["0", "e1", "e2", "2", "e4", "e999999"] {
        let add = [&A_DEMAND[..], &["text=peace", "--expect-version", stale]].concat();
        let told = place.fails(4, &add);
        assert!(told.contains("e3"), "{told}");
    }
    assert_eq!(place.export(), before);
    place.done(&[&A_DEMAND[..], &["text=peace", "--expect-version", "e3"]].concat());
    assert_eq!(place.stands().0, 4);
}
