//! One sealed line, read member by member.
//!
//! Here a line is only read: whether its digests and roots hold is for the log to say. The members may stand in any order and
//! spelling; the envelope and the parts are brought back into the canonical one, in which they were hashed.

use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::problem::Finding;
use super::tree::Node;
use super::typing;
use crate::domain::ids::{Handle, Version};
use crate::domain::record::{Body, Envelope, Gone, Parts, Record, Seal};
use crate::domain::when::{Instant, When};
use crate::exchange::canon::canonical_value;

/// What a sealed line holds.
#[derive(Clone, Debug)]
pub struct SealedLine {
    /// The line of the file, from 1.
    pub line: usize,
    /// As the fold takes it.
    pub record: Record,
    /// The canonical bytes of its envelope.
    pub envelope: String,
    /// The canonical bytes of data, context and sources; none where a part is gone.
    pub parts: [Option<String>; 3],
    /// Their salts, as written; none where a part is gone.
    pub salts: [Option<String>; 3],
    /// The root of the log up to here, as written.
    pub root: String,
}

/// The name by which a sealed line is told from a draft.
pub(super) const MARK: &str = "format";
/// The members that are no part of the envelope.
const BESIDE: [&str; 5] = ["data", "context", "sources", "salts", "root"];
const FORMAT: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Salts {
    data: Option<String>,
    context: Option<String>,
    sources: Option<String>,
}

struct Members<'t, 'a, 'f> {
    tree: &'t Node<'a>,
    found: &'f mut Vec<Finding>,
}

/// Reads a line that is an object with the mark.
pub(super) fn read(text: &str, tree: &Node<'_>, found: &mut Vec<Finding>) -> Option<SealedLine> {
    if tree.has_refused() {
        return None;
    }
    let mut members = Members { tree, found };
    let format: u32 = members.needed(MARK)?;
    if format != FORMAT {
        let what = format!("this line is of format {format}; this version reads format {FORMAT}");
        members.refuse("newer-format", MARK, what, "read it with the version of talks that wrote it, or a newer one");
        return None;
    }
    if tree
        .get("salts")
        .is_some_and(|salts| ["data", "context", "sources"].iter().any(|part| salts.get(part).is_none()))
    {
        members.refuse(
            "missing-member",
            "salts",
            "a part has no salt here, not even null".into(),
            "ask the sender for the file as exported",
        );
        return None;
    }
    let Salts { data, context, sources } = members.needed("salts")?;
    let salts = [data, context, sources];
    let root: String = members.needed("root")?;
    members.needed::<Json>("digests")?;
    let gone = Gone { data: salts[0].is_none(), context: salts[1].is_none(), sources: salts[2].is_none() };
    let (envelope, is_read) = members.envelope(gone)?;
    let mut whole: serde_json::Map<String, Json> = serde_json::from_str(text).ok()?;
    let [data, context, sources, ..] = BESIDE.map(|name| whole.shift_remove(name));
    let texts = [data, context, sources].map(|part| part.map(|part| canonical_value(&part)));
    members.check_gone(&texts, &salts)?;
    let [data, context, sources] = texts.clone().map(|text| text.unwrap_or_default().into_boxed_str());
    let mut record = Record::sealed(envelope, Parts { data, context, sources });
    if !is_read {
        record.body = Body::NotUnderstood("its date can't be read by this version".into());
    }
    let mut parts = texts;
    for (part, salt) in parts.iter_mut().zip(&salts) {
        *part = salt.is_some().then(|| part.take().unwrap_or_default());
    }
    Some(SealedLine { line: 0, record, envelope: canonical_value(&Json::Object(whole)), parts, salts, root })
}

impl Members<'_, '_, '_> {
    /// The envelope, and whether its date could be read.
    fn envelope(&mut self, gone: Gone) -> Option<(Envelope, bool)> {
        let number: Option<u64> = self.needed("version");
        let (id, log): (Option<Uuid>, Option<Uuid>) = (self.needed("id"), self.needed("log"));
        let kind: Option<String> = self.needed("kind");
        let schema: Option<u32> = self.needed("schema");
        let stamp: Option<String> = self.needed("recorded");
        let recorded = stamp.and_then(|stamp| self.stamp(&stamp));
        // A date that only a later version can read is kept in the envelope, and the record is not understood.
        let date = |text: Option<String>| text.map(|text| When::parse(&text));
        let occurred = date(self.maybe("occurred")).transpose().ok();
        let reported = date(self.maybe("reported")).and_then(Result::ok);
        let recorder: Option<String> = self.maybe("recorder");
        let defines: Option<Handle> = self.maybe("defines");
        let recorder = recorder.map(Into::into);
        let seal = Seal { schema: schema?, log: log?, recorded: recorded?, recorder, reported, defines, gone };
        let kind = kind?.into();
        let is_read = occurred.is_some();
        let envelope =
            Envelope { version: Version(number?), kind, occurred: occurred.flatten(), id, seal: Some(Box::new(seal)) };
        Some((envelope, is_read))
    }

    fn stamp(&mut self, text: &str) -> Option<Instant> {
        let stamp = Instant::from_utc(text);
        if stamp.is_none() {
            self.refuse(
                "bad-stamp",
                "recorded",
                format!("\"{text}\" is no stamp"),
                "a stamp is written 2026-11-24T10:00:00Z",
            );
        }
        stamp
    }

    /// A part that is gone has no salt and no member.
    fn check_gone(&mut self, parts: &[Option<String>; 3], salts: &[Option<String>; 3]) -> Option<()> {
        let mut odd = parts.iter().zip(salts).zip(BESIDE).filter(|((part, salt), _)| part.is_some() && salt.is_none());
        let Some((_, name)) = odd.next() else { return Some(()) };
        let what = format!("\"{name}\" stands here, and its salt does not");
        self.refuse(
            "missing-salt",
            name,
            what,
            "a part that was withheld has neither; ask the sender for the file as exported",
        );
        None
    }

    fn needed<T: for<'de> Deserialize<'de>>(&mut self, name: &'static str) -> Option<T> {
        if self.tree.get(name).is_none() {
            let at = self.tree.at.start..self.tree.at.start + 1;
            let finding = Finding::error("missing-member", at, format!("\"{name}\" is missing from this sealed line"));
            self.found.push(finding.help("sealed lines come from talks export, whole; a draft has no \"format\""));
            return None;
        }
        self.maybe(name)
    }

    fn maybe<T: for<'de> Deserialize<'de>>(&mut self, name: &'static str) -> Option<T> {
        let node = self.tree.get(name)?;
        typing::read(node).map_err(|refusal| self.found.push(refusal.finding(name))).ok()
    }

    fn refuse(&mut self, id: &'static str, name: &str, what: String, help: &str) {
        let at = self.tree.get(name).map(|node| node.at.clone()).unwrap_or_default();
        self.found.push(Finding::error(id, at, what).help(help));
    }
}
