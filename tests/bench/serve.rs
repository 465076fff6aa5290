//! How fast the server answers, beside a bare handler of the same library that says nothing of ours.
//!
//! `cargo bench --bench serve` measures, in one run: requests a second of `/status` over connections that are kept, of a bare axum
//! handler that sends a body of the same length, and of one that refuses at the gate; the time to the first byte of several answers on
//! logs of 1 000 and 100 000 events; and how long an answer takes while 300 connections stall. Compare within one run only.

mod log;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Clock};

use axum::Router;
use axum::routing::get;
use talks::app::{Desk, Env, Manner, Random, Store, read_drafts};
use talks::domain::when::Instant;

const ENV: Env = Env { now: Instant(1_900_000_000) };
const SIZES: [usize; 2] = [1_000, 100_000];
const CLIENTS: usize = 4;
const LONG: Duration = Duration::from_secs(4);
const STALLED: usize = 300;

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-serve-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("talks.db");
    let mut store = Store::create(&file).expect("a store");
    SIZES.iter().for_each(|size| import(&mut store, *size));
    drop(store);
    let server = Server::start(&file);
    rates(&server);
    SIZES.iter().for_each(|size| first_bytes(&server, *size));
    stalled(&server);
    drop(server);
    fs::remove_dir_all(&folder).expect("the folder goes");
}

/// Requests a second, by a few clients at a time.
fn rates(server: &Server) {
    let path = "/api/n/n1000/status?as_of=2040-01-01";
    let length = server.ask(path).0;
    println!("requests a second, {CLIENTS} clients that keep their connections");
    let bare = bare("x".repeat(length));
    let most = rate(&bare, "/");
    println!("  {most:>10.0}  a bare axum handler, {length} bytes");
    let ours = rate(&server.at, path);
    println!("  {ours:>10.0}  /status of 1 000 events, {length} bytes: {:.2} of bare", ours / most);
    let list = rate(&server.at, "/api/n/n1000/demands?as_of=2040-01-01");
    println!("  {list:>10.0}  /demands of 1 000 events: {:.2} of bare", list / most);
    let refused = rate(&server.at, "/nothing");
    println!("  {refused:>10.0}  an address that is not there: {:.2} of bare\n", refused / most);
}

/// Answers on a log of so many events: the first byte, the last one, and how many there are.
fn first_bytes(server: &Server, size: usize) {
    println!("{size} events: time to the first byte, the best and the worst of five");
    for view in ["status", "demands", "due", "timeline", "log", "why/D1", "diff?against=e500"] {
        let joint = if view.contains('?') { '&' } else { '?' };
        let path = format!("/api/n/n{size}/{view}{joint}as_of=2040-01-01");
        let mut times: Vec<(Duration, usize)> = (0..5)
            .map(|_| {
                let (length, first) = server.ask(&path);
                (first, length)
            })
            .collect();
        times.sort();
        println!("  {:>8.1} to {:>8.1} ms  /{view}, {} bytes", ms(times[0].0), ms(times[4].0), times[0].1);
    }
    page(server, size);
    println!();
}

/// The page: opened, and then pulled back to other days, as its slider does.
fn page(server: &Server, size: usize) {
    let (length, first) = server.ask(&format!("/n/n{size}"));
    println!("  {:>8.1} ms              the page, for the first time, {length} bytes", ms(first));
    let mut steps: Vec<Duration> =
        (1..21).map(|hour| server.ask(&format!("/n/n{size}?as_of=2020-01-01T{hour:02}:00Z")).1).collect();
    steps.sort();
    println!("  {:>8.1} to {:>8.1} ms  a step of its slider, p50 and the worst of 20", ms(steps[10]), ms(steps[19]));
}

/// An answer while many connections say nothing, half a head, or half a body.
fn stalled(server: &Server) {
    let half = format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 10\r\n\r\n", server.at);
    let stalls = ["", "GET / HT", &half];
    let held: Vec<TcpStream> = (0..STALLED)
        .map(|at| {
            let mut stream = TcpStream::connect(&server.at).expect("it listens");
            stream.write_all(stalls[at % stalls.len()].as_bytes()).expect("it is sent");
            stream
        })
        .collect();
    let mut times: Vec<Duration> = (0..50).map(|_| server.ask("/api/n/n1000/status?as_of=2040-01-01").1).collect();
    times.sort();
    println!(
        "{STALLED} connections stall: /status on a new connection, p50 {:.1} ms, worst {:.1} ms",
        ms(times[25]),
        ms(times[49])
    );
    drop(held);
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn import(store: &mut Store, size: usize) {
    let read = read_drafts(log::drafts(size, 50).as_bytes(), "bench").expect("the drafts read");
    let manner = Manner { ids_of_lines: true, ..Manner::default() };
    let random = Random(|bytes| getrandom::fill(bytes).map_err(|error| error.to_string()));
    let mut desk = Desk { store, slug: format!("n{size}"), env: ENV, random, expect: None, dry_run: false, manner };
    desk.add(&read.drafts).expect("the drafts fit");
}

/// The program, serving.
struct Server {
    child: Child,
    at: String,
}

impl Server {
    fn start(store: &Path) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
        command.args(["serve", "--port", "0", "-q", "--store"]).arg(store).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("an output")).read_line(&mut line).expect("an address");
        let at = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();
        Server { child, at }
    }

    /// How long the body is, and how long its first byte took, on a connection of its own.
    fn ask(&self, path: &str) -> (usize, Duration) {
        let begin = Clock::now();
        let mut stream = TcpStream::connect(&self.at).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.at);
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut text = vec![0];
        stream.read_exact(&mut text).expect("an answer");
        let first = begin.elapsed();
        stream.read_to_end(&mut text).expect("an answer");
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(text.starts_with("HTTP/1.1 200"), "{path}: {text}");
        (text.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len()), first)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that does nothing but send a text.
fn bare(text: String) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address").to_string()).expect("somebody waits");
            let router = Router::new().route("/", get(move || std::future::ready(text.clone())));
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let service = hyper_util::service::TowerToHyperService::new(router.clone());
                let io = hyper_util::rt::TokioIo::new(stream);
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(io, service));
            }
        });
    });
    told.recv().expect("it listens")
}

fn rate(at: &str, path: &str) -> f64 {
    let begin = Clock::now();
    let count: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| client(at, path, begin))).collect();
        clients.into_iter().map(|client| client.join().expect("it asks")).sum()
    });
    count as f64 / begin.elapsed().as_secs_f64()
}

/// One after the other, until the time is over.
fn client(at: &str, path: &str, begin: Clock) -> usize {
    let mut stream = BufReader::new(TcpStream::connect(at).expect("it listens"));
    stream.get_ref().set_nodelay(true).expect("an option");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n");
    let mut count = 0;
    while begin.elapsed() < LONG {
        stream.get_mut().write_all(request.as_bytes()).expect("it is sent");
        let mut length = 0;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).expect("a line");
            let line = line.trim_end().to_ascii_lowercase();
            length = line.strip_prefix("content-length: ").map_or(length, |text| text.parse().expect("a number"));
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).expect("a body");
        count += 1;
    }
    count
}
