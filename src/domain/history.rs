//! From a log to the facts, in the order of the world: steps 1 to 4 of the fold.
//!
//! 1. **Known**: what had been reported by a day, and what had been recorded here by a day, are two different cuts.
//! 2. **Effective**: retractions and reinstatements are weighed from the newest down, then the corrections still in effect are laid
//!    on their targets in log order. Record-keeping whose target is not known is inert.
//! 3. **Registry**: title, parties, sources and zone, from all effective entries; the day asked about does not cut them.
//! 4. **World order**: `order.rs`.
//!
//! Nothing here fails and nothing is dropped: what does not fit is noted and kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

use super::anomaly::{Anomaly, Misfit};
use super::event::{CorrectionBasis, Event, Stance};
use super::ids::{Handle, Target, Version};
use super::incident::Tally;
use super::order;
use super::party::{PartyEntry, Role};
use super::record::{Body, Context, Record};
use super::source::{Citation, SourceRegistered, Voucher};
use super::value::Party;
use super::when::{Instant, Span, When, Zone};

/// A record with the corrections in effect laid on it, and its basis: itself and them.
pub(super) type Effective = (Arc<Record>, Vec<Version>);

/// Which records may be used: the two clocks of knowledge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// What had been reported by then.
    pub known_by: Option<Instant>,
    /// What had been recorded here by then.
    pub recorded_by: Option<RecordedBy>,
}

/// A point on the recording clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedBy {
    /// By the log's own stamps.
    At(Instant),
    /// Up to and with that version.
    Version(Version),
}

/// An effective event with its place in the world.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The record, with the corrections in effect laid on it.
    pub record: Arc<Record>,
    /// Itself, and the corrections in effect on it, in log order.
    pub basis: Vec<Version>,
    /// When it began or happened, tightened by what it must follow and precede.
    pub begin: Span,
    /// When it was over, for what lasted.
    pub end: Option<Span>,
    /// Where it sorts in the world.
    pub key: Instant,
    /// Its rank among the facts that share its key.
    pub tie: u32,
    /// When it was known; absent: no report and no record of it is dated.
    pub known: Option<Instant>,
    /// The handle it defines or joins.
    pub defines: Option<Handle>,
    /// Whether it is the event that creates that life.
    pub creates: bool,
    /// What it refers to, outside terms.
    pub names: Vec<Target>,
    /// What its terms wait for.
    pub awaits: Vec<Target>,
    /// The parties it names.
    pub parties: Vec<Party>,
    /// What was found amiss with it before the fold.
    pub misfits: Vec<Misfit>,
}

/// The facts in world order, and what is needed to fold them.
#[derive(Clone, Debug)]
pub struct History {
    /// In world order.
    pub facts: Vec<Fact>,
    /// What does not depend on the day asked about.
    pub ground: Arc<Ground>,
    /// What is amiss with records that are no facts: inert corrections, a retracted opening.
    pub anomalies: Vec<Anomaly>,
    /// Records that can't be read by this version, or were withheld or erased.
    pub unread: Vec<Version>,
    /// The last version within the recording cut.
    pub version: Option<Version>,
    /// What the days on which records were known are told by.
    pub reports: Reports,
    /// The facts that come earlier than by their own dates, for the sake of what must follow them.
    pub drawn: BTreeMap<Version, Drawn>,
    /// Where each event stands among the facts.
    places: BTreeMap<Version, usize>,
    /// What is known of facts that are not held here; of a whole history, nothing.
    unheld: Unheld,
}

/// What of a fact was drawn forward by what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// When it may have been at the latest.
    pub end: bool,
    /// Where it sorts.
    pub key: bool,
}

/// What the day on which a record was known is told by. Corrections that rest on a source tell nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// The zone in which a day is a day.
    pub zone: Zone,
    /// When each source was published.
    pub published: HashMap<Handle, Instant>,
}

/// What is known of facts that a partial history does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unheld {
    /// How many of the world come before what is asked about.
    pub before: usize,
    /// How many of the world come after it.
    pub after: usize,
    /// The incidents among them.
    pub incidents: Tally,
    /// The ids of those that a line may be known by.
    pub ids: BTreeMap<Version, Uuid>,
}

