//! An excerpt of a log: what the rows of a few names and a few single records tell, and a state made of it.
//!
//! The law. What is in it is as it is in the state of the whole log; what was not asked after is missing, and who asks knows that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Trouble;
use super::book::record;
use super::derived::{Known, Place};
use super::names::{Name, Names};
use super::rows::Rows;
use crate::domain::event::Event;
use crate::domain::history::{Fact, Ground, Reports};
use crate::domain::ids::{Letter, Target, Version};
use crate::domain::lives::{Piece, REST};
use crate::domain::negotiation::Negotiation;
use crate::domain::record::Record;
use crate::domain::tail::{Stand, sources_used};
use crate::domain::when::Instant;
use crate::log::{Fault, Stop};

/// Why something is not decided from an excerpt.
pub(super) enum Detour {
    /// The log has to be read.
    Full,
    /// It is decided: nothing is appended.
    Stop(Stop<Trouble>),
}

/// What is found out from an excerpt, or why not.
pub(super) type Way<T> = Result<T, Detour>;

impl From<Fault> for Detour {
    fn from(fault: Fault) -> Detour {
        Detour::Stop(Stop::Fault(fault))
    }
}

/// What would be refused takes the whole log: which refusal comes first, and its words, are told from there.
impl From<Trouble> for Detour {
    fn from(_: Trouble) -> Detour {
        Detour::Full
    }
}

impl From<Stop<Trouble>> for Detour {
    fn from(stop: Stop<Trouble>) -> Detour {
        match stop {
            Stop::Refused(trouble) => trouble.into(),
            stop => Detour::Stop(stop),
        }
    }
}

/// What was read so far.
pub(super) struct Excerpt<'a> {
    pub rows: &'a Rows<'a>,
    /// The registry, of the names that were asked after.
    pub ground: Ground,
    /// When things were reported, by the sources that were asked after.
    pub reports: Reports,
    /// The rows of the names that were asked after; of what nothing is known, an empty one.
    pub known: BTreeMap<String, Known>,
    /// The facts that were asked after, by their event.
    pub facts: BTreeMap<Version, Fact>,
}

