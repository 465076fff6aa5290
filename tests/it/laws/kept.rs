//! What is kept beside a log answers as the log itself does: after every append the kept rows are those that the whole log gives, and a
//! state read from them, or from a snapshot and what came after it, is the state folded from the start.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use talks::app::{Afterwards, Asking, Depth, Desk, Env, Ledger, Manner, Question, Random, Store, read_drafts};

/// The last of the days that the logs are about is long over.
const ENV: Env = Env { now: Instant(1_900_000_000) };
const SLUG: &str = "kept";

/// A store in a file of its own, gone when it is dropped.
struct Shelf {
    store: Store,
    file: PathBuf,
}

impl Shelf {
    fn new() -> Shelf {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("kept-{}-{}.db", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        // A run that was broken off may have left one.
        let _ = std::fs::remove_file(&file);
        Shelf { store: Store::create(&file).expect("a store"), file }
    }

    /// Appends drafts, also what does not fit; what can't be stored at all is left out.
    fn append(&mut self, drafts: &[Value]) {
        let lines: Vec<String> = drafts.iter().map(Value::to_string).collect();
        let read = read_drafts(lines.join("\n").as_bytes(), "kept").expect("tame drafts read");
        let manner = Manner { again: true, force: true, ..Manner::default() };
        let random = Random(|bytes| {
            bytes.fill_with(|| {
                let thrown = DICE.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                ((thrown ^ thrown >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 56) as u8
            });
            Ok(())
        });
        let (store, slug) = (&mut self.store, SLUG.to_string());
        let mut desk = Desk { store, slug, env: ENV, random, expect: None, dry_run: false, manner };
        // A batch without an opening, or with an id that stands twice, is refused, and that is another test's matter.
        let _ = desk.add(&read.drafts);
    }

    /// The status on a day as the rows tell it, if they can, and as the whole log does.
    fn told(&self, day: &str) -> (Option<Value>, Value) {
        self.asked(day, Depth::Whole, status)
    }

    /// What a glance must tell, as a glance at the rows tells it, if they can, and as the whole log does.
    fn glanced(&self, day: &str) -> (Option<Value>, Value) {
        self.asked(day, Depth::Glance, glance)
    }

    /// The status as it was known by a day, as the rows tell it, if they can, and as the whole log does: of everything, and of a day.
    fn known_by(&self, day: &str, as_of: Option<&str>) -> (Option<Value>, Value) {
        let question = Question { as_of: as_of.map(str::to_owned), known_by: Some(day.into()), ..Question::default() };
        self.answered(&question, Depth::Whole, status)
    }

    fn asked(&self, day: &str, depth: Depth, tell: fn(&Asking<'_>) -> Value) -> (Option<Value>, Value) {
        self.answered(&Question { as_of: Some(day.into()), ..Question::default() }, depth, tell)
    }

    fn answered(&self, question: &Question, depth: Depth, tell: fn(&Asking<'_>) -> Value) -> (Option<Value>, Value) {
        let book = self.store.book(SLUG).expect("the log reads");
        let folded = Asking::new(&book, question, &ENV).expect("the day reads");
        let kept = self.store.asking(SLUG, question, depth, &ENV).expect("the rows read");
        (kept.as_ref().map(tell), tell(&folded))
    }

    fn remember(&self, day: &str) {
        let question = Question { as_of: Some(day.into()), ..Question::default() };
        let book = self.store.book(SLUG).expect("the log reads");
        self.store.remember(SLUG, &Asking::new(&book, &question, &ENV).expect("the day reads"));
    }

    /// Holds what the rows tell of a day of knowledge against what the whole log does; whether they tell anything.
    fn tells_what_was_known(&self, day: &str) -> bool {
        let told = [None, Some(day)].map(|as_of| {
            let (kept, folded) = self.known_by(day, as_of);
            let differing = kept.as_ref().and_then(|kept| first_difference("", kept, &folded));
            assert_eq!(differing, None, "known by {day}, as of {as_of:?}");
            kept.is_some()
        });
        assert_eq!(told[0], told[1], "known by {day}");
        told[0]
    }

    /// How many snapshots there are.
    fn snapshots(&self) -> i64 {
        let sql = "SELECT count(*) FROM cache_snapshots WHERE name <> ''";
        let store = rusqlite::Connection::open(&self.file).expect("the file opens");
        store.query_row(sql, (), |row| row.get(0)).expect("a count")
    }

    /// Whether the kept rows are those that the log gives.
    fn holds(&self) -> bool {
        let verified = self.store.check(None, &Ledger::default()).expect("the store reads");
        verified.holds() && verified.logs.iter().all(|log| log.derived == Some(true))
    }
}

static DICE: AtomicU64 = AtomicU64::new(1);

impl Drop for Shelf {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
        }
    }
}

fn status(asking: &Asking<'_>) -> Value {
    json!(asking.answer(talks::view::status(&asking.asked())))
}

/// The status without what a glance may leave out, and the line on the board.
fn glance(asking: &Asking<'_>) -> Value {
    let mut state = talks::view::status(&asking.asked());
    state.incidents.tolls.clear();
    state.demands.iter_mut().for_each(|line| line.item.earlier_texts.clear());
    let figures = state.incidents.figures;
    json!([asking.answer(state), figures, talks::view::board_line(&asking.asked())])
}

fn days() -> impl Strategy<Value = Vec<String>> {
    vec((0..40u32).prop_map(day_of), 4)
}

fn day_of(day: u32) -> String {
    format!("2023-{}-{:02}", 10 + day / 30, day % 30 + 1)
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn after_any_append_the_kept_rows_are_those_of_the_whole_log(
        log in logs(TAME), cuts in vec(1..9usize, 30), days in days(),
    ) {
        let mut shelf = Shelf::new();
        let mut drafts: &[Entry] = &log.0;
        for cut in cuts {
            let (now, later) = drafts.split_at(cut.max(3).min(drafts.len()));
            drafts = later;
            if now.is_empty() {
                break;
            }
            shelf.append(&now.iter().map(|entry| entry.draft.clone()).collect::<Vec<_>>());
            if shelf.store.negotiations().expect("the store reads").is_empty() {
                continue;
            }
            prop_assert!(shelf.holds(), "after {now:?}");
            for day in days.iter().map(String::as_str).chain(["2025-01-01"]) {
                let (kept, folded) = shelf.told(day);
                let differing = kept.and_then(|kept| first_difference("", &kept, &folded));
                prop_assert_eq!(differing, None, "on {} after {:?}", day, now);
                let (glanced, folded) = shelf.glanced(day);
                let differing = glanced.and_then(|glanced| first_difference("", &glanced, &folded));
                prop_assert_eq!(differing, None, "at a glance on {} after {:?}", day, now);
            }
            for day in (0..40).step_by(3).map(day_of).chain(["2025-01-01".into()]) {
                for as_of in [None, Some(&*day)] {
                    let (kept, folded) = shelf.known_by(&day, as_of);
                    let differing = kept.and_then(|kept| first_difference("", &kept, &folded));
                    prop_assert_eq!(differing, None, "known by {}, as of {:?}, after {:?}", day, as_of, now);
                }
            }
        }
    }
}

/// Where two values first differ, and how.
fn first_difference(path: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(name, value)| first_difference(&format!("{path}.{name}"), value, b.get(name)?))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(at, (one, other))| first_difference(&format!("{path}[{at}]"), one, other))
        }
        _ => (one != other).then(|| format!("{path}: {one:.200} against {other:.200}")),
    }
}

