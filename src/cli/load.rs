//! Reading a plain log from files or standard input.

use std::io::Read;
use std::path::Path;

use super::args::Global;
use super::complain;
use crate::app::{Book, Trouble, sealed_book};
use crate::exchange::drafts::{Problem, Reader, Severity};

/// The log that the flags name, read whole; every bad line is reported at once.
pub(super) fn book(global: &Global) -> Result<Book, Trouble> {
    read_log(global, global.quiet)
}

/// The same once more, without what was said of it the first time.
pub(super) fn again(global: &Global) -> Result<Book, Trouble> {
    read_log(global, true)
}

fn read_log(global: &Global, quiet: bool) -> Result<Book, Trouble> {
    let Some(first) = global.log.first() else {
        return Err(Trouble::usage("no-log", "no log was named").help("talks status --log FILE.jsonl"));
    };
    let mut reader = Reader::default();
    let mut problems: Vec<(String, Problem)> = Vec::new();
    for path in &global.log {
        let bytes = read(path)?;
        problems.extend(reader.push(&bytes).into_iter().map(|problem| (path.display().to_string(), problem)));
    }
    let log = reader.finish();
    let file = |problem: &Problem| global.log.get(problem.file).unwrap_or(first).display().to_string();
    problems.extend(log.problems.into_iter().map(|problem| (file(&problem), problem)));
    let (errors, warnings): (Vec<_>, Vec<_>) =
        problems.into_iter().partition(|(_, problem)| problem.severity == Severity::Error);
    if !errors.is_empty() {
        let lines = if errors.len() == 1 { "1 problem".to_string() } else { format!("{} problems", errors.len()) };
        return Err(Trouble {
            problems: errors.into(),
            ..Trouble::failed("bad-log", format!("the log does not read: {lines}"))
        });
    }
    complain::warn_unless(quiet, &warnings);
    if log.records.is_empty() && !quiet {
        complain::remark("the log is empty", "talks schema says what a line may say");
    }
    // Drafts after sealed lines are read with them, and are not sealed.
    if log.sealed.len() == log.records.len() {
        return sealed_book(name(first), log.records, log.sealed, &first.display().to_string());
    }
    Ok(Book::of_drafts(name(first), log.records))
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let done = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    done.map(|()| bytes).map_err(|error| {
        Trouble::failed("unreadable", format!("can't read {}: {}", path.display(), complain::plain(&error)))
            .help("check the path; - reads standard input")
    })
}

/// A log is called by its file, without the ending.
fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".into();
    }
    path.file_stem().map_or_else(|| "log".into(), |stem| stem.to_string_lossy().into_owned())
}
