//! A point in time as a person names it: a date in many forms, or an event.

use super::{Env, Trouble};
use crate::domain::history::{History, RecordedBy};
use crate::domain::ids::Version;
use crate::domain::when::{Instant, Span, Zone};
use crate::exchange::typed::typed_when;
use crate::view::InstantView;

/// A point, resolved: always printed, so that nobody is left guessing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The instant: the last one of a day or of anything vaguer.
    pub at: Instant,
    /// The event it was named by.
    pub event: Option<Version>,
    /// As resolved, for people.
    pub echo: String,
    /// As resolved, for machines.
    pub view: InstantView,
}

/// Which clock an event stands for when it names a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    World,
    Knowledge,
    Recording,
}

impl Point {
    /// Now, where nothing else was asked.
    pub fn now(env: &Env, zone: Zone) -> Point {
        let view = InstantView::at(env.now, zone);
        Point { at: env.now, event: None, echo: echo_of(env.now, zone), view }
    }

    /// From what was typed.
    pub(super) fn typed(text: &str, clock: Clock, history: &History, env: &Env) -> Result<Point, Trouble> {
        match text.trim().parse::<Version>() {
            Ok(event) => Point::of_event(event, clock, history),
            Err(_) => Point::of_date(text, history.ground.zone, env),
        }
    }

    pub(super) fn of_date(text: &str, zone: Zone, env: &Env) -> Result<Point, Trouble> {
        let typed = typed_when(text, env.now, zone)?;
        let at = typed.when.span(zone).last();
        if at == Instant::MAX {
            return Err(
                Trouble::usage("open-date", format!("\"{text}\" has no end")).help("name the last day that counts")
            );
        }
        Ok(Point { at, event: None, echo: typed.echo, view: InstantView::of(&typed.when, zone) })
    }

    /// Whether it lies after another point of the same clock; events of the recording clock go by their versions.
    pub(super) fn comes_after(&self, other: &Point) -> bool {
        match (self.event, other.event) {
            (Some(event), Some(other)) if self.at.is_open() => event > other,
            _ => !self.at.is_open() && !other.at.is_open() && self.at > other.at,
        }
    }

    fn of_event(event: Version, clock: Clock, history: &History) -> Result<Point, Trouble> {
        let absent = || {
            let trouble = Trouble::failed("no-such-event", format!("no event {event} counts in this log"));
            trouble.help("talks log lists them all")
        };
        if clock == Clock::Recording {
            // The record keeps what was retracted too.
            return if Some(event) <= history.version {
                Ok(Point::at_event(event, Instant::MIN, "", history))
            } else {
                Err(absent())
            };
        }
        let fact = history.fact(event).ok_or_else(absent)?;
        let at = match clock {
            Clock::Knowledge => fact.known.unwrap_or(fact.key),
            Clock::World | Clock::Recording => fact.last().min(fact.key.max(fact.begin.last())),
        };
        if at.is_open() {
            let trouble = Trouble::usage("undated-event", format!("{event} has no date on that clock"));
            return Err(trouble.help("name an event of the world, or a date"));
        }
        let day = fact.occurred().map_or_else(|| echo_of(at, history.ground.zone), |when| when.text().to_string());
        Ok(Point::at_event(event, at, &format!(", {day}"), history))
    }

    fn at_event(event: Version, at: Instant, day: &str, history: &History) -> Point {
        let view = InstantView::spanning(&event.to_string(), Span::point(at), history.ground.zone);
        Point { at, event: Some(event), echo: format!("{event}{day}"), view }
    }

    /// As a cut of the recording clock: an event cuts by its version.
    pub(super) fn recorded_by(&self) -> RecordedBy {
        self.event.map_or(RecordedBy::At(self.at), RecordedBy::Version)
    }
}

/// An instant as people write it: `Thu 26 Oct 2023 23:59 +05:00`.
fn echo_of(at: Instant, zone: Zone) -> String {
    at.local(zone).map_or_else(|| "..".into(), |local| format!("{} {zone}", local.format("%a %-d %b %Y %H:%M")))
}
