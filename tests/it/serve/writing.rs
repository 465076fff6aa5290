//! Adding events: who may, what is stored, and once only.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server::{Answer, Server};

const EVENTS: &str = "/api/n/north-south/events";
const DEMAND: &str =
    r#"{"kind":"demand.raised","occurred":"2024-03-04","data":{"by":"north","of":"south","text":"Withdraw"}}"#;

fn root(server: &Server) -> String {
    server.get("/api/n/north-south/status").json()["root"].as_str().expect("a root").into()
}

#[test]
fn only_whoever_shows_the_token_can_write() {
    let server = Server::start("tokens", &["--write"]);
    let token = server.token.clone().expect("a token");
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let own = format!("Bearer {token}");
    let sent = |headers: &[(&str, &str)]| {
        let kind = [("Content-Type", "application/json")];
        server.send("POST", EVENTS, &[&kind, headers].concat(), DEMAND)
    };
    let (short, long, upper) = (&own[..own.len() - 1], format!("{own}0"), format!("Bearer {}", token.to_uppercase()));
    let basic = format!("Basic {token}");
    for headers in [
        &[][..],
        &[("Authorization", "")],
        &[("Authorization", "Bearer")],
        &[("Authorization", "Bearer ")],
        &[("Authorization", short)],
        &[("Authorization", &long)],
        &[("Authorization", &upper)],
        &[("Authorization", &basic)],
        &[("Authorization", &token)],
        &[("Authorization", &own), ("Authorization", &own)],
        &[("Cookie", &own)],
    ] {
        let answer = sent(headers);
        assert_eq!((answer.status, answer.problem().as_str()), (401, "no-token"), "{headers:?}");
        assert_eq!(answer.header("WWW-Authenticate"), "Bearer");
    }
    let in_address =
        server.send("POST", &format!("{EVENTS}?token={token}"), &[("Content-Type", "application/json")], DEMAND);
    assert_eq!(in_address.problem(), "no-token");
    let stored = sent(&[("Authorization", &own)]);
    assert_eq!(stored.status, 201, "{stored:?}");
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 2);
}

#[test]
fn a_server_that_only_reads_stores_nothing() {
    let server = Server::start("reads", &[]);
    assert_eq!(server.token, None);
    for headers in [&[][..], &[("Authorization", "Bearer x")]] {
        let answer = server.post(EVENTS, headers, DEMAND);
        assert_eq!((answer.status, answer.problem().as_str()), (403, "only-reads"));
    }
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 1);
}

#[test]
fn the_receipt_is_the_one_of_the_command_and_the_event_is_there() {
    let server = Server::start("receipts", &["--write", "--recorder", "ann"]);
    let tried = server.post(&format!("{EVENTS}?dry_run"), &[], DEMAND);
    assert_eq!((tried.status, tried.json()["dry_run"].clone()), (200, json!(true)));
    assert_eq!(tried.json()["changes"][0]["what"], "D1");
    assert!(tried.headers("Location").is_empty());
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 1);

    let stored = server.post(EVENTS, &[], DEMAND);
    assert_eq!(stored.status, 201, "{stored:?}");
    let receipt = stored.json();
    assert_eq!(stored.header("ETag"), format!("\"{}\"", receipt["root"].as_str().expect("a root")));
    let schema: Value = serde_json::from_slice(&server.command(&["schema", "receipt"]).stdout).expect("a schema");
    assert!(jsonschema::draft202012::new(&schema).expect("a schema").is_valid(&receipt), "{receipt}");
    let shown = server.get(stored.header("Location")).json();
    assert_eq!(
        (&shown["data"]["event"]["event"], &shown["data"]["event"]["kind"]),
        (&json!("e2"), &json!("demand.raised"))
    );
    let log = server.get("/api/n/north-south/events").json();
    assert_eq!(log["data"]["events"][1]["recorder"], "ann");
    let by_another = r#"{"kind":"note.added","data":{"text":"by another"}}"#;
    assert_eq!(server.post(&format!("{EVENTS}?recorder=ben"), &[], by_another).status, 201);
    assert_eq!(server.get("/api/n/north-south/events").json()["data"]["events"][2]["recorder"], "ben");
}

