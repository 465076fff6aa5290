//! A draft typed as `key=value` pairs on a command line.
//!
//! The law. A key is a path into the data of the kind, or into the context where the data have no such field: `by`, `tolls.killed.low`,
//! `parties.0.name` (the first of a list). The same key again makes a list. What a value is, the field decides: a number and a date
//! are read as such, anything else is text. `key:=JSON` gives any value as it is. A key that leads nowhere is a slip, and is refused
//! with the nearest one that does; so is a word that is not in the field's list. Somebody of a party stands after it and a colon:
//! `by="pakistan: Khawaja Asif"`, `by="pakistan: an official (anonymous)"`.

use serde_json::{Map, Value};

use super::near::near;
use super::schema::{fields_at, takes_at, words_at};
use super::typed::{TypedError, typed_when};
use crate::domain::event::Event;
use crate::domain::ids::Handle;
use crate::domain::when::{Instant, Zone};

/// A pair as typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The path, with dots.
    pub key: String,
    /// What is to stand there.
    pub value: Given,
}

/// A value as typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// To be read as the field wants it.
    Text(String),
    /// To be taken as it is.
    Json(Value),
}

/// What dates are read by.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The time of day.
    pub now: Instant,
    /// The zone of the log.
    pub zone: Zone,
}

/// Reads `key=value` or `key:=JSON`.
///
/// # Errors
/// There is no `=`, no key, or no JSON.
pub fn pair(text: &str) -> Result<Pair, TypedError> {
    let no_pair = || {
        wrong(
            "not-a-pair",
            format!("\"{text}\" is not key=value"),
            "write text=\"Open the border\", or field:=[1,2]".into(),
        )
    };
    let at = text.find('=').ok_or_else(no_pair)?;
    let (left, value) = (&text[..at], &text[at + 1..]);
    let (key, value) = match left.strip_suffix(':') {
        Some(key) => {
            if value.contains("$serde_json::") {
                return Err(wrong(
                    "reserved-name",
                    format!("the value of {key} has a name that none may have"),
                    "call it something else".into(),
                ));
            }
            let json = serde_json::from_str(value).map_err(|error| {
                let help = format!("give JSON after :=, as in {key}:='[\"a\",\"b\"]', or text after =");
                wrong("bad-json", format!("the value of \"{key}\" is no JSON: {error}"), help)
            })?;
            (key, Given::Json(json))
        }
        None => (left, Given::Text(value.into())),
    };
    if key.is_empty() || key.split('.').any(str::is_empty) {
        return Err(no_pair());
    }
    Ok(Pair { key: key.into(), value })
}

/// The members of a draft of that kind: `occurred`, `data`, `context`, `sources`, as far as pairs give them.
///
/// # Errors
/// A key that leads nowhere, a value that does not fit there.
pub fn members(kind: &str, pairs: &[Pair], clock: Clock) -> Result<Map<String, Value>, TypedError> {
    if !Event::KINDS.contains(&kind) {
        return Err(unknown_kind(kind));
    }
    let mut members = Value::Object(Map::new());
    for pair in pairs {
        let path = path(kind, &pair.key)?;
        let value = match &pair.value {
            Given::Json(value) => value.clone(),
            Given::Text(text) => read(kind, &path, text, clock)?,
        };
        put(&mut members, &path, value)
            .map_err(|what| wrong("bad-key", what, "give the whole value as JSON: key:=...".into()))?;
    }
    match members {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

pub(super) fn unknown_kind(kind: &str) -> TypedError {
    let group = format!("{kind}.");
    let within: Vec<&str> = Event::KINDS.iter().copied().filter(|known| known.starts_with(&group)).collect();
    let words = Event::KINDS.iter().flat_map(|kind| kind.split('.'));
    let help = match near(kind, Event::KINDS.iter().copied().chain(words)) {
        _ if !within.is_empty() => format!("one of {}", within.join(", ")),
        Some(near) => format!("did you mean {near}?"),
        None => "talks help kinds lists them".into(),
    };
    wrong("no-such-kind", format!("no kind \"{kind}\""), help)
}

/// From the root of the draft: data first, then the context; `occurred` and the other parts by their own names.
fn path<'k>(kind: &str, key: &'k str) -> Result<Vec<&'k str>, TypedError> {
    let steps: Vec<&str> = key.split('.').collect();
    let root = ["occurred", "sources", "context", "data"];
    let leads = |part: Option<&'static str>| {
        let path: Vec<&str> = part.into_iter().chain(steps.iter().copied()).collect();
        takes_at(kind, &names(&path)).is_some().then_some(path)
    };
    let found = leads(Some("data")).or_else(|| leads(Some("context")));
    let found = found.or_else(|| leads(None).filter(|path| root.contains(&path[0])));
    found.ok_or_else(|| unknown_key(kind, key))
}

