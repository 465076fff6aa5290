//! How far something long has got, for whoever waits for it.

use std::fmt;
use std::sync::Arc;

/// What is being done, and how much of it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// In words: "verifying".
    pub doing: &'static str,
    /// How many records are done; none, where they are not counted one by one.
    pub done: Option<u64>,
    /// How many records there are.
    pub of: u64,
}

/// Where it is told; by default nobody listens.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(Step) + Send + Sync>>);

impl Progress {
    /// Tells a listener, who is asked often and so should be quick.
    pub fn to(listener: impl Fn(Step) + Send + Sync + 'static) -> Progress {
        Progress(Some(Arc::new(listener)))
    }

    /// Something begins that is not counted on its way.
    pub fn begins(&self, doing: &'static str, of: u64) {
        self.tell(Step { doing, done: None, of });
    }

    /// One more of many is about to be done.
    pub(super) fn stands(&self, doing: &'static str, done: u64, of: u64) {
        self.tell(Step { doing, done: Some(done), of });
    }

    fn tell(&self, step: Step) {
        self.0.iter().for_each(|listener| listener(step));
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(told)" } else { "Progress" })
    }
}
