//! What is put on the table.

use serde_json::{Value, json};
use talks::domain::offer::OfferState;

use crate::given::{Given, given, on, party};

/// Offered on the 20th and then what follows.
#[track_caller]
fn offered<const N: usize>(more: [Value; N]) -> Given {
    let offer = json!({ "by": "north", "to": "south", "text": "A joint patrol." });
    given([on("2025-10-20", "offer.made", offer)]).then(more)
}

fn answered(date: &str, answer: &str) -> Value {
    on(date, "offer.answered", json!({ "offer": "O1", "by": "south", "answer": answer }))
}

fn withdrawn(date: &str) -> Value {
    on(date, "offer.withdrawn", json!({ "offer": "O1" }))
}

#[test]
fn an_offer_stands_until_it_is_answered() {
    offered([answered("2025-10-22", "rejected")]).on("2025-10-21").offer("O1", OfferState::Standing);
}

#[test]
fn the_latest_answer_to_the_whole_of_an_offer_decides() {
    let answers = [
        ("rejected", OfferState::Rejected),
        ("partly-accepted", OfferState::PartlyAccepted),
        ("countered", OfferState::Countered),
        ("deferred", OfferState::Deferred),
        ("undisclosed", OfferState::Answered),
        ("accepted", OfferState::Accepted),
    ];
    for (answer, state) in answers {
        let told = offered([answered("2025-10-21", "deferred"), answered("2025-10-22", answer)]).on("2025-10-22");
        told.offer("O1", state).anomalies(&[]);
    }
}

#[test]
fn an_answer_to_a_part_of_an_offer_leaves_the_whole_standing() {
    let part = json!({ "offer": "O1", "by": "south", "answer": "accepted", "part": "the patrol" });
    let told = offered([on("2025-10-21", "offer.answered", part)]).on("2025-10-21");
    assert_eq!(told.offer("O1", OfferState::Standing).state.offers.values().next().map(|o| o.replies.len()), Some(1));
}

#[test]
fn a_withdrawn_offer_is_off_the_table() {
    let told = offered([withdrawn("2025-10-21"), answered("2025-10-22", "accepted")]).on("2025-10-22");
    told.offer("O1", OfferState::Withdrawn).anomalies(&["e4: over"]);
}

#[test]
fn an_offer_is_superseded_only_by_one_that_says_so() {
    let other = |data: Value| offered([on("2025-10-22", "offer.made", data)]).on("2025-10-22");
    let silent = other(json!({ "by": "north", "to": "south", "text": "Two patrols." }));
    silent.offer("O1", OfferState::Standing);
    let told = other(json!({ "by": "north", "to": "south", "text": "Two patrols.", "supersedes": "O1" }));
    told.offer("O1", OfferState::Superseded).offer("O2", OfferState::Standing);
    let by = told.state.offers.values().next().and_then(|o| o.superseded_by.as_ref()).map(|(by, _)| by.to_string());
    assert_eq!(by.as_deref(), Some("O2"));
}

#[test]
fn an_offer_lapses_while_the_negotiation_is_closed_unless_it_was_accepted() {
    let closed = on("2025-10-25", "negotiation.closed", json!({ "outcome": "collapsed" }));
    let reopened = on("2025-11-05", "negotiation.reopened", json!({}));
    let log = offered([closed.clone(), reopened]);
    log.on("2025-10-25").offer("O1", OfferState::Lapsed);
    log.on("2025-11-05").offer("O1", OfferState::Standing);
    offered([answered("2025-10-22", "accepted"), closed]).on("2025-10-25").offer("O1", OfferState::Accepted);
}

#[test]
fn a_rejected_offer_stays_rejected_when_the_negotiation_closes() {
    let closed = on("2025-10-25", "negotiation.closed", json!({ "outcome": "collapsed" }));
    let told = offered([answered("2025-10-22", "rejected"), closed]).on("2025-10-25");
    told.offer("O1", OfferState::Rejected);
    let moves = told.state.offers.values().next().map(|offer| offer.move_of(&told.now()));
    assert_eq!(moves, Some(Vec::new()), "nobody is to move at a table that is closed");
}

#[test]
fn an_offer_made_again_keeps_its_old_words_and_is_final_once_called_so() {
    let again = json!({ "offer": "O1", "by": "north", "to": "south", "text": "Our last word.", "final": true });
    let told = offered([withdrawn("2025-10-21"), on("2025-10-22", "offer.made", again)]).on("2025-10-22");
    let offer = told.offer("O1", OfferState::Standing).state.offers.values().next();
    assert_eq!(
        offer.map(|offer| (offer.texts.held().count(), offer.is_final, offer.text())),
        Some((2, true, "Our last word."))
    );
}

#[test]
fn an_anonymous_official_does_not_decide_on_an_offer() {
    let by = json!({ "party": "south", "voice": "anonymous" });
    let told = offered([on("2025-10-21", "offer.answered", json!({ "offer": "O1", "by": by, "answer": "rejected" }))]);
    told.on("2025-10-21").offer("O1", OfferState::Standing).anomalies(&[]);
}

#[test]
fn an_answer_by_somebody_to_whom_an_offer_was_not_made_does_not_fit() {
    let rebels = json!({ "offer": "O1", "by": "rebels", "answer": "rejected" });
    let told = offered([on("2025-10-21", "offer.answered", rebels)]).on("2025-10-21");
    told.offer("O1", OfferState::Standing).anomalies(&["e3: not-asked"]);
}

#[test]
fn an_offer_waits_for_its_addressees_and_then_for_its_makers() {
    let waits = |log: Given, day: &str| {
        let told = log.on(day);
        told.state.offers.values().next().map(|offer| offer.move_of(&told.now())).unwrap_or_default()
    };
    assert_eq!(waits(offered([]), "2025-10-21"), [party("south")]);
    assert_eq!(waits(offered([answered("2025-10-21", "deferred")]), "2025-10-21"), [party("south")]);
    assert_eq!(waits(offered([answered("2025-10-21", "countered")]), "2025-10-21"), [party("north")]);
    assert_eq!(waits(offered([answered("2025-10-21", "accepted")]), "2025-10-21"), []);
}
