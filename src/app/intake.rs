//! A batch on its way in, whichever way it is decided on: its spelling, its places in the log, and what is sealed of it.

use std::sync::Arc;

use serde_json::Value;

use super::door::{Erased, erased, records};
use super::{Env, Manner, Random, Trouble};
use crate::domain::event::Event;
use crate::domain::history::{Ground, SourceRecord};
use crate::domain::ids::Letter;
use crate::domain::record::{Gone, Parts, Record, Seal};
use crate::domain::upcast::current_schema;
use crate::exchange::canon::{canonical, is_canonical};
use crate::exchange::drafts::{Numbering, Submitted};
use crate::log::{Batch, Entry, Head, PARTS, Salt};

/// The drafts with their parties called by their slugs and their parts in canonical spelling, each with the line as submitted.
pub(super) fn spelled(drafts: Vec<Submitted>, numbering: &mut Numbering) -> Result<Vec<(Submitted, String)>, Trouble> {
    drafts.iter().for_each(|draft| numbering.declare(&draft.record));
    let spell = |mut draft: Submitted| {
        let Parts { data, context, sources } = &mut draft.record.parts;
        for part in [data, context, sources].into_iter().filter(|part| !part.is_empty() && !is_canonical(part, 2)) {
            *part = canonical(part).map_err(unspelled)?.into();
        }
        let line = line_of(&draft.record);
        numbering.resolve(&mut draft.record);
        // One citation stands for a list of one; the log has the list.
        let sources = &mut draft.record.parts.sources;
        if sources.starts_with('{') {
            *sources = format!("[{sources}]").into();
        }
        Ok((draft, line))
    };
    drafts.into_iter().map(spell).collect()
}

/// The draft as one canonical line, of parts that are canonical: what the id of a line is made of.
fn line_of(record: &Record) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let Parts { data, context, sources } = &record.parts;
    let kind = quoted(&record.envelope.kind);
    let occurred = record.envelope.occurred.as_ref().map(|when| quoted(when.text())).unwrap_or_default();
    let members: [(&str, &str); 5] =
        [("context", context), ("data", data), ("kind", &kind), ("occurred", &occurred), ("sources", sources)];
    let mut line = String::from("{");
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
        line.extend([if line.len() > 1 { "," } else { "" }, "\"", name, "\":", value]);
    }
    line + "}"
}

fn unspelled(error: serde_json::Error) -> Trouble {
    Trouble::failed("bad-json", error.to_string())
}

/// A new record in its place, shared with the log that is folded.
pub(super) struct Fresh {
    pub line: usize,
    pub record: Arc<Record>,
}

impl Fresh {
    pub fn of(draft: Submitted) -> Fresh {
        Fresh { line: draft.line, record: Arc::new(draft.record) }
    }
}

/// Gives the new records their places, in the order in which they were submitted.
pub(super) fn placed(
    head: &Head,
    fresh: Vec<Submitted>,
    numbering: &mut Numbering,
    manner: &Manner,
    env: &Env,
) -> Result<Vec<Submitted>, Trouble> {
    let first = fresh.first().and_then(|draft| draft.record.envelope.id);
    let log = head.log.or(first).unwrap_or_default();
    let recorded = head.recorded.map_or(env.now, |last| last.max(env.now));
    let place = |mut draft: Submitted| {
        numbering.place(&mut draft.record).map_err(used_up)?;
        let schema = current_schema(&draft.record.envelope.kind);
        let recorder = manner.recorder.as_deref().map(Into::into);
        let (defines, gone) = (draft.record.defines(), Gone::default());
        let seal = Seal { schema, log, recorded, recorder, reported: None, defines, gone };
        draft.record.envelope.seal = Some(Box::new(seal));
        Ok(draft)
    };
    fresh.into_iter().map(place).collect()
}

pub(super) fn used_up(letter: Letter) -> Trouble {
    Trouble::failed("no-handle-left", format!("no number is left for a new {}", letter.noun()))
}

/// The envelope keeps the earliest report, by the dates that the sources have with the batch.
pub(super) fn date_reports(ground: &Ground, fresh: &mut [Submitted]) {
    let mut registry = Ground { zone: ground.zone, sources: ground.sources.clone(), ..Ground::default() };
    for draft in fresh.iter() {
        if let (Some(Event::SourceRegistered(entry)), Some(handle)) = (draft.record.event(), draft.record.defines()) {
            let basis = vec![draft.record.version()];
            registry.sources.insert(handle, SourceRecord { entry: (**entry).clone(), basis });
        }
    }
    for draft in fresh.iter_mut() {
        let reported = registry.earliest_report(&draft.record.sources).cloned();
        draft.record.envelope.seal.iter_mut().for_each(|seal| seal.reported.clone_from(&reported));
    }
}

/// What is sealed of it, and what goes with it.
pub(super) fn batch(fresh: &[Fresh], manner: &Manner, random: Random) -> Result<Batch, Trouble> {
    let mut salts = vec![[[0; 16]; PARTS.len()]; fresh.len()];
    random.fill(salts.as_flattened_mut().as_flattened_mut())?;
    let entries = fresh.iter().zip(salts).map(|(draft, salts)| entry(&draft.record, manner, salts));
    let erase = erased(records(fresh)).filter_map(Erased::erase);
    Ok(Batch { entries: entries.collect(), erase: erase.collect(), derive: Vec::new() })
}

fn entry(record: &Record, manner: &Manner, salts: [Salt; 3]) -> Entry {
    let Parts { data, context, sources } = record.parts.clone();
    let envelope = &record.envelope;
    let seal = envelope.seal.as_ref();
    let reported = seal.and_then(|seal| seal.reported.as_ref());
    Entry {
        id: envelope.id.unwrap_or_default(),
        kind: envelope.kind.clone(),
        schema: current_schema(&envelope.kind),
        occurred: envelope.occurred.as_ref().map(|when| when.text().into()),
        recorder: manner.recorder.as_deref().map(Into::into),
        reported: reported.map(|when| when.text().into()),
        defines: seal.and_then(|seal| seal.defines),
        parts: [data, context, sources],
        salts,
    }
}
