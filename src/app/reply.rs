//! An answer as every front door hands it out: as JSON, and as CSV where it is a table.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Trouble;
use crate::view::{self, Answer, clean_json};

/// An answer, ready to be handed out.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    json: Value,
    /// The key in `data` under which the table lies.
    table: Option<&'static str>,
    /// Its columns, where no row has them.
    columns: Vec<String>,
}

impl Reply {
    /// An answer; `table` names the list in its data that CSV prints.
    ///
    /// # Errors
    /// It can't be written as JSON.
    pub fn new<T: Serialize + JsonSchema>(answer: &Answer<T>, table: Option<&'static str>) -> Result<Reply, Trouble> {
        let json = to_json(answer)?;
        let is_blank = table.is_some_and(|name| json["data"][name].as_array().is_some_and(Vec::is_empty));
        let columns = if is_blank { columns(&view::schema::<T>(), table.unwrap_or_default()) } else { Vec::new() };
        Ok(Reply { json, table, columns })
    }

    /// One list, under its own name in `data`.
    ///
    /// # Errors
    /// It can't be written as JSON.
    pub fn list<T: Serialize + JsonSchema>(
        frame: Answer<()>,
        name: &'static str,
        lines: &[T],
    ) -> Result<Reply, Trouble> {
        let data = Value::Object([(name.to_string(), to_json(lines)?)].into_iter().collect());
        let columns = if lines.is_empty() { columns(&view::schema::<Vec<T>>(), name) } else { Vec::new() };
        Ok(Reply { columns, ..Reply::new(&frame.with(data), Some(name))? })
    }

    /// What has no frame.
    pub fn raw(json: Value) -> Reply {
        Reply { json, table: None, columns: Vec::new() }
    }

    /// A table in `data`, outside the frame of an answer.
    pub fn table(json: Value, table: &'static str) -> Reply {
        Reply { json, table: Some(table), columns: Vec::new() }
    }

    /// The whole answer.
    pub fn value(&self) -> &Value {
        &self.json
    }

    /// As JSON, one object, its last line ended; nothing in it steers a terminal.
    pub fn json(&self) -> String {
        clean_json(&format!("{:#}\n", self.json))
    }

    /// The table as CSV (RFC 4180): a date as written, a list joined by semicolons. Where there is no row, the columns are those
    /// that the data or the schema names.
    ///
    /// # Errors
    /// It is no table.
    pub fn csv(&self) -> Result<String, Trouble> {
        let rows = self.table.and_then(|name| self.json["data"][name].as_array()).ok_or_else(|| {
            Trouble::usage("no-table", "this answer is no table")
                .help("use --json, or a command that lists: demands, timeline, log ...")
        })?;
        let asked = self.json["data"]["columns"].as_array().into_iter().flatten();
        let named = self.columns.iter().map(String::as_str);
        let mut columns: Vec<&str> = asked.filter_map(Value::as_str).chain(named).collect();
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
}

fn to_json<T: Serialize + ?Sized>(what: &T) -> Result<Value, Trouble> {
    serde_json::to_value(what).map_err(|error| Trouble::failed("json", error.to_string()))
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
