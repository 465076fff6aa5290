//! What is due: commitments that somebody owes, deadlines that nobody need owe, and follow-ups of the desk itself.
//!
//! A due date that moves keeps its old dates. A commitment goes overdue by the clock; carried out in full after its date it is met,
//! late. Whoever owes it may disown it, also one that others made for it; whoever it is owed to may let it go.

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::ceasefire::Violation;
use super::event::{CommitmentMade, DeadlineSet, FollowupSet, Level, Otherwise};
use super::ids::{Handle, Target, Version};
use super::moment::Moment;
use super::now::Now;
use super::term::{Passed, Term};
use super::value::{Actor, Party, codes};
use super::wordings::Wordings;

codes! {
    /// Where a commitment stands.
    pub enum CommitmentState {
        Open = "open", PossiblyOverdue = "possibly-overdue", Overdue = "overdue", Met = "met", Waived = "waived",
        Repudiated = "repudiated",
    }
    /// Where a deadline or a follow-up stands.
    pub enum DeadlineState { Open = "open", PossiblyPassed = "possibly-passed", Passed = "passed", Done = "done" }
}

/// A commitment and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// Its handle.
    pub handle: Handle,
    /// Who owes it.
    pub by: Vec<Party>,
    /// To whom.
    pub to: Vec<Party>,
    /// Its wordings, the latest last.
    pub texts: Wordings,
    /// The agreement it stands in.
    pub within: Option<Handle>,
    /// Its dates, the latest last.
    pub dues: Vec<(Option<Term>, Moment)>,
    /// How far it is carried out, as assessed, the latest last.
    pub levels: Vec<(Level, Moment)>,
    /// When it was let go.
    pub waived: Option<(Actor, Moment)>,
    /// Who disowned it, and when.
    pub repudiated: Vec<(Actor, Moment)>,
    /// What was said to break it.
    pub violations: Vec<Violation>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Commitment {
    /// A new commitment.
    pub fn made(handle: Handle, made: &CommitmentMade, moment: Moment) -> Commitment {
        Commitment {
            handle,
            by: made.by.to_vec(),
            to: made.to.to_vec(),
            texts: Wordings::new(made.text.clone(), moment.clone()),
            within: made.r#in.map(|agreement| agreement.0),
            dues: vec![(made.due.clone(), moment)],
            levels: Vec::new(),
            waived: None,
            repudiated: Vec::new(),
            violations: Vec::new(),
            basis: Vec::new(),
        }
    }

    /// Made again: dated or worded anew.
    pub fn remake(&mut self, made: &CommitmentMade, moment: Moment) {
        super::value::extend_new(&mut self.by, made.by.iter());
        super::value::extend_new(&mut self.to, made.to.iter());
        self.texts.add(made.text.clone(), moment.clone());
        if made.due.is_some() {
            self.dues.push((made.due.clone(), moment));
        }
    }

    /// Assessed.
    pub fn assess(&mut self, level: Option<Level>, moment: Moment) {
        self.levels.extend(level.map(|level| (level, moment)));
    }

    /// Let go.
    pub fn waive(&mut self, by: &Actor, moment: Moment) {
        self.waived = Some((by.clone(), moment));
    }

    /// Disowned by one who owes it.
    pub fn repudiate(&mut self, by: &Actor, moment: Moment) -> Result<(), Misfit> {
        if !self.by.contains(&by.party) {
            return Err(Misfit::NotBound(self.handle, by.party.clone()));
        }
        self.repudiated.push((by.clone(), moment));
        Ok(())
    }

    /// The latest wording.
    pub fn text(&self) -> &str {
        self.texts.text()
    }

    /// The latest date.
    pub fn due(&self) -> Option<&Term> {
        self.dues.last().and_then(|(due, _)| due.as_ref())
    }

    /// When it was carried out in full.
    pub fn met(&self) -> Option<&Moment> {
        self.levels.last().filter(|(level, _)| *level == Level(3)).map(|(_, moment)| moment)
    }

    /// Whether it was carried out after its date.
    pub fn is_late(&self, now: &Now<'_>) -> bool {
        let due = self.due().and_then(|term| now.due(term));
        self.met().zip(due).is_some_and(|(met, due)| met.key >= due.to)
    }

    /// Where it stands by then.
    pub fn state(&self, now: &Now<'_>) -> CommitmentState {
        if self.met().is_some() {
            CommitmentState::Met
        } else if self.repudiated.iter().any(|(by, _)| by.binding_party().is_some()) {
            CommitmentState::Repudiated
        } else if self.waived.as_ref().is_some_and(|(by, _)| by.binding_party().is_some()) {
            CommitmentState::Waived
        } else {
            match self.due().and_then(|term| now.due(term)).map_or(Passed::No, |due| due.passed(now.at)) {
                Passed::Yes => CommitmentState::Overdue,
                Passed::Possibly => CommitmentState::PossiblyOverdue,
                Passed::No => CommitmentState::Open,
            }
        }
    }
}

