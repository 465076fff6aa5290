//! The laws of the fold, over logs that nobody wrote.
//!
//! 1. Any log folds, and every question about its state has an answer.
//! 2. Folding in two pieces, cut anywhere in world order, is folding at once.
//! 3. The order of the log does not matter, but for ties, for what is said of one target or one life, and for the opening.
//! 4. The state at a day does not depend on what came later in the world.
//! 5. A life does not depend on another; to retract is to leave out.
//! 6. What was known, or recorded, by a day is what the log says once it is cut to that.
//! 7. What is undone twice was never done; a slip that is corrected was never made.
//! 8. What is certain is part of what is possible, and never rests on it.
//! 9. The state is the sum of its pieces, also once they were written and read. Each is the fold of the facts that touch it, and an
//!    event changes none that it is not said to change.
//!
//! Each run throws the same dice. `PROPTEST_CASES=20000 cargo test --test it laws` throws more of them, `PROPTEST_RNG_SEED=7` others.
//! A log that broke a law is kept, made small, in `counterexamples.rs`.

mod counterexamples;
mod digest;
mod kept;
mod log;
mod ordinary;
mod pieces;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseResult};
use serde_json::{Value, json};
use talks::domain::anomaly::Misfit;
use talks::domain::event::Event;
use talks::domain::history::{Fact, History, Knowledge, RecordedBy};
use talks::domain::ids::{Handle, Letter, Target, Version};
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::record::Record;
use talks::domain::value::{Named, Party, Walk};
use talks::domain::when::Instant;

use digest::{Digest, Lens, ask_everything, read_everything};
use log::{Entry, Log, STAMPS_APART, STAMPS_FROM, Sort, TAME, WILD, WORLD, logs, redrawn};

/// So many cases, unless `PROPTEST_CASES` says otherwise; the same ones each time, unless `PROPTEST_RNG_SEED` does.
fn cases(usual: u32) -> Config {
    let set = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { set.cases } else { usual };
    let rng_seed = if std::env::var_os("PROPTEST_RNG_SEED").is_some() { set.rng_seed } else { RngSeed::Fixed(1) };
    Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 20_000, ..set }
}

/// An instant in the weeks that the logs are about, to the half hour; sometimes before or after everything.
fn instants() -> impl Strategy<Value = Instant> {
    let halves = (-10 * 48..45 * 48i64).prop_map(|half_hours| Instant(STAMPS_FROM + half_hours * 1800));
    prop_oneof![20 => halves, 1 => Just(Instant::MIN), 1 => Just(Instant::MAX)]
}

fn knowledge() -> impl Strategy<Value = Knowledge> {
    let recorded = prop_oneof![
        instants().prop_map(RecordedBy::At),
        (0..30u64).prop_map(|version| RecordedBy::Version(Version(version)))
    ];
    (option::of(instants()), option::weighted(0.2, recorded))
        .prop_map(|(known_by, recorded_by)| Knowledge { known_by, recorded_by })
}

fn all(log: &[Arc<Record>]) -> History {
    History::new(log, &Knowledge::default())
}

// 1. Any log folds

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_log_folds_and_answers_every_question(log in logs(WILD), stamped: bool, knowledge in knowledge(), at in instants(), other in instants()) {
        let records = if stamped { log.stamped() } else { log }.records();
        let history = History::new(&records, &knowledge);
        for cut in [Cut::default(), Cut { certain: true, ..Cut::default() }] {
            let state = fold(&history, at, &cut);
            for asked in [at, other, Instant::MIN, Instant::MAX] {
                ask_everything(&state, asked);
            }
            read_everything(&history, &state, at);
        }
    }

    #[test]
    fn every_record_is_a_fact_or_accounted_for(log in logs(WILD)) {
        let records = log.records();
        let history = all(&records);
        let facts: BTreeSet<Version> = history.facts.iter().map(Fact::version).collect();
        let unread: BTreeSet<Version> = history.unread.iter().copied().collect();
        let retracted = |version| history.ground.retracted.contains_key(&Target::Event(version));
        for version in records.iter().map(|record| record.version()) {
            let places = [facts.contains(&version), unread.contains(&version) || retracted(version)];
            prop_assert_eq!(places.iter().filter(|here| **here).count(), 1, "{}", version);
        }
        prop_assert_eq!(facts.len(), history.facts.len());
    }
}

