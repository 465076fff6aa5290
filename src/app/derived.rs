//! What is derived from a log and kept beside it, so that asking where things stand does not fold the log again.
//!
//! Four sorts of rows, written with the append that changes them: the *top*, which says of which version and by which rules the
//! others are; a row for each *life* as it stands after everything; the *place* of each event in the world, named so that the rows
//! are in world order; and a few *snapshots* of the whole state at a place, made on a read that would have been glad of one.
//!
//! The law. A row says nothing that the records don't: all of them can be dropped, and come back the same. Reading them gives the
//! same answer as folding from the start, or they are not used: not where the top is of another version or other rules, not where a
//! day is asked about on which something was only possible, not under a cut of knowledge or a reading, which weigh everything anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::{Book, record};
use crate::domain::anomaly::{Anomaly, Misfit};
use crate::domain::event::Event;
use crate::domain::history::{Fact, Ground, History, PartyRecord, SourceRecord, Unheld};
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::lives::Piece;
use crate::domain::negotiation::{Negotiation, RULES};
use crate::domain::record::Record;
use crate::domain::value::Party;
use crate::domain::when::{Instant, Span, Zone};
use crate::log::{Derive, Fault, Head, Reader, Row, Sort};

/// Raised when a row changes its shape.
const SHAPE: u32 = 2;
/// A log shorter than this is folded in no time.
pub(super) const SNAPSHOTS_FROM: usize = 1024;
/// At most so many snapshots of one log.
const SNAPSHOTS: usize = 16;

/// What the other rows rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Top {
    shape: u32,
    rules: u32,
    version: u64,
    complete: bool,
    zone: Zone,
    title: String,
    subject: Option<String>,
    parties: BTreeMap<Party, PartyRecord>,
    sources: BTreeMap<Handle, SourceRecord>,
    creators: BTreeMap<Handle, Version>,
    /// The events of another table.
    tables: BTreeMap<Version, Box<str>>,
    /// What was retracted, and by which event.
    retracted: BTreeMap<Target, Version>,
    /// Events known that can't be read, and the lives they define.
    unread: BTreeSet<Target>,
    /// The ids of the events that define lives or declare parties: what a line is known by.
    ids: BTreeMap<Version, Uuid>,
    /// Events that another one names by their version, with their places: a line may tell of them.
    named: BTreeMap<Version, String>,
    anomalies: Vec<Anomaly>,
    /// How many facts are of the world and not about the record.
    of_the_world: usize,
    /// The last key and the last instant of any beginning: from then on everything is certain.
    settled: Instant,
}

/// The place of an event in the world: what steps 1 to 4 of the fold find out about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    begin: Span,
    end: Option<Span>,
    key: Instant,
    tie: u32,
    known: Option<Instant>,
    basis: Vec<Version>,
    /// What the corrections among the basis rest on in turn: where one of them says something else, so does the event.
    behind: Vec<Version>,
    creates: bool,
    misfits: Vec<Misfit>,
}

/// The whole state after the facts up to a place.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    /// From then on all its facts are certain.
    settled: Instant,
    of_the_world: usize,
    pieces: BTreeMap<String, Piece>,
}

/// Everything that is derived from one state of a log.
#[derive(Debug)]
pub(super) struct Derived {
    top: Top,
    lives: BTreeMap<String, Piece>,
    places: BTreeMap<(String, Version), Place>,
    /// What does not fit, of which the lives keep a part each.
    anomalies: BTreeSet<Anomaly>,
}

/// A state read from rows: what the views are asked of.
#[derive(Debug)]
pub(super) struct Present {
    pub history: History,
    pub state: Negotiation,
    pub certain: Negotiation,
    pub complete: bool,
}

