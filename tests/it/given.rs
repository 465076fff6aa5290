//! Given a log, when it is folded for a day, then: the small words that the tests of the meaning are written in.
//!
//! A draft is written with [`on`] (something in the world) or [`record`] (something about the record), and dressed with
//! [`Draft`]. [`given`] puts an opening before the drafts, so that the first of them is `e2`. A [`Given`] is asked for a day, by one
//! clock or another; what comes back is checked by sentences that read like the rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use talks::domain::agreement::Stage;
use talks::domain::anomaly::Misfit;
use talks::domain::ceasefire::{Nominal, Observed, Standing as Clock};
use talks::domain::commitment::{CommitmentState, DeadlineState};
use talks::domain::demand::{Demand, Fate};
use talks::domain::event::{Answer, Event};
use talks::domain::history::{History, Knowledge, RecordedBy};
use talks::domain::ids::{Handle, Letter, Version};
use talks::domain::ledger::Standing;
use talks::domain::measure::MeasureState;
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::now::Now;
use talks::domain::offer::OfferState;
use talks::domain::reading::{Reading, left_out};
use talks::domain::record::{Body, Envelope, Gone, Parts, Record, Seal};
use talks::domain::table::TalksState;
use talks::domain::talks::RoundState;
use talks::domain::value::{Name, Party, Walk};
use talks::domain::when::{Instant, When};

/// A log of drafts, one JSON value a line; handles are allocated as the program does. A draft with `recorded` is sealed with that
/// stamp; `withheld` lists the parts that are kept back; a kind that this version does not know is kept as not understood.
#[track_caller]
pub fn log(drafts: &[Value]) -> Vec<Arc<Record>> {
    let mut highest = [0u32; Letter::ALL.len()];
    let mut records = Vec::new();
    for (i, draft) in drafts.iter().enumerate() {
        let mut record = read(i, draft).unwrap_or_else(|e| panic!("line {}: {e}", i + 1));
        let mut defines = None;
        record.walk(&mut |name| {
            if let Name::Defines(letter, handle) = name {
                let place = Letter::ALL.iter().position(|l| *l == letter).expect("a letter");
                let number = handle.map_or(highest[place] + 1, |h| h.number);
                *handle = Some(Handle { letter, number });
                highest[place] = highest[place].max(number);
                defines = *handle;
            }
        });
        withhold(&mut record, draft, defines);
        records.push(Arc::new(record));
    }
    records
}

fn read(i: usize, draft: &Value) -> Result<Record, String> {
    let text = |part: &str| draft.get(part).map(|v| v.to_string().into_boxed_str()).unwrap_or_default();
    let occurred = draft.get("occurred").map(|w| When::parse(w.as_str().expect("a date is a string")).expect("a date"));
    let kind = draft["kind"].as_str().expect("a kind");
    let seal = draft.get("recorded").map(|at| Box::new(seal(at.as_str().expect("a stamp"))));
    let envelope = Envelope { version: Version(i as u64 + 1), kind: kind.into(), occurred, id: None, seal };
    let data = draft.get("data").map_or("{}".into(), |v| v.to_string().into_boxed_str());
    let parts = Parts { data, context: text("context"), sources: text("sources") };
    if Event::KINDS.contains(&kind) {
        return Record::from_parts(envelope, parts);
    }
    let body = Body::NotUnderstood(kind.into());
    Ok(Record { envelope, body, context: Default::default(), sources: Vec::new(), parts })
}

fn seal(recorded: &str) -> Seal {
    let recorded = Instant::from_utc(recorded).expect("a stamp");
    let gone = Gone::default();
    Seal { schema: 1, log: uuid::Uuid::nil(), recorded, recorder: None, reported: None, defines: None, gone }
}

fn withhold(record: &mut Record, draft: &Value, defines: Option<Handle>) {
    let parts = draft.get("withheld").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(seal) = record.envelope.seal.as_mut() else { return };
    seal.defines = defines;
    seal.reported = record.sources.iter().find_map(|citation| citation.reported.clone());
    if parts.contains(&json!("data")) {
        seal.gone.data = true;
        (record.body, record.parts.data) = (Body::Withheld, Box::default());
    }
    if parts.contains(&json!("sources")) {
        seal.gone.sources = true;
        (record.sources, record.parts.sources) = (Vec::new(), Box::default());
    }
}

