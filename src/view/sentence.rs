//! Each event in one sentence, without its date: the recorder's own summary where there is one, else one line a kind.

use crate::domain::event::*;
use crate::domain::history::{Fact, Ground};
use crate::domain::ids::{Handle, Target};
use crate::domain::negotiation::Negotiation;
use crate::domain::record::{Body, Record};
use crate::domain::value::{Actor, Party, Range, Toll};

/// The sentence of a fact.
pub fn of(fact: &Fact, state: &Negotiation) -> String {
    of_record(&fact.record, &state.ground)
}

/// The sentence of any record, also of one that can't be read.
pub fn of_record(record: &Record, ground: &Ground) -> String {
    match (&record.context.summary, &record.body) {
        (Some(summary), Body::Present(_)) => summary.clone(),
        (None, Body::Present(event)) => of_event(event, ground),
        (_, Body::Withheld) => "withheld".into(),
        (_, Body::Erased) => "erased".into(),
        (_, Body::NotUnderstood(why)) => format!("not understood: {why}"),
    }
}

fn of_event(event: &Event, ground: &Ground) -> String {
    let say = Say(ground);
    match event {
        Event::NegotiationOpened(e) => e.title.clone(),
        Event::NegotiationClosed(e) => format!("The negotiation is closed: {}", e.outcome),
        Event::NegotiationReopened(e) => format!("The negotiation is reopened{}", because(&e.why)),
        Event::PartyJoined(e) => format!("{} joins as {}", e.name, listed(e.role.iter().map(ToString::to_string))),
        Event::PartyLeft(e) => format!("{} leaves{}", say.party(&e.party), because(&e.why)),
        Event::OfficeChanged(e) => {
            format!("{} of {}: {}", e.office, say.party(&e.party), e.who.as_deref().unwrap_or("vacant"))
        }
        Event::RoundScheduled(e) => {
            format!("{} is set{}", handle(e.round.handle(), "A round"), say.opt(" at the level of ", &e.level))
        }
        Event::RoundOpened(e) => {
            format!("{} opens{}{}", handle(e.round.handle(), "A round"), called(&e.called), say.mediated(&e.mediators))
        }
        Event::RoundHeld(e) => {
            format!("{} is held{}{}", handle(e.round.handle(), "A round"), called(&e.called), outcome(e.outcome))
        }
        Event::RoundClosed(e) => format!("{} closes{}", e.round.0, outcome(e.outcome)),
        Event::TalksPaused(e) => format!("The talks pause{}{}", say.opt(": ", &e.how), because(&e.reason)),
        Event::TalksResumed(e) => format!("The talks resume{}", say.opt(" with ", &e.round.map(|round| round.0))),
        Event::DemandRaised(e) => format!("{} of {}: {}", say.actors(&e.by), say.parties(&e.of), e.text),
        Event::DemandRevised(e) => format!("{} is worded anew: {}", e.demand.0, e.text),
        Event::DemandAnswered(e) => format!("{} answers {}: {}", say.actor(&e.by), e.demand.0, e.answer),
        Event::DemandMet(e) => format!("{} is {} met", e.demand.0, e.how),
        Event::DemandWithdrawn(e) => format!("{} is withdrawn", e.demand.0),
        Event::OfferMade(e) => format!("{} offers {}: {}", say.actors(&e.by), say.parties(&e.to), e.text),
        Event::OfferAnswered(e) => {
            format!("{} answers {}: {}{}", say.actor(&e.by), e.offer.0, e.answer, say.opt(", on ", &e.part))
        }
        Event::OfferWithdrawn(e) => format!("{} is withdrawn", e.offer.0),
        Event::CeasefireDeclared(e) => {
            format!("{} declares a {}", say.parties(&e.by), e.called.as_deref().unwrap_or("ceasefire"))
        }
        Event::CeasefireAgreed(e) => {
            format!("{} agree on a {}", say.parties(&e.parties), e.called.as_deref().unwrap_or("ceasefire"))
        }
        Event::CeasefireBegan(e) => format!("{} takes effect", e.ceasefire.0),
        Event::CeasefireRenewed(e) => {
            format!(
                "{} is {}{}",
                e.ceasefire.0,
                if e.until.is_some() { "extended" } else { "reaffirmed" },
                say.by(&e.by)
            )
        }
        Event::CeasefireSuspended(e) => format!("{} is suspended{}{}", e.ceasefire.0, say.by(&e.by), because(&e.why)),
        Event::CeasefireResumed(e) => format!("{} holds again{}{}", e.ceasefire.0, say.by(&e.by), because(&e.why)),
        Event::CeasefireEnded(e) => format!("{} ends{}: {}", e.ceasefire.0, say.by(&e.by), e.how),
        Event::ViolationAlleged(e) => say.violation(e),
        Event::AgreementProposed(e) => format!("Proposed: {}", e.title),
        Event::AgreementReached(e) => format!("Agreed: {}", titled(&e.title, e.agreement.handle())),
        Event::AgreementSigned(e) => format!("{} sign: {}", say.actors(&e.by), titled(&e.title, e.agreement.handle())),
        Event::AgreementRatified(e) => format!("{} ratifies {}", say.party(&e.by), e.agreement.0),
        Event::AgreementRejected(e) => {
            format!("{} rejects {}{}", say.party(&e.by), e.agreement.0, say.opt(", by ", &e.how))
        }
        Event::AgreementEnteredIntoForce(e) => format!("{} enters into force", e.agreement.0),
        Event::AgreementExtended(e) => format!("{} is extended", e.agreement.0),
        Event::AgreementSuspended(e) => format!("{} is suspended", e.agreement.0),
        Event::AgreementEnded(e) => format!("{} ends: {}", e.agreement.0, e.how),
        Event::CommitmentMade(e) => format!("{} undertakes: {}", say.parties(&e.by), e.text),
        Event::CommitmentAssessed(e) => {
            format!("{} is assessed{}", e.commitment.0, say.opt(": level ", &e.level.map(|level| level.0)))
        }
        Event::CommitmentWaived(e) => format!("{} waives {}", say.actor(&e.by), e.commitment.0),
        Event::CommitmentRepudiated(e) => format!("{} repudiates {}", say.actor(&e.by), e.commitment.0),
        Event::DeadlineSet(e) => format!("A date is set: {}", e.text),
        Event::MeasureTaken(e) => {
            format!("{}{}", e.text.clone().unwrap_or_else(|| e.r#type.to_string()), say.by(&e.by))
        }
        Event::MeasureLifted(e) => format!("{} is lifted", e.measure.0),
        Event::IncidentReported(e) => say.incident(e),
        Event::StatementMade(e) => format!("{}: {}", say.actor(&e.by), e.text),
        Event::ClaimMade(e) => format!("{} claims: {}", say.actor(&e.by), e.text),
        Event::ClaimDenied(e) => format!("{} denies {}", say.actor(&e.by), e.of),
        Event::ClaimConfirmed(e) => format!("{} confirms {}", say.actor(&e.by), e.of),
        Event::ClaimWithdrawn(e) => format!("{} is taken back", e.claim),
        Event::SourceRegistered(e) => {
            format!("{}: {}", handle(e.source.handle(), "A source"), e.title.as_deref().unwrap_or("untitled"))
        }
        Event::AccountAdded(e) => format!("A further account {} {}{}", e.stance, e.of, said(e)),
        Event::EventCorrected(e) => format!("{} is corrected: {}", e.target, e.reason),
        Event::EventRetracted(e) => format!("{} is retracted: {}", e.target, e.reason),
        Event::EventReinstated(e) => format!("{} is reinstated: {}", e.target, e.reason),
        Event::NoteAdded(e) => format!("Note{}: {}", say.opt(" on ", &e.on), e.text),
        Event::FollowupSet(e) => format!("To look at again: {}", e.text),
        Event::FollowupDone(e) => format!("{} is done", e.followup.0),
        Event::CheckWaived(e) => format!("The check {} is waived for {}: {}", e.check, e.target, e.reason),
        Event::RecordErased(e) => {
            format!("{} is erased ({}): {}", e.target, listed(e.parts.iter().map(ToString::to_string)), e.reason)
        }
    }
}

/// Names as a reader writes them.
struct Say<'a>(&'a Ground);

impl Say<'_> {
    fn party(&self, party: &Party) -> String {
        self.0.party_name(party).to_string()
    }

    fn parties(&self, parties: &[Party]) -> String {
        listed(parties.iter().map(|party| self.party(party)))
    }

    fn actor(&self, actor: &Actor) -> String {
        match &actor.who {
            Some(who) => format!("{who} ({})", self.party(&actor.party)),
            None => self.party(&actor.party),
        }
    }

    fn actors(&self, actors: &[Actor]) -> String {
        listed(actors.iter().map(|actor| self.actor(actor)))
    }

    fn by(&self, parties: &[Party]) -> String {
        if parties.is_empty() { String::new() } else { format!(", by {}", self.parties(parties)) }
    }

    fn mediated(&self, mediators: &[Party]) -> String {
        if mediators.is_empty() { String::new() } else { format!(", mediated by {}", self.parties(mediators)) }
    }

    fn opt<T: ToString>(&self, lead: &str, value: &Option<T>) -> String {
        value.as_ref().map(|value| format!("{lead}{}", value.to_string())).unwrap_or_default()
    }

    fn violation(&self, e: &ViolationAlleged) -> String {
        let who = e.alleged_by.as_ref().map(|actor| self.actor(actor));
        let who = who.or_else(|| e.found_by.as_ref().map(|finder| self.party(finder)));
        let by = if e.by.is_empty() { String::new() } else { format!(" by {}", self.actors(&e.by)) };
        format!("{}: a violation of {}{by}", who.unwrap_or_else(|| "Alleged".into()), e.of)
    }

    fn incident(&self, e: &IncidentReported) -> String {
        let people =
            if e.people.is_empty() { String::new() } else { format!(": {}", listed(e.people.iter().cloned())) };
        let against =
            if e.against.is_empty() { String::new() } else { format!(" against {}", self.parties(&e.against)) };
        let by = if e.by.is_empty() { String::new() } else { format!(" by {}", self.actors(&e.by)) };
        let category = e.category.as_str().replace('-', " ");
        let mut chars = category.chars();
        let capital: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        format!("{capital}{}{by}{against}{people}", chars.as_str())
    }
}

