//! Format 1: the envelope, the digests of the parts, the sealed line. `docs/format.md` has every byte of it.
//!
//! The law. What was hashed is stored as it was hashed, and never written anew to be checked. The envelope holds a salted digest of
//! each part and no word of it, so a part can be withheld from a copy, or erased, and every root still holds.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tree::{Hash, Tree, from_hex, hex, leaf};
use crate::domain::ids::Handle;
use crate::domain::when::Instant;

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;
/// The longest envelope, in bytes.
pub const ENVELOPE_LIMIT_BYTES: usize = 65_535;
/// The longest sealed line, in bytes without its end: what is stored can always be handed over.
pub const LINE_LIMIT_BYTES: usize = 1_114_112;
/// What a sealed line holds beside its envelope and its parts: names, salts, root.
const BESIDE_BYTES: usize = 512;
/// The members of a sealed line that are no part of its envelope.
const RESERVED: [&str; 5] = ["data", "context", "sources", "salts", "root"];
/// The names of the parts, in the order of [`Three`].
pub const PARTS: [&str; 3] = ["data", "context", "sources"];

/// 16 random bytes.
pub type Salt = [u8; 16];

/// One value for each of the three parts: data, context, sources.
pub type Three<T> = [T; 3];

/// A record as it is handed in: everything but its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The idempotency key.
    pub id: Uuid,
    /// The kind's published name.
    pub kind: Box<str>,
    /// The shape of this kind's data.
    pub schema: u32,
    /// When it happened, as written.
    pub occurred: Option<Box<str>>,
    /// Who appends it.
    pub recorder: Option<Box<str>>,
    /// The earliest report among its citations, as written.
    pub reported: Option<Box<str>>,
    /// The handle it defines or joins.
    pub defines: Option<Handle>,
    /// The canonical bytes of the parts; an absent one is empty.
    pub parts: Three<Box<str>>,
    /// A salt for each.
    pub salts: Three<Salt>,
}

/// A record as the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// What its envelope says of it.
    pub header: Header,
    /// The digests of the parts.
    pub digests: Three<Hash>,
    /// The envelope's bytes, as hashed.
    pub bytes: Box<[u8]>,
    /// The canonical bytes of the parts; none where a part was withheld or erased.
    pub parts: Three<Option<Box<str>>>,
    /// Their salts; none where a part was withheld or erased.
    pub salts: Three<Option<Salt>>,
    /// The root of the log up to and with this version.
    pub root: Hash,
}

/// A record as the fold reads it: without what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What its envelope says of it.
    pub header: Header,
    /// The canonical bytes of the parts; none where a part was withheld or erased.
    pub parts: Three<Option<Box<str>>>,
    /// The root of the log up to and with this version.
    pub root: Hash,
}

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

/// Where a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The id of its first record; none as long as it has none.
    pub log: Option<Uuid>,
    /// The last stamp.
    pub recorded: Option<Instant>,
    /// The tree of its leaves.
    pub tree: Tree,
}

/// A log as it is checked, record by record.
#[derive(Clone, Debug)]
pub struct Chain {
    head: Head,
    ids: HashSet<Uuid>,
}

impl Default for Chain {
    fn default() -> Chain {
        Chain { head: Head::empty(), ids: HashSet::new() }
    }
}

/// Why a record does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The first version that does not hold.
    pub version: u64,
    /// What is wrong with it.
    pub what: String,
}

/// The members in the order of their names, so that the plain JSON of it is canonical.
#[derive(Serialize, Deserialize)]
struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    defines: Option<Handle>,
    digests: Digests,
    format: u32,
    id: String,
    kind: Box<str>,
    log: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurred: Option<Box<str>>,
    recorded: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorder: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reported: Option<Box<str>>,
    schema: u32,
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digests {
    context: String,
    data: String,
    sources: String,
}

/// The digest of a part.
pub fn digest(part: usize, salt: &Salt, bytes: &str) -> Hash {
    let tag = format!("talks:1:{}\0", PARTS[part]);
    Hash(Sha256::new().chain_update(tag).chain_update(salt).chain_update(bytes).finalize().into())
}

impl Head {
    /// Before anything was appended.
    pub fn empty() -> Head {
        Head { log: None, recorded: None, tree: Tree::default() }
    }

    /// The last version; 0 of an empty log.
    pub fn version(&self) -> u64 {
        self.tree.leaves()
    }

    /// The root of the whole log.
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Gives an entry the next place, and moves on. The stamp never goes back.
    ///
    /// # Errors
    /// The envelope would be too long.
    pub fn seal(&mut self, entry: Entry, now: Instant) -> Result<Sealed, Broken> {
        let Entry { id, kind, schema, occurred, recorder, reported, defines, parts, salts } = entry;
        let version = self.version() + 1;
        let log = self.log.unwrap_or(id);
        let recorded = self.recorded.map_or(now, |last| last.max(now));
        let digests = [0, 1, 2].map(|part| digest(part, &salts[part], &parts[part]));
        let header = Header { version, log, id, kind, schema, occurred, recorded, recorder, reported, defines };
        let bytes = header.bytes(&digests);
        if bytes.len() > ENVELOPE_LIMIT_BYTES {
            let what = format!("its envelope is {} bytes long; the limit is {ENVELOPE_LIMIT_BYTES}", bytes.len());
            return Err(Broken { version, what });
        }
        let line = bytes.len() + parts.iter().map(|part| part.len()).sum::<usize>() + BESIDE_BYTES;
        if line > LINE_LIMIT_BYTES {
            let what = format!("it takes {line} bytes as a sealed line; the limit is {LINE_LIMIT_BYTES}");
            return Err(Broken { version, what });
        }
        let (parts, salts, root) = (parts.map(Some), salts.map(Some), self.root());
        let mut sealed = Sealed { header, digests, bytes, parts, salts, root };
        self.step(&mut sealed);
        Ok(sealed)
    }

