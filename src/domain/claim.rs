//! A claim: what a party asserts, with its own values.
//!
//! Claims are kept apart and never merged into one fact. A denial disputes a claim; a different version of it is a rival claim, and
//! then both are disputed. How a claim stands is in the ledger, by the event that made it.

use serde::{Deserialize, Serialize};

use super::event::{ClaimMade, ClaimSays};
use super::ids::{Handle, Target, Version};
use super::moment::Moment;
use super::value::Actor;
use super::wordings::Wordings;

/// A claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its handle.
    pub handle: Handle,
    /// The event that made it first.
    pub made_by: Version,
    /// Who claims.
    pub by: Actor,
    /// Its wordings, the latest last.
    pub texts: Wordings,
    /// What it is about.
    pub about: Option<Target>,
    /// The claim it contradicts.
    pub rival_of: Option<Handle>,
    /// The claims that contradict it, both ways.
    pub rivals: Vec<Handle>,
    /// Its own values, as last given.
    pub says: Option<ClaimSays>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Claim {
    /// A new claim.
    pub fn made(handle: Handle, made: &ClaimMade, moment: Moment) -> Claim {
        let ClaimMade { by, text, about, rival_of, says, .. } = made.clone();
        let made_by = moment.version;
        let rival_of = rival_of.map(|claim| claim.0);
        Claim {
            handle,
            made_by,
            by,
            texts: Wordings::new(text, moment),
            about,
            rival_of,
            rivals: Vec::new(),
            says,
            basis: Vec::new(),
        }
    }

    /// Made again, in other words or with other values.
    pub fn repeat(&mut self, made: &ClaimMade, moment: Moment) {
        self.texts.add(made.text.clone(), moment);
        self.says = made.says.clone().or(self.says.take());
    }

    /// The latest wording.
    pub fn text(&self) -> &str {
        self.texts.text()
    }
}
