//! What is known of logs outside their store: what was acknowledged, and what was sent. With it a log can be told from an older
//! copy of itself, which holds in every other way.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Trouble;
use crate::domain::ids::Version;
use crate::log::Sealed;

/// What "nothing is lost" means, in nine parts; `docs/reliability.md` has them in plain words. The sixth, that what is kept beside a
/// log is what the log gives, is `derived` of each log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// What was acknowledged is there.
    Durable,
    /// What is there was sent by someone.
    NothingInvented,
    /// Every event has all its parts, and what was declared erased is gone.
    Atomic,
    /// Versions count from 1, and each stands where its receipt says.
    Ordered,
    /// Every root that was told is still the root of that version.
    Immutable,
    /// A repetition is not stored twice.
    Idempotent,
    /// A record comes out of the store and reads back as the same record.
    Portable,
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Breach {
    /// Which one.
    pub property: Property,
    /// The log's name, as it is or was.
    pub negotiation: String,
    /// The version.
    pub version: u64,
    /// What is wrong.
    pub what: String,
}

/// How many acknowledgements a log was held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipts {
    /// All of them.
    pub acknowledged: u64,
    /// Those that hold.
    pub held: u64,
}

/// What is known of logs outside their store.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    acknowledged: Vec<Acknowledged>,
    by_place: HashMap<(Uuid, u64), Vec<usize>>,
    sent: Option<HashSet<Uuid>>,
    /// A root that was noted by hand, of whichever version.
    pub(super) root: Option<String>,
}

/// A version of a log that someone was told of.
#[derive(Clone, Debug)]
struct Acknowledged {
    negotiation: String,
    log: Uuid,
    version: u64,
    /// Of the record; a root may be told without it.
    id: Option<Uuid>,
    root: String,
}

/// A receipt, as far as it is read here; what a later version adds is left alone.
#[derive(Deserialize)]
struct Told {
    negotiation: String,
    log: Option<Uuid>,
    version: u64,
    root: String,
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    events: Vec<ToldEvent>,
    #[serde(default)]
    already: Vec<ToldEvent>,
}

#[derive(Deserialize)]
struct ToldEvent {
    event: String,
    id: Option<Uuid>,
    root: Option<String>,
}

impl Ledger {
    /// Reads receipts, as `--json` prints them, one after the other.
    ///
    /// # Errors
    /// Something among them is no receipt, or there is none.
    pub fn read(bytes: &[u8], file: &str) -> Result<Ledger, Trouble> {
        let mut ledger = Ledger::default();
        for (told, number) in serde_json::Deserializer::from_slice(bytes).into_iter::<Told>().zip(1..) {
            let told = told.map_err(|error| {
                let what = format!("{file}: the receipt {number} of the file can't be read");
                Trouble::failed("bad-receipts", what)
                    .because(error.to_string())
                    .help("keep what an append prints with --json: talks add ... --json >>receipts.json")
            })?;
            ledger.take(told);
        }
        if ledger.acknowledged.is_empty() {
            let help = "talks add ... --json >>receipts.json keeps one";
            return Err(Trouble::failed("empty-file", format!("{file} has no receipt")).help(help));
        }
        Ok(ledger)
    }

    /// Takes ids as all that was ever sent, whether or not it was answered: a record with another id was invented.
    #[must_use]
    pub fn with_sent(mut self, ids: impl IntoIterator<Item = Uuid>) -> Ledger {
        let acknowledged = self.acknowledged.iter().filter_map(|told| told.id);
        self.sent = Some(ids.into_iter().chain(acknowledged).collect());
        self
    }

    /// Takes a root that was noted by hand, of whichever version.
    #[must_use]
    pub fn with_root(self, root: Option<&str>) -> Ledger {
        Ledger { root: root.map(Into::into), ..self }
    }

    fn take(&mut self, told: Told) {
        let Told { negotiation, log: Some(log), version, root, dry_run: false, events, already } = told else { return };
        let place = |event: &str| event.parse::<Version>().map(|version| version.0).unwrap_or_default();
        let each = events.into_iter().chain(already);
        let each = each.filter_map(|told| Some((place(&told.event), told.id, told.root?)));
        for (version, id, root) in each.chain([(version, None, root)]) {
            self.by_place.entry((log, version)).or_default().push(self.acknowledged.len());
            self.acknowledged.push(Acknowledged { negotiation: negotiation.clone(), log, version, id, root });
        }
    }
}

/// A ledger that is gone through beside the logs.
pub(super) struct Audit<'l> {
    ledger: &'l Ledger,
    settled: HashSet<usize>,
    logs: HashSet<Uuid>,
    held: u64,
    pub breaches: Vec<Breach>,
}

impl<'l> Audit<'l> {
    pub fn of(ledger: &'l Ledger) -> Audit<'l> {
        Audit { ledger, settled: HashSet::new(), logs: HashSet::new(), held: 0, breaches: Vec::new() }
    }

    pub fn breach(&mut self, property: Property, (negotiation, version): (&str, u64), what: impl Into<String>) {
        self.breaches.push(Breach { property, negotiation: negotiation.into(), version, what: what.into() });
    }

    /// Holds a record that is in its place against what is known of it.
    pub fn take(&mut self, slug: &str, record: &Sealed) {
        let header = &record.header;
        let at = (slug, header.version);
        self.logs.insert(header.log);
        for index in self.ledger.by_place.get(&(header.log, header.version)).into_iter().flatten() {
            let told = &self.ledger.acknowledged[*index];
            self.settled.insert(*index);
            match told.id.filter(|id| *id != header.id) {
                Some(id) => self.breach(Property::Ordered, at, format!("{id} was acknowledged here; {} is", header.id)),
                None if told.root != record.root.to_string() => {
                    let what = format!("the root {} was acknowledged; it is {}", told.root, record.root);
                    self.breach(Property::Immutable, at, what);
                }
                None => self.held += 1,
            }
        }
        if self.ledger.sent.as_ref().is_some_and(|sent| !sent.contains(&header.id)) {
            self.breach(Property::NothingInvented, at, format!("{} was sent by nobody", header.id));
        }
    }

    /// What was acknowledged and was not met; of logs that were not gone through only where all were.
    pub fn close(mut self, all: bool) -> (Option<Receipts>, Vec<Breach>) {
        for (index, told) in self.ledger.acknowledged.iter().enumerate() {
            if !self.settled.contains(&index) && (all || self.logs.contains(&told.log)) {
                let what = told.id.map_or_else(|| format!("the root {}", told.root), |id| id.to_string());
                let at = (&*told.negotiation, told.version);
                self.breach(Property::Durable, at, format!("{what} was acknowledged, and is not there"));
            }
        }
        // Of many versions that are lost, the first is what one wants to know.
        self.breaches.sort_by(|a, b| (&a.negotiation, a.version).cmp(&(&b.negotiation, b.version)));
        let acknowledged = self.ledger.acknowledged.len() as u64;
        ((acknowledged > 0).then_some(Receipts { acknowledged, held: self.held }), self.breaches)
    }
}
