//! The power goes: every write, truncation and sync of the program is recorded, and the states that a crash could leave are built from
//! them, opened again and judged.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use uuid::Uuid;

use super::disk::{Disk, Files};
use super::judge::{Known, judge};
use super::scenario::{Recording, STORE, Scenario, ids, put, told};
use super::trace::{Step, watch};
use super::{Dice, Found, none, scale};
use crate::survival::{Place, said};

/// One state in so many is also written to again, and one in so many crashed again while it recovers.
const REPEATED_ONE_IN: usize = 40;
const AGAIN_ONE_IN: usize = 60;

/// A state that a crash left.
struct Crashed<'r> {
    files: Files,
    /// The receipts that were told before.
    receipts: Vec<u8>,
    /// The ids that had been sent.
    sent: &'r [Uuid],
    /// How it came about.
    how: String,
}

/// Crashes the commands of a scenario in about so many ways; says how many states were judged.
pub fn replay(scenario: &Scenario, count: usize) -> Result<usize, String> {
    let (place, recording) = Recording::of(scenario, "crash");
    let mut dice = Dice::of(scenario.name);
    let mut disk = Disk::holding(&recording.before);
    let (mut seen, mut receipts, mut printed) = (HashSet::new(), Vec::new(), Vec::new());
    let each = count.div_ceil(recording.steps.len());
    for (at, step) in recording.steps.iter().enumerate() {
        if recording.begins.contains(&at) {
            printed.clear();
        }
        disk.take(step);
        if let Step::Told(bytes) = step {
            printed.extend(bytes);
            receipts.extend(told(&printed));
        }
        let begun = recording.begun(at + 1);
        let sent = &recording.ids[..recording.versions[begun] as usize];
        for _ in 0..each {
            let (files, lost) = disk.crashed(&mut dice);
            if seen.insert(fingerprint(&files, receipts.len())) {
                let how = format!("{} after step {at} ({}); {lost}", scenario.name, short(step));
                let crashed = Crashed { files, receipts: receipts.clone(), sent, how };
                survives(scenario, &place, &recording, &crashed, &mut dice)
                    .map_err(|what| format!("{what}\n{}", crashed.how))?;
            }
        }
    }
    Ok(seen.len())
}

fn survives(
    scenario: &Scenario,
    place: &Place,
    recording: &Recording,
    crashed: &Crashed<'_>,
    dice: &mut Dice,
) -> Found {
    let known = Known { receipts: &crashed.receipts, sent: crashed.sent, versions: &recording.versions };
    put(place, &crashed.files);
    judge(&place.path(STORE), &known)?;
    if dice.one_in(AGAIN_ONE_IN) {
        put(place, &crashed.files);
        crash_while_recovering(scenario, place, recording, crashed, dice)?;
    }
    if dice.one_in(REPEATED_ONE_IN) {
        put(place, &crashed.files);
        repeat(scenario, place, recording, crashed)?;
    }
    Ok(())
}

/// All commands once more: whatever had been stored is not stored twice, and the log ends as if nothing had happened.
fn repeat(scenario: &Scenario, place: &Place, recording: &Recording, crashed: &Crashed<'_>) -> Found {
    for args in &scenario.commands {
        let output = scenario.run(place, args);
        let exists = args[0] == "init" && said(&output).contains("file-exists");
        if !output.status.success() && !exists {
            return Err(format!("{args:?} again: {}", said(&output)));
        }
    }
    let last = &recording.versions[recording.versions.len() - 1..];
    judge(&place.path(STORE), &Known { receipts: &crashed.receipts, sent: &recording.ids, versions: last })?;
    if ids(place) == recording.ids { Ok(()) } else { Err("repeated, the log is another".into()) }
}

/// The first command after the crash is crashed too.
fn crash_while_recovering(
    scenario: &Scenario,
    place: &Place,
    recording: &Recording,
    crashed: &Crashed<'_>,
    dice: &mut Dice,
) -> Found {
    let args = &scenario.commands[scenario.commands.len() - 1];
    let seen = watch(place, &scenario.program(place, args));
    let mut disk = Disk::holding(&crashed.files);
    // Out of its turn, the last command may be refused, or end where no batch of the recording did.
    let versions: Vec<u64> = (recording.versions[0]..=recording.ids.len() as u64).collect();
    for (at, step) in seen.steps.iter().enumerate() {
        disk.take(step);
        if !disk.is_settled() || dice.one_in(4) {
            let (files, lost) = disk.crashed(dice);
            put(place, &files);
            let known = Known { receipts: &crashed.receipts, sent: &recording.ids, versions: &versions };
            judge(&place.path(STORE), &known)
                .map_err(|what| format!("{what}\nrecovering, after step {at} ({}); {lost}", short(step)))?;
        }
    }
    Ok(())
}

fn fingerprint(files: &Files, told: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (files, told).hash(&mut hasher);
    hasher.finish()
}

/// A step without its bytes.
fn short(step: &Step) -> String {
    match step {
        Step::Write(name, at, bytes) => format!("write {name} {at}+{}", bytes.len()),
        Step::Told(bytes) => format!("told {} bytes", bytes.len()),
        other => format!("{other:?}"),
    }
}

#[test]
fn no_crash_loses_what_was_acknowledged() {
    let mut tried = 0;
    for scenario in Scenario::all() {
        match replay(&scenario, 250 * scale()) {
            Ok(count) => tried += count,
            Err(what) => none(Err(what)),
        }
    }
    assert!(tried > 600, "only {tried} states were tried");
    eprintln!("{tried} states after a crash were judged");
}