// 2. Folding in two pieces

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn folding_in_two_pieces_is_folding_at_once(log in logs(WILD), at in instants(), cut in 0..40usize) {
        let history = all(&log.records());
        let facts: Vec<&Fact> = history.facts.iter().take_while(|fact| fact.key <= at).collect();
        let (first, rest) = facts.split_at(cut.min(facts.len()));
        let mut begun = Negotiation::new(history.ground.clone());
        first.iter().for_each(|fact| begun.evolve(fact, fact.is_certain_at(at)));
        let mut state = begun.clone();
        rest.iter().for_each(|fact| state.evolve(fact, fact.is_certain_at(at)));
        let lens = Lens::of(&log);
        Digest::new(&history, &state, at, &lens).same_as(&Digest::at(&history, at, &lens))?;
    }

    #[test]
    fn the_facts_of_a_day_are_the_first_of_those_of_a_later_day(log in logs(WILD), one in instants(), other in instants()) {
        let history = all(&log.records());
        prop_assert!(history.facts.is_sorted_by(|one, next| (one.key, one.tie) < (next.key, next.tie)));
        let (early, late) = (one.min(other), one.max(other));
        let mut state = fold(&history, early, &Cut::default());
        history.facts.iter().filter(|fact| fact.key > early && fact.key <= late).for_each(|fact| state.evolve(fact, true));
        let lens = Lens::of(&log);
        let possible = |subject: &str| subject.ends_with("possible");
        let at_once = Digest::at(&history, late, &lens).without(possible);
        Digest::new(&history, &state, late, &lens).without(possible).same_as(&at_once)?;
    }
}

// 3. The order of the log

/// What of a record keeps it before or after another one.
struct Bond {
    version: Version,
    key: Option<Instant>,
    aims_at: BTreeSet<Version>,
    defines: BTreeSet<Target>,
    declares: BTreeSet<Party>,
}

impl Bond {
    fn of(record: &Record, history: &History) -> Bond {
        let fact = history.fact(record.version());
        let bodies = [Some(record), fact.map(|fact| &*fact.record)];
        let events = || bodies.into_iter().flatten().filter_map(Record::event);
        let defines = bodies.into_iter().flatten().filter_map(|r| r.defines()).map(Target::Handle);
        Bond {
            version: record.version(),
            key: fact.map(|fact| fact.key),
            aims_at: events().filter(|event| event.is_record_keeping()).flat_map(aims).collect(),
            defines: defines.collect(),
            declares: events().flat_map(declared).collect(),
        }
    }

    fn holds(&self, other: &Bond) -> bool {
        let tied = self.key.is_some() && self.key == other.key;
        let about = |one: &Bond, two: &Bond| one.aims_at.contains(&two.version);
        let one_target = !self.aims_at.is_disjoint(&other.aims_at);
        let one_life = !self.defines.is_disjoint(&other.defines) || !self.declares.is_disjoint(&other.declares);
        tied || one_target || one_life || about(self, other) || about(other, self)
    }
}

/// The events that an event is about.
fn aims(event: &Event) -> Vec<Version> {
    let mut aims = Vec::new();
    event.names(&mut |name| {
        if let Named::Target(Target::Event(version)) = name {
            aims.push(*version);
        }
    });
    aims
}

fn declared(event: &Event) -> Vec<Party> {
    match event {
        Event::NegotiationOpened(opened) => opened.parties.iter().map(|entry| entry.party.clone()).collect(),
        Event::PartyJoined(entry) => vec![entry.party.clone()],
        _ => Vec::new(),
    }
}

/// Another order that the bonds allow, the first record staying first: those of the lowest rank come as early as they may.
fn another_order(bonds: &[Bond], ranks: &[u16]) -> Vec<usize> {
    let mut order = vec![0];
    while order.len() < bonds.len() {
        let waits = |i: usize| (0..i).any(|before| !order.contains(&before) && bonds[before].holds(&bonds[i]));
        let free = (0..bonds.len()).filter(|i| !order.contains(i) && !waits(*i));
        order.extend(free.min_by_key(|i| (ranks[i % ranks.len()], *i)));
    }
    order
}

