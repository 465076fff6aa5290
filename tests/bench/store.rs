//! How fast a store takes events and gives them back, beside SQLite itself with the same bytes and the same settings.
//!
//! `cargo bench --bench store` measures, in one run: single appends, each durable before the next begins, on a log of 1 000; then on
//! 50 lives and on 50 000, each in a process of its own with its peak of memory: an import of 100 000 drafts, the bytes on disk, the
//! replay of 1 000 000 events, and `verify`. `cargo bench --bench store -- 20000 200000` takes other sizes for the import and the
//! replay. Raw means: rows of the same bytes, by plain inserts and plain reads. Compare within one run only.

mod log;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant as Clock;

use rusqlite::{Connection, params};
use talks::app::{Desk, Env, Manner, Random, Store, read_drafts};
use talks::domain::when::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENV: Env = Env { now: Instant(1_900_000_000) };
const SLUG: &str = "bench";
const SINGLE: usize = 300;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [word, what, store, drafts] = &args[..]
        && word == whole::CHILD
    {
        return whole::child(what, Path::new(store), Path::new(drafts));
    }
    let mut sizes = args.iter().filter_map(|arg| arg.parse().ok());
    let (imported, replayed) = (sizes.next().unwrap_or(100_000), sizes.next().unwrap_or(1_000_000));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    single(&folder);
    for lives in [50, 50_000] {
        whole::measure(&folder, lives, imported, replayed);
    }
    fs::remove_dir_all(&folder).expect("the folder goes");
}

/// One event at a time, each durable before the next begins.
fn single(folder: &Path) {
    println!("{SINGLE} single appends to a log of 1 000");
    let mut store = Store::create(&folder.join("single.db")).expect("a store");
    import(&mut store, &log::drafts(1_000, 50));
    let draft = |i: usize| {
        format!(
            r#"{{"kind":"statement.made","occurred":"2031-01-01","data":{{"by":"a","act":"position","text":"No, for the {i}th time"}}}}"#
        )
    };
    let taken = report("durable appends", SINGLE, || (0..SINGLE).for_each(|i| import(&mut store, &draft(i))));
    let rows = rows(&folder.join("single.db"), 1_000);
    let mut raw = Raw::new(&folder.join("single-raw.db"));
    let raw = report("raw inserts of the same bytes, a commit each", SINGLE, || raw.one_by_one(&rows));
    println!("  {:.2} of raw\n", raw / taken);
}

fn report(stage: &str, size: usize, run: impl FnOnce()) -> f64 {
    let start = Clock::now();
    run();
    let taken = start.elapsed().as_secs_f64();
    println!("  {:>12.0} events/s  {stage}", size as f64 / taken);
    taken
}

fn import(store: &mut Store, drafts: &str) {
    let read = read_drafts(drafts.as_bytes(), SLUG).expect("the drafts read");
    let manner = Manner { ids_of_lines: true, ..Manner::default() };
    let random = Random(|bytes| getrandom::fill(bytes).map_err(|error| error.to_string()));
    let (slug, expect, dry_run) = (SLUG.to_string(), None, false);
    let mut desk = Desk { store, slug, env: ENV, random, expect, dry_run, manner };
    desk.add(&read.drafts).expect("the drafts fit");
}

/// What the store holds of each event after a version: the bytes of its columns.
fn rows(file: &Path, after: i64) -> Vec<(Vec<u8>, String, Vec<u8>)> {
    let store = Connection::open(file).expect("the store");
    let sql = "SELECT id, kind || coalesce(occurred, '') || coalesce(reported, '') || coalesce(recorder, '') || coalesce(defines, '') \
        || data || context || sources, CAST(root || salts || envelope AS BLOB) FROM events WHERE pos & 1099511627775 > ?1";
    let mut statement = store.prepare(sql).expect("a query");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let rows = statement.query_map([after], row).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows that read")
}

/// SQLite without anything of ours, at the same settings.
struct Raw(Connection);

impl Raw {
    fn new(file: &Path) -> Raw {
        let raw = Connection::open(file).expect("a file");
        let mode: String = raw.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0)).expect("a mode");
        assert_eq!(mode, "wal");
        raw.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE events (pos INTEGER PRIMARY KEY, id BLOB UNIQUE, parts TEXT, rest BLOB)")
            .expect("a table");
        Raw(raw)
    }

    fn one_by_one(&mut self, rows: &[(Vec<u8>, String, Vec<u8>)]) {
        for row in rows {
            self.at_once(std::slice::from_ref(row));
        }
    }

    fn at_once(&mut self, rows: &[(Vec<u8>, String, Vec<u8>)]) {
        let transaction = self.0.transaction().expect("a transaction");
        let sql = "INSERT INTO events (id, parts, rest) VALUES (?1, ?2, ?3)";
        for (id, parts, rest) in rows {
            transaction.prepare_cached(sql).expect("an insert").execute(params![id, parts, rest]).expect("a row");
        }
        transaction.commit().expect("a commit");
    }
}
