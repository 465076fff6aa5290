//! A log, read whole: what is folded.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::history::is_complete;
use crate::domain::ids::Version;
use crate::domain::record::{Body, Envelope, Gone, Parts, Record, Seal, mark_erased};
use crate::domain::when::When;
use crate::exchange::batches::made_by_two;
use crate::log::{Fault, Hash, Head, Reader, Stored};

/// A shorter log is read before a second thread has opened it.
const WORTH_TWO: u64 = 2048;

/// A log, read whole.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its name.
    pub name: String,
    /// Its records, in log order.
    pub records: Vec<Arc<Record>>,
    /// The root of the log up to and with each record; of a log that is not sealed there are none.
    roots: Vec<Hash>,
}

/// The log that was asked.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub name: String,
    pub log: Option<Uuid>,
    pub version: Option<Version>,
    pub root: Option<String>,
    pub complete: bool,
}

impl Book {
    /// A log of drafts.
    pub fn of_drafts(name: impl Into<String>, records: Vec<Record>) -> Book {
        Book { name: name.into(), records: records.into_iter().map(Arc::new).collect(), roots: Vec::new() }
    }

    /// A log as a store holds it.
    ///
    /// # Errors
    /// The log can't be read.
    pub(super) fn of_stored(name: &str, head: &Head, reader: &dyn Reader) -> Result<Book, Fault> {
        let second = if head.version() < WORTH_TWO { None } else { reader.second() };
        let first = |versions, each: &mut dyn FnMut(Stored)| reader.read(versions, each);
        let make = |stored: Stored| (stored.root, Arc::new(record(stored)));
        let made = made_by_two(1..head.version() + 1, first, second, make)?;
        let (roots, mut records): (Vec<Hash>, Vec<Arc<Record>>) = made.into_iter().unzip();
        mark_erased(&mut records, Arc::make_mut);
        Ok(Book { name: name.into(), records, roots })
    }

    /// A log of sealed lines, with the root that each gives.
    pub(super) fn of_sealed(name: String, records: Vec<Record>, roots: Vec<Hash>) -> Book {
        Book { name, records: records.into_iter().map(Arc::new).collect(), roots }
    }

    /// Whether every record can be read.
    pub(super) fn is_complete(&self) -> bool {
        is_complete(&self.records)
    }

    /// What an answer says of it, as far as the version.
    pub(super) fn frame(&self, version: Option<Version>) -> Frame {
        let within = self.records.iter().filter(|record| Some(record.version()) <= version);
        Frame {
            name: self.name.clone(),
            log: self.records.first().and_then(|record| record.envelope.id),
            version,
            root: version.and_then(|version| self.root(version)),
            complete: is_complete(within),
        }
    }

    /// The record of a version, in a log that has every version.
    pub(super) fn record(&self, version: Version) -> Option<&Arc<Record>> {
        let at = usize::try_from(version.0).ok()?.checked_sub(1)?;
        self.records.get(at).filter(|record| record.version() == version)
    }

    /// The root of the log up to and with a version, where it is sealed.
    pub fn root(&self, version: Version) -> Option<String> {
        let at = usize::try_from(version.0).ok()?.checked_sub(1)?;
        self.roots.get(at).map(ToString::to_string)
    }
}

/// A stored record as the fold takes it.
pub(super) fn record(stored: Stored) -> Record {
    let Stored { header, parts, .. } = stored;
    let [data, context, sources] = parts.each_ref().map(Option::is_none);
    let occurred = header.occurred.as_deref().map(When::parse);
    let unreadable = matches!(occurred, Some(Err(_)));
    let seal = Seal {
        schema: header.schema,
        log: header.log,
        recorded: header.recorded,
        recorder: header.recorder,
        reported: header.reported.as_deref().and_then(|text| When::parse(text).ok()),
        defines: header.defines,
        gone: Gone { data, context, sources },
    };
    let envelope = Envelope {
        version: Version(header.version),
        kind: header.kind,
        occurred: occurred.and_then(Result::ok),
        id: Some(header.id),
        seal: Some(Box::new(seal)),
    };
    let [data, context, sources] = parts.map(Option::unwrap_or_default);
    let mut record = Record::sealed(envelope, Parts { data, context, sources });
    if unreadable {
        record.body = Body::NotUnderstood("its date can't be read by this version".into());
    }
    record
}
