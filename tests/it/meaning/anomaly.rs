//! Step 5: what does not fit, what is only possible, and what a line rests on.

use serde_json::{Value, json};
use talks::domain::ceasefire::Nominal;
use talks::domain::demand::Fate;

use crate::given::{at, event, given, on, record};

fn demand(date: &str) -> Value {
    on(date, "demand.raised", json!({ "demand": "D1", "by": "north", "of": "south", "text": "Withdraw." }))
}

fn withdrawn(date: &str) -> Value {
    on(date, "demand.withdrawn", json!({ "demand": "D1" }))
}

#[test]
fn what_does_not_fit_is_kept_named_and_changes_nothing_else() {
    let log = given([demand("2025-10-20"), withdrawn("2025-10-21")]);
    let more = log.then([withdrawn("2025-10-25")]);
    let told = more.on("2025-10-31");
    assert_eq!(told.anomalies(&["e4: over"]).why_not("e4"), ["D1 was already withdrawn"]);
    assert_eq!(told.state.demands, log.on("2025-10-31").state.demands);
}

#[test]
fn an_anomaly_goes_once_what_was_missing_is_recorded() {
    let log = given([withdrawn("2025-10-25")]);
    log.on("2025-10-31").anomalies(&["e2: unknown-name"]).exists("D1", false);
    log.then([demand("2025-10-20")]).on("2025-10-31").anomalies(&[]).demand("D1", Fate::Withdrawn);
}

#[test]
fn a_newcomer_that_fits_may_leave_another_event_out_of_place() {
    let log = given([demand("2025-10-20"), on("2025-10-25", "demand.met", json!({ "demand": "D1", "how": "fully" }))]);
    log.on("2025-10-31").anomalies(&[]);
    log.then([withdrawn("2025-10-22")]).on("2025-10-31").anomalies(&["e3: over"]).demand("D1", Fate::Withdrawn);
}

#[test]
fn a_source_that_was_never_registered_is_an_anomaly() {
    let mut cited = demand("2025-10-20");
    cited["sources"] = json!([{ "source": "S9" }]);
    given([cited]).on("2025-10-31").anomalies(&["e2: unknown-name"]).exists("D1", true);
}

#[test]
fn a_judgement_of_what_was_retracted_is_no_anomaly() {
    let log = given([
        demand("2025-10-20"),
        record("event.retracted", json!({ "target": "e2", "reason": "misread" })),
        record("note.added", json!({ "on": "D1", "text": "It was a rumour." })),
        record("account.added", json!({ "of": "D1", "stance": "denies" })),
    ]);
    log.on("2025-10-31").anomalies(&[]);
}

#[test]
fn no_status_is_stored_that_time_can_change() {
    let agreed = json!({ "ceasefire": "C1", "parties": ["north", "south"], "until": "2025-10-17" });
    let told = given([on("2025-10-15", "ceasefire.agreed", agreed)]).on("2025-10-15");
    let ceasefire = told.state.ceasefires.values().next().expect("C1");
    let then = |day: &str| ceasefire.standing(&told.state.at(at(day))).state;
    assert_eq!(
        [then("2025-10-15"), then("2025-10-17"), then("2025-10-18")],
        [Nominal::InForce, Nominal::InForce, Nominal::Expired]
    );
}

#[test]
fn a_line_is_possible_if_an_event_it_rests_on_is() {
    let log = given([demand("2025-10-20"), withdrawn("[2025-10-22..2025-10-26]")]);
    let is_possible = |day: &str| {
        let told = log.on(day);
        told.the_demand("D1").basis.iter().any(|event| told.state.possible.contains(event))
    };
    assert_eq!((is_possible("2025-10-25"), is_possible("2025-10-26T12:00Z")), (false, true));
    log.on("2025-10-26T12:00Z").demand("D1", Fate::Withdrawn);
    log.certainly_on("2025-10-26T12:00Z").demand("D1", Fate::Open);
    assert!(!is_possible("2025-10-26"));
}

#[test]
fn every_life_carries_the_events_it_rests_on() {
    let log = given([
        demand("2025-10-20"),
        on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "south", "answer": "rejected" })),
        withdrawn("2025-10-25"),
    ]);
    assert_eq!(log.on("2025-10-22").the_demand("D1").basis, [event("e2"), event("e3")]);
    assert_eq!(log.on("2025-10-25").the_demand("D1").basis, [event("e2"), event("e3"), event("e4")]);
}
