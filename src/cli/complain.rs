//! Errors on a terminal: what was wrong, where, why, and a remedy that can be typed. With `--json`, one problem object (RFC 9457).

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use unicode_width::UnicodeWidthStr;

use super::text::{BAD, BOLD, WARN, clean, folded, styled, width};
use crate::app::Trouble;
use crate::exchange::drafts::Problem;
use crate::exchange::near::near;
use crate::view::clean_json;

/// Says what went wrong, on standard error.
pub(super) fn about(trouble: &Trouble, as_json: bool) -> ExitCode {
    let text = if as_json { clean_json(&format!("{:#}\n", trouble.as_problem())) } else { as_text(trouble) };
    // With standard error gone too there is nobody left to tell.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(trouble.exit.code())
}

/// What clap found wrong, in the form of every other error; help and version are no error.
pub(super) fn about_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    about(&usage_trouble(error), std::env::args().any(|arg| arg == "--json"))
}

fn usage_trouble(error: &clap::Error) -> Trouble {
    let said = |kind| error.get(kind).and_then(said_words).unwrap_or_default();
    let typed = |kind| said(kind).into_iter().next().unwrap_or_default();
    let (what, known) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            (format!("no command \"{}\"", typed(ContextKind::InvalidSubcommand)), commands())
        }
        ErrorKind::UnknownArgument => {
            let typed = typed(ContextKind::InvalidArg);
            let noun = if typed.starts_with('-') { "flag" } else { "place for" };
            (format!("no {noun} \"{typed}\""), said(ContextKind::SuggestedArg))
        }
        ErrorKind::MissingRequiredArgument => {
            (format!("{} is missing", said(ContextKind::InvalidArg).join(", ")), Vec::new())
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map_or_else(|| first_line(error), ToString::to_string);
            let (why, remedy) = why.split_once("; ").map_or((&*why, None), |(why, remedy)| (why, Some(remedy)));
            let trouble = Trouble::usage("usage", format!("{}: {why}", typed(ContextKind::InvalidArg)));
            return trouble.help(remedy.map_or_else(|| usage(error), Into::into));
        }
        _ => (first_line(error), said(ContextKind::ValidValue)),
    };
    let name = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue];
    let name = name.into_iter().map(typed).find(|typed| !typed.is_empty()).unwrap_or_default();
    let help = match near(&name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if error.kind() == ErrorKind::InvalidValue && !known.is_empty() => format!("one of {}", known.join(", ")),
        None if error.kind() == ErrorKind::ArgumentConflict => "leave one of them out".into(),
        None => usage(error),
    };
    Trouble::usage("usage", what).help(help)
}

/// How the command is typed, where that is more than a list of flags.
fn usage(error: &clap::Error) -> String {
    let text = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let text = anstream::adapter::strip_str(&text).to_string();
    let line = text.trim().strip_prefix("Usage:").map(str::trim);
    let missing = error.kind() == ErrorKind::MissingRequiredArgument;
    line.filter(|line| missing && !line.contains('\n')).unwrap_or("talks --help").to_string()
}

fn commands() -> Vec<String> {
    super::args::Cli::command().get_subcommands().map(|command| command.get_name().to_string()).collect()
}

