//! How fast a store takes events and gives them back, beside SQLite itself with the same bytes and the same settings.
//!
//! `cargo bench --bench store` measures, in one run: single appends, each durable before the next begins, on a log of 1 000; an import
//! of 100 000 drafts; reading and folding them; the state as it is asked for; the bytes on disk. `cargo bench --bench store -- 20000`
//! takes another size for the import. Raw means: rows of the same bytes, by plain inserts. Compare within one run only.

mod log;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant as Clock;

use rusqlite::{Connection, params};
use talks::app::{Asking, Desk, Env, Manner, Question, Random, Store, read_drafts};
use talks::domain::when::Instant;

const ENV: Env = Env { now: Instant(1_900_000_000) };
const SLUG: &str = "bench";
const SINGLE: usize = 300;

fn main() {
    let size = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(100_000);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    single(&folder);
    whole(&folder, size);
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

/// All at once, and what it is like to have them.
fn whole(folder: &Path, size: usize) {
    let text = log::drafts(size, 50);
    println!("{size} events on 50 lives, {} bytes an event as drafts", text.len() / size);
    let file = folder.join("whole.db");
    let mut store = Store::create(&file).expect("a store");
    let taken = report("import, one decision, durable", size, || import(&mut store, &text));
    let rows = rows(&file, 0);
    let mut raw = Raw::new(&folder.join("whole-raw.db"));
    let raw = report("raw inserts of the same bytes, one commit", size, || raw.at_once(&rows));
    println!("  {:.2} of raw", raw / taken);
    report("read the whole log, typed", size, || drop(store.book(SLUG)));
    let question = Question { as_of: Some("2040-01-01".into()), ..Question::default() };
    report("read, order and fold it", size, || {
        let book = store.book(SLUG).expect("the log reads");
        drop(Asking::new(&book, &question, &ENV));
    });
    let asked = Clock::now();
    let kept = store.asking(SLUG, &question, &ENV).expect("the rows read").is_some();
    println!("  {:>12.2} ms  current state from what is kept ({kept})", asked.elapsed().as_secs_f64() * 1e3);
    report("verify", size, || assert!(store.verify(None, None).expect("it reads").holds()));
    let bytes = fs::metadata(&file).expect("the file").len() as usize;
    println!("  {:>12} bytes an event on disk, {:.2} x the drafts", bytes / size, bytes as f64 / text.len() as f64);
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
    let sql =
        "SELECT id, data || context || sources, root || salts || envelope FROM events WHERE pos & 1099511627775 > ?1";
    let mut statement = store.prepare(sql).expect("a query");
    let row = |row: &rusqlite::Row<'_>| {
        let bytes = match row.get_ref(2)? {
            rusqlite::types::ValueRef::Blob(bytes) | rusqlite::types::ValueRef::Text(bytes) => bytes.to_vec(),
            _ => Vec::new(),
        };
        Ok((row.get(0)?, row.get(1)?, bytes))
    };
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
