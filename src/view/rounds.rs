//! Where the talks stand, and the rounds.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, word};
use crate::domain::event::{Delegation, Outcome, PauseHow, RoundForm, Track};
use crate::domain::ids::{Handle, Version};
use crate::domain::now::Now;
use crate::domain::talks::{Round, RoundState, Schedule, Session, TalksState};
use crate::domain::term::Passed;
use crate::domain::value::Party;

/// Where the talks stand.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TalksView {
    /// The state.
    pub state: TalksState,
    /// The round it is about: the one open or paused, else the last one.
    pub round: Option<Handle>,
    /// Where that round sits or sat.
    pub place: Option<String>,
    /// Since when it is so.
    pub since: Option<InstantView>,
    /// How the talks were paused.
    pub how: Option<PauseHow>,
    /// The outcome of the last round that is over; `not-stated` where none was given; null where none is over.
    pub last_outcome: Option<String>,
    /// The round that is set next, or was and did not open.
    pub next: Option<NextView>,
}

/// A round that was set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NextView {
    /// The round.
    pub round: Handle,
    /// When it is to open.
    pub r#for: Option<InstantView>,
    /// At which level.
    pub level: Option<String>,
    /// Whether its date has passed without an opening.
    pub did_not_open: bool,
}

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

/// Where the talks stand by the instant.
pub fn talks(asked: &Asked<'_>) -> Line<TalksView> {
    let now = asked.now();
    let talks = &asked.all.talks;
    let state = talks.state(&now);
    let (round, session) = current(&now);
    let pause = talks.active_pause();
    let since = match state {
        TalksState::Closed => asked.all.closings.last().and_then(|(_, moment)| asked.when(moment)),
        TalksState::InSession => session.and_then(|s| asked.when(&s.opened)),
        TalksState::Paused => pause.and_then(|pause| asked.when(&pause.moment)),
        _ => session.and_then(|s| s.closed.as_ref()).and_then(|(_, moment)| asked.when(moment)),
    };
    let item = TalksView {
        state,
        round: round.map(|round| round.handle),
        place: session.and_then(|s| s.place.as_ref()).map(|place| place.name.clone()),
        since,
        how: pause.filter(|_| state == TalksState::Paused).and_then(|pause| pause.how),
        last_outcome: talks.last_over(asked.at).map(|(_, session)| outcome_word(session.outcome())),
        next: next(asked),
    };
    let certain = word(asked.certain.talks.state(&asked.certainly()));
    let definer = round.and_then(|round| asked.all.ground.creators.get(&round.handle).copied());
    asked.line(item, definer, &talks_basis(asked, round), (certain != word(state)).then_some(certain))
}

/// The round the talks are about, and its session: the one open, else the one paused, else the one over last.
fn current<'a>(now: &Now<'a>) -> (Option<&'a Round>, Option<&'a Session>) {
    let talks = &now.state.talks;
    let open_anyway = || {
        talks.rounds.values().filter_map(|r| Some((r, r.open_session(now.at)?))).max_by_key(|(_, s)| s.opened.order())
    };
    let found = talks.in_session(now.at).or_else(open_anyway).or_else(|| talks.last_over(now.at));
    let (round, session) = found.map_or((None, None), |(round, session)| (Some(round), Some(session)));
    (round.or_else(|| talks.rounds.values().next_back()), session)
}

fn talks_basis(asked: &Asked<'_>, round: Option<&Round>) -> Vec<Version> {
    let mut basis = round.map(|round| round.basis.clone()).unwrap_or_default();
    basis.extend(asked.all.talks.active_pause().map(|pause| pause.moment.version));
    basis.extend(asked.all.closings.last().map(|(_, moment)| moment.version));
    if let Some((round, schedule, _)) = asked.all.talks.upcoming(&asked.now()).next() {
        basis.push(schedule.moment.version);
        basis.extend(round.basis.first());
    }
    basis
}

/// The round set next; one whose date has passed only if none else is set.
fn next(asked: &Asked<'_>) -> Option<NextView> {
    let now = asked.now();
    let upcoming = asked.all.talks.upcoming(&now);
    let (round, schedule, passed) =
        upcoming.min_by_key(|(_, schedule, passed)| (*passed == Passed::Yes, soonest(schedule, &now)))?;
    Some(NextView {
        round: round.handle,
        r#for: schedule.for_when.as_ref().and_then(|term| asked.due(term)),
        level: schedule.level.clone(),
        did_not_open: passed == Passed::Yes,
    })
}

fn soonest(schedule: &Schedule, now: &Now<'_>) -> i64 {
    schedule.for_when.as_ref().and_then(|term| now.due(term)).map_or(i64::MAX, |due| due.to.0)
}

/// The rounds, by handle.
pub fn rounds(asked: &Asked<'_>) -> Vec<Line<RoundView>> {
    let state_in = |now: &Now<'_>, handle: Handle| {
        let round = now.state.talks.rounds.get(&handle)?;
        Some(word(round.state(&now.state.talks, now)))
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
        state: round.state(&asked.all.talks, &asked.now()),
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

fn outcome_word(outcome: Option<Outcome>) -> String {
    outcome.map_or("not-stated".into(), |outcome| outcome.to_string())
}
