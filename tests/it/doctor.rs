//! `talks doctor` and `talks config`: what is so on this machine, and why.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn talks(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).current_dir(folder).env_clear().env("HOME", folder).envs(variables.iter().copied());
    command.output().expect("the program runs")
}

#[track_caller]
fn json(folder: &Path, args: &[&str], exit: i32) -> Value {
    let output = talks(folder, &[args, &["--json"]].concat(), &[]);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What is said of one thing that was looked at, and whether it is as it should be.
fn looked(answer: &Value, what: &str) -> (String, bool) {
    let all = answer["data"]["looked"].as_array().expect("a list").iter();
    let found = all.into_iter().find(|looked| looked["what"] == what).unwrap_or_else(|| panic!("no {what}: {answer}"));
    (found["says"].as_str().expect("words").into(), found["ok"].as_bool().expect("yes or no"))
}

/// The value of a setting, and where it comes from.
fn setting(folder: &Path, args: &[&str], variables: &[(&str, &str)], name: &str) -> (String, String) {
    let output = talks(folder, &[&["config", "--json"], args].concat(), variables);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = answer["data"]["settings"].as_array().expect("a list");
    let found = all.iter().find(|setting| setting["name"] == name).unwrap_or_else(|| panic!("no {name}: {answer}"));
    (found["value"].as_str().unwrap_or("none").into(), found["from"].as_str().expect("words").into())
}

fn says(value: &str, from: &str) -> (String, String) {
    (value.into(), from.into())
}

#[test]
fn a_store_that_is_as_it_should_be_is_told_from_one_that_is_not() {
    let folder = crate::folder::fresh("doctor");
    let nothing = json(&folder, &["doctor"], 0);
    assert!(looked(&nothing, "store").0.starts_with("none here"), "{nothing}");

    json(&folder, &["init"], 0);
    json(
        &folder,
        &["open", "ports", "--title", "Ports", "--party", "a=A:union", "--party", "b=B:union", "--zone", "+02:00"],
        0,
    );
    let fine = json(&folder, &["doctor"], 0);
    assert_eq!(fine["data"]["ok"], true);
    assert_eq!(looked(&fine, "store"), ("talks.db (the nearest one upwards)".into(), true));
    assert!(looked(&fine, "contents").0.contains("1 negotiation; user_version 2, journal_mode wal"), "{fine}");
    assert_eq!(looked(&fine, "zone").0, "+02:00, of the negotiation");

    let missing = json(&folder, &["doctor", "--store", "no.db"], 1);
    assert_eq!(looked(&missing, "store"), ("no.db (--store): there is no store no.db".into(), false));
    std::fs::write(folder.join("text.db"), "no database").expect("a file can be written");
    assert!(!looked(&json(&folder, &["doctor", "--store", "text.db"], 1), "store").1);
}

#[cfg(unix)]
#[test]
fn a_store_that_others_can_read_is_amiss() {
    let folder = crate::folder::fresh("doctor-mode");
    json(&folder, &["init"], 0);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(folder.join("talks.db"), mode).expect("the mode can be changed");
    // SQLite gives the files beside it the mode of the store.
    let (says, is_fine) = looked(&json(&folder, &["doctor"], 1), "mode");
    assert!(says.starts_with("others can read talks.db") && !is_fine, "{says}");
}

#[test]
fn a_setting_says_where_it_comes_from() {
    let folder = crate::folder::fresh("config");
    json(&folder, &["init"], 0);
    let of = |args: &[&str], variables: &[(&str, &str)], name: &str| setting(&folder, args, variables, name);
    assert_eq!(of(&[], &[], "store"), says("talks.db", "the nearest one upwards"));
    assert_eq!(of(&[], &[("TALKS_STORE", "x.db")], "store"), says("x.db", "TALKS_STORE"));
    assert_eq!(of(&["--store", "y.db"], &[("TALKS_STORE", "x.db")], "store"), says("y.db", "--store"));
    assert_eq!(of(&[], &[("TALKS_RECORDER", "ann")], "recorder"), says("ann", "TALKS_RECORDER"));
    assert_eq!(of(&[], &[("PAGER", "more"), ("TALKS_PAGER", "cat")], "pager"), says("cat", "TALKS_PAGER"));
    assert_eq!(of(&["--no-pager"], &[("PAGER", "more")], "pager"), says("none", "--no-pager"));
    assert_eq!(of(&[], &[("COLUMNS", "100")], "width"), says("100", "COLUMNS"));
    assert_eq!(of(&[], &[], "color"), says("off", "the output is no terminal"));
    assert_eq!(of(&[], &[("CLICOLOR_FORCE", "1")], "color"), says("on", "CLICOLOR_FORCE"));
    assert_eq!(of(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], "color"), says("off", "NO_COLOR"));
    assert_eq!(of(&["--color", "always"], &[("NO_COLOR", "1")], "color"), says("on", "--color"));
    assert_eq!(of(&["--log", "a.jsonl"], &[], "log"), says("a.jsonl", "--log"));
}
