//! Rounds, pauses, and who is at the table.

use serde_json::{Value, json};
use talks::domain::event::Outcome;
use talks::domain::negotiation::Cut;
use talks::domain::table::TalksState;
use talks::domain::talks::RoundState;
use talks::domain::term::Passed;
use talks::view::{Asked, With, rounds};

use crate::given::{Draft, Given, Told, event, given, on, party, record, source};

fn opened(date: &str, round: &str) -> Value {
    on(date, "round.opened", json!({ "round": round }))
}

fn closed(date: &str, round: &str, outcome: Option<&str>) -> Value {
    on(date, "round.closed", outcome.map_or(json!({ "round": round }), |o| json!({ "round": round, "outcome": o })))
}

fn scheduled(date: &str, round: &str, day: &str) -> Value {
    on(date, "round.scheduled", json!({ "round": round, "for": day }))
}

fn paused(date: &str, round: Option<&str>) -> Value {
    on(date, "talks.paused", round.map_or(json!({}), |round| json!({ "round": round })))
}

fn resumed(date: &str, round: Option<&str>) -> Value {
    on(date, "talks.resumed", round.map_or(json!({}), |round| json!({ "round": round })))
}

fn over(date: &str) -> Value {
    on(date, "negotiation.closed", json!({ "outcome": "collapsed" }))
}

fn in_session(told: &Told) -> Option<String> {
    told.state.talks.table(None).in_session(told.at).map(|(round, _)| round.handle.to_string())
}

fn last_outcome(log: &Given, day: &str) -> Option<(String, Option<Outcome>)> {
    let told = log.on(day);
    told.state
        .talks
        .table(None)
        .last_over(told.at)
        .map(|(round, session)| (round.handle.to_string(), session.outcome()))
}

#[test]
fn talks_that_never_met_have_not_begun() {
    given([]).on("2025-10-10").talks(TalksState::NotBegun);
}

#[test]
fn talks_with_a_first_date_set_are_scheduled() {
    let log = given([scheduled("2025-10-10", "R1", "2025-10-18")]);
    log.on("2025-10-10").talks(TalksState::Scheduled).round("R1", RoundState::Scheduled);
}

#[test]
fn talks_are_in_session_while_a_round_is_open() {
    let log = given([opened("2025-10-18", "R1"), closed("2025-10-20", "R1", None)]);
    log.on("2025-10-18").talks(TalksState::InSession).round("R1", RoundState::Open);
    log.on("2025-10-20").talks(TalksState::NotInSession).round("R1", RoundState::Closed);
}

#[test]
fn a_paused_round_is_not_in_session() {
    let log = given([opened("2025-10-18", "R1"), paused("2025-10-19", Some("R1"))]);
    log.on("2025-10-19").talks(TalksState::Paused).round("R1", RoundState::Paused);
}

#[test]
fn talks_are_in_session_while_another_round_is_not_paused() {
    let log = given([opened("2025-10-18", "R1"), opened("2025-10-18", "R2"), paused("2025-10-19", Some("R1"))]);
    let told = log.on("2025-10-19");
    told.talks(TalksState::InSession).round("R1", RoundState::Paused).round("R2", RoundState::Open);
    assert_eq!(in_session(&told).as_deref(), Some("R2"));
}

#[test]
fn each_round_has_its_own_pause() {
    let log = given([
        opened("2025-10-18", "R1"),
        opened("2025-10-18", "R2"),
        paused("2025-10-19", Some("R1")),
        paused("2025-10-20", Some("R2")),
    ]);
    log.on("2025-10-20").talks(TalksState::Paused).round("R1", RoundState::Paused).round("R2", RoundState::Paused);
}

#[test]
fn a_pause_that_names_no_round_interrupts_whatever_is_open() {
    let log = given([opened("2025-10-18", "R1"), opened("2025-10-18", "R2"), paused("2025-10-19", None)]);
    log.on("2025-10-19").talks(TalksState::Paused).round("R1", RoundState::Paused).round("R2", RoundState::Paused);
}

#[test]
fn talks_are_between_rounds_once_a_next_one_is_set() {
    let log = given([
        opened("2025-10-18", "R1"),
        closed("2025-10-19", "R1", None),
        scheduled("2025-10-20", "R2", "2025-10-25"),
    ]);
    log.on("2025-10-19").talks(TalksState::NotInSession);
    log.on("2025-10-20").talks(TalksState::BetweenRounds);
}

