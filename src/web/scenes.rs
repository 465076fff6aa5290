//! What stands around the points of a negotiation, kept from one step of a slider to the next: its records, and the sliders with
//! all that is drawn along them. It holds as long as the log has the same root, and for a minute: what moves by the clock moves on.

use std::sync::{Arc, Mutex, PoisonError};

use super::shelf::Identity;
use crate::app::{Book, Question};
use crate::domain::when::Instant;
use crate::view::Around;

/// So many events are kept in all; of a longer log, that log alone.
const EVENTS_AT_MOST: usize = 50_000;
/// For so many seconds.
const LASTS: i64 = 60;

/// What is kept, the latest last.
#[derive(Debug, Default)]
pub(super) struct Scenes(Mutex<Vec<Scene>>);

/// Which log, at which root. A copy with parts withheld has the same root, so it is told in which file it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogName {
    pub(super) file: Identity,
    pub(super) slug: String,
    pub(super) root: String,
}

/// A log in a reading.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) log: LogName,
    /// The question, but for the day of the world.
    pub(super) question: Question,
    pub(super) since: Instant,
    pub(super) book: Arc<Book>,
    pub(super) around: Arc<Around>,
}

impl Scenes {
    /// What is kept of a log, in any reading: its records; and in this reading, what stands around.
    pub(super) fn of(
        &self,
        log: &LogName,
        question: &Question,
        now: Instant,
    ) -> (Option<Arc<Book>>, Option<Arc<Around>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What the log was before is of no use, and may hold what was erased since.
        kept.retain(|scene| scene.log.slug != log.slug || scene.log == *log);
        let question = of_every_day(question);
        let book = kept.iter().find(|scene| scene.log == *log).map(|scene| Arc::clone(&scene.book));
        let lasts = |scene: &&Scene| (0..LASTS).contains(&(now.0 - scene.since.0));
        let holds = |scene: &&Scene| scene.log == *log && scene.question == question && lasts(scene);
        (book, kept.iter().find(holds).map(|scene| Arc::clone(&scene.around)))
    }

    /// Keeps a scene, in the place of one of the same reading; the oldest give way. One that reaches beyond now is of its own day
    /// only, and where files can't be told apart nothing is kept.
    pub(super) fn keep(&self, scene: Scene) {
        if scene.around.until > scene.since.0 || scene.log.file.is_none() {
            return;
        }
        let scene = Scene { question: of_every_day(&scene.question), ..scene };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| {
            other.log.slug != scene.log.slug || other.log == scene.log && other.question != scene.question
        });
        kept.push(scene);
        while kept.len() > 1 && kept.iter().map(|scene| scene.book.records.len()).sum::<usize>() > EVENTS_AT_MOST {
            kept.remove(0);
        }
    }
}

fn of_every_day(question: &Question) -> Question {
    Question { as_of: None, ..question.clone() }
}
