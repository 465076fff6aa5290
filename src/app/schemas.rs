//! The schemas of what is handed out, by name: the machine contract, for every front door.

use serde_json::Value;

use crate::view;

/// What makes a schema.
type Make = fn() -> Value;

/// The reading commands, each with the schema of what it prints; `accusations` is what `incidents --by-accuser` prints,
/// `courses` what `timeline --svg` does, `readings` what `diff --between` does, `watch` prints one object a line, and `receipt` is what
/// every writing command prints.
static SCHEMAS: &[(&str, Make)] = &[
    ("status", whole::<view::Status>),
    ("board", whole::<view::BoardLine>),
    ("check", whole::<view::Checked>),
    ("search", || list::<view::Found>("found")),
    ("due", whole::<view::DueList>),
    ("demands", || list::<view::Line<view::DemandView>>("demands")),
    ("offers", || list::<view::Line<view::OfferView>>("offers")),
    ("ceasefires", || list::<view::Line<view::CeasefireView>>("ceasefires")),
    ("agreements", || list::<view::Line<view::AgreementView>>("agreements")),
    ("commitments", || list::<view::Line<view::CommitmentView>>("commitments")),
    ("measures", || list::<view::Line<view::MeasureView>>("measures")),
    ("rounds", || list::<view::Line<view::RoundView>>("rounds")),
    ("claims", || list::<view::Line<view::ClaimView>>("claims")),
    ("deadlines", || list::<view::Line<view::DeadlineView>>("deadlines")),
    ("incidents", || list::<view::Line<view::IncidentView>>("incidents")),
    ("accusations", whole::<view::Accusations>),
    ("parties", || list::<view::Line<view::PartyView>>("parties")),
    ("party", whole::<view::PartyProfile>),
    ("sources", || list::<view::Line<view::SourceView>>("sources")),
    ("timeline", || list::<view::Line<view::TimelineEntry>>("events")),
    ("courses", || list::<view::Course>("courses")),
    ("log", || list::<view::LogLine>("events")),
    ("query", whole::<super::Queried>),
    ("watch", view::schema::<super::Arrival>),
    ("show", whole::<view::Shown>),
    ("why", whole::<view::Why>),
    ("replay", whole::<view::Replay>),
    ("diff", whole::<view::Difference>),
    ("readings", whole::<view::Readings>),
    ("brief", whole::<view::Brief>),
    ("receipt", view::schema::<super::Receipt>),
    ("verify", view::schema::<super::Verified>),
];

/// The names of the schemas.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// The JSON Schema (2020-12) of that name.
pub fn schema_named(name: &str) -> Option<Value> {
    SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, make)| make())
}

/// The frame with this data.
fn whole<T: schemars::JsonSchema>() -> Value {
    view::schema::<view::Answer<T>>()
}

/// The frame with one list of these in its data.
fn list<T: schemars::JsonSchema>(name: &str) -> Value {
    let mut schema = whole::<Vec<T>>();
    let items = schema["properties"]["data"].take();
    schema["properties"]["data"] =
        serde_json::json!({ "type": "object", "properties": { name: items }, "required": [name] });
    schema
}