#[test]
fn what_is_sent_again_is_stored_once() {
    let server = Server::start("again", &["--write"]);
    let with_id = DEMAND.replace("{\"kind\"", "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"kind\"");
    let first = server.post(EVENTS, &[], &with_id);
    assert_eq!(first.status, 201, "{first:?}");
    for _ in 0..3 {
        let again = server.post(EVENTS, &[], &with_id);
        let receipt = again.json();
        assert_eq!((again.status, receipt["events"].clone(), receipt["version"].clone()), (200, json!([]), json!(2)));
        assert_eq!(receipt["already"][0]["event"], "e2");
        assert_eq!(receipt["already"][0]["root"], first.json()["events"][0]["root"]);
    }
    // Without an id it is told by its words; another text under the same id is refused.
    let note = r#"{"kind":"note.added","data":{"text":"once"}}"#;
    assert_eq!((server.post(EVENTS, &[], note).status, server.post(EVENTS, &[], note).status), (201, 200));
    let other = server.post(EVENTS, &[], &with_id.replace("Withdraw", "Stay"));
    assert_eq!(other.status, 409, "{other:?}");
}

#[test]
fn nothing_is_stored_once_the_log_moved_on() {
    let server = Server::start("moved", &["--write"]);
    let seen = root(&server);
    let held = format!("\"{seen}\"");
    let stored = server.post(EVENTS, &[("If-Match", &held)], DEMAND);
    assert_eq!(stored.status, 201, "{stored:?}");
    let note = r#"{"kind":"note.added","data":{"text":"late"}}"#;
    let late = server.post(EVENTS, &[("If-Match", &held)], note);
    assert_eq!((late.status, late.problem().as_str()), (412, "moved-on"));
    let tried = server.post(&format!("{EVENTS}?dry_run"), &[("If-Match", &held)], note);
    assert_eq!(tried.status, 412, "{tried:?}");
    // Whoever did not hear the answer sends the same again, and nothing is lost.
    assert_eq!(server.post(EVENTS, &[("If-Match", &held)], DEMAND).status, 200);
    let never = format!("\"{}\"", "0".repeat(64));
    assert_eq!(server.post(EVENTS, &[("If-Match", &never)], note).problem(), "moved-on");
    for wrong in ["*", "\"abc\"", &seen, &format!("W/{held}"), &format!("{held}, {never}")] {
        assert_eq!(server.post(EVENTS, &[("If-Match", wrong)], note).problem(), "bad-root", "{wrong}");
    }
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 2);
    let now = format!("\"{}\"", root(&server));
    assert_eq!(server.post(EVENTS, &[("If-Match", &now)], note).status, 201);
}

