//! The program among others, and when something goes wrong: many writers, a kill, a full disk, a damaged file, a stranger's file.
//!
//! Each test runs the program itself, as a person would, in a folder of its own. Whatever happens, it never panics.

mod damage;
mod erasing;
mod handover;
mod killed;
mod limits;
mod room;
mod strangers;
mod writers;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

pub const TALKS: &str = env!("CARGO_BIN_EXE_talks");
/// What the program ends with when it panics.
pub const PANIC: i32 = 101;
const A_DEMAND: [&str; 6] = ["add", "demand.raised", "by=north", "of=south", "--when", "2025-10-19"];

/// A folder of its own, with or without a store in it.
pub struct Place {
    pub folder: PathBuf,
}

/// The opening that stands before every log here.
pub fn opening() -> Value {
    let party = |slug: &str| json!({ "party": slug, "name": slug, "kind": "state", "role": "party" });
    let data = json!({ "title": "North and South", "parties": [party("north"), party("south")] });
    json!({ "kind": "negotiation.opened", "occurred": "2025-10-18", "data": data })
}

pub fn statement(text: &str) -> Value {
    let data = json!({ "by": "north", "act": "position", "text": text });
    json!({ "kind": "statement.made", "occurred": "2025-10-19", "data": data })
}

pub fn lines(drafts: impl IntoIterator<Item = Value>) -> String {
    drafts.into_iter().map(|draft| format!("{draft}\n")).collect()
}

impl Place {
    #[track_caller]
    pub fn new(name: &str) -> Place {
        Place { folder: crate::folder::fresh(&format!("survival/{name}")) }
    }

    /// The same with a store that holds so many records, an opening and statements.
    #[track_caller]
    pub fn with_talks(name: &str, count: usize) -> Place {
        let place = Place::new(name);
        place.done(&["init", "talks.db"]);
        place.import(std::iter::once(opening()).chain((2..=count).map(|at| statement(&format!("said {at}")))));
        place
    }

    #[track_caller]
    pub fn import(&self, drafts: impl IntoIterator<Item = Value>) -> Value {
        self.write("drafts.jsonl", lines(drafts));
        self.json(&["import", "drafts.jsonl", "-n", "talks"])
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    #[track_caller]
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    #[track_caller]
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// A program that sees nothing of what surrounds the tests.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", &self.folder).env("XDG_DATA_HOME", &self.folder).env("TALKS", TALKS);
        command.env("TALKS_STORE", self.path("talks.db")).stdin(Stdio::null());
        command
    }

    #[track_caller]
    fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(TALKS);
        command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program runs")
    }

    #[track_caller]
    pub fn talks(&self, args: &[&str]) -> Output {
        let output = self.command(TALKS).args(args).output().expect("the program runs");
        assert_ne!(output.status.code(), Some(PANIC), "{args:?}: {}", said(&output));
        output
    }

    /// The program, run from a shell script as `$TALKS`.
    #[track_caller]
    fn shell(&self, script: &str) -> Output {
        let output = self.command("sh").args(["-c", script]).output().expect("a shell runs");
        assert_ne!(output.status.code(), Some(PANIC), "{script}: {}", said(&output));
        output
    }

    /// What is printed by what succeeds.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.talks(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--json"]].concat())).expect("JSON")
    }

    /// All that is said by what ends with that code.
    #[track_caller]
    fn fails(&self, exit: i32, args: &[&str]) -> String {
        let output = self.talks(args);
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", said(&output));
        said(&output)
    }

    /// Where the only log stands: its version and root.
    #[track_caller]
    pub fn stands(&self) -> (u64, String) {
        let log = &self.json(&["verify"])["logs"][0];
        (log["version"].as_u64().unwrap_or_default(), log["root"].as_str().unwrap_or_default().to_string())
    }

    #[track_caller]
    fn export(&self) -> String {
        self.done(&["export", "-q"])
    }

    /// Every line of the export.
    #[track_caller]
    fn exported(&self) -> Vec<Value> {
        self.export().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// All that a program said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Says aloud what could not be tried on this system.
pub fn skipped(what: &str) {
    // A test's own output is swallowed; this is not.
    let _ = writeln!(std::io::stderr().lock(), "NOT TRIED on this system: {what}");
}