impl<'a> Excerpt<'a> {
    pub fn of(rows: &'a Rows<'a>) -> Excerpt<'a> {
        let reports = Reports { zone: rows.top.zone_of_reports, ..Reports::default() };
        let (known, facts) = (BTreeMap::new(), BTreeMap::new());
        Excerpt { rows, ground: rows.top.ground(), reports, known, facts }
    }

    /// Reads the row of a name.
    pub fn ask(&mut self, target: &Target) -> Way<()> {
        if matches!(target, Target::Elsewhere(_)) {
            return Ok(());
        }
        self.ask_by_name(&target.to_string())?;
        let Target::Event(version) = target else { return Ok(()) };
        let is_there = (1..=self.rows.top.version).contains(&version.0);
        let (name, _) = self.row(target);
        if is_there && name.retracted.is_none() && !name.unread {
            self.ground.effective.insert(*version);
        } else if is_there {
            self.ground.recorded.insert(target.clone());
        }
        Ok(())
    }

    /// Reads a row by its name, once.
    pub fn ask_by_name(&mut self, name: &str) -> Way<()> {
        if !self.known.contains_key(name) {
            let known = self.rows.name(name)?.unwrap_or_default();
            self.take(name.into(), known);
        }
        Ok(())
    }

    fn take(&mut self, name: String, known: Known) {
        Names::enter(&name, &known.0, &mut self.ground, &mut BTreeMap::new());
        if let Ok(Target::Handle(handle)) = name.parse() {
            self.reports.published.extend(known.0.published.map(|at| (handle, at)));
        }
        self.known.insert(name, known);
    }

    /// Reads the rows of all names.
    pub fn ask_all(&mut self) -> Way<()> {
        for (name, known) in self.rows.names()?.ok_or(Detour::Full)? {
            if !self.known.contains_key(&name) {
                self.take(name, known);
            }
        }
        Ok(())
    }

    /// The row of a name that was asked after.
    pub fn row(&self, target: &Target) -> &Known {
        const NOTHING: &Known = &(Name::NOTHING, None);
        self.known.get(&target.to_string()).unwrap_or(NOTHING)
    }

    /// Reads the names that a record uses.
    pub fn ask_names_of(&mut self, record: &Record) -> Way<()> {
        let mentions = record.mentions();
        let names = mentions.names.into_iter().chain(mentions.defines.map(Target::Handle));
        names.chain(sources_used(record)).try_for_each(|name| self.ask(&name))
    }

    /// Reads the fact of an event, if it counts.
    pub fn ask_fact(&mut self, version: Version) -> Way<()> {
        let target = Target::Event(version);
        self.ask(&target)?;
        if self.facts.contains_key(&version) || !self.ground.effective.contains(&version) {
            return Ok(());
        }
        let fact = match self.row(&target).0.place.clone() {
            Some(name) => {
                let place = self.rows.place(version, &name)?.ok_or(Detour::Full)?;
                self.placed(version, place)?
            }
            None => self.loose(version)?,
        };
        sources_used(&fact.record.clone()).try_for_each(|source| self.ask(&source))?;
        self.facts.insert(version, fact);
        Ok(())
    }

    /// A fact that another one names, with the corrections on it.
    fn placed(&mut self, version: Version, place: Place) -> Way<Fact> {
        for event in place.basis.iter().chain(&place.behind) {
            self.ask(&Target::Event(*event))?;
        }
        let named = self.known.iter().filter_map(|(name, known)| Some((name.parse().ok()?, known.0.place.clone()?)));
        let named = named.collect();
        self.rows.fact(&named, version, place)?.ok_or(Detour::Full)
    }

    /// A fact that nothing names: it stands as it was written.
    fn loose(&self, version: Version) -> Way<Fact> {
        let stored = self.rows.reader.record(version.0)?.ok_or(Detour::Full)?;
        let record = Arc::new(record(stored));
        let tail = &self.rows.top.tail;
        record.event().is_some().then(|| tail.loose(record.clone(), &self.ground, &self.reports)).ok_or(Detour::Full)
    }

    /// Whether it is known from when on an event may have been.
    fn has_beginning(&self, version: Version) -> bool {
        let occurred = self.facts.get(&version).and_then(Fact::occurred);
        occurred.is_some_and(|when| !when.begin(self.ground.zone).start.is_open())
    }

    /// Reads the last facts of the world that have a beginning, so many of them; how the record was opened is none.
    pub fn ask_last(&mut self, wanted: usize) -> Way<()> {
        const LOOKED_AT: u64 = 64;
        let last = self.rows.top.version;
        let mut found = 0;
        for version in (1..=last).rev().take_while(|version| last - version < LOOKED_AT) {
            self.ask_fact(Version(version))?;
            let event = self.facts.get(&Version(version)).and_then(Fact::event);
            let counts = |event: &Event| !event.is_record_keeping() && !matches!(event, Event::NegotiationOpened(_));
            found += usize::from(event.is_some_and(counts) && self.has_beginning(Version(version)));
            if found == wanted || version == 1 {
                return Ok(());
            }
        }
        Err(Detour::Full)
    }

    /// Reads the incidents that stand in that time.
    pub fn ask_incidents_between(&mut self, first: Instant, last: Instant) -> Way<()> {
        for (version, _) in self.rows.between(first, last)? {
            self.ask(&Target::Event(version))?;
            if let Some(Piece::Event(_, Some(_))) = self.row(&Target::Event(version)).1 {
                self.ask_fact(version)?;
            }
        }
        Ok(())
    }

    /// Reads what waives a check for anything that was read.
    pub fn ask_waivers(&mut self) -> Way<()> {
        let waivers = self.known.values().flat_map(|(name, _)| name.waivers.clone());
        waivers.collect::<Vec<_>>().into_iter().try_for_each(|waiver| self.ask_fact(waiver))
    }

    /// Reads what the lives rest on of which a check asks how well they are vouched for.
    pub fn ask_what_lives_rest_on(&mut self) -> Way<()> {
        let basis = |(_, piece): &Known| match piece {
            Some(Piece::Ceasefire(life)) => life.basis.clone(),
            Some(Piece::Agreement(Some(life), _)) => life.basis.clone(),
            _ => Vec::new(),
        };
        let events: Vec<Version> = self.known.values().flat_map(basis).collect();
        events.into_iter().try_for_each(|event| self.ask_fact(event))?;
        // A ceasefire is vouched for by those as well who speak of its violations.
        let violations = |(_, piece): &Known| match piece {
            Some(Piece::Ceasefire(life)) => life.violations.iter().map(|violation| violation.moment.version).collect(),
            _ => Vec::new(),
        };
        let violations: Vec<Version> = self.known.values().flat_map(violations).collect();
        for violation in violations {
            let target = Target::Event(violation);
            self.ask(&target)?;
            if let Some(Piece::Event(Some(said), _)) = &self.row(&target).1 {
                let voices = said.voices();
                voices.into_iter().try_for_each(|event| self.ask_fact(event))?;
            }
        }
        Ok(())
    }

    /// The name of the place of an event that was asked after.
    pub fn place_of(&self, version: Version) -> Way<Option<String>> {
        if let Some(name) = &self.row(&Target::Event(version)).0.place {
            return Ok(Some(name.clone()));
        }
        let Some(fact) = self.facts.get(&version) else { return Ok(None) };
        let found = self.rows.between(fact.key, fact.key)?.into_iter().find(|(event, _)| *event == version);
        found.map(|(_, name)| Some(name)).ok_or(Detour::Full)
    }

    /// Where the events stand behind what a record names or joins, as far as that can be told.
    pub fn stands(&mut self, record: &Record) -> Way<BTreeMap<Version, Stand>> {
        let mut stands = BTreeMap::new();
        let mentions = record.mentions();
        let joined = mentions.defines.map(Target::Handle);
        for name in mentions.names.into_iter().chain(joined) {
            let Some(version) = self.ground.event_behind(&name) else { continue };
            self.ask_fact(version)?;
            let Some(name) = self.place_of(version)? else { continue };
            let place = self.rows.place(version, &name)?.ok_or(Detour::Full)?;
            stands.insert(version, Stand { begin: place.begin, key: place.key, known: place.known });
        }
        Ok(stands)
    }

    /// The lives that were read, and what was said of the facts that were.
    pub fn state(&mut self) -> Way<Negotiation> {
        self.ask_by_name(REST)?;
        let pieces = self.known.iter().filter_map(|(name, known)| Some((name.clone(), known.1.clone()?)));
        let state = Negotiation::from_pieces(Arc::new(self.ground.clone()), pieces.collect());
        let mut state = state.map_err(|_| Detour::Full)?;
        for fact in self.facts.values() {
            if state.ledger.get(fact.version()).is_none() {
                state.enter(fact);
            }
        }
        Ok(state)
    }

    /// Whether a life of one of these sorts ever was.
    pub fn ever_was(&self, letters: &[Letter]) -> bool {
        letters.iter().any(|letter| self.rows.top.highest.contains_key(letter))
    }
}
