//! The briefing: what holds, what changed, what is asked and what is disputed, short enough to be read before a meeting.
//!
//! It asks the other views and adds nothing of its own: it chooses, puts the latest first, and cuts. What is cut is counted, and of
//! every line the sources are named. So a briefing can't say what no other answer says.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line};
use super::{
    AgreementView, AnomalyView, Became, CeasefireView, Change, DemandView, Difference, DueView, EventChange,
    IncidentView, MeasureView, OfferView, SourceView, TalksView,
};
use crate::domain::ceasefire::Nominal;
use crate::domain::event::{Event, Stance};
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Letter, Version};
use crate::domain::ledger::{Entry, Standing};
use crate::domain::measure::MeasureState;
use crate::domain::offer::OfferState;
use crate::domain::value::Party;
use crate::domain::when::Instant;

/// How many lines a list of the briefing has at most.
pub const LINES_AT_MOST: usize = 10;
/// How many of a sort tell where things stand.
const STATE_LINES_AT_MOST: usize = 5;
/// How many sources are named of one line at most: those of the events that were recorded last.
const SOURCES_AT_MOST: usize = 3;

/// A briefing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Brief {
    /// The title.
    pub title: String,
    /// What it is about.
    pub subject: Option<String>,
    /// The earlier day with which it compares.
    pub since: InstantView,
    /// For how many days nothing was heard; null where nothing ever was.
    pub silence_days: Option<i64>,
    /// Where the talks stand.
    pub talks: Cited<Line<TalksView>>,
    /// Where they stand at each table beside it.
    pub other_tables: Shortlist<Cited<Line<TalksView>>>,
    /// The ceasefire to speak of: begun or renewed last, and not superseded.
    pub headline_ceasefire: Option<Handle>,
    /// The ceasefires that are not superseded: the headline first, those that are over last.
    pub ceasefires: Shortlist<Cited<Line<CeasefireView>>>,
    /// The agreements that are not superseded, the one that moved last first.
    pub agreements: Shortlist<Cited<Line<AgreementView>>>,
    /// The measures in effect.
    pub measures: Shortlist<Cited<Line<MeasureView>>>,
    /// What changed from the earlier day to this one; claims, follow-ups and incidents have lists of their own.
    pub changes: Shortlist<Cited<ChangeLine>>,
    /// What became known, or was corrected, in that time about the days before it: corrections first, then the latest.
    pub late_news: Shortlist<Cited<EventChange>>,
    /// The open demands, by who asks, then the oldest first.
    pub demands: Shortlist<Cited<Line<DemandView>>>,
    /// The offers on the table.
    pub offers: Shortlist<Cited<Line<OfferView>>>,
    /// What is disputed, the latest first.
    pub disputes: Shortlist<Dispute>,
    /// What comes due, the overdue first.
    pub due: Shortlist<Cited<Line<DueView>>>,
    /// The incidents after the earlier day, the latest first.
    pub incidents: Shortlist<Cited<Line<IncidentView>>>,
    /// What does not fit.
    pub anomalies: Shortlist<AnomalyView>,
    /// The sources that are named in these lists.
    pub sources: Vec<Line<SourceView>>,
}

/// Something with the sources it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cited<T> {
    /// The thing.
    #[serde(flatten)]
    pub item: T,
    /// Its sources, at most three: those of the events that were recorded last.
    pub sources: Vec<Handle>,
}

/// A list that may have been cut.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Shortlist<T> {
    /// The first of them.
    pub lines: Vec<T>,
    /// How many more there are.
    pub more: usize,
}

/// A line that changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChangeLine {
    /// How.
    #[serde(flatten)]
    pub change: Change,
    /// Whether an event that made the difference may lie after the day asked about.
    pub possible: bool,
}

/// Something that is disputed: what each side says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dispute {
    /// The sides, in the order in which they spoke.
    pub sides: Vec<Cited<Side>>,
}

/// What one side says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// Who says it; none where only the sources do.
    #[schemars(with = "Vec<String>")]
    pub by: Vec<Party>,
    /// The claim, where it is one.
    pub claim: Option<Handle>,
    /// The event that says it.
    #[schemars(with = "String")]
    pub event: Version,
    /// What it says.
    pub text: String,
    /// When.
    pub when: Option<InstantView>,
}

