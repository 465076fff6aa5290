//! Two ways in, one outcome: what is decided from the rows beside a log is what the whole log decides.
//!
//! Each batch goes into two stores. One has its rows; from the other they are taken first, so that the log is read. Then the records,
//! byte for byte, the receipt or the refusal, and the rows of both are the same, and the first store verifies.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::Value as Cellular;
use uuid::Uuid;

use super::*;
use talks::app::{Desk, Drafts, Env, Ledger, Manner, Progress, Random, Step, Store, read_drafts};

const SLUG: &str = "ways";

/// A store, and how often its log was read for an append.
struct Shop {
    store: Store,
    file: PathBuf,
    readings: Arc<AtomicU64>,
}

/// Two stores that are given the same.
struct Twins {
    kept: Shop,
    bare: Shop,
    /// How many ids were given.
    given: u128,
    /// How many batches were decided without the log.
    ordinary: u64,
}

/// A batch: its drafts, the time of day, and how it is taken.
struct Batch<'a> {
    drafts: &'a [Value],
    now: Instant,
    manner: Manner,
}

impl Shop {
    fn new(name: &str) -> Shop {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{name}-{}-{}.db", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        // A run that was broken off may have left one.
        let _ = std::fs::remove_file(&file);
        let readings = Arc::new(AtomicU64::new(0));
        let counted = readings.clone();
        let count = move |step: Step| {
            counted.fetch_add(u64::from(step.doing == "reading"), Ordering::Relaxed);
        };
        let store = Store::create(&file).expect("a store").telling(Progress::to(count));
        Shop { store, file, readings }
    }

    /// What an append says: the receipt or the trouble, in full.
    fn append(&mut self, drafts: &Drafts, batch: &Batch<'_>) -> String {
        thread_local!(static THROWN: Cell<u64> = const { Cell::new(0) });
        THROWN.set(0);
        let random = Random(|bytes| {
            bytes.fill_with(|| {
                THROWN.set(THROWN.get() + 1);
                (THROWN.get().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8
            });
            Ok(())
        });
        let (store, slug, env) = (&mut self.store, SLUG.to_string(), Env { now: batch.now });
        let manner = batch.manner.clone();
        let mut desk = Desk { store, slug, env, random, expect: None, dry_run: false, manner };
        desk.add(&drafts.drafts).map_or_else(|trouble| format!("{trouble:?}"), |receipt| json!(receipt).to_string())
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Cellular>> {
        let store = rusqlite::Connection::open(&self.file).expect("the store opens");
        let mut statement = store.prepare(sql).expect("a query");
        let width = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        statement.query_map((), row).expect("rows").collect::<Result<_, _>>().expect("rows that read")
    }

    fn records(&self) -> Vec<Vec<Cellular>> {
        self.rows("SELECT * FROM events ORDER BY pos")
    }

    /// What is derived and has to be there; snapshots need not.
    fn derived(&self) -> Vec<Vec<Cellular>> {
        self.rows("SELECT sort, name, key, blob FROM cache_rows ORDER BY sort, name, key")
    }

    fn holds(&self) -> bool {
        let verified = self.store.check(None, &Ledger::default()).expect("the store reads");
        verified.holds() && verified.logs.iter().all(|log| log.derived == Some(true))
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
        }
    }
}

impl Twins {
    fn new() -> Twins {
        Twins { kept: Shop::new("kept-way"), bare: Shop::new("full-way"), given: 0, ordinary: 0 }
    }

    /// Gives both the same batch, and says where they differ.
    fn append(&mut self, batch: &Batch<'_>) -> Result<String, String> {
        let lines: Vec<String> = batch.drafts.iter().map(Value::to_string).collect();
        let mut read = read_drafts(lines.join("\n").as_bytes(), "drafts").map_err(|trouble| format!("{trouble:?}"))?;
        if !batch.manner.ids_of_lines {
            for draft in &mut read.drafts {
                self.given += 1;
                draft.record.envelope.id.get_or_insert(Uuid::from_u128(self.given));
            }
        }
        self.bare.bare();
        let before = self.kept.readings.load(Ordering::Relaxed);
        let (one, other) = (self.kept.append(&read, batch), self.bare.append(&read, batch));
        self.ordinary += u64::from(self.kept.readings.load(Ordering::Relaxed) == before);
        let differ = self.differences((&one, &other));
        differ.map_or(Ok(one), |what| Err(format!("{what} after {lines:#?}")))
    }

