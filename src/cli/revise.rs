//! `talks correct -e`: what an event says, as a form; what is changed there is the correction.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::args::CorrectArgs;
use super::{Context, add, fields, form};
use crate::app::{Asking, Env, Receipt, Trouble, Typed, as_typed};
use crate::domain::history::Fact;
use crate::domain::ids::Target;
use crate::exchange::pairs::{self, Clock, Given, Pair};
use crate::exchange::schema::takes_at;

/// Why, as a line of the form.
pub(super) const REASON: &str = "correction.reason";

/// An event as it stands.
struct Stands {
    kind: String,
    /// As stored: `data` and `context`.
    parts: [Map<String, Value>; 2],
    typed: Typed,
    clock: Clock,
}

pub(super) fn in_editor(name: &Target, args: &CorrectArgs, context: &Context<'_>) -> Result<Receipt, Trouble> {
    // What can't be written to is said before anything is typed.
    context.store_to_write()?;
    let stands = context.ask(|asking| Stands::of(name, asking, &context.env))?;
    let given = fields::typed(&[], None, Some(&args.citing))?;
    let text = form::correction(name, &stands.kind, &stands.typed, args.reason.as_deref().unwrap_or_default(), &given);
    // As the form has it: what it does not keep, such as a space at the end, is no change.
    let (_, before) = form::read(&text)?;
    add::filled(text, |kind, after| {
        if kind != stands.kind {
            return Err(Trouble::usage("other-kind", format!("{name} is a {}, and stays one", stands.kind))
                .help(format!("for another kind: talks retract {name} --reason ..., then talks add {kind}")));
        }
        let (typed, reason) = stands.changed(&before, after)?;
        let done = context.append(&args.writing, Some(&args.once), |desk| desk.correct(name, &typed, &reason));
        done.map_err(fields::of_pairs)
    })
}

impl Stands {
    fn of(name: &Target, asking: &Asking<'_>, env: &Env) -> Result<Stands, Trouble> {
        let history = asking.asked().history;
        let fact = history.ground.event_behind(name).and_then(|event| history.fact(event));
        let fact = fact.ok_or_else(|| {
            Trouble::failed("no-such-name", format!("nothing that counts here is called {name}"))
                .help("talks log lists the events; talks reinstate brings back what was retracted")
        })?;
        let clock = Clock { now: env.now, zone: history.ground.zone };
        let kind = fact.record.envelope.kind.to_string();
        let parts = [&fact.record.parts.data, &fact.record.parts.context];
        let parts = parts.map(|text| serde_json::from_str(text).unwrap_or_default());
        let typed = typed(fact, &parts);
        Ok(Stands { kind, parts, typed, clock })
    }

    /// What is otherwise after than before, and why.
    fn changed(&self, before: &Typed, after: &Typed) -> Result<(Typed, String), Trouble> {
        let needed = |what: &str, help: &str| Trouble::usage("needed", format!("{what} is needed")).help(help);
        let reason = after.pairs.iter().find(|pair| pair.key == REASON).and_then(|pair| match &pair.value {
            Given::Text(text) => Some(text.clone()),
            Given::Json(_) => None,
        });
        let reason = reason.ok_or_else(|| needed(REASON, "say why in a few words"))?;
        if before.when.is_some() && after.when.is_none() {
            return Err(needed("when", "\"[..2023-10-26]\" is by then; talks retract takes the whole event back"));
        }
        let when = after.when.clone().filter(|when| before.when.as_ref() != Some(when));
        let pairs = self.patches(&self.members(before)?, &self.members(after)?);
        Ok((Typed { pairs, when, cited: after.cited.clone() }, reason))
    }

    /// The fields of which something changed, each with its patch. One value may be stored as a list of one: it is replaced whole.
    fn patches(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Pair> {
        let none = Map::new();
        let mut pairs = Vec::new();
        for (part, stored) in PARTS.iter().zip(&self.parts) {
            let fields =
                |members: &Map<String, Value>| members.get(*part).and_then(Value::as_object).unwrap_or(&none).clone();
            let (was, is) = (fields(before), fields(after));
            let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            for name in names.into_iter().filter(|name| was.get(*name) != is.get(*name)) {
                let value = match (stored.get(name), is.get(name)) {
                    (_, None) => Value::Null,
                    (Some(old), Some(new)) => patch(old, new).unwrap_or_else(|| new.clone()),
                    (None, Some(new)) => new.clone(),
                };
                pairs.push(Pair { key: format!("{part}.{name}"), value: Given::Json(value) });
            }
        }
        let sources = after.get("sources").filter(|sources| before.get("sources") != Some(*sources));
        let is_gone = before.contains_key("sources") && !after.contains_key("sources");
        let sources = sources.cloned().or(is_gone.then_some(Value::Null));
        pairs.extend(sources.map(|value| Pair { key: "sources".into(), value: Given::Json(value) }));
        pairs
    }

    fn members(&self, typed: &Typed) -> Result<Map<String, Value>, Trouble> {
        let pairs: Vec<Pair> = typed.pairs.iter().filter(|pair| pair.key != REASON).cloned().collect();
        Ok(pairs::members(&self.kind, &pairs, self.clock)?)
    }
}

/// The parts of an event that have fields.
const PARTS: [&str; 2] = ["data", "context"];

/// An event as it would be typed; fields that this version does not know stay as they are.
fn typed(fact: &Fact, parts: &[Map<String, Value>; 2]) -> Typed {
    let kind = &fact.record.envelope.kind;
    let mut pairs = Vec::new();
    for (part, fields) in PARTS.iter().zip(parts) {
        for (name, value) in fields.iter().filter(|(name, _)| takes_at(kind, &[part, name]).is_some()) {
            let is_hidden = *part == "context" && takes_at(kind, &["data", name]).is_some();
            let key = if is_hidden { format!("{part}.{name}") } else { name.clone() };
            pairs.extend(given(value).into_iter().map(|value| Pair { key: key.clone(), value }));
        }
    }
    if let Ok(sources @ Value::Array(_)) = serde_json::from_str(&fact.record.parts.sources) {
        pairs.push(Pair { key: "sources".into(), value: Given::Json(sources) });
    }
    Typed { pairs, when: fact.occurred().map(|when| when.text().to_string()), ..Typed::default() }
}

/// A value as it would be typed: in words, or a list of words, else as JSON.
fn given(value: &Value) -> Vec<Given> {
    let words = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(Given::Text(text.clone())),
        Value::Number(number) => Some(Given::Text(number.to_string())),
        Value::Bool(flag) => Some(Given::Text(flag.to_string())),
        other => as_typed(other).map(Given::Text),
    };
    let all = match value {
        Value::Array(items) if !items.is_empty() => items.iter().map(words).collect(),
        value => words(value).map(|one| vec![one]),
    };
    all.unwrap_or_else(|| vec![Given::Json(value.clone())])
}

