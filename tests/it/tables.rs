//! `export --format sqlite`: a file for other programs, whole or not at all.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

const LOGS: [&str; 4] = [
    "events/us-taliban-2018-2020.jsonl",
    "events/colombia-farc-2012-2016.jsonl",
    "events/afghanistan-pakistan-2025.jsonl",
    "events/istanbul-talks-as-printed.jsonl",
];

fn export(log: &str, file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.args(["export", "--format", "sqlite", "-q", "--log", log, "-o"]).arg(file);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("TALKS_STORE").output().expect("the program runs")
}

fn number(file: &Connection, question: &str) -> i64 {
    file.query_row(question, (), |row| row.get(0)).unwrap_or_else(|why| panic!("{question}: {why}"))
}

#[test]
fn a_file_of_tables_is_sound_and_its_references_hold() {
    let folder = crate::folder::fresh("export-tables");
    for (i, log) in LOGS.iter().enumerate() {
        let path = folder.join(format!("{i}.db"));
        let output = export(log, &path);
        assert_eq!(output.status.code(), Some(0), "{log}: {}", String::from_utf8_lossy(&output.stderr));
        let file = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it is an SQLite file");
        let sound: String = file.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("it is checked");
        assert_eq!(sound, "ok", "{log}");
        assert_eq!(number(&file, "SELECT count(*) FROM pragma_foreign_key_check"), 0, "{log}");
        assert!(number(&file, "SELECT count(*) FROM pragma_foreign_key_list('basis')") > 0);
        assert!(number(&file, "SELECT count(*) FROM basis JOIN events USING (event)") > 10, "{log}");
        assert_eq!(number(&file, "SELECT count(*) FROM events_fts"), number(&file, "SELECT count(*) FROM events"));
        let metadata = fs::read(folder.join(format!("{i}.metadata.json"))).expect("it lies beside");
        let metadata: Value = serde_json::from_slice(&metadata).expect("JSON");
        let tables = metadata["databases"][i.to_string()]["tables"].as_object().expect("tables");
        for (name, told) in tables {
            let label = told["label_column"].as_str().unwrap_or("rowid");
            assert!(number(&file, &format!("SELECT count(\"{label}\") + 1 FROM \"{name}\"")) > 0);
        }
        assert_eq!(tables.len(), 17);
    }
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_behind() {
    let folder = crate::folder::fresh("export-tables-again");
    let path = folder.join("out.db");
    fs::write(&path, "mine").expect("a file can be written");
    assert_eq!(export(LOGS[0], &path).status.code(), Some(1));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "mine");
    assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 1);

    fs::remove_file(&path).expect("it can be removed");
    assert_eq!(export(LOGS[0], &path).status.code(), Some(0));
    assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 2);
    #[cfg(unix)]
    for made in fs::read_dir(&folder).expect("the folder is there").flatten() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&made.metadata().expect("it is there").permissions());
        assert_eq!(mode & 0o777, 0o600, "{made:?}");
    }
}