/// The last instant of a date, in UTC.
#[track_caller]
pub fn at(date: &str) -> Instant {
    When::parse(date).expect("a date").span(Default::default()).last()
}

/// The state at the end of a day.
#[track_caller]
pub fn state(log: &[Arc<Record>], date: &str) -> Negotiation {
    fold(&History::new(log, &Knowledge::default()), at(date), &Cut::default())
}

/// The same as it was known by the end of another day.
#[track_caller]
pub fn state_known_by(log: &[Arc<Record>], date: &str, known_by: &str) -> Negotiation {
    let knowledge = Knowledge { known_by: Some(at(known_by)), recorded_by: None };
    fold(&History::new(log, &knowledge), at(date), &Cut::default())
}

/// Something that happened.
pub fn on(date: &str, kind: &str, data: Value) -> Value {
    json!({ "kind": kind, "occurred": date, "data": data })
}

/// Something about the record, which has no date in the world.
pub fn record(kind: &str, data: Value) -> Value {
    json!({ "kind": kind, "data": data })
}

/// A source with its publisher and its day.
pub fn source(handle: &str, publisher: &str, published: &str) -> Value {
    record("source.registered", json!({ "source": handle, "publisher": publisher, "published": published }))
}

/// The opening that stands before every log here; two parties, those around them, and a zone if one is given.
pub fn opening(zone: Option<&str>) -> Value {
    let party = |slug: &str, kind: &str, role: &str| json!({ "party": slug, "name": slug, "kind": kind, "role": role });
    let mut data = json!({ "title": "Talks of North and South", "parties": [
        party("north", "state", "party"), party("south", "state", "party"), party("qatar", "state", "mediator"),
        party("watch", "igo", "monitor"), party("senate", "legislature", "ratifier"),
        party("house", "legislature", "ratifier"), party("voters", "community", "ratifier"),
        party("rebels", "armed-group", "third-party"),
    ] });
    if let Some(zone) = zone {
        data["zone"] = json!(zone);
    }
    on("2025-10-01", "negotiation.opened", data)
}

/// What a draft may carry beside its data.
pub trait Draft {
    /// Cites a source.
    fn cited(self, source: &str) -> Value;
    /// Cites a source that said so on a day of its own.
    fn reported(self, source: &str, date: &str) -> Value;
    /// Carries a field of the context.
    fn context(self, field: &str, value: Value) -> Value;
    /// Was appended at that instant.
    fn recorded(self, at: &str) -> Value;
    /// Had parts kept back.
    fn withheld(self, parts: &[&str]) -> Value;
}

impl Draft for Value {
    fn cited(self, source: &str) -> Value {
        cite(self, json!({ "source": source }))
    }
    fn reported(self, source: &str, date: &str) -> Value {
        cite(self, json!({ "source": source, "reported": date }))
    }
    fn context(mut self, field: &str, value: Value) -> Value {
        self["context"][field] = value;
        self
    }
    fn recorded(mut self, at: &str) -> Value {
        self["recorded"] = json!(at);
        self
    }
    fn withheld(mut self, parts: &[&str]) -> Value {
        self["withheld"] = json!(parts);
        self
    }
}

fn cite(mut draft: Value, citation: Value) -> Value {
    let mut citations = draft.get("sources").and_then(Value::as_array).cloned().unwrap_or_default();
    citations.push(citation);
    draft["sources"] = Value::Array(citations);
    draft
}

/// A log that begins with an opening; the first draft given is `e2`.
#[track_caller]
pub fn given(drafts: impl IntoIterator<Item = Value>) -> Given {
    Given::new(std::iter::once(opening(None)).chain(drafts).collect())
}

/// The same with days that are those of a zone.
#[track_caller]
pub fn given_in<const N: usize>(zone: &str, drafts: [Value; N]) -> Given {
    Given::new(std::iter::once(opening(Some(zone))).chain(drafts).collect())
}

/// A log, to be asked.
pub struct Given {
    drafts: Vec<Value>,
    log: Vec<Arc<Record>>,
}

impl Given {
    /// A log of exactly these drafts.
    #[track_caller]
    pub fn new(drafts: Vec<Value>) -> Given {
        Given { log: log(&drafts), drafts }
    }

