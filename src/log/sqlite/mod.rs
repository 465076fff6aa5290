//! The embedded store: one SQLite file that holds many logs.
//!
//! The law. Write-ahead mode with full synchronisation, and nothing weaker, may call something stored; each setting is read back
//! when the file is opened. Every append is one immediate transaction. No text of a user is ever part of a statement. The library is
//! the one that is compiled in: older ones could lose a commit.

mod derived;
mod fault;
mod network;
mod open;
#[cfg(feature = "sabotage")]
mod sabotage;
mod schema;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use self::fault::{at_commit, failed};
use super::common::{decided, received};
use super::sealed::NO_SALT;
use super::{
    Appended, Broken, Decide, Derive, Erase, EventLog, Fault, Hash, Head, Header, Named, PARTS, Reader, Row as Derived,
    Salt, Sealed, Second, Sort, Stop, Stored, Three, Tree,
};
use crate::domain::when::Instant;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only to be read.
    Read,
    /// To be read and appended to.
    Write,
}

/// A store in a file.
#[derive(Debug)]
pub struct SqliteLog {
    connection: Connection,
    path: PathBuf,
}

/// The columns that the fold reads; the envelope comes last in a row and is not among them.
const COLUMNS: &str =
    "pos, id, kind, schema, occurred, recorded, recorder, reported, defines, data, context, sources, root";
const VERSION_BITS: u32 = 40;

impl SqliteLog {
    /// The file it is in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a copy of the store as it stands into a new file, while others may go on writing.
    ///
    /// # Errors
    /// The file exists, or can't be written.
    pub fn backup(&self, to: &Path) -> Result<(), Fault> {
        let name = to.to_str().ok_or_else(|| Fault::Failed("the name of the copy is not UTF-8".into()))?;
        let file = open::create_private(to)?;
        let copied = self.connection.execute("VACUUM INTO ?1", [name]).map_err(failed).and_then(|_| {
            let sync = file.sync_all().and_then(|()| open::sync_folder(to));
            sync.map_err(|error| Fault::Failed(error.to_string()))
        });
        if copied.is_err() {
            // Half a copy would pass for one.
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    /// What is wrong with the file as a whole: what SQLite itself finds, a layout that is not the one of its number, rows that belong to
    /// no log, erasures that nobody declared.
    ///
    /// # Errors
    /// The file can't be read at all.
    pub fn damage(&self) -> Result<Vec<String>, Fault> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)").map_err(failed)?;
        let lines = statement.query_map((), |row| row.get::<_, String>(0)).map_err(failed)?;
        let lines: Result<Vec<String>, _> = lines.collect();
        let mut found: Vec<String> = lines.map_err(failed)?.into_iter().filter(|line| line != "ok").collect();
        found.extend(schema::differences(&self.connection).map_err(failed)?);
        for (what, sql) in [
            ("records belong to no log", "SELECT count(*) FROM events WHERE pos >> 40 NOT IN (SELECT log FROM logs)"),
            (
                "records stand beyond the last version of their log",
                "SELECT count(*) FROM events JOIN logs ON log = pos >> 40 WHERE pos & 1099511627775 NOT BETWEEN 1 AND version",
            ),
            ("erasures are declared by no record, or not carried out", schema::ODD_ERASURES),
        ] {
            let count: i64 = self.connection.query_row(sql, (), |row| row.get(0)).map_err(failed)?;
            found.extend((count > 0).then(|| format!("{count} {what}")));
        }
        Ok(found)
    }

