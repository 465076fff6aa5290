//! How far an agreement has got.

use serde_json::{Value, json};
use talks::domain::agreement::Stage;
use talks::domain::demand::Fate;
use talks::domain::term::Milestone;

use crate::given::{Given, given, on, party};

fn about(date: &str, kind: &str, more: Value) -> Value {
    let mut data = json!({ "agreement": "A1" });
    data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    on(date, kind, data)
}

fn signed(date: &str, by: Value) -> Value {
    about(date, "agreement.signed", json!({ "by": by, "ratifiers": ["senate", "house"] }))
}

fn ratified(date: &str, by: &str) -> Value {
    about(date, "agreement.ratified", json!({ "by": by }))
}

fn rejected(date: &str, by: &str) -> Value {
    about(date, "agreement.rejected", json!({ "by": by }))
}

/// Signed by both on the 20th, to be ratified by two houses.
#[track_caller]
fn signed_and<const N: usize>(more: [Value; N]) -> Given {
    given([signed("2025-10-20", json!(["north", "south"]))]).then(more)
}

#[test]
fn an_agreement_is_at_the_furthest_stage_it_has_reached() {
    let log = given([
        about("2025-10-10", "agreement.proposed", json!({ "title": "Peace" })),
        about("2025-10-15", "agreement.reached", json!({ "form": "in-principle" })),
        about("2025-10-20", "agreement.signed", json!({ "by": ["north", "south"] })),
        ratified("2025-10-25", "senate"),
        about("2025-11-01", "agreement.entered-into-force", json!({})),
    ]);
    log.on("2025-10-10").agreement("A1", Stage::Proposed);
    log.on("2025-10-15").agreement("A1", Stage::Reached);
    log.on("2025-10-20").agreement("A1", Stage::Signed);
    log.on("2025-10-25").agreement("A1", Stage::Ratified);
    log.on("2025-11-01").agreement("A1", Stage::InForce).anomalies(&[]);
}

#[test]
fn what_is_told_again_of_an_agreement_replaces_and_what_is_not_stays() {
    let log = given([
        about("2025-10-15", "agreement.reached", json!({ "title": "Draft", "form": "verbal", "condition": "quiet" })),
        about("2025-10-20", "agreement.signed", json!({ "title": "Peace", "by": "north", "witnesses": "qatar" })),
    ]);
    let told = log.on("2025-10-20");
    let agreement = told.state.agreements.values().next().expect("A1");
    assert_eq!((agreement.title.as_deref(), agreement.condition.as_deref()), (Some("Peace"), Some("quiet")));
    assert!(agreement.form.is_some() && agreement.witnesses.len() == 1);
}

#[test]
fn each_party_has_its_own_stage() {
    let log = given([
        about("2025-10-15", "agreement.reached", json!({ "parties": ["north", "south"], "ratifiers": "senate" })),
        about("2025-10-20", "agreement.signed", json!({ "by": "north" })),
        ratified("2025-10-25", "senate"),
    ]);
    let told = log.on("2025-10-25");
    let stages = told.state.agreements.values().next().expect("A1").by_party();
    assert_eq!(stages[&party("north")], Stage::Signed);
    assert_eq!(stages[&party("south")], Stage::Reached);
    assert_eq!(stages[&party("senate")], Stage::Ratified);
}

#[test]
fn an_agreement_is_ratified_by_its_last_listed_ratifier_and_not_a_day_earlier() {
    let log = signed_and([ratified("2025-10-30", "house"), ratified("2025-11-05", "senate")]);
    log.on("2025-10-30").agreement("A1", Stage::Signed);
    log.on("2025-11-04").agreement("A1", Stage::Signed);
    log.on("2025-11-05").agreement("A1", Stage::Ratified).anomalies(&[]);
    let told = log.on("2025-11-05");
    let last =
        told.state.agreements.values().next().and_then(|a| a.ratified()).map(|moment| moment.version.to_string());
    assert_eq!(last.as_deref(), Some("e4"));
}

#[test]
fn without_listed_ratifiers_the_first_ratification_ratifies() {
    let log =
        given([about("2025-10-20", "agreement.signed", json!({ "by": "north" })), ratified("2025-10-30", "house")]);
    log.on("2025-10-30").agreement("A1", Stage::Ratified);
}