/// A log long enough for snapshots: demands raised, reworded and answered, incidents, claims and denials over two years.
fn long_log(events: usize) -> Vec<Value> {
    let party = |slug: &str| json!({"party":slug,"name":slug,"kind":"state","role":"party"});
    let mut drafts = vec![
        json!({"kind":"negotiation.opened","occurred":"2022-01-01","data":{"title":"Long","parties":[party("p"),party("q")]}}),
        json!({"kind":"source.registered","data":{"publisher":"wire","published":"2022-01-01"}}),
    ];
    for i in 0..events {
        let day = format!("{}-{:02}-{:02}", 2022 + i * 2 / events, i * 24 / events % 12 + 1, i % 28 + 1);
        let (kind, data) = match i % 7 {
            0 => ("demand.raised", json!({"by":"p","of":"q","text":format!("demand {i}")})),
            1 => ("demand.answered", json!({"demand":format!("D{}", i / 7 + 1),"by":"q","answer":"deferred"})),
            2 => ("demand.revised", json!({"demand":format!("D{}", i / 35 + 1),"text":format!("wording {i}")})),
            3 => ("incident.reported", json!({"category":"clash","tolls":{"class":"civilians","killed":i % 5}})),
            // Of incidents of a year before, somebody gives other figures, and somebody denies them.
            4 if i % 3 == 0 && i > 500 => {
                let says = json!({"tolls":{"class":"civilians","killed":i}});
                (
                    "claim.made",
                    json!({"by":"p","text":format!("claim {i}"),"about":format!("e{}", i + 2 - 490),"says":says}),
                )
            }
            4 => ("claim.made", json!({"by":"p","text":format!("claim {i}")})),
            5 if i % 2 == 0 && i > 500 => ("claim.denied", json!({"of":format!("e{}", i + 1 - 490),"by":"q"})),
            5 => ("claim.denied", json!({"of":format!("e{}", i + 2),"by":"q"})),
            _ => ("statement.made", json!({"by":"q","act":"position","text":"no"})),
        };
        drafts.push(json!({"kind":kind,"occurred":day,"data":data,"sources":{"source":"S1"}}));
    }
    drafts
}