    fn differences(&self, (one, other): (&str, &str)) -> Option<String> {
        if one != other {
            return Some(format!("receipts:\n{one}\n{other}\n"));
        }
        if self.kept.records() != self.bare.records() {
            return Some("records".into());
        }
        let (kept, bare) = (self.kept.derived(), self.bare.derived());
        if bare.is_empty() {
            return None; // nothing was stored, and so nothing derived anew
        }
        let odd = kept.iter().find(|row| !bare.contains(row)).or_else(|| bare.iter().find(|row| !kept.contains(row)));
        let told = |rows: &[Vec<Cellular>], odd: &[Cellular]| {
            rows.iter().find(|row| row[..3] == odd[..3]).map(|row| readable(&row[3])).unwrap_or_default()
        };
        odd.map(|row| format!("row {:?}:\n{}\n{}\n", &row[..3], told(&kept, row), told(&bare, row)))
    }
}

impl Shop {
    /// Takes the rows away.
    fn bare(&self) {
        let store = rusqlite::Connection::open(&self.file).expect("the store opens");
        // There is no table before the first append.
        let _ = store.execute_batch("DELETE FROM cache_rows; DELETE FROM cache_snapshots");
    }
}

/// A row as people can read it, as far as that goes.
fn readable(blob: &Cellular) -> String {
    let Cellular::Blob(bytes) = blob else { return format!("{blob:?}") };
    rmp_serde::from_slice::<Value>(bytes).map_or_else(|_| format!("{bytes:?}"), |value| value.to_string())
}

/// The drafts of a log with days that go on and on, but for some of them; what has no date stays without.
fn in_order_of_days(log: &Log, odd: &[bool]) -> Vec<Value> {
    let mut drafts: Vec<Value> = log.0.iter().map(|entry| entry.draft.clone()).collect();
    for (i, draft) in drafts.iter_mut().enumerate().skip(1) {
        let is_odd = odd.get(i).copied().unwrap_or_default();
        if draft.get("occurred").is_some() && !is_odd {
            let day = 30 + i / 3;
            draft["occurred"] = format!("2023-{}-{:02}", 10 + day / 30, day % 30 + 1).into();
        }
    }
    drafts
}

fn the_two_ways_agree(drafts: &[Value], cuts: &[usize], now: &[Instant], manner: &Manner) -> TestCaseResult {
    let (mut twins, mut rest) = (Twins::new(), drafts);
    for (i, cut) in cuts.iter().enumerate() {
        let (batch, later) = rest.split_at((*cut).max(if i == 0 { 3 } else { 1 }).min(rest.len()));
        rest = later;
        if batch.is_empty() {
            break;
        }
        let batch = Batch { drafts: batch, now: now[i % now.len()], manner: manner.clone() };
        twins.append(&batch).map_err(TestCaseError::fail)?;
    }
    if !twins.kept.records().is_empty() {
        prop_assert!(twins.kept.holds(), "the kept rows are not those of the log");
    }
    Ok(())
}

/// The last of the days that the logs are about is long over.
const LATER: Instant = Instant(1_900_000_000);

fn manners() -> impl Strategy<Value = Manner> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(force, again, ids_of_lines)| Manner {
        force,
        again,
        ids_of_lines,
        ..Manner::default()
    })
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_batch_at_the_end_is_decided_alike_with_and_without_the_log(
        log in logs(TAME), cuts in vec(1..3usize, 30), odd in vec(proptest::bool::weighted(0.15), 30), manner in manners(),
    ) {
        the_two_ways_agree(&in_order_of_days(&log, &odd), &cuts, &[LATER], &manner)?;
    }

    #[test]
    fn a_batch_of_any_day_is_decided_alike_with_and_without_the_log(
        log in logs(TAME), cuts in vec(1..4usize, 30), day in 0..60i64, manner in manners(),
    ) {
        let drafts: Vec<Value> = log.0.iter().map(|entry| entry.draft.clone()).collect();
        the_two_ways_agree(&drafts, &cuts, &[LATER], &manner)?;
        the_two_ways_agree(&drafts, &cuts, &[Instant(STAMPS_FROM + day * 86_400)], &manner)?;
    }
}

/// The drafts of a log that ships.
fn shipped(name: &str) -> Vec<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("events/{name}.jsonl"));
    let text = std::fs::read_to_string(file).expect("the log reads");
    text.lines().map(|line| serde_json::from_str(line).expect("a draft a line")).collect()
}

/// The opening with the sources that it cites, then each event by itself.
#[track_caller]
fn one_by_one(name: &str, ordinary_at_least: u64) {
    let (drafts, mut twins) = (shipped(name), Twins::new());
    let is_source = |draft: &&Value| draft["kind"] == "source.registered";
    let begun = 1 + drafts.iter().skip(1).take_while(is_source).count();
    let batches = std::iter::once(&drafts[..begun]).chain(drafts[begun..].chunks(1));
    for (i, drafts) in batches.enumerate() {
        let batch = Batch { drafts, now: LATER, manner: Manner { again: true, ..Manner::default() } };
        let said = twins.append(&batch).unwrap_or_else(|what| panic!("event {}: {what}", begun + i));
        assert_eq!(twins.kept.records().len(), begun + i, "{said}");
    }
    assert!(twins.kept.holds());
    let found = twins.ordinary;
    assert!(found >= ordinary_at_least, "only {found} of {} were decided without the log", drafts.len() - begun);
}

#[test]
fn afghanistan_and_pakistan_go_in_alike_with_and_without_the_log() {
    one_by_one("afghanistan-pakistan-2025", 30);
}

#[test]
fn the_strike_of_the_writers_goes_in_alike_with_and_without_the_log() {
    one_by_one("wga-strike-2023", 30);
}

