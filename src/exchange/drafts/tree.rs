//! JSON, as strictly as a log needs it, and where each value stands.
//!
//! The law. `serde_json` decides what is JSON. Beyond it: no key stands twice in an object, no number is other than whole and within
//! 2^53 - 1, no text is longer than 64 KiB, nothing nests deeper than 32. A number that another reader would round, or a key that it
//! would drop, is a fact silently rewritten. Each breach is found, not only the first, and each value knows its bytes in the line.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::problem::Finding;
use crate::exchange::canon::{DEPTH_LIMIT, NUMBER_LIMIT, TEXT_LIMIT_BYTES};

/// A value and the bytes of the line it stands in.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub at: Range<usize>,
    pub value: Value<'a>,
}

/// What stands there.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(i64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
    /// Something the law above forbids; a finding says what.
    Refused,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub name: Cow<'a, str>,
    /// The bytes of the key, with its quotes.
    pub key: Range<usize>,
    pub node: Node<'a>,
}

/// Reads a line. `None` if it is no JSON; breaches of the law leave `Refused` in their place.
pub(super) fn parse<'a>(line: &'a str, found: &mut Vec<Finding>) -> Option<Node<'a>> {
    let mut scan = Scan { line, found };
    let raw = scan.again::<&RawValue>(line, 0)?;
    Some(scan.node(raw, 1))
}

impl<'a> Node<'a> {
    /// The value of a key, where this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|member| member.name == name).map(|member| &member.node)
    }

    /// The items of a list; anything else stands for a list of itself.
    pub fn items(&self) -> &[Node<'a>] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, where this is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first value within, itself included, that is this text.
    pub fn find_text(&self, wanted: &str) -> Option<&Node<'a>> {
        match &self.value {
            Value::Text(text) => (text == wanted).then_some(self),
            Value::List(items) => items.iter().find_map(|item| item.find_text(wanted)),
            Value::Object(members) => members.iter().find_map(|member| member.node.find_text(wanted)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Refused => None,
        }
    }

    /// Whether something within is refused.
    pub fn has_refused(&self) -> bool {
        match &self.value {
            Value::Refused => true,
            Value::List(items) => items.iter().any(Node::has_refused),
            Value::Object(members) => members.iter().any(|member| member.node.has_refused()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
        }
    }

    /// What a person would call it.
    pub fn noun(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Refused => "something unreadable",
        }
    }
}

struct Scan<'a, 'f> {
    line: &'a str,
    found: &'f mut Vec<Finding>,
}

impl<'a> Scan<'a, '_> {
    fn node(&mut self, raw: &'a RawValue, depth: usize) -> Node<'a> {
        let at = self.place(raw);
        let value = match raw.get().as_bytes() {
            [b'{' | b'[', ..] if depth > DEPTH_LIMIT => {
                let what = format!("lists and objects nest more than {DEPTH_LIMIT} deep here");
                let finding = Finding::error("deep-nesting", at.start..at.start + 1, what);
                self.refuse(finding.help("write what is so deep as a text, or leave it out"))
            }
            [b'{', ..] => self.object(raw.get(), &at, depth),
            [b'[', ..] => self.list(raw.get(), &at, depth),
            [b'"', ..] => self.text(raw.get(), &at).map_or(Value::Refused, Value::Text),
            [b't', ..] => Value::Bool(true),
            [b'f', ..] => Value::Bool(false),
            [b'n', ..] => Value::Null,
            _ => self.number(raw.get(), &at),
        };
        Node { at, value }
    }

    fn object(&mut self, text: &'a str, at: &Range<usize>, depth: usize) -> Value<'a> {
        let Some(Pairs(pairs)) = self.again(text, at.start) else { return Value::Refused };
        let mut members = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let place = self.place(key);
            let Some(name) = self.text(key.get(), &place) else { return Value::Refused };
            if is_reserved(&name) {
                let finding = Finding::error("reserved-name", place, format!("no member may be called \"{name}\""));
                return self.refuse(finding.help("call it something else"));
            }
            members.push(Member { name, key: place, node: self.node(value, depth + 1) });
        }
        if self.has_twins(&members) { Value::Refused } else { Value::Object(members) }
    }

    fn has_twins(&mut self, members: &[Member<'a>]) -> bool {
        let mut seen = HashSet::with_capacity(members.len());
        let twins: Vec<_> = members.iter().filter(|member| !seen.insert(&*member.name)).collect();
        for twin in &twins {
            let what = format!("\"{}\" stands twice in one object", twin.name);
            let finding = Finding::error("duplicate-key", twin.key.clone(), what);
            self.found.push(finding.help("keep one of the two; several values are written as a list [..]"));
        }
        !twins.is_empty()
    }

    fn list(&mut self, text: &'a str, at: &Range<usize>, depth: usize) -> Value<'a> {
        let Some(items) = self.again::<Vec<&RawValue>>(text, at.start) else { return Value::Refused };
        Value::List(items.into_iter().map(|item| self.node(item, depth + 1)).collect())
    }

    /// A lone surrogate passes as long as nobody asks what the text says, so every text is asked.
    fn text(&mut self, quoted: &'a str, at: &Range<usize>) -> Option<Cow<'a, str>> {
        let plain = quoted.get(1..quoted.len() - 1).filter(|inner| !inner.contains('\\'));
        let text = match plain {
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Owned(self.again::<String>(quoted, at.start)?),
        };
        if text.len() > TEXT_LIMIT_BYTES {
            let what = format!("this text is {} bytes long; the limit is {TEXT_LIMIT_BYTES}", text.len());
            let finding = Finding::error("long-text", at.clone(), what);
            self.found
                .push(finding.help("quote the passage that matters, and say in \"locator\" where the rest stands"));
            return None;
        }
        Some(text)
    }

    fn number(&mut self, text: &str, at: &Range<usize>) -> Value<'a> {
        let as_text = format!("write it as a text: \"{text}\"");
        if text.contains(['.', 'e', 'E']) {
            let what = format!("{text} is not a whole number, and readers round such numbers differently");
            return self.refuse(Finding::error("not-whole", at.clone(), what).help(as_text));
        }
        if text == "-0" {
            return self.refuse(Finding::error("not-whole", at.clone(), "-0 is not a whole number").help("write 0"));
        }
        match text.parse::<i64>() {
            Ok(number) if number.unsigned_abs() <= NUMBER_LIMIT => Value::Number(number),
            _ => {
                let what = format!("{text} is beyond {NUMBER_LIMIT}, the last number that every reader keeps exact");
                self.refuse(Finding::error("big-number", at.clone(), what).help(as_text))
            }
        }
    }

    fn refuse(&mut self, finding: Finding) -> Value<'a> {
        self.found.push(finding);
        Value::Refused
    }

    /// The bytes of a part: it was borrowed from the line, so it lies within.
    fn place(&self, raw: &RawValue) -> Range<usize> {
        let start = raw.get().as_ptr() as usize - self.line.as_ptr() as usize;
        start..start + raw.get().len()
    }

    /// Reads what begins at `from`, and notes where it breaks off.
    fn again<T: Deserialize<'a>>(&mut self, text: &'a str, from: usize) -> Option<T> {
        serde_json::from_str(text).map_err(|error| self.found.push(syntax(text, from, &error))).ok()
    }
}