#[test]
fn a_snapshot_and_the_rest_are_the_fold_from_the_start_also_after_late_arrivals_and_corrections() {
    let days = ["2021-12-31", "2022-01-15", "2022-06-30", "2022-12-31", "2023-03-14", "2023-12-30", "2024-06-01"];
    let mut shelf = Shelf::new();
    shelf.append(&long_log(1100));
    let check = |shelf: &Shelf, read_at_least: usize| {
        let told: Vec<_> = days.iter().flat_map(|day| [(day, shelf.told(day)), (day, shelf.glanced(day))]).collect();
        for (day, (kept, folded)) in &told {
            let differing = kept.as_ref().map(|kept| first_difference("", kept, folded)).unwrap_or_default();
            assert_eq!(differing, None, "on {day}");
        }
        let read = told.iter().filter(|(_, (kept, _))| kept.is_some()).count();
        assert!(read >= read_at_least, "only {read} days were read from what is kept");
    };
    check(&shelf, 2);
    assert_eq!(shelf.snapshots(), 0);
    shelf.remember("2022-06-30");
    assert!(shelf.snapshots() > 10, "{} snapshots", shelf.snapshots());
    // Every reader would read them once more, where they were left there.
    let left = std::fs::metadata(format!("{}-wal", shelf.file.display())).map_or(0, |file| file.len());
    assert_eq!(left, 0, "left in the write-ahead log");
    check(&shelf, 14);
    let late = [
        json!({"kind":"demand.met","occurred":"2023-02-01","data":{"demand":"D3","how":"fully"}}),
        json!({"kind":"event.corrected","data":{"target":"e10","patch":{"occurred":"2023-05-05"},"basis":"transcription","reason":"slip"}}),
        // What corrects the correction moves nothing, and changes what e10 says.
        json!({"kind":"event.corrected","data":{"target":"e1104","patch":{"data":{"patch":{"data":{"text":"other"}}}},
            "basis":"transcription","reason":"slip"}}),
        json!({"kind":"event.retracted","data":{"target":"e12","reason":"twice"}}),
        json!({"kind":"source.registered","data":{"publisher":"paper","published":"2022-01-01"}}),
        json!({"kind":"party.joined","occurred":"2022-02-02","data":{"party":"r","name":"R","kind":"igo","role":"monitor"}}),
        json!({"kind":"record.erased","data":{"target":"e14","parts":["data"],"reason":"names","basis":"promise"}}),
    ];
    for draft in late {
        shelf.append(std::slice::from_ref(&draft));
        assert!(shelf.holds(), "after {draft}");
        let is_source = draft["kind"] == "source.registered";
        assert!(!is_source || shelf.snapshots() > 10, "a new source drops snapshots");
        check(&shelf, 2);
        shelf.remember("2022-06-30");
        check(&shelf, 10);
    }
}

#[test]
fn a_correction_of_a_correction_reaches_the_snapshots_that_lie_between_the_two() {
    // All on one day: the corrections come last, and snapshots lie between them and the event that they change.
    let party = json!({"party":"p","name":"p","kind":"state","role":"party"});
    let opening = json!({"kind":"negotiation.opened","occurred":"2022-01-01","data":{"title":"Day","parties":[party]}});
    let demand = |i: usize| {
        let day = if i == 1100 { "2024-01-01" } else { "2022-01-02" };
        json!({"kind":"demand.raised","occurred":day,"data":{"by":"p","of":"p","text":format!("demand {i}")}})
    };
    let correct = |target: &str, patch: Value| json!({"kind":"event.corrected","data":{"target":target,"patch":patch,"basis":"transcription","reason":"slip"}});
    let mut shelf = Shelf::new();
    shelf.append(&std::iter::once(opening).chain((0..=1100).map(demand)).collect::<Vec<_>>());
    shelf.append(&[correct("e2", json!({"data":{"text":"FIRST"}}))]);
    shelf.remember("2023-01-01");
    assert!(shelf.told("2023-01-01").0.is_some(), "the day is read from a snapshot");
    shelf.append(&[correct("e1103", json!({"data":{"patch":{"data":{"text":"SECOND"}}}}))]);
    let (kept, folded) = shelf.told("2023-01-01");
    assert!(folded.to_string().contains("SECOND"));
    assert!(kept.is_none_or(|kept| kept == folded), "what is kept still says FIRST");
    assert!(shelf.holds());
}

