//! On which days what was known is what is known now, less what came to be known later.
//!
//! A day of knowledge weighs everything anew: a correction that nobody had made yet does not count, an answer to a demand that nobody
//! had heard of leads nowhere, a date is not narrowed by an event that nobody knew. Where none of this makes a difference, the facts
//! that were known are those of today, each in its place, without those that came to be known later; and what was folded of the
//! first of them can be used again. Where it may, the time lies in a gap.
//!
//! The law. Outside the gaps the facts known by an instant are the facts of the whole log that were known by then, with the same
//! spans, keys and order; but for those that are about the record, always known, and about something that was not: these say nothing.
//! In a gap nothing is said. The gaps lie:
//!
//! - between the day on which a fact was known and its place in the world, where that is later;
//! - between that day and the one on which what it names or joins was known, or the pause or opening that it may follow; the other way
//!   round, where what it names stands before others of the same instant for its sake;
//! - where a correction came later than what it corrects, until it did; before a party was declared, or something retracted or reinstated;
//! - where a date was narrowed, or a key lowered, by what follows, until the first of what narrows it was known, and what narrowed that; for
//!   ever, where the two are not joined by a name, where something retracted is named, or where a fact is out of order.
//!
//! A term that waits for something makes none: it asks the state for it, which does not have what was not known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::Event;
use super::history::{Drawn, Fact, History};
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
                hindsight.drawn = hindsight.drawn.max(fact.begin.last()).max(fact.key);
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
        let depends = fact.depends_on().next().is_some();
        if weighs_others(fact) || !fact.misfits.is_empty() {
            return Ok(None);
        }
        if fact.known.is_some() && known < self.latest && (depends || is_paired(fact)) {
            if is_paired(fact) || fact.key <= self.drawn {
                return Ok(None);
            }
            stands()?.values().for_each(|stand| self.enter((known, stand.known.unwrap_or(Instant::MIN)), zone));
        }
        self.enter((known, place(fact, zone)), zone);
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

/// A gap that has every day, and one that has none.
const ALWAYS: (Instant, Instant) = (Instant::MIN, Instant::MAX);
const NEVER: (Instant, Instant) = (Instant::MAX, Instant::MIN);

/// When a fact was known; what was always known, before everything.
fn since(fact: &Fact) -> Instant {
    fact.known.unwrap_or(Instant::MIN)
}

/// Where a fact stands that was known some day: its key, or when it had begun by its own date. What was always known stands nowhere.
fn place(fact: &Fact, zone: Zone) -> Instant {
    let written = fact.occurred().map_or(Instant::MIN, |when| when.begin(zone).start);
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
    /// By when what drew a fact forward was known.
    drawing: BTreeMap<Version, Drawing>,
    /// When the pauses, and the openings that join a round, begin, and the last day by which one of those so far was known.
    pauses: Vec<(Instant, Instant)>,
    /// The same facts by where they sort, each with when it was known.
    pauses_at: BTreeMap<Instant, Vec<(Version, Instant)>>,
}

/// By when the first of those was known that end with what they draw forward, and of those that share its key.
#[derive(Clone, Copy)]
struct Drawing {
    end: Instant,
    key: Instant,
}

