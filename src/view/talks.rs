//! Where the talks stand, at their own table and at those beside it.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, word};
use super::rounds::outcome_word;
use crate::domain::event::PauseHow;
use crate::domain::ids::{Handle, Version};
use crate::domain::now::Now;
use crate::domain::table::{Table, TalksState};
use crate::domain::talks::{Round, Schedule, Session};
use crate::domain::term::Passed;

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

/// Where the talks themselves stand by the instant.
pub fn talks(asked: &Asked<'_>) -> Line<TalksView> {
    at_table(asked, None)
}

/// Where the talks at each table beside them stand, by its name.
pub fn other_tables(asked: &Asked<'_>) -> Vec<Line<TalksView>> {
    asked.all.talks.other_tables().into_iter().map(|name| at_table(asked, Some(name))).collect()
}

fn at_table(asked: &Asked<'_>, name: Option<&str>) -> Line<TalksView> {
    let now = asked.now();
    let table = asked.all.talks.table(name);
    let state = table.state(&now);
    let (round, session) = current(table, &now);
    let pause = table.active_pause();
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
        last_outcome: table.last_over(asked.at).map(|(_, session)| outcome_word(session.outcome())),
        next: next(asked, table),
    };
    let certain = word(asked.certain.talks.table(name).state(&asked.certainly()));
    let definer = round.and_then(|round| asked.all.ground.creators.get(&round.handle).copied());
    let basis = basis(asked, table, round);
    let line = asked.line(item, definer, &basis, (certain != word(state)).then_some(certain));
    Line { table: name.map(Into::into), ..line }
}

/// The round the talks are about, and its session: the one open, else the one paused, else the one over last.
fn current<'a>(table: Table<'a>, now: &Now<'_>) -> (Option<&'a Round>, Option<&'a Session>) {
    let open_anyway = || table.open_rounds(now.at).max_by_key(|(_, session)| session.opened.order());
    let found = table.in_session(now.at).or_else(open_anyway).or_else(|| table.last_over(now.at));
    let (round, session) = found.map_or((None, None), |(round, session)| (Some(round), Some(session)));
    (round.or_else(|| table.rounds().last()), session)
}

fn basis(asked: &Asked<'_>, table: Table<'_>, round: Option<&Round>) -> Vec<Version> {
    let mut basis = round.map(|round| round.basis.clone()).unwrap_or_default();
    basis.extend(table.active_pause().map(|pause| pause.moment.version));
    basis.extend(asked.all.closings.last().map(|(_, moment)| moment.version));
    if let Some((round, schedule, _)) = table.upcoming(&asked.now()).next() {
        basis.push(schedule.moment.version);
        basis.extend(round.basis.first());
    }
    basis
}

/// The round set next; one whose date has passed only if none else is set.
fn next(asked: &Asked<'_>, table: Table<'_>) -> Option<NextView> {
    let now = asked.now();
    let (round, schedule, passed) =
        table.upcoming(&now).min_by_key(|(_, schedule, passed)| (*passed == Passed::Yes, soonest(schedule, &now)))?;
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
