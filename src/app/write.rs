//! Appending: one function a way to do it. Each builds drafts from the log as it stands, under the write lock, and hands them to the
//! door.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::cite::{cite, identify, parted, registration};
use super::door::{Admitted, Before, Manner, admit};
use super::ordinary::{self, BATCH_LIMIT, Counter};
use super::receipt::Receipt;
use super::store::Store;
use super::{Env, Exit, Progress, Trouble};
use crate::domain::event::Event;
use crate::domain::ids::{Target, Version};
use crate::domain::record::Record;
use crate::domain::when::Zone;
use crate::exchange::drafts::{Problem, Severity, Submitted, submitted};
use crate::exchange::pairs::{self, Clock, Pair};
use crate::exchange::typed::typed_when;
use crate::log::{Batch, EventLog, Fault, Head, Stop};

/// The reason that an undo gives.
const UNDONE: &str = "undone by its recorder";

/// Where random bytes come from.
#[derive(Clone, Copy, Debug)]
pub struct Random(pub fn(&mut [u8]) -> Result<(), String>);

/// What is to be written to, and how.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The store.
    pub store: &'a mut Store,
    /// The negotiation's name there.
    pub slug: String,
    /// The time of day.
    pub env: Env,
    /// The dice, for ids and salts.
    pub random: Random,
    /// The version that the log must stand at.
    pub expect: Option<u64>,
    /// Whether to decide and write nothing.
    pub dry_run: bool,
    /// How the batch is to be taken.
    pub manner: Manner,
}

/// What a draft says, as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Its fields.
    pub pairs: Vec<Pair>,
    /// When it happened.
    pub when: Option<String>,
    /// Who says so.
    pub cited: Cited,
}

/// Sources, as typed; the words belong to the only one.
#[derive(Clone, Debug, Default)]
pub struct Cited {
    /// Handles of registered sources.
    pub sources: Vec<String>,
    /// When it said so.
    pub reported: Option<String>,
    /// The other fields of a citation, by their names.
    pub words: Vec<(&'static str, String)>,
}

/// An erasure, as typed.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// `data`, `context`, `sources`.
    pub parts: Vec<String>,
    /// In words.
    pub reason: String,
    /// The legal or editorial ground.
    pub basis: String,
}

/// Drafts, read.
#[derive(Clone, Debug)]
pub struct Drafts {
    /// In the order of the file.
    pub drafts: Vec<Submitted>,
    /// What is doubtful about them, each with the name of the file.
    pub warnings: Vec<(String, Problem)>,
}

