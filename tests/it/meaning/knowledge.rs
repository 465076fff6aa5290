//! Steps 1 to 3: what was known, what is in effect, and the registry.

use serde_json::{Value, json};
use talks::domain::ceasefire::Nominal;
use talks::domain::demand::Fate;
use talks::domain::event::Answer;
use talks::domain::history::{History, Knowledge, is_complete};
use talks::domain::ledger::Standing;
use talks::domain::when::Zone;

use crate::given::{Draft, Given, event, given, given_in, on, opening, party, record, source};

fn demand(date: &str) -> Value {
    on(date, "demand.raised", json!({ "by": "north", "of": "south", "text": "Withdraw." }))
}

fn retracted(target: &str) -> Value {
    record("event.retracted", json!({ "target": target, "reason": "it did not happen" }))
}

fn corrected(target: &str, basis: &str, patch: Value) -> Value {
    record("event.corrected", json!({ "target": target, "basis": basis, "patch": patch, "reason": "as printed" }))
}

#[track_caller]
fn first_known(log: &Given, day: &str, day_before: &str) {
    log.known_by(day_before, "2025-12-31").exists("D1", false);
    log.known_by(day, "2025-12-31").exists("D1", true);
}

#[test]
fn a_fact_is_known_from_its_earliest_report() {
    let log = given([
        source("S1", "Dawn", "2025-10-26"),
        source("S2", "Geo", "2025-10-24"),
        demand("2025-10-20").cited("S1").cited("S2"),
    ]);
    first_known(&log, "2025-10-24", "2025-10-23");
}

#[test]
fn a_citation_with_its_own_date_is_not_dated_by_its_source() {
    let log = given([source("S1", "Dawn", "2025-10-26"), demand("2025-10-20").reported("S1", "2025-10-22")]);
    first_known(&log, "2025-10-22", "2025-10-21");
}

#[test]
fn a_vague_report_counts_from_its_latest_day() {
    let log = given([source("S1", "Dawn", "2025-12"), demand("2025-10-20").reported("S1", "2025-11")]);
    first_known(&log, "2025-11-30", "2025-11-29");
}

#[test]
fn a_fact_without_a_report_is_known_from_when_it_was_announced() {
    let stamped = demand("2025-10-20").recorded("2025-11-05T09:00:00Z");
    first_known(&given([stamped.context("announced", json!("2025-10-28"))]), "2025-10-28", "2025-10-27");
}

#[test]
fn a_fact_neither_reported_nor_announced_is_known_from_when_it_was_recorded() {
    first_known(&given([demand("2025-10-20").recorded("2025-11-05T09:00:00Z")]), "2025-11-05", "2025-11-04");
}

#[test]
fn a_citation_of_an_undated_source_dates_nothing() {
    let undated = record("source.registered", json!({ "source": "S1", "title": "A leaflet" }));
    let cited = demand("2025-10-20").cited("S1").recorded("2025-11-05T09:00:00Z");
    first_known(&given([undated.clone(), cited.clone()]), "2025-11-05", "2025-11-04");
    let announced = cited.context("announced", json!("2025-10-28"));
    first_known(&given([undated, announced]), "2025-10-28", "2025-10-27");
}

#[test]
fn what_nobody_dates_is_known_from_the_day_by_which_it_was() {
    first_known(&given([demand("[..2025-10-20]")]), "2025-10-20", "2025-10-19");
}

#[test]
fn a_fact_is_not_known_before_it_can_have_happened() {
    let log = given([source("S1", "Dawn", "2025-10-10"), demand("[2025-10-20..2025-10-22]").cited("S1")]);
    first_known(&log, "2025-10-20", "2025-10-19");
}

fn account(of: &str, stance: &str) -> Value {
    record("account.added", json!({ "of": of, "stance": stance })).reported("S2", "2025-10-22")
}

fn demand_known_on_the_26th() -> Given {
    given([
        source("S1", "Dawn", "2025-10-26"),
        source("S2", "Geo", "2025-10-22"),
        demand("2025-10-20").cited("S1").recorded("2025-10-27T09:00:00Z"),
    ])
}

