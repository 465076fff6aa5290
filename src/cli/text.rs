//! Text on a terminal: what an event says is shown, never obeyed.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(super) use crate::view::clean;
pub(super) use crate::view::words::counted;

/// The width to write for: the terminal's, else `COLUMNS`, else 80.
pub(super) fn width() -> usize {
    width_from().0
}

/// The width, and what gives it.
pub(super) fn width_from() -> (usize, &'static str) {
    let terminal = terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns));
    let asked = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let (width, from) = match (terminal, terminal.map_or_else(asked, |_| None)) {
        (Some(columns), _) => (columns, "the terminal"),
        (None, Some(columns)) => (columns, "COLUMNS"),
        (None, None) => (80, "neither a terminal nor COLUMNS"),
    };
    (width.clamp(40, 200), from)
}

/// The pieces of a text that stay whole on a line; a space that does not break keeps two together.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).map(|(piece, _)| piece)
}

/// The pieces, each with whether a space stands before it. A script that is written without spaces breaks between its signs, where
/// its rules allow (UAX 14).
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let words = text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|word| !word.is_empty());
    words.flat_map(|word| {
        let is_wide = |c: Option<char>| c.and_then(UnicodeWidthChar::width) == Some(2);
        let may_break = |at: &usize| {
            *at < word.len() && is_wide(word[..*at].chars().next_back()) | is_wide(word[*at..].chars().next())
        };
        // No letter of ASCII is wide; looking up each takes longer than all else.
        let breaks =
            (!word.is_ascii()).then(|| unicode_linebreak::linebreaks(word).map(|(at, _)| at).filter(may_break));
        let ends: Vec<usize> = breaks.into_iter().flatten().chain([word.len()]).collect();
        let mut start = 0;
        ends.into_iter().map(move |end| {
            let piece = (&word[start..end], start == 0);
            start = end;
            piece
        })
    })
}

/// Breaks text into lines of at most `width` columns, where it can.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (piece, after_space) in pieces(text) {
        let line = lines.last().map_or(0, |line| line.width());
        let gap = usize::from(after_space && line > 0);
        if line > 0 && line + gap + piece.width() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() && after_space {
                line.push(' ');
            }
            line.push_str(&piece.replace('\u{a0}', " "));
        }
    }
    lines
}

/// As much of a text as fits into one line.
pub(super) fn first_line(text: &str, width: usize) -> String {
    let mut lines = wrap(text, width.saturating_sub(3)).into_iter();
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() { format!("{first} ..") } else { first }
}

/// Wrapped text under a hanging indent.
pub(super) fn indented(text: &str, indent: usize, width: usize) -> String {
    let pad = " ".repeat(indent);
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    lines.into_iter().map(|line| format!("{pad}{line}\n")).collect()
}

/// Text whose long lines are broken to a width, each under the beginning of its own; lines that fit stay as they are.
pub(super) fn folded(text: &str, width: usize) -> String {
    let fold = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        if line.width() <= width {
            return format!("{line}\n");
        }
        let under = " ".repeat(indent + 2);
        let lines = wrap(line, width.saturating_sub(indent + 2).max(20));
        let all = lines.iter().enumerate().map(|(at, part)| {
            let pad = if at == 0 { &under[..indent] } else { &under };
            format!("{pad}{part}\n")
        });
        all.collect()
    };
    text.lines().map(fold).collect()
}

/// Pads to a number of columns on the screen.
pub(super) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// How something is set apart; colour never carries a meaning alone.
pub(super) const BOLD: Style = Style::new().bold();
/// For what is beside the point.
pub(super) const DIM: Style = Style::new().dimmed();
/// For what holds.
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// For what is doubtful.
pub(super) const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// For what is broken or over.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();

/// Text in a style.
pub(super) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_at_spaces_and_by_columns_on_the_screen() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("土耳其 土耳其", 6), ["土耳其", "土耳其"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }

    #[test]
    fn a_long_line_is_folded_under_its_beginning_and_a_short_one_kept() {
        assert_eq!(folded("ab  cd\n\n", 22), "ab  cd\n\n");
        let text = "  name: one of some words that are many";
        assert_eq!(folded(text, 26), "  name: one of some\n    words that are many\n");
    }

    #[test]
    fn a_script_without_spaces_breaks_between_its_signs_and_not_before_its_stops() {
        assert_eq!(wrap("停止一切敌对行动", 6), ["停止一", "切敌对", "行动"]);
        assert_eq!(wrap("停止一，切敌", 6), ["停止", "一，切", "敌"]);
        assert_eq!(wrap("not-in-session 停止", 10), ["not-in-session", "停止"]);
        assert_eq!(wrap("R2停止", 4), ["R2停", "止"]);
        assert_eq!(words("فیصلہ کن 停止").collect::<Vec<_>>(), ["فیصلہ", "کن", "停", "止"]);
    }
}