#[test]
fn a_closed_negotiation_is_closed_whatever_else_is_open() {
    let log = given([opened("2025-10-18", "R1"), over("2025-10-20")]);
    log.on("2025-10-20").talks(TalksState::Closed);
}

#[test]
fn reopening_a_negotiation_restores_where_the_talks_stood() {
    let reopened = on("2025-10-25", "negotiation.reopened", json!({}));
    let log = given([opened("2025-10-18", "R1"), over("2025-10-20"), reopened]);
    log.on("2025-10-25").talks(TalksState::InSession).anomalies(&[]);
}

#[test]
fn closing_a_negotiation_lapses_the_rounds_that_were_set() {
    let reopened = on("2025-10-22", "negotiation.reopened", json!({}));
    let log = given([scheduled("2025-10-10", "R1", "2025-10-25"), over("2025-10-20"), reopened]);
    let told = log.on("2025-10-20");
    told.round("R1", RoundState::Lapsed);
    assert_eq!(told.state.talks.table(None).upcoming(&told.now()).count(), 0);
    log.on("2025-10-22").round("R1", RoundState::Scheduled).talks(TalksState::Scheduled);
}

#[test]
fn a_closed_negotiation_opens_no_rounds() {
    let log = given([over("2025-10-20"), opened("2025-10-21", "R1"), over("2025-10-22")]);
    log.on("2025-10-22").anomalies(&["e3: negotiation-closed", "e4: negotiation-closed"]).exists("R1", false);
}

#[test]
fn a_negotiation_that_is_not_closed_can_not_reopen() {
    let log = given([on("2025-10-20", "negotiation.reopened", json!({}))]);
    log.on("2025-10-20").anomalies(&["e2: not-closed"]);
}

#[test]
fn the_last_outcome_is_that_of_the_last_round_even_if_it_was_not_stated() {
    let log = given([
        on("2025-10-18", "round.held", json!({ "round": "R1", "outcome": "agreement" })),
        opened("2025-10-25", "R2"),
        closed("2025-10-28", "R2", None),
    ]);
    assert_eq!(last_outcome(&log, "2025-10-17"), None);
    assert_eq!(last_outcome(&log, "2025-10-26"), Some(("R1".into(), Some(Outcome::Agreement))));
    assert_eq!(last_outcome(&log, "2025-10-28"), Some(("R2".into(), None)));
}

#[test]
fn a_round_that_was_held_met_and_parted_on_its_day() {
    let log = given([on("2025-10-18", "round.held", json!({ "round": "R1" }))]);
    log.on("2025-10-18").talks(TalksState::NotInSession).round("R1", RoundState::Closed);
}

#[test]
fn a_round_dated_from_a_to_b_is_over_at_b() {
    let log = given([on("2025-10-18/2025-10-20", "round.opened", json!({ "round": "R1" }))]);
    log.on("2025-10-19").talks(TalksState::InSession);
    log.on("2025-10-20").talks(TalksState::NotInSession).round("R1", RoundState::Closed);
    assert_eq!(last_outcome(&log, "2025-10-20"), Some(("R1".into(), None)));
    let log = log.then([closed("2025-10-23", "R1", Some("deadlock"))]);
    log.on("2025-10-23").round("R1", RoundState::Closed).anomalies(&[]);
    assert_eq!(last_outcome(&log, "2025-10-23"), Some(("R1".into(), Some(Outcome::Deadlock))));
    let over_at = log.on("2025-10-23").state.talks.rounds.values().next().and_then(|r| r.sessions[0].over_at());
    assert_eq!(over_at, Some(crate::given::at("2025-10-20")));
}

#[test]
fn a_pause_ends_when_the_talks_resume() {
    let log = given([opened("2025-10-18", "R1"), paused("2025-10-19", None), resumed("2025-10-21", None)]);
    let told = log.on("2025-10-21");
    told.talks(TalksState::InSession).anomalies(&[]);
    assert_eq!(told.state.talks.rounds.values().next().map(|r| r.sessions.len()), Some(1), "the same sitting goes on");
}

#[test]
fn a_pause_ends_when_a_round_opens() {
    let log = given([opened("2025-10-18", "R1"), paused("2025-10-19", Some("R1")), opened("2025-10-21", "R2")]);
    log.on("2025-10-21").talks(TalksState::InSession).round("R1", RoundState::Open).anomalies(&[]);
}