/// The registry, and the names that exist.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// The zone in which a day is a day.
    pub zone: Zone,
    /// The title.
    pub title: String,
    /// What the negotiation is about.
    pub subject: Option<String>,
    /// The parties, by slug.
    pub parties: BTreeMap<Party, PartyRecord>,
    /// The sources, by handle.
    pub sources: BTreeMap<Handle, SourceRecord>,
    /// The event that creates each life.
    pub creators: BTreeMap<Handle, Version>,
    /// The table at which an event took place, where that is another one than that of the talks themselves.
    pub tables: BTreeMap<Version, Box<str>>,
    /// What was retracted, and by which event: events, and lives with no definition left.
    pub retracted: BTreeMap<Target, Version>,
    /// The events that count.
    pub effective: BTreeSet<Version>,
    /// Every name the recorded log has, whether or not it was known by then.
    pub recorded: BTreeSet<Target>,
    /// The events known by then that can't be read, and the lives they define.
    pub unread: BTreeSet<Target>,
}

/// What is known of a party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyRecord {
    /// Its entry, as last declared.
    #[serde(deserialize_with = "entry_of_any_role")]
    pub entry: PartyEntry,
    /// The events that declared it.
    pub basis: Vec<Version>,
}

/// A list without anything in it is not written, and an entry must have its roles.
fn entry_of_any_role<'de, D: Deserializer<'de>>(d: D) -> Result<PartyEntry, D::Error> {
    let mut fields = serde_json::Map::deserialize(d)?;
    fields.entry("role").or_insert_with(|| Vec::<serde_json::Value>::new().into());
    PartyEntry::deserialize(serde_json::Value::Object(fields)).map_err(de::Error::custom)
}

/// What is known of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its entry, as last registered.
    pub entry: SourceRegistered,
    /// The events that registered it.
    pub basis: Vec<Version>,
}

impl History {
    /// Takes a log, in log order, through steps 1 to 4.
    pub fn new(log: &[Arc<Record>], knowledge: &Knowledge) -> History {
        let recorded: Vec<&Arc<Record>> = log.iter().take_while(|r| is_recorded(r, knowledge.recorded_by)).collect();
        let version = recorded.last().map(|r| r.version());
        let Known { records: recorded, dates, names, reports } = known(recorded, knowledge.known_by);
        let judged = Judged::new(&recorded, |_| true);
        let mut effective = judged.effective();
        if let Some(by) = knowledge.known_by {
            leave_out_what_was_moved_past(by, &mut effective, &dates);
        }
        let mut anomalies = judged.anomalies();
        anomalies.extend(not_opened(&recorded));
        let unreadable = || recorded.iter().filter(|record| record.event().is_none()).copied();
        let unread = unreadable().map(|record| record.version()).collect();
        let mut ground = registry(&judged, &effective);
        ground.recorded = names;
        ground.unread = names_of(unreadable());
        let (facts, ground, drawn) = order::in_world_order(ground, effective, &dates);
        let places = places(&facts);
        let unheld = Unheld::default();
        History { facts, ground: Arc::new(ground), anomalies, unread, version, reports, drawn, places, unheld }
    }

    /// A history that holds only some of its facts: enough for what is asked of it.
    pub fn partial(
        facts: Vec<Fact>,
        ground: Arc<Ground>,
        anomalies: Vec<Anomaly>,
        version: Option<Version>,
        unheld: Unheld,
    ) -> History {
        let places = places(&facts);
        let (unread, reports, drawn) = (Vec::new(), Reports::default(), BTreeMap::new());
        History { facts, ground, anomalies, unread, version, reports, drawn, places, unheld }
    }

    /// What is known of the facts that are not held here.
    pub fn unheld(&self) -> &Unheld {
        &self.unheld
    }

    /// The id of an event, if it counts and has one.
    pub fn id(&self, version: Version) -> Option<Uuid> {
        let held = self.fact(version).and_then(|fact| fact.record.envelope.id);
        held.or_else(|| self.unheld.ids.get(&version).copied())
    }

