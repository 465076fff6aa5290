//! One question in SQL, of a copy in memory, within bounds of time and room.
//!
//! A statement that would do anything but read is refused while it is prepared, so that there is nothing to undo.

use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ErrorCode, Statement};
use serde_json::{Map, Value};

use super::Relation;
use super::load::load;

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// After how many steps of SQLite's machine the time is looked at.
const STEPS: i32 = 1000;
/// How long one value can be.
const VALUE_BYTES: i32 = 8 * 1024 * 1024;
/// How much SQLite may hold, in bytes.
const HEAP_BYTES: u32 = 512 * 1024 * 1024;
/// How much an answer may hold.
const ROWS: usize = 100_000;
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The rows that answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The names of the columns; a second one of a name is called `name:1`.
    pub columns: Vec<String>,
    /// Each row, by the names of the columns.
    pub rows: Vec<Map<String, Value>>,
}

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It does not read; the place is a byte of the question.
    Wrong {
        /// What SQLite says.
        what: String,
        /// Where.
        at: Option<usize>,
    },
    /// It would do something else than read.
    NotReading,
    /// There is no statement in it, or more than one.
    NotOne,
    /// It takes a value that nobody gives.
    Parameter,
    /// It takes too long: so many seconds were given.
    Slow(u64),
    /// Its answer is too long: so many rows, or so many bytes, are given.
    Long(usize, usize),
    /// It could not be answered.
    Failed(String),
}

/// Asks a question of these tables.
///
/// # Errors
/// It does not read, does not only read, or goes beyond the bounds.
pub fn ask(relations: &[Relation], question: &str) -> Result<Answered, Refused> {
    ask_within(relations, question, PATIENCE)
}

fn ask_within(relations: &[Relation], question: &str, patience: Duration) -> Result<Answered, Refused> {
    let failed = |error: Error| refused(error, patience);
    let connection = guarded(relations, patience).map_err(|error| Refused::Failed(error.to_string()))?;
    let mut statement = connection.prepare(question).map_err(failed)?;
    // What gives no columns and was not refused is nothing at all, or a VACUUM, which asks only once it runs.
    if statement.column_count() == 0 {
        return Err(if statement.expanded_sql().is_none() { Refused::NotOne } else { Refused::NotReading });
    }
    if statement.parameter_count() > 0 {
        return Err(Refused::Parameter);
    }
    let columns = names(&statement);
    answered(&mut statement, columns, patience)
}

fn guarded(relations: &[Relation], patience: Duration) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    load(&mut connection, relations)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "query_only", true)?;
    connection.query_row(&format!("PRAGMA hard_heap_limit = {HEAP_BYTES}"), (), |_| Ok(()))?;
    for (limit, most) in [(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES), (Limit::SQLITE_LIMIT_ATTACHED, 0)] {
        connection.set_limit(limit, most)?;
    }
    connection.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000)?;
    connection.authorizer(Some(only_reading))?;
    let end = Instant::now() + patience;
    connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
    Ok(connection)
}

