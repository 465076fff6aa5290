//! The end of the order of the world: what can be put there without anything being ordered anew.
//!
//! The law. A record that [`Tail::follow`] gives a place has that place, that span and that handle in the history of the whole log,
//! and no other fact has another one for it. Four things make it so. Nothing names it or what it defines. It begins no earlier than any place that is taken, so that
//! no span is tightened to it from below, no key is lowered to it, and no life has it for an earlier creator. It may end no earlier
//! than any fact that is there, so that no span is tightened to it from above. And no fact is out of order, or it names none: where an
//! edge was dropped, the spans on the way there would have mattered too.
//!
//! What came late, and so stands among the others, has its place by the same proof where the events that it names come before it in
//! every respect, it joins no life, and no closing or resumption goes by it ([`Tail::join`]).
//!
//! What is about the record and names nothing stands at the beginning of the world, behind its like.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::Event;
use super::history::{Fact, Ground, Reports};
use super::ids::{Target, Version};
use super::order::{as_written, is_record_keeping, key};
use super::reach::sources_of;
use super::record::Record;
use super::when::{Instant, Span, Zone};

/// How far a history reaches, as far as that decides where a further fact stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// The last key.
    key: Instant,
    /// How many facts have it.
    tied: u32,
    /// How many facts stand at the beginning of the world.
    first: u32,
    /// From then on everything counts, and is certain.
    settled: Instant,
    /// When the last fact may have begun, by its own date.
    written: Instant,
    /// Whether a fact is out of order.
    disordered: bool,
}

impl Default for Tail {
    fn default() -> Tail {
        let none = Instant::MIN;
        Tail { key: none, tied: 0, first: 0, settled: none, written: none, disordered: false }
    }
}

/// Where an event stands, and when it was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its span.
    pub begin: Span,
    /// Its key.
    pub key: Instant,
    /// When it was known; absent: always.
    pub known: Option<Instant>,
}

impl Tail {
    /// Of the facts of a history.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Fact>, zone: Zone) -> Tail {
        let mut tail = Tail::default();
        facts.into_iter().for_each(|fact| tail.take(fact, zone));
        tail
    }

    /// Takes note of a fact.
    pub fn take(&mut self, fact: &Fact, zone: Zone) {
        self.first += u32::from(fact.key == Instant::MIN);
        let ahead = fact.key > self.key;
        self.tied = if ahead { 1 } else { self.tied + u32::from(fact.key == self.key) };
        self.key = self.key.max(fact.key);
        self.settled = self.settled.max(fact.key).max(fact.begin.last());
        self.written = self.written.max(last_as_written(fact, zone));
        self.disordered |= fact.misfits.iter().any(|misfit| matches!(misfit, Misfit::OutOfOrder(_)));
    }

    /// From then on everything counts, and is certain.
    pub fn settled(&self) -> Instant {
        self.settled
    }

    /// The last key: by then everything counts.
    pub fn key(&self) -> Instant {
        self.key
    }

    /// The fact of a record that nothing names and that has a version after all others, in its place; nothing where its place hangs on
    /// more than is known here. `ground` has the names that it uses, as far as they are there.
    pub fn follow(&self, record: Arc<Record>, ground: &Ground, reports: &Reports) -> Option<Fact> {
        let fact = plain(record, ground, reports)?;
        if is_record_keeping(&fact) { self.at_the_beginning(fact) } else { self.at_the_end(fact, ground) }
    }

    /// The fact of a record that came late, that nothing names, and that has a version after all others, in its place but for its rank
    /// there, which is the last; nothing where its place hangs on more. `stands` has the events behind its names.
    pub fn join(
        &self,
        record: Arc<Record>,
        ground: &Ground,
        reports: &Reports,
        stands: &BTreeMap<Version, Stand>,
    ) -> Option<Fact> {
        let mut fact = plain(record, ground, reports).filter(|fact| !is_record_keeping(fact))?;
        let precedes = |name: Target| {
            let Stand { begin, key, .. } = stands.get(&ground.event_behind(&name)?)?;
            let (first, last) = (fact.begin.start, fact.begin.last());
            Some(begin.start <= first && begin.last() <= last && *key <= first)
        };
        let in_order = fact.depends_on().all(|name| !self.disordered && precedes(name) == Some(true));
        let is_new = fact.creates || fact.defines.is_none();
        let is_alone = !is_paired(&fact) && !is_opening_or_pause(&fact) && fact.begin.start > Instant::MIN;
        fact.key = key(&fact, ground);
        (in_order && is_new && is_alone).then_some(fact)
    }

    /// Whether a fact stands among the others, and not after them or at the beginning.
    pub fn is_late(&self, fact: &Fact) -> bool {
        Instant::MIN < fact.key && fact.key < self.key
    }

    /// A fact of the history as its own date has it: for whoever asks what it says, and not where it stands.
    pub fn loose(&self, record: Arc<Record>, ground: &Ground, reports: &Reports) -> Fact {
        let (known, basis) = (reports.known(&record), vec![record.version()]);
        let mut fact = as_written(record, basis, ground, known);
        let stands_first = is_record_keeping(&fact) && fact.names.is_empty();
        fact.key = if stands_first { Instant::MIN } else { key(&fact, ground).min(self.key) };
        fact
    }

    fn at_the_beginning(&self, mut fact: Fact) -> Option<Fact> {
        let stands_alone = fact.names.is_empty() && (fact.creates || fact.defines.is_none());
        (fact.key, fact.begin) = (Instant::MIN, Span::point(Instant::MIN));
        fact.tie = self.first;
        stands_alone.then_some(fact)
    }

    fn at_the_end(&self, mut fact: Fact, ground: &Ground) -> Option<Fact> {
        let is_dated = fact.begin.start > Instant::MIN;
        let is_last = fact.begin.start >= self.key && fact.begin.last() >= self.settled;
        let in_order = !self.disordered || fact.depends_on().next().is_none() && !is_paired(&fact);
        // An opening that joins a round, or a pause, is what an earlier closing or resumption may have to follow.
        let follows = !is_opening_or_pause(&fact) || fact.creates || fact.begin.start > self.written;
        if !is_dated || !is_last || !in_order || !follows {
            return None;
        }
        fact.key = key(&fact, ground);
        fact.tie = if fact.key == self.key { self.tied } else { 0 };
        Some(fact)
    }
}