/// The path without the places in lists, which the schema does not tell apart.
fn names<'p>(path: &[&'p str]) -> Vec<&'p str> {
    path.iter().copied().filter(|step| step.parse::<usize>().is_err()).collect()
}

fn unknown_key(kind: &str, key: &str) -> TypedError {
    let steps: Vec<&str> = key.split('.').collect();
    let parents = &steps[..steps.len() - 1];
    let at = |part: &'static str| {
        let path: Vec<&str> = std::iter::once(part).chain(parents.iter().copied()).collect();
        fields_at(Some(kind), &names(&path)).into_iter().map(|field| field.name)
    };
    let (data, context): (Vec<String>, Vec<String>) = (at("data").collect(), at("context").collect());
    let known: Vec<&str> = data.iter().chain(&context).map(String::as_str).collect();
    let help = match near(steps.last().unwrap_or(&""), known.into_iter()) {
        Some(near) => format!("did you mean {near}?"),
        None if data.is_empty() => format!("talks help {kind} shows its fields"),
        None => format!("its fields are {}; talks help {kind} says what they mean", data.join(", ")),
    };
    wrong("unknown-key", format!("{kind} has no field \"{key}\""), help)
}

/// A text as the field wants it.
fn read(kind: &str, path: &[&str], text: &str, clock: Clock) -> Result<Value, TypedError> {
    let takes = takes_at(kind, &names(path)).unwrap_or_default();
    if text.trim().is_empty() {
        let what = format!("{} is empty", path[1..].join("."));
        return Err(wrong("empty-value", what, "leave it out, or say what it is".into()));
    }
    if takes.date {
        let typed = typed_when(text, clock.now, clock.zone).map(|typed| Value::from(typed.when.text()));
        let may_be_term = text.parse::<Handle>().is_ok() && !fields_at(Some(kind), &names(path)).is_empty();
        let key = path[1..].join(".");
        let help = || format!("to hang on what becomes of it: {key}.with={text} {key}.milestone=...");
        return typed.map_err(|error| if may_be_term { TypedError { help: help(), ..error } } else { error });
    }
    if takes.flag && !takes.text {
        return match text {
            "true" | "yes" => Ok(true.into()),
            "false" | "no" => Ok(false.into()),
            _ => Err(wrong(
                "not-a-flag",
                format!("{} is true or false, not \"{text}\"", path[1..].join(".")),
                "write true or false".into(),
            )),
        };
    }
    if takes.whole && !takes.text {
        let number = text.parse::<u64>().map(Value::from);
        let what = || format!("{} is a whole number, not \"{text}\"", path[1..].join("."));
        return number.map_err(|_| wrong("not-a-number", what(), "write it in digits: 12".into()));
    }
    if takes.actor && text.contains(':') {
        return speaker(kind, path, text);
    }
    let words = words_at(Some(kind), &names(path));
    if !words.is_empty() && !words.iter().any(|word| word == text) {
        return Err(not_in_list(&path[1..].join("."), text, &words));
    }
    Ok(text.into())
}

