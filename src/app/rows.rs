//! Reading what is kept beside a log: the state on a day, and what a further fact is put beside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::IgnoredAny;
use uuid::Uuid;

use super::book::record;
use super::derived::{Derived, Known, Place, SHAPE, Top, is_of_the_world, name_of_place, packed, place_name, unpacked};
use super::names::{Name, Names};
use super::snapshots::{Maker, Snapshot, apart};
use crate::domain::event::Event;
use crate::domain::history::{Fact, Ground, History, Unheld};
use crate::domain::ids::Version;
use crate::domain::lives::Piece;
use crate::domain::negotiation::{Negotiation, RULES};
use crate::domain::record::Record;
use crate::domain::when::{Instant, Zone};
use crate::log::{Derive, Fault, Head, Reader, Row, Sort};

/// A state read from rows: what the views are asked of.
#[derive(Debug)]
pub(super) struct Present {
    pub history: History,
    pub state: Negotiation,
    pub certain: Negotiation,
    pub complete: bool,
}

/// The rows of a log, where they are those of its last version, by the rules of this program.
pub(super) struct Rows<'a> {
    pub top: Top,
    pub reader: &'a dyn Reader,
}

/// What the rows of the names say, all of it.
struct Registry {
    ground: Arc<Ground>,
    ids: BTreeMap<Version, Uuid>,
    /// The events that a line may tell of, with their places.
    named: BTreeMap<Version, String>,
    /// The lives, where they were asked for.
    pieces: BTreeMap<String, Piece>,
}