/// The merge patch (RFC 7396) that makes one value of another; nothing where they are the same.
fn patch(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(was), Value::Object(is)) = (before, after) else {
        return (before != after).then(|| after.clone());
    };
    let gone = was.keys().filter(|name| !is.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let other = is.iter().filter_map(|(name, value)| {
        let was = was.get(name).unwrap_or(&Value::Null);
        patch(was, value).map(|patch| (name.clone(), patch))
    });
    let fields: Map<String, Value> = gone.chain(other).collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Book, Question};
    use crate::domain::when::Instant;
    use crate::exchange::drafts::Reader;
    use serde_json::json;

    #[test]
    fn every_event_of_the_logs_that_ship_reads_as_its_form_has_it() {
        let env = Env { now: Instant(1_761_732_000) };
        let (mut seen, folder) = (0, concat!(env!("CARGO_MANIFEST_DIR"), "/events"));
        let files = std::fs::read_dir(folder).expect("the logs are there").map(|entry| entry.expect("a file").path());
        for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "jsonl")) {
            let mut reader = Reader::default();
            reader.push(&std::fs::read(&file).expect("a log reads"));
            let book = Book::of_drafts("talks", reader.finish().records);
            let asking = Asking::new(&book, &Question::default(), &env).expect("the log is folded");
            for event in asking.asked().facts().map(Fact::version) {
                let stands = Stands::of(&Target::Event(event), &asking, &env).expect("it counts");
                let text = form::correction(&Target::Event(event), &stands.kind, &stands.typed, "", &Typed::default());
                let (kind, read) = form::read(&text).expect("the form reads");
                let members = stands.members(&read).unwrap_or_else(|trouble| panic!("{event}: {}", trouble.what));
                assert_eq!((kind, read.when.is_some()), (stands.kind.clone(), stands.typed.when.is_some()));
                // As it is stored, but for lists of one and the blanks that a form does not keep.
                for (part, stored) in PARTS.iter().zip(&stands.parts) {
                    let says = members.get(*part).cloned().unwrap_or_else(|| json!({}));
                    let names = |value: &Map<String, Value>| value.keys().cloned().collect::<BTreeSet<_>>();
                    assert_eq!(
                        names(says.as_object().expect("fields")),
                        names(stored),
                        "{event} of {}",
                        file.display()
                    );
                    for (name, value) in stored {
                        let one = value.as_array().filter(|items| items.len() == 1).map(|items| &items[0]);
                        assert!(
                            &says[name] == value || Some(&says[name]) == one,
                            "{event} {name}: {} {value}",
                            says[name]
                        );
                    }
                }
                seen += 1;
            }
        }
        assert!(seen > 400, "{seen} events were seen");
    }

    #[test]
    fn a_patch_has_what_changed_and_takes_away_what_is_gone() {
        let (before, after) =
            (json!({"a": 1, "b": {"c": 1, "d": 2}, "e": [1]}), json!({"a": 1, "b": {"c": 3}, "f": 1}));
        let expected = json!({"b": {"c": 3, "d": null}, "e": null, "f": 1});
        assert_eq!(patch(&before, &after), Some(expected));
        assert_eq!(patch(&before, &before), None);
    }

    #[test]
    fn a_value_is_typed_in_words_where_it_can_be() {
        let text = |text: &str| Given::Text(text.into());
        assert_eq!(given(&json!("Open")), [text("Open")]);
        assert_eq!(
            given(&json!(["a", {"party": "b", "who": "C", "voice": "anonymous"}])),
            [text("a"), text("b: C (anonymous)")]
        );
        assert_eq!(given(&json!(["a"])), [text("a")]);
        assert_eq!(given(&json!([])), [Given::Json(json!([]))]);
        assert_eq!(given(&json!({"low": 3})), [Given::Json(json!({"low": 3}))]);
        assert_eq!(given(&json!(true)), [text("true")]);
    }
}
