//! `talks schema`

use serde_json::Value;

use super::page::Page;
use crate::app::{self, Trouble};
use crate::exchange::schema::event_schema;
use crate::view;

/// What makes a schema.
type Make = fn() -> Value;

/// The reading commands, each with the schema of what it prints; `accusations` is what `incidents --by-accuser` prints,
/// `courses` what `timeline --svg` does, `readings` what `diff --between` does, `watch` prints one object a line, and `receipt` is what
/// every writing command prints.
const VIEWS: &[(&str, Make)] = &[
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
    ("query", whole::<app::Queried>),
    ("watch", view::schema::<app::Arrival>),
    ("show", whole::<view::Shown>),
    ("why", whole::<view::Why>),
    ("replay", whole::<view::Replay>),
    ("diff", whole::<view::Difference>),
    ("readings", whole::<view::Readings>),
    ("brief", whole::<view::Brief>),
    ("receipt", view::schema::<app::Receipt>),
    ("verify", view::schema::<app::Verified>),
];

pub(super) fn page(of: Option<&str>) -> Result<Page, Trouble> {
    match of {
        None | Some("event") => Ok(Page::raw(event_schema())),
        Some(name) => view_schema(name).map(Page::raw).ok_or_else(|| {
            let names: Vec<&str> = VIEWS.iter().map(|(view, _)| *view).collect();
            let trouble = Trouble::usage("no-such-schema", format!("no schema \"{name}\""));
            trouble.because(format!("there are event, {}", names.join(", "))).help("talks schema event")
        }),
    }
}

fn view_schema(name: &str) -> Option<Value> {
    VIEWS.iter().find(|(view, _)| *view == name).map(|(_, make)| make())
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
