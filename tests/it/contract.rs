//! The machine contract, kept by the program itself: every reading command, over every log, in JSON and CSV.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PRINTED: &str = "events/istanbul-talks-as-printed.jsonl";
const CORRECTIONS: &str = "events/istanbul-talks-corrections.jsonl";
const KINDS: &str = "tests/it/goldens/kinds.jsonl";

/// The logs, each with the day it is asked for, and a party of it.
const LOGS: [(&[&str], &str, &str); 4] = [
    (&["--log", PRINTED], "2023-10-26", "afghanistan"),
    (&["--log", PRINTED], "2023-10-22", "pakistan"),
    (&["--log", PRINTED, "--log", CORRECTIONS], "2025-10-30", "pakistan"),
    (&["--log", KINDS], "2030-01-01", "amptp"),
];

/// Stands for the party of the log.
const PARTY: &str = "PARTY";

/// Each reading command, with its arguments and the list in its `data` that is a table.
const COMMANDS: &[(&[&str], Option<&str>)] = &[
    (&["status"], None),
    (&["demands"], Some("demands")),
    (&["offers"], Some("offers")),
    (&["ceasefires"], Some("ceasefires")),
    (&["agreements"], Some("agreements")),
    (&["commitments"], Some("commitments")),
    (&["measures"], Some("measures")),
    (&["rounds"], Some("rounds")),
    (&["claims"], Some("claims")),
    (&["deadlines"], Some("deadlines")),
    (&["due"], Some("due")),
    (&["search", "the"], Some("found")),
    (&["incidents"], Some("incidents")),
    (&["incidents", "--by-accuser"], Some("accusations")),
    (&["parties"], Some("parties")),
    (&["party", PARTY], None),
    (&["sources"], Some("sources")),
    (&["timeline"], Some("events")),
    (&["timeline", "--svg"], None),
    (&["log"], Some("events")),
    (&["query", "SELECT handle, by FROM demands"], Some("rows")),
    (&["show", "e1"], None),
    (&["why", "e1"], None),
    (&["replay"], Some("steps")),
    (&["diff", "2000-01-01"], Some("changes")),
    (&["diff", "--between", "everyone", "corroborated"], Some("lines")),
    (&["brief", "--since", "2000-01-01"], None),
];

const TOP: [&str; 12] = [
    "negotiation",
    "log",
    "as_of",
    "known_by",
    "recorded_by",
    "certain",
    "reading",
    "version",
    "root",
    "rules",
    "complete",
    "data",
];

fn talks(args: &[&str]) -> Output {
    talks_given(args, b"")
}

#[track_caller]
fn talks_given(args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("TALKS_STORE").env("HOME", env!("CARGO_TARGET_TMPDIR")).env_remove("XDG_DATA_HOME");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    // A program that fails before it reads has closed its end.
    let _ = child.stdin.take().expect("an input").write_all(input);
    child.wait_with_output().expect("the program ends")
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    let output = talks(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}"))
}

