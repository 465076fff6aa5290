//! The wordings of something that is worded anew: as it was first put, as it stands, and those between.
//!
//! Those between can be left out and brought back: of a demand that was reworded ten thousand times, what is so now is told by the last.
//! How many were left out is kept, so that each has its number.

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// A wording, and when it was given.
pub type Wording = (String, Moment);

/// All wordings of something, in the order of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wordings {
    first: Wording,
    /// So many of those after the first are not held here.
    left_out: usize,
    between: Vec<Wording>,
    last: Option<Wording>,
}

impl Wordings {
    /// As it was first put.
    pub fn new(text: String, moment: Moment) -> Wordings {
        Wordings { first: (text, moment), left_out: 0, between: Vec::new(), last: None }
    }

    /// Worded anew.
    pub fn add(&mut self, text: String, moment: Moment) {
        let before = self.last.replace((text, moment));
        self.between.extend(before);
    }

    /// As it was first put.
    pub fn first(&self) -> &Wording {
        &self.first
    }

    /// As it stands.
    pub fn last(&self) -> &Wording {
        self.last.as_ref().unwrap_or(&self.first)
    }

    /// The text as it stands.
    pub fn text(&self) -> &str {
        &self.last().0
    }

    /// Those that are held here, in order.
    pub fn held(&self) -> impl Iterator<Item = &Wording> {
        [&self.first].into_iter().chain(&self.between).chain(&self.last)
    }

    /// Takes away those between, each with its number; the first of all is number 0.
    pub fn leave_out(&mut self) -> Vec<(usize, Wording)> {
        let from = self.left_out + 1;
        self.left_out += self.between.len();
        self.between.drain(..).enumerate().map(|(at, wording)| (from + at, wording)).collect()
    }

    /// Whether all are held here.
    pub fn are_all_held(&self) -> bool {
        self.left_out == 0
    }

    /// Brings back what was left out, of all that came after the first; nothing if these are too few.
    pub fn bring_back(&mut self, mut all: Vec<Wording>) -> Option<()> {
        (all.len() >= self.left_out).then(|| {
            all.truncate(self.left_out);
            self.left_out = 0;
            self.between.splice(0..0, all);
        })
    }
}