/// A deadline and where it was moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// Its handle.
    pub handle: Handle,
    /// What is to happen, as last worded.
    pub text: String,
    /// Who set it.
    pub by: Vec<Actor>,
    /// What it concerns.
    pub about: Option<Target>,
    /// Its dates, the latest last.
    pub dues: Vec<(Option<Term>, Moment)>,
    /// Other dates under conditions.
    pub otherwise: Vec<Otherwise>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Deadline {
    /// A new deadline.
    pub fn set(handle: Handle, set: &DeadlineSet, moment: Moment) -> Deadline {
        let DeadlineSet { text, due, about, .. } = set.clone();
        let (by, otherwise) = (set.by.to_vec(), set.otherwise.to_vec());
        Deadline { handle, text, by, about, dues: vec![(due, moment)], otherwise, basis: Vec::new() }
    }

    /// Moved; the old dates stay.
    pub fn reset(&mut self, set: &DeadlineSet, moment: Moment) {
        self.text = set.text.clone();
        self.about = set.about.clone().or(self.about.take());
        self.dues.push((set.due.clone(), moment));
        self.otherwise = set.otherwise.to_vec();
    }

    /// The latest date.
    pub fn due(&self) -> Option<&Term> {
        self.dues.last().and_then(|(due, _)| due.as_ref())
    }

    /// Where it stands by then.
    pub fn state(&self, now: &Now<'_>) -> DeadlineState {
        state_of(self.due(), now)
    }
}

fn state_of(due: Option<&Term>, now: &Now<'_>) -> DeadlineState {
    match due.and_then(|term| now.due(term)).map_or(Passed::No, |due| due.passed(now.at)) {
        Passed::Yes => DeadlineState::Passed,
        Passed::Possibly => DeadlineState::PossiblyPassed,
        Passed::No => DeadlineState::Open,
    }
}

/// Something the desk wants to look at again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Its handle.
    pub handle: Handle,
    /// What to look at.
    pub text: String,
    /// When.
    pub due: Term,
    /// The event that says it was done.
    pub done: Option<Version>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl FollowUp {
    /// Set, or set anew.
    pub fn set(handle: Handle, set: &FollowupSet) -> FollowUp {
        FollowUp { handle, text: set.text.clone(), due: set.due.clone(), done: None, basis: Vec::new() }
    }

    /// Done.
    pub fn finish(&mut self, by: Version) -> Result<(), Misfit> {
        if self.done.is_some() {
            return Err(Misfit::Over(self.handle, "done".into()));
        }
        self.done = Some(by);
        Ok(())
    }

    /// Where it stands by then.
    pub fn state(&self, now: &Now<'_>) -> DeadlineState {
        if self.done.is_some() { DeadlineState::Done } else { state_of(Some(&self.due), now) }
    }
}
