//! What is owed, what is due, and what the desk wants to look at again.

use serde_json::{Value, json};
use talks::domain::commitment::{CommitmentState, DeadlineState};
use talks::domain::term::Term;

use crate::given::{Given, given, on, record};

fn owed(due: Value) -> Value {
    let made =
        json!({ "commitment": "K1", "by": "south", "to": "north", "text": "Release the prisoners.", "due": due });
    on("2025-10-01", "commitment.made", made)
}

fn assessed(date: &str, level: u8) -> Value {
    on(date, "commitment.assessed", json!({ "commitment": "K1", "level": level }))
}

fn dropped(date: &str, how: &str, by: Value) -> Value {
    on(date, how, json!({ "commitment": "K1", "by": by }))
}

fn signed(date: &str) -> Value {
    on(date, "agreement.signed", json!({ "agreement": "A1", "by": ["north", "south"] }))
}

/// Owed within ten days of the signing of the 29th of February 2020.
fn ten_days_after_signing() -> Given {
    let due = json!({ "after": "A1", "milestone": "signed", "days": 10 });
    let made = json!({ "commitment": "K1", "by": "south", "text": "Release the prisoners.", "in": "A1", "due": due });
    given([
        on("2020-02-01", "agreement.proposed", json!({ "agreement": "A1", "title": "Peace" })),
        on("2020-02-20", "commitment.made", made),
        signed("2020-02-29"),
    ])
}

fn is_late(log: &Given, day: &str) -> bool {
    let told = log.on(day);
    told.state.commitments.values().any(|commitment| commitment.is_late(&told.now()))
}

