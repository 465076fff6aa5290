//! Questions in SQL: they are asked of the same answers that the commands print, and of nothing else.

use std::process::{Command, Output};

use serde_json::Value;

const LOGS: [&str; 4] = [
    "events/istanbul-talks-as-printed.jsonl",
    "events/us-taliban-2018-2020.jsonl",
    "events/afghanistan-pakistan-2025.jsonl",
    "tests/it/goldens/kinds.jsonl",
];

/// Each table with the command that prints its rows.
const TABLES: [(&str, &str); 14] = [
    ("events", "log"),
    ("timeline", "timeline"),
    ("parties", "parties"),
    ("sources", "sources"),
    ("rounds", "rounds"),
    ("demands", "demands"),
    ("offers", "offers"),
    ("ceasefires", "ceasefires"),
    ("agreements", "agreements"),
    ("commitments", "commitments"),
    ("deadlines", "deadlines"),
    ("measures", "measures"),
    ("claims", "claims"),
    ("incidents", "incidents"),
];

fn talks(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).args(["--json", "-q"]).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("TALKS_STORE");
    command.output().expect("the program runs")
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    let output = talks(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{args:?}: {why}"))
}

#[track_caller]
fn rows(log: &str, question: &str, flags: &[&str]) -> Vec<Value> {
    let args = [&["query", question, "--log", log], flags].concat();
    json(&args)["data"]["rows"].as_array().expect("rows").clone()
}

/// What SQL says of a member, next to what the command says of it.
#[track_caller]
fn same(row: &Value, name: &str, member: &Value) {
    let said = &row[name];
    match member {
        Value::Object(date) if date.contains_key("edtf") => {
            assert_eq!(said, &date["edtf"]);
            for end in ["earliest", "latest"] {
                let open = date[end] == "..";
                let expected = if open { &Value::Null } else { &date[end] };
                assert_eq!(&row[format!("{name}_{end}")], expected, "{name}_{end}");
            }
        }
        Value::Bool(yes) => assert_eq!(said, &Value::from(i64::from(*yes)), "{name}"),
        Value::Array(_) | Value::Object(_) => {
            let said: Value = serde_json::from_str(said.as_str().expect("JSON text")).expect("JSON");
            assert_eq!(&said, member, "{name}");
        }
        plain => assert_eq!(said, plain, "{name}"),
    }
}

#[test]
fn a_table_says_what_its_command_says() {
    let whole = LOGS.map(|log| (log, &[][..]));
    for (log, flags) in whole.into_iter().chain([(LOGS[0], &["--corroborated"][..])]) {
        let flags = [&["--as-of", "2030-01-01"], flags].concat();
        for (table, command) in TABLES {
            let said = rows(log, &format!("SELECT * FROM {table} ORDER BY rowid"), &flags);
            let list = if table == "timeline" { "events" } else { table };
            let answer = json(&[&[command, "--log", log], &flags[..]].concat());
            let lines = answer["data"][list].as_array().expect("a list");
            assert_eq!(said.len(), lines.len(), "{table} {log}");
            for (row, line) in said.iter().zip(lines) {
                line.as_object().expect("a line").iter().for_each(|(name, member)| same(row, name, member));
            }
        }
    }
}

#[test]
fn every_table_and_column_that_is_named_can_be_asked_for() {
    let answer = json(&["query", "--schema"]);
    let columns = answer["data"]["columns"].as_array().expect("columns");
    assert!(columns.len() > 200 && columns.iter().all(|column| column["doc"] != ""));
    let mut asked: Vec<String> = Vec::new();
    for column in columns {
        let (table, name) = (column["table"].as_str().expect("a table"), column["column"].as_str().expect("a column"));
        asked.push(format!("(SELECT count(\"{name}\") FROM {table})"));
    }
    for some in asked.chunks(40) {
        assert_eq!(rows(LOGS[0], &format!("SELECT {}", some.join(" + ")), &[]).len(), 1);
    }
}

#[test]
fn a_question_is_asked_of_the_day_and_the_reading_that_the_flags_give() {
    let count = |flags: &[&str]| rows(LOGS[0], "SELECT count(*) AS n FROM timeline", flags)[0]["n"].clone();
    let all = count(&["--as-of", "2023-10-26"]).as_i64().expect("a number");
    let before = count(&["--as-of", "2023-10-19"]).as_i64().expect("a number");
    let one_side = count(&["--as-of", "2023-10-26", "--accounts-of", "pakistan"]).as_i64().expect("a number");
    assert!(before < all && one_side < all, "{before} {one_side} {all}");
    let frame = rows(LOGS[0], "SELECT as_of, reading ->> 'accounts_of' AS party FROM negotiation", &["--as-of", "e3"]);
    assert_eq!(frame.len(), 1);
}

#[test]
fn what_is_in_the_events_can_do_nothing() {
    let opening = r#"{"kind":"negotiation.opened","occurred":"2023-10-18","data":{"title":"T","parties":[{"party":"a","name":"A","kind":"state","role":["party"]}]}}"#;
    let evil = r#"{"kind":"statement.made","occurred":"2023-10-19","data":{"by":"a","act":"position","text":"'); DROP TABLE events; -- \u001b[31m"}}"#;
    let folder = crate::folder::fresh("query-evil");
    let log = folder.join("evil.jsonl");
    std::fs::write(&log, format!("{opening}\n{evil}\n")).expect("the log can be written");
    let log = log.to_str().expect("a path");
    assert_eq!(rows(log, "SELECT count(*) AS n FROM events", &[])[0]["n"], 2);
    for question in ["SELECT text FROM events", "SELECT 1 AS '\u{1b}[31m'"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
        command.args(["query", question, "--log", log, "--color", "always"]);
        let text = String::from_utf8(command.output().expect("the program runs").stdout).expect("UTF-8");
        assert!(text.contains("\\u{1b}[31m") && !text.contains("\u{1b}[31m"), "{text:?}");
    }
}