fn order_does_not_matter(log: &Log, ranks: &[u16], knowledge: &Knowledge, at: Instant) -> TestCaseResult {
    let records = log.records();
    let history = History::new(&records, knowledge);
    let bonds: Vec<Bond> = records.iter().map(|record| Bond::of(record, &history)).collect();
    let other = log.in_order(&another_order(&bonds, ranks));
    let reordered = History::new(&other.records(), knowledge);
    let told = Digest::at(&reordered, at, &Lens::of(&other));
    told.same_as(&Digest::at(&history, at, &Lens::of(log))).map_err(|e| TestCaseError::fail(format!("{e}\n{other:?}")))
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn the_order_of_the_log_does_not_matter(
        log in logs(TAME), ranks in vec(any::<u16>(), 40), known_by in option::weighted(0.3, instants()), at in instants(),
    ) {
        order_does_not_matter(&log, &ranks, &Knowledge { known_by, recorded_by: None }, at)?;
    }
}

// 4. What came later in the world

/// The log without the facts that can't have the place that their dates give them, and without those of the world that rest on
/// what has no date in the world.
fn agreeing(mut records: Vec<Arc<Record>>) -> Vec<Arc<Record>> {
    loop {
        let history = all(&records);
        let undated = |name: &Target| matches!(name, Target::Event(version) if history.fact(*version).is_some_and(is_record_keeping));
        let misdated = |fact: &&Fact| {
            let out_of_order = fact.misfits.iter().any(|m| matches!(m, Misfit::OutOfOrder(_)));
            out_of_order || !is_record_keeping(fact) && fact.names.iter().any(undated)
        };
        let bad: BTreeSet<Version> = history.facts.iter().filter(misdated).map(Fact::version).collect();
        if bad.is_empty() {
            return records;
        }
        records.retain(|record| !bad.contains(&record.version()));
    }
}

fn is_record_keeping(fact: &Fact) -> bool {
    fact.event().is_some_and(Event::is_record_keeping)
}

/// The later facts, but for the registry, which the day does not cut, and for judgements of what stays.
fn to_leave_out(history: &History, at: Instant) -> BTreeSet<Version> {
    let mut out = BTreeSet::new();
    let mut later: Vec<&Fact> = history.facts.iter().filter(|fact| fact.key > at).collect();
    later.sort_by_key(|fact| fact.version());
    for fact in later {
        let stays = match fact.event() {
            Some(Event::NegotiationOpened(_) | Event::PartyJoined(_) | Event::SourceRegistered(_)) => true,
            Some(Event::EventCorrected(c)) => !out.contains(&c.target),
            Some(Event::EventRetracted(j) | Event::EventReinstated(j)) => !out.contains(&j.target),
            _ => false,
        };
        if !stays {
            out.insert(fact.version());
        }
    }
    out
}

fn later_facts_do_not_matter(log: &Log, at: Instant) -> TestCaseResult {
    let mut records = agreeing(log.records());
    let lens = Lens::of(log).up_to(at);
    let history = all(&records);
    let later: BTreeSet<Version> = history.facts.iter().filter(|fact| fact.key > at).map(Fact::version).collect();
    let left_out = to_leave_out(&history, at);
    records.retain(|record| !left_out.contains(&record.version()));
    let names: Vec<String> = later.iter().map(|version| lens.name_of(*version)).collect();
    let digest = |history: &History| {
        let of_it = |subject: &str| names.iter().any(|name| subject.split(' ').next() == Some(name));
        let mut digest = Digest::at(history, at, &lens).but_for(&OF_THE_RECORD).without(of_it);
        digest.anomalies.retain(|(event, ..)| !names.contains(event));
        digest
    };
    digest(&all(&records)).same_as(&digest(&history))
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn leaving_out_what_came_later_changes_nothing(log in logs(TAME), at in instants()) {
        later_facts_do_not_matter(&log, at)?;
    }
}

/// What is amiss with the record, on whatever day.
const OF_THE_RECORD: [&str; 4] = ["not-opened", "opening-retracted", "not-earlier", "uncorrectable"];

/// A date in November, when nothing of the logs has happened yet.
const LATER: [&str; 6] = [
    "2023-11-02",
    "2023-11",
    "[2023-11-03..2023-11-20]",
    "2023-11-03/2023-11-20",
    "2023-11-01/..",
    "2023-11-04T10:00+05:00",
];

