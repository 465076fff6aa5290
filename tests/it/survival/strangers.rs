//! A file that is no store, or one of another version.

use std::fs;
use std::os::unix::fs::symlink;

use rusqlite::Connection;

use super::{A_DEMAND, Place};

#[track_caller]
fn sql(place: &Place, name: &str, sql: &str) {
    Connection::open(place.path(name)).expect("an SQLite file").execute_batch(sql).expect(sql);
}

/// That every command refuses a file with these words, and leaves it as it is.
#[track_caller]
fn refused(place: &Place, name: &str, words: &[&str]) {
    let before = fs::read(place.path(name)).ok();
    let add = &A_DEMAND[..];
    for command in [&["status"][..], &["verify"], &["export"], &["negotiations"], &[add, &["text=x"]].concat()] {
        let told = place.fails(1, &[command, &["--store", name]].concat());
        assert!(words.iter().all(|word| told.contains(word)), "{command:?}: {told}");
        assert_eq!(fs::read(place.path(name)).ok(), before, "{command:?} wrote to it");
    }
}

#[test]
fn a_newer_store_is_refused_and_not_touched() {
    let place = Place::with_talks("newer", 3);
    sql(&place, "talks.db", "PRAGMA user_version = 3; PRAGMA wal_checkpoint(TRUNCATE)");
    refused(&place, "talks.db", &["newer version", "layout is 3", "up to 2"]);
}

#[test]
fn an_older_store_is_brought_up_by_what_writes_to_it() {
    let place = Place::new("older");
    sql(&place, "talks.db", "PRAGMA application_id = 1952541803; PRAGMA user_version = 0");
    let told = place.fails(1, &["verify"]);
    assert!(told.contains("layout 0"), "{told}");
    place.done(&["open", "talks", "--title", "T", "--party", "north=North", "--party", "south=South"]);
    assert_eq!(place.stands().0, 1);
    let layout: i64 = Connection::open(place.path("talks.db"))
        .and_then(|store| store.pragma_query_value(None, "user_version", |row| row.get(0)))
        .expect("a layout");
    assert_eq!(layout, 2);
}

/// The root of the last record of `stores/layout-1.sqlite`, as it was when the store was written.
const ROOT_OF_LAYOUT_1: &str = "2071b8aabe9da880357acfceeaa8e40ced357a3eafab79ee10b84f7d0d799bf0";

#[test]
fn a_store_of_layout_1_keeps_every_root_and_can_be_written_to_and_erased_from() {
    let place = Place::new("layout-1");
    place.write("talks.db", include_bytes!("../stores/layout-1.sqlite"));
    let told = place.fails(1, &["verify"]);
    assert!(told.contains("layout 1"), "{told}");
    let envelopes = |place: &Place| -> (i64, i64) {
        let store = Connection::open(place.path("talks.db")).expect("an SQLite file");
        let sql = "SELECT count(*), sum(envelope = x'') FROM events";
        store.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).expect("a count")
    };
    assert_eq!(envelopes(&place), (9, 0));
    place.done(&["add", "demand.raised", "by=a", "of=b", "--when", "2025-10-19", "text=new"]);
    assert_eq!(envelopes(&place), (10, 1), "old rows stay as they were");
    place.done(&["verify", "--root", ROOT_OF_LAYOUT_1]);
    let exported = place.done(&["export"]);
    for event in ["e5", "e10"] {
        place.done(&["erase", event, "--part", "data", "--reason", "r", "--basis", "legal"]);
        place.done(&["verify", "--root", ROOT_OF_LAYOUT_1]);
    }
    assert_eq!(envelopes(&place), (12, 2), "what was erased from has its envelope");
    place.write("before.jsonl", &exported);
    place.done(&["init", "other.db"]);
    place.done(&["receive", "before.jsonl", "--store", "other.db"]);
    place.done(&["verify", "--store", "other.db", "--root", ROOT_OF_LAYOUT_1]);
}

#[test]
fn a_file_of_another_program_is_refused() {
    let place = Place::new("foreign");
    sql(&place, "other.db", "CREATE TABLE other (x); INSERT INTO other VALUES (1)");
    refused(&place, "other.db", &["not a store", "another program"]);
    sql(&place, "numbered.db", "PRAGMA application_id = 7; CREATE TABLE events (x)");
    refused(&place, "numbered.db", &["not a store", "another program"]);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let place = Place::new("no-database");
    place.write("text.db", "a text that is longer than the head of a database, which has a hundred bytes\n".repeat(4));
    refused(&place, "text.db", &["not a store", "no SQLite file"]);
    fs::create_dir(place.path("folder.db")).expect("a folder");
    refused(&place, "folder.db", &["not a store", "not a file"]);
    refused(&place, "nothing.db", &["no store", "talks init"]);
}

#[test]
fn a_store_is_not_reached_through_a_symbolic_link() {
    let place = Place::with_talks("link", 2);
    symlink("talks.db", place.path("link.db")).expect("a link");
    refused(&place, "link.db", &["not a store", "symbolic link"]);
    symlink("missing.db", place.path("dangling.db")).expect("a link");
    refused(&place, "dangling.db", &["symbolic link"]);
    place.fails(1, &["init", "dangling.db"]);
    assert!(!place.path("missing.db").exists(), "a store was made through a link");
}

#[test]
fn the_file_and_those_beside_it_are_only_for_their_owner() {
    let place = Place::new("modes");
    place.write("words", "x".repeat(60_000));
    // The export waits for its reader, and so keeps the files beside the store where they are.
    let output = place.shell(
        "umask 000
        $TALKS init talks.db >made &&
        $TALKS open talks --title T --party north=North --party south=South >made &&
        for number in 1 2 3 4; do
            $TALKS add -q statement.made by=north act=position text=@words --again --when 2025-10-19 >made || exit 9
        done
        $TALKS export -q | { head -c 1 >made; stat -c '%n %a' talks.db talks.db-wal talks.db-shm; cat >made; }",
    );
    let told = super::said(&output);
    assert_eq!(told, "talks.db 600\ntalks.db-wal 600\ntalks.db-shm 600\n");
}