#[test]
fn a_pause_ends_when_the_parties_agree() {
    let pause = || given([opened("2025-10-18", "R1"), paused("2025-10-19", Some("R1"))]);
    let reached = |data: Value| pause().then([on("2025-10-21", "agreement.reached", data)]);
    reached(json!({ "parties": ["north", "south"] })).on("2025-10-21").talks(TalksState::InSession);
    reached(json!({})).on("2025-10-21").talks(TalksState::InSession);
    let signed = |date: &str, by: &str| on(date, "agreement.signed", json!({ "agreement": "A1", "by": by }));
    let log = pause().then([signed("2025-10-21", "north"), signed("2025-10-22", "south")]);
    log.on("2025-10-21").talks(TalksState::Paused);
    log.on("2025-10-22").talks(TalksState::InSession);
}

#[test]
fn an_agreement_of_those_who_help_ends_no_pause() {
    let pause = || given([opened("2025-10-18", "R1"), paused("2025-10-19", Some("R1"))]);
    let signed = |by: Value| pause().then([on("2025-10-21", "agreement.signed", json!({ "by": by }))]);
    signed(json!(["qatar", "watch"])).on("2025-10-21").talks(TalksState::Paused);
    signed(json!(["north", "qatar"])).on("2025-10-21").talks(TalksState::Paused);
    signed(json!(["north", "south", "qatar"])).on("2025-10-21").talks(TalksState::InSession);
}

#[test]
fn a_round_that_is_held_leaves_another_one_in_recess() {
    let held = |round: &str| on("2025-10-20", "round.held", json!({ "round": round }));
    let recess = |of: Option<&str>| given([opened("2025-10-18", "R1"), paused("2025-10-19", of)]);
    recess(Some("R1")).then([held("R2")]).on("2025-10-21").talks(TalksState::Paused).round("R1", RoundState::Paused);
    recess(Some("R1")).then([held("R1")]).on("2025-10-21").talks(TalksState::NotInSession);
    recess(None).then([held("R2")]).on("2025-10-21").round("R1", RoundState::Open);
}

/// At the table of the villages, beside the talks themselves.
fn of_villages(draft: Value) -> Value {
    draft.context("table", json!("villages"))
}

#[test]
fn each_table_has_its_own_talks() {
    let log = given([
        opened("2025-10-10", "R1"),
        of_villages(opened("2025-10-12", "R2")),
        closed("2025-10-13", "R1", None),
        closed("2025-10-15", "R2", None),
        of_villages(on("2025-10-16", "round.scheduled", json!({ "for": "2025-10-20" }))),
    ]);
    let villages = Some("villages");
    log.on("2025-10-11").talks(TalksState::InSession).talks_at(villages, TalksState::NotBegun);
    log.on("2025-10-14").talks(TalksState::NotInSession).talks_at(villages, TalksState::InSession);
    log.on("2025-10-17").talks(TalksState::NotInSession).talks_at(villages, TalksState::BetweenRounds);
    assert_eq!(last_outcome(&log, "2025-10-17"), Some(("R1".into(), None)));
}

#[test]
fn what_happens_at_one_table_ends_no_pause_at_another() {
    let start = || {
        given([
            opened("2025-10-10", "R1"),
            of_villages(opened("2025-10-11", "R2")),
            paused("2025-10-12", None),
            of_villages(paused("2025-10-12", None)),
        ])
    };
    let after = |draft: Value| start().then([draft]).on("2025-10-13");
    let villages = Some("villages");
    let agreed = || on("2025-10-13", "agreement.reached", json!({ "parties": ["north", "south"] }));
    after(agreed()).talks(TalksState::InSession).talks_at(villages, TalksState::Paused);
    after(of_villages(agreed())).talks(TalksState::Paused).talks_at(villages, TalksState::InSession);
    after(of_villages(opened("2025-10-13", "R3"))).talks(TalksState::Paused).round("R1", RoundState::Paused);
    let resumed = || on("2025-10-13", "talks.resumed", json!({}));
    after(resumed()).talks(TalksState::InSession).round("R2", RoundState::Paused);
    after(of_villages(resumed())).talks(TalksState::Paused).round("R2", RoundState::Open);
    after(closed("2025-10-13", "R2", None)).talks(TalksState::Paused).talks_at(villages, TalksState::NotInSession);
}