    /// The fact of an event, if it counts.
    pub fn fact(&self, version: Version) -> Option<&Fact> {
        self.places.get(&version).map(|place| &self.facts[*place])
    }
}

impl Fact {
    /// Its version.
    pub fn version(&self) -> Version {
        self.record.version()
    }

    /// The event; a fact is always one that can be read.
    pub fn event(&self) -> Option<&Event> {
        self.record.event()
    }

    /// When it happened, as written.
    pub fn occurred(&self) -> Option<&When> {
        self.record.envelope.occurred.as_ref()
    }

    /// Its circumstances.
    pub fn context(&self) -> &Context {
        &self.record.context
    }

    /// The other table at which it took place; none is that of the talks themselves.
    pub fn table(&self) -> Option<&str> {
        self.context().table.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The names it depends on: what it refers to, and the life it joins.
    pub fn depends_on(&self) -> impl Iterator<Item = Target> + '_ {
        let joined = self.defines.filter(|_| !self.creates).map(Target::Handle);
        self.names.iter().cloned().chain(joined)
    }

    /// Its last instant: of its end if it lasted, else of its span.
    pub fn last(&self) -> Instant {
        self.end.unwrap_or(self.begin).last()
    }

    /// Whether it had certainly begun by then.
    pub fn is_certain_at(&self, at: Instant) -> bool {
        self.begin.last() <= at
    }
}

impl Ground {
    /// The vouchers of some citations: what their independence is judged by.
    pub fn vouchers<'a>(&'a self, citations: &'a [Citation]) -> impl Iterator<Item = Voucher> + 'a {
        citations.iter().map(|citation| self.voucher(citation))
    }

    fn voucher(&self, citation: &Citation) -> Voucher {
        let publisher = |handle: Handle| self.sources.get(&handle).and_then(|s| s.entry.publisher.clone());
        let relayed = citation.relays.as_ref().and_then(|name| name.parse::<Handle>().ok());
        Voucher {
            source: citation.source.0,
            publisher: publisher(citation.source.0),
            relays: citation.relays.clone(),
            relayed_publisher: relayed.and_then(publisher),
        }
    }

    /// The earliest report among some citations: their own dates, else those of their sources.
    pub fn earliest_report<'a>(&'a self, citations: &'a [Citation]) -> Option<&'a When> {
        let published = |handle: Handle| self.sources.get(&handle)?.entry.published.as_ref();
        let dates = citations.iter().filter_map(|c| c.reported.as_ref().or_else(|| published(c.source.0)));
        dates.min_by_key(|when| when.span(self.zone).last())
    }

    /// Whether a name leads somewhere; of another log, nobody can tell.
    pub fn has(&self, name: &Target) -> bool {
        match name {
            Target::Elsewhere(_) => true,
            Target::Event(version) => self.effective.contains(version),
            Target::Handle(handle) => self.creators.contains_key(handle) || self.sources.contains_key(handle),
        }
    }

    /// Why a name leads nowhere, if it does. A judgement may aim at what was retracted; what is said about something that was not
    /// known by then is inert.
    pub(super) fn missing(&self, name: Target, about_the_record: bool) -> Option<Misfit> {
        if self.has(&name) {
            return None;
        }
        if let Some(by) = self.retracted.get(&name) {
            return (!about_the_record).then(|| Misfit::Retracted(name.clone(), *by));
        }
        if self.recorded.contains(&name) {
            return (!about_the_record && !self.unread.contains(&name)).then_some(Misfit::NotKnown(name));
        }
        Some(Misfit::Unknown(name))
    }

    /// The event behind a name: the event itself, or the one that creates the life.
    pub fn event_behind(&self, name: &Target) -> Option<Version> {
        match name {
            Target::Event(version) => Some(*version),
            Target::Handle(handle) => self.creators.get(handle).copied(),
            Target::Elsewhere(_) => None,
        }
    }

    /// The other table at which a life was made; none is that of the talks themselves.
    pub fn table_of(&self, handle: Handle) -> Option<&str> {
        self.tables.get(self.creators.get(&handle)?).map(|name| &**name)
    }

