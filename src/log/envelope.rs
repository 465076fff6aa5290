//! The envelope of a record: what it says, and its canonical bytes, which are hashed.

use std::fmt::Write as _;

use serde::Deserialize;
use uuid::Uuid;

use super::sealed::{FORMAT, Three};
use super::tree::{Hash, push_hex};
use crate::domain::ids::Handle;
use crate::domain::when::Instant;

/// The members of a sealed line that are no part of its envelope.
const RESERVED: [&str; 5] = ["data", "context", "sources", "salts", "root"];

/// What an envelope says of a record, beside the digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its place in the log, from 1.
    pub version: u64,
    /// The id of the log's first record.
    pub log: Uuid,
    /// The idempotency key.
    pub id: Uuid,
    /// The kind's published name.
    pub kind: Box<str>,
    /// The shape of this kind's data.
    pub schema: u32,
    /// When it happened, as written.
    pub occurred: Option<Box<str>>,
    /// When it was appended.
    pub recorded: Instant,
    /// Who appended it.
    pub recorder: Option<Box<str>>,
    /// The earliest report among its citations, as written.
    pub reported: Option<Box<str>>,
    /// The handle it defines or joins.
    pub defines: Option<Handle>,
}

/// The members as they are read.
#[derive(Deserialize)]
struct Members {
    defines: Option<Handle>,
    digests: Digests,
    id: String,
    kind: Box<str>,
    log: String,
    occurred: Option<Box<str>>,
    recorded: String,
    recorder: Option<Box<str>>,
    reported: Option<Box<str>>,
    schema: u32,
    version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Digests {
    context: String,
    data: String,
    sources: String,
}

impl Header {
    /// The canonical bytes of the envelope: the members in the order of their names.
    pub(super) fn bytes(&self, digests: &Three<Hash>) -> Box<[u8]> {
        let mut out = String::with_capacity(512);
        let [data, context, sources] = digests;
        out.push('{');
        if let Some(handle) = self.defines {
            let _ = write!(out, "\"defines\":\"{handle}\",");
        }
        for (before, digest) in
            [("\"digests\":{\"context\":\"", context), ("\",\"data\":\"", data), ("\",\"sources\":\"", sources)]
        {
            out.push_str(before);
            push_hex(&mut out, &digest.0);
        }
        let _ = write!(out, "\"}},\"format\":{FORMAT},\"id\":\"{}\"", self.id.as_hyphenated());
        push_text(&mut out, ",\"kind\":", Some(&self.kind));
        let _ = write!(out, ",\"log\":\"{}\"", self.log.as_hyphenated());
        push_text(&mut out, ",\"occurred\":", self.occurred.as_deref());
        let _ = write!(out, ",\"recorded\":\"{}\"", self.recorded.utc());
        push_text(&mut out, ",\"recorder\":", self.recorder.as_deref());
        push_text(&mut out, ",\"reported\":", self.reported.as_deref());
        let _ = write!(out, ",\"schema\":{},\"version\":{}}}", self.schema, self.version);
        out.into_bytes().into_boxed_slice()
    }
}

/// A member with a text, where there is one.
fn push_text(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        out.push_str(name);
        match text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            true => out.push_str(&serde_json::Value::from(text).to_string()),
            false => out.extend(["\"", text, "\""]),
        }
    }
}

/// Reads an envelope; members that this version does not know stay in its bytes.
///
/// # Errors
/// What can't be read, or that it is of a newer format.
pub fn read(bytes: &[u8]) -> Result<(Header, Three<Hash>), String> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let no_envelope = |error: serde_json::Error| format!("its envelope can't be read: {error}");
    let Format { format } = serde_json::from_slice(bytes).map_err(no_envelope)?;
    if format != FORMAT {
        return Err(format!("it is of format {format}; this version reads format {FORMAT}"));
    }
    let members: Members = serde_json::from_slice(bytes).map_err(no_envelope)?;
    check_names(bytes)?;
    if members.schema == 0 || members.kind.is_empty() {
        return Err("its envelope names no kind, or shape 0 of it".into());
    }
    let uuid = |text: &str| {
        let uuid = text.parse::<Uuid>().ok().filter(|uuid| uuid.to_string() == text);
        uuid.ok_or_else(|| format!("\"{text}\" is not a UUID in lower case with hyphens"))
    };
    let (id, log) = (uuid(&members.id)?, uuid(&members.log)?);
    let Digests { context, data, sources } = &members.digests;
    let digests = [data, context, sources].map(|text| Hash::from_hex(text));
    let [Some(data), Some(context), Some(sources)] = digests else {
        return Err("a digest is not written as 64 lower-case hexadecimal digits".into());
    };
    let recorded = Instant::from_utc(&members.recorded)
        .ok_or_else(|| format!("\"{}\" is no stamp such as 2026-11-24T10:00:00Z", members.recorded))?;
    let header = Header {
        version: members.version,
        log,
        id,
        kind: members.kind,
        schema: members.schema,
        occurred: members.occurred,
        recorded,
        recorder: members.recorder,
        reported: members.reported,
        defines: members.defines,
    };
    Ok((header, [data, context, sources]))
}

/// Names are ASCII, and none is one that a sealed line needs for itself.
fn check_names(envelope: &[u8]) -> Result<(), String> {
    let whole: serde_json::Value = serde_json::from_slice(envelope).map_err(|error| error.to_string())?;
    let names = whole.as_object().into_iter().flatten().map(|(name, _)| name);
    let odd = names.into_iter().find(|name| !name.is_ascii() || RESERVED.contains(&name.as_str()));
    odd.map_or(Ok(()), |name| Err(format!("its envelope has a member \"{name}\", which none may have")))
}
