//! The story that ships with the program: the report as printed, and the corrections that move it to what happened.

use super::{Desk, Receipt, Trouble, read_drafts};

/// The demo's name.
pub const DEMO_NAME: &str = "istanbul-talks";

/// A part of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// One news report, as it was printed.
    AsPrinted,
    /// What moves it to what happened.
    Corrections,
}

impl Story {
    /// Its drafts.
    pub fn drafts(self) -> &'static str {
        match self {
            Story::AsPrinted => include_str!("../../events/istanbul-talks-as-printed.jsonl"),
            Story::Corrections => include_str!("../../events/istanbul-talks-corrections.jsonl"),
        }
    }

    /// Appends it.
    ///
    /// # Errors
    /// What the store can't do.
    pub fn append(self, desk: &mut Desk<'_>) -> Result<Receipt, Trouble> {
        desk.add(&read_drafts(self.drafts().as_bytes(), DEMO_NAME)?.drafts)
    }
}
