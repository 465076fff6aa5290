//! A measure: what is done around the table and lasts. The strike, the closed crossing, the blockade, the monitors let in.
//!
//! It is in effect from the moment it is taken until it is lifted or its own end comes, and it does not end with the talks: a
//! negotiation may be closed while the border is.

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{Attitude, MeasureTaken, MeasureType};
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::now::Now;
use super::term::{Passed, Term};
use super::value::{Party, codes};

codes! {
    /// Where a measure stands.
    pub enum MeasureState {
        InEffect = "in-effect", PossiblyExpired = "possibly-expired", Expired = "expired", Lifted = "lifted",
    }
}

/// A measure and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its handle.
    pub handle: Handle,
    /// Who takes it.
    pub by: Vec<Party>,
    /// Against whom.
    pub against: Vec<Party>,
    /// What it is.
    pub kind: MeasureType,
    /// In words, as last given.
    pub text: Option<String>,
    /// Whether it presses or reassures.
    pub attitude: Option<Attitude>,
    /// Until when, as last given.
    pub until: Option<Term>,
    /// When it was taken.
    pub taken: Moment,
    /// When it was lifted.
    pub lifted: Option<Moment>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Measure {
    /// A new measure.
    pub fn taken(handle: Handle, taken: &MeasureTaken, moment: Moment) -> Measure {
        Measure {
            handle,
            by: taken.by.to_vec(),
            against: taken.against.to_vec(),
            kind: taken.r#type,
            text: taken.text.clone(),
            attitude: taken.attitude,
            until: taken.until.clone(),
            taken: moment,
            lifted: None,
            basis: Vec::new(),
        }
    }

    /// Taken again: widened, prolonged, or in effect once more after it was lifted.
    pub fn retake(&mut self, taken: &MeasureTaken, moment: Moment) {
        super::value::extend_new(&mut self.by, taken.by.iter());
        super::value::extend_new(&mut self.against, taken.against.iter());
        self.text = taken.text.clone().or(self.text.take());
        self.until = taken.until.clone();
        if self.lifted.take().is_some() {
            self.taken = moment;
        }
    }

    /// Lifted.
    pub fn lift(&mut self, moment: Moment) -> Result<(), Misfit> {
        if self.lifted.is_some() {
            return Err(Misfit::Over(self.handle, "lifted".into()));
        }
        self.lifted = Some(moment);
        Ok(())
    }

    /// Where it stands by then.
    pub fn state(&self, now: &Now<'_>) -> MeasureState {
        if self.lifted.is_some() {
            return MeasureState::Lifted;
        }
        match self.until.as_ref().and_then(|term| now.due(term)).map_or(Passed::No, |due| due.passed(now.at)) {
            Passed::Yes => MeasureState::Expired,
            Passed::Possibly => MeasureState::PossiblyExpired,
            Passed::No => MeasureState::InEffect,
        }
    }
}
