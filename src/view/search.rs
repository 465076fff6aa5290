//! Finding words: in what events say, in their quotes, and in the names of sources and parties.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::line::{Asked, InstantView};
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Version};

/// An event in which words were found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Found {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// The handle it defines or joins.
    #[schemars(with = "Option<String>")]
    pub handle: Option<Handle>,
    /// Its kind.
    pub kind: String,
    /// When it happened.
    pub when: Option<InstantView>,
    /// In a sentence.
    pub text: String,
    /// Where the words stand, and around them: `sources.quote`, `data.text`.
    pub places: Vec<FoundAt>,
}

/// A text in which the words stand.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FoundAt {
    /// Which text it is.
    pub field: String,
    /// As much of it as is of use.
    pub excerpt: String,
}

/// How much of a text is shown on each side of the first word found, in characters.
const AROUND_CHARS: usize = 60;

/// The events that count and in which all the words stand, each in one and the same text; letter case does not matter.
pub fn search(asked: &Asked<'_>, words: &str) -> Vec<Found> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let found = |fact: &Fact| {
        let text = super::sentence::of(fact, asked.all);
        let places: Vec<FoundAt> = texts(fact, &text).into_iter().filter_map(|text| found_at(text, &words)).collect();
        (!places.is_empty()).then(|| Found {
            event: fact.version(),
            handle: fact.defines,
            kind: fact.record.envelope.kind.to_string(),
            when: fact.occurred().map(|when| InstantView::of(when, asked.zone())),
            text,
            places,
        })
    };
    let mut all: Vec<Found> = asked.facts().filter_map(found).collect();
    all.sort_by_key(|found| found.event);
    all
}

/// Every text of an event, with its name; its sentence last, for it repeats what the others say.
fn texts(fact: &Fact, sentence: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let parts = &fact.record.parts;
    for (name, part) in [("data", &parts.data), ("context", &parts.context), ("sources", &parts.sources)] {
        collect(name.to_string(), &serde_json::from_str(part).unwrap_or_default(), &mut all);
    }
    if !all.iter().any(|(_, text)| text == sentence) {
        all.push(("sentence".into(), sentence.into()));
    }
    all
}

fn collect(name: String, value: &Value, all: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => all.push((name, text.clone())),
        Value::Array(values) => values.iter().for_each(|value| collect(name.clone(), value, all)),
        Value::Object(fields) => {
            fields.iter().for_each(|(field, value)| collect(format!("{name}.{field}"), value, all));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn found_at((field, text): (String, String), words: &[String]) -> Option<FoundAt> {
    let lower = text.to_lowercase();
    let all_there = words.iter().all(|word| lower.contains(word.as_str()));
    let at = lower.find(words.first()?.as_str()).filter(|_| all_there)?;
    let before = lower[..at].chars().count();
    let start = before.saturating_sub(AROUND_CHARS);
    let shown: String = text.chars().skip(start).take(2 * AROUND_CHARS).collect();
    let (head, tail) = (if start > 0 { ".. " } else { "" }, start + shown.chars().count() < text.chars().count());
    Some(FoundAt { field, excerpt: format!("{head}{shown}{}", if tail { " .." } else { "" }) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_cut_around_the_first_word_found() {
        let long = format!("{} Torkham {}", "x".repeat(200), "y".repeat(200));
        let found = found_at(("data.text".into(), long), &["torkham".into()]).expect("it is there");
        assert!(
            found.excerpt.starts_with(".. x") && found.excerpt.contains("Torkham") && found.excerpt.ends_with("y ..")
        );
        let turkish = found_at(("data.text".into(), "İİİ Torkham".into()), &["torkham".into()]);
        assert_eq!(turkish.map(|found| found.excerpt), Some("İİİ Torkham".into()));
        assert_eq!(found_at(("data.text".into(), "one".into()), &["one".into(), "two".into()]), None);
    }
}
