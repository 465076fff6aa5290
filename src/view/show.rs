//! Everything on one thing: an event with its fields, sources, corrections and what it changed; a life with the events that made it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::changes::Change;
use super::line::{Asked, InstantView};
use super::why::{CitationView, Why, citation_view, why};
use crate::domain::event::Event;
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::ledger::Standing;
use crate::domain::record::{Body, Record};

/// What is there under a name.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// An event.
    Event(Box<EventView>),
    /// A life: its line as the status has it, and what it rests on.
    Life {
        /// The line, as its own view gives it.
        line: Value,
        /// What it rests on.
        why: Why,
    },
}

/// An event, whole.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventView {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its id.
    pub id: Option<uuid::Uuid>,
    /// Its kind.
    pub kind: String,
    /// The handle it defines or joins.
    pub handle: Option<Handle>,
    /// In a sentence.
    pub text: String,
    /// When it happened, with the corrections in effect.
    pub occurred: Option<InstantView>,
    /// From when it was known.
    pub known: Option<InstantView>,
    /// When it was recorded here.
    pub recorded: Option<String>,
    /// Its data, with the corrections in effect; null where it can't be read.
    pub data: Value,
    /// Its context, with the corrections in effect.
    pub context: Value,
    /// Who says so.
    pub sources: Vec<CitationView>,
    /// How it stands.
    pub standing: Standing,
    /// The event that retracted it.
    #[schemars(with = "Option<String>")]
    pub retracted_by: Option<Version>,
    /// The corrections aimed at it, in log order.
    pub corrections: Vec<Correction>,
    /// Other events that name it: denials, confirmations, accounts, notes.
    #[schemars(with = "Vec<String>")]
    pub named_by: Vec<Version>,
    /// What does not fit about it.
    pub anomalies: Vec<String>,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// A correction of an event.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Correction {
    /// The event that corrects.
    #[schemars(with = "String")]
    pub event: Version,
    /// Whether it is in effect.
    pub in_effect: bool,
    /// The patch.
    pub patch: Value,
    /// Why, in words.
    pub reason: String,
    /// Who says otherwise.
    pub sources: Vec<CitationView>,
}

/// What is there under a name; nothing if there is nothing.
pub fn show(asked: &Asked<'_>, records: &[Arc<Record>], name: &Target, changes: &[Change]) -> Option<Shown> {
    match name {
        Target::Elsewhere(_) => None,
        Target::Event(version) => {
            let whole = WholeEvents::of(asked, records).event(*version, changes.to_vec())?;
            Some(Shown::Event(Box::new(whole)))
        }
        Target::Handle(handle) => {
            let line = line_of(asked, *handle)?;
            let why = why(asked, name).unwrap_or_else(|| registered(asked, *handle));
            Some(Shown::Life { line, why })
        }
    }
}

/// The line of a life, as its own view gives it.
fn line_of(asked: &Asked<'_>, handle: Handle) -> Option<Value> {
    use crate::domain::ids::Letter::*;
    let all = match handle.letter {
        R => serde_json::to_value(super::rounds(asked)),
        D => serde_json::to_value(super::demands(asked)),
        O => serde_json::to_value(super::offers(asked)),
        C => serde_json::to_value(super::ceasefires(asked)),
        A => serde_json::to_value(super::agreements(asked)),
        K => serde_json::to_value(super::commitments(asked)),
        T => serde_json::to_value(super::deadlines(asked)),
        M => serde_json::to_value(super::measures(asked)),
        Q => serde_json::to_value(super::claims(asked)),
        S => serde_json::to_value(super::sources(asked)),
        F => serde_json::to_value(super::followups(asked)),
    };
    let Ok(Value::Array(lines)) = all else { return None };
    lines.into_iter().find(|line| line.get("handle") == Some(&Value::String(handle.to_string())))
}

