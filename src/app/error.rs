//! What can go wrong on the way to an answer, told as it is shown: what, where, why, and a remedy that can be typed.

use std::fmt;

use serde_json::{Value, json};

use crate::exchange::drafts::Problem;
use crate::exchange::near::near;
use crate::exchange::typed::TypedError;

/// The exit code of the program; written policy, never renumbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It could not be done.
    Failed = 1,
    /// It was asked in a way that makes no sense.
    Usage = 2,
    /// `check` or `verify` found something.
    Found = 3,
    /// The log moved on from the version that was expected.
    Moved = 4,
    /// It is not known whether it was stored.
    Unknown = 5,
    /// Whoever was asked interrupted it.
    Interrupted = 130,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Found => 3,
            Exit::Moved => 4,
            Exit::Unknown => 5,
            Exit::Interrupted => 130,
        }
    }
}

/// An error, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// A stable identifier: `ambiguous-date`.
    pub id: &'static str,
    /// With which code the program ends.
    pub exit: Exit,
    /// What was wrong.
    pub what: String,
    /// Where and why, line by line.
    pub why: Vec<String>,
    /// What to type instead.
    pub help: Option<Box<str>>,
    /// Values that would do.
    pub candidates: Box<[String]>,
    /// The lines of a file that are at fault.
    pub problems: Box<[(String, Problem)]>,
}

impl Trouble {
    /// Something that could not be done.
    pub fn failed(id: &'static str, what: impl Into<String>) -> Trouble {
        let (candidates, problems) = (Box::default(), Box::default());
        Trouble { id, exit: Exit::Failed, what: what.into(), why: Vec::new(), help: None, candidates, problems }
    }

    /// Something that was asked wrongly.
    pub fn usage(id: &'static str, what: impl Into<String>) -> Trouble {
        Trouble { exit: Exit::Usage, ..Trouble::failed(id, what) }
    }

    /// A name that is not there: the nearest one that is, or all if they are few.
    pub fn unknown(id: &'static str, what: impl Into<String>, name: &str, known: &[String]) -> Trouble {
        const FEW: usize = 12;
        let near = near(name, known.iter().map(String::as_str));
        let why = match &near {
            Some(near) => Some(format!("did you mean \"{near}\"?")),
            None if known.is_empty() => Some("none is known".into()),
            None => (known.len() <= FEW).then(|| format!("known: {}", known.join(", "))),
        };
        let candidates = near.map_or_else(|| known.to_vec(), |near| vec![near.to_string()]);
        Trouble { candidates: candidates.into(), why: why.into_iter().collect(), ..Trouble::usage(id, what) }
    }

    /// With a line that says why.
    pub fn because(mut self, why: impl Into<String>) -> Trouble {
        self.why.push(why.into());
        self
    }

    /// As one problem object (RFC 9457).
    pub fn as_problem(&self) -> Value {
        let mut chars = self.id.chars().map(|c| if c == '-' { ' ' } else { c });
        let title: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect();
        let mut problem = json!({
            "type": format!("urn:talks:error:{}", self.id),
            "title": title,
            "detail": self.what,
            "exit": self.exit.code(),
        });
        if !self.why.is_empty() {
            problem["why"] = json!(self.why);
        }
        if let Some(help) = &self.help {
            problem["help"] = json!(help);
        }
        if !self.candidates.is_empty() {
            problem["candidates"] = json!(self.candidates);
        }
        if !self.problems.is_empty() {
            let line = |(file, problem): &(String, Problem)| {
                let Problem { id, line, column, what, help, .. } = problem;
                json!({ "id": id, "file": file, "line": line, "column": column, "what": what, "help": help })
            };
            problem["problems"] = self.problems.iter().map(line).collect();
        }
        problem
    }

    /// With a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Trouble {
        self.help = Some(help.into().into());
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Trouble {}

impl From<TypedError> for Trouble {
    fn from(error: TypedError) -> Trouble {
        let TypedError { id, what, why, help, candidates } = error;
        Trouble {
            why: why.into_iter().collect(),
            help: Some(help.into()),
            candidates: candidates.into(),
            ..Trouble::usage(id, what)
        }
    }
}