impl Derived {
    /// From a log, its history, and the state after everything.
    pub fn of(book: &Book, history: &History, state: &Negotiation) -> Derived {
        let anomalies = state.anomalies.iter().cloned().collect();
        let places = history.facts.iter().map(|fact| ((place_name(fact), fact.version()), Place::of(fact, history)));
        Derived { top: Top::of(book, history, state), lives: lives(state), places: places.collect(), anomalies }
    }

    /// All of it, in the place of whatever is there.
    pub fn afresh(&self) -> Vec<Derive> {
        let mut changes = vec![Derive::Clear];
        changes.extend(self.life_rows().chain(self.place_rows()).chain([self.top_row()]));
        changes
    }

    fn top_row(&self) -> Derive {
        put(Sort::Top, "", 0, &self.top)
    }

    fn life_rows(&self) -> impl Iterator<Item = Derive> {
        self.lives.iter().map(|(name, piece)| put(Sort::Life, name, 0, piece))
    }

    fn place_rows(&self) -> impl Iterator<Item = Derive> {
        self.places.iter().map(|((name, version), place)| put_place(name, *version, place))
    }

    /// What has to be changed, where the rows there are those of `before`.
    pub fn since(&self, before: &Derived) -> Vec<Derive> {
        let mut changes = Vec::new();
        for (name, piece) in &self.lives {
            if before.lives.get(name) != Some(piece) {
                changes.push(put(Sort::Life, name, 0, piece));
            }
        }
        let gone = before.lives.keys().filter(|name| !self.lives.contains_key(*name));
        changes.extend(gone.map(|name| Derive::Drop(Sort::Life, name.as_str().into(), 0)));
        let mut first_moved: Option<&str> = None;
        for ((name, version), place) in &self.places {
            if before.places.get(&(name.clone(), *version)) != Some(place) {
                changes.push(put_place(name, *version, place));
                first_moved = Some(first_moved.map_or(name, |first| first.min(name)));
            }
        }
        for (name, version) in before.places.keys().filter(|place| !self.places.contains_key(*place)) {
            changes.push(Derive::Drop(Sort::Place, name.as_str().into(), version.0 as i64));
            first_moved = Some(first_moved.map_or(name, |first| first.min(name)));
        }
        // A snapshot stands as long as nothing moved at its place or before it, and what it holds would be judged so today.
        let of_then = self.anomalies.iter().filter(|anomaly| anomaly.event.0 <= before.top.version);
        if self.top.judges_like(&before.top) && of_then.eq(&before.anomalies) {
            changes.extend(first_moved.map(|name| Derive::DropFrom(Sort::Snapshot, name.into())));
        } else {
            changes.push(Derive::DropFrom(Sort::Snapshot, "".into()));
        }
        changes.push(self.top_row());
        changes
    }
}

impl Top {
    fn of(book: &Book, history: &History, state: &Negotiation) -> Top {
        let ground = &history.ground;
        let definers = ground.creators.values().copied();
        let declarers = ground.parties.values().flat_map(|party| party.basis.iter().copied());
        let id = |version: Version| Some((version, book.record(version)?.envelope.id?));
        let named: BTreeSet<Version> = history.facts.iter().flat_map(events_named).collect();
        let named = named.into_iter().filter_map(|version| Some((version, place_name(history.fact(version)?))));
        Top {
            shape: SHAPE,
            rules: RULES,
            version: history.version.map_or(0, |version| version.0),
            complete: book.is_complete(),
            zone: ground.zone,
            title: ground.title.clone(),
            subject: ground.subject.clone(),
            parties: ground.parties.clone(),
            sources: ground.sources.clone(),
            creators: ground.creators.clone(),
            tables: ground.tables.clone(),
            retracted: ground.retracted.clone(),
            unread: ground.unread.clone(),
            ids: definers.chain(declarers).chain(state.incidents.keys().copied()).filter_map(id).collect(),
            named: named.collect(),
            anomalies: history.anomalies.clone(),
            of_the_world: history.facts.iter().filter(|fact| is_of_the_world(fact)).count(),
            settled: history.facts.iter().map(settled).max().unwrap_or(Instant::MIN),
        }
    }

