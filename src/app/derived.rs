//! What is derived from a log and kept beside it, so that asking where things stand, and adding to it, does not fold the log again.
//!
//! The sorts of rows, written with the append that changes them: the *top*, which says of which version and by which rules the
//! others are; a row for each *name*: the life as it stands after everything, and what is known of the name; apart from these, so that a
//! glance needs no more than what is so now, the *incidents* of which nothing else is said, and the earlier *wordings* of lives; the
//! *place* of each event in the world, named so that the rows are in world order; what was *said*, by a digest, so that the same is not
//! taken twice; and a few *snapshots* of the whole state at a place, made on a read that would have been glad of one.
//!
//! The law. A row says nothing that the records don't: all of them can be dropped, and come back the same. Reading them gives the
//! same answer as folding from the start, or they are not used: not where the top is of another version or other rules, not where a
//! day is asked about on which something was only possible, not on a day of knowledge that lies in a gap of [`Hindsight`], not under
//! another cut or a reading, which weigh everything anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::Book;
use super::names::{Name, Names};
use super::twins::Content;
use crate::domain::anomaly::{Anomaly, Misfit};
use crate::domain::hindsight::Hindsight;
use crate::domain::history::{Fact, Ground, History, PartyRecord};
use crate::domain::ids::{Letter, Target, Version};
use crate::domain::incident::Tally;
use crate::domain::ledger::Entry;
use crate::domain::lives::Piece;
use crate::domain::negotiation::{Negotiation, RULES};
use crate::domain::tail::{Tail, names_used};
use crate::domain::value::Party;
use crate::domain::when::{Instant, Span, Zone};
use crate::domain::wordings::Wording;
use crate::log::{Derive, Row, Sort};

/// Raised when a row changes its shape.
pub(super) const SHAPE: u32 = 5;

/// What the other rows rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Top {
    pub shape: u32,
    pub rules: u32,
    pub version: u64,
    pub complete: bool,
    pub zone: Zone,
    /// The zone in which the day of a report is a day.
    pub zone_of_reports: Zone,
    pub title: String,
    pub subject: Option<String>,
    pub parties: BTreeMap<Party, PartyRecord>,
    /// The ids of the events that declare parties: what a line is known by.
    pub ids: BTreeMap<Version, Uuid>,
    /// The other tables at which these are.
    pub tables: BTreeMap<Version, Box<str>>,
    pub anomalies: Vec<Anomaly>,
    /// How many facts are of the world and not about the record.
    pub of_the_world: usize,
    pub incidents: Tally,
    /// How far the facts reach.
    pub tail: Tail,
    /// On which days of knowledge the facts are the present ones, less what came to be known later.
    pub hindsight: Hindsight,
    /// The highest number that ever was, of each sort.
    pub highest: BTreeMap<Letter, u32>,
    /// Names that facts use and that lead nowhere.
    pub dangling: BTreeSet<Target>,
}

/// The place of an event in the world: what steps 1 to 4 of the fold find out about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    pub begin: Span,
    pub end: Option<Span>,
    pub key: Instant,
    pub tie: u32,
    pub known: Option<Instant>,
    pub basis: Vec<Version>,
    /// What the corrections among the basis rest on in turn: where one of them says something else, so does the event.
    pub behind: Vec<Version>,
    pub creates: bool,
    pub misfits: Vec<Misfit>,
}

/// What is known of a name, and the life that goes by it; of its wordings, the first and the last.
pub(super) type Known = (Name, Option<Piece>);

/// The rows of a name, by their sort and the name.
type NameRows = BTreeMap<(Sort, String), Known>;

/// Everything that is derived from one state of a log.
#[derive(Debug)]
pub(super) struct Derived {
    top: Top,
    names: NameRows,
    wordings: BTreeMap<(String, i64), Wording>,
    places: BTreeMap<(String, Version), Place>,
    said: BTreeMap<i64, Vec<u64>>,
    /// What does not fit, of which the lives keep a part each.
    anomalies: BTreeSet<Anomaly>,
}

impl Derived {
    /// From a log, its history, and the state after everything.
    pub fn of(book: &Book, history: &History, state: &Negotiation) -> Derived {
        let anomalies = state.anomalies.iter().cloned().collect();
        let places = history.facts.iter().map(|fact| ((place_name(fact), fact.version()), Place::of(fact, history)));
        let (names, wordings) = names(history, state);
        Derived {
            top: Top::of(book, history, state),
            names,
            wordings,
            places: places.collect(),
            said: said(book),
            anomalies,
        }
    }

