//! Old shapes, lifted in one place, for ever.
//!
//! Each kind's data has a shape number, `schema`, which starts at 1 and is raised when a shape changes in a way that a new optional
//! field can't express. Whatever reads a record asks here first, so that no other code knows that there ever was another shape.
//! A shape newer than this version's is not guessed at: the record is kept and shown as not understood.

use std::borrow::Cow;

/// The newest shape of a kind's data that this version writes and reads.
pub fn current_schema(_kind: &str) -> u32 {
    1
}

/// The data of `kind` in its current shape, lifted from shape number `schema`.
///
/// # Errors
/// Says so if the shape is newer than this version knows, or numbered 0.
pub fn lift<'a>(kind: &str, schema: u32, data: &'a str) -> Result<Cow<'a, str>, String> {
    let newest = current_schema(kind);
    match schema {
        0 => Err(format!("shape 0 of {kind} does not exist; shapes are numbered from 1")),
        shape if shape > newest => {
            Err(format!("shape {shape} of {kind} is newer than {newest}, the newest this version knows"))
        }
        _ => Ok(Cow::Borrowed(data)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_shape_is_not_guessed_at() {
        assert_eq!(lift("demand.met", 1, "{}"), Ok(Cow::Borrowed("{}")));
        assert!(lift("demand.met", 2, "{}").is_err_and(|e| e.contains("newer than 1")));
        assert!(lift("demand.met", 0, "{}").is_err());
    }
}
