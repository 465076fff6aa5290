//! A folder of its own for each test that writes files.

use std::fs;
use std::path::PathBuf;

/// An empty folder of that name below the one for the tests' files.
#[track_caller]
pub fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("what an earlier run left can be removed");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}
