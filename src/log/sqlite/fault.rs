//! What SQLite says, in our words: stored, not stored, or unknown.

use rusqlite::{Error, ErrorCode};

use crate::log::{Broken, Fault};

/// What the triggers of the layout say.
const ONLY_APPENDED: &str = "talks: a log is only appended to";
/// What SQLite says of the index of ids.
const ID_TAKEN: &str = "UNIQUE constraint failed: index 'events_by_id'";

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

/// What the row of a record breaks, told by what it is.
pub(super) fn on_insert(version: u64, error: Error, place_is_taken: bool) -> Fault {
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return failed(error);
    }
    let said = match &error {
        Error::SqliteFailure(_, Some(said)) => said.as_str(),
        _ => "a constraint of its layout is broken",
    };
    let what = match said {
        _ if place_is_taken => "its place is taken".into(),
        // The trigger speaks before the index would.
        ONLY_APPENDED | ID_TAKEN => return Broken::twice(version).into(),
        said => format!("the store does not take it: {said}"),
    };
    Broken { version, what }.into()
}
