//! The door: what may be appended, decided under the write lock, at the candidate's place in the world.
//!
//! The candidates are laid to the log as it stands, and both logs are folded, with the very step that reading takes. What does not
//! fit about a candidate refuses it; what no longer fits about an earlier event because of it is stored and said. A batch is one
//! decision: all of it or nothing.
//!
//! A repeated id with the same content is a success that changes nothing. Without an id, what is word for word in the log already is
//! refused, unless it is meant.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::derived::{Derived, Rows};
use super::hint::remedy;
use super::receipt::{Amiss, Receipt, Recorded};
use super::{Asking, Book, Env, Random, Trouble};
use crate::domain::anomaly::{Anomaly, Misfit};
use crate::domain::event::{Event, Part};
use crate::domain::history::{History, Knowledge, SourceRecord};
use crate::domain::ids::{Letter, Target, Version};
use crate::domain::negotiation::{Cut, Negotiation, fold};
use crate::domain::record::{Gone, Parts, Record, Seal};
use crate::domain::upcast::current_schema;
use crate::domain::when::Instant;
use crate::exchange::canon::{canonical, is_canonical};
use crate::exchange::drafts::{Numbering, Submitted};
use crate::log::{Batch, Entry, Erase, Fault, Head, PARTS, Reader, Salt};
use crate::view::{changes, newly_found, sentence};

/// The log that an append follows.
pub(super) struct Before {
    pub book: Book,
    pub history: History,
    pub head: Head,
    /// Whether what is kept beside the log is of this state of it.
    is_derived: bool,
}

/// How a batch is to be taken.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Who appends it.
    pub recorder: Option<String>,
    /// The id of a single record, for a safe repetition.
    pub id: Option<Uuid>,
    /// Whether drafts without an id get one from their line, so that a file can be read twice.
    pub ids_of_lines: bool,
    /// Whether to store once more what is there word for word.
    pub again: bool,
    /// Whether to store what does not fit.
    pub force: bool,
    /// Whether to write nothing where `check` would newly find something, so that somebody can be asked first.
    pub hold: bool,
}

/// What the door lets in.
pub(super) struct Admitted {
    pub batch: Batch,
    pub receipt: Receipt,
}

/// What a record says, in the spelling in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Content {
    kind: Box<str>,
    occurred: Option<Box<str>>,
    parts: [Box<str>; 3],
}

impl Before {
    pub fn read(slug: &str, head: &Head, reader: &dyn Reader) -> Result<Before, Fault> {
        let book = Book::of_stored(slug, reader)?;
        let history = History::new(&book.records, &Knowledge::default());
        let is_derived = Rows::open(head, reader)?.is_some();
        Ok(Before { book, history, head: head.clone(), is_derived })
    }

    pub fn numbering(&self) -> Numbering {
        let ground = &self.history.ground;
        let handle = |name: &Target| if let Target::Handle(handle) = name { Some(*handle) } else { None };
        let entries = ground.parties.values().map(|party| &party.entry);
        Numbering::after(self.head.version(), ground.recorded.iter().filter_map(handle), entries)
    }
}

/// Decides on a batch of drafts.
pub(super) fn admit(
    before: &Before,
    drafts: Vec<Submitted>,
    manner: &Manner,
    env: &Env,
    random: Random,
) -> Result<Admitted, Trouble> {
    const RECORDER_LIMIT_BYTES: usize = 200;
    if manner.recorder.as_ref().is_some_and(|name| name.len() > RECORDER_LIMIT_BYTES) {
        return Err(Trouble::usage("long-recorder", "the name of the recorder is too long; nothing was stored")
            .help(format!("a name has at most {RECORDER_LIMIT_BYTES} bytes")));
    }
    let mut numbering = before.numbering();
    drafts.iter().try_for_each(|draft| erasures(&draft.record).map(drop))?;
    let drafts = spelled(drafts, &mut numbering)?;
    let Sorted { fresh, already } = sorted(before, drafts, manner, env, random)?;
    let mut fresh = placed(before, fresh, &mut numbering, manner, env)?;
    date_reports(before, &mut fresh);
    let fresh: Vec<Fresh> = fresh.into_iter().map(Fresh::of).collect();
    let after = after(before, &fresh);
    let history = History::new(&after.records, &Knowledge::default());
    let (was, is) = (whole(&before.history), whole(&history));
    let (own, induced) = amiss(before, &fresh, (&was, &is), &history);
    if let Some(trouble) = refusal(&own, &fresh, manner, &history) {
        return Err(trouble);
    }
    let mut batch = batch(&fresh, manner, random)?;
    let derived = Derived::of(&after, &history, &is);
    // What was erased must not live on in a row.
    batch.derive = match before.is_derived && batch.erase.is_empty() {
        true => derived.since(&Derived::of(&before.book, &before.history, &was)),
        false => derived.afresh(),
    };
    // What is not needed any more is let go: of a large import each of these is a large part of what is held.
    drop((fresh, was, is, derived));
    let receipt = receipt(before, &after, history, (own, induced), already, (manner, env));
    Ok(Admitted { batch, receipt })
}