    /// Whether a party negotiates for itself, and does not only help: also one whose role is not declared.
    pub fn is_principal(&self, party: &Party) -> bool {
        self.parties.get(party).is_none_or(|p| p.entry.role.is_empty() || p.entry.role.contains(&Role::Party))
    }

    /// Whether a party was declared as a monitor.
    pub fn is_monitor(&self, party: &Party) -> bool {
        self.parties.get(party).is_some_and(|p| p.entry.role.contains(&Role::Monitor))
    }

    /// The name of a party as a reader would write it.
    pub fn party_name<'a>(&'a self, party: &'a Party) -> &'a str {
        self.parties.get(party).map_or(party.as_str(), |p| p.entry.name.as_str())
    }
}

fn places(facts: &[Fact]) -> BTreeMap<Version, usize> {
    facts.iter().enumerate().map(|(place, fact)| (fact.version(), place)).collect()
}

/// A log begins with the opening of its negotiation.
fn not_opened(recorded: &[&Arc<Record>]) -> Option<Anomaly> {
    let first = recorded.first()?;
    let opens = &*first.envelope.kind == "negotiation.opened";
    (!opens).then(|| Anomaly { event: first.version(), misfit: Misfit::NotOpened })
}

/// The events and lives of some records.
fn names_of<'a>(records: impl Iterator<Item = &'a Arc<Record>>) -> BTreeSet<Target> {
    let names = |record: &Arc<Record>| {
        let life = record.defines().map(Target::Handle);
        std::iter::once(Target::Event(record.version())).chain(life)
    };
    records.flat_map(names).collect()
}

fn is_recorded(record: &Record, cut: Option<RecordedBy>) -> bool {
    match cut {
        None => true,
        Some(RecordedBy::Version(last)) => record.version() <= last,
        Some(RecordedBy::At(at)) => record.recorded().is_none_or(|recorded| recorded <= at),
    }
}

/// What step 1 finds.
struct Known<'a> {
    /// The records known by the day asked about.
    records: Vec<&'a Arc<Record>>,
    /// When each was known; absent: always.
    dates: HashMap<Version, Instant>,
    /// The events and lives of the whole log.
    names: BTreeSet<Target>,
    /// What the dates were told by.
    reports: Reports,
}

/// Step 1. A fact is known from the later of its earliest report and its earliest moment. Corrections of the recorder's own
/// slips count as if they had always been there; those that rest on a source wait for it.
fn known(recorded: Vec<&Arc<Record>>, by: Option<Instant>) -> Known<'_> {
    let mut meant = Judged::new(&recorded, |record| !rests_on_a_source(record));
    let (mut dates, mut reports) = dates(&meant);
    if let Some(by) = by {
        // A judgement that was not known by then had not been passed.
        let passed = |record: &Record| dates.get(&record.version()).is_none_or(|at| *at <= by);
        meant = Judged::new(&recorded, |record| !rests_on_a_source(record) && passed(record));
        (dates, reports) = self::dates(&meant);
    }
    let is_known = |record: &&Arc<Record>| by.is_none_or(|by| dates.get(&record.version()).is_none_or(|at| *at <= by));
    Known { records: recorded.into_iter().filter(is_known).collect(), dates, names: meant.names(), reports }
}

/// What a correction known by then moves to a later time can't have been known, whatever was printed of it before. The opening,
/// which has no date of knowledge, stays.
fn leave_out_what_was_moved_past(by: Instant, effective: &mut Vec<Effective>, dates: &HashMap<Version, Instant>) {
    let zone = zone_of(effective);
    let has_begun = |record: &Record| began(record, zone).is_none_or(|start| start <= by);
    effective.retain(|(record, _)| !dates.contains_key(&record.version()) || has_begun(record));
}

fn rests_on_a_source(record: &Record) -> bool {
    matches!(record.event(), Some(Event::EventCorrected(c)) if c.basis != CorrectionBasis::Transcription)
}

