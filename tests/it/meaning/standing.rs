//! Who stands behind each fact.

use serde_json::{Value, json};
use talks::domain::ledger::Standing;

use crate::given::{Draft, Given, given, on, record, source};

/// `e5`, after three sources: Dawn, Geo and the wire of Reuters.
fn clash() -> Value {
    on("2025-10-11", "incident.reported", json!({ "category": "clash" }))
}

#[track_caller]
fn sourced<const N: usize>(drafts: [Value; N]) -> Given {
    let sources =
        [source("S1", "Dawn", "2025-10-12"), source("S2", "Geo", "2025-10-12"), source("S3", "Reuters", "2025-10-12")];
    given(sources).then(drafts)
}

fn relayed(mut draft: Value, source: &str, relays: &str) -> Value {
    draft = draft.cited(source);
    let last = draft["sources"].as_array().map_or(0, Vec::len) - 1;
    draft["sources"][last]["relays"] = json!(relays);
    draft
}

fn confirmed(by: Value) -> Value {
    on("2025-10-15", "claim.confirmed", json!({ "of": "e5", "by": by }))
}

#[test]
fn a_fact_without_a_citation_is_unsupported() {
    sourced([clash()]).on("2025-10-31").standing("e5", Standing::Unsupported);
}

#[test]
fn a_fact_with_one_source_says_so_however_often_it_is_cited() {
    sourced([clash().cited("S1").cited("S1")]).on("2025-10-31").standing("e5", Standing::SingleSource);
}

#[test]
fn two_publishers_of_their_own_corroborate() {
    sourced([clash().cited("S1").cited("S2")]).on("2025-10-31").standing("e5", Standing::Corroborated);
}

#[test]
fn two_sources_of_one_publisher_do_not_corroborate() {
    let log = given([
        source("S1", "Dawn", "2025-10-12"),
        source("S2", "Dawn", "2025-10-13"),
        source("S3", "Geo", "2025-10-13"),
        clash().cited("S1").cited("S2"),
    ]);
    log.on("2025-10-31").standing("e5", Standing::SingleSource);
}

#[test]
fn an_outlet_does_not_corroborate_what_it_relays() {
    for relays in ["Reuters", "S3"] {
        let log = sourced([relayed(clash(), "S1", relays).cited("S3")]);
        log.on("2025-10-31").standing("e5", Standing::SingleSource);
    }
}

#[test]
fn two_outlets_that_relay_one_wire_do_not_corroborate() {
    for (one, other) in [("AFP", "AFP"), ("Reuters", "S3"), ("S3", "S3")] {
        let log = sourced([relayed(relayed(clash(), "S1", one), "S2", other)]);
        log.on("2025-10-31").standing("e5", Standing::SingleSource);
    }
    let log = sourced([relayed(relayed(clash(), "S1", "AFP"), "S2", "Reuters")]);
    log.on("2025-10-31").standing("e5", Standing::Corroborated);
}

#[test]
fn sources_whose_publishers_are_not_known_count_as_different() {
    let unknown = |handle: &str| record("source.registered", json!({ "source": handle }));
    let log = given([unknown("S1"), unknown("S2"), unknown("S3"), clash().cited("S1").cited("S2")]);
    log.on("2025-10-31").standing("e5", Standing::Corroborated);
}

#[test]
fn a_further_account_that_confirms_corroborates_and_no_other_does() {
    let account = |stance: &str| record("account.added", json!({ "of": "e5", "stance": stance })).cited("S2");
    let log = sourced([clash().cited("S1")]);
    log.then([account("confirms")]).on("2025-10-31").standing("e5", Standing::Corroborated);
    for stance in ["denies", "qualifies", "silent"] {
        log.then([account(stance)]).on("2025-10-31").standing("e5", Standing::SingleSource);
    }
}

#[test]
fn a_party_that_did_not_assert_it_confirms_a_fact() {
    let log = sourced([clash().cited("S1").context("according_to", json!("north"))]);
    log.then([confirmed(json!("south"))]).on("2025-10-31").standing("e5", Standing::Confirmed);
    log.then([confirmed(json!("north"))]).on("2025-10-31").standing("e5", Standing::SingleSource);
    let anonymous = confirmed(json!({ "party": "south", "voice": "anonymous" }));
    log.then([anonymous]).on("2025-10-31").standing("e5", Standing::SingleSource);
}

#[test]
fn a_denial_outweighs_every_support() {
    let denied = on("2025-10-16", "claim.denied", json!({ "of": "e5", "by": "north" }));
    let log = sourced([clash().cited("S1").cited("S2"), confirmed(json!("south")), denied]);
    log.on("2025-10-15").standing("e5", Standing::Confirmed);
    log.on("2025-10-16").standing("e5", Standing::Disputed);
}

#[test]
fn a_fact_whose_sources_were_kept_back_is_withheld() {
    let stamp = "2025-11-01T09:00:00Z";
    let log = sourced([clash().cited("S1").recorded(stamp).withheld(&["sources"])]);
    log.on("2025-10-31").standing("e5", Standing::Withheld);
    let account = record("account.added", json!({ "of": "e5", "stance": "confirms" })).cited("S2");
    log.then([account]).on("2025-10-31").standing("e5", Standing::SingleSource);
}

#[test]
fn the_standing_of_a_fact_is_as_known_by_the_day_asked_about() {
    let account = record("account.added", json!({ "of": "e5", "stance": "confirms" })).reported("S2", "2025-10-20");
    let log = sourced([clash().cited("S1"), account]);
    log.known_by("2025-10-19", "2025-10-31").standing("e5", Standing::SingleSource);
    log.known_by("2025-10-20", "2025-10-31").standing("e5", Standing::Corroborated);
}
