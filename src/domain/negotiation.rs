//! The state of a negotiation, and the one match that folds events into it.
//!
//! Step 5 of the fold. It never fails, reads no clock, and stores no status that time can change: it stores facts and intervals, and
//! a status is asked with the instant it is asked for ([`Now`]). A fact that does not fit is kept as an anomaly and changes nothing
//! else. The lenient fold ([`Negotiation::evolve`]) and the strict door ([`Negotiation::admit`]) take the same step.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::agreement::{Agreement, Stage};
use super::anomaly::{Anomaly, Misfit};
use super::ceasefire::{Ceasefire, Violation};
use super::claim::Claim;
use super::commitment::{Commitment, Deadline, FollowUp};
use super::demand::{Demand, GivenAnswer};
use super::event::*;
use super::history::{Fact, Ground, History};
use super::ids::{Handle, Letter, Target, Version};
use super::incident::{Account, AccountOfTolls, Incident};
use super::ledger::{Ledger, Standing};
use super::measure::Measure;
use super::moment::Moment;
use super::offer::Offer;
use super::party::PartyEntry;
use super::reading;
use super::talks::Talks;
use super::term::{Due, Milestone, Passed, Term};
use super::value::{Actor, Party};
use super::when::{Instant, Span};

/// The number of the rules that fold a log; raised when a log shipped with the program folds to another state.
pub const RULES: u32 = 1;

/// Everything that is so by some day, as far as it is known.
#[derive(Clone, Debug)]
pub struct Negotiation {
    /// The registry, and the names that exist.
    pub ground: Arc<Ground>,
    /// Rounds and pauses.
    pub talks: Talks,
    /// Demands.
    pub demands: BTreeMap<Handle, Demand>,
    /// Offers.
    pub offers: BTreeMap<Handle, Offer>,
    /// Ceasefires.
    pub ceasefires: BTreeMap<Handle, Ceasefire>,
    /// Agreements.
    pub agreements: BTreeMap<Handle, Agreement>,
    /// Commitments.
    pub commitments: BTreeMap<Handle, Commitment>,
    /// Deadlines.
    pub deadlines: BTreeMap<Handle, Deadline>,
    /// Measures.
    pub measures: BTreeMap<Handle, Measure>,
    /// Claims.
    pub claims: BTreeMap<Handle, Claim>,
    /// Follow-ups.
    pub followups: BTreeMap<Handle, FollowUp>,
    /// Incidents, by their event.
    pub incidents: BTreeMap<Version, Incident>,
    /// Violations alleged of agreements, by agreement.
    pub breaches: BTreeMap<Handle, Vec<Violation>>,
    /// Who stands behind each fact.
    pub ledger: Ledger,
    /// When it was closed (with how) and reopened, the latest last.
    pub closings: Vec<(Option<ClosedAs>, Moment)>,
    /// Who joined and left, the latest last.
    pub presence: BTreeMap<Party, Vec<(bool, Moment)>>,
    /// Who holds which office.
    pub offices: BTreeMap<(Party, String), (Option<String>, Moment)>,
    /// What does not fit.
    pub anomalies: Vec<Anomaly>,
    /// Events whose date may lie after the day asked about.
    pub possible: BTreeSet<Version>,
    /// When something was last heard of in the world.
    pub last_heard: Option<Moment>,
    /// How many facts were folded.
    pub steps: u64,
    titled: bool,
}

/// What is asked: a state, and the instant it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// The state.
    pub state: &'a Negotiation,
    /// The instant.
    pub at: Instant,
    /// How many terms hang on each other in this question; they can hang in a circle.
    depth: u8,
    /// The milestones found for this question.
    found: Option<&'a Found>,
}

/// Each milestone is looked for once a depth: many steps of many lives may hang on the same one.
type Found = RefCell<BTreeMap<(u8, Handle, Milestone), Option<Span>>>;

/// Terms may hang on terms; deeper than this they are taken as open.
const DEEPEST: u8 = 8;

/// Which facts a fold takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Only what had certainly begun by then.
    pub certain: bool,
    /// Facts that the reading leaves out.
    pub left_out: BTreeSet<Version>,
}

/// The state at an instant of the world, of the facts that the cut takes.
pub fn fold(history: &History, at: Instant, cut: &Cut) -> Negotiation {
    let mut state = Negotiation::new(history.ground.clone());
    for fact in history.facts.iter().take_while(|fact| fact.key <= at) {
        let certain = fact.is_certain_at(at);
        if (certain || !cut.certain) && !cut.left_out.contains(&fact.version()) {
            state.evolve(fact, certain);
        }
    }
    state
}

impl Negotiation {
    /// Before anything happened.
    pub fn new(ground: Arc<Ground>) -> Negotiation {
        Negotiation {
            ground,
            talks: Talks::default(),
            demands: BTreeMap::new(),
            offers: BTreeMap::new(),
            ceasefires: BTreeMap::new(),
            agreements: BTreeMap::new(),
            commitments: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            measures: BTreeMap::new(),
            claims: BTreeMap::new(),
            followups: BTreeMap::new(),
            incidents: BTreeMap::new(),
            breaches: BTreeMap::new(),
            ledger: Ledger::default(),
            closings: Vec::new(),
            presence: BTreeMap::new(),
            offices: BTreeMap::new(),
            anomalies: Vec::new(),
            possible: BTreeSet::new(),
            last_heard: None,
            steps: 0,
            titled: false,
        }
    }

