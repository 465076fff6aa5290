//! What a command gives back, and how it is printed: for people, as JSON, or as CSV.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::args::Global;
use super::text::{DIM, styled};
use crate::app::{Asking, Exit, Trouble};
use crate::view::{self, Answer, clean_json};

/// An answer in its three shapes.
pub(super) struct Page {
    json: Value,
    /// The key in `data` under which the table lies.
    table: Option<&'static str>,
    /// Its columns, where no row has them.
    columns: Vec<String>,
    human: String,
    /// Where the answer itself is bad news.
    exit: Option<Exit>,
}

impl Page {
    /// An answer; `table` names the list in its data that CSV prints.
    pub(super) fn new<T: Serialize + JsonSchema>(
        answer: &Answer<T>,
        table: Option<&'static str>,
        human: String,
    ) -> Result<Page, Trouble> {
        let json = serde_json::to_value(answer).map_err(|e| Trouble::failed("json", e.to_string()))?;
        let is_blank = table.is_some_and(|name| json["data"][name].as_array().is_some_and(Vec::is_empty));
        let columns = if is_blank { columns(&view::schema::<T>(), table.unwrap_or_default()) } else { Vec::new() };
        Ok(Page { json, table, columns, human, exit: None })
    }

    /// One list, under its own name in `data`.
    pub(super) fn list<T: Serialize + JsonSchema>(
        asking: &Asking<'_>,
        name: &'static str,
        lines: &[T],
        human: String,
    ) -> Result<Page, Trouble> {
        let rows = serde_json::to_value(lines).map_err(|e| Trouble::failed("json", e.to_string()))?;
        let data = Value::Object([(name.to_string(), rows)].into_iter().collect());
        let page = Page::new(&asking.answer(data), Some(name), format!("{}{human}", header(asking)))?;
        let columns = if lines.is_empty() { columns(&view::schema::<Vec<T>>(), name) } else { Vec::new() };
        Ok(Page { columns, ..page })
    }

    /// JSON for everybody.
    pub(super) fn raw(json: Value) -> Page {
        let human = clean_json(&format!("{json:#}\n"));
        Page::with(json, human)
    }

    /// JSON, and the same in words.
    pub(super) fn with(json: Value, human: String) -> Page {
        Page { json, table: None, columns: Vec::new(), human, exit: None }
    }

    /// A table in `data`, outside the frame of an answer.
    pub(super) fn table(json: Value, table: &'static str, human: String) -> Page {
        Page { table: Some(table), ..Page::with(json, human) }
    }

    /// What was printed already.
    pub(super) fn silent() -> Page {
        Page::with(Value::Null, String::new())
    }

    /// With an exit code of its own.
    pub(super) fn ending(self, exit: Exit) -> Page {
        Page { exit: Some(exit), ..self }
    }

    /// Words for people; in JSON, the same under `help`.
    pub(super) fn text(text: &str) -> Page {
        Page::with(serde_json::json!({ "help": text }), text.into())
    }

    /// Prints it as the flags say.
    pub(super) fn print(self, global: &Global) -> Result<Option<Exit>, Trouble> {
        self.print_out(global).map(|()| self.exit)
    }

    fn print_out(&self, global: &Global) -> Result<(), Trouble> {
        if self.json.is_null() {
            return Ok(());
        }
        if global.json {
            return write_out(&clean_json(&format!("{:#}\n", self.json)));
        }
        if global.csv {
            return write_out(&csv(&self.json, self.table, &self.columns)?);
        }
        let rows = self.human.lines().count();
        let tall =
            terminal_size::terminal_size().is_some_and(|(_, terminal_size::Height(height))| rows > usize::from(height));
        if tall && !global.no_pager && std::io::stdout().is_terminal() && page(&self.human) {
            return Ok(());
        }
        write_out(&self.human)
    }
}

/// The title of a negotiation, or the name of its log.
pub(super) fn title<'a>(asking: &'a Asking<'_>) -> &'a str {
    match asking.asked().all.ground.title.as_str() {
        "" => asking.name(),
        title => title,
    }
}

/// The dates as they were understood, and the reading.
pub(super) fn dates(asking: &Asking<'_>) -> String {
    let mut dates = format!("as of {}", asking.as_of.echo);
    if let Some(point) = &asking.known_by {
        dates.push_str(&format!(", as known by {}", point.echo));
    }
    if let Some(point) = &asking.recorded_by {
        dates.push_str(&format!(", as recorded by {}", point.echo));
    }
    let frame = asking.answer(());
    if frame.certain {
        dates.push_str(", certain events only");
    }
    if let Some(party) = &frame.reading.accounts_of {
        dates.push_str(&format!(
            ", by the account of {} ({} events left out)",
            super::names::Names::new(asking).of(party),
            frame.reading.left_out
        ));
    }
    if frame.reading.corroborated {
        dates.push_str(&format!(", corroborated only ({} events left out)", frame.reading.left_out));
    }
    if !frame.complete {
        dates.push_str("; some records can't be read, see talks log");
    }
    dates
}

