//! Names, and step 4: the order of the world.

use serde_json::{Value, json};
use talks::domain::ceasefire::Nominal;
use talks::domain::demand::Fate;
use talks::domain::event::Answer;
use talks::domain::negotiation::{Cut, fold};
use talks::domain::table::TalksState;
use talks::domain::when::When;

use crate::given::{Draft, Given, at, event, given, given_in, on, record, source};

fn demand(date: &str) -> Value {
    on(date, "demand.raised", json!({ "demand": "D1", "by": "north", "of": "south", "text": "Withdraw." }))
}

fn answered(date: &str, answer: &str) -> Value {
    on(date, "demand.answered", json!({ "demand": "D1", "by": "south", "answer": answer }))
}

fn retracted(target: &str) -> Value {
    record("event.retracted", json!({ "target": target, "reason": "it did not happen" }))
}

/// The facts about the world, in its order, without the opening.
fn order(log: &Given) -> Vec<String> {
    let history = log.history();
    let facts = history.facts.iter().filter(|fact| fact.event().is_some_and(|e| !e.is_record_keeping()));
    facts.skip(1).map(|fact| fact.version().to_string()).collect()
}

#[test]
fn the_first_definition_in_the_world_creates_the_life() {
    let log = given([demand("2025-10-25"), demand("2025-10-20")]);
    assert_eq!(log.history().ground.creators.values().collect::<Vec<_>>(), [&event("e3")]);
    log.on("2025-10-22").demand("D1", Fate::Open);
    assert_eq!(log.on("2025-10-25").the_demand("D1").raised.len(), 2);
}

#[test]
fn a_definition_with_an_open_start_comes_before_a_dated_one() {
    let log = given([demand("2025-10-25"), demand("[..2025-10-26]")]);
    assert_eq!(log.history().ground.creators.values().collect::<Vec<_>>(), [&event("e3")]);
    assert_eq!(order(&log), ["e3", "e2"]);
}

#[test]
fn a_retracted_definition_gives_way_to_the_next_one() {
    let log = given([demand("2025-10-20"), demand("2025-10-25"), answered("2025-10-26", "rejected"), retracted("e2")]);
    log.on("2025-10-24").exists("D1", false);
    log.on("2025-10-26").answer("D1", "south", Some(Answer::Rejected)).anomalies(&[]);
}

#[test]
fn with_no_definition_left_what_refers_to_a_life_names_the_retraction() {
    let log = given([demand("2025-10-20"), answered("2025-10-26", "rejected"), retracted("e2")]);
    let told = log.on("2025-10-26");
    told.exists("D1", false).anomalies(&["e3: retracted-name"]);
    assert_eq!(told.why_not("e3"), ["D1 was retracted by e4"]);
    log.then([retracted("e4")]).on("2025-10-26").anomalies(&[]);
}

#[test]
fn a_name_that_nothing_defines_is_unknown() {
    let told = given([answered("2025-10-26", "rejected")]).on("2025-10-26");
    assert_eq!(told.why_not("e2"), ["nothing here is called D1"]);
}

#[test]
fn a_name_in_another_log_is_kept_and_not_followed() {
    let claim = json!({ "by": "north", "text": "As at Doha.", "about": "doha:A1" });
    given([on("2025-10-20", "claim.made", claim)]).on("2025-10-20").exists("Q1", true).anomalies(&[]);
}

#[test]
fn a_day_without_a_time_is_the_whole_day() {
    let log = given([demand("2025-10-20")]);
    log.on("2025-10-20T12:00Z").demand("D1", Fate::Open).possible("e2", true);
    log.on("2025-10-20").demand("D1", Fate::Open).possible("e2", false);
}

#[test]
fn a_time_is_the_same_instant_in_every_zone() {
    for zone in ["+00:00", "+05:00", "-07:00"] {
        let log = given_in(zone, [demand("2025-10-20T18:00+05:00")]);
        log.on("2025-10-20T12:59:59Z").exists("D1", false);
        log.on("2025-10-20T13:00Z").demand("D1", Fate::Open).possible("e2", false);
    }
}

