//! The harness itself is tried: a store that is broken on purpose must be found out. `cargo test --features sabotage --test it sabotage`.

use super::crash::replay;
use super::many::{Crowd, appending};
use super::scenario::Scenario;

const STATES: usize = 600;

#[track_caller]
fn is_found(way: &'static str, words: &str, found: Result<usize, String>) {
    match found {
        Ok(_) => panic!("a store with \"{way}\" passes"),
        Err(what) => {
            assert!(what.contains(words), "\"{way}\" is found for another reason: {what}");
            eprintln!("\"{way}\" is found: {what}\n");
        }
    }
}

#[track_caller]
fn loses(way: &'static str, scenario: Scenario) {
    is_found(way, "Durable", replay(&Scenario { sabotage: Some(way), ..scenario }, STATES));
}

#[test]
fn a_write_ahead_log_that_is_not_synced_is_found() {
    loses("normal", Scenario::append_beside_a_reader());
}

#[test]
fn a_rollback_journal_whose_end_is_not_synced_is_found() {
    loses("delete", Scenario::append());
}

#[test]
fn a_receipt_that_comes_before_the_commit_is_found() {
    loses("ack-first", Scenario::append());
}

#[test]
fn a_transaction_that_takes_its_lock_late_is_found() {
    let crowd = Crowd { writers: 8, appends: 20, expects: false };
    let scenario = Scenario { sabotage: Some("deferred"), ..Scenario::append() };
    is_found("deferred", "without having waited", appending(&scenario, crowd).map(|()| 0));
}

#[test]
fn a_store_that_is_not_broken_passes_in_the_same_build() {
    for scenario in [Scenario::append(), Scenario::append_beside_a_reader()] {
        replay(&Scenario { sabotage: Some("nothing"), ..scenario }, STATES).expect("nothing is lost");
    }
}