#[test]
fn a_confirming_account_brings_the_knowledge_of_its_target_forward() {
    first_known(&demand_known_on_the_26th(), "2025-10-26", "2025-10-25");
    first_known(&demand_known_on_the_26th().then([account("e4", "confirms")]), "2025-10-22", "2025-10-21");
}

#[test]
fn an_account_that_does_not_confirm_never_brings_knowledge_forward() {
    for stance in ["denies", "qualifies", "silent"] {
        first_known(&demand_known_on_the_26th().then([account("e4", stance)]), "2025-10-26", "2025-10-25");
    }
}

#[test]
fn an_account_of_a_life_is_one_of_the_event_that_creates_it() {
    first_known(&demand_known_on_the_26th().then([account("D1", "confirms")]), "2025-10-22", "2025-10-21");
}

#[test]
fn a_retracted_account_brings_nothing_forward() {
    let log = demand_known_on_the_26th().then([account("e4", "confirms"), retracted("e5")]);
    first_known(&log, "2025-10-26", "2025-10-25");
}

#[test]
fn a_slip_of_the_recorder_is_corrected_for_every_day_of_knowledge() {
    let log = given([
        source("S1", "Dawn", "2025-10-26"),
        demand("2023-10-20").cited("S1").recorded("2025-10-27T09:00:00Z"),
        corrected("e3", "transcription", json!({ "occurred": "2025-10-25" })).recorded("2025-11-09T09:00:00Z"),
    ]);
    log.known_by("2025-10-26", "2025-10-24").exists("D1", false);
    log.known_by("2025-10-26", "2025-10-25").exists("D1", true);
}

#[test]
fn a_correction_that_rests_on_a_source_waits_for_that_source() {
    let log = given([
        source("S1", "Dawn", "2025-10-21"),
        source("S2", "Geo", "2025-11-03"),
        demand("2025-10-20").cited("S1"),
        corrected("e4", "source", json!({ "data": { "text": "Withdraw at once." } })).cited("S2"),
    ]);
    assert_eq!(log.known_by("2025-11-02", "2025-12-31").the_demand("D1").text(), "Withdraw.");
    assert_eq!(log.known_by("2025-11-03", "2025-12-31").the_demand("D1").text(), "Withdraw at once.");
}

#[test]
fn what_a_correction_moves_past_the_day_was_not_known_by_then() {
    let log = given([
        source("S1", "Dawn", "2025-10-21"),
        source("S2", "Geo", "2025-10-29"),
        demand("2025-10-20").cited("S1"),
        corrected("e4", "source", json!({ "occurred": "2025-10-30" })).cited("S2"),
    ]);
    log.known_by("2025-10-28", "2025-12-31").exists("D1", true);
    log.known_by("2025-10-29", "2025-12-31").exists("D1", false);
    log.known_by("2025-10-30", "2025-12-31").exists("D1", true);
}

#[test]
fn only_the_recording_clock_shows_the_slips_of_the_recorder() {
    let log = given([
        demand("2023-10-20").recorded("2025-10-27T09:00:00Z"),
        corrected("e2", "transcription", json!({ "occurred": "2025-10-25" })).recorded("2025-11-09T09:00:00Z"),
    ]);
    log.recorded_by("2025-11-08", "2023-10-20").exists("D1", true);
    log.recorded_by("2025-11-09", "2023-10-20").exists("D1", false);
    log.on("2023-10-20").exists("D1", false);
}

#[test]
fn the_recording_clock_asks_nothing_of_reports() {
    let log = given([
        source("S1", "Dawn", "2025-12-01"),
        demand("2025-10-20").cited("S1").recorded("2025-10-27T09:00:00Z"),
        demand("2025-10-20").recorded("2025-10-28T09:00:00Z"),
    ]);
    log.recorded_by("2025-10-27", "2025-10-20").exists("D1", true).exists("D2", false);
    log.recorded_by("e4", "2025-10-20").exists("D2", true);
}

#[test]
fn the_opening_and_the_sources_are_known_as_long_as_the_log_is() {
    let late = source("S1", "Dawn", "2025-12-01").recorded("2025-12-02T09:00:00Z");
    let log = given([late, demand("2025-10-20").reported("S1", "2025-10-21")]);
    log.known_by("2025-10-21", "2025-10-21").exists("S1", true).exists("D1", true).anomalies(&[]);
    assert_eq!(log.known_by("2020-01-01", "2025-10-21").state.ground.title, "Talks of North and South");
}

