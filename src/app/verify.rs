//! Verifying: everything is computed again, and the first version that does not hold is named.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::derived::Rows;
use super::handover::{broken_in, sealed_records};
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
struct Pass<'r> {
    head: Head,
    gone: u64,
    broken: Option<Broken>,
    wanted: Option<&'r str>,
    found: Option<u64>,
}

impl<'r> Pass<'r> {
    fn new(wanted: Option<&'r str>) -> Pass<'r> {
        Pass { head: Head::empty(), gone: 0, broken: None, wanted, found: None }
    }

    fn take(&mut self, record: Result<Sealed, Broken>) {
        if self.broken.is_some() {
            return;
        }
        match record.and_then(|record| spelled(record).and_then(|record| self.head.take(&record).map(|()| record))) {
            Ok(record) => {
                self.gone += u64::from(record.parts.iter().any(Option::is_none));
                if self.wanted.is_some_and(|root| root == record.root.to_string()) {
                    self.found = Some(record.header.version);
                }
            }
            Err(broken) => self.broken = Some(broken),
        }
    }

    fn log(self, slug: &str, disagreement: Option<String>) -> VerifiedLog {
        let broken = self.broken.map(|broken| Finding { version: Some(broken.version), what: broken.what });
        VerifiedLog {
            negotiation: slug.into(),
            version: self.head.version(),
            root: self.head.root().to_string(),
            with_parts_gone: self.gone,
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
    /// Whether everything holds, and a root that was noted is there.
    pub fn holds(&self) -> bool {
        let noted = self.noted.as_ref().is_none_or(|noted| noted.found.is_some());
        noted
            && self.damage.is_empty()
            && self.logs.iter().all(|log| log.finding.is_none() && log.derived != Some(false))
    }
}

impl Store {
    /// Computes everything again: envelopes, digests, roots, derived columns, the rows of the logs.
    ///
    /// # Errors
    /// The store can't be read at all, or has no such negotiation.
    pub fn verify(&self, slug: Option<&str>, root: Option<&str>) -> Result<Verified, Trouble> {
        let damage = self.log.damage().map_err(|fault| self.trouble(fault))?;
        let mut verified = Verified { logs: Vec::new(), damage, noted: None };
        let mut found = None;
        let slugs = match slug {
            Some(slug) => vec![self.choose(Some(slug))?],
            None => self.log.slugs().map_err(|fault| self.trouble(fault))?,
        };
        for slug in slugs {
            let mut pass = Pass::new(root);
            let of = self.log.head(&slug).map_or(0, |head| head.version());
            let mut done = 0;
            let read = |each: &mut dyn FnMut(Result<Sealed, Broken>)| {
                self.log.sealed(&slug, &mut |record| {
                    self.progress.stands("verifying", done, of);
                    done += 1;
                    each(record);
                })
            };
            let read = taken_meanwhile(read, |record| pass.take(record));
            let twin = self.log.twin(&slug).map_err(|fault| self.trouble(fault))?;
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
            found = found.or(pass.found.map(|version| (slug.clone(), version)));
            let mut log = pass.log(&slug, disagreement);
            if log.finding.is_none() {
                self.progress.begins("comparing what is derived of", of);
                log.derived = self.derived_holds(&slug)?;
            }
            verified.logs.push(log);
        }
        verified.noted = root.map(|root| Noted { root: root.into(), found });
        Ok(verified)
    }

    /// Whether what is kept beside a log is what the log gives.
    fn derived_holds(&self, slug: &str) -> Result<Option<bool>, Trouble> {
        let mut holds = None;
        let looked = self.log.look(slug, &mut |head, reader| {
            if let Some(rows) = Rows::open(head, reader)? {
                let book = Book::of_stored(slug, reader)?;
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

/// Verifies a file of sealed lines.
///
/// # Errors
/// The file does not read.
pub fn verify_file(bytes: &[u8], file: &str, root: Option<&str>, progress: &Progress) -> Result<Verified, Trouble> {
    let mut pass = Pass::new(root);
    let records = sealed_records(bytes, file, progress)?;
    if records.is_empty() {
        return Err(broken_in(file, &Broken { version: 1, what: "there is no sealed line".into() }));
    }
    let of = records.len() as u64;
    let mut ids = HashSet::with_capacity(records.len());
    for (done, record) in (0..).zip(records) {
        progress.stands("verifying", done, of);
        let is_new = ids.insert(record.header.id);
        pass.take(if is_new { Ok(record) } else { Err(Broken::twice(record.header.version)) });
    }
    let noted = root.map(|root| Noted { root: root.into(), found: pass.found.map(|at| (file.to_string(), at)) });
    Ok(Verified { logs: vec![pass.log(file, None)], damage: Vec::new(), noted })
}
