//! Format 1: the digests of the parts, the seal, the sealed line. `docs/format.md` has every byte of it.
//!
//! The law. What was hashed is stored as it was hashed, and never written anew to be checked. The envelope holds a salted digest of
//! each part and no word of it, so a part can be withheld from a copy, or erased, and every root still holds.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::envelope::Header;
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

/// What the digest of each part begins with.
const TAGS: Three<&str> = ["talks:1:data\0", "talks:1:context\0", "talks:1:sources\0"];

/// The digest of a part.
pub fn digest(part: usize, salt: &Salt, bytes: &str) -> Hash {
    Hash(Sha256::new().chain_update(TAGS[part]).chain_update(salt).chain_update(bytes).finalize().into())
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
        self.step(&header, leaf(&bytes));
        let (parts, salts, root) = (parts.map(Some), salts.map(Some), self.root());
        Ok(Sealed { header, digests, bytes, parts, salts, root })
    }

    /// Takes a sealed record as the next one, if all of it holds.
    ///
    /// # Errors
    /// What does not hold.
    pub fn take(&mut self, sealed: &Sealed) -> Result<(), Broken> {
        let version = self.version() + 1;
        self.check(sealed, version).map_err(|what| Broken { version, what })?;
        let leaf = leaf(&sealed.bytes);
        let root = self.tree.root_with(leaf);
        if root != sealed.root {
            let what = format!("its root is {}, by what stands before it and in it {root}", sealed.root);
            return Err(Broken { version, what });
        }
        self.step(&sealed.header, leaf);
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

    fn step(&mut self, header: &Header, leaf: Hash) {
        self.tree.push(leaf);
        self.log = Some(header.log);
        self.recorded = Some(header.recorded);
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
            return Err(Broken::twice(version));
        }
        self.head.take(sealed)?;
        self.ids.insert(id);
        Ok(())
    }
}

impl Broken {
    /// An earlier record of its log has its id.
    pub fn twice(version: u64) -> Broken {
        Broken { version, what: "its id stands twice".into() }
    }
}

impl Sealed {
    /// A record of which every part is here, with the envelope that its header and its parts give.
    pub fn whole(header: Header, parts: Three<Box<str>>, salts: Three<Salt>, root: Hash) -> Sealed {
        let digests = [0, 1, 2].map(|part| digest(part, &salts[part], &parts[part]));
        let bytes = header.bytes(&digests);
        Sealed { header, digests, bytes, parts: parts.map(Some), salts: salts.map(Some), root }
    }

    /// Whether its envelope can be made anew from the rest of it.
    pub fn gives_its_envelope(&self) -> bool {
        self.parts.iter().all(Option::is_some) && self.header.bytes(&self.digests) == self.bytes
    }

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

/// Reads a salt: 32 lower-case hexadecimal digits.
pub fn salt(text: &str) -> Option<Salt> {
    from_hex(text)
}

/// The zeros that stand where a salt is gone.
pub(super) const NO_SALT: Salt = [0; 16];