/// When each record was known, also one that was retracted later, and what tells so.
fn dates(meant: &Judged) -> (HashMap<Version, Instant>, Reports) {
    let effective = meant.effective();
    let mut reports = Reports { zone: zone_of(&effective), published: HashMap::new() };
    effective.iter().for_each(|(record, _)| reports.take(record));
    let readable = meant.records.iter().map(|weighed| &weighed.record).filter(|record| record.event().is_some());
    let mut dates: HashMap<Version, Instant> =
        readable.filter_map(|record| Some((record.version(), reports.known(record)?))).collect();
    bring_forward(&effective, &reports, &mut dates);
    (dates, reports)
}

impl Reports {
    /// Takes note of when a source was published, from the record that registers it.
    pub fn take(&mut self, record: &Record) {
        let Some(Event::SourceRegistered(s)) = record.event() else { return };
        let published = s.published.as_ref().map(|when| when.span(self.zone).last());
        self.published.extend(s.source.handle().zip(published));
    }

    /// When a record was known, as far as it says so itself.
    pub fn known(&self, record: &Record) -> Option<Instant> {
        known_at(record, self.earliest(record), self.zone)
    }

    fn earliest(&self, record: &Record) -> Option<Instant> {
        earliest_report(record, &self.published, self.zone)
    }
}

/// Record-keeping about the record itself, and the opening, are known as long as the log is.
fn known_at(record: &Record, reported: Option<Instant>, zone: Zone) -> Option<Instant> {
    if matches!(record.event(), Some(Event::SourceRegistered(_) | Event::NegotiationOpened(_))) {
        return None;
    }
    if let Some(Event::EventCorrected(c)) = record.event()
        && c.basis == CorrectionBasis::Transcription
    {
        return None;
    }
    let began = record.envelope.occurred.as_ref().map(|when| when.begin(zone));
    // Of what nobody reported, and what may have been at any time up to a day, no more is known than that it was so by then.
    let earliest = began.map(|span| if reported.is_none() && span.start.is_open() { span.last() } else { span.start });
    reported.max(earliest)
}

/// The earliest report among the citations, which the envelope still tells where they were withheld; without one, when it was
/// announced; without that, when it was recorded.
fn earliest_report(record: &Record, published: &HashMap<Handle, Instant>, zone: Zone) -> Option<Instant> {
    let of = |citation: &Citation| match &citation.reported {
        Some(when) => Some(when.span(zone).last()),
        None => published.get(&citation.source.0).copied(),
    };
    let sealed = || record.withheld_report().map(|when| when.span(zone).last());
    let cited = record.sources.iter().filter_map(of).min().or_else(sealed);
    let announced = || record.context.announced.as_ref().map(|when| when.span(zone).last());
    cited.or_else(announced).or_else(|| record.recorded())
}

/// A confirming account brings forward the day on which its target was known; a denial never does.
fn bring_forward(effective: &[Effective], reports: &Reports, known: &mut HashMap<Version, Instant>) {
    let confirming: Vec<(&Arc<Record>, &Target)> =
        effective.iter().filter_map(|(record, _)| Some((record, confirmed(record)?))).collect();
    if confirming.is_empty() {
        return;
    }
    let zone = reports.zone;
    let by_version: HashMap<Version, &Arc<Record>> = effective.iter().map(|(r, _)| (r.version(), r)).collect();
    let first = first_definitions(effective, zone);
    for (account, of) in confirming {
        // An account of a life is one of the event that creates it.
        let target = match of {
            Target::Event(version) => Some(*version),
            Target::Handle(handle) => first.get(handle).map(|(_, version)| *version),
            Target::Elsewhere(_) => None,
        };
        let of = target.and_then(|target| by_version.get(&target));
        let (Some(target), Some(told), Some(of)) = (target, reports.earliest(account), of) else { continue };
        let at = Some(told).max(began(of, zone));
        if let (Some(at), Some(known)) = (at, known.get_mut(&target)) {
            *known = at.min(*known);
        }
    }
}

/// What a record confirms.
fn confirmed(record: &Record) -> Option<&Target> {
    match record.event() {
        Some(Event::AccountAdded(account)) if account.stance == Stance::Confirms => Some(&account.of),
        _ => None,
    }
}