    /// Takes a fact; what does not fit is kept as an anomaly.
    pub fn evolve(&mut self, fact: &Fact, certain: bool) {
        let misfits = self.step(fact);
        let event = fact.version();
        self.anomalies.extend(misfits.into_iter().map(|misfit| Anomaly { event, misfit }));
        if !certain {
            self.possible.insert(event);
        }
    }

    /// Takes a fact only if it fits: the state after it, or everything that is amiss with it.
    ///
    /// # Errors
    /// All its misfits, at least one.
    pub fn admit(&self, fact: &Fact) -> Result<Negotiation, Vec<Misfit>> {
        let mut after = self.clone();
        let misfits = after.step(fact);
        if misfits.is_empty() { Ok(after) } else { Err(misfits) }
    }

    fn step(&mut self, fact: &Fact) -> Vec<Misfit> {
        let mut misfits = fact.misfits.clone();
        misfits.extend(self.unmet(fact));
        self.enter(fact);
        let moment = Moment::new(fact, self.steps);
        if let Some(event) = fact.event() {
            misfits.extend(self.apply(event, fact, &moment).err());
            self.hear(event, fact, &moment);
        }
        self.steps += 1;
        misfits
    }

    /// The one match: every kind, one line each.
    fn apply(&mut self, event: &Event, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        match event {
            Event::NegotiationOpened(opened) => self.opened(opened, moment),
            Event::NegotiationClosed(closed) => self.closed(closed, moment),
            Event::NegotiationReopened(_) => self.reopened(moment),
            Event::PartyJoined(entry) => self.joined(entry, moment),
            Event::PartyLeft(left) => self.left(left, moment),
            Event::OfficeChanged(changed) => self.office_changed(changed, moment),
            Event::RoundScheduled(scheduled) => self.round_scheduled(scheduled, fact, moment),
            Event::RoundOpened(opened) => self.round_opened(opened, fact, moment),
            Event::RoundHeld(held) => self.round_held(held, fact, moment),
            Event::RoundClosed(closed) => self.round_closed(closed, fact, moment),
            Event::TalksPaused(paused) => self.talks_paused(paused, fact, moment),
            Event::TalksResumed(resumed) => self.talks_resumed(resumed, fact, moment),
            Event::DemandRaised(raised) => self.demand_raised(raised, fact, moment),
            Event::DemandRevised(d) => self.demand(d.demand.0, fact, |demand| demand.revise(&d.text, moment.clone())),
            Event::DemandAnswered(d) => self.demand(d.demand.0, fact, |demand| demand.answer(d, moment.clone())),
            Event::DemandMet(d) => self.demand(d.demand.0, fact, |demand| demand.meet(d, moment.clone())),
            Event::DemandWithdrawn(d) => self.demand(d.demand.0, fact, |demand| demand.withdraw(moment.clone())),
            Event::OfferMade(made) => self.offer_made(made, fact, moment),
            Event::OfferAnswered(o) => self.offer(o.offer.0, fact, |offer| offer.answer(o, moment.clone())),
            Event::OfferWithdrawn(o) => self.offer(o.offer.0, fact, |offer| offer.withdraw(moment.clone())),
            Event::CeasefireDeclared(declared) => self.ceasefire_declared(declared, fact, moment),
            Event::CeasefireAgreed(agreed) => self.ceasefire_agreed(agreed, fact, moment),
            Event::CeasefireBegan(c) => self.ceasefire(c.ceasefire.0, fact, |life| life.begin(moment.clone())),
            Event::CeasefireRenewed(c) => self.ceasefire(c.ceasefire.0, fact, |life| life.renew(c, moment.clone())),
            Event::CeasefireSuspended(suspended) => self.ceasefire_suspended(suspended, fact, moment),
            Event::CeasefireResumed(resumed) => self.ceasefire_resumed(resumed, fact, moment),
            Event::CeasefireEnded(c) => self.ceasefire(c.ceasefire.0, fact, |life| life.end(c, moment.clone())),
            Event::ViolationAlleged(alleged) => self.violation_alleged(alleged, fact, moment),
            Event::AgreementProposed(proposed) => self.agreement_proposed(proposed, fact, moment),
            Event::AgreementReached(reached) => self.agreement_reached(reached, fact, moment),
            Event::AgreementSigned(signed) => self.agreement_signed(signed, fact, moment),
            Event::AgreementRatified(decided) => self.agreement_decided(decided, true, fact, moment),
            Event::AgreementRejected(decided) => self.agreement_decided(decided, false, fact, moment),
            Event::AgreementEnteredIntoForce(a) => {
                self.agreement(a.agreement.0, fact, |life| life.enter_into_force(moment.clone()))
            }
            Event::AgreementExtended(a) => self.agreement(a.agreement.0, fact, |life| life.extend(&a.until)),
            Event::AgreementSuspended(a) => self.agreement(a.agreement.0, fact, |life| life.suspend(moment.clone())),
            Event::AgreementEnded(a) => self.agreement(a.agreement.0, fact, |life| life.end(a, moment.clone())),
            Event::CommitmentMade(made) => self.commitment_made(made, fact, moment),
            Event::CommitmentAssessed(assessed) => self.commitment_assessed(assessed, fact, moment),
            Event::CommitmentWaived(waived) => self.commitment_waived(waived, fact, moment),
            Event::CommitmentRepudiated(k) => self.commitment_repudiated(k, fact, moment),
            Event::DeadlineSet(set) => self.deadline_set(set, fact, moment),
            Event::MeasureTaken(taken) => self.measure_taken(taken, fact, moment),
            Event::MeasureLifted(lifted) => self.measure_lifted(lifted, fact, moment),
            Event::IncidentReported(reported) => self.incident_reported(reported, fact, moment),
            Event::StatementMade(statement) => self.statement_made(statement, moment),
            Event::ClaimMade(made) => self.claim_made(made, fact, moment),
            Event::ClaimDenied(denied) => self.denied(denied, fact),
            Event::ClaimConfirmed(confirmed) => self.confirmed(confirmed, fact, moment),
            Event::ClaimWithdrawn(withdrawn) => self.claim_withdrawn(withdrawn, fact),
            Event::SourceRegistered(_) => Ok(()), // in the registry, step 3
            Event::AccountAdded(account) => self.account_added(account, fact, moment),
            Event::EventCorrected(_) => Ok(()),  // laid on its target, step 2
            Event::EventRetracted(_) => Ok(()),  // weighed, step 2
            Event::EventReinstated(_) => Ok(()), // weighed, step 2
            Event::NoteAdded(_) => Ok(()),       // shown with what it is on, never computed with
            Event::FollowupSet(set) => self.followup_set(set, fact),
            Event::FollowupDone(done) => self.followup_done(done, fact),
            Event::CheckWaived(_) => Ok(()),  // the checks read it
            Event::RecordErased(_) => Ok(()), // the log acts on it
        }
    }

