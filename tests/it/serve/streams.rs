//! What comes in, told as it comes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::server::{Answer, Server};

const STREAM: &str = "/api/n/north-south/events/stream";

/// A stream that was opened, past its head.
struct Stream(BufReader<TcpStream>);

impl Stream {
    #[track_caller]
    fn open(server: &Server, path: &str, headers: &str) -> Stream {
        let mut stream = BufReader::new(server.connect());
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n{headers}\r\n", server.at);
        stream.get_mut().write_all(request.as_bytes()).expect("it is sent");
        let mut stream = Stream(stream);
        let status = stream.line();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        while !stream.line().is_empty() {}
        stream
    }

    /// A line, without its end.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line comes");
        line.trim_end().to_string()
    }

    /// The next event: its id and what it holds.
    fn event(&mut self) -> (String, Value) {
        let mut id = String::new();
        loop {
            let line = self.line();
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.into();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).expect("JSON"));
            }
        }
    }
}

#[track_caller]
fn note(server: &Server, text: &str) {
    let draft = format!(r#"{{"kind":"note.added","data":{{"text":"{text}"}}}}"#);
    assert_eq!(server.post("/api/n/north-south/events", &[], &draft).status, 201);
}

#[test]
fn each_event_is_told_once_and_whoever_was_cut_off_goes_on_from_there() {
    let server = Server::start("stream", &["--write"]);
    let mut stream = Stream::open(&server, STREAM, "");
    let demand = r#"{"kind":"demand.raised","occurred":"2024-03-04","data":{"by":"north","of":"south","text":"With\ndraw\u2028\r"}}"#;
    assert_eq!(server.post("/api/n/north-south/events", &[], demand).status, 201);
    let (id, first) = stream.event();
    assert_eq!((id.as_str(), &first["event"], &first["handle"]), ("2", &"e2".into(), &"D1".into()));
    assert_eq!((&first["changes"][0]["what"], &first["changes"][0]["after"]), (&"D1".into(), &"open".into()));
    drop(stream);
    note(&server, "while nobody listens");
    note(&server, "nor now");
    let mut stream = Stream::open(&server, STREAM, "Last-Event-ID: 2\r\n");
    assert_eq!([stream.event().0, stream.event().0], ["3", "4"]);
    // By the terminal too.
    let added = server.command(&["add", "-n", "north-south", "note.added", "text=typed"]);
    assert_eq!(added.status.code(), Some(0));
    assert_eq!(stream.event().1["text"], "Note: typed");
    // From the beginning; the same lines as the terminal prints.
    let mut whole = Stream::open(&server, &format!("{STREAM}?after=e0"), "");
    let told: Vec<Value> = (0..5).map(|_| whole.event().1).collect();
    let watched = server.command(&["watch", "-n", "north-south", "--json", "--after", "0", "--exit-on", "demand"]);
    let printed = String::from_utf8(watched.stdout).expect("UTF-8");
    let printed: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(printed[..], told[..printed.len()]);
    let schema: Value = serde_json::from_slice(&server.command(&["schema", "watch"]).stdout).expect("a schema");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    assert!(told.iter().all(|event| validator.is_valid(event)));
}

#[test]
fn many_events_come_in_their_order_and_none_is_lost() {
    let server = Server::start("stream-many", &["--write"]);
    let mut stream = Stream::open(&server, &format!("{STREAM}?after=1"), "");
    let notes: Vec<String> =
        (2..=60).map(|at| format!(r#"{{"kind":"note.added","data":{{"text":"n{at}"}}}}"#)).collect();
    assert_eq!(server.post("/api/n/north-south/events", &[], &format!("[{}]", notes.join(","))).status, 201);
    for at in 2..=60 {
        let (id, event) = stream.event();
        assert_eq!((id, &event["text"]), (at.to_string(), &format!("Note: n{at}").into()));
    }
}

#[test]
fn so_many_may_listen_and_no_more() {
    let server = Server::start("stream-cap", &[]);
    let mut listening: Vec<Stream> = (0..64).map(|_| Stream::open(&server, STREAM, "")).collect();
    let refused = server.get(STREAM);
    assert_eq!((refused.status, refused.problem().as_str()), (503, "too-many-streams"));
    assert_eq!(refused.header("Retry-After"), "1");
    // The others are answered as before.
    assert_eq!(server.get("/api/n/north-south/status").status, 200);
    drop(listening.pop());
    let begin = std::time::Instant::now();
    loop {
        let mut again = server.connect();
        let request = format!("GET {STREAM} HTTP/1.1\r\nHost: {}\r\n\r\n", server.at);
        again.write_all(request.as_bytes()).expect("it is sent");
        let mut head = [0; 12];
        again.read_exact(&mut head).expect("it is answered");
        if head == *b"HTTP/1.1 200" {
            break;
        }
        assert!(begin.elapsed().as_secs() < 5, "{}", String::from_utf8_lossy(&head));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn what_can_not_be_followed_is_said_at_once() {
    let server = Server::start("stream-wrong", &[]);
    for (path, headers, name) in [
        ("/api/n/other/events/stream", "", "no-such-negotiation"),
        ("/api/n/north-south/events/stream?recorded_by=e1", "", "recorded-by"),
        ("/api/n/north-south/events/stream?after=x", "", "bad-parameter"),
        ("/api/n/north-south/events/stream?limit=1", "", "no-such-parameter"),
        ("/api/n/north-south/events/stream", "Last-Event-ID: x\r\n", "bad-parameter"),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", server.at);
        assert_eq!(Answer::of(&server.raw(request.as_bytes())).problem(), name, "{path}");
    }
}
