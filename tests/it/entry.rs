//! Entry by hand: what `add` says before it is believed, and how a source is registered.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use talks::app::{Ledger, Progress, Step, Store};

use crate::folder;

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

fn talks(folder: &Path, args: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.current_dir(folder).args(args).env_remove("TALKS_STORE").env_remove("TALKS_RECORDER");
    command.stdin(std::process::Stdio::null());
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with a store of a negotiation between north and south.
#[track_caller]
fn store(name: &str) -> PathBuf {
    let folder = folder::fresh(name);
    for args in [
        &["init"][..],
        &[
            "open",
            "peace",
            "--title",
            "Peace",
            "--party",
            "north=North",
            "--party",
            "south=South",
            "--when",
            "2025-10-01",
        ],
    ] {
        let done = talks(&folder, args);
        assert_eq!(done.code, 0, "{}", done.err);
    }
    folder
}

const CLASH: [&str; 5] = ["add", "incident.reported", "category=clash", "--when", "2025-10-19"];

#[test]
fn what_check_newly_finds_is_told_and_does_not_block() {
    let folder = store("entry-findings");
    let dry = talks(&folder, &[&CLASH[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert_eq!(
        dry.err,
        "warning: unsourced: e2: no source is cited for it\n\
         help: talks correct e2 sources:='[{\"source\":\"S1\"}]' --reason ...\n"
    );
    assert!(dry.out.contains("Nothing was written (dry run)."), "{}", dry.out);
    let done = talks(&folder, &[&CLASH[..], &["--json", "--quiet"]].concat());
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let receipt: Value = serde_json::from_str(&done.out).expect("the receipt is JSON");
    assert_eq!(receipt["findings"][0]["check"], "unsourced");
    // The second is told of itself alone, and of what it makes of the first.
    let done = talks(&folder, &[&CLASH[..], &["--again", "--json"]].concat());
    let receipt: Value = serde_json::from_str(&done.out).expect("the receipt is JSON");
    let found: Vec<String> =
        receipt["findings"].as_array().into_iter().flatten().map(|f| f["check"].to_string()).collect();
    assert_eq!(found, ["\"unsourced\"", "\"near-duplicate\""]);
    assert!(
        done.err.contains("near-duplicate: e2 e3: e2 and e3 are of one sort, one day and the same sides"),
        "{}",
        done.err
    );
}

#[test]
fn the_hash_of_a_copy_is_kept_with_its_source() {
    // `printf abc | sha256sum`
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let folder = store("entry-copy");
    fs::write(folder.join("copy.html"), "abc").expect("the copy can be written");
    let done = talks(&folder, &["source", "add", "title=A", "--file", "copy.html"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let typed = format!("sha256={}", OF_ABC.to_uppercase());
    let done = talks(&folder, &["source", "add", "title=B", &typed, "--file", "copy.html"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let sources = talks(&folder, &["sources", "--json"]);
    let sources: Value = serde_json::from_str(&sources.out).expect("sources are JSON");
    assert_eq!(sources["data"]["sources"][0]["sha256"], OF_ABC);
    let other = format!("sha256={}", "0".repeat(64));
    let refused = talks(&folder, &["source", "add", "title=C", &other, "--file", "copy.html"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains(&format!("its own is {OF_ABC}; nothing was stored")), "{}", refused.err);
    let missing = talks(&folder, &["source", "add", "title=C", "--file", "nowhere"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.starts_with("error: can't read nowhere: "), "{}", missing.err);
}

/// Plays `talks add` at a terminal: texts to wait for, each with what is typed then.
fn at_a_terminal(folder: &Path, steps: &[(&str, &str)]) -> Outcome {
    played(folder, &["add"], steps)
}

/// Plays a command at a terminal.
fn played(folder: &Path, args: &[&str], steps: &[(&str, &str)]) -> Outcome {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prompt.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(env!("CARGO_BIN_EXE_talks")).args(args).arg("--").current_dir(folder);
    command.args(steps.iter().flat_map(|(shown, typed)| [*shown, *typed]));
    command.env_remove("TALKS_STORE").env_remove("TALKS_RECORDER").env_remove("EDITOR").env_remove("VISUAL");
    let output = command.output().expect("python3 runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

fn events(folder: &Path) -> usize {
    let log: Value = serde_json::from_str(&talks(folder, &["log", "--json"]).out).expect("the log is JSON");
    log["data"]["events"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_session_at_a_terminal_ends_in_an_event() {
    let folder = store("entry-session");
    let steps = [
        ("kind: ", "demand.rai\\t\\r"),
        ("by: ", "nor\\t\\r"),
        ("of: ", "south\\r"),
        ("when: ", "10/11/2025\\r"),
        ("help: write 2025-11-10", ""),
        ("when: 10/11/2025", "\\x1519 Oct 2025\\r"),
        ("= Sun 19 Oct 2025, end of day (+00:00)", ""),
        ("text: ", "Open the border\\r"),
        ("source: ", "<\\r"),
        ("text: ", " at Torkham\\r"),
        ("source: ", "\\r"),
        ("more: ", "weight=red\\t\\r"),
        ("more: ", "\\r"),
        ("text=Open the border at Torkham", ""),
        ("Would be added e2  demand.raised  D1  2025-10-19", ""),
        ("+ D1 open (Open the border at Torkham)", ""),
        ("warning: unsourced: e2: no source is cited for it", ""),
        ("store it?", "y\\r"),
    ];
    let asked = at_a_terminal(&folder, &steps);
    assert_eq!(asked.code, 0, "{}{}", asked.out, asked.err);
    assert!(asked.out.contains("Added e2  demand.raised  D1  2025-10-19"), "{}", asked.out);
    let shown: Value = serde_json::from_str(&talks(&folder, &["demands", "--json"]).out).expect("demands are JSON");
    assert_eq!(shown["data"]["demands"][0]["text"], "Open the border at Torkham");
    assert_eq!(shown["data"]["demands"][0]["weight"], "red-line");
}

#[test]
fn a_draft_that_does_not_fit_is_told_at_the_end_and_can_be_left() {
    let folder = store("entry-unfit");
    let steps = [
        ("kind: ", "negotiation.reo\\t\\r"),
        ("when: ", "2025-10-19\\r"),
        ("source: ", "-\\r"),
        ("more: ", "\\r"),
        ("this negotiation.reopened does not fit", ""),
        ("e edit, < back, n leave: ", "y\\r"),
        ("e edit, < back, n leave: ", "n\\r"),
    ];
    let left = at_a_terminal(&folder, &steps);
    assert_eq!(left.code, 1, "{}{}", left.out, left.err);
    assert_eq!(events(&folder), 1);
}

#[test]
fn whoever_interrupts_a_session_stores_nothing() {
    let folder = store("entry-interrupted");
    let left = at_a_terminal(&folder, &[("kind: ", "note.added\\r"), ("text: ", "\\x03")]);
    assert_eq!(left.code, 130, "{}{}", left.out, left.err);
    assert!(left.out.contains("interrupted; nothing was stored"), "{}", left.out);
    let left = at_a_terminal(&folder, &[("kind: ", "note.added\\r"), ("text: ", "\\x04")]);
    assert_eq!(left.code, 1, "{}{}", left.out, left.err);
    assert!(left.out.contains("left; nothing was stored"), "{}", left.out);
    assert_eq!(events(&folder), 1);
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let folder = store("entry-piped");
    let refused = talks(&folder, &["add"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("help: talks add KIND key=value ... --when ..."), "{}", refused.err);
    let refused = talks(&folder, &["add", "-e", "note.added"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("help: set EDITOR"), "{}", refused.err);
}

/// `talks add -e` with an editor that is a script; `$1` is the file.
fn edited(folder: &Path, script: &str, args: &[&str]) -> Outcome {
    in_editor(folder, script, &[&["add", "-e"], args].concat())
}

fn in_editor(folder: &Path, script: &str, args: &[&str]) -> Outcome {
    let editor = folder.join("editor.sh");
    fs::write(&editor, script).expect("the editor can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_talks"));
    command.current_dir(folder).args(args).stdin(std::process::Stdio::null());
    command.env_remove("TALKS_STORE").env_remove("VISUAL").env("TMPDIR", folder);
    command.env("EDITOR", format!("sh {}", editor.display()));
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// The forms that lie about in a folder.
fn forms(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    files.filter(|file| file.extension().is_some_and(|ending| ending == "txt")).collect()
}

#[test]
fn a_form_is_filled_in_and_a_mistake_opens_it_again() {
    let folder = store("entry-form");
    let script = r#"
        stat -c %a "$1" >> modes
        if grep -q '^#! ' "$1"; then
            grep '^#! ' "$1" > told
            sed -i 's/^when=.*/when=19 Oct 2025/' "$1"
        else
            sed -i 's/^of=$/of=south/; s/^text=$/text=Open the border/; s/^when=$/when=10\/11\/2025/' "$1"
        fi"#;
    let done = edited(&folder, script, &["demand.raised", "by=north"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("Added e2  demand.raised  D1  2025-10-19\n"), "{}", done.out);
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("the editor wrote it");
    assert_eq!(read("modes"), "600\n600\n");
    assert!(read("told").starts_with("#! \"10/11/2025\" can be 10 November or 11 October\n"), "{}", read("told"));
    assert_eq!(forms(&folder), [] as [PathBuf; 0]);
}

#[test]
fn a_form_that_is_emptied_or_left_alone_stores_nothing() {
    let folder = store("entry-cancelled");
    for (script, why) in [(": > \"$1\"", "the form is empty"), ("true", "the form was left as it was")] {
        let left = edited(&folder, script, &["note.added"]);
        assert_eq!((left.code, left.err), (1, format!("error: {why}; nothing was stored\n")));
    }
    assert_eq!((events(&folder), forms(&folder).len()), (1, 0));
    let lost = edited(&folder, "exit 3", &["note.added", "text=kept"]);
    assert_eq!(lost.code, 1);
    let kept = forms(&folder);
    assert!(lost.err.contains(&kept[0].display().to_string()), "{}", lost.err);
    assert!(fs::read_to_string(&kept[0]).is_ok_and(|text| text.contains("\ntext=kept\n")));
}

/// A file of so many drafts.
fn many(folder: &Path, drafts: usize) {
    let opening = r#"{"kind":"negotiation.opened","occurred":"2025-10-01","data":{"title":"T","parties":[]}}"#;
    let note = |at: usize| format!("{{\"kind\":\"note.added\",\"data\":{{\"text\":\"{at}\"}}}}");
    let lines: Vec<String> = std::iter::once(opening.to_string()).chain((1..drafts).map(note)).collect();
    fs::write(folder.join("many.jsonl"), lines.join("\n") + "\n").expect("the file can be written");
}

/// A store that took longer than a second and a half to be imported on this machine, of how many drafts, and what was shown.
fn imported_for_long() -> (PathBuf, usize, String) {
    const LONG: std::time::Duration = std::time::Duration::from_millis(1500);
    let mut count = 8_000;
    loop {
        let folder = folder::fresh("entry-progress");
        many(&folder, count);
        assert_eq!(talks(&folder, &["init"]).code, 0);
        let start = std::time::Instant::now();
        let shown = played(&folder, &["import", "many.jsonl"], &[]);
        assert_eq!(shown.code, 0, "{}{}", shown.out, shown.err);
        if start.elapsed() > LONG {
            return (folder, count, shown.out);
        }
        count *= 2;
    }
}

#[test]
fn what_takes_long_says_how_far_it_is_on_a_terminal_and_nowhere_else() {
    let (folder, count, shown) = imported_for_long();
    assert!(shown.contains(&format!("Imported {count} records, e1 to e{count}, to many")), "{shown}");
    assert!(shown.contains(&format!(" {count} records, 1 s")), "{shown}");
    let shown = played(&folder, &["verify"], &[]);
    assert!(shown.out.contains(&format!(" of {count} records")), "{}", shown.out);
    assert!(shown.out.contains(&format!("holds: many up to e{count}")), "{}", shown.out);
    for args in [&["verify"][..], &["verify", "--json"], &["rebuild"]] {
        let piped = talks(&folder, args);
        assert_eq!((piped.code, piped.err.as_str()), (0, ""));
        assert!(!piped.out.contains('\r'), "{}", piped.out);
    }
    let quiet = played(&folder, &["verify", "--quiet"], &[]);
    assert!(!quiet.out.contains(" records"), "{}", quiet.out);
    let quick = played(&folder, &["log", "-N", "1"], &[]);
    assert!(!quick.out.contains(" s"), "{}", quick.out);
}

/// Runs something while another writes to the store for longer than a second.
fn while_it_waits<T>(folder: &Path, run: impl FnOnce() -> T) -> T {
    const LONG: std::time::Duration = std::time::Duration::from_millis(1500);
    let other = rusqlite::Connection::open(folder.join("talks.db")).expect("the store opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("a write lock");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(LONG);
            other.execute_batch("ROLLBACK").expect("the lock goes");
        });
        run()
    })
}

#[test]
fn whoever_waits_for_another_writer_is_told_so_on_a_terminal_and_nowhere_else() {
    let folder = store("entry-waits");
    let note = r#"{"kind":"note.added","data":{"text":"noted"}}"#;
    fs::write(folder.join("one.jsonl"), note).expect("the file can be written");
    let import = ["import", "one.jsonl"];
    let shown = while_it_waits(&folder, || played(&folder, &import, &[]));
    assert_eq!(shown.code, 0, "{}{}", shown.out, shown.err);
    assert!(shown.out.contains("Imported e2"), "{}", shown.out);
    assert!(shown.out.contains(", 1 s"), "{}", shown.out);
    let quiet = while_it_waits(&folder, || played(&folder, &[&import[..], &["--quiet"]].concat(), &[]));
    assert!(!quiet.out.contains(", 1 s"), "{}", quiet.out);
    let piped = while_it_waits(&folder, || talks(&folder, &import));
    assert_eq!((piped.code, piped.err.as_str()), (0, ""));
    assert!(!piped.out.contains('\r') && !piped.out.contains(", 1 s"), "{}", piped.out);
    let quick = played(&folder, &import, &[]);
    assert!(!quick.out.contains(" s"), "{}", quick.out);
}

#[test]
fn whoever_waits_is_told_what_is_done_and_of_how_much() {
    let folder = store("entry-steps");
    assert_eq!(talks(&folder, &CLASH).code, 0);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let progress = Progress::to(move |Step { doing, done, of }| seen.lock().expect("a list").push((doing, done, of)));
    let mut store = Store::open_to_write(&folder.join("talks.db")).expect("the store opens").telling(progress);
    assert!(store.check(None, &Ledger::default()).expect("the store reads").holds());
    store.rebuild("peace").expect("the store is written");
    let verified = [("verifying", Some(0), 2), ("verifying", Some(1), 2), ("comparing what is derived of", None, 2)];
    let rebuilt = [("reading", None, 0), ("deriving rows of", None, 2)];
    assert_eq!(*steps.lock().expect("a list"), [&verified[..], &rebuilt].concat());
}

#[test]
fn a_line_can_be_short_and_says_the_same() {
    let folder = store("entry-short");
    let source = ["source.publisher=Dawn", "source.title=Talks go on", "source.published=30 Oct 2025"];
    let done = talks(
        &folder,
        &[&["add", "statement", "north", "position", "Talks go on", "-w", "30 Oct 2025"], &source[..]].concat(),
    );
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.out.starts_with("Added e2  source.registered  S1\n  S1: Talks go on\n"), "{}", done.out);
    assert!(done.out.contains("\nAdded e3  statement.made  2025-10-30\n  North: Talks go on\n"), "{}", done.out);
    let short =
        ["add", "demand", "North: A. Asif, minister", "South", "Open", "-w", "30 Oct 2025", "-s", "S1", "-Q", "Now"];
    let done = talks(&folder, &[&short[..], &["-l", "para 2", "-p", "Doha"]].concat());
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let shown: Value = serde_json::from_str(&talks(&folder, &["show", "e4", "--json"]).out).expect("an event is JSON");
    let event = &shown["data"]["event"];
    assert_eq!(event["data"]["by"], serde_json::json!({"party": "north", "who": "A. Asif, minister"}));
    assert_eq!(event["data"]["of"], "south");
    assert_eq!(event["context"]["place"], "Doha");
    let cited = |field: &str| event["sources"][0][field].as_str().map(String::from);
    let cited = ["source", "quote", "locator"].map(cited);
    assert_eq!(cited, ["S1", "Now", "para 2"].map(|text| Some(text.into())));
    // The long form of the same is the same, word for word.
    let by = "by:={\"party\":\"north\",\"who\":\"A. Asif, minister\"}";
    let long = ["add", "demand.raised", by, "of=south", "text=Open", "place=Doha", "--when", "2025-10-30"];
    let refused = talks(&folder, &[&long[..], &["--source", "S1", "--quote", "Now", "--locator", "para 2"]].concat());
    assert!(
        refused.code == 1 && refused.err.starts_with("error: e4 says this already, word for word"),
        "{}",
        refused.err
    );
}

#[test]
fn a_source_that_comes_with_an_event_is_stored_once_however_often_the_line_is_repeated() {
    let folder = store("entry-new-source");
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let line = ["add", "note", "A remark", "source.title=A", "source.url=https://example.org/a"];
    for first in ["Added e2  source.registered  S1", "Already here: e2  source.registered  S1"] {
        let done = talks(&folder, &[&line[..], &["--id", id]].concat());
        assert!(done.code == 0 && done.out.starts_with(first), "{}{}", done.out, done.err);
    }
    let other = ["add", "note", "Another", "source.title=A", "source.url=https://example.org/a"];
    let refused = talks(&folder, &other);
    assert_eq!(
        (refused.code, refused.err.as_str()),
        (
            1,
            "error: S1 is this source already, word for word\n  nothing was stored\nhelp: cite it instead: --source S1\n"
        )
    );
    let wrong = talks(&folder, &["add", "note", "Another", "source.titel=A"]);
    assert_eq!(
        (wrong.code, wrong.err.as_str()),
        (2, "error: source.registered has no field \"titel\"\nhelp: did you mean title?\n")
    );
    fs::write(folder.join("copy.html"), "abc").expect("the copy can be written");
    let done = talks(&folder, &["add", "note", "Third", "source.title=B", "source.file=copy.html"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let sources: Value = serde_json::from_str(&talks(&folder, &["sources", "--json"]).out).expect("sources are JSON");
    let hash = sources["data"]["sources"][1]["sha256"].as_str().unwrap_or_default();
    assert!(hash.starts_with("ba7816bf8f01cfea"), "{hash}");
    assert_eq!(events(&folder), 5);
}

#[test]
fn a_short_line_that_is_wrong_is_told_what_would_do() {
    let folder = store("entry-short-wrong");
    for (line, err) in [
        (
            &["add", "opened"][..],
            "error: \"opened\" may be negotiation.opened or 1 other kind\nhelp: one of negotiation.opened, round.opened\n",
        ),
        (
            &["add", "statement", "north", "position", "Talks", "go"],
            "error: \"go\" is not key=value\n  statement.made takes 3 values without a name here: by, act, text\n\
             help: put a text of several words in quotes, or name the field; talks help statement.made lists them\n",
        ),
        (
            &["add", "claim", "north:", "x"],
            "error: \"north:\" does not say who\n\
             help: write the party alone, or who speaks after it: \"pakistan: Khawaja Asif\"\n",
        ),
        (&["add", "statment"], "error: no kind \"statment\"\nhelp: did you mean statement?\n"),
    ] {
        let refused = talks(&folder, line);
        assert_eq!((refused.code, refused.err.as_str()), (2, err), "{line:?}");
    }
    assert_eq!(events(&folder), 1);
    let page = talks(&folder, &["help", "statement"]);
    assert!(page.out.contains("\nor in short\n  talks add statement BY ACT TEXT -w 2023-10-26\n"), "{}", page.out);
}

#[test]
fn what_check_would_find_is_asked_about_on_a_terminal_before_it_is_stored() {
    let folder = store("entry-asked");
    let asked = played(
        &folder,
        &CLASH,
        &[("warning: unsourced: e2: no source is cited for it", ""), ("store it? y yes, n no, e edit: ", "n\\r")],
    );
    assert_eq!(asked.code, 1, "{}", asked.out);
    assert!(asked.out.contains("nothing was stored"), "{}", asked.out);
    assert_eq!(events(&folder), 1);
    let asked = played(&folder, &CLASH, &[("store it?", "<\\r"), ("? y n e", "y\\r")]);
    assert_eq!(asked.code, 0, "{}", asked.out);
    assert!(asked.out.contains("Added e2  incident.reported  2025-10-19"), "{}", asked.out);
    // Where nothing is found, or nobody wants to be asked, it is stored at once.
    let clean = played(&folder, &["add", "note", "Quiet"], &[]);
    assert!(clean.code == 0 && !clean.out.contains("store it?"), "{}", clean.out);
    for flag in ["--yes", "--json", "--quiet"] {
        let stored = played(&folder, &[&CLASH[..], &["--again", flag]].concat(), &[]);
        assert!(stored.code == 0 && !stored.out.contains("store it?"), "{flag}: {}", stored.out);
    }
    assert_eq!(events(&folder), 6);
}

#[test]
fn a_source_is_registered_in_the_middle_of_a_session() {
    let folder = store("entry-session-source");
    let steps = [
        ("kind: ", "note\\r"),
        ("text: ", "A remark\\r"),
        ("no source is registered yet: new registers one", ""),
        ("source: ", "new\\r"),
        ("publisher: ", "Dawn\\r"),
        ("title: ", "Talks go on\\r"),
        ("published: ", "30 Oct 2025\\r"),
        ("url: ", "\\r"),
        ("file: ", "\\r"),
        ("more: ", "\\r"),
        ("Would be added e2  source.registered  S1", ""),
        ("store it?", "y\\r"),
    ];
    let asked = at_a_terminal(&folder, &steps);
    assert_eq!(asked.code, 0, "{}{}", asked.out, asked.err);
    let sources: Value =
        serde_json::from_str(&talks(&folder, &["show", "e3", "--json"]).out).expect("an event is JSON");
    assert_eq!(sources["data"]["event"]["sources"][0]["name"], "Talks go on");
}

#[test]
fn what_is_changed_in_the_form_of_an_event_is_its_correction() {
    let folder = store("entry-correct");
    let first = ["add", "demand", "north: A. Asif, minister", "south", "Open", "-w", "2025-10-19", "-p", "Doha"];
    assert_eq!(talks(&folder, &first).code, 0);
    // The first time the reason is forgotten; the second time nothing else is amiss.
    let script = r#"
        if grep -q '^#! ' "$1"; then
            grep '^#! ' "$1" > told
            sed -i 's/^correction.reason=$/correction.reason=A slip/' "$1"
        else
            sed -i 's/^by=north: A. Asif, minister$/by=north: B. Khan/; s/^of=south$/of=South/; s/^place=Doha$/place=/; s/^when=.*/when=20 Oct 2025/' "$1"
        fi"#;
    let done = in_editor(&folder, script, &["correct", "D1", "-e"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let told = fs::read_to_string(folder.join("told")).expect("the mistake was told");
    assert_eq!(told, "#! correction.reason is needed\n#! help: say why in a few words\n");
    let changed = "  e2 is corrected: A slip\n    data.by.who: A. Asif, minister -> B. Khan\n    context.place: Doha -> nothing\n    \
                   occurred: 2025-10-19 -> 2025-10-20\n";
    assert!(done.out.contains(changed), "{}", done.out);
    let left = in_editor(&folder, "true", &["correct", "D1", "-e"]);
    assert_eq!((left.code, left.err.as_str()), (1, "error: the form was left as it was; nothing was stored\n"));
    let missing = in_editor(&folder, "true", &["correct", "D9", "-e"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.starts_with("error: nothing that counts here is called D9\n"), "{}", missing.err);
    let other = r#"grep -q '^#! ' "$1" && { cp "$1" seen; : > "$1"; exit; }; sed -i 's/^kind=.*/kind=note.added/; s/^correction.reason=/&x/' "$1""#;
    let refused = in_editor(&folder, other, &["correct", "e2", "-e"]);
    assert_eq!(refused.code, 1);
    let seen = fs::read_to_string(folder.join("seen")).expect("the form was opened again");
    assert!(seen.starts_with("#! e2 is a demand.raised, and stays one\n"), "{seen}");
    assert_eq!((events(&folder), forms(&folder).len()), (3, 0));
}

#[test]
fn a_list_without_a_row_has_its_header_in_csv() {
    let folder = store("entry-empty-csv");
    for (command, header) in [
        (&["rounds"][..], "handle,called,state,place,opened,"),
        (&["demands"], "handle,by,of,text,"),
        (&["timeline"], "event,kind,handle,when,"),
        (&["search", "x"], "event,"),
        (&["due"], "what,handle,text,due,"),
        (&["check"], "check,events,text,help\r\n"),
    ] {
        let shown = talks(&folder, &[command, &["--csv"]].concat());
        assert!(shown.code == 0 && shown.out.starts_with(header), "{command:?}: {}{}", shown.out, shown.err);
        assert_eq!(shown.out.lines().count(), 1, "{}", shown.out);
    }
    fs::remove_file(folder.join("talks.db")).expect("the store is there");
    assert_eq!(talks(&folder, &["init"]).code, 0);
    assert_eq!(talks(&folder, &["negotiations", "--csv"]).out, "");
}

#[test]
fn long_lines_are_folded_on_a_terminal_and_whole_in_a_pipe() {
    let folder = store("entry-folded");
    let wrong = ["add", "incident", "fight", "-w", "2025-10-19"];
    let is_long = |line: &str| line.chars().count() > 80;
    let piped = talks(&folder, &wrong);
    assert!(piped.err.lines().any(is_long), "{}", piped.err);
    let shown = played(&folder, &wrong, &[]);
    assert!(!shown.out.lines().any(is_long) && shown.out.contains("\n    "), "{}", shown.out);
    let (piped, shown) =
        (talks(&folder, &["help", "incident"]), played(&folder, &["help", "incident", "--no-pager"], &[]));
    assert!(piped.out.lines().any(is_long) && !shown.out.lines().any(is_long), "{}", shown.out);
    let said = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(said(&piped.out), said(&shown.out));
}

#[test]
fn the_editor_is_looked_for_and_a_kind_by_another_part_of_its_name() {
    let folder = store("entry-editor");
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_talks"));
    doctor.current_dir(&folder).args(["doctor", "--json"]).env_remove("TALKS_STORE").env_remove("VISUAL");
    let output = doctor.env("EDITOR", "no-such-editor -w").output().expect("the program runs");
    let looked: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let editor = looked["data"]["looked"].as_array().into_iter().flatten().find(|one| one["what"] == "editor");
    let editor = editor.expect("the editor is looked for");
    assert_eq!((output.status.code(), &editor["says"]), (Some(1), &"no-such-editor -w (EDITOR) is not there".into()));
    let wrong = talks(&folder, &["timeline", "--kind", "raised"]);
    assert_eq!(
        (wrong.code, wrong.err.as_str()),
        (
            2,
            "error: no kind \"raised\"\n  in full: demand.raised\nhelp: talks help kinds lists them; talks log shows those of this log\n"
        )
    );
}
