//! What was erased is in no byte of what is left.

use std::fs;

use super::{Place, opening, statement};

const SECRET: &str = "the courier is called Wladyslaw";

/// Where the words still stand, in the store's files.
fn left(place: &Place) -> Vec<String> {
    let files = fs::read_dir(&place.folder).expect("a folder").map(|file| file.expect("a file").path());
    let stores = files.filter(|file| file.display().to_string().contains("talks.db"));
    let has = |file: &std::path::PathBuf| {
        let bytes = fs::read(file).expect("a file");
        bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    stores.filter(has).map(|file| file.display().to_string()).collect()
}

#[track_caller]
fn erased(place: &Place) -> (u64, String) {
    let secret = place.export().lines().position(|line| line.contains(SECRET)).expect("it is told") + 1;
    assert!(!left(place).is_empty(), "it was never there");
    let erase = ["erase", &format!("e{secret}"), "--part", "data", "--reason", "a name", "--basis", "privacy"];
    let receipt = place.json(&erase);
    assert_eq!(receipt["is_clean"], true);
    (receipt["version"].as_u64().expect("a version"), receipt["root"].as_str().expect("a root").into())
}

#[test]
fn erased_words_are_in_no_byte_of_the_store() {
    let place = Place::new("erased");
    place.done(&["init", "talks.db"]);
    let long = format!("{SECRET} {}", "and so on ".repeat(1_000));
    place.import([opening(), statement("before"), statement(SECRET), statement("after")]);
    let before = place.stands();
    let stands = erased(&place);
    assert_eq!(left(&place), Vec::<String>::new());
    assert_eq!(place.stands(), stands);
    place.done(&["verify", "--root", &before.1]);
    // Long words lie on pages of their own.
    place.done(&["add", "statement.made", "by=north", "act=position", &format!("text={long}"), "--when", "2025-10-20"]);
    place.done(&["status"]);
    erased(&place);
    assert_eq!(left(&place), Vec::<String>::new());
}

#[test]
fn a_log_with_an_erased_part_is_handed_over_and_verified() {
    let place = Place::new("erased-export");
    place.done(&["init", "talks.db"]);
    place.import([opening(), statement(SECRET), statement("after")]);
    let stands = erased(&place);
    place.done(&["export", "-o", "out.jsonl"]);
    assert!(!String::from_utf8_lossy(&place.read("out.jsonl")).contains(SECRET));
    place.done(&["verify", "--log", "out.jsonl", "--root", &stands.1]);
    place.done(&["init", "other.db"]);
    let received = place.json(&["receive", "out.jsonl", "--store", "other.db"]);
    assert_eq!((received["version"].as_u64(), received["root"].as_str()), (Some(stands.0), Some(&*stands.1)));
    place.done(&["verify", "--store", "other.db", "--root", &stands.1]);
    super::handover::agrees_with_the_verifier(&place, "talks.db", "out.jsonl");
}

#[test]
fn what_someone_still_reads_is_not_called_clean() {
    let place = Place::new("erased-read");
    place.done(&["init", "talks.db"]);
    place.import([opening(), statement(SECRET)]);
    let reader = rusqlite::Connection::open(place.path("talks.db")).expect("an SQLite file");
    reader.execute_batch("BEGIN; SELECT count(*) FROM events").expect("a read transaction");
    let erase = ["erase", "e2", "--part", "data", "--reason", "a name", "--basis", "privacy"];
    assert_eq!(place.json(&erase)["is_clean"], false);
    drop(reader);
    place.done(&["add", "statement.made", "by=north", "act=position", "text=more", "--when", "2025-10-20"]);
    assert_eq!(left(&place), Vec::<String>::new());
}
