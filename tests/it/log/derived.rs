//! Rows that are derived from the records and kept beside them: each log has its own, and they move with it or not at all.

use talks::log::{Batch, Derive, EventLog, Reader, Row, Sort, Stop};

use super::{append, at, batch, entry, sealed};

super::on_every_backend! {
    a_record_is_the_one_of_its_version
    a_record_is_found_by_its_id_in_its_own_log
    a_row_stands_until_it_is_replaced_or_dropped
    rows_are_read_and_dropped_from_a_name_on
    rows_move_with_their_append_or_not_at_all
    rows_are_changed_only_as_long_as_the_log_stands_where_it_did
    clearing_leaves_the_rows_of_another_log
}

fn put(sort: Sort, name: &str, key: i64, said: &str) -> Derive {
    Derive::Put(Row { sort, name: name.into(), key, blob: said.into() })
}

/// The rows of a sort, as `name key said`.
#[track_caller]
fn rows(log: &impl EventLog, slug: &str, sort: Sort) -> Vec<String> {
    let mut rows = Vec::new();
    let said = |row: Row| format!("{} {} {}", row.name, row.key, String::from_utf8_lossy(&row.blob));
    let mut each = |row| {
        rows.push(said(row));
        true
    };
    log.look(slug, &mut |_, reader| reader.derived(sort, "", &mut each)).expect("a log");
    rows
}

fn a_record_is_the_one_of_its_version(log: &mut impl EventLog) {
    append(log, "others", 0, batch([10]));
    append(log, "talks", 0, batch([0, 1, 2]));
    let whole = sealed(log, "talks");
    let mut look = |_: &talks::log::Head, reader: &dyn Reader| {
        for version in 0..6u64 {
            let found = reader.record(version)?.map(|stored| (stored.header, stored.parts, stored.root));
            let record = whole.iter().find(|record| record.header.version == version).cloned();
            assert_eq!(found, record.map(|record| (record.header, record.parts, record.root)), "e{version}");
        }
        Ok(())
    };
    log.look("talks", &mut look).expect("the log can be read");
}

fn a_record_is_found_by_its_id_in_its_own_log(log: &mut impl EventLog) {
    append(log, "others", 0, batch([10, 1]));
    append(log, "talks", 0, batch([0, 1, 2]));
    let mut look = |_: &talks::log::Head, reader: &dyn Reader| {
        let found = [0, 1, 2, 3, 10].map(|id| reader.version_of(entry(id).id));
        assert_eq!(found, [Ok(Some(1)), Ok(Some(2)), Ok(Some(3)), Ok(None), Ok(None)]);
        Ok(())
    };
    log.look("talks", &mut look).expect("the log can be read");
}

fn a_row_stands_until_it_is_replaced_or_dropped(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0]));
    let changes = [put(Sort::Life, "b", 1, "x"), put(Sort::Life, "a", 2, "y"), put(Sort::Life, "a", -1, "z")];
    assert_eq!(log.derive("talks", 1, &changes), Ok(true));
    assert_eq!(rows(log, "talks", Sort::Life), ["a -1 z", "a 2 y", "b 1 x"]);
    assert!(rows(log, "talks", Sort::Place).is_empty());
    let changes = [put(Sort::Life, "a", 2, "new"), Derive::Drop(Sort::Life, "b".into(), 1)];
    assert_eq!(log.derive("talks", 1, &changes), Ok(true));
    assert_eq!(rows(log, "talks", Sort::Life), ["a -1 z", "a 2 new"]);
    let mut look = |_: &talks::log::Head, reader: &dyn Reader| {
        assert_eq!(reader.derived_one(Sort::Life, "a", 2)?.as_deref(), Some(&b"new"[..]));
        assert_eq!(reader.derived_one(Sort::Life, "b", 1)?, None);
        Ok(())
    };
    log.look("talks", &mut look).expect("the log can be read");
}

fn rows_are_read_and_dropped_from_a_name_on(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0]));
    let changes = ["a", "b", "c", "d"].map(|name| put(Sort::Snapshot, name, 0, name));
    assert_eq!(log.derive("talks", 1, &changes), Ok(true));
    let mut names = String::new();
    let mut two = |row: Row| {
        names.push_str(&row.name);
        names.len() < 2
    };
    log.look("talks", &mut |_, reader| reader.derived(Sort::Snapshot, "b", &mut two)).expect("a log");
    assert_eq!(names, "bc");
    assert_eq!(log.derive("talks", 1, &[Derive::DropFrom(Sort::Snapshot, "c".into())]), Ok(true));
    assert_eq!(rows(log, "talks", Sort::Snapshot), ["a 0 a", "b 0 b"]);
}

fn rows_move_with_their_append_or_not_at_all(log: &mut impl EventLog) {
    let with = |ids: Vec<u64>, said| {
        let entries = ids.into_iter().map(entry).collect();
        Batch { entries, derive: vec![put(Sort::Top, "top", 0, said)], ..Batch::default() }
    };
    append(log, "talks", 0, with(vec![0], "first"));
    assert_eq!(rows(log, "talks", Sort::Top), ["top 0 first"]);
    let twice = log.append("talks", None, at(0), &mut |_, _| Ok::<_, Stop<()>>(with(vec![1, 1], "second")));
    assert!(twice.is_err(), "an id stands twice");
    assert_eq!(rows(log, "talks", Sort::Top), ["top 0 first"]);
}

fn rows_are_changed_only_as_long_as_the_log_stands_where_it_did(log: &mut impl EventLog) {
    append(log, "talks", 0, batch([0, 1]));
    for version in [0, 1, 3] {
        assert_eq!(log.derive("talks", version, &[put(Sort::Top, "top", 0, "stale")]), Ok(false));
    }
    assert!(rows(log, "talks", Sort::Top).is_empty());
}

fn clearing_leaves_the_rows_of_another_log(log: &mut impl EventLog) {
    for (slug, id) in [("north", 0), ("south", 1)] {
        append(log, slug, 0, batch([id]));
        log.derive(slug, 1, &[put(Sort::Place, "p", 1, slug)]).expect("a row");
    }
    log.derive("north", 1, &[Derive::Clear]).expect("nothing is left");
    assert!(rows(log, "north", Sort::Place).is_empty());
    assert_eq!(rows(log, "south", Sort::Place), ["p 1 south"]);
}
