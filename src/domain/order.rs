//! Step 4: the order of the world.
//!
//! Dates are often vague, and what depends on what is certain: an answer can't come before its demand. So spans are tightened
//! first. What defines or opens something is no later than the latest moment of what names it; what names it is no earlier than
//! its earliest. Where that would leave no moment at all, both spans stay as written and the later-bound one is an anomaly.
//!
//! ```text
//!   demand   [..26 Oct]        ............####|          on or before the 26th
//!   answer   26 Oct                        |==|           on the 26th: it is answered, and that is no contradiction
//! ```
//!
//! Then each fact gets a key: its earliest instant; for an open start, and for an end or a pause dated "some time from a to b", the
//! start of the last day it can have been. A fact never sorts before what it names; ties keep the order of the log.
//! What lasted (`a/b`) has begun once `a` is over: it is `a` that is tightened and that says whether the fact is certain.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::anomaly::Misfit;
use super::event::Event;
use super::history::{Drawn, Effective, Fact, Ground};
use super::ids::{Handle, Target, Version};
use super::record::Record;
use super::term::Term;
use super::when::{Instant, Span};

/// Dates the facts, sorts them, and enters into the registry which event creates each life; says which were drawn forward.
pub(super) fn in_world_order(
    mut ground: Ground,
    effective: Vec<Effective>,
    known: &HashMap<Version, Instant>,
) -> (Vec<Fact>, Ground, BTreeMap<Version, Drawn>) {
    let known = |record: &Record| known.get(&record.version()).copied();
    let dated = effective.into_iter().map(|(record, basis)| (known(&record), record, basis));
    let mut facts: Vec<Fact> = dated.map(|(known, record, basis)| as_written(record, basis, &ground, known)).collect();
    ground.creators = creators(&facts);
    ground.tables = facts.iter().filter_map(|fact| Some((fact.version(), fact.table()?.into()))).collect();
    facts.iter_mut().for_each(|fact| fact.creates = is_creator(fact, &ground.creators));
    let edges = Edges::new(&facts, &ground);
    let ends: Vec<Instant> = facts.iter().map(|fact| fact.begin.last()).collect();
    let edges = edges.tighten(&mut facts);
    for fact in &mut facts {
        fact.key = key(fact, &ground);
    }
    let keys: Vec<Instant> = facts.iter().map(|fact| fact.key).collect();
    edges.settle_keys(&mut facts);
    let drawn = facts.iter().zip(ends.iter().zip(&keys)).filter_map(|(fact, (end, key))| {
        let drawn = Drawn { end: fact.begin.last() < *end, key: fact.key < *key };
        (drawn.end || drawn.key).then(|| (fact.version(), drawn))
    });
    let drawn = drawn.collect();
    place_record_keeping(&mut facts, &ground);
    (sorted(facts, &edges, &ground), ground, drawn)
}

/// A fact with its span as written.
pub(super) fn as_written(record: Arc<Record>, basis: Vec<Version>, ground: &Ground, known: Option<Instant>) -> Fact {
    let mentions = record.mentions();
    let occurred = record.envelope.occurred.as_ref();
    let undated = Span { start: Instant::MIN, end: known.unwrap_or(Instant::MAX) };
    let mut fact = Fact {
        begin: occurred.map_or(undated, |when| when.begin(ground.zone)),
        end: occurred.and_then(|when| when.end(ground.zone)),
        key: Instant::MIN,
        tie: 0,
        known,
        basis,
        defines: mentions.defines,
        creates: false,
        names: mentions.names,
        awaits: mentions.awaits,
        parties: mentions.parties,
        misfits: Vec::new(),
        record,
    };
    if matches!(fact.event(), Some(Event::NegotiationOpened(_))) {
        fact.begin = Span::point(Instant::MIN);
    } else if fact.occurred().is_none() && !is_record_keeping(&fact) {
        fact.misfits.push(Misfit::Undated);
    }
    end_with_own_start(&mut fact, ground);
    fact
}

