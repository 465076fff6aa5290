//! On which days what was known is what is known now, less what came to be known later.
//!
//! A day of knowledge weighs everything anew: a correction that nobody had made yet does not count, an answer to a demand that nobody
//! had heard of leads nowhere, a date is not narrowed by an event that nobody knew. Where none of this makes a difference, the facts
//! that were known are those of today, each in its place, without those that came to be known later; and what was folded of the
//! first of them can be used again. Where it may, the time lies in a gap.
//!
//! The law. Outside the gaps the facts known by an instant are the facts of the whole log that were known by then, with the same
//! spans, keys and order. In a gap nothing is said. The gaps lie:
//!
//! - between the day on which a fact was known and its place in the world, where that is later;
//! - between that day and the one on which what it names, awaits or joins was known, or the pause or opening that it may follow;
//! - where a correction came later than what it corrects, until it did; before a party was declared, or something retracted or reinstated;
//! - where a date was narrowed, or a key lowered, by what follows, until the first of what narrows it was known; for ever, where the two
//!   are not joined by a name, where something retracted is named, or where a fact is out of order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::Event;
use super::history::{Fact, History};
use super::ids::Version;
use super::tail::{Stand, is_opening_or_pause, is_paired, uses};
use super::when::{Instant, Zone};

/// Where hindsight tells more than what came to be known later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hindsight {
    /// From when on and until when it may, in order and apart from each other. They end with a day in the zone of the log, so that
    /// there are no more of them than days.
    gaps: Vec<(Instant, Instant)>,
    /// The last day on which a fact was known.
    latest: Instant,
    /// The last moment of the facts that were drawn forward by what follows.
    drawn: Instant,
}

impl Default for Hindsight {
    fn default() -> Hindsight {
        Hindsight { gaps: Vec::new(), latest: Instant::MIN, drawn: Instant::MIN }
    }
}

impl Hindsight {
    /// Of a whole history.
    pub fn of(history: &History) -> Hindsight {
        let mut hindsight = Hindsight::default();
        let look = Look::at(history);
        for fact in &history.facts {
            look.gaps_of(fact).into_iter().for_each(|gap| hindsight.enter(gap, history.ground.zone));
            hindsight.latest = hindsight.latest.max(since(fact));
            if history.drawn.contains_key(&fact.version()) {
                hindsight.drawn = hindsight.drawn.max(fact.last()).max(fact.begin.last()).max(fact.key);
            }
        }
        hindsight
    }

    /// Whether what was known by then is what is known now, less what came to be known later.
    pub fn adds_nothing(&self, by: Instant) -> bool {
        let after = self.gaps.partition_point(|(from, _)| *from <= by);
        after.checked_sub(1).and_then(|last| self.gaps.get(last)).is_none_or(|(_, until)| *until <= by)
    }

    /// Whether that was all that is known now.
    pub fn was_all(&self, by: Instant) -> bool {
        self.latest <= by && self.adds_nothing(by)
    }

    /// Takes a further fact of the history, which changes no other; nothing where its gaps hang on more than is known here. `stands` has
    /// the events behind its names, and is asked for only where the fact was known before the last of them.
    pub fn follow<E>(
        &mut self,
        fact: &Fact,
        zone: Zone,
        stands: impl FnOnce() -> Result<BTreeMap<Version, Stand>, E>,
    ) -> Result<Option<()>, E> {
        let known = since(fact);
        let depends = fact.depends_on().next().is_some() || !fact.awaits.is_empty();
        self.enter((known, place(fact)), zone);
        if weighs_others(fact) || !fact.misfits.is_empty() {
            return Ok(None);
        }
        if fact.known.is_some() && known < self.latest && (depends || is_paired(fact)) {
            if is_paired(fact) || fact.key <= self.drawn {
                return Ok(None);
            }
            stands()?.values().for_each(|stand| self.enter((known, stand.known.unwrap_or(Instant::MIN)), zone));
        }
        self.latest = self.latest.max(known);
        Ok(Some(()))
    }

    /// Adds a gap, if there is one: from an instant on, until another, which is no longer in it.
    fn enter(&mut self, (from, until): (Instant, Instant), zone: Zone) {
        if from >= until {
            return;
        }
        let (mut from, mut until) = (day_end(from, zone, false), day_end(until, zone, true));
        let first = self.gaps.partition_point(|gap| gap.1 < from);
        let behind = self.gaps.partition_point(|gap| gap.0 <= until);
        if let Some(met) = self.gaps.get(first..behind).filter(|met| !met.is_empty()) {
            (from, until) = (from.min(met[0].0), until.max(met[met.len() - 1].1));
        }
        self.gaps.splice(first..behind, [(from, until)]);
    }
}

/// When a fact was known; what was always known, before everything.
fn since(fact: &Fact) -> Instant {
    fact.known.unwrap_or(Instant::MIN)
}

/// Where a fact stands that was known some day: its key, or when it had begun by its own date. What was always known stands nowhere.
fn place(fact: &Fact) -> Instant {
    let written = fact.occurred().map_or(Instant::MIN, |_| fact.begin.start);
    if fact.known.is_some() { fact.key.max(written) } else { Instant::MIN }
}