/// The day with which a briefing compares, and what lies between.
pub struct Compared {
    /// The last instant of the earlier day.
    pub since: Instant,
    /// What changed in the world from that day on.
    pub world: Difference,
    /// What became known of that day after it.
    pub known: Vec<EventChange>,
}

impl<T> Shortlist<T> {
    fn of(lines: impl IntoIterator<Item = T>) -> Shortlist<T> {
        Shortlist { lines: lines.into_iter().collect(), more: 0 }.cut(LINES_AT_MOST)
    }

    /// How many there are, with those that were cut.
    pub fn count(&self) -> usize {
        self.lines.len() + self.more
    }

    fn cut(mut self, most: usize) -> Shortlist<T> {
        self.more += self.lines.len().saturating_sub(most);
        self.lines.truncate(most);
        self
    }
}

impl Brief {
    /// The same with at most so many lines a list.
    pub fn cut(&self, most: usize) -> Brief {
        let brief = self.clone();
        Brief {
            other_tables: brief.other_tables.cut(most),
            ceasefires: brief.ceasefires.cut(most),
            agreements: brief.agreements.cut(most),
            measures: brief.measures.cut(most),
            changes: brief.changes.cut(most),
            late_news: brief.late_news.cut(most),
            demands: brief.demands.cut(most),
            offers: brief.offers.cut(most),
            disputes: brief.disputes.cut(most),
            due: brief.due.cut(most),
            incidents: brief.incidents.cut(most),
            anomalies: brief.anomalies.cut(most),
            ..brief
        }
        .with_its_sources()
    }

    /// Whether any list was cut.
    pub fn is_cut(&self) -> bool {
        let of_state = [self.other_tables.more, self.ceasefires.more, self.agreements.more, self.measures.more];
        let of_changes = [self.changes.more, self.late_news.more, self.demands.more, self.offers.more];
        let others = [self.disputes.more, self.due.more, self.incidents.more, self.anomalies.more];
        of_state.into_iter().chain(of_changes).chain(others).any(|more| more > 0)
    }

    /// Only the sources that a line names are listed.
    fn with_its_sources(mut self) -> Brief {
        let named = self.named();
        self.sources.retain(|source| named.contains(&source.item.handle));
        self
    }

    fn named(&self) -> BTreeSet<Handle> {
        fn of<T>(list: &Shortlist<Cited<T>>) -> impl Iterator<Item = Handle> {
            list.lines.iter().flat_map(|line| line.sources.iter().copied())
        }
        let sides = self.disputes.lines.iter().flat_map(|dispute| &dispute.sides);
        let mut named: BTreeSet<Handle> = self.talks.sources.iter().copied().collect();
        named.extend(of(&self.other_tables).chain(of(&self.ceasefires)).chain(of(&self.agreements)));
        named.extend(of(&self.measures).chain(of(&self.changes)).chain(of(&self.late_news)));
        named.extend(of(&self.demands).chain(of(&self.offers)).chain(of(&self.due)).chain(of(&self.incidents)));
        named.extend(sides.flat_map(|side| side.sources.iter().copied()));
        named
    }
}

/// The briefing for the instant.
pub fn brief(asked: &Asked<'_>, compared: Compared) -> Brief {
    let Compared { since, world, known } = compared;
    let Difference { from, changes, .. } = world;
    let brief = Brief {
        title: asked.all.ground.title.clone(),
        subject: asked.all.ground.subject.clone(),
        since: from,
        silence_days: super::status::silence_days(asked),
        talks: line(asked, super::talks(asked)),
        other_tables: lines(asked, super::other_tables(asked)).cut(STATE_LINES_AT_MOST),
        headline_ceasefire: asked.now().headline_ceasefire().map(|ceasefire| ceasefire.handle),
        ceasefires: ceasefires(asked),
        agreements: agreements(asked),
        measures: measures(asked),
        changes: Shortlist::of(changes.into_iter().filter(|change| !has_own_list(change)).map(|c| changed(asked, c))),
        late_news: late_news(asked, known),
        demands: demands(asked),
        offers: offers(asked),
        disputes: Shortlist::of(disputes(asked)),
        due: lines(asked, super::due(asked)),
        incidents: incidents(asked, since),
        anomalies: Shortlist::of(super::anomalies(asked)),
        sources: super::sources(asked),
    };
    brief.with_its_sources()
}