/// A party, whoever speaks in it, and in what voice.
fn speaker(kind: &str, path: &[&str], text: &str) -> Result<Value, TypedError> {
    let (party, who) = text.split_once(':').unwrap_or((text, ""));
    let (party, mut who) = (party.trim(), who.trim());
    let mut actor = Map::from_iter([("party".to_string(), Value::from(party))]);
    let voices = words_at(Some(kind), &[&names(path)[..], &["voice"]].concat());
    let voice = who.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let voice = voice.filter(|(_, voice)| voices.iter().any(|known| known == voice));
    who = voice.map_or(who, |(who, _)| who.trim());
    if party.is_empty() || who.is_empty() && voice.is_none() {
        let what = format!("\"{text}\" does not say {}", if party.is_empty() { "of which party" } else { "who" });
        let help = "write the party alone, or who speaks after it: \"pakistan: Khawaja Asif\"";
        return Err(wrong("empty-value", what, help.into()));
    }
    if !who.is_empty() {
        actor.insert("who".into(), who.into());
    }
    actor.extend(voice.map(|(_, voice)| ("voice".into(), Value::from(voice))));
    Ok(Value::Object(actor))
}

/// A newer version may know the word, so it can be given all the same.
fn not_in_list(key: &str, text: &str, words: &[String]) -> TypedError {
    // One letter is as near to any other.
    let near = near(text, words.iter().map(String::as_str).filter(|word| word.len() > 1));
    let (help, candidates) = match near {
        Some(near) => (format!("did you mean {near}?"), vec![near.to_string()]),
        None => (format!("to keep the word all the same: {key}:='\"{text}\"'"), words.to_vec()),
    };
    let why = Some(format!("it is one of {}", words.join(", ")));
    TypedError { why, candidates, ..wrong("unknown-word", format!("{key} can't be \"{text}\""), help) }
}

/// Puts a value at a path; where one stands already, both become a list.
fn put(place: &mut Value, path: &[&str], value: Value) -> Result<(), String> {
    let [step, rest @ ..] = path else {
        *place = match std::mem::take(place) {
            Value::Null => value,
            Value::Array(mut values) => {
                values.push(value);
                Value::Array(values)
            }
            first => Value::Array(vec![first, value]),
        };
        return Ok(());
    };
    if let Ok(index) = step.parse::<usize>() {
        return put_in_list(place, index, rest, value);
    }
    if place.is_null() {
        *place = Value::Object(Map::new());
    }
    match place {
        Value::Object(fields) => put(fields.entry(step.to_string()).or_insert(Value::Null), rest, value),
        _ => Err(format!("\"{step}\" can't be put into what an earlier pair gave")),
    }
}

fn put_in_list(place: &mut Value, index: usize, rest: &[&str], value: Value) -> Result<(), String> {
    if place.is_null() {
        *place = Value::Array(Vec::new());
    }
    match place {
        Value::Array(values) if index < values.len() => put(&mut values[index], rest, value),
        Value::Array(values) if index == values.len() => {
            values.push(Value::Null);
            put(&mut values[index], rest, value)
        }
        Value::Array(values) => {
            Err(format!("the items of a list are numbered 0, 1, 2 ..: {} comes next, not {index}", values.len()))
        }
        _ => Err(format!("{index} can't be put into what an earlier pair gave")),
    }
}

