//! The tables of derived rows. They are no part of the format: they may be missing, and are then empty.
//!
//! Snapshots are few and large. Where a row is its own index, whoever passes it by reads all of it, so they lie beside an index of their
//! names and keys; the many small rows are their own.

use rusqlite::{Connection, OptionalExtension, params};

use super::failed;
use crate::log::{Derive, Fault, Row, Sort};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS cache_rows (
  log  INTEGER NOT NULL,
  sort INTEGER NOT NULL,
  name TEXT NOT NULL,
  key  INTEGER NOT NULL,
  blob BLOB NOT NULL,
  PRIMARY KEY (log, sort, name, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cache_snapshots (
  log  INTEGER NOT NULL,
  sort INTEGER NOT NULL,
  name TEXT NOT NULL,
  key  INTEGER NOT NULL,
  blob BLOB NOT NULL,
  UNIQUE (log, sort, name, key)
) STRICT";

const ALL: [&str; 2] = ["cache_rows", "cache_snapshots"];

/// The table that has the rows of a sort.
fn table(sort: Sort) -> &'static str {
    ALL[usize::from(sort == Sort::Snapshot)]
}

/// Makes the tables, where one is missing.
pub(super) fn prepare(connection: &Connection) -> Result<(), Fault> {
    for table in ALL {
        if !is_there(connection, table)? {
            connection.execute_batch(TABLES).map_err(failed)?;
        }
    }
    Ok(())
}

fn is_there(connection: &Connection, table: &str) -> Result<bool, Fault> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row([table], |row| row.get(0)).map_err(failed)
}

pub(super) fn write(connection: &Connection, log: i64, changes: &[Derive]) -> Result<(), Fault> {
    // Somebody may have dropped one since the store was opened.
    prepare(connection)?;
    for change in changes {
        let done = match change {
            Derive::Put(row) => {
                let table = table(row.sort);
                let sql =
                    format!("INSERT OR REPLACE INTO {table} (log, sort, name, key, blob) VALUES (?1, ?2, ?3, ?4, ?5)");
                let mut put = connection.prepare_cached(&sql).map_err(failed)?;
                put.execute(params![log, row.sort as i64, row.name, row.key, row.blob])
            }
            Derive::Drop(sort, name, key) => {
                let table = table(*sort);
                let sql = format!("DELETE FROM {table} WHERE log = ?1 AND sort = ?2 AND name = ?3 AND key = ?4");
                let mut drop = connection.prepare_cached(&sql).map_err(failed)?;
                drop.execute(params![log, *sort as i64, name, key])
            }
            Derive::DropFrom(sort, name) => {
                let table = table(*sort);
                let sql = format!("DELETE FROM {table} WHERE log = ?1 AND sort = ?2 AND name >= ?3");
                let mut drop = connection.prepare_cached(&sql).map_err(failed)?;
                drop.execute(params![log, *sort as i64, name])
            }
            Derive::Clear => ALL.iter().try_fold(0, |gone, table| {
                Ok(gone + connection.execute(&format!("DELETE FROM {table} WHERE log = ?1"), [log])?)
            }),
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
    let table = table(sort);
    if !is_there(connection, table)? {
        return Ok(());
    }
    let sql =
        format!("SELECT name, key, blob FROM {table} WHERE log = ?1 AND sort = ?2 AND name >= ?3 ORDER BY name, key");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
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
    let table = table(sort);
    if !is_there(connection, table)? {
        return Ok(());
    }
    let sql = format!("SELECT name, key FROM {table} WHERE log = ?1 AND sort = ?2 ORDER BY name, key");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
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
    let table = table(sort);
    if !is_there(connection, table)? {
        return Ok(None);
    }
    let sql = format!("SELECT blob FROM {table} WHERE log = ?1 AND sort = ?2 AND name = ?3 AND key = ?4");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    statement.query_row(params![log, sort as i64, name, key], |row| row.get(0)).optional().map_err(failed)
}