    /// All of it, in the place of whatever is there.
    pub fn afresh(&self) -> Vec<Derive> {
        let mut changes = vec![Derive::Clear];
        changes.extend([Sort::Life, Sort::Incident].into_iter().flat_map(|sort| self.name_rows(sort)));
        changes.extend(self.wording_rows().chain(self.place_rows()).chain(self.said_rows()).chain([self.top.row()]));
        changes
    }

    pub fn top_row(&self) -> Derive {
        self.top.row()
    }

    /// The rows of the names that are of that sort.
    pub fn name_rows(&self, sort: Sort) -> impl Iterator<Item = Derive> {
        let rows = self.names.iter().filter(move |((of, _), _)| *of == sort);
        rows.map(|((sort, name), known)| put(*sort, name, 0, known))
    }

    pub fn wording_rows(&self) -> impl Iterator<Item = Derive> {
        self.wordings.iter().map(|((name, number), wording)| put_wording(name, *number, wording))
    }

    pub fn place_rows(&self) -> impl Iterator<Item = Derive> {
        self.places.iter().map(|((name, version), place)| put_place(name, *version, place))
    }

    pub fn said_rows(&self) -> impl Iterator<Item = Derive> {
        self.said.iter().map(|(digest, versions)| put_said(*digest, versions))
    }

    /// What has to be changed, where the rows there are those of `before`.
    pub fn since(&self, before: &Derived) -> Vec<Derive> {
        let mut changes = Vec::new();
        let put_name = |(sort, name): &(Sort, String), known: &Known| put(*sort, name, 0, known);
        differ(&mut changes, &before.names, &self.names, put_name, |(sort, name)| (*sort, name.as_str().into(), 0));
        let put_wording = |(name, number): &(String, i64), wording: &Wording| put_wording(name, *number, wording);
        let dropped = |(name, number): &(String, i64)| (Sort::Wording, name.as_str().into(), *number);
        differ(&mut changes, &before.wordings, &self.wordings, put_wording, dropped);
        let put_said = |digest: &i64, versions: &Vec<u64>| put_said(*digest, versions);
        differ(&mut changes, &before.said, &self.said, put_said, |digest| (Sort::Said, "".into(), *digest));
        let mut moved = Vec::new();
        let put_place = |(name, version): &(String, Version), place: &Place| put_place(name, *version, place);
        let dropped = |(name, version): &(String, Version)| (Sort::Place, name.as_str().into(), version.0 as i64);
        differ(&mut moved, &before.places, &self.places, put_place, dropped);
        let first_moved = moved.iter().filter_map(name_of).min().map(str::to_owned);
        changes.extend(moved);
        // A snapshot stands as long as nothing moved at its place or before it, and what it holds would be judged so today.
        let of_then = self.anomalies.iter().filter(|anomaly| anomaly.event.0 <= before.top.version);
        if self.judges_like(before) && of_then.eq(&before.anomalies) {
            changes.extend(first_moved.map(|name| Derive::DropFrom(Sort::Snapshot, name.into())));
        } else {
            changes.push(Derive::DropFrom(Sort::Snapshot, "".into()));
        }
        changes.push(self.top.row());
        changes
    }

    /// Whether a fact that both know folds alike under both.
    fn judges_like(&self, before: &Derived) -> bool {
        let still = |(_, name): &(Sort, String)| {
            let (was, is) = (before.name(name), self.name(name));
            let same_life = was.creator.is_none() || (was.creator, &was.table) == (is.creator, &is.table);
            same_life && was.source == is.source && was.unread == is.unread
        };
        let same_ground = self.top.zone == before.top.zone && self.top.parties == before.top.parties;
        same_ground && before.names.keys().chain(self.names.keys()).all(still)
    }

    /// What is known of a name.
    fn name(&self, name: &str) -> &Name {
        const NOTHING: &Name = &Name::NOTHING;
        let row = |sort| self.names.get(&(sort, name.to_owned()));
        row(Sort::Life).or_else(|| row(Sort::Incident)).map_or(NOTHING, |known| &known.0)
    }
}

