//! What of a batch a log has already: by its id, or word for word.
//!
//! A repeated id with the same content is a success that changes nothing. Without an id, what is word for word in the log already is
//! refused, unless it is meant. What the log has is asked one draft at a time, so that it need not be read for it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::{Env, Manner, Random, Trouble};
use crate::domain::event::Event;
use crate::domain::ids::Version;
use crate::domain::record::{Parts, Record};
use crate::exchange::drafts::Submitted;
use crate::log::{Fault, Hash, Stop, leaf};

/// What a record says, in the spelling in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Content {
    kind: Box<str>,
    occurred: Option<Box<str>>,
    parts: [Box<str>; 3],
}

/// A log, asked for what it has.
pub(super) trait Holdings {
    /// Its id, once it has a record.
    fn log(&self) -> Option<Uuid>;
    /// The record of an id.
    fn with_id(&self, id: Uuid) -> Result<Option<Arc<Record>>, Fault>;
    /// The records that say just this, the oldest first.
    fn saying(&self, content: &Content) -> Result<Vec<Version>, Fault>;
    /// The first record.
    fn opening(&self) -> Result<Option<Arc<Record>>, Fault>;
    /// Whether an event is retracted.
    fn is_retracted(&self, version: Version) -> Result<bool, Fault>;
}

/// A batch, told apart.
pub(super) struct Sorted {
    /// What is new, with its id.
    pub fresh: Vec<Submitted>,
    /// What the log has.
    pub already: Vec<Version>,
}

/// What is new, with its id, and what the log has already.
pub(super) fn sorted(
    log: &dyn Holdings,
    drafts: Vec<(Submitted, String)>,
    manner: &Manner,
    env: &Env,
    random: Random,
) -> Result<Sorted, Stop<Trouble>> {
    let mut sorted = Sorted { fresh: Vec::new(), already: Vec::new() };
    let mut ids = LineIds { log: log.log(), ordinals: HashMap::new() };
    let mut seen = BTreeSet::new();
    for (mut draft, line) in drafts {
        let content = Content::of(&draft.record);
        let given = draft.record.envelope.id.or(manner.id);
        let (derived, ordinal) = if manner.ids_of_lines { ids.next(line) } else { (None, 1) };
        let id = given.or(derived).map_or_else(|| new_id(env, random), Ok).map_err(Stop::Refused)?;
        if !seen.insert(id) {
            return Err(Stop::Refused(twice(id, draft.line)));
        }
        if let Some(record) = log.with_id(id)? {
            // An id made of the line is the line's own: it said so before, whatever its aliases stand for today.
            let same = if given.is_none() { Ok(record.version()) } else { same(&record, &content, id) };
            sorted.already.push(same.map_err(Stop::Refused)?);
            continue;
        }
        if given.is_none() && manner.ids_of_lines {
            if let Some(version) = as_often(log, &content, ordinal)? {
                sorted.already.push(version);
                continue;
            }
        } else if given.is_none() && !manner.again {
            refuse_twin(&draft.record, &content, log)?;
        }
        ids.log.get_or_insert(id);
        draft.record.envelope.id = Some(id);
        sorted.fresh.push(draft);
    }
    Ok(sorted)
}

/// The record that says the same, where the log has at least so many of them; the opening also where parts of it are gone.
fn as_often(log: &dyn Holdings, content: &Content, ordinal: u32) -> Result<Option<Version>, Fault> {
    let Some(at) = usize::try_from(ordinal).ok().and_then(|ordinal| ordinal.checked_sub(1)) else { return Ok(None) };
    if let Some(version) = log.saying(content)?.get(at) {
        return Ok(Some(*version));
    }
    Ok(log.opening()?.filter(|opening| content.is_of(opening)).map(|opening| opening.version()))
}

/// Ids of lines without one: UUID v5 of the log, the line, and its ordinal among equal lines.
struct LineIds {
    log: Option<Uuid>,
    ordinals: HashMap<String, u32>,
}

impl LineIds {
    /// The id of a line, as long as there is a log, and how often the line has stood by now.
    fn next(&mut self, line: String) -> (Option<Uuid>, u32) {
        let ordinal = self.ordinals.entry(line.clone()).or_default();
        *ordinal += 1;
        let id = self.log.map(|log| Uuid::new_v5(&log, format!("{line}\n{ordinal}").as_bytes()));
        (id, *ordinal)
    }
}

fn new_id(env: &Env, random: Random) -> Result<Uuid, Trouble> {
    let mut bytes = [0; 10];
    random.fill(&mut bytes)?;
    let milliseconds = u64::try_from(env.now.0).unwrap_or_default().saturating_mul(1000);
    Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid())
}

impl Content {
    /// What a record says.
    pub fn of(record: &Record) -> Content {
        let Parts { data, context, sources } = record.parts.clone();
        let occurred = record.envelope.occurred.as_ref().map(|when| when.text().into());
        Content { kind: record.envelope.kind.clone(), occurred, parts: [data, context, sources] }
    }

    /// A number by which the same is found again; others can have it too.
    pub fn digest(&self) -> i64 {
        let Content { kind, occurred, parts: [data, context, sources] } = self;
        digest([kind, occurred.as_deref().unwrap_or_default(), data, context, sources])
    }

    /// The same of a record, which is not copied for it.
    pub fn digest_of(record: &Record) -> i64 {
        let Parts { data, context, sources } = &record.parts;
        let occurred = record.envelope.occurred.as_ref().map(|when| when.text()).unwrap_or_default();
        digest([&record.envelope.kind, occurred, data, context, sources])
    }

    /// Whether a stored record may have been submitted so; what was erased from it can't be compared.
    fn is_of(&self, record: &Record) -> bool {
        let stored = Content::of(record);
        let gone = record.envelope.seal.as_ref().map(|seal| seal.gone).unwrap_or_default();
        let gone = [gone.data, gone.context, gone.sources];
        let same_part = |at: usize| gone[at] || stored.parts[at] == self.parts[at];
        stored.kind == self.kind && stored.occurred == self.occurred && (0..3).all(same_part)
    }
}

fn digest(said: [&str; 5]) -> i64 {
    let Hash(bytes) = leaf(said.join("\0").as_bytes());
    i64::from_be_bytes(bytes.first_chunk().copied().unwrap_or_default())
}

fn twice(id: Uuid, line: usize) -> Trouble {
    Trouble::failed("id-twice", format!("the id {id} stands twice in what is to be added"))
        .because(format!("line {line}"))
        .help("give each record an id of its own, or none")
}

fn same(known: &Record, content: &Content, id: Uuid) -> Result<Version, Trouble> {
    if content.is_of(known) {
        return Ok(known.version());
    }
    Err(Trouble::failed("id-taken", format!("the id {id} is that of {}, which says something else", known.version()))
        .help(format!("talks show {}; to add another record, leave --id out or give a new one", known.version())))
}

/// A judgement may be passed again after its opposite; whether it makes sense is for whoever passes it.
fn refuse_twin(record: &Record, content: &Content, log: &dyn Holdings) -> Result<(), Stop<Trouble>> {
    if matches!(record.event(), Some(Event::EventRetracted(_) | Event::EventReinstated(_))) {
        return Ok(());
    }
    let Some(twin) = log.saying(content)?.first().copied() else { return Ok(()) };
    let help = if log.is_retracted(twin)? {
        format!("it was retracted; bring it back: talks reinstate {twin} --reason ...")
    } else {
        "if it did happen twice, say so: --again".into()
    };
    let trouble = Trouble::failed("already-there", format!("{twin} says this already, word for word")).help(help);
    Err(Stop::Refused(trouble))
}
