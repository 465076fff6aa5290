//! `talks show`

use serde_json::Value;

use super::dates::maybe;
use super::names::Names;
use super::page::{Page, header};
use super::replay::change_text;
use super::table::joined;
use super::text::{BOLD, clean, indented, styled, width};
use super::why;
use crate::app::{Asking, Trouble};
use crate::view::{Correction, EventView, Shown};

pub(super) fn page(asking: &Asking<'_>, name: &str) -> Result<Page, Trouble> {
    let shown = asking.show(name)?;
    let body = match &shown {
        Shown::Event(event) => event_text(event),
        Shown::Life { line, why } => format!("{}\n{}", fields(line, 0), why::text(why, Names::new(asking))),
    };
    Ok(Page::new(asking.answer(shown), None, format!("{}{body}", header(asking))))
}

fn event_text(event: &EventView) -> String {
    let mut text = format!("{}  {}\n", styled(BOLD, &event.event.to_string()), event.kind);
    text.push_str(&indented(&clean(&event.text), 2, width()));
    let mut field = |name: &str, value: String| text.push_str(&format!("  {name:<10} {value}\n"));
    field("occurred", maybe(event.occurred.as_ref()));
    field("known", maybe(event.known.as_ref()));
    field("recorded", event.recorded.clone().unwrap_or_else(|| "-".into()));
    field("standing", event.standing.to_string());
    if let Some(by) = event.retracted_by {
        field("retracted", format!("by {by}"));
    }
    if !event.named_by.is_empty() {
        field("named by", joined(&event.named_by));
    }
    for anomaly in &event.anomalies {
        field("anomaly", clean(anomaly));
    }
    text.push_str(&part("data", &event.data));
    text.push_str(&part("context", &event.context));
    text.push_str(&why::citations_text(&event.sources, 2));
    event.corrections.iter().for_each(|correction| text.push_str(&correction_text(correction)));
    if !event.changes.is_empty() {
        text.push_str("  what it changed\n");
        event.changes.iter().for_each(|change| text.push_str(&change_text(change)));
    }
    text
}

fn part(name: &str, value: &Value) -> String {
    match value.as_object() {
        Some(fields_of) if !fields_of.is_empty() => format!("  {name}\n{}", fields(value, 4)),
        _ => String::new(),
    }
}

/// The fields of an object, one a line; what is null or empty is left out.
fn fields(value: &Value, indent: usize) -> String {
    let Some(object) = value.as_object() else { return String::new() };
    let mut text = String::new();
    for (name, value) in object.iter().filter(|(_, value)| !is_blank(value)) {
        let lines = indented(&clean(&words(value)), indent + 20, width());
        text.push_str(&format!("{}{name:<19} {}", " ".repeat(indent), lines.trim_start()));
    }
    text
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(yes) => !yes,
        Value::String(_) | Value::Number(_) => false,
    }
}

/// A value in words: a date as written, a list joined, an object as its fields.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => joined(values.iter().map(words)),
        Value::Object(fields) => match fields.get("edtf") {
            Some(edtf) => words(edtf),
            None => {
                let filled = fields.iter().filter(|(_, value)| !is_blank(value));
                filled.map(|(name, value)| format!("{name}: {}", words(value))).collect::<Vec<_>>().join(", ")
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn correction_text(correction: &Correction) -> String {
    let effect = if correction.in_effect { "" } else { " (not in effect)" };
    let mut text = format!("  corrected by {}{effect}: {}\n", correction.event, clean(&words(&correction.patch)));
    text.push_str(&indented(&clean(&correction.reason), 4, width()));
    text.push_str(&why::citations_text(&correction.sources, 4));
    text
}
