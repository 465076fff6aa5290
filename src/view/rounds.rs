//! The rounds, at whatever table.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, word};
use crate::domain::event::{Delegation, Outcome, RoundForm, Track};
use crate::domain::ids::Handle;
use crate::domain::now::Now;
use crate::domain::talks::{Round, RoundState};
use crate::domain::value::Party;

/// A round.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RoundView {
    /// Its handle.
    pub handle: Handle,
    /// What sources call it.
    pub called: Vec<String>,
    /// Where it stands.
    pub state: RoundState,
    /// Where it sat last.
    pub place: Option<String>,
    /// When it first opened.
    pub opened: Option<InstantView>,
    /// When it was last closed.
    pub closed: Option<InstantView>,
    /// How many times it sat: opened, and resumed after a close.
    pub sessions: usize,
    /// The outcome of its last session that is over; `not-stated` where none was given.
    pub outcome: Option<String>,
    /// When it was set to open.
    pub scheduled_for: Option<InstantView>,
    /// The manner.
    pub form: Option<RoundForm>,
    /// The track.
    pub track: Option<Track>,
    /// Who mediates.
    #[schemars(with = "Vec<String>")]
    pub mediators: Vec<Party>,
    /// Who sits at the table.
    pub delegations: Vec<Delegation>,
}

/// The rounds, by handle.
pub fn rounds(asked: &Asked<'_>) -> Vec<Line<RoundView>> {
    let state_in = |now: &Now<'_>, handle: Handle| {
        let round = now.state.talks.rounds.get(&handle)?;
        Some(word(round.state(now)))
    };
    let line = |round: &Round| {
        let item = round_view(asked, round);
        let headline = (word(item.state), state_in(&asked.certainly(), round.handle));
        asked.life(round.handle, item, &round.basis, headline)
    };
    asked.all.talks.rounds.values().map(line).collect()
}

fn round_view(asked: &Asked<'_>, round: &Round) -> RoundView {
    let last = round.sessions.last();
    let called_off = round.not_held.as_ref();
    let closed = last.and_then(|session| session.closed.as_ref()).or(called_off).map(|(_, moment)| moment);
    RoundView {
        handle: round.handle,
        called: round.called.clone(),
        state: round.state(&asked.now()),
        place: last.and_then(|session| session.place.as_ref()).map(|place| place.name.clone()),
        opened: round.sessions.first().and_then(|session| asked.when(&session.opened)),
        closed: closed.and_then(|moment| asked.when(moment)),
        sessions: round.sessions.len(),
        outcome: round.last_outcome(asked.at).or(called_off.map(|(outcome, _)| *outcome)).map(outcome_word),
        scheduled_for: round.schedules.last().and_then(|s| s.for_when.as_ref()).and_then(|term| asked.due(term)),
        form: round.form,
        track: round.track,
        mediators: round.mediators.clone(),
        delegations: round.delegations.clone(),
    }
}

/// An outcome, or that none was stated.
pub(super) fn outcome_word(outcome: Option<Outcome>) -> String {
    outcome.map_or("not-stated".into(), |outcome| outcome.to_string())
}
