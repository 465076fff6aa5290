//! A briefing: one state, what changed since an earlier day, and what became known since then about the time before.

use super::ask::{Asking, Question};
use super::book::Book;
use super::differ::{DiffClock, Differ};
use super::point::Point;
use super::{Env, Trouble};
use crate::domain::when::Instant;
use crate::view::{Brief, Compared, EventChange, brief};

/// A briefing, with what it was asked.
#[derive(Debug)]
pub struct Briefing<'a> {
    /// The earlier day.
    pub since: Point,
    /// The state, under which the answer is framed.
    pub asking: Asking<'a>,
    /// The briefing.
    pub brief: Brief,
}

/// The days that a briefing looks back where it is not told.
const DAYS_BACK: i64 = 7;

impl<'a> Briefing<'a> {
    /// Briefs on the log: since an earlier day, or since seven days before the day asked about.
    ///
    /// # Errors
    /// As for [`Differ::new`].
    pub fn new(book: &'a Book, since: Option<&str>, question: &Question, env: &Env) -> Result<Briefing<'a>, Trouble> {
        let since = match since {
            Some(since) => since.to_string(),
            None => week_before(&Asking::new(book, question, env)?),
        };
        let world = Differ::new(book, (&since, None), DiffClock::World, question, env)?;
        let known = became_known(book, &world, question, env)?;
        let Differ { from, after, difference } = world;
        let compared = Compared { since: from.at, world: difference, known };
        let brief = brief(&after.asked(), compared);
        Ok(Briefing { since: from, asking: after, brief })
    }
}

/// A week before the day asked about; as a day, where that is one.
fn week_before(asking: &Asking<'_>) -> String {
    let zone = asking.asked().zone();
    let at = Instant(asking.as_of.at.0.saturating_sub(DAYS_BACK * 86_400)).rfc3339(zone);
    match at.split_once('T') {
        Some((day, time)) if time.starts_with("23:59:59") => day.to_string(),
        _ => at,
    }
}

/// What was reported after the earlier day, and by the day asked about, of the world as it was on the earlier day.
fn became_known(book: &Book, world: &Differ<'_>, question: &Question, env: &Env) -> Result<Vec<EventChange>, Trouble> {
    let Differ { from, after, .. } = world;
    let to = after.known_by.as_ref().unwrap_or(&after.as_of);
    if from.comes_after(to) {
        return Ok(Vec::new());
    }
    let question = Question { as_of: Some(from.view.latest.clone()), ..question.clone() };
    let days = (from.view.latest.as_str(), Some(to.view.latest.as_str()));
    Ok(Differ::new(book, days, DiffClock::Knowledge, &question, env)?.difference.events)
}
