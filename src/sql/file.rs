//! The tables in a file of their own, for any program that reads SQLite.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Result};

use super::Relation;
use super::load::load;

/// Fills an empty file that is there already.
///
/// # Errors
/// What SQLite says where the file can't be written.
pub fn write(path: &Path, relations: &[Relation]) -> std::result::Result<(), String> {
    filled(path, relations).map_err(|error| error.to_string())
}

fn filled(path: &Path, relations: &[Relation]) -> Result<()> {
    let mode = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, mode)?;
    load(&mut connection, relations)?;
    connection.close().map_err(|(_, error)| error)
}