/// Builds drafts.
enum Make<'m> {
    /// From the log as it stands.
    Of(&'m mut dyn FnMut(&Before, &Manner) -> Result<Drafts, Trouble>),
    /// From the zone of the log alone.
    In(&'m mut dyn FnMut(Zone) -> Result<Drafts, Trouble>),
}

impl Random {
    /// Fills all of it.
    ///
    /// # Errors
    /// There are none to be had.
    pub fn fill(self, bytes: &mut [u8]) -> Result<(), Trouble> {
        (self.0)(bytes).map_err(|why| Trouble::failed("no-random", "this machine gives no random bytes").because(why))
    }
}

/// Reads drafts; all that is wrong with them is one trouble, what is doubtful is handed back.
///
/// # Errors
/// A line that does not read, or a kind or member that this version does not know.
pub fn read_drafts(bytes: &[u8], file: &str) -> Result<Drafts, Trouble> {
    let (drafts, problems) = submitted(bytes);
    let warnings = unless_bad(problems, file, "nothing was stored")?;
    Ok(Drafts { drafts, warnings })
}

/// The warnings among some problems, unless there are errors.
pub(super) fn unless_bad(problems: Vec<Problem>, file: &str, outcome: &str) -> Result<Vec<(String, Problem)>, Trouble> {
    let named = problems.into_iter().map(|problem| (file.to_string(), problem));
    let (errors, warnings): (Vec<_>, Vec<_>) = named.partition(|(_, problem)| problem.severity == Severity::Error);
    if errors.is_empty() {
        return Ok(warnings);
    }
    let lines = if errors.len() == 1 { "1 problem".to_string() } else { format!("{} problems", errors.len()) };
    let trouble = Trouble::failed("bad-draft", format!("{outcome}: {lines}"));
    Err(Trouble { problems: errors.into(), ..trouble })
}

impl Desk<'_> {
    /// Appends drafts, all of them or none.
    ///
    /// # Errors
    /// What does not fit, and what the store can't do.
    pub fn add(&mut self, drafts: &[Submitted]) -> Result<Receipt, Trouble> {
        let make = || Ok(Drafts { drafts: drafts.to_vec(), warnings: Vec::new() });
        // What is too many for the ordinary way is not copied for it.
        match drafts.len() {
            ..=BATCH_LIMIT => self.write(Make::In(&mut |_| make())),
            _ => self.write(Make::Of(&mut |_, _| make())),
        }
    }

    /// Appends one draft, as typed, after the source that is registered with it, if there is one; dates are read in the zone of the log.
    ///
    /// # Errors
    /// What can't be read, what does not fit, and what the store can't do.
    pub fn add_typed(&mut self, kind: &str, typed: &Typed) -> Result<Receipt, Trouble> {
        let now = self.env.now;
        let (fields, source) = parted(kind, typed);
        let draft = |clock| {
            let mut draft = members(kind, &fields, typed.when.as_deref(), clock)?;
            draft.insert("kind".into(), kind.into());
            Ok::<_, Trouble>(draft)
        };
        if source.is_empty() {
            return self.write(Make::In(&mut |zone| {
                let clock = Clock { now, zone };
                let mut draft = draft(clock)?;
                cite(&mut draft, &typed.cited, clock)?;
                one(&Value::Object(draft))
            }));
        }
        self.write(Make::Of(&mut |before, manner| {
            let clock = Clock { now, zone: before.history.ground.zone };
            let (mut draft, mut cited) = (draft(clock)?, typed.cited.clone());
            let (registered, handle) = registration(before, &source, manner, clock)?;
            cited.sources.push(handle.to_string());
            cite(&mut draft, &cited, clock)?;
            let mut both = read_drafts(format!("{registered}\n{}", Value::Object(draft)).as_bytes(), "draft")?;
            identify(&mut both.drafts, manner);
            Ok(both)
        }))
    }

    /// Corrects an event, or the event that creates a life. With a source it is known as long as that source; without one it mends
    /// the recorder's own slip, and counts as if it had always been so.
    ///
    /// # Errors
    /// There is no such event, or corrected so it does not read or fit.
    pub fn correct(&mut self, name: &Target, typed: &Typed, reason: &str) -> Result<Receipt, Trouble> {
        let now = self.env.now;
        self.write(Make::Of(&mut |before, _| {
            let target = before.event(name)?;
            let clock = Clock { now, zone: before.history.ground.zone };
            let patch = members(before.kind(target), &typed.pairs, typed.when.as_deref(), clock)?;
            let patch = before.by_slugs(target, Value::Object(patch));
            if patch.as_object().is_none_or(Map::is_empty) {
                let help =
                    format!("say what it should be: talks correct {name} --when 2025-10-19, or a field: text=...");
                return Err(Trouble::usage("nothing-to-correct", "no correction was given").help(help));
            }
            let basis = if typed.cited.sources.is_empty() { "transcription" } else { "source" };
            let data = json!({ "target": target, "patch": patch, "basis": basis, "reason": reason });
            let mut draft = Map::from_iter([("kind".into(), "event.corrected".into()), ("data".into(), data)]);
            cite(&mut draft, &typed.cited, clock)?;
            one(&Value::Object(draft))
        }))
    }

    /// Retracts an event, or the event that creates a life.
    ///
    /// # Errors
    /// There is no such event, or it is retracted already.
    pub fn retract(&mut self, name: &Target, reason: &str) -> Result<Receipt, Trouble> {
        self.write(Make::Of(&mut |before, manner| {
            let target = before.event(name)?;
            let retracted = before.history.ground.retracted.get(&Target::Event(target));
            if let Some(by) = retracted.filter(|_| !before.has(manner)) {
                return Err(Trouble::failed("retracted-already", format!("{target} was retracted by {by}"))
                    .help(format!("talks show {by} says why")));
            }
            judgement("event.retracted", target, reason)
        }))
    }

    /// Brings back an event that was retracted.
    ///
    /// # Errors
    /// There is no such event, or it is not retracted.
    pub fn reinstate(&mut self, name: &Target, reason: &str) -> Result<Receipt, Trouble> {
        self.write(Make::Of(&mut |before, manner| {
            let retracted = &before.history.ground.retracted;
            // A life whose last definition was retracted is named by that event.
            let judged = retracted.get(name).filter(|_| matches!(name, Target::Handle(_)));
            let target = match judged.and_then(|by| before.aim_of(*by)) {
                Some(target) => target,
                None => before.event(name)?,
            };
            if !retracted.contains_key(&Target::Event(target)) && !before.has(manner) {
                return Err(Trouble::failed("not-retracted", format!("{target} is not retracted"))
                    .help(format!("talks show {target} tells what it says")));
            }
            judgement("event.reinstated", target, reason)
        }))
    }

    /// Retracts the last entry in effect of whoever records, also a retraction; one undo is not undone by the next.
    ///
    /// # Errors
    /// There is none but the opening.
    pub fn undo(&mut self) -> Result<Receipt, Trouble> {
        self.write(Make::Of(&mut |before, manner| {
            let repeated = before.with_id(manner).and_then(|record| before.aim_of(record.version()));
            let target = repeated.map_or_else(|| before.last_by(manner), Ok)?;
            judgement("event.retracted", target, UNDONE)
        }))
    }

    /// Erases parts of an event: the bytes go, the leaf stays, and a record says so.
    ///
    /// # Errors
    /// There is no such event.
    pub fn erase(&mut self, name: &Target, erasure: &Erasure) -> Result<Receipt, Trouble> {
        self.write(Make::Of(&mut |before, _| {
            let target = before.event(name)?;
            let Erasure { parts, reason, basis } = erasure;
            let data = json!({ "target": target, "parts": parts, "reason": reason, "basis": basis });
            one(&json!({ "kind": "record.erased", "data": data }))
        }))
    }

    fn write(&mut self, mut make: Make<'_>) -> Result<Receipt, Trouble> {
        let Desk { store, slug, env, random, expect, dry_run, manner } = self;
        let (mut decided, progress) = (None, store.progress.clone());
        let done = store.log.append(slug, *expect, env.now, &mut |head, reader| {
            let counter = Counter { slug, head, reader, manner, env, random: *random };
            let Admitted { batch, mut receipt, warnings } = make.admitted(&counter, &progress)?;
            let moved = expect.is_some_and(|expected| expected != head.version());
            if *dry_run && moved && !batch.entries.is_empty() {
                return Err(Stop::Moved(head.clone()));
            }
            receipt.dry_run = *dry_run || manner.hold && !receipt.findings.is_empty();
            let batch = if receipt.dry_run { Batch::default() } else { batch };
            let id = batch.entries.first().map(|entry| entry.id);
            receipt.doubts = warnings.into_iter().map(|(_, problem)| doubt(problem)).collect();
            decided = Some((receipt, id));
            progress.begins("storing", batch.entries.len() as u64);
            Ok(batch)
        });
        let appended = done.map_err(|stop| self.stopped(stop, decided.as_ref().and_then(|(_, id)| *id)))?;
        let (mut receipt, _) = decided.unwrap_or_default();
        receipt.log = appended.head.log;
        receipt.version = appended.head.version();
        receipt.root = appended.head.root().to_string();
        receipt.is_clean = appended.is_clean;
        for (event, sealed) in receipt.events.iter_mut().zip(&appended.records) {
            event.root = Some(sealed.root.to_string());
        }
        Ok(receipt)
    }

    fn stopped(&self, stop: Stop<Trouble>, id: Option<Uuid>) -> Trouble {
        match stop {
            Stop::Refused(trouble) => trouble,
            Stop::Moved(head) => moved(&head, self.expect),
            Stop::Fault(fault @ Fault::Unknown(_)) => {
                let candidates = id.iter().map(ToString::to_string).collect();
                Trouble { candidates, ..self.store.trouble(fault) }
            }
            Stop::Fault(fault) => self.store.trouble(fault),
        }
    }
}

