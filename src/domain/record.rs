//! One record: an envelope, and three parts.
//!
//! The parts are `data` (the fact), `context` and `sources` (who says so). The envelope names the record and carries what the
//! fold asks first. The text of the parts is kept as it was submitted, so that fields this version does not know survive, and a
//! correction patches what was written and not what was understood. A draft's envelope is mostly empty; the log fills it in.
//!
//! Three clocks, never mixed: `occurred` in the world, `reported` by a source, `recorded` here.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::event::{Event, Part};
use super::ids::{Handle, Target, Version};
use super::source::Citation;
use super::upcast;
use super::value::{Actor, List, Name, Named, Party, Place, Walk, facts};
use super::when::{Instant, When};

/// A record as the fold takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What the log says about it.
    pub envelope: Envelope,
    /// The fact, if it can be read.
    pub body: Body,
    /// Its circumstances.
    pub context: Context,
    /// Who says so.
    pub sources: Vec<Citation>,
    /// The parts as they were submitted.
    pub parts: Parts,
}

/// What names a record and dates it.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Its place in the log, from 1.
    pub version: Version,
    /// The kind's published name.
    pub kind: Box<str>,
    /// When it happened; absent for record-keeping.
    pub occurred: Option<When>,
    /// The idempotency key; a draft may lack one.
    pub id: Option<Uuid>,
    /// What only a sealed record has.
    pub seal: Option<Box<Seal>>,
}

/// What a store adds when it seals a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The shape of this kind's data, from 1.
    pub schema: u32,
    /// The id of the log's first event.
    pub log: Uuid,
    /// When it was appended.
    pub recorded: Instant,
    /// Who appended it.
    pub recorder: Option<Box<str>>,
    /// The earliest report among its citations, when it was appended.
    pub reported: Option<When>,
    /// The handle it defines or joins.
    pub defines: Option<Handle>,
    /// The parts that were withheld or erased.
    pub gone: Gone,
}

/// Which parts of a record are gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// The data.
    pub data: bool,
    /// The context.
    pub context: bool,
    /// The sources.
    pub sources: bool,
}

/// The fact of a record, or why it can't be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// It is here and understood.
    Present(Event),
    /// The sender kept it back; its digest stands.
    Withheld,
    /// It was erased; its digest stands.
    Erased,
    /// A kind, or a shape of it, that this version does not know.
    NotUnderstood(String),
}

/// The names that a record holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The handle it defines or joins.
    pub defines: Option<Handle>,
    /// What it refers to, outside terms.
    pub names: Vec<Target>,
    /// What its terms wait for.
    pub awaits: Vec<Target>,
    /// The parties, once each.
    pub parties: Vec<Party>,
}

/// The text of the parts, as submitted; an absent part is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The fact.
    pub data: Box<str>,
    /// The circumstances.
    pub context: Box<str>,
    /// The citations.
    pub sources: Box<str>,
}

facts! {
    /// What any event may carry beside its data.
    #[derive(Default)]
    pub struct Context {
        /// One sentence by the recorder.
        pub summary: Option<String>,
        /// Where.
        pub place: Option<Place>,
        /// When it was made public, if later than it happened.
        pub announced: Option<When>,
        /// Who asserts it, as the source says.
        #[serde(default)]
        pub according_to: List<Actor>,
        /// At whose urging.
        #[serde(default)]
        pub at_request_of: List<Party>,
        /// What it answers.
        pub in_response_to: Option<Target>,
        /// The agenda item.
        pub issue: Option<String>,
        /// The name of the table, where talks run in parallel.
        pub table: Option<String>,
    }
}

impl Record {
    /// Its version, printed `e7`.
    pub fn version(&self) -> Version {
        self.envelope.version
    }

    /// The event, if it can be read.
    pub fn event(&self) -> Option<&Event> {
        match &self.body {
            Body::Present(event) => Some(event),
            Body::Withheld | Body::Erased | Body::NotUnderstood(_) => None,
        }
    }

    /// What it defines, what it refers to outside terms, and the parties it names, each in the order of the fields.
    pub fn mentions(&self) -> Mentions {
        let mut seen = Mentions { defines: self.sealed_handle(), ..Mentions::default() };
        self.names(&mut |name| seen.add(name));
        seen
    }

