//! The talks: rounds, and what lies between them.
//!
//! Where the talks stand is derived from the rounds, not from the last event: in session while a round is open and not paused;
//! paused; scheduled, before there was any round; between rounds, once a next one is set; else not in session. A round with its own
//! interval is over at its end. A resumption that names no round reopens the one paused, else the last one active. A date that
//! passes without an opening did not open, and is no longer a next round.
//!
//! ```text
//!   R1 ──session──┤ closed, no agreement      resumed ├──session── …     (the same round, a second session)
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{
    Delegation, Outcome, PauseHow, RoundClosed, RoundForm, RoundHeld, RoundOpened, RoundScheduled, TalksPaused, Track,
};
use super::history::Fact;
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::now::Now;
use super::term::{Passed, Term};
use super::value::{Actor, Party, Place, codes};
use super::when::Instant;

codes! {
    /// Where the talks stand.
    pub enum TalksState {
        NotBegun = "not-begun", Scheduled = "scheduled", InSession = "in-session", Paused = "paused",
        BetweenRounds = "between-rounds", NotInSession = "not-in-session", Closed = "closed",
    }
    /// Where a round stands.
    pub enum RoundState {
        Scheduled = "scheduled", DidNotOpen = "did-not-open", Open = "open", Paused = "paused", Closed = "closed",
        NotHeld = "not-held", Lapsed = "lapsed",
    }
}

/// A time in which a round sat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// When it began.
    pub opened: Moment,
    /// Where.
    pub place: Option<Place>,
    /// When it is over by its own interval.
    pub runs_to: Option<Instant>,
    /// When it went on after a pause, last.
    pub resumed: Option<Moment>,
    /// When it was closed, and how; an outcome that is absent was not stated.
    pub closed: Option<(Option<Outcome>, Moment)>,
    /// Whether it met and parted within its own date.
    pub held: bool,
}

/// A date set for a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// When it is to open.
    pub for_when: Option<Term>,
    /// At which level.
    pub level: Option<String>,
    /// When it was set.
    pub moment: Moment,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Its handle.
    pub handle: Handle,
    /// What sources call it.
    pub called: Vec<String>,
    /// The manner.
    pub form: Option<RoundForm>,
    /// The track.
    pub track: Option<Track>,
    /// Who mediates.
    pub mediators: Vec<Party>,
    /// Who sits at the table.
    pub delegations: Vec<Delegation>,
    /// The dates set, the latest last.
    pub schedules: Vec<Schedule>,
    /// When it sat.
    pub sessions: Vec<Session>,
    /// How it was called off without having been held.
    pub not_held: Option<(Option<Outcome>, Moment)>,
    /// The events it rests on.
    pub basis: Vec<Version>,
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// The round it interrupts; absent: whatever was open.
    pub round: Option<Handle>,
    /// How.
    pub how: Option<PauseHow>,
    /// By whom.
    pub by: Vec<Actor>,
    /// Until when it was said to last.
    pub until: Option<Term>,
    /// The reason given.
    pub reason: Option<String>,
    /// When it began.
    pub moment: Moment,
    /// What ended it.
    pub ended: Option<Moment>,
}

/// All rounds and pauses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Talks {
    /// The rounds.
    pub rounds: BTreeMap<Handle, Round>,
    /// The pauses, in world order.
    pub pauses: Vec<Pause>,
}

/// What opening and holding a round say of it.
struct Setting<'a> {
    called: &'a Option<String>,
    form: Option<RoundForm>,
    track: Option<Track>,
    mediators: &'a [Party],
    delegations: &'a [Delegation],
}

