//! The program is killed: at each of its writes and syncs, and at any moment.

use std::process::{Output, Stdio};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::disk::{Files, files_of};
use super::judge::{Known, judge};
use super::scenario::{STORE, Scenario, ids, put, told};
use super::trace::strace;
use super::{Dice, Found, none, scale};
use crate::survival::{Place, said};

/// The calls by which a store is changed.
pub const CALLS: [&str; 6] = ["openat", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink"];

/// A command of a scenario, with all that came before it.
pub struct Stage<'s> {
    pub scenario: &'s Scenario,
    pub args: &'s [String],
    before: Files,
    /// What was told before.
    receipts: Vec<u8>,
    /// Where the log stood before, and stands after.
    versions: [u64; 2],
    /// All ids after it.
    ids: Vec<Uuid>,
}

impl<'s> Stage<'s> {
    /// Runs a scenario undisturbed, and takes down what each command finds and leaves.
    pub fn all(scenario: &'s Scenario, test: &str) -> (Place, Vec<Stage<'s>>) {
        let (place, mut before) = scenario.begin(test);
        let (mut receipts, mut stages) = (Vec::new(), Vec::new());
        let mut version = if before.is_empty() { 0 } else { ids(&place).len() as u64 };
        for args in &scenario.commands {
            let output = scenario.run(&place, args);
            assert!(output.status.success(), "{args:?}: {}", said(&output));
            let ids = ids(&place);
            let versions = [version, ids.len() as u64];
            version = versions[1];
            let after = files_of(&place.folder, STORE);
            let before = std::mem::replace(&mut before, after);
            stages.push(Stage { scenario, args, before, receipts: receipts.clone(), versions, ids });
            receipts.extend(told(&output.stdout));
        }
        (place, stages)
    }

    /// The store as the command finds it.
    pub fn put(&self, place: &Place) {
        put(place, &self.before);
    }

    /// How often the command makes a call on the files of the store.
    pub fn calls(&self, place: &Place, call: &str) -> usize {
        self.put(place);
        let trace = place.path("trace").display().to_string();
        let filter = format!("trace={call}");
        let options = paths(place);
        let options: Vec<&str> = options.iter().map(String::as_str).chain(["-o", &trace, "-e", &filter]).collect();
        strace(place, &options, &self.scenario.program(place, self.args));
        let text = std::fs::read_to_string(&trace).expect("what strace wrote");
        text.lines().filter(|line| line.contains(&format!("{call}("))).count()
    }

    /// Runs the command with a fault: `pwrite64:signal=KILL:when=3`.
    pub fn run(&self, place: &Place, fault: &str) -> Output {
        self.put(place);
        let (call, _) = fault.split_once(':').unwrap_or((fault, ""));
        let (filter, inject) = (format!("trace={call}"), format!("inject={fault}"));
        let options = paths(place);
        let more = ["-o", "/dev/null", "-e", &filter, "-e", &inject];
        let options: Vec<&str> = options.iter().map(String::as_str).chain(more).collect();
        strace(place, &options, &self.scenario.program(place, self.args))
    }

    /// Judges what is left, as it is and after the command has run again.
    pub fn survived(&self, place: &Place, output: &Output) -> Result<bool, String> {
        let receipts = [&self.receipts[..], &told(&output.stdout)].concat();
        let version = self.judged(place, &receipts, &self.versions)?;
        let again = self.scenario.run(place, self.args);
        let exists = self.args[0] == "init" && said(&again).contains("file-exists");
        if !again.status.success() && !exists {
            return Err(format!("run again, it fails: {}", said(&again)));
        }
        let receipts = [receipts, told(&again.stdout)].concat();
        self.judged(place, &receipts, &self.versions[1..])?;
        let is_same = self.ids.is_empty() || ids(place) == self.ids;
        is_same.then_some(version == self.versions[1]).ok_or_else(|| "run again, the log is another".into())
    }

    fn judged(&self, place: &Place, receipts: &[u8], versions: &[u64]) -> Result<u64, String> {
        judge(&place.path(STORE), &Known { receipts, sent: &self.ids, versions })
    }

    /// Whether the command appends; else the same version says nothing.
    pub fn appends(&self) -> bool {
        self.versions[0] < self.versions[1]
    }
}

/// Only calls on the files of the store, and on their folder.
fn paths(place: &Place) -> Vec<String> {
    let names = ["", STORE, "talks.db-wal", "talks.db-shm", "talks.db-journal"];
    names
        .iter()
        .flat_map(|name| ["-P".into(), place.path(name).display().to_string().trim_end_matches('/').into()])
        .collect()
}

/// Kills every command of a scenario at its calls, at most so many of each.
fn at_calls(scenario: &Scenario, most: usize, tried: &mut usize) -> Found {
    let (place, stages) = Stage::all(scenario, "killed");
    let mut dice = Dice::of(scenario.name);
    for stage in &stages {
        for call in CALLS {
            let all = (1..=stage.calls(&place, call)).collect();
            for when in dice.some(all, most) {
                let fault = format!("{call}:signal=KILL:when={when}");
                let output = stage.run(&place, &fault);
                *tried += 1;
                stage
                    .survived(&place, &output)
                    .map_err(|what| format!("{what}\n{} {:?} {fault}", scenario.name, stage.args))?;
            }
        }
    }
    Ok(())
}

#[test]
fn a_kill_at_any_write_or_sync_loses_nothing() {
    let mut tried = 0;
    none(at_calls(&Scenario::append().first(), 12 * scale(), &mut tried));
    for scenario in [Scenario::import(), Scenario::erasure(), Scenario::migration(), Scenario::creation()] {
        none(at_calls(&scenario, 2 * scale(), &mut tried));
    }
    assert!(tried > 60, "only {tried} kills");
    eprintln!("{tried} kills at a call");
}

/// Kills a command after some time.
fn at_any_moment(place: &Place, stage: &Stage<'_>, micros: u64) -> Found {
    stage.put(place);
    let mut command = stage.scenario.program(place, stage.args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    thread::sleep(Duration::from_micros(micros));
    // It may be done already.
    let _ = child.kill();
    let output = child.wait_with_output().expect("it ends");
    stage
        .survived(place, &output)
        .map(drop)
        .map_err(|what| format!("{what}\n{:?} killed after {micros} µs", stage.args))
}

#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let scenario = Scenario::erasure();
    let (place, stages) = Stage::all(&scenario, "killed-at");
    let mut dice = Dice::of("killed-at");
    for _ in 0..40 * scale() {
        let stage = dice.pick(&stages);
        none(at_any_moment(&place, stage, dice.below(30_000) as u64));
    }
}