    /// The names of the logs, also of those whose rows don't fit.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn slugs(&self) -> Result<Vec<String>, Fault> {
        let mut statement = self.connection.prepare("SELECT slug FROM logs ORDER BY slug").map_err(failed)?;
        let slugs = statement.query_map((), |row| row.get(0)).map_err(failed)?;
        slugs.collect::<Result<_, _>>().map_err(failed)
    }

    /// The first version of a log whose id an earlier one has, in the order of the index of ids, whatever the log's length.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn twin(&self, slug: &str) -> Result<Option<u64>, Fault> {
        let Some(log) = number(&self.connection, slug)? else { return Ok(None) };
        let sql = "SELECT id, pos FROM events INDEXED BY events_by_id WHERE pos >> 40 = ?1 ORDER BY id, pos";
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([log]).map_err(failed)?;
        let (mut last, mut first): (Vec<u8>, Option<i64>) = (Vec::new(), None);
        while let Some(row) = rows.next().map_err(failed)? {
            let id = row.get_ref(0).map_err(failed)?.as_bytes().map_err(|error| failed(error.into()))?;
            if id == last {
                let pos: i64 = row.get(1).map_err(failed)?;
                first = Some(first.map_or(pos, |first| first.min(pos)));
            }
            last.clear();
            last.extend_from_slice(id);
        }
        Ok(first.map(|pos| u64::try_from(pos & ((1 << VERSION_BITS) - 1)).unwrap_or_default()))
    }

    /// Empties the write-ahead log into the file, so that nothing erased is left in it; whether that worked out.
    fn clean(&self) -> bool {
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get::<_, i64>(0));
        busy.is_ok_and(|busy| busy == 0)
    }

    /// The same, unless somebody is reading or writing: nobody waits for it.
    fn tidy(&self) {
        if self.connection.busy_timeout(Duration::ZERO).is_ok() {
            self.clean();
        }
        let _ = self.connection.busy_timeout(open::PATIENCE);
    }
}

impl EventLog for SqliteLog {
    fn logs(&self) -> Result<Vec<Named>, Fault> {
        let sql = "SELECT slug, id, version, recorded, frontier FROM logs ORDER BY slug";
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, head_columns(row, 1)?))).map_err(failed)?;
        let named = |row: rusqlite::Result<(String, HeadColumns)>| {
            let (slug, columns) = row.map_err(failed)?;
            Ok(Named { head: head_of(&slug, columns)?, slug })
        };
        rows.map(named).collect()
    }

    fn head(&self, slug: &str) -> Result<Head, Fault> {
        head(&self.connection, slug)
    }

    fn look(&self, slug: &str, look: &mut dyn FnMut(&Head, &dyn Reader) -> Result<(), Fault>) -> Result<(), Fault> {
        let transaction = self.connection.unchecked_transaction().map_err(failed)?;
        let log = number(&transaction, slug)?.ok_or_else(|| Fault::NoLog(slug.into()))?;
        let head = head(&transaction, slug)?;
        look(&head, &Records { connection: &transaction, log: Some(log) })
    }

    fn sealed(&self, slug: &str, each: &mut dyn FnMut(Result<Sealed, Broken>)) -> Result<Head, Fault> {
        let transaction = self.connection.unchecked_transaction().map_err(failed)?;
        let log = number(&transaction, slug)?.ok_or_else(|| Fault::NoLog(slug.into()))?;
        let head = head(&transaction, slug)?;
        let sql = format!("SELECT {COLUMNS}, salts, envelope FROM events WHERE pos >= ?1 AND pos < ?2 ORDER BY pos");
        let mut statement = transaction.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([position(log, 1), position(log + 1, 0)]).map_err(failed)?;
        let (mut version, id) = (0, log_id(&transaction, log)?);
        while let Some(row) = rows.next().map_err(|error| unreadable(version + 1, &error))? {
            version += 1;
            each(sealed(row, version, id).map_err(|what| Broken { version, what }));
        }
        Ok(head)
    }

    fn append<R>(
        &mut self,
        slug: &str,
        expect: Option<u64>,
        now: Instant,
        decide: &mut Decide<'_, R>,
    ) -> Result<Appended, Stop<R>> {
        let transaction = begin(&mut self.connection)?;
        let before = head(&transaction, slug)?;
        let log = number(&transaction, slug)?;
        check_row(&transaction, log, &before)?;
        let reader = Records { connection: &transaction, log };
        let (batch, head, records) = decided(&before, &reader, expect, now, decide)?;
        if records.is_empty() {
            return Ok(Appended { head, records, is_clean: true });
        }
        let log = write(&transaction, slug, log, &head, &records)?;
        erase(&transaction, log, &batch.erase)?;
        derived::write(&transaction, log, &batch.derive)?;
        #[cfg(feature = "sabotage")]
        sabotage::tell(slug, &head, &records);
        transaction.commit().map_err(at_commit)?;
        let is_clean = batch.erase.is_empty() || self.clean();
        Ok(Appended { head, records, is_clean })
    }

    fn derive(&mut self, slug: &str, version: u64, changes: &[Derive]) -> Result<bool, Fault> {
        let transaction = begin(&mut self.connection)?;
        let log = number(&transaction, slug)?.ok_or_else(|| Fault::NoLog(slug.into()))?;
        let stands = head(&transaction, slug)?.version() == version;
        if stands {
            derived::write(&transaction, log, changes)?;
            transaction.commit().map_err(at_commit)?;
            // What is made anew is much at once. Left in the write-ahead log, every reader would read all of it before it begins.
            self.tidy();
        }
        Ok(stands)
    }

    fn receive(&mut self, slug: &str, records: &[Sealed], erase: &[Erase]) -> Result<(Head, u64), Fault> {
        let transaction = begin(&mut self.connection)?;
        let own = head(&transaction, slug)?;
        let log = number(&transaction, slug)?;
        let root = |version: u64| root_at(&transaction, log, version);
        let head = received(records, &root)?;
        let known = usize::try_from(own.version()).unwrap_or(usize::MAX);
        let Some(new) = records.get(known..).filter(|new| !new.is_empty()) else { return Ok((own, 0)) };
        let log = write(&transaction, slug, log, &head, new)?;
        let new_only: Vec<Erase> = erase.iter().filter(|erase| erase.by > own.version()).copied().collect();
        self::erase(&transaction, log, &new_only)?;
        transaction.commit().map_err(at_commit)?;
        if !new_only.is_empty() {
            self.clean();
        }
        Ok((head, new.len() as u64))
    }
}