impl Talks {
    /// A round is set, or set anew.
    pub fn schedule(&mut self, handle: Handle, scheduled: &RoundScheduled, moment: Moment) {
        let RoundScheduled { r#for, level, .. } = scheduled.clone();
        self.round(handle).schedules.push(Schedule { for_when: r#for, level, moment });
    }

    /// A round opens; whatever was paused is so no longer.
    pub fn open(&mut self, handle: Handle, opened: &RoundOpened, fact: &Fact, moment: Moment) -> Result<(), Misfit> {
        let round = self.round(handle);
        let is_open = round.sessions.last().is_some_and(|session| session.is_open_at(moment.key));
        let RoundOpened { called, form, track, mediators, delegations, .. } = opened;
        round.describe(&Setting { called, form: *form, track: *track, mediators, delegations });
        if is_open && self.active_pause().is_none() {
            return Err(Misfit::RoundOpen(handle));
        }
        self.end_pause(&moment);
        self.sit(handle, fact, moment, false);
        Ok(())
    }

    /// A round met and parted.
    pub fn hold(&mut self, handle: Handle, held: &RoundHeld, fact: &Fact, moment: Moment) {
        let RoundHeld { called, form, track, mediators, delegations, .. } = held;
        self.round(handle).describe(&Setting { called, form: *form, track: *track, mediators, delegations });
        self.end_pause(&moment);
        self.sit(handle, fact, moment.clone(), true);
        if let Some(session) = self.round(handle).sessions.last_mut() {
            session.closed = Some((held.outcome, moment));
        }
    }

    /// A round closes, or a scheduled one is called off, also one that sat before.
    pub fn close(&mut self, closed: &RoundClosed, moment: Moment) -> Result<(), Misfit> {
        let handle = closed.round.0;
        let Some(round) = self.rounds.get_mut(&handle) else { return Ok(()) };
        let can_be_called_off = !closed.outcome.is_some_and(Outcome::has_met) && round.pending_schedule().is_some();
        match round.sessions.last_mut().filter(|session| session.closed.is_none()) {
            Some(session) => {
                session.closed = Some((closed.outcome, moment.clone()));
                self.end_pause_of(handle, &moment);
            }
            None if can_be_called_off => round.not_held = Some((closed.outcome, moment)),
            None => return Err(Misfit::RoundNotOpen(handle)),
        }
        Ok(())
    }

    /// The talks stop.
    pub fn pause(&mut self, paused: &TalksPaused, moment: Moment) -> Result<(), Misfit> {
        if self.rounds.is_empty() {
            return Err(Misfit::NoTalks);
        }
        let TalksPaused { how, until, reason, .. } = paused.clone();
        let round = paused.round.map(|round| round.0);
        self.pauses.push(Pause { round, how, by: paused.by.to_vec(), until, reason, moment, ended: None });
        Ok(())
    }

    /// The talks go on: in the round named, else in the one paused, else in the last one active.
    pub fn resume(&mut self, named: Option<Handle>, fact: &Fact, moment: Moment) -> Result<Handle, Misfit> {
        let was_paused = self.active_pause().is_some();
        let paused = self.active_pause().and_then(|pause| pause.round.or_else(|| self.last_open(moment.key)));
        let handle = named.or(paused).or_else(|| self.last_active()).ok_or(Misfit::NoTalks)?;
        self.end_pause(&moment);
        match self.round(handle).sessions.last_mut().filter(|session| session.is_open_at(moment.key)) {
            Some(_) if !was_paused => return Err(Misfit::RoundOpen(handle)),
            Some(session) => session.resumed = Some(moment),
            None => self.sit(handle, fact, moment, false),
        }
        Ok(handle)
    }

    /// An agreement between the parties, an opening or a resumption ends a pause.
    pub fn end_pause(&mut self, moment: &Moment) {
        self.pauses
            .iter_mut()
            .filter(|pause| pause.ended.is_none())
            .for_each(|pause| pause.ended = Some(moment.clone()));
    }

    /// A closed round is paused no longer; a pause of whatever was open ends with the last round that is.
    fn end_pause_of(&mut self, round: Handle, moment: &Moment) {
        let was_last = self.open_rounds(moment.key).next().is_none();
        let of_round = |pause: &&mut Pause| pause.round.map_or(was_last, |paused| paused == round);
        let active = self.pauses.iter_mut().filter(|pause| pause.ended.is_none());
        active.filter(of_round).for_each(|pause| pause.ended = Some(moment.clone()));
    }

    fn sit(&mut self, handle: Handle, fact: &Fact, moment: Moment, held: bool) {
        let runs_to = fact.end.map(|end| end.last());
        let place = fact.context().place.clone();
        self.round(handle).sessions.push(Session { opened: moment, place, runs_to, resumed: None, closed: None, held });
    }

    fn round(&mut self, handle: Handle) -> &mut Round {
        self.rounds.entry(handle).or_insert_with(|| Round::new(handle))
    }

    fn last_open(&self, at: Instant) -> Option<Handle> {
        self.open_rounds(at).max_by_key(|(_, session)| session.last_step()).map(|(round, _)| round.handle)
    }

    /// The last round that sat: what an unnamed resumption reopens.
    fn last_active(&self) -> Option<Handle> {
        let active = |round: &Round| round.sessions.iter().map(Session::last_step).max();
        self.rounds.values().filter_map(|round| Some((active(round)?, round.handle))).max().map(|(_, handle)| handle)
    }

    /// The pause that has not ended, the latest if there are several.
    pub fn active_pause(&self) -> Option<&Pause> {
        self.pauses.iter().rfind(|pause| pause.ended.is_none())
    }

    fn is_paused(&self, round: Handle) -> bool {
        let interrupts = |pause: &Pause| pause.round.is_none_or(|paused| paused == round);
        self.pauses.iter().any(|pause| pause.ended.is_none() && interrupts(pause))
    }

    /// The round in session by then, the one opened last if there are several.
    pub fn in_session(&self, at: Instant) -> Option<(&Round, &Session)> {
        self.open_rounds(at).filter(|(round, _)| !self.is_paused(round.handle)).max_by_key(|(_, s)| s.opened.order())
    }

    /// The rounds open by then, paused or not.
    fn open_rounds(&self, at: Instant) -> impl Iterator<Item = (&Round, &Session)> {
        self.rounds.values().filter_map(move |round| Some((round, round.open_session(at)?)))
    }

    /// The last session that is over by then.
    pub fn last_over(&self, at: Instant) -> Option<(&Round, &Session)> {
        let all = self.rounds.values().flat_map(|round| round.sessions.iter().map(move |session| (round, session)));
        all.filter(|(_, session)| !session.is_open_at(at))
            .max_by_key(|(_, session)| (session.over_at(), session.last_step()))
    }

    /// The rounds set and not opened, each with the date that still may come or has passed; none while the negotiation is closed.
    pub fn upcoming<'a>(&'a self, now: &'a Now<'_>) -> impl Iterator<Item = (&'a Round, &'a Schedule, Passed)> {
        let rounds = self.rounds.values().filter(|_| !now.state.is_closed());
        rounds.filter_map(move |round| {
            let schedule = round.pending_schedule()?;
            let due = schedule.for_when.as_ref().and_then(|term| now.due(term));
            Some((round, schedule, due.map_or(Passed::No, |due| due.passed(now.at))))
        })
    }

    /// Where the talks stand by then.
    pub fn state(&self, now: &Now<'_>) -> TalksState {
        let sat = self.rounds.values().any(|round| !round.sessions.is_empty());
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
        } else if sat || !self.rounds.is_empty() {
            TalksState::NotInSession
        } else {
            TalksState::NotBegun
        }
    }
}

impl Round {
    fn new(handle: Handle) -> Round {
        Round {
            handle,
            called: Vec::new(),
            form: None,
            track: None,
            mediators: Vec::new(),
            delegations: Vec::new(),
            schedules: Vec::new(),
            sessions: Vec::new(),
            not_held: None,
            basis: Vec::new(),
        }
    }

