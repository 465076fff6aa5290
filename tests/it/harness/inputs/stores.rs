//! Files that are no stores, or stores that someone has tampered with, met by a command that wants to write.

use std::fs;
use std::os::unix::fs::symlink;

use rusqlite::Connection;

use super::{Case, Deed, STORE};
use crate::survival::Place;

pub fn cases() -> Vec<Case> {
    let files = FILES.iter().map(|(name, make)| (*name, *make));
    let cases = files.map(|(name, make)| Case { name: format!("stores: {name}"), deed: Deed::Meet(make) });
    cases.collect()
}

type Make = fn(&Place);

fn sql(place: &Place, sql: &str) {
    let store = Connection::open(place.path(STORE)).expect("an SQLite file");
    store.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
}

/// The same past a guard, which is there again afterwards.
fn edit(place: &Place, guard: &str, change: &str) {
    let store = Connection::open(place.path(STORE)).expect("an SQLite file");
    let text = "SELECT sql FROM sqlite_schema WHERE name = ?1";
    let text: String = store.query_row(text, [guard], |row| row.get(0)).expect("a guard");
    sql(place, &format!("DROP TRIGGER {guard}; {change}; {text}"));
}

fn bytes(place: &Place, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = place.read(STORE);
    change(&mut bytes);
    place.write(STORE, bytes);
}

fn instead(place: &Place, make: impl Fn()) {
    fs::remove_file(place.path(STORE)).expect("the store is removed");
    make();
}

const FILES: &[(&str, Make)] = &[
    ("a text", |place| place.write(STORE, "hello")),
    ("a long text", |place| place.write(STORE, "hello\n".repeat(2_000))),
    ("an empty file", |place| place.write(STORE, "")),
    ("zeros", |place| place.write(STORE, vec![0; 8192])),
    ("the head alone", |place| bytes(place, |bytes| bytes.truncate(100))),
    ("half a page", |place| bytes(place, |bytes| bytes.truncate(2048))),
    ("one page", |place| bytes(place, |bytes| bytes.truncate(4096))),
    ("another magic", |place| bytes(place, |bytes| bytes[0] = b'X')),
    ("a page size of 0", |place| bytes(place, |bytes| bytes[16..18].fill(0))),
    ("a page size of 3", |place| bytes(place, |bytes| bytes[17] = 3)),
    ("a newer file format", |place| bytes(place, |bytes| bytes[18..20].fill(9))),
    ("another application", |place| sql(place, "PRAGMA application_id = 7")),
    ("no application", |place| sql(place, "PRAGMA application_id = 0")),
    ("a newer layout", |place| sql(place, "PRAGMA user_version = 99")),
    ("a layout below nothing", |place| sql(place, "PRAGMA user_version = -1")),
    ("another database", |place| instead(place, || sql(place, "CREATE TABLE logs (x)"))),
    ("a trigger that forges", |place| {
        let forge = "CREATE TRIGGER forge AFTER INSERT ON events BEGIN UPDATE logs SET version = version + 1; END";
        sql(place, forge);
    }),
    ("a view in the place of a table", |place| {
        sql(place, "DROP TRIGGER logs_stay; ALTER TABLE logs RENAME TO kept; CREATE VIEW logs AS SELECT * FROM kept");
    }),
    ("no table of events", |place| sql(place, "DROP TABLE events")),
    ("no table of logs", |place| sql(place, "DROP TABLE logs")),
    ("a column less", |place| sql(place, "DROP TRIGGER events_keep; ALTER TABLE events DROP COLUMN reported")),
    ("a log whose version is another", |place| sql(place, "UPDATE logs SET version = 9")),
    ("a log whose version is none", |place| sql(place, "UPDATE logs SET version = -1")),
    ("a log whose frontier is cut", |place| sql(place, "UPDATE logs SET frontier = x'00'")),
    ("a log whose frontier is another", |place| sql(place, "UPDATE logs SET frontier = zeroblob(length(frontier))")),
    ("a log whose id is cut", |place| sql(place, "UPDATE logs SET id = x'00'")),
    ("a log that is stamped in the far future", |place| sql(place, "UPDATE logs SET recorded = 32503680000")),
    ("a log that is stamped out of all time", |place| sql(place, "UPDATE logs SET recorded = 9223372036854775807")),
    ("a record whose text is another", |place| {
        edit(place, "events_keep", "UPDATE events SET data = replace(data, 'one', 'two')");
    }),
    ("a record whose text is no JSON", |place| {
        edit(place, "events_keep", "UPDATE events SET data = '{' WHERE pos & 7 = 2")
    }),
    ("a record whose kind is empty", |place| {
        edit(place, "events_keep", "UPDATE events SET kind = '' WHERE pos & 7 = 2")
    }),
    ("a record whose handle is none", |place| {
        edit(place, "events_keep", "UPDATE events SET defines = 'x' WHERE pos & 7 = 3")
    }),
    ("a record whose id is cut", |place| edit(place, "events_keep", "UPDATE events SET id = x'00' WHERE pos & 7 = 2")),
    ("a record whose root is cut", |place| {
        edit(place, "events_keep", "UPDATE events SET root = x'00' WHERE pos & 7 = 2")
    }),
    ("a record that is missing", |place| edit(place, "events_stay", "DELETE FROM events WHERE pos & 7 = 2")),
    ("the last record missing", |place| edit(place, "events_stay", "DELETE FROM events WHERE pos & 7 = 3")),
    ("rows beside the log that are no rows", |place| sql(place, "DROP TABLE cache_rows; CREATE TABLE cache_rows (x)")),
    ("rows beside the log that say nonsense", |place| sql(place, "UPDATE cache_rows SET blob = x'c1'")),
    ("rows beside the log that are cut", |place| {
        sql(place, "UPDATE cache_rows SET blob = substr(blob, 1, length(blob) / 2)")
    }),
    ("rows beside the log that are endless", |place| sql(place, "UPDATE cache_rows SET blob = x'ddffffffff'")),
    ("a write-ahead log of zeros", |place| place.write("talks.db-wal", vec![0; 8192])),
    ("a write-ahead log that is a text", |place| place.write("talks.db-wal", "hello".repeat(2_000))),
    ("a journal of zeros", |place| place.write("talks.db-journal", vec![0; 8192])),
    ("a symbolic link", |place| {
        fs::rename(place.path(STORE), place.path("elsewhere.db")).expect("it is moved");
        symlink("elsewhere.db", place.path(STORE)).expect("a link");
    }),
    ("a link to nothing", |place| instead(place, || symlink("nowhere", place.path(STORE)).expect("a link"))),
    ("a link to itself", |place| instead(place, || symlink(STORE, place.path(STORE)).expect("a link"))),
    ("a folder", |place| instead(place, || fs::create_dir(place.path(STORE)).expect("a folder"))),
    ("a pipe", |place| {
        instead(place, || assert!(place.command("mkfifo").arg(STORE).status().expect("mkfifo runs").success()));
    }),
];
