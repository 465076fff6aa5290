//! What comes due: expiries, rounds set, commitments, deadlines, follow-ups; the overdue first.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::demands::DemandView;
use super::line::{Asked, InstantView, Line};
use crate::domain::ceasefire::Nominal;
use crate::domain::commitment::{CommitmentState, DeadlineState};
use crate::domain::ids::{Handle, Version};
use crate::domain::measure::MeasureState;
use crate::domain::now::Now;
use crate::domain::term::{Passed, Term};
use crate::domain::value::codes;
use crate::domain::when::Instant;

codes! {
    /// What coming due means.
    pub enum DueWhat {
        /// It runs out by itself.
        Expiry = "expiry",
        /// A round is set.
        Round = "round",
        /// A commitment is owed.
        Commitment = "commitment",
        /// A date nobody need owe.
        Deadline = "deadline",
        /// A pause was to end.
        PauseEnds = "pause-ends",
        /// The desk wants to look again.
        FollowUp = "follow-up",
    }
}

/// Something that comes due.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DueView {
    /// What it is.
    pub what: DueWhat,
    /// The life it belongs to.
    pub handle: Option<Handle>,
    /// In words.
    pub text: String,
    /// When.
    pub due: InstantView,
    /// Whether its date has passed and it still waits.
    pub overdue: bool,
    /// In how many days, by the calendar of the log's zone; negative once passed.
    pub in_days: i64,
}

/// What waits for a date, and what waits for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DueList {
    /// What comes due, the overdue first.
    pub due: Vec<Line<DueView>>,
    /// Demands on which it is somebody's move, by the record; the oldest first.
    pub awaited: Vec<Line<DemandView>>,
}

/// A candidate, before it is known whether its term is fixed.
struct Waiting<'a> {
    what: DueWhat,
    handle: Option<Handle>,
    text: String,
    term: &'a Term,
    basis: Vec<Version>,
}

/// What waits for a date, and what waits for somebody.
pub fn due_list(asked: &Asked<'_>) -> DueList {
    let is_awaited = |line: &Line<DemandView>| line.item.open && !line.item.r#move.is_empty();
    let mut awaited: Vec<Line<DemandView>> = super::demands(asked).into_iter().filter(is_awaited).collect();
    awaited.sort_by_key(|line| (std::cmp::Reverse(line.item.age_days), line.item.handle));
    DueList { due: due(asked), awaited }
}

/// What waits, the overdue first, then by date.
pub fn due(asked: &Asked<'_>) -> Vec<Line<DueView>> {
    let now = asked.now();
    let mut all = Vec::new();
    for waiting in waiting(&now) {
        let Some(due) = now.due(waiting.term) else { continue };
        let overdue = due.passed(asked.at) == Passed::Yes;
        // What runs out by itself and has, is over and not overdue.
        if overdue && waiting.what == DueWhat::Expiry {
            continue;
        }
        let last = Instant(due.to.0.saturating_sub(1));
        let in_days = super::line::days_between(asked.at, last, asked.zone());
        let view = asked.due(waiting.term).unwrap_or_else(|| asked.due_view(due));
        let item =
            DueView { what: waiting.what, handle: waiting.handle, text: waiting.text, due: view, overdue, in_days };
        let definer = waiting.handle.and_then(|handle| asked.all.ground.creators.get(&handle).copied());
        all.push((!overdue, due.to, asked.line(item, definer, &waiting.basis, None)));
    }
    all.sort_by_key(|(later, at, line)| (*later, *at, line.item.handle));
    all.into_iter().map(|(_, _, line)| line).collect()
}

/// The instants at which something that waits moves by the clock: its term may have come, or certainly has; or a ceasefire begins.
pub(super) fn turns(now: &Now<'_>) -> BTreeSet<Instant> {
    let starts = now.state.ceasefires.values().flat_map(|c| c.starts_given().filter_map(|term| now.start(term)));
    let ends = waiting(now).into_iter().filter_map(|waiting| now.due(waiting.term)).flat_map(|due| [due.from, due.to]);
    starts.chain(ends).collect()
}

