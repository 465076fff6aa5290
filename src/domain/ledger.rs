//! Who stands behind each fact.
//!
//! Standing is derived, never typed: how many independent sources report a fact, whether the other side confirms it, whether a
//! party denies it. A citation of a claim proves that it was claimed, not that it is so. An anonymous official is not their
//! government: what they deny or confirm is kept, and does not bind the party.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{AccountSays, Stance};
use super::ids::{Handle, Version};
use super::source::{Voucher, any_two_independent};
use super::value::{Actor, Party, codes};

codes! {
    /// How a fact stands.
    pub enum Standing {
        /// No source is cited.
        Unsupported = "unsupported",
        /// One source, or several that are not independent.
        SingleSource = "single-source",
        /// At least two independent sources.
        Corroborated = "corroborated",
        /// The other side confirms it.
        Confirmed = "confirmed",
        /// A party denies it, or makes a rival claim.
        Disputed = "disputed",
        /// Whoever claimed it took it back.
        Withdrawn = "withdrawn",
        /// It was kept back by the sender, or erased.
        Withheld = "withheld",
    }
}

/// What further sources report of a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FurtherAccount {
    /// The event that gives it.
    pub event: Version,
    /// Whether it supports the fact.
    pub stance: Stance,
    /// Whose account it is.
    pub sources: Vec<Handle>,
    /// Its own values.
    pub says: Option<AccountSays>,
}

/// What was said about one fact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Who asserts it, where the source says it on somebody's word.
    pub asserted_by: Vec<Actor>,
    /// Its citations, and those of accounts that confirm it.
    pub vouchers: Vec<Voucher>,
    /// Parties that confirm it, and the events that say so.
    pub confirmed_by: Vec<(Party, Version)>,
    /// Parties that deny it, and the events that say so.
    pub denied_by: Vec<(Party, Version)>,
    /// Parties with a rival claim, and the events that say so.
    pub rivals: Vec<(Party, Version)>,
    /// The event that took it back.
    pub withdrawn: Option<Version>,
    /// Whether its own citations were withheld or erased.
    pub withheld: bool,
    /// Accounts of further sources, each apart.
    pub accounts: Vec<FurtherAccount>,
}

/// The entries, by event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger(BTreeMap<Version, Entry>);

impl Ledger {
    /// The entry of an event.
    pub fn get(&self, event: Version) -> Option<&Entry> {
        self.0.get(&event)
    }

    /// The events that have an entry.
    pub fn events(&self) -> impl Iterator<Item = Version> {
        self.0.keys().copied()
    }

    /// The entry of an event, to write in.
    pub fn entry(&mut self, event: Version) -> &mut Entry {
        self.0.entry(event).or_default()
    }

    /// How the fact of an event stands.
    pub fn standing(&self, event: Version) -> Standing {
        self.get(event).map_or(Standing::Unsupported, Entry::standing)
    }

    /// The parties that deny any of these events or rival them, once each. The events are in order.
    pub fn disputed_by(&self, basis: &[Version]) -> Vec<Party> {
        debug_assert!(basis.is_sorted(), "{basis:?}");
        let mut parties = Vec::new();
        let mut take = |entry: &Entry| {
            let against = entry.denied_by.iter().chain(&entry.rivals);
            parties.extend(against.map(|(party, _)| party.clone()));
        };
        // Whichever are fewer are gone through: a life may rest on very many events, and a state read from rows have few entries.
        if self.0.len() < basis.len() {
            let among = self.0.iter().filter(|(event, _)| basis.binary_search(event).is_ok());
            among.for_each(|(_, entry)| take(entry));
        } else {
            basis.iter().filter_map(|event| self.get(*event)).for_each(take);
        }
        parties.sort();
        parties.dedup();
        parties
    }
}

impl Entry {
    /// How the fact stands.
    pub fn standing(&self) -> Standing {
        if self.withdrawn.is_some() {
            Standing::Withdrawn
        } else if !self.denied_by.is_empty() || !self.rivals.is_empty() {
            Standing::Disputed
        } else if self.confirmed_by.iter().any(|(party, _)| !self.is_asserted_by(party)) {
            Standing::Confirmed
        } else if any_two_independent(&self.vouchers) {
            Standing::Corroborated
        } else if self.vouchers.is_empty() && self.withheld {
            Standing::Withheld
        } else if self.vouchers.is_empty() {
            Standing::Unsupported
        } else {
            Standing::SingleSource
        }
    }

    /// Whether a party is among those who assert it.
    pub fn is_asserted_by(&self, party: &Party) -> bool {
        self.asserted_by.iter().any(|actor| actor.party == *party)
    }

    /// Whether anyone spoke for or against it, or took it back.
    pub fn is_spoken_of(&self) -> bool {
        let parties = [&self.confirmed_by, &self.denied_by, &self.rivals];
        parties.iter().any(|said| !said.is_empty()) || !self.accounts.is_empty() || self.withdrawn.is_some()
    }

    /// What supports and opposes it: the events to read with it.
    pub fn voices(&self) -> Vec<Version> {
        let parties = self.confirmed_by.iter().chain(&self.denied_by).chain(&self.rivals).map(|(_, event)| *event);
        let mut events: Vec<Version> = parties.chain(self.accounts.iter().map(|account| account.event)).collect();
        events.extend(self.withdrawn);
        events.sort();
        events.dedup();
        events
    }
}
