//! What SQLite says, in our words: stored, not stored, or unknown.

use rusqlite::{Error, ErrorCode};

use crate::log::{Broken, Fault};

/// Before the commit: nothing was stored.
pub(super) fn failed(error: Error) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy,
        // The file is there: what can't be opened are those beside it, which have to be made.
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Fault::ReadOnly,
        Some(ErrorCode::DiskFull) => Fault::Full,
        Some(ErrorCode::NotADatabase) => Fault::NotAStore("it is no SQLite file, or it is damaged at its start".into()),
        _ => Fault::Failed(error.to_string()),
    }
}

/// A commit that fails may still have reached the disk, unless SQLite knows that it did not.
pub(super) fn at_commit(error: Error) -> Fault {
    match failed(error) {
        Fault::Failed(what) => Fault::Unknown(what),
        certain => certain,
    }
}

/// An id that stands twice is the record's fault, anything else the store's.
pub(super) fn on_insert(version: u64, error: Error) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Broken { version, what: "its id stands twice".into() }.into(),
        _ => failed(error),
    }
}
