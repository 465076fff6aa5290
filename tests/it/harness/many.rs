//! Many programs append at once, each killed now and then, and each repeats what was not answered.

use std::process::{Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use super::judge::{Known, judge};
use super::scenario::{STORE, Scenario, add, ids, told};
use super::trace::receipts;
use super::{Dice, Found, none, scale};
use crate::survival::{Place, said};

/// How long a writer waits for another before it says "busy"; a little less, for clocks.
const PATIENCE: Duration = Duration::from_millis(9_900);

/// Who appends, and how.
#[derive(Clone, Copy)]
pub struct Crowd {
    pub writers: usize,
    pub appends: usize,
    /// Whether each says at which version it expects the log.
    pub expects: bool,
}

/// What one writer was told.
struct Writer<'p> {
    scenario: &'p Scenario,
    place: &'p Place,
    dice: Dice,
    crowd: Crowd,
    told: Vec<u8>,
    last: u64,
}

impl Writer<'_> {
    /// Appends until it is answered.
    fn append(&mut self, number: u64) -> Found {
        for _ in 0..2_000 {
            let mut args = add(number);
            if self.crowd.expects {
                args.extend(["--expect-version".into(), self.last.to_string()]);
            }
            let began = Instant::now();
            let Some(output) = self.run(&args) else { continue };
            match output.status.code() {
                Some(0) => return self.answered(&output),
                Some(4) if self.crowd.expects => self.look()?,
                Some(1) if said(&output).contains("urn:talks:error:busy") => {
                    if began.elapsed() < PATIENCE {
                        return Err(format!("told \"busy\" after {:?}, without having waited", began.elapsed()));
                    }
                }
                code => return Err(format!("{args:?} ended with {code:?}: {}", said(&output))),
            }
        }
        Err(format!("append {number} never came through"))
    }

    /// Runs the program, and kills it one time in four; nothing is known then.
    fn run(&mut self, args: &[String]) -> Option<Output> {
        let mut command = self.scenario.program(self.place, args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let is_killed = self.dice.one_in(4);
        if is_killed {
            thread::sleep(Duration::from_micros(self.dice.below(40_000) as u64));
            let _ = child.kill();
        }
        let output = child.wait_with_output().expect("it ends");
        let is_done = output.status.code().is_some();
        // What was told before the kill was told.
        self.told.extend(if is_done { Vec::new() } else { told(&output.stdout) });
        is_done.then_some(output)
    }

    fn answered(&mut self, output: &Output) -> Found {
        let receipt = receipts(&output.stdout).pop().ok_or("exit 0 without a receipt")?;
        let listed = |name: &str| receipt[name].as_array().map_or(&[][..], Vec::as_slice).first().cloned();
        let event = listed("events").or(listed("already")).unwrap_or(Value::Null);
        let version = event["event"].as_str().and_then(|event| event[1..].parse::<u64>().ok()).ok_or("no event")?;
        if !self.crowd.expects && version <= self.last {
            return Err(format!("e{version} was answered after e{}", self.last));
        }
        self.last = receipt["version"].as_u64().unwrap_or_default().max(version);
        self.told.extend(told(&output.stdout));
        Ok(())
    }

    /// Looks where the log stands now.
    fn look(&mut self) -> Found {
        let output = self.scenario.run(self.place, &["log".into(), "-N".into(), "1".into(), "--json".into()]);
        let page: Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("{error}: {}", said(&output)))?;
        let version = page["version"].as_str().and_then(|event| event[1..].parse().ok()).or(page["version"].as_u64());
        self.last = version.ok_or_else(|| format!("no version in {page}"))?;
        Ok(())
    }
}

/// Lets them all append, and judges what is left.
pub fn appending(scenario: &Scenario, crowd: Crowd) -> Found {
    let (place, _) = scenario.begin(&format!("many-{}-{}", crowd.writers, crowd.expects));
    let before = ids(&place);
    let write = |writer: usize| -> Result<Vec<u8>, String> {
        let dice = Dice::of(&format!("writer {writer}"));
        let (told, last) = (Vec::new(), before.len() as u64);
        let mut writer_of = Writer { scenario, place: &place, dice, crowd, told, last };
        for number in 0..crowd.appends {
            writer_of.append(number_of(writer, number))?;
        }
        Ok(writer_of.told)
    };
    let answers: Result<Vec<Vec<u8>>, String> = thread::scope(|scope| {
        let write = &write;
        let writers: Vec<_> = (0..crowd.writers).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().map(|writer| writer.join().expect("a writer")).collect()
    });
    let receipts = answers?.concat();
    let sent: Vec<Uuid> = before.iter().copied().chain(sent(crowd)).collect();
    let versions = [sent.len() as u64];
    judge(&place.path(STORE), &Known { receipts: &receipts, sent: &sent, versions: &versions }).map(drop)
}

fn number_of(writer: usize, number: usize) -> u64 {
    (writer * 1_000_000 + number + 1) as u64
}

/// The ids of all that they append.
fn sent(crowd: Crowd) -> impl Iterator<Item = Uuid> {
    let numbers = (0..crowd.writers).flat_map(move |writer| (0..crowd.appends).map(move |at| number_of(writer, at)));
    numbers.map(super::scenario::id)
}

#[test]
fn eight_programs_that_are_killed_now_and_then_lose_nothing() {
    none(appending(&Scenario::append(), Crowd { writers: 8, appends: 8 * scale(), expects: false }));
}

#[test]
fn thirty_two_programs_that_are_killed_now_and_then_lose_nothing() {
    none(appending(&Scenario::append(), Crowd { writers: 32, appends: 2 * scale(), expects: false }));
}

#[test]
fn eight_programs_that_each_expect_a_version_lose_nothing() {
    none(appending(&Scenario::append(), Crowd { writers: 8, appends: 2 * scale(), expects: true }));
}
