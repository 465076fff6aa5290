//! `talks query`

use std::io::Read;

use serde_json::{Value, json};

use super::args::QueryArgs;
use super::page::{Page, header};
use super::table::Table;
use super::text::{BOLD, DIM, clean, counted, indented, pad, styled, width};
use super::{Context, complain};
use crate::app::{Asking, Queryable, Trouble, queryable};

pub(super) fn page(args: &QueryArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    match &args.question {
        Some(question) if !args.schema => {
            let question = if question == "-" { typed()? } else { question.clone() };
            context.ask(|asking| answer(asking, &question))
        }
        _ => Ok(Page::table(json!({ "data": { "columns": queryable() } }), "columns", schema_text(&queryable()))),
    }
}

fn typed() -> Result<String, Trouble> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).map(|_| text).map_err(|error| {
        Trouble::failed("unreadable", format!("can't read standard input: {}", complain::plain(&error)))
    })
}

fn answer(asking: &Asking<'_>, question: &str) -> Result<Page, Trouble> {
    let answer = asking.query(question)?;
    // A column without a name is called by its words, and these may be from an event.
    let columns: Vec<String> = answer.columns.iter().map(|name| clean(name)).collect();
    let mut table = Table::new(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    for row in &answer.rows {
        table.row(row.values().map(cell).collect());
    }
    let rows =
        if answer.rows.is_empty() { String::new() } else { format!("\n{}\n", counted(answer.rows.len(), "row")) };
    let human = format!("{}{}{}", header(asking), table.finish("No row."), styled(DIM, &rows));
    Ok(Page::new(asking.answer(answer), Some("rows"), human))
}

/// A value as SQLite's own shell prints it: nothing for null.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A name that is also a word of SQL is typed in quotes.
fn as_typed(column: &str) -> String {
    if ["in", "table", "to", "when"].contains(&column) { format!("\"{column}\"") } else { column.into() }
}

fn schema_text(columns: &[Queryable]) -> String {
    let mut text = String::from("Tables that can be asked, each with its columns:\n");
    let mut table = "";
    let wide = columns.iter().map(|column| column.column.len()).max().unwrap_or(0) + 2;
    for column in columns {
        if column.table != table {
            table = column.table;
            text.push_str(&format!("\n{}\n{}", styled(BOLD, table), indented(column.about, 2, width())));
        }
        let to = column.references.as_ref().map(|to| format!(" -> {to}")).unwrap_or_default();
        text.push_str(&format!("  {}{}{to}\n", pad(&as_typed(&column.column), wide), column.holds));
    }
    text.push_str(
        "\nevents_fts holds the words of events: SELECT * FROM events WHERE rowid IN
  (SELECT rowid FROM events_fts('truce'))
json is text: json_each(column) opens it. A name in quotes is a word of SQL, and
is typed with them. --json and --csv say what each column means.\n",
    );
    text
}
