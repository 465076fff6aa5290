//! What could not be read, and where.
//!
//! A finding is a problem while its line is still at hand: it holds the bytes it is about. It becomes a [`Problem`], which stands on
//! its own, when the line is done. A line can hold very many mistakes, so each shows its first twenty and the number of the others;
//! errors go before warnings, so that no error hides behind them.

use std::ops::Range;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The line was not read.
    Error,
    /// The line was read; something in it was not understood.
    Warning,
}

/// Something that could not be read, with its place and its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What sort of problem, by a name that does not change: `bad-json`, `missing-date`.
    pub id: &'static str,
    /// Whether the line was read in spite of it.
    pub severity: Severity,
    /// Which of the files read, from 0.
    pub file: usize,
    /// The line of that file, from 1; blank lines count.
    pub line: usize,
    /// Where in the line, in characters from 1.
    pub column: usize,
    /// How many characters to underline, at least 1; never more than the excerpt shows.
    pub width: usize,
    /// What is wrong.
    pub what: String,
    /// The line as it stands, or up to 100 characters of it around the column.
    pub excerpt: String,
    /// The same place within the excerpt, in characters from 1.
    pub excerpt_column: usize,
    /// A remedy that can be typed.
    pub help: Option<String>,
}

/// A problem in a line that is still at hand.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub id: &'static str,
    pub severity: Severity,
    /// The bytes of the line.
    pub at: Range<usize>,
    pub what: String,
    pub help: Option<String>,
}

/// Where a line stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub file: usize,
    pub line: usize,
    pub text: &'a str,
}

const SHOWN_PER_LINE: usize = 20;
const EXCERPT_CHARS: usize = 100;
const BEFORE_COLUMN_CHARS: usize = 40;
const WORDS_CHARS: usize = 300;

impl Finding {
    pub fn error(id: &'static str, at: Range<usize>, what: impl Into<String>) -> Finding {
        Finding { id, severity: Severity::Error, at, what: what.into(), help: None }
    }

    pub fn warning(id: &'static str, at: Range<usize>, what: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(id, at, what) }
    }

    pub fn help(self, help: impl Into<String>) -> Finding {
        Finding { help: Some(help.into()), ..self }
    }
}

impl Place<'_> {
    /// The problems of the line, in the order of their columns.
    pub fn problems(self, mut found: Vec<Finding>) -> Vec<Problem> {
        found.sort_by_key(|finding| (finding.severity, finding.at.start));
        if found.len() > SHOWN_PER_LINE {
            let more = found.len() - SHOWN_PER_LINE;
            found.truncate(SHOWN_PER_LINE);
            let what = format!("this line has {more} more problems, which are not listed");
            found.push(Finding::warning("more-problems", self.text.len()..self.text.len(), what));
        }
        found.sort_by_key(|finding| finding.at.start);
        found.into_iter().map(|finding| self.problem(finding)).collect()
    }

    /// One problem, on its own.
    pub fn problem(self, finding: Finding) -> Problem {
        let Finding { id, severity, at, what, help } = finding;
        let text = self.text;
        let start = boundary(text, at.start);
        let excerpt = excerpt(text, start);
        let end = boundary(text, at.end.clamp(start, excerpt.end));
        Problem {
            id,
            severity,
            file: self.file,
            line: self.line,
            column: chars(text, 0..start) + 1,
            width: chars(text, start..end).max(1),
            what: shortened(what),
            excerpt: text.get(excerpt.clone()).unwrap_or_default().to_owned(),
            excerpt_column: chars(text, excerpt.start..start) + 1,
            help: help.map(shortened),
        }
    }
}

/// The start of the character that a byte belongs to; the end of the text where there is no such byte.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn chars(text: &str, range: Range<usize>) -> usize {
    text.get(range).unwrap_or_default().chars().count()
}

/// The bytes to show: all of a short line, else a window around the place.
fn excerpt(text: &str, at: usize) -> Range<usize> {
    let nth = |from: usize, n: usize| text[from..].char_indices().nth(n).map_or(text.len(), |(i, _)| from + i);
    let start = match nth(0, EXCERPT_CHARS) == text.len() {
        true => 0,
        false => text[..at].char_indices().rev().take(BEFORE_COLUMN_CHARS).last().map_or(at, |(i, _)| i),
    };
    start..nth(start, EXCERPT_CHARS)
}

/// A message quotes what was written, which may be long.
fn shortened(words: String) -> String {
    match words.char_indices().nth(WORDS_CHARS) {
        Some((cut, _)) => format!("{}…", &words[..cut]),
        None => words,
    }
}
