//! The story that ships with the program: the report as printed, and the corrections that move it to what happened.

use std::sync::Arc;

use super::{Book, Trouble};
use crate::exchange::drafts::{Reader, Severity};

/// The demo's name.
pub const DEMO_NAME: &str = "istanbul-talks";

const AS_PRINTED: &str = include_str!("../../events/istanbul-talks-as-printed.jsonl");
const CORRECTIONS: &str = include_str!("../../events/istanbul-talks-corrections.jsonl");

/// The story as printed, or with its corrections.
///
/// # Errors
/// Only if the files that are built in do not read, which a test rules out.
pub fn demo_book(corrected: bool) -> Result<Book, Trouble> {
    let mut reader = Reader::default();
    reader.push(AS_PRINTED.as_bytes());
    if corrected {
        reader.push(CORRECTIONS.as_bytes());
    }
    let (records, problems) = reader.finish();
    if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(Trouble::failed("demo", format!("the demo does not read: {}", problem.what)));
    }
    Ok(Book { name: DEMO_NAME.into(), records: records.into_iter().map(Arc::new).collect() })
}