#[test]
fn what_was_retracted_counts_between_its_own_report_and_the_retraction() {
    let log = given([
        source("S1", "Dawn", "2025-10-26"),
        demand("2025-10-20").cited("S1"),
        retracted("e3").recorded("2025-11-05T09:00:00Z"),
    ]);
    log.known_by("2025-10-25", "2025-12-31").exists("D1", false);
    log.known_by("2025-10-26", "2025-12-31").exists("D1", true);
    log.known_by("2025-11-05", "2025-12-31").exists("D1", false);
}

#[test]
fn record_keeping_about_what_is_not_known_is_inert() {
    let log = given([
        source("S1", "Dawn", "2025-11-20"),
        demand("2025-10-20").cited("S1"),
        record("account.added", json!({ "of": "D1", "stance": "denies" })),
        corrected("e3", "source", json!({ "data": { "text": "Leave." } })),
        record("note.added", json!({ "on": "D1", "text": "Seen before." })),
    ]);
    let early = log.known_by("2025-10-31", "2025-12-31");
    early.exists("D1", false).anomalies(&[]);
    assert_eq!(log.known_by("2025-11-20", "2025-12-31").the_demand("D1").text(), "Leave.");
}

#[test]
fn a_fact_about_what_is_not_known_says_so() {
    let log = given([
        source("S1", "Dawn", "2025-11-20"),
        demand("2025-10-20").cited("S1"),
        on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "south", "answer": "rejected" })),
    ]);
    log.known_by("2025-10-31", "2025-12-31").anomalies(&["e4: not-known"]);
    log.on("2025-12-31").anomalies(&[]);
}

#[test]
fn a_copy_without_its_sources_is_known_as_the_original_was() {
    let whole = demand("2025-10-20").reported("S1", "2025-10-24").recorded("2025-11-05T09:00:00Z");
    let sources = source("S1", "Dawn", "2025-10-24");
    first_known(&given([sources.clone(), whole.clone()]), "2025-10-24", "2025-10-23");
    first_known(&given([sources, whole.withheld(&["sources"])]), "2025-10-24", "2025-10-23");
}

#[test]
fn a_retracted_event_no_longer_counts() {
    let log = given([demand("2025-10-20"), retracted("e2")]);
    log.on("2025-10-31").exists("D1", false).anomalies(&[]);
}

#[test]
fn retracting_a_retraction_restores_the_event() {
    let log = given([demand("2025-10-20"), retracted("e2"), retracted("e3")]);
    log.on("2025-10-31").demand("D1", Fate::Open);
    log.then([retracted("e4")]).on("2025-10-31").exists("D1", false);
}

#[test]
fn the_last_word_about_an_event_decides_whether_it_counts() {
    let reinstated = record("event.reinstated", json!({ "target": "e2", "reason": "confirmed after all" }));
    let log = given([demand("2025-10-20"), retracted("e2"), reinstated]);
    log.on("2025-10-31").exists("D1", true);
    log.then([retracted("e2")]).on("2025-10-31").exists("D1", false);
    log.then([retracted("e4")]).on("2025-10-31").exists("D1", false);
}

#[test]
fn corrections_are_laid_on_in_the_order_of_the_log() {
    let log = given([
        demand("2025-10-20"),
        corrected("e2", "transcription", json!({ "data": { "text": "One.", "weight": "primary" } })),
        corrected("e2", "transcription", json!({ "data": { "text": "Two." } })),
    ]);
    let told = log.on("2025-10-31");
    assert_eq!(told.the_demand("D1").text(), "Two.");
    assert!(told.the_demand("D1").weight.is_some());
    let parts = log.records()[1].parts.data.clone();
    assert!(parts.contains("Withdraw."), "what was submitted stays readable");
}

#[test]
fn a_retracted_correction_no_longer_applies() {
    let log = given([
        demand("2025-10-20"),
        corrected("e2", "transcription", json!({ "data": { "text": "One." } })),
        retracted("e3"),
    ]);
    assert_eq!(log.on("2025-10-31").the_demand("D1").text(), "Withdraw.");
}