/// The earliest definition of each life, by when it began and then in log order.
fn first_definitions(effective: &[Effective], zone: Zone) -> HashMap<Handle, (Option<Instant>, Version)> {
    let mut first = HashMap::new();
    for (record, _) in effective {
        let Some(handle) = record.defines() else { continue };
        let candidate = (began(record, zone), record.version());
        let earliest = first.entry(handle).or_insert(candidate);
        *earliest = candidate.min(*earliest);
    }
    first
}

fn began(record: &Record, zone: Zone) -> Option<Instant> {
    record.envelope.occurred.as_ref().map(|when| when.begin(zone).start)
}

fn zone_of(effective: &[Effective]) -> Zone {
    let opened = effective.iter().find_map(|(record, _)| match record.event() {
        Some(Event::NegotiationOpened(opened)) => Some(opened.zone),
        _ => None,
    });
    opened.flatten().unwrap_or_default()
}

/// Step 2: which records are in effect, and what they then say.
struct Judged {
    /// Every record, in log order.
    records: Vec<Weighed>,
    /// The corrections that can't be applied.
    anomalies: Vec<Anomaly>,
}

/// A record with the corrections in effect on it.
struct Weighed {
    record: Arc<Record>,
    /// Itself, and those corrections, in log order.
    basis: Vec<Version>,
    /// The event that retracted it last, for what is not live.
    retracted_by: Option<Version>,
}

impl Judged {
    /// From the newest down, so that a judgement or a correction is itself judged and corrected before it is weighed.
    fn new(recorded: &[&Arc<Record>], counts: impl Fn(&Record) -> bool) -> Judged {
        let mut judged = Judged { records: Vec::new(), anomalies: Vec::new() };
        let mut last_word: HashMap<Version, (bool, Version)> = HashMap::new();
        let mut corrections: HashMap<Version, Vec<Arc<Record>>> = HashMap::new();
        for record in recorded.iter().rev() {
            let version = record.version();
            let opening = matches!(record.event(), Some(Event::NegotiationOpened(_))) && version == Version(1);
            let verdict = last_word.get(&version).filter(|_| !opening);
            let retracted_by = verdict.filter(|(stands, _)| !stands).map(|(_, by)| *by);
            let mut patches = corrections.remove(&version).unwrap_or_default();
            patches.reverse();
            let (record, basis, unfit) = laid_on(record, &patches);
            if retracted_by.is_none() {
                judged.anomalies.extend(unfit);
            }
            if retracted_by.is_none() && counts(&record) {
                match record.event() {
                    // Walking down, the first word met about a target is the last one spoken.
                    Some(Event::EventRetracted(j)) if j.target < version => {
                        last_word.entry(j.target).or_insert((false, version));
                    }
                    Some(Event::EventReinstated(j)) if j.target < version => {
                        last_word.entry(j.target).or_insert((true, version));
                    }
                    Some(Event::EventCorrected(c)) if c.target < version => {
                        corrections.entry(c.target).or_default().push(record.clone());
                    }
                    _ => {}
                }
            }
            judged.records.push(Weighed { record, basis, retracted_by });
        }
        judged.records.reverse();
        judged
    }

    fn live(&self) -> impl Iterator<Item = &Weighed> {
        self.records.iter().filter(|weighed| weighed.retracted_by.is_none())
    }

    /// The live records that can be read, each with the corrections in effect on it.
    fn effective(&self) -> Vec<Effective> {
        let readable = self.live().filter(|weighed| weighed.record.event().is_some());
        readable.map(|weighed| (weighed.record.clone(), weighed.basis.clone())).collect()
    }

    /// The events and lives, whether or not they are live.
    fn names(&self) -> BTreeSet<Target> {
        names_of(self.records.iter().map(|weighed| &weighed.record))
    }