impl<'a> Rows<'a> {
    pub fn open(head: &Head, reader: &'a dyn Reader) -> Result<Option<Rows<'a>>, Fault> {
        let top: Option<Top> = reader.derived_one(Sort::Top, "", 0)?.and_then(|blob| unpacked(&blob));
        let top = top.filter(|top| (top.shape, top.rules, top.version) == (SHAPE, RULES, head.version()));
        Ok(top.map(|top| Rows { top, reader }))
    }

    /// The zone of the log.
    pub fn zone(&self) -> Zone {
        self.top.zone
    }

    /// The state at an instant; nothing where the rows can't tell.
    pub fn present(self, at: Instant) -> Result<Option<Present>, Fault> {
        if self.top.tail.settled() > at { self.since_snapshot(at) } else { self.after_all() }
    }

    /// What is known of a name, and the life that goes by it; what can't be read is not known.
    pub fn name(&self, name: &str) -> Result<Option<Known>, Fault> {
        Ok(self.reader.derived_one(Sort::Life, name, 0)?.and_then(|blob| unpacked(&blob)))
    }

    /// The records whose content has that digest.
    pub fn said(&self, digest: i64) -> Result<Vec<u64>, Fault> {
        let row = self.reader.derived_one(Sort::Said, "", digest)?;
        Ok(row.and_then(|blob| unpacked(&blob)).unwrap_or_default())
    }

    /// Everything that is known of names, with the lives; nothing where a row can't be read.
    pub fn names(&self) -> Result<Option<BTreeMap<String, Known>>, Fault> {
        self.every(|row| unpacked::<Known>(&row.blob))
    }

    fn every<T>(&self, read: impl Fn(&Row) -> Option<T>) -> Result<Option<BTreeMap<String, T>>, Fault> {
        let mut found = Some(BTreeMap::new());
        self.reader.derived(Sort::Life, "", &mut |row| {
            let value = read(&row);
            found = found.take().zip(value).map(|(mut found, value)| {
                found.insert(row.name.into(), value);
                found
            });
            found.is_some()
        })?;
        Ok(found)
    }

    /// Whether there are all the snapshots that such a history is glad of.
    pub fn has_snapshots(&self, history: &History) -> Result<bool, Fault> {
        let mut found = 0;
        self.reader.derived(Sort::Snapshot, "", &mut |_| {
            found += 1;
            true
        })?;
        Ok(found == history.facts.len() / apart(history.facts.len()))
    }

    /// Whether they are what is derived from the records; of the snapshots some may be missing. Row by row, in the order of both.
    pub fn are(&self, derived: &Derived, history: &History) -> Result<bool, Fault> {
        Ok(self.has_just(Sort::Top, std::iter::once(derived.top_row()))?
            && self.has_just(Sort::Life, derived.name_rows())?
            && self.has_just(Sort::Place, derived.place_rows())?
            && self.has_just(Sort::Said, derived.said_rows())?
            && self.snapshots_are_of(history)?)
    }

    fn has_just(&self, sort: Sort, mut due: impl Iterator<Item = Derive>) -> Result<bool, Fault> {
        let mut alike = true;
        self.reader.derived(sort, "", &mut |row| {
            alike = due.next() == Some(Derive::Put(row));
            alike
        })?;
        Ok(alike && due.next().is_none())
    }

    /// Each snapshot is the one that the facts up to its place give. Those of a shorter log lie elsewhere than new ones would.
    fn snapshots_are_of(&self, history: &History) -> Result<bool, Fault> {
        let (mut maker, mut facts, mut alike) = (Maker::new(history), history.facts.iter().peekable(), true);
        self.reader.derived(Sort::Snapshot, "", &mut |row| {
            let mut last = None;
            while let Some(fact) = facts.next_if(|fact| place_name(fact).as_str() <= &*row.name) {
                maker.take(fact);
                last = Some(fact);
            }
            let is_there = last.is_some_and(|fact| place_name(fact).as_str() == &*row.name);
            alike = is_there && row.key == 0 && packed(&maker.snapshot()) == row.blob;
            alike
        })?;
        Ok(alike)
    }

    /// What is known of all names, with their lives or without.
    fn registry(&self, with_lives: bool) -> Result<Option<Registry>, Fault> {
        let names = self.every(|row| {
            if with_lives {
                return unpacked::<Known>(&row.blob);
            }
            unpacked::<(Name, IgnoredAny)>(&row.blob).map(|(name, _)| (name, None))
        })?;
        let Some(names) = names else { return Ok(None) };
        let (mut ground, mut ids, mut named) = (self.top.ground(), self.top.ids.clone(), BTreeMap::new());
        for (name, (known, _)) in &names {
            Names::enter(name, known, &mut ground, &mut ids);
            named.extend(name.parse().ok().zip(known.place.clone()));
        }
        let pieces = names.into_iter().filter_map(|(name, (_, piece))| Some((name, piece?))).collect();
        Ok(Some(Registry { ground: Arc::new(ground), ids, named, pieces }))
    }

    /// After everything.
    fn after_all(self) -> Result<Option<Present>, Fault> {
        let Some(Registry { ground, ids, named, pieces }) = self.registry(true)? else { return Ok(None) };
        let Ok(state) = Negotiation::from_pieces(ground.clone(), pieces) else { return Ok(None) };
        let Some(facts) = self.named_facts(&named)? else { return Ok(None) };
        let held = facts.iter().filter(|fact| is_of_the_world(fact)).count();
        let top = self.top;
        let unheld = Unheld { before: top.of_the_world - held, ids, ..Unheld::default() };
        let history = History::partial(facts, ground, top.anomalies, Some(Version(top.version)), unheld);
        Ok(Some(Present { history, certain: state.clone(), state, complete: top.complete }))
    }

    /// From the last snapshot that is certain by then, and the facts after it.
    fn since_snapshot(self, at: Instant) -> Result<Option<Present>, Fault> {
        let Some((place, snapshot)) = self.last_snapshot(at)? else { return Ok(None) };
        let Some(Registry { ground, ids, named, .. }) = self.registry(false)? else { return Ok(None) };
        let Ok(mut state) = Negotiation::from_pieces(ground.clone(), snapshot.pieces) else { return Ok(None) };
        let mut certain = state.clone();
        let mut counted = snapshot.of_the_world;
        let mut facts = Vec::new();
        for (version, row) in self.places_after(&place, at)? {
            let Some(fact) = self.fact(&named, version, row)? else { return Ok(None) };
            counted += usize::from(is_of_the_world(&fact));
            let is_certain = fact.is_certain_at(at);
            state.evolve(&fact, is_certain);
            if is_certain {
                certain.evolve(&fact, true);
            }
            facts.push(fact);
        }
        let Some(named) = self.named_facts(&named)? else { return Ok(None) };
        let top = self.top;
        let after = top.of_the_world - counted;
        let known: BTreeSet<Version> = facts.iter().map(Fact::version).collect();
        facts.extend(named.into_iter().filter(|fact| !known.contains(&fact.version())));
        let held =
            |counts: &dyn Fn(&Fact) -> bool| facts.iter().filter(|fact| is_of_the_world(fact) && counts(fact)).count();
        let (before, after) = (counted - held(&|fact| fact.key <= at), after - held(&|fact| fact.key > at));
        let unheld = Unheld { before, after, ids, ..Unheld::default() };
        let history = History::partial(facts, ground, top.anomalies, Some(Version(top.version)), unheld);
        Ok(Some(Present { history, state, certain, complete: top.complete }))
    }

    fn last_snapshot(&self, at: Instant) -> Result<Option<(String, Snapshot)>, Fault> {
        let mut last: Option<(String, Snapshot)> = None;
        self.reader.derived(Sort::Snapshot, "", &mut |row| {
            let snapshot = unpacked::<Snapshot>(&row.blob).filter(|snapshot| snapshot.settled <= at);
            let fits = snapshot.is_some();
            last = snapshot.map(|snapshot| (row.name.to_string(), snapshot)).or(last.take());
            fits
        })?;
        Ok(last)
    }

    fn places_after(&self, place: &str, at: Instant) -> Result<Vec<(Version, Place)>, Fault> {
        let mut places = Vec::new();
        self.reader.derived(Sort::Place, place, &mut |row| {
            let read: Option<Place> = unpacked(&row.blob);
            let within = read.as_ref().is_some_and(|place| place.key <= at);
            if &*row.name > place {
                places.extend(read.filter(|_| within).map(|place| (Version(row.key as u64), place)));
            }
            within
        })?;
        Ok(places)
    }

    /// The events whose keys are of that time, with the names of their places.
    pub fn between(&self, first: Instant, last: Instant) -> Result<Vec<(Version, String)>, Fault> {
        let (first, last) = (name_of_place(first, 0), name_of_place(last, u32::MAX));
        let mut found = Vec::new();
        self.reader.derived(Sort::Place, &first, &mut |row| {
            let within = *row.name <= *last;
            found.extend(within.then(|| (Version(row.key as u64), row.name.into())));
            within
        })?;
        Ok(found)
    }

    /// The facts that a line may tell of.
    fn named_facts(&self, named: &BTreeMap<Version, String>) -> Result<Option<Vec<Fact>>, Fault> {
        let mut facts = Vec::new();
        for (version, name) in named {
            let Some(place) = self.place(*version, name)? else { return Ok(None) };
            let Some(fact) = self.fact(named, *version, place)? else { return Ok(None) };
            facts.push(fact);
        }
        Ok(Some(facts))
    }

    pub fn place(&self, version: Version, name: &str) -> Result<Option<Place>, Fault> {
        let row = self.reader.derived_one(Sort::Place, name, version.0 as i64)?;
        Ok(row.and_then(|blob| unpacked(&blob)))
    }

    /// A fact from its record, the corrections in effect on it, and its place.
    pub fn fact(
        &self,
        named: &BTreeMap<Version, String>,
        version: Version,
        place: Place,
    ) -> Result<Option<Fact>, Fault> {
        let Some(record) = self.effective(named, version, &place.basis, 0)? else { return Ok(None) };
        let mentions = record.mentions();
        let Place { begin, end, key, tie, known, basis, creates, misfits, .. } = place;
        let (defines, names, awaits, parties) = (mentions.defines, mentions.names, mentions.awaits, mentions.parties);
        let record = Arc::new(record);
        Ok(Some(Fact { record, basis, begin, end, key, tie, known, defines, creates, names, awaits, parties, misfits }))
    }

    /// A record with the corrections in effect laid on it, which may themselves have been corrected.
    fn effective(
        &self,
        named: &BTreeMap<Version, String>,
        version: Version,
        basis: &[Version],
        depth: usize,
    ) -> Result<Option<Record>, Fault> {
        const DEPTH_LIMIT: usize = 16;
        let Some(stored) = self.reader.record(version.0)?.filter(|_| depth < DEPTH_LIMIT) else { return Ok(None) };
        let mut record = record(stored);
        for correction in basis.iter().filter(|event| **event != version) {
            // What corrects a correction names it; one that nobody names stands as it was written.
            let own = named.get(correction).map(|name| self.place(*correction, name)).transpose()?.flatten();
            let own = own.map_or_else(|| vec![*correction], |place| place.basis);
            let correction = self.effective(named, *correction, &own, depth + 1)?;
            let patched = match correction.as_ref().and_then(Record::event) {
                Some(Event::EventCorrected(c)) => record.patched(&c.patch).ok(),
                _ => None,
            };
            let Some(patched) = patched else { return Ok(None) };
            record = patched;
        }
        Ok(Some(record))
    }
}
