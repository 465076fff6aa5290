//! The stairwell: the only place where a log and the domain meet.
//!
//! A front door hands in a log, a question and the time of day; the app cuts and folds, and hands back what the views are asked of.
//! It reads no clock itself: [`Env`] is passed in.

mod ask;
mod demo;
mod error;
mod point;

pub use ask::{Asking, Book, Differ, Question, party_named};
pub use demo::{DEMO_NAME, demo_book};
pub use error::{Exit, Trouble};
pub use point::Point;

use crate::domain::when::Instant;

/// What the world outside gives.
#[derive(Clone, Copy, Debug)]
pub struct Env {
    /// The time of day.
    pub now: Instant,
}
