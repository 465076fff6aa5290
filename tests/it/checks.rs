//! The checks: each finds what it is for and not its neighbour, a waiver silences one finding, and the shipped logs have just those
//! findings that were looked at and are true (`docs/checks.md`).

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use talks::app::{Asking, Book, Env, Question};
use talks::domain::when::Instant;
use talks::exchange::drafts::read;
use talks::view::{Check, Checked, check};

/// The findings on the logs that ship, as `log: check: how many`.
const ON_SHIPPED_LOGS: [(&str, &[(&str, usize)]); 5] = [
    ("istanbul-talks-as-printed", &[("one-source", 1)]),
    ("afghanistan-pakistan-2025", &[]),
    ("us-taliban-2018-2020", &[("one-source", 6)]),
    ("colombia-farc-2012-2016", &[("one-source", 18)]),
    ("wga-strike-2023", &[("one-source", 1)]),
];

fn opening() -> Vec<Value> {
    let party = |slug: &str| json!({"party":slug,"name":slug,"kind":"state","role":"party"});
    vec![
        json!({"kind":"negotiation.opened","occurred":"2025-01-01","data":{"title":"T","parties":[party("a"),party("b"),party("c")]}}),
        json!({"kind":"source.registered","data":{"publisher":"wire","published":"2025-12-01"}}),
        json!({"kind":"source.registered","data":{"publisher":"paper","published":"2025-12-01"}}),
    ]
}

/// What checking finds on 1 January 2026, as `check e4 e5`.
#[track_caller]
fn found(drafts: impl IntoIterator<Item = Value>) -> Vec<String> {
    let lines: Vec<String> = opening().into_iter().chain(drafts).map(|draft| draft.to_string()).collect();
    let (records, problems) = read(lines.join("\n").as_bytes());
    assert!(problems.is_empty(), "{problems:?}");
    let book = Book::of_drafts("t", records);
    let question = Question { as_of: Some("2026-01-01".into()), ..Question::default() };
    let asking = Asking::new(&book, &question, &Env { now: Instant(0) }).expect("the day reads");
    let Checked { findings, .. } = check(&asking.asked(), &[]);
    assert!(findings.iter().all(|finding| finding.help.contains("talks ")), "{findings:#?}");
    let name = |finding: talks::view::Finding| {
        let events: Vec<String> = finding.events.iter().map(ToString::to_string).collect();
        format!("{} {}", finding.check, events.join(" "))
    };
    findings.into_iter().map(name).collect()
}

fn said(date: &str, quote: &str) -> Value {
    cited(json!({"kind":"statement.made","occurred":date,"data":{"by":"a","act":"position","text":"no"}}), quote)
}

fn cited(mut draft: Value, quote: &str) -> Value {
    draft["sources"] = json!([{ "source": "S1", "quote": quote }]);
    draft
}

fn clash(date: &str, by: &str) -> Value {
    cited(json!({"kind":"incident.reported","occurred":date,"data":{"category":"clash","by":by,"against":"b"}}), "x")
}

#[test]
fn a_weekday_in_a_quote_must_be_that_of_the_day_beside_it() {
    assert_eq!(found([said("2025-10-26", "On Thursday, October 26, they met")]), ["weekday e4"]);
    assert!(found([said("2025-10-26", "On Sunday, October 26, they met")]).is_empty());
    assert!(found([said("2025-10-26", "On Thursday they will meet")]).is_empty());
}

#[test]
fn nothing_is_reported_before_it_can_have_happened() {
    let reported = |day: &str| {
        let mut draft = said("2025-10-26", "x");
        draft["sources"][0]["reported"] = json!(day);
        draft
    };
    assert_eq!(found([reported("2025-10-25")]), ["reported-before e4"]);
    assert!(found([reported("2025-10-26")]).is_empty());
}

#[test]
fn a_year_far_from_both_neighbours_stands_out() {
    let days = |middle: &str| ["2025-10-01", middle, "2025-10-03"].map(|day| said(day, "x"));
    assert_eq!(found(days("2023-10-02")), ["far-year e5"]);
    assert!(found(days("2024-10-02")).is_empty());
}

#[test]
fn what_nobody_is_cited_for_stands_out() {
    let mut draft = said("2025-10-01", "x");
    draft["sources"] = json!([]);
    assert_eq!(found([draft]), ["unsourced e4"]);
}

