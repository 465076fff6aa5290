//! What is asked, and what becomes of it.

use serde_json::{Value, json};
use talks::domain::demand::Fate;
use talks::domain::event::Answer;
use talks::domain::negotiation::Cut;
use talks::view::{Asked, demands};

use crate::given::{Draft, Given, given, on, party, record, source};

fn raised(date: &str) -> Value {
    on(date, "demand.raised", json!({ "demand": "D1", "by": "north", "of": "south", "text": "Withdraw." }))
}

fn answered(date: &str, answer: &str) -> Value {
    on(date, "demand.answered", json!({ "demand": "D1", "by": "south", "answer": answer }))
}

fn met(date: &str, how: &str) -> Value {
    on(date, "demand.met", json!({ "demand": "D1", "how": how }))
}

fn withdrawn(date: &str) -> Value {
    on(date, "demand.withdrawn", json!({ "demand": "D1" }))
}

fn retracted(target: &str, recorded: &str) -> Value {
    record("event.retracted", json!({ "target": target, "reason": "misread" })).recorded(recorded)
}

/// Asked on the 20th and then what follows.
#[track_caller]
fn asked<const N: usize>(more: [Value; N]) -> Given {
    given([raised("2025-10-20")]).then(more)
}

#[test]
fn each_addressee_gives_its_own_answer() {
    let both = json!({ "demand": "D1", "by": "north", "of": ["south", "rebels"], "text": "Withdraw." });
    let rebels = on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "rebels", "answer": "rejected" }));
    let log = given([on("2025-10-20", "demand.raised", both), answered("2025-10-21", "accepted"), rebels]);
    let told = log.on("2025-10-31");
    told.answer("D1", "south", Some(Answer::Accepted)).answer("D1", "rebels", Some(Answer::Rejected));
    log.on("2025-10-21").answer("D1", "rebels", None);
}

#[test]
fn no_answer_closes_a_demand() {
    for answer in ["accepted", "partly-accepted", "rejected", "deferred", "countered", "undisclosed"] {
        let told = asked([answered("2025-10-21", answer)]).on("2025-10-31");
        assert!(told.demand("D1", Fate::Open).the_demand("D1").is_open(&told.now()), "{answer}");
    }
}

#[test]
fn a_demand_accepted_and_not_met_is_not_implemented() {
    let log = asked([answered("2025-10-21", "accepted"), met("2025-10-25", "partly"), met("2025-10-28", "fully")]);
    log.on("2025-10-24").demand("D1", Fate::Open).answer("D1", "south", Some(Answer::Accepted));
    log.on("2025-10-25").demand("D1", Fate::PartlyMet).answer("D1", "south", Some(Answer::Accepted));
    log.on("2025-10-28").demand("D1", Fate::Met);
}

#[test]
fn a_partly_met_demand_is_still_open() {
    let told = asked([met("2025-10-25", "partly")]).on("2025-10-25");
    assert!(told.demand("D1", Fate::PartlyMet).the_demand("D1").is_open(&told.now()));
}

#[test]
fn a_met_demand_is_no_longer_open() {
    let told = asked([met("2025-10-25", "fully"), answered("2025-10-26", "rejected")]).on("2025-10-26");
    assert!(!told.demand("D1", Fate::Met).the_demand("D1").is_open(&told.now()));
    told.anomalies(&["e4: over"]);
}

#[test]
fn a_withdrawn_demand_is_no_longer_open() {
    let told = asked([withdrawn("2025-10-25"), answered("2025-10-26", "rejected")]).on("2025-10-26");
    assert!(!told.demand("D1", Fate::Withdrawn).the_demand("D1").is_open(&told.now()));
    told.anomalies(&["e4: over"]).answer("D1", "south", None);
}

#[test]
fn a_withdrawn_demand_that_is_pressed_again_is_open_again() {
    let log = asked([withdrawn("2025-10-25"), raised("2025-10-28")]);
    log.on("2025-10-28").demand("D1", Fate::Open).anomalies(&[]);
}

