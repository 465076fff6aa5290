//! What only a log in a file can get wrong: other programs write to it too, and other connections.

use std::path::Path;
use std::thread;

use rusqlite::Connection;
use talks::log::{
    Access, Batch, Broken, Derive, Entry, EventLog, Fault, Head, Reader, Row, Sealed, Sort, SqliteLog, Stop,
};

use super::{append, at, batch, entry, erasure, holds, sealed, store, tried};

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
fn what_a_store_does_not_take_is_told_by_what_it_is() {
    let mut log = store("log/constraints");
    append(&mut log, "talks", 0, batch([0, 1]));
    let told = |log: &mut SqliteLog, id: u64| match tried(log, "talks", None, 1, batch([id])).map(|_| ()) {
        Err(Stop::Fault(Fault::Broken(broken))) => (broken.version, broken.what),
        other => panic!("no record is named: {other:?}"),
    };
    assert_eq!(told(&mut log, 1), (3, "its id stands twice".into()));
    let connection = raw(&log);
    connection.execute_batch("DROP TRIGGER events_once").expect("the trigger goes");
    assert_eq!(told(&mut log, 1), (3, "its id stands twice".into()), "the index says so too");
    let other = "CREATE TRIGGER other BEFORE INSERT ON events WHEN NEW.defines = 'D9' BEGIN SELECT RAISE(ABORT, 'not here'); END";
    connection.execute_batch(other).expect("a trigger");
    assert_eq!(told(&mut log, 8), (3, "the store does not take it: not here".into()));
    let ahead = "INSERT INTO events SELECT pos + 1, zeroblob(16), kind, schema, occurred, recorded, recorder, reported, defines, \
        data, context, sources, root, salts, envelope FROM events WHERE pos & 3 = 2";
    connection.execute_batch(ahead).expect("a row that no append wrote");
    assert_eq!(told(&mut log, 3), (3, "its place is taken".into()));
}

/// The first version that does not hold, and why.
#[track_caller]
fn found(log: &SqliteLog) -> (Option<u64>, String) {
    let verified = talks::app::Store::open(log.path())
        .and_then(|store| store.check(None, &talks::app::Ledger::default()))
        .expect("it is read");
    let finding = verified.logs[0].finding.as_ref().expect("something does not hold");
    (finding.version, finding.what.clone())
}

#[test]
fn a_part_that_is_not_canonical_is_found_though_its_digest_holds() {
    for (name, part, text) in [("data", 0, "{ }"), ("context", 1, "{\"b\":1,\"a\":1}"), ("sources", 2, "[1.0]")] {
        let mut log = store(&format!("log/spelling-{name}"));
        let mut odd = entry(1);
        odd.parts[part] = text.into();
        append(&mut log, "talks", 0, Batch { entries: vec![entry(0), odd, entry(2)], ..Batch::default() });
        assert_eq!(found(&log), (Some(2), format!("its {name} part is not in canonical spelling")));
    }
}

#[test]
fn a_table_of_rows_beside_the_log_that_somebody_drops_is_made_again() {
    let mut log = store("log/dropped");
    append(&mut log, "talks", 0, batch([0]));
    for (table, sort) in [("cache_rows", Sort::Life), ("cache_snapshots", Sort::Snapshot)] {
        raw(&log).execute_batch(&format!("DROP TABLE {table}")).expect("a table that can be dropped");
        let row = Row { sort, name: "a".into(), key: 1, blob: b"x".to_vec() };
        assert_eq!(log.derive("talks", 1, &[Derive::Put(row)]), Ok(true), "{table}");
        let mut look = |_: &Head, reader: &dyn Reader| {
            assert_eq!(reader.derived_one(sort, "a", 1)?.as_deref(), Some(&b"x"[..]), "{table}");
            Ok(())
        };
        log.look("talks", &mut look).expect("the log can be read");
    }
}

#[test]
fn an_id_that_stands_twice_is_found_where_nothing_kept_it_out() {
    let mut log = store("log/twins");
    append(&mut log, "talks", 0, batch([0, 1, 2]));
    let index =
        "DROP TRIGGER events_once; DROP INDEX events_by_id; CREATE INDEX events_by_id ON events (pos >> 40, id)";
    raw(&log).execute_batch(index).expect("an index that lets twins in");
    append(&mut log, "talks", 0, batch([3, 1, 4, 0]));
    assert_eq!(found(&log), (Some(5), "its id stands twice".into()));
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
fn a_second_reader_sees_what_the_first_sees_or_there_is_none() {
    let mut log = store("log/second");
    append(&mut log, "talks", 0, batch([0, 1, 2]));
    let mut other = SqliteLog::open(log.path(), Access::Write).expect("the store");
    let looked = log.look("talks", &mut |_, reader| {
        let mut second = reader.second().expect("two can read a file");
        append(&mut other, "talks", 0, batch([3]));
        let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
        reader.read(1..4, &mut |stored| of_first.push(stored))?;
        second(1..4, &mut |stored| of_second.push(stored))?;
        assert_eq!(of_second, of_first);
        let missing = |version| Err(Broken { version, what: "it is missing".into() }.into());
        assert_eq!(reader.read(3..6, &mut drop), missing(4));
        assert_eq!(second(3..6, &mut drop), missing(4));
        assert!(reader.second().is_none(), "the log has moved on");
        Ok(())
    });
    assert_eq!(looked, Ok(()));
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