struct Records<'a> {
    connection: &'a Connection,
    log: Option<i64>,
}

impl Reader for Records<'_> {
    fn read(&self, versions: Range<u64>, each: &mut dyn FnMut(Stored)) -> Result<(), Fault> {
        self.log.map_or(Ok(()), |log| read(self.connection, log, versions, each))
    }

    fn second(&self) -> Option<Second> {
        let (log, path) = (self.log?, self.connection.path()?);
        let second = open::beside(Path::new(path)).ok()?;
        // What is appended and what is erased changes the row of the log: while it is the same, so are the records.
        let is_same = row_of(&second, log).ok()? == row_of(self.connection, log).ok()?;
        is_same.then(|| -> Second { Box::new(move |versions, each| read(&second, log, versions, each)) })
    }

    fn record(&self, version: u64) -> Result<Option<Stored>, Fault> {
        let Some(log) = self.log else { return Ok(None) };
        let id = log_id(self.connection, log)?;
        let sql = format!("SELECT {COLUMNS} FROM events WHERE pos = ?1");
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let mut rows = statement.query([position(log, version)]).map_err(failed)?;
        let row = rows.next().map_err(|error| unreadable(version, &error))?;
        let stored = row.map(|row| stored(row, id)).transpose();
        stored.map_err(|what| Broken { version, what }.into())
    }

    fn version_of(&self, id: Uuid) -> Result<Option<u64>, Fault> {
        let sql = "SELECT pos & 1099511627775 FROM events WHERE pos >> 40 = ?1 AND id = ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let found = statement.query_row(params![self.log, id.into_bytes()], |row| row.get::<_, i64>(0));
        Ok(found.optional().map_err(failed)?.map(|version| version as u64))
    }

    fn derived(&self, sort: Sort, from: &str, each: &mut dyn FnMut(Derived) -> bool) -> Result<(), Fault> {
        self.log.map_or(Ok(()), |log| derived::read(self.connection, log, sort, from, each))
    }

    fn derived_keys(&self, sort: Sort, each: &mut dyn FnMut(&str, i64) -> bool) -> Result<(), Fault> {
        self.log.map_or(Ok(()), |log| derived::read_keys(self.connection, log, sort, each))
    }

    fn derived_one(&self, sort: Sort, name: &str, key: i64) -> Result<Option<Vec<u8>>, Fault> {
        self.log.map_or(Ok(None), |log| derived::read_one(self.connection, log, sort, name, key))
    }
}

