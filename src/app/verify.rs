//! Verifying: everything is computed again, and the first version that does not hold is named.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::handover::{broken_in, comes_back, erasures, sealed_records};
use super::ledger::{Audit, Breach, Ledger, Property, Receipts};
use super::rows::Rows;
use super::store::{Store, derived};
use super::{Book, Progress, Trouble};
use crate::domain::history::{History, Knowledge};
use crate::exchange::batches::taken_meanwhile;
use crate::exchange::canon::is_canonical;
use crate::log::{Broken, EventLog, Head, PARTS, Sealed};

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Verified {
    /// The logs, each as far as it holds.
    pub logs: Vec<VerifiedLog>,
    /// What SQLite itself finds wrong with the file.
    pub damage: Vec<String>,
    /// The root that was noted earlier, and where it was found.
    pub noted: Option<Noted>,
    /// How many acknowledgements the logs were held against; null: no receipts were given.
    pub receipts: Option<Receipts>,
    /// What is lost, changed or invented, by log and version.
    pub breaches: Vec<Breach>,
}

/// A log, as far as it holds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VerifiedLog {
    /// Its name.
    pub negotiation: String,
    /// The last version that holds.
    pub version: u64,
    /// The root up to there.
    pub root: String,
    /// How many records have a part that was withheld or erased.
    pub with_parts_gone: u64,
    /// The first version that does not hold, or the one after the last; null: everything holds.
    pub finding: Option<Finding>,
    /// Whether what is kept beside the log is what the log gives; null: nothing is kept, or it is of another version.
    pub derived: Option<bool>,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The first version that does not hold; null where it is the log as a whole.
    pub version: Option<u64>,
    /// What is wrong.
    pub what: String,
}

/// A root that was noted earlier.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Noted {
    /// The root.
    pub root: String,
    /// The log and the version whose root it is; null: none has it.
    pub found: Option<(String, u64)>,
}

/// Goes through a log, record by record.
struct Pass<'p, 'l> {
    slug: &'p str,
    ledger: &'l Ledger,
    audit: &'p mut Audit<'l>,
    head: Head,
    gone: BTreeMap<u64, [bool; 3]>,
    broken: Option<Broken>,
    found: Option<u64>,
}

impl<'p, 'l> Pass<'p, 'l> {
    fn new(slug: &'p str, ledger: &'l Ledger, audit: &'p mut Audit<'l>) -> Pass<'p, 'l> {
        Pass { slug, ledger, audit, head: Head::empty(), gone: BTreeMap::new(), broken: None, found: None }
    }

    /// Takes a record as the next one; nothing is said of what follows one that does not hold.
    fn take(&mut self, record: Result<Sealed, Broken>) {
        if self.broken.is_some() {
            return;
        }
        match record.and_then(|record| spelled(record).and_then(|record| self.head.take(&record).map(|()| record))) {
            Ok(record) => self.held(&record),
            Err(broken) => self.broken = Some(broken),
        }
    }

    fn held(&mut self, record: &Sealed) {
        let version = record.header.version;
        if record.parts.iter().any(Option::is_none) {
            self.gone.insert(version, [0, 1, 2].map(|part| record.parts[part].is_none()));
        }
        if self.ledger.root.as_ref().is_some_and(|root| *root == record.root.to_string()) {
            self.found = Some(version);
        }
        for erase in erasures(std::slice::from_ref(record)) {
            if !self.gone.get(&erase.version).is_some_and(|gone| gone[erase.part]) {
                let what = format!("e{version} erases its {} part, which is there", PARTS[erase.part]);
                self.audit.breach(Property::Atomic, (self.slug, erase.version), what);
            }
        }
        if !comes_back(record) {
            self.audit.breach(
                Property::Portable,
                (self.slug, version),
                "as a sealed line it reads back as another record",
            );
        }
        self.audit.take(self.slug, record);
    }

    fn log(self, disagreement: Option<String>) -> VerifiedLog {
        let broken = self.broken.map(|broken| Finding { version: Some(broken.version), what: broken.what });
        VerifiedLog {
            negotiation: self.slug.into(),
            version: self.head.version(),
            root: self.head.root().to_string(),
            with_parts_gone: self.gone.len() as u64,
            finding: broken.or(disagreement.map(|what| Finding { version: None, what })),
            derived: None,
        }
    }
}

/// A record whose envelope and parts stand in canonical spelling, which is what was hashed and what can be handed over.
fn spelled(record: Sealed) -> Result<Sealed, Broken> {
    let odd =
        |what: &str| Broken { version: record.header.version, what: format!("{what} is not in canonical spelling") };
    if !std::str::from_utf8(&record.bytes).is_ok_and(|envelope| is_canonical(envelope, 1)) {
        return Err(odd("its envelope"));
    }
    for (name, part) in PARTS.iter().zip(&record.parts) {
        if part.as_deref().is_some_and(|part| !part.is_empty() && !is_canonical(part, 2)) {
            return Err(odd(&format!("its {name} part")));
        }
    }
    Ok(record)
}