    fn describe(&mut self, setting: &Setting<'_>) {
        super::value::extend_new(&mut self.called, setting.called.iter());
        self.form = setting.form.or(self.form);
        self.track = setting.track.or(self.track);
        super::value::extend_new(&mut self.mediators, setting.mediators.iter());
        for delegation in setting.delegations {
            self.delegations.retain(|known| known.party != delegation.party);
            self.delegations.push(delegation.clone());
        }
    }

    /// The session open by then.
    pub fn open_session(&self, at: Instant) -> Option<&Session> {
        self.sessions.last().filter(|session| session.is_open_at(at))
    }

    /// The date set that no session and no calling-off has answered.
    pub fn pending_schedule(&self) -> Option<&Schedule> {
        let last_seen = self.sessions.iter().map(Session::last_step).max();
        let called_off = self.not_held.as_ref().map(|(_, moment)| moment.order());
        let answered = last_seen.max(called_off);
        self.schedules.last().filter(|schedule| answered.is_none_or(|answered| schedule.moment.order() > answered))
    }

    /// Where it stands by then.
    pub fn state(&self, talks: &Talks, now: &Now<'_>) -> RoundState {
        if self.open_session(now.at).is_some() {
            return if talks.is_paused(self.handle) { RoundState::Paused } else { RoundState::Open };
        }
        let pending = talks.upcoming(now).find(|(round, ..)| round.handle == self.handle);
        match pending {
            Some((_, _, Passed::Yes)) if self.sessions.is_empty() => RoundState::DidNotOpen,
            Some((_, _, Passed::No | Passed::Possibly)) => RoundState::Scheduled,
            None if self.sessions.is_empty() && self.pending_schedule().is_some() => RoundState::Lapsed,
            _ if self.sessions.is_empty() => RoundState::NotHeld,
            _ => RoundState::Closed,
        }
    }

    /// The outcome of its last session that is over by then; not stated is told from there being none.
    pub fn last_outcome(&self, at: Instant) -> Option<Option<Outcome>> {
        let over = self.sessions.iter().filter(|session| !session.is_open_at(at));
        over.max_by_key(|session| session.last_step()).map(Session::outcome)
    }
}

impl Session {
    /// Whether it goes on by then.
    pub fn is_open_at(&self, at: Instant) -> bool {
        self.over_at().is_none_or(|over| at < over)
    }

    /// When it was over: when it was closed, or at the end of its own interval.
    pub fn over_at(&self) -> Option<Instant> {
        match (&self.closed, self.runs_to) {
            (_, Some(end)) if self.held => Some(end),
            (Some((_, closed)), end) => Some(end.map_or(closed.key, |end| end.min(closed.key))),
            (None, end) => end,
        }
    }

    /// How it ended, if that was stated.
    pub fn outcome(&self) -> Option<Outcome> {
        self.closed.as_ref().and_then(|(outcome, _)| *outcome)
    }

    fn last_step(&self) -> (Instant, u32) {
        let closed = self.closed.as_ref().map(|(_, moment)| moment);
        closed.or(self.resumed.as_ref()).unwrap_or(&self.opened).order()
    }
}