fn said_words(value: &ContextValue) -> Option<Vec<String>> {
    match value {
        ContextValue::String(word) => Some(vec![word.clone()]),
        ContextValue::Strings(words) => Some(words.clone()),
        _ => None,
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string()
}

/// Something to know about the log as a whole.
pub(super) fn remark(what: &str, help: &str) {
    let text = format!("{}{}", marked(WARN, "warning:", what), marked(BOLD, "help:", help));
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// An error that does not end the command.
pub(super) fn aside(trouble: &Trouble) {
    let _ = anstream::stderr().lock().write_all(as_text(trouble).as_bytes());
}

/// What the system says, without its number.
pub(super) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Things to know that do not stop the answer.
pub(super) fn warn(warnings: &[(String, Problem)]) {
    let text: String = warnings.iter().map(|(file, problem)| problem_text(WARN, "warning", file, problem)).collect();
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// The same, unless nobody wants to hear it.
pub(super) fn warn_unless(quiet: bool, warnings: &[(String, Problem)]) {
    if !quiet {
        warn(warnings);
    }
}

fn as_text(trouble: &Trouble) -> String {
    let mut text: String =
        trouble.problems.iter().map(|(file, problem)| problem_text(BAD, "error", file, problem)).collect();
    text.push_str(&marked(BAD, "error:", &clean(&trouble.what)));
    for line in &trouble.why {
        text.push_str(&on_screen(&format!("  {}", clean(line))));
    }
    if let Some(help) = &trouble.help {
        text.push_str(&marked(BOLD, "help:", &clean(help)));
    }
    text
}

/// A line after a word in a style.
fn marked(style: anstyle::Style, word: &str, text: &str) -> String {
    on_screen(&format!("{word} {text}")).replacen(word, &styled(style, word), 1)
}

/// A line as a terminal has room for it; what is to be typed stays whole, and so does everything in a pipe.
fn on_screen(line: &str) -> String {
    let is_typed = line.starts_with("help: talks ");
    if is_typed || !std::io::stderr().is_terminal() { format!("{line}\n") } else { folded(line, width()) }
}

fn problem_text(style: anstyle::Style, word: &str, file: &str, problem: &Problem) -> String {
    let Problem { line, column, what, excerpt, excerpt_column, width: wide, .. } = problem;
    let mut text = marked(style, &format!("{word}:"), &format!("{}:{line}:{column}: {}", clean(file), clean(what)));
    if !excerpt.is_empty() {
        let number = line.to_string();
        let (shown, before) = window(excerpt, *excerpt_column, width().saturating_sub(number.len() + 5));
        let room = shown.width().saturating_sub(before).max(1);
        let carets = "^".repeat((*wide).clamp(1, 60).min(room));
        text.push_str(&format!("  {number} | {shown}\n"));
        text.push_str(&format!("  {} | {}{carets}\n", " ".repeat(number.len()), " ".repeat(before)));
    }
    if let Some(help) = &problem.help {
        text.push_str(&on_screen(&format!("  help: {}", clean(help))).replacen("help:", &styled(BOLD, "help:"), 1));
    }
    text
}

/// As much of an excerpt as fits into `room` columns, and how many of them stand before the place it is about.
fn window(excerpt: &str, column: usize, room: usize) -> (String, usize) {
    let pieces: Vec<String> = excerpt.chars().map(|c| clean(c.encode_utf8(&mut [0; 4]))).collect();
    let place = column.saturating_sub(1).min(pieces.len());
    let wide = |pieces: &[String]| pieces.iter().map(|piece| piece.width()).sum::<usize>();
    let mut start = 0;
    while start < place && wide(&pieces) > room && wide(&pieces[start..place]) > room / 2 {
        start += 1;
    }
    let mut end = start;
    while end < pieces.len() && wide(&pieces[start..=end]) <= room {
        end += 1;
    }
    (pieces[start..end].concat(), wide(&pieces[start..place.max(start)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_cut_to_the_room_around_its_place() {
        assert_eq!(window("short", 3, 20), ("short".into(), 2));
        let (shown, before) = window(&"0123456789".repeat(10), 55, 20);
        assert_eq!((shown.as_str(), before), ("4567890123456789012345678901234567890"[..20].into(), 10));
        let (shown, before) = window(&"\u{1}".repeat(100), 90, 30);
        assert!(shown.width() <= 30 && before <= 30, "{shown}");
    }

    #[test]
    fn what_the_system_says_has_no_number() {
        assert_eq!(plain(&std::io::Error::from_raw_os_error(2)), "no such file or directory");
    }

    #[test]
    fn a_misspelt_command_has_the_nearest_one_for_help() {
        use clap::Parser;
        let of = |args: &[&str]| super::super::args::Cli::try_parse_from(args).map_err(|error| usage_trouble(&error));
        let misspelt = of(&["talks", "demnads"]).expect_err("there is no such command");
        assert_eq!(misspelt, Trouble::usage("usage", "no command \"demnads\"").help("did you mean demands?"));
        let misspelt = of(&["talks", "status", "--asof", "e1"]).expect_err("there is no such flag");
        assert_eq!(misspelt, Trouble::usage("usage", "no flag \"--asof\"").help("did you mean --as-of?"));
        let missing = of(&["talks", "show"]).expect_err("a name is missing");
        assert_eq!(missing.what, "<NAME> is missing");
    }
}