/// The first line of every screen: which log, and the dates as they were understood.
pub(super) fn header(asking: &Asking<'_>) -> String {
    let (title, dates) = (super::text::clean(title(asking)), dates(asking));
    let wide = super::text::width();
    let lines: String =
        super::text::wrap(&dates, wide).into_iter().map(|line| format!("{}\n", styled(DIM, &line))).collect();
    format!("{}\n{lines}\n", styled(super::text::BOLD, &title))
}

/// Writes to standard output; a reader that has gone away is no error.
pub(super) fn write_out(text: &str) -> Result<(), Trouble> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Trouble::failed("output", format!("can't write the output: {}", super::complain::plain(&error))))
        }
        _ => Ok(()),
    }
}

/// The pager, and what names it.
pub(super) fn pager() -> (String, &'static str) {
    let named = ["TALKS_PAGER", "PAGER"].into_iter().find_map(|name| Some((std::env::var(name).ok()?, name)));
    named.unwrap_or_else(|| ("less -FIRX".into(), "neither TALKS_PAGER nor PAGER"))
}

/// Through the pager; false if there is none to be had.
fn page(text: &str) -> bool {
    let (pager, _) = pager();
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let Ok(mut child) = Command::new(program).args(words).stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        let plain = anstream::stdout().current_choice() == anstream::ColorChoice::Never;
        let text = if plain { anstream::adapter::strip_str(text).to_string() } else { text.to_string() };
        // A pager that is quit early closes its end; the rest is then simply not wanted.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok()
}

/// The columns of a table, by the schema of what it lies in, or of its rows.
fn columns(schema: &Value, table: &str) -> Vec<String> {
    let follow = |schema: &'_ Value, root: &Value| -> Value {
        let name = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
        name.map_or_else(|| schema.clone(), |name| root["$defs"][name].clone())
    };
    let whole = follow(schema, schema);
    let rows = if whole["items"].is_null() { follow(&whole["properties"][table], schema) } else { whole };
    let row = follow(&rows["items"], schema);
    row["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
}

/// The table as CSV (RFC 4180): a date as written, a list joined by semicolons. Where there is no row, the columns are those named.
fn csv(json: &Value, table: Option<&str>, named: &[String]) -> Result<String, Trouble> {
    let rows = table.and_then(|name| json["data"][name].as_array()).ok_or_else(|| {
        Trouble::usage("no-table", "this answer is no table")
            .help("use --json, or a command that lists: demands, timeline, log ...")
    })?;
    let asked = json["data"]["columns"].as_array().into_iter().flatten();
    let mut columns: Vec<&str> = asked.filter_map(Value::as_str).chain(named.iter().map(String::as_str)).collect();
    for key in rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    if columns.is_empty() {
        return Ok(String::new());
    }
    let broken = |error: csv::Error| Trouble::failed("csv", error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(&columns).map_err(broken)?;
    for row in rows {
        writer.write_record(columns.iter().map(|key| harmless(&row[*key]))).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| Trouble::failed("csv", error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Trouble::failed("csv", error.to_string()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => match (fields.get("edtf"), fields.get("party"), fields.get("answer")) {
            (Some(edtf), ..) => cell(edtf),
            (_, Some(party), Some(answer)) => format!("{}: {}", cell(party), cell(answer)),
            (_, Some(party), None) if fields.contains_key("who") || fields.contains_key("voice") => cell(party),
            _ => value.to_string(),
        },
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe in front keeps it text. A number is none, also below zero.
fn harmless(value: &Value) -> String {
    let cell = cell(value);
    let is_formula = !value.is_number() && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
    if is_formula { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_like_a_formula_is_kept_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(harmless(&text.into()), format!("'{text}"));
        }
        assert_eq!(harmless(&"D1".into()), "D1");
        assert_eq!(harmless(&(-1).into()), "-1");
    }

    #[test]
    fn a_date_is_printed_as_written_and_a_list_is_joined() {
        let when = serde_json::json!({"edtf": "2023-10-26?", "earliest": "x", "latest": "y"});
        assert_eq!(cell(&when), "2023-10-26?");
        assert_eq!(cell(&serde_json::json!(["a", "b"])), "a; b");
    }
}
