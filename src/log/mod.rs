//! The cellar: logs that are only appended to.
//!
//! One negotiation, one log: the unit of order (versions 1 to n, no gap), of concurrency, of integrity and of exchange. A log does
//! not know what its records mean. What may be appended is decided by a function that it is given, which runs under the write lock
//! and reads the very state that the append will follow; a backend may run it again. Nothing is changed or taken away, but for parts
//! that a record in the same log declares erased.
//!
//! An append has three outcomes: stored, not stored, unknown. Only what was committed is called stored, and after [`Fault::Unknown`]
//! the same append with the same id finds out.

mod envelope;
mod memory;
mod sealed;
mod sqlite;
mod tree;

pub use envelope::{Header, read as read_envelope};
pub use memory::MemoryLog;
pub use sealed::{
    Broken, Chain, ENVELOPE_LIMIT_BYTES, Entry, FORMAT, Head, LINE_LIMIT_BYTES, PARTS, Salt, Sealed, Stored, Three,
    salt,
};
pub use sqlite::{Access, SqliteLog};
pub use tree::{Hash, Tree, hash_of, leaf};

use std::ops::Range;

use uuid::Uuid;

use crate::domain::when::Instant;

/// How far a log's last stamp may lie ahead of the clock, in seconds.
pub const CLOCK_SLACK_SECONDS: i64 = 24 * 60 * 60;

/// A log that can be read up to some version.
pub trait Reader {
    /// Hands out the records of some versions, in order.
    ///
    /// # Errors
    /// The log can't be read, or one of them is missing.
    fn read(&self, versions: Range<u64>, each: &mut dyn FnMut(Stored)) -> Result<(), Fault>;

    /// Another reader of the records of the same state, for a second thread; none where two can't read at once.
    fn second(&self) -> Option<Second>;

    /// The record of a version, if there is one.
    ///
    /// # Errors
    /// The log can't be read.
    fn record(&self, version: u64) -> Result<Option<Stored>, Fault>;

    /// The version of the record with that id, if there is one.
    ///
    /// # Errors
    /// The log can't be read.
    fn version_of(&self, id: Uuid) -> Result<Option<u64>, Fault>;

    /// Hands out the derived rows of a sort from a name on, by name and then by key, as long as `each` wants more.
    ///
    /// # Errors
    /// The log can't be read.
    fn derived(&self, sort: Sort, from: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Fault>;

    /// Hands out the names and keys of the derived rows of a sort, in that order, as long as `each` wants more.
    ///
    /// # Errors
    /// The log can't be read.
    fn derived_keys(&self, sort: Sort, each: &mut dyn FnMut(&str, i64) -> bool) -> Result<(), Fault>;

    /// The derived row of that sort, name and key.
    ///
    /// # Errors
    /// The log can't be read.
    fn derived_one(&self, sort: Sort, name: &str, key: i64) -> Result<Option<Vec<u8>>, Fault>;
}

/// Reads records as [`Reader::read`] does.
pub type Second = Box<dyn FnMut(Range<u64>, &mut dyn FnMut(Stored)) -> Result<(), Fault> + Send>;

/// A row that is derived from the records and kept beside them: the log does not know what it says. Derived rows may be dropped
/// at any time, and are made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its sort.
    pub sort: Sort,
    /// Its name among those of its sort.
    pub name: Box<str>,
    /// Its number among those of its name.
    pub key: i64,
    /// What it says.
    pub blob: Vec<u8>,
}

/// The sorts of derived rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// What all the others rest on: of which version and by which rules they are.
    Top = 1,
    /// A life as it stands after the last version, by its handle; or what was said of an event.
    Life = 2,
    /// The places of the events in the world, in its order; the key is the event's version.
    Place = 3,
    /// The whole state at a place in the world, by that place.
    Snapshot = 4,
    /// The records that say the same; the key is a digest of what they say.
    Said = 5,
    /// An incident of which nothing else is said, by its event.
    Incident = 6,
    /// How a life was worded before, by its handle; the key is the number of the wording.
    Wording = 7,
}

