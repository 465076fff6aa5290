//! What was written and not understood.
//!
//! The submitted JSON is laid beside the typed value written out again. A field that is not in the second was not understood, and a
//! word that came back as `other` is not in its list. Neither is an error: both may come from a newer version, and both are kept.
//! The shorthands are no loss: one value for a list of one, a party for an actor, a date for a term, a number for a count or a code.

use serde_json::Value as Json;

use super::problem::Finding;
use super::tree::{Member, Node, Value};
use super::typing::{Step, shown};
use crate::exchange::near::near;
use crate::exchange::schema;

/// Compares what was written with what was read.
pub(super) struct Comparison<'f> {
    /// The kind, where it is known: near names are sought among its fields.
    pub kind: Option<&'static str>,
    pub path: Vec<Step>,
    pub found: &'f mut Vec<Finding>,
}

impl Comparison<'_> {
    /// Notes every field and word of `written` that `read` has lost.
    pub fn compare(&mut self, written: &Node<'_>, read: &Json) {
        match (&written.value, read) {
            (Value::List(items), Json::Array(values)) => {
                for (index, (item, value)) in items.iter().zip(values).enumerate() {
                    self.inside(Step::Index(index), |here| here.compare(item, value));
                }
            }
            (_, Json::Array(values)) => values.iter().take(1).for_each(|one| self.compare(written, one)),
            (Value::Object(members), _) => members.iter().for_each(|member| self.member(member, read)),
            (Value::Text(word), Json::String(other)) if other == "other" && word != "other" => self.word(written, word),
            _ => {}
        }
    }

    fn member(&mut self, member: &Member<'_>, read: &Json) {
        let stands_alone = || read.as_str().is_some_and(|only| member.node.text() == Some(only));
        match read.get(&*member.name) {
            Some(value) => {
                self.inside(Step::Key(member.name.to_string()), |here| here.compare(&member.node, value));
            }
            None if is_blank(&member.node) || stands_alone() => {}
            None => self.field(member),
        }
    }

    fn inside(&mut self, step: Step, look: impl FnOnce(&mut Self)) {
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    fn field(&mut self, member: &Member<'_>) {
        let what = format!("{} has no field \"{}\"; it is kept, not understood", shown(&self.path), member.name);
        let fields = schema::fields_at(self.kind, &keys(&self.path));
        let finding = Finding::warning("unknown-field", member.key.clone(), what);
        self.found.push(with_near(finding, &member.name, fields.iter().map(|field| field.name.as_str())));
    }

    fn word(&mut self, node: &Node<'_>, word: &str) {
        let what = format!("{}: \"{word}\" is not in its list; it is kept, and read as \"other\"", shown(&self.path));
        let words = schema::words_at(self.kind, &keys(&self.path));
        let finding = Finding::warning("unknown-word", node.at.clone(), what);
        let near = near(word, words.iter().map(String::as_str));
        self.found.push(match near.is_some() {
            true => with_near(finding, word, words.iter().map(String::as_str)),
            false => finding.help(format!("write one of {}", words.join(", "))),
        });
    }
}

/// The path without the places in lists, which the schema does not tell apart.
pub(super) fn keys(path: &[Step]) -> Vec<&str> {
    fn key(step: &Step) -> Option<&str> {
        match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }
    path.iter().filter_map(key).collect()
}

/// What may be left out of the JSON of a value loses nothing when it is.
fn is_blank(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Null | Value::Bool(false) => true,
        Value::List(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Text(_) | Value::Refused => false,
    }
}

/// Asks whether the nearest name was meant.
pub(super) fn with_near<'n>(finding: Finding, name: &str, names: impl Iterator<Item = &'n str>) -> Finding {
    match near(name, names) {
        Some(near) => finding.help(format!("did you mean \"{near}\"?")),
        None => finding,
    }
}