/// A source has no headline; it rests on its registration.
fn registered(asked: &Asked<'_>, handle: Handle) -> Why {
    let name = Target::Handle(handle);
    let text = super::sentence::of_target(&name, asked);
    Why { of: handle.to_string(), text, now: None, reasons: Vec::new(), disputed_by: Vec::new() }
}

/// Events, each with everything that is said of it: what others say of an event is looked up once for all of them.
#[derive(Debug)]
pub struct WholeEvents<'a> {
    asked: &'a Asked<'a>,
    records: &'a [Arc<Record>],
    corrected: BTreeMap<Version, Vec<&'a Record>>,
    named: BTreeMap<Version, Vec<Version>>,
    anomalies: BTreeMap<Version, Vec<String>>,
}

impl<'a> WholeEvents<'a> {
    /// Of a log; the records are in the order of their versions.
    pub fn of(asked: &'a Asked<'a>, records: &'a [Arc<Record>]) -> WholeEvents<'a> {
        let (mut corrected, mut named, mut anomalies) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for record in records {
            if let Some(Event::EventCorrected(correction)) = record.event() {
                corrected.entry(correction.target).or_insert_with(Vec::new).push(&**record);
            }
        }
        for fact in &asked.history.facts {
            let events =
                fact.names.iter().filter_map(|name| if let Target::Event(event) = name { Some(event) } else { None });
            let events: BTreeSet<&Version> = events.collect();
            events.into_iter().for_each(|event| named.entry(*event).or_insert_with(Vec::new).push(fact.version()));
        }
        for anomaly in super::anomalies(asked) {
            anomalies.entry(anomaly.event).or_insert_with(Vec::new).push(anomaly.text);
        }
        WholeEvents { asked, records, corrected, named, anomalies }
    }

    /// One of them, with what it changed.
    pub fn event(&self, version: Version, changes: Vec<Change>) -> Option<EventView> {
        let place = self.records.binary_search_by_key(&version, |record| record.version()).ok()?;
        let (asked, record) = (self.asked, &self.records[place]);
        let fact = asked.history.fact(version);
        let effective = fact.map_or(record, |fact| &fact.record);
        let envelope = &effective.envelope;
        let parsed = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        let readable = matches!(record.body, Body::Present(_) | Body::NotUnderstood(_));
        let known = fact.and_then(|fact| fact.known).filter(|at| !at.is_open());
        Some(EventView {
            event: version,
            id: envelope.id,
            kind: envelope.kind.to_string(),
            handle: effective.defines(),
            text: super::sentence::of_record(effective, &asked.all.ground),
            occurred: envelope.occurred.as_ref().map(|when| InstantView::of(when, asked.zone())),
            known: known.map(|at| InstantView::at(at, asked.zone())),
            recorded: envelope.seal.as_ref().map(|seal| seal.recorded.utc()),
            data: if readable { parsed(&effective.parts.data) } else { Value::Null },
            context: parsed(&effective.parts.context),
            sources: effective.sources.iter().map(|citation| citation_view(asked, citation)).collect(),
            standing: if readable { asked.all.standing(version) } else { Standing::Withheld },
            retracted_by: asked.all.ground.retracted.get(&Target::Event(version)).copied(),
            corrections: self.corrections(version),
            named_by: self.named.get(&version).cloned().unwrap_or_default(),
            anomalies: self.anomalies.get(&version).cloned().unwrap_or_default(),
            changes,
        })
    }

    fn corrections(&self, version: Version) -> Vec<Correction> {
        let in_effect = self.asked.history.fact(version).map(|fact| fact.basis.as_slice()).unwrap_or_default();
        let correction = |record: &&Record| match record.event() {
            Some(Event::EventCorrected(c)) => Some(Correction {
                event: record.version(),
                in_effect: in_effect.contains(&record.version()),
                patch: c.patch.clone(),
                reason: c.reason.clone(),
                sources: record.sources.iter().map(|citation| citation_view(self.asked, citation)).collect(),
            }),
            _ => None,
        };
        self.corrected.get(&version).into_iter().flatten().filter_map(correction).collect()
    }
}
