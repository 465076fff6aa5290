//! The room for questions in SQL: rows that are handed in become tables of an SQLite database, in memory or in a new file.
//!
//! It knows nothing of the log, of a view or of the domain, and never sees a store: what it is asked about is a copy that was made
//! for the question. A question reads and does nothing else.

mod ask;
mod file;
mod load;

use serde_json::Value;

pub use ask::{Answered, Refused, ask};
pub use file::write;

/// A table as it is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its name.
    pub name: &'static str,
    /// What its rows are.
    pub about: &'static str,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The column by which a row is known.
    pub key: Option<&'static str>,
    /// The column that says in words what a row is.
    pub label: Option<&'static str>,
    /// The column whose words can be searched.
    pub searched: Option<&'static str>,
    /// The rows: a value a column.
    pub rows: Vec<Vec<Value>>,
}

/// A column as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub holds: Holds,
    /// What it means.
    pub doc: String,
    /// The table and column that it refers to.
    pub references: Option<(&'static str, &'static str)>,
}

/// What is in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words, a name or a handle.
    Text,
    /// A date as written, in EDTF.
    Date,
    /// A number.
    Integer,
    /// 1 for yes, 0 for no.
    Boolean,
    /// A list or an object, as JSON text.
    Json,
}

impl Holds {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Holds::Text => "text",
            Holds::Date => "date",
            Holds::Integer => "integer",
            Holds::Boolean => "boolean",
            Holds::Json => "json",
        }
    }
}