fn what_comes_later_does_not_matter(log: &Log, more: &Log, at: Instant) -> TestCaseResult {
    let records = agreeing(log.records());
    let history = all(&records);
    let lens = Lens::of(log).up_to(at);
    let before = Digest::at(&history, at, &lens);
    let named: BTreeSet<Target> = history.facts.iter().flat_map(|fact| fact.names.clone()).collect();
    let promised = |record: &Record| {
        let defines = record.defines();
        defines.is_some_and(|handle| {
            named.contains(&Target::Handle(handle)) && !history.ground.creators.contains_key(&handle)
        })
    };
    // A close or a resumption that may still lie ahead comes no earlier than an opening or a pause added then.
    let unsettled = history.facts.iter().any(|fact| is_answered(fact) && fact.begin.last() > at);
    let later = log.with(more.0.iter().skip(3).zip(LATER.iter().cycle()).map(|(entry, date)| {
        let mut draft = entry.draft.clone();
        draft["occurred"] = json!(date);
        draft
    }));
    let mut extended = records.clone();
    let added = later.records().into_iter().skip(log.len());
    extended.extend(added.filter(|record| !(promised(record) || unsettled && may_push(record))));
    Digest::at(&all(&agreeing(extended)), at, &lens).same_as(&before)
}

fn is_answered(fact: &Fact) -> bool {
    matches!(fact.event(), Some(Event::RoundClosed(_) | Event::TalksResumed(_)))
}

fn may_push(record: &Record) -> bool {
    matches!(record.event(), Some(Event::RoundOpened(_) | Event::RoundHeld(_) | Event::TalksPaused(_)))
}

/// What happens at the table and around it; nobody joins.
const DEVELOPMENTS: Sort = Sort { families: WORLD.families.split_at(9).0, ..WORLD };

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn what_comes_later_changes_nothing_before_it(log in logs(TAME), more in logs(DEVELOPMENTS), half_hours in 0..28 * 48i64) {
        what_comes_later_does_not_matter(&log, &more, Instant(STAMPS_FROM + half_hours * 1800))?;
    }
}

// 5. Lives, and leaving out

/// The lives that a record touches: those it names, also in terms. The talks are one life, of all rounds and pauses.
fn touched(record: &Record) -> BTreeSet<Target> {
    let mut touched = BTreeSet::new();
    let the_talks = Target::Handle(Handle { letter: Letter::R, number: 1 });
    record.names(&mut |name| {
        touched.extend(match name {
            Named::Defines(handle) => handle.map(Target::Handle),
            Named::Handle(handle) => Some(Target::Handle(handle)),
            Named::Target(target) | Named::InTerm(target) => Some(target.clone()),
            Named::Party(_) => None,
        });
    });
    if record.envelope.kind.starts_with("talks.") {
        touched.insert(the_talks.clone());
    }
    let as_one = |target| match target {
        Target::Handle(handle) if handle.letter == Letter::R => the_talks.clone(),
        other => other,
    };
    touched.into_iter().map(as_one).collect()
}

/// The records of a log that touch one life at most, and by no event's name.
fn each_of_one_life(log: &Log) -> Vec<Arc<Record>> {
    let mut records = log.records();
    records.retain(|record| {
        let touched = touched(record);
        touched.len() <= 1 && touched.iter().all(|target| matches!(target, Target::Handle(_)))
    });
    records
}

fn lives_do_not_depend_on_each_other(log: &Log, number: u32, letter: Letter, at: Instant) -> TestCaseResult {
    let dropped = Target::Handle(Handle { letter, number });
    let records = each_of_one_life(log);
    let history = all(&records);
    let rest: Vec<_> = records.iter().filter(|record| !touched(record).contains(&dropped)).cloned().collect();
    let gone: Vec<&Arc<Record>> = records.iter().filter(|record| touched(record).contains(&dropped)).collect();
    let lens = Lens::of(log);
    let names: Vec<String> = gone.iter().map(|record| lens.name_of(record.version())).collect();
    let of_it = |subject: &str| {
        let mut words = subject.split([' ', '?']);
        let first = words.next().unwrap_or_default();
        let of_talks = letter == Letter::R && (first == "talks" || first.starts_with('R'));
        // An agreement between the parties ends a pause; and what was last heard of is not a life.
        let follows = letter == Letter::A && (first == "talks" || first.starts_with('R')) || subject == "last heard";
        let strays = letter == Letter::C && subject == "headline";
        first == dropped.to_string() || names.iter().any(|name| name == first) || of_talks || follows || strays
    };
    let mut whole = Digest::at(&history, at, &lens).without(of_it);
    whole.anomalies.retain(|(event, ..)| !names.contains(event));
    Digest::at(&all(&rest), at, &lens).without(of_it).same_as(&whole)?;
    let retractions = gone.iter().map(|record| retraction(record.version()));
    let retracting = log.with(retractions);
    let mut retracted = records.clone();
    retracted.extend(retracting.records().into_iter().skip(log.len()));
    let told = Digest::at(&all(&retracted), at, &Lens::of(&retracting).hiding(log.len() + 1));
    told.same_as(&Digest::at(&all(&rest), at, &lens))
}