    /// Names that lead nowhere, parties that nobody declared.
    fn unmet(&self, fact: &Fact) -> Vec<Misfit> {
        let about_the_record = fact.event().is_some_and(Event::is_record_keeping);
        let cited = fact.record.sources.iter().map(|citation| Target::Handle(citation.source.0));
        let names: BTreeSet<Target> = fact.names.iter().cloned().chain(cited).collect();
        let missing = names.into_iter().filter_map(|name| self.ground.missing(name, about_the_record));
        let strangers = fact.parties.iter().filter(|party| !self.ground.parties.contains_key(party));
        missing.chain(strangers.map(|party| Misfit::UndeclaredParty(party.clone()))).collect()
    }

    /// Writes the fact into the ledger.
    fn enter(&mut self, fact: &Fact) {
        let vouchers: Vec<_> = self.ground.vouchers(&fact.record.sources).collect();
        let asserted_by = fact.event().map(|event| reading::asserted_by(event, fact.context())).unwrap_or_default();
        let entry = self.ledger.entry(fact.version());
        entry.vouchers.extend(vouchers);
        entry.asserted_by.extend(asserted_by);
        entry.withheld = fact.record.withholds_sources();
    }

    /// When the world, and each ceasefire it speaks of, was last heard of.
    fn hear(&mut self, event: &Event, fact: &Fact, moment: &Moment) {
        if event.is_record_keeping() || matches!(event, Event::NegotiationOpened(_)) {
            return;
        }
        // What goes on without a known end was heard of when it began.
        let last = if moment.last.is_open() { fact.begin.last() } else { moment.last };
        let moment = Moment { last, ..moment.clone() };
        let later = |known: &Option<Moment>| known.as_ref().is_none_or(|known| known.last <= moment.last);
        if later(&self.last_heard) {
            self.last_heard = Some(moment.clone());
        }
        let named =
            fact.names.iter().filter_map(|name| if let Target::Handle(handle) = name { Some(*handle) } else { None });
        for handle in named.chain(fact.defines) {
            if let Some(ceasefire) = self.ceasefires.get_mut(&handle)
                && later(&ceasefire.last_heard)
            {
                ceasefire.last_heard = Some(moment.clone());
            }
        }
    }

    /// Whether it is closed and not reopened.
    pub fn is_closed(&self) -> bool {
        matches!(self.closings.last(), Some((Some(_), _)))
    }

    fn still_open(&self) -> Result<(), Misfit> {
        if self.is_closed() { Err(Misfit::NegotiationClosed) } else { Ok(()) }
    }

    /// The event behind a name: the event itself, or the one that created the life.
    pub fn event_behind(&self, name: &Target) -> Option<Version> {
        match name {
            Target::Event(version) => Some(*version),
            Target::Handle(handle) => self.ground.creators.get(handle).copied(),
            Target::Elsewhere(_) => None,
        }
    }

    /// How a fact stands; what can't be read is withheld.
    pub fn standing(&self, event: Version) -> Standing {
        let can_be_read = !self.ground.unread.contains(&Target::Event(event));
        if can_be_read { self.ledger.standing(event) } else { Standing::Withheld }
    }
}

/// The handle that a defining event has; the log allocates one before the fold.
fn defined(fact: &Fact) -> Result<Handle, Misfit> {
    fact.defines.ok_or(Misfit::Unknown(Target::Event(fact.version())))
}

// The negotiation and its parties
impl Negotiation {
    fn opened(&mut self, opened: &NegotiationOpened, moment: &Moment) -> Result<(), Misfit> {
        if std::mem::replace(&mut self.titled, true) {
            return Err(Misfit::OpenedTwice);
        }
        for entry in opened.parties.iter() {
            self.presence.entry(entry.party.clone()).or_default().push((true, moment.clone()));
        }
        Ok(())
    }

    fn closed(&mut self, closed: &NegotiationClosed, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        self.closings.push((Some(closed.outcome), moment.clone()));
        Ok(())
    }

    fn reopened(&mut self, moment: &Moment) -> Result<(), Misfit> {
        if !self.is_closed() {
            return Err(Misfit::NotClosed);
        }
        self.closings.push((None, moment.clone()));
        Ok(())
    }

