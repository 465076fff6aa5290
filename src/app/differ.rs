//! Two states of one log: on two days of a clock, or of one day in two readings.

use super::ask::{Asking, EVERYONE, Question};
use super::book::Book;
use super::point::Point;
use super::{Env, Trouble};
use crate::view::{Difference, Readings, difference, readings};

/// Two states of one log, and what lies between them.
#[derive(Debug)]
pub struct Differ<'a> {
    /// The earlier point.
    pub from: Point,
    /// The later state, under which the answer is framed.
    pub after: Asking<'a>,
    /// What lies between them.
    pub difference: Difference,
}

/// The clock on which two states differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffClock {
    /// What happened.
    World,
    /// What was reported, of one day of the world.
    Knowledge,
    /// What was recorded here, of one day of the world.
    Recording,
}

impl DiffClock {
    /// The question with its day on this clock.
    fn set(self, question: &Question, day: Option<&str>) -> Question {
        let mut question = question.clone();
        let on_clock = match self {
            DiffClock::World => &mut question.as_of,
            DiffClock::Knowledge => &mut question.known_by,
            DiffClock::Recording => &mut question.recorded_by,
        };
        *on_clock = day.map(Into::into).or(on_clock.take());
        question
    }

    /// The day of an answer on this clock; none means everything.
    fn of(self, asking: &Asking<'_>) -> Option<Point> {
        match self {
            DiffClock::World => Some(asking.as_of.clone()),
            DiffClock::Knowledge => asking.known_by.clone(),
            DiffClock::Recording => asking.recorded_by.clone(),
        }
    }
}

impl<'a> Differ<'a> {
    /// What changed from one day of a clock to another, under the same question.
    ///
    /// # Errors
    /// As for [`Asking::new`].
    pub fn new(
        book: &'a Book,
        (from, to): (&str, Option<&str>),
        clock: DiffClock,
        question: &Question,
        env: &Env,
    ) -> Result<Differ<'a>, Trouble> {
        let ask = |day: Option<&str>| Asking::new(book, &clock.set(question, day), env);
        let (before, after) = (ask(Some(from))?, ask(to)?);
        let from = clock.of(&before).unwrap_or_else(|| before.as_of.clone());
        let to = clock.of(&after);
        if let Some(to) = to.as_ref().filter(|to| from.comes_after(to)) {
            let what = format!("{} comes after {}", from.echo, to.echo);
            return Err(Trouble::usage("reversed-dates", what).help("give the earlier day first"));
        }
        let later = (&after.asked(), to.map(|to| to.view));
        let difference = difference((&before.asked(), from.view.clone()), later);
        Ok(Differ { from, after, difference })
    }
}

/// One day in two readings.
#[derive(Debug)]
pub struct Between<'a> {
    /// By everybody's account, under which the answer is framed.
    pub everyone: Asking<'a>,
    /// What each reading has, and the other has not.
    pub readings: Readings,
}

impl<'a> Between<'a> {
    /// The state of one day in two readings, each `everyone`, `corroborated` or a party.
    ///
    /// # Errors
    /// As for [`Asking::new`].
    pub fn new(
        book: &'a Book,
        (first, second): (&str, &str),
        question: &Question,
        env: &Env,
    ) -> Result<Between<'a>, Trouble> {
        if question.accounts_of.is_some() || question.corroborated {
            let what = "the two readings are named already";
            return Err(Trouble::usage("two-readings", what).help("leave out --accounts-of and --corroborated"));
        }
        let ask = |reading| Asking::new(book, &question.read_as(reading), env);
        let (everyone, first, second) = (ask(EVERYONE)?, ask(first)?, ask(second)?);
        let side = |asking: &Asking<'_>| asking.answer(()).reading;
        let readings = readings((&first.asked(), side(&first)), (&second.asked(), side(&second)));
        Ok(Between { everyone, readings })
    }
}