impl Make<'_> {
    /// What is let in, on the ordinary way where that can decide, else on the full one.
    fn admitted(&mut self, counter: &Counter<'_>, progress: &Progress) -> Result<Admitted, Stop<Trouble>> {
        if let Make::In(make) = self
            && let Some(admitted) = ordinary::admit(counter, make)?
        {
            return Ok(admitted);
        }
        let Counter { slug, head, reader, manner, env, random } = *counter;
        progress.begins("reading", head.version());
        let before = Before::read(slug, head, reader)?;
        let drafts = match self {
            Make::Of(make) => make(&before, manner),
            Make::In(make) => make(before.history.ground.zone),
        };
        let drafts = drafts.map_err(Stop::Refused)?;
        progress.begins("fitting in", drafts.drafts.len() as u64);
        admit(&before, drafts, manner, env, random)
    }
}

/// The members of a draft, with its date.
fn members(kind: &str, pairs: &[Pair], when: Option<&str>, clock: Clock) -> Result<Map<String, Value>, Trouble> {
    let mut members = pairs::members(kind, pairs, clock)?;
    if let Some(text) = when {
        let typed = typed_when(text, clock.now, clock.zone)?;
        members.insert("occurred".into(), typed.when.text().into());
    }
    Ok(members)
}

fn moved(head: &Head, expected: Option<u64>) -> Trouble {
    let (version, expected) = (head.version(), expected.unwrap_or_default());
    let what = if version > expected {
        format!("the log moved on: it stands at e{version}, and e{expected} was expected")
    } else {
        format!("the log stands at e{version} only, and e{expected} was expected")
    };
    let trouble = Trouble::failed("moved-on", what).because("nothing was stored");
    let help = format!("look at what came in: talks log --reverse -N 3; then repeat with --expect-version {version}");
    Trouble { exit: Exit::Moved, ..trouble.help(help) }
}

