//! The contract of a log, written once and kept by every backend: in memory and in a file.

mod appending;
mod derived;
mod properties;
mod receiving;
mod sqlite;

use serde_json::json;
use talks::domain::when::Instant;
use talks::log::{Batch, Broken, Entry, Erase, EventLog, Fault, Head, PARTS, Sealed, Stop, Tree, leaf};
use uuid::Uuid;

/// Runs functions that are generic over the backend on each of them.
macro_rules! on_every_backend {
    ($($name:ident)*) => {
        mod in_memory {
            $(#[test] fn $name() { super::$name(&mut talks::log::MemoryLog::default()); })*
        }
        mod in_a_file {
            $(#[test] fn $name() { super::$name(&mut crate::log::store(concat!("log/", stringify!($name)))); })*
        }
    };
}
use on_every_backend;

/// An empty store in a folder of its own.
#[track_caller]
fn store(name: &str) -> talks::log::SqliteLog {
    talks::log::SqliteLog::create(&crate::folder::fresh(name).join("talks.db")).expect("a new store")
}

/// A second after the first stamp, and so on.
fn at(second: i64) -> Instant {
    Instant(1_800_000_000 + second)
}

/// An entry with that id; the same number, the same entry.
fn entry(id: u64) -> Entry {
    let salt = |part: u8| [part + 1; 16].map(|byte: u8| byte.wrapping_add(id as u8));
    Entry {
        id: Uuid::from_u64_pair(7, id),
        kind: "statement.made".into(),
        schema: 1,
        occurred: Some("2025-10-19".into()),
        recorder: id.is_multiple_of(2).then(|| "ann".into()),
        reported: None,
        defines: format!("D{}", id + 1).parse().ok(),
        parts: [json!({ "text": format!("said {id}") }).to_string().into(), "".into(), "[]".into()],
        salts: [0, 1, 2].map(salt),
    }
}

/// The entry that says what is erased.
fn erasing(id: u64) -> Entry {
    Entry { kind: "record.erased".into(), ..entry(id) }
}

fn batch<const N: usize>(ids: [u64; N]) -> Batch {
    Batch { entries: ids.map(entry).into(), ..Batch::default() }
}

/// What takes parts away, and says so, as that version.
fn erasure(id: u64, by: u64, parts: Vec<(u64, usize)>) -> Batch {
    let erase = parts.into_iter().map(|(version, part)| Erase { by, version, part }).collect();
    Batch { entries: vec![erasing(id)], erase, ..Batch::default() }
}

/// Appends, whatever stands there.
#[track_caller]
fn append(log: &mut impl EventLog, slug: &str, second: i64, batch: Batch) -> Vec<Sealed> {
    tried(log, slug, None, second, batch).expect("it is stored").records
}

fn tried(
    log: &mut impl EventLog,
    slug: &str,
    expect: Option<u64>,
    second: i64,
    batch: Batch,
) -> Result<talks::log::Appended, Stop<&'static str>> {
    log.append(slug, expect, at(second), &mut |_, _| Ok(batch.clone()))
}

/// Everything that a log hands out with its proofs.
#[track_caller]
fn sealed(log: &impl EventLog, slug: &str) -> Vec<Sealed> {
    let mut records = Vec::new();
    log.sealed(slug, &mut |record| records.push(record.expect("a whole record"))).expect("the log can be read");
    records
}

/// The versions that are read after one.
#[track_caller]
fn versions(log: &impl EventLog, slug: &str, after: u64) -> Vec<u64> {
    let mut versions = Vec::new();
    log.read(slug, after, &mut |stored| versions.push(stored.header.version)).expect("the log can be read");
    versions
}

/// That a log has so many records, that each stands where it should, and that every root is the one of the leaves before it.
#[track_caller]
fn holds(log: &impl EventLog, slug: &str, count: u64) {
    let records = sealed(log, slug);
    let (mut tree, mut taken) = (Tree::default(), Head::empty());
    for (record, version) in records.iter().zip(1..) {
        tree.push(leaf(&record.bytes));
        assert_eq!((record.header.version, record.root), (version, tree.root()));
        taken.take(record).expect("it follows the one before it");
    }
    assert_eq!(records.len() as u64, count, "records of {slug}");
    assert_eq!(log.head(slug), Ok(taken), "where {slug} stands");
    assert_eq!(versions(log, slug, 0), (1..=count).collect::<Vec<_>>());
}

/// That nothing is there.
#[track_caller]
fn is_empty(log: &impl EventLog, slug: &str) {
    assert_eq!(log.head(slug), Ok(Head::empty()));
    assert_eq!(log.read(slug, 0, &mut |_| {}), Err(Fault::NoLog(slug.into())));
    assert_eq!(log.sealed(slug, &mut |_| {}), Err(Fault::NoLog(slug.into())));
}

/// The version that does not hold.
#[track_caller]
fn broken<T: std::fmt::Debug>(done: Result<T, Fault>) -> u64 {
    match done.expect_err("it is refused") {
        Fault::Broken(Broken { version, .. }) => version,
        other => panic!("no record is named: {other:?}"),
    }
}