#[test]
fn a_met_demand_that_is_pressed_again_stays_met() {
    asked([met("2025-10-25", "fully"), raised("2025-10-28")]).on("2025-10-28").demand("D1", Fate::Met);
}

#[test]
fn pressing_a_demand_again_adds_to_who_asks_and_of_whom() {
    let again = json!({ "demand": "D1", "by": "qatar", "of": "rebels", "text": "Withdraw.", "weight": "red-line" });
    let told = asked([on("2025-10-25", "demand.raised", again)]).on("2025-10-25");
    let demand = told.the_demand("D1");
    assert_eq!(demand.by.iter().map(|by| by.party.as_str()).collect::<Vec<_>>(), ["north", "qatar"]);
    assert_eq!(demand.of, [party("south"), party("rebels")]);
    assert_eq!((demand.raised.len(), demand.texts.held().count(), demand.weight.is_some()), (2, 1, true));
}

#[test]
fn the_old_words_of_a_revised_demand_stay_readable() {
    let told = asked([on("2025-10-25", "demand.revised", json!({ "demand": "D1", "text": "Stop." }))]).on("2025-10-25");
    let texts = told.the_demand("D1").texts.held().map(|(text, _)| text.as_str());
    assert_eq!(texts.collect::<Vec<_>>(), ["Withdraw.", "Stop."]);
    assert_eq!(told.the_demand("D1").text(), "Stop.");
}

#[test]
fn a_superseded_demand_says_by_which_one() {
    let newer = json!({ "by": "north", "of": "south", "text": "Stop.", "supersedes": "D1" });
    let log = asked([on("2025-10-25", "demand.raised", newer)]);
    log.on("2025-10-24").demand("D1", Fate::Open);
    let told = log.on("2025-10-25");
    told.demand("D1", Fate::Superseded).demand("D2", Fate::Open);
    let by = told.the_demand("D1").superseded_by.as_ref().map(|(by, _)| by.to_string());
    assert_eq!(by.as_deref(), Some("D2"));
}

fn settled() -> Given {
    let reached = json!({ "parties": ["north", "south"], "settles": "D1", "ratifiers": ["voters"] });
    asked([on("2025-10-25", "agreement.reached", reached)])
}

#[test]
fn an_agreement_settles_the_demands_it_names() {
    let log = settled();
    log.on("2025-10-24").demand("D1", Fate::Open);
    let told = log.on("2025-10-25");
    assert!(!told.demand("D1", Fate::Settled).the_demand("D1").is_open(&told.now()));
}

#[test]
fn what_a_rejected_agreement_settled_is_open_again() {
    let decided = |date: &str, kind: &str| on(date, kind, json!({ "agreement": "A1", "by": "voters" }));
    let log = settled().then([decided("2025-11-02", "agreement.rejected")]);
    log.on("2025-11-01").demand("D1", Fate::Settled);
    log.on("2025-11-02").demand("D1", Fate::Open);
    let log = log.then([decided("2025-11-20", "agreement.ratified")]);
    log.on("2025-11-20").demand("D1", Fate::Settled);
}

#[test]
fn what_an_ended_agreement_settled_is_open_again_and_what_an_expired_one_settled_is_not() {
    let ended =
        |how: &str| settled().then([on("2025-11-02", "agreement.ended", json!({ "agreement": "A1", "how": how }))]);
    ended("denounced").on("2025-11-02").demand("D1", Fate::Open);
    ended("expired").on("2025-11-02").demand("D1", Fate::Settled);
}

#[test]
fn a_revised_text_leaves_settled_what_the_old_one_settled_unless_that_was_rejected() {
    let revised = on("2025-11-20", "agreement.reached", json!({ "parties": ["north", "south"], "revises": "A1" }));
    settled().then([revised.clone()]).on("2025-11-20").demand("D1", Fate::Settled);
    let rejected = on("2025-11-02", "agreement.rejected", json!({ "agreement": "A1", "by": "voters" }));
    settled().then([rejected, revised]).on("2025-11-20").demand("D1", Fate::Open);
}

