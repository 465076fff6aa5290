//! A store, opened: which negotiations it has, and the log of each, read whole.

use std::cell::RefCell;
use std::path::Path;

use super::derived::Derived;
use super::fault::trouble;
use super::held::Held;
use super::rows::Rows;
use super::snapshots::{SNAPSHOTS_FROM, snapshots};
use super::{Asking, Book, Depth, Env, Progress, Question, Trouble};
use crate::domain::history::{History, Knowledge};
use crate::domain::negotiation::{Cut, RULES, fold};
use crate::domain::when::Instant;
use crate::log::{Access, Derive, EventLog, FORMAT, Fault, SqliteLog, Stop};

/// What becomes of a store that had to be folded to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It keeps what would have saved the fold.
    Remember,
    /// It is left as it is.
    LeaveAsIs,
}

/// A store in a file.
#[derive(Debug)]
pub struct Store {
    pub(super) log: SqliteLog,
    access: Access,
    pub(super) progress: Progress,
    held: RefCell<Held>,
}

impl Store {
    /// Makes an empty store in a new file.
    ///
    /// # Errors
    /// The file exists, or can't be made.
    pub fn create(path: &Path) -> Result<Store, Trouble> {
        let access = Access::Write;
        SqliteLog::create(path).map(|log| Store::of(log, access)).map_err(|fault| told(fault, path, access))
    }

    /// Opens a store to read it.
    ///
    /// # Errors
    /// There is none, or it can't be trusted.
    pub fn open(path: &Path) -> Result<Store, Trouble> {
        Store::open_for(path, Access::Read)
    }

    /// Opens a store to append to it.
    ///
    /// # Errors
    /// There is none, or it can't be trusted.
    pub fn open_to_write(path: &Path) -> Result<Store, Trouble> {
        Store::open_for(path, Access::Write)
    }

    fn open_for(path: &Path, access: Access) -> Result<Store, Trouble> {
        let log = SqliteLog::open(path, access).map_err(|fault| told(fault, path, access))?;
        Ok(Store::of(log, access))
    }

    fn of(log: SqliteLog, access: Access) -> Store {
        Store { log, access, progress: Progress::default(), held: RefCell::default() }
    }

    /// Tells how far it has got with what takes long.
    pub fn telling(self, progress: Progress) -> Store {
        Store { progress, ..self }
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        self.log.path()
    }

