//! One line about what takes long, on a terminal only; it is gone when the work is done.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use super::text::{first_line, width};
use crate::app::{Progress, Step};

/// What is quicker than this is not spoken of.
const QUIET: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const PAUSE: Duration = Duration::from_millis(100);

/// What the work tells, and whether it is over.
#[derive(Default)]
struct Shared {
    state: Mutex<(Step, bool)>,
    over: Condvar,
}

/// Shows how far something has got, as long as it is kept.
pub(super) struct Shown {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

impl Shown {
    pub(super) fn new(quiet: bool) -> Shown {
        let shared = Arc::new(Shared::default());
        let is_seen = !quiet && std::io::stderr().is_terminal();
        // Without a thread for it nothing is shown, and all else is done.
        let writer = is_seen.then(|| {
            let shared = Arc::clone(&shared);
            Builder::new().spawn(move || shared.write()).ok()
        });
        let writer = writer.flatten();
        Shown { shared, writer }
    }

    /// Where the work tells it.
    pub(super) fn progress(&self) -> Progress {
        if self.writer.is_none() {
            return Progress::default();
        }
        let shared = Arc::clone(&self.shared);
        Progress::to(move |step| shared.state.lock().unwrap_or_else(PoisonError::into_inner).0 = step)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.shared.over.notify_all();
        // What the writer could not write is nothing that anybody misses.
        let _ = self.writer.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn write(&self) {
        let began = Instant::now();
        let (mut pause, mut shown) = (QUIET, 0);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let waited = self.over.wait_timeout_while(state, pause, |(_, over)| !*over);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if state.1 {
                break;
            }
            let line = first_line(&line(state.0, began.elapsed()), width() - 1);
            rewrite(&line, shown);
            (pause, shown) = (PAUSE, line.width());
        }
        if shown > 0 {
            rewrite("", shown);
        }
    }
}

/// Writes a line over one that was so many columns wide.
fn rewrite(line: &str, shown: usize) {
    let rest = shown.saturating_sub(line.width());
    let back = if line.is_empty() { "\r" } else { "" };
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "\r{line}{}{back}", " ".repeat(rest)).and_then(|()| err.flush());
}

/// `verifying 43210 of 100000 records (43 %), 3 s`
fn line(step: Step, since: Duration) -> String {
    let Step { doing, done, of } = step;
    let doing = if doing.is_empty() { "working" } else { doing };
    let much = match (done, of) {
        (Some(done), 1..) => format!(" {done} of {of} records ({} %)", done.saturating_mul(100) / of),
        (None, 1..) => format!(" {of} records"),
        (_, 0) => String::new(),
    };
    format!("{doing}{much}, {} s", since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_done_how_far_and_since_when() {
        let at = |done, of| line(Step { doing: "verifying", done, of }, Duration::from_millis(3900));
        assert_eq!(at(Some(43_210), 100_000), "verifying 43210 of 100000 records (43 %), 3 s");
        assert_eq!(at(None, 7), "verifying 7 records, 3 s");
        assert_eq!(at(None, 0), "verifying, 3 s");
        assert_eq!(line(Step::default(), Duration::ZERO), "working, 0 s");
    }

    #[test]
    fn where_nobody_looks_nothing_is_listened_for() {
        let shown = Shown::new(true);
        assert_eq!(format!("{:?}", shown.progress()), "Progress");
    }
}
