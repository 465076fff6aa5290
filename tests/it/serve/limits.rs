//! What a connection may take: its time, its length, and how many there may be.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::server::{Answer, Server};

const LIMIT: usize = 2 * 1024 * 1024;

fn head(server: &Server, more: &str) -> String {
    let token = server.token.as_deref().unwrap_or_default();
    format!(
        "POST /api/n/north-south/events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n{more}\r\n",
        server.at
    )
}

/// How many events there are.
fn version(server: &Server) -> u64 {
    server.get("/api/n/north-south/log").json()["version"].as_u64().expect("a version")
}

/// A draft of so many bytes; the blanks around it are a part of the body and not of the draft.
fn padded(length: usize) -> String {
    let draft = r#"{"kind":"note.added","data":{"text":"long"}}"#;
    format!("{draft}{}", " ".repeat(length - draft.len()))
}

#[test]
fn a_body_is_as_long_as_it_may_be_and_no_longer() {
    let server = Server::start("lengths", &["--write"]);
    let sent = |length: usize| server.post("/api/n/north-south/events", &[], &padded(length));
    assert_eq!(sent(LIMIT).status, 201);
    for length in [LIMIT + 1, 3 * LIMIT] {
        // Said beforehand, so nothing of it is read.
        let answer = Answer::of(&server.raw(head(&server, &format!("Content-Length: {length}\r\n")).as_bytes()));
        assert_eq!(answer.problem(), "body-too-long");
        assert_eq!(answer.header("Connection"), "close");
    }
    for length in ["99999999999999999999", "-1", "1x", "0x10", "1, 1", "1 1"] {
        let answer = Answer::of(&server.raw(head(&server, &format!("Content-Length: {length}\r\n")).as_bytes()));
        assert!([400, 413].contains(&answer.status), "{length}: {answer:?}");
    }
    // On an address that takes no body too.
    let long = format!("GET / HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", server.at, LIMIT + 1);
    assert_eq!(Answer::of(&server.raw(long.as_bytes())).problem(), "body-too-long");
    assert_eq!(version(&server), 2);
}

#[test]
fn where_a_body_ends_is_said_in_one_way() {
    let server = Server::start("chunks", &["--write"]);
    let (draft, smuggled) = (padded(64), "GET /api/negotiations HTTP/1.1\r\nHost: x\r\n\r\n");
    let chunked = format!("{:x}\r\n{draft}\r\n0\r\n\r\n", draft.len());
    for lengths in [
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let told = server.raw(format!("{}{chunked}{smuggled}", head(&server, lengths)).as_bytes());
        assert_eq!(Answer::of(&told).problem(), "no-length", "{lengths}");
        assert_eq!(told.matches("HTTP/1.1 ").count(), 1, "{lengths}: {told}");
    }
    for lengths in [
        "Content-Length: 6\r\nContent-Length: 64\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
    ] {
        let told = server.raw(format!("{}{chunked}{smuggled}", head(&server, lengths)).as_bytes());
        assert!(told.starts_with("HTTP/1.1 400") && told.matches("HTTP/1.1 ").count() == 1, "{lengths}: {told}");
    }
    assert_eq!(version(&server), 1);
}

#[test]
fn a_body_that_is_not_what_was_said_stores_nothing() {
    let server = Server::start("liars", &["--write"]);
    // Less than was said, and then nothing any more.
    let mut stream = server.connect();
    let draft = padded(64);
    stream.write_all(format!("{}{draft}", head(&server, "Content-Length: 100\r\n")).as_bytes()).expect("it is sent");
    stream.shutdown(std::net::Shutdown::Write).expect("no more comes");
    let mut told = String::new();
    let _ = stream.read_to_string(&mut told);
    assert!(told.is_empty() || Answer::of(&told).status == 400, "{told}");
    // More than was said: what is over is no request.
    let told = server.raw(format!("{}{draft}", head(&server, "Content-Length: 10\r\n")).as_bytes());
    assert_eq!(Answer::of(&told).status, 422, "{told}");
    assert_eq!(told.matches("HTTP/1.1 ").count(), 1, "{told}");
    assert_eq!(version(&server), 1);
}