#[test]
fn what_is_said_of_a_round_follows_the_table_of_that_round() {
    let log = given([
        of_villages(opened("2025-10-10", "R1")),
        paused("2025-10-11", Some("R1")),
        on("2025-10-13", "talks.resumed", json!({ "round": "R1" })),
        opened("2025-10-20", "R1"),
    ]);
    let villages = Some("villages");
    log.on("2025-10-12").talks(TalksState::NotBegun).talks_at(villages, TalksState::Paused);
    log.on("2025-10-13").talks(TalksState::NotBegun).talks_at(villages, TalksState::InSession);
    assert_eq!(log.on("2025-10-20").talks(TalksState::NotBegun).state.talks.other_tables(), ["villages"].into());
}

#[test]
fn a_pause_does_not_end_by_the_date_that_was_named_for_it() {
    let until = on("2025-10-19", "talks.paused", json!({ "until": "2025-10-20", "how": "recess" }));
    given([opened("2025-10-18", "R1"), until]).on("2025-10-25").talks(TalksState::Paused);
    let dated = paused("2025-10-19/2025-10-20", Some("R1"));
    given([opened("2025-10-18", "R1"), dated]).on("2025-10-25").talks(TalksState::Paused);
}

#[test]
fn closing_the_round_that_is_paused_ends_its_pause() {
    let log = given([opened("2025-10-18", "R1"), paused("2025-10-19", Some("R1")), closed("2025-10-20", "R1", None)]);
    log.on("2025-10-20").talks(TalksState::NotInSession);
}

#[test]
fn a_pause_of_everything_ends_with_the_last_round_that_closes() {
    let log = given([
        opened("2025-10-18", "R1"),
        opened("2025-10-18", "R2"),
        paused("2025-10-19", None),
        closed("2025-10-20", "R1", None),
        closed("2025-10-21", "R2", None),
    ]);
    log.on("2025-10-20").talks(TalksState::Paused).round("R2", RoundState::Paused);
    log.on("2025-10-21").talks(TalksState::NotInSession);
}

#[test]
fn a_resumption_without_a_round_reopens_the_one_that_was_paused() {
    let rounds = [opened("2025-10-10", "R1"), on("2025-10-12", "round.held", json!({ "round": "R2" }))];
    for pause in [paused("2025-10-19", Some("R1")), paused("2025-10-19", None)] {
        let log = given(rounds.clone()).then([pause, resumed("2025-10-21", None)]);
        assert_eq!(in_session(&log.on("2025-10-21")).as_deref(), Some("R1"));
    }
}

#[test]
fn a_resumption_without_a_round_or_a_pause_reopens_the_last_round() {
    let log = given([
        on("2025-10-10", "round.held", json!({ "round": "R1" })),
        on("2025-10-25", "round.held", json!({ "round": "R2", "outcome": "no-agreement" })),
        resumed("2025-10-30", None),
    ]);
    let told = log.on("2025-10-30");
    told.talks(TalksState::InSession).round("R2", RoundState::Open).round("R1", RoundState::Closed).anomalies(&[]);
    assert_eq!(last_outcome(&log, "2025-10-30"), Some(("R2".into(), Some(Outcome::NoAgreement))));
}

#[test]
fn a_resumption_of_a_round_nobody_knows_changes_nothing() {
    let log = given([opened("2025-10-18", "R1"), closed("2025-10-20", "R1", None), resumed("2025-10-25", Some("R7"))]);
    log.on("2025-10-25").anomalies(&["e4: unknown-name"]).talks(TalksState::NotInSession);
}

#[test]
fn talks_that_are_in_session_can_not_resume() {
    let log = given([opened("2025-10-18", "R1"), resumed("2025-10-19", None)]);
    log.on("2025-10-19").anomalies(&["e3: round-open"]).talks(TalksState::InSession);
}

#[test]
fn talks_that_never_were_can_neither_pause_nor_resume() {
    let log = given([paused("2025-10-18", None), resumed("2025-10-19", None)]);
    log.on("2025-10-19").anomalies(&["e2: no-talks", "e3: no-talks"]).talks(TalksState::NotBegun);
}

