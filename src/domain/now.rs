//! A state, asked for an instant: what hangs on the clock, and on milestones of other lives.
//!
//! Terms may hang on terms, also in a circle. A question goes a fixed number of terms deep and takes what lies deeper as open; each
//! milestone is looked for once a depth.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::agreement::Stage;
use super::ceasefire::Ceasefire;
use super::ids::{Handle, Letter, Target};
use super::moment::Moment;
use super::negotiation::Negotiation;
use super::term::{Due, Milestone, Passed, Term};
use super::when::{Instant, Span};

/// What is asked: a state, and the instant it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// The state.
    pub state: &'a Negotiation,
    /// The instant.
    pub at: Instant,
    /// How many terms hang on each other in this question; they can hang in a circle.
    depth: u8,
    /// The milestones found for this question.
    found: Option<&'a Found>,
}

/// Each milestone is looked for once a depth: many steps of many lives may hang on the same one.
type Found = RefCell<BTreeMap<(u8, Handle, Milestone), Option<Span>>>;

/// Terms may hang on terms; deeper than this they are taken as open.
const DEEPEST: u8 = 8;

impl Negotiation {
    /// This state, asked for an instant.
    pub fn at(&self, at: Instant) -> Now<'_> {
        Now { state: self, at, depth: 0, found: None }
    }
}