    /// The same log with more drafts after it.
    #[track_caller]
    pub fn then<const N: usize>(&self, more: [Value; N]) -> Given {
        Given::new(self.drafts.iter().cloned().chain(more).collect())
    }

    /// The records.
    pub fn records(&self) -> &[Arc<Record>] {
        &self.log
    }

    /// The facts in the order of the world, with all that is known.
    pub fn history(&self) -> History {
        History::new(&self.log, &Knowledge::default())
    }

    /// When a day is over, or at an instant.
    #[track_caller]
    pub fn on(&self, date: &str) -> Told {
        Told { state: state(&self.log, date), at: at(date) }
    }

    /// The same, as it had been reported by then.
    #[track_caller]
    pub fn known_by(&self, known_by: &str, date: &str) -> Told {
        Told { state: state_known_by(&self.log, date, known_by), at: at(date) }
    }

    /// The same, as it had been recorded by then: a version or a day.
    #[track_caller]
    pub fn recorded_by(&self, recorded_by: &str, date: &str) -> Told {
        let version = recorded_by.parse().map(RecordedBy::Version).ok();
        let recorded_by = version.unwrap_or_else(|| RecordedBy::At(at(recorded_by)));
        let knowledge = Knowledge { known_by: None, recorded_by: Some(recorded_by) };
        Told { state: fold(&History::new(&self.log, &knowledge), at(date), &Cut::default()), at: at(date) }
    }

    /// Only what had certainly begun.
    #[track_caller]
    pub fn certainly_on(&self, date: &str) -> Told {
        let cut = Cut { certain: true, left_out: BTreeSet::new() };
        Told { state: fold(&self.history(), at(date), &cut), at: at(date) }
    }

    /// By a reading, with the events that it leaves out.
    #[track_caller]
    pub fn read(&self, reading: &Reading, date: &str) -> (Told, Vec<String>) {
        let history = self.history();
        let out = left_out(&history, reading, &self.on(date).state);
        let names = out.iter().map(Version::to_string).collect();
        let cut = Cut { certain: false, left_out: out };
        (Told { state: fold(&history, at(date), &cut), at: at(date) }, names)
    }
}

/// A state, and the instant it is asked for.
pub struct Told {
    /// The state.
    pub state: Negotiation,
    /// The instant.
    pub at: Instant,
}

#[track_caller]
fn handle(text: &str) -> Handle {
    text.parse().expect("a handle")
}

/// An event's name.
#[track_caller]
pub fn event(text: &str) -> Version {
    text.parse().expect("an event")
}

/// A party's name.
pub fn party(slug: &str) -> Party {
    Party(slug.into())
}