#[test]
fn a_correction_can_itself_be_corrected() {
    let log = given([
        demand("2025-10-20"),
        corrected("e2", "transcription", json!({ "data": { "text": "One." } })),
        corrected("e3", "transcription", json!({ "data": { "patch": { "data": { "text": "Two." } } } })),
    ]);
    assert_eq!(log.on("2025-10-31").the_demand("D1").text(), "Two.");
}

#[test]
fn a_correction_that_leaves_its_target_unreadable_is_not_applied() {
    let log = given([demand("2025-10-20"), corrected("e2", "transcription", json!({ "data": { "text": null } }))]);
    assert_eq!(log.on("2025-10-31").the_demand("D1").text(), "Withdraw.");
    let found: Vec<String> = log.history().anomalies.iter().map(|a| format!("{} {}", a.event, a.misfit.id())).collect();
    assert_eq!(found, ["e3 uncorrectable"]);
}

#[test]
fn an_event_rests_on_itself_and_on_the_corrections_in_effect() {
    let text = json!({ "data": { "text": "One." } });
    let log = given([demand("2025-10-20"), corrected("e2", "transcription", text.clone()), retracted("e3")]);
    assert_eq!(log.on("2025-10-31").the_demand("D1").basis, [event("e2")]);
    let log = log.then([corrected("e2", "transcription", text)]);
    assert_eq!(log.on("2025-10-31").the_demand("D1").basis, [event("e2"), event("e5")]);
}

#[test]
fn a_judgement_can_only_aim_at_what_was_logged_before_it() {
    let log = given([retracted("e3"), demand("2025-10-20")]);
    log.on("2025-10-31").exists("D1", true);
    let found: Vec<String> = log.history().anomalies.iter().map(|a| format!("{} {}", a.event, a.misfit.id())).collect();
    assert_eq!(found, ["e2 not-earlier"]);
}

#[test]
fn the_opening_can_be_corrected_and_never_retracted() {
    let log = given([retracted("e1"), corrected("e1", "transcription", json!({ "data": { "title": "The talks" } }))]);
    assert_eq!(log.on("2025-10-31").state.ground.title, "The talks");
    assert!(log.on("2025-10-31").state.ground.parties.contains_key(&party("north")));
    assert_eq!(log.history().anomalies[0].misfit.id(), "opening-retracted");
}

#[test]
fn the_opening_comes_first_whatever_its_date() {
    let mut late = opening(None);
    late["occurred"] = json!("2025-12-24");
    let log = Given::new(vec![late, demand("2025-10-20")]);
    assert_eq!(log.history().facts[0].version(), event("e1"));
    log.on("2025-10-20").exists("D1", true).anomalies(&[]);
    assert_eq!(log.on("2020-01-01").state.steps, 1);
}

#[test]
fn a_log_that_does_not_begin_with_an_opening_says_so() {
    let log = Given::new(vec![demand("2025-10-20")]);
    assert_eq!(log.history().anomalies[0].misfit.id(), "not-opened");
}

#[test]
fn a_second_opening_does_not_fit() {
    let log = given([on("2025-10-02", "negotiation.opened", json!({ "title": "Again" }))]);
    assert_eq!(log.on("2025-10-31").anomalies(&["e2: opened-twice"]).state.ground.title, "Talks of North and South");
}

#[test]
fn the_registry_is_not_cut_by_the_day_asked_about() {
    let entry = json!({ "party": "saudi", "name": "Saudi Arabia", "kind": "state", "role": "facilitator" });
    let log = given([on("2025-11-20", "party.joined", entry)]);
    assert!(log.on("2025-10-20").state.ground.parties.contains_key(&party("saudi")));
}

#[test]
fn a_party_that_joins_again_has_the_name_and_role_of_its_last_entry() {
    let entry = |name: &str, role: &str| json!({ "party": "qatar", "name": name, "kind": "state", "role": role });
    let log = given([
        on("2025-11-20", "party.joined", entry("State of Qatar", "guarantor")),
        on("2025-10-20", "party.joined", entry("Qatar", "host")),
    ]);
    let told = log.on("2025-10-05");
    let entry = &told.state.ground.parties[&party("qatar")];
    assert_eq!((entry.entry.name.as_str(), &entry.basis), ("Qatar", &vec![event("e1"), event("e2"), event("e3")]));
}

