//! The same log by one party's account, or by what is corroborated.

use serde_json::{Value, json};
use talks::domain::ceasefire::Observed;
use talks::domain::reading::Reading;

use crate::given::{Draft, Given, given, on, party, record, source};

fn account_of(slug: &str) -> Reading {
    Reading::AccountsOf(party(slug))
}

fn claim(by: &str) -> Value {
    on("2025-10-20", "claim.made", json!({ "by": by, "text": "They attacked first." }))
}

fn demand() -> Value {
    on("2025-10-20", "demand.raised", json!({ "by": "north", "of": "south", "text": "Withdraw." }))
}

fn left_out(log: &Given, reading: &Reading) -> Vec<String> {
    log.read(reading, "2025-10-31").1
}

#[test]
fn everybodys_account_leaves_nothing_out() {
    assert!(left_out(&given([claim("north"), claim("south")]), &Reading::Everyone).is_empty());
}

#[test]
fn by_one_partys_account_what_others_alone_assert_falls_out() {
    let log = given([claim("north"), claim("south"), demand()]);
    let (told, out) = log.read(&account_of("north"), "2025-10-31");
    assert_eq!(out, ["e3"]);
    told.exists("Q1", true).exists("Q2", false).exists("D1", true);
}

#[test]
fn what_a_party_confirms_is_part_of_its_account() {
    let confirmed = on("2025-10-21", "claim.confirmed", json!({ "of": "Q1", "by": "north" }));
    assert!(left_out(&given([claim("south"), confirmed]), &account_of("north")).is_empty());
}

#[test]
fn what_a_source_lays_in_a_partys_mouth_is_that_partys_account() {
    let told = demand().context("according_to", json!("south"));
    let alleged = json!({ "of": "C1", "by": "north", "alleged_by": "south" });
    let log = given([
        told,
        on("2025-10-15", "ceasefire.agreed", json!({ "ceasefire": "C1", "parties": ["north", "south"] })),
        on("2025-10-20", "violation.alleged", alleged),
    ]);
    log.on("2025-10-31").observed("C1", Observed::Contested);
    let (told, out) = log.read(&account_of("north"), "2025-10-31");
    assert_eq!(out, ["e2", "e4"]);
    told.observed("C1", Observed::NoReports);
    assert!(left_out(&log, &account_of("south")).is_empty());
}

#[test]
fn what_refers_to_something_left_out_falls_with_it_and_is_counted() {
    let log = given([
        demand().context("according_to", json!("south")),
        on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "south", "answer": "rejected" })),
        record("account.added", json!({ "of": "D1", "stance": "confirms" })),
        on("2025-10-23", "demand.raised", json!({ "demand": "D1", "by": "north", "of": "south", "text": "Withdraw." })),
    ]);
    let (told, out) = log.read(&account_of("north"), "2025-10-31");
    assert_eq!(out, ["e2", "e3", "e4", "e5"]);
    told.exists("D1", false);
}

#[test]
fn a_rival_claim_stands_without_the_one_it_contradicts() {
    let rival = json!({ "by": "north", "text": "They fired first.", "rival_of": "Q1" });
    let log = given([claim("south"), on("2025-10-21", "claim.made", rival)]);
    let (told, out) = log.read(&account_of("north"), "2025-10-31");
    assert_eq!(out, ["e2"]);
    told.exists("Q1", false).exists("Q2", true).anomalies(&[]);
}

#[test]
fn corroborated_leaves_out_what_rests_on_one_source_alone() {
    let confirmed = on("2025-10-21", "claim.confirmed", json!({ "of": "D3", "by": "south" }));
    let log = given([
        source("S1", "Dawn", "2025-10-21"),
        source("S2", "Geo", "2025-10-21"),
        demand().cited("S1"),
        demand().cited("S1").cited("S2"),
        demand(),
        confirmed.cited("S1").cited("S2"),
    ]);
    let (told, out) = log.read(&Reading::Corroborated, "2025-10-31");
    assert_eq!(out, ["e4"]);
    told.exists("D1", false).exists("D2", true).exists("D3", true);
}

#[test]
fn corroborated_leaves_out_what_is_disputed() {
    let denied = on("2025-10-21", "claim.denied", json!({ "of": "D1", "by": "south" }));
    let log = given([
        source("S1", "Dawn", "2025-10-21"),
        source("S2", "Geo", "2025-10-21"),
        demand().cited("S1").cited("S2"),
        denied.cited("S1").cited("S2"),
    ]);
    assert_eq!(left_out(&log, &Reading::Corroborated), ["e4", "e5"]);
}

#[test]
fn no_reading_leaves_out_the_opening_or_the_sources() {
    let log = given([source("S1", "Dawn", "2025-10-21"), claim("south").cited("S1")]);
    for reading in [account_of("north"), Reading::Corroborated] {
        let (told, out) = log.read(&reading, "2025-10-31");
        assert_eq!(out, ["e3"]);
        assert!(told.state.presence.contains_key(&party("north")));
    }
}

#[test]
fn an_anonymous_member_of_a_party_counts_to_its_account() {
    let by = json!({ "party": "north", "who": "an official", "voice": "anonymous" });
    let log = given([on("2025-10-20", "claim.made", json!({ "by": by, "text": "They attacked first." }))]);
    assert!(left_out(&log, &account_of("north")).is_empty());
}
