//! A text in somebody's editor. The file is theirs alone, and is gone afterwards unless something went wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::complain::plain;
use crate::app::Trouble;

/// A text that is being edited.
pub(super) struct Draft {
    path: PathBuf,
}

impl Draft {
    /// An empty file that only its owner can read.
    pub(super) fn new() -> Result<Draft, Trouble> {
        let mut bytes = [0u8; 8];
        let failed = |why: String| Trouble::failed("no-draft", format!("can't make a file for the editor: {why}"));
        getrandom::fill(&mut bytes).map_err(|error| failed(error.to_string()))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = std::env::temp_dir().join(format!("talks-{name}.txt"));
        create(&path).map_err(|error| failed(plain(&error)).help("set TMPDIR to a folder that can be written to"))?;
        Ok(Draft { path })
    }

    /// Opens the editor on a text, and gives back what it was when the editor closed.
    pub(super) fn edit(&self, text: &str) -> Result<String, Trouble> {
        let editor = editor()?;
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or_default();
        fs::write(&self.path, text).map_err(|error| self.lost(&plain(&error)))?;
        let status = Command::new(program).args(words).arg(&self.path).status();
        match status {
            Ok(status) if status.success() => {}
            Ok(_) => return Err(self.lost(&format!("{program} ended with an error"))),
            Err(error) => return Err(self.lost(&format!("can't run {program}: {}", plain(&error)))),
        }
        fs::read_to_string(&self.path).map_err(|error| self.lost(&plain(&error)))
    }

    /// Takes the file away.
    pub(super) fn done(self) {
        // What is left of it is in a folder for such files, and nobody else can read it.
        let _ = fs::remove_file(&self.path);
    }

    /// Where the text stays.
    pub(super) fn kept(&self) -> String {
        format!("your text is kept in {}", self.path.display())
    }

    /// The file stays, with what was typed.
    fn lost(&self, why: &str) -> Trouble {
        Trouble::failed("editor", why)
            .because("nothing was stored")
            .help(format!("{}; EDITOR names another editor", self.kept()))
    }
}

/// The editor, and what names it: `VISUAL`, else `EDITOR`, else vi on a terminal.
pub(super) fn editor_from() -> Option<(String, &'static str)> {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.trim().is_empty());
    let on_terminal = || io::stdin().is_terminal().then(|| ("vi".to_string(), "neither VISUAL nor EDITOR"));
    let named = set("VISUAL").map(|editor| (editor, "VISUAL"));
    named.or_else(|| Some((set("EDITOR")?, "EDITOR"))).or_else(on_terminal)
}

fn editor() -> Result<String, Trouble> {
    editor_from().map(|(editor, _)| editor).ok_or_else(|| {
        Trouble::usage("no-editor", "no editor is named, and there is no terminal")
            .help("set EDITOR, as in EDITOR=nano")
    })
}

/// Whether a program can be found, by its path or on `PATH`.
pub(super) fn is_found(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let has_folder = Path::new(program).components().count() > 1;
    let is_there = |folder: PathBuf| folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file();
    if has_folder { Path::new(program).is_file() } else { std::env::split_paths(&folders).any(is_there) }
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.flush()
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.flush()
}