#[test]
fn a_time_without_an_offset_is_refused() {
    for date in ["2025-10-20T18:00", "2025-10-20T18:00/2025-10-21", "[..2025-10-20T18:00]"] {
        assert!(When::parse(date).is_err(), "{date} was read");
    }
    assert!(When::parse("2025-10-20T18:00+05:00/2025-10-21T18:00+05:00").is_ok());
}

#[test]
fn a_doubt_flags_a_date_and_never_widens_it() {
    for date in ["2025-10-20?", "2025-10-20~", "2025-10-20%"] {
        let log = given([demand(date)]);
        log.on("2025-10-19").exists("D1", false);
        log.on("2025-10-20").demand("D1", Fate::Open).possible("e2", false);
        let fact = log.history().fact(event("e2")).and_then(|fact| fact.occurred().cloned());
        assert!(fact.is_some_and(|when| when.is_uncertain() || when.is_approximate()));
    }
}

#[test]
fn an_event_sorts_at_its_earliest_instant() {
    let log =
        given([demand("2025-10-21"), on("2025-10", "claim.made", json!({ "by": "north", "text": "They left." }))]);
    assert_eq!(order(&log), ["e3", "e2"]);
}

#[test]
fn an_open_start_counts_from_the_start_of_its_latest_day() {
    let log = given([demand("[..2025-10-26]")]);
    log.on("2025-10-25").exists("D1", false);
    log.on("2025-10-26T00:00Z").demand("D1", Fate::Open).possible("e2", true);
    log.on("2025-10-26").possible("e2", false);
}

#[test]
fn what_ends_something_between_two_days_counts_from_the_start_of_the_second() {
    let withdrawn = |date: &str| on(date, "demand.withdrawn", json!({ "demand": "D1" }));
    let log = given([demand("2025-10-20"), withdrawn("[2025-10-22..2025-10-26]")]);
    log.on("2025-10-25").demand("D1", Fate::Open);
    log.on("2025-10-26T00:00Z").demand("D1", Fate::Withdrawn).possible("e3", true);
    log.on("2025-10-26").possible("e3", false);
    let log = given([demand("2025-10-20"), answered("[2025-10-22..2025-10-26]", "rejected")]);
    log.on("2025-10-22").answer("D1", "south", Some(Answer::Rejected)).possible("e3", true);
}

#[test]
fn events_of_one_day_keep_the_order_of_the_log() {
    let log = given([demand("2025-10-20"), answered("2025-10-22", "accepted"), answered("2025-10-22", "rejected")]);
    log.on("2025-10-22").answer("D1", "south", Some(Answer::Rejected));
    let log = given([demand("2025-10-20"), answered("2025-10-22", "rejected"), answered("2025-10-22", "accepted")]);
    log.on("2025-10-22").answer("D1", "south", Some(Answer::Accepted));
}

#[test]
fn on_one_day_what_is_named_comes_before_what_names_it() {
    let log = given([answered("2025-10-22", "rejected"), demand("2025-10-22")]);
    assert_eq!(order(&log), ["e3", "e2"]);
    log.on("2025-10-22").answer("D1", "south", Some(Answer::Rejected)).anomalies(&[]);
}

#[test]
fn a_demand_made_by_some_day_and_answered_on_it_is_answered() {
    for drafts in [
        [demand("[..2025-10-26]"), answered("2025-10-26", "rejected")],
        [answered("2025-10-26", "rejected"), demand("[..2025-10-26]")],
    ] {
        let told = given(drafts).on("2025-10-26");
        told.answer("D1", "south", Some(Answer::Rejected)).demand("D1", Fate::Open).anomalies(&[]);
    }
}

#[test]
fn a_definition_is_no_later_than_what_names_it() {
    let log = given([demand("[2025-10-10..2025-10-30]"), answered("2025-10-20", "rejected")]);
    log.on("2025-10-20").possible("e2", false).anomalies(&[]);
    log.on("2025-10-19").possible("e2", true);
}

#[test]
fn what_names_a_life_is_no_earlier_than_its_definition() {
    let log = given([demand("2025-10-20"), answered("[2025-10-01..2025-10-25]", "rejected")]);
    log.on("2025-10-19").exists("D1", false).anomalies(&[]);
    log.on("2025-10-20").answer("D1", "south", Some(Answer::Rejected)).possible("e3", true);
}

