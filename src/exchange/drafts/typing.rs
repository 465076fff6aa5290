//! From JSON to types, with the place of what does not fit.
//!
//! The types read themselves from any format that serde knows. Here that format is the tree of a line, so that an error names the
//! very value that was refused, and a date points to the letter within it. What a type accepts is its own affair; nothing is added.

use std::fmt::Display;
use std::ops::Range;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::problem::Finding;
use super::tree::{Member, Node, Value};
use crate::domain::when::{When, WhenError, Zone};

/// Why a value was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    id: &'static str,
    what: String,
    help: Option<Box<str>>,
    at: Option<Range<usize>>,
    /// The keys on the way to it, outermost first.
    pub path: Vec<Step>,
    /// The field that is missing there.
    pub missing: Option<&'static str>,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Reads a type from a part of the line.
pub(super) fn read<T: for<'de> Deserialize<'de>>(node: &Node<'_>) -> Result<T, Refusal> {
    T::deserialize(node).map_err(|refusal| refusal.at(node))
}

/// `parties[0].role`
pub(super) fn shown(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

impl Refusal {
    fn new(id: &'static str, what: String) -> Refusal {
        Refusal { id, what, help: None, at: None, path: Vec::new(), missing: None }
    }

    /// Settles the place, where no value further in has claimed it.
    pub fn at(mut self, node: &Node<'_>) -> Refusal {
        if self.at.is_none() {
            self.at = Some(node.at.clone());
            self.look_closer(node);
        }
        self
    }

    fn look_closer(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Text(text) => {
                let errors = [When::parse(text).err(), Zone::parse(text).err()];
                match errors.into_iter().flatten().find(|error| error.to_string() == self.what) {
                    Some(error) => *self = bad_date(error, node).path(std::mem::take(&mut self.path)),
                    None => self.split_remedy(),
                }
                if self.id == "wrong-type" && self.what.contains("number") && text.parse::<u64>().is_ok() {
                    self.help = Some(format!("write {text}, without quotes").into());
                }
            }
            Value::Number(number) if self.id == "wrong-type" && self.what.ends_with("a text is expected") => {
                self.help = Some(format!("write \"{number}\", in quotes").into());
            }
            Value::Null if self.id == "wrong-type" => {
                self.help = Some("leave the field out, if it is not known".into())
            }
            _ => {}
        }
    }

    /// A type says what is wrong and what to write in one sentence, with a semicolon between.
    fn split_remedy(&mut self) {
        if let Some((what, remedy)) = self.what.rsplit_once("; ") {
            (self.help, self.what) = (Some(remedy.into()), what.to_owned());
        }
    }

    fn path(self, path: Vec<Step>) -> Refusal {
        Refusal { path, ..self }
    }

    fn within(mut self, step: Step) -> Refusal {
        self.path.insert(0, step);
        self
    }

    /// The finding, in a part of the draft: `data.of: "C1" does not name a demand`.
    pub fn finding(self, part: &str) -> Finding {
        let mut path = vec![Step::Key(part.to_owned())];
        path.extend(self.path);
        let finding = Finding::error(self.id, self.at.unwrap_or_default(), format!("{}: {}", shown(&path), self.what));
        Finding { help: self.help.map(String::from), ..finding }
    }
}

/// Points into the date, unless escapes in it make its letters stand elsewhere.
pub(super) fn bad_date(error: WhenError, node: &Node<'_>) -> Refusal {
    let mut refusal = Refusal::new("bad-date", error.reason);
    refusal.help = Some(error.remedy.into());
    let inner = node.at.start + 1..node.at.end.saturating_sub(1);
    let is_plain = node.text().is_some_and(|text| text.len() == inner.len());
    let from = inner.start + error.offset;
    refusal.at = Some(match is_plain {
        true => from..inner.end.max(from + 1),
        false => node.at.clone(),
    });
    refusal
}

impl Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: Display>(message: T) -> Self {
        Refusal::new("bad-value", message.to_string())
    }
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let what = format!("{} stands where {} is expected", found(unexpected), plain(expected));
        Refusal::new("wrong-type", what)
    }
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Refusal::new("bad-value", format!("{} does not fit: {} is expected", found(unexpected), plain(expected)))
    }
    fn missing_field(field: &'static str) -> Self {
        Refusal { missing: Some(field), ..Refusal::new("missing-field", format!("\"{field}\" is missing")) }
    }
}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Str(_) => "a text".into(),
        Unexpected::Unit => "null".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "an object".into(),
        other => other.to_string(),
    }
}

fn plain(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "a string" => "a text".into(),
        "a boolean" => "true or false".into(),
        "u8" => "a small whole number".into(),
        "u32" | "u64" => "a whole number from 0".into(),
        "a map" => "an object".into(),
        _ if words.starts_with("struct ") => "an object".into(),
        _ => words,
    }
}

impl<'de> Deserializer<'de> for &Node<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let result = match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match u64::try_from(*number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(*number),
            },
            Value::Text(text) => visitor.visit_str(text),
            Value::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Value::Object(members) => visitor.visit_map(Members { members, next: 0 }),
            Value::Refused => Err(de::Error::custom("this can't be read")),
        };
        result.map_err(|refusal| refusal.at(self))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }
}

struct Items<'t, 'a> {
    items: &'t [Node<'a>],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Refusal;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(item).map(Some).map_err(|refusal| refusal.at(item).within(Step::Index(index)))
    }
}

struct Members<'t, 'a> {
    members: &'t [Member<'a>],
    /// The member whose key comes next.
    next: usize,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Refusal;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some(member) = self.members.get(self.next) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(StrDeserializer::new(&member.name)).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let Some(member) = self.next.checked_sub(1).and_then(|last| self.members.get(last)) else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        let step = || Step::Key(member.name.to_string());
        seed.deserialize(&member.node).map_err(|refusal| refusal.at(&member.node).within(step()))
    }
}