fn only_reading(asked: AuthContext<'_>) -> Authorization {
    match asked.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if function_name != "load_extension" => Authorization::Allow,
        // The full-text index asks it before it reads; it tells nothing and changes nothing.
        AuthAction::Pragma { pragma_name: "data_version", pragma_value: None } => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

/// Two columns of one name could not both be found in a row.
fn names(statement: &Statement<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in statement.column_names() {
        let numbered = (1..).map(|number| format!("{name}:{number}"));
        let free = std::iter::once(name.to_string()).chain(numbered).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

fn answered(statement: &mut Statement<'_>, columns: Vec<String>, patience: Duration) -> Result<Answered, Refused> {
    let (mut answer, mut bytes) = (Answered { columns, rows: Vec::new() }, 0);
    let mut rows = statement.query(()).map_err(|error| refused(error, patience))?;
    while let Some(row) = rows.next().map_err(|error| refused(error, patience))? {
        let mut line = Map::new();
        for (place, name) in answer.columns.iter().enumerate() {
            let value = row.get_ref(place).map_err(|error| refused(error, patience))?;
            bytes += name.len() + value.as_bytes_or_null().ok().flatten().map_or(8, <[u8]>::len);
            line.insert(name.clone(), json(value));
        }
        answer.rows.push(line);
        if answer.rows.len() > ROWS || bytes > ANSWER_BYTES {
            return Err(Refused::Long(ROWS, ANSWER_BYTES));
        }
    }
    Ok(answer)
}

/// Bytes that are no text are written in hexadecimal; a number that JSON does not have, as a word.
fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(whole) => whole.into(),
        ValueRef::Real(real) => {
            serde_json::Number::from_f64(real).map_or_else(|| real.to_string().into(), Value::Number)
        }
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
    }
}

fn refused(error: Error, patience: Duration) -> Refused {
    match (error.sqlite_error_code(), error) {
        (_, Error::MultipleStatement) => Refused::NotOne,
        (Some(ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly), _) => Refused::NotReading,
        (Some(ErrorCode::OperationInterrupted), _) => Refused::Slow(patience.as_secs()),
        (_, Error::SqlInputError { msg, offset, .. }) => Refused::Wrong { what: msg, at: usize::try_from(offset).ok() },
        (Some(_), Error::SqliteFailure(_, Some(what))) => Refused::Wrong { what, at: None },
        (_, error) => Refused::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Column, Holds};
    use super::*;

    fn relations() -> [Relation; 1] {
        let text = |name: &str| Column { name: name.into(), holds: Holds::Text, doc: String::new(), references: None };
        let number = Column { holds: Holds::Integer, ..text("days") };
        [Relation {
            name: "events",
            about: "",
            columns: vec![text("event"), text("text"), number],
            key: Some("event"),
            label: None,
            searched: Some("text"),
            rows: vec![
                vec![json!("e1"), json!("Talks open in Doha"), json!(3)],
                vec![json!("e2"), json!("a truce"), Value::Null],
            ],
        }]
    }

    fn asked(question: &str) -> Result<Answered, Refused> {
        ask_within(&relations(), question, Duration::from_secs(5))
    }

    #[track_caller]
    fn answers(question: &str, rows: Value) {
        let answer = asked(question).unwrap_or_else(|why| panic!("{question}: {why:?}"));
        assert_eq!(serde_json::to_value(answer.rows).expect("rows are JSON"), rows, "{question}");
    }

    #[test]
    fn a_question_that_reads_is_answered() {
        answers("SELECT event, days FROM events", json!([{"event": "e1", "days": 3}, {"event": "e2", "days": null}]));
        answers("WITH x(n) AS (VALUES (1), (2)) SELECT sum(n) AS s FROM x -- done", json!([{"s": 3}]));
        answers("VALUES (x'00ff', 9e999, 1.5);", json!([{"column1": "00ff", "column2": "inf", "column3": 1.5}]));
        answers("SELECT 1 AS a, 2 AS a", json!([{"a": 1, "a:1": 2}]));
        assert!(asked("EXPLAIN QUERY PLAN SELECT * FROM events").is_ok());
    }

    #[test]
    fn words_are_searched() {
        let question = "SELECT event FROM events WHERE rowid IN (SELECT rowid FROM events_fts('doha'))";
        answers(question, json!([{"event": "e1"}]));
        answers("SELECT rowid FROM events_fts WHERE events_fts MATCH 'truce' ORDER BY rank", json!([{"rowid": 2}]));
    }

    #[test]
    fn a_statement_that_does_more_than_read_is_refused() {
        for question in [
            "DELETE FROM events",
            "EXPLAIN DELETE FROM events",
            "INSERT INTO events VALUES ('e3', 'x', 1)",
            "WITH x AS (SELECT 1) UPDATE events SET text = 'x'",
            "CREATE TABLE t (x)",
            "CREATE TEMP VIEW v AS SELECT 1",
            "DROP TABLE events",
            "ATTACH 'other.db' AS other",
            "VACUUM INTO 'copy.db'",
            "PRAGMA query_only = 0",
            "PRAGMA user_version",
            "PRAGMA data_version = 1",
            "SELECT * FROM pragma_database_list",
            "BEGIN",
            "ANALYZE",
            "SELECT 1; DROP TABLE events",
            "REINDEX",
        ] {
            let found = asked(question);
            assert!(matches!(found, Err(Refused::NotReading)), "{question}: {found:?}");
        }
        let function = "not authorized to use function: load_extension".into();
        assert_eq!(asked("SELECT load_extension('x')"), Err(Refused::Wrong { what: function, at: Some(7) }));
    }

    #[test]
    fn one_question_is_asked_at_a_time() {
        for question in ["SELECT 1; SELECT 2", "", " -- nothing", ";"] {
            assert_eq!(asked(question), Err(Refused::NotOne), "{question}");
        }
        assert_eq!(asked("SELECT ?1"), Err(Refused::Parameter));
    }

    #[test]
    fn what_does_not_read_is_refused_with_its_place() {
        let wrong = |what: &str, at| Err(Refused::Wrong { what: what.into(), at });
        assert_eq!(asked("SELECT tex FROM events"), wrong("no such column: tex", Some(7)));
        assert_eq!(asked("SELECT * FROM event"), wrong("no such table: event", None));
        assert_eq!(asked("SELEC 1"), wrong("near \"SELEC\": syntax error", Some(0)));
    }

    #[test]
    fn a_question_without_end_is_stopped() {
        let without_end = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT";
        let count = ask_within(&relations(), &format!("{without_end} max(i) FROM n"), Duration::from_millis(200));
        assert_eq!(count, Err(Refused::Slow(0)));
        assert_eq!(asked(&format!("{without_end} i FROM n")), Err(Refused::Long(ROWS, ANSWER_BYTES)));
        assert!(matches!(asked("SELECT zeroblob(100000000)"), Err(Refused::Wrong { .. })));
    }
}
