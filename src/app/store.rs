//! A store, opened: which negotiations it has, and the log of each, read whole.

use std::path::Path;
use std::sync::Arc;

use super::fault::trouble;
use super::{Book, Trouble};
use crate::domain::ids::Version;
use crate::domain::record::{Body, Envelope, Gone, Parts, Record, Seal, mark_erased};
use crate::domain::when::When;
use crate::log::{Access, EventLog, Fault, Head, SqliteLog, Stored};

/// A store in a file.
#[derive(Debug)]
pub struct Store {
    pub(super) log: SqliteLog,
}

impl Store {
    /// Makes an empty store in a new file.
    ///
    /// # Errors
    /// The file exists, or can't be made.
    pub fn create(path: &Path) -> Result<Store, Trouble> {
        SqliteLog::create(path).map(|log| Store { log }).map_err(|fault| trouble(fault, path))
    }

    /// Opens a store to read it.
    ///
    /// # Errors
    /// There is none, or it can't be trusted.
    pub fn open(path: &Path) -> Result<Store, Trouble> {
        SqliteLog::open(path, Access::Read).map(|log| Store { log }).map_err(|fault| trouble(fault, path))
    }

    /// Opens a store to append to it.
    ///
    /// # Errors
    /// There is none, or it can't be trusted.
    pub fn open_to_write(path: &Path) -> Result<Store, Trouble> {
        SqliteLog::open(path, Access::Write).map(|log| Store { log }).map_err(|fault| trouble(fault, path))
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        self.log.path()
    }

    /// The negotiations it has: name, last version and root of each.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn negotiations(&self) -> Result<Vec<(String, u64, String)>, Trouble> {
        let logs = self.log.logs().map_err(|fault| self.trouble(fault))?;
        Ok(logs.into_iter().map(|log| (log.slug, log.head.version(), log.head.root().to_string())).collect())
    }

    /// The negotiation that is meant: the one named, else the only one there is.
    ///
    /// # Errors
    /// There is no such one, none at all, or more than one to choose from.
    pub fn choose(&self, named: Option<&str>) -> Result<String, Trouble> {
        let known: Vec<String> = self.negotiations()?.into_iter().map(|(slug, ..)| slug).collect();
        match (named, &known[..]) {
            (Some(slug), _) if known.iter().any(|name| name == slug) => Ok(slug.into()),
            (Some(slug), _) => {
                let what = format!("no negotiation \"{slug}\" in {}", self.path().display());
                Err(Trouble::unknown("no-such-negotiation", what, slug, &known).help("talks negotiations lists them"))
            }
            (None, [only]) => Ok(only.clone()),
            (None, []) => {
                let what = format!("{} has no negotiation yet", self.path().display());
                Err(Trouble::failed("no-negotiation", what)
                    .help("talks open SLUG --title TITLE opens one, talks import FILE reads one"))
            }
            (None, _) => {
                let what = format!("{} has {} negotiations", self.path().display(), known.len());
                let trouble = Trouble::usage("which-negotiation", what).because(known.join(", "));
                Err(Trouble { candidates: known.into(), ..trouble.help("name one: -n SLUG") })
            }
        }
    }

    /// A negotiation's log, read whole.
    ///
    /// # Errors
    /// There is none of that name, or it can't be read.
    pub fn book(&self, slug: &str) -> Result<Book, Trouble> {
        let mut records = Vec::new();
        let head = self.log.read(slug, 0, &mut |stored| records.push(stored)).map_err(|fault| self.trouble(fault))?;
        Ok(book(slug, &head, records))
    }

    /// Writes a copy of the store as it stands into a new file, while others may go on writing.
    ///
    /// # Errors
    /// The file exists, or can't be written.
    pub fn backup(&self, to: &Path) -> Result<Store, Trouble> {
        self.log.backup(to).map_err(|fault| match fault {
            Fault::Exists | Fault::ReadOnly | Fault::Full => trouble(fault, to),
            other => self.trouble(other),
        })?;
        Store::open_to_write(to)
    }

    pub(super) fn trouble(&self, fault: Fault) -> Trouble {
        trouble(fault, self.log.path())
    }
}

/// The log as it is folded.
pub(super) fn book(slug: &str, head: &Head, stored: Vec<Stored>) -> Book {
    let roots = stored.iter().map(|stored| stored.root).collect();
    let mut records: Vec<Record> = stored.into_iter().map(record).collect();
    mark_erased(&mut records);
    debug_assert_eq!(head.version(), records.len() as u64);
    Book { name: slug.into(), records: records.into_iter().map(Arc::new).collect(), roots }
}

/// A stored record as the fold takes it.
fn record(stored: Stored) -> Record {
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
