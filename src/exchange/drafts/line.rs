//! One line, read field by field.
//!
//! The fields of a draft are read independently of each other, so that a bad date does not hide a bad citation. A record is put
//! together from whatever could be read; whether it counts is for the caller to say, who sees the findings.

use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::LINE_LIMIT_BYTES;
use super::problem::{Finding, Severity};
use super::sealed::{self, SealedLine};
use super::tree::{self, Member, Node, Value};
use super::typing::{self, Refusal, Step};
use super::unknown::{Comparison, keys, with_near};
use crate::domain::event::Event;
use crate::domain::ids::{Version, is_slug, slug_of};
use crate::domain::record::{Body, Context, Envelope, Parts, Record};
use crate::domain::source::Citation;
use crate::domain::value::List;
use crate::exchange::schema;

/// Which of the two shapes a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Draft,
    Sealed,
}

/// How strict to be with what this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// Reading: it is kept, and warned of.
    Open,
    /// Appending: a kind or a member that is not known is refused.
    Strict,
}

/// What a line holds.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    /// Absent where the line is no object.
    pub shape: Option<Shape>,
    /// What could be put together; without a kind there is nothing.
    pub record: Option<Record>,
    /// The same of a sealed line.
    pub sealed: Option<SealedLine>,
    pub tree: Option<Node<'a>>,
    pub found: Vec<Finding>,
}

const DRAFT_FIELDS: [&str; 6] = ["kind", "occurred", "data", "context", "sources", "id"];
const SEALED_FIELDS: [&str; 10] =
    ["schema", "log", "version", "recorded", "recorder", "reported", "defines", "salts", "digests", "root"];

/// Reads a line: a draft as that version, or a sealed line.
pub(super) fn read(text: &str, version: Version, door: Door) -> Line<'_> {
    let mut found = Vec::new();
    let Some(tree) = tree::parse(text, &mut found) else { return Line { found, ..Line::default() } };
    let Value::Object(members) = &tree.value else {
        if !tree.has_refused() {
            let finding = Finding::error("not-an-object", tree.at.clone(), format!("the line is {}", tree.noun()));
            found.push(finding.help("a draft is an object: {\"kind\":\"..\",\"occurred\":\"..\",\"data\":{..}}"));
        }
        return Line { found, ..Line::default() };
    };
    if tree.get(sealed::MARK).is_some() {
        let sealed = sealed::read(text, &tree, &mut found);
        return Line { shape: Some(Shape::Sealed), sealed, tree: Some(tree), found, ..Line::default() };
    }
    found.extend(members.iter().find_map(sealed_field));
    if text.len() > LINE_LIMIT_BYTES {
        let what = format!("the draft is {} bytes long; the limit is {LINE_LIMIT_BYTES}", text.len());
        found
            .push(Finding::error("long-line", 0..1, what).help("write long documents as sources, and quote from them"));
    }
    let record = Draft { text, tree: &tree, kind: None, door, found: &mut found }.record(version);
    Line { shape: Some(Shape::Draft), record, tree: Some(tree), found, ..Line::default() }
}

impl Line<'_> {
    pub fn is_bad(&self) -> bool {
        self.found.iter().any(|finding| finding.severity == Severity::Error)
    }
}

fn sealed_field(member: &Member<'_>) -> Option<Finding> {
    let name = SEALED_FIELDS.into_iter().find(|name| *name == member.name)?;
    let what = format!("\"{name}\" is a field of sealed lines, and this is none");
    let help = match name {
        "reported" => {
            "a draft says it in its citation: \"sources\":[{\"source\":\"S1\",\"reported\":\"2023-10-26\"}]".into()
        }
        _ => format!("a draft has {} and nothing else", DRAFT_FIELDS.join(", ")),
    };
    Some(Finding::error("sealed-line", member.key.clone(), what).help(help))
}

struct Draft<'t, 'a, 'f> {
    text: &'a str,
    tree: &'t Node<'a>,
    /// The kind, where this version knows it.
    kind: Option<&'static str>,
    door: Door,
    found: &'f mut Vec<Finding>,
}

