//! The store, as it is read while others write: by connections that only read, a few of which are kept for the next question.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::app::{Store, Trouble};

/// So many connections are kept.
const KEPT: usize = 8;

/// The store.
#[derive(Debug)]
pub(super) struct Shelf {
    path: PathBuf,
    kept: Mutex<Vec<(Identity, Store)>>,
}

/// Which file it is, so that a store that was put in the place of another is not mistaken for it.
pub(super) type Identity = Option<(u64, u64)>;

impl Shelf {
    pub(super) fn new(path: PathBuf) -> Shelf {
        Shelf { path, kept: Mutex::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Which file the store is now.
    pub(super) fn identity(&self) -> Identity {
        identity(&self.path)
    }

    /// Reads from the store, on a thread that may wait.
    pub(super) fn read<T>(&self, ask: impl FnOnce(&Store) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let identity = identity(&self.path);
        let found = self.lock().pop().filter(|(known, _)| known.is_some() && *known == identity);
        let store = match found {
            Some((_, store)) => store,
            None => Store::open(&self.path)?,
        };
        let answer = ask(&store)?;
        let mut kept = self.lock();
        if kept.len() < KEPT {
            kept.push((identity, store));
        }
        Ok(answer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Identity, Store)>> {
        // A list of connections is never half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Identity {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Where a file has no number, each question opens it anew.
#[cfg(not(unix))]
fn identity(_: &Path) -> Identity {
    None
}
