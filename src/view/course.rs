//! The course of each line of the state: where it stood, from when to when.
//!
//! A line moves with an event, or by the clock: a truce runs out at its hour, whether or not anything happens then.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::{Headline, headlines, order};
use super::line::{Asked, InstantView};
use crate::domain::negotiation::Negotiation;
use crate::domain::when::Instant;

/// A line of the state through time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Course {
    /// The line: `talks`, `talks (TABLE)` for another table, or a handle.
    pub what: String,
    /// What it is about, in a few words.
    pub text: String,
    /// Where it stood, one after the other.
    pub stretches: Vec<Stretch>,
}

/// A time in which a line stood at one place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stretch {
    /// Where it stood: `in-force, contested`.
    pub value: String,
    /// From when, as vague as it was said.
    pub from: InstantView,
    /// Until when; null: it stands there on the day asked about.
    pub to: Option<InstantView>,
}

/// The course of every line up to the instant, in the order of the status.
pub fn courses(asked: &Asked<'_>) -> Vec<Course> {
    let mut state = Negotiation::new(asked.history.ground.clone());
    let mut walk = Walk::default();
    let mut then = Instant::MIN;
    for fact in asked.facts() {
        let next = then.max(fact.key);
        walk.by_the_clock(asked, &state, (then, next));
        state.evolve(fact, fact.is_certain_at(asked.at));
        then = next;
        let from = fact.occurred().map(|when| InstantView::of(when, asked.zone()));
        walk.see(&at(asked, &state, then), &from.unwrap_or_else(|| InstantView::at(then, asked.zone())));
    }
    walk.by_the_clock(asked, &state, (then, asked.at));
    walk.courses()
}

/// The state so far, asked for an instant.
fn at<'a>(asked: &Asked<'a>, state: &'a Negotiation, at: Instant) -> Asked<'a> {
    Asked { all: state, certain: state, at, ..*asked }
}

#[derive(Default)]
struct Walk {
    lines: BTreeMap<String, Course>,
}

impl Walk {
    /// What moves of itself after one instant and up to another, at which nothing has happened yet.
    fn by_the_clock(&mut self, asked: &Asked<'_>, state: &Negotiation, (after, upto): (Instant, Instant)) {
        let mut turns = super::due::turns(&at(asked, state, after).now());
        turns.retain(|turn| after < *turn && *turn <= upto && *turn <= asked.at);
        for turn in turns {
            self.see(&at(asked, state, turn), &InstantView::at(turn, asked.zone()));
        }
    }

    fn see(&mut self, asked: &Asked<'_>, from: &InstantView) {
        let now = headlines(asked);
        for (what, course) in &mut self.lines {
            if !now.contains_key(what) {
                close(course, from);
            }
        }
        for (what, Headline { value, text, .. }) in now.into_iter().filter(|(what, _)| what != "incidents") {
            let course = self.lines.entry(what.clone()).or_insert_with(|| Course {
                what,
                text: String::new(),
                stretches: Vec::new(),
            });
            course.text = text;
            if course.stretches.last().is_none_or(|last| last.to.is_some() || last.value != value) {
                close(course, from);
                course.stretches.push(Stretch { value, from: from.clone(), to: None });
            }
        }
    }

    fn courses(self) -> Vec<Course> {
        let mut all: Vec<Course> = self.lines.into_values().collect();
        all.sort_by_key(|course| order(&course.what));
        all
    }
}

/// The last stretch ends; one that lasted for no time is forgotten.
fn close(course: &mut Course, at: &InstantView) {
    if let Some(last) = course.stretches.last_mut().filter(|last| last.to.is_none()) {
        last.to = Some(at.clone());
        course.stretches.pop_if(|last| last.from == *at);
    }
}
