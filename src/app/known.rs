//! What is known of a log to somebody who enters the next event: names to complete, and what was entered last.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Asking, Env, Trouble};
use crate::domain::history::Ground;
use crate::domain::ids::{Handle, Letter, Target, Version};
use crate::domain::record::Record;
use crate::domain::value::Party;
use crate::exchange::pairs::Clock;
use crate::exchange::schema::{KindDoc, kinds};
use crate::exchange::typed::typed_when;
use crate::view::{Choice, clean, sentence};

/// How many of the latest events can be completed.
const EVENTS_SHOWN: usize = 12;

/// What is known.
#[derive(Debug)]
pub struct Known<'a> {
    /// The kinds; those that this log has most come first.
    pub kinds: Vec<Choice>,
    /// The parties.
    pub parties: Vec<Choice>,
    /// Those who spoke for a party, or in it, as they are typed.
    pub speakers: Vec<Choice>,
    /// The sources, the newest first.
    pub sources: Vec<Choice>,
    /// The lives, the newest first.
    handles: Vec<Choice>,
    /// The latest events, the newest first.
    events: Vec<Choice>,
    /// The last day entered, and words for days.
    pub dates: Vec<Choice>,
    /// What the last event of a kind has in a field.
    pub last: BTreeMap<(String, String), String>,
    /// The source that was cited last.
    pub last_source: Option<String>,
    /// The last event.
    version: Option<Version>,
    /// The parties and sources themselves.
    pub ground: &'a Ground,
    /// What dates are read by.
    pub clock: Clock,
}

impl<'a> Known<'a> {
    /// What is known of a log that was folded from its records.
    pub fn of(asking: &'a Asking<'_>, env: &Env) -> Known<'a> {
        let asked = asking.asked();
        let ground = &*asked.all.ground;
        let about = |name: &Target| sentence::of_target(name, &asked);
        let choice = |name: &Target| Choice::new(&name.to_string(), about(name));
        let handle = |name: &&Target| matches!(name, Target::Handle(Handle { letter, .. }) if *letter != Letter::S);
        let events = asking.records().iter().rev().take(EVENTS_SHOWN);
        let sources = ground.sources.keys().rev();
        let last_source = asking.records().iter().rev().find_map(|record| source_of(record));
        Known {
            kinds: by_frequency(asking.records()).into_iter().map(|(doc, _)| choice_of(doc)).collect(),
            parties: ground.parties.iter().map(|(slug, p)| Choice::new(slug.as_str(), p.entry.name.clone())).collect(),
            speakers: speakers(asking),
            sources: sources.map(|source| choice(&Target::Handle(*source))).collect(),
            handles: ground.recorded.iter().rev().filter(handle).map(choice).collect(),
            events: events.map(|record| choice(&Target::Event(record.version()))).collect(),
            dates: dates(asking),
            last: last(asking),
            last_source: last_source.map(|source| source.to_string()),
            version: asking.records().last().map(|record| record.version()),
            ground,
            clock: Clock { now: env.now, zone: ground.zone },
        }
    }

    /// Everything that has a name: lives, sources, events.
    pub fn names(&self) -> impl Iterator<Item = &Choice> {
        self.handles.iter().chain(&self.sources).chain(&self.events)
    }

    /// How a date is understood.
    ///
    /// # Errors
    /// It is none, or can be read in several ways.
    pub fn date(&self, text: &str) -> Result<String, Trouble> {
        Ok(typed_when(text, self.clock.now, self.clock.zone)?.echo)
    }

    /// Whether the log has an event of that name.
    fn has_event(&self, name: &str) -> bool {
        name.parse::<Version>().is_ok_and(|version| self.version.is_some_and(|last| version <= last))
    }

    /// Who published the sources.
    pub fn publishers(&self) -> Vec<Choice> {
        let mut names: Vec<&str> =
            self.ground.sources.values().filter_map(|source| source.entry.publisher.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| Choice::new(name, String::new())).collect()
    }

    /// What a name stands for, among those that can be answered; a long log is not listed whole, and another's can't be looked up.
    ///
    /// # Errors
    /// Nothing here is called so.
    pub fn title(&self, name: &str, choices: &[Choice], is_any: bool) -> Result<String, Trouble> {
        match choices.iter().find(|choice| choice.value == name) {
            Some(choice) => Ok(choice.about.clone()),
            None if is_any && (name.contains(':') || self.has_event(name)) => Ok(String::new()),
            None => {
                let known: Vec<String> = choices.iter().map(|choice| choice.value.clone()).collect();
                let trouble = Trouble::unknown("no-such-name", format!("nothing here is called {name}"), name, &known);
                Err(trouble.help("tab lists what can be named here"))
            }
        }
    }

    /// What a party is called.
    pub fn name(&self, slug: &str) -> String {
        clean(self.ground.party_name(&Party(slug.into())))
    }
}