#[test]
fn the_united_states_and_the_taliban_go_in_alike_with_and_without_the_log() {
    one_by_one("us-taliban-2018-2020", 30);
}

#[test]
fn colombia_and_the_farc_go_in_alike_with_and_without_the_log() {
    one_by_one("colombia-farc-2012-2016", 30);
}

/// A draft: its kind, its day if it has one, its data, and its source.
fn draft(kind: &str, day: &str, data: Value, source: &str) -> Value {
    let mut draft = json!({ "kind": kind, "data": data });
    if !day.is_empty() {
        draft["occurred"] = day.into();
    }
    if !source.is_empty() {
        draft["sources"] = json!([{ "source": source }]);
    }
    draft
}

/// A log of two parties and two sources, with these after.
fn begun(more: &[Value]) -> Vec<Value> {
    let party = |name: &str| json!({ "party": name, "name": name, "kind": "state", "role": "party" });
    let opened = json!({ "title": "T", "parties": [party("a"), party("b")] });
    let source = |handle: &str| json!({ "source": handle, "title": handle, "published": "2024-03-01" });
    let head = [
        draft("negotiation.opened", "2023-12-01", opened, ""),
        draft("source.registered", "", source("S1"), ""),
        draft("source.registered", "", source("S2"), ""),
    ];
    head.into_iter().chain(more.iter().cloned()).collect()
}

#[test]
fn what_a_later_event_or_a_check_hangs_on_is_seen_either_way() {
    let world = |kind: &str, day: &str, data: Value| draft(kind, day, data, "S1");
    let statement = |day: &str| world("statement.made", day, json!({ "by": "a", "act": "position", "text": day }));
    let agreed =
        |day: &str| world("agreement.reached", day, json!({ "agreement": "A1", "title": "A", "parties": ["a", "b"] }));
    let opened = world("round.opened", "2024-01-02", json!({ "round": "R1", "place": "Doha" }));
    let paused = world("talks.paused", "2024-01-05", json!({}));
    let resumed = world("talks.resumed", "2024-01-10", json!({}));
    let until = json!({ "with": "A1", "milestone": "reached" });
    let truce = |data: Value| {
        let mut all = json!({ "ceasefire": "C1", "parties": ["a", "b"] });
        data.as_object().into_iter().flatten().for_each(|(name, value)| all[name] = value.clone());
        world("ceasefire.agreed", "2024-01-01", all)
    };
    let alleged =
        |day: &str| world("violation.alleged", day, json!({ "by": "a", "of": "C1", "against": ["b"], "text": day }));
    let set = |day: &str, on: &str| world("round.scheduled", day, json!({ "round": "R1", "for": on }));
    let waived = draft("check.waived", "", json!({ "target": "e4", "check": "never-opened", "reason": "known" }), "");
    let account = draft("account.added", "", json!({ "of": "e5", "stance": "qualifies" }), "S2");
    let cases: &[(&str, Vec<Value>, Vec<Value>)] = &[
        (
            "a pause that a late agreement ends",
            vec![opened.clone(), paused.clone(), resumed.clone()],
            vec![agreed("2024-01-07")],
        ),
        ("the same in one batch", vec![opened, paused], vec![resumed, agreed("2024-01-07")]),
        (
            "a term that a late agreement fills",
            vec![truce(json!({ "until": until })), alleged("2024-01-20")],
            vec![agreed("2024-01-10")],
        ),
        (
            "the same in one batch",
            vec![truce(json!({ "until": until }))],
            vec![alleged("2024-01-20"), agreed("2024-01-10")],
        ),
        (
            "a check that is waived for an old event",
            vec![set("2024-01-02", "2024-01-20"), waived, statement("2024-01-25"), statement("2024-01-25")],
            vec![set("2024-02-01", "2024-02-10")],
        ),
        (
            "an account of an old violation",
            vec![truce(json!({})), alleged("2024-01-03"), account, statement("2024-01-25"), statement("2024-01-26")],
            vec![alleged("2024-01-28")],
        ),
        (
            "a year beside an event without a beginning",
            vec![statement("2024-01-10"), statement("2019-01"), statement("[..2024-01-20]")],
            vec![statement("2024-02-01")],
        ),
        (
            "an erasure that can't be, before a twin",
            vec![statement("2024-01-10")],
            vec![
                draft(
                    "record.erased",
                    "",
                    json!({ "target": "e4", "parts": ["envelope"], "reason": "r", "basis": "b" }),
                    "",
                ),
                statement("2024-01-10"),
            ],
        ),
    ];
    for (name, log, batch) in cases {
        let mut twins = Twins::new();
        let log = begun(log);
        let manner = Manner::default();
        let stored =
            twins.append(&Batch { drafts: &log, now: LATER, manner: Manner { again: true, ..manner.clone() } });
        assert!(twins.kept.records().len() == log.len(), "{name}: {stored:?}");
        twins.append(&Batch { drafts: batch, now: LATER, manner }).unwrap_or_else(|what| panic!("{name}: {what}"));
        assert!(twins.kept.holds(), "{name}");
    }
}