    /// Whether a fact that both know folds alike under both.
    fn judges_like(&self, other: &Top) -> bool {
        let same_ground = self.zone == other.zone && self.parties == other.parties && self.sources == other.sources;
        let still = |(handle, creator): (&Handle, &Version)| {
            self.creators.get(handle) == Some(creator) && self.tables.get(creator) == other.tables.get(creator)
        };
        same_ground && self.unread == other.unread && other.creators.iter().all(still)
    }

    fn ground(&self) -> Ground {
        Ground {
            zone: self.zone,
            title: self.title.clone(),
            subject: self.subject.clone(),
            parties: self.parties.clone(),
            sources: self.sources.clone(),
            creators: self.creators.clone(),
            tables: self.tables.clone(),
            retracted: self.retracted.clone(),
            // Of all events, those that a fact asks after; the others are not missed.
            effective: self.named.keys().copied().collect(),
            recorded: self.unread.clone(),
            unread: self.unread.clone(),
        }
    }
}

impl Place {
    fn of(fact: &Fact, history: &History) -> Place {
        let Fact { begin, end, key, tie, known, creates, .. } = *fact;
        let (basis, misfits) = (fact.basis.clone(), fact.misfits.clone());
        Place { begin, end, key, tie, known, behind: behind(fact, history), basis, creates, misfits }
    }
}

/// The corrections in effect on the corrections of a fact, however deep.
fn behind(fact: &Fact, history: &History) -> Vec<Version> {
    let mut waiting: Vec<Version> = fact.basis.iter().skip(1).copied().collect();
    let mut found = BTreeSet::new();
    while let Some(correction) = waiting.pop() {
        let own = history.fact(correction).map(|fact| fact.basis.as_slice()).unwrap_or_default();
        waiting.extend(own.iter().skip(1).filter(|event| found.insert(**event)));
    }
    found.into_iter().collect()
}

/// A name by which places stand in the order of the world.
fn place_name(fact: &Fact) -> String {
    // The order of signed numbers is that of unsigned ones, once the sign is turned over.
    format!("{:016x}{:08x}", (fact.key.0 as u64) ^ (1 << 63), fact.tie)
}

/// From then on the fact counts, and is certain.
fn settled(fact: &Fact) -> Instant {
    fact.key.max(fact.begin.last())
}

fn is_of_the_world(fact: &Fact) -> bool {
    fact.event().is_some_and(|event| !event.is_record_keeping())
}

fn events_named(fact: &Fact) -> impl Iterator<Item = Version> + '_ {
    fact.names.iter().filter_map(|name| if let Target::Event(version) = name { Some(*version) } else { None })
}

/// The pieces of a state that lists ask for. Of the events those only are kept that report an incident, make a claim, or were spoken
/// for or against: of the others a list says nothing but their name.
fn lives(state: &Negotiation) -> BTreeMap<String, Piece> {
    let claims: BTreeSet<String> = state.claims.values().map(|claim| claim.made_by.to_string()).collect();
    state.pieces().into_iter().filter(|(name, piece)| is_asked_for(name, piece, &claims)).collect()
}

fn is_asked_for(name: &str, piece: &Piece, claims: &BTreeSet<String>) -> bool {
    match piece {
        Piece::Event(entry, incident) => {
            incident.is_some() || claims.contains(name) || entry.as_ref().is_some_and(|entry| entry.is_spoken_of())
        }
        _ => true,
    }
}

fn put<T: Serialize>(sort: Sort, name: &str, key: i64, value: &T) -> Derive {
    Derive::Put(Row { sort, name: name.into(), key, blob: packed(value) })
}

/// Places are many, and have no field that may be left out: they are written without the names of their fields.
fn put_place(name: &str, version: Version, place: &Place) -> Derive {
    let blob = rmp_serde::to_vec(place).unwrap_or_default();
    Derive::Put(Row { sort: Sort::Place, name: name.into(), key: version.0 as i64, blob })
}