fn retraction(version: Version) -> Value {
    json!({"kind":"event.retracted","data":{"target":version.to_string(),"reason":"not so"}})
}

/// Names that lead nowhere: retracted in one log, unknown in the other, or with another definition that was not known.
const LOST: [&str; 3] = ["unknown-name", "retracted-name", "not-known"];

fn to_retract_is_to_leave_out(log: &Log, which: usize, knowledge: &Knowledge, at: Instant) -> TestCaseResult {
    let place = 1 + which % (log.len() - 1);
    let retracted = log.with([retraction(Version(place as u64 + 1))]);
    let mut records = log.records();
    records.remove(place);
    let left_out = Digest::at(&History::new(&records, knowledge), at, &Lens::of(log)).but_for(&LOST);
    let history = History::new(&retracted.records(), knowledge);
    let told = Digest::at(&history, at, &Lens::of(&retracted).hiding(log.len() + 1)).but_for(&LOST);
    told.same_as(&left_out)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_life_does_not_depend_on_another(log in logs(DEVELOPMENTS), number in 1..3u32, which in 0..9usize, at in instants()) {
        lives_do_not_depend_on_each_other(&log, number, Letter::ALL[which], at)?;
    }

    #[test]
    fn to_retract_an_event_is_to_leave_it_out(log in logs(TAME), which in 0..40usize, known_by in option::weighted(0.3, instants()), at in instants()) {
        to_retract_is_to_leave_out(&log, which, &Knowledge { known_by, recorded_by: None }, at)?;
    }
}

// 6. Knowledge

fn cut_to_what_was_known(log: &Log, by: Instant, at: Instant) -> TestCaseResult {
    let records = log.records();
    let lens = Lens::of(log);
    let known: BTreeMap<Version, Option<Instant>> =
        all(&records).facts.iter().map(|f| (f.version(), f.known)).collect();
    let as_known = History::new(&records, &Knowledge { known_by: Some(by), recorded_by: None });
    let mut cut = records.clone();
    cut.retain(|record| known[&record.version()].is_none_or(|known| known <= by));
    let missing = ["not-known", "unknown-name"];
    let told = Digest::at(&as_known, at, &lens).but_for(&missing);
    told.same_as(&Digest::at(&all(&cut), at, &lens).but_for(&missing))
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn what_was_known_by_a_day_is_the_log_cut_to_it(log in logs(WORLD), by in instants(), at in instants()) {
        cut_to_what_was_known(&log, by, at)?;
    }

    #[test]
    fn what_was_recorded_by_an_event_is_the_log_up_to_it(log in logs(WILD), last in 0..35usize, known_by in option::of(instants()), at in instants()) {
        let records = log.stamped().records();
        let (last, lens) = (last.min(records.len()), Lens::default());
        let version = RecordedBy::Version(Version(last as u64));
        let stamp = RecordedBy::At(Instant(STAMPS_FROM + last as i64 * STAMPS_APART - 1));
        let first = History::new(&records[..last], &Knowledge { known_by, recorded_by: None });
        for recorded_by in [version, stamp] {
            let history = History::new(&records, &Knowledge { known_by, recorded_by: Some(recorded_by) });
            Digest::at(&history, at, &lens).same_as(&Digest::at(&first, at, &lens))?;
        }
    }
}

// 7. What is undone

fn undone_twice_is_never_done(log: &Log, which: usize, knowledge: &Knowledge, at: Instant) -> TestCaseResult {
    let target = Version(2 + (which % (log.len() - 1)) as u64);
    let records = log.records();
    let history = History::new(&records, knowledge);
    let told = Digest::at(&history, at, &Lens::of(log));
    let first = Version(log.len() as u64 + 1);
    let mut undoings = vec![retraction(first)];
    if history.ground.effective.contains(&target) {
        let reason = "so after all";
        undoings.push(json!({"kind":"event.reinstated","data":{"target":target.to_string(),"reason":reason}}));
    }
    for undoing in undoings {
        let undone = log.with([retraction(target), undoing]);
        let history = History::new(&undone.records(), knowledge);
        Digest::at(&history, at, &Lens::of(&undone).hiding(log.len() + 1)).same_as(&told)?;
    }
    Ok(())
}

