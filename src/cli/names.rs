//! Names for people: a party is called by its name.

pub(super) use crate::view::Names;

use crate::app::Asking;

impl<'a> Names<'a> {
    /// Those of the log that is asked.
    pub(super) fn new(asking: &'a Asking<'_>) -> Names<'a> {
        Names::among(&asking.asked().all.ground)
    }
}
