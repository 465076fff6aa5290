//! The place of a draft in a log: its version, the handle it defines, the parties it calls by another name.
//!
//! A handle that a draft defines and does not name is one more than the highest that ever was. Once all drafts are placed, a party
//! called by a declared name or alias is called by its slug, in the record and in the text of its parts; a name of several parties
//! stands for none. Corrections are patches and not events: the names within them stay as they were written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::domain::event::Event;
use crate::domain::ids::{Handle, Letter, Version};
use crate::domain::party::PartyEntry;
use crate::domain::record::{Body, Record};
use crate::domain::value::{Name, Party, Walk};
use crate::exchange::canon::canonical_value;

/// What numbers the drafts of a log, from its start or from where it stands.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    version: u64,
    handles: BTreeMap<Letter, u32>,
    parties: Parties,
}

/// The parties declared anywhere in the log, and what they are called.
#[derive(Clone, Debug, Default)]
struct Parties {
    slugs: BTreeSet<Party>,
    names: HashMap<String, BTreeSet<Party>>,
}

impl Numbering {
    /// Goes on after a version, with the handles that were ever used and the parties that were declared.
    pub fn after<'a>(
        version: u64,
        handles: impl Iterator<Item = Handle>,
        parties: impl Iterator<Item = &'a PartyEntry>,
    ) -> Numbering {
        let mut numbering = Numbering { version, ..Numbering::default() };
        handles.for_each(|handle| numbering.has(handle));
        parties.for_each(|entry| numbering.parties.declare(entry));
        numbering
    }

    /// The version that comes next.
    pub fn next_version(&self) -> Version {
        Version(self.version + 1)
    }

    /// Takes a version that no record stands for.
    pub fn skip(&mut self) {
        self.version += 1;
    }

    /// Gives a record the next version and, where it defines one and does not name it, the next handle.
    ///
    /// # Errors
    /// The sort of handle of which no number is left.
    pub fn place(&mut self, record: &mut Record) -> Result<(), Letter> {
        record.envelope.version = self.next_version();
        self.skip();
        let mut used_up = Ok(());
        record.walk(&mut |name| {
            let Name::Defines(letter, handle) = name else { return };
            if handle.is_none() {
                *handle = self.next_handle(letter);
                if handle.is_none() {
                    used_up = Err(letter);
                }
            }
            handle.iter().for_each(|handle| self.has(*handle));
        });
        self.declare(record);
        used_up
    }

    /// The handle that a new life gets, as long as a number is left.
    pub fn next_handle(&self, letter: Letter) -> Option<Handle> {
        let highest = self.handles.get(&letter).copied().unwrap_or_default();
        highest.checked_add(1).map(|number| Handle { letter, number })
    }

    fn has(&mut self, handle: Handle) {
        let highest = self.handles.entry(handle.letter).or_default();
        *highest = handle.number.max(*highest);
    }

    /// Takes note of the parties that a record declares.
    pub fn declare(&mut self, record: &Record) {
        match record.event() {
            Some(Event::NegotiationOpened(opened)) => {
                opened.parties.iter().for_each(|entry| self.parties.declare(entry))
            }
            Some(Event::PartyJoined(entry)) => self.parties.declare(entry),
            _ => {}
        }
    }

    /// The parties of a record that are no slugs so far.
    pub fn strangers(&self, record: &mut Record) -> BTreeSet<Party> {
        let mut strangers = BTreeSet::new();
        record.walk(&mut |name| {
            if let Name::Party(party) = name
                && !self.parties.slugs.contains(party)
            {
                strangers.insert(party.clone());
            }
        });
        strangers
    }

    /// The parties that a name may stand for; a slug stands for itself.
    pub fn meant_by(&self, party: &Party) -> Vec<Party> {
        if self.parties.slugs.contains(party) {
            return vec![party.clone()];
        }
        self.parties.names.get(&folded(party.as_str())).into_iter().flatten().cloned().collect()
    }

    /// Calls every party of a record by its slug.
    pub fn resolve(&self, record: &mut Record) {
        let mut renamed = BTreeMap::new();
        record.walk(&mut |name| {
            if let Name::Party(party) = name
                && let [slug] = &self.meant_by(party)[..]
                && party != slug
            {
                renamed.insert(party.0.to_string(), slug.0.to_string());
                *party = slug.clone();
            }
        });
        if !renamed.is_empty() {
            rewrite_parts(record, &renamed);
        }
    }
}

impl Parties {
    fn declare(&mut self, entry: &PartyEntry) {
        self.slugs.insert(entry.party.clone());
        let slug = entry.party.as_str();
        for name in entry.aliases.iter().map(String::as_str).chain([slug, &entry.name]) {
            self.names.entry(folded(name)).or_default().insert(entry.party.clone());
        }
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Writes the slugs into the text of the parts, just where the record now has them: a quote that happens to read like an alias stays.
fn rewrite_parts(record: &mut Record, renamed: &BTreeMap<String, String>) {
    let Body::Present(event) = &record.body else { return };
    let kind = event.kind();
    let data = serde_json::to_value(event).ok().and_then(|mut event| Some(event.get_mut(kind)?.take()));
    let context = serde_json::to_value(&record.context).ok();
    for (text, read) in [(&mut record.parts.data, data), (&mut record.parts.context, context)] {
        if let (Ok(mut written), Some(read)) = (serde_json::from_str(text), read) {
            overlay(&mut written, &read, renamed);
            *text = canonical_value(&written).into();
        }
    }
}

/// Walks what was written beside what was read of it, through the shorthands: one value for a list of one, a party for an actor.
fn overlay(written: &mut Value, read: &Value, renamed: &BTreeMap<String, String>) {
    match (written, read) {
        (Value::Array(items), Value::Array(values)) => {
            items.iter_mut().zip(values).for_each(|(item, value)| overlay(item, value, renamed));
        }
        (written, Value::Array(values)) => values.iter().take(1).for_each(|one| overlay(written, one, renamed)),
        (Value::Object(fields), Value::Object(values)) => {
            for (name, field) in fields.iter_mut() {
                values.get(name).into_iter().for_each(|value| overlay(field, value, renamed));
            }
        }
        // An actor that is only a party is written back as that party.
        (Value::Object(fields), Value::String(_)) => {
            fields.get_mut("party").into_iter().for_each(|party| overlay(party, read, renamed));
        }
        (Value::String(text), Value::String(slug)) if renamed.get(text) == Some(slug) => text.clone_from(slug),
        _ => {}
    }
}
