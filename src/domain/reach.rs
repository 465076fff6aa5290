//! Which pieces of the state a fact can change, or reads to decide what it changes.
//!
//! Most arms change the life that the fact defines or joins, the lives and events it names, and what is said of the fact itself. Some
//! go further, by what other facts of the history say:
//!
//! - an agreement settles demands, supersedes the text it revises and ends a pause, also by an event that does not repeat what it
//!   settles or revises; and what was superseded or ended does none of that any more;
//! - a claim is rivalled by a claim that names it, and both dispute the events that made them;
//! - what denies, confirms or tells of a life is said of the event that creates it, and what is said of a claim's event of the claim;
//! - a closed negotiation takes no rounds, pauses, demands and offers;
//! - a source tells who vouches for what cites it, and a declaration whether a party is a monitor who may find a violation.
//!
//! Anomalies are no piece of a life: an alleged violation fits or not by the terms of its ceasefire, which may hang on any life, and
//! stays with the ceasefire in either case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::event::{Event, Stance};
use super::history::{Fact, Ground, History};
use super::ids::{Handle, Letter, Target, Version};
use super::lives::TALKS;
use super::source::Citation;
use super::value::Party;

/// A round; all of them are one piece.
const A_ROUND: Target = Target::Handle(Handle { letter: Letter::R, number: 1 });

/// What the facts of a history say of each other.
#[derive(Clone, Debug)]
pub struct Reach<'a> {
    facts: &'a [Fact],
    ground: &'a Ground,
    /// What each agreement settles and revises, by any of its events.
    agreed: BTreeMap<Handle, BTreeSet<Handle>>,
    /// The claims that each claim contradicts, both ways.
    rivals: BTreeMap<Handle, BTreeSet<Handle>>,
    /// The events that make each claim.
    claims: BTreeMap<Handle, Vec<Version>>,
    /// The claim that an event makes.
    made: BTreeMap<Version, Handle>,
    /// The events for which each source vouches.
    cited: BTreeMap<Handle, BTreeSet<Version>>,
    /// What each party is said to have found broken.
    found: BTreeMap<Party, BTreeSet<Handle>>,
}

