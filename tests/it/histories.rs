//! Four real negotiations, asked day by day: what is known to have been so comes out.
//!
//! `histories/NAME.txt` is a table of facts about one log of `events/`. A line that begins with `# ` says a fact in words. The line
//! with `$ ` under it is the command that must show it, run on that log as it lies in the repository. Each line after that is a
//! check of what the command prints:
//!
//!     + TEXT                        this stands in it
//!     - TEXT                        this stands nowhere in it
//!     = LIST HANDLE FIELD VALUE     with --json, this field of the item with this handle has this value
//!     = PART FIELD VALUE            the same of a part that is no list, such as `talks`
//!
//! Any run of white space counts as one space. A FIELD may be a path: `by_party.farc`, `answers.0.answer`. A command must leave
//! with 0 and complain of nothing. A fact without a check is none.
//!
//! The tables hold only what the sources of a log settle, so a change of the program that breaks a line has made an answer false.
//! That a store says the same as the file is the law of `kept`.

#[cfg(unix)]
mod kept;

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// One command of a table, and the checks under it with their lines, counted from 1.
struct Step<'a> {
    line: usize,
    command: &'a str,
    checks: Vec<(usize, &'a str)>,
}

#[test]
fn afghanistan_and_pakistan_come_out_as_they_were() {
    holds("afghanistan-pakistan-2025", include_str!("histories/afghanistan-pakistan.txt"), 61);
}

#[test]
fn the_united_states_and_the_taliban_come_out_as_they_were() {
    holds("us-taliban-2018-2020", include_str!("histories/us-taliban.txt"), 46);
}

#[test]
fn colombia_and_the_farc_come_out_as_they_were() {
    holds("colombia-farc-2012-2016", include_str!("histories/colombia-farc.txt"), 40);
}

#[test]
fn the_strike_of_the_writers_comes_out_as_it_was() {
    holds("wga-strike-2023", include_str!("histories/wga-strike.txt"), 42);
}

#[test]
fn a_table_that_asks_for_anything_else_is_found_out() {
    let wrong = [
        "$ status\n+ no such words",
        "$ status\n- CLOSED",
        "$ status\n= talks state paused",
        "$ status\n= talks no.such.field closed",
        "$ agreements\n= agreements A99 stage signed",
        "$ status --as-of never\n+ CLOSED",
        "$ status\n# no check",
    ];
    for table in wrong {
        assert_eq!(failures("wga-strike-2023", &steps(table)).len(), 1, "{table}");
    }
    let right = steps("# closed\n$ status\n+ Talks CLOSED\n- PAUSED\n= talks state closed\n");
    assert!(failures("wga-strike-2023", &right).is_empty());
}

#[track_caller]
fn holds(log: &str, table: &str, at_least: usize) {
    let steps = steps(table);
    let failures = failures(log, &steps);
    assert!(failures.is_empty(), "{log}\n\n{}", failures.join("\n\n"));
    assert!(steps.len() >= at_least, "only {} facts were found about {log}", steps.len());
}

fn steps(table: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for (line, text) in (1..).zip(table.lines()) {
        match text.split_once(' ') {
            Some(("$", command)) => steps.push(Step { line, command, checks: Vec::new() }),
            Some(("+" | "-" | "=", _)) => {
                steps.last_mut().expect("a command stands before its checks").checks.push((line, text));
            }
            _ => assert!(text.is_empty() || text.starts_with('#'), "line {line} is none of a table's: {text}"),
        }
    }
    steps
}

/// Every check that does not hold, with its line.
fn failures(log: &str, steps: &[Step<'_>]) -> Vec<String> {
    let log = events(log);
    let mut said = HashMap::new();
    let mut failures = Vec::new();
    for Step { line, command, checks } in steps {
        if checks.is_empty() {
            failures.push(format!("{line}: $ {command}\nis followed by no check"));
        }
        for (line, check) in checks {
            let json = check.starts_with('=') && !command.ends_with("--json");
            let whole = format!("{command} --log {log}{}", if json { " --json" } else { "" });
            let answer = said.entry(whole).or_insert_with_key(|whole| talks(&whole.split(' ').collect::<Vec<_>>()));
            if let Err(why) = answer.as_ref().map_err(String::clone).and_then(|answer| look(answer, check)) {
                failures.push(format!("{line}: $ {command}\n{check}\n{why}"));
            }
        }
    }
    failures
}

/// Looks for what a check asks for, or says what is there instead.
fn look(answer: &str, check: &str) -> Result<(), String> {
    let (mark, wanted) = check.split_at(1);
    if mark == "=" {
        return value(answer, wanted.trim());
    }
    let stands = squeezed(answer).contains(&squeezed(wanted));
    if stands == (mark == "+") { Ok(()) } else { Err(answer.to_owned()) }
}

/// Looks for a value in the JSON of an answer.
fn value(answer: &str, wanted: &str) -> Result<(), String> {
    let answer: Value = serde_json::from_str(answer).map_err(|error| error.to_string())?;
    let mut words = wanted.splitn(2, ' ');
    let mut next = || words.next().map(str::to_owned).unwrap_or_default();
    let (list, mut rest) = (next(), next());
    let mut item = &answer["data"][&list];
    if let Some(items) = item.as_array() {
        let (handle, fields) = rest.split_once(' ').ok_or("a list is asked by handle")?;
        item = items.iter().find(|item| item["handle"] == handle).ok_or(format!("no {handle} in {list}"))?;
        rest = fields.to_owned();
    }
    let (field, wanted) = rest.split_once(' ').ok_or("a field and a value are wanted")?;
    let found = match item.pointer(&format!("/{}", field.replace('.', "/"))) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => return Err(format!("there is no {field}")),
    };
    if found == wanted { Ok(()) } else { Err(format!("it is {found}")) }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The path of a log that ships.
pub(crate) fn events(log: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("events/{log}.jsonl")).display().to_string()
}

/// What a command prints that works and complains of nothing, run with nothing of the surroundings; or how it failed.
pub(crate) fn talks(args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).env_clear().env("COLUMNS", "200").env("NO_COLOR", "1").stdin(Stdio::null());
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !said.is_empty() {
        return Err(format!("{}\n{said}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
