//! What is done to a store while something goes wrong: commands that can be repeated, each with the receipt that it gives.

use std::process::{Command, Output};

use rusqlite::Connection;
use serde_json::json;
use uuid::Uuid;

use super::disk::{Files, files_of, lay};
use super::trace;
use crate::survival::{Place, TALKS, lines, opening, statement};

pub const STORE: &str = "talks.db";

/// Commands to be run one after the other.
pub struct Scenario {
    pub name: &'static str,
    pub commands: Vec<Vec<String>>,
    /// Whether someone else has the store open meanwhile, so that what is written stays in the write-ahead log.
    pub is_read: bool,
    /// How the store is broken on purpose, in a build that can be.
    pub sabotage: Option<&'static str>,
    pub begin: fn(&Place),
}

/// Arguments, with an id that is the command's own, so that it can be repeated.
fn command(number: u64, args: &[&str]) -> Vec<String> {
    let id = id(number).to_string();
    let args = args.iter().map(|arg| arg.replace("ID", &id));
    args.chain(["--json".into(), "-q".into()]).collect()
}

pub fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x1111_1111_2222_4333, 0x8444_0000_0000_0000 | number)
}

/// An append of a demand.
pub fn add(number: u64) -> Vec<String> {
    let text = format!("text=demand {number}");
    command(number, &["add", "demand.raised", "by=north", "of=south", &text, "--when", "2025-10-19", "--id", "ID"])
}

fn with_talks(place: &Place) {
    place.done(&["init", STORE]);
    place.import([opening(), statement("one"), statement("two"), statement("a name")]);
}

impl Scenario {
    fn of(name: &'static str, begin: fn(&Place), commands: Vec<Vec<String>>) -> Scenario {
        Scenario { name, commands, is_read: false, sabotage: None, begin }
    }

    /// Appends, one after the other.
    pub fn append() -> Scenario {
        Scenario::of("append", with_talks, (1..5).map(add).collect())
    }

    /// The same while someone else has the store open.
    pub fn append_beside_a_reader() -> Scenario {
        Scenario { is_read: true, ..Scenario { name: "append-read", ..Scenario::append() } }
    }

    pub fn import() -> Scenario {
        let begin = |place: &Place| {
            with_talks(place);
            place.write("more.jsonl", lines((0..40).map(|at| statement(&format!("{at} {}", "word ".repeat(at * 4))))));
        };
        Scenario::of("import", begin, vec![command(0, &["import", "more.jsonl"]), add(1)])
    }

    pub fn correction() -> Scenario {
        let correct = ["correct", "D1", "text=better", "--reason", "a slip", "--id", "ID"];
        let retract = ["retract", "e3", "--reason", "said by nobody", "--id", "ID"];
        Scenario::of("correction", with_talks, vec![add(1), command(2, &correct), command(3, &retract)])
    }

    pub fn erasure() -> Scenario {
        let erase = ["erase", "e4", "--part", "data", "--reason", "a name", "--basis", "privacy", "--id", "ID"];
        Scenario::of("erasure", with_talks, vec![add(1), command(2, &erase), add(3)])
    }

    pub fn rebuild() -> Scenario {
        Scenario::of("rebuild", with_talks, vec![command(0, &["rebuild"]), add(1)])
    }

    /// A store of the first layout, brought up by what writes to it.
    pub fn migration() -> Scenario {
        let begin = |place: &Place| place.write(STORE, include_bytes!("../stores/layout-1.sqlite"));
        let add = |number: u64| {
            let text = format!("text=demand {number}");
            command(number, &["add", "demand.raised", "by=a", "of=b", &text, "--when", "2025-10-19", "--id", "ID"])
        };
        Scenario::of("migration", begin, vec![add(1), add(2)])
    }

    /// From no file at all.
    pub fn creation() -> Scenario {
        let open = ["open", "talks", "--title", "T", "--party", "north=North", "--party", "south=South", "--id", "ID"];
        let init = vec!["init".into(), STORE.into(), "--json".into()];
        Scenario::of("creation", |_| {}, vec![init, command(1, &open), add(2)])
    }

