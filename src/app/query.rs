//! Questions in SQL, of the tables that the list commands print; and these tables in a file.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::relations::{empty, filled};
use super::{Asking, Trouble};
use crate::sql::{self, Answered, Refused, Relation};

/// What a question in SQL was answered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Queried {
    /// The names of the columns; a second one of a name is called `name:1`.
    pub columns: Vec<String>,
    /// The rows, each by the names of the columns.
    pub rows: Vec<Map<String, Value>>,
}

/// A column that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queryable {
    /// Its table.
    pub table: &'static str,
    /// What the rows of the table are.
    pub about: &'static str,
    /// Its name.
    pub column: String,
    /// text, date, integer, boolean or json.
    pub holds: &'static str,
    /// The table and column it refers to.
    pub references: Option<String>,
    /// What it means.
    pub doc: String,
}

/// Every column of every table.
pub fn queryable() -> Vec<Queryable> {
    let columns = |relation: Relation| {
        let Relation { name: table, about, columns, .. } = relation;
        columns.into_iter().map(move |column| Queryable {
            table,
            about,
            holds: column.holds.word(),
            references: column.references.map(|(table, key)| format!("{table}.{key}")),
            column: column.name,
            doc: column.doc,
        })
    };
    empty().into_iter().flat_map(columns).collect()
}

impl Asking<'_> {
    /// Asks a question in SQL; it can only read.
    ///
    /// # Errors
    /// It does not read, would do more than read, or goes beyond the bounds of time and room.
    pub fn query(&self, question: &str) -> Result<Queried, Trouble> {
        let Answered { columns, rows } =
            sql::ask(&filled(self)?, question).map_err(|refused| told(refused, question))?;
        Ok(Queried { columns, rows })
    }

    /// Fills an empty file with the tables, as an SQLite database.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write_tables(&self, path: &Path) -> Result<(), Trouble> {
        let unwritten = |why: String| Trouble::failed("output", format!("can't write {}: {why}", path.display()));
        sql::write(path, &filled(self)?).map_err(|why| unwritten(why).help("check the folder and its space"))
    }
}

/// What Datasette is told of the tables in a file: what each is, what each column means, and by which column a row is called.
pub fn metadata(database: &str, title: &str, about: &str) -> Value {
    let table = |relation: Relation| {
        let columns: Map<String, Value> =
            relation.columns.into_iter().map(|column| (column.name, column.doc.into())).collect();
        let mut told = json!({ "description": relation.about, "columns": columns });
        if let Some(label) = relation.label {
            told["label_column"] = label.into();
        }
        (relation.name.to_string(), told)
    };
    let tables: Map<String, Value> = empty().into_iter().map(table).collect();
    json!({ "databases": { database: { "title": title, "description": about, "tables": tables } } })
}

fn told(refused: Refused, question: &str) -> Trouble {
    match refused {
        Refused::Wrong { what, at } => wrong(&what, at, question),
        Refused::NotReading => Trouble::usage("not-reading", "a question only reads")
            .help("begin with SELECT, WITH, VALUES or EXPLAIN; talks add and talks correct change what is so"),
        Refused::NotOne => Trouble::usage("not-one-question", "this is not one statement")
            .help("talks query 'SELECT handle, fate FROM demands'"),
        Refused::Parameter => Trouble::usage("sql-parameter", "nobody gives a value for a ? or :name here")
            .help("write the value itself, in single quotes"),
        Refused::Slow(seconds) => Trouble::failed("too-slow", format!("no answer within {seconds} seconds"))
            .help("narrow it down; a WITH RECURSIVE needs an end"),
        Refused::Long(rows, _) => {
            Trouble::failed("too-long", format!("the answer has more than {rows} rows, or is too large"))
                .help("narrow it down, or end it with LIMIT 1000")
        }
        Refused::Failed(what) => Trouble::failed("sql", what).help("talks query --schema lists what can be asked"),
    }
}

/// A slip in the question: the nearest name that is there, and the place.
fn wrong(what: &str, at: Option<usize>, question: &str) -> Trouble {
    const HELP: &str = "talks query --schema lists tables and columns";
    let name = |after: &str| what.strip_prefix(after).map(|name| name.rsplit('.').next().unwrap_or(name));
    let known = queryable();
    let trouble = if let Some(name) = name("no such column: ") {
        let asked = |table: &str| {
            question.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word.eq_ignore_ascii_case(table))
        };
        let columns = known.into_iter().filter(|column| asked(column.table)).map(|column| column.column);
        let columns: Vec<String> = columns.collect();
        if columns.is_empty() {
            Trouble::usage("no-such-column", what)
        } else {
            Trouble::unknown("no-such-column", what, name, &columns)
        }
    } else if let Some(name) = name("no such table: ") {
        let mut tables: Vec<String> = known.into_iter().map(|column| column.table.into()).collect();
        tables.dedup();
        Trouble::unknown("no-such-table", what, name, &tables)
    } else {
        Trouble::usage("sql", what)
    };
    let place = at.map(|at| place(question, at)).unwrap_or_default();
    let trouble = Trouble { why: [place, trouble.why.clone()].concat(), ..trouble };
    trouble.help(HELP)
}

/// The line of the question in which something is wrong, and a mark under the place.
fn place(question: &str, at: usize) -> Vec<String> {
    const BEFORE: usize = 40;
    const SHOWN: usize = 70;
    let Some((before, after)) = question.split_at_checked(at) else { return Vec::new() };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let before: Vec<char> = before[start..].chars().collect();
    let before: String = before[before.len().saturating_sub(BEFORE)..].iter().collect();
    let line = after.lines().next().unwrap_or_default();
    let shown: String = before.chars().chain(line.chars()).take(SHOWN).collect();
    vec![shown, format!("{}^", " ".repeat(before.chars().count()))]
}