/// "a, b and c".
fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => "nobody named".into(),
    }
}

fn because(why: &Option<String>) -> String {
    why.as_ref().map(|why| format!(": {why}")).unwrap_or_default()
}

fn called(called: &Option<String>) -> String {
    called.as_ref().map(|called| format!(" (\"{called}\")")).unwrap_or_default()
}

fn outcome(outcome: Option<Outcome>) -> String {
    outcome.map_or(", outcome not stated".into(), |outcome| format!(": {outcome}"))
}

fn handle(handle: Option<Handle>, otherwise: &str) -> String {
    handle.map_or(otherwise.into(), |handle| handle.to_string())
}

fn titled(title: &Option<String>, handle: Option<Handle>) -> String {
    title.clone().or_else(|| handle.map(|handle| handle.to_string())).unwrap_or_else(|| "an agreement".into())
}

/// What a name stands for, in a few words: the text of a demand, the title of an agreement, the sentence of an event.
pub fn of_target(name: &Target, asked: &super::line::Asked<'_>) -> String {
    let state = asked.all;
    match name {
        Target::Elsewhere(name) => format!("{name}, in another log"),
        Target::Event(version) => asked.history.fact(*version).map(|fact| of(fact, state)).unwrap_or_default(),
        Target::Handle(handle) => of_handle(*handle, state).unwrap_or_default(),
    }
}

