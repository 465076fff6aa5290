//! What each kind of event does: the arms of the one match in `negotiation.rs`, by the life they change.
//!
//! An arm finds or makes the life, lets the life take its own step, and notes that the life now rests on the fact. What reaches
//! beyond one life (a text that supersedes another, an agreement that settles demands, a claim that rivals a claim) is here too. A
//! life that is not there is no concern of an arm: its name was found missing already.

use super::agreement::Agreement;
use super::anomaly::Misfit;
use super::ceasefire::{Ceasefire, Violation};
use super::claim::Claim;
use super::commitment::{Commitment, Deadline, FollowUp};
use super::demand::{Demand, GivenAnswer};
use super::event::*;
use super::history::{Fact, Ground};
use super::ids::{Handle, Letter, Target, Version};
use super::incident::{Account, AccountOfTolls, Incident};
use super::ledger::FurtherAccount;
use super::measure::Measure;
use super::moment::Moment;
use super::negotiation::Negotiation;
use super::offer::Offer;
use super::party::PartyEntry;
use super::talks::Seat;
use super::term::Term;
use super::value::Actor;

/// The handle that a defining event has; the log allocates one before the fold.
fn defined(fact: &Fact) -> Result<Handle, Misfit> {
    fact.defines.ok_or(Misfit::Unknown(Target::Event(fact.version())))
}

/// Where a round sits.
fn seat(ground: &Ground, round: Handle) -> Seat<'_> {
    Seat { round, table: ground.table_of(round) }
}

// The negotiation and its parties
impl Negotiation {
    pub(super) fn opened(&mut self, opened: &NegotiationOpened, moment: &Moment) -> Result<(), Misfit> {
        if std::mem::replace(&mut self.titled, true) {
            return Err(Misfit::OpenedTwice);
        }
        for entry in opened.parties.iter() {
            self.presence.entry(entry.party.clone()).or_default().push((true, moment.clone()));
        }
        Ok(())
    }

    pub(super) fn closed(&mut self, closed: &NegotiationClosed, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        self.closings.push((Some(closed.outcome), moment.clone()));
        Ok(())
    }

    pub(super) fn reopened(&mut self, moment: &Moment) -> Result<(), Misfit> {
        if !self.is_closed() {
            return Err(Misfit::NotClosed);
        }
        self.closings.push((None, moment.clone()));
        Ok(())
    }

    pub(super) fn joined(&mut self, entry: &PartyEntry, moment: &Moment) -> Result<(), Misfit> {
        self.presence.entry(entry.party.clone()).or_default().push((true, moment.clone()));
        Ok(())
    }

    pub(super) fn left(&mut self, left: &PartyLeft, moment: &Moment) -> Result<(), Misfit> {
        match self.presence.get_mut(&left.party).filter(|p| matches!(p.last(), Some((true, _)))) {
            Some(presence) => presence.push((false, moment.clone())),
            None => return Err(Misfit::NotPresent(left.party.clone())),
        }
        Ok(())
    }

    pub(super) fn office_changed(&mut self, changed: &OfficeChanged, moment: &Moment) -> Result<(), Misfit> {
        let office = (changed.party.clone(), changed.office.clone());
        self.offices.insert(office, (changed.who.clone(), moment.clone()));
        Ok(())
    }
}

// Talks
impl Negotiation {
    pub(super) fn round_scheduled(
        &mut self,
        scheduled: &RoundScheduled,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.talks.schedule(seat(&self.ground, handle), scheduled, moment.clone());
        self.rest_round_on(handle, fact)
    }

    pub(super) fn round_opened(&mut self, opened: &RoundOpened, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        let fits = self.talks.open(seat(&self.ground, handle), opened, fact, moment.clone());
        self.rest_round_on(handle, fact).and(fits)
    }

    pub(super) fn round_held(&mut self, held: &RoundHeld, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let handle = defined(fact)?;
        self.talks.hold(seat(&self.ground, handle), held, fact, moment.clone());
        self.rest_round_on(handle, fact)
    }

    pub(super) fn round_closed(&mut self, closed: &RoundClosed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let fits = self.talks.close(closed, moment.clone());
        self.rest_round_on(closed.round.0, fact).and(fits)
    }

    pub(super) fn talks_paused(&mut self, paused: &TalksPaused, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let table = paused.round.map_or(fact.table(), |round| self.ground.table_of(round.0));
        self.talks.pause(paused, table, moment.clone())?;
        paused.round.map_or(Ok(()), |round| self.rest_round_on(round.0, fact))
    }