    /// The negotiations it has: name, last version and root of each.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn negotiations(&self) -> Result<Vec<(String, u64, String)>, Trouble> {
        let logs = self.log.logs().map_err(|fault| self.trouble(fault))?;
        Ok(logs.into_iter().map(|log| (log.slug, log.head.version(), log.head.root().to_string())).collect())
    }

    /// What SQLite says of its settings.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn settings(&self) -> Result<Vec<(&'static str, String)>, Trouble> {
        self.log.settings().map_err(|fault| self.trouble(fault))
    }

    /// The negotiation that is meant: the one named, else the only one there is.
    ///
    /// # Errors
    /// There is no such one, none at all, or more than one to choose from.
    pub fn choose(&self, named: Option<&str>) -> Result<String, Trouble> {
        let known = self.log.slugs().map_err(|fault| self.trouble(fault))?;
        match (named, &known[..]) {
            (Some(slug), _) if known.iter().any(|name| name == slug) => Ok(slug.into()),
            (Some(slug), []) => {
                let what = format!("{} has no negotiation yet", self.path().display());
                Err(Trouble::usage("no-such-negotiation", what)
                    .help(format!("talks open {slug} --title TITLE opens it, talks import FILE -n {slug} reads one")))
            }
            (Some(slug), _) => {
                let what = format!("no negotiation \"{slug}\" in {}", self.path().display());
                Err(Trouble::unknown("no-such-negotiation", what, slug, &known).help("talks negotiations lists them"))
            }
            (None, [only]) => Ok(only.clone()),
            (None, []) => {
                let what = format!("{} has no negotiation yet", self.path().display());
                Err(Trouble::failed("no-negotiation", what)
                    .help("talks open SLUG --title TITLE opens one, talks import FILE reads one"))
            }
            (None, _) => {
                let what = format!("{} has {} negotiations", self.path().display(), known.len());
                let trouble = Trouble::usage("which-negotiation", what).because(known.join(", "));
                Err(Trouble { candidates: known.into(), ..trouble.help("name one: -n SLUG") })
            }
        }
    }

    /// A negotiation's log, read whole.
    ///
    /// # Errors
    /// There is none of that name, or it can't be read.
    pub fn book(&self, slug: &str) -> Result<Book, Trouble> {
        let mut book = None;
        let looked = self.log.look(slug, &mut |head, reader| {
            book = Some(Book::of_stored(slug, head, reader)?);
            Ok(())
        });
        let read = looked.and_then(|()| book.ok_or_else(|| Fault::NoLog(slug.into())));
        read.map_err(|fault| self.trouble(fault))
    }

    /// The state of a negotiation as of a day, from what is derived and kept beside its log; nothing where that can't tell, and the
    /// log has to be folded.
    ///
    /// # Errors
    /// A day that can't be read, or the store can't be.
    pub fn asking(
        &self,
        slug: &str,
        question: &Question,
        depth: Depth,
        env: &Env,
    ) -> Result<Option<Asking<'static>>, Trouble> {
        let mut answer = Ok(None);
        let looked = self.log.look(slug, &mut |head, reader| {
            answer = match self.held.borrow_mut().ask((slug, head, reader), question, depth, env) {
                Ok(told) => Ok(told.map(|(days, present)| Asking::of_present(slug, head, days, present))),
                Err(Stop::Fault(fault)) => return Err(fault),
                Err(Stop::Refused(trouble)) => Err(trouble),
                Err(Stop::Moved(_)) => Ok(None),
            };
            Ok(())
        });
        looked.map_err(|fault| self.trouble(fault)).and(answer)
    }

    /// Asks a question of a negotiation: from what is kept beside its log, where that can tell, else by folding the log.
    ///
    /// # Errors
    /// As for [`Asking::new`], there is none of that name, or the store can't be read.
    pub fn ask<T>(
        &self,
        slug: &str,
        question: &Question,
        depth: Depth,
        env: &Env,
        afterwards: Afterwards,
        answer: impl FnOnce(&Asking<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        if let Some(asking) = self.asking(slug, question, depth, env)? {
            return answer(&asking);
        }
        let book = self.book(slug)?;
        let asking = Asking::new(&book, question, env)?;
        let answer = answer(&asking)?;
        if afterwards == Afterwards::Remember {
            self.remember(slug, &asking);
        }
        Ok(answer)
    }

    /// Keeps what is derived from a negotiation that was just folded, if that would have saved the fold. A store that can't be
    /// written to, or that is being written to, is left as it is.
    pub fn remember(&self, slug: &str, asking: &Asking<'_>) {
        let Some(last) = asking.records().last().filter(|_| asking.records().len() >= SNAPSHOTS_FROM) else { return };
        let Ok(mut log) = SqliteLog::open(self.path(), Access::Write) else { return };
        let (mut is_current, mut has_snapshots) = (false, false);
        let looked = log.look(slug, &mut |head, reader| {
            let rows = Rows::open(head, reader)?;
            is_current = rows.is_some();
            has_snapshots = rows.map_or(Ok(false), |rows| rows.has_snapshots())?;
            Ok(())
        });
        if looked.is_err() || has_snapshots {
            return;
        }
        let (mut rows, history) = (Vec::new(), asking.whole_history());
        if !is_current {
            let Ok(book) = self.book(slug) else { return };
            rows = derived(&book, &history).afresh();
        }
        rows.extend(snapshots(&history));
        if rows.is_empty() {
            return;
        }
        // Whoever asks next folds again, and tries again.
        let _ = log.derive(slug, last.version().0, &rows);
    }

    /// Derives anew what is kept beside the log of a negotiation; says how many rows there are.
    ///
    /// # Errors
    /// There is none of that name, or the store can't be written.
    pub fn rebuild(&mut self, slug: &str) -> Result<usize, Trouble> {
        self.progress.begins("reading", 0);
        let book = self.book(slug)?;
        self.progress.begins("deriving rows of", book.records.len() as u64);
        let history = History::new(&book.records, &Knowledge::default());
        let mut rows = derived(&book, &history).afresh();
        rows.extend(snapshots(&history));
        let version = book.records.len() as u64;
        let stood = self.log.derive(slug, version, &rows).map_err(|fault| self.trouble(fault))?;
        if !stood {
            return Err(Trouble::failed("moved-on", "the log moved on meanwhile").help("run talks rebuild again"));
        }
        Ok(rows.iter().filter(|row| matches!(row, Derive::Put(_))).count())
    }

    /// Writes a copy of the store as it stands into a new file, while others may go on writing.
    ///
    /// # Errors
    /// The file exists, or can't be written.
    pub fn backup(&self, to: &Path) -> Result<Store, Trouble> {
        self.log.backup(to).map_err(|fault| match fault {
            Fault::Exists | Fault::ReadOnly | Fault::Full => trouble(fault, to),
            other => self.trouble(other),
        })?;
        // A copy is at home on a network too; it is only not appended to there.
        match SqliteLog::open(to, Access::Write) {
            Err(Fault::Network(_)) => Store::open(to),
            opened => opened.map(|log| Store::of(log, Access::Write)).map_err(|fault| told(fault, to, Access::Write)),
        }
    }

    pub(super) fn trouble(&self, fault: Fault) -> Trouble {
        told(fault, self.log.path(), self.access)
    }
}

/// Which rules fold a log, which format seals it, and what keeps it.
pub fn versions() -> String {
    let (sqlite, layout) = SqliteLog::versions();
    format!("rules {RULES}, format {FORMAT}, layout {layout}, SQLite {sqlite}")
}

/// Whoever wanted to write is told that nothing was stored.
fn told(fault: Fault, path: &Path, access: Access) -> Trouble {
    let failed = access == Access::Write && matches!(fault, Fault::Failed(_));
    let trouble = trouble(fault, path);
    if failed { trouble.because("nothing was stored") } else { trouble }
}

/// What is derived from a log.
pub(super) fn derived(book: &Book, history: &History) -> Derived {
    Derived::of(book, history, &fold(history, Instant::MAX, &Cut::default()))
}