/// The source that a record cites, or registers: it was registered to be cited.
fn source_of(record: &Record) -> Option<Handle> {
    let registered = record.defines().filter(|handle| handle.letter == Letter::S);
    registered.or_else(|| record.sources.last().map(|citation| citation.source.0))
}

/// The kinds, each with how often it is among the records; the most frequent come first.
pub fn by_frequency(records: &[Arc<Record>]) -> Vec<(KindDoc, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    records.iter().for_each(|record| *counts.entry(&record.envelope.kind).or_default() += 1);
    let counted = |doc: KindDoc| {
        let count = counts.get(&*doc.kind).copied().unwrap_or_default();
        (doc, count)
    };
    let mut docs: Vec<_> = kinds().into_iter().map(counted).collect();
    docs.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    docs
}

/// A kind, as it is chosen.
pub fn choice_of(kind: KindDoc) -> Choice {
    Choice::new(&kind.kind, kind.definition)
}

fn dates(asking: &Asking<'_>) -> Vec<Choice> {
    let last = asking.records().iter().rev().find_map(|record| record.envelope.occurred.as_ref());
    let last = last.map(|when| Choice::new(when.text(), "as the last event".into()));
    let words = ["today", "yesterday"].map(|word| Choice::new(word, String::new()));
    last.into_iter().chain(words).collect()
}

/// Everybody who has a name or an office in the log, the last to speak first.
fn speakers(asking: &Asking<'_>) -> Vec<Choice> {
    let mut speakers: Vec<Choice> = Vec::new();
    for (_, data) in said_in(asking).rev() {
        for actor in data.values().flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
        {
            let speaker = as_typed(actor).map(|typed| Choice::new(&typed, String::new()));
            speakers.extend(speaker.filter(|speaker| !speakers.contains(speaker)));
        }
    }
    speakers
}

/// The records with what they say, as it was submitted.
fn said_in<'a>(asking: &'a Asking<'_>) -> impl DoubleEndedIterator<Item = (&'a Record, Map<String, Value>)> {
    let said = |record: &'a Arc<Record>| Some((&**record, serde_json::from_str(&record.parts.data).ok()?));
    asking.records().iter().filter_map(said)
}

/// `pakistan: an official (anonymous)`; nothing for what is no actor, or only a party.
pub fn as_typed(actor: &Value) -> Option<String> {
    let who = actor["who"].as_str()?;
    let voice = actor["voice"].as_str().map(|voice| format!(" ({voice})")).unwrap_or_default();
    Some(format!("{}: {who}{voice}", actor["party"].as_str()?))
}

/// Texts and lists of texts; what is more than that is not repeated.
fn last(asking: &Asking<'_>) -> BTreeMap<(String, String), String> {
    // Of somebody who spoke, only the party: the next words may be another's.
    let said = |value: &Value| value.as_str().or_else(|| value["party"].as_str()).map(String::from);
    let mut last = BTreeMap::new();
    for (record, data) in said_in(asking) {
        for (name, value) in data {
            let texts = match &value {
                Value::Array(items) => items.iter().map(said).collect::<Option<Vec<_>>>(),
                value => said(value).map(|text| vec![text]),
            };
            if let Some(texts) = texts {
                last.insert((record.envelope.kind.to_string(), name), clean(&texts.join(", ")));
            }
        }
    }
    last
}
