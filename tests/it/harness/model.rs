//! The store against a model: a list of the drafts that were taken, folded from the start. Whatever is done to the store, in whatever order,
//! with what is kept beside the log dropped at random, it says what the list says.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rusqlite::Connection;
use serde_json::{Value, json};
use talks::app::{
    Asking, Book, Depth, Desk, Env, Ledger, Manner, Question, Random, Receipt, Store, Trouble, read_drafts,
};
use talks::domain::event::Part;
use talks::domain::when::Instant;
use talks::exchange::drafts;
use uuid::Uuid;

use super::{scale, seed};
use crate::survival::{Place, opening};

const ENV: Env = Env { now: Instant(1_900_000_000) };
const SLUG: &str = "talks";
const DAYS: [&str; 3] = ["2025-10-20", "2025-11-05", "2026-06-01"];

/// Something that is done to the store.
#[derive(Clone, Debug)]
enum Deed {
    /// A draft is appended; the day is one of thirty.
    Add(Words, u32),
    /// The n-th draft from the end is sent once more, with its id.
    Repeat(usize),
    /// Another draft is sent with the id of the n-th from the end.
    Misuse(usize),
    /// A draft is appended by someone who expects so many versions fewer.
    Expect(u64),
    /// What is kept beside the log is dropped: the table, or all its rows.
    Drop(bool),
    Rebuild,
    Reopen,
}

/// What a draft says; numbers count from the end of what there is.
#[derive(Clone, Debug)]
enum Words {
    Demand,
    Statement,
    Withdraw(usize),
    Correct(usize),
    Redate(usize, u32),
    Retract(usize),
    Erase(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let back = 0..6usize;
    let words = prop_oneof![
        4 => Just(Words::Demand),
        2 => Just(Words::Statement),
        3 => back.clone().prop_map(Words::Withdraw),
        2 => back.clone().prop_map(Words::Correct),
        1 => (back.clone(), 0..30u32).prop_map(|(back, day)| Words::Redate(back, day)),
        1 => back.clone().prop_map(Words::Retract),
        1 => back.clone().prop_map(Words::Erase),
    ];
    prop_oneof![
        12 => (words, 0..30u32).prop_map(|(words, day)| Deed::Add(words, day)),
        2 => back.clone().prop_map(Deed::Repeat),
        1 => back.prop_map(Deed::Misuse),
        1 => (0..3u64).prop_map(Deed::Expect),
        3 => any::<bool>().prop_map(Deed::Drop),
        1 => Just(Deed::Rebuild),
        1 => Just(Deed::Reopen),
    ]
}

/// A store, and the drafts that it took.
struct Model {
    place: Place,
    store: Store,
    taken: Vec<Value>,
    demands: usize,
    /// The places in the list whose data was erased.
    erased: Vec<usize>,
    receipts: Vec<u8>,
    next: u64,
}

impl Model {
    fn new() -> Model {
        let place = Place::new("model");
        let store = Store::create(&place.path("talks.db")).expect("a store");
        let mut model =
            Model { place, store, taken: Vec::new(), demands: 0, erased: Vec::new(), receipts: Vec::new(), next: 0 };
        model.take(opening()).expect("the opening is taken");
        model
    }

    fn send(&mut self, draft: &Value, expect: Option<u64>) -> Result<Receipt, Trouble> {
        let drafts = read_drafts(draft.to_string().as_bytes(), "model")?.drafts;
        let random = Random(|bytes| {
            bytes.fill(7);
            Ok(())
        });
        let manner = Manner { again: true, ..Manner::default() };
        let slug = SLUG.to_string();
        Desk { store: &mut self.store, slug, env: ENV, random, expect, dry_run: false, manner }.add(&drafts)
    }

    /// Sends a new draft; the list has it if the store says so.
    fn take(&mut self, mut draft: Value) -> Result<(), Trouble> {
        self.next += 1;
        draft["id"] = json!(Uuid::from_u64_pair(9, self.next));
        let receipt = self.send(&draft, None)?;
        self.demands += usize::from(draft["kind"] == "demand.raised");
        if draft["kind"] == "record.erased" {
            let target = draft["data"]["target"].as_str().and_then(|event| event[1..].parse::<usize>().ok());
            self.erased.extend(target.map(|version| version - 1));
        }
        self.receipts.extend(json!(receipt).to_string().into_bytes());
        self.taken.push(draft);
        Ok(())
    }

    fn back(&self, back: usize) -> usize {
        self.taken.len().saturating_sub(back + 1)
    }

    fn draft(&self, words: &Words, day: u32) -> Value {
        let occurred = format!("2025-10-{:02}", day + 1);
        let event = |back: usize| format!("e{}", self.back(back) + 1);
        let said = format!("said {}", self.next);
        let (kind, data) = match words {
            Words::Demand => ("demand.raised", json!({ "by": "north", "of": "south", "text": said })),
            Words::Statement => ("statement.made", json!({ "by": "north", "act": "position", "text": said })),
            Words::Withdraw(back) => {
                ("demand.withdrawn", json!({ "demand": format!("D{}", self.demands.saturating_sub(*back).max(1)) }))
            }
            Words::Correct(back) => ("event.corrected", correction(&event(*back), json!({ "data": { "text": said } }))),
            Words::Redate(back, day) => {
                let patch = json!({ "occurred": format!("2025-11-{:02}", day + 1) });
                ("event.corrected", correction(&event(*back), patch))
            }
            Words::Retract(back) => ("event.retracted", json!({ "target": event(*back), "reason": "a slip" })),
            Words::Erase(back) => {
                let parts = ["data"];
                ("record.erased", json!({ "target": event(*back), "parts": parts, "reason": "r", "basis": "b" }))
            }
        };
        let mut draft = json!({ "kind": kind, "data": data });
        if !kind.starts_with("event.") && !kind.starts_with("record.") {
            draft["occurred"] = json!(occurred);
        }
        draft
    }