/// The merge patch that makes one draft of another.
fn difference(from: &Value, to: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (from, to) else { return to.clone() };
    let mut patch = serde_json::Map::new();
    for (name, value) in new {
        match old.get(name) {
            Some(known) if known == value => {}
            Some(known) if known.is_object() && value.is_object() => {
                patch.insert(name.clone(), difference(known, value));
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    patch.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name.clone(), Value::Null)));
    Value::Object(patch)
}

fn a_corrected_slip_was_never_made(
    log: &Log,
    place: usize,
    meant: &Value,
    knowledge: &Knowledge,
    at: Instant,
) -> TestCaseResult {
    let target = Version(place as u64 + 1).to_string();
    let mut as_meant = log.clone();
    as_meant.0[place].draft = meant.clone();
    let patch = difference(&log.0[place].draft, meant);
    let data = json!({"target":target,"patch":patch,"basis":"transcription","reason":"a slip"});
    let corrected = log.with([json!({"kind":"event.corrected","data":data})]);
    let meant = Digest::at(&History::new(&as_meant.records(), knowledge), at, &Lens::of(&as_meant));
    let history = History::new(&corrected.records(), knowledge);
    Digest::at(&history, at, &Lens::of(&corrected).hiding(log.len() + 1)).same_as(&meant)
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn what_is_undone_twice_was_never_done(log in logs(TAME), which in 0..40usize, known_by in option::weighted(0.3, instants()), at in instants()) {
        undone_twice_is_never_done(&log, which, &Knowledge { known_by, recorded_by: None }, at)?;
    }

    #[test]
    fn a_slip_that_is_corrected_was_never_made(
        log in logs(TAME), which in 0..40usize, throws in vec(any::<u8>(), 3..28), known_by in option::weighted(0.3, instants()), at in instants(),
    ) {
        let place = which % log.len();
        let corrects = |record: &Arc<Record>| matches!(record.event(), Some(Event::EventCorrected(c)) if c.target.0 == place as u64 + 1);
        prop_assume!(!log.records().iter().any(corrects));
        let meant = redrawn(&log, place, &throws);
        // A merge patch can't write a null.
        prop_assume!(!meant.to_string().contains("null"));
        a_corrected_slip_was_never_made(&log, place, &meant, &Knowledge { known_by, recorded_by: None }, at)?;
    }
}

// 8. What is certain

fn what_is_certain_rests_on_what_is_certain(log: &Log, at: Instant) -> TestCaseResult {
    let history = all(&agreeing(log.records()));
    let certain: BTreeSet<Version> =
        history.facts.iter().filter(|fact| fact.key <= at && fact.is_certain_at(at)).map(Fact::version).collect();
    for fact in history.facts.iter().filter(|fact| certain.contains(&fact.version())) {
        let joined = fact.defines.map(Target::Handle);
        for name in fact.names.iter().chain(&joined) {
            let behind = match name {
                Target::Event(version) => Some(*version),
                Target::Handle(handle) => history.ground.creators.get(handle).copied(),
                Target::Elsewhere(_) => None,
            };
            let is_here = |version: &Version| history.fact(*version).is_some();
            let rests = behind.filter(is_here).is_none_or(|version| certain.contains(&version));
            prop_assert!(rests, "{} is certain, and {name} is not", fact.version());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn what_is_certain_is_the_fold_of_the_certain_facts(log in logs(WILD), at in instants()) {
        let history = all(&log.records());
        let certain = fold(&history, at, &Cut { certain: true, ..Cut::default() });
        let mut state = Negotiation::new(history.ground.clone());
        let facts = history.facts.iter().filter(|fact| fact.key <= at && fact.begin.last() <= at);
        facts.for_each(|fact| state.evolve(fact, true));
        let lens = Lens::of(&log);
        let told = Digest::new(&history, &certain, at, &lens);
        told.same_as(&Digest::new(&history, &state, at, &lens))?;
        let everything = fold(&history, at, &Cut::default());
        prop_assert!(certain.possible.is_empty() && certain.steps + everything.possible.len() as u64 == everything.steps);
        if everything.possible.is_empty() {
            told.same_as(&Digest::new(&history, &everything, at, &lens))?;
        }
    }

    #[test]
    fn what_is_certain_never_rests_on_what_is_possible(log in logs(TAME), at in instants()) {
        what_is_certain_rests_on_what_is_certain(&log, at)?;
    }
}