/// A fact with its span as written, where nothing about it is amiss and it declares nobody.
fn plain(record: Arc<Record>, ground: &Ground, reports: &Reports) -> Option<Fact> {
    let (known, basis) = (reports.known(&record), vec![record.version()]);
    let mut fact = as_written(record, basis, ground, known);
    let is_amiss = !fact.misfits.is_empty() || uses(&fact).any(|name| ground.missing(name, false).is_some());
    fact.creates = fact.defines.is_some_and(|handle| !ground.creators.contains_key(&handle));
    let is_plain = !fact.event()?.declares() && !is_amiss;
    is_plain.then_some(fact)
}

/// Everything that it names, outside terms: of another log, nothing can be missing.
pub(super) fn uses(fact: &Fact) -> impl Iterator<Item = Target> + '_ {
    fact.names.iter().cloned().chain(fact.record.sources.iter().map(|citation| Target::Handle(citation.source.0)))
}

/// What a fact names, cites or relays: the names that must not come into being later.
pub fn names_used(fact: &Fact) -> impl Iterator<Item = Target> + '_ {
    fact.names.iter().cloned().chain(sources_used(&fact.record))
}

/// The sources that a record cites, and those that these relay.
pub fn sources_used(record: &Record) -> impl Iterator<Item = Target> + '_ {
    record.sources.iter().flat_map(sources_of).map(Target::Handle)
}

pub(super) fn is_paired(fact: &Fact) -> bool {
    matches!(fact.event(), Some(Event::RoundClosed(_) | Event::TalksResumed(_)))
}

pub(super) fn is_opening_or_pause(fact: &Fact) -> bool {
    matches!(fact.event(), Some(Event::RoundOpened(_) | Event::RoundHeld(_) | Event::TalksPaused(_)))
}

/// When a fact may have begun at the latest, before what it must precede was looked at.
fn last_as_written(fact: &Fact, zone: Zone) -> Instant {
    match fact.occurred() {
        Some(_) if matches!(fact.event(), Some(Event::NegotiationOpened(_))) => Instant::MIN,
        Some(when) => when.begin(zone).last(),
        None if is_record_keeping(fact) => Instant::MIN,
        None => fact.known.unwrap_or(Instant::MAX),
    }
}
