//! A negotiation on one page: gathered here, once, for whoever shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ask::{Asking, Question};
use super::book::Book;
use super::differ::{DiffClock, Differ};
use super::{Env, Trouble};
use crate::domain::ids::Version;
use crate::domain::when::Instant;
use crate::view::{Answer, Around, Difference, EventView, Sheet, Stop, WholeEvents, around, courses, sheet};

/// A page of one negotiation, with what it was asked.
#[derive(Debug)]
pub struct Folio<'a> {
    /// The point asked about.
    pub asking: Asking<'a>,
    /// What stands around it.
    pub around: Arc<Around>,
    /// What lies between a pinned day and the point.
    pub difference: Option<Difference>,
}

/// A log with more events has no course drawn, for each of its events would be weighed with every line there is.
const DRAWN_AT_MOST: usize = 3_000;
/// At most so many events are shown on a page, the latest.
pub const SHOWN_AT_MOST: usize = 1_000;
/// At most so many stops has a slider of a page that is served.
const STOPS_SERVED: usize = 2_000;
/// At most so many stops has the slider through the world of a file.
const STOPS_AT_MOST: usize = 400;
/// At most so many points of both clocks are kept in a file.
const CELLS_AT_MOST: usize = 6_000;
/// At most so many events are folded for a file, over all of its points: each point folds the log up to it.
const FOLDED_AT_MOST: usize = 1_000_000;

impl<'a> Folio<'a> {
    /// Gathers the page of a question; `pin` is another day, to be compared. What stands around it may be at hand from another day
    /// of the same log and reading, and is taken if it reaches far enough.
    ///
    /// # Errors
    /// As for [`Differ::new`].
    pub fn new(
        book: &'a Book,
        question: &Question,
        pin: Option<&str>,
        env: &Env,
        at_hand: Option<Arc<Around>>,
    ) -> Result<Folio<'a>, Trouble> {
        let asking = Asking::new(book, question, env)?;
        // A moment ago does for now.
        let reaches = |around: &Arc<Around>| question.as_of.is_none() || around.until >= asking.as_of.at.0;
        let around = match at_hand.filter(reaches) {
            Some(around) => around,
            None => Arc::new(surroundings(book, question, &asking, env)?),
        };
        let difference = pin.map(|pin| difference(book, pin, question, env)).transpose()?;
        Ok(Folio { asking, around, difference })
    }

    /// What is so at the point, framed.
    pub fn sheet(&self) -> Answer<Sheet<'_>> {
        self.asking.sheet()
    }
}

/// What stands around a point. The sliders go beyond it, each on its own clock.
fn surroundings(book: &Book, question: &Question, asking: &Asking<'_>, env: &Env) -> Result<Around, Trouble> {
    let now = Question { as_of: None, ..question.clone() };
    let latest = question.as_of.as_ref().map(|_| Asking::new(book, &now, env)).transpose()?;
    let latest = latest.as_ref().filter(|latest| latest.as_of.at >= asking.as_of.at).unwrap_or(asking);
    let mut around = latest.around();
    if question.known_by.is_some() {
        around.reports = Asking::new(book, &Question { known_by: None, ..question.clone() }, env)?.around_reports();
    }
    let have = (around.stops.len(), around.reports.len());
    thin(&mut around.stops, STOPS_SERVED);
    thin(&mut around.reports, STOPS_SERVED);
    around.thinned = have != (around.stops.len(), around.reports.len());
    Ok(around)
}

fn difference(book: &Book, pin: &str, question: &Question, env: &Env) -> Result<Difference, Trouble> {
    let to = question.as_of.as_deref();
    let forth = Differ::new(book, (pin, to), DiffClock::World, question, env);
    match (forth, to) {
        // A pin may lie on either side of the point.
        (Err(trouble), Some(to)) if trouble.id == "reversed-dates" => {
            Ok(Differ::new(book, (to, Some(pin)), DiffClock::World, question, env)?.difference)
        }
        (differ, _) => Ok(differ?.difference),
    }
}

impl Asking<'_> {
    /// What is so at the point, framed.
    pub fn sheet(&self) -> Answer<Sheet<'_>> {
        self.answer(sheet(&self.asked()))
    }

    /// What stands around the point, up to it.
    pub fn around(&self) -> Around {
        let asked = self.asked();
        let drawn = if self.is_drawn() { courses(&asked) } else { Vec::new() };
        around(&asked, drawn, self.shown_events())
    }

    fn is_drawn(&self) -> bool {
        self.asked().history.facts.len() <= DRAWN_AT_MOST
    }

    fn around_reports(&self) -> Vec<Stop> {
        around(&self.asked(), Vec::new(), BTreeMap::new()).reports
    }

    /// The latest events, whole; what each changed is told where the log is short enough for it.
    fn shown_events(&self) -> BTreeMap<Version, EventView> {
        let asked = self.asked();
        let steps = if self.is_drawn() { self.replay().steps } else { Vec::new() };
        let mut changes: BTreeMap<Version, _> = steps.into_iter().map(|step| (step.event, step.changes)).collect();
        let counted: Vec<Version> = asked.facts().chain(asked.later()).map(|fact| fact.version()).collect();
        let latest: BTreeSet<Version> = counted.into_iter().rev().take(SHOWN_AT_MOST).collect();
        let whole = WholeEvents::of(&asked, self.records());
        let event = |event: Version| Some((event, whole.event(event, changes.remove(&event).unwrap_or_default())?));
        latest.into_iter().filter_map(event).collect()
    }
}

