//! Rows into tables.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Result, ToSql, params_from_iter};
use serde_json::Value;

use super::{Column, Holds, Relation};

/// Makes the tables and fills them, in one transaction. A reference is declared and not enforced: a reading may leave out what is
/// referred to.
pub(super) fn load(connection: &mut Connection, relations: &[Relation]) -> Result<()> {
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = connection.transaction()?;
    for relation in relations {
        transaction.execute(&created(relation), ())?;
        let places = vec!["?"; relation.columns.len()].join(", ");
        let mut insert = transaction.prepare(&format!("INSERT INTO {} VALUES ({places})", quoted(relation.name)))?;
        for row in &relation.rows {
            insert.execute(params_from_iter(row.iter().map(Cell)))?;
        }
    }
    for relation in relations {
        index_words(&transaction, relation)?;
        index_references(&transaction, relation)?;
    }
    transaction.commit()
}

/// A name as SQL takes it, whatever it is.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn created(relation: &Relation) -> String {
    let columns: Vec<String> = relation.columns.iter().map(|each| column(each, relation.key)).collect();
    format!("CREATE TABLE {} (\n  {}\n)", quoted(relation.name), columns.join(",\n  "))
}

fn column(column: &Column, key: Option<&str>) -> String {
    let affinity = match column.holds {
        Holds::Integer | Holds::Boolean => "INTEGER",
        Holds::Text | Holds::Date | Holds::Json => "TEXT",
    };
    let references = column.references.map(|(table, key)| format!(" REFERENCES {}({})", quoted(table), quoted(key)));
    let key = if key == Some(&*column.name) { " PRIMARY KEY" } else { "" };
    format!("{} {affinity}{key}{}", quoted(&column.name), references.unwrap_or_default())
}

/// The words of a column, to be searched. The name of its table stands in double quotes: by these Datasette finds it.
fn index_words(connection: &Connection, relation: &Relation) -> Result<()> {
    let Some(searched) = relation.searched else { return Ok(()) };
    let (words, column) = (quoted(&format!("{}_fts", relation.name)), quoted(searched));
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {words} USING fts5({column}, content={});
         INSERT INTO {words}({words}) VALUES ('rebuild');",
        quoted(relation.name)
    ))
}

fn index_references(connection: &Connection, relation: &Relation) -> Result<()> {
    let is_key = |column: &&Column| relation.key == Some(&*column.name);
    let mut from = relation.columns.iter().filter(|column| column.references.is_some() && !is_key(column));
    from.try_for_each(|column| {
        let name = quoted(&format!("{}_{}", relation.name, column.name));
        let sql = format!("CREATE INDEX {name} ON {} ({})", quoted(relation.name), quoted(&column.name));
        connection.execute(&sql, ()).map(|_| ())
    })
}

/// A value as SQLite keeps it; a list or an object as its JSON text.
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(yes) => i64::from(*yes).into(),
            Value::String(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => whole.into(),
                (None, Some(real)) => real.into(),
                (None, None) => number.to_string().into(),
            },
            Value::Array(_) | Value::Object(_) => self.0.to_string().into(),
        })
    }
}
