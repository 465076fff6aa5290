//! Opening a store: what it must be before it is trusted with anything, and the settings, each read back.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::schema::{self, APPLICATION_ID, MIGRATIONS, layout, migrate};
use super::{Access, SqliteLog, derived, failed, network};
use crate::log::Fault;

/// How long to wait for another writer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// What a writer may keep of the file in memory.
const WRITE_CACHE_KIB: i64 = 64 * 1024;
/// How many statements are kept ready: all that an append needs.
const STATEMENTS: usize = 32;
/// SQLite before 3.51.3 could corrupt a write-ahead log that two connections reset at once.
const SQLITE_AT_LEAST: i32 = 3_051_003;

impl SqliteLog {
    /// Makes an empty store in a new file that only its owner can read.
    ///
    /// # Errors
    /// The file exists, or can't be made.
    pub fn create(path: &Path) -> Result<SqliteLog, Fault> {
        refuse_network(path)?;
        drop(create_private(path)?);
        let filled = SqliteLog::fill(path);
        if filled.is_err() {
            // What could not be filled is no store, and would be in the way of the next try.
            let _ = std::fs::remove_file(path);
        }
        filled
    }

    fn fill(path: &Path) -> Result<SqliteLog, Fault> {
        let mut connection = connect(path, Access::Write)?;
        settle(&connection, Access::Write)?;
        migrate(&mut connection, MIGRATIONS).map_err(failed)?;
        derived::prepare(&connection)?;
        sync_folder(path).map_err(|error| Fault::Failed(error.to_string()))?;
        Ok(SqliteLog { connection, path: path.into() })
    }

    /// Opens a store.
    ///
    /// # Errors
    /// It is not there, is no store, is of a newer version, or does not take a setting.
    pub fn open(path: &Path, access: Access) -> Result<SqliteLog, Fault> {
        check_file(path)?;
        if access == Access::Write {
            refuse_network(path)?;
        }
        let connection = connect(path, access)?;
        let (mut connection, (application, found)) = match identity(&connection) {
            Err(Fault::ReadOnly) if access == Access::Read => still(path)?,
            identity => (connection, identity?),
        };
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        // A file that was made and never filled is what a crash may leave of `init`.
        let is_empty = application == 0 && found == 0 && has_nothing(&connection)?;
        if application != APPLICATION_ID && !(is_empty && access == Access::Write) {
            return Err(Fault::NotAStore("it is an SQLite file of another program".into()));
        }
        if found < 0 {
            return Err(Fault::NotAStore(format!("its layout is {found}, which none is")));
        }
        if found > known {
            return Err(Fault::Newer { found, known });
        }
        settle(&connection, access)?;
        if found < known && access == Access::Write {
            migrate(&mut connection, MIGRATIONS).map_err(failed)?;
        }
        if access == Access::Write {
            if let Some(name) = schema::forged(&connection).map_err(failed)? {
                let why = format!(
                    "{name} is not as the layout has it, so what is written may not be what is kept; talks verify tells more"
                );
                return Err(Fault::NotAStore(why));
            }
            derived::prepare(&connection)?;
        } else if found < known {
            return Err(Fault::NotAStore(format!("it is of layout {found}; any writing command brings it to {known}")));
        }
        Ok(SqliteLog { connection, path: path.into() })
    }
}

impl SqliteLog {
    /// What SQLite says of its settings for this store.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn settings(&self) -> Result<Vec<(&'static str, String)>, Fault> {
        let names = ["user_version", "journal_mode", "synchronous", "secure_delete", "trusted_schema", "foreign_keys"];
        let value = |name| {
            let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
            let value = self.connection.pragma_query_value(None, name, read).map_err(failed)?;
            Ok(match value {
                rusqlite::types::Value::Integer(number) => (name, number.to_string()),
                rusqlite::types::Value::Text(word) => (name, word),
                other => (name, format!("{other:?}")),
            })
        };
        names.into_iter().map(value).collect()
    }

    /// The SQLite that is compiled in, and the layout of the stores that are made.
    pub fn versions() -> (&'static str, usize) {
        (rusqlite::version(), MIGRATIONS.len())
    }
}

/// A second connection to a store that is open, which sees one state of it from its first look on.
pub(super) fn beside(path: &Path) -> Result<Connection, Fault> {
    let connection = connect(path, Access::Read)?;
    settle(&connection, Access::Read)?;
    connection.execute_batch("BEGIN").map_err(failed)?;
    Ok(connection)
}

fn refuse_network(path: &Path) -> Result<(), Fault> {
    network::file_system(path).map_or(Ok(()), |kind| Err(Fault::Network(kind)))
}

