//! The timeline: what happened, in the order of the world.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line};
use crate::domain::event::Event;
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Version};
use crate::domain::ledger::Standing;
use crate::domain::value::Party;

/// One event of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimelineEntry {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its kind.
    pub kind: String,
    /// The life it defines or joins.
    pub handle: Option<Handle>,
    /// When; null where that was not given.
    pub when: Option<InstantView>,
    /// Whether its date is uncertain (`?`) or approximate (`~`) by its own mark.
    pub uncertain: bool,
    /// The event in a sentence.
    pub text: String,
    /// Where.
    pub place: Option<String>,
    /// The parties it names.
    #[schemars(with = "Vec<String>")]
    pub parties: Vec<Party>,
    /// How it stands.
    pub standing: Standing,
    /// The sources cited.
    pub sources: Vec<Handle>,
    /// Whether it is only known to be over by a later day: it is listed and not yet counted.
    pub not_yet_counted: bool,
}

/// What happened by the instant, in world order; then what is only known to have happened by a later day.
pub fn timeline(asked: &Asked<'_>) -> Vec<Line<TimelineEntry>> {
    let counted = asked.facts().filter(|fact| is_of_the_world(fact));
    let later = asked.later().filter(|fact| fact.begin.start.is_open());
    let counted: Vec<_> = counted.map(|fact| line(asked, fact, false)).collect();
    let listed = later.filter(|fact| is_of_the_world(fact)).map(|fact| line(asked, fact, true));
    counted.into_iter().chain(listed).collect()
}

fn is_of_the_world(fact: &Fact) -> bool {
    fact.event().is_some_and(|event| !event.is_record_keeping() && !matches!(event, Event::NegotiationOpened(_)))
}

pub(super) fn line(asked: &Asked<'_>, fact: &Fact, not_yet_counted: bool) -> Line<TimelineEntry> {
    let occurred = fact.occurred();
    let mut sources: Vec<Handle> = fact.record.sources.iter().map(|citation| citation.source.0).collect();
    sources.dedup();
    let item = TimelineEntry {
        event: fact.version(),
        kind: fact.record.envelope.kind.to_string(),
        handle: fact.defines.or_else(|| fact.names.iter().find_map(handle_of)),
        when: occurred.map(|when| InstantView::of(when, asked.zone())),
        uncertain: occurred.is_some_and(|when| when.is_uncertain() || when.is_approximate()),
        text: super::sentence::of(fact, asked.all),
        place: fact.context().place.as_ref().map(|place| place.name.clone()),
        parties: fact.parties.clone(),
        standing: asked.all.standing(fact.version()),
        sources,
        not_yet_counted,
    };
    let missing = asked.certain.ledger.get(fact.version()).is_none().then_some(serde_json::Value::Null);
    asked.line(item, Some(fact.version()), &fact.basis, missing)
}

fn handle_of(name: &crate::domain::ids::Target) -> Option<Handle> {
    match name {
        crate::domain::ids::Target::Handle(handle) => Some(*handle),
        _ => None,
    }
}