impl Verified {
    /// Whether everything holds, and what was noted outside is there.
    pub fn holds(&self) -> bool {
        let noted = self.noted.as_ref().is_none_or(|noted| noted.found.is_some());
        noted
            && self.damage.is_empty()
            && self.breaches.is_empty()
            && self.logs.iter().all(|log| log.finding.is_none() && log.derived != Some(false))
    }
}

impl Store {
    /// Computes everything again: envelopes, digests, roots, derived columns, the rows of the logs; and holds it against what is known
    /// outside. It is the one judge of whether something is lost: `talks verify` asks it, and so does every test of a fault.
    ///
    /// # Errors
    /// The store can't be read at all, or has no such negotiation.
    pub fn check(&self, slug: Option<&str>, ledger: &Ledger) -> Result<Verified, Trouble> {
        let damage = self.log.damage().map_err(|fault| self.trouble(fault))?;
        let (mut audit, mut logs, mut found) = (Audit::of(ledger), Vec::new(), None);
        let slugs = match slug {
            Some(slug) => vec![self.choose(Some(slug))?],
            None => self.log.slugs().map_err(|fault| self.trouble(fault))?,
        };
        for slug in slugs {
            let (log, at) = self.check_log(&slug, ledger, &mut audit)?;
            found = found.or(at.map(|version| (slug, version)));
            logs.push(log);
        }
        let (receipts, breaches) = audit.close(slug.is_none());
        let noted = ledger.root.as_ref().map(|root| Noted { root: root.clone(), found });
        Ok(Verified { logs, damage, noted, receipts, breaches })
    }

    /// One log, and where the noted root stands in it.
    fn check_log<'l>(
        &self,
        slug: &str,
        ledger: &'l Ledger,
        audit: &mut Audit<'l>,
    ) -> Result<(VerifiedLog, Option<u64>), Trouble> {
        let mut pass = Pass::new(slug, ledger, audit);
        let of = self.log.head(slug).map_or(0, |head| head.version());
        let mut done = 0;
        let read = |each: &mut dyn FnMut(Result<Sealed, Broken>)| {
            self.log.sealed(slug, &mut |record| {
                self.progress.stands("verifying", done, of);
                done += 1;
                each(record);
            })
        };
        let read = taken_meanwhile(read, |record| pass.take(record));
        let twin = self.log.twin(slug).map_err(|fault| self.trouble(fault))?;
        if let Some(version) = twin.filter(|version| pass.broken.as_ref().is_none_or(|b| *version < b.version)) {
            pass.broken = Some(Broken::twice(version));
        }
        let disagreement = match read {
            Ok(head) if head == pass.head => None,
            Ok(head) => Some(disagreement(&head, &pass.head)),
            Err(crate::log::Fault::Broken(broken)) => {
                pass.broken.get_or_insert(broken);
                None
            }
            Err(fault) => Some(self.trouble(fault).what),
        };
        let found = pass.found;
        let mut log = pass.log(disagreement);
        if log.finding.is_none() {
            self.progress.begins("comparing what is derived of", of);
            log.derived = self.derived_holds(slug)?;
        }
        Ok((log, found))
    }

    /// Whether what is kept beside a log is what the log gives.
    fn derived_holds(&self, slug: &str) -> Result<Option<bool>, Trouble> {
        let mut holds = None;
        let looked = self.log.look(slug, &mut |head, reader| {
            if let Some(rows) = Rows::open(head, reader)? {
                let book = Book::of_stored(slug, head, reader)?;
                let history = History::new(&book.records, &Knowledge::default());
                holds = Some(rows.are(&derived(&book, &history), &history)?);
            }
            Ok(())
        });
        looked.map_err(|fault| self.trouble(fault)).map(|()| holds)
    }
}

fn disagreement(row: &Head, records: &Head) -> String {
    let (version, root) = (row.version(), row.root());
    format!("its row says e{version} with root {root}, its records e{} with root {}", records.version(), records.root())
}

/// Checks a file of sealed lines.
///
/// # Errors
/// The file does not read.
pub fn check_file(bytes: &[u8], file: &str, ledger: &Ledger, progress: &Progress) -> Result<Verified, Trouble> {
    let records = sealed_records(bytes, file, progress)?;
    if records.is_empty() {
        return Err(broken_in(file, &Broken { version: 1, what: "there is no sealed line".into() }));
    }
    let of = records.len() as u64;
    let mut audit = Audit::of(ledger);
    let mut pass = Pass::new(file, ledger, &mut audit);
    let mut ids = HashSet::with_capacity(records.len());
    for (done, record) in (0..).zip(records) {
        progress.stands("verifying", done, of);
        let is_new = ids.insert(record.header.id);
        pass.take(if is_new { Ok(record) } else { Err(Broken::twice(record.header.version)) });
    }
    let found = pass.found.map(|at| (file.to_string(), at));
    let noted = ledger.root.as_ref().map(|root| Noted { root: root.clone(), found });
    let logs = vec![pass.log(None)];
    // The logs of other receipts are in other files.
    let (receipts, breaches) = audit.close(false);
    Ok(Verified { logs, damage: Vec::new(), noted, receipts, breaches })
}