/// What is doubtful about a draft that nobody wrote as such: without its place in it.
fn doubt(problem: Problem) -> String {
    let Problem { what, help, .. } = problem;
    help.map_or(what.clone(), |help| format!("{what}; {help}"))
}

fn judgement(kind: &str, target: Version, reason: &str) -> Result<Drafts, Trouble> {
    one(&json!({ "kind": kind, "data": { "target": target, "reason": reason } }))
}

/// A draft that the program itself writes.
fn one(draft: &Value) -> Result<Drafts, Trouble> {
    read_drafts(draft.to_string().as_bytes(), "draft")
}

impl Before {
    /// The event that a name stands for.
    fn event(&self, name: &Target) -> Result<Version, Trouble> {
        let event = self.history.ground.event_behind(name);
        let known = event.filter(|event| event.0 <= self.head.version());
        if let (None, Some(by)) = (known, self.history.ground.retracted.get(name)) {
            return Err(Trouble::failed("retracted-name", format!("{name} was retracted by {by}"))
                .help(format!("talks show {by} says why; talks reinstate {name} --reason ... brings it back")));
        }
        known.ok_or_else(|| {
            let help = if matches!(name, Target::Event(_)) {
                "talks log lists the events"
            } else {
                "talks status shows what there is"
            };
            Trouble::failed("no-such-name", format!("nothing here is called {name}")).help(help)
        })
    }

    /// A patch of a record with its parties called by their slugs, where it replaces whole fields.
    fn by_slugs(&self, target: Version, mut patch: Value) -> Value {
        let patched = self.book.record(target).and_then(|record| record.patched(&patch).ok());
        let Some(mut patched) = patched else { return patch };
        self.numbering().resolve(&mut patched);
        for (part, text) in [("data", &patched.parts.data), ("context", &patched.parts.context)] {
            let resolved: Value = serde_json::from_str(text).unwrap_or_default();
            let fields = patch.get_mut(part).and_then(Value::as_object_mut).into_iter().flatten();
            for (name, value) in fields.filter(|(_, value)| value.is_string() || value.is_array()) {
                if let Some(resolved) = resolved.get(name) {
                    *value = resolved.clone();
                }
            }
        }
        patch
    }

    fn kind(&self, version: Version) -> &str {
        self.book.record(version).map_or("", |record| &record.envelope.kind)
    }

    /// The record of the id that is given, if the log has it: the command is then a repetition.
    fn with_id(&self, manner: &Manner) -> Option<&Record> {
        let id = manner.id?;
        self.book.records.iter().find(|record| record.envelope.id == Some(id)).map(|record| &**record)
    }

    fn has(&self, manner: &Manner) -> bool {
        self.with_id(manner).is_some()
    }

    /// The event that a judgement aims at.
    fn aim_of(&self, judgement: Version) -> Option<Version> {
        match self.book.record(judgement)?.event()? {
            Event::EventRetracted(judged) => Some(judged.target),
            _ => None,
        }
    }

    /// The last entry of a recorder that is in effect; what was erased can't be brought back.
    fn last_by(&self, manner: &Manner) -> Result<Version, Trouble> {
        let ground = &self.history.ground;
        let can_be_undone = |event: &Event| match event {
            Event::EventRetracted(judged) => judged.reason != UNDONE,
            Event::RecordErased(_) => false,
            _ => true,
        };
        let mut own = self.book.records.iter().rev().filter(|record| {
            let recorder = record.envelope.seal.as_ref().and_then(|seal| seal.recorder.as_deref());
            recorder == manner.recorder.as_deref()
        });
        let last = own.find(|record| {
            let stands = !ground.retracted.contains_key(&Target::Event(record.version()));
            stands && record.event().is_some_and(can_be_undone)
        });
        let who = manner.recorder.as_deref().map_or("someone unnamed".to_string(), |name| format!("\"{name}\""));
        match last.map(|record| record.version()) {
            Some(version) if version > Version(1) => Ok(version),
            Some(_) => Err(Trouble::failed("nothing-to-undo", "only the opening is left, which can't be undone")
                .help("correct it: talks correct e1 title=... --reason ...")),
            None => Err(Trouble::failed("nothing-to-undo", format!("no entry by {who} is in effect"))
                .help("talks log shows who recorded what; --recorder NAME says who you are")),
        }
    }
}
