//! Text on a terminal: what an event says is shown, never obeyed.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

pub(super) use crate::view::clean;

/// The width to write for: the terminal's, else `COLUMNS`, else 80.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns));
    let asked = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    terminal.or_else(asked).unwrap_or(80).clamp(40, 200)
}

/// The words of a text; a space that does not break keeps two together.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|word| !word.is_empty())
}

/// Breaks text into lines of at most `width` columns, at spaces where it can.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines.last().map_or(0, |line| line.width());
        if line > 0 && line + 1 + word.width() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word.replace('\u{a0}', " "));
        }
    }
    lines
}

/// Wrapped text under a hanging indent.
pub(super) fn indented(text: &str, indent: usize, width: usize) -> String {
    let pad = " ".repeat(indent);
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    lines.into_iter().map(|line| format!("{pad}{line}\n")).collect()
}

/// `1 incident`, `2 incidents`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
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
}