#[test]
fn an_open_start_that_follows_something_dated_counts_from_there() {
    let log = given([demand("2025-10-20"), answered("[..2025-10-25]", "rejected")]);
    log.on("2025-10-20").answer("D1", "south", Some(Answer::Rejected)).possible("e3", true);
}

#[test]
fn an_event_named_in_the_context_orders_as_well() {
    let attack = |date: &str| on(date, "incident.reported", json!({ "category": "attack" }));
    let log = given([attack("[2025-10-10..2025-10-30]"), attack("2025-10-12").context("in_response_to", json!("e2"))]);
    assert_eq!(order(&log), ["e2", "e3"]);
    log.on("2025-10-12").possible("e2", false);
}

#[test]
fn what_a_term_names_orders_nothing() {
    let until = json!({ "parties": ["north", "south"], "until": { "with": "R1", "milestone": "closes" } });
    let log = given([on("2025-10-17", "ceasefire.agreed", until), on("2025-10-18", "round.opened", json!({}))]);
    assert_eq!(order(&log), ["e2", "e3"]);
    log.on("2025-10-17").ceasefire("C1", Nominal::InForce).anomalies(&[]);
}

fn ceasefire(date: &str, from: &str) -> Value {
    on(date, "ceasefire.agreed", json!({ "parties": ["north", "south"], "from": from }))
}

#[test]
fn a_ceasefire_was_agreed_no_later_than_it_starts() {
    let log = given([ceasefire("[2025-10-10..2025-10-30]", "2025-10-15")]);
    log.on("2025-10-15").possible("e2", false).ceasefire("C1", Nominal::InForce).anomalies(&[]);
    log.on("2025-10-14").possible("e2", true);
}

#[test]
fn a_ceasefire_dated_after_its_own_start_does_not_fit() {
    given([ceasefire("2025-10-20", "2025-10-15")]).on("2025-10-31").anomalies(&["e2: before-own-start"]);
}

#[test]
fn a_close_comes_no_earlier_than_the_opening_of_its_round() {
    let log = given([
        on("2025-10-10", "round.scheduled", json!({ "round": "R1", "for": "2025-10-20" })),
        on("[2025-10-11..2025-10-22]", "round.closed", json!({ "round": "R1", "outcome": "no-agreement" })),
        on("2025-10-22", "round.opened", json!({ "round": "R1" })),
    ]);
    assert_eq!(order(&log), ["e2", "e4", "e3"]);
    log.on("2025-10-22").talks(TalksState::NotInSession).anomalies(&[]);
}

#[test]
fn the_close_of_a_round_that_sits_again_later_is_in_order() {
    let log = given([
        on("2025-10-10", "round.opened", json!({ "round": "R1" })),
        on("2025-10-12", "round.closed", json!({ "round": "R1" })),
        on("2025-10-20", "round.opened", json!({ "round": "R1" })),
        on("2025-10-22", "round.closed", json!({ "round": "R1", "outcome": "agreement" })),
    ]);
    log.on("2025-10-22").talks(TalksState::NotInSession).anomalies(&[]);
}

#[test]
fn a_resumption_comes_no_earlier_than_its_pause() {
    let log = given([
        on("2025-10-10", "round.opened", json!({})),
        on("[2025-10-18..2025-10-20]", "talks.resumed", json!({})),
        on("2025-10-19", "talks.paused", json!({})),
    ]);
    assert_eq!(order(&log), ["e2", "e4", "e3"]);
    log.on("2025-10-20").talks(TalksState::InSession);
}

#[test]
fn a_pause_logged_after_a_resumption_of_its_day_comes_after_it() {
    let log = given([
        on("2025-10-10", "round.held", json!({})),
        on("2025-10-20", "talks.resumed", json!({})),
        on("2025-10-20", "talks.paused", json!({})),
    ]);
    log.on("2025-10-20").talks(TalksState::Paused);
}

