//! A state in compact words: one line a headline, in a stable order, made of what `talks` prints as JSON.
//!
//!     C2          in-force?; day 3; until 2025-10-17T18:00+05:00 | certainly expired | disputed by pakistan
//!
//! The label and the headline come first, then every field that says something, by its own name. `?` stands after what is possible
//! and `certainly` before its certain value, `none` where the certain facts say nothing of it. Nothing is left out but what is in
//! `WORDS`, which no day changes, and what says nothing: null, false, an empty list, a zero that counts no days. A member that the
//! answer gets later is shown by its name.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::histories::{events, talks};

type Fields = Map<String, Value>;

/// The parts of an answer that are lists with handles, and the field that is the headline of an item.
const LIVES: [(&str, &str); 8] = [
    ("rounds", "state"),
    ("demands", "fate"),
    ("offers", "state"),
    ("ceasefires", "state"),
    ("agreements", "stage"),
    ("commitments", "state"),
    ("deadlines", "state"),
    ("measures", "state"),
];

/// Words and circumstances that an item keeps whatever the day, what it rests on, and what another field says as well.
const WORDS: &str = "id basis accounts text earlier_texts title called class purpose coverage form track mediators delegations witnesses \
                     pax type attitude about open alleged agreed answers_to";

/// The whole answer to a question, a line a headline.
pub(super) fn answer(question: &str, logs: &[&str]) -> Vec<String> {
    let options = question.strip_prefix("status ").expect("a block asks for the status");
    let status = asked("status", options, logs);
    let mut lines = envelope(&status);
    let Value::Object(mut state) = status["data"].clone() else { panic!("a status is an object") };
    for words in ["title", "subject"] {
        state.remove(words);
    }
    let mut take = |part: &str| state.remove(part).unwrap_or_default();
    let (ceasefire, parties, claims, due) = (take("headline_ceasefire"), take("parties"), take("claims"), take("due"));
    let (incidents, anomalies, silence, events) =
        (take("incidents"), take("anomalies"), take("silence_days"), take("events"));
    lines.push(item("talks", take("talks"), "state"));
    lines.extend(items(take("other_tables")).map(at_a_table));
    for (part, headline) in LIVES {
        lines.extend(items(take(part)).map(|life| item(&plain(&life["handle"]), life, headline)));
        if part == "ceasefires" && !ceasefire.is_null() {
            lines.push(line("headline", &plain(&ceasefire)));
        }
    }
    lines.extend(offices(parties));
    lines.extend(items(due).map(|due| item(&format!("due {}", plain(&due["handle"])), due, "what")));
    lines.extend(by_standing("claims", claims, "handle"));
    lines.extend(by_standing("incidents", asked("incidents", options, logs)["data"]["incidents"].take(), "event"));
    lines.push(line("counted", &format!("{} incidents, {} aggregates", incidents["count"], incidents["aggregates"])));
    lines.extend(tolls(&incidents["tolls"]));
    lines.extend(items(anomalies).map(|a| line(&format!("anomaly {}", plain(&a["event"])), &plain(&a["text"]))));
    lines.extend(state.iter().map(|(part, value)| line(part, &value.to_string())));
    lines.push(line("silence", &silence.as_i64().map_or("nothing ever heard".into(), |days| format!("{days} days"))));
    lines.push(line("events", &plain(&events)));
    lines
}

fn asked(command: &str, options: &str, logs: &[&str]) -> Value {
    let logs: Vec<String> = logs.iter().map(|log| events(log)).collect();
    let mut args = vec![command, "--json"];
    args.extend(options.split(' '));
    args.extend(logs.iter().flat_map(|log| ["--log", log.as_str()]));
    let said = talks(&args).unwrap_or_else(|why| panic!("{command} {options}: {why}"));
    serde_json::from_str(&said).expect("an answer is JSON")
}

/// What is to be said of the answer before what it says.
fn envelope(answer: &Value) -> Vec<String> {
    let left_out = answer["reading"]["left_out"].as_u64().filter(|count| *count > 0);
    let incomplete = (answer["complete"] == false).then(|| line("complete", "no"));
    left_out.map(|count| line("left out", &format!("{count} events"))).into_iter().chain(incomplete).collect()
}

/// A label and what is said of it, in two columns.
fn line(label: &str, said: &str) -> String {
    format!("{label:<10}  {said}")
}

fn items(list: Value) -> impl Iterator<Item = Value> {
    let Value::Array(items) = list else { panic!("a list is wanted") };
    items.into_iter()
}

/// Where the talks stand at another table.
fn at_a_table(mut talks: Value) -> String {
    let name = talks["table"].take();
    item(&format!("table {}", plain(&name)), talks, "state")
}

/// An item: its headline, its fields, and how sure it is.
fn item(label: &str, item: Value, headline: &str) -> String {
    let Value::Object(mut fields) = item else { panic!("an item is an object") };
    fields.remove("handle");
    let word = fields.remove(headline).unwrap_or_default();
    let (mark, certain, disputed) = sureness(&mut fields);
    agreeing(&mut fields, &word);
    let said = fields.iter().filter(|(name, _)| !WORDS.split_whitespace().any(|word| word == *name));
    let said = said.filter(|(name, value)| says_something(name, value)).map(|(name, value)| field(name, value));
    line(
        label,
        &format!(
            "{}{mark}{}{certain}{disputed}",
            plain(&word),
            said.map(|field| format!("; {field}")).collect::<String>()
        ),
    )
}

