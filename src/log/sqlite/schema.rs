//! The layout of the store, step by step. `docs/format.md` has it in words.
//!
//! A store has taken as many of these steps as its `user_version` says. A step is never changed once it was released: what follows it
//! is a new one. Derived tables (`cache_...`) are no steps: they are dropped and made again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

/// `talk`, in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x7461_6c6b;

/// The steps, in order.
pub(super) const MIGRATIONS: &[&str] = &[LAYOUT_1, LAYOUT_2];

const LAYOUT_1: &str = "
CREATE TABLE logs (
  log      INTEGER PRIMARY KEY,
  slug     TEXT NOT NULL UNIQUE,
  id       BLOB NOT NULL UNIQUE,
  version  INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  frontier BLOB NOT NULL
) STRICT;

CREATE TABLE events (
  pos      INTEGER PRIMARY KEY,
  id       BLOB NOT NULL,
  kind     TEXT NOT NULL,
  schema   INTEGER NOT NULL,
  occurred TEXT,
  recorded INTEGER NOT NULL,
  recorder TEXT,
  reported TEXT,
  defines  TEXT,
  data     TEXT,
  context  TEXT,
  sources  TEXT,
  root     BLOB NOT NULL,
  salts    BLOB NOT NULL,
  envelope BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_id ON events (pos >> 40, id);

CREATE TABLE erasures (
  pos  INTEGER NOT NULL,
  part TEXT NOT NULL,
  by   INTEGER NOT NULL,
  PRIMARY KEY (pos, part)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_once BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE pos = NEW.pos)
  OR EXISTS (SELECT 1 FROM events WHERE pos >> 40 = NEW.pos >> 40 AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
CREATE TRIGGER logs_stay BEFORE DELETE ON logs
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
CREATE TRIGGER events_keep BEFORE UPDATE ON events WHEN NOT (
  NEW.pos = OLD.pos AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.schema = OLD.schema
  AND NEW.occurred IS OLD.occurred AND NEW.recorded = OLD.recorded AND NEW.recorder IS OLD.recorder
  AND NEW.reported IS OLD.reported AND NEW.defines IS OLD.defines
  AND NEW.root = OLD.root AND NEW.envelope = OLD.envelope
  AND (NEW.data IS OLD.data OR NEW.data IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'data' AND saying.kind = 'record.erased'))
  AND (NEW.context IS OLD.context OR NEW.context IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'context' AND saying.kind = 'record.erased'))
  AND (NEW.sources IS OLD.sources OR NEW.sources IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'sources' AND saying.kind = 'record.erased'))
  AND NEW.salts = CAST(
    iif(NEW.data IS NULL, zeroblob(16), substr(OLD.salts, 1, 16))
    || iif(NEW.context IS NULL, zeroblob(16), substr(OLD.salts, 17, 16))
    || iif(NEW.sources IS NULL, zeroblob(16), substr(OLD.salts, 33, 16)) AS BLOB)
)
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
";

/// An envelope that the columns and the parts give is no longer stored beside them, but for an empty one; it is written down when a
/// part goes. Rows that have theirs keep it.
const LAYOUT_2: &str = "
DROP TRIGGER events_keep;
CREATE TRIGGER events_keep BEFORE UPDATE ON events WHEN NOT (
  NEW.pos = OLD.pos AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.schema = OLD.schema
  AND NEW.occurred IS OLD.occurred AND NEW.recorded = OLD.recorded AND NEW.recorder IS OLD.recorder
  AND NEW.reported IS OLD.reported AND NEW.defines IS OLD.defines
  AND NEW.root = OLD.root
  AND (NEW.envelope = OLD.envelope OR OLD.envelope = x'')
  AND (NEW.envelope = x'') = (OLD.envelope = x'' AND NEW.data IS NOT NULL AND NEW.context IS NOT NULL AND NEW.sources IS NOT NULL)
  AND (NEW.data IS OLD.data OR NEW.data IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'data' AND saying.kind = 'record.erased'))
  AND (NEW.context IS OLD.context OR NEW.context IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'context' AND saying.kind = 'record.erased'))
  AND (NEW.sources IS OLD.sources OR NEW.sources IS NULL AND EXISTS (
    SELECT 1 FROM erasures JOIN events AS saying ON saying.pos = ((OLD.pos >> 40) << 40) | erasures.by
    WHERE erasures.pos = OLD.pos AND erasures.part = 'sources' AND saying.kind = 'record.erased'))
  AND NEW.salts = CAST(
    iif(NEW.data IS NULL, zeroblob(16), substr(OLD.salts, 1, 16))
    || iif(NEW.context IS NULL, zeroblob(16), substr(OLD.salts, 17, 16))
    || iif(NEW.sources IS NULL, zeroblob(16), substr(OLD.salts, 33, 16)) AS BLOB)
)
BEGIN SELECT RAISE(ABORT, 'talks: a log is only appended to'); END;
";