#[test]
fn what_holds_on_the_word_of_one_source_stands_out() {
    let truce = |sources: Value| {
        let mut draft = json!({"kind":"ceasefire.agreed","occurred":"2025-10-01","data":{"parties":["a","b"]}});
        draft["sources"] = sources;
        draft
    };
    assert_eq!(found([truce(json!([{"source":"S1"}]))]), ["one-source e4"]);
    assert!(found([truce(json!([{"source":"S1"},{"source":"S2"}]))]).is_empty());
}

#[test]
fn an_agreement_of_which_one_side_alone_speaks_stands_out() {
    let reached = json!({"kind":"agreement.reached","occurred":"2025-10-01","data":{"title":"Text","parties":["a","b"]},
        "context":{"according_to":"a"},"sources":[{"source":"S1"},{"source":"S2"}]});
    let confirmed = cited(json!({"kind":"claim.confirmed","occurred":"2025-10-02","data":{"of":"e4","by":"b"}}), "x");
    assert_eq!(found([reached.clone()]), ["one-sided e4"]);
    assert!(found([reached, confirmed]).is_empty());
}

#[test]
fn a_round_or_an_incident_that_may_have_been_entered_twice_stands_out() {
    let round = |place: &str| {
        let mut draft = cited(json!({"kind":"round.held","occurred":"2025-10-01","data":{}}), "x");
        draft["context"] = json!({ "place": place });
        draft
    };
    assert_eq!(found([round("Doha"), round("Doha")]), ["round-twice e4 e5"]);
    assert!(found([round("Doha"), round("Cairo")]).is_empty());
    assert_eq!(found([clash("2025-10-01", "a"), clash("2025-10-01", "a")]), ["near-duplicate e4 e5"]);
    assert!(found([clash("2025-10-01", "a"), clash("2025-10-01", "c")]).is_empty());
    assert!(found([clash("2025-10-01", "a"), clash("2025-10-02", "a")]).is_empty());
}

#[test]
fn what_was_set_and_never_came_stands_out() {
    let round = cited(json!({"kind":"round.scheduled","occurred":"2025-10-01","data":{"for":"2025-11-06"}}), "x");
    assert_eq!(found([round]), ["never-opened e4"]);
    let look = json!({"kind":"followup.set","data":{"text":"Look again","due":"2025-11-06"}});
    let done = json!({"kind":"followup.done","data":{"followup":"F1"}});
    assert_eq!(found([look.clone()]), ["overdue-follow-up e4"]);
    assert!(found([look, done]).is_empty());
}

#[test]
fn an_anomaly_is_a_finding() {
    let met = cited(json!({"kind":"demand.met","occurred":"2025-10-01","data":{"demand":"D9","how":"fully"}}), "x");
    assert_eq!(found([met]), ["anomaly e4"]);
}

#[test]
fn a_waiver_silences_one_finding_of_one_event() {
    let waived = |target: &str, check: &str| json!({"kind":"check.waived","data":{"target":target,"check":check,"reason":"seen"}});
    let twins = || [clash("2025-10-01", "a"), clash("2025-10-01", "a")].into_iter();
    assert!(found(twins().chain([waived("e5", "near-duplicate")])).is_empty());
    assert_eq!(found(twins().chain([waived("e5", "weekday")])), ["near-duplicate e4 e5"]);
    assert_eq!(found(twins().chain([waived("e1", "near-duplicate")])), ["near-duplicate e4 e5"]);
}

#[test]
fn the_shipped_logs_have_the_findings_that_were_looked_at() {
    for (name, expected) in ON_SHIPPED_LOGS {
        let log = format!("events/{name}.jsonl");
        let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
        command.args(["check", "--as-of", "2026-11-24", "--json", "--log", &log]);
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program runs");
        let exit = if expected.is_empty() { 0 } else { 3 };
        assert_eq!(output.status.code(), Some(exit), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer");
        let findings = answer["data"]["findings"].as_array().expect("a list");
        let total: usize = expected.iter().map(|(_, count)| count).sum();
        assert_eq!(findings.len(), total, "{name}: {findings:#?}");
        for (check, count) in expected {
            assert_eq!(findings.iter().filter(|finding| finding["check"] == *check).count(), *count, "{name}: {check}");
        }
    }
}

#[test]
fn the_page_names_every_check() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let page = std::fs::read_to_string(page).expect("the page reads");
    let missing: Vec<&&str> = Check::WORDS.iter().filter(|name| !page.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "docs/checks.md does not name {missing:?}");
}