fn check_file(path: &Path) -> Result<(), Fault> {
    let found = std::fs::symlink_metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Fault::NoStore,
        _ => Fault::Failed(error.to_string()),
    })?;
    if found.is_symlink() {
        return Err(Fault::NotAStore("it is a symbolic link; name the file itself".into()));
    }
    if !found.is_file() {
        return Err(Fault::NotAStore("it is not a file".into()));
    }
    Ok(())
}

fn connect(path: &Path, access: Access) -> Result<Connection, Fault> {
    let mode = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    if rusqlite::version_number() < SQLITE_AT_LEAST {
        let found = rusqlite::version();
        return Err(Fault::Failed(format!("SQLite {found} is older than 3.51.3 and can lose a commit")));
    }
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Where nothing can be written, the files beside a store can't be made. Without a write-ahead log it is then read as what it is:
/// a file that does not change.
fn still(path: &Path) -> Result<(Connection, (i64, i64)), Fault> {
    let name = path.display().to_string();
    let is_there = |end: &str| std::fs::metadata(format!("{name}{end}")).is_ok_and(|beside| beside.len() > 0);
    if is_there("-wal") {
        let what = format!("part of it is in {name}-wal, which can't be read in a folder that can't be written to");
        return Err(Fault::Failed(format!("{what}; copy both files to another folder")));
    }
    if is_there("-journal") {
        let what = format!("a change of it was broken off, and what stood there before is in {name}-journal");
        return Err(Fault::Failed(format!("{what}; any writing command puts it in order")));
    }
    let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let mode = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{name}?immutable=1"), mode).map_err(failed)?;
    let identity = identity(&connection)?;
    Ok((connection, identity))
}

/// The program that a file belongs to, and its layout.
fn identity(connection: &Connection) -> Result<(i64, i64), Fault> {
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    Ok((application, layout(connection).map_err(failed)?))
}

fn has_nothing(connection: &Connection) -> Result<bool, Fault> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", (), |row| row.get(0)).map_err(failed)
}

/// Settings, each read back: a setting that did not take is a promise that would not hold.
fn settle(connection: &Connection, access: Access) -> Result<(), Fault> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(failed)?;
    if access == Access::Write {
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(failed)?;
        expect("journal_mode", &mode, "wal")?;
        // In KiB, as SQLite counts below zero. The ids of a large import lie all over their index: what does not fit in here is written
        // out and read again many times.
        connection.pragma_update(None, "cache_size", -WRITE_CACHE_KIB).map_err(failed)?;
    }
    for (name, set, read) in [
        ("synchronous", "FULL", 2),
        ("secure_delete", "ON", 1),
        ("trusted_schema", "OFF", 0),
        ("cell_size_check", "ON", 1),
        ("temp_store", "MEMORY", 2),
        ("foreign_keys", "ON", 1),
    ] {
        // Some answer with the new value, some with nothing.
        connection.pragma_update_and_check(None, name, set, |_| Ok(())).or_else(no_answer).map_err(failed)?;
        let taken: i64 = connection.pragma_query_value(None, name, |row| row.get(0)).map_err(failed)?;
        expect(name, &taken.to_string(), &read.to_string())?;
    }
    #[cfg(feature = "sabotage")]
    unsettle(connection, access)?;
    Ok(())
}

/// Undoes a setting that a promise rests on.
#[cfg(feature = "sabotage")]
fn unsettle(connection: &Connection, access: Access) -> Result<(), Fault> {
    for (way, name, value) in [("normal", "synchronous", "NORMAL"), ("delete", "journal_mode", "DELETE")] {
        if access == Access::Write && super::sabotage::is(way) {
            connection.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(no_answer).map_err(failed)?;
        }
    }
    Ok(())
}

fn no_answer(error: rusqlite::Error) -> rusqlite::Result<()> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) { Ok(()) } else { Err(error) }
}

fn expect(name: &str, found: &str, wanted: &str) -> Result<(), Fault> {
    let what = || Fault::Failed(format!("SQLite did not take the setting {name}: it is {found}, not {wanted}"));
    if found == wanted { Ok(()) } else { Err(what()) }
}

/// A new, empty file that only its owner can read; SQLite gives its side files the same mode.
pub(super) fn create_private(path: &Path) -> Result<File, Fault> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Fault::Exists,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Fault::ReadOnly,
        io::ErrorKind::StorageFull => Fault::Full,
        _ => Fault::Failed(error.to_string()),
    })
}

/// Makes the name of a new file last.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
