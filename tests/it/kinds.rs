//! Every kind, by two samples: all its fields, and only those it needs. The samples are kept for ever: what they hold must be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value};
use talks::domain::event::Event;
use talks::domain::record::{Body, Record};
use talks::domain::value::{Name, Named, Walk};
use talks::exchange::drafts;
use talks::exchange::schema::{self, FieldDoc, KindDoc};

const GOLDENS: &str = include_str!("goldens/kinds.jsonl");

/// A kind with its two samples.
struct Sample {
    doc: KindDoc,
    complete: Value,
    required_only: Value,
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).expect("a sample is JSON")
}

fn samples() -> Vec<Sample> {
    let mut lines = GOLDENS.lines().map(parse);
    let mut next = || lines.next().expect("two samples a kind");
    schema::kinds().into_iter().map(|doc| Sample { doc, complete: next(), required_only: next() }).collect()
}

/// The complete sample of every kind, as its line stands, for the reference page.
pub fn complete_samples() -> BTreeMap<&'static str, &'static str> {
    Event::KINDS.iter().copied().zip(GOLDENS.lines().step_by(2)).collect()
}

fn real_logs() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("events");
    let entries = std::fs::read_dir(&folder).expect("the logs are there");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let logs = paths.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    logs.map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a log is text"))).collect()
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema::event_schema()).expect("the schema is a schema")
}

#[track_caller]
fn validates(validator: &jsonschema::Validator, line: &Value) {
    let errors: Vec<_> = validator.iter_errors(line).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{line}\n{errors:#?}");
}

fn only_record(line: &str) -> Record {
    let (mut records, problems) = drafts::read(line.as_bytes());
    assert!(problems.is_empty(), "{line}\n{problems:#?}");
    assert_eq!(records.len(), 1);
    records.remove(0)
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect()
}

fn field_names(fields: &[FieldDoc], wanted: impl Fn(&FieldDoc) -> bool) -> BTreeSet<&str> {
    fields.iter().filter(|field| wanted(field)).map(|field| field.name.as_str()).collect()
}

#[test]
fn every_kind_has_two_samples_in_the_order_of_the_vocabulary() {
    let kinds: Vec<_> = GOLDENS.lines().map(|line| parse(line)["kind"].as_str().map(str::to_owned)).collect();
    let expected: Vec<_> =
        Event::KINDS.iter().flat_map(|kind| [Some(kind.to_string()), Some(kind.to_string())]).collect();
    assert_eq!(kinds, expected);
}

#[test]
fn a_sample_is_read_without_a_problem_and_written_back_as_it_was() {
    for line in GOLDENS.lines() {
        let record = only_record(line);
        let submitted = parse(line);
        let data: Value = serde_json::from_str(&record.parts.data).expect("data are JSON");
        assert_eq!(data, submitted.get("data").cloned().unwrap_or_else(|| serde_json::json!({})));
        let kind = record.envelope.kind.to_string();
        // The log allocates a handle that the sample does not name, so the data are read once more without it.
        let event = Event::from_parts(&kind, &mut serde_json::Deserializer::from_str(&record.parts.data));
        let event = event.unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(serde_json::to_value(&event).expect("an event is JSON")[&kind], data, "{line}");
        let again = |part: &str, value: Value| assert_eq!(submitted.get(part).cloned().unwrap_or(value.clone()), value);
        again("context", serde_json::to_value(&record.context).expect("a context is JSON"));
        again("sources", serde_json::to_value(&record.sources).expect("citations are JSON"));
    }
}

#[test]
fn the_parts_of_a_sample_are_read_by_the_record_as_by_the_draft() {
    for line in GOLDENS.lines() {
        let draft = only_record(line);
        let read = Record::from_parts(draft.envelope.clone(), draft.parts.clone()).expect("the parts can be read");
        assert_eq!((read.context, read.sources), (draft.context, draft.sources), "{line}");
        assert!(matches!(read.body, Body::Present(_)));
    }
}

#[test]
fn whoever_may_change_the_names_of_a_sample_meets_the_same_as_whoever_looks() {
    let mut met = BTreeSet::new();
    for line in GOLDENS.lines() {
        let mut record = only_record(line);
        let (mut looked, mut walked) = (Vec::new(), Vec::new());
        record.names(&mut |name| looked.push(format!("{name:?}")));
        record.walk(&mut |name| {
            walked.push(match name {
                Name::Defines(_, handle) => format!("{:?}", Named::Defines(*handle)),
                Name::Handle(handle) => format!("{:?}", Named::Handle(*handle)),
                Name::Target(target) => format!("{:?}", Named::Target(target)),
                Name::InTerm(target) => format!("{:?}", Named::InTerm(target)),
                Name::Party(party) => format!("{:?}", Named::Party(party)),
            });
        });
        assert_eq!(looked, walked, "{line}");
        met.extend(looked.iter().filter_map(|name| name.split('(').next()).map(String::from));
    }
    let all = ["Defines", "Handle", "InTerm", "Party", "Target"];
    assert_eq!(met.iter().map(String::as_str).collect::<Vec<_>>(), all, "the samples have names of every sort");
}

#[test]
fn a_kind_is_dated_unless_it_keeps_the_record() {
    for line in GOLDENS.lines() {
        let record = only_record(line);
        let event = record.event().expect("a sample is understood");
        assert_eq!(schema::is_dated(event.kind()), !event.is_record_keeping(), "{line}");
        assert_eq!(record.envelope.occurred.is_some(), schema::is_dated(event.kind()), "{line}");
    }
}

#[test]
fn a_complete_sample_has_every_field_and_the_other_only_what_is_needed() {
    for Sample { doc, complete, required_only } in samples() {
        assert_eq!(names(&complete["data"]), field_names(&doc.fields, |_| true), "{}", doc.kind);
        assert_eq!(names(&required_only["data"]), field_names(&doc.fields, |field| field.required), "{}", doc.kind);
        let mut expected = BTreeSet::from(["kind"]);
        expected.extend(doc.dated.then_some("occurred"));
        expected.extend(doc.fields.iter().any(|field| field.required).then_some("data"));
        assert_eq!(names(&required_only), expected, "{}", doc.kind);
    }
}

#[test]
fn the_samples_together_show_every_field_of_every_value() {
    let mut unseen: BTreeSet<String> = BTreeSet::new();
    for part in ["data", "context", "sources"] {
        for kind in Event::KINDS {
            gather(Some(kind), &mut vec![part], &mut unseen);
        }
    }
    // A term that is a date is written as the date.
    unseen.remove("{at,after,with,milestone,days}.at");
    let all = unseen.len();
    for Sample { complete, .. } in samples() {
        let kind = complete["kind"].as_str().unwrap_or_default().to_owned();
        cross_off(&kind, &complete, &mut Vec::new(), &mut unseen);
    }
    assert!(all > 100, "only {all} fields were looked for");
    assert!(unseen.is_empty(), "no sample has {unseen:#?}");
}

/// `Toll.killed`, told apart by the fields that stand beside it, for the same type is met under many paths.
fn label(fields: &[FieldDoc], name: &str) -> String {
    let beside: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    format!("{{{}}}.{name}", beside.join(","))
}

fn gather(kind: Option<&str>, path: &mut Vec<&str>, all: &mut BTreeSet<String>) {
    let fields = schema::fields_at(kind, path);
    for field in &fields {
        all.insert(label(&fields, &field.name));
        let mut deeper: Vec<&str> = path.clone();
        deeper.push(&field.name);
        gather(kind, &mut deeper, all);
    }
}

fn cross_off(kind: &str, value: &Value, path: &mut Vec<String>, unseen: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| cross_off(kind, item, path, unseen)),
        Value::Object(members) => {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            let fields = schema::fields_at(Some(kind), &keys);
            for (name, value) in members {
                unseen.remove(&label(&fields, name));
                path.push(name.clone());
                cross_off(kind, value, path, unseen);
                path.pop();
            }
        }
        _ => {}
    }
}

