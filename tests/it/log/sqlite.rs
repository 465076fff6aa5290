//! What only a log in a file can get wrong: other programs write to it too, and other connections.

use std::path::Path;
use std::thread;

use rusqlite::Connection;
use talks::log::{Access, Batch, Entry, EventLog, Fault, Head, Reader, Sealed, SqliteLog, Stop};

use super::{append, at, batch, entry, erasure, holds, sealed, store};

/// The store as any program can open it.
#[track_caller]
fn raw(log: &SqliteLog) -> Connection {
    Connection::open(log.path()).expect("an SQLite file")
}

#[track_caller]
fn refused(connection: &Connection, sql: &str) {
    let error = connection.execute_batch(sql).expect_err(sql).to_string();
    assert!(error.contains("only appended to"), "{sql}: {error}");
}

#[test]
fn no_column_of_an_event_can_be_changed_and_no_row_deleted() {
    let mut log = store("log/sql");
    append(&mut log, "talks", 0, batch([0, 1, 2]));
    append(&mut log, "talks", 0, erasure(3, 4, vec![(2, 0)]));
    let before = sealed(&log, "talks");
    let connection = raw(&log);
    for change in [
        "pos = pos + 100",
        "id = zeroblob(16)",
        "kind = 'x'",
        "schema = 2",
        "occurred = NULL",
        "recorded = recorded + 1",
        "recorder = 'x'",
        "reported = 'x'",
        "defines = NULL",
        "data = '{}'",
        "data = NULL",
        "context = 'x'",
        "context = NULL",
        "sources = NULL, salts = CAST(substr(salts, 1, 32) || zeroblob(16) AS BLOB)",
        "root = zeroblob(32)",
        "salts = zeroblob(48)",
        "envelope = zeroblob(1)",
    ] {
        refused(&connection, &format!("UPDATE events SET {change} WHERE pos & 3 = 3"));
    }
    let replaced = "INSERT OR REPLACE INTO events SELECT pos, id, 'note.added', schema, occurred, recorded, recorder, reported, \
        defines, data, context, sources, root, salts, envelope FROM events WHERE pos & 3 = 2";
    let again = &replaced.replace("SELECT pos", "SELECT pos + 100");
    for sql in [replaced, again, "DELETE FROM events", "DELETE FROM erasures", "UPDATE erasures SET by = 1"] {
        refused(&connection, sql);
    }
    assert_eq!(sealed(&log, "talks"), before);
}

#[test]
fn only_what_an_erasure_names_goes_and_only_with_its_salt() {
    let mut log = store("log/door");
    append(&mut log, "talks", 0, batch([0, 1, 2]));
    append(&mut log, "talks", 0, erasure(3, 4, vec![]));
    let connection = raw(&log);
    let envelopes: Vec<String> = sealed(&log, "talks").iter().map(|record| hex(&record.bytes)).collect();
    let erase = |version: usize| {
        let salts = "CAST(zeroblob(16) || substr(salts, 17, 32) AS BLOB)";
        let envelope = &envelopes[version - 1];
        format!(
            "UPDATE events SET data = NULL, salts = {salts}, envelope = x'{envelope}' WHERE pos = (1 << 40) + {version}"
        )
    };
    refused(&connection, &erase(1));
    connection.execute_batch("INSERT INTO erasures VALUES ((1 << 40) + 1, 'data', 4)").expect("a row");
    connection.execute_batch("INSERT INTO erasures VALUES ((1 << 40) + 2, 'data', 3)").expect("a row");
    refused(&connection, "UPDATE events SET data = NULL WHERE pos = (1 << 40) + 1");
    refused(&connection, "UPDATE events SET data = '{}' WHERE pos = (1 << 40) + 1");
    refused(&connection, &erase(1).replace("data =", "context ="));
    refused(&connection, &erase(2));
    refused(&connection, &erase(1).replace(&envelopes[0], ""));
    refused(&connection, &format!("UPDATE events SET envelope = x'{}' WHERE pos = (1 << 40) + 1", envelopes[0]));
    connection.execute_batch(&erase(1)).expect("the door is open for this one");
    assert_eq!(sealed(&log, "talks")[0].parts[0], None);
    holds(&log, "talks", 4);
    refused(&connection, "UPDATE events SET envelope = x'' WHERE pos = (1 << 40) + 1");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn whoever_decides_holds_the_write_lock() {
    let mut log = store("log/lock");
    append(&mut log, "talks", 0, batch([0]));
    let other = raw(&log);
    other.busy_timeout(std::time::Duration::ZERO).expect("no patience");
    let mut decide = |_: &Head, _: &dyn Reader| {
        let error = other.execute_batch("BEGIN IMMEDIATE").expect_err("it is locked");
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
        Ok::<_, Stop<()>>(batch([1]))
    };
    log.append("talks", None, at(0), &mut decide).expect("it is stored");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock is let go");
}

#[test]
fn whoever_appends_through_a_connection_of_its_own_loses_nothing() {
    const WRITERS: u64 = 8;
    const APPENDS: u64 = 200;
    let log = store("log/writers");
    let write = |path: &Path, writer: u64| {
        let mut log = SqliteLog::open(path, Access::Write).expect("the store");
        for number in 0..APPENDS {
            let mut decide = |head: &Head, _: &dyn Reader| {
                let defines = format!("D{}", head.version() + 1).parse().ok();
                let entry = Entry { defines, ..entry(writer * APPENDS + number) };
                Ok::<_, Stop<()>>(Batch { entries: vec![entry], ..Batch::default() })
            };
            // Whoever waited too long was told so, and asks again.
            while let Err(stop) = log.append("talks", None, at(number as i64), &mut decide) {
                assert!(matches!(stop, Stop::Fault(Fault::Busy)), "{stop:?}");
            }
        }
    };
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (write, path) = (&write, log.path());
            scope.spawn(move || write(path, writer));
        }
    });
    holds(&log, "talks", WRITERS * APPENDS);
    let records = sealed(&log, "talks");
    let named = |record: &Sealed| record.header.defines.map(|handle| u64::from(handle.number));
    assert!(records.iter().all(|record| named(record) == Some(record.header.version)), "each saw what it followed");
}