#[test]
fn a_source_registered_again_has_its_last_entry() {
    let log = given([source("S1", "Dawn", "2025-10-26"), source("S1", "Geo", "2025-10-24"), {
        demand("2025-10-20").cited("S1")
    }]);
    first_known(&log, "2025-10-24", "2025-10-23");
    let sources = log.on("2025-10-31").state.ground.sources.clone();
    assert_eq!(sources.values().next().and_then(|s| s.entry.publisher.as_deref()), Some("Geo"));
}

#[test]
fn a_day_is_the_day_of_the_zone_of_the_log() {
    let log = given_in("+05:00", [demand("2025-10-20")]);
    log.on("2025-10-19T18:59:59Z").exists("D1", false);
    log.on("2025-10-19T19:00:00Z").exists("D1", true);
    assert_eq!(given([]).history().ground.zone, Zone::default());
}

#[test]
fn a_party_that_nobody_declared_is_an_anomaly() {
    let log = given([on("2025-10-20", "demand.raised", json!({ "by": "east", "of": "south", "text": "Withdraw." }))]);
    let told = log.on("2025-10-31");
    told.anomalies(&["e2: undeclared-party"]).exists("D1", true);
    assert_eq!(told.why_not("e2"), ["no party \"east\" was declared"]);
}

#[test]
fn notes_and_waivers_and_erasures_change_no_fact() {
    let log = given([demand("2025-10-20")]);
    let more = log.then([
        record("note.added", json!({ "on": "D1", "text": "They will not yield." })),
        record("check.waived", json!({ "target": "e2", "check": "weekday", "reason": "as printed" })),
        record("record.erased", json!({ "target": "e2", "parts": "sources", "reason": "a name", "basis": "consent" })),
    ]);
    let (before, after) = (log.on("2025-10-31"), more.on("2025-10-31"));
    assert_eq!(before.state.demands, after.state.demands);
    after.anomalies(&[]);
}

#[test]
fn a_kind_that_is_not_understood_is_kept_and_told() {
    let log = given([json!({ "kind": "treaty.blessed", "occurred": "2025-10-20" }), demand("2025-10-20")]);
    assert!(!is_complete(log.records()));
    assert_eq!(log.history().unread, [event("e2")]);
    log.on("2025-10-31").exists("D1", true);
    assert!(is_complete(given([]).records()));
}

#[test]
fn what_refers_to_a_life_whose_definition_was_withheld_is_no_anomaly() {
    let stamp = "2025-11-05T09:00:00Z";
    let log = given([
        demand("2025-10-20").recorded(stamp).withheld(&["data"]),
        on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "south", "answer": "rejected" })),
    ]);
    log.on("2025-10-31").exists("D1", false).anomalies(&[]).standing("e2", Standing::Withheld);
}

#[test]
fn the_same_question_of_the_same_log_has_the_same_answer() {
    let log = given([on("2025-10-20", "ceasefire.agreed", json!({ "parties": ["north", "south"] }))]);
    let history = || History::new(log.records(), &Knowledge::default());
    assert_eq!(format!("{:?}", history()), format!("{:?}", history()));
    log.on("2025-10-20").ceasefire("C1", Nominal::InForce);
    log.on("2025-10-20").ceasefire("C1", Nominal::InForce);
}

#[test]
fn one_value_stands_for_a_list_of_one() {
    let listed = json!({ "by": ["north"], "of": ["south"], "text": "Withdraw." });
    let (one, many) = (given([demand("2025-10-20")]), given([on("2025-10-20", "demand.raised", listed)]));
    assert_eq!(one.on("2025-10-31").state.demands, many.on("2025-10-31").state.demands);
}

#[test]
fn a_word_that_is_not_understood_is_taken_as_other() {
    let answer = json!({ "demand": "D1", "by": "south", "answer": "pondered" });
    let log = given([demand("2025-10-20"), on("2025-10-22", "demand.answered", answer)]);
    log.on("2025-10-31").answer("D1", "south", Some(Answer::Other)).demand("D1", Fate::Open).anomalies(&[]);
}
