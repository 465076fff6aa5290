//! Readings: the same log, by one party's account, or by what is corroborated only.
//!
//! A reading leaves facts out before the fold. By one party's account, what others alone assert falls out; corroborated, what rests
//! on one source alone falls out. What refers to something that fell out falls with it, and all of it is counted.

use std::collections::BTreeSet;

use super::event::Event;
use super::history::{Fact, History};
use super::ids::{Target, Version};
use super::ledger::Standing;
use super::negotiation::Negotiation;
use super::record::Context;
use super::value::{Actor, Party};

/// Whose account of things is folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Everybody's, side by side.
    #[default]
    Everyone,
    /// One party's.
    AccountsOf(Party),
    /// Only what independent sources, or the other side, support.
    Corroborated,
}

/// On whose word an event rests; nobody's where the source itself tells it.
pub fn asserted_by(event: &Event, context: &Context) -> Vec<Actor> {
    let mut actors = context.according_to.to_vec();
    match event {
        Event::ClaimMade(claim) => actors.push(claim.by.clone()),
        Event::ClaimDenied(answer) | Event::ClaimConfirmed(answer) => actors.push(answer.by.clone()),
        Event::ViolationAlleged(alleged) => actors.extend(alleged.alleged_by.clone()),
        _ => {}
    }
    actors
}

/// The facts that a reading leaves out, given the state that everybody's account folds to.
pub fn left_out(history: &History, reading: &Reading, everyone: &Negotiation) -> BTreeSet<Version> {
    let falls: Box<dyn Fn(&Fact) -> bool> = match reading {
        Reading::Everyone => return BTreeSet::new(),
        Reading::AccountsOf(party) => Box::new(|fact| is_others_word(fact, party, everyone)),
        Reading::Corroborated => Box::new(|fact| is_thin(fact, everyone)),
    };
    let mut out = BTreeSet::new();
    // In world order what is named comes first, so one pass carries a fall to everything that refers to it.
    for fact in &history.facts {
        let kept_apart = matches!(fact.event(), Some(Event::NegotiationOpened(_) | Event::SourceRegistered(_)));
        if !kept_apart && (falls(fact) || refers_to(fact, &out, history)) {
            out.insert(fact.version());
        }
    }
    out
}

fn is_others_word(fact: &Fact, party: &Party, everyone: &Negotiation) -> bool {
    let Some(entry) = everyone.ledger.get(fact.version()) else { return false };
    let confirmed = entry.confirmed_by.iter().any(|(by, _)| by == party);
    !entry.asserted_by.is_empty() && !entry.is_asserted_by(party) && !confirmed
}

fn is_thin(fact: &Fact, everyone: &Negotiation) -> bool {
    let record_keeping = fact.event().is_some_and(Event::is_record_keeping);
    let standing = everyone.standing(fact.version());
    !record_keeping && !matches!(standing, Standing::Corroborated | Standing::Confirmed)
}

/// A claim that contradicts another is a version of its own: it stands without the one it contradicts.
fn refers_to(fact: &Fact, out: &BTreeSet<Version>, history: &History) -> bool {
    let rival = match fact.event() {
        Some(Event::ClaimMade(claim)) => claim.rival_of.as_ref().map(|rival| Target::Handle(rival.0)),
        _ => None,
    };
    let depends_on = fact.depends_on().filter(|name| rival.as_ref() != Some(name));
    depends_on.filter_map(|name| history.ground.event_behind(&name)).any(|version| out.contains(&version))
}