/// The name of the schema of what a command prints.
fn schema_of(command: &[&'static str]) -> &'static str {
    match command {
        ["incidents", "--by-accuser"] => "accusations",
        ["diff", "--between", ..] => "readings",
        ["timeline", "--svg"] => "courses",
        _ => command[0],
    }
}

fn of_party<'a>(command: &[&'a str], party: &'a str) -> Vec<&'a str> {
    command.iter().map(|word| if *word == PARTY { party } else { *word }).collect()
}

/// Every command over every log, with the name of its schema and what it printed.
#[track_caller]
fn answers() -> Vec<(&'static str, String, Value)> {
    let mut answers = Vec::new();
    for (log, day, party) in LOGS {
        for (command, _) in COMMANDS {
            let args = [&of_party(command, party)[..], log, &["--as-of", day, "--json", "-q"]].concat();
            answers.push((schema_of(command), args.join(" "), json(&args)));
        }
    }
    answers
}

/// Visits every object, with the way to it.
fn objects<'a>(value: &'a Value, way: &str, visit: &mut impl FnMut(&str, &'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(way, fields);
            fields.iter().for_each(|(name, value)| objects(value, &format!("{way}.{name}"), visit));
        }
        Value::Array(values) => values.iter().for_each(|value| objects(value, way, visit)),
        _ => {}
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn every_answer_has_the_frame_and_keeps_its_schema() {
    for (command, asked, answer) in answers() {
        assert_eq!(keys(&answer), TOP, "{asked}");
        assert!(answer["data"].is_object(), "{asked}");
        let schema = json(&["schema", command]);
        let validator = jsonschema::draft202012::new(&schema).unwrap_or_else(|e| panic!("{command}: {e}"));
        let errors: Vec<String> =
            validator.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{asked}: {errors:#?}");
    }
}

#[test]
fn every_item_has_its_basis() {
    let is_event = |name: &Value| {
        let digits = name.as_str().and_then(|name| name.strip_prefix('e'));
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    for (command, asked, answer) in answers() {
        let lists: Vec<(&str, &Value)> = match command {
            "accusations" => vec![("accusations", &answer["data"]["accusations"])],
            "log" | "show" | "why" | "replay" | "diff" | "readings" | "search" | "brief" | "courses" | "query" => {
                Vec::new()
            }
            "status" | "party" => {
                let named = |list: &&str| !matches!(*list, "anomalies" | "incidents" | "silence_days" | "events");
                let all = keys(&answer["data"]).into_iter().filter(named).map(|list| (list, &answer["data"][list]));
                all.filter(|(_, list)| list.is_array()).collect()
            }
            _ => keys(&answer["data"]).into_iter().map(|list| (list, &answer["data"][list])).collect(),
        };
        for (list, items) in lists {
            for item in items.as_array().unwrap_or_else(|| panic!("{asked}: {list} is no list")) {
                let basis = item["basis"].as_array().unwrap_or_else(|| panic!("{asked}: {item} has no basis"));
                assert!(!basis.is_empty() && basis.iter().all(is_event), "{asked}, {list}: {item}");
                assert!(item["possible"].is_boolean() && item["disputed_by"].is_array(), "{asked}, {list}");
                assert!(item.get("id").is_some(), "{asked}, {list}");
            }
        }
    }
}

#[test]
fn everything_a_party_said_has_its_basis() {
    let answer = json(&["party", "amptp", "--log", "events/wga-strike-2023.jsonl", "--json"]);
    let issues = answer["data"]["issues"].as_array().expect("a list");
    let said: Vec<&Value> = issues.iter().flat_map(|issue| issue["said"].as_array().expect("a list")).collect();
    assert!(said.len() > 10);
    for item in said {
        assert_eq!(item["basis"][0], item["event"], "{item}");
    }
}

#[test]
fn every_date_has_its_first_and_last_instant() {
    for (_, asked, answer) in answers() {
        objects(&answer, "", &mut |way, fields| {
            if fields.contains_key("edtf") {
                assert!(fields["earliest"].is_string() && fields["latest"].is_string(), "{asked}: {way}");
            }
        });
    }
}

#[test]
fn the_names_of_the_fields_are_those_of_the_contract() {
    let answer = json(&["status", "--log", PRINTED, "--as-of", "2023-10-26", "--json"]);
    let data = &answer["data"];
    let has = |what: &str, value: &Value, names: &str| {
        let missing: Vec<&str> = names.split(' ').filter(|name| value.get(name).is_none()).collect();
        assert!(missing.is_empty(), "{what} lacks {missing:?}");
    };
    has(
        "data",
        data,
        "talks rounds parties demands offers ceasefires agreements commitments deadlines measures claims incidents due \
         anomalies silence_days",
    );
    has("talks", &data["talks"], "state round place since how last_outcome next");
    has("a demand", &data["demands"][0], "handle by of text weight answers fate open since move");
    has(
        "a ceasefire",
        &data["ceasefires"][0],
        "handle called parties state by_party last_heard observed since until violations",
    );
    has("violations", &data["ceasefires"][0]["violations"], "alleged denied acknowledged");
    has("a claim", &data["claims"][0], "handle by text standing");
    has("incidents", &data["incidents"], "count tolls");

    let kinds = json(&["status", "--log", KINDS, "--as-of", "2030-01-01", "--json", "-q"]);
    has("an agreement", &kinds["data"]["agreements"][0], "handle title stage form by_party until");
    has("a commitment", &kinds["data"]["commitments"][0], "handle due level state");
    let answered = |demand: &&Value| demand["answers"].as_array().is_some_and(|answers| !answers.is_empty());
    let demands = kinds["data"]["demands"].as_array().expect("a list");
    has("an answer", &demands.iter().find(answered).expect("an answered demand")["answers"][0], "party answer");
}

#[test]
fn a_table_is_csv_with_a_header_and_crlf() {
    for (log, day, party) in LOGS {
        for (command, table) in COMMANDS {
            let command = &of_party(command, party)[..];
            let output = talks(&[command, log, &["--as-of", day, "--csv", "-q"]].concat());
            let Some(list) = table else {
                assert_eq!(output.status.code(), Some(2), "{command:?} is no table");
                continue;
            };
            assert_eq!(output.status.code(), Some(0), "{command:?}");
            let text = String::from_utf8(output.stdout).expect("CSV is UTF-8");
            assert!(!text.replace("\r\n", "").ends_with('\n') && text.ends_with("\r\n"), "{command:?}: {text:?}");
            let rows = json(&[command, log, &["--as-of", day, "--json", "-q"]].concat());
            let rows = rows["data"][list].as_array().expect("a list").len();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            assert_eq!(reader.records().filter(Result::is_ok).count(), rows, "{command:?} {log:?}");
        }
    }
}

#[test]
fn a_flag_may_stand_before_or_after_the_command() {
    let before = talks(&["--as-of", "2023-10-25", "--log", PRINTED, "--json", "status"]);
    let after = talks(&["status", "--json", "--log", PRINTED, "--as-of", "2023-10-25"]);
    assert_eq!(before.status.code(), Some(0));
    assert_eq!(before.stdout, after.stdout);
}

#[test]
fn a_dash_is_standard_input() {
    let text = std::fs::read(format!("{}/{PRINTED}", env!("CARGO_MANIFEST_DIR"))).expect("the story is there");
    let output = talks_given(&["demands", "--log", "-", "--as-of", "2023-10-26", "--json"], &text);
    assert_eq!(output.status.code(), Some(0));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["negotiation"], "stdin");
    assert_eq!(answer["data"]["demands"][0]["handle"], "D1");
}

#[test]
fn every_answer_says_whose_account_it_is_and_how_much_fell_out() {
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !command.contains(&"--between")) {
        let args = [
            &of_party(command, "pakistan")[..],
            &["--log", PRINTED, "--as-of", "2023-10-26", "--accounts-of", "pakistan"],
        ]
        .concat();
        let answer = json(&[&args[..], &["--json"]].concat());
        assert_eq!(
            answer["reading"],
            serde_json::json!({ "accounts_of": "pakistan", "corroborated": false, "left_out": 3 })
        );
        let text = String::from_utf8(talks(&args).stdout).expect("UTF-8");
        let head = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let says = match command[0] {
            "brief" => "This is the account of Pakistan alone; 3 events of others left out.",
            _ => "by the account of Pakistan (3 events left out)",
        };
        assert!(head.contains(says), "{args:?}: {head}");
    }
}

#[test]
fn no_answer_draws_on_an_event_that_its_reading_leaves_out() {
    let asked = |command: &[&str]| {
        json(
            &[command, &["--log", PRINTED, "--as-of", "2023-10-26", "--accounts-of", "afghanistan", "--json"]].concat(),
        )
    };
    let log = asked(&["log"]);
    let out: Vec<Value> = log["data"]["events"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|line| line["counts"] == false)
        .map(|line| line["event"].clone())
        .collect();
    assert_eq!(out.len() as u64, log["reading"]["left_out"].as_u64().expect("a count"));
    for (command, list, field) in [
        (&["timeline"][..], "events", "event"),
        (&["search", "the"], "found", "event"),
        (&["sources"], "sources", "cited_by"),
    ] {
        let answer = asked(command);
        let items = answer["data"][list].as_array().expect("a list");
        let named: Vec<&Value> = items
            .iter()
            .flat_map(|item| item[field].as_array().map_or(vec![&item[field]], |all| all.iter().collect()))
            .collect();
        assert!(named.len() > 5 && !named.iter().any(|event| out.contains(event)), "{command:?}: {named:?}");
    }
}

#[test]
fn two_readings_of_one_day_are_told_apart_line_by_line() {
    let args = ["diff", "--between", "everyone", "afghanistan", "--log", PRINTED, "--as-of", "2023-10-26", "--json"];
    let answer = json(&args);
    assert_eq!(answer["reading"]["accounts_of"], Value::Null);
    let data = &answer["data"];
    assert_eq!(data["second"]["accounts_of"], "afghanistan");
    let only = data["events"].as_array().expect("events");
    assert_eq!(only.len() as u64, data["second"]["left_out"].as_u64().expect("a count"));
    assert!(only.iter().all(|event| event["only"] == "first"), "{only:?}");
    let demand = data["lines"].as_array().expect("lines").iter().find(|line| line["what"] == "D1").expect("D1");
    assert_eq!((&demand["first"], &demand["second"]), (&"open".into(), &Value::Null));
    assert_eq!(
        String::from_utf8(talks(&[&args[..8], &["--csv"]].concat()).stdout).expect("UTF-8").lines().next(),
        Some("what,text,first,second,events")
    );
}

#[test]
fn an_error_in_json_is_a_problem_on_standard_error() {
    let wrong: &[(&[&str], i32, &str)] = &[
        (&["status", "--log", "no-such-file.jsonl"], 1, "unreadable"),
        (&["status"], 2, "no-store"),
        (&["status", "--log", PRINTED, "--as-of", "10/11/2023"], 2, "ambiguous-date"),
        (&["why", "D9", "--log", PRINTED], 1, "no-such-name"),
        (&["status", "--log", PRINTED, "--accounts-of", "atlantis"], 2, "no-such-party"),
        (&["diff", "2023-10-26", "2023-10-20", "--log", PRINTED], 2, "reversed-dates"),
        (&["diff", "--between", "everyone", "atlantis", "--log", PRINTED], 2, "no-such-party"),
        (&["diff", "--between", "everyone", "pakistan", "--corroborated", "--log", PRINTED], 2, "two-readings"),
        (&["diff", "2023-10-26", "--between", "everyone", "pakistan", "--log", PRINTED], 2, "usage"),
        (&["demnads", "--log", PRINTED], 2, "usage"),
        (&["status", "--asof", "e1", "--log", PRINTED], 2, "usage"),
        (&["timeline", "--party", "atlantis", "--log", PRINTED], 2, "no-such-party"),
        (&["party", "atlantis", "--log", PRINTED], 2, "no-such-party"),
        (&["rounds", "--with", "atlantis", "--log", PRINTED], 2, "no-such-name"),
        (&["timeline", "--kind", "xyz", "--log", PRINTED], 2, "no-such-kind"),
        (&["timeline", "--source", "S9", "--log", PRINTED], 2, "no-such-source"),
        (&["help", "datse"], 2, "no-such-topic"),
        (&["query", "SELECT handel FROM demands", "--log", PRINTED], 2, "no-such-column"),
        (&["query", "SELECT * FROM demand", "--log", PRINTED], 2, "no-such-table"),
        (&["query", "SELECT , FROM demands", "--log", PRINTED], 2, "sql"),
        (&["query", "DROP TABLE demands", "--log", PRINTED], 2, "not-reading"),
        (&["query", "SELECT 1; SELECT 2", "--log", PRINTED], 2, "not-one-question"),
    ];
    for &(args, exit, id) in wrong {
        let output = talks(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(exit), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let problem: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|e| panic!("{args:?}: {e}"));
        assert_eq!(problem["type"], format!("urn:talks:error:{id}"), "{args:?}");
        assert_eq!(problem["exit"], exit, "{args:?}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{args:?}");
    }
}

#[test]
fn text_that_could_steer_a_terminal_is_shown_and_not_obeyed() {
    let draft = "{\"kind\":\"negotiation.opened\",\"occurred\":\"2024-01-01\",\"data\":{\"title\":\"a\\u001b[2J\\u202eb\\u0007\",\
                 \"parties\":[{\"party\":\"a\",\"name\":\"A\\u200b\\u2066\",\"kind\":\"state\",\"role\":[\"party\"]}]}}\n";
    for command in [
        &["status"][..],
        &["timeline"],
        &["log"],
        &["parties"],
        &["replay"],
        &["show", "e1"],
        &["why", "e1"],
        &["party", "a"],
    ] {
        let output = talks_given(&[command, &["--log", "-", "--color", "never"]].concat(), draft.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{command:?}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let steering = |c: &char| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        };
        assert_eq!(text.chars().find(steering), None, "{command:?}");
    }
}

#[test]
fn a_party_is_called_by_its_name_for_people_and_by_its_slug_for_machines() {
    let demands = |flag: &[&str]| {
        let output = talks(&[&["demands", "--log", PRINTED, "--as-of", "2023-10-26"], flag].concat());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let human = demands(&[]);
    assert!(human.contains("Pakistan ->") && !human.contains("pakistan"), "{human}");
    for machine in [demands(&["--json"]), demands(&["--csv"])] {
        assert!(machine.contains("pakistan"), "{machine}");
    }
}

#[test]
fn the_timeline_takes_a_party_by_any_of_its_names() {
    let timeline = |name| json(&["timeline", "--party", name, "--log", PRINTED, "--json"])["data"]["events"].clone();
    let by_slug = timeline("ttp");
    assert!(by_slug.as_array().is_some_and(|events| !events.is_empty()));
    assert_eq!(timeline("Tehrik-i-Taliban Pakistan"), by_slug);
}

#[test]
fn a_change_of_position_names_both_events() {
    let log = br#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}]}}
{"kind":"demand.raised","occurred":"2025-10-02","data":{"demand":"D1","by":"a","of":"b","text":"Open the crossing."},"context":{"issue":"crossings"}}
{"kind":"demand.answered","occurred":"2025-10-03","data":{"demand":"D1","by":"b","answer":"rejected"}}
{"kind":"demand.answered","occurred":"2025-10-05","data":{"demand":"D1","by":"b","answer":"accepted"}}
"#;
    let page = |day: &str| {
        let output = talks_given(&["party", "b", "--log", "-", "--as-of", day], log);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(!page("2025-10-04").contains("changed"));
    let after = page("2025-10-05");
    assert!(after.contains("What it said on crossings"), "{after}");
    assert!(after.contains("changed: answer of D1, rejected (e3) -> accepted (e4)"), "{after}");
}

#[test]
fn an_empty_log_is_answered_with_a_warning() {
    let output = talks(&["status", "--log", "-"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("warning: the log is empty"));
    assert!(talks(&["status", "--log", "-", "-q"]).stderr.is_empty());
}

#[test]
fn a_file_that_cannot_be_read_is_told_without_a_number() {
    let output = talks(&["status", "--log", "no-such-file.jsonl"]);
    let text = String::from_utf8_lossy(&output.stderr).to_string();
    assert!(text.contains("no such file") && !text.contains("os error"), "{text}");
}

#[test]
fn there_is_help_on_every_topic_and_command() {
    for topic in ["dates", "kinds", "exit-codes", "formats", "status", "replay", "help"] {
        let output = talks(&["help", topic]);
        assert_eq!(output.status.code(), Some(0), "{topic}");
        assert!(output.stdout.len() > 100, "{topic}");
    }
}

#[test]
fn what_runs_until_a_round_closes_is_shown_until_that_day() {
    let log = br#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[{"party":"a","name":"A","kind":"state","role":"party"},{"party":"b","name":"B","kind":"state","role":"party"}],"zone":"+05:00"}}
{"kind":"ceasefire.agreed","occurred":"2025-10-17","data":{"parties":["a","b"],"until":{"with":"R1","milestone":"closes"}}}
{"kind":"round.opened","occurred":"2025-10-18","data":{"round":"R1"}}
{"kind":"round.closed","occurred":"2025-10-19","data":{"round":"R1"}}
"#;
    let mut reader = talks::exchange::drafts::Reader::default();
    reader.push(log);
    let book = talks::app::Book::of_drafts("t", reader.finish().records);
    let question = talks::app::Question { as_of: Some("2025-10-20".into()), ..Default::default() };
    let env = talks::app::Env { now: talks::domain::when::Instant(0) };
    let asking = talks::app::Asking::new(&book, &question, &env).expect("the day can be read");
    let until = talks::view::ceasefires(&asking.asked())[0].item.until.clone();
    let until = until.expect("the round has closed");
    assert_eq!(until.edtf, "2025-10-19");
    assert_eq!(
        (until.earliest.as_str(), until.latest.as_str()),
        ("2025-10-19T00:00:00+05:00", "2025-10-19T23:59:59+05:00")
    );
}