/// The three signs of how sure something is, taken from among its fields.
fn sureness(fields: &mut Fields) -> (&'static str, String, String) {
    let mark = if fields.remove("possible") == Some(Value::Bool(true)) { "?" } else { "" };
    let certain = fields.remove("certain_value").map(|value| format!(" | certainly {}", plain(&value)));
    let disputed = fields.remove("disputed_by").filter(|parties| *parties != Value::Array(Vec::new()));
    let disputed = disputed.map(|parties| format!(" | disputed by {}", plain(&parties)));
    (mark, certain.unwrap_or_default(), disputed.unwrap_or_default())
}

/// Leaves out what the parties say one by one where all say the same.
fn agreeing(fields: &mut Fields, headline: &Value) {
    let all = |value: Option<&Value>, is: &dyn Fn(&Value) -> bool| {
        value.and_then(Value::as_object).is_some_and(|each| each.values().all(is))
    };
    if all(fields.get("by_party"), &|stage| stage == headline) {
        fields.remove("by_party");
    }
    let first = fields.get("terms_by_party").and_then(|each| each.as_object()?.values().next().cloned());
    if all(fields.get("terms_by_party"), &|terms| Some(terms) == first.as_ref()) {
        fields.remove("terms_by_party");
    }
}

fn says_something(name: &str, value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => name.contains("day") || number.as_i64() != Some(0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => fields.iter().any(|(name, value)| says_something(name, value)),
        _ => true,
    }
}

fn field(name: &str, value: &Value) -> String {
    let name = name.replace('_', " ");
    if *value == Value::Bool(true) { name } else { format!("{name} {}", plain(value)) }
}

/// A value in words: a date as it is written, a party by its name.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Object(fields) if fields.contains_key("edtf") => plain(&fields["edtf"]),
        Value::Object(fields) if fields.contains_key("party") && !fields.contains_key("answer") => actor(fields),
        Value::Object(fields) => {
            let said = fields.iter().filter(|(name, value)| says_something(name, value));
            format!("({})", said.map(|(name, value)| field(name, value)).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A party, and the voice where it does not bind it.
fn actor(fields: &Fields) -> String {
    let voice = fields.get("voice").map(plain).filter(|voice| voice != "official" && voice != "none");
    plain(&fields["party"]) + &voice.map(|voice| format!("({voice})")).unwrap_or_default()
}

/// Who holds an office, and who has left.
fn offices(parties: Value) -> impl Iterator<Item = String> {
    let told = items(parties).filter(|party| party["present"] == false || says_something("", &party["offices"]));
    told.map(|party| {
        let gone = if party["present"] == false { "left " } else { "" };
        line(&format!("party {}", plain(&party["party"])), &format!("{gone}{}", plain(&party["offices"])))
    })
}

/// Many items on one line, under how they stand.
fn by_standing(label: &str, list: Value, name: &str) -> Option<String> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in items(list) {
        let Value::Object(fields) = item else { panic!("an item is an object") };
        let mark = if fields.get("possible") == Some(&Value::Bool(true)) { "?" } else { "" };
        // A claim names its rivals, who are the ones that dispute it.
        let doubts: &[&str] =
            if name == "handle" { &["denied_by", "confirmed_by", "rivals"] } else { &["disputed_by"] };
        let said: Vec<String> = doubts
            .iter()
            .filter_map(|doubt| Some((doubt, fields.get(*doubt).filter(|value| says_something(doubt, value))?)))
            .map(|(doubt, value)| field(doubt, value))
            .chain(
                fields
                    .get("certain_value")
                    .filter(|value| !value.is_null())
                    .map(|value| format!("certainly {}", plain(value))),
            )
            .collect();
        let said = if said.is_empty() { String::new() } else { format!("({})", said.join(", ")) };
        groups.entry(plain(&fields["standing"])).or_default().push(format!("{}{mark}{said}", plain(&fields[name])));
    }
    let said: Vec<String> = groups.iter().map(|(standing, items)| format!("{standing} {}", items.join(" "))).collect();
    (!said.is_empty()).then(|| line(label, &said.join("; ")))
}

/// The dead and injured, a line an incident, each account apart.
fn tolls(tolls: &Value) -> Vec<String> {
    let all = tolls.as_array().expect("a list is wanted");
    let of_an_account = |tolls: &[Value]| {
        let figures: Vec<String> = tolls.iter().map(figure).collect();
        format!("{}: {}", plain(&tolls[0]["account"]), figures.join(", "))
    };
    let of_an_incident = |tolls: &[Value]| {
        let accounts = tolls.chunk_by(|one, next| one["account"] == next["account"]).map(of_an_account);
        line(&format!("toll {}", plain(&tolls[0]["incident"])), &accounts.collect::<Vec<_>>().join("; "))
    };
    all.chunk_by(|one, next| one["incident"] == next["incident"]).map(of_an_incident).collect()
}

fn figure(toll: &Value) -> String {
    let whose = toll["whose"].as_str().map(|party| format!("{party} "));
    let range = |what: &str| {
        let (low, high) = (&toll[what]["low"], &toll[what]["high"]);
        match (low.is_null(), high.is_null()) {
            _ if toll[what].is_null() => String::new(),
            (_, true) => format!(" {low}+ {what}"),
            (true, _) => format!(" up to {high} {what}"),
            _ if low == high => format!(" {low} {what}"),
            _ => format!(" {low}-{high} {what}"),
        }
    };
    let said = toll["as_said"].as_str().map(|said| format!(" \"{said}\"")).unwrap_or_default();
    format!("{}{}{}{}{said}", whose.unwrap_or_default(), plain(&toll["class"]), range("killed"), range("injured"))
}
