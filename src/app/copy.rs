//! The copy of a source that somebody keeps: only its hash goes into the log.

use std::fs::File;
use std::path::Path;

use super::Trouble;
use crate::log::hash_of;

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// The file can't be read.
pub fn sha256_of(path: &Path) -> Result<String, Trouble> {
    let hash = File::open(path).and_then(hash_of);
    hash.map(|hash| hash.to_string()).map_err(|error| {
        let why = std::io::Error::from(error.kind()).to_string();
        Trouble::failed("unreadable", format!("can't read {}: {why}", path.display()))
            .because("nothing was stored")
            .help("name the file of your copy: --file PATH")
    })
}
