//! Reading what is kept beside a log.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::record;
use super::derived::{Derived, Known, Place, SHAPE, Top, name_of_place, packed, place_name, unpacked};
use super::snapshots::{ALL, All, Maker, SNAPSHOTS_FROM, Snapshot, apart};
use crate::domain::event::Event;
use crate::domain::hindsight::Hindsight;
use crate::domain::history::{Fact, History};
use crate::domain::ids::{Target, Version};
use crate::domain::negotiation::RULES;
use crate::domain::record::Record;
use crate::domain::when::{Instant, Zone};
use crate::log::{Derive, Fault, Head, Reader, Row, Sort};

/// The rows of a log, where they are those of its last version, by the rules of this program.
pub(super) struct Rows<'a> {
    pub top: Top,
    pub reader: &'a dyn Reader,
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

    /// From when on everything is certain to have happened.
    pub fn settled(&self) -> Instant {
        self.top.tail.settled()
    }

    /// On which days what was known is what is known now, less what came to be known later; nothing where no day can be told of.
    pub fn hindsight(&self) -> Option<&Hindsight> {
        let Top { complete, anomalies, hindsight, .. } = &self.top;
        (*complete && anomalies.is_empty()).then_some(hindsight)
    }

    /// What is known of a name, and the life that goes by it; what can't be read is not known.
    pub fn name(&self, name: &str) -> Result<Option<Known>, Fault> {
        let is_event = matches!(name.parse(), Ok(Target::Event(_)));
        let row = match self.reader.derived_one(Sort::Life, name, 0)? {
            None if is_event => self.reader.derived_one(Sort::Incident, name, 0)?,
            row => row,
        };
        Ok(row.and_then(|blob| unpacked(&blob)))
    }

    /// The records whose content has that digest.
    pub fn said(&self, digest: i64) -> Result<Vec<u64>, Fault> {
        let row = self.reader.derived_one(Sort::Said, "", digest)?;
        Ok(row.and_then(|blob| unpacked(&blob)).unwrap_or_default())
    }

    /// Everything that is known of names, with the lives; nothing where a row can't be read.
    pub fn names(&self) -> Result<Option<BTreeMap<String, Known>>, Fault> {
        self.every(&[Sort::Life, Sort::Incident], |row| unpacked::<Known>(&row.blob))
    }

    /// What the rows of these sorts say, by their names.
    pub fn every<T>(
        &self,
        sorts: &[Sort],
        read: impl Fn(&Row) -> Option<T>,
    ) -> Result<Option<BTreeMap<String, T>>, Fault> {
        let mut found = Some(BTreeMap::new());
        for sort in sorts {
            self.reader.derived(*sort, "", &mut |row| {
                let value = read(&row);
                found = found.take().zip(value).map(|(mut found, value)| {
                    found.insert(row.name.into(), value);
                    found
                });
                found.is_some()
            })?;
        }
        Ok(found)
    }

    /// Whether the snapshots are as good as new ones would be.
    pub fn has_snapshots(&self) -> Result<bool, Fault> {
        let mut count = 0;
        self.reader.derived_keys(Sort::Snapshot, &mut |name, _| {
            count += usize::from(name != ALL);
            true
        })?;
        Ok(self.all_snapshots()?.is_some_and(|all| all.are_good(self.top.version as usize, count)))
    }

    fn all_snapshots(&self) -> Result<Option<All>, Fault> {
        Ok(self.reader.derived_one(Sort::Snapshot, ALL, i64::MIN)?.and_then(|blob| unpacked(&blob)))
    }

    /// Whether they are what is derived from the records; of the snapshots some may be missing. Row by row, in the order of both.
    pub fn are(&self, derived: &Derived, history: &History) -> Result<bool, Fault> {
        Ok(self.has_just(Sort::Top, std::iter::once(derived.top_row()))?
            && self.has_just(Sort::Life, derived.name_rows(Sort::Life))?
            && self.has_just(Sort::Incident, derived.name_rows(Sort::Incident))?
            && self.has_just(Sort::Wording, derived.wording_rows())?
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
        let all = self.all_snapshots()?.unwrap_or_default();
        let (mut maker, mut facts, mut alike) = (Maker::new(history), history.facts.iter().peekable(), true);
        self.reader.derived(Sort::Snapshot, "", &mut |row| {
            if &*row.name == ALL {
                return true;
            }
            let mut last = None;
            while let Some(fact) = facts.next_if(|fact| place_name(fact).as_str() <= &*row.name) {
                maker.take(fact);
                last = Some(fact);
            }
            let is_there = last.is_some_and(|fact| place_name(fact).as_str() == &*row.name);
            let is_dated = row.key == maker.settled.0 && all.known(&row.name) == Some(maker.known);
            alike = is_there && is_dated && packed(&maker.snapshot()) == row.blob;
            alike
        })?;
        Ok(alike)
    }

    /// The last snapshot all of whose facts are certain at an instant, and were known by a day, with its place; the empty one, from
    /// which everything begins.
    pub fn last_snapshot(&self, at: Instant, known_by: Option<Instant>) -> Result<Option<(String, Snapshot)>, Fault> {
        let mut last = None;
        let all = known_by.map_or(Ok(None), |_| self.all_snapshots())?.unwrap_or_default();
        let was_known = |name: &str| known_by.is_none_or(|by| all.known(name).is_some_and(|known| known <= by));
        self.reader.derived_keys(Sort::Snapshot, &mut |name, settled| {
            let fits = name == ALL || settled <= at.0 && was_known(name);
            last = (fits && name != ALL).then(|| (name.to_owned(), settled)).or(last.take());
            fits
        })?;
        let Some((place, settled)) = last else { return Ok(Some(Default::default())) };
        let row = self.reader.derived_one(Sort::Snapshot, &place, settled)?;
        Ok(row.and_then(|blob| unpacked(&blob)).map(|snapshot| (place, snapshot)))
    }

    /// The places behind that one whose keys come by then; nothing where these are too many to be read one by one.
    pub fn places_after(&self, place: &str, at: Instant) -> Result<Option<Vec<(Version, Place)>>, Fault> {
        let events = self.top.version as usize;
        // Where better snapshots can be made, the log is folded once and they are.
        let worth_it = if self.has_snapshots()? { events / 3 } else { 2 * apart(events) };
        let limit = SNAPSHOTS_FROM.max(worth_it);
        let mut places = Vec::new();
        self.reader.derived(Sort::Place, place, &mut |row| {
            let read: Option<Place> = unpacked(&row.blob);
            let within = read.as_ref().is_some_and(|place| place.key <= at);
            if &*row.name > place {
                places.extend(read.filter(|_| within).map(|place| (Version(row.key as u64), place)));
            }
            within && places.len() <= limit
        })?;
        Ok((places.len() <= limit).then_some(places))
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