/// With the sources of the events that were recorded last. A source that does not bear a line out is not named as its source.
fn cited<T>(asked: &Asked<'_>, item: T, events: &[Version]) -> Cited<T> {
    let mut events = events.to_vec();
    events.sort();
    let mut sources: Vec<Handle> = Vec::new();
    let differs = |fact: &&Fact| match fact.event() {
        Some(Event::AccountAdded(account)) => account.stance != Stance::Confirms,
        _ => false,
    };
    let facts = events.iter().rev().filter_map(|event| asked.history.fact(*event));
    for fact in facts.filter(|fact| !differs(fact)) {
        let cites = fact.record.sources.iter().map(|citation| citation.source.0);
        sources.extend(cites.filter(|source| asked.all.ground.sources.contains_key(source)));
    }
    let mut seen = BTreeSet::new();
    sources.retain(|source| seen.insert(*source));
    sources.truncate(SOURCES_AT_MOST);
    sources.sort();
    Cited { item, sources }
}

fn line<T>(asked: &Asked<'_>, line: Line<T>) -> Cited<Line<T>> {
    let basis = line.basis.clone();
    cited(asked, line, &basis)
}

fn lines<T>(asked: &Asked<'_>, all: impl IntoIterator<Item = Line<T>>) -> Shortlist<Cited<Line<T>>> {
    Shortlist::of(all.into_iter().map(|each| line(asked, each)))
}

fn ceasefires(asked: &Asked<'_>) -> Shortlist<Cited<Line<CeasefireView>>> {
    let headline = asked.now().headline_ceasefire().map(|ceasefire| ceasefire.handle);
    let mut all = super::ceasefires(asked);
    all.retain(|line| line.item.state != Nominal::Superseded);
    all.sort_by_key(|line| {
        let is_over = matches!(line.item.state, Nominal::Ended | Nominal::Expired);
        (Some(line.item.handle) != headline, is_over, std::cmp::Reverse(line.item.handle))
    });
    lines(asked, all).cut(STATE_LINES_AT_MOST)
}

fn agreements(asked: &Asked<'_>) -> Shortlist<Cited<Line<AgreementView>>> {
    let moved = |a: &AgreementView| {
        let stages = [&a.proposed, &a.reached, &a.signed, &a.ratified, &a.in_force].into_iter();
        let decided = a.decisions.iter().map(|decision| &decision.when);
        stages.chain(decided).flatten().map(|when| when.latest.clone()).max()
    };
    let mut all = super::agreements(asked);
    all.retain(|line| line.item.superseded_by.is_none());
    // What another table agreed on is told after what was agreed on here.
    all.sort_by_key(|line| (line.table.is_some(), std::cmp::Reverse((moved(&line.item), line.item.handle))));
    lines(asked, all).cut(STATE_LINES_AT_MOST)
}

fn measures(asked: &Asked<'_>) -> Shortlist<Cited<Line<MeasureView>>> {
    let in_effect = |state| matches!(state, MeasureState::InEffect | MeasureState::PossiblyExpired);
    lines(asked, super::measures(asked).into_iter().filter(|line| in_effect(line.item.state))).cut(STATE_LINES_AT_MOST)
}

fn demands(asked: &Asked<'_>) -> Shortlist<Cited<Line<DemandView>>> {
    let mut open = super::demands(asked);
    open.retain(|line| line.item.open);
    let by = |demand: &DemandView| demand.by.iter().map(|actor| actor.party.clone()).collect::<Vec<_>>();
    open.sort_by_key(|line| (by(&line.item), std::cmp::Reverse(line.item.age_days), line.item.handle));
    lines(asked, open)
}

fn offers(asked: &Asked<'_>) -> Shortlist<Cited<Line<OfferView>>> {
    let stands = |state| matches!(state, OfferState::Standing | OfferState::Deferred | OfferState::PartlyAccepted);
    lines(asked, super::offers(asked).into_iter().filter(|line| stands(line.item.state))).cut(STATE_LINES_AT_MOST)
}

fn incidents(asked: &Asked<'_>, since: Instant) -> Shortlist<Cited<Line<IncidentView>>> {
    let is_later = |line: &Line<IncidentView>| {
        asked.all.incidents.get(&line.item.event).is_some_and(|incident| incident.moment.key > since)
    };
    lines(asked, super::incidents(asked).into_iter().rev().filter(is_later))
}