    fn joined(&mut self, entry: &PartyEntry, moment: &Moment) -> Result<(), Misfit> {
        self.presence.entry(entry.party.clone()).or_default().push((true, moment.clone()));
        Ok(())
    }

    fn left(&mut self, left: &PartyLeft, moment: &Moment) -> Result<(), Misfit> {
        match self.presence.get_mut(&left.party).filter(|p| matches!(p.last(), Some((true, _)))) {
            Some(presence) => presence.push((false, moment.clone())),
            None => return Err(Misfit::NotPresent(left.party.clone())),
        }
        Ok(())
    }

    fn office_changed(&mut self, changed: &OfficeChanged, moment: &Moment) -> Result<(), Misfit> {
        let office = (changed.party.clone(), changed.office.clone());
        self.offices.insert(office, (changed.who.clone(), moment.clone()));
        Ok(())
    }
}

// Talks
impl Negotiation {
    fn round_scheduled(&mut self, scheduled: &RoundScheduled, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.talks.schedule(handle, scheduled, moment.clone());
        self.rest_round_on(handle, fact)
    }

    fn round_opened(&mut self, opened: &RoundOpened, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        let fits = self.talks.open(handle, opened, fact, moment.clone());
        self.rest_round_on(handle, fact).and(fits)
    }

    fn round_held(&mut self, held: &RoundHeld, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.talks.hold(handle, held, fact, moment.clone());
        self.rest_round_on(handle, fact)
    }

    fn round_closed(&mut self, closed: &RoundClosed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let fits = self.talks.close(closed, moment.clone());
        self.rest_round_on(closed.round.0, fact).and(fits)
    }

    fn talks_paused(&mut self, paused: &TalksPaused, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        self.talks.pause(paused, moment.clone())?;
        paused.round.map_or(Ok(()), |round| self.rest_round_on(round.0, fact))
    }

    fn talks_resumed(&mut self, resumed: &TalksResumed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let named = resumed.round.map(|round| round.0);
        if named.is_some_and(|round| !self.talks.rounds.contains_key(&round)) {
            return Ok(()); // an anomaly already, by its name
        }
        let handle = self.talks.resume(named, fact, moment.clone())?;
        self.rest_round_on(handle, fact)
    }

    fn rest_round_on(&mut self, handle: Handle, fact: &Fact) -> Result<(), Misfit> {
        if let Some(round) = self.talks.rounds.get_mut(&handle) {
            round.basis.extend(&fact.basis);
        }
        Ok(())
    }
}

// Demands and offers
impl Negotiation {
    fn demand_raised(&mut self, raised: &DemandRaised, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.demands
            .entry(handle)
            .and_modify(|demand| demand.press(raised, moment.clone()))
            .or_insert_with(|| Demand::raised(handle, raised, moment.clone()));
        for old in raised.supersedes.iter() {
            self.demand(old.0, fact, |old| {
                old.superseded_by = Some((handle, moment.clone()));
                Ok(())
            })?;
        }
        self.demand(handle, fact, |_| Ok(()))
    }

    /// Changes a demand, and lets it rest on the fact. A demand that is not there is an anomaly already, by its name.
    fn demand(
        &mut self,
        handle: Handle,
        fact: &Fact,
        change: impl FnOnce(&mut Demand) -> Result<(), Misfit>,
    ) -> Result<(), Misfit> {
        let Some(demand) = self.demands.get_mut(&handle) else { return Ok(()) };
        change(demand)?;
        demand.basis.extend(&fact.basis);
        Ok(())
    }

    fn offer_made(&mut self, made: &OfferMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.offers
            .entry(handle)
            .and_modify(|offer| offer.renew(made, moment.clone()))
            .or_insert_with(|| Offer::made(handle, made, moment.clone()));
        for old in made.supersedes.iter() {
            self.offer(old.0, fact, |old| {
                old.superseded_by = Some((handle, moment.clone()));
                Ok(())
            })?;
        }
        self.offer(handle, fact, |_| Ok(()))?;
        self.offered_answers(handle, made, fact, moment)
    }

    /// An offer that answers demands answers them for each party that makes it and was asked.
    fn offered_answers(&mut self, offer: Handle, made: &OfferMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        for answered in made.answers.iter() {
            let asked =
                |actor: &&Actor| self.demands.get(&answered.demand.0).is_some_and(|d| d.of.contains(&actor.party));
            let makers: Vec<Actor> = made.by.iter().filter(asked).cloned().collect();
            for by in makers {
                let given = GivenAnswer { answer: answered.answer, by, offer: Some(offer), moment: moment.clone() };
                self.demand(answered.demand.0, fact, |demand| demand.take_answer(given))?;
            }
        }
        Ok(())
    }

    fn offer(
        &mut self,
        handle: Handle,
        fact: &Fact,
        change: impl FnOnce(&mut Offer) -> Result<(), Misfit>,
    ) -> Result<(), Misfit> {
        let Some(offer) = self.offers.get_mut(&handle) else { return Ok(()) };
        change(offer)?;
        offer.basis.extend(&fact.basis);
        Ok(())
    }
}

// Ceasefires
impl Negotiation {
    fn ceasefire_declared(&mut self, declared: &CeasefireDeclared, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let known = self.ceasefires.remove(&handle);
        self.ceasefires.insert(handle, Ceasefire::declare(known, handle, declared, moment.clone()));
        self.supersede_ceasefires(&declared.supersedes, handle, fact, moment)
    }