#[test]
fn dates_that_contradict_each_other_stay_as_written() {
    let log = given([demand("2025-10-25"), answered("2025-10-20", "rejected")]);
    let told = log.on("2025-10-31");
    told.anomalies(&["e3: out-of-order"]).answer("D1", "south", None);
    assert_eq!(told.why_not("e3"), ["its date comes before that of D1, which it can only follow"]);
    log.on("2025-10-24").exists("D1", false);
}

#[test]
fn what_lasted_has_certainly_begun_once_its_first_end_is_over() {
    let log = given([on("2025-10-20/2025-10-25", "round.opened", json!({}))]);
    log.on("2025-10-20").possible("e2", false).talks(TalksState::InSession);
    let log = given([on("2025-10/2025-11-10", "round.opened", json!({}))]);
    log.on("2025-10-20").possible("e2", true).talks(TalksState::InSession);
    log.on("2025-10-31").possible("e2", false);
}

#[test]
fn an_event_without_a_date_counts_up_to_when_it_was_known() {
    let undated = record("claim.made", json!({ "by": "north", "text": "They left." }));
    let log = given([source("S1", "Dawn", "2025-10-26"), undated.cited("S1")]);
    log.on("2025-10-25").exists("Q1", false);
    log.on("2025-10-26").exists("Q1", true).anomalies(&["e3: undated"]);
}

#[test]
fn an_event_that_nothing_dates_is_kept_and_never_reached() {
    let log = given([record("claim.made", json!({ "by": "north", "text": "They left." }))]);
    log.on("2099-12-31").exists("Q1", false);
    let misfits = log.history().fact(event("e2")).map(|fact| fact.misfits.clone()).unwrap_or_default();
    assert_eq!(misfits[0].id(), "undated");
}

#[test]
fn a_fact_is_possible_until_its_span_is_over() {
    let log = given([demand("[2025-10-20..2025-10-22]")]);
    log.on("2025-10-19").exists("D1", false);
    log.on("2025-10-21").demand("D1", Fate::Open).possible("e2", true);
    log.on("2025-10-22").demand("D1", Fate::Open).possible("e2", false);
}

#[test]
fn the_certain_state_leaves_out_what_is_only_possible() {
    let log = given([demand("2025-10-20"), answered("[2025-10-21..2025-10-24]", "accepted")]);
    log.on("2025-10-22").answer("D1", "south", Some(Answer::Accepted));
    log.certainly_on("2025-10-22").answer("D1", "south", None);
    log.certainly_on("2025-10-24").answer("D1", "south", Some(Answer::Accepted));
}

#[test]
fn a_day_sees_nothing_of_what_came_after_it() {
    let log = given([demand("2025-10-20"), on("2025-10-25", "demand.withdrawn", json!({ "demand": "D1" }))]);
    log.on("2025-10-19").exists("D1", false);
    log.on("2025-10-24").demand("D1", Fate::Open);
    log.on("2025-10-25").demand("D1", Fate::Withdrawn);
}

#[test]
fn record_keeping_comes_with_what_it_is_about() {
    let account = record("account.added", json!({ "of": "e2", "stance": "confirms" }));
    let log = given([on("2025-10-20", "incident.reported", json!({ "category": "clash" })), account]);
    assert_eq!(log.on("2025-10-19").state.steps, 1);
    assert_eq!(log.on("2025-10-20").state.steps, 3);
}

#[test]
fn the_door_refuses_what_the_fold_keeps_as_an_anomaly() {
    let log = given([demand("2025-10-20"), on("2025-10-22", "demand.withdrawn", json!({ "demand": "D1" }))]);
    let log = log.then([answered("2025-10-25", "rejected")]);
    let history = log.history();
    let before = fold(&history, at("2025-10-24"), &Cut::default());
    let late = history.fact(event("e4")).expect("the answer");
    let refusal = before.admit(late).expect_err("it is refused");
    assert_eq!(refusal.iter().map(|misfit| misfit.id()).collect::<Vec<_>>(), ["over"]);
    log.on("2025-10-25").anomalies(&["e4: over"]);
    let early = fold(&history, at("2025-10-21"), &Cut::default());
    assert!(early.admit(late).is_ok());
}