#[test]
fn every_sample_and_every_real_line_fits_the_schema() {
    let validator = validator();
    GOLDENS.lines().for_each(|line| validates(&validator, &parse(line)));
    for (_, log) in real_logs() {
        log.lines().for_each(|line| validates(&validator, &parse(line)));
    }
}

#[test]
fn every_real_log_is_read_without_a_problem() {
    let logs = real_logs();
    assert!(!logs.is_empty());
    for (path, log) in logs {
        let (records, problems) = drafts::read(log.as_bytes());
        assert!(problems.is_empty(), "{}\n{problems:#?}", path.display());
        assert_eq!(records.len(), log.lines().count(), "{}", path.display());
    }
}

#[test]
fn an_unknown_kind_does_not_fit_the_schema() {
    let line = parse(r#"{"kind":"demand.maid","occurred":"2023-10-26","data":{"demand":"D1"}}"#);
    assert!(!validator().is_valid(&line));
}

#[test]
fn a_line_that_lacks_a_required_field_does_not_fit_the_schema() {
    let validator = validator();
    for Sample { doc, required_only, .. } in samples() {
        for field in doc.fields.iter().filter(|field| field.required) {
            let mut line = required_only.clone();
            line["data"].as_object_mut().expect("data is an object").remove(&field.name);
            assert!(!validator.is_valid(&line), "{} without {}", doc.kind, field.name);
            let (records, problems) = drafts::read(line.to_string().as_bytes());
            assert!(
                records.is_empty() && problems.iter().any(|p| p.id == "missing-field"),
                "{} {problems:?}",
                doc.kind
            );
        }
    }
}

#[test]
fn a_date_is_asked_of_what_happened_and_refused_from_what_keeps_the_record() {
    let validator = validator();
    for Sample { doc, mut required_only, .. } in samples() {
        let line = required_only.as_object_mut().expect("a draft is an object");
        match doc.dated {
            true => drop(line.remove("occurred")),
            false => drop(line.insert("occurred".into(), "2023-10-26".into())),
        }
        assert!(!validator.is_valid(&required_only), "{}", doc.kind);
    }
}

#[test]
fn a_field_that_this_version_does_not_know_fits_the_schema() {
    let validator = validator();
    for Sample { mut complete, .. } in samples() {
        complete["data"]["mood"] = "hopeful".into();
        complete["weather"] = "rain".into();
        validates(&validator, &complete);
    }
}