#[test]
fn a_commitment_due_ten_days_after_signing_is_overdue_on_the_eleventh() {
    let log = ten_days_after_signing();
    log.on("2020-02-28").commitment("K1", CommitmentState::Open);
    log.on("2020-03-10").commitment("K1", CommitmentState::Open);
    log.on("2020-03-11").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn a_commitment_carried_out_after_its_date_was_overdue_and_is_met_late() {
    let log = ten_days_after_signing().then([assessed("2020-09-03", 3)]);
    log.on("2020-09-02").commitment("K1", CommitmentState::Overdue);
    log.on("2020-09-03").commitment("K1", CommitmentState::Met);
    assert!(is_late(&log, "2020-09-03") && !is_late(&log, "2020-09-02"));
    let in_time = ten_days_after_signing().then([assessed("2020-03-10", 3)]);
    assert!(!is_late(&in_time, "2020-03-10"));
}

#[test]
fn a_commitment_without_a_date_is_never_overdue() {
    let made = json!({ "by": "south", "text": "Pull back." });
    given([on("2025-10-01", "commitment.made", made)]).on("2099-01-01").commitment("K1", CommitmentState::Open);
}

#[test]
fn a_vague_due_date_has_possibly_passed_while_it_lasts() {
    let log = given([owed(json!("2025-11"))]);
    log.on("2025-10-31").commitment("K1", CommitmentState::Open);
    log.on("2025-11-15").commitment("K1", CommitmentState::PossiblyOverdue);
    log.on("2025-12-01").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn only_a_full_assessment_meets_a_commitment() {
    for level in 0..3 {
        given([owed(json!("2025-12-01")), assessed("2025-11-01", level)])
            .on("2025-11-01")
            .commitment("K1", CommitmentState::Open);
    }
    let log = given([owed(json!("2025-10-31")), assessed("2025-10-20", 3), assessed("2025-11-10", 2)]);
    log.on("2025-10-20").commitment("K1", CommitmentState::Met);
    log.on("2025-11-10").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn an_assessment_without_a_level_changes_nothing() {
    let unlevelled = on("2025-11-10", "commitment.assessed", json!({ "commitment": "K1" }));
    let log = given([owed(json!("2025-12-01")), assessed("2025-11-01", 3), unlevelled]);
    log.on("2025-11-10").commitment("K1", CommitmentState::Met);
}

#[test]
fn a_commitment_dated_anew_keeps_its_old_dates_and_words() {
    let again = json!({ "commitment": "K1", "by": "south", "text": "Release them all.", "due": "2025-12-01" });
    let log = given([owed(json!("2025-10-31")), on("2025-10-20", "commitment.made", again)]);
    log.on("2025-11-15").commitment("K1", CommitmentState::Open);
    let told = log.on("2025-11-15");
    let commitment = told.state.commitments.values().next().expect("K1");
    assert_eq!(
        (commitment.dues.len(), commitment.texts.held().count(), commitment.text()),
        (2, 2, "Release them all.")
    );
    let reworded = json!({ "commitment": "K1", "by": "south", "text": "Release them all." });
    let log = given([owed(json!("2025-10-31")), on("2025-10-20", "commitment.made", reworded)]);
    log.on("2025-11-15").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn an_obligor_may_repudiate_a_commitment_that_others_made_for_it() {
    let made = json!({ "commitment": "K1", "by": "rebels", "to": "north", "text": "Release them.", "in": "A1" });
    let log = given([
        signed("2020-02-29"),
        on("2020-02-29", "commitment.made", made),
        dropped("2020-03-01", "commitment.repudiated", json!("rebels")),
    ]);
    log.on("2020-02-29").commitment("K1", CommitmentState::Open);
    log.on("2020-03-01").commitment("K1", CommitmentState::Repudiated).anomalies(&[]);
}

#[test]
fn only_who_owes_a_commitment_can_repudiate_it() {
    let log = given([owed(json!("2025-12-01")), dropped("2025-10-20", "commitment.repudiated", json!("north"))]);
    log.on("2025-10-20").commitment("K1", CommitmentState::Open).anomalies(&["e3: not-bound"]);
}

#[test]
fn a_waived_commitment_is_no_longer_owed() {
    let log = given([owed(json!("2025-10-31")), dropped("2025-10-20", "commitment.waived", json!("north"))]);
    log.on("2025-11-15").commitment("K1", CommitmentState::Waived);
}

#[test]
fn an_anonymous_official_neither_waives_nor_repudiates() {
    let anonymous = |slug: &str| json!({ "party": slug, "voice": "anonymous" });
    let log = given([
        owed(json!("2025-12-01")),
        dropped("2025-10-20", "commitment.repudiated", anonymous("south")),
        dropped("2025-10-20", "commitment.waived", anonymous("north")),
    ]);
    log.on("2025-10-20").commitment("K1", CommitmentState::Open).anomalies(&[]);
}

#[test]
fn a_repudiated_commitment_that_is_carried_out_is_met() {
    let repudiated = dropped("2025-10-20", "commitment.repudiated", json!("south"));
    let log = given([owed(json!("2025-12-01")), repudiated, assessed("2025-11-20", 3)]);
    log.on("2025-11-20").commitment("K1", CommitmentState::Met);
}

#[test]
fn closing_the_negotiation_leaves_commitments_owed() {
    let closed = on("2025-10-20", "negotiation.closed", json!({ "outcome": "settled" }));
    given([owed(json!("2025-10-31")), closed]).on("2025-11-15").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn a_term_that_hangs_on_what_has_not_come_is_open() {
    let log = given([
        on("2025-10-01", "agreement.proposed", json!({ "agreement": "A1", "title": "Peace" })),
        owed(json!({ "after": "A1", "milestone": "signed", "days": 10 })),
    ]);
    log.on("2099-01-01").commitment("K1", CommitmentState::Open);
}

#[test]
fn days_are_counted_on_the_calendar_of_the_log_to_the_end_of_the_day() {
    let due = json!({ "after": "A1", "milestone": "signed", "days": 1 });
    let log = crate::given::given_in(
        "+05:00",
        [
            on("2025-10-01", "agreement.proposed", json!({ "agreement": "A1", "title": "Peace" })),
            owed(due),
            signed("2025-10-20T23:30+05:00"),
        ],
    );
    log.on("2025-10-21T18:59:59Z").commitment("K1", CommitmentState::Open);
    log.on("2025-10-21T19:00:00Z").commitment("K1", CommitmentState::Overdue);
}

#[test]
fn a_term_may_name_the_event_that_creates_what_it_hangs_on() {
    let log = given([
        on("2025-10-01", "agreement.proposed", json!({ "agreement": "A1", "title": "Peace" })),
        owed(json!({ "after": "e2", "milestone": "signed", "days": 10 })),
        signed("2025-10-10"),
    ]);
    log.on("2025-10-20").commitment("K1", CommitmentState::Open);
    log.on("2025-10-21").commitment("K1", CommitmentState::Overdue);
}

/// Whether a term has come by a day.
fn has_come(log: &Given, day: &str, term: Value) -> bool {
    let told = log.on(day);
    let term: Term = serde_json::from_value(term).expect("a term");
    told.now().due(&term).is_some()
}

#[test]
fn the_end_of_a_ceasefire_comes_by_an_event_by_the_clock_or_with_its_agreement() {
    let agreed = |more: Value| {
        let mut data = json!({ "ceasefire": "C1", "parties": ["north", "south"] });
        data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        on("2025-10-15", "ceasefire.agreed", data)
    };
    let end = json!({ "with": "C1", "milestone": "ends" });
    let by_event = given([
        agreed(json!({})),
        on("2025-10-20", "ceasefire.ended", json!({ "ceasefire": "C1", "how": "collapsed" })),
    ]);
    let by_clock = given([agreed(json!({ "until": "2025-10-19" }))]);
    let reached = on("2025-10-10", "agreement.reached", json!({ "until": "2025-10-19" }));
    let with_agreement = given([reached, agreed(json!({ "in": "A1" }))]);
    for log in [by_event, by_clock, with_agreement] {
        assert!(!has_come(&log, "2025-10-19", end.clone()) && has_come(&log, "2025-10-20", end.clone()));
    }
}

#[test]
fn a_term_hangs_on_a_demand_only_once_it_is_met_in_full() {
    let met = |date: &str, how: &str| on(date, "demand.met", json!({ "demand": "D1", "how": how }));
    let log = given([
        on("2025-10-01", "demand.raised", json!({ "by": "north", "of": "south", "text": "Withdraw." })),
        met("2025-10-10", "partly"),
        met("2025-10-20", "fully"),
    ]);
    let term = json!({ "after": "D1", "milestone": "met", "days": 3 });
    assert!(!has_come(&log, "2025-10-19", term.clone()) && has_come(&log, "2025-10-20", term));
}

#[test]
fn terms_that_hang_on_each_other_in_a_circle_stay_open() {
    let made = |name: &str, on_what: &str| {
        let until = json!({ "with": on_what, "milestone": "ends" });
        on("2025-10-15", "ceasefire.declared", json!({ "ceasefire": name, "by": "north", "until": until }))
    };
    let told = given([made("C1", "C2"), made("C2", "C1")]).on("2025-12-31");
    assert!(told.clock("C1").until.is_none());
}

fn deadline(date: &str, due: Value) -> Value {
    on(date, "deadline.set", json!({ "deadline": "T1", "text": "Decide on the modalities.", "due": due }))
}

#[test]
fn a_deadline_passes_by_the_clock_and_nobody_need_owe_it() {
    let log = given([deadline("2025-10-31", json!("2025-11-06"))]);
    log.on("2025-11-06").deadline("T1", DeadlineState::Open);
    log.on("2025-11-07").deadline("T1", DeadlineState::Passed);
    let log = given([deadline("2025-10-31", json!("2025-11"))]);
    log.on("2025-11-15").deadline("T1", DeadlineState::PossiblyPassed);
}

#[test]
fn a_deadline_that_is_moved_keeps_its_old_dates() {
    let log = given([deadline("2025-10-31", json!("2025-11-06")), deadline("2025-11-05", json!("2025-11-20"))]);
    log.on("2025-11-10").deadline("T1", DeadlineState::Open).anomalies(&[]);
    assert_eq!(log.on("2025-11-10").state.deadlines.values().next().map(|d| d.dues.len()), Some(2));
    log.on("2025-11-21").deadline("T1", DeadlineState::Passed);
}

#[test]
fn a_deadline_keeps_the_dates_that_hold_under_conditions() {
    let otherwise = json!([{ "if": "a vote fails", "due": "2019-04-12" }]);
    let set = json!({ "deadline": "T1", "text": "Leave.", "due": "2019-05-22", "otherwise": otherwise });
    let told = given([on("2019-03-22", "deadline.set", set)]).on("2019-04-15");
    told.deadline("T1", DeadlineState::Open);
    assert_eq!(told.state.deadlines.values().next().map(|d| d.otherwise.len()), Some(1));
}

#[test]
fn a_follow_up_is_open_until_it_is_done() {
    let set = record("followup.set", json!({ "followup": "F1", "text": "Call Doha.", "due": "2025-11-06" }));
    let done = record("followup.done", json!({ "followup": "F1" }));
    let state = |log: &Given, day: &str| {
        let told = log.on(day);
        told.state.followups.values().next().map(|followup| followup.state(&told.now()))
    };
    let log = given([set]);
    assert_eq!(state(&log, "2025-11-06"), Some(DeadlineState::Open));
    assert_eq!(state(&log, "2025-11-07"), Some(DeadlineState::Passed));
    let log = log.then([done.clone()]);
    assert_eq!(state(&log, "2025-11-07"), Some(DeadlineState::Done));
    log.then([done]).on("2025-11-07").anomalies(&["e4: over"]);
}
