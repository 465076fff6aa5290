//! What is known of each name of a log, besides the life that goes by it: found out fact by fact, so that a further fact adds to it what
//! the whole log would have told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::event::Event;
use crate::domain::history::{Fact, Ground, History, Reports, SourceRecord};
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::when::Instant;

/// What is known of a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Name {
    /// The event that creates the life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Version>,
    /// The id of that event, or of the incident: what a line is known by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// The other table at which that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Box<str>>,
    /// Of an event that another one names, where it stands in the world: a line may tell of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The event that retracted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retracted: Option<Version>,
    /// Whether its event is known and can't be read.
    #[serde(skip_serializing_if = "is_not")]
    pub unread: bool,
    /// Whether a record gave it to something that goes by another name now.
    #[serde(skip_serializing_if = "is_not")]
    pub given_up: bool,
    /// Whether a term waits for it.
    #[serde(skip_serializing_if = "is_not")]
    pub awaited: bool,
    /// Whether a term of it waits for something.
    #[serde(skip_serializing_if = "is_not")]
    pub awaits: bool,
    /// The events that waive a check for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Version>,
    /// The source that it registers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRecord>,
    /// When that was published, as far as it tells when something was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Instant>,
}

impl Name {
    /// Of which nothing is known.
    pub const NOTHING: Name = Name {
        creator: None,
        id: None,
        table: None,
        place: None,
        retracted: None,
        unread: false,
        given_up: false,
        awaited: false,
        awaits: false,
        waivers: Vec::new(),
        source: None,
        published: None,
    };

    /// Whether nothing is known of it but what its line is known by.
    pub fn is_only_known_by(&self) -> bool {
        let Name {
            id: _,
            table: _,
            creator,
            place,
            retracted,
            unread,
            given_up,
            awaited,
            awaits,
            waivers,
            source,
            published,
        } = self;
        let is_made = creator.is_some() || *given_up || source.is_some() || published.is_some();
        let is_told_of = place.is_some() || retracted.is_some() || !waivers.is_empty();
        !is_made && !is_told_of && !unread && !awaited && !awaits
    }
}

fn is_not(said: &bool) -> bool {
    !said
}

/// The names that something is known of.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(pub BTreeMap<String, Name>);

impl Names {
    /// Of a whole history, whose events stand at these places.
    pub fn of(history: &History, place: &dyn Fn(Version) -> Option<String>) -> Names {
        let mut names = Names::default();
        let ground = &history.ground;
        history.facts.iter().for_each(|fact| names.see(fact, ground, &history.reports, place));
        for (target, by) in &ground.retracted {
            names.at(target).retracted = Some(*by);
        }
        ground.unread.iter().for_each(|target| names.at(target).unread = true);
        let is_given_up = |name: &&Target| {
            let is_of_a_life = matches!(name, Target::Handle(handle) if !ground.creators.contains_key(handle));
            is_of_a_life && !ground.retracted.contains_key(*name) && !ground.unread.contains(*name)
        };
        ground.recorded.iter().filter(is_given_up).for_each(|name| names.at(name).given_up = true);
        names
    }

    /// Takes note of what a fact tells of names.
    pub fn see(&mut self, fact: &Fact, ground: &Ground, reports: &Reports, place: &dyn Fn(Version) -> Option<String>) {
        let (id, table) = (fact.record.envelope.id, fact.table().map(Into::into));
        match (fact.event(), fact.defines) {
            (Some(Event::IncidentReported(_)), _) => {
                let name = self.at(&Target::Event(fact.version()));
                (name.id, name.table) = (id, table);
            }
            (Some(Event::CheckWaived(waived)), _) => {
                self.at(&Target::Event(waived.target)).waivers.push(fact.version())
            }
            (_, Some(handle)) => self.define(handle, fact, ground, reports),
            _ => {}
        }
        let is_here = |name: &&Target| !matches!(name, Target::Elsewhere(_));
        for name in fact.names.iter().filter(is_here) {
            if let Target::Event(version) = name {
                self.at(name).place = place(*version);
            }
        }
        fact.awaits.iter().filter(is_here).for_each(|name| self.at(name).awaited = true);
        if !fact.awaits.is_empty() {
            let own = fact.defines.map(Target::Handle);
            fact.names.iter().filter(is_here).chain(own.iter()).for_each(|name| self.at(name).awaits = true);
        }
    }

    fn define(&mut self, handle: Handle, fact: &Fact, ground: &Ground, reports: &Reports) {
        let name = self.at(&Target::Handle(handle));
        if fact.creates {
            name.creator = Some(fact.version());
            (name.id, name.table) = (fact.record.envelope.id, fact.table().map(Into::into));
        }
        name.source = ground.sources.get(&handle).cloned();
        name.published = reports.published.get(&handle).copied();
    }

    fn at(&mut self, target: &Target) -> &mut Name {
        self.0.entry(target.to_string()).or_default()
    }

    /// Enters what is known of a name into the registry.
    pub fn enter(name: &str, known: &Name, ground: &mut Ground, ids: &mut BTreeMap<Version, Uuid>) {
        let Ok(target) = name.parse::<Target>() else { return };
        let of = known.creator.or(if let Target::Event(version) = target { Some(version) } else { None });
        ids.extend(of.zip(known.id));
        ground.tables.extend(of.zip(known.table.clone()));
        match &target {
            Target::Handle(handle) => {
                ground.creators.extend(known.creator.map(|creator| (*handle, creator)));
                ground.sources.extend(known.source.clone().map(|source| (*handle, source)));
            }
            // Of all events, those that a fact asks after; the others are not missed.
            Target::Event(version) if known.place.is_some() => drop(ground.effective.insert(*version)),
            _ => {}
        }
        ground.retracted.extend(known.retracted.map(|by| (target.clone(), by)));
        if known.given_up {
            ground.recorded.insert(target.clone());
        }
        if known.unread {
            ground.recorded.insert(target.clone());
            ground.unread.insert(target);
        }
    }
}