impl<'t> Draft<'t, '_, '_> {
    fn record(&mut self, version: Version) -> Option<Record> {
        let kind = self.read_kind();
        self.note_unknown_fields();
        self.check_dated();
        let occurred = self.read("occurred");
        let id = self.read_id();
        let body = match self.kind {
            Some(kind) => self.read_event(kind).map(Body::Present),
            None => kind.as_ref().map(|kind| Body::NotUnderstood(format!("the kind \"{kind}\" is not known"))),
        };
        let context: Context = self.read_and_compare("context").unwrap_or_default();
        let sources: List<Citation> = self.read_and_compare("sources").unwrap_or_default();
        let envelope = Envelope { version, kind: kind?, occurred, id, seal: None };
        Some(Record { envelope, body: body?, context, sources: sources.0, parts: self.parts() })
    }

    fn read_kind(&mut self) -> Option<Box<str>> {
        if self.tree.get("kind").is_none() {
            let finding =
                Finding::error("missing-kind", self.tree.at.start..self.tree.at.start + 1, "\"kind\" is missing");
            self.found.push(finding.help("add one, as in \"kind\":\"round.opened\"; talks help kinds lists them"));
        }
        let kind: String = self.read("kind")?;
        self.kind = Event::KINDS.iter().copied().find(|known| *known == kind);
        if self.kind.is_none() {
            let finding = self.unknown(
                "unknown-kind",
                self.place("kind"),
                format!("\"{kind}\" is not a kind this version knows"),
                "the line is kept, not understood",
            );
            let finding = with_near(finding, &kind, Event::KINDS.iter().copied());
            let help = finding.help.unwrap_or_else(|| "talks help kinds lists the kinds".into());
            self.found.push(Finding { help: Some(help), ..finding });
        }
        Some(kind.into())
    }

    fn note_unknown_fields(&mut self) {
        let Value::Object(members) = &self.tree.value else { return };
        let is_known = |name: &str| DRAFT_FIELDS.contains(&name) || SEALED_FIELDS.contains(&name);
        for Member { name, key, .. } in members.iter().filter(|member| !is_known(&member.name)) {
            let what = format!("\"{name}\" is not a field of a draft");
            let finding = self.unknown("unknown-field", key.clone(), what, "it is not understood");
            let has_it = |part: &&str| schema::fields_at(self.kind, &[part]).iter().any(|field| field.name == *name);
            self.found.push(match ["data", "context"].iter().find(|part| has_it(part)) {
                Some(part) => finding.help(format!("write it inside \"{part}\": {{\"{name}\": ..}}")),
                None => match with_near(finding, name, DRAFT_FIELDS.into_iter()) {
                    finding if finding.help.is_some() => finding,
                    finding => finding.help(format!("a draft has {}", DRAFT_FIELDS.join(", "))),
                },
            });
        }
    }

    /// Something that only a newer version may know: refused at the door, warned of elsewhere.
    fn unknown(&self, id: &'static str, at: std::ops::Range<usize>, what: String, kept: &str) -> Finding {
        match self.door {
            Door::Strict => Finding::error(id, at, what),
            Door::Open => Finding::warning(id, at, format!("{what}; {kept}")),
        }
    }

    /// What happens in the world has a date there, and what keeps the record has none.
    fn check_dated(&mut self) {
        let Some(kind) = self.kind else { return };
        match (schema::is_dated(kind), self.tree.get("occurred")) {
            (true, None) => {
                let finding =
                    Finding::error("missing-date", self.place("kind"), format!("a {kind} needs a date, \"occurred\""));
                self.found.push(
                    finding.help(
                        "write the date, as in \"occurred\":\"2023-10-26\", or \"[..2023-10-26]\" for \"by then\"",
                    ),
                );
            }
            (false, Some(occurred)) => {
                let what = format!("a {kind} keeps the record: it has no date in the world");
                let finding = Finding::error("needless-date", occurred.at.clone(), what);
                self.found
                    .push(finding.help("leave \"occurred\" out; the day of a report is \"published\" of its source"));
            }
            _ => {}
        }
    }

