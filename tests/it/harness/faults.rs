//! A call to the system fails: each, with each error that a disk gives, once or from then on. Whoever is told "stored" has it, whoever is
//! told "not stored" has not, and whoever is told "unknown" runs the command again.

use std::collections::BTreeMap;

use super::killed::{CALLS, Stage};
use super::scenario::Scenario;
use super::{Dice, Found, none, scale};
use crate::survival::{PANIC, Place, said};

/// What comes back instead; the last is a write of nothing at all.
const ERRORS: [&str; 5] = ["error=EIO", "error=ENOSPC", "error=EDQUOT", "error=EROFS", "retval=0"];

/// A fault at one call; the code with which the program then says truly what is stored.
fn is_honest(place: &Place, stage: &Stage<'_>, fault: &str) -> Result<i32, String> {
    let output = stage.run(place, fault);
    let (code, words) = (output.status.code().unwrap_or(-1), said(&output));
    let is_stored = stage.survived(place, &output).map_err(|what| format!("{what}\nexit {code}: {words}"))?;
    let is_true = match code {
        0 => is_stored,
        1 => !stage.appends() || !is_stored,
        5 => true,
        _ => false,
    };
    let panics = code == PANIC || words.contains("panicked");
    if is_true && !panics { Ok(code) } else { Err(format!("stored: {is_stored}, exit {code}: {words}")) }
}

fn at_calls(scenario: &Scenario, most: usize, codes: &mut BTreeMap<i32, usize>) -> Found {
    let (place, stages) = Stage::all(scenario, "faults");
    let mut dice = Dice::of(scenario.name);
    for stage in &stages {
        for call in CALLS {
            let mut faults = Vec::new();
            for when in 1..=stage.calls(&place, call) {
                let errors = ERRORS.iter().filter(|error| call == "pwrite64" || !error.starts_with("retval"));
                faults
                    .extend(errors.flat_map(|error| ["", "+"].map(|then| format!("{call}:{error}:when={when}{then}"))));
            }
            for fault in dice.some(faults, most) {
                let code = is_honest(&place, stage, &fault)
                    .map_err(|what| format!("{what}\n{} {:?} {fault}", scenario.name, stage.args))?;
                *codes.entry(code).or_default() += 1;
            }
        }
    }
    Ok(())
}

#[test]
fn whatever_call_fails_the_program_says_truly_what_is_stored() {
    let mut codes = BTreeMap::new();
    none(at_calls(&Scenario::append().first(), 10 * scale(), &mut codes));
    for scenario in [Scenario::import(), Scenario::erasure(), Scenario::migration()] {
        none(at_calls(&scenario, 3 * scale(), &mut codes));
    }
    // A harness in which no call ever fails would find nothing.
    assert!(codes.get(&1).is_some_and(|count| *count > 30) && codes.contains_key(&5), "{codes:?}");
    eprintln!("calls failed; how the program ended: {codes:?}");
}
