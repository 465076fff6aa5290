//! A negotiation on one page: what is so at one point, and what stands around it whatever point is chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::headlines;
use super::line::{Asked, InstantView, Line};
use super::{
    Course, EventView, IncidentView, Names, SourceView, Status, TimelineEntry, incidents, sources, status, timeline,
};
use crate::domain::event::Event;
use crate::domain::history::Fact;
use crate::domain::ids::Version;
use crate::domain::term::Due;
use crate::domain::when::Instant;

/// What is so at one point of both clocks.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Everything that is so.
    pub status: Status,
    /// Where each line stands, in a few words, by the name of the line.
    pub stands: BTreeMap<String, String>,
    /// What happened by then.
    pub timeline: Vec<Line<TimelineEntry>>,
    /// The names of the parties.
    pub names: Names<'a>,
}

/// What stands around it: the same for every day of the world, as far as it was known.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The stops of the slider through the world.
    pub stops: Vec<Stop>,
    /// The stops of the slider through what was known; the last is what is asked about.
    pub reports: Vec<Stop>,
    /// Where each line stood over time; empty for a log too long for it.
    pub courses: Vec<Course>,
    /// The incidents, with their figures by account.
    pub incidents: Vec<Line<IncidentView>>,
    /// The allegations of a violation: when, and in which event.
    pub alleged: Vec<Alleged>,
    /// The events that count, in the order of the world.
    pub order: BTreeMap<Version, usize>,
    /// The events that are shown, whole.
    pub events: BTreeMap<Version, EventView>,
    /// The sources.
    pub sources: Vec<Line<SourceView>>,
    /// Whether there are more stops than are given.
    pub thinned: bool,
    /// The last instant of the world that is shown.
    pub until: i64,
    /// The zone in which a day is a day, in seconds east of Greenwich.
    pub zone: i64,
}

/// An allegation of a violation, on the axis of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Alleged {
    /// The event.
    pub event: Version,
    /// When it is said to have been.
    pub when: InstantView,
    /// In a sentence.
    pub text: String,
}

/// A place at which a slider through time stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The instant, in seconds since 1970.
    pub at: i64,
    /// The instant as it is typed: a day where it is a day's end.
    pub when: InstantView,
    /// The events that come with it.
    pub events: Vec<Version>,
    /// What comes with it, in a sentence.
    pub text: String,
    /// Whether a line of the state moves there.
    pub moves: bool,
}

/// What is so at the point asked about.
pub fn sheet<'a>(asked: &Asked<'a>) -> Sheet<'a> {
    let stands = headlines(asked).into_iter().map(|(name, headline)| (name, headline.value)).collect();
    let names = Names::among(&asked.all.ground);
    Sheet { status: status(asked), stands, timeline: timeline(asked), names }
}

/// What stands around a state that takes in the whole span to be shown; the whole events are given.
pub fn around(asked: &Asked<'_>, courses: Vec<Course>, events: BTreeMap<Version, EventView>) -> Around {
    Around {
        stops: stops(asked, &courses),
        reports: reports(asked),
        incidents: incidents(asked),
        alleged: alleged(asked),
        order: asked.history.facts.iter().enumerate().map(|(place, fact)| (fact.version(), place)).collect(),
        events,
        sources: sources(asked),
        thinned: false,
        until: asked.at.0,
        zone: i64::from(asked.zone().seconds()),
        courses,
    }
}

/// An instant as it is typed: the day, where it is its end.
fn typed(asked: &Asked<'_>, at: Instant) -> InstantView {
    asked.due_view(Due { from: at, to: at })
}

/// From when a fact certainly counts: its last instant, or where it begins to sort if that is later.
fn certain_from(fact: &Fact) -> Instant {
    fact.last().min(fact.key.max(fact.begin.last()))
}

/// The stops of the world: where an event has certainly happened, where a line moves by the clock, and the day asked about.
fn stops(asked: &Asked<'_>, courses: &[Course]) -> Vec<Stop> {
    let of_the_world = |fact: &&Fact| fact.event().is_some_and(|event| !event.is_record_keeping());
    let mut at: BTreeMap<Instant, Vec<&Fact>> = BTreeMap::new();
    for fact in asked.facts().filter(of_the_world) {
        let instant = certain_from(fact).min(asked.at);
        if !instant.is_open() {
            at.entry(instant).or_default().push(fact);
        }
    }
    let turns = turns(asked, courses);
    let moving: BTreeSet<Instant> = courses.iter().flat_map(|course| &course.stretches).filter_map(began).collect();
    let instants: BTreeSet<Instant> = at.keys().chain(turns.keys()).copied().chain([asked.at]).collect();
    let mut before = Instant::MIN;
    let stop = |instant: Instant| {
        let facts = at.get(&instant).map(Vec::as_slice).unwrap_or_default();
        let moves = moving.range(before..=instant).any(|moved| *moved > before) || turns.contains_key(&instant);
        before = instant;
        let said = facts.iter().map(|fact| super::sentence::of(fact, asked.all));
        let text = said.chain(turns.get(&instant).cloned()).next().unwrap_or_default();
        let events = facts.iter().map(|fact| fact.version()).collect();
        Stop { at: instant.0, when: typed(asked, instant), events, text, moves }
    };
    instants.into_iter().map(stop).collect()
}

fn began(stretch: &super::Stretch) -> Option<Instant> {
    stretch.from.ends().1
}

/// Where a line moves of itself: no event has that very instant for its date.
fn turns(asked: &Asked<'_>, courses: &[Course]) -> BTreeMap<Instant, String> {
    let by_the_clock = |from: &InstantView| from.edtf == from.earliest && from.earliest == from.latest;
    let all = courses.iter().flat_map(|course| course.stretches.iter().map(move |stretch| (course, stretch)));
    let turn = |(course, stretch): (&Course, &super::Stretch)| {
        let at = began(stretch).filter(|at| *at <= asked.at && by_the_clock(&stretch.from))?;
        Some((at, format!("{}: {}, by the clock", course.what, stretch.value)))
    };
    all.filter_map(turn).collect()
}

/// The stops of what was known: where something was reported, and everything.
fn reports(asked: &Asked<'_>) -> Vec<Stop> {
    let mut at: BTreeMap<Instant, Vec<&Fact>> = BTreeMap::new();
    for fact in &asked.history.facts {
        let source = matches!(fact.event(), Some(Event::SourceRegistered(_)));
        if let Some(known) = fact.known.filter(|known| !known.is_open() && !source) {
            at.entry(known).or_default().push(fact);
        }
    }
    let stop = |(instant, facts): (Instant, Vec<&Fact>)| Stop {
        at: instant.0,
        when: typed(asked, instant),
        events: facts.iter().map(|fact| fact.version()).collect(),
        text: facts.first().map(|fact| super::sentence::of(fact, asked.all)).unwrap_or_default(),
        moves: true,
    };
    at.into_iter().map(stop).collect()
}

fn alleged(asked: &Asked<'_>) -> Vec<Alleged> {
    let told = |fact: &Fact| {
        matches!(fact.event(), Some(Event::ViolationAlleged(_))).then_some(())?;
        let when = InstantView::of(fact.occurred()?, asked.zone());
        Some(Alleged { event: fact.version(), when, text: super::sentence::of(fact, asked.all) })
    };
    asked.facts().filter_map(told).collect()
}