/// The drafts with their parties called by their slugs and their parts in canonical spelling, each with the line as submitted.
fn spelled(drafts: Vec<Submitted>, numbering: &mut Numbering) -> Result<Vec<(Submitted, String)>, Trouble> {
    drafts.iter().for_each(|draft| numbering.declare(&draft.record));
    let spell = |mut draft: Submitted| {
        let Parts { data, context, sources } = &mut draft.record.parts;
        for part in [data, context, sources].into_iter().filter(|part| !part.is_empty() && !is_canonical(part, 2)) {
            *part = canonical(part).map_err(unspelled)?.into();
        }
        let line = line_of(&draft.record);
        numbering.resolve(&mut draft.record);
        // One citation stands for a list of one; the log has the list.
        let sources = &mut draft.record.parts.sources;
        if sources.starts_with('{') {
            *sources = format!("[{sources}]").into();
        }
        Ok((draft, line))
    };
    drafts.into_iter().map(spell).collect()
}

/// The draft as one canonical line, of parts that are canonical: what the id of a line is made of.
fn line_of(record: &Record) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let Parts { data, context, sources } = &record.parts;
    let kind = quoted(&record.envelope.kind);
    let occurred = record.envelope.occurred.as_ref().map(|when| quoted(when.text())).unwrap_or_default();
    let members: [(&str, &str); 5] =
        [("context", context), ("data", data), ("kind", &kind), ("occurred", &occurred), ("sources", sources)];
    let mut line = String::from("{");
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
        line.extend([if line.len() > 1 { "," } else { "" }, "\"", name, "\":", value]);
    }
    line + "}"
}

fn unspelled(error: serde_json::Error) -> Trouble {
    Trouble::failed("bad-json", error.to_string())
}

/// A new record in its place, shared with the log that is folded.
struct Fresh {
    line: usize,
    record: Arc<Record>,
}

impl Fresh {
    fn of(draft: Submitted) -> Fresh {
        Fresh { line: draft.line, record: Arc::new(draft.record) }
    }
}

struct Sorted {
    fresh: Vec<Submitted>,
    already: Vec<Version>,
}

/// What is new, with its id, and what the log has already.
fn sorted(
    before: &Before,
    drafts: Vec<(Submitted, String)>,
    manner: &Manner,
    env: &Env,
    random: Random,
) -> Result<Sorted, Trouble> {
    let mut sorted = Sorted { fresh: Vec::new(), already: Vec::new() };
    let known = Known::of(before);
    let mut ids = LineIds { log: before.head.log, ordinals: HashMap::new() };
    let mut seen = BTreeSet::new();
    for (mut draft, line) in drafts {
        let content = Content::of(&draft.record);
        let given = draft.record.envelope.id.or(manner.id);
        let (derived, ordinal) = if manner.ids_of_lines { ids.next(line) } else { (None, 1) };
        let id = given.or(derived).map_or_else(|| new_id(env, random), Ok)?;
        if !seen.insert(id) {
            return Err(Trouble::failed("id-twice", format!("the id {id} stands twice in what is to be added"))
                .because(format!("line {}", draft.line))
                .help("give each record an id of its own, or none"));
        }
        if let Some(record) = known.ids.get(&id) {
            // An id made of the line is the line's own: it said so before, whatever its aliases stand for today.
            let version = if given.is_none() { record.version() } else { same(record, &content, id)? };
            sorted.already.push(version);
            continue;
        }
        if given.is_none() && manner.ids_of_lines {
            if let Some(version) = known.as_often(&content, ordinal) {
                sorted.already.push(version);
                continue;
            }
        } else if given.is_none() && !manner.again {
            refuse_twin(&draft.record, known.contents.get(&content).and_then(|versions| versions.first()), before)?;
        }
        ids.log.get_or_insert(id);
        draft.record.envelope.id = Some(id);
        sorted.fresh.push(draft);
    }
    Ok(sorted)
}

