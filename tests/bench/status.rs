//! How long it takes to be told the state of a log of some length.
//!
//! As a whole process (`talks status` in a pipe, the median of several), and inside a process that has the store open: now, on random
//! days of the world, and as it was known by random days.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant as Clock;

use talks::app::{Afterwards, Asking, Depth, Env, Question, Store};
use talks::view::status;

use super::{ENV, SLUG, import, import_as, log};

/// How often each is asked.
const ASKED: usize = 7;
/// On how many days; where the log is folded for it, each takes as long as the log.
const DAYS: usize = 5;

/// Measures it on few lives and on many.
pub fn measure(folder: &Path, size: usize) {
    for lives in [50, size / 2] {
        on_lives(folder, size, lives);
    }
}

fn on_lives(folder: &Path, size: usize, lives: usize) {
    println!("the state of a log of {size}, {lives} lives");
    let file = folder.join(format!("status-{lives}-{size}.db"));
    let mut store = Store::create(&file).expect("a store");
    import(&mut store, &log::drafts(size, lives));
    report("talks status, a process", (0..ASKED).map(|_| process(&file)));
    let now = Question::default();
    for (depth, what) in [(Depth::Glance, "a glance"), (Depth::Whole, "all of it")] {
        let first = |_| inside(&Store::open(&file).expect("the store"), SLUG, &now, depth);
        report(&format!("{what}, the store just opened"), (0..ASKED).map(first));
        report(&format!("{what}, asked again"), (0..ASKED).map(|_| inside(&store, SLUG, &now, depth)));
    }
    let day = |i: usize| log::when(2 + (i + 1) * 7919 % (size - 2))[..10].to_string();
    let as_of = |i| Question { as_of: Some(day(i)), ..Question::default() };
    let known_by = |i| Question { known_by: Some(day(i)), ..Question::default() };
    // What would have saved the fold is kept, as by the command.
    inside(&store, SLUG, &as_of(0), Depth::Whole);
    report("--as-of, random days, a glance", (0..DAYS).map(|i| inside(&store, SLUG, &as_of(i), Depth::Glance)));
    report("--as-of, random days, all of it", (0..DAYS).map(|i| inside(&store, SLUG, &as_of(i), Depth::Whole)));
    report("--known-by, random days, a glance", (0..DAYS).map(|i| inside(&store, SLUG, &known_by(i), Depth::Glance)));
    report("--known-by, random days, all of it", (0..DAYS).map(|i| inside(&store, SLUG, &known_by(i), Depth::Whole)));
    drop(store);
    fs::remove_file(&file).expect("the store goes");
    println!();
}

/// One negotiation of a store that has many.
pub fn among(folder: &Path, size: usize) {
    const LOGS: usize = 1_000;
    println!("one of {LOGS} negotiations of {size} each, 50 lives");
    let file = folder.join("among.db");
    let mut store = Store::create(&file).expect("a store");
    let (drafts, slug) = (log::drafts(size, 50), |i: usize| format!("n{i}"));
    (0..LOGS).for_each(|i| import_as(&mut store, &slug(i), &drafts));
    let ask = |depth| (0..ASKED * 7).map(move |i| (slug(i * 7919 % LOGS), depth));
    let now = Question::default();
    report("a glance, the store open", ask(Depth::Glance).map(|(slug, depth)| inside(&store, &slug, &now, depth)));
    report("all of it, the store open", ask(Depth::Whole).map(|(slug, depth)| inside(&store, &slug, &now, depth)));
    let start = Clock::now();
    let board = talks::app::board(&store, &now, &Env { now: ENV.now }, Afterwards::LeaveAsIs).expect("a board");
    assert_eq!(board.1.len(), LOGS);
    report("the board of all", std::iter::once(start.elapsed().as_secs_f64()));
    fs::remove_file(&file).expect("the store goes");
}

fn inside(store: &Store, slug: &str, question: &Question, depth: Depth) -> f64 {
    let start = Clock::now();
    let env = Env { now: ENV.now };
    let answer = store.ask(slug, question, depth, &env, Afterwards::Remember, |asking: &Asking<'_>| {
        Ok(asking.answer(status(&asking.asked())))
    });
    drop(answer.expect("an answer"));
    start.elapsed().as_secs_f64()
}

fn process(file: &Path) -> f64 {
    let start = Clock::now();
    let mut command = Command::new(program());
    let done = command.args(["status", "--store"]).arg(file).stdout(Stdio::null()).status().expect("it runs");
    assert!(done.success());
    start.elapsed().as_secs_f64()
}

/// The program as it ships, which `cargo bench` builds beside the benches.
fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_talks"))
}

fn report(what: &str, taken: impl Iterator<Item = f64>) {
    let mut taken: Vec<f64> = taken.map(|seconds| seconds * 1000.0).collect();
    taken.sort_by(f64::total_cmp);
    println!("  {:>10.2} ms  ({:.2} to {:.2})  {what}", taken[taken.len() / 2], taken[0], taken[taken.len() - 1]);
}