/// What a glance leaves out is told all the same where something hangs on it: a truce that an incident strains, an incident that is denied,
/// a figure by a claim, a demand that was reworded and answered before.
#[test]
fn a_glance_misses_nothing_that_hangs_on_what_it_leaves_out() {
    let mut shelf = Shelf::new();
    let party = |slug: &str| json!({"party":slug,"name":slug,"kind":"state","role":"party"});
    let event =
        |kind: &str, day: &str, data: Value| json!({"kind":kind,"occurred":day,"data":data,"sources":{"source":"S1"}});
    let clash = |day: &str| {
        event("incident.reported", day, json!({"category":"clash","by":"p","tolls":{"class":"civilians","killed":3}}))
    };
    shelf.append(&[
        event("negotiation.opened", "2022-01-01", json!({"title":"Glance","parties":[party("p"), party("q")]})),
        json!({"kind":"source.registered","data":{"publisher":"wire","published":"2022-01-01"}}),
    ]);
    let steps = [
        clash("2022-01-02"),
        event("demand.raised", "2022-01-03", json!({"by":"p","of":"q","text":"one"})),
        event("demand.revised", "2022-01-04", json!({"demand":"D1","text":"two"})),
        event("demand.answered", "2022-01-05", json!({"demand":"D1","by":"q","answer":"rejected"})),
        event("demand.revised", "2022-01-06", json!({"demand":"D1","text":"three"})),
        event("demand.revised", "2022-01-07", json!({"demand":"D1","text":"four"})),
        event("demand.answered", "2022-01-08", json!({"demand":"D1","by":"q","answer":"rejected"})),
        event("ceasefire.agreed", "2022-02-01", json!({"parties":["p","q"]})),
        clash("2022-02-03"),
        event(
            "claim.made",
            "2022-02-04",
            json!({"by":"q","text":"ten","about":"e11","says":{"tolls":{"class":"civilians","killed":10}}}),
        ),
        event("claim.denied", "2022-02-05", json!({"of":"e3","by":"p"})),
        event("demand.revised", "2022-02-06", json!({"demand":"D1","text":"five"})),
    ];
    let observed = |told: &Value| told[0]["data"]["ceasefires"][0]["observed"].clone();
    let mut seen = std::collections::BTreeSet::new();
    for (i, step) in steps.into_iter().enumerate() {
        shelf.append(&[step]);
        assert!(shelf.holds(), "after {i}");
        let (glanced, folded) = shelf.glanced("2022-03-01");
        let glanced = glanced.expect("the rows tell");
        assert_eq!(first_difference("", &glanced, &folded), None, "after {i}");
        seen.insert(observed(&glanced).to_string());
    }
    let (glanced, _) = shelf.glanced("2022-03-01");
    let glanced = glanced.expect("the rows tell");
    assert!(seen.contains("\"strained\""), "{seen:?}");
    assert_eq!((&glanced[1], &glanced[0]["data"]["incidents"]["count"]), (&json!(3), &json!(2)));
    assert_eq!(glanced[0]["data"]["demands"][0]["text"], "five");
    let (kept, folded) = shelf.told("2022-03-01");
    assert_eq!(kept.as_ref(), Some(&folded));
    assert_eq!(folded["data"]["demands"][0]["earlier_texts"], json!(["one", "two", "three", "four"]));
}

fn in_response_to(name: &str, mut draft: Value) -> Value {
    draft["context"] = json!({"in_response_to":name});
    draft
}

