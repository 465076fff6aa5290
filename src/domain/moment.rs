//! A moment: when a fact of a life was, and which event says so.

use serde::{Deserialize, Serialize};

use super::history::Fact;
use super::ids::Version;
use super::when::{Instant, Span, When};

/// When something was, for the lives to keep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The event.
    pub version: Version,
    /// As written; an event about the record has none.
    pub when: Option<When>,
    /// Where it sorts in the world.
    pub key: Instant,
    /// Its last instant.
    pub last: Instant,
    /// Its rank among the facts of one key.
    pub tie: u32,
}

impl Moment {
    /// The moment of a fact.
    pub fn new(fact: &Fact) -> Moment {
        let when = fact.occurred().cloned();
        Moment { version: fact.version(), when, key: fact.key, last: fact.last(), tie: fact.tie }
    }

    /// Where it comes among all moments: in the order in which facts are folded, which an event that arrives late leaves as it was.
    pub fn order(&self) -> (Instant, u32) {
        (self.key, self.tie)
    }

    /// From its place in the world to its last instant.
    pub fn span(&self) -> Span {
        Span { start: self.key, end: Instant(self.last.0.saturating_add(1)) }
    }
}