#[test]
fn a_date_that_passes_without_an_opening_did_not_open() {
    let log = given([scheduled("2025-10-10", "R1", "2025-10-18")]);
    log.on("2025-10-18").round("R1", RoundState::Scheduled).talks(TalksState::Scheduled);
    log.on("2025-10-19").round("R1", RoundState::DidNotOpen).talks(TalksState::NotInSession);
}

#[test]
fn a_vague_date_keeps_a_round_set_until_all_of_it_is_over() {
    let log = given([scheduled("2025-10-10", "R1", "2025-11")]);
    let told = log.on("2025-11-15");
    told.round("R1", RoundState::Scheduled);
    let passed: Vec<Passed> = told.state.talks.table(None).upcoming(&told.now()).map(|(_, _, passed)| passed).collect();
    assert_eq!(passed, [Passed::Possibly]);
    log.on("2025-12-01").round("R1", RoundState::DidNotOpen);
}

#[test]
fn a_resumption_can_be_set_for_a_round_already_held() {
    let log =
        given([on("2025-10-10", "round.held", json!({ "round": "R1" })), scheduled("2025-10-12", "R1", "2025-10-18")]);
    log.on("2025-10-12").talks(TalksState::BetweenRounds).round("R1", RoundState::Scheduled);
    let told = log.on("2025-10-19");
    told.talks(TalksState::NotInSession).round("R1", RoundState::Closed);
    let passed: Vec<Passed> = told.state.talks.table(None).upcoming(&told.now()).map(|(_, _, passed)| passed).collect();
    assert_eq!(passed, [Passed::Yes]);
}

#[test]
fn a_round_not_held_closes_the_one_that_was_set() {
    let log = given([scheduled("2025-10-10", "R1", "2025-10-18"), closed("2025-10-17", "R1", Some("not-held"))]);
    log.on("2025-10-17").round("R1", RoundState::NotHeld).talks(TalksState::NotInSession).anomalies(&[]);
    let held = on("2025-10-08", "round.held", json!({ "round": "R1" }));
    let log = given([held, scheduled("2025-10-10", "R1", "2025-10-18"), closed("2025-10-17", "R1", Some("postponed"))]);
    log.on("2025-10-17").talks(TalksState::NotInSession).anomalies(&[]);
    let log = log.then([scheduled("2025-10-19", "R1", "2025-10-25")]);
    log.on("2025-10-19").talks(TalksState::BetweenRounds);
}

#[test]
fn a_round_that_never_opened_can_not_close_with_a_result() {
    let log = given([scheduled("2025-10-10", "R1", "2025-10-18"), closed("2025-10-18", "R1", Some("agreement"))]);
    log.on("2025-10-18").anomalies(&["e3: round-not-open"]).round("R1", RoundState::Scheduled);
    let log = given([opened("2025-10-10", "R1"), closed("2025-10-12", "R1", None), closed("2025-10-13", "R1", None)]);
    log.on("2025-10-13").anomalies(&["e4: round-not-open"]);
}

#[test]
fn an_opening_or_a_resumption_answers_the_date_that_was_set() {
    let log = given([scheduled("2025-10-10", "R1", "2025-10-18"), opened("2025-10-18", "R1")]);
    assert_eq!(log.on("2025-10-20").state.talks.table(None).upcoming(&log.on("2025-10-20").now()).count(), 0);
    let log = log.then([
        paused("2025-10-19", Some("R1")),
        scheduled("2025-10-19", "R1", "2025-10-21"),
        resumed("2025-10-21", Some("R1")),
    ]);
    let told = log.on("2025-10-25");
    assert_eq!(told.talks(TalksState::InSession).state.talks.table(None).upcoming(&told.now()).count(), 0);
}

#[test]
fn a_round_that_is_open_can_not_open() {
    let log = given([opened("2025-10-18", "R1"), opened("2025-10-19", "R1")]);
    log.on("2025-10-19").anomalies(&["e3: round-open"]).talks(TalksState::InSession);
}

#[test]
fn what_sources_call_a_round_is_kept_word_for_word() {
    let called = |words: &str| on("2025-10-18", "round.held", json!({ "round": "R1", "called": words }));
    let told = given([called("the first round"), called("the Doha talks")]).on("2025-10-18");
    let round = told.state.talks.rounds.values().next().map(|round| round.called.clone());
    assert_eq!(round, Some(vec!["the first round".to_string(), "the Doha talks".to_string()]));
}

