//! A server of its own for each test, and what can be sent to it and read back.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

pub const LONG: Duration = Duration::from_secs(30);
/// A log that ships, and the name that it is imported by.
pub const SHIPS: (&str, &str) = ("events/us-taliban-2018-2020.jsonl", "us-taliban");

/// A store with a server before it; it ends with the test.
pub struct Server {
    child: Child,
    /// `127.0.0.1:40123`
    pub at: String,
    pub token: Option<String>,
    pub folder: PathBuf,
}

/// An answer, as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Server {
    /// A store with a log that ships, and one of a few events, served with these flags.
    #[track_caller]
    pub fn start(name: &str, flags: &[&str]) -> Server {
        let folder = crate::folder::fresh(&format!("serve-{name}"));
        let log = Path::new(env!("CARGO_MANIFEST_DIR")).join(SHIPS.0);
        done(&folder, &["init"]);
        done(&folder, &["import", &log.display().to_string(), "-n", SHIPS.1, "-q"]);
        let parties = ["--party", "north=North:state", "--party", "south=South:state"];
        done(&folder, &[&["open", "north-south", "--title", "Talks", "--when", "2024-03-01"], &parties[..]].concat());
        Server::of(folder, flags)
    }

    /// The store of a folder, served.
    #[track_caller]
    pub fn of(folder: PathBuf, flags: &[&str]) -> Server {
        let mut child = talks(&folder).args(["serve", "--port", "0", "--json"]).args(flags).spawn().expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("an output")).read_line(&mut line).expect("it says where it is");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|why| panic!("{line:?}: {why}"));
        let at = ready["address"].as_str().and_then(|at| at.strip_prefix("http://")?.strip_suffix('/'));
        Server { child, at: at.expect("an address").into(), token: ready["token"].as_str().map(Into::into), folder }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.at).expect("it listens");
        stream.set_read_timeout(Some(LONG)).expect("a timeout");
        stream.set_write_timeout(Some(LONG)).expect("a timeout");
        stream
    }

    /// What comes back for these bytes, until the server closes.
    #[track_caller]
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // Whoever is refused in the middle of a long body may not get to its end.
        let _ = stream.write_all(bytes);
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read);
        String::from_utf8_lossy(&read).into_owned()
    }

    /// A request with these headers, and a body.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}{length}\r\n", self.at);
        Answer::of(&self.raw(format!("{head}{body}").as_bytes()))
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// Drafts, with the token and more headers.
    #[track_caller]
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let token = format!("Bearer {}", self.token.as_deref().unwrap_or_default());
        let own = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
        self.send("POST", path, &[&own, headers].concat(), body)
    }

    /// What the command prints that is asked of the same store.
    #[track_caller]
    pub fn command(&self, args: &[&str]) -> Output {
        talks(&self.folder).args(args).output().expect("the program runs")
    }

    /// Tells the program to end, as a service manager does; says with which code it did.
    #[cfg(unix)]
    pub fn terminate(mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(killed.success());
        let begin = std::time::Instant::now();
        while begin.elapsed() < LONG {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    #[track_caller]
    pub fn of(text: &str) -> Answer {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer { status: status.unwrap_or_default(), head: head.into(), body: body.into() }
    }

    /// The values of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// The value of a header that stands there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let [value] = self.headers(name)[..] else { panic!("not one {name}: {}", self.head) };
        value
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }

    /// The name of what went wrong.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("Content-Type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{self:?}");
        let name = problem["type"].as_str().and_then(|name| name.strip_prefix("urn:talks:error:"));
        name.expect("a name").into()
    }
}

pub fn talks(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.current_dir(folder).env_remove("TALKS_STORE").env_remove("TALKS_RECORDER").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[track_caller]
pub fn done(folder: &Path, args: &[&str]) {
    let output = talks(folder).args(args).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
