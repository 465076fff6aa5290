//! Ceasefires: the nominal line, per party and overall, and the observed line beside it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, Awaited, InstantView, Line, days_between, word};
use crate::domain::ceasefire::{
    Ceasefire, Gap, Nominal, Observed, Standing, Violation, is_acknowledged, is_established, stands_alleged,
};
use crate::domain::event::{CeasefireClass, CeasefireEnd, Purpose};
use crate::domain::ids::{Handle, Version};
use crate::domain::term::Term;
use crate::domain::value::{Actor, Party, Range};
use crate::domain::when::{Instant, When};

/// A ceasefire.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CeasefireView {
    /// Its handle.
    pub handle: Handle,
    /// The parties' own word for it, as last used.
    pub called: Option<String>,
    /// Whether it was agreed, or declared by one side.
    pub agreed: bool,
    /// Its class.
    pub class: Option<CeasefireClass>,
    /// Its purpose.
    pub purpose: Option<Purpose>,
    /// Where or against whom it holds.
    pub coverage: Option<String>,
    /// On what condition, as last given.
    pub condition: Option<String>,
    /// The parties it binds.
    #[schemars(with = "Vec<String>")]
    pub parties: Vec<Party>,
    /// What it is by its terms: of an agreed one the least bound party, of a declared one the most bound.
    pub state: Nominal,
    /// The same for each party.
    #[schemars(with = "BTreeMap<String, Nominal>")]
    pub by_party: BTreeMap<Party, Nominal>,
    /// From when and until when it binds each party.
    #[schemars(with = "BTreeMap<String, PartyTerms>")]
    pub terms_by_party: BTreeMap<Party, PartyTerms>,
    /// From when it was in force.
    pub since: Option<InstantView>,
    /// Until when it is to hold.
    pub until: Option<InstantView>,
    /// What its end hangs on, while that has not come.
    pub until_awaits: Option<Awaited>,
    /// Which day it is in, the first counted as 1; null unless it is in force, and where the first day is in doubt.
    pub day: Option<i64>,
    /// How it ended.
    pub how: Option<CeasefireEnd>,
    /// Times in which it did not hold, between an expiry and a late extension.
    pub gaps: Vec<GapView>,
    /// The ceasefire that replaces it.
    pub superseded_by: Option<Handle>,
    /// The agreement it is part of.
    pub r#in: Option<Handle>,
    /// When it was last heard of.
    pub last_heard: Option<InstantView>,
    /// What is said of it.
    pub observed: Observed,
    /// Incidents since it was last confirmed that strain it.
    #[schemars(with = "Vec<String>")]
    pub incidents_since: Vec<Version>,
    /// How many violations were alleged, denied, acknowledged, found.
    pub violations: ViolationCounts,
    /// Each of them.
    pub alleged: Vec<ViolationView>,
}

/// What one party bound itself to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PartyTerms {
    /// From when.
    pub since: Option<InstantView>,
    /// Until when.
    pub until: Option<InstantView>,
}

/// A time in which it did not hold.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GapView {
    /// From its running out.
    pub from: InstantView,
    /// To its holding again.
    pub to: InstantView,
}

/// Counts of allegations, each an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ViolationCounts {
    /// Alleged and not taken back.
    pub alleged: usize,
    /// Of these, denied by a party.
    pub denied: usize,
    /// Of these, acknowledged by the accused.
    pub acknowledged: usize,
    /// Of these, found by a declared monitor.
    pub found: usize,
}

/// An alleged violation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ViolationView {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// By whom it is said to have been done.
    pub by: Vec<Actor>,
    /// Who alleges it; null: the source itself.
    pub alleged_by: Option<Actor>,
    /// The monitor that found it.
    #[schemars(with = "Option<String>")]
    pub found_by: Option<Party>,
    /// The party outside the agreement that it is said to have run through.
    #[schemars(with = "Option<String>")]
    pub through: Option<Party>,
    /// How many.
    pub count: Option<Range>,
    /// The incident.
    #[schemars(with = "Option<String>")]
    pub incident: Option<Version>,
    /// When.
    pub when: Option<InstantView>,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// Whether the accused acknowledges it, or a monitor found it.
    pub established: bool,
    /// Who denies it.
    #[schemars(with = "Vec<String>")]
    pub denied_by: Vec<Party>,
}

/// The ceasefires, by handle.
pub fn ceasefires(asked: &Asked<'_>) -> Vec<Line<CeasefireView>> {
    let line = |ceasefire: &Ceasefire| {
        let item = ceasefire_view(asked, ceasefire);
        let certain =
            asked.certain.ceasefires.get(&ceasefire.handle).map(|c| word(c.standing(&asked.certainly()).state));
        let mut basis = ceasefire.basis.clone();
        // A verdict on an allegation is part of what the observed line rests on.
        let voices = ceasefire.violations.iter().filter_map(|v| asked.all.ledger.get(v.moment.version));
        basis.extend(voices.flat_map(|entry| entry.voices()));
        basis.extend(&item.incidents_since);
        let headline = (word(item.state), certain);
        asked.life(ceasefire.handle, item, &basis, headline)
    };
    asked.all.ceasefires.values().map(line).collect()
}

