//! A log that goes through other hands and other programs comes out with the same root, or is refused by name.

use std::process::Command;

use serde_json::{Map, Value};

use super::{Place, opening, skipped, statement};

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/events");
const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify.py");

/// That the verifier written from the page alone says what the program says, of a store and of its export.
#[track_caller]
pub fn agrees_with_the_verifier(place: &Place, store: &str, export: &str) {
    let verified = place.json(&["verify", "--store", store]);
    let python = |args: &[&str]| {
        let output =
            place.command("python3").arg(VERIFIER).args(args).output().expect("python3 is needed for this test");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", super::said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let of_store = python(&["--store", store]);
    let log = &verified["logs"][0];
    let stands = [
        log["negotiation"].as_str().expect("a name"),
        &log["version"].to_string(),
        log["root"].as_str().expect("a root"),
    ];
    let words: Vec<&str> = of_store.split_whitespace().collect();
    assert_eq!([words[0], words[2], words[3]], stands, "{of_store}");
    assert_eq!(python(&[export, "--root", stands[2]]).split_whitespace().collect::<Vec<_>>(), words[1..]);
}

#[track_caller]
fn agrees_on_export(place: &Place, store: &str) {
    place.done(&["export", "--store", store, "-o", "out.jsonl"]);
    agrees_with_the_verifier(place, store, "out.jsonl");
}

#[test]
fn the_verifier_agrees_on_the_demo() {
    let place = Place::new("verifier-demo");
    place.done(&["demo", "demo"]);
    agrees_on_export(&place, "demo/talks.db");
}

#[test]
fn the_verifier_agrees_on_the_logs_that_ship() {
    let place = Place::new("verifier-events");
    place.done(&["init", "talks.db"]);
    place.done(&["import", &format!("{EVENTS}/istanbul-talks-as-printed.jsonl"), "-n", "istanbul"]);
    agrees_on_export(&place, "talks.db");
    place.done(&["import", &format!("{EVENTS}/istanbul-talks-corrections.jsonl"), "-n", "istanbul"]);
    std::fs::remove_file(place.path("out.jsonl")).expect("the export before it");
    agrees_on_export(&place, "talks.db");
}

/// A log with whatever another spelling could get wrong.
fn odd_words(name: &str) -> Place {
    let place = Place::new(name);
    place.done(&["init", "talks.db"]);
    let mut with_context = statement("né à Łódź \u{1f600} \u{fb33} \"quoted\" \\ /slash/ \u{2028}\u{7f}\u{1}\t");
    with_context["context"] = serde_json::json!({ "summary": "zweite Fassung", "note": "b" });
    place.import([opening(), with_context, statement("plain"), statement("last")]);
    place
}

/// What is not ASCII as escapes, as some programs write it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}"))),
        }
    }
    out
}

/// The members in the opposite order, with spaces, and nothing but ASCII.
fn spelled_otherwise(value: &Value) -> String {
    let text = |text: &str| escaped(&Value::from(text).to_string()).replace('/', "\\/");
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members: Vec<_> =
                members.map(|(name, value)| format!("{} : {}", text(name), spelled_otherwise(value))).collect();
            format!("{{ {} }}", members.join(" ,\t"))
        }
        Value::Array(values) => format!("[ {} ]", values.iter().map(spelled_otherwise).collect::<Vec<_>>().join(" , ")),
        Value::String(words) => text(words),
        other => other.to_string(),
    }
}

#[track_caller]
fn comes_out_the_same(place: &Place, file: &str, bytes: &[u8], root: &str) {
    place.write(file, bytes);
    let store = format!("{file}.db");
    place.done(&["init", &store]);
    let received = place.json(&["receive", file, "-n", "copy", "--store", &store]);
    assert_eq!(received["root"], root, "{file}");
    place.done(&["verify", "--store", &store, "--root", root]);
}

#[test]
fn a_log_that_was_spelt_otherwise_has_the_same_root() {
    let place = odd_words("spelt");
    let root = place.stands().1;
    let otherwise: String = place.exported().iter().map(|line| format!("{}\n", spelled_otherwise(line))).collect();
    assert!(otherwise.is_ascii() && otherwise != place.export());
    comes_out_the_same(&place, "otherwise.jsonl", otherwise.as_bytes(), &root);
}

#[test]
fn a_log_that_went_through_jq_has_the_same_root() {
    if Command::new("jq").arg("--version").output().is_err() {
        return skipped("jq, which is not here; the same is done by the test beside this one");
    }
    let place = odd_words("jq");
    let root = place.stands().1;
    place.done(&["export", "-o", "out.jsonl"]);
    for flags in ["-c", "-cS", "-ca"] {
        let output = place.shell(&format!("jq {flags} . out.jsonl"));
        assert!(output.status.success(), "{}", super::said(&output));
        comes_out_the_same(&place, &format!("jq{flags}.jsonl"), &output.stdout, &root);
    }
}

#[test]
fn a_log_with_one_changed_value_is_refused_by_its_version() {
    let place = odd_words("changed");
    type Change = fn(&mut Value);
    let lines = place.exported();
    place.done(&["init", "other.db"]);
    let changes: [(usize, Change); 9] = [
        (2, |line| line["data"]["text"] = "another".into()),
        (2, |line| line["context"]["note"] = "c".into()),
        (3, |line| line["occurred"] = "2025-10-20".into()),
        (3, |line| line["recorder"] = "someone".into()),
        (3, |line| line["id"] = "11111111-2222-4333-8444-555555555555".into()),
        (4, |line| line["root"] = line["digests"]["data"].take()),
        (4, |line| line["salts"]["data"] = "0".repeat(32).into()),
        (1, |line| line["added"] = Value::Object(Map::new())),
        (4, |line| line["version"] = 5.into()),
    ];
    for (version, change) in changes {
        let mut changed = lines.clone();
        change(&mut changed[version - 1]);
        place.write("changed.jsonl", super::lines(changed));
        let told = place.fails(1, &["receive", "changed.jsonl", "-n", "copy", "--store", "other.db"]);
        assert!(told.contains(&format!("e{version} ")) || told.contains(&format!(":{version}:")), "{told}");
        let negotiations = place.json(&["negotiations", "--store", "other.db"]);
        assert_eq!(negotiations["data"]["negotiations"], serde_json::json!([]), "part of it was taken over");
    }
}
