//! One party: what stands on its page, what it said on each issue, and where its position changed.

use serde_json::{Value, json};
use talks::domain::negotiation::{Cut, fold};
use talks::domain::position::Subject;
use talks::view::{Asked, PartyProfile};

use crate::given::{Draft, Given, at, given, on, party};

/// The page of the north by the end of a day.
#[track_caller]
fn north(log: &Given, date: &str) -> PartyProfile {
    let (history, at) = (log.history(), at(date));
    let all = fold(&history, at, &Cut::default());
    let certain = fold(&history, at, &Cut { certain: true, ..Cut::default() });
    let cut = Cut::default();
    let asked = Asked { history: &history, all: &all, certain: &certain, cut: &cut, at };
    talks::view::party(&asked, &party("north")).expect("it is declared")
}

/// Each change told: the thing, what of it, before and after, and the two events.
fn changes(profile: &PartyProfile) -> Vec<String> {
    let all = profile.issues.iter().flat_map(|line| &line.item.changes);
    all.map(|c| format!("{} {}: {} {} -> {} {}", c.on, c.subject, c.from, c.before, c.to, c.after)).collect()
}

/// Each issue with the events said on it.
fn said(profile: &PartyProfile) -> Vec<String> {
    let events = |said: &[talks::view::Line<talks::view::SaidView>]| -> Vec<String> {
        said.iter().map(|line| line.item.event.event.to_string()).collect()
    };
    let issues = profile.issues.iter().map(|line| &line.item);
    issues.map(|i| format!("{}: {}", i.issue.as_deref().unwrap_or("none"), events(&i.said).join(" "))).collect()
}

fn demand(date: &str, by: &str, of: &str, text: &str) -> Value {
    on(date, "demand.raised", json!({ "demand": "D1", "by": by, "of": of, "text": text }))
}

fn answered(date: &str, by: Value, answer: &str) -> Value {
    on(date, "demand.answered", json!({ "demand": "D1", "by": by, "answer": answer }))
}

fn states(date: &str, text: &str) -> Value {
    on(date, "statement.made", json!({ "by": "north", "act": "position", "text": text }))
}

fn anonymous() -> Value {
    json!({ "party": "north", "who": "an official", "voice": "anonymous" })
}

#[test]
fn an_answer_that_turns_is_a_change_of_position() {
    let log = given([
        demand("2025-10-10", "south", "north", "Open the crossing."),
        answered("2025-10-11", json!("north"), "rejected"),
        answered("2025-10-12", json!("north"), "rejected"),
        answered("2025-10-13", json!("north"), "accepted"),
    ]);
    assert_eq!(changes(&north(&log, "2025-10-12")), Vec::<String>::new());
    assert_eq!(changes(&north(&log, "2025-10-13")), ["D1 answer: e4 rejected -> e5 accepted"]);
}

#[test]
fn words_that_differ_are_no_change_of_position() {
    let log = given([
        demand("2025-10-10", "north", "south", "Open the crossing."),
        demand("2025-10-11", "north", "south", "The crossing must be open at once."),
        states("2025-10-12", "We will never talk.").context("issue", json!("talks")),
        states("2025-10-13", "We will talk.").context("issue", json!("talks")),
    ]);
    let profile = north(&log, "2025-10-13");
    assert_eq!(said(&profile), ["talks: e4 e5", "none: e2 e3"]);
    assert_eq!(changes(&profile), Vec::<String>::new());
}

#[test]
fn a_demand_withdrawn_or_worded_anew_is_a_change_of_position() {
    let log = given([
        demand("2025-10-10", "north", "south", "All crossings."),
        on("2025-10-11", "demand.revised", json!({ "demand": "D1", "text": "One crossing." })),
        on("2025-10-12", "demand.withdrawn", json!({ "demand": "D1" })),
    ]);
    let expected =
        ["D1 wording: e2 All crossings. -> e3 One crossing.", "D1 demand: e2 raised -> e4 withdrawn"].map(String::from);
    assert_eq!(changes(&north(&log, "2025-10-12")), expected);
}

#[test]
fn an_offer_that_another_replaces_is_a_change_of_position() {
    let offer = |date, data: Value| on(date, "offer.made", data);
    let log = given([
        offer("2025-10-10", json!({ "offer": "O1", "by": "north", "to": "south", "text": "Two per cent." })),
        offer("2025-10-11", json!({ "offer": "O2", "by": "north", "to": "south", "text": "A word on hours." })),
        offer("2025-10-12", json!({ "offer": "O3", "by": "north", "to": "south", "text": "3 %", "supersedes": "O1" })),
    ]);
    assert_eq!(changes(&north(&log, "2025-10-12")), ["O1 offer: e2 made -> e4 replaced by O3"]);
}