    /// The handle it defines or joins.
    pub fn defines(&self) -> Option<Handle> {
        let mut defines = self.sealed_handle();
        self.names(&mut |name| {
            if let Named::Defines(handle) = name {
                defines = handle;
            }
        });
        defines
    }

    /// The handle of what can't be read, which the envelope still names.
    fn sealed_handle(&self) -> Option<Handle> {
        self.envelope.seal.as_ref().filter(|_| self.event().is_none())?.defines
    }

    /// Whether its citations were withheld or erased.
    pub fn withholds_sources(&self) -> bool {
        self.envelope.seal.as_ref().is_some_and(|seal| seal.gone.sources)
    }

    /// The earliest report among citations that were withheld or erased.
    pub fn withheld_report(&self) -> Option<When> {
        let seal = self.envelope.seal.as_ref().filter(|_| self.withholds_sources())?;
        seal.reported.clone()
    }

    /// The record with a JSON merge patch (RFC 7396) applied to `occurred`, `data`, `context` and `sources`.
    ///
    /// # Errors
    /// Says what can't be read once it is patched.
    pub fn patched(&self, patch: &Value) -> Result<Record, String> {
        let mut whole = self.parts.to_value(self.envelope.occurred.as_ref())?;
        merge(&mut whole, patch);
        let text = |part: &str| whole.get(part).map(|v| v.to_string().into_boxed_str()).unwrap_or_default();
        let parts = Parts { data: text("data"), context: text("context"), sources: text("sources") };
        let occurred = whole.get("occurred").map(|v| serde_json::from_value(v.clone())).transpose();
        let occurred = occurred.map_err(|e| format!("occurred: {e}"))?;
        let mut patched = Record::from_parts(Envelope { occurred, ..self.envelope.clone() }, parts)?;
        patched.keep_handle(self.defines());
        Ok(patched)
    }

    /// A record as a log holds it; one that can't be read is kept, not understood.
    pub fn sealed(envelope: Envelope, parts: Parts) -> Record {
        let gone = envelope.seal.as_ref().map(|seal| seal.gone).unwrap_or_default();
        if !gone.data {
            let read = Read::of(&envelope, &parts);
            let unread = |why| (Body::NotUnderstood(why), Context::default(), Vec::new());
            let (body, context, sources) = read.map_or_else(unread, |read| (read.body, read.context, read.sources));
            return Record { envelope, body, context, sources, parts }.with_its_handle();
        }
        let context = read_or_default(&parts.context).unwrap_or_default();
        let sources = read_or_default::<List<Citation>>(&parts.sources).unwrap_or_default().0;
        Record { envelope, body: Body::Withheld, context, sources, parts }
    }

    /// Reads the parts of a record whose kind is known; the shape is the one its seal names, or the newest.
    ///
    /// # Errors
    /// Names the part that can't be read.
    pub fn from_parts(envelope: Envelope, parts: Parts) -> Result<Record, String> {
        let Read { body, context, sources } = Read::of(&envelope, &parts)?;
        Ok(Record { envelope, body, context, sources, parts }.with_its_handle())
    }

    /// Takes a part away, as an erasure does.
    pub fn erase(&mut self, part: Part) {
        // What the envelope still tells must not be lost with the part.
        if let Some(seal) = self.envelope.seal.as_mut() {
            match part {
                Part::Data => seal.gone.data = true,
                Part::Context => seal.gone.context = true,
                Part::Sources => seal.gone.sources = true,
                Part::Other => {}
            }
        }
        match part {
            Part::Data => (self.body, self.parts.data) = (Body::Erased, Box::default()),
            Part::Context => (self.context, self.parts.context) = (Context::default(), Box::default()),
            Part::Sources => (self.sources, self.parts.sources) = (Vec::new(), Box::default()),
            Part::Other => {}
        }
    }

    fn with_its_handle(mut self) -> Record {
        let allocated = self.envelope.seal.as_ref().and_then(|seal| seal.defines);
        self.keep_handle(allocated);
        self
    }