/// Each log with the days on which what was known is more than what is known now, less what came later: what the rows hold is of no use then.
#[test]
fn where_hindsight_tells_more_than_was_known_the_log_is_folded() {
    let party = |slug: &str| json!({"party":slug,"name":slug,"kind":"state","role":"party"});
    let told = |kind: &str, day: &str, reported: u32, data: Value| {
        let sources = json!({"source":"S1","reported":day_of(reported - 1)});
        json!({"kind":kind,"occurred":day,"data":data,"sources":sources})
    };
    let demand = json!({"by":"p","of":"q","text":"one"});
    let answer = json!({"demand":"D1","by":"q","answer":"rejected"});
    let corrects = json!({"target":"e3","patch":{"data":{"text":"other"}},"basis":"new-report","reason":"r"});
    let mut corrected = told("event.corrected", "2023-10-20", 20, corrects);
    let mut retracted = told("event.retracted", "2023-10-20", 20, json!({"target":"e3","reason":"twice"}));
    let office = json!({"party":"p","office":"minister","who":"A"});
    let patch = json!({"target":"e3","patch":{"data":{"who":"B"}},"basis":"transcription","reason":"slip"});
    let slip = json!({"kind":"event.corrected","data":patch});
    let said = |day: &str, reported: u32| {
        told("statement.made", day, reported, json!({"by":"p","act":"position","text":"so"}))
    };
    let mut followup = told("followup.set", "2023-10-06", 6, json!({"text":"ask again","due":"2023-11-30"}));
    let patch = json!({"target":"e3","patch":{"occurred":"2023-10-20"},"basis":"new-report","reason":"r"});
    let mut dated = told("event.corrected", "2023-10-08", 8, patch);
    for draft in [&mut corrected, &mut retracted, &mut followup, &mut dated] {
        draft.as_object_mut().expect("a draft").remove("occurred");
    }
    let cases = [
        (
            "an answer before its demand",
            5,
            9,
            vec![
                told("demand.raised", "2023-10-01", 10, demand.clone()),
                told("demand.answered", "2023-10-02", 5, answer.clone()),
            ],
        ),
        (
            "a correction that rests on a source",
            5,
            19,
            vec![told("demand.raised", "2023-10-01", 5, demand.clone()), corrected],
        ),
        ("a retraction", 1, 19, vec![told("demand.raised", "2023-10-01", 5, demand.clone()), retracted.clone()]),
        (
            "a party that joined",
            1,
            19,
            vec![
                told("incident.reported", "2023-10-02", 3, json!({"category":"clash","against":["r"]})),
                told("party.joined", "2023-10-20", 20, party("r")),
            ],
        ),
        (
            "a date that an answer narrows",
            5,
            20,
            vec![
                told("demand.raised", "[..2023-10-26]", 5, demand.clone()),
                told("demand.answered", "2023-10-20", 21, answer.clone()),
            ],
        ),
        (
            "a place in the world that lies ahead",
            5,
            25,
            vec![told("demand.raised", "[..2023-10-26]", 5, demand.clone())],
        ),
        (
            "a pause that a resumption narrows, and that somebody speaks of",
            9,
            40,
            vec![
                told("talks.paused", "[2023-10-08..2023-10-12]", 9, json!({})),
                told("talks.resumed", "2023-10-10", 20, json!({})),
                in_response_to("e3", said("2023-10-10", 30)),
            ],
        ),
        (
            "what a later report puts before others of its instant",
            1,
            19,
            vec![
                told("round.scheduled", "2023-09-30", 1, json!({"round":"R1"})),
                told("round.opened", "2023-10-01", 1, json!({"round":"R2"})),
                in_response_to("e8", said("2023-10-01", 20)),
                told("talks.paused", "2023-10-01", 1, json!({})),
                told("round.opened", "2023-10-01", 1, json!({"round":"R1"})),
                said("2023-10-01", 1),
            ],
        ),
        (
            "dates that name each other, and that a third narrows",
            5,
            19,
            vec![
                in_response_to("e4", said("[2023-10-02..2023-10-12]", 5)),
                in_response_to("e3", said("[2023-10-02..2023-10-12]", 5)),
                in_response_to("e3", said("2023-10-10", 20)),
            ],
        ),
        (
            "a slip that is about two things",
            1,
            19,
            vec![
                told("office.changed", "202X", 1, office.clone()),
                said("2023-10-01", 20),
                in_response_to("e4", slip.clone()),
            ],
        ),
        (
            "a term that waits for what came later",
            1,
            0,
            vec![
                told(
                    "ceasefire.agreed",
                    "2023-10-02",
                    2,
                    json!({"parties":["p","q"],"until":{"with":"A1","milestone":"reached"}}),
                ),
                told("agreement.reached", "2023-10-25", 25, json!({"agreement":"A1"})),
            ],
        ),
        (
            "a name that is left one of its definitions",
            1,
            19,
            vec![
                told("round.scheduled", "2023-10-01", 1, json!({"round":"R1"})),
                told("round.opened", "2023-10-02", 2, json!({"round":"R1"})),
                retracted.clone(),
                in_response_to("R1", said("2023-10-30", 30)),
            ],
        ),
        ("a date that a correction gives to what has none", 6, 19, vec![followup, dated]),
        (
            "a pause that comes first of its instant for the sake of a resumption",
            10,
            11,
            vec![
                told("talks.resumed", "2023-10-10", 12, json!({})),
                told("talks.paused", "[2023-10-08..2023-10-10]", 10, json!({})),
            ],
        ),
        (
            "a resumption before its pause",
            10,
            14,
            vec![
                told("talks.paused", "2023-10-08", 15, json!({})),
                told("talks.resumed", "[2023-10-05..2023-10-10]", 10, json!({})),
            ],
        ),
        (
            "an answer to what was retracted",
            1,
            40,
            vec![
                told("demand.raised", "2023-10-01", 5, demand.clone()),
                retracted,
                told("demand.answered", "2023-10-02", 20, answer.clone()),
            ],
        ),
        (
            "an answer dated before its demand",
            1,
            40,
            vec![told("demand.raised", "2023-10-05", 6, demand), told("demand.answered", "2023-10-02", 6, answer)],
        ),
        ("a slip in what was not known yet", 1, 0, vec![told("office.changed", "202X", 20, office), slip]),
        (
            "a pause that a resumption narrows",
            9,
            40,
            vec![
                told("talks.paused", "[2023-10-08..2023-10-12]", 9, json!({})),
                told("talks.resumed", "2023-10-10", 20, json!({})),
            ],
        ),
    ];
    for (what, first, last, drafts) in cases {
        let mut shelf = Shelf::new();
        shelf.append(&[
            json!({"kind":"negotiation.opened","occurred":"2023-10-01","data":{"title":"Known","parties":[party("p"), party("q")]}}),
            json!({"kind":"source.registered","data":{"publisher":"wire","published":"2023-09-01"}}),
        ]);
        for draft in drafts {
            shelf.append(&[draft]);
            assert!(shelf.holds(), "{what}");
        }
        let told: Vec<bool> = (0..40).map(|day| shelf.tells_what_was_known(&day_of(day))).collect();
        let expected: Vec<bool> = (1..=40).map(|day| !(first..=last).contains(&day)).collect();
        assert_eq!(told, expected, "{what}");
    }
}