fn read(connection: &Connection, log: i64, versions: Range<u64>, each: &mut dyn FnMut(Stored)) -> Result<(), Fault> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE pos >= ?1 AND pos < ?2 ORDER BY pos");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let ends = [versions.start, versions.end].map(|version| position(log, version));
    let mut rows = statement.query(ends).map_err(failed)?;
    let id = log_id(connection, log)?;
    for version in versions {
        let broken = |what| Fault::from(Broken { version, what });
        let row = rows.next().map_err(|error| unreadable(version, &error))?;
        let stored = stored(row.ok_or_else(|| broken("it is missing".into()))?, id).map_err(broken)?;
        if stored.header.version != version {
            return Err(broken(format!("it is missing; {} follows", stored.header.version)));
        }
        each(stored);
    }
    Ok(())
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Fault> {
    #[cfg(feature = "sabotage")]
    if sabotage::is("deferred") {
        return connection.transaction_with_behavior(TransactionBehavior::Deferred).map_err(failed);
    }
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)
}

fn number(connection: &Connection, slug: &str) -> Result<Option<i64>, Fault> {
    let mut statement = connection.prepare_cached("SELECT log FROM logs WHERE slug = ?1").map_err(failed)?;
    statement.query_row([slug], |row| row.get(0)).optional().map_err(failed)
}

fn log_id(connection: &Connection, log: i64) -> Result<Uuid, Fault> {
    let mut statement = connection.prepare_cached("SELECT id FROM logs WHERE log = ?1").map_err(failed)?;
    let id: [u8; 16] = statement.query_row([log], |row| row.get(0)).map_err(failed)?;
    Ok(Uuid::from_bytes(id))
}

/// Where a log stands, as its row has it.
fn row_of(connection: &Connection, log: i64) -> Result<HeadColumns, Fault> {
    let sql = "SELECT id, version, recorded, frontier FROM logs WHERE log = ?1";
    connection.query_row(sql, [log], |row| head_columns(row, 0)).map_err(failed)
}

type HeadColumns = ([u8; 16], i64, i64, Vec<u8>);

fn head_columns(row: &Row<'_>, at: usize) -> rusqlite::Result<HeadColumns> {
    Ok((row.get(at)?, row.get(at + 1)?, row.get(at + 2)?, row.get(at + 3)?))
}

fn head(connection: &Connection, slug: &str) -> Result<Head, Fault> {
    let sql = "SELECT id, version, recorded, frontier FROM logs WHERE slug = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let found = statement.query_row([slug], |row| head_columns(row, 0)).optional().map_err(failed)?;
    found.map_or(Ok(Head::empty()), |columns| head_of(slug, columns))
}

fn head_of(slug: &str, (id, version, recorded, frontier): HeadColumns) -> Result<Head, Fault> {
    let hashes = frontier.chunks(32).map(|bytes| bytes.try_into().map(Hash)).collect::<Result<Vec<Hash>, _>>().ok();
    let tree = hashes.and_then(|hashes| Tree::from_frontier(u64::try_from(version).ok()?, hashes));
    let tree =
        tree.ok_or_else(|| Fault::Failed(format!("the frontier of {slug} does not fit its version {version}")))?;
    Ok(Head { log: Some(Uuid::from_bytes(id)), recorded: Some(Instant(recorded)), tree })
}

fn position(log: i64, version: u64) -> i64 {
    log << VERSION_BITS | i64::try_from(version).unwrap_or(i64::MAX) & ((1 << VERSION_BITS) - 1)
}

