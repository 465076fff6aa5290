//! Something that can be answered, where something is asked: by a prompt, a shell or a form.

use super::clean;

/// Something that can be answered, and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is typed.
    pub value: String,
    /// What it is, safe to be shown.
    pub about: String,
}

impl Choice {
    /// A value, and what it is.
    pub fn new(value: &str, about: String) -> Choice {
        Choice { value: clean(value), about: clean(&about) }
    }
}
