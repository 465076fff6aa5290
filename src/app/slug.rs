//! The name by which a negotiation is typed.

use super::Trouble;
use crate::domain::ids::{is_slug, slug_of};

/// A name to type, as given.
///
/// # Errors
/// It is none; the message proposes one.
pub fn slug(text: &str) -> Result<String, Trouble> {
    if text.len() <= 64 && is_slug(text) {
        return Ok(text.into());
    }
    let made = slug_of(text);
    let help = if made.is_empty() { "choose one: -n istanbul-talks".into() } else { format!("for example {made}") };
    Err(Trouble::usage("bad-slug", format!("\"{text}\" is no name for a negotiation"))
        .because("a name has letters a to z, digits and hyphens, at most 64 of them")
        .help(help))
}
