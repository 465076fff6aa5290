//! What came into a log since a version, record by record, each with the change that it caused.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Asking, Book, DiffClock, Differ, Env, Question, Trouble};
use crate::domain::ids::Version;
use crate::view::{Change, EventChange, LogLine, log};

/// A record that came in.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Arrival {
    /// The negotiation.
    pub negotiation: String,
    /// The record, as `talks log` has it.
    #[serde(flatten)]
    pub record: LogLine,
    /// What it changed, as of the day asked about.
    pub changes: Vec<Change>,
    /// The other events that say something else now, count no more, or count again.
    pub events: Vec<EventChange>,
}

/// The records after a version, in the order in which they were kept; at most so many.
///
/// # Errors
/// As for [`Asking::new`].
pub fn arrivals(
    book: &Book,
    after: u64,
    at_most: usize,
    question: &Question,
    env: &Env,
) -> Result<Vec<Arrival>, Trouble> {
    let asking = Asking::new(book, question, env)?;
    let lines = log(&asking.asked(), asking.records());
    let new = lines.into_iter().filter(|line| line.event.0 > after).take(at_most);
    new.map(|record| {
        let (changes, events) = difference(book, record.event, question, env)?;
        Ok(Arrival { negotiation: asking.name().into(), record, changes, events })
    })
    .collect()
}

/// What is otherwise with a record than before it; the first one makes a log, and changes nothing.
fn difference(
    book: &Book,
    event: Version,
    question: &Question,
    env: &Env,
) -> Result<(Vec<Change>, Vec<EventChange>), Trouble> {
    if event.0 <= 1 {
        return Ok(Default::default());
    }
    let (before, with) = (Version(event.0 - 1).to_string(), event.to_string());
    let differ = Differ::new(book, (&before, Some(&with)), DiffClock::Recording, question, env)?;
    let others = differ.difference.events.into_iter().filter(|other| other.event != event);
    Ok((differ.difference.changes, others.collect()))
}