    /// What is amiss with judgements and corrections.
    fn anomalies(&self) -> Vec<Anomaly> {
        let aims = self.live().filter_map(|weighed| {
            let (target, retracts) = match weighed.record.event()? {
                Event::EventRetracted(j) => (j.target, true),
                Event::EventReinstated(j) => (j.target, false),
                Event::EventCorrected(c) => (c.target, false),
                Event::RecordErased(e) => (e.target, false),
                Event::CheckWaived(w) => (w.target, false),
                _ => return None,
            };
            let event = weighed.record.version();
            if target >= event {
                return Some(Anomaly { event, misfit: Misfit::NotEarlier(target) });
            }
            (retracts && target == Version(1)).then_some(Anomaly { event, misfit: Misfit::OpeningRetracted })
        });
        self.anomalies.iter().cloned().chain(aims).collect()
    }
}

/// A record with its corrections laid on it, oldest first; one that leaves it unreadable is skipped and noted.
fn laid_on(record: &Arc<Record>, corrections: &[Arc<Record>]) -> (Arc<Record>, Vec<Version>, Vec<Anomaly>) {
    let mut corrected = record.clone();
    let mut basis = vec![record.version()];
    let mut anomalies = Vec::new();
    // What can't be read can't be patched either; its corrections wait in silence.
    let corrections = if record.event().is_some() { corrections } else { &[] };
    for correction in corrections {
        let Some(Event::EventCorrected(c)) = correction.event() else { continue };
        match corrected.patched(&c.patch) {
            Ok(patched) => {
                corrected = Arc::new(patched);
                basis.push(correction.version());
            }
            Err(why) => {
                let misfit = Misfit::Uncorrectable(record.version(), why);
                anomalies.push(Anomaly { event: correction.version(), misfit });
            }
        }
    }
    (corrected, basis, anomalies)
}

/// Step 3: the registry, from everything in effect.
fn registry(judged: &Judged, effective: &[Effective]) -> Ground {
    let mut ground = Ground { zone: zone_of(effective), ..Ground::default() };
    for (record, basis) in effective {
        match record.event() {
            Some(Event::NegotiationOpened(opened)) if ground.title.is_empty() => {
                ground.title = opened.title.clone();
                ground.subject = opened.subject.clone();
                opened.parties.iter().for_each(|entry| ground.declare(entry, basis));
            }
            Some(Event::PartyJoined(entry)) => ground.declare(entry, basis),
            Some(Event::SourceRegistered(entry)) => ground.register(entry, basis),
            _ => {}
        }
    }
    ground.effective = effective.iter().map(|(record, _)| record.version()).collect();
    for Weighed { record, retracted_by, .. } in &judged.records {
        if let Some(by) = retracted_by {
            let handle = record.defines().map(Target::Handle);
            ground
                .retracted
                .extend(handle.into_iter().chain([Target::Event(record.version())]).map(|name| (name, *by)));
        }
    }
    ground
}

impl Ground {
    fn declare(&mut self, entry: &PartyEntry, basis: &[Version]) {
        let fresh = || PartyRecord { entry: entry.clone(), basis: Vec::new() };
        let party = self.parties.entry(entry.party.clone()).or_insert_with(fresh);
        party.entry = entry.clone();
        party.basis.extend(basis);
    }

    /// Enters a fact that follows all others.
    pub fn follow(&mut self, fact: &Fact) {
        let version = fact.version();
        self.effective.insert(version);
        self.creators.extend(fact.defines.filter(|_| fact.creates).map(|handle| (handle, version)));
        self.tables.extend(fact.table().map(|table| (version, table.into())));
        if let Some(Event::SourceRegistered(entry)) = fact.event() {
            self.register(entry, &fact.basis);
        }
    }

    fn register(&mut self, entry: &SourceRegistered, basis: &[Version]) {
        let Some(handle) = entry.source.handle() else { return };
        let fresh = || SourceRecord { entry: entry.clone(), basis: Vec::new() };
        let source = self.sources.entry(handle).or_insert_with(fresh);
        source.entry = entry.clone();
        source.basis.extend(basis);
    }
}

/// Whether every record can be read; one that can't still tells that something is there.
pub fn is_complete<'a>(records: impl IntoIterator<Item = &'a Arc<Record>>) -> bool {
    records.into_iter().all(|record| matches!(record.body, Body::Present(_)))
}