/// A change of derived rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derive {
    /// Puts a row in the place of the one that was there.
    Put(Row),
    /// Drops a row: its sort, name and key.
    Drop(Sort, Box<str>, i64),
    /// Drops the rows of a sort from a name on.
    DropFrom(Sort, Box<str>),
    /// Drops all rows of the log.
    Clear,
}

/// Decides, under the write lock, what an append adds to the log as it stands; it may be asked again.
pub type Decide<'d, R> = dyn FnMut(&Head, &dyn Reader) -> Result<Batch, Stop<R>> + 'd;

/// What an append adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The records, in order.
    pub entries: Vec<Entry>,
    /// Parts of earlier records that these entries declare erased.
    pub erase: Vec<Erase>,
    /// What this changes in the derived rows.
    pub derive: Vec<Derive>,
}

/// A part that is to be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erase {
    /// The record that says so.
    pub by: u64,
    /// The record whose part it is.
    pub version: u64,
    /// Which part, by its place in [`PARTS`].
    pub part: usize,
}

/// Why nothing was appended.
#[derive(Debug)]
pub enum Stop<R> {
    /// Whoever decides said no.
    Refused(R),
    /// The log moved on from the version that was expected.
    Moved(Head),
    /// The log could not do it.
    Fault(Fault),
}

/// What an append did.
#[derive(Clone, Debug)]
pub struct Appended {
    /// Where the log stands now.
    pub head: Head,
    /// The new records.
    pub records: Vec<Sealed>,
    /// Whether the bytes of what was erased are gone from every file of the store; true where nothing was.
    pub is_clean: bool,
}

/// A log in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name there.
    pub slug: String,
    /// Where it stands.
    pub head: Head,
}

/// What a store can't do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file.
    NoStore,
    /// The file is there already.
    Exists,
    /// The file is no store, for the reason given.
    NotAStore(String),
    /// It was written by a newer version: the layout found, and the newest one known here.
    Newer {
        /// The layout of the file.
        found: i64,
        /// The newest layout that this version knows.
        known: i64,
    },
    /// There is no log of that name.
    NoLog(String),
    /// A log with that id is there already, under this name.
    LogExists(String),
    /// What was received differs from the log here, from this version on.
    Differs(u64),
    /// Someone else has been writing for too long.
    Busy,
    /// It can't be written to.
    ReadOnly,
    /// It lies on a network file system, of the kind given.
    Network(String),
    /// There is no space left. Nothing was stored.
    Full,
    /// The log's last stamp lies more than a day ahead of the clock.
    ClockBehind(Instant),
    /// A record does not hold.
    Broken(Broken),
    /// The file is damaged, or can't be read or written. Nothing was stored.
    Failed(String),
    /// The commit failed: whether the append was stored is not known.
    Unknown(String),
}

/// Logs that are only appended to.
pub trait EventLog {
    /// The logs, by name.
    ///
    /// # Errors
    /// The store can't be read.
    fn logs(&self) -> Result<Vec<Named>, Fault>;

    /// Where a log stands; an empty head where there is none.
    ///
    /// # Errors
    /// The store can't be read.
    fn head(&self, slug: &str) -> Result<Head, Fault>;

    /// Shows one state of a log: where it stands, and a reader of it.
    ///
    /// # Errors
    /// There is no such log, it can't be read, or what `look` says.
    fn look(&self, slug: &str, look: &mut dyn FnMut(&Head, &dyn Reader) -> Result<(), Fault>) -> Result<(), Fault>;

    /// Hands out the records after a version, in order, all of one state of the log; says where it then stood.
    ///
    /// # Errors
    /// There is no such log, or it can't be read.
    fn read(&self, slug: &str, after: u64, each: &mut dyn FnMut(Stored)) -> Result<Head, Fault> {
        let mut stands = Head::empty();
        self.look(slug, &mut |head, reader| {
            stands = head.clone();
            reader.read(after.saturating_add(1)..head.version() + 1, each)
        })?;
        Ok(stands)
    }