    /// Takes a sealed record as the next one, if all of it holds.
    ///
    /// # Errors
    /// What does not hold.
    pub fn take(&mut self, sealed: &Sealed) -> Result<(), Broken> {
        let version = self.version() + 1;
        self.check(sealed, version).map_err(|what| Broken { version, what })?;
        let mut after = self.clone();
        let mut stepped = Sealed { parts: [None, None, None], ..sealed.clone() };
        after.step(&mut stepped);
        if stepped.root != sealed.root {
            let what = format!("its root is {}, by what stands before it and in it {}", sealed.root, stepped.root);
            return Err(Broken { version, what });
        }
        *self = after;
        Ok(())
    }

    fn check(&self, sealed: &Sealed, version: u64) -> Result<(), String> {
        let header = &sealed.header;
        if header.version != version {
            let found = header.version;
            let missing = format!("it is missing; e{found} stands in its place");
            return Err(if found > version { missing } else { format!("e{found} stands in its place") });
        }
        if header.log != self.log.unwrap_or(header.id) {
            return Err(format!("it belongs to another log, {}", header.log));
        }
        if self.recorded.is_some_and(|last| header.recorded < last) {
            return Err("it was recorded before the version before it".into());
        }
        if sealed.bytes.len() > ENVELOPE_LIMIT_BYTES {
            return Err(format!("its envelope is {} bytes long", sealed.bytes.len()));
        }
        sealed.check_parts()
    }

    fn step(&mut self, sealed: &mut Sealed) {
        self.tree.push(leaf(&sealed.bytes));
        self.log = Some(sealed.header.log);
        self.recorded = Some(sealed.header.recorded);
        sealed.root = self.tree.root();
    }
}

impl Chain {
    /// Where the records taken so far stand.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Takes a record as the next one, if all of it holds and its id is new.
    ///
    /// # Errors
    /// What does not hold.
    pub fn take(&mut self, sealed: &Sealed) -> Result<(), Broken> {
        let (version, id) = (self.head.version() + 1, sealed.header.id);
        if self.ids.contains(&id) {
            return Err(Broken { version, what: "its id stands twice".into() });
        }
        self.head.take(sealed)?;
        self.ids.insert(id);
        Ok(())
    }
}

impl Sealed {
    /// Compares the parts that are here with their digests.
    ///
    /// # Errors
    /// Names the part that was changed, or is not of its sort.
    pub fn check_parts(&self) -> Result<(), String> {
        let begins = |at: usize, sort: char| self.parts[at].as_deref().is_none_or(|part| part.starts_with(sort));
        let is_absent = |at: usize| self.parts[at].as_deref() == Some("");
        let sorts = [begins(0, '{'), begins(1, '{') || is_absent(1), begins(2, '[') || is_absent(2)];
        if let Some(at) = sorts.iter().position(|fits| !fits) {
            let sort = if at == 2 { "a list" } else { "an object" };
            return Err(format!("its {} part is not {sort}", PARTS[at]));
        }
        for (at, name) in PARTS.iter().enumerate() {
            match (&self.parts[at], &self.salts[at]) {
                (None, None) => {}
                (Some(bytes), Some(salt)) if digest(at, salt, bytes) == self.digests[at] => {}
                (Some(_), Some(_)) => return Err(format!("its {name} part was changed: the digest is another")),
                (Some(_), None) => return Err(format!("its {name} part has no salt")),
                (None, Some(_)) => return Err(format!("its {name} part is missing, and its salt is not")),
            }
        }
        Ok(())
    }

    /// The record as a sealed line, without the line's end.
    pub fn to_line(&self) -> String {
        let envelope: serde_json::Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        let mut members: Vec<(String, String)> =
            envelope.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.to_string())).collect();
        for (name, part) in PARTS.iter().zip(&self.parts) {
            let present = part.as_deref().filter(|bytes| !bytes.is_empty());
            members.extend(present.map(|bytes| (name.to_string(), bytes.to_string())));
        }
        let [data, context, sources] =
            self.salts.map(|salt| salt.map_or("null".into(), |salt| format!("\"{}\"", hex(&salt))));
        members.push(("salts".into(), format!("{{\"context\":{context},\"data\":{data},\"sources\":{sources}}}")));
        members.push(("root".into(), format!("\"{}\"", self.root)));
        members.sort();
        let members: Vec<String> =
            members.into_iter().map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name))).collect();
        format!("{{{}}}", members.join(","))
    }
}

impl Header {
    /// The canonical bytes of the envelope.
    fn bytes(&self, digests: &Three<Hash>) -> Box<[u8]> {
        let [data, context, sources] = digests.map(|digest| digest.to_string());
        let members = Members {
            defines: self.defines,
            digests: Digests { context, data, sources },
            format: FORMAT,
            id: self.id.to_string(),
            kind: self.kind.clone(),
            log: self.log.to_string(),
            occurred: self.occurred.clone(),
            recorded: self.recorded.utc(),
            recorder: self.recorder.clone(),
            reported: self.reported.clone(),
            schema: self.schema,
            version: self.version,
        };
        // A struct of texts and whole numbers always has a JSON.
        serde_json::to_vec(&members).unwrap_or_default().into_boxed_slice()
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

/// Reads a salt: 32 lower-case hexadecimal digits.
pub fn salt(text: &str) -> Option<Salt> {
    from_hex(text)
}

/// The zeros that stand where a salt is gone.
pub(super) const NO_SALT: Salt = [0; 16];