pub(super) fn is_record_keeping(fact: &Fact) -> bool {
    fact.event().is_some_and(Event::is_record_keeping)
}

/// A ceasefire was agreed no later than it starts.
fn end_with_own_start(fact: &mut Fact, ground: &Ground) {
    let from = match fact.event() {
        Some(Event::CeasefireAgreed(c)) => &c.from,
        Some(Event::CeasefireDeclared(c)) => &c.from,
        _ => return,
    };
    let Some(Term::At(from)) = from else { return };
    let last = from.span(ground.zone).last();
    match within(fact.begin, Instant::MIN, last) {
        Some(span) => fact.begin = span,
        None => fact.misfits.push(Misfit::BeforeOwnStart),
    }
}

/// The part of a span from `first` to `last`, both counted in; nothing if there is none.
fn within(span: Span, first: Instant, last: Instant) -> Option<Span> {
    let (first, last) = (span.start.max(first), span.last().min(last));
    if first > last {
        return None;
    }
    if span.start == first && span.last() == last {
        return Some(span);
    }
    let end = if first == last || last == Instant::MAX { last } else { Instant(last.0 + 1) };
    Some(Span { start: first, end })
}

/// The earliest definition of each life, in world order and then in log order.
fn creators(facts: &[Fact]) -> BTreeMap<Handle, Version> {
    let mut first: BTreeMap<Handle, (Instant, Version)> = BTreeMap::new();
    for fact in facts {
        let Some(handle) = fact.defines else { continue };
        let place = (unsettled_key(fact, Instant::MIN), fact.version());
        first.entry(handle).and_modify(|known| *known = place.min(*known)).or_insert(place);
    }
    first.into_iter().map(|(handle, (_, version))| (handle, version)).collect()
}

fn is_creator(fact: &Fact, creators: &BTreeMap<Handle, Version>) -> bool {
    fact.defines.is_some_and(|handle| creators.get(&handle) == Some(&fact.version()))
}

/// What must come before what: (the earlier, the later, and the name by which the later one knows it).
struct Edges(Vec<(usize, usize, Target)>);

impl Edges {
    fn new(facts: &[Fact], ground: &Ground) -> Edges {
        let place: HashMap<Version, usize> = facts.iter().enumerate().map(|(i, f)| (f.version(), i)).collect();
        let mut edges = Vec::new();
        for (later, fact) in facts.iter().enumerate().filter(|(_, fact)| !is_record_keeping(fact)) {
            for name in fact.depends_on() {
                let earlier = ground.event_behind(&name).and_then(|v| place.get(&v).copied());
                if let Some(earlier) = earlier.filter(|&e| e != later && !is_record_keeping(&facts[e])) {
                    edges.push((earlier, later, name));
                }
            }
        }
        edges.extend(closings(facts));
        edges.extend(resumptions(facts));
        // The order of the log must not matter, so the edges are taken in the order of the world.
        edges.sort_by_key(|(a, b, _)| {
            let place = |i: &usize| (facts[*i].begin.start, facts[*i].begin.last(), facts[*i].version());
            (place(a), place(b))
        });
        Edges(edges)
    }

    /// Tightens until nothing moves; gives back the edges that can hold.
    fn tighten(mut self, facts: &mut [Fact]) -> Edges {
        self.drop_impossible(facts);
        loop {
            let before: Vec<Span> = facts.iter().map(|f| f.begin).collect();
            self.drop_impossible(facts);
            for (earlier, later, _) in &self.0 {
                let (first, last) = (facts[*earlier].begin.start, facts[*later].begin.last());
                let late = within(facts[*later].begin, first, Instant::MAX);
                let early = within(facts[*earlier].begin, Instant::MIN, last);
                if let (Some(late), Some(early)) = (late, early) {
                    facts[*later].begin = late;
                    facts[*earlier].begin = early;
                }
            }
            if facts.iter().zip(&before).all(|(fact, before)| fact.begin == *before) {
                return self;
            }
        }
    }

