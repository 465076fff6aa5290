//! The state in pieces.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use talks::domain::history::{History, PartyRecord, SourceRecord};
use talks::domain::lives::Misplaced;
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::when::Instant;

use super::log::{WILD, logs};
use super::{all, cases, instants};
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

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_state_is_the_sum_of_its_pieces_also_once_they_were_written(log in logs(WILD), at in instants()) {
        let history = all(&log.records());
        a_state_is_its_pieces(&history, at)?;
        the_registry_survives(&history)?;
    }
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