fn unreadable(version: u64, error: &rusqlite::Error) -> Fault {
    Broken { version, what: format!("it can't be read: {error}") }.into()
}

fn root_at(connection: &Connection, log: Option<i64>, version: u64) -> Result<Option<Hash>, Fault> {
    let Some(log) = log else { return Ok(None) };
    let sql = "SELECT root FROM events WHERE pos = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let root = statement.query_row([position(log, version)], |row| row.get::<_, [u8; 32]>(0));
    Ok(root.optional().map_err(failed)?.map(Hash))
}

/// That the row of a log is of its last record: the next root is made of it, and a receipt must not tell a root that does not hold.
fn check_row(connection: &Connection, log: Option<i64>, head: &Head) -> Result<(), Fault> {
    let (version, root) = (head.version(), root_at(connection, log, head.version())?);
    if log.is_none() || root == Some(head.root()) {
        return Ok(());
    }
    let what = root.map_or("it is missing, and the row of the log names it", |_| "the row of the log has another root");
    Err(Broken { version, what: what.into() }.into())
}

/// A row as the fold reads it.
fn stored(row: &Row<'_>, log: Uuid) -> Result<Stored, String> {
    let plain = |error: rusqlite::Error| format!("its row can't be read: {error}");
    let text = |at: usize| row.get::<_, Option<Box<str>>>(at).map_err(plain);
    let pos: i64 = row.get(0).map_err(plain)?;
    let defines = text(8)?.map(|text| text.parse().map_err(|_| format!("\"{text}\" is no handle"))).transpose()?;
    let header = Header {
        version: u64::try_from(pos & ((1 << VERSION_BITS) - 1)).unwrap_or_default(),
        log,
        id: Uuid::from_bytes(row.get(1).map_err(plain)?),
        kind: row.get(2).map_err(plain)?,
        schema: row.get(3).map_err(plain)?,
        occurred: text(4)?,
        recorded: Instant(row.get(5).map_err(plain)?),
        recorder: text(6)?,
        reported: text(7)?,
        defines,
    };
    let root = Hash(row.get(12).map_err(plain)?);
    Ok(Stored { header, parts: [text(9)?, text(10)?, text(11)?], root })
}

/// A row with what proves it. Its envelope is what its columns and its parts give, or else its columns must say what it says.
fn sealed(row: &Row<'_>, version: u64, log: Uuid) -> Result<Sealed, String> {
    let plain = |error: rusqlite::Error| format!("its row can't be read: {error}");
    let salts: Three<Salt> = salts_of(&row.get(13).map_err(plain)?);
    let bytes = row.get_ref(14).map_err(plain)?.as_blob().map_err(|error| plain(error.into()))?;
    if bytes.is_empty() {
        let Stored { header, parts, root } = stored(row, log)?;
        if header.version != version {
            return Err("it is missing".into());
        }
        return match parts {
            [Some(data), Some(context), Some(sources)] => {
                Ok(Sealed::whole(header, [data, context, sources], salts, root))
            }
            _ => Err("a part is gone, and its envelope is not written down".into()),
        };
    }
    let (header, digests) = super::envelope::read(bytes)?;
    let Stored { header: columns, parts, root } = stored(row, header.log)?;
    if columns != header {
        let what = if columns.version == version { "its columns differ from its envelope" } else { "it is missing" };
        return Err(what.into());
    }
    let salts = [0, 1, 2].map(|part| (parts[part].is_some() || salts[part] != NO_SALT).then_some(salts[part]));
    Ok(Sealed { header, digests, bytes: bytes.into(), parts, salts, root })
}

fn salts_of(bytes: &[u8; 48]) -> Three<Salt> {
    [0, 1, 2].map(|part| bytes[part * 16..][..16].try_into().unwrap_or(NO_SALT))
}