#[test]
fn a_claim_denied_and_then_confirmed_is_a_change_of_position() {
    let log = given([
        on("2025-10-10", "claim.made", json!({ "claim": "Q1", "by": "south", "text": "You hold prisoners." })),
        on("2025-10-11", "claim.denied", json!({ "of": "Q1", "by": "north" })),
        on("2025-10-12", "claim.confirmed", json!({ "of": "e2", "by": "north" })),
    ]);
    assert_eq!(changes(&north(&log, "2025-10-12")), ["e2 claim: e3 denied -> e4 affirmed"]);
}

#[test]
fn an_anonymous_official_changes_no_position_of_the_party() {
    let log = given([
        demand("2025-10-10", "south", "north", "Open the crossing."),
        answered("2025-10-11", json!("north"), "rejected"),
        answered("2025-10-12", anonymous(), "accepted"),
    ]);
    let profile = north(&log, "2025-10-12");
    assert_eq!(said(&profile), ["none: e3 e4"]);
    assert_eq!(changes(&profile), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_changes_no_position() {
    let log = given([
        demand("2025-10-10", "south", "rebels", "Open the crossing."),
        answered("2025-10-11", json!("north"), "rejected"),
        answered("2025-10-12", json!("north"), "accepted"),
    ]);
    assert_eq!(changes(&north(&log, "2025-10-12")), Vec::<String>::new());
}

#[test]
fn what_others_say_is_no_position_of_a_party() {
    let log = given([
        on("2025-10-10", "demand.raised", json!({ "by": "rebels", "of": ["north", "south"], "text": "Go." })),
        answered("2025-10-11", json!("north"), "rejected"),
        answered("2025-10-12", json!("south"), "accepted"),
    ]);
    let profile = north(&log, "2025-10-12");
    assert_eq!(said(&profile), ["none: e3"]);
    assert_eq!(changes(&profile), Vec::<String>::new());
}

#[test]
fn an_answer_belongs_to_the_issue_of_its_demand() {
    let log = given([
        states("2025-10-09", "Good morning."),
        demand("2025-10-10", "south", "north", "Open the crossing.").context("issue", json!("crossings")),
        answered("2025-10-11", json!("north"), "rejected"),
        answered("2025-10-12", json!("north"), "accepted").context("issue", json!("trade")),
    ]);
    let profile = north(&log, "2025-10-12");
    assert_eq!(said(&profile), ["crossings: e4", "trade: e5", "none: e2"]);
    let subjects: Vec<Subject> =
        profile.issues.iter().flat_map(|i| &i.item.changes).map(|change| change.subject).collect();
    assert_eq!(subjects, Vec::<Subject>::new(), "the two answers were told of different issues");
}

#[test]
fn what_a_party_answers_to_an_allegation_stands_beside_it() {
    let log = given([
        on("2025-10-10", "ceasefire.agreed", json!({ "ceasefire": "C1", "parties": ["north", "south"] })),
        on("2025-10-11", "violation.alleged", json!({ "of": "C1", "by": "north", "alleged_by": "south" })),
        on("2025-10-12", "violation.alleged", json!({ "of": "C1", "by": "south", "alleged_by": "north" })),
        on("2025-10-13", "claim.denied", json!({ "of": "e3", "by": "north" })),
        on("2025-10-13", "claim.denied", json!({ "of": "e4", "by": "south" })),
    ]);
    let profile = north(&log, "2025-10-13");
    let of_it = &profile.violations_of_it;
    assert_eq!(of_it.iter().map(|line| line.item.violation.event.to_string()).collect::<Vec<_>>(), ["e3"]);
    assert_eq!(of_it[0].item.denied_in.iter().map(ToString::to_string).collect::<Vec<_>>(), ["e5"]);
    let own = &profile.violations_alleged;
    assert_eq!(own.iter().map(|line| line.item.violation.event.to_string()).collect::<Vec<_>>(), ["e4"]);
    assert_eq!(own[0].item.denied_in, Vec::new());
    assert_eq!(own[0].item.violation.denied_by, [party("south")]);
}

#[test]
fn who_stays_unnamed_is_not_among_the_people_of_a_party() {
    let delegations =
        json!([{ "party": "north", "head": "Noor", "members": ["Karim"] }, { "party": "south", "head": "Sami" }]);
    let log = given([
        on("2025-10-10", "round.opened", json!({ "round": "R1", "delegations": delegations })),
        on("2025-10-11", "office.changed", json!({ "party": "north", "office": "envoy", "who": "Noor" })),
        on("2025-10-12", "statement.made", json!({ "by": anonymous(), "act": "warning", "text": "Beware." })),
        on(
            "2025-10-13",
            "statement.made",
            json!({ "by": { "party": "north", "who": "Noor" }, "act": "appeal", "text": "Come." }),
        ),
    ]);
    let profile = north(&log, "2025-10-13");
    let person = |line: &talks::view::Line<talks::view::PersonView>| {
        let p = &line.item;
        format!("{} {:?} {} {} {}", p.name, p.offices, p.led.len(), p.sat_in.len(), p.spoke_in.len())
    };
    assert_eq!(profile.people.iter().map(person).collect::<Vec<_>>(), ["Karim [] 0 1 0", "Noor [\"envoy\"] 1 0 1"]);
}
