//! Snapshots: the state at a few places of a long log, so that a day long past is not folded from the start.
//!
//! They leave out what has rows of its own: how lives were worded between the first and the last, and the incidents of which nothing else is
//! said.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::derived::{is_of_the_world, kept_events, place_name, put, settled};
use crate::domain::history::{Fact, History};
use crate::domain::ids::{Letter, Target, Version};
use crate::domain::incident::{Account, Incident, Tally};
use crate::domain::ledger::Entry;
use crate::domain::lives::Piece;
use crate::domain::negotiation::{Cut, Negotiation, fold};
use crate::domain::when::Instant;
use crate::log::{Derive, Sort};

/// A log shorter than this is folded in no time.
pub(super) const SNAPSHOTS_FROM: usize = 1024;
/// At most so many snapshots of one log.
const SNAPSHOTS: usize = 256;
/// All snapshots of a log take about so many bytes for each of its facts at most, a quarter of what the log takes.
const BYTES_A_FACT: usize = 256;
/// So much room they have in any case.
const ROOM: usize = 4 << 20;
/// What a life takes in one, about.
const BYTES_A_LIFE: usize = 400;
/// The name of the row that tells of all of them. It sorts before all places: an append at the end lets it stand.
pub(super) const ALL: &str = "";

/// What is told of all snapshots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct All {
    /// Of how many events they were made, and how many they are.
    events: usize,
    count: usize,
    /// By when all facts of each were known, by its place.
    known: BTreeMap<String, Instant>,
}

impl All {
    /// Whether these are the best that there can be of a log of that many events, of which there are so many still.
    pub fn are_good(&self, events: usize, count: usize) -> bool {
        count == self.count && events.saturating_sub(self.events) <= events / 8
    }

    /// By when all facts of a snapshot were known.
    pub fn known(&self, place: &str) -> Option<Instant> {
        self.known.get(place).copied()
    }
}

/// The state after the facts up to a place. The key of its row is the instant from which on all of these are certain.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub of_the_world: usize,
    /// All incidents, also those that it leaves out.
    pub incidents: Tally,
    pub pieces: BTreeMap<String, Piece>,
}

/// How many facts lie between two snapshots, where there is room for all.
pub(super) fn apart(facts: usize) -> usize {
    (facts / SNAPSHOTS).max(SNAPSHOTS_FROM / 16)
}

/// How many facts lie between two snapshots of a log that ends with so many lives.
fn spaced(facts: usize, lives: usize) -> usize {
    // One takes half as much as the last of them, on the average; the basis of a life takes a byte a fact.
    let one = (lives * BYTES_A_LIFE + facts) / 2;
    let fit = ROOM.max(BYTES_A_FACT * facts) / one.max(1);
    apart(facts).max(facts / (fit + 1) + 1)
}

/// Whether nothing is said of an incident but its own report.
pub(super) fn is_plain(said: Option<&Entry>, incident: &Incident) -> bool {
    let reported = incident.tolls.iter().all(|figures| figures.account == Account::Report);
    reported && !said.is_some_and(Entry::is_spoken_of)
}

/// The snapshots of a log that is long enough to be glad of them, evenly spread over its facts.
pub(super) fn snapshots(history: &History) -> Vec<Derive> {
    let count = history.facts.len();
    if count < SNAPSHOTS_FROM {
        return Vec::new();
    }
    let apart = spaced(count, fold(history, Instant::MAX, &Cut::default()).count_of_lives());
    let mut maker = Maker::new(history);
    let mut rows = vec![Derive::DropFrom(Sort::Snapshot, "".into())];
    let mut known = BTreeMap::new();
    for (at, fact) in history.facts.iter().enumerate() {
        maker.take(fact);
        if (at + 1) % apart == 0 {
            rows.push(put(Sort::Snapshot, &place_name(fact), maker.settled.0, &maker.snapshot()));
            known.insert(place_name(fact), maker.known);
        }
    }
    let events = history.version.map_or(0, |version| version.0 as usize);
    let all = All { events, count: rows.len() - 1, known };
    rows.push(put(Sort::Snapshot, ALL, i64::MIN, &all));
    rows
}

/// Folds a history and stops where a snapshot is wanted.
pub(super) struct Maker {
    /// Without the wordings that a snapshot leaves out.
    state: Negotiation,
    of_the_world: usize,
    /// From then on all its facts are certain.
    pub settled: Instant,
    /// By then all its facts were known.
    pub known: Instant,
    /// The events that a fact named, and those that make a claim: of no others anything is said but what they say themselves.
    named: BTreeSet<Version>,
}

impl Maker {
    pub fn new(history: &History) -> Maker {
        let state = Negotiation::new(history.ground.clone());
        Maker { state, of_the_world: 0, settled: Instant::MIN, known: Instant::MIN, named: BTreeSet::new() }
    }

    pub fn take(&mut self, fact: &Fact) {
        self.state.evolve(fact, true);
        self.of_the_world += usize::from(is_of_the_world(fact));
        self.settled = self.settled.max(settled(fact));
        self.known = self.known.max(fact.known.unwrap_or(Instant::MIN));
        let makes = fact.defines.filter(|handle| handle.letter == Letter::Q).map(Target::Handle);
        let names = fact.names.iter().cloned().chain(makes);
        self.named.extend(names.filter_map(|name| self.state.ground.event_behind(&name)));
    }

    pub fn snapshot(&mut self) -> Snapshot {
        self.state.leave_out_wordings();
        let Negotiation { incidents, ledger, .. } = &self.state;
        let is_left_out = |event| incidents.get(&event).is_some_and(|incident| is_plain(ledger.get(event), incident));
        let is_kept = kept_events(&self.state);
        let events = self.named.iter().copied().filter(|event| is_kept(*event) && !is_left_out(*event));
        let pieces = self.state.pieces_with(events);
        Snapshot { of_the_world: self.of_the_world, incidents: Tally::of(incidents.values()), pieces }
    }
}
