//! What a shell is answered that asks how a word can go on, and the pages that are made of the same declarations.

use std::process::{Command, Output, Stdio};

const LOG: &str = "events/istanbul-talks-as-printed.jsonl";

fn talks(shell: Option<&str>, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(words).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command.env_remove("TALKS_STORE").env("HOME", env!("CARGO_TARGET_TMPDIR")).env_remove("XDG_DATA_HOME");
    if let Some(shell) = shell {
        // The word to be completed is the last one.
        let place = words.len().saturating_sub(2);
        command.env("TALKS_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", place.to_string()).env("_CLAP_IFS", "\n");
    }
    command.output().expect("the program runs")
}

#[track_caller]
fn offered(line: &[&str]) -> Vec<String> {
    let output = talks(Some("zsh"), &[&["--", "talks"], line].concat());
    assert_eq!(output.status.code(), Some(0), "{line:?}");
    assert!(output.stderr.is_empty(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(ToString::to_string).collect()
}

#[track_caller]
fn offers(line: &[&str], names: &[&str]) {
    let found = offered(line);
    let name = |line: &String| line.split(':').next().unwrap_or_default().to_string();
    assert_eq!(found.iter().map(name).collect::<Vec<_>>(), names, "{line:?}");
}

#[test]
fn names_of_the_log_on_the_line_are_offered() {
    offers(&["show", "--log", LOG, "D"], &["D1"]);
    offers(&[&format!("--log={LOG}"), "why", "R"], &["R1", "R2"]);
    offers(&["timeline", "--log", LOG, "--source", ""], &["S1"]);
    offers(&["status", "--log", LOG, "--accounts-of", "p"], &["pakistan"]);
    assert!(offered(&["show", "--log", LOG, "D"])[0].starts_with("D1:Pakistan"));
    assert!(offered(&["show", "--log", LOG, "e1"]).len() > 5);
}

#[test]
fn commands_kinds_and_topics_are_offered_without_a_log() {
    offers(&["dem"], &["demo", "demands"]);
    offers(&["add", "measure."], &["measure.taken", "measure.lifted"]);
    offers(&["help", "exit"], &["exit-codes"]);
    offers(&["completions", "z"], &["zsh"]);
}

#[test]
fn what_an_event_can_say_is_offered_field_by_field() {
    let add = |words: &[&'static str]| [&["--log", LOG, "add"], words].concat();
    let first = |words: &[&'static str], count: usize| offered(&add(words)).into_iter().take(count).collect::<Vec<_>>();
    offers(&add(&["demand", "pakistan", "afg"]), &["afghanistan"]);
    offers(&add(&["demand.a", "D1", "-w", "today", "pakistan", "rej"]), &["rejected"]);
    offers(&add(&["demand", "wei"]), &["weight="]);
    offers(&add(&["demand", "of=pak"]), &["of=pakistan"]);
    offers(&add(&["demand", "weight=red"]), &["weight=red-line"]);
    // As bash has it: `=` is a word, and at the end of the line none at all.
    offers(&add(&["demand", "of", "=", "pak"]), &["pakistan"]);
    assert_eq!(first(&["demand", "weight", ""], 2), ["primary", "secondary"]);
    assert_eq!(first(&["round.c", ""], 2).iter().map(|line| &line[..2]).collect::<Vec<_>>(), ["R2", "R1"]);
}

#[test]
fn flags_are_offered_where_one_is_begun_or_nothing_else_would_do() {
    assert!(!offered(&["add", "measure", "--log", LOG, ""]).iter().any(|word| word.starts_with('-')));
    offers(&["add", "measure", "--quo"], &["--quote"]);
    assert!(offered(&["status", ""]).iter().any(|word| word.starts_with("--as-of")));
}

#[test]
fn where_anything_is_wrong_nothing_is_offered_and_nothing_is_said() {
    for line in [
        &["show", "--log", "no-such-file", ""][..],
        &["show", "--log", "Cargo.toml", ""],
        // It would wait for the terminal for ever.
        &["show", "--log", "-", ""],
        &["show", "--log=-", ""],
        &["show", "--log", ""],
        &["show", ""],
        &["-n", ""],
    ] {
        let file = line.contains(&"--log") && line.len() == 3;
        let found = offered(line);
        assert!(file || found.iter().all(|word| word.starts_with("--")), "{line:?}: {found:?}");
    }
    let output = talks(Some("no-such-shell"), &["--", "talks", ""]);
    assert!(output.stdout.is_empty() && output.stderr.is_empty() && output.status.code() == Some(1));
}

#[test]
fn what_stands_in_a_log_steers_no_shell() {
    let opening = r#"{"kind":"negotiation.opened","occurred":"2023-10-18","data":{"title":"T","parties":[{"party":"a","name":"A\u001b[2J","kind":"state","role":["party"]}]}}"#;
    let log = crate::folder::fresh("complete-evil").join("evil.jsonl");
    std::fs::write(&log, format!("{opening}\n")).expect("the log can be written");
    let found = offered(&["--log", log.to_str().expect("a path"), "status", "--accounts-of", ""]).join("\n");
    assert!(found.contains("u{1b}") && !found.contains('\u{1b}'), "{found:?}");
}

#[test]
fn a_shell_is_given_lines_that_make_it_ask() {
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(talks(None, &["completions", shell]).stdout).expect("UTF-8");
        assert!(script.contains("TALKS_COMPLETE=") && script.contains(shell), "{script}");
    }
    let mut bash = Command::new("bash");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_talks")).parent().expect("a folder");
    let script = format!(
        "PATH={}:$PATH; source <(talks completions bash); COMP_WORDS=(talks show --log {LOG} D); COMP_CWORD=4
         _clap_complete_talks talks D {LOG}; echo \"${{COMPREPLY[@]}}\"",
        program.display()
    );
    let Ok(output) = bash.arg("-c").arg(script).current_dir(env!("CARGO_MANIFEST_DIR")).output() else { return };
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "D1");
}

#[test]
fn every_command_has_a_manual_page() {
    let page = |words: &[&str]| String::from_utf8(talks(None, words).stdout).expect("UTF-8");
    assert!(page(&["man"]).contains(".TH talks 1"));
    assert!(page(&["man", "demands"]).contains("talks\\-demands \\- What is asked of whom"));
    assert_eq!(talks(None, &["man", "demnads"]).status.code(), Some(2));
}