#[test]
fn what_further_sources_report_of_a_round_is_kept_apart() {
    let says = json!({ "called": "the first round", "place": "Doha" });
    let log = given([
        source("S1", "One", "2025-10-26"),
        on("2025-10-25", "round.opened", json!({ "round": "R2", "called": "the second round" })),
        record("account.added", json!({ "of": "R2", "stance": "qualifies", "says": says })).cited("S1"),
    ]);
    let (history, told) = (log.history(), log.on("2025-10-26"));
    let cut = Cut::default();
    let asked = Asked { history: &history, all: &told.state, certain: &told.state, cut: &cut, at: told.at };
    let line = &rounds(&asked)[0];
    assert_eq!((line.item.called.as_slice(), &line.item.place), (&["the second round".to_string()][..], &None));
    let account = &line.item.accounts[0];
    assert_eq!((account.event, account.of, account.sources[0].to_string()), (event("e4"), event("e3"), "S1".into()));
    assert_eq!(account.says.as_ref().and_then(|says| says.called.as_deref()), Some("the first round"));
    assert!(line.basis.contains(&event("e4")), "the line rests on the account that it shows");
}

#[test]
fn a_round_is_found_by_a_party_a_mediator_or_a_name_in_a_delegation() {
    let delegations = json!([{ "party": "north", "head": "Noor, envoy", "members": ["Asim Malik"] }]);
    let log = given([
        on("2025-10-10", "round.held", json!({ "round": "R1", "mediators": "qatar", "delegations": delegations })),
        on("2025-10-12", "round.held", json!({ "round": "R2", "delegations": [{ "party": "south" }] })),
    ]);
    let (history, told) = (log.history(), log.on("2025-10-26"));
    let cut = Cut::default();
    let asked = Asked { history: &history, all: &told.state, certain: &told.state, cut: &cut, at: told.at };
    let found = |with: With| -> Vec<String> {
        let lines = rounds(&asked).into_iter().filter(|line| line.item.is_with(&with));
        lines.map(|line| line.item.handle.to_string()).collect()
    };
    assert_eq!(found(With::Party(party("south"))), ["R2"]);
    assert_eq!(found(With::Party(party("qatar"))), ["R1"]);
    for name in ["noor", "MALIK", "Asim Malik"] {
        assert_eq!(found(With::Person(name.into())), ["R1"], "{name}");
    }
    for name in ["Mal", "Malik Asim", "", ","] {
        assert_eq!(found(With::Person(name.into())), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_parties_present_are_those_that_joined_and_did_not_leave() {
    let left = |date: &str| on(date, "party.left", json!({ "party": "south" }));
    let told = given([left("2025-10-20"), left("2025-10-21")]).on("2025-10-31");
    let is_there = |slug: &str| told.state.presence[&party(slug)].last().map(|(present, _)| *present);
    assert_eq!((is_there("north"), is_there("south")), (Some(true), Some(false)));
    told.anomalies(&["e3: not-present"]);
}

#[test]
fn an_office_is_held_by_whoever_took_it_last_in_the_world() {
    let takes =
        |date: &str, who: Value| on(date, "office.changed", json!({ "party": "north", "office": "envoy", "who": who }));
    let log = given([takes("2025-10-20", json!("Amin")), takes("2025-10-10", json!("Basir"))]);
    let holder = |day: &str| log.on(day).state.offices[&(party("north"), "envoy".to_string())].0.clone();
    assert_eq!((holder("2025-10-12").as_deref(), holder("2025-10-20").as_deref()), (Some("Basir"), Some("Amin")));
}

#[test]
fn silence_runs_from_the_last_thing_heard_of_in_the_world() {
    let log = given([
        opened("2025-10-18", "R1"),
        on("2025-10-20/..", "measure.taken", json!({ "type": "closure" })),
        closed("[2025-10-22..2025-10-24]", "R1", None),
        crate::given::record("note.added", json!({ "text": "Nothing since." })),
    ]);
    let heard = |day: &str| log.on(day).state.last_heard.map(|moment| (moment.version.to_string(), moment.last));
    assert_eq!(heard("2025-10-17"), None);
    assert_eq!(heard("2025-10-21"), Some(("e3".into(), crate::given::at("2025-10-20"))));
    assert_eq!(heard("2025-12-31"), Some(("e4".into(), crate::given::at("2025-10-24"))));
}
