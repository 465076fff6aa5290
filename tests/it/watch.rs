//! `talks watch`: what comes in is printed as it comes, to a person or to a program.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const LONG: Duration = Duration::from_secs(20);

fn talks(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.current_dir(folder).env_remove("TALKS_STORE").stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    command
}

#[track_caller]
fn done(folder: &Path, line: &str) {
    let output = talks(folder).args(line.split(' ')).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A store with one negotiation in it.
fn store(name: &str) -> std::path::PathBuf {
    let folder = crate::folder::fresh(name);
    done(&folder, "init");
    done(
        &folder,
        "open north-south --title Talks --party north=North:state --party south=South:state --when 2024-03-01",
    );
    folder
}

/// The exit code, once it ends by itself.
fn ended(mut child: Child) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < LONG {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it can be ended");
    None
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|why| panic!("{line}: {why}"))
}

#[test]
fn a_program_is_told_of_each_event_on_a_line_and_is_done_when_the_one_it_waits_for_comes() {
    let folder = store("watch-json");
    let mut child =
        talks(&folder).args(["watch", "--json", "--after", "e0", "--exit-on", "ceasefire"]).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines().map(|line| line.expect("a line"));
    // What was there already comes first, so that nothing falls between a look and a watch.
    assert_eq!(json(&lines.next().expect("the opening"))["event"], "e1");
    done(&folder, "add demand.raised by=north of=south text=Withdraw --when 2024-03-04");
    let demand = json(&lines.next().expect("the demand"));
    assert_eq!((&demand["event"], &demand["handle"]), (&"e2".into(), &"D1".into()));
    assert_eq!((&demand["changes"][0]["what"], &demand["changes"][0]["after"]), (&"D1".into(), &"open".into()));
    done(&folder, "correct e2 text=Retreat --reason typo");
    let correction = json(&lines.next().expect("the correction"));
    assert_eq!(
        (&correction["events"][0]["event"], &correction["events"][0]["became"]),
        (&"e2".into(), &"corrected".into())
    );
    done(&folder, "add ceasefire.agreed parties=north parties=south --when 2024-03-05");
    let last = lines.next().expect("the ceasefire");
    assert_eq!(json(&last)["kind"], "ceasefire.agreed");
    assert_eq!((lines.next(), ended(child)), (None, Some(0)));

    let schema = talks(&folder).args(["schema", "watch"]).output().expect("the program runs").stdout;
    let schema = json(&String::from_utf8(schema).expect("UTF-8"));
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    for line in [demand, correction, json(&last)] {
        assert!(validator.is_valid(&line), "{line}");
    }
}

#[test]
fn a_person_is_shown_what_changed() {
    let folder = store("watch-text");
    let mut child = talks(&folder).args(["watch", "--exit-on", "demand.raised"]).spawn().expect("it runs");
    let mut said = BufReader::new(child.stderr.take().expect("an output"));
    let mut line = String::new();
    said.read_line(&mut line).expect("it says what it does");
    assert_eq!(line, "Watching north-south from e1 on; Ctrl-C ends it\n");
    done(&folder, "add demand.raised by=north of=south text=Withdraw --when 2024-03-04 --recorder ann");
    let mut text = String::new();
    child.stdout.take().expect("an output").read_to_string(&mut text).expect("UTF-8");
    assert!(
        text.starts_with("e2  demand.raised  D1  4 Mar 2024\n  North of South: Withdraw\n  recorded by ann, "),
        "{text}"
    );
    assert!(text.ends_with("\n    + D1 open (Withdraw)\n"), "{text}");
    assert_eq!(ended(child), Some(0));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = store("watch-pipe");
    let mut child = talks(&folder).args(["watch", "--after", "0"]).spawn().expect("it runs");
    drop(child.stdout.take());
    assert_eq!(ended(child), Some(0));
}

#[test]
fn what_can_not_be_watched_is_said_at_once() {
    let folder = store("watch-wrong");
    for (line, exit) in [
        ("watch --log -", 2),
        ("watch --log x.jsonl", 1),
        ("watch --exit-on demnad", 2),
        ("watch --recorded-by e1", 2),
        ("watch -n other", 2),
        ("watch --json --status", 2),
    ] {
        let output = talks(&folder).args(line.split(' ')).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(exit), "{line}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{line}");
    }
}

#[test]
fn a_plain_log_is_followed_once_its_last_line_is_whole() {
    let folder = crate::folder::fresh("watch-plain");
    let file = folder.join("plain.jsonl");
    let opening = r#"{"kind":"negotiation.opened","occurred":"2024-03-01","data":{"title":"T","parties":[]}}"#;
    std::fs::write(&file, format!("{opening}\n")).expect("the log can be written");
    let mut child = talks(&folder)
        .args(["watch", "--json", "--log", "plain.jsonl", "--exit-on", "deadline"])
        .spawn()
        .expect("it runs");
    let mut said = BufReader::new(child.stderr.take().expect("an output"));
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines().map(|line| line.expect("a line"));
    // With --json nothing is said at the start: the first look is given a moment.
    std::thread::sleep(Duration::from_millis(400));
    let mut log = std::fs::OpenOptions::new().append(true).open(&file).expect("the log is there");
    let mut write = |text: &str| std::io::Write::write_all(&mut log, text.as_bytes()).expect("the log can be written");
    write("{\"kind\":\"note.added\",\"da");
    std::thread::sleep(Duration::from_millis(1200));
    write("ta\":{\"text\":\"A remark\"}}\n");
    let note = json(&lines.next().expect("the note"));
    assert_eq!((&note["event"], &note["kind"]), (&"e2".into(), &"note.added".into()));
    write(
        "{\"kind\":\"deadline.set\",\"occurred\":\"2024-03-02\",\"data\":{\"text\":\"Leave\",\"due\":\"2024-04-01\"}}\n",
    );
    let last = json(&lines.next().expect("the deadline"));
    assert_eq!((&last["event"], &last["changes"][0]["what"]), (&"e3".into(), &"T1".into()));
    assert_eq!((lines.next(), ended(child)), (None, Some(0)));
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(rest, "");
}
