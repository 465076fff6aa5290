//! The state in pieces, each of which is the fold of the facts that touch it.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use talks::domain::event::Event;
use talks::domain::history::{Fact, History, Knowledge, PartyRecord, SourceRecord};
use talks::domain::lives::{Misplaced, REST};
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::reach::{Reach, changed};
use talks::domain::record::Record;
use talks::domain::when::Instant;

use super::log::{Sort, WILD, logs};
use super::{all, cases, instants, knowledge};
use crate::given;

/// A value, written and read as a cache does.
fn written_and_read<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let mut bytes = Vec::new();
    let mut serializer = rmp_serde::Serializer::new(&mut bytes).with_struct_map();
    value.serialize(&mut serializer).expect("it can be written");
    rmp_serde::from_slice(&bytes).expect("it can be read")
}

fn a_state_is_its_pieces(history: &History, at: Instant) -> TestCaseResult {
    let pieces = fold(history, at, &Cut::default()).pieces();
    let read = pieces.iter().map(|(name, piece)| (name.clone(), written_and_read(piece))).collect();
    let state =
        Negotiation::from_pieces(history.ground.clone(), read).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let again = state.pieces();
    for (name, piece) in &pieces {
        prop_assert_eq!(again.get(name), Some(piece), "{}", name);
    }
    prop_assert_eq!(again.len(), pieces.len());
    Ok(())
}

fn the_registry_survives(history: &History) -> TestCaseResult {
    for party in history.ground.parties.values() {
        prop_assert_eq!(&written_and_read::<PartyRecord>(party), party);
    }
    for source in history.ground.sources.values() {
        prop_assert_eq!(&written_and_read::<SourceRecord>(source), source);
    }
    Ok(())
}

/// While a negotiation is closed, its lives take less.
fn closes(fact: &Fact) -> bool {
    matches!(fact.event(), Some(Event::NegotiationClosed(_) | Event::NegotiationReopened(_)))
}

fn a_piece_is_the_fold_of_what_touches_it(history: &History, certain: bool, at: Instant) -> TestCaseResult {
    let reach = Reach::new(history);
    let taken = |fact: &&Fact| fact.key <= at && (!certain || fact.is_certain_at(at));
    let facts: Vec<_> = history.facts.iter().filter(taken).map(|fact| (fact, reach.touches(fact))).collect();
    let whole = fold(history, at, &Cut { certain, ..Cut::default() }).pieces();
    let names: BTreeSet<&String> = whole.keys().chain(facts.iter().flat_map(|(_, touched)| touched)).collect();
    for name in names.into_iter().filter(|name| *name != REST) {
        let mut state = Negotiation::new(history.ground.clone());
        let touching = facts.iter().filter(|(fact, touched)| touched.contains(name) || closes(fact));
        touching.for_each(|(fact, _)| state.evolve(fact, fact.is_certain_at(at)));
        let pieces = state.pieces();
        prop_assert_eq!(pieces.get(name), whole.get(name), "{}", name);
    }
    Ok(())
}

fn what_is_appended_changes_what_it_is_said_to(
    records: &[Arc<Record>],
    knowledge: &Knowledge,
    at: Instant,
) -> TestCaseResult {
    let histories = (0..=records.len()).map(|length| History::new(&records[..length], knowledge)).collect::<Vec<_>>();
    for (before, after) in histories.iter().zip(&histories[1..]) {
        let changed = changed(before, after);
        let pieces = |history| fold(history, at, &Cut::default()).pieces();
        let (old, new) = (pieces(before), pieces(after));
        let names = old.keys().chain(new.keys()).filter(|name| *name != REST && !changed.contains(*name));
        for name in names {
            prop_assert_eq!(old.get(name), new.get(name), "{}, by {:?}", name, after.version);
        }
    }
    Ok(())
}

/// Lives that change each other.
const ENTANGLED: Sort = Sort {
    wild: false,
    families: &["talks", "demands", "offers", "agreements", "claims", "record", "ending"],
    longest: 24,
};

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_state_is_the_sum_of_its_pieces_also_once_they_were_written(log in logs(WILD), at in instants()) {
        let history = all(&log.records());
        a_state_is_its_pieces(&history, at)?;
        the_registry_survives(&history)?;
    }

    #[test]
    fn each_piece_is_the_fold_of_the_facts_that_touch_it(log in logs(WILD), knowledge in knowledge(), certain: bool, at in instants()) {
        a_piece_is_the_fold_of_what_touches_it(&History::new(&log.records(), &knowledge), certain, at)?;
    }

    #[test]
    fn each_piece_of_entangled_lives_is_the_fold_of_the_facts_that_touch_it(log in logs(ENTANGLED), at in instants()) {
        a_piece_is_the_fold_of_what_touches_it(&all(&log.records()), false, at)?;
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn an_event_changes_only_what_it_is_said_to_change(log in logs(WILD), known_by in option::weighted(0.3, instants()), at in instants()) {
        what_is_appended_changes_what_it_is_said_to(&log.records(), &Knowledge { known_by, recorded_by: None }, at)?;
    }

    #[test]
    fn an_event_about_entangled_lives_changes_only_what_it_is_said_to_change(log in logs(ENTANGLED), at in instants()) {
        what_is_appended_changes_what_it_is_said_to(&log.records(), &Knowledge::default(), at)?;
    }
}

#[test]
fn an_answer_changes_its_demand_and_nothing_else() {
    let opened = json!({"title":"talks","parties":[
        {"party":"p","name":"P","kind":"state","role":"party"}, {"party":"q","name":"Q","kind":"state","role":"party"}]});
    let demand = |text: &str| given::on("2023-10-02", "demand.raised", json!({"by":"p","of":"q","text":text}));
    let answered = json!({"demand":"D1","by":"q","answer":"rejected"});
    let drafts = [
        given::on("2023-10-01", "negotiation.opened", opened),
        demand("one"),
        demand("another"),
        given::on("2023-10-03", "demand.answered", answered),
    ];
    let log = given::log(&drafts);
    let names = changed(&all(&log[..3]), &all(&log));
    assert_eq!(names, ["D1", "e4"].map(String::from).into());
}

#[test]
fn a_piece_under_the_name_of_another_is_refused() {
    let log = given::log(&[given::on("2023-10-01", "demand.raised", json!({"by":"p","of":"q","text":"one"}))]);
    let history = all(&log);
    let pieces = fold(&history, Instant::MAX, &Cut::default()).pieces();
    for (name, piece) in pieces {
        for other in ["D2", "C1", "talks", "rest", "e0", "e01", "", "x"].into_iter().filter(|other| *other != name) {
            let misplaced = [(other.to_owned(), piece.clone())].into();
            let refused = Negotiation::from_pieces(history.ground.clone(), misplaced);
            assert_eq!(refused.err(), Some(Misplaced(other.to_owned())), "{name}");
        }
    }
}