#[test]
fn a_ratification_by_a_body_that_is_not_listed_does_not_fit() {
    let told = signed_and([ratified("2025-10-30", "voters")]).on("2025-10-30");
    assert_eq!(told.agreement("A1", Stage::Signed).why_not("e3"), ["voters is not among the ratifiers of A1"]);
}

#[test]
fn a_rejection_undoes_what_was_signed_whoever_rejects_it() {
    signed_and([rejected("2025-10-30", "senate")]).on("2025-10-30").agreement("A1", Stage::Rejected);
    signed_and([rejected("2025-10-30", "voters")]).on("2025-10-30").agreement("A1", Stage::Rejected).anomalies(&[]);
}

#[test]
fn a_body_that_comes_round_takes_its_rejection_back() {
    let log = signed_and([
        rejected("2025-10-30", "senate"),
        ratified("2025-11-05", "house"),
        ratified("2025-11-20", "senate"),
    ]);
    log.on("2025-11-05").agreement("A1", Stage::Rejected);
    log.on("2025-11-20").agreement("A1", Stage::Ratified);
}

#[test]
fn what_enters_into_force_after_a_rejection_is_in_force() {
    let in_force = about("2025-11-20", "agreement.entered-into-force", json!({}));
    let log = signed_and([rejected("2025-10-30", "voters"), in_force, rejected("2025-12-01", "senate")]);
    log.on("2025-10-30").agreement("A1", Stage::Rejected);
    log.on("2025-11-20").agreement("A1", Stage::InForce);
    log.on("2025-12-01").agreement("A1", Stage::Rejected);
}

/// A text signed, rejected by a plebiscite, revised, and signed again under another name.
fn plebiscite() -> Given {
    let first = json!({ "by": ["north", "south"], "settles": "D1", "ratifiers": "voters" });
    let vote = json!({ "by": "voters", "how": "plebiscite", "vote": { "body": "voters", "share": "49.78" } });
    let revised = json!({ "agreement": "A2", "by": ["north", "south"], "settles": "D1", "revises": "A1", "ratifiers": ["senate", "house"] });
    given([
        on("2016-01-01", "demand.raised", json!({ "demand": "D1", "by": "south", "of": "north", "text": "Land." })),
        about("2016-09-26", "agreement.signed", first),
        about("2016-10-02", "agreement.rejected", vote),
        on("2016-11-24", "agreement.signed", revised),
        on("2016-11-29", "agreement.ratified", json!({ "agreement": "A2", "by": "senate" })),
        on("2016-11-30", "agreement.ratified", json!({ "agreement": "A2", "by": "house" })),
    ])
}

#[test]
fn a_plebiscite_rejects_the_signed_text_and_the_revised_one_supersedes_it() {
    let log = plebiscite();
    log.on("2016-09-26").agreement("A1", Stage::Signed).demand("D1", Fate::Settled);
    log.on("2016-10-02").agreement("A1", Stage::Rejected).demand("D1", Fate::Open);
    log.on("2016-11-24").agreement("A1", Stage::Superseded).agreement("A2", Stage::Signed).demand("D1", Fate::Settled);
    log.on("2016-11-29").agreement("A2", Stage::Signed);
    log.on("2016-11-30").agreement("A2", Stage::Ratified).anomalies(&[]);
}

#[test]
fn the_rejections_of_an_old_text_stay_with_it() {
    let told = plebiscite().on("2016-11-30");
    let rejected: Vec<bool> = told.state.agreements.values().map(|agreement| agreement.is_rejected()).collect();
    assert_eq!(rejected, [true, false]);
}

#[test]
fn a_revision_supersedes_on_being_reached_and_not_on_being_proposed() {
    let log = signed_and([
        on("2025-11-01", "agreement.proposed", json!({ "agreement": "A2", "title": "Peace II", "revises": "A1" })),
        on("2025-11-10", "agreement.reached", json!({ "agreement": "A2" })),
        ratified("2025-11-20", "senate"),
    ]);
    log.on("2025-11-01").agreement("A1", Stage::Signed).agreement("A2", Stage::Proposed);
    log.on("2025-11-10").agreement("A1", Stage::Superseded).agreement("A2", Stage::Reached);
    log.on("2025-11-20").anomalies(&["e5: over"]);
}

