//! The fields of a kind, as they are filled in: what each takes, what can be answered, and how an answer is understood.
//!
//! Read from the schema, so that a field of the vocabulary is asked for wherever fields are; and an answer is read by the reader of
//! `key=value` pairs, so that neither a prompt nor a form takes what a command line would not.

use super::Trouble;
use super::ask::party_named;
use super::known::Known;
use crate::exchange::pairs::{self, Given, Pair};
use crate::exchange::schema::{FieldDoc, fields_at, takes_at, words_at};
use crate::exchange::short::several;
use crate::view::Choice;

/// What the words of a source can be called, where one source is cited.
pub const WORDS: [&str; 5] = ["quote", "locator", "reported", "attribution", "relays"];

/// The fields of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'k> {
    known: &'k Known<'k>,
    kind: &'k str,
}

impl<'k> Fields<'k> {
    /// Of a kind, by its published name.
    pub fn of(kind: &'k str, known: &'k Known<'k>) -> Fields<'k> {
        Fields { known, kind }
    }

    /// The fields of the data and of the context, in their order.
    pub fn all(&self) -> Vec<FieldDoc> {
        ["data", "context"].into_iter().flat_map(|part| fields_at(Some(self.kind), &[part])).collect()
    }

    /// The fields within a field that can't be written in one text.
    pub fn within(&self, path: &str) -> Vec<FieldDoc> {
        let place = self.place(path).unwrap_or_default();
        let is_written = takes_at(self.kind, &place).is_none_or(|takes| takes.text || takes.date || takes.whole);
        if is_written { Vec::new() } else { fields_at(Some(self.kind), &place) }
    }

    /// Whether there is such a field.
    pub fn has(&self, path: &str) -> bool {
        self.place(path).is_some()
    }

    /// Where a field stands in the draft.
    fn place<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let steps = || path.split('.').filter(|step| step.parse::<usize>().is_err());
        let at = |part: &'static str| std::iter::once(part).chain(steps()).collect::<Vec<_>>();
        let there = |path: &Vec<&str>| takes_at(self.kind, path).is_some();
        Some(at("data")).filter(there).or_else(|| Some(at("context")).filter(there))
    }

    /// A field, as the reference page shows it.
    pub fn doc(&self, path: &str) -> Option<FieldDoc> {
        let place = self.place(path)?;
        let (name, parents) = place.split_last()?;
        fields_at(Some(self.kind), parents).into_iter().find(|field| field.name == *name)
    }

    /// What a field takes, without "list of".
    pub fn takes(&self, path: &str) -> String {
        let words = self.doc(path).map(|doc| doc.type_words).unwrap_or_default();
        words.strip_prefix("list of ").or_else(|| words.strip_prefix("list, each ")).unwrap_or(&words).into()
    }

    /// Whether several answers can stand in it side by side.
    pub fn is_list(&self, path: &str) -> bool {
        self.doc(path).is_some_and(|doc| doc.type_words.starts_with("list")) && self.takes(path) != "text"
    }

    /// Whether it names a party, a life or an event, and not what is said or done.
    pub fn is_who(&self, path: &str) -> bool {
        let takes = self.takes(path);
        ["party", "actor", "ref"].contains(&&*takes) || takes.ends_with("1)")
    }

    /// What was said last for this kind, of what seldom changes.
    pub fn default(&self, path: &str) -> Option<String> {
        let seldom_changes = ["by", "of"].contains(&path);
        seldom_changes.then(|| self.known.last.get(&(self.kind.to_string(), path.into())).cloned()).flatten()
    }

    /// The pairs that an answer stands for.
    ///
    /// # Errors
    /// No party of that name, or no JSON.
    pub fn pairs(&self, path: &str, text: &str) -> Result<Vec<Pair>, Trouble> {
        let is_text = self.takes(path) == "text";
        let is_date = self.place(path).and_then(|place| takes_at(self.kind, &place)).is_some_and(|takes| takes.date);
        if !is_text && (text.starts_with('{') || text.starts_with('[') && !is_date) {
            return Ok(vec![pairs::pair(&format!("{path}:={text}"))?]);
        }
        let takes = self.takes(path);
        let is_party = matches!(&*takes, "party" | "actor") && self.kind != "party.joined";
        let slug = |text: &str| party_named(text, self.known.ground).map(|party| party.to_string());
        let value = |text: &str| match text.split_once(':').filter(|_| takes == "actor") {
            Some((party, who)) => Ok(format!("{}:{who}", slug(party)?)),
            None if is_party => slug(text),
            None => Ok(text.to_string()),
        };
        let texts = several(self.kind, path, text);
        texts.iter().map(|text| Ok(Pair { key: path.into(), value: Given::Text(value(text)?) })).collect()
    }

    /// Whether an answer does, and how it is understood.
    ///
    /// # Errors
    /// What it says that the field does not take, or that nothing here is called so.
    pub fn check(&self, path: &str, text: &str) -> Result<Option<String>, Trouble> {
        let pairs = self.pairs(path, text)?;
        pairs::members(self.kind, &pairs, self.known.clock)?;
        let takes = self.takes(path);
        let given = |pair: &Pair| if let Given::Text(text) = &pair.value { Some(text.clone()) } else { None };
        if takes.ends_with("1)") || takes == "ref" {
            let choices = self.choices(path);
            let is_any = takes == "ref" || takes.starts_with("event");
            let names = pairs.iter().filter_map(given);
            let titles = names.map(|name| self.known.title(&name, &choices, is_any)).collect::<Result<Vec<_>, _>>()?;
            return Ok(Some(titles.join("; ")).filter(|titles| !titles.is_empty()));
        }
        if takes == "actor" || takes == "party" {
            let named: Vec<String> = pairs.iter().filter_map(given).map(|actor| self.named(&actor)).collect();
            return Ok(Some(named.join(", ")).filter(|named| !named.is_empty() && named != text));
        }
        let place = self.place(path).unwrap_or_default();
        match takes_at(self.kind, &place).filter(|takes| takes.date) {
            Some(_) => self.known.date(text).map(Some),
            None => Ok(None),
        }
    }

    /// An actor as it was typed, with the name of the party: `Khawaja Asif (Pakistan)`.
    fn named(&self, actor: &str) -> String {
        match actor.split_once(':') {
            Some((party, who)) => format!("{} ({})", who.trim(), self.known.name(party)),
            None => self.known.name(actor),
        }
    }

    /// The words of its closed list, if it takes only these.
    pub fn words(&self, path: &str) -> Vec<String> {
        words_at(Some(self.kind), &self.place(path).unwrap_or_default())
    }

    /// What can stand in a field.
    pub fn choices(&self, path: &str) -> Vec<Choice> {
        let words = self.words(path);
        if !words.is_empty() {
            return words.iter().map(|word| Choice::new(word, String::new())).collect();
        }
        let takes = self.takes(path);
        match &*takes {
            "party" => self.known.parties.clone(),
            "actor" => self.known.parties.iter().chain(&self.known.speakers).cloned().collect(),
            "true or false" => ["yes", "no"].map(|word| Choice::new(word, String::new())).to_vec(),
            "ref" => self.known.names().cloned().collect(),
            "when" | "term" => self.known.dates.clone(),
            // "demand (D1)", "event (e1)".
            _ if takes.ends_with("1)") => {
                let letter = takes.trim_end_matches("1)").chars().next_back();
                self.known.names().filter(|choice| choice.value.chars().next() == letter).cloned().collect()
            }
            _ => Vec::new(),
        }
    }
}