impl<'a> Now<'a> {
    /// The ceasefire to speak of: the one begun or renewed last; one that has not begun, or was superseded, only for want of others.
    pub fn headline_ceasefire(&self) -> Option<&'a Ceasefire> {
        let has_begun = |c: &Ceasefire| c.standing(self).since.is_some_and(|since| since <= self.at);
        self.state.ceasefires.values().max_by_key(|c| (c.superseded_by.is_none(), has_begun(c), c.renewed_last()))
    }

    /// The same state at another instant; what came later in the world is not folded into it.
    pub fn at_instant(&self, at: Instant) -> Now<'a> {
        Now { at, found: None, ..*self }
    }

    /// When a term comes; nothing while it is open.
    pub fn due(&self, term: &Term) -> Option<Due> {
        let zone = self.state.ground.zone;
        self.deeper(|deeper| term.due(|name, milestone| deeper.milestone(name, milestone), zone))?
    }

    /// When something starts that starts at a term.
    pub fn start(&self, term: &Term) -> Option<Instant> {
        let zone = self.state.ground.zone;
        self.deeper(|deeper| term.start(|name, milestone| deeper.milestone(name, milestone), zone))?
    }

    fn deeper<T>(&self, ask: impl FnOnce(&Now<'_>) -> T) -> Option<T> {
        let fresh = Found::default();
        let Now { state, at, depth, found } = *self;
        let deeper = Now { state, at, depth: depth + 1, found: found.or(Some(&fresh)) };
        (depth < DEEPEST).then(|| ask(&deeper))
    }

    /// When a milestone of something was, if it has come.
    fn milestone(&self, name: &Target, milestone: Milestone) -> Option<Span> {
        let handle = &self.life_behind(name)?;
        let Some(found) = self.found else { return self.find_milestone(handle, milestone) };
        let question = (self.depth, *handle, milestone);
        let known = found.borrow().get(&question).copied();
        known.unwrap_or_else(|| {
            let span = self.find_milestone(handle, milestone);
            found.borrow_mut().insert(question, span);
            span
        })
    }

    fn find_milestone(&self, handle: &Handle, milestone: Milestone) -> Option<Span> {
        let span = |moment: &Moment| Some(moment.span());
        match (handle.letter, milestone) {
            (Letter::R, Milestone::Begins) => span(&self.state.talks.rounds.get(handle)?.sessions.first()?.opened),
            (Letter::R, Milestone::Closes | Milestone::Ends) => self.round_closed(*handle),
            (Letter::A, Milestone::Ends) => self.agreement_ended(*handle),
            (Letter::A, _) => self.agreement_milestone(*handle, milestone).and_then(span),
            (Letter::C, Milestone::Begins) => {
                self.state.ceasefires.get(handle)?.standing(self).since.filter(|at| *at <= self.at).map(Span::point)
            }
            (Letter::C, Milestone::Ends) => self.ceasefire_ended(*handle),
            (Letter::K, Milestone::Met) => span(self.state.commitments.get(handle)?.met()?),
            (Letter::D, Milestone::Met) => span(self.state.demands.get(handle)?.fully_met()?),
            (Letter::M, Milestone::Begins) => span(&self.state.measures.get(handle)?.taken),
            (Letter::M, Milestone::Lifted) => span(self.state.measures.get(handle)?.lifted.as_ref()?),
            (Letter::M, Milestone::Ends) => self.measure_ended(*handle),
            _ => None,
        }
    }

    /// The life a name stands for: its handle, or that of the life the event creates.
    fn life_behind(&self, name: &Target) -> Option<Handle> {
        match name {
            Target::Handle(handle) => Some(*handle),
            Target::Event(version) => {
                let creators = self.state.ground.creators.iter();
                creators.filter(|(_, creator)| *creator == version).map(|(handle, _)| *handle).next()
            }
            Target::Elsewhere(_) => None,
        }
    }

    fn round_closed(&self, handle: Handle) -> Option<Span> {
        let round = self.state.talks.rounds.get(&handle)?;
        let session = round.sessions.last().filter(|session| !session.is_open_at(self.at))?;
        let closed = session.closed.as_ref().map(|(_, moment)| moment.last);
        let over = session.over_at()?;
        Some(Span { start: over, end: Instant(closed.unwrap_or(over).max(over).0.saturating_add(1)) })
    }

    fn agreement_milestone(&self, handle: Handle, milestone: Milestone) -> Option<&'a Moment> {
        let agreement = self.state.agreements.get(&handle)?;
        match milestone {
            Milestone::Reached | Milestone::Begins => agreement.reached.as_ref().or_else(|| agreement.first_signed()),
            Milestone::Signed => agreement.first_signed(),
            Milestone::Ratified => agreement.ratified(),
            Milestone::EntersIntoForce => agreement.in_force.as_ref(),
            Milestone::Ends | Milestone::Closes | Milestone::Met | Milestone::Lifted | Milestone::Other => None,
        }
    }

    /// By an event, by the clock, or with the agreement it is part of, whichever came first.
    fn ceasefire_ended(&self, handle: Handle) -> Option<Span> {
        let ceasefire = self.state.ceasefires.get(&handle)?;
        let moments = ceasefire.ended().into_iter().chain(ceasefire.superseded_by.as_ref().map(|(_, moment)| moment));
        let with_agreement =
            ceasefire.within.and_then(|agreement| self.deeper(|deeper| deeper.agreement_ended(agreement)).flatten());
        let ends = moments.map(Moment::span).chain(self.run_out(ceasefire.standing(self).until)).chain(with_agreement);
        ends.min_by_key(|span| span.start)
    }

    fn agreement_ended(&self, handle: Handle) -> Option<Span> {
        let agreement = self.state.agreements.get(&handle)?;
        let moments = agreement.ended.iter().map(|(_, moment)| moment);
        let moments = moments.chain(agreement.superseded_by.as_ref().map(|(_, moment)| moment));
        let until = agreement.until.as_ref().filter(|_| agreement.has_expired(self) == Passed::Yes);
        let ends = moments.map(Moment::span).chain(self.run_out(until.and_then(|until| self.due(until))));
        ends.min_by_key(|span| span.start)
    }

    fn measure_ended(&self, handle: Handle) -> Option<Span> {
        let measure = self.state.measures.get(&handle)?;
        let lifted = measure.lifted.iter().map(Moment::span);
        let ends = lifted.chain(self.run_out(measure.until.as_ref().and_then(|until| self.due(until))));
        ends.min_by_key(|span| span.start)
    }

    /// When something has run out by the clock, if it has.
    fn run_out(&self, due: Option<Due>) -> Option<Span> {
        due.filter(|due| due.passed(self.at) == Passed::Yes).map(|due| Span { start: due.from, end: due.to })
    }

    /// Whether what an agreement settles is settled: it was agreed, and nobody has undone it.
    pub fn agreement_stands(&self, handle: Handle) -> bool {
        let stage =
            self.state.agreements.get(&handle).map(|agreement| (agreement.stage(self), agreement.is_rejected()));
        match stage {
            None | Some((Stage::Proposed | Stage::Rejected | Stage::Ended, _)) => false,
            Some((Stage::Superseded, rejected)) => !rejected,
            Some(_) => true,
        }
    }

    /// Whether an agreement is over, and what is part of it with it.
    pub fn agreement_is_over(&self, handle: Handle) -> bool {
        let agreement = self.state.agreements.get(&handle);
        let stage = agreement.and_then(|agreement| self.deeper(|deeper| agreement.stage(deeper)));
        matches!(stage, Some(Stage::Expired | Stage::Ended | Stage::Superseded))
    }
}
