//! What of a log has to be read for facts that are added to it: the lives that they reach, those that hang together with them, and what
//! the checks lay beside them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::excerpt::{Excerpt, Way};
use super::ordinary::followed;
use crate::domain::event::Event;
use crate::domain::history::{Fact, History, Unheld};
use crate::domain::ids::{Handle, Letter, Target, Version};
use crate::domain::lives::{Piece, TALKS};
use crate::domain::reach::Reach;

/// The names of the lives that the facts reach, with the facts behind the names they use.
pub(super) fn reached(excerpt: &mut Excerpt<'_>, facts: &[Fact]) -> Way<BTreeSet<String>> {
    let own: BTreeSet<Version> = facts.iter().map(Fact::version).collect();
    let mut asked = BTreeSet::new();
    loop {
        let held = excerpt.facts.values().chain(facts).cloned().collect();
        let ground = Arc::new(followed(&excerpt.ground, facts));
        let history = History::partial(held, ground, Vec::new(), None, Unheld::default());
        let reach = Reach::new(&history);
        let mut names: BTreeSet<String> = facts.iter().flat_map(|fact| reach.touches(fact)).collect();
        names.iter().try_for_each(|name| excerpt.ask_by_name(name))?;
        // A claim is disputed by the event that made it first.
        let claims = names.iter().filter_map(|name| match &excerpt.known.get(name)?.1 {
            Some(Piece::Claim(claim)) => Some(claim.made_by.to_string()),
            _ => None,
        });
        names.extend(claims.collect::<Vec<_>>());
        let events = names.iter().filter_map(|name| name.parse().ok()).filter(|event| !own.contains(event));
        let new: Vec<Version> = events.filter(|event| asked.insert(*event)).collect();
        if new.is_empty() {
            return Ok(names);
        }
        new.into_iter().try_for_each(|event| excerpt.ask_fact(event))?;
    }
}

/// Whether the facts reach a life whose line reads other lives, or that the lines of others read. Then all lives are read.
pub(super) fn is_entangled(excerpt: &mut Excerpt<'_>, facts: &[Fact], reached: &BTreeSet<String>) -> Way<bool> {
    let own: BTreeSet<String> = facts.iter().map(|fact| fact.version().to_string()).collect();
    let (ceasefires, agreements) = (excerpt.ever_was(&[Letter::C]), excerpt.ever_was(&[Letter::A]));
    let lapses = |event: &Event| matches!(event, Event::NegotiationClosed(_) | Event::NegotiationReopened(_));
    let strains = |event: &Event| ceasefires && matches!(event, Event::IncidentReported(_));
    let is_entangling = |fact: &Fact| !fact.awaits.is_empty() || fact.event().is_some_and(|e| lapses(e) || strains(e));
    if facts.iter().any(is_entangling) || reached.contains(TALKS) {
        return Ok(true);
    }
    for name in reached {
        let entangled = match name.parse() {
            Ok(Target::Handle(handle)) => is_entangled_life(excerpt, handle)?,
            // How an event stands says whether a violation is alleged still, and how well a truce is vouched for.
            _ if own.contains(name) => excerpt.known.get(name).is_some_and(|(known, _)| known.awaited),
            _ => ceasefires || agreements,
        };
        if entangled {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_entangled_life(excerpt: &mut Excerpt<'_>, handle: Handle) -> Way<bool> {
    let target = Target::Handle(handle);
    excerpt.ask(&target)?;
    let (name, piece) = excerpt.row(&target);
    let settled = matches!(piece, Some(Piece::Demand(demand)) if !demand.settled_by.is_empty());
    let waits = name.awaited || name.awaits || settled;
    let Some(creator) = name.creator.map(Target::Event) else {
        return Ok(waits || matches!(handle.letter, Letter::C | Letter::A | Letter::R));
    };
    // A term may wait for a life by the event that creates it.
    excerpt.ask(&creator)?;
    let awaited = excerpt.row(&creator).0.awaited;
    Ok(waits || awaited || matches!(handle.letter, Letter::C | Letter::A | Letter::R))
}

/// Reads what the checks lay beside the facts.
pub(super) fn ask_for_checks(excerpt: &mut Excerpt<'_>, facts: &[Fact], is_entangled: bool) -> Way<()> {
    excerpt.ask_last(2)?;
    for fact in facts.iter().filter(|fact| matches!(fact.event(), Some(Event::IncidentReported(_)))) {
        excerpt.ask_incidents_between(fact.begin.start, fact.begin.last())?;
    }
    if is_entangled {
        excerpt.ask_what_lives_rest_on()?;
    }
    excerpt.ask_waivers()
}
