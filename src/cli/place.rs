//! Where the store is, and which negotiation in it is meant.

use std::path::{Path, PathBuf};

use super::Context;
use super::args::{Global, Once, Writing};
use crate::app::{Book, Desk, Manner, Random, Store, Trouble, slug};
use crate::domain::ids::slug_of;

const FILE: &str = "talks.db";

/// The store's file: as named, else `TALKS_STORE`, else the nearest `talks.db` upwards, else the one in the user's data folder.
pub(super) fn store_file(global: &Global) -> Option<PathBuf> {
    found_store(global).map(|(file, _)| file)
}

/// The store's file, and how it was found.
pub(super) fn found_store(global: &Global) -> Option<(PathBuf, &'static str)> {
    let in_data_folder = || Some(data_folder()?.join("talks").join(FILE)).filter(|file| file.exists());
    let named = global.store.clone().map(|file| (file, "--store"));
    named
        .or_else(|| Some((set("TALKS_STORE")?, "TALKS_STORE")))
        .or_else(|| Some((upwards()?, "the nearest one upwards")))
        .or_else(|| Some((in_data_folder()?, "the data folder")))
}

/// A variable that says something.
pub(super) fn set(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn upwards() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let found = here.ancestors().map(|folder| folder.join(FILE)).find(|file| file.exists())?;
    // Shown as short as it can be named.
    Some(found.strip_prefix(&here).map_or_else(|_| found.clone(), Path::to_path_buf))
}

fn data_folder() -> Option<PathBuf> {
    set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local").join("share")))
}

fn required(global: &Global) -> Result<PathBuf, Trouble> {
    store_file(global).ok_or_else(|| {
        Trouble::usage("no-store", "there is no store here, or in a folder above")
            .help("talks init makes one; --store FILE names one; --log FILE reads a plain log")
    })
}

impl Context<'_> {
    /// The store, to be read.
    pub(super) fn store(&self) -> Result<Store, Trouble> {
        Store::open(&required(self.global)?)
    }

    /// The store, to be appended to.
    pub(super) fn store_to_write(&self) -> Result<Store, Trouble> {
        if !self.global.log.is_empty() {
            return Err(Trouble::usage("plain-log", "a plain log is only read")
                .help("leave --log out and append to a store: talks init, then talks import FILE"));
        }
        Store::open_to_write(&required(self.global)?)
    }

    /// The negotiation that is meant, read whole.
    pub(super) fn book_in_store(&self) -> Result<Book, Trouble> {
        let store = self.store()?;
        store.book(&store.choose(self.global.negotiation.as_deref())?)
    }

    /// Where to append to, and how.
    pub(super) fn desk<'s>(
        &self,
        store: &'s mut Store,
        slug: String,
        writing: &Writing,
        once: Option<&Once>,
    ) -> Result<Desk<'s>, Trouble> {
        let manner = Manner {
            recorder: recorder(writing.recorder.as_ref()),
            id: once.and_then(|once| once.id),
            again: once.is_some_and(|once| once.again),
            ids_of_lines: false,
            force: writing.force,
            hold: false,
        };
        let random = dice();
        let (expect, dry_run) = (writing.expect_version, writing.dry_run);
        Ok(Desk { store, slug, env: self.env, random, expect, dry_run, manner })
    }

    /// The same for a negotiation that is there.
    pub(super) fn append<T>(
        &self,
        writing: &Writing,
        once: Option<&Once>,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let mut store = self.store_to_write()?;
        let slug = store.choose(self.global.negotiation.as_deref())?;
        work(&mut self.desk(&mut store, slug, writing, once)?)
    }
}

/// Who records: as named, else `TALKS_RECORDER`.
pub(super) fn recorder(named: Option<&String>) -> Option<String> {
    let name = named.cloned().or_else(|| std::env::var("TALKS_RECORDER").ok());
    name.filter(|name| !name.is_empty())
}

/// Random bytes, of this machine.
pub(super) fn dice() -> Random {
    Random(|bytes| getrandom::fill(bytes).map_err(|error| error.to_string()))
}

/// The name for what a file holds: its own, in letters that can be typed.
pub(super) fn slug_of_file(path: &Path) -> Result<String, Trouble> {
    if path == Path::new("-") {
        return Err(
            Trouble::usage("no-name", "what comes from standard input has no name").help("give it one: -n SLUG")
        );
    }
    let made = path.file_stem().map(|stem| slug_of(&stem.to_string_lossy())).unwrap_or_default();
    if made.is_empty() {
        let what = format!("no name can be made of {}", path.display());
        return Err(Trouble::usage("no-name", what).help("give one: -n SLUG"));
    }
    slug(&made)
}
