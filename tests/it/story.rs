//! The story the project started from, asked day by day: as printed, as corrected, and as it was known before it was corrected.

use serde_json::{Value, json};
use talks::app::{Asking, Book, Env, Question};
use talks::domain::when::Instant;
use talks::exchange::drafts::Reader;
use talks::view;

const PRINTED: &str = include_str!("../../events/istanbul-talks-as-printed.jsonl");
const CORRECTIONS: &str = include_str!("../../events/istanbul-talks-corrections.jsonl");
const ARTICLE: &str = include_str!("goldens/istanbul-talks.article.txt");

/// A day after everything the story tells of.
const NOW: Env = Env { now: Instant(1_800_000_000) };

#[track_caller]
fn book(files: &[&str]) -> Book {
    let mut reader = Reader::default();
    let mut problems: Vec<_> = files.iter().flat_map(|file| reader.push(file.as_bytes())).collect();
    let log = reader.finish();
    problems.extend(log.problems);
    assert!(problems.is_empty(), "the story does not read: {problems:?}");
    Book::of_drafts("istanbul-talks", log.records)
}

fn printed() -> Book {
    book(&[PRINTED])
}

fn corrected() -> Book {
    book(&[PRINTED, CORRECTIONS])
}

/// The `data` of `talks status --json`.
#[track_caller]
fn status(book: &Book, as_of: &str, known_by: Option<&str>) -> Value {
    let question = Question { as_of: Some(as_of.into()), known_by: known_by.map(Into::into), ..Question::default() };
    let asking = Asking::new(book, &question, &NOW).expect("the story can be asked");
    serde_json::to_value(asking.answer(view::status(&asking.asked()))).expect("an answer is JSON")["data"].take()
}

/// The one item of a list that has this handle.
#[track_caller]
fn item<'a>(data: &'a Value, list: &str, handle: &str) -> &'a Value {
    let items = data[list].as_array().expect("a list");
    items.iter().find(|item| item["handle"] == handle).unwrap_or_else(|| panic!("no {handle} in {list}"))
}

fn drafts(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a draft is JSON")).collect()
}

#[track_caller]
fn no_ceasefire(book: &Book, day: &str) {
    let data = status(book, day, None);
    assert_eq!(data["ceasefires"], json!([]), "on {day}");
    assert_eq!(data["headline_ceasefire"], Value::Null, "on {day}");
}

#[track_caller]
fn ceasefire_in_force(book: &Book, day: &str) {
    let data = status(book, day, None);
    assert_eq!(item(&data, "ceasefires", "C1")["state"], "in-force", "on {day}");
    assert_eq!(data["headline_ceasefire"], "C1", "on {day}");
}

#[track_caller]
fn talks_broken_off(book: &Book, day: &str) {
    let data = status(book, day, None);
    assert_eq!(data["talks"]["state"], "not-in-session", "on {day}");
    assert_eq!(data["talks"]["last_outcome"], "no-agreement", "on {day}");
    ceasefire_in_force(book, day);
}

/// The day the talks resumed; `day_of_ceasefire` counts from the day it was agreed.
#[track_caller]
fn talks_resumed(book: &Book, day: &str, day_of_ceasefire: i64) {
    let data = status(book, day, None);
    assert_eq!(data["talks"]["state"], "in-session");
    assert_eq!(data["talks"]["place"], "Istanbul");
    let ceasefire = item(&data, "ceasefires", "C1");
    assert_eq!(ceasefire["state"], "in-force");
    assert_eq!(ceasefire["day"], day_of_ceasefire);
    assert_eq!(ceasefire["observed"], "strained");
    assert_eq!(ceasefire["violations"]["alleged"], 0);
    assert!(ceasefire["incidents_since"].as_array().is_some_and(|events| events.contains(&json!("e9"))));
    assert_eq!(data["agreements"], json!([]), "nothing was signed");
    let demand = item(&data, "demands", "D1");
    assert_eq!(
        (&demand["open"], &demand["fate"], &demand["weight"]),
        (&json!(true), &json!("open"), &json!("primary"))
    );
    assert_eq!(demand["by"], json!(["pakistan"]));
    assert_eq!(demand["of"], json!(["afghanistan"]));
    let claim = item(&data, "claims", "Q1");
    assert_eq!(claim["standing"], "disputed");
    assert_eq!(claim["disputed_by"], json!(["afghanistan"]));
}

#[test]
fn as_printed_there_is_no_ceasefire_before_19_october_2023() {
    no_ceasefire(&printed(), "2023-10-18");
}

#[test]
fn as_printed_the_ceasefire_is_in_force_from_19_october_2023() {
    ceasefire_in_force(&printed(), "2023-10-19");
}

#[test]
fn as_printed_the_round_ends_on_25_october_2023_without_agreement_and_the_ceasefire_holds_on() {
    talks_broken_off(&printed(), "2023-10-25");
}