#[test]
fn an_open_demand_lapses_when_the_negotiation_closes_and_is_restored_when_it_reopens() {
    let log = asked([
        on("2025-10-25", "negotiation.closed", json!({ "outcome": "collapsed" })),
        on("2025-11-05", "negotiation.reopened", json!({})),
    ]);
    log.on("2025-10-24").demand("D1", Fate::Open);
    let closed = log.on("2025-10-25");
    assert!(!closed.demand("D1", Fate::Lapsed).the_demand("D1").is_open(&closed.now()));
    log.on("2025-11-05").demand("D1", Fate::Open);
}

#[test]
fn closing_the_negotiation_leaves_what_was_met_or_withdrawn_as_it_is() {
    let closed = on("2025-10-28", "negotiation.closed", json!({ "outcome": "settled" }));
    asked([met("2025-10-25", "fully"), closed.clone()]).on("2025-10-28").demand("D1", Fate::Met);
    asked([withdrawn("2025-10-25"), closed]).on("2025-10-28").demand("D1", Fate::Withdrawn);
}

/// Accepted on the 26th; recorded later, a rejection of the 22nd.
fn accepted_then_told_of_a_rejection() -> Given {
    given([
        source("S1", "Dawn", "2025-10-27"),
        raised("2025-10-20").reported("S1", "2025-10-21").recorded("2025-10-21T12:00:00Z"),
        answered("2025-10-26", "accepted").cited("S1").recorded("2025-10-27T12:00:00Z"),
        answered("2025-10-22", "rejected").reported("S1", "2025-10-30").recorded("2025-10-31T12:00:00Z"),
    ])
}

#[test]
fn a_rejection_told_later_but_older_in_the_world_does_not_undo_an_acceptance() {
    let log = accepted_then_told_of_a_rejection();
    log.on("2025-10-31").answer("D1", "south", Some(Answer::Accepted)).anomalies(&[]);
    log.on("2025-10-23").answer("D1", "south", Some(Answer::Rejected));
    log.on("2025-10-21").answer("D1", "south", None);
}

#[test]
fn retracting_the_acceptance_undoes_it_and_retracting_the_retraction_restores_it() {
    let log = accepted_then_told_of_a_rejection();
    let log = log.then([retracted("e4", "2025-11-05T12:00:00Z")]);
    log.on("2025-12-31").answer("D1", "south", Some(Answer::Rejected));
    let log = log.then([retracted("e6", "2025-11-10T12:00:00Z")]);
    log.on("2025-12-31").answer("D1", "south", Some(Answer::Accepted));
}

#[test]
fn each_stage_of_an_answer_that_was_retracted_and_restored_stays_visible() {
    let log = accepted_then_told_of_a_rejection();
    let log = log.then([retracted("e4", "2025-11-05T12:00:00Z"), retracted("e6", "2025-11-10T12:00:00Z")]);
    let stages = [
        ("2025-10-26", None),
        ("2025-10-29", Some(Answer::Accepted)),
        ("2025-11-04", Some(Answer::Accepted)),
        ("2025-11-05", Some(Answer::Rejected)),
        ("2025-11-10", Some(Answer::Accepted)),
    ];
    for (day, answer) in stages {
        log.known_by(day, "2025-12-31").answer("D1", "south", answer);
        log.recorded_by(day, "2025-12-31").answer("D1", "south", answer);
    }
    log.known_by("2025-10-29", "2025-10-23").answer("D1", "south", None);
    log.known_by("2025-10-30", "2025-10-23").answer("D1", "south", Some(Answer::Rejected));
}

#[test]
fn an_answer_by_somebody_who_was_not_asked_does_not_fit() {
    let rebels = on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": "rebels", "answer": "rejected" }));
    let told = asked([rebels]).on("2025-10-31");
    assert_eq!(told.anomalies(&["e3: not-asked"]).why_not("e3"), ["D1 was not put to rebels"]);
}

