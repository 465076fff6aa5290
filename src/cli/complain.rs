//! Errors on a terminal: what was wrong, where, why, and a remedy that can be typed. With `--json`, one problem object (RFC 9457).

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::text::{BAD, WARN, clean, styled};
use crate::app::{Exit, Trouble};
use crate::exchange::drafts::Problem;

/// Says what went wrong, on standard error.
pub(super) fn about(trouble: &Trouble, as_json: bool) -> ExitCode {
    let text = if as_json { format!("{:#}\n", as_problem(trouble)) } else { as_text(trouble) };
    // With standard error gone too there is nobody left to tell.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(code(trouble.exit))
}

fn code(exit: Exit) -> u8 {
    match exit {
        Exit::Failed => 1,
        Exit::Usage => 2,
    }
}

/// What clap found wrong; help and version are no error.
pub(super) fn about_usage(error: &clap::Error) -> ExitCode {
    let as_json = std::env::args().any(|arg| arg == "--json");
    if error.use_stderr() && as_json {
        let text = error.render().to_string();
        let what = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string();
        return about(&Trouble::usage("usage", what), true);
    }
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// Things to know that do not stop the answer.
pub(super) fn warn(warnings: &[(String, Problem)]) {
    let text: String = warnings.iter().map(|(file, problem)| problem_text(WARN, "warning", file, problem)).collect();
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

fn as_text(trouble: &Trouble) -> String {
    let mut text: String =
        trouble.problems.iter().map(|(file, problem)| problem_text(BAD, "error", file, problem)).collect();
    text.push_str(&format!("{} {}\n", styled(BAD, "error:"), clean(&trouble.what)));
    for line in &trouble.why {
        text.push_str(&format!("  {}\n", clean(line)));
    }
    if let Some(help) = &trouble.help {
        text.push_str(&format!("{} {}\n", styled(super::text::BOLD, "help:"), clean(help)));
    }
    text
}

fn problem_text(style: anstyle::Style, word: &str, file: &str, problem: &Problem) -> String {
    let Problem { line, column, what, excerpt, excerpt_column, width, .. } = problem;
    let mut text = format!("{} {}:{line}:{column}: {}\n", styled(style, &format!("{word}:")), clean(file), clean(what));
    if !excerpt.is_empty() {
        let number = line.to_string();
        let before: String = excerpt.chars().take(excerpt_column.saturating_sub(1)).collect();
        let indent = unicode_width::UnicodeWidthStr::width(clean(&before).as_str());
        let carets = "^".repeat((*width).clamp(1, 60));
        text.push_str(&format!("  {number} | {}\n", clean(excerpt)));
        text.push_str(&format!("  {} | {}{carets}\n", " ".repeat(number.len()), " ".repeat(indent)));
    }
    if let Some(help) = &problem.help {
        text.push_str(&format!("  {} {}\n", styled(super::text::BOLD, "help:"), clean(help)));
    }
    text
}

fn as_problem(trouble: &Trouble) -> Value {
    let mut chars = trouble.id.chars().map(|c| if c == '-' { ' ' } else { c });
    let title: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect();
    let mut problem = json!({
        "type": format!("urn:talks:error:{}", trouble.id),
        "title": title,
        "detail": trouble.what,
        "exit": code(trouble.exit),
    });
    if let Some(help) = &trouble.help {
        problem["help"] = json!(help);
    }
    if !trouble.candidates.is_empty() {
        problem["candidates"] = json!(trouble.candidates);
    }
    if !trouble.problems.is_empty() {
        let line = |(file, problem): &(String, Problem)| {
            let Problem { id, line, column, what, help, .. } = problem;
            json!({ "id": id, "file": file, "line": line, "column": column, "what": what, "help": help })
        };
        problem["problems"] = trouble.problems.iter().map(line).collect();
    }
    problem
}