#[test]
fn what_was_known_by_a_day_is_told_from_the_snapshots_before_it() {
    let days = ["2022-01-15", "2022-06-30", "2022-12-31", "2023-03-14", "2023-12-15"];
    let mut shelf = Shelf::new();
    shelf.append(&long_log(1100));
    // Of the days of which too much would have to be read, nothing is told yet.
    assert!(days.iter().any(|day| !shelf.tells_what_was_known(day)));
    let question = Question { known_by: Some(days[4].into()), ..Question::default() };
    let asked = shelf.store.ask(SLUG, &question, Depth::Whole, &ENV, Afterwards::Remember, |_| Ok(()));
    asked.expect("an answer");
    assert!(shelf.snapshots() > 10, "{} snapshots", shelf.snapshots());
    let late = [
        // Of March, and reported a year later.
        json!({"kind":"statement.made","occurred":"2022-03-03","data":{"by":"q","act":"position","text":"late"},
            "sources":{"source":"S1","reported":"2023-03-20"}}),
        json!({"kind":"demand.raised","occurred":"2022-03-04","data":{"by":"p","of":"q","text":"late too"},
            "sources":{"source":"S1","reported":"2023-03-20"}}),
        json!({"kind":"demand.answered","occurred":"2022-03-05","data":{"demand":"D159","by":"q","answer":"deferred"},
            "sources":{"source":"S1","reported":"2023-05-01"}}),
    ];
    for draft in std::iter::once(None).chain(late.iter().map(Some)) {
        draft.iter().for_each(|draft| shelf.append(std::slice::from_ref(draft)));
        assert!(shelf.holds(), "after {draft:?}");
        shelf.remember("2022-06-30");
        assert!(shelf.snapshots() > 10, "{} snapshots", shelf.snapshots());
        assert!(shelf.holds(), "after {draft:?}, with new snapshots");
        for day in days {
            assert!(shelf.tells_what_was_known(day), "known by {day}, after {draft:?}");
        }
    }
}