#[test]
fn an_anonymous_official_does_not_answer_for_their_party() {
    let by = |voice: &str| json!({ "party": "south", "who": "an official", "voice": voice });
    let answer = |voice: &str| {
        on("2025-10-22", "demand.answered", json!({ "demand": "D1", "by": by(voice), "answer": "rejected" }))
    };
    let told = asked([answered("2025-10-21", "accepted"), answer("anonymous"), answer("unofficial")]).on("2025-10-31");
    told.answer("D1", "south", Some(Answer::Accepted)).anomalies(&[]);
    asked([answer("official")]).on("2025-10-31").answer("D1", "south", Some(Answer::Rejected));
}

#[test]
fn it_is_the_move_of_an_addressee_that_has_not_answered() {
    let both = json!({ "demand": "D1", "by": "north", "of": ["south", "rebels"], "text": "Withdraw." });
    let log = given([on("2025-10-20", "demand.raised", both), answered("2025-10-21", "rejected")]);
    log.on("2025-10-20").demand_waits_for("D1", &["south", "rebels"]);
    log.on("2025-10-21").demand_waits_for("D1", &["rebels"]);
}

#[test]
fn it_is_the_move_of_an_addressee_that_accepted_or_put_off() {
    for answer in ["accepted", "deferred"] {
        asked([answered("2025-10-21", answer)]).on("2025-10-21").demand_waits_for("D1", &["south"]);
    }
}

#[test]
fn after_any_other_answer_it_is_the_move_of_those_who_ask() {
    for answer in ["partly-accepted", "rejected", "countered", "undisclosed"] {
        asked([answered("2025-10-21", answer)]).on("2025-10-21").demand_waits_for("D1", &["north"]);
    }
}

#[test]
fn a_demand_pressed_or_worded_anew_waits_for_its_addressees_again() {
    let revised = on("2025-10-25", "demand.revised", json!({ "demand": "D1", "text": "Stop." }));
    for again in [revised, raised("2025-10-25")] {
        asked([answered("2025-10-21", "rejected"), again]).on("2025-10-25").demand_waits_for("D1", &["south"]);
    }
}

#[test]
fn a_demand_that_is_over_is_nobodys_move() {
    asked([withdrawn("2025-10-25")]).on("2025-10-25").demand_waits_for("D1", &[]);
}

#[test]
fn who_contests_a_demand_is_told_beside_it() {
    let told = asked([on("2025-10-22", "claim.denied", json!({ "of": "D1", "by": "north" }))]).on("2025-10-31");
    let basis = &told.the_demand("D1").basis;
    assert_eq!(told.state.ledger.disputed_by(basis), [party("north")]);
    told.demand("D1", Fate::Open);
}

#[test]
fn an_offer_answers_the_demands_it_names_for_those_makers_that_were_asked() {
    let answers = json!([{ "demand": "D1", "answer": "countered" }]);
    let offer = json!({ "by": ["south", "qatar"], "to": "north", "text": "A joint patrol.", "answers": answers });
    let told = asked([on("2025-10-22", "offer.made", offer)]).on("2025-10-22");
    told.answer("D1", "south", Some(Answer::Countered)).answer("D1", "qatar", None).anomalies(&[]);
    let offer = told.the_demand("D1").answers[0].1.offer.map(|offer| offer.to_string());
    assert_eq!(offer.as_deref(), Some("O1"));
}

#[test]
fn a_demand_has_an_age_while_it_is_asked_and_its_first_day_is_not_in_doubt() {
    let age = |log: Given| {
        let (history, told, cut) = (log.history(), log.on("2025-10-30"), Cut::default());
        let asked = Asked { history: &history, all: &told.state, certain: &told.state, cut: &cut, at: told.at };
        demands(&asked)[0].item.age_days
    };
    assert_eq!(age(asked([])), Some(10));
    assert_eq!(age(asked([met("2025-10-25", "fully")])), None);
    for in_doubt in ["[..2025-10-20]", "[2025-10-19..2025-10-20]", "2025-10-20?", "2025-10"] {
        assert_eq!(age(given([raised(in_doubt)])), None, "{in_doubt}");
    }
}