/// Writes records, and where the log then stands; gives the number of the log.
fn write(
    transaction: &Transaction<'_>,
    slug: &str,
    log: Option<i64>,
    head: &Head,
    records: &[Sealed],
) -> Result<i64, Fault> {
    let frontier: Vec<u8> = head.tree.frontier().iter().flat_map(|hash| hash.0).collect();
    let id = head.log.unwrap_or_default().into_bytes();
    let (version, recorded) = (head.version() as i64, head.recorded.unwrap_or(Instant(0)).0);
    let log = match log {
        Some(log) => {
            let sql = "UPDATE logs SET version = ?2, recorded = ?3, frontier = ?4 WHERE log = ?1";
            let mut update = transaction.prepare_cached(sql).map_err(failed)?;
            update.execute(params![log, version, recorded, frontier]).map_err(failed)?;
            log
        }
        None => {
            let twin = transaction.query_row("SELECT slug FROM logs WHERE id = ?1", [id], |row| row.get(0));
            if let Some(name) = twin.optional().map_err(failed)? {
                return Err(Fault::LogExists(name));
            }
            let sql = "INSERT INTO logs (slug, id, version, recorded, frontier) VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.execute(sql, params![slug, id, version, recorded, frontier]).map_err(failed)?;
            transaction.last_insert_rowid()
        }
    };
    let sql = format!(
        "INSERT INTO events ({COLUMNS}, salts, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    );
    let mut insert = transaction.prepare_cached(&sql).map_err(failed)?;
    for record in records {
        let version = record.header.version;
        insert_record(&mut insert, log, record).map_err(|error| {
            let taken = root_at(transaction, Some(log), version).is_ok_and(|root| root.is_some());
            fault::on_insert(version, error, taken)
        })?;
    }
    Ok(log)
}

fn insert_record(insert: &mut rusqlite::Statement<'_>, log: i64, record: &Sealed) -> rusqlite::Result<usize> {
    let header = &record.header;
    let salts = record.salts.map(|salt| salt.unwrap_or(NO_SALT));
    let envelope: &[u8] = if record.gives_its_envelope() { &[] } else { &record.bytes };
    insert.execute(params![
        position(log, header.version),
        header.id.into_bytes(),
        header.kind,
        header.schema,
        header.occurred,
        header.recorded.0,
        header.recorder,
        header.reported,
        header.defines.map(|handle| handle.to_string()),
        record.parts[0],
        record.parts[1],
        record.parts[2],
        record.root.0,
        salts.as_flattened(),
        envelope,
    ])
}

/// Takes parts away, each with the record that says so. What the envelope said of a part must not go with it.
fn erase(transaction: &Transaction<'_>, log: i64, parts: &[Erase]) -> Result<(), Fault> {
    let id = log_id(transaction, log)?;
    for Erase { by, version, part } in parts {
        let pos = position(log, *version);
        let said = "INSERT OR IGNORE INTO erasures (pos, part, by) VALUES (?1, ?2, ?3)";
        transaction.execute(said, params![pos, PARTS[*part], *by as i64]).map_err(failed)?;
        let record = sealed_at(transaction, pos, *version, id)?;
        let kept =
            |at: usize| if at == *part { "zeroblob(16)".into() } else { format!("substr(salts, {}, 16)", at * 16 + 1) };
        let salts = format!("{} || {} || {}", kept(0), kept(1), kept(2));
        let sql = format!(
            "UPDATE events SET {} = NULL, salts = CAST({salts} AS BLOB), envelope = ?2 WHERE pos = ?1",
            PARTS[*part]
        );
        transaction.execute(&sql, params![pos, record.bytes]).map_err(failed)?;
    }
    Ok(())
}

fn sealed_at(connection: &Connection, pos: i64, version: u64, log: Uuid) -> Result<Sealed, Fault> {
    let sql = format!("SELECT {COLUMNS}, salts, envelope FROM events WHERE pos = ?1");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let broken = |what| Fault::from(Broken { version, what });
    let found = statement.query_row([pos], |row| Ok(sealed(row, version, log)));
    found.map_err(|error| unreadable(version, &error))?.map_err(broken)
}