/// Names by which the JSON library tells values of its own: what stands there it would read as something else.
fn is_reserved(name: &str) -> bool {
    name.starts_with("$serde_json::")
}

/// The keys and values of an object, none dropped.
struct Pairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        d.deserialize_map(All).map(Pairs)
    }
}

fn syntax(text: &str, from: usize, error: &serde_json::Error) -> Finding {
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or_default();
    let offset = match error.classify() {
        Category::Eof => text.len(),
        // This one is noticed before it is taken; the column counts what was taken.
        _ if reason.starts_with("control character") => error.column(),
        Category::Io | Category::Syntax | Category::Data => error.column().saturating_sub(1),
    };
    let (what, help) = in_our_words(reason, text.get(offset..).unwrap_or_default());
    let finding = Finding::error("bad-json", from + offset..from + offset + 1, what);
    if help.is_empty() { finding } else { finding.help(help) }
}

/// What is wrong, and what to do about it; `rest` is what stands where reading stopped.
fn in_our_words<'s>(reason: &'s str, rest: &str) -> (&'s str, &'s str) {
    match reason {
        "EOF while parsing a string" => {
            ("the line ends within a text", "close it with \"; a line break in a text is written \\n")
        }
        _ if reason.starts_with("EOF") => {
            ("the line ends too early", "a draft is one whole JSON object on one line; was the file cut off?")
        }
        "trailing characters" => ("something follows the object", "write one object a line, and nothing after it"),
        "trailing comma" => ("a comma stands before the end", "leave the last comma out"),
        "key must be a string" | "expected value" if rest.starts_with(['}', ']']) => {
            ("a comma stands before the end, or a value is missing", "leave the last comma out, or write the value")
        }
        "key must be a string" => {
            ("a key stands without quotes", "write it in double quotes, as in {\"kind\":\"round.opened\"}")
        }
        "expected value" if rest.starts_with(['#', '/']) => {
            ("this is not JSON", "comments are not read; write a note.added instead")
        }
        "expected value" => {
            ("no value stands here", "texts stand in double quotes; the words are true, false and null")
        }
        _ if reason.starts_with("control character") => {
            ("a control character stands in a text", "write \\n for a line break, \\t for a tab")
        }
        "invalid escape" => ("no such escape", "a backslash itself is written \\\\"),
        _ if reason.contains("surrogate") || reason.contains("hex escape") => (
            "this is half of an escaped character",
            "write the character itself, in UTF-8, or both halves of the escape",
        ),
        other => (other, ""),
    }
}