#[test]
fn drafts_are_one_or_a_list_or_lines_and_all_of_them_or_none() {
    let server = Server::start("shapes", &["--write"]);
    let note = |text: &str| format!(r#"{{"kind":"note.added","data":{{"text":"{text}"}}}}"#);
    let list = server.post(EVENTS, &[], &format!("[\r\n{},\n{}\n]", note("a").replace(':', ":\n"), note("b")));
    assert_eq!((list.status, list.json()["events"].as_array().map(Vec::len)), (201, Some(2)), "{list:?}");
    let token = format!("Bearer {}", server.token.as_deref().expect("a token"));
    let kind = |kind: &str, body: &str| {
        server.send("POST", EVENTS, &[("Authorization", &token), ("Content-Type", kind)], body)
    };
    for lines in ["application/jsonl", "application/x-ndjson; charset=utf-8"] {
        let stored = kind(lines, &format!("{}\n\n{}\n", note(lines), note(&lines.to_uppercase())));
        assert_eq!((stored.status, stored.json()["events"].as_array().map(Vec::len)), (201, Some(2)), "{stored:?}");
    }
    for wrong in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"]
    {
        assert_eq!(kind(wrong, &note("c")).problem(), "wrong-media-type", "{wrong}");
    }
    let untyped = server.send("POST", EVENTS, &[("Authorization", &token)], &note("c"));
    assert_eq!(untyped.status, 415);
    for (body, name) in [
        ("", "bad-json"),
        ("[", "bad-json"),
        ("{} {}", "bad-json"),
        ("[]", "empty-file"),
        ("{}", "bad-draft"),
        ("[1]", "bad-draft"),
        (r#"{"kind":"nothing.done","data":{}}"#, "bad-draft"),
        (r#"{"kind":"note.added","kind":"note.added","data":{"text":"x"}}"#, "bad-draft"),
        (
            r#"{"kind":"demand.answered","occurred":"2024-03-04","data":{"demand":"D9","by":"south","answer":"accepted"}}"#,
            "refused",
        ),
    ] {
        let answer = server.post(EVENTS, &[], body);
        assert_eq!(answer.problem(), name, "{body}: {answer:?}");
    }
    let half = server.post(EVENTS, &[], &format!("[{},{{}}]", note("good")));
    assert_eq!(half.problem(), "bad-draft");
    assert_eq!(half.json()["problems"][0]["line"], 2);
    assert_eq!(server.get("/api/n/north-south/status").json()["version"], 7);
}

#[test]
fn a_negotiation_is_opened_by_its_first_draft() {
    let server = Server::start("opened", &["--write"]);
    let opening = r#"{"kind":"negotiation.opened","occurred":"2024-01-01","data":{"title":"New","parties":[{"party":"a","name":"A","kind":"state","role":"party"}]}}"#;
    assert_eq!(
        server.post("/api/n/new/events", &[], r#"{"kind":"note.added","data":{"text":"x"}}"#).problem(),
        "no-such-negotiation"
    );
    assert_eq!(server.post("/api/n/No%20Name/events", &[], opening).problem(), "bad-slug");
    assert_eq!(server.post("/api/n/new/events", &[], opening).status, 201);
    assert_eq!(server.get("/api/n/new/status").json()["version"], 1);
}

#[test]
fn those_who_read_do_not_keep_a_writer_waiting_nor_does_a_writer_them() {
    let server = Server::start("readers", &["--write"]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let read = |path: &'static str| {
            let mut count = 0_u32;
            while !over.load(Ordering::Relaxed) {
                assert_eq!(server.get(path).status, 200);
                count += 1;
            }
            count
        };
        let readers: Vec<_> =
            ["/api/n/us-taliban/replay", "/api/n/north-south/timeline", "/api/board", "/api/n/us-taliban/brief"]
                .into_iter()
                .map(|path| scope.spawn(move || read(path)))
                .collect();
        let begin = Instant::now();
        for at in 0..25 {
            let note = format!(r#"{{"kind":"note.added","data":{{"text":"note {at}"}}}}"#);
            assert_eq!(server.post(EVENTS, &[], &note).status, 201);
        }
        let taken = begin.elapsed();
        // A writer of another program, in the middle of its transaction.
        let file = server.folder.join("talks.db");
        let writer = rusqlite::Connection::open(&file).expect("the store opens");
        writer.execute_batch("BEGIN IMMEDIATE").expect("the lock is free");
        let begin = Instant::now();
        let status = server.get("/api/n/north-south/status");
        assert_eq!((status.status, status.json()["version"].clone()), (200, json!(26)));
        let waited = begin.elapsed();
        writer.execute_batch("ROLLBACK").expect("the lock is given back");
        over.store(true, Ordering::Relaxed);
        let counts: Vec<u32> = readers.into_iter().map(|reader| reader.join().expect("it reads")).collect();
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        assert!(taken < Duration::from_secs(20) && waited < Duration::from_secs(2), "{taken:?}, {waited:?}");
    });
}

#[test]
fn what_is_recorded_by_the_terminal_is_answered_at_once() {
    let server = Server::start("terminal", &[]);
    let version = |answer: Answer| answer.json()["version"].clone();
    assert_eq!(version(server.get("/api/n/north-south/status")), 1);
    let added = server.command(&["add", "-n", "north-south", "note.added", "text=typed", "--json"]);
    assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    assert_eq!(version(server.get("/api/n/north-south/status")), 2);
    // Another store in its place is another store.
    let other = server.folder.join("other.db");
    assert_eq!(server.command(&["backup", "other.db"]).status.code(), Some(0));
    assert_eq!(
        server.command(&["add", "--store", "other.db", "-n", "north-south", "note.added", "text=there"]).status.code(),
        Some(0)
    );
    for beside in ["talks.db-wal", "talks.db-shm"] {
        let _ = std::fs::remove_file(server.folder.join(beside));
    }
    std::fs::rename(&other, server.folder.join("talks.db")).expect("it is moved");
    assert_eq!(version(server.get("/api/n/north-south/status")), 3);
}