/// What can't be packed gives an empty row, which is never read as anything.
fn packed<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(value).unwrap_or_default()
}

fn unpacked<T: DeserializeOwned>(blob: &[u8]) -> Option<T> {
    rmp_serde::from_slice(blob).ok()
}

/// The rows of a log, where they are those of its last version, by the rules of this program.
pub(super) struct Rows<'a> {
    top: Top,
    reader: &'a dyn Reader,
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
        if self.top.settled > at {
            since_snapshot(&self.top, self.reader, at)
        } else {
            after_all(self.top, self.reader)
        }
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
            && self.has_just(Sort::Life, derived.life_rows())?
            && self.has_just(Sort::Place, derived.place_rows())?
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
}

/// After everything.
fn after_all(top: Top, reader: &dyn Reader) -> Result<Option<Present>, Fault> {
    let mut pieces = BTreeMap::new();
    let mut unreadable = false;
    reader.derived(Sort::Life, "", &mut |row| {
        match unpacked::<Piece>(&row.blob) {
            Some(piece) => drop(pieces.insert(row.name.to_string(), piece)),
            None => unreadable = true,
        }
        true
    })?;
    let ground = Arc::new(top.ground());
    let state = Negotiation::from_pieces(ground.clone(), pieces).ok().filter(|_| !unreadable);
    let Some(state) = state else { return Ok(None) };
    let Some(facts) = named_facts(&top, reader)? else { return Ok(None) };
    let held = facts.iter().filter(|fact| is_of_the_world(fact)).count();
    let unheld = Unheld { before: top.of_the_world - held, after: 0, ids: top.ids };
    let history = History::partial(facts, ground, top.anomalies, Some(Version(top.version)), unheld);
    Ok(Some(Present { history, certain: state.clone(), state, complete: top.complete }))
}

/// From the last snapshot that is certain by then, and the facts after it.
fn since_snapshot(top: &Top, reader: &dyn Reader, at: Instant) -> Result<Option<Present>, Fault> {
    let mut last: Option<(String, Snapshot)> = None;
    reader.derived(Sort::Snapshot, "", &mut |row| {
        let snapshot = unpacked::<Snapshot>(&row.blob).filter(|snapshot| snapshot.settled <= at);
        let fits = snapshot.is_some();
        last = snapshot.map(|snapshot| (row.name.to_string(), snapshot)).or(last.take());
        fits
    })?;
    let Some((place, snapshot)) = last else { return Ok(None) };
    let ground = Arc::new(top.ground());
    let Ok(mut state) = Negotiation::from_pieces(ground.clone(), snapshot.pieces) else { return Ok(None) };
    let mut certain = state.clone();
    let mut counted = snapshot.of_the_world;
    let mut facts = Vec::new();
    for (version, row) in places_after(reader, &place, at)? {
        let Some(fact) = fact(top, reader, version, row)? else { return Ok(None) };
        counted += usize::from(is_of_the_world(&fact));
        let is_certain = fact.is_certain_at(at);
        state.evolve(&fact, is_certain);
        if is_certain {
            certain.evolve(&fact, true);
        }
        facts.push(fact);
    }
    let Some(named) = named_facts(top, reader)? else { return Ok(None) };
    let after = top.of_the_world - counted;
    let known: BTreeSet<Version> = facts.iter().map(Fact::version).collect();
    facts.extend(named.into_iter().filter(|fact| !known.contains(&fact.version())));
    let held =
        |counts: &dyn Fn(&Fact) -> bool| facts.iter().filter(|fact| is_of_the_world(fact) && counts(fact)).count();
    let (before, after) = (counted - held(&|fact| fact.key <= at), after - held(&|fact| fact.key > at));
    let unheld = Unheld { before, after, ids: top.ids.clone() };
    let history = History::partial(facts, ground, top.anomalies.clone(), Some(Version(top.version)), unheld);
    Ok(Some(Present { history, state, certain, complete: top.complete }))
}