#[test]
fn an_agreement_runs_out_by_the_clock() {
    let log = given([about("2025-10-20", "agreement.reached", json!({ "until": "2025-11-20" }))]);
    log.on("2025-11-20").agreement("A1", Stage::Reached);
    log.on("2025-11-21").agreement("A1", Stage::Expired);
}

#[test]
fn an_extension_moves_the_end_of_an_agreement_also_after_it() {
    let log = given([about("2025-10-20", "agreement.reached", json!({ "until": "2025-11-20" }))]);
    let log = log.then([about("2025-11-25", "agreement.extended", json!({ "until": "2025-12-20" }))]);
    log.on("2025-11-24").agreement("A1", Stage::Expired);
    log.on("2025-11-25").agreement("A1", Stage::Reached);
    log.on("2025-12-21").agreement("A1", Stage::Expired);
}

#[test]
fn a_proposed_text_does_not_run_out() {
    let log = given([about("2025-10-20", "agreement.proposed", json!({ "title": "Peace" }))]);
    let log = log.then([about("2025-10-21", "agreement.extended", json!({ "until": "2025-11-20" }))]);
    log.on("2025-12-21").agreement("A1", Stage::Proposed);
}

#[test]
fn a_suspended_agreement_is_so_until_it_enters_into_force_again() {
    let in_force = |date: &str| about(date, "agreement.entered-into-force", json!({}));
    let suspended = about("2025-11-20", "agreement.suspended", json!({ "by": "north" }));
    let log = signed_and([in_force("2025-11-01"), suspended, in_force("2025-12-01")]);
    log.on("2025-11-20").agreement("A1", Stage::Suspended);
    log.on("2025-12-01").agreement("A1", Stage::InForce);
}

#[test]
fn an_ended_agreement_is_ended_expired_or_superseded_by_how_it_ended() {
    let ends = [
        ("terminated", Stage::Ended),
        ("denounced", Stage::Ended),
        ("collapsed", Stage::Ended),
        ("expired", Stage::Expired),
        ("superseded", Stage::Superseded),
    ];
    for (how, stage) in ends {
        let log = signed_and([
            about("2025-11-20", "agreement.ended", json!({ "how": how })),
            ratified("2025-12-01", "house"),
        ]);
        log.on("2025-11-20").agreement("A1", stage);
        log.on("2025-12-01").agreement("A1", stage).anomalies(&["e4: over"]);
    }
}

#[test]
fn a_start_does_not_put_an_agreement_in_force_by_itself() {
    let log = given([about("2025-10-20", "agreement.signed", json!({ "by": "north", "from": "2025-11-01" }))]);
    log.on("2025-12-01").agreement("A1", Stage::Signed);
}

#[test]
fn closing_the_negotiation_leaves_an_agreement_as_it_is() {
    let closed = on("2025-11-01", "negotiation.closed", json!({ "outcome": "settled" }));
    signed_and([closed]).on("2025-11-01").agreement("A1", Stage::Signed);
}

/// The due date of a term that hangs on a milestone, if it has come.
fn due(log: &Given, day: &str, milestone: Milestone) -> bool {
    let told = log.on(day);
    let name = "A1".parse().expect("a name");
    told.now().due(&talks::domain::term::Term::With(name, milestone)).is_some()
}

#[test]
fn a_term_may_hang_on_each_stage_of_an_agreement() {
    let log = signed_and([
        ratified("2025-10-25", "senate"),
        ratified("2025-10-26", "house"),
        about("2025-11-01", "agreement.entered-into-force", json!({})),
        about("2025-11-10", "agreement.ended", json!({ "how": "terminated" })),
    ]);
    let stages = [
        (Milestone::Reached, "2025-10-19", "2025-10-20"),
        (Milestone::Signed, "2025-10-19", "2025-10-20"),
        (Milestone::Ratified, "2025-10-25", "2025-10-26"),
        (Milestone::EntersIntoForce, "2025-10-31", "2025-11-01"),
        (Milestone::Ends, "2025-11-09", "2025-11-10"),
    ];
    for (milestone, before, day) in stages {
        assert!(!due(&log, before, milestone) && due(&log, day, milestone), "{milestone}");
    }
    let runs_out = given([about("2025-10-20", "agreement.reached", json!({ "until": "2025-11-20" }))]);
    assert!(!due(&runs_out, "2025-11-20", Milestone::Ends) && due(&runs_out, "2025-11-21", Milestone::Ends));
}