    pub fn all() -> Vec<Scenario> {
        vec![
            Scenario::append(),
            Scenario::append_beside_a_reader(),
            Scenario::import(),
            Scenario::correction(),
            Scenario::erasure(),
            Scenario::rebuild(),
            Scenario::migration(),
            Scenario::creation(),
        ]
    }

    /// The same with its first command alone.
    pub fn first(mut self) -> Scenario {
        self.commands.truncate(1);
        self
    }

    /// The program with a command of this scenario.
    pub fn program(&self, place: &Place, args: &[String]) -> Command {
        let mut command = place.command(TALKS);
        command.args(args).envs(self.sabotage.map(|way| ("TALKS_SABOTAGE", way)));
        command
    }

    pub fn run(&self, place: &Place, args: &[String]) -> Output {
        self.program(place, args).output().expect("the program runs")
    }

    /// A place as it stands before the first command; what the disk then has of the store.
    pub fn begin(&self, test: &str) -> (Place, Files) {
        let place = Place::new(&format!("{test}-{}{}", self.name, self.sabotage.unwrap_or_default()));
        (self.begin)(&place);
        let files = files_of(&place.folder, STORE);
        (place, files)
    }

    /// Has the store open, where the scenario asks for it. As long as that lasts, no test may open the file itself: closing it would
    /// take the locks of this process away.
    pub fn reader(&self, place: &Place) -> Option<Connection> {
        self.is_read.then(|| {
            let reader = Connection::open(place.path(STORE)).expect("an SQLite file");
            let count = reader.query_row("SELECT count(*) FROM events", (), |row| row.get::<_, i64>(0));
            assert!(count.expect("a count") > 0);
            reader
        })
    }
}

/// All that happened when the commands ran undisturbed.
pub struct Recording {
    pub before: Files,
    /// The steps of all commands, in order.
    pub steps: Vec<trace::Step>,
    /// Where the steps of each command begin.
    pub begins: Vec<usize>,
    /// The versions at which the log stood, before the first command and after each.
    pub versions: Vec<u64>,
    /// The ids of all records, in order.
    pub ids: Vec<Uuid>,
}

impl Recording {
    /// Runs the commands and watches them.
    pub fn of(scenario: &Scenario, test: &str) -> (Place, Recording) {
        let (place, before) = scenario.begin(test);
        let reader = scenario.reader(&place);
        let mut recording = Recording { before, steps: vec![], begins: vec![], versions: vec![], ids: vec![] };
        recording.versions.push(if recording.before.is_empty() { 0 } else { version(&place) });
        for args in &scenario.commands {
            recording.begins.push(recording.steps.len());
            let seen = trace::watch(&place, &scenario.program(&place, args));
            assert!(seen.output.status.success(), "{args:?}: {}", crate::survival::said(&seen.output));
            recording.steps.extend(seen.steps);
            recording.versions.push(version(&place));
        }
        drop(reader);
        recording.ids = ids(&place);
        (place, recording)
    }

    /// How many commands were begun before a step.
    pub fn begun(&self, step: usize) -> usize {
        self.begins.iter().filter(|begin| **begin < step).count()
    }
}

/// The version of the only log, by a connection that closes no file under another one's locks.
fn version(place: &Place) -> u64 {
    let sql = "SELECT coalesce(max(version), 0) FROM logs";
    let store = Connection::open(place.path(STORE)).expect("an SQLite file");
    store.query_row(sql, (), |row| row.get::<_, i64>(0)).expect("a version") as u64
}

/// The ids of all records, in order.
pub fn ids(place: &Place) -> Vec<Uuid> {
    let store = Connection::open(place.path(STORE)).expect("an SQLite file");
    let mut statement = store.prepare("SELECT id FROM events ORDER BY pos").expect("a statement");
    let ids = statement.query_map((), |row| row.get::<_, [u8; 16]>(0)).expect("rows");
    ids.map(|id| Uuid::from_bytes(id.expect("an id"))).collect()
}

/// Puts files in the place of the store.
pub fn put(place: &Place, files: &Files) {
    lay(&place.folder, STORE, files);
}

/// The receipts that are told by these bytes, as the judge reads them.
pub fn told(printed: &[u8]) -> Vec<u8> {
    trace::receipts(printed).iter().flat_map(|receipt| json!(receipt).to_string().into_bytes()).collect()
}
