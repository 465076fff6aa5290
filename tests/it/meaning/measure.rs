//! What is done around the table and lasts.

use serde_json::{Value, json};
use talks::domain::measure::MeasureState;

use crate::given::{given, on};

fn taken(date: &str, more: Value) -> Value {
    let mut data = json!({ "measure": "M1", "by": "north", "against": "south", "type": "closure" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, "measure.taken", data)
}

fn lifted(date: &str) -> Value {
    on(date, "measure.lifted", json!({ "measure": "M1" }))
}

#[test]
fn a_measure_is_in_effect_until_it_is_lifted() {
    let log = given([taken("2025-10-12", json!({})), lifted("2025-10-20")]);
    log.on("2025-10-19").measure("M1", MeasureState::InEffect);
    log.on("2025-10-20").measure("M1", MeasureState::Lifted);
}

#[test]
fn a_measure_with_an_end_runs_out_by_the_clock() {
    let log = given([taken("2025-10-12", json!({ "until": "2025-10-20" }))]);
    log.on("2025-10-20").measure("M1", MeasureState::InEffect);
    log.on("2025-10-21").measure("M1", MeasureState::Expired);
    let vague = given([taken("2025-10-12", json!({ "until": "2025-11" }))]);
    vague.on("2025-11-15").measure("M1", MeasureState::PossiblyExpired);
}

#[test]
fn a_measure_that_lasted_from_a_to_b_was_in_effect_until_b() {
    let log = given([taken("2025-10-12/2025-10-20", json!({}))]);
    log.on("2025-10-20").measure("M1", MeasureState::InEffect);
    log.on("2025-10-21").measure("M1", MeasureState::Expired);
    given([taken("2025-10-12/..", json!({}))]).on("2099-01-01").measure("M1", MeasureState::InEffect);
}

#[test]
fn closing_the_negotiation_leaves_a_measure_in_effect() {
    let closed = on("2025-10-20", "negotiation.closed", json!({ "outcome": "collapsed" }));
    given([taken("2025-10-12", json!({})), closed]).on("2025-10-20").measure("M1", MeasureState::InEffect);
}

#[test]
fn a_measure_taken_again_is_widened_and_in_effect_once_more() {
    let again = taken("2025-10-25", json!({ "by": "qatar", "text": "All crossings." }));
    let log = given([taken("2025-10-12", json!({})), lifted("2025-10-20"), again]);
    let told = log.on("2025-10-25");
    let measure = told.measure("M1", MeasureState::InEffect).anomalies(&[]).state.measures.values().next().expect("M1");
    assert_eq!((measure.by.len(), measure.taken.version.to_string().as_str()), (2, "e4"));
}

#[test]
fn a_measure_that_was_lifted_can_not_be_lifted_again() {
    let log = given([taken("2025-10-12", json!({})), lifted("2025-10-20"), lifted("2025-10-21")]);
    log.on("2025-10-21").anomalies(&["e4: over"]);
}
