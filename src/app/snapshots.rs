//! Snapshots: the whole state at a few places of a long log, so that a day long past is not folded from the start.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::derived::{is_of_the_world, lives, place_name, put, settled};
use crate::domain::history::{Fact, History};
use crate::domain::lives::Piece;
use crate::domain::negotiation::Negotiation;
use crate::domain::when::Instant;
use crate::log::{Derive, Sort};

/// A log shorter than this is folded in no time.
pub(super) const SNAPSHOTS_FROM: usize = 1024;
/// At most so many snapshots of one log.
const SNAPSHOTS: usize = 16;

/// The whole state after the facts up to a place.
#[derive(Serialize, Deserialize)]
pub(super) struct Snapshot {
    /// From then on all its facts are certain.
    pub settled: Instant,
    pub of_the_world: usize,
    pub pieces: BTreeMap<String, Piece>,
}

/// How many facts lie between two snapshots.
pub(super) fn apart(facts: usize) -> usize {
    (facts / SNAPSHOTS).max(SNAPSHOTS_FROM / SNAPSHOTS)
}

/// The snapshots of a log that is long enough to be glad of them, evenly spread over its facts.
pub(super) fn snapshots(history: &History) -> Vec<Derive> {
    let count = history.facts.len();
    if count < SNAPSHOTS_FROM {
        return Vec::new();
    }
    let apart = apart(count);
    let mut maker = Maker::new(history);
    let mut rows = vec![Derive::DropFrom(Sort::Snapshot, "".into())];
    for (at, fact) in history.facts.iter().enumerate() {
        maker.take(fact);
        if (at + 1) % apart == 0 {
            rows.push(put(Sort::Snapshot, &place_name(fact), 0, &maker.snapshot()));
        }
    }
    rows
}

/// Folds a history and stops where a snapshot is wanted.
pub(super) struct Maker {
    state: Negotiation,
    of_the_world: usize,
    settled: Instant,
}

impl Maker {
    pub fn new(history: &History) -> Maker {
        Maker { state: Negotiation::new(history.ground.clone()), of_the_world: 0, settled: Instant::MIN }
    }

    pub fn take(&mut self, fact: &Fact) {
        self.state.evolve(fact, true);
        self.of_the_world += usize::from(is_of_the_world(fact));
        self.settled = self.settled.max(settled(fact));
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { settled: self.settled, of_the_world: self.of_the_world, pieces: lives(&self.state) }
    }
}