    fn drop_impossible(&mut self, facts: &mut [Fact]) {
        self.0.retain(|(earlier, later, name)| {
            let holds = facts[*earlier].begin.start <= facts[*later].begin.last();
            if !holds {
                facts[*later].misfits.push(Misfit::OutOfOrder(name.clone()));
            }
            holds
        });
    }

    /// What is named never sorts after what names it.
    fn settle_keys(&self, facts: &mut [Fact]) {
        loop {
            let mut moved = false;
            for (earlier, later, _) in &self.0 {
                if facts[*earlier].key > facts[*later].key {
                    facts[*earlier].key = facts[*later].key;
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }
}

/// A close comes no earlier than the first opening of its round that may precede it; before any opening it calls a set round off.
fn closings(facts: &[Fact]) -> Vec<(usize, usize, Target)> {
    let is_opening = |fact: &Fact| matches!(fact.event(), Some(Event::RoundOpened(_) | Event::RoundHeld(_)));
    let openings = || facts.iter().enumerate().filter(|(_, fact)| is_opening(fact));
    let mut edges = Vec::new();
    for (later, fact) in facts.iter().enumerate() {
        let Some(Event::RoundClosed(closed)) = fact.event() else { continue };
        let may_precede = |opening: &Fact| opening.begin.start <= fact.begin.last();
        let of_round = |opening: &Fact| opening.defines == Some(closed.round.0) && may_precede(opening);
        let first = openings()
            .filter(|(_, opening)| of_round(opening))
            .min_by_key(|(_, opening)| (unsettled_key(opening, Instant::MIN), opening.version()));
        // The opening that creates the round comes first already, by its name.
        let first = first.filter(|(_, opening)| !opening.creates);
        edges.extend(first.map(|(earlier, _)| (earlier, later, Target::Handle(closed.round.0))));
    }
    edges
}

/// A resumption comes no earlier than its pause: the first that may lie within its own span, whatever other pause comes later. A
/// pause with the very same date that is logged later is a later one.
fn resumptions(facts: &[Fact]) -> Vec<(usize, usize, Target)> {
    let is_pause = |fact: &Fact| matches!(fact.event(), Some(Event::TalksPaused(_)));
    let mut edges = Vec::new();
    for (later, fact) in facts.iter().enumerate() {
        let Some(Event::TalksResumed(_)) = fact.event() else { continue };
        let overlaps = |pause: &Fact| pause.begin.start <= fact.begin.last() && pause.begin.last() >= fact.begin.start;
        let follows = |pause: &Fact| pause.begin == fact.begin && pause.version() > fact.version();
        let is_its = |pause: &Fact| is_pause(pause) && overlaps(pause) && !follows(pause);
        let pauses = facts.iter().enumerate().filter(|(_, pause)| is_its(pause));
        let first = pauses.min_by_key(|(_, pause)| (pause.begin.start, pause.begin.last(), pause.version()));
        edges.extend(first.map(|(earlier, pause)| (earlier, later, Target::Event(pause.version()))));
    }
    edges
}

/// Where a fact sorts, within its tightened span; the opening comes first whatever its date.
pub(super) fn key(fact: &Fact, ground: &Ground) -> Instant {
    let latest_part = fact.occurred().and_then(|when| when.latest_part(ground.zone)).map(|part| part.start);
    unsettled_key(fact, latest_part.unwrap_or(Instant::MAX))
}

/// `last_day` is the start of the last day the fact can have been, where it is dated that way.
fn unsettled_key(fact: &Fact, last_day: Instant) -> Instant {
    let at_the_end =
        fact.begin.start == Instant::MIN || fact.event().is_some_and(Event::ends_or_pauses) && is_choice(fact);
    if !at_the_end || matches!(fact.event(), Some(Event::NegotiationOpened(_))) {
        return fact.begin.start;
    }
    last_day.min(fact.begin.last()).max(fact.begin.start)
}

fn is_choice(fact: &Fact) -> bool {
    fact.occurred().is_some_and(|when| when.is_choice())
}

/// Record-keeping has no date in the world: it comes with the last of what it is about, also where that is record-keeping itself.
fn place_record_keeping(facts: &mut [Fact], ground: &Ground) {
    let mut places: HashMap<Version, Place> =
        facts.iter().filter(|fact| !is_record_keeping(fact)).map(|fact| (fact.version(), Place::of(fact))).collect();
    let mut moved = true;
    while std::mem::take(&mut moved) {
        for fact in facts.iter().filter(|fact| is_record_keeping(fact)) {
            let about = fact.names.iter().filter_map(|name| places.get(&ground.event_behind(name)?));
            let place = about.copied().reduce(Place::join);
            if place != places.get(&fact.version()).copied() {
                places.extend(place.map(|place| (fact.version(), place)));
                moved = true;
            }
        }
    }
    for fact in facts.iter_mut().filter(|fact| is_record_keeping(fact)) {
        let place = places.get(&fact.version());
        (fact.key, fact.begin) =
            place.map_or((Instant::MIN, Span::point(Instant::MIN)), |p| (p.key, Span { start: p.start, end: p.end.1 }));
    }
}

/// Where something comes in the world.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    key: Instant,
    start: Instant,
    /// The last instant, and the end of the span that has it.
    end: (Instant, Instant),
}

impl Place {
    fn of(fact: &Fact) -> Place {
        Place { key: fact.key, start: fact.begin.start, end: (fact.begin.last(), fact.begin.end) }
    }

    /// With two things: once both have come.
    fn join(self, other: Place) -> Place {
        Place { key: self.key.max(other.key), start: self.start.max(other.start), end: self.end.max(other.end) }
    }
}

/// By key; among equals in log order, but what is named first.
fn sorted(facts: Vec<Fact>, edges: &Edges, ground: &Ground) -> Vec<Fact> {
    let mut order: Vec<usize> = (0..facts.len()).collect();
    let is_opening = |fact: &Fact| matches!(fact.event(), Some(Event::NegotiationOpened(_)));
    order.sort_by_key(|&i| (facts[i].key, !is_opening(&facts[i]), facts[i].version()));
    let place: HashMap<Version, usize> = facts.iter().enumerate().map(|(i, f)| (f.version(), i)).collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); facts.len()];
    for (later, fact) in facts.iter().enumerate() {
        before[later].extend(fact.depends_on().filter_map(|name| place.get(&ground.event_behind(&name)?).copied()));
    }
    for (earlier, later, _) in &edges.0 {
        before[*later].push(*earlier);
    }
    let ranks = named_first(&order, &before, |a, b| facts[a].key == facts[b].key);
    let mut facts: Vec<Option<Fact>> = facts.into_iter().map(Some).collect();
    let mut sorted: Vec<Fact> = ranks.into_iter().filter_map(|i| facts[i].take()).collect();
    for tied in sorted.chunk_by_mut(|one, next| one.key == next.key) {
        tied.iter_mut().zip(0..).for_each(|(fact, tie)| fact.tie = tie);
    }
    sorted
}

/// Walks `order`, pulling forward what an element names, where the two are tied. Without recursion: chains can be long.
fn named_first(order: &[usize], before: &[Vec<usize>], tied: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut placed = vec![false; before.len()];
    let mut entered = vec![false; before.len()];
    let mut ranks = Vec::with_capacity(order.len());
    let mut stack = Vec::new();
    for &start in order {
        stack.push(start);
        while let Some(&top) = stack.last() {
            let first_visit = !std::mem::replace(&mut entered[top], true);
            if first_visit {
                let waiting = before[top].iter().rev().filter(|&&b| !placed[b] && !entered[b] && tied(b, top));
                stack.extend(waiting.copied().collect::<Vec<_>>());
                if stack.last() != Some(&top) {
                    continue;
                }
            }
            stack.pop();
            if !std::mem::replace(&mut placed[top], true) {
                ranks.push(top);
            }
        }
    }
    ranks
}