    fn ceasefire_agreed(&mut self, agreed: &CeasefireAgreed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let known = self.ceasefires.remove(&handle);
        self.ceasefires.insert(handle, Ceasefire::agree(known, handle, agreed, moment.clone()));
        self.supersede_ceasefires(&agreed.supersedes, handle, fact, moment)
    }

    fn supersede_ceasefires(
        &mut self,
        old: &[super::ids::Ref<super::ids::ACeasefire>],
        by: Handle,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        for old in old.iter().filter(|old| old.0 != by) {
            self.ceasefire(old.0, fact, |old| {
                old.superseded_by = Some((by, moment.clone()));
                Ok(())
            })?;
        }
        self.ceasefire(by, fact, |_| Ok(()))
    }

    fn ceasefire(
        &mut self,
        handle: Handle,
        fact: &Fact,
        change: impl FnOnce(&mut Ceasefire) -> Result<(), Misfit>,
    ) -> Result<(), Misfit> {
        let Some(ceasefire) = self.ceasefires.get_mut(&handle) else { return Ok(()) };
        change(ceasefire)?;
        ceasefire.basis.extend(&fact.basis);
        Ok(())
    }

    fn ceasefire_suspended(&mut self, step: &CeasefireStep, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.ceasefire(step.ceasefire.0, fact, |life| life.suspend(&step.by, moment.clone()))
    }

    fn ceasefire_resumed(&mut self, step: &CeasefireStep, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.ceasefire(step.ceasefire.0, fact, |life| life.resume(&step.by, moment.clone()))
    }

    fn violation_alleged(&mut self, alleged: &ViolationAlleged, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Target::Handle(handle) = alleged.of else {
            return Err(Misfit::WrongSort(alleged.of.clone(), "a ceasefire, an agreement or a commitment"));
        };
        if let Some(finder) = alleged.found_by.as_ref().filter(|finder| !self.ground.is_monitor(finder)) {
            return Err(Misfit::NotAMonitor(finder.clone()));
        }
        let ViolationAlleged { alleged_by, found_by, through, count, .. } = alleged.clone();
        let violation =
            Violation { by: alleged.by.to_vec(), alleged_by, found_by, through, count, moment: moment.clone() };
        match handle.letter {
            Letter::C => self.ceasefire_broken(handle, violation, fact),
            Letter::A => self.agreement(handle, fact, |_| Ok(())).map(|()| {
                self.breaches.entry(handle).or_default().push(violation);
            }),
            Letter::K => self.commitment(handle, fact, |life| life.violations.push(fact.version())),
            _ => Err(Misfit::WrongSort(alleged.of.clone(), "a ceasefire, an agreement or a commitment")),
        }
    }

    /// What is alleged outside the time in which it could be broken is kept, and does not fit.
    fn ceasefire_broken(&mut self, handle: Handle, violation: Violation, fact: &Fact) -> Result<(), Misfit> {
        let (first, last) = (fact.begin.start.max(fact.key), fact.last());
        let held = self.ceasefires.get(&handle).is_none_or(|c| c.may_hold_between(first, last, &self.at(fact.key)));
        self.ceasefire(handle, fact, |life| {
            life.violations.push(violation);
            Ok(())
        })?;
        if held { Ok(()) } else { Err(Misfit::NotInState(handle, "in force")) }
    }
}

// Agreements, commitments, deadlines
impl Negotiation {
    fn agreement_proposed(&mut self, proposed: &AgreementProposed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle)).propose(proposed, moment.clone());
        self.agreement(handle, fact, |_| Ok(()))
    }

    fn agreement_reached(&mut self, reached: &AgreementReached, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle));
        self.agreement(handle, fact, |life| life.reach(reached, moment.clone()))?;
        self.agreed_on(handle, fact, moment)
    }

    fn agreement_signed(&mut self, signed: &AgreementSigned, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle));
        self.agreement(handle, fact, |life| life.sign(signed, moment.clone()))?;
        self.agreed_on(handle, fact, moment)
    }

    fn agreement_decided(
        &mut self,
        decided: &AgreementDecided,
        ratified: bool,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.agreement(decided.agreement.0, fact, |life| life.decide(decided, ratified, moment.clone()))
    }

    /// What follows from being agreed: the demands it settles, the text it revises, the pause it ends.
    fn agreed_on(&mut self, handle: Handle, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Some(agreement) = self.agreements.get(&handle) else { return Ok(()) };
        let (settles, revises) = (agreement.settles.clone(), agreement.revises);
        // Where nobody is named it is the parties that agree; one signature alone is not yet an agreement between them.
        if agreement.parties.len() != 1 {
            self.talks.end_pause(moment);
        }
        for settled in settles {
            self.demand(settled, fact, |demand| {
                super::demand::extend_new(&mut demand.settled_by, &[handle]);
                Ok(())
            })?;
        }
        match revises.filter(|old| *old != handle) {
            None => Ok(()),
            Some(old) => self.agreement(old, fact, |old| {
                old.superseded_by.get_or_insert((handle, moment.clone()));
                Ok(())
            }),
        }
    }

    fn agreement(
        &mut self,
        handle: Handle,
        fact: &Fact,
        change: impl FnOnce(&mut Agreement) -> Result<(), Misfit>,
    ) -> Result<(), Misfit> {
        let Some(agreement) = self.agreements.get_mut(&handle) else { return Ok(()) };
        let fits = change(agreement);
        agreement.basis.extend(&fact.basis);
        fits
    }

    fn commitment_made(&mut self, made: &CommitmentMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.commitments
            .entry(handle)
            .and_modify(|commitment| commitment.remake(made, moment.clone()))
            .or_insert_with(|| Commitment::made(handle, made, moment.clone()));
        self.commitment(handle, fact, |_| ())
    }

    fn commitment_assessed(
        &mut self,
        assessed: &CommitmentAssessed,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.commitment(assessed.commitment.0, fact, |life| life.assess(assessed.level, moment.clone()))
    }

    fn commitment_waived(&mut self, waived: &CommitmentDropped, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.commitment(waived.commitment.0, fact, |life| life.waive(&waived.by, moment.clone()))
    }

    fn commitment_repudiated(
        &mut self,
        dropped: &CommitmentDropped,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let mut fits = Ok(());
        self.commitment(dropped.commitment.0, fact, |life| fits = life.repudiate(&dropped.by, moment.clone()))?;
        fits
    }

    fn commitment(&mut self, handle: Handle, fact: &Fact, change: impl FnOnce(&mut Commitment)) -> Result<(), Misfit> {
        if let Some(commitment) = self.commitments.get_mut(&handle) {
            change(commitment);
            commitment.basis.extend(&fact.basis);
        }
        Ok(())
    }

    fn deadline_set(&mut self, set: &DeadlineSet, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let deadline = self
            .deadlines
            .entry(handle)
            .and_modify(|deadline| deadline.reset(set, moment.clone()))
            .or_insert_with(|| Deadline::set(handle, set, moment.clone()));
        deadline.basis.extend(&fact.basis);
        Ok(())
    }
}