/// What turns the rows of one map into those of another.
fn differ<K: Ord, V: PartialEq>(
    changes: &mut Vec<Derive>,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    put: impl Fn(&K, &V) -> Derive,
    dropped: impl Fn(&K) -> (Sort, Box<str>, i64),
) {
    let new = after.iter().filter(|(key, value)| before.get(key) != Some(value));
    changes.extend(new.map(|(key, value)| put(key, value)));
    let gone = before.keys().filter(|key| !after.contains_key(key)).map(dropped);
    changes.extend(gone.map(|(sort, name, key)| Derive::Drop(sort, name, key)));
}

fn name_of(change: &Derive) -> Option<&str> {
    match change {
        Derive::Put(row) => Some(&row.name),
        Derive::Drop(_, name, _) | Derive::DropFrom(_, name) => Some(name),
        Derive::Clear => None,
    }
}

impl Top {
    fn of(book: &Book, history: &History, state: &Negotiation) -> Top {
        let ground = &history.ground;
        let declarers = ground.parties.values().flat_map(|party| party.basis.iter().copied());
        let id = |version: Version| Some((version, book.record(version)?.envelope.id?));
        let table = |version: Version| Some((version, ground.tables.get(&version)?.clone()));
        let mut top = Top {
            shape: SHAPE,
            rules: RULES,
            version: history.version.map_or(0, |version| version.0),
            complete: book.is_complete(),
            zone: ground.zone,
            zone_of_reports: history.reports.zone,
            title: ground.title.clone(),
            subject: ground.subject.clone(),
            parties: ground.parties.clone(),
            ids: declarers.clone().filter_map(id).collect(),
            tables: declarers.filter_map(table).collect(),
            anomalies: history.anomalies.clone(),
            of_the_world: 0,
            incidents: Tally::of(state.incidents.values()),
            tail: Tail::default(),
            hindsight: Hindsight::of(history),
            highest: BTreeMap::new(),
            dangling: BTreeSet::new(),
        };
        history.facts.iter().for_each(|fact| top.see(fact, ground));
        let handle = |name: &Target| if let Target::Handle(handle) = name { Some(*handle) } else { None };
        ground.recorded.iter().filter_map(handle).for_each(|handle| top.number(handle.letter, handle.number));
        top
    }

    /// Takes note of a fact.
    pub fn see(&mut self, fact: &Fact, ground: &Ground) {
        self.of_the_world += usize::from(is_of_the_world(fact));
        self.tail.take(fact, self.zone);
        fact.defines.iter().for_each(|handle| self.number(handle.letter, handle.number));
        self.dangling.extend(names_used(fact).filter(|name| !ground.has(name)));
    }

    fn number(&mut self, letter: Letter, number: u32) {
        let highest = self.highest.entry(letter).or_default();
        *highest = number.max(*highest);
    }

    pub fn row(&self) -> Derive {
        put(Sort::Top, "", 0, self)
    }

    /// The registry, without what is known of the names.
    pub fn ground(&self) -> Ground {
        Ground {
            zone: self.zone,
            title: self.title.clone(),
            subject: self.subject.clone(),
            parties: self.parties.clone(),
            tables: self.tables.clone(),
            ..Ground::default()
        }
    }
}

impl Place {
    pub fn of(fact: &Fact, history: &History) -> Place {
        Place { behind: behind(fact, history), ..Place::alone(fact) }
    }