fn ceasefire_view(asked: &Asked<'_>, ceasefire: &Ceasefire) -> CeasefireView {
    let now = asked.now();
    let standing = ceasefire.standing(&now);
    let parties = ceasefire.parties();
    let each = || parties.iter().map(|party| (party.clone(), ceasefire.standing_of(party, &now)));
    CeasefireView {
        handle: ceasefire.handle,
        called: ceasefire.called.last().cloned(),
        agreed: ceasefire.is_agreed,
        class: ceasefire.class,
        purpose: ceasefire.purpose,
        coverage: ceasefire.coverage.clone(),
        condition: ceasefire.conditions.last().cloned(),
        parties: parties.clone(),
        state: standing.state,
        by_party: each().map(|(party, standing)| (party, standing.state)).collect(),
        terms_by_party: each().map(|(party, standing)| (party, party_terms(asked, ceasefire, &standing))).collect(),
        since: since(asked, ceasefire, &standing),
        until: until(asked, ceasefire, &standing),
        until_awaits: until_awaits(asked, ceasefire, &standing),
        day: day(asked, ceasefire, &standing),
        how: standing.how,
        gaps: standing.gaps.iter().map(|gap| gap_view(asked, gap)).collect(),
        superseded_by: ceasefire.superseded_by.as_ref().map(|(by, _)| *by),
        r#in: ceasefire.within,
        last_heard: ceasefire.last_heard.as_ref().and_then(|moment| asked.when(moment)),
        observed: ceasefire.observed(&now),
        incidents_since: ceasefire.incidents_since_confirmed(&now).iter().map(|i| i.moment.version).collect(),
        violations: counts(asked, ceasefire),
        alleged: ceasefire.violations.iter().map(|violation| violation_view(asked, violation)).collect(),
    }
}

fn holds(state: Nominal) -> bool {
    matches!(state, Nominal::InForce | Nominal::PossiblyExpired)
}

/// From when it was in force, as the agreement gives it or as the date of the event has it.
fn since_as_written<'a>(asked: &Asked<'_>, ceasefire: &'a Ceasefire, at: Instant) -> Option<&'a When> {
    let given = ceasefire.starts_given().filter(|term| asked.now().start(term) == Some(at)).find_map(Term::as_written);
    let moment = || ceasefire.confirmed.iter().find(|moment| moment.key == at).and_then(|moment| moment.when.as_ref());
    given.or_else(moment)
}

fn since(asked: &Asked<'_>, ceasefire: &Ceasefire, standing: &Standing) -> Option<InstantView> {
    let (at, zone) = (standing.since?, asked.zone());
    let written = since_as_written(asked, ceasefire, at);
    Some(written.map_or_else(|| InstantView::at(at, zone), |when| InstantView::of(when, zone)))
}

/// A day is counted only from a first day that is not in doubt.
fn day(asked: &Asked<'_>, ceasefire: &Ceasefire, standing: &Standing) -> Option<i64> {
    let at = standing.since.filter(|_| holds(standing.state))?;
    let first = since_as_written(asked, ceasefire, at).map_or(Some(at), |when| asked.first_day(when))?;
    Some(days_between(first, asked.at, asked.zone()) + 1)
}

fn until_awaits(asked: &Asked<'_>, ceasefire: &Ceasefire, standing: &Standing) -> Option<Awaited> {
    let last = ceasefire.ends_given().last().filter(|_| standing.until.is_none())?;
    asked.awaited(last)
}

fn gap_view(asked: &Asked<'_>, gap: &Gap) -> GapView {
    let zone = asked.zone();
    let to = gap.to_as_written.as_ref().map_or_else(|| InstantView::at(gap.to, zone), |w| InstantView::of(w, zone));
    GapView { from: InstantView::at(gap.from, zone), to }
}

fn until(asked: &Asked<'_>, ceasefire: &Ceasefire, standing: &Standing) -> Option<InstantView> {
    let due = standing.until?;
    let written = ceasefire.ends_given().filter(|term| asked.now().due(term) == Some(due)).last();
    written.and_then(|term| asked.due(term)).or_else(|| Some(asked.due_view(due)))
}

fn party_terms(asked: &Asked<'_>, ceasefire: &Ceasefire, standing: &Standing) -> PartyTerms {
    PartyTerms { since: since(asked, ceasefire, standing), until: standing.until.map(|due| asked.due_view(due)) }
}

fn counts(asked: &Asked<'_>, ceasefire: &Ceasefire) -> ViolationCounts {
    let now = asked.now();
    let standing: Vec<&Violation> = ceasefire.violations.iter().filter(|v| stands_alleged(v, &now)).collect();
    let count = |is: &dyn Fn(&Violation) -> bool| standing.iter().filter(|v| is(v)).count();
    ViolationCounts {
        alleged: standing.len(),
        denied: count(&|v| !asked.all.ledger.disputed_by(&[v.moment.version]).is_empty()),
        acknowledged: count(&|v| is_acknowledged(v, &now)),
        found: count(&|v| v.found_by.is_some()),
    }
}

pub(super) fn violation_view(asked: &Asked<'_>, violation: &Violation) -> ViolationView {
    let Violation { by, alleged_by, found_by, through, count, incident, moment } = violation.clone();
    ViolationView {
        event: moment.version,
        by,
        alleged_by,
        found_by,
        through,
        count,
        incident,
        when: asked.when(&moment),
        withdrawn: !stands_alleged(violation, &asked.now()),
        established: is_established(violation, &asked.now()),
        denied_by: asked.all.ledger.disputed_by(&[moment.version]),
    }
}
