//! What an append prints: where each record went, and what it changed.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Book;
use crate::domain::event::Event;
use crate::domain::history::History;
use crate::domain::ids::{Handle, Version};
use crate::domain::record::Record;
use crate::view::{Change, Finding};

/// The receipt of an append. Note the version and the root: with them anyone can later tell whether that much of the log is still
/// what it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Receipt {
    /// The negotiation's name.
    pub negotiation: String,
    /// The log's identity: the id of its first event.
    pub log: Option<Uuid>,
    /// The last version of the log.
    pub version: u64,
    /// The root of the log up to there.
    pub root: String,
    /// Whether nothing was written, because that was asked for, or because somebody is to be asked first.
    pub dry_run: bool,
    /// The new records.
    pub events: Vec<Recorded>,
    /// Records that were stored before, and are now asked for again.
    pub already: Vec<Recorded>,
    /// What changed in the state, as of now.
    pub changes: Vec<Change>,
    /// What does not fit about the new records, and was stored all the same.
    pub amiss: Vec<Amiss>,
    /// What no longer fits about earlier ones.
    pub induced: Vec<Amiss>,
    /// What `check` finds that it did not find before; it keeps nothing out. An import is checked by `talks check`.
    pub findings: Vec<Finding>,
    /// What was stored and not understood.
    pub doubts: Vec<String>,
    /// Whether erased bytes are gone from every file of the store.
    pub is_clean: bool,
}

/// A record that was stored.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Recorded {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its id: repeat the command with `--id` and nothing happens twice.
    pub id: Option<Uuid>,
    /// Its kind.
    pub kind: String,
    /// When it happened, as stored.
    pub occurred: Option<String>,
    /// The handle it defines or joins.
    #[schemars(with = "Option<String>")]
    pub handle: Option<Handle>,
    /// In a sentence.
    pub text: String,
    /// For a correction: what it replaces.
    pub replaced: Vec<Replaced>,
    /// The root of the log up to and with it; null in a dry run.
    pub root: Option<String>,
}

/// A value that a correction replaces.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Replaced {
    /// Where it stands: `occurred`, `data.text`.
    pub field: String,
    /// What it said; null: nothing.
    pub before: Value,
    /// What it says now; null: nothing.
    pub after: Value,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Amiss {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Why, by a name that does not change.
    pub id: &'static str,
    /// Why, in words.
    pub text: String,
}

impl Recorded {
    /// The record of that version; `before` is the log without it.
    pub(super) fn of(
        (book, before): (&Book, &History),
        version: Version,
        text: impl Fn(&Record) -> String,
    ) -> Option<Recorded> {
        let record = book.record(version)?;
        let replaced = record.event().map(|event| replaced(event, before)).unwrap_or_default();
        Some(Recorded { replaced, root: book.root(version), ..Recorded::plain(record, text(record)) })
    }

    /// A record that replaces nothing, in a sentence.
    pub(super) fn plain(record: &Record, text: String) -> Recorded {
        Recorded {
            event: record.version(),
            id: record.envelope.id,
            kind: record.envelope.kind.to_string(),
            occurred: record.envelope.occurred.as_ref().map(|when| when.text().to_string()),
            handle: record.defines(),
            text,
            replaced: Vec::new(),
            root: None,
        }
    }
}

/// The values that a correction replaces, as they stood before it.
fn replaced(event: &Event, before: &History) -> Vec<Replaced> {
    let Event::EventCorrected(correction) = event else { return Vec::new() };
    let Some(fact) = before.fact(correction.target) else { return Vec::new() };
    let part = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let occurred = fact.occurred().map_or(Value::Null, |when| when.text().into());
    let parts = &fact.record.parts;
    let whole = json!({
        "occurred": occurred, "data": part(&parts.data), "context": part(&parts.context), "sources": part(&parts.sources)
    });
    let mut list = Vec::new();
    compare("", &whole, &correction.patch, &mut list);
    list
}

fn compare(path: &str, before: &Value, patch: &Value, list: &mut Vec<Replaced>) {
    match patch {
        Value::Object(fields) => fields.iter().for_each(|(name, patch)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            compare(&path, before.get(name).unwrap_or(&Value::Null), patch, list);
        }),
        value if value != before => {
            list.push(Replaced { field: path.into(), before: before.clone(), after: value.clone() });
        }
        _ => {}
    }
}