    fn does(&mut self, deed: &Deed) -> Result<(), String> {
        match deed {
            // What is refused is refused, and must have changed nothing.
            Deed::Add(words, day) => drop(self.take(self.draft(words, *day))),
            Deed::Repeat(back) => {
                let (at, draft) = (self.back(*back), self.taken[self.back(*back)].clone());
                let receipt =
                    self.send(&draft, None).map_err(|trouble| format!("a repetition is refused: {trouble:?}"));
                // What was erased can't be compared any more.
                if let Ok(receipt) = receipt {
                    let event = receipt.already.first().map(|known| known.event.0);
                    if !receipt.events.is_empty() || event != Some(at as u64 + 1) {
                        return Err(format!("a repetition of e{} is {receipt:?}", at + 1));
                    }
                }
            }
            Deed::Misuse(back) => {
                let mut draft = self.draft(&Words::Statement, 5);
                draft["id"] = self.taken[self.back(*back)]["id"].clone();
                draft["data"]["text"] = json!("something else");
                if let Ok(receipt) = self.send(&draft, None) {
                    return receipt.events.is_empty().then_some(()).ok_or("an id was taken twice".into());
                }
            }
            Deed::Expect(fewer) => {
                let stands = self.taken.len() as u64;
                let mut draft = self.draft(&Words::Statement, 5);
                draft["id"] = json!(Uuid::from_u64_pair(8, self.next));
                if *fewer > 0 && self.send(&draft, Some(stands - fewer.min(&stands))).is_ok() {
                    return Err("it was taken by a log that had moved on".into());
                }
            }
            Deed::Drop(table) => {
                let store = Connection::open(self.place.path("talks.db")).map_err(|error| error.to_string())?;
                // Rows go whole: what is left of them would be believed, as `docs/format.md` says of tables and not of rows.
                let is_there = "SELECT count(*) FROM sqlite_schema WHERE name = 'cache_rows'";
                let is_there =
                    store.query_row(is_there, (), |row| row.get::<_, i64>(0)).map_err(|error| error.to_string())?;
                let sql = if *table { "DROP TABLE" } else { "DELETE FROM" };
                if is_there == 1 {
                    store.execute_batch(&format!("{sql} cache_rows")).map_err(|error| error.to_string())?;
                }
            }
            Deed::Rebuild => drop(self.store.rebuild(SLUG).map_err(|trouble| trouble.what)?),
            Deed::Reopen => {
                self.store = Store::open_to_write(&self.place.path("talks.db")).map_err(|trouble| trouble.what)?;
            }
        }
        Ok(())
    }

    /// That the store says what the list says.
    fn agrees(&self) -> Result<(), String> {
        let lines: Vec<String> = self.taken.iter().map(Value::to_string).collect();
        let (mut records, _) = drafts::read(lines.join("\n").as_bytes());
        let kept = self.store.book(SLUG).map_err(|trouble| trouble.what)?;
        for at in &self.erased {
            // An erasure leaves the envelope, which knows the handle; a draft that was erased would not.
            records[*at].envelope.seal = kept.records.get(*at).and_then(|record| record.envelope.seal.clone());
            records[*at].erase(Part::Data);
        }
        let listed = Book::of_drafts(SLUG, records);
        if listed.records.len() != kept.records.len() {
            return Err(format!("the list has {} records, the store {}", listed.records.len(), kept.records.len()));
        }
        for day in DAYS {
            let question = Question { as_of: Some(day.into()), ..Question::default() };
            let folded = |book: &Book| {
                let asking = Asking::new(book, &question, &ENV).expect("the day reads");
                json!(asking.answer(talks::view::status(&asking.asked())))["data"].take()
            };
            let from_list = folded(&listed);
            if folded(&kept) != from_list {
                return Err(format!("on {day} the log says {}, the list {from_list}", folded(&kept)));
            }
            if let Some(asking) =
                self.store.asking(SLUG, &question, Depth::Whole, &ENV).map_err(|trouble| trouble.what)?
            {
                let rows = json!(asking.answer(talks::view::status(&asking.asked())))["data"].take();
                if rows != from_list {
                    return Err(format!("on {day} the kept rows say {rows}, the list {from_list}"));
                }
            }
        }
        let sent = self.taken.iter().filter_map(|draft| draft["id"].as_str()?.parse().ok());
        let ledger = Ledger::read(&self.receipts, "receipts").map_err(|trouble| trouble.what)?.with_sent(sent);
        let verified = self.store.check(None, &ledger).map_err(|trouble| trouble.what)?;
        if verified.holds() { Ok(()) } else { Err(format!("{verified:?}")) }
    }
}

fn correction(target: &str, patch: Value) -> Value {
    json!({ "target": target, "patch": patch, "basis": "transcription", "reason": "a slip" })
}

#[test]
fn the_store_says_what_a_list_of_what_it_took_says() {
    let cases = u32::try_from(16 * scale()).unwrap_or(u32::MAX);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut bytes = [5; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let tried = runner.run(&prop::collection::vec(deed(), 1..24), |deeds| {
        let mut model = Model::new();
        for deed in &deeds {
            let done = model.does(deed).and_then(|()| model.agrees());
            prop_assert!(done.is_ok(), "after {deed:?}: {done:?}");
        }
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("HARNESS_SEED={}: {failure}", seed()));
}