// Around the table
impl Negotiation {
    fn measure_taken(&mut self, taken: &MeasureTaken, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let mut taken = taken.clone();
        // What lasted from a to b was in effect until b.
        taken.until = taken.until.or_else(|| fact.occurred().filter(|when| when.is_lasting()).cloned().map(Term::At));
        let measure = self
            .measures
            .entry(handle)
            .and_modify(|measure| measure.retake(&taken, moment.clone()))
            .or_insert_with(|| Measure::taken(handle, &taken, moment.clone()));
        measure.basis.extend(&fact.basis);
        Ok(())
    }

    fn measure_lifted(&mut self, lifted: &MeasureLifted, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Some(measure) = self.measures.get_mut(&lifted.measure.0) else { return Ok(()) };
        measure.lift(moment.clone())?;
        measure.basis.extend(&fact.basis);
        Ok(())
    }

    fn incident_reported(&mut self, reported: &IncidentReported, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.incidents.insert(fact.version(), Incident::reported(fact, reported, moment.clone()));
        Ok(())
    }

    /// A statement changes no life, but an assurance or an endorsement about a ceasefire says that it holds.
    fn statement_made(&mut self, statement: &StatementMade, moment: &Moment) -> Result<(), Misfit> {
        let holds = statement.act.iter().any(|act| matches!(act, Act::Assurance | Act::Endorsement));
        if let (true, Some(Target::Handle(handle))) = (holds, &statement.about)
            && let Some(ceasefire) = self.ceasefires.get_mut(handle)
        {
            ceasefire.said_to_hold.push(moment.clone());
        }
        Ok(())
    }

    fn claim_made(&mut self, made: &ClaimMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let claim = self
            .claims
            .entry(handle)
            .and_modify(|claim| claim.repeat(made, moment.clone()))
            .or_insert_with(|| Claim::made(handle, made, moment.clone()));
        claim.basis.extend(&fact.basis);
        self.give_figures(made, handle, fact);
        made.rival_of.map_or(Ok(()), |rival| self.rival(handle, rival.0))
    }

    /// A claim about an incident gives its maker's figures, beside the others.
    fn give_figures(&mut self, made: &ClaimMade, handle: Handle, fact: &Fact) {
        let (Some(Target::Event(event)), Some(says)) = (&made.about, &made.says) else { return };
        if let Some(incident) = self.incidents.get_mut(event).filter(|_| !says.tolls.is_empty()) {
            let account = Account::Claim(handle, made.by.clone());
            incident.tolls.retain(|known| known.account != account); // its own, as last given
            incident.tolls.push(AccountOfTolls { account, tolls: says.tolls.to_vec(), event: fact.version() });
            incident.basis.extend(&fact.basis);
        }
    }

    /// Two versions dispute each other, each in the name of the party it binds.
    fn rival(&mut self, claim: Handle, other: Handle) -> Result<(), Misfit> {
        for (this, that) in [(claim, other), (other, claim)] {
            let Some((by, event)) = self.claims.get(&that).map(|c| (c.by.clone(), c.made_by)) else {
                return Ok(());
            };
            let Some(claim) = self.claims.get_mut(&this) else { return Ok(()) };
            super::demand::extend_new(&mut claim.rivals, &[that]);
            let made_by = claim.made_by;
            let rivals = by.binding_party().map(|party| (party.clone(), event));
            super::demand::extend_new(&mut self.ledger.entry(made_by).rivals, &rivals);
        }
        Ok(())
    }

    fn denied(&mut self, denied: &ClaimAnswered, fact: &Fact) -> Result<(), Misfit> {
        self.rest_claim_on(&denied.of, fact);
        if let (Some(behind), Some(party)) = (self.event_behind(&denied.of), denied.by.binding_party()) {
            self.ledger.entry(behind).denied_by.push((party.clone(), fact.version()));
        }
        Ok(())
    }