impl Told {
    /// For questions that hang on the clock.
    pub fn now(&self) -> Now<'_> {
        self.state.at(self.at)
    }

    /// Where the talks stand.
    #[track_caller]
    pub fn talks(&self, expected: TalksState) -> &Told {
        self.talks_at(None, expected)
    }

    /// Where they stand at one table.
    #[track_caller]
    pub fn talks_at(&self, table: Option<&str>, expected: TalksState) -> &Told {
        assert_eq!(self.state.talks.table(table).state(&self.now()), expected, "at {table:?}");
        self
    }

    /// Where a round stands.
    #[track_caller]
    pub fn round(&self, name: &str, expected: RoundState) -> &Told {
        assert_eq!(self.state.talks.rounds[&handle(name)].state(&self.now()), expected);
        self
    }

    /// A demand.
    #[track_caller]
    pub fn the_demand(&self, name: &str) -> &Demand {
        self.state.demands.get(&handle(name)).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// What became of a demand.
    #[track_caller]
    pub fn demand(&self, name: &str, expected: Fate) -> &Told {
        assert_eq!(self.the_demand(name).fate(&self.now()), expected);
        self
    }

    /// What an addressee answered, if it did.
    #[track_caller]
    pub fn answer(&self, name: &str, by: &str, expected: Option<Answer>) -> &Told {
        let answers = &self.the_demand(name).answers;
        assert_eq!(answers.iter().find(|(answerer, _)| answerer.as_str() == by).map(|(_, a)| a.answer), expected);
        self
    }

    /// Whose move a demand is.
    #[track_caller]
    pub fn demand_waits_for(&self, name: &str, expected: &[&str]) -> &Told {
        let waiting = self.the_demand(name).move_of(&self.now());
        assert_eq!(waiting.iter().map(Party::as_str).collect::<Vec<_>>(), expected);
        self
    }

    /// Where an offer stands.
    #[track_caller]
    pub fn offer(&self, name: &str, expected: OfferState) -> &Told {
        assert_eq!(self.state.offers[&handle(name)].state(&self.now()), expected);
        self
    }

    /// A ceasefire by the clock.
    #[track_caller]
    pub fn clock(&self, name: &str) -> Clock {
        self.state.ceasefires[&handle(name)].standing(&self.now())
    }

    /// What a ceasefire is by its terms, overall.
    #[track_caller]
    pub fn ceasefire(&self, name: &str, expected: Nominal) -> &Told {
        assert_eq!(self.clock(name).state, expected);
        self
    }

    /// What it is for one party.
    #[track_caller]
    pub fn ceasefire_of(&self, name: &str, by: &str, expected: Nominal) -> &Told {
        assert_eq!(self.state.ceasefires[&handle(name)].standing_of(&party(by), &self.now()).state, expected);
        self
    }

    /// What is said of it.
    #[track_caller]
    pub fn observed(&self, name: &str, expected: Observed) -> &Told {
        assert_eq!(self.state.ceasefires[&handle(name)].observed(&self.now()), expected);
        self
    }

    /// How far an agreement has got.
    #[track_caller]
    pub fn agreement(&self, name: &str, expected: Stage) -> &Told {
        assert_eq!(self.state.agreements[&handle(name)].stage(&self.now()), expected);
        self
    }

    /// Where a commitment stands.
    #[track_caller]
    pub fn commitment(&self, name: &str, expected: CommitmentState) -> &Told {
        assert_eq!(self.state.commitments[&handle(name)].state(&self.now()), expected);
        self
    }

    /// Where a deadline stands.
    #[track_caller]
    pub fn deadline(&self, name: &str, expected: DeadlineState) -> &Told {
        assert_eq!(self.state.deadlines[&handle(name)].state(&self.now()), expected);
        self
    }

    /// Where a measure stands.
    #[track_caller]
    pub fn measure(&self, name: &str, expected: MeasureState) -> &Told {
        assert_eq!(self.state.measures[&handle(name)].state(&self.now()), expected);
        self
    }

    /// How the fact of an event stands.
    #[track_caller]
    pub fn standing(&self, name: &str, expected: Standing) -> &Told {
        assert_eq!(self.state.standing(event(name)), expected);
        self
    }

    /// Whether there is such a life.
    #[track_caller]
    pub fn exists(&self, name: &str, expected: bool) -> &Told {
        let handle = handle(name);
        let state = &self.state;
        let is_there = match handle.letter {
            Letter::R => state.talks.rounds.contains_key(&handle),
            Letter::D => state.demands.contains_key(&handle),
            Letter::O => state.offers.contains_key(&handle),
            Letter::C => state.ceasefires.contains_key(&handle),
            Letter::A => state.agreements.contains_key(&handle),
            Letter::K => state.commitments.contains_key(&handle),
            Letter::T => state.deadlines.contains_key(&handle),
            Letter::M => state.measures.contains_key(&handle),
            Letter::Q => state.claims.contains_key(&handle),
            Letter::S => state.ground.sources.contains_key(&handle),
            Letter::F => state.followups.contains_key(&handle),
        };
        assert_eq!(is_there, expected, "whether there is {name}");
        self
    }

    /// Whether an event may lie after the day asked about.
    #[track_caller]
    pub fn possible(&self, name: &str, expected: bool) -> &Told {
        assert_eq!(self.state.possible.contains(&event(name)), expected, "whether {name} is only possible");
        self
    }

    /// All that does not fit, as `e5: id`.
    #[track_caller]
    pub fn anomalies(&self, expected: &[&str]) -> &Told {
        let found = self.state.anomalies.iter().map(|anomaly| format!("{}: {}", anomaly.event, anomaly.misfit.id()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        self
    }

    /// What does not fit about an event, in words.
    pub fn why_not(&self, name: &str) -> Vec<String> {
        let of_event = self.state.anomalies.iter().filter(|anomaly| anomaly.event.to_string() == name);
        of_event.map(|anomaly| Misfit::to_string(&anomaly.misfit)).collect()
    }
}
