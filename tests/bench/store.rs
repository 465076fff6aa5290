//! How fast a store takes events and gives them back, beside SQLite itself with the same bytes and the same settings.
//!
//! `cargo bench --bench store` measures, in one run: single appends, each durable before the next begins, on a log of 1 000 and on one
//! of 100 000; then on 50 lives and on 50 000, each in a process of its own with its peak of memory: an import of 100 000 drafts, the
//! bytes on disk, the replay of 1 000 000 events, and `verify`. `cargo bench --bench store -- 20000 200000` takes other sizes for the
//! import and the replay; `-- append 1000 1000000` measures only the appends, on logs of those lengths, and `-- status 1000 100000` how
//! long it takes to be told the state, `-- among 1000` that of one negotiation of that length among a thousand. Raw means: rows of the same bytes, by plain inserts and plain reads. Compare within one run only.

mod append;
mod log;
mod status;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use talks::app::{Desk, Env, Manner, Random, Store, read_drafts};
use talks::domain::when::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ENV: Env = Env { now: Instant(1_900_000_000) };
const SLUG: &str = "bench";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [word, what, store, drafts] = &args[..]
        && word == whole::CHILD
    {
        return whole::child(what, Path::new(store), Path::new(drafts));
    }
    let sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    match args.iter().map(String::as_str).find(|arg| ["append", "status", "among"].contains(arg)) {
        Some("among") => sizes.iter().for_each(|size| status::among(&folder, *size)),
        Some("append") => sizes.iter().for_each(|size| append::measure(&folder, *size)),
        Some(_) => sizes.iter().for_each(|size| status::measure(&folder, *size)),
        None => {
            let (imported, replayed) = (sizes.first().unwrap_or(&100_000), sizes.get(1).unwrap_or(&1_000_000));
            [1_000, *imported].iter().for_each(|size| append::measure(&folder, *size));
            [50, 50_000].iter().for_each(|lives| whole::measure(&folder, *lives, *imported, *replayed));
        }
    }
    fs::remove_dir_all(&folder).expect("the folder goes");
}

fn import(store: &mut Store, drafts: &str) {
    import_as(store, SLUG, drafts);
}

fn import_as(store: &mut Store, slug: &str, drafts: &str) {
    let read = read_drafts(drafts.as_bytes(), slug).expect("the drafts read");
    let manner = Manner { ids_of_lines: true, ..Manner::default() };
    let random = Random(|bytes| getrandom::fill(bytes).map_err(|error| error.to_string()));
    let (slug, expect, dry_run) = (slug.to_string(), None, false);
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