fn of_handle(handle: Handle, state: &Negotiation) -> Option<String> {
    use crate::domain::ids::Letter::*;
    match handle.letter {
        R => state.talks.rounds.get(&handle).map(|round| round.called.last().cloned().unwrap_or_default()),
        D => state.demands.get(&handle).map(|demand| demand.text().to_string()),
        O => state.offers.get(&handle).map(|offer| offer.text().to_string()),
        C => state.ceasefires.get(&handle).map(|c| {
            let say = Say(&state.ground);
            format!("{}: {}", c.called.last().map_or("ceasefire", String::as_str), say.parties(&c.parties()))
        }),
        A => state.agreements.get(&handle).map(|agreement| agreement.title.clone().unwrap_or_default()),
        K => state.commitments.get(&handle).map(|commitment| commitment.text().to_string()),
        T => state.deadlines.get(&handle).map(|deadline| deadline.text.clone()),
        M => state.measures.get(&handle).map(|m| m.text.clone().unwrap_or_else(|| m.kind.to_string())),
        Q => state.claims.get(&handle).map(|claim| claim.text().to_string()),
        S => state.ground.sources.get(&handle).map(|source| source.entry.title.clone().unwrap_or_default()),
        F => state.followups.get(&handle).map(|followup| followup.text.clone()),
    }
}

/// A source's own values, where it has any.
fn said(account: &AccountAdded) -> String {
    let Some(says) = &account.says else { return String::new() };
    let range = |range: &Option<Range>, word: &str| range.map(|range| format!("{range} {word}"));
    let toll = |toll: &Toll| {
        let counts = [range(&toll.killed, "killed"), range(&toll.injured, "injured"), toll.as_said.clone()];
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let values = [
        says.occurred.as_ref().map(|when| when.text().to_string()),
        says.place.as_ref().map(|place| place.name.clone()),
        says.called.clone(),
        says.text.clone(),
    ];
    let values: Vec<String> = values.into_iter().flatten().chain(says.tolls.iter().map(toll)).collect();
    if values.is_empty() { String::new() } else { format!(": {}", values.join("; ")) }
}