fn wrong(id: &'static str, what: String, help: String) -> TypedError {
    TypedError { id, what, why: None, help, candidates: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(kind: &str, texts: &[&str]) -> Result<Value, String> {
        let pairs: Result<Vec<Pair>, _> = texts.iter().map(|text| pair(text)).collect();
        let members =
            pairs.and_then(|pairs| members(kind, &pairs, Clock { now: Instant(1_698_273_000), zone: Zone::default() }));
        members.map(Value::Object).map_err(|error| format!("{} | {}", error.what, error.help))
    }

    #[test]
    fn a_key_leads_into_the_data_or_else_into_the_context() {
        assert_eq!(
            read(
                "demand.raised",
                &["by=pakistan", "of=afghanistan", "text=Act now", "place=Istanbul", "occurred=yesterday"]
            ),
            Ok(
                json!({"data": {"by": "pakistan", "of": "afghanistan", "text": "Act now"}, "context": {"place": "Istanbul"}, "occurred": "2023-10-24"})
            )
        );
    }

    #[test]
    fn the_field_decides_what_a_value_is() {
        let given = ["category=clash", "tolls.class=civilians", "tolls.killed.low=3", "aggregate=yes", "by=a", "by=b"];
        let expected = json!({"data": {"category": "clash", "tolls": {"class": "civilians", "killed": {"low": 3}}, "aggregate": true, "by": ["a", "b"]}});
        assert_eq!(read("incident.reported", &given), Ok(expected));
        assert_eq!(read("ceasefire.agreed", &["until=20 Oct 2023"]), Ok(json!({"data": {"until": "2023-10-20"}})));
        assert_eq!(read("round.opened", &["track=2"]), Ok(json!({"data": {"track": "2"}})));
        let terms = ["until:={\"with\":\"R1\",\"milestone\":\"closes\"}"];
        assert_eq!(
            read("ceasefire.agreed", &terms),
            Ok(json!({"data": {"until": {"with": "R1", "milestone": "closes"}}}))
        );
    }

    #[test]
    fn somebody_of_a_party_stands_after_a_colon() {
        let given =
            ["by=north: A. Asif, minister: of defence", "by=south", "by=west: an official (anonymous)", "text=x"];
        let by = json!([
            {"party": "north", "who": "A. Asif, minister: of defence"},
            "south",
            {"party": "west", "who": "an official", "voice": "anonymous"}
        ]);
        assert_eq!(read("demand.raised", &given), Ok(json!({"data": {"by": by, "text": "x"}})));
        assert_eq!(
            read("claim.made", &["by=north: Asif (ISPR)"]),
            Ok(json!({"data": {"by": {"party": "north", "who": "Asif (ISPR)"}}}))
        );
        assert!(
            read("demand.raised", &["by=north:"]).is_err_and(|what| what.starts_with("\"north:\" does not say who"))
        );
        assert!(read("demand.raised", &["by=: Asif"]).is_err_and(|what| what.contains("does not say of which party")));
    }

    #[test]
    fn items_of_a_list_are_numbered() {
        let given = ["title=T", "parties.0.party=a", "parties.0.name=A", "parties.1.party=b"];
        let expected = json!({"data": {"title": "T", "parties": [{"party": "a", "name": "A"}, {"party": "b"}]}});
        assert_eq!(read("negotiation.opened", &given), Ok(expected));
        assert!(read("negotiation.opened", &["parties.1.party=b"]).is_err_and(|what| what.contains("0 comes next")));
    }

    #[test]
    fn a_slip_is_refused_with_what_was_meant() {
        for (kind, given, expected) in [
            ("demand.raised", "wieght=primary", "demand.raised has no field \"wieght\" | did you mean weight?"),
            ("demand.riased", "by=a", "no kind \"demand.riased\" | did you mean demand.raised?"),
            (
                "incident.reported",
                "tolls.kiled=3",
                "incident.reported has no field \"tolls.kiled\" | did you mean killed?",
            ),
            (
                "incident.reported",
                "tolls.killed.low=many",
                "tolls.killed.low is a whole number, not \"many\" | write it in digits: 12",
            ),
            ("incident.reported", "aggregate=maybe", "aggregate is true or false, not \"maybe\" | write true or false"),
            ("demand.raised", "text", "\"text\" is not key=value | write text=\"Open the border\", or field:=[1,2]"),
            ("demand.raised", "weight=primry", "weight can't be \"primry\" | did you mean primary?"),
            (
                "demand.raised",
                "weight=heavy",
                "weight can't be \"heavy\" | to keep the word all the same: weight:='\"heavy\"'",
            ),
            ("demand.raised", "text= ", "text is empty | leave it out, or say what it is"),
            ("demand.raised", "=x", "\"=x\" is not key=value | write text=\"Open the border\", or field:=[1,2]"),
        ] {
            assert_eq!(read(kind, &[given]), Err(expected.to_string()));
        }
        assert!(
            read("demand.raised", &["text:=open"])
                .is_err_and(|what| what.starts_with("the value of \"text\" is no JSON"))
        );
        assert!(read("round.opened", &["occurred=10/11/2023"]).is_err_and(|what| what.contains("can be 10 November")));
    }
}