/// What the log has, to be told from what is new.
struct Known<'a> {
    ids: HashMap<Uuid, &'a Arc<Record>>,
    contents: HashMap<Content, Vec<Version>>,
    opening: Option<&'a Arc<Record>>,
}

impl<'a> Known<'a> {
    fn of(before: &'a Before) -> Known<'a> {
        let records = &before.book.records;
        let mut contents: HashMap<Content, Vec<Version>> = HashMap::new();
        for record in records {
            contents.entry(Content::of(record)).or_default().push(record.version());
        }
        let ids = records.iter().filter_map(|record| Some((record.envelope.id?, record))).collect();
        Known { ids, contents, opening: records.first() }
    }

    /// The record that says the same, where the log has at least so many of them; the opening also where parts of it are gone.
    fn as_often(&self, content: &Content, ordinal: u32) -> Option<Version> {
        let at = usize::try_from(ordinal).ok()?.checked_sub(1)?;
        let stored = self.contents.get(content).and_then(|versions| versions.get(at)).copied();
        stored.or_else(|| self.opening.filter(|opening| content.is_of(opening)).map(|opening| opening.version()))
    }
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
    fn of(record: &Record) -> Content {
        let Parts { data, context, sources } = record.parts.clone();
        let occurred = record.envelope.occurred.as_ref().map(|when| when.text().into());
        Content { kind: record.envelope.kind.clone(), occurred, parts: [data, context, sources] }
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

fn same(known: &Record, content: &Content, id: Uuid) -> Result<Version, Trouble> {
    if content.is_of(known) {
        return Ok(known.version());
    }
    Err(Trouble::failed("id-taken", format!("the id {id} is that of {}, which says something else", known.version()))
        .help(format!("talks show {}; to add another record, leave --id out or give a new one", known.version())))
}

/// A judgement may be passed again after its opposite; whether it makes sense is for whoever passes it.
fn refuse_twin(record: &Record, twin: Option<&Version>, before: &Before) -> Result<(), Trouble> {
    let Some(twin) = twin else { return Ok(()) };
    if matches!(record.event(), Some(Event::EventRetracted(_) | Event::EventReinstated(_))) {
        return Ok(());
    }
    let retracted = before.history.ground.retracted.contains_key(&Target::Event(*twin));
    let help = if retracted {
        format!("it was retracted; bring it back: talks reinstate {twin} --reason ...")
    } else {
        "if it did happen twice, say so: --again".into()
    };
    Err(Trouble::failed("already-there", format!("{twin} says this already, word for word")).help(help))
}

/// Gives the new records their places, in the order in which they were submitted.
fn placed(
    before: &Before,
    fresh: Vec<Submitted>,
    numbering: &mut Numbering,
    manner: &Manner,
    env: &Env,
) -> Result<Vec<Submitted>, Trouble> {
    let first = fresh.first().and_then(|draft| draft.record.envelope.id);
    let log = before.head.log.or(first).unwrap_or_default();
    let recorded = before.head.recorded.map_or(env.now, |last| last.max(env.now));
    let place = |mut draft: Submitted| {
        numbering.place(&mut draft.record).map_err(used_up)?;
        let schema = current_schema(&draft.record.envelope.kind);
        let recorder = manner.recorder.as_deref().map(Into::into);
        let (defines, gone) = (draft.record.mentions().defines, Gone::default());
        let seal = Seal { schema, log, recorded, recorder, reported: None, defines, gone };
        draft.record.envelope.seal = Some(Box::new(seal));
        Ok(draft)
    };
    fresh.into_iter().map(place).collect()
}

pub(super) fn used_up(letter: Letter) -> Trouble {
    Trouble::failed("no-handle-left", format!("no number is left for a new {}", letter.noun()))
}

/// The envelope keeps the earliest report, by the dates that the sources have with the batch.
fn date_reports(before: &Before, fresh: &mut [Submitted]) {
    let mut registry = (*before.history.ground).clone();
    for draft in fresh.iter() {
        if let (Some(Event::SourceRegistered(entry)), Some(handle)) =
            (draft.record.event(), draft.record.mentions().defines)
        {
            let basis = vec![draft.record.version()];
            registry.sources.insert(handle, SourceRecord { entry: entry.clone(), basis });
        }
    }
    for draft in fresh.iter_mut() {
        let reported = registry.earliest_report(&draft.record.sources).cloned();
        draft.record.envelope.seal.iter_mut().for_each(|seal| seal.reported.clone_from(&reported));
    }
}

/// The log with the new records, and without what they declare erased.
fn after(before: &Before, fresh: &[Fresh]) -> Book {
    let mut book = before.book.clone();
    book.records.extend(fresh.iter().map(|draft| draft.record.clone()));
    for Erased { target, part, .. } in erased(records(fresh)) {
        let found = book.records.iter_mut().find(|record| record.version() == target);
        found.into_iter().for_each(|record| Arc::make_mut(record).erase(part));
    }
    book
}

/// What a record declares erased.
///
/// # Errors
/// A part that no record has: what is meant must not be guessed at.
fn erasures(record: &Record) -> Result<Vec<(Version, Part)>, Trouble> {
    let Some(Event::RecordErased(erased)) = record.event() else { return Ok(Vec::new()) };
    if erased.parts.contains(&Part::Other) {
        return Err(Trouble::failed("no-such-part", "a part that is to be erased is none of a record")
            .because("nothing was stored")
            .help("the parts are data, context and sources"));
    }
    Ok(erased.parts.iter().map(|part| (erased.target, *part)).collect())
}

/// What records declare erased of events before them, each with the record that says so.
pub(super) fn erased<'a>(records: impl Iterator<Item = &'a Record> + 'a) -> impl Iterator<Item = Erased> + 'a {
    records.flat_map(|record| {
        let parts = erasures(record).unwrap_or_default().into_iter();
        let by = record.version();
        parts.filter(move |(target, _)| *target < by).map(move |(target, part)| Erased { by, target, part })
    })
}

/// A part that is gone, or is to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Erased {
    by: Version,
    target: Version,
    part: Part,
}

impl Erased {
    /// As the log takes it.
    pub fn erase(self) -> Option<Erase> {
        let part = PARTS.iter().position(|name| *name == self.part.as_str())?;
        Some(Erase { by: self.by.0, version: self.target.0, part })
    }
}

fn records(fresh: &[Fresh]) -> impl Iterator<Item = &Record> {
    fresh.iter().map(|draft| &*draft.record)
}

/// The state after everything.
fn whole(history: &History) -> Negotiation {
    fold(history, Instant::MAX, &Cut::default())
}

/// What does not fit about the new records, and what no longer fits about the others. What a correction makes of its target is the
/// correction's own doing.
fn amiss(
    before: &Before,
    fresh: &[Fresh],
    (was, is): (&Negotiation, &Negotiation),
    history: &History,
) -> (Vec<Anomaly>, Vec<Anomaly>) {
    let known: BTreeSet<&Anomaly> = before.history.anomalies.iter().chain(&was.anomalies).collect();
    let found: BTreeSet<&Anomaly> = history.anomalies.iter().chain(&is.anomalies).collect();
    let corrected: BTreeSet<Version> = fresh.iter().filter_map(|draft| corrects(&draft.record)).collect();
    let new = found.difference(&known).map(|anomaly| (*anomaly).clone());
    new.partition(|anomaly| anomaly.event.0 > before.head.version() || corrected.contains(&anomaly.event))
}

/// The event that a record corrects.
fn corrects(record: &Record) -> Option<Version> {
    if let Some(Event::EventCorrected(correction)) = record.event() { Some(correction.target) } else { None }
}

/// Why the batch is refused, if it is. A log without an opening is none, whoever insists.
fn refusal(own: &[Anomaly], fresh: &[Fresh], manner: &Manner, history: &History) -> Option<Trouble> {
    const SHOWN: usize = 20;
    let counts = |anomaly: &&Anomaly| !manner.force || anomaly.misfit == Misfit::NotOpened;
    let own: Vec<&Anomaly> = own.iter().filter(counts).collect();
    let first = own.first()?;
    let is_by = |draft: &&Fresh, event| draft.record.version() == event || corrects(&draft.record) == Some(event);
    let draft = |anomaly: &Anomaly| fresh.iter().find(|draft| is_by(draft, anomaly.event));
    let kind = |anomaly: &Anomaly| draft(anomaly).map_or("record", |draft| &*draft.record.envelope.kind).to_string();
    let help = remedy(&first.misfit, &history.ground);
    let forced = "nothing was stored; --force stores what does not fit, marked as such";
    let reason = if first.misfit == Misfit::NotOpened { "nothing was stored" } else { forced };
    if let ([only], false) = (&own[..], manner.ids_of_lines) {
        let what = format!("this {} does not fit: {}", kind(only), only.misfit);
        return Some(Trouble::failed("refused", what).because(reason).help(help));
    }
    if let ([_], false) = (fresh, manner.ids_of_lines) {
        let all = own.iter().map(|anomaly| anomaly.misfit.to_string());
        let trouble = Trouble::failed("refused", format!("this {} does not fit", kind(first))).help(help);
        return Some(all.fold(trouble, Trouble::because).because(reason));
    }
    let events: BTreeSet<Version> = own.iter().map(|anomaly| anomaly.event).collect();
    let verb = if events.len() == 1 { "does" } else { "do" };
    let what = format!("{} of {} {verb} not fit", events.len(), counted(fresh.len()));
    let mut trouble = Trouble::failed("refused", what).help(help);
    for anomaly in own.iter().take(SHOWN) {
        let line = draft(anomaly).map_or(0, |draft| draft.line);
        trouble = trouble.because(format!("line {line} ({}, {}): {}", anomaly.event, kind(anomaly), anomaly.misfit));
    }
    let more = own.len().saturating_sub(SHOWN);
    let trouble = if more > 0 { trouble.because(format!("and {more} more")) } else { trouble };
    Some(trouble.because(reason))
}

fn counted(records: usize) -> String {
    if records == 1 { "1 record".into() } else { format!("{records} records") }
}

/// What is printed of it: where the records went, and what they changed.
fn receipt(
    before: &Before,
    after: &Book,
    history: History,
    (own, induced): (Vec<Anomaly>, Vec<Anomaly>),
    already: Vec<Version>,
    (manner, env): (&Manner, &Env),
) -> Receipt {
    let was = Asking::now(&before.book, before.history.clone(), env);
    let is = Asking::now(after, history, env);
    let ground = &is.asked().history.ground;
    let changes = changes(&was.asked(), &is.asked());
    let findings = if manner.ids_of_lines { Vec::new() } else { newly_found(&was.asked(), &is.asked()) };
    let told =
        |anomaly: Anomaly| Amiss { event: anomaly.event, id: anomaly.misfit.id(), text: anomaly.misfit.to_string() };
    let recorded = |version: Version| {
        Recorded::of((after, &before.history), version, |record| sentence::of_record(record, ground))
    };
    let new = after.records.iter().map(|record| record.version()).filter(|version| version.0 > before.head.version());
    Receipt {
        negotiation: after.name.clone(),
        log: before.head.log,
        version: before.head.version(),
        root: before.head.root().to_string(),
        dry_run: false,
        events: new.filter_map(recorded).collect(),
        already: already.into_iter().filter_map(recorded).collect(),
        changes,
        amiss: own.into_iter().map(told).collect(),
        induced: induced.into_iter().map(told).collect(),
        findings,
        doubts: Vec::new(),
        is_clean: true,
    }
}

fn batch(fresh: &[Fresh], manner: &Manner, random: Random) -> Result<Batch, Trouble> {
    let mut salts = vec![[[0; 16]; PARTS.len()]; fresh.len()];
    random.fill(salts.as_flattened_mut().as_flattened_mut())?;
    let entries = fresh.iter().zip(salts).map(|(draft, salts)| entry(&draft.record, manner, salts));
    let erase = erased(records(fresh)).filter_map(Erased::erase);
    Ok(Batch { entries: entries.collect(), erase: erase.collect(), derive: Vec::new() })
}

fn entry(record: &Record, manner: &Manner, salts: [Salt; 3]) -> Entry {
    let Parts { data, context, sources } = record.parts.clone();
    let envelope = &record.envelope;
    let seal = envelope.seal.as_ref();
    let reported = seal.and_then(|seal| seal.reported.as_ref());
    Entry {
        id: envelope.id.unwrap_or_default(),
        kind: envelope.kind.clone(),
        schema: current_schema(&envelope.kind),
        occurred: envelope.occurred.as_ref().map(|when| when.text().into()),
        recorder: manner.recorder.as_deref().map(Into::into),
        reported: reported.map(|when| when.text().into()),
        defines: seal.and_then(|seal| seal.defines),
        parts: [data, context, sources],
        salts,
    }
}