/// A point of both clocks, by its places among the stops.
#[derive(Debug)]
pub struct Cell<'a> {
    /// In which reading, by its place in [`Film::readings`].
    pub reading: usize,
    /// Which stop of what was known.
    pub known: usize,
    /// Which stop of the world.
    pub as_of: usize,
    /// What is so there.
    pub sheet: Answer<Sheet<'a>>,
}

/// A log at every stop of both clocks, and, as all is known now, in every reading.
#[derive(Debug)]
pub struct Film<'a> {
    book: &'a Book,
    question: Question,
    env: Env,
    /// The last point, and what stands around it.
    pub last: Folio<'a>,
    /// The readings: the one asked about first.
    pub readings: Vec<Question>,
}

impl<'a> Film<'a> {
    /// Of everything up to the point asked about: what comes after it is not in the film.
    ///
    /// # Errors
    /// As for [`Asking::new`].
    pub fn new(book: &'a Book, question: &Question, env: &Env) -> Result<Film<'a>, Trouble> {
        let asking = Asking::new(book, question, env)?;
        let mut around = asking.around();
        let have = around.stops.len();
        thin(&mut around.stops, STOPS_AT_MOST);
        around.reports.retain(|stop| asking.known_by.as_ref().is_none_or(|by| stop.at <= by.at.0));
        around.reports.push(everything(&asking));
        let cells = CELLS_AT_MOST.min(FOLDED_AT_MOST / asking.records().len().max(1));
        let most = (cells / around.stops.len().max(1)).max(2);
        let told = around.reports.len();
        thin(&mut around.reports, if asking.records().len() > DRAWN_AT_MOST { 2 } else { most });
        around.thinned = (have, told) != (around.stops.len(), around.reports.len());
        let readings = readings(&asking, question);
        Ok(Film {
            book,
            question: question.clone(),
            env: *env,
            last: Folio { asking, around: Arc::new(around), difference: None },
            readings,
        })
    }

    /// Hands on every cell: reading by reading, day of knowledge by day of knowledge, and in each the days of the world; with what
    /// stands around the days of one knowledge.
    ///
    /// # Errors
    /// As for [`Asking::new`].
    pub fn each(&self, take: &mut dyn FnMut(&Cell<'_>, &Around)) -> Result<(), Trouble> {
        let reports = &self.last.around.reports;
        for (reading, question) in self.readings.iter().enumerate() {
            // A reading other than the one asked about is kept of what is known now.
            let kept = if reading == 0 { 0 } else { reports.len() - 1 };
            for (known, stop) in reports.iter().enumerate().skip(kept) {
                self.walk(question, (reading, known), stop, take)?;
            }
        }
        Ok(())
    }

    fn walk(
        &self,
        question: &Question,
        (reading, known): (usize, usize),
        report: &Stop,
        take: &mut dyn FnMut(&Cell<'_>, &Around),
    ) -> Result<(), Trouble> {
        let is_last = known + 1 == self.last.around.reports.len();
        let known_by = if is_last { self.question.known_by.clone() } else { Some(report.when.latest.clone()) };
        let as_of = Some(self.last.asking.as_of.view.latest.clone());
        let mut asking = Asking::new(self.book, &Question { known_by, as_of, ..question.clone() }, &self.env)?;
        // The courses are drawn once, of the last day of knowledge.
        let around = around(&asking.asked(), Vec::new(), asking.shown_events());
        for (as_of, stop) in self.last.around.stops.iter().enumerate() {
            asking = asking.moved_to(self.book, Instant(stop.at), question);
            take(&Cell { reading, known, as_of, sheet: asking.sheet() }, &around);
        }
        Ok(())
    }
}

/// The stop of everything that is known, or was by the day asked about.
fn everything(asking: &Asking<'_>) -> Stop {
    let when = asking.known_by.as_ref().map_or_else(|| asking.as_of.view.clone(), |point| point.view.clone());
    let at = asking.known_by.as_ref().map_or(i64::MAX, |point| point.at.0);
    Stop { at, when, events: Vec::new(), text: String::new(), moves: true }
}

/// Keeps at most so many stops, evenly spread, and always the first and the last.
fn thin(stops: &mut Vec<Stop>, most: usize) {
    let have = stops.len();
    if have <= most || most < 2 {
        return;
    }
    let kept: BTreeSet<usize> = (0..most).map(|nth| nth * (have - 1) / (most - 1)).collect();
    let mut place = 0;
    stops.retain(|_| {
        place += 1;
        kept.contains(&(place - 1))
    });
}

/// The question, and the same in every other reading, where none was asked for.
fn readings(asking: &Asking<'_>, question: &Question) -> Vec<Question> {
    let mut all = vec![question.clone()];
    let is_plain = !question.certain && question.accounts_of.is_none() && !question.corroborated;
    if is_plain && asking.records().len() <= DRAWN_AT_MOST {
        all.push(Question { certain: true, ..question.clone() });
        all.push(Question { corroborated: true, ..question.clone() });
        let ground = &asking.asked().all.ground;
        let principals = ground.parties.keys().filter(|party| ground.is_principal(party));
        all.extend(principals.take(4).map(|party| question.read_as(party.as_str())));
    }
    all
}