    /// Hands out the records with what proves them, in order. Nothing is checked.
    ///
    /// # Errors
    /// There is no such log, or it can't be read.
    fn sealed(&self, slug: &str, each: &mut dyn FnMut(Result<Sealed, Broken>)) -> Result<Head, Fault>;

    /// Appends what `decide` hands out, all of it or nothing. `decide` is asked under the write lock; a stale `expect` stops an append
    /// that would add something. The first record of a name opens its log.
    ///
    /// # Errors
    /// Why nothing was appended; after [`Fault::Unknown`] it may have been.
    fn append<R>(
        &mut self,
        slug: &str,
        expect: Option<u64>,
        now: Instant,
        decide: &mut Decide<'_, R>,
    ) -> Result<Appended, Stop<R>>;

    /// Changes derived rows of a log that still stands at that version; says whether it does.
    ///
    /// # Errors
    /// There is no such log, or it can't be written.
    fn derive(&mut self, slug: &str, version: u64, changes: &[Derive]) -> Result<bool, Fault>;

    /// Takes over sealed records as they are, from version 1 on: into a new log, or into one that is a prefix of them; what the new
    /// ones declare erased is erased here too. Says how many were new.
    ///
    /// # Errors
    /// A record that does not hold, or that the log has another record in the place of.
    fn receive(&mut self, slug: &str, records: &[Sealed], erase: &[Erase]) -> Result<(Head, u64), Fault>;
}

impl<R> From<Fault> for Stop<R> {
    fn from(fault: Fault) -> Stop<R> {
        Stop::Fault(fault)
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        Fault::Broken(broken)
    }
}

/// What both backends decide in the same way.
mod common {
    use super::{Batch, Broken, CLOCK_SLACK_SECONDS, Chain, Decide, Fault, Hash, Head, Reader, Sealed, Stop};
    use crate::domain::when::Instant;

    /// The records that an append adds to a log, and where it then stands.
    pub(super) fn decided<R>(
        head: &Head,
        reader: &dyn Reader,
        expect: Option<u64>,
        now: Instant,
        decide: &mut Decide<'_, R>,
    ) -> Result<(Batch, Head, Vec<Sealed>), Stop<R>> {
        let moved = expect.is_some_and(|expected| expected != head.version());
        let mut batch = match decide(head, reader) {
            // A refusal by someone who has not seen the newest records would only mislead.
            Err(Stop::Refused(_)) if moved => return Err(Stop::Moved(head.clone())),
            decision => decision?,
        };
        if batch.entries.is_empty() {
            return Ok((batch, head.clone(), Vec::new()));
        }
        if moved {
            return Err(Stop::Moved(head.clone()));
        }
        if let Some(last) = head.recorded.filter(|last| last.0 > now.0.saturating_add(CLOCK_SLACK_SECONDS)) {
            return Err(Fault::ClockBehind(last).into());
        }
        let mut after = head.clone();
        let entries = std::mem::take(&mut batch.entries);
        let sealed: Result<Vec<Sealed>, Broken> = entries.into_iter().map(|entry| after.seal(entry, now)).collect();
        Ok((batch, after, sealed.map_err(Fault::from)?))
    }

    /// Checks received records from version 1 on, and against those that the log has; gives where they stand.
    pub(super) fn received(
        records: &[Sealed],
        own_root: &dyn Fn(u64) -> Result<Option<Hash>, Fault>,
    ) -> Result<Head, Fault> {
        let mut chain = Chain::default();
        for record in records {
            chain.take(record)?;
            let head = chain.head();
            if own_root(head.version())?.is_some_and(|own| own != head.root()) {
                return Err(Fault::Differs(head.version()));
            }
        }
        Ok(chain.head().clone())
    }
}
