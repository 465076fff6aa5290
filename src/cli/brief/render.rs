//! The template of a briefing: the only place where Markdown is made.
//!
//! What a template prints of an event is text and stays text: each value is escaped as it is printed, with no way to switch that off.
//! So no word of an event becomes a heading, a link, an image, a table, code, a footnote or HTML. A name that does not exist is an
//! error, and a template that never ends is stopped.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::super::text::clean;
use super::sheet::Sheet;
use crate::app::Trouble;
use crate::domain::ids::Handle;

/// The template that is used where none is named.
pub(super) const BUILT_IN: &str = include_str!("template.md");

/// How many steps a template may take; the built-in one takes some thousands.
const FUEL: u64 = 1_000_000;
const NESTED_AT_MOST: usize = 50;

/// A template that was read.
pub(super) struct Template {
    name: String,
    text: String,
}

impl Template {
    pub(super) fn built_in() -> Template {
        Template { name: "the built-in template".into(), text: BUILT_IN.into() }
    }

    /// # Errors
    /// It is no text.
    pub(super) fn of_file(name: &str, bytes: &[u8]) -> Result<Template, Trouble> {
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Trouble::failed("bad-template", format!("{name} is not UTF-8 text"))
                .help("talks brief --print-template > FILE gives one to begin with")
        })?;
        Ok(Template { name: name.into(), text })
    }

    /// # Errors
    /// A line that can't be read, a name that does not exist, or no end.
    pub(super) fn render(&self, sheet: &Sheet) -> Result<String, Trouble> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(escaped);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(NESTED_AT_MOST);
        // A line with nothing but a block leaves no line behind.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| self.trouble(&error))?);
        environment.add_filter("code", code);
        environment.add_filter("notes", notes);
        let done = environment.add_template(&self.name, &self.text).and_then(|()| {
            let template = environment.get_template(&self.name)?;
            template.render(Value::from(Serde(sheet)))
        });
        done.map(|text| tidy(&text)).map_err(|error| self.trouble(&error))
    }

    fn trouble(&self, error: &Error) -> Trouble {
        let why =
            error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
        let place = error.line().map(|line| format!("{}:{line}", self.name)).unwrap_or_else(|| self.name.clone());
        let mut trouble = Trouble::failed("bad-template", format!("{place}: {why}"));
        let excerpt = error.line().and_then(|line| self.text.lines().nth(line.saturating_sub(1)));
        if let Some(excerpt) = excerpt {
            trouble = trouble.because(excerpt.trim());
        }
        trouble.help(match error.kind() {
            ErrorKind::UndefinedError => "talks brief --print-template uses every name that there is",
            ErrorKind::OutOfFuel => "a briefing has few lines; look for a loop that repeats too much",
            ErrorKind::UnknownFilter => "there are two filters, code and notes; text is escaped without one",
            _ => "mend that line, or begin again with talks brief --print-template",
        })
    }
}

/// At most one empty line in a row, no spaces at the ends, one line break at the end.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || !(out.is_empty() || out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}

/// Prints a value. What a filter of ours or a captured block has escaped already is marked as safe, and nothing else can be.
fn escaped(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let text = if value.is_none() { String::new() } else { value.to_string() };
    let text = if value.is_safe() { text } else { markdown(&text) };
    out.write_str(&text).map_err(Error::from)
}

/// One line of text that Markdown and HTML show as it is.
///
/// What can begin a construct anywhere is escaped everywhere; what only can at the start of a line, at the start. Hyphens and stops
/// inside a text are left alone, for a cable is often read as it is typed.
pub(super) fn markdown(text: &str) -> String {
    let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let begins_a_block = (at == 0 && "+-=:.)!".contains(c)) || (at > 0 && at == digits && ".)".contains(c));
        // Some readers make a link of a bare address.
        let is_address =
            text[at..].starts_with("://") || (c == '.' && text[..at].to_ascii_lowercase().ends_with("www"));
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '#' | '|' | '~' | '^' | '$' | '@' => out.extend(['\\', c]),
            c if begins_a_block || is_address => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A text as code, to be copied letter by letter: an address, a command. Never a link.
fn code(text: &str) -> Value {
    let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    Value::from_safe_string(format!("{fence}{room}{text}{room}{fence}"))
}

/// The footnote marks of some sources: `[^S1][^S2]`.
fn notes(handles: Vec<String>) -> Value {
    let is_handle = |handle: &&String| handle.parse::<Handle>().is_ok();
    Value::from_safe_string(handles.iter().filter(is_handle).map(|handle| format!("[^{handle}]")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_where_markdown_would_read_it() {
        assert_eq!(markdown("# a\n* b [c](d) <e> & `f`"), r"\# a \* b \[c\](d) &lt;e&gt; &amp; \`f\`");
        assert_eq!(markdown("12. of the 2025-10-20 list"), r"12\. of the 2025-10-20 list");
        assert_eq!(markdown("- - -"), r"\- - -");
        assert_eq!(markdown("    four\tspaces  \\"), r"four spaces \\");
        assert_eq!(markdown("see https://a.b or WWW.a.b"), r"see https\://a.b or WWW\.a.b");
        assert_eq!(markdown("\u{202e}x"), r"\\u\{202e\}x");
    }

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_has() {
        assert_eq!(code("a`b``c").to_string(), "```a`b``c```");
        assert_eq!(code("`a").to_string(), "`` `a ``");
    }
}