/// Counts erasures whose part is still there, or that no later `record.erased` of the same log declares.
pub(super) const ODD_ERASURES: &str = "
SELECT count(*) FROM erasures LEFT JOIN events ON events.pos = erasures.pos
  LEFT JOIN events AS saying ON saying.pos = ((erasures.pos >> 40) << 40) | erasures.by
WHERE events.pos IS NULL OR saying.kind IS NOT 'record.erased' OR saying.pos <= events.pos
  OR CASE erasures.part WHEN 'data' THEN events.data WHEN 'context' THEN events.context
     WHEN 'sources' THEN events.sources ELSE '' END IS NOT NULL";

/// What a store has that its layout does not, or lacks.
pub(super) fn differences(store: &Connection) -> rusqlite::Result<Vec<String>> {
    let (found, due) = (objects(store)?, due()?);
    let names: BTreeSet<&String> = found.keys().chain(due.keys()).collect();
    let odd = names.into_iter().filter(|name| found.get(*name) != due.get(*name));
    Ok(odd.map(|name| format!("{name} is not as the layout has it")).collect())
}

/// What of a store could make an append do something else than what the layout says: a table or a guard of the layout that is
/// another, a trigger that is none of its own.
pub(super) fn forged(store: &Connection) -> rusqlite::Result<Option<String>> {
    let (found, due) = (objects(store)?, due()?);
    let altered = due.keys().find(|name| found.get(*name) != due.get(*name));
    let is_strange = |name: &str, kind: &str| kind == "trigger" && !due.contains_key(name);
    let strange = || found.iter().find(|(name, (kind, _))| is_strange(name, kind)).map(|(name, _)| name);
    Ok(altered.or_else(strange).cloned())
}

/// The objects of a schema that are not derived, each with its sort and its text.
fn objects(connection: &Connection) -> rusqlite::Result<BTreeMap<String, (String, String)>> {
    let sql = "SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'cache!_%' ESCAPE '!'
        OR type = 'trigger'";
    let mut statement = connection.prepare(sql)?;
    statement.query_map((), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?.collect()
}

/// Those of the newest layout.
fn due() -> rusqlite::Result<BTreeMap<String, (String, String)>> {
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh, MIGRATIONS)?;
    objects(&fresh)
}

/// The layout that a store has.
pub(super) fn layout(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that a store has not taken, all of them or none.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let taken = usize::try_from(layout(&transaction)?).unwrap_or(usize::MAX);
    for step in steps.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_store_takes_only_the_steps_it_lacks_and_all_or_none_of_them() {
        let mut store = Connection::open_in_memory().expect("a database in memory");
        let one = "CREATE TABLE one (x); INSERT INTO one VALUES (1)";
        migrate(&mut store, &[one]).expect("the first step");
        let broken = migrate(&mut store, &[one, "CREATE TABLE two (x)", "no SQL"]);
        assert!(broken.is_err());
        assert_eq!(layout(&store), Ok(1));
        assert!(store.execute("INSERT INTO two VALUES (1)", ()).is_err(), "half of the steps were taken");
        migrate(&mut store, &[one, "CREATE TABLE two (x)"]).expect("the second step");
        assert_eq!(layout(&store), Ok(2));
        let ones: i64 = store.query_row("SELECT count(*) FROM one", (), |row| row.get(0)).expect("a count");
        assert_eq!(ones, 1, "the first step was taken twice");
    }
}