    /// Gives back the handle that the log allocated, which the submitted text does not hold.
    fn keep_handle(&mut self, allocated: Option<Handle>) {
        if allocated.is_none() {
            return;
        }
        self.walk(&mut |name| {
            if let Name::Defines(_, handle) = name
                && handle.is_none()
            {
                *handle = allocated;
            }
        });
    }

    /// When it was appended, in the log's own clock; a draft was not.
    pub fn recorded(&self) -> Option<Instant> {
        self.envelope.seal.as_ref().map(|seal| seal.recorded)
    }
}

/// What the parts of a record say.
struct Read {
    body: Body,
    context: Context,
    sources: Vec<Citation>,
}

impl Read {
    fn of(envelope: &Envelope, parts: &Parts) -> Result<Read, String> {
        let schema = envelope.seal.as_ref().map_or_else(|| upcast::current_schema(&envelope.kind), |seal| seal.schema);
        let data = if parts.data.is_empty() { "{}" } else { &*parts.data };
        let data = upcast::lift(&envelope.kind, schema, data)?;
        let mut json = serde_json::Deserializer::from_str(&data);
        let event = Event::from_parts(&envelope.kind, &mut json).map_err(|e| format!("data: {}", plain(&e)))?;
        let context = read_or_default(&parts.context).map_err(|e| format!("context: {}", plain(&e)))?;
        let sources =
            read_or_default::<List<Citation>>(&parts.sources).map_err(|e| format!("sources: {}", plain(&e)))?.0;
        Ok(Read { body: Body::Present(event), context, sources })
    }
}

/// Tells what was erased from what was withheld: by the records that say so.
pub fn mark_erased<R: Borrow<Record>>(records: &mut [R], to_mark: impl Fn(&mut R) -> &mut Record) {
    let erased = |record: &R| match record.borrow().event() {
        Some(Event::RecordErased(erased)) if erased.parts.contains(&Part::Data) => Some(erased.target),
        _ => None,
    };
    let targets: BTreeSet<Version> = records.iter().filter_map(erased).collect();
    for record in records.iter_mut() {
        if (*record).borrow().body == Body::Withheld && targets.contains(&(*record).borrow().version()) {
            to_mark(record).body = Body::Erased;
        }
    }
}

impl Mentions {
    fn add(&mut self, name: Named<'_>) {
        match name {
            Named::Defines(handle) => self.defines = handle,
            Named::Target(target) => self.names.push(target.clone()),
            Named::Handle(handle) => self.names.push(Target::Handle(handle)),
            Named::Party(party) if !self.parties.contains(party) => self.parties.push(party.clone()),
            Named::InTerm(target) => self.awaits.push(target.clone()),
            Named::Party(_) => {}
        }
    }
}

impl Walk for Record {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        if let Body::Present(event) = &mut self.body {
            event.walk(see);
        }
        self.context.walk(see);
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        if let Body::Present(event) = &self.body {
            event.names(see);
        }
        self.context.names(see);
    }
}

impl Parts {
    fn to_value(&self, occurred: Option<&When>) -> Result<Value, String> {
        let mut whole = serde_json::Map::new();
        if let Some(when) = occurred {
            whole.insert("occurred".into(), Value::String(when.text().into()));
        }
        for (name, text) in [("data", &self.data), ("context", &self.context), ("sources", &self.sources)] {
            if !text.is_empty() {
                whole.insert(name.into(), serde_json::from_str(text).map_err(|e| format!("{name}: {e}"))?);
            }
        }
        Ok(Value::Object(whole))
    }
}

/// What does not read, without its place in a text that nobody wrote.
fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.split(" at line ").next().unwrap_or(&said).to_string()
}

fn read_or_default<T: Default + serde::de::DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    if text.is_empty() { Ok(T::default()) } else { serde_json::from_str(text) }
}

/// JSON merge patch: an object is merged key by key, null removes, anything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_merge_patch_does_what_rfc_7396_says() {
        let cases = [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ];
        for (mut target, patch, expected) in cases {
            merge(&mut target, &patch);
            assert_eq!(target, expected);
        }
    }
}
