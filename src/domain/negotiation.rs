//! The state of a negotiation, and the one match that folds events into it.
//!
//! Step 5 of the fold. It never fails, reads no clock, and stores no status that time can change: it stores facts and intervals, and
//! a status is asked with the instant it is asked for ([`super::now::Now`]). A fact that does not fit is kept as an anomaly and changes nothing
//! else. The lenient fold ([`Negotiation::evolve`]) and the strict door ([`Negotiation::admit`]) take the same step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::agreement::Agreement;
use super::anomaly::{Anomaly, Misfit};
use super::ceasefire::{Ceasefire, Violation};
use super::claim::Claim;
use super::commitment::{Commitment, Deadline, FollowUp};
use super::demand::Demand;
use super::event::*;
use super::history::{Fact, Ground, History};
use super::ids::{Handle, Target, Version};
use super::incident::Incident;
use super::ledger::{Ledger, Standing};
use super::measure::Measure;
use super::moment::Moment;
use super::offer::Offer;
use super::reading;
use super::talks::Talks;
use super::value::Party;
use super::when::Instant;

/// The number of the rules that fold a log; raised when a log shipped with the program folds to another state.
pub const RULES: u32 = 2;

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
    /// How many facts were folded into it, since it was new or put together from pieces.
    pub steps: u64,
    pub(super) titled: bool,
}

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
    for fact in history.facts.iter().take_while(|fact| fact.key <= at).filter(|fact| cut.takes(fact, at)) {
        state.evolve(fact, fact.is_certain_at(at));
    }
    state
}

impl Cut {
    /// Whether a fact that is there by the instant is folded.
    pub fn takes(&self, fact: &Fact, at: Instant) -> bool {
        (!self.certain || fact.is_certain_at(at)) && !self.left_out.contains(&fact.version())
    }
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

    /// Every violation that was alleged, of a ceasefire, an agreement or a commitment.
    pub fn violations(&self) -> impl Iterator<Item = (Handle, &Violation)> {
        let of_ceasefires = self.ceasefires.iter().map(|(of, life)| (*of, &life.violations));
        let of_commitments = self.commitments.iter().map(|(of, life)| (*of, &life.violations));
        let of_agreements = self.breaches.iter().map(|(of, violations)| (*of, violations));
        let all = of_ceasefires.chain(of_agreements).chain(of_commitments);
        all.flat_map(|(of, violations)| violations.iter().map(move |violation| (of, violation)))
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

    /// Takes a fact whose place is before some that were taken. Whether the state is then as if it had been taken in its place, as far
    /// as the lives that were there are as they were: nobody comes, goes or holds an office by it, and nothing was ever closed.
    pub fn evolve_late(&mut self, fact: &Fact) -> bool {
        let (presence, offices) = (self.presence.clone(), self.offices.clone());
        let heard = self.last_heard.take();
        self.evolve(fact, true);
        // Of what was last heard the latest counts, and of two of one instant the later in the world.
        let order = |heard: &Moment| (heard.last, heard.order());
        self.last_heard = [heard, self.last_heard.take()].into_iter().flatten().max_by_key(order);
        self.closings.is_empty() && presence == self.presence && offices == self.offices
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
        let moment = Moment::new(fact);
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

    /// Writes the fact into the ledger: what it says of itself, before anybody speaks of it.
    pub fn enter(&mut self, fact: &Fact) {
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

    pub(super) fn still_open(&self) -> Result<(), Misfit> {
        if self.is_closed() { Err(Misfit::NegotiationClosed) } else { Ok(()) }
    }

    /// How a fact stands; what can't be read is withheld.
    pub fn standing(&self, event: Version) -> Standing {
        let can_be_read = !self.ground.unread.contains(&Target::Event(event));
        if can_be_read { self.ledger.standing(event) } else { Standing::Withheld }
    }
}