impl<'a> Look<'a> {
    fn at(history: &'a History) -> Look<'a> {
        let joins = |fact: &&Fact| is_opening_or_pause(fact) && !fact.creates;
        let (mut pauses, mut pauses_at) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
        for fact in history.facts.iter().filter(joins) {
            pauses.push((fact.begin.start, since(fact)));
            pauses_at.entry(fact.key).or_default().push((fact.version(), since(fact)));
        }
        pauses.sort_unstable();
        let mut last = Instant::MIN;
        for (_, known) in &mut pauses {
            last = last.max(*known);
            *known = last;
        }
        Look { history, drawing: drawing(history), pauses, pauses_at }
    }

    /// The gaps that a fact makes, each from when until when; many a one is empty.
    fn gaps_of(&self, fact: &Fact) -> Vec<(Instant, Instant)> {
        let (known, ground) = (since(fact), &self.history.ground);
        let mut gaps = vec![(known, place(fact, ground.zone))];
        gaps.extend(self.gap_of_a_judgement(fact));
        gaps.extend(self.gap_of_the_drawn(fact));
        let is_disordered = fact.misfits.iter().any(|misfit| matches!(misfit, Misfit::OutOfOrder(_)));
        gaps.extend(is_disordered.then_some(ALWAYS));
        let is_about_the_record = fact.event().is_some_and(Event::is_record_keeping);
        let names_retracted = || uses(fact).any(|name| !ground.has(&name) && ground.retracted.contains_key(&name));
        gaps.extend((!is_about_the_record && names_retracted()).then_some((known, Instant::MAX)));
        gaps.extend(self.gaps_of_names(fact));
        if fact.known.is_some() && is_paired(fact) {
            let before = self.pauses.partition_point(|(start, _)| *start <= fact.begin.last());
            gaps.extend(self.pauses[..before].last().map(|(_, last)| (known, *last)));
            let tied = self.pauses_at.get(&fact.key).into_iter().flatten();
            gaps.extend(tied.filter(|(event, _)| *event > fact.version()).map(|(_, since)| (*since, known)));
        }
        gaps
    }

    /// While what a fact names was not known; and of what it draws before others of the same instant, while the fact itself was not.
    fn gaps_of_names(&self, fact: &Fact) -> Vec<(Instant, Instant)> {
        let history = self.history;
        let behind = fact.depends_on().filter_map(|name| history.fact(history.ground.event_behind(&name)?));
        if fact.known.is_some() {
            let known = since(fact);
            let drawn = |of: &Fact| of.key == fact.key && of.version() > fact.version();
            return behind
                .flat_map(|of| [(known, since(of)), if drawn(of) { (since(of), known) } else { NEVER }])
                .collect();
        }
        // What was always known, as that a slip was none, comes with the last thing that it names.
        let known: Vec<Instant> = behind.map(since).collect();
        known.iter().min().copied().zip(known.iter().max().copied()).into_iter().collect()
    }

    fn gap_of_a_judgement(&self, fact: &Fact) -> Option<(Instant, Instant)> {
        let from = match fact.event() {
            Some(Event::EventCorrected(c)) => self.history.fact(c.target).map_or(Instant::MIN, since),
            _ => Instant::MIN,
        };
        weighs_others(fact).then(|| (from, since(fact)))
    }

    /// A pause or an opening was drawn by what does not name it: nothing is said of it after that, nor of what it names, and so of no day.
    fn gap_of_the_drawn(&self, fact: &Fact) -> Option<(Instant, Instant)> {
        let drawn = self.history.drawn.get(&fact.version())?;
        if is_opening_or_pause(fact) {
            return Some(if fact.depends_on().next().is_some() { ALWAYS } else { (since(fact), Instant::MAX) });
        }
        Some((since(fact), self.drawing.get(&fact.version()).unwrap_or(&Drawing::UNKNOWN).until(drawn)))
    }
}

impl Drawing {
    const UNKNOWN: Drawing = Drawing { end: Instant::MAX, key: Instant::MAX };

    fn until(self, drawn: &Drawn) -> Instant {
        let by_end = if drawn.end { self.end } else { Instant::MIN };
        let by_key = if drawn.key { self.key } else { Instant::MIN };
        by_end.max(by_key)
    }
}

/// By when what drew each fact forward was known: by then also what drew that.
fn drawing(history: &History) -> BTreeMap<Version, Drawing> {
    let mut drawing: BTreeMap<Version, Drawing> = BTreeMap::new();
    let pairs = drawn_pairs(history);
    let mut moved = true;
    while std::mem::take(&mut moved) {
        for (of, by) in &pairs {
            let drawn_by = drawing.get(&by.version()).unwrap_or(&Drawing::UNKNOWN);
            let until = history.drawn.get(&by.version()).map_or(Instant::MIN, |drawn| drawn_by.until(drawn));
            let known = since(by).max(until);
            let first = drawing.entry(of.version()).or_insert(Drawing::UNKNOWN);
            if of.begin.last() == by.begin.last() && known < first.end {
                (first.end, moved) = (known, true);
            }
            if of.key == by.key && known < first.key {
                (first.key, moved) = (known, true);
            }
        }
    }
    drawing
}

/// The facts that were drawn forward, each with one that names it; the last in the world come first.
fn drawn_pairs(history: &History) -> Vec<(&Fact, &Fact)> {
    let mut pairs = Vec::new();
    let of_the_world = |fact: &&Fact| !fact.event().is_some_and(Event::is_record_keeping);
    for by in history.facts.iter().rev().filter(of_the_world).filter(|_| !history.drawn.is_empty()) {
        let behind = by.depends_on().filter_map(|name| history.ground.event_behind(&name));
        let drawn = behind.filter(|event| *event != by.version() && history.drawn.contains_key(event));
        pairs.extend(drawn.filter_map(|event| Some((history.fact(event)?, by))));
    }
    pairs
}
