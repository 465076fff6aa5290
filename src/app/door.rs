//! The door: what may be appended, decided under the write lock, at the candidate's place in the world.
//!
//! The candidates are laid to the log as it stands, and both logs are folded, with the very step that reading takes. What does not
//! fit about a candidate refuses it; what no longer fits about an earlier event because of it is stored and said. A batch is one
//! decision: all of it or nothing.
//!
//! This is the full way, which takes whatever can be appended; what only adds at the end is decided on the ordinary way, in
//! `ordinary.rs`, with the same outcome.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::derived::Derived;
use super::hint::remedy;
use super::intake::{Fresh, batch, date_reports, placed, spelled};
use super::receipt::{Amiss, Receipt, Recorded};
use super::rows::Rows;
use super::twins::{Content, Holdings, Sorted, sorted};
use super::write::Drafts;
use super::{Asking, Book, Env, Random, Trouble};
use crate::domain::anomaly::{Anomaly, Misfit};
use crate::domain::event::{Event, Part};
use crate::domain::history::{History, Knowledge};
use crate::domain::ids::{Target, Version};
use crate::domain::negotiation::{Cut, Negotiation, fold};
use crate::domain::record::Record;
use crate::domain::when::Instant;
use crate::exchange::drafts::{Numbering, Problem};
use crate::log::{Batch, Erase, Fault, Head, PARTS, Reader, Stop};
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

/// A longer name of a recorder is refused.
const RECORDER_LIMIT_BYTES: usize = 200;

impl Manner {
    pub(super) fn has_long_recorder(&self) -> bool {
        self.recorder.as_ref().is_some_and(|name| name.len() > RECORDER_LIMIT_BYTES)
    }
}

/// What the door lets in.
pub(super) struct Admitted {
    pub batch: Batch,
    pub receipt: Receipt,
    /// What is doubtful about the drafts.
    pub warnings: Vec<(String, Problem)>,
}

impl Before {
    pub fn read(slug: &str, head: &Head, reader: &dyn Reader) -> Result<Before, Fault> {
        let book = Book::of_stored(slug, head, reader)?;
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
    Drafts { drafts, warnings }: Drafts,
    manner: &Manner,
    env: &Env,
    random: Random,
) -> Result<Admitted, Stop<Trouble>> {
    if manner.has_long_recorder() {
        let trouble = Trouble::usage("long-recorder", "the name of the recorder is too long; nothing was stored");
        return Err(Stop::Refused(trouble.help(format!("a name has at most {RECORDER_LIMIT_BYTES} bytes"))));
    }
    let (head, mut numbering) = (&before.head, before.numbering());
    drafts.iter().try_for_each(|draft| erasures(&draft.record).map(drop)).map_err(Stop::Refused)?;
    let drafts = spelled(drafts, &mut numbering).map_err(Stop::Refused)?;
    let Sorted { fresh, already } = sorted(&Held::of(before), drafts, manner, env, random)?;
    let mut fresh = placed(head, fresh, &mut numbering, manner, env).map_err(Stop::Refused)?;
    date_reports(&before.history.ground, &mut fresh);
    let fresh: Vec<Fresh> = fresh.into_iter().map(Fresh::of).collect();
    let after = after(before, &fresh);
    let history = History::new(&after.records, &Knowledge::default());
    let (was, is) = (whole(&before.history), whole(&history));
    let (own, induced) = amiss(before, &fresh, (&was, &is), &history);
    if let Some(trouble) = refusal(&own, &fresh, manner, &history) {
        return Err(Stop::Refused(trouble));
    }
    let mut batch = batch(&fresh, manner, random).map_err(Stop::Refused)?;
    let derived = Derived::of(&after, &history, &is);
    // What was erased must not live on in a row.
    batch.derive = match before.is_derived && batch.erase.is_empty() {
        true => derived.since(&Derived::of(&before.book, &before.history, &was)),
        false => derived.afresh(),
    };
    // What is not needed any more is let go: of a large import each of these is a large part of what is held.
    drop((fresh, was, is, derived));
    let receipt = receipt(before, &after, history, (own, induced), already, (manner, env));
    Ok(Admitted { batch, receipt, warnings })
}

/// A log that was read, asked for what it has.
struct Held<'a> {
    before: &'a Before,
    ids: HashMap<Uuid, &'a Arc<Record>>,
    contents: HashMap<Content, Vec<Version>>,
}

impl<'a> Held<'a> {
    fn of(before: &'a Before) -> Held<'a> {
        let records = &before.book.records;
        let mut contents: HashMap<Content, Vec<Version>> = HashMap::new();
        for record in records {
            contents.entry(Content::of(record)).or_default().push(record.version());
        }
        let ids = records.iter().filter_map(|record| Some((record.envelope.id?, record))).collect();
        Held { before, ids, contents }
    }
}

impl Holdings for Held<'_> {
    fn log(&self) -> Option<Uuid> {
        self.before.head.log
    }

    fn with_id(&self, id: Uuid) -> Result<Option<Arc<Record>>, Fault> {
        Ok(self.ids.get(&id).map(|record| Arc::clone(record)))
    }

    fn saying(&self, content: &Content) -> Result<Vec<Version>, Fault> {
        Ok(self.contents.get(content).cloned().unwrap_or_default())
    }

    fn opening(&self) -> Result<Option<Arc<Record>>, Fault> {
        Ok(self.before.book.records.first().cloned())
    }

    fn is_retracted(&self, version: Version) -> Result<bool, Fault> {
        Ok(self.before.history.ground.retracted.contains_key(&Target::Event(version)))
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

pub(super) fn records(fresh: &[Fresh]) -> impl Iterator<Item = &Record> {
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