impl<'a> Reach<'a> {
    /// Of a history.
    pub fn new(history: &'a History) -> Reach<'a> {
        let mut reach = Reach {
            facts: &history.facts,
            ground: &history.ground,
            agreed: BTreeMap::new(),
            rivals: BTreeMap::new(),
            claims: BTreeMap::new(),
            made: BTreeMap::new(),
            cited: BTreeMap::new(),
            found: BTreeMap::new(),
        };
        history.facts.iter().for_each(|fact| reach.see(fact));
        reach
    }

    fn see(&mut self, fact: &Fact) {
        match (fact.event(), fact.defines) {
            (Some(Event::AgreementProposed(a)), Some(agreement)) => {
                self.agreed.entry(agreement).or_default().extend(a.revises.map(|old| old.0));
            }
            (Some(Event::AgreementReached(a)), Some(agreement)) => {
                let settled = a.settles.iter().map(|demand| demand.0);
                self.agreed.entry(agreement).or_default().extend(settled.chain(a.revises.map(|old| old.0)));
            }
            (Some(Event::AgreementSigned(a)), Some(agreement)) => {
                let settled = a.settles.iter().map(|demand| demand.0);
                self.agreed.entry(agreement).or_default().extend(settled.chain(a.revises.map(|old| old.0)));
            }
            (Some(Event::ClaimMade(made)), Some(claim)) => {
                self.claims.entry(claim).or_default().push(fact.version());
                self.made.insert(fact.version(), claim);
                if let Some(rival) = made.rival_of {
                    self.rivals.entry(claim).or_default().insert(rival.0);
                    self.rivals.entry(rival.0).or_default().insert(claim);
                }
            }
            (Some(Event::ViolationAlleged(alleged)), _) => {
                if let (Some(finder), Target::Handle(handle)) = (&alleged.found_by, &alleged.of) {
                    self.found.entry(finder.clone()).or_default().insert(*handle);
                }
            }
            _ => {}
        }
        self.cite(fact);
    }

    /// The sources of a fact vouch for it; those of an account that confirms, for what it is an account of too.
    fn cite(&mut self, fact: &Fact) {
        let confirmed = match fact.event() {
            Some(Event::AccountAdded(a)) if a.stance == Stance::Confirms => self.ground.event_behind(&a.of),
            _ => None,
        };
        for source in fact.record.sources.iter().flat_map(sources_of) {
            self.cited.entry(source).or_default().extend(confirmed.into_iter().chain([fact.version()]));
        }
    }

    /// The names of the pieces, besides `rest`, that a fact of the history can change or reads.
    pub fn touches(&self, fact: &Fact) -> BTreeSet<String> {
        self.named(fact).chain(self.beyond(fact)).filter_map(|name| piece_of(&name)).collect()
    }

    /// Itself, what it defines or joins, and what it names; without a name, a pause is one of the talks.
    fn named(&self, fact: &Fact) -> impl Iterator<Item = Target> {
        let of_talks = matches!(fact.event(), Some(Event::TalksPaused(_) | Event::TalksResumed(_)));
        let itself = [Target::Event(fact.version())].into_iter().chain(fact.defines.map(Target::Handle));
        itself.chain(fact.names.clone()).chain(of_talks.then_some(A_ROUND))
    }

    /// What it reaches without naming it.
    fn beyond(&self, fact: &Fact) -> Vec<Target> {
        match fact.event() {
            Some(Event::AgreementProposed(_) | Event::AgreementReached(_) | Event::AgreementSigned(_)) => {
                fact.defines.map(|agreement| self.what_follows(agreement)).unwrap_or_default()
            }
            Some(Event::AgreementEnded(ended)) => self.what_follows(ended.agreement.0),
            Some(Event::ClaimMade(_)) => fact.defines.map(|claim| self.rivalry(claim)).unwrap_or_default(),
            Some(Event::ClaimDenied(answer) | Event::ClaimConfirmed(answer)) => self.behind(&answer.of),
            Some(Event::ClaimWithdrawn(withdrawn)) => self.behind(&withdrawn.claim),
            Some(Event::AccountAdded(account)) => self.behind(&account.of),
            Some(Event::NegotiationClosed(_) | Event::NegotiationReopened(_)) => self.at_the_table_after(fact),
            Some(Event::SourceRegistered(_)) => {
                let events = fact.defines.and_then(|source| self.cited.get(&source)).into_iter().flatten();
                events.map(|event| Target::Event(*event)).collect()
            }
            Some(Event::NegotiationOpened(_) | Event::PartyJoined(_)) => {
                let found = fact.parties.iter().filter_map(|party| self.found.get(party)).flatten();
                // Whose agreement takes the talks up again hangs on who is a party to them.
                found.map(|handle| Target::Handle(*handle)).chain([A_ROUND]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The talks, which an agreement takes up again, and all that it settles and revises, also by way of what it revises.
    fn what_follows(&self, agreement: Handle) -> Vec<Target> {
        let mut follows = BTreeSet::new();
        let mut ahead = vec![agreement];
        while let Some(next) = ahead.pop() {
            ahead.extend(self.agreed.get(&next).into_iter().flatten().filter(|life| follows.insert(**life)));
        }
        follows.into_iter().map(Target::Handle).chain([A_ROUND]).collect()
    }

    /// The claims that a claim contradicts, and the events that made them and it.
    fn rivalry(&self, claim: Handle) -> Vec<Target> {
        let Some(rivals) = self.rivals.get(&claim) else { return Vec::new() };
        let claims = rivals.iter().copied().chain([claim]);
        let with_events = claims.flat_map(|claim| {
            let events = self.claims.get(&claim).into_iter().flatten().map(|event| Target::Event(*event));
            events.chain([Target::Handle(claim)])
        });
        with_events.collect()
    }

    /// The event behind a name, and the claim that it makes.
    fn behind(&self, name: &Target) -> Vec<Target> {
        let event = self.ground.event_behind(name);
        let claim = event.and_then(|event| self.made.get(&event)).map(|claim| Target::Handle(*claim));
        event.map(Target::Event).into_iter().chain(claim).collect()
    }

    /// What the facts change that a closed negotiation does not take, where they come after this one.
    fn at_the_table_after(&self, fact: &Fact) -> Vec<Target> {
        let follows = |other: &&Fact| (other.key, other.tie) > (fact.key, fact.tie);
        let waits = |other: &&Fact| other.event().is_some_and(Event::is_at_the_table);
        self.facts.iter().filter(follows).filter(waits).flat_map(|other| self.named(other)).collect()
    }
}

/// The name of the piece that holds what a name stands for; sources are in the registry, and other logs elsewhere.
fn piece_of(name: &Target) -> Option<String> {
    match name {
        Target::Handle(Handle { letter: Letter::R, .. }) => Some(TALKS.to_owned()),
        Target::Handle(Handle { letter: Letter::S, .. }) | Target::Elsewhere(_) => None,
        Target::Handle(handle) => Some(handle.to_string()),
        Target::Event(event) => Some(event.to_string()),
    }
}

/// The source of a citation, and the registered one that it relays.
pub(super) fn sources_of(citation: &Citation) -> impl Iterator<Item = Handle> {
    let relayed = citation.relays.as_ref().and_then(|name| name.parse().ok());
    [citation.source.0].into_iter().chain(relayed)
}

/// The names of the pieces, besides `rest`, in which the states of two histories of one negotiation can differ: those that a fact
/// touches which only one of them has, or which is not the same fact, at the same place and with the same reach, in both.
pub fn changed(before: &History, after: &History) -> BTreeSet<String> {
    let (was, is) = (Reach::new(before), Reach::new(after));
    let mut names = BTreeSet::new();
    for fact in &before.facts {
        let touched = was.touches(fact);
        match after.fact(fact.version()) {
            None => names.extend(touched),
            Some(now) => {
                let touches = is.touches(now);
                if touches != touched || !is_same(fact, now) {
                    names.extend(touched);
                    names.extend(touches);
                }
            }
        }
    }
    let added = after.facts.iter().filter(|fact| before.fact(fact.version()).is_none());
    names.extend(added.flat_map(|fact| is.touches(fact)));
    names
}

fn is_same(one: &Fact, other: &Fact) -> bool {
    let place = |fact: &Fact| (fact.key, fact.tie, fact.begin, fact.end);
    let same_record = Arc::ptr_eq(&one.record, &other.record) || one.record == other.record;
    place(one) == place(other) && one.basis == other.basis && same_record
}
