//! One day in two readings: where the lines of the state stand in each, and which events only one of them takes in.

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::ReadingView;
use super::changes::Change;
use super::line::{Asked, InstantView};
use crate::domain::history::Fact;
use crate::domain::ids::Version;

/// One of two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnlyIn {
    /// The first.
    First,
    /// The second.
    Second,
}

/// Two readings of one day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Readings {
    /// The first reading.
    pub first: ReadingView,
    /// The second.
    pub second: ReadingView,
    /// The lines of the state that do not stand in both where they stand in one.
    pub lines: Vec<Apart>,
    /// The events that only one of them takes in, in world order.
    pub events: Vec<OneSided>,
}

/// A line of the state that stands elsewhere in each reading.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Apart {
    /// The line: `talks`, `talks (TABLE)`, a handle, or `incidents`.
    pub what: String,
    /// What it is about, in a few words.
    pub text: String,
    /// Where it stands in the first; null: it is not there.
    pub first: Option<String>,
    /// Where it stands in the second; null: it is not there.
    pub second: Option<String>,
    /// The events that make the difference: in the basis of one and not of the other.
    #[schemars(with = "Vec<String>")]
    pub events: Vec<Version>,
}

/// An event that one reading takes in and the other leaves out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OneSided {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// The reading that has it.
    pub only: OnlyIn,
    /// When it happened.
    pub when: Option<InstantView>,
    /// In a sentence.
    pub text: String,
}

/// What each reading has that the other has not.
pub fn readings(
    (first, first_is): (&Asked<'_>, ReadingView),
    (second, second_is): (&Asked<'_>, ReadingView),
) -> Readings {
    let apart = |change: Change| {
        let Change { what, text, before, after, events, .. } = change;
        Apart { what, text, first: before, second: after, events }
    };
    let lines = super::changes(first, second).into_iter().map(apart).collect();
    Readings { first: first_is, second: second_is, lines, events: one_sided(first, second) }
}

fn one_sided(first: &Asked<'_>, second: &Asked<'_>) -> Vec<OneSided> {
    let event = |fact: &Fact| match (first.takes(fact), second.takes(fact)) {
        (true, false) => Some(one(OnlyIn::First, fact, first)),
        (false, true) => Some(one(OnlyIn::Second, fact, second)),
        _ => None,
    };
    first.history.facts.iter().filter_map(event).collect()
}

fn one(only: OnlyIn, fact: &Fact, asked: &Asked<'_>) -> OneSided {
    let when = fact.occurred().map(|when| InstantView::of(when, asked.zone()));
    OneSided { event: fact.version(), only, when, text: super::sentence::of(fact, asked.all) }
}