    pub(super) fn talks_resumed(&mut self, resumed: &TalksResumed, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.still_open()?;
        let named = resumed.round.map(|round| round.0);
        if named.is_some_and(|round| !self.talks.rounds.contains_key(&round)) {
            return Ok(()); // an anomaly already, by its name
        }
        let handle = self.talks.resume(named, fact, moment.clone())?;
        self.rest_round_on(handle, fact)
    }

    pub(super) fn rest_round_on(&mut self, handle: Handle, fact: &Fact) -> Result<(), Misfit> {
        if let Some(round) = self.talks.rounds.get_mut(&handle) {
            round.basis.extend(&fact.basis);
        }
        Ok(())
    }
}

// Demands and offers
impl Negotiation {
    pub(super) fn demand_raised(&mut self, raised: &DemandRaised, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
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
    pub(super) fn demand(
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

    pub(super) fn offer_made(&mut self, made: &OfferMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
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

    /// An offer that answers demands answers them for each party that makes it and was asked. One that takes no answer leaves those
    /// after it theirs: a life does not depend on another.
    pub(super) fn offered_answers(
        &mut self,
        offer: Handle,
        made: &OfferMade,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let mut fits = Ok(());
        for answered in made.answers.iter() {
            let asked =
                |actor: &&Actor| self.demands.get(&answered.demand.0).is_some_and(|d| d.of.contains(&actor.party));
            let makers: Vec<Actor> = made.by.iter().filter(asked).cloned().collect();
            for by in makers {
                let given = GivenAnswer { answer: answered.answer, by, offer: Some(offer), moment: moment.clone() };
                fits = fits.and(self.demand(answered.demand.0, fact, |demand| demand.take_answer(given)));
            }
        }
        fits
    }

    pub(super) fn offer(
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
    pub(super) fn ceasefire_declared(
        &mut self,
        declared: &CeasefireDeclared,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let known = self.ceasefires.remove(&handle);
        self.ceasefires.insert(handle, Ceasefire::declare(known, handle, declared, moment.clone()));
        self.supersede_ceasefires(&declared.supersedes, handle, fact, moment)
    }

    pub(super) fn ceasefire_agreed(
        &mut self,
        agreed: &CeasefireAgreed,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let known = self.ceasefires.remove(&handle);
        self.ceasefires.insert(handle, Ceasefire::agree(known, handle, agreed, moment.clone()));
        self.supersede_ceasefires(&agreed.supersedes, handle, fact, moment)
    }

    pub(super) fn supersede_ceasefires(
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

    pub(super) fn ceasefire(
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

    pub(super) fn ceasefire_suspended(
        &mut self,
        step: &CeasefireStep,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.ceasefire(step.ceasefire.0, fact, |life| life.suspend(&step.by, moment.clone()))
    }

    pub(super) fn ceasefire_resumed(
        &mut self,
        step: &CeasefireStep,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.ceasefire(step.ceasefire.0, fact, |life| life.resume(&step.by, moment.clone()))
    }

    pub(super) fn violation_alleged(
        &mut self,
        alleged: &ViolationAlleged,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let Target::Handle(handle) = alleged.of else {
            return Err(Misfit::WrongSort(alleged.of.clone(), "a ceasefire, an agreement or a commitment".into()));
        };
        if let Some(finder) = alleged.found_by.as_ref().filter(|finder| !self.ground.is_monitor(finder)) {
            return Err(Misfit::NotAMonitor(finder.clone()));
        }
        let ViolationAlleged { alleged_by, found_by, through, count, incident, .. } = alleged.clone();
        let incident = incident.and_then(|name| self.ground.event_behind(&name));
        let (by, moment) = (alleged.by.to_vec(), moment.clone());
        let violation = Violation { by, alleged_by, found_by, through, count, incident, moment };
        match handle.letter {
            Letter::C => self.ceasefire_broken(handle, violation, fact),
            Letter::A => self.agreement(handle, fact, |_| Ok(())).map(|()| {
                self.breaches.entry(handle).or_default().push(violation);
            }),
            Letter::K => self.commitment(handle, fact, |life| life.violations.push(violation)),
            _ => Err(Misfit::WrongSort(alleged.of.clone(), "a ceasefire, an agreement or a commitment".into())),
        }
    }

    /// What is alleged outside the time in which it could be broken is kept, and does not fit.
    pub(super) fn ceasefire_broken(&mut self, handle: Handle, violation: Violation, fact: &Fact) -> Result<(), Misfit> {
        let (first, last) = (fact.begin.start.max(fact.key), fact.last());
        let held = self.ceasefires.get(&handle).is_none_or(|c| c.may_hold_between(first, last, &self.at(fact.key)));
        self.ceasefire(handle, fact, |life| {
            life.violations.push(violation);
            Ok(())
        })?;
        if held { Ok(()) } else { Err(Misfit::NotInState(handle, "in force".into())) }
    }
}

// Agreements, commitments, deadlines
impl Negotiation {
    pub(super) fn agreement_proposed(
        &mut self,
        proposed: &AgreementProposed,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle)).propose(proposed, moment.clone());
        self.agreement(handle, fact, |_| Ok(()))
    }

    pub(super) fn agreement_reached(
        &mut self,
        reached: &AgreementReached,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle));
        self.agreement(handle, fact, |life| life.reach(reached, moment.clone()))?;
        self.agreed_on(handle, fact, moment)
    }

    pub(super) fn agreement_signed(
        &mut self,
        signed: &AgreementSigned,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.agreements.entry(handle).or_insert_with(|| Agreement::new(handle));
        self.agreement(handle, fact, |life| life.sign(signed, moment.clone()))?;
        self.agreed_on(handle, fact, moment)
    }

    pub(super) fn agreement_decided(
        &mut self,
        decided: &AgreementDecided,
        ratified: bool,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.agreement(decided.agreement.0, fact, |life| life.decide(decided, ratified, moment.clone()))
    }

    /// What follows from being agreed: the demands it settles, the text it revises, the pause it ends.
    pub(super) fn agreed_on(&mut self, handle: Handle, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Some(agreement) = self.agreements.get(&handle) else { return Ok(()) };
        let (settles, revises) = (agreement.settles.clone(), agreement.revises);
        // Where nobody is named it is the parties that agree; one signature, or one of those who help, makes no agreement of theirs.
        let principals = agreement.parties.iter().filter(|party| self.ground.is_principal(party)).count();
        if agreement.parties.is_empty() || principals > 1 {
            self.talks.end_pause(self.ground.table_of(handle), moment);
        }
        for settled in settles {
            self.demand(settled, fact, |demand| {
                super::value::extend_new(&mut demand.settled_by, &[handle]);
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

    pub(super) fn agreement(
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

    pub(super) fn commitment_made(
        &mut self,
        made: &CommitmentMade,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        self.commitments
            .entry(handle)
            .and_modify(|commitment| commitment.remake(made, moment.clone()))
            .or_insert_with(|| Commitment::made(handle, made, moment.clone()));
        self.commitment(handle, fact, |_| ())
    }

    pub(super) fn commitment_assessed(
        &mut self,
        assessed: &CommitmentAssessed,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.commitment(assessed.commitment.0, fact, |life| life.assess(assessed.level, moment.clone()))
    }

    pub(super) fn commitment_waived(
        &mut self,
        waived: &CommitmentDropped,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.commitment(waived.commitment.0, fact, |life| life.waive(&waived.by, moment.clone()))
    }

    pub(super) fn commitment_repudiated(
        &mut self,
        dropped: &CommitmentDropped,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let mut fits = Ok(());
        self.commitment(dropped.commitment.0, fact, |life| fits = life.repudiate(&dropped.by, moment.clone()))?;
        fits
    }

    pub(super) fn commitment(
        &mut self,
        handle: Handle,
        fact: &Fact,
        change: impl FnOnce(&mut Commitment),
    ) -> Result<(), Misfit> {
        if let Some(commitment) = self.commitments.get_mut(&handle) {
            change(commitment);
            commitment.basis.extend(&fact.basis);
        }
        Ok(())
    }

    pub(super) fn deadline_set(&mut self, set: &DeadlineSet, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
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
    pub(super) fn measure_taken(&mut self, taken: &MeasureTaken, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
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

    pub(super) fn measure_lifted(
        &mut self,
        lifted: &MeasureLifted,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        let Some(measure) = self.measures.get_mut(&lifted.measure.0) else { return Ok(()) };
        measure.lift(moment.clone())?;
        measure.basis.extend(&fact.basis);
        Ok(())
    }

    pub(super) fn incident_reported(
        &mut self,
        reported: &IncidentReported,
        fact: &Fact,
        moment: &Moment,
    ) -> Result<(), Misfit> {
        self.incidents.insert(fact.version(), Incident::reported(fact, reported, moment.clone()));
        Ok(())
    }

    /// A statement changes no life, but an assurance or an endorsement about a ceasefire says that it holds.
    pub(super) fn statement_made(&mut self, statement: &StatementMade, moment: &Moment) -> Result<(), Misfit> {
        let holds = statement.act.iter().any(|act| matches!(act, Act::Assurance | Act::Endorsement));
        if let (true, Some(Target::Handle(handle))) = (holds, &statement.about)
            && let Some(ceasefire) = self.ceasefires.get_mut(handle)
        {
            ceasefire.said_to_hold.push(moment.clone());
        }
        Ok(())
    }

    pub(super) fn claim_made(&mut self, made: &ClaimMade, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
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
    pub(super) fn give_figures(&mut self, made: &ClaimMade, handle: Handle, fact: &Fact) {
        let (Some(Target::Event(event)), Some(says)) = (&made.about, &made.says) else { return };
        if let Some(incident) = self.incidents.get_mut(event).filter(|_| !says.tolls.is_empty()) {
            let account = Account::Claim(handle, made.by.clone());
            incident.tolls.retain(|known| known.account != account); // its own, as last given
            incident.tolls.push(AccountOfTolls { account, tolls: says.tolls.to_vec(), event: fact.version() });
            incident.basis.extend(&fact.basis);
        }
    }

    /// Two versions dispute each other, each in the name of the party it binds.
    pub(super) fn rival(&mut self, claim: Handle, other: Handle) -> Result<(), Misfit> {
        for (this, that) in [(claim, other), (other, claim)] {
            let Some((by, event)) = self.claims.get(&that).map(|c| (c.by.clone(), c.made_by)) else {
                return Ok(());
            };
            let Some(claim) = self.claims.get_mut(&this) else { return Ok(()) };
            super::value::extend_new(&mut claim.rivals, &[that]);
            let made_by = claim.made_by;
            let rivals = by.binding_party().map(|party| (party.clone(), event));
            super::value::extend_new(&mut self.ledger.entry(made_by).rivals, &rivals);
        }
        Ok(())
    }

    pub(super) fn denied(&mut self, denied: &ClaimAnswered, fact: &Fact) -> Result<(), Misfit> {
        self.rest_claim_on(&denied.of, fact);
        if let (Some(behind), Some(party)) = (self.ground.event_behind(&denied.of), denied.by.binding_party()) {
            self.ledger.entry(behind).denied_by.push((party.clone(), fact.version()));
        }
        Ok(())
    }

    pub(super) fn confirmed(&mut self, confirmed: &ClaimAnswered, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        self.rest_claim_on(&confirmed.of, fact);
        if let (Some(behind), Some(party)) = (self.ground.event_behind(&confirmed.of), confirmed.by.binding_party()) {
            self.ledger.entry(behind).confirmed_by.push((party.clone(), fact.version()));
        }
        if let Target::Handle(handle) = &confirmed.of
            && let Some(ceasefire) = self.ceasefires.get_mut(handle)
        {
            ceasefire.said_to_hold.push(moment.clone());
        }
        Ok(())
    }

    pub(super) fn claim_withdrawn(&mut self, withdrawn: &ClaimWithdrawn, fact: &Fact) -> Result<(), Misfit> {
        self.rest_claim_on(&withdrawn.claim, fact);
        let Some(behind) = self.ground.event_behind(&withdrawn.claim) else { return Ok(()) };
        self.ledger.entry(behind).withdrawn = Some(fact.version());
        Ok(())
    }

    /// What is said of a claim is part of what it rests on.
    pub(super) fn rest_claim_on(&mut self, name: &Target, fact: &Fact) {
        let behind = self.ground.event_behind(name);
        let claims = self.claims.values_mut().filter(|claim| Some(claim.made_by) == behind);
        claims.for_each(|claim| claim.basis.extend(&fact.basis));
    }

    pub(super) fn account_added(&mut self, account: &AccountAdded, fact: &Fact, moment: &Moment) -> Result<(), Misfit> {
        let Some(behind) = self.ground.event_behind(&account.of) else { return Ok(()) };
        let vouchers: Vec<_> = self.ground.vouchers(&fact.record.sources).collect();
        let entry = self.ledger.entry(behind);
        let sources = fact.record.sources.iter().map(|citation| citation.source.0).collect();
        let says = account.says.clone();
        entry.accounts.push(FurtherAccount { event: fact.version(), stance: account.stance, sources, says });
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

    pub(super) fn account_of_figures(&mut self, account: &AccountAdded, of: Version, fact: &Fact) {
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

    pub(super) fn followup_set(&mut self, set: &FollowupSet, fact: &Fact) -> Result<(), Misfit> {
        let handle = defined(fact)?;
        let mut followup = FollowUp::set(handle, set);
        followup.basis = self.followups.remove(&handle).map(|old| old.basis).unwrap_or_default();
        followup.basis.extend(&fact.basis);
        self.followups.insert(handle, followup);
        Ok(())
    }

    pub(super) fn followup_done(&mut self, done: &FollowupDone, fact: &Fact) -> Result<(), Misfit> {
        let Some(followup) = self.followups.get_mut(&done.followup.0) else { return Ok(()) };
        followup.finish(fact.version())?;
        followup.basis.extend(&fact.basis);
        Ok(())
    }
}
