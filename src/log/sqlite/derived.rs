//! The table of derived rows. It is no part of the format: it may be missing, and is then empty.

use rusqlite::{Connection, OptionalExtension, params};

use super::failed;
use crate::log::{Derive, Fault, Row, Sort};

const TABLE: &str = "
CREATE TABLE IF NOT EXISTS cache_rows (
  log  INTEGER NOT NULL,
  sort INTEGER NOT NULL,
  name TEXT NOT NULL,
  key  INTEGER NOT NULL,
  blob BLOB NOT NULL,
  PRIMARY KEY (log, sort, name, key)
) STRICT, WITHOUT ROWID";

/// Makes the table, where it is missing.
pub(super) fn prepare(connection: &Connection) -> Result<(), Fault> {
    if is_there(connection)? { Ok(()) } else { connection.execute_batch(TABLE).map_err(failed) }
}

fn is_there(connection: &Connection) -> Result<bool, Fault> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'cache_rows'";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row((), |row| row.get(0)).map_err(failed)
}

pub(super) fn write(connection: &Connection, log: i64, changes: &[Derive]) -> Result<(), Fault> {
    for change in changes {
        let done = match change {
            Derive::Put(row) => {
                let sql = "INSERT OR REPLACE INTO cache_rows (log, sort, name, key, blob) VALUES (?1, ?2, ?3, ?4, ?5)";
                let mut put = connection.prepare_cached(sql).map_err(failed)?;
                put.execute(params![log, row.sort as i64, row.name, row.key, row.blob])
            }
            Derive::Drop(sort, name, key) => {
                let sql = "DELETE FROM cache_rows WHERE log = ?1 AND sort = ?2 AND name = ?3 AND key = ?4";
                let mut drop = connection.prepare_cached(sql).map_err(failed)?;
                drop.execute(params![log, *sort as i64, name, key])
            }
            Derive::DropFrom(sort, name) => {
                let sql = "DELETE FROM cache_rows WHERE log = ?1 AND sort = ?2 AND name >= ?3";
                let mut drop = connection.prepare_cached(sql).map_err(failed)?;
                drop.execute(params![log, *sort as i64, name])
            }
            Derive::Clear => connection.execute("DELETE FROM cache_rows WHERE log = ?1", [log]),
        };
        done.map_err(failed)?;
    }
    Ok(())
}

pub(super) fn read(
    connection: &Connection,
    log: i64,
    sort: Sort,
    from: &str,
    each: &mut dyn FnMut(Row) -> bool,
) -> Result<(), Fault> {
    if !is_there(connection)? {
        return Ok(());
    }
    let sql = "SELECT name, key, blob FROM cache_rows WHERE log = ?1 AND sort = ?2 AND name >= ?3 ORDER BY name, key";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params![log, sort as i64, from]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let (name, key) = (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
        if !each(Row { sort, name, key, blob: row.get(2).map_err(failed)? }) {
            break;
        }
    }
    Ok(())
}

pub(super) fn read_keys(
    connection: &Connection,
    log: i64,
    sort: Sort,
    each: &mut dyn FnMut(&str, i64) -> bool,
) -> Result<(), Fault> {
    if !is_there(connection)? {
        return Ok(());
    }
    let sql = "SELECT name, key FROM cache_rows WHERE log = ?1 AND sort = ?2 ORDER BY name, key";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params![log, sort as i64]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let name: Box<str> = row.get(0).map_err(failed)?;
        if !each(&name, row.get(1).map_err(failed)?) {
            break;
        }
    }
    Ok(())
}

pub(super) fn read_one(
    connection: &Connection,
    log: i64,
    sort: Sort,
    name: &str,
    key: i64,
) -> Result<Option<Vec<u8>>, Fault> {
    if !is_there(connection)? {
        return Ok(None);
    }
    let sql = "SELECT blob FROM cache_rows WHERE log = ?1 AND sort = ?2 AND name = ?3 AND key = ?4";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row(params![log, sort as i64, name, key], |row| row.get(0)).optional().map_err(failed)
}