    fn confirmed(&mut self, confirmed: &ClaimAnswered, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.rest_claim_on(&confirmed.of, fact);
        if let (Some(behind), Some(party)) = (self.event_behind(&confirmed.of), confirmed.by.binding_party()) {
            self.ledger.entry(behind).confirmed_by.push((party.clone(), fact.version()));
        }
        if let Target::Handle(handle) = &confirmed.of
            && let Some(ceasefire) = self.ceasefires.get_mut(handle)
        {
            ceasefire.said_to_hold.push(moment.clone());
        }
        Ok(())
    }

    fn claim_withdrawn(&mut self, withdrawn: &ClaimWithdrawn, fact: &Fact) -> Result<(), Misfit> {
        self.rest_claim_on(&withdrawn.claim, fact);
        let Some(behind) = self.event_behind(&withdrawn.claim) else { return Ok(()) };
        self.ledger.entry(behind).withdrawn = Some(fact.version());
        Ok(())
    }

    /// What is said of a claim is part of what it rests on.
    fn rest_claim_on(&mut self, name: &Target, fact: &Fact) {
        let behind = self.event_behind(name);
        let claims = self.claims.values_mut().filter(|claim| Some(claim.made_by) == behind);
        claims.for_each(|claim| claim.basis.extend(&fact.basis));
    }

    fn account_added(&mut self, account: &AccountAdded, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Some(behind) = self.event_behind(&account.of) else { return Ok(()) };
        let vouchers: Vec<_> = self.ground.vouchers(&fact.record.sources).collect();
        let entry = self.ledger.entry(behind);
        entry.accounts.push((fact.version(), account.stance));
        if account.stance == Stance::Confirms {
            entry.vouchers.extend(vouchers);
            let ceasefire = matches!(account.of, Target::Handle(h) if h.letter == Letter::C);
            if let (true, Target::Handle(handle)) = (ceasefire, &account.of)
                && let Some(ceasefire) = self.ceasefires.get_mut(handle)
            {
                ceasefire.said_to_hold.push(moment.clone());
            }
        }
        self.account_of_figures(account, behind, fact);
        Ok(())
    }

    fn account_of_figures(&mut self, account: &AccountAdded, of: Version, fact: &Fact) {
        let Some(tolls) = account.says.as_ref().map(|says| says.tolls.to_vec()).filter(|tolls| !tolls.is_empty())
        else {
            return;
        };
        if let Some(incident) = self.incidents.get_mut(&of) {
            let sources = fact.record.sources.iter().map(|citation| citation.source.0).collect();
            incident.tolls.push(AccountOfTolls { account: Account::Sources(sources), tolls, event: fact.version() });
            incident.basis.extend(&fact.basis);
        }
    }

    fn followup_set(&mut self, set: &FollowupSet, fact: &Fact) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let mut followup = FollowUp::set(handle, set);
        followup.basis = self.followups.remove(&handle).map(|old| old.basis).unwrap_or_default();
        followup.basis.extend(&fact.basis);
        self.followups.insert(handle, followup);
        Ok(())
    }

    fn followup_done(&mut self, done: &FollowupDone, fact: &Fact) -> Result<(), Misfit> {
        let Some(followup) = self.followups.get_mut(&done.followup.0) else { return Ok(()) };
        followup.finish(fact.version())?;
        followup.basis.extend(&fact.basis);
        Ok(())
    }
}

// Questions that hang on the clock
impl Negotiation {
    /// This state, asked for an instant.
    pub fn at(&self, at: Instant) -> Now<'_> {
        Now { state: self, at, depth: 0, found: None }
    }
}