    /// Of a fact that nothing corrects.
    pub fn alone(fact: &Fact) -> Place {
        let Fact { begin, end, key, tie, known, creates, .. } = *fact;
        let (basis, misfits) = (fact.basis.clone(), fact.misfits.clone());
        Place { begin, end, key, tie, known, behind: Vec::new(), basis, creates, misfits }
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

/// What is known of each name, with the life that goes by it, and apart how it was worded between.
fn names(history: &History, state: &Negotiation) -> (NameRows, BTreeMap<(String, i64), Wording>) {
    let place = |version: Version| Some(place_name(history.fact(version)?));
    let mut pieces = lives(state);
    let Names(known) = Names::of(history, &place);
    let known = known.into_iter().filter(|(_, known)| *known != Name::default());
    let mut names: BTreeMap<String, Known> =
        known.map(|(name, known)| (name.clone(), (known, pieces.remove(&name)))).collect();
    names.extend(pieces.into_iter().map(|(name, piece)| (name, (Name::default(), Some(piece)))));
    let mut wordings = BTreeMap::new();
    for (name, (_, piece)) in &mut names {
        wordings.extend(take_wordings(name, piece.as_mut()));
    }
    (names.into_iter().map(|(name, known)| ((sort_of(&known), name), known)).collect(), wordings)
}

/// Takes what a row leaves out from a life, for rows of their own.
pub(super) fn take_wordings(name: &str, piece: Option<&mut Piece>) -> impl Iterator<Item = ((String, i64), Wording)> {
    let taken = piece.map(Piece::leave_out_wordings).unwrap_or_default();
    taken.into_iter().map(move |(number, wording)| ((name.to_owned(), number as i64), wording))
}

/// Of which sort the row of a name is.
pub(super) fn sort_of((name, piece): &Known) -> Sort {
    match piece {
        Some(Piece::Event(said, Some(_)))
            if name.is_only_known_by() && !said.as_ref().is_some_and(Entry::is_spoken_of) =>
        {
            Sort::Incident
        }
        _ => Sort::Life,
    }
}

/// The versions that say the same, by a digest of what they say.
fn said(book: &Book) -> BTreeMap<i64, Vec<u64>> {
    let mut said: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    for record in &book.records {
        said.entry(Content::digest_of(record)).or_default().push(record.version().0);
    }
    said
}

/// The signs of a place's name, in the order of their bytes.
const SIGNS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// A name by which places stand in the order of the world.
pub(super) fn place_name(fact: &Fact) -> String {
    name_of_place(fact.key, fact.tie)
}

/// The same of the place itself.
pub(super) fn name_of_place(key: Instant, tie: u32) -> String {
    // The order of signed numbers is that of unsigned ones, once the sign is turned over.
    let place = u128::from((key.0 as u64) ^ (1 << 63)) << 32 | u128::from(tie);
    (0..16).rev().map(|at| char::from(SIGNS[(place >> (6 * at) & 63) as usize])).collect()
}

/// From then on the fact counts, and is certain.
pub(super) fn settled(fact: &Fact) -> Instant {
    fact.key.max(fact.begin.last())
}

pub(super) fn is_of_the_world(fact: &Fact) -> bool {
    fact.event().is_some_and(|event| !event.is_record_keeping())
}

/// The pieces of a state that lists ask for. Of the events those only are kept that report an incident, make a claim, or were spoken
/// for or against: of the others a list says nothing but their name.
pub(super) fn lives(state: &Negotiation) -> BTreeMap<String, Piece> {
    let is_kept = kept_events(state);
    state.pieces_with(state.events_with_pieces().filter(|event| is_kept(*event)))
}

/// Whether the piece of an event is kept.
pub(super) fn kept_events(state: &Negotiation) -> impl Fn(Version) -> bool + '_ {
    let claims: BTreeSet<Version> = state.claims.values().map(|claim| claim.made_by).collect();
    move |event| claims.contains(&event) || is_told_of(state, event)
}

/// Whether an event reports an incident, or was spoken for or against.
pub(super) fn is_told_of(state: &Negotiation, event: Version) -> bool {
    state.incidents.contains_key(&event) || state.ledger.get(event).is_some_and(Entry::is_spoken_of)
}

pub(super) fn put<T: Serialize>(sort: Sort, name: &str, key: i64, value: &T) -> Derive {
    Derive::Put(Row { sort, name: name.into(), key, blob: packed(value) })
}

/// Places are many, and have no field that may be left out: they are written without the names of their fields.
pub(super) fn put_place(name: &str, version: Version, place: &Place) -> Derive {
    let blob = rmp_serde::to_vec(place).unwrap_or_default();
    Derive::Put(Row { sort: Sort::Place, name: name.into(), key: version.0 as i64, blob })
}

pub(super) fn put_wording(name: &str, number: i64, wording: &Wording) -> Derive {
    put(Sort::Wording, name, number, wording)
}

pub(super) fn put_said(digest: i64, versions: &Vec<u64>) -> Derive {
    put(Sort::Said, "", digest, versions)
}

/// What can't be packed gives an empty row, which is never read as anything.
pub(super) fn packed<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(value).unwrap_or_default()
}

pub(super) fn unpacked<T: DeserializeOwned>(blob: &[u8]) -> Option<T> {
    rmp_serde::from_slice(blob).ok()
}
