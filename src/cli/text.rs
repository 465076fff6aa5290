//! Text on a terminal: what an event says is shown, never obeyed.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

/// The width to write for: the terminal's, else `COLUMNS`, else 80.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns));
    let asked = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    terminal.or_else(asked).unwrap_or(80).clamp(40, 200)
}

/// The text with everything that could steer a terminal or reorder what is read written out: `\u{202e}`.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_steering(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Control characters, bidirectional and zero-width ones, line and paragraph separators, tags.
fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}'
            | '\u{8e2}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{890}' | '\u{891}')
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
    fn what_could_steer_a_terminal_is_written_out() {
        let steering =
            ["\u{1b}[31m", "\u{7}", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{9b}", "\u{e0041}", "\u{61c}"];
        for text in steering {
            let shown = clean(text);
            assert!(shown.contains("\\u{"), "{text:?} was shown as {shown:?}");
            assert!(shown.chars().all(|c| !is_steering(c)));
        }
    }

    #[test]
    fn names_in_other_scripts_are_left_alone() {
        for name in ["پاکستان", "افغانستان", "土耳其", "Türkiye", "“quoted”"] {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn text_breaks_at_spaces_and_by_columns_on_the_screen() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("土耳其 土耳其", 6), ["土耳其", "土耳其"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