fn changed(asked: &Asked<'_>, change: Change) -> Cited<ChangeLine> {
    let possible = change.events.iter().any(|event| asked.all.possible.contains(event));
    let events = change.events.clone();
    cited(asked, ChangeLine { change, possible }, &events)
}

fn has_own_list(change: &Change) -> bool {
    let handle = change.what.parse::<Handle>().ok();
    handle.is_some_and(|handle| matches!(handle.letter, Letter::Q | Letter::F)) || change.what == "incidents"
}

fn late_news(asked: &Asked<'_>, news: Vec<EventChange>) -> Shortlist<Cited<EventChange>> {
    let mut news: Vec<EventChange> = news.into_iter().map(|event| still_counting(asked, event)).collect();
    let when = |event: &EventChange| event.after.as_ref().or(event.before.as_ref()).map(|when| when.latest.clone());
    news.sort_by_key(|event| (event.became == Became::Counted, std::cmp::Reverse((when(event), event.event))));
    Shortlist::of(news.into_iter().map(|event| {
        let events: Vec<Version> = event.by.iter().copied().chain([event.event]).collect();
        cited(asked, event, &events)
    }))
}

/// What a correction moved past the earlier day is gone from that day, and still counts.
fn still_counting(asked: &Asked<'_>, event: EventChange) -> EventChange {
    match asked.history.fact(event.event).filter(|_| event.became == Became::Gone) {
        Some(fact) => EventChange {
            became: Became::Corrected,
            text: super::sentence::of(fact, asked.all),
            after: fact.occurred().map(|when| InstantView::of(when, asked.zone())),
            by: fact.basis.iter().skip(1).copied().collect(),
            ..event
        },
        None => event,
    }
}

/// What is disputed: events that deny or rival each other belong to one dispute.
fn disputes(asked: &Asked<'_>) -> Vec<Dispute> {
    let mut groups: Vec<BTreeSet<Version>> = Vec::new();
    for event in asked.all.ledger.events().filter(|event| asked.all.standing(*event) == Standing::Disputed) {
        let entry = asked.all.ledger.get(event);
        let against = entry.into_iter().flat_map(|entry: &Entry| entry.denied_by.iter().chain(&entry.rivals));
        let mut group: BTreeSet<Version> = against.map(|(_, event)| *event).chain([event]).collect();
        while let Some(at) = groups.iter().position(|other| !other.is_disjoint(&group)) {
            group.extend(groups.swap_remove(at));
        }
        groups.push(group);
    }
    let order = |event: &Version| asked.history.fact(*event).map(|fact| (fact.key, *event));
    groups.sort_by_key(|group| std::cmp::Reverse(group.iter().filter_map(order).max()));
    groups.into_iter().map(|group| dispute(asked, group)).collect()
}

fn dispute(asked: &Asked<'_>, events: BTreeSet<Version>) -> Dispute {
    let mut events: Vec<Version> = events.into_iter().collect();
    events.sort_by_key(|event| (asked.history.fact(*event).map(|fact| fact.key), *event));
    let entries: Vec<&Entry> = events.iter().filter_map(|event| asked.all.ledger.get(*event)).collect();
    let cited = |event: &Version| cited(asked, side(asked, *event, &entries), &[*event]);
    Dispute { sides: events.iter().map(cited).collect() }
}

/// What an event of a dispute says; who says it stands in the claim, in its sources, or with what it denies.
fn side(asked: &Asked<'_>, event: Version, entries: &[&Entry]) -> Side {
    let claim = asked.all.claims.values().find(|claim| claim.made_by == event);
    let fact = asked.history.fact(event);
    let against = entries.iter().flat_map(|entry| entry.denied_by.iter().chain(&entry.rivals));
    let mut by: BTreeSet<&Party> = against.filter(|(_, denies)| *denies == event).map(|(party, _)| party).collect();
    by.extend(asked.all.ledger.get(event).into_iter().flat_map(|entry| entry.asserted_by.iter().map(|a| &a.party)));
    let by = claim.map_or_else(|| by.into_iter().cloned().collect(), |claim| vec![claim.by.party.clone()]);
    let sentence = || fact.map(|fact| super::sentence::of(fact, asked.all)).unwrap_or_default();
    Side {
        by,
        claim: claim.map(|claim| claim.handle),
        event,
        text: claim.map_or_else(sentence, |claim| claim.text().to_string()),
        when: fact.and_then(|fact| fact.occurred()).map(|when| InstantView::of(when, asked.zone())),
    }
}