    fn read_id(&mut self) -> Option<Uuid> {
        let before = self.found.len();
        let id = self.read("id");
        let help = "write a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057, or leave \"id\" out";
        self.found.iter_mut().skip(before).for_each(|finding| finding.help = Some(help.into()));
        id
    }

    fn read_event(&mut self, kind: &'static str) -> Option<Event> {
        // Without data there is no place in the line to point at but the kind, which asks for it.
        let absent = Node { at: self.place("kind"), value: Value::Object(Vec::new()) };
        let data = match self.tree.get("data") {
            Some(data) if data.has_refused() => return None,
            Some(data) => data,
            None => &absent,
        };
        match Event::from_parts(kind, data) {
            Ok(event) => {
                let read = serde_json::to_value(&event).ok();
                self.compare("data", data, read.as_ref().and_then(|read| read.get(kind)));
                self.check_slugs(&event, data);
                Some(event)
            }
            Err(refusal) => {
                self.refuse("data", refusal.at(data));
                None
            }
        }
    }

    fn check_slugs(&mut self, event: &Event, data: &Node<'_>) {
        let entries = match event {
            Event::NegotiationOpened(_) => data.get("parties").map(Node::items).unwrap_or_default(),
            Event::PartyJoined(_) => data.items(),
            _ => return,
        };
        for party in entries.iter().filter_map(|entry| entry.get("party")) {
            let slug = party.text().unwrap_or_default();
            if !is_slug(slug) {
                let what = format!("\"{slug}\" is no name for a party: it takes letters a to z, digits and hyphens");
                let help = format!("write {}; its name in full is \"name\"", suggested_slug(slug));
                self.found.push(Finding::error("bad-slug", party.at.clone(), what).help(help));
            }
        }
    }

    fn read<T: for<'de> Deserialize<'de>>(&mut self, part: &'static str) -> Option<T> {
        let node = self.tree.get(part).filter(|node| !node.has_refused())?;
        typing::read(node).map_err(|refusal| self.refuse(part, refusal)).ok()
    }

    fn read_and_compare<T>(&mut self, part: &'static str) -> Option<T>
    where
        T: for<'de> Deserialize<'de> + serde::Serialize,
    {
        let read: T = self.read(part)?;
        if let Some(node) = self.tree.get(part) {
            self.compare(part, node, serde_json::to_value(&read).ok().as_ref());
        }
        Some(read)
    }

    fn compare(&mut self, part: &str, written: &Node<'_>, read: Option<&Json>) {
        let mut comparison = Comparison { kind: self.kind, path: vec![Step::Key(part.into())], found: self.found };
        if let Some(read) = read {
            comparison.compare(written, read);
        }
    }

    fn refuse(&mut self, part: &'static str, refusal: Refusal) {
        let help = refusal.missing.and_then(|name| self.missing_help(part, &refusal.path, name));
        let finding = refusal.finding(part);
        self.found.push(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }

    fn missing_help(&self, part: &str, path: &[Step], name: &str) -> Option<String> {
        let path: Vec<&str> = std::iter::once(part).chain(keys(path)).collect();
        let field = schema::fields_at(self.kind, &path).into_iter().find(|field| field.name == name)?;
        Some(format!("add \"{name}\", {}: {}", field.type_words, field.doc))
    }

    fn place(&self, part: &str) -> std::ops::Range<usize> {
        self.tree.get(part).map(|node| node.at.clone()).unwrap_or_default()
    }

    /// Absent data are an empty object; an absent part is otherwise empty.
    fn parts(&self) -> Parts {
        let text = |part: &str| self.text.get(self.place(part)).unwrap_or_default();
        let data = if self.tree.get("data").is_some() { text("data") } else { "{}" };
        Parts { data: data.into(), context: text("context").into(), sources: text("sources").into() }
    }
}

/// A slug in quotes, made of the name given; words where its letters do not allow one.
fn suggested_slug(name: &str) -> String {
    let slug = slug_of(name);
    match name.is_ascii() && !slug.is_empty() {
        true => format!("\"{slug}\""),
        false => "it in letters a to z, such as \"turkiye\"".into(),
    }
}
