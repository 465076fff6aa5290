//! The log itself, in the order in which it was kept: what was recorded when, and what became of each record.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::line::{Asked, InstantView};
use crate::domain::event::Event;
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::record::{Body, Record};

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LogLine {
    /// Its version, as an event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its id; null for a draft without one.
    pub id: Option<Uuid>,
    /// Its kind.
    pub kind: String,
    /// The handle it defines or joins.
    pub handle: Option<Handle>,
    /// When it happened, as first written.
    pub occurred: Option<InstantView>,
    /// From when it was known: the later of its earliest report and its earliest moment.
    pub known: Option<InstantView>,
    /// When it was recorded here; null for a draft.
    pub recorded: Option<String>,
    /// Who recorded it.
    pub recorder: Option<String>,
    /// The event in a sentence, as first written.
    pub text: String,
    /// Whether it counts: by the day asked about, and in the reading.
    pub counts: bool,
    /// The event that retracted it.
    #[schemars(with = "Option<String>")]
    pub retracted_by: Option<Version>,
    /// The corrections in effect on it.
    #[schemars(with = "Vec<String>")]
    pub corrected_by: Vec<Version>,
    /// Why it can't be read: `withheld`, `erased`, or what was not understood.
    pub unread: Option<String>,
}

/// The records within the cut, in log order.
pub fn log(asked: &Asked<'_>, records: &[Arc<Record>]) -> Vec<LogLine> {
    records
        .iter()
        .filter(|record| Some(record.version()) <= asked.history.version)
        .map(|record| line(asked, record))
        .collect()
}

fn line(asked: &Asked<'_>, record: &Record) -> LogLine {
    let fact = asked.history.fact(record.version());
    let zone = asked.zone();
    let seal = record.envelope.seal.as_ref();
    let applied =
        matches!(record.event(), Some(Event::EventCorrected(_) | Event::EventRetracted(_) | Event::EventReinstated(_)));
    LogLine {
        event: record.version(),
        id: record.envelope.id,
        kind: record.envelope.kind.to_string(),
        handle: record.defines(),
        occurred: record.envelope.occurred.as_ref().map(|when| InstantView::of(when, zone)),
        known: fact.and_then(|fact| fact.known).filter(|at| !at.is_open()).map(|at| InstantView::at(at, zone)),
        recorded: seal.map(|seal| seal.recorded.utc()),
        recorder: seal.and_then(|seal| seal.recorder.as_deref().map(Into::into)),
        text: super::sentence::of_record(record, &asked.all.ground),
        counts: fact.is_some_and(|fact| applied || asked.takes(fact)),
        retracted_by: asked.all.ground.retracted.get(&Target::Event(record.version())).copied(),
        corrected_by: fact.map(|fact| fact.basis.iter().skip(1).copied().collect()).unwrap_or_default(),
        unread: unread(&record.body),
    }
}

fn unread(body: &Body) -> Option<String> {
    match body {
        Body::Present(_) => None,
        Body::Withheld => Some("withheld".into()),
        Body::Erased => Some("erased".into()),
        Body::NotUnderstood(why) => Some(why.clone()),
    }
}