#[test]
fn as_printed_the_talks_resume_on_26_october_2023_with_the_demand_open_and_the_claim_disputed() {
    talks_resumed(&printed(), "2023-10-26", 8);
}

#[test]
fn corrected_the_same_holds_on_the_days_of_2025() {
    let book = corrected();
    no_ceasefire(&book, "2025-10-18");
    ceasefire_in_force(&book, "2025-10-19");
    talks_broken_off(&book, "2025-10-28");
    talks_broken_off(&book, "2025-10-29");
    talks_resumed(&book, "2025-10-30", 12);
}

#[test]
fn corrected_nothing_is_left_in_2023() {
    let data = status(&corrected(), "2023-12-31", None);
    assert_eq!((&data["ceasefires"], &data["demands"], &data["claims"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn clashes_with_a_third_party_are_incidents_and_no_violation() {
    let book = printed();
    let question = Question { as_of: Some("2023-10-26".into()), ..Question::default() };
    let asking = Asking::new(&book, &question, &NOW).expect("the story can be asked");
    let incidents = view::incidents(&asking.asked());
    let clash = incidents.iter().find(|line| line.item.event.to_string() == "e9").expect("e9 is an incident");
    assert!(clash.item.text.contains("Pakistani Taliban"));
}

#[test]
fn there_is_no_anomaly_in_either_reading_at_any_date() {
    let days = ["2000-01-01", "2023-10-18", "2023-10-19", "2023-10-22", "2023-10-25", "2023-10-26", "2025-10-18"];
    let later = ["2025-10-19", "2025-10-28", "2025-10-29", "2025-10-30", "2026-06-01", "2999-12-31"];
    for book in [printed(), corrected()] {
        for day in days.iter().chain(&later) {
            assert_eq!(status(&book, day, None)["anomalies"], json!([]), "on {day}");
        }
    }
}

/// The registry is not cut by what was known: sources registered later differ, and what cites them.
fn without_later_sources(mut data: Value) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.remove("sources");
    }
    data
}

#[test]
fn what_was_known_in_2023_is_what_was_printed() {
    let (printed, corrected) = (printed(), corrected());
    for day in ["2023-10-18", "2023-10-19", "2023-10-22", "2023-10-25", "2023-10-26", "2023-12-31", "2025-10-30"] {
        let then = without_later_sources(status(&corrected, day, Some("2023-12-31")));
        assert_eq!(then, without_later_sources(status(&printed, day, None)), "on {day}");
    }
}

#[test]
fn every_quote_stands_in_the_article() {
    let mut quotes = 0;
    for draft in drafts(PRINTED).iter().chain(&drafts(CORRECTIONS)) {
        for citation in draft["sources"].as_array().into_iter().flatten().filter(|c| c["source"] == "S1") {
            let Some(quote) = citation["quote"].as_str() else { continue };
            quotes += 1;
            assert!(ARTICLE.contains(quote), "not in the article: {quote}");
        }
    }
    assert!(quotes >= 25, "only {quotes} quotes were found");
}

#[test]
fn every_quote_stands_in_the_paragraph_it_is_located_in() {
    let paragraphs: Vec<&str> = ARTICLE.split("\n\n").collect();
    for citation in drafts(PRINTED).iter().flat_map(|draft| draft["sources"].as_array().cloned().unwrap_or_default()) {
        let (quote, locator) = (citation["quote"].as_str().expect("a quote"), citation["locator"].as_str());
        let number = locator.and_then(|l| l.strip_prefix("para ")).and_then(|n| n.parse::<usize>().ok());
        let paragraph = paragraphs[number.expect("a paragraph's number") - 1];
        assert!(paragraph.contains(quote), "not in {locator:?}: {quote}");
    }
}

#[test]
fn each_event_of_the_report_has_its_words_and_their_place() {
    for draft in drafts(PRINTED).iter().filter(|draft| draft["kind"] != "source.registered") {
        let citations = draft["sources"].as_array().expect("an event cites");
        assert!(!citations.is_empty(), "{} cites nothing", draft["kind"]);
        assert!(citations.iter().all(|c| c["quote"].is_string() && c["locator"].is_string()), "{draft}");
    }
}

#[test]
fn each_correction_rests_on_another_source_than_the_report() {
    let corrections: Vec<Value> =
        drafts(CORRECTIONS).into_iter().filter(|draft| draft["kind"] == "event.corrected").collect();
    assert_eq!(corrections.len(), 24);
    for draft in corrections {
        assert_eq!(draft["data"]["basis"], "source", "{draft}");
        let citations = draft["sources"].as_array().expect("a correction cites");
        assert!(citations.iter().any(|citation| citation["source"] != "S1"), "{draft}");
    }
}
