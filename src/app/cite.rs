//! Who says so, of a draft as typed: registered sources, or one that is registered with it.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::door::Before;
use super::write::{Cited, Typed};
use super::{Manner, Trouble};
use crate::domain::ids::{Handle, Letter};
use crate::domain::record::Record;
use crate::exchange::drafts::Submitted;
use crate::exchange::pairs::{self, Clock, Pair};
use crate::exchange::typed::typed_when;

/// Before the fields of a source that is registered with the event that cites it.
pub const SOURCE_FIELDS: &str = "source.";

const REGISTERED: &str = "source.registered";

/// The fields of an event, and those of the source that is registered with it.
pub(super) fn parted(kind: &str, typed: &Typed) -> (Vec<Pair>, Vec<Pair>) {
    let of_source = |pair: &Pair| pair.key.strip_prefix(SOURCE_FIELDS).map(str::to_string);
    let (mut event, mut source) = (Vec::new(), Vec::new());
    for pair in &typed.pairs {
        match of_source(pair).filter(|_| kind != REGISTERED) {
            Some(key) => source.push(Pair { key, value: pair.value.clone() }),
            None => event.push(pair.clone()),
        }
    }
    (event, source)
}

/// The draft that registers a source, and the handle that it gets; repeated with the same id, it keeps the one it has.
pub(super) fn registration(
    before: &Before,
    fields: &[Pair],
    manner: &Manner,
    clock: Clock,
) -> Result<(Value, Handle), Trouble> {
    let mut draft = pairs::members(REGISTERED, fields, clock)?;
    let id = manner.id.map(|id| beside(&id));
    let stored = before.book.records.iter().find(|record| id.is_some() && record.envelope.id == id);
    let stored = stored.and_then(|record| record.defines());
    let handle = stored.map_or_else(|| before.numbering().next_handle(Letter::S), Some);
    let handle = handle.ok_or_else(|| super::intake::used_up(Letter::S))?;
    if let Some(known) = before.source_of(draft.get("data")).filter(|known| *known != handle && !manner.again) {
        return Err(Trouble::failed("already-there", format!("{known} is this source already, word for word"))
            .because("nothing was stored")
            .help(format!("cite it instead: --source {known}")));
    }
    draft.insert("kind".into(), REGISTERED.into());
    draft.entry("data").or_insert_with(|| json!({}))["source"] = json!(handle);
    Ok((Value::Object(draft), handle))
}

impl Before {
    /// The source that was registered with just these fields.
    fn source_of(&self, fields: Option<&Value>) -> Option<Handle> {
        let said = |record: &Record| {
            let mut data: Map<String, Value> = serde_json::from_str(&record.parts.data).ok()?;
            data.remove("source");
            Some(Value::Object(data))
        };
        let sources = self.book.records.iter().filter(|record| &*record.envelope.kind == REGISTERED);
        let known = sources.filter(|record| said(record).as_ref() == fields).find_map(|record| record.defines());
        known.filter(|known| self.history.ground.sources.contains_key(known))
    }
}

/// Gives two drafts their ids, where the second has one.
pub(super) fn identify(drafts: &mut [Submitted], manner: &Manner) {
    if let ([source, event], Some(id)) = (drafts, manner.id) {
        source.record.envelope.id = Some(beside(&id));
        event.record.envelope.id = Some(id);
    }
}

/// The id of the source that is registered with the event of an id.
fn beside(id: &Uuid) -> Uuid {
    Uuid::new_v5(id, SOURCE_FIELDS.as_bytes())
}

pub(super) fn cite(draft: &mut Map<String, Value>, cited: &Cited, clock: Clock) -> Result<(), Trouble> {
    let Cited { sources, reported, words } = cited;
    if sources.len() != 1 && (reported.is_some() || !words.is_empty()) {
        let what = format!("the words of a source are given, and {} sources", sources.len());
        return Err(Trouble::usage("whose-words", what).help("name the one source they are from: --source S1"));
    }
    let mut citations: Vec<Value> = sources.iter().map(|source| json!({ "source": source })).collect();
    if let [only] = &mut citations[..] {
        words.iter().for_each(|(name, text)| only[*name] = text.as_str().into());
        if let Some(text) = reported {
            only["reported"] = typed_when(text, clock.now, clock.zone)?.when.text().into();
        }
    }
    if !citations.is_empty() {
        draft.insert("sources".into(), citations.into());
    }
    Ok(())
}