fn places_after(reader: &dyn Reader, place: &str, at: Instant) -> Result<Vec<(Version, Place)>, Fault> {
    let mut places = Vec::new();
    reader.derived(Sort::Place, place, &mut |row| {
        let read: Option<Place> = unpacked(&row.blob);
        let within = read.as_ref().is_some_and(|place| place.key <= at);
        if &*row.name > place {
            places.extend(read.filter(|_| within).map(|place| (Version(row.key as u64), place)));
        }
        within
    })?;
    Ok(places)
}

/// The facts that a line may tell of.
fn named_facts(top: &Top, reader: &dyn Reader) -> Result<Option<Vec<Fact>>, Fault> {
    let mut facts = Vec::new();
    for (version, name) in &top.named {
        let Some(place) = place(reader, *version, name)? else { return Ok(None) };
        let Some(fact) = fact(top, reader, *version, place)? else { return Ok(None) };
        facts.push(fact);
    }
    Ok(Some(facts))
}

fn place(reader: &dyn Reader, version: Version, name: &str) -> Result<Option<Place>, Fault> {
    let row = reader.derived_one(Sort::Place, name, version.0 as i64)?;
    Ok(row.and_then(|blob| unpacked(&blob)))
}

/// A fact from its record, the corrections in effect on it, and its place.
fn fact(top: &Top, reader: &dyn Reader, version: Version, place: Place) -> Result<Option<Fact>, Fault> {
    let Some(record) = effective(top, reader, version, &place.basis, 0)? else { return Ok(None) };
    let mentions = record.mentions();
    let Place { begin, end, key, tie, known, basis, creates, misfits, .. } = place;
    let (defines, names, parties, record) = (mentions.defines, mentions.names, mentions.parties, Arc::new(record));
    Ok(Some(Fact { record, basis, begin, end, key, tie, known, defines, creates, names, parties, misfits }))
}

/// A record with the corrections in effect laid on it, which may themselves have been corrected.
fn effective(
    top: &Top,
    reader: &dyn Reader,
    version: Version,
    basis: &[Version],
    depth: usize,
) -> Result<Option<Record>, Fault> {
    const DEPTH_LIMIT: usize = 16;
    let Some(stored) = reader.record(version.0)?.filter(|_| depth < DEPTH_LIMIT) else { return Ok(None) };
    let mut record = record(stored);
    for correction in basis.iter().filter(|event| **event != version) {
        // What corrects a correction names it; one that nobody names stands as it was written.
        let own = top.named.get(correction).map(|name| place(reader, *correction, name)).transpose()?.flatten();
        let own = own.map_or_else(|| vec![*correction], |place| place.basis);
        let correction = effective(top, reader, *correction, &own, depth + 1)?;
        let patched = match correction.as_ref().and_then(Record::event) {
            Some(Event::EventCorrected(c)) => record.patched(&c.patch).ok(),
            _ => None,
        };
        let Some(patched) = patched else { return Ok(None) };
        record = patched;
    }
    Ok(Some(record))
}

/// How many facts lie between two snapshots.
fn apart(facts: usize) -> usize {
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
struct Maker {
    state: Negotiation,
    of_the_world: usize,
    settled: Instant,
}

impl Maker {
    fn new(history: &History) -> Maker {
        Maker { state: Negotiation::new(history.ground.clone()), of_the_world: 0, settled: Instant::MIN }
    }

    fn take(&mut self, fact: &Fact) {
        self.state.evolve(fact, true);
        self.of_the_world += usize::from(is_of_the_world(fact));
        self.settled = self.settled.max(settled(fact));
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { settled: self.settled, of_the_world: self.of_the_world, pieces: lives(&self.state) }
    }
}