/// Whether a fact changes what others are, or how they are judged.
fn weighs_others(fact: &Fact) -> bool {
    fact.event().is_some_and(|event| {
        let judges = matches!(event, Event::EventRetracted(_) | Event::EventReinstated(_) | Event::EventCorrected(_));
        judges || event.declares()
    })
}

/// The end of the last second of a day: that of the instant, or else of the day before.
fn day_end(at: Instant, zone: Zone, ahead: bool) -> Instant {
    const DAY: i64 = 24 * 60 * 60;
    if at.is_open() {
        return at;
    }
    let over = at.0.saturating_add(i64::from(zone.seconds()) + 1).rem_euclid(DAY);
    let to_next = if ahead && over > 0 { DAY } else { 0 };
    Instant(at.0.saturating_sub(over).saturating_add(to_next))
}

/// A history, and what is asked of it for each of its facts.
struct Look<'a> {
    history: &'a History,
    /// When the first of those was known that end with what they draw forward, and of those that share its key.
    drawing: BTreeMap<Version, Drawing>,
    /// When the pauses, and the openings that join a round, begin, and the last day by which one of those so far was known.
    pauses: Vec<(Instant, Instant)>,
}

/// When something that draws an event forward was first known.
#[derive(Clone, Copy)]
struct Drawing {
    end: Instant,
    key: Instant,
}

impl<'a> Look<'a> {
    fn at(history: &'a History) -> Look<'a> {
        let mut drawing: BTreeMap<Version, Drawing> = BTreeMap::new();
        let of_the_world = |fact: &&Fact| !fact.event().is_some_and(Event::is_record_keeping);
        for fact in history.facts.iter().filter(of_the_world).filter(|_| !history.drawn.is_empty()) {
            let behind = fact.depends_on().filter_map(|name| history.ground.event_behind(&name));
            for drawn in behind.filter(|event| *event != fact.version() && history.drawn.contains_key(event)) {
                let Some(of) = history.fact(drawn) else { continue };
                let first = drawing.entry(drawn).or_insert(Drawing { end: Instant::MAX, key: Instant::MAX });
                if fact.begin.last() == of.begin.last() {
                    first.end = first.end.min(since(fact));
                }
                if fact.key == of.key {
                    first.key = first.key.min(since(fact));
                }
            }
        }
        let joins = |fact: &&Fact| is_opening_or_pause(fact) && !fact.creates;
        let mut pauses: Vec<_> =
            history.facts.iter().filter(joins).map(|fact| (fact.begin.start, since(fact))).collect();
        pauses.sort_unstable();
        let mut last = Instant::MIN;
        for (_, known) in &mut pauses {
            last = last.max(*known);
            *known = last;
        }
        Look { history, drawing, pauses }
    }

    /// The gaps that a fact makes, each from when until when; of many a one it is empty.
    fn gaps_of(&self, fact: &Fact) -> Vec<(Instant, Instant)> {
        let known = since(fact);
        let mut gaps = vec![(known, place(fact))];
        gaps.extend(self.gap_of_a_judgement(fact));
        gaps.extend(self.gap_of_the_drawn(fact));
        if fact.misfits.iter().any(|misfit| matches!(misfit, Misfit::OutOfOrder(_))) {
            gaps.push((Instant::MIN, Instant::MAX));
        }
        let is_about_the_record = fact.event().is_some_and(Event::is_record_keeping);
        if !is_about_the_record && uses(fact).any(|name| self.history.ground.retracted.contains_key(&name)) {
            gaps.push((known, Instant::MAX));
        }
        // What was always known and names something else is about the record, and does nothing.
        if fact.known.is_some() {
            let events = fact.depends_on().chain(fact.awaits.iter().cloned());
            let behind = events.filter_map(|name| self.history.fact(self.history.ground.event_behind(&name)?));
            gaps.extend(behind.map(|of| (known, since(of))));
        }
        if fact.known.is_some() && is_paired(fact) {
            let before = self.pauses.partition_point(|(start, _)| *start <= fact.begin.last());
            gaps.extend(self.pauses[..before].last().map(|(_, last)| (known, *last)));
        }
        gaps
    }

    fn gap_of_a_judgement(&self, fact: &Fact) -> Option<(Instant, Instant)> {
        let from = match fact.event() {
            Some(Event::EventCorrected(c)) => self.history.fact(c.target).map_or(Instant::MIN, since),
            _ => Instant::MIN,
        };
        weighs_others(fact).then(|| (from, since(fact)))
    }

    fn gap_of_the_drawn(&self, fact: &Fact) -> Option<(Instant, Instant)> {
        let drawn = self.history.drawn.get(&fact.version())?;
        let first = self.drawing.get(&fact.version()).filter(|_| !is_opening_or_pause(fact));
        let until = first.map_or(Instant::MAX, |first| {
            let by_end = if drawn.end { first.end } else { Instant::MIN };
            let by_key = if drawn.key { first.key } else { Instant::MIN };
            by_end.max(by_key)
        });
        Some((since(fact), until))
    }
}