impl<'a> Now<'a> {
    /// The ceasefire to speak of: the one begun or renewed last; one that has not begun, or was superseded, only for want of others.
    pub fn headline_ceasefire(&self) -> Option<&'a Ceasefire> {
        let has_begun = |c: &Ceasefire| c.standing(self).since.is_some_and(|since| since <= self.at);
        self.state.ceasefires.values().max_by_key(|c| (c.superseded_by.is_none(), has_begun(c), c.renewed_last()))
    }

    /// The same state at another instant; what came later in the world is not folded into it.
    pub fn at_instant(&self, at: Instant) -> Now<'a> {
        Now { at, found: None, ..*self }
    }

    /// When a term comes; nothing while it is open.
    pub fn due(&self, term: &Term) -> Option<Due> {
        let zone = self.state.ground.zone;
        self.deeper(|deeper| term.due(|name, milestone| deeper.milestone(name, milestone), zone))?
    }

    /// When something starts that starts at a term.
    pub fn start(&self, term: &Term) -> Option<Instant> {
        let zone = self.state.ground.zone;
        self.deeper(|deeper| term.start(|name, milestone| deeper.milestone(name, milestone), zone))?
    }

    fn deeper<T>(&self, ask: impl FnOnce(&Now<'_>) -> T) -> Option<T> {
        let fresh = Found::default();
        let Now { state, at, depth, found } = *self;
        let deeper = Now { state, at, depth: depth + 1, found: found.or(Some(&fresh)) };
        (depth < DEEPEST).then(|| ask(&deeper))
    }

    /// When a milestone of something was, if it has come.
    fn milestone(&self, name: &Target, milestone: Milestone) -> Option<Span> {
        let handle = &self.life_behind(name)?;
        let Some(found) = self.found else { return self.find_milestone(handle, milestone) };
        let question = (self.depth, *handle, milestone);
        let known = found.borrow().get(&question).copied();
        known.unwrap_or_else(|| {
            let span = self.find_milestone(handle, milestone);
            found.borrow_mut().insert(question, span);
            span
        })
    }

    fn find_milestone(&self, handle: &Handle, milestone: Milestone) -> Option<Span> {
        let span = |moment: &Moment| Some(moment.span());
        match (handle.letter, milestone) {
            (Letter::R, Milestone::Begins) => span(&self.state.talks.rounds.get(handle)?.sessions.first()?.opened),
            (Letter::R, Milestone::Closes | Milestone::Ends) => self.round_closed(*handle),
            (Letter::A, Milestone::Ends) => self.agreement_ended(*handle),
            (Letter::A, _) => self.agreement_milestone(*handle, milestone).and_then(span),
            (Letter::C, Milestone::Begins) => {
                self.state.ceasefires.get(handle)?.standing(self).since.filter(|at| *at <= self.at).map(Span::point)
            }
            (Letter::C, Milestone::Ends) => self.ceasefire_ended(*handle),
            (Letter::K, Milestone::Met) => span(self.state.commitments.get(handle)?.met()?),
            (Letter::D, Milestone::Met) => span(self.state.demands.get(handle)?.fully_met()?),
            (Letter::M, Milestone::Begins) => span(&self.state.measures.get(handle)?.taken),
            (Letter::M, Milestone::Lifted) => span(self.state.measures.get(handle)?.lifted.as_ref()?),
            (Letter::M, Milestone::Ends) => self.measure_ended(*handle),
            _ => None,
        }
    }

    /// The life a name stands for: its handle, or that of the life the event creates.
    fn life_behind(&self, name: &Target) -> Option<Handle> {
        match name {
            Target::Handle(handle) => Some(*handle),
            Target::Event(version) => {
                let creators = self.state.ground.creators.iter();
                creators.filter(|(_, creator)| *creator == version).map(|(handle, _)| *handle).next()
            }
            Target::Elsewhere(_) => None,
        }
    }

    fn round_closed(&self, handle: Handle) -> Option<Span> {
        let round = self.state.talks.rounds.get(&handle)?;
        let session = round.sessions.last().filter(|session| !session.is_open_at(self.at))?;
        let closed = session.closed.as_ref().map(|(_, moment)| moment.last);
        let over = session.over_at()?;
        Some(Span { start: over, end: Instant(closed.unwrap_or(over).max(over).0.saturating_add(1)) })
    }

    fn agreement_milestone(&self, handle: Handle, milestone: Milestone) -> Option<&'a Moment> {
        let agreement = self.state.agreements.get(&handle)?;
        match milestone {
            Milestone::Reached | Milestone::Begins => agreement.reached.as_ref().or_else(|| agreement.first_signed()),
            Milestone::Signed => agreement.first_signed(),
            Milestone::Ratified => agreement.ratified(),
            Milestone::EntersIntoForce => agreement.in_force.as_ref(),
            Milestone::Ends | Milestone::Closes | Milestone::Met | Milestone::Lifted | Milestone::Other => None,
        }
    }

    /// By an event, by the clock, or with the agreement it is part of, whichever came first.
    fn ceasefire_ended(&self, handle: Handle) -> Option<Span> {
        let ceasefire = self.state.ceasefires.get(&handle)?;
        let moments = ceasefire.ended().into_iter().chain(ceasefire.superseded_by.as_ref().map(|(_, moment)| moment));
        let with_agreement =
            ceasefire.within.and_then(|agreement| self.deeper(|deeper| deeper.agreement_ended(agreement)).flatten());
        let ends = moments.map(Moment::span).chain(self.run_out(ceasefire.standing(self).until)).chain(with_agreement);
        ends.min_by_key(|span| span.start)
    }

    fn agreement_ended(&self, handle: Handle) -> Option<Span> {
        let agreement = self.state.agreements.get(&handle)?;
        let moments = agreement.ended.iter().map(|(_, moment)| moment);
        let moments = moments.chain(agreement.superseded_by.as_ref().map(|(_, moment)| moment));
        let until = agreement.until.as_ref().filter(|_| agreement.has_expired(self) == Passed::Yes);
        let ends = moments.map(Moment::span).chain(self.run_out(until.and_then(|until| self.due(until))));
        ends.min_by_key(|span| span.start)
    }

    fn measure_ended(&self, handle: Handle) -> Option<Span> {
        let measure = self.state.measures.get(&handle)?;
        let lifted = measure.lifted.iter().map(Moment::span);
        let ends = lifted.chain(self.run_out(measure.until.as_ref().and_then(|until| self.due(until))));
        ends.min_by_key(|span| span.start)
    }

    /// When something has run out by the clock, if it has.
    fn run_out(&self, due: Option<Due>) -> Option<Span> {
        due.filter(|due| due.passed(self.at) == Passed::Yes).map(|due| Span { start: due.from, end: due.to })
    }

    /// Whether what an agreement settles is settled: it was agreed, and nobody has undone it.
    pub fn agreement_stands(&self, handle: Handle) -> bool {
        let stage =
            self.state.agreements.get(&handle).map(|agreement| (agreement.stage(self), agreement.is_rejected()));
        match stage {
            None | Some((Stage::Proposed | Stage::Rejected | Stage::Ended, _)) => false,
            Some((Stage::Superseded, rejected)) => !rejected,
            Some(_) => true,
        }
    }

    /// Whether an agreement is over, and what is part of it with it.
    pub fn agreement_is_over(&self, handle: Handle) -> bool {
        let agreement = self.state.agreements.get(&handle);
        let stage = agreement.and_then(|agreement| self.deeper(|deeper| agreement.stage(deeper)));
        matches!(stage, Some(Stage::Expired | Stage::Ended | Stage::Superseded))
    }
}