fn waiting<'a>(now: &Now<'a>) -> Vec<Waiting<'a>> {
    let mut all = expiries(now);
    all.extend(rounds(now));
    all.extend(owed(now));
    all
}

fn expiries<'a>(now: &Now<'a>) -> Vec<Waiting<'a>> {
    let state = now.state;
    let name = |handle: Handle, called: Option<&str>| match called {
        Some(called) => format!("{} runs out", called.trim_end_matches('.')),
        None => format!("the {} runs out", handle.letter.noun()),
    };
    let expiry = |handle: Handle, text: String, term: &'a Term, basis: &[Version]| Waiting {
        what: DueWhat::Expiry,
        handle: Some(handle),
        text,
        term,
        basis: basis.to_vec(),
    };
    let ceasefires = state.ceasefires.values().filter_map(|c| {
        let holds = matches!(c.standing(now).state, Nominal::InForce | Nominal::Suspended | Nominal::PossiblyExpired);
        let term = c.ends_given().last().filter(|_| holds)?;
        Some(expiry(c.handle, name(c.handle, c.called.last().map(String::as_str)), term, &c.basis))
    });
    let agreements = state.agreements.values().filter_map(|a| {
        let runs = a.superseded_by.is_none() && a.ended.is_none();
        Some(expiry(a.handle, name(a.handle, a.title.as_deref()), a.until.as_ref().filter(|_| runs)?, &a.basis))
    });
    let measures = state.measures.values().filter_map(|m| {
        let runs = matches!(m.state(now), MeasureState::InEffect | MeasureState::PossiblyExpired);
        Some(expiry(m.handle, name(m.handle, m.text.as_deref()), m.until.as_ref().filter(|_| runs)?, &m.basis))
    });
    ceasefires.chain(agreements).chain(measures).collect()
}

fn rounds<'a>(now: &Now<'a>) -> Vec<Waiting<'a>> {
    if now.state.is_closed() {
        return Vec::new();
    }
    let talks = &now.state.talks;
    let set = talks.rounds.values().filter_map(|round| {
        let schedule = round.pending_schedule()?;
        let text = "the round is to open".to_string();
        let basis = vec![schedule.moment.version];
        Some(Waiting {
            what: DueWhat::Round,
            handle: Some(round.handle),
            text,
            term: schedule.for_when.as_ref()?,
            basis,
        })
    });
    let tables = [None].into_iter().chain(talks.other_tables().into_iter().map(Some));
    let pauses = tables.filter_map(|name| talks.table(name).active_pause()).filter_map(|pause| {
        let text = "the talks are to go on".to_string();
        let basis = vec![pause.moment.version];
        Some(Waiting { what: DueWhat::PauseEnds, handle: pause.round, text, term: pause.until.as_ref()?, basis })
    });
    set.chain(pauses).collect()
}

fn owed<'a>(now: &Now<'a>) -> Vec<Waiting<'a>> {
    let state = now.state;
    let commitments = state.commitments.values().filter_map(|k| {
        use CommitmentState::*;
        let waits = matches!(k.state(now), Open | PossiblyOverdue | Overdue);
        let (text, basis) = (k.text().to_string(), k.basis.clone());
        let term = k.due().filter(|_| waits)?;
        Some(Waiting { what: DueWhat::Commitment, handle: Some(k.handle), text, term, basis })
    });
    let deadlines = state.deadlines.values().filter_map(|t| {
        let waits = matches!(t.state(now), DeadlineState::Open | DeadlineState::PossiblyPassed);
        let (text, basis) = (t.text.clone(), t.basis.clone());
        let term = t.due().filter(|_| waits)?;
        Some(Waiting { what: DueWhat::Deadline, handle: Some(t.handle), text, term, basis })
    });
    let followups = state.followups.values().filter(|f| f.done.is_none()).map(|f| Waiting {
        what: DueWhat::FollowUp,
        handle: Some(f.handle),
        text: f.text.clone(),
        term: &f.due,
        basis: f.basis.clone(),
    });
    commitments.chain(deadlines).chain(followups).collect()
}
