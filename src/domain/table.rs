//! Where the talks at one table stand.
//!
//! It is derived from the rounds, not from the last event: in session while a round is open and not paused; paused; scheduled, before
//! there was any round; between rounds, once a next one is set; else not in session. A date that passes without an opening did not
//! open, and is no longer a next round.

use std::collections::BTreeSet;

use super::ids::Handle;
use super::now::Now;
use super::talks::{Pause, Round, Schedule, Session, Talks};
use super::term::Passed;
use super::value::codes;
use super::when::Instant;

codes! {
    /// Where the talks stand.
    pub enum TalksState {
        NotBegun = "not-begun", Scheduled = "scheduled", InSession = "in-session", Paused = "paused",
        BetweenRounds = "between-rounds", NotInSession = "not-in-session", Closed = "closed",
    }
}

/// The rounds and pauses at one table.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    talks: &'a Talks,
    name: Option<&'a str>,
}

impl Talks {
    /// One of the tables; none is that of the talks themselves.
    pub fn table<'a>(&'a self, name: Option<&'a str>) -> Table<'a> {
        Table { talks: self, name }
    }

    /// The names of the other tables at which there was a round.
    pub fn other_tables(&self) -> BTreeSet<&str> {
        self.rounds.values().filter_map(|round| round.table.as_deref()).collect()
    }
}

impl<'a> Table<'a> {
    /// Its rounds, by handle.
    pub fn rounds(self) -> impl Iterator<Item = &'a Round> {
        self.talks.rounds.values().filter(move |round| round.table.as_deref() == self.name)
    }

    /// The pause that has not ended, the latest if there are several.
    pub fn active_pause(self) -> Option<&'a Pause> {
        self.talks.pauses.iter().rfind(|pause| pause.ended.is_none() && pause.table.as_deref() == self.name)
    }

    /// Whether a round of it is paused, by itself or with the whole table.
    pub fn is_paused(self, round: Handle) -> bool {
        let of_table = |pause: &Pause| pause.table.as_deref() == self.name;
        let interrupts = |pause: &Pause| pause.round.map_or(of_table(pause), |paused| paused == round);
        self.talks.pauses.iter().any(|pause| pause.ended.is_none() && interrupts(pause))
    }

    /// The round in session by then, the one opened last if there are several.
    pub fn in_session(self, at: Instant) -> Option<(&'a Round, &'a Session)> {
        let sits = self.open_rounds(at).filter(|(round, _)| !self.is_paused(round.handle));
        sits.max_by_key(|(_, session)| session.opened.order())
    }

    /// The rounds open by then, paused or not.
    pub fn open_rounds(self, at: Instant) -> impl Iterator<Item = (&'a Round, &'a Session)> {
        self.rounds().filter_map(move |round| Some((round, round.open_session(at)?)))
    }

    /// The round open by then that moved last.
    pub fn last_open(self, at: Instant) -> Option<Handle> {
        self.open_rounds(at).max_by_key(|(_, session)| session.last_step()).map(|(round, _)| round.handle)
    }

    /// The last round that sat: what an unnamed resumption reopens.
    pub fn last_active(self) -> Option<Handle> {
        let active = |round: &Round| round.sessions.iter().map(Session::last_step).max();
        self.rounds().filter_map(|round| Some((active(round)?, round.handle))).max().map(|(_, handle)| handle)
    }

    /// The last session that is over by then.
    pub fn last_over(self, at: Instant) -> Option<(&'a Round, &'a Session)> {
        let all = self.rounds().flat_map(|round| round.sessions.iter().map(move |session| (round, session)));
        all.filter(|(_, session)| !session.is_open_at(at))
            .max_by_key(|(_, session)| (session.over_at(), session.last_step()))
    }

    /// The rounds set and not opened, each with the date that still may come or has passed; none while the negotiation is closed.
    pub fn upcoming(self, now: &Now<'_>) -> impl Iterator<Item = (&'a Round, &'a Schedule, Passed)> {
        self.rounds().filter(|_| !now.state.is_closed()).filter_map(move |round| {
            let schedule = round.pending_schedule()?;
            let due = schedule.for_when.as_ref().and_then(|term| now.due(term));
            Some((round, schedule, due.map_or(Passed::No, |due| due.passed(now.at))))
        })
    }

    /// Where the talks at it stand by then.
    pub fn state(self, now: &Now<'_>) -> TalksState {
        let sat = self.rounds().any(|round| !round.sessions.is_empty());
        let next_is_set = self.upcoming(now).any(|(_, _, passed)| passed != Passed::Yes);
        if now.state.is_closed() {
            TalksState::Closed
        } else if self.in_session(now.at).is_some() {
            TalksState::InSession
        } else if self.active_pause().is_some() {
            TalksState::Paused
        } else if next_is_set && !sat {
            TalksState::Scheduled
        } else if next_is_set {
            TalksState::BetweenRounds
        } else if sat || self.rounds().next().is_some() {
            TalksState::NotInSession
        } else {
            TalksState::NotBegun
        }
    }
}