#[test]
fn a_head_is_not_endless() {
    let server = Server::start("long-heads", &[]);
    for more in [format!("X: {}\r\n", "x".repeat(64 * 1024)), "X: x\r\n".repeat(200)] {
        let told = server.raw(format!("GET / HTTP/1.1\r\nHost: {}\r\n{more}\r\n", server.at).as_bytes());
        assert!(told.starts_with("HTTP/1.1 431") || told.is_empty(), "{told}");
    }
    let told = server.raw(format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", "x".repeat(70_000), server.at).as_bytes());
    assert!(told.starts_with("HTTP/1.1 414") || told.starts_with("HTTP/1.1 431") || told.is_empty(), "{told}");
    assert_eq!(server.get("/api/negotiations").status, 200);
}

#[test]
fn three_hundred_that_stall_keep_out_nobody_who_speaks() {
    let server = Server::start("stalled", &["--write"]);
    let stalls = ["", "GET / HT", &head(&server, "Content-Length: 1000\r\n")];
    let held: Vec<TcpStream> = (0..300)
        .map(|at| {
            let mut stream = server.connect();
            stream.write_all(stalls[at % 3].as_bytes()).expect("it is sent");
            stream
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let begin = Instant::now();
        assert_eq!(server.get("/api/n/us-taliban/status").status, 200);
        slowest = slowest.max(begin.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    drop(held);
    assert_eq!(version(&server), 1);
}

#[test]
fn whoever_says_nothing_is_left_after_a_while() {
    let server = Server::start("silent", &[]);
    let begin = Instant::now();
    let mut silent = server.connect();
    let mut half = server.connect();
    half.write_all(b"GET /api/negotiations HTTP/1.1\r\nHost: ").expect("it is sent");
    for stream in [&mut silent, &mut half] {
        let mut told = String::new();
        let _ = stream.read_to_string(&mut told);
        assert!(told.is_empty() || Answer::of(&told).status == 408, "{told}");
    }
    assert!((Duration::from_secs(9)..Duration::from_secs(20)).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}

#[test]
fn several_requests_go_over_one_connection() {
    let server = Server::start("kept", &[]);
    let mut stream = server.connect();
    let request = format!("GET /api/negotiations HTTP/1.1\r\nHost: {}\r\n\r\n", server.at);
    let last = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    stream.write_all(format!("{request}{request}{last}").as_bytes()).expect("it is sent");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("UTF-8");
    assert_eq!(told.matches("HTTP/1.1 200 OK").count(), 3, "{told}");
}

#[test]
fn what_can_not_be_served_is_said_at_once() {
    let server = Server::start("start", &[]);
    let port = server.at.rsplit(':').next().expect("a port").to_string();
    for (line, exit, name) in [
        (format!("serve --port {port}"), 1, "not-served"),
        ("serve --port 0 --bind 0.0.0.0".into(), 2, "not-loopback"),
        ("serve --port 0 --bind ::".into(), 2, "not-loopback"),
        ("serve --port 0 --bind localhost".into(), 2, "usage"),
        ("serve --port 70000".into(), 2, "usage"),
        ("serve --recorder ann".into(), 2, "usage"),
        ("serve --port 0 --store other.db".into(), 1, "no-store"),
        ("serve --port 0 --log x.jsonl".into(), 2, "plain-log"),
        ("serve --port 0 -n north-south".into(), 2, "whole-store"),
    ] {
        let output = server.command(&[&line.split(' ').collect::<Vec<_>>()[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(exit), "{line}");
        let told: serde_json::Value = serde_json::from_slice(&output.stderr).expect("a problem");
        assert_eq!(told["type"], format!("urn:talks:error:{name}"), "{line}");
        assert!(output.stdout.is_empty(), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn told_to_end_it_finishes_what_it_began_and_ends_well() {
    let server = Server::start("ended", &[]);
    let mut stream = server.connect();
    let path = "/api/n/us-taliban/events/stream";
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.at).as_bytes()).expect("it is sent");
    let mut byte = [0];
    stream.read_exact(&mut byte).expect("it is answered");
    let begin = Instant::now();
    let at = server.at.clone();
    assert_eq!(server.terminate(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("UTF-8");
    assert!(told.ends_with("0\r\n\r\n"), "the stream has an end: {told}");
    assert!(TcpStream::connect(at).is_err());
}
