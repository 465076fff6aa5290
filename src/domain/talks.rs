//! The talks: rounds, and the pauses in them.
//!
//! A round with its own interval is over at its end. A resumption that names no round reopens the one paused, else the last one
//! active. Where talks run in parallel, each table has its own rounds and pauses, and what happens at one ends no pause at another.
//! Where the talks at a table stand is asked in [`super::table`].
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
    /// The other table at which it sits; none is that of the talks themselves.
    pub table: Option<String>,
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
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// The round it interrupts; absent: whatever was open at its table.
    pub round: Option<Handle>,
    /// The other table at which it is; none is that of the talks themselves.
    pub table: Option<String>,
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

/// A round, and the table at which it sits.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    /// The round.
    pub round: Handle,
    /// The other table; none is that of the talks themselves.
    pub table: Option<&'a str>,
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
    pub fn schedule(&mut self, at: Seat<'_>, scheduled: &RoundScheduled, moment: Moment) {
        let RoundScheduled { r#for, level, .. } = scheduled.clone();
        self.round(at).schedules.push(Schedule { for_when: r#for, level, moment });
    }

    /// A round opens; whatever was paused at its table is so no longer.
    pub fn open(&mut self, at: Seat<'_>, opened: &RoundOpened, fact: &Fact, moment: Moment) -> Result<(), Misfit> {
        let round = self.round(at);
        let is_open = round.sessions.last().is_some_and(|session| session.is_open_at(moment.key));
        let RoundOpened { called, form, track, mediators, delegations, .. } = opened;
        round.describe(&Setting { called, form: *form, track: *track, mediators, delegations });
        if is_open && self.table(at.table).active_pause().is_none() {
            return Err(Misfit::RoundOpen(at.round));
        }
        self.end_pause(at.table, &moment);
        self.sit(at, fact, moment, false);
        Ok(())
    }

    /// A round met and parted. Another round that was in recess is so still.
    pub fn hold(&mut self, at: Seat<'_>, held: &RoundHeld, fact: &Fact, moment: Moment) {
        let RoundHeld { called, form, track, mediators, delegations, .. } = held;
        self.round(at).describe(&Setting { called, form: *form, track: *track, mediators, delegations });
        let is_of_it = |pause: &Pause| pause.round.map_or(pause.table.as_deref() == at.table, |of| of == at.round);
        self.end_pauses(is_of_it, &moment);
        self.sit(at, fact, moment.clone(), true);
        if let Some(session) = self.round(at).sessions.last_mut() {
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

    /// The talks stop, at one table.
    pub fn pause(&mut self, paused: &TalksPaused, table: Option<&str>, moment: Moment) -> Result<(), Misfit> {
        if self.table(table).rounds().next().is_none() {
            return Err(Misfit::NoTalks);
        }
        let TalksPaused { how, until, reason, .. } = paused.clone();
        let (round, table) = (paused.round.map(|round| round.0), table.map(Into::into));
        self.pauses.push(Pause { round, table, how, by: paused.by.to_vec(), until, reason, moment, ended: None });
        Ok(())
    }

    /// The talks go on: in the round named, else in the one paused at the table, else in the last one active there.
    pub fn resume(&mut self, named: Option<Handle>, fact: &Fact, moment: Moment) -> Result<Handle, Misfit> {
        let table = named.map_or(fact.table(), |round| self.table_of(round)).map(str::to_owned);
        let there = self.table(table.as_deref());
        let was_paused = there.active_pause().is_some();
        let paused = there.active_pause().and_then(|pause| pause.round.or_else(|| there.last_open(moment.key)));
        let handle = named.or(paused).or_else(|| there.last_active()).ok_or(Misfit::NoTalks)?;
        self.end_pause(table.as_deref(), &moment);
        let at = Seat { round: handle, table: table.as_deref() };
        match self.round(at).sessions.last_mut().filter(|session| session.is_open_at(moment.key)) {
            Some(_) if !was_paused => return Err(Misfit::RoundOpen(handle)),
            Some(session) => session.resumed = Some(moment),
            None => self.sit(at, fact, moment, false),
        }
        Ok(handle)
    }

    /// An agreement between the parties, an opening or a resumption ends what is paused at its table.
    pub fn end_pause(&mut self, table: Option<&str>, moment: &Moment) {
        self.end_pauses(|pause| pause.table.as_deref() == table, moment);
    }

    /// A closed round is paused no longer; a pause of whatever was open ends with the last round that is.
    fn end_pause_of(&mut self, round: Handle, moment: &Moment) {
        let table = self.table_of(round).map(str::to_owned);
        let was_last = self.table(table.as_deref()).open_rounds(moment.key).next().is_none();
        let of_table = |pause: &Pause| was_last && pause.table == table;
        self.end_pauses(|pause| pause.round.map_or(of_table(pause), |paused| paused == round), moment);
    }

    fn end_pauses(&mut self, ends: impl Fn(&Pause) -> bool, moment: &Moment) {
        let active = self.pauses.iter_mut().filter(|pause| pause.ended.is_none());
        active.filter(|pause| ends(pause)).for_each(|pause| pause.ended = Some(moment.clone()));
    }

    /// The table at which a round sits.
    pub fn table_of(&self, round: Handle) -> Option<&str> {
        self.rounds.get(&round)?.table.as_deref()
    }

    fn sit(&mut self, at: Seat<'_>, fact: &Fact, moment: Moment, held: bool) {
        let runs_to = fact.end.map(|end| end.last());
        let place = fact.context().place.clone();
        self.round(at).sessions.push(Session { opened: moment, place, runs_to, resumed: None, closed: None, held });
    }

    fn round(&mut self, at: Seat<'_>) -> &mut Round {
        self.rounds.entry(at.round).or_insert_with(|| Round::new(at))
    }
}

impl Round {
    fn new(at: Seat<'_>) -> Round {
        Round {
            handle: at.round,
            table: at.table.map(Into::into),
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
    pub fn state(&self, now: &Now<'_>) -> RoundState {
        let table = now.state.talks.table(self.table.as_deref());
        if self.open_session(now.at).is_some() {
            return if table.is_paused(self.handle) { RoundState::Paused } else { RoundState::Open };
        }
        let pending = table.upcoming(now).find(|(round, ..)| round.handle == self.handle);
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

    /// When it last opened, went on or closed.
    pub fn last_step(&self) -> (Instant, u32) {
        let closed = self.closed.as_ref().map(|(_, moment)| moment);
        closed.or(self.resumed.as_ref()).unwrap_or(&self.opened).order()
    }
}
