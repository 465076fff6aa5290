//! A page shows what the program prints, or the test fails.
//!
//! In `README.md` and `docs/guide/*.md` every fenced `console` block is a session. A line that begins with `$ ` is run by `sh`, with
//! the lines that begin with `> ` directly under it; what follows, up to the next `$ ` or the end of the block, is what it prints,
//! both streams together. The command must leave with code 0, or with the one it states: `# exit 2`. A line `...` stands for any
//! lines. Each page has a fresh folder with a copy of `events/` in it, a screen of 80 columns, no colour, and nothing else of the
//! surroundings, so that a page reads the same everywhere.
//!
//! `UPDATE=1 cargo test` writes what is printed into the pages, to be read in review. It leaves alone what still matches, and never
//! touches an exit code: that is a promise, stated by hand.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// Fewer than this, and the blocks are no longer found rather than no longer there.
const COMMANDS_AT_LEAST: usize = 25;
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ANY_LINES: &str = "...";

/// One command of a page, and where the page shows what it prints.
struct Step {
    /// Counted from 0; the line of the `$ `.
    line: usize,
    script: String,
    exit: i32,
    shown: Range<usize>,
}

/// What running a page taught.
struct Outcome {
    commands: usize,
    differences: Vec<String>,
    rewritten: String,
}

#[test]
fn every_page_shows_what_the_program_prints() {
    let update = env::var_os("UPDATE").is_some();
    let (mut commands, mut differences) = (0, Vec::new());
    for path in pages() {
        let page = fs::read_to_string(&path).expect("the page reads");
        let name = path.strip_prefix(ROOT).expect("a page of ours").display().to_string();
        let mut outcome = run(&name, &page);
        if update && outcome.rewritten != page {
            fs::write(&path, &outcome.rewritten).expect("the page is written");
            // What still differs now is an exit code, or a command that prints something else each time.
            outcome = run(&name, &outcome.rewritten);
        }
        commands += outcome.commands;
        differences.append(&mut outcome.differences);
    }
    assert!(differences.is_empty(), "{}\n\nto rewrite the pages: UPDATE=1 cargo test", differences.join("\n\n"));
    assert!(commands >= COMMANDS_AT_LEAST, "only {commands} commands were found in the pages");
}

#[test]
fn a_page_that_shows_another_line_or_another_exit_code_is_found_out() {
    let page =
        |shown: &str| format!("Prose.\n```console\n$ printf 'one\\ntwo\\n'; exit 2 # exit 2\n{shown}\n```\nMore.\n");
    let wrong = run("wrong", &page("one\n2"));
    assert_eq!(wrong.differences.len(), 1);
    assert_eq!(wrong.rewritten, page("one\ntwo"));
    assert!(run("right", &page("one\ntwo")).differences.is_empty());
    assert_eq!(run("short", &page("one")).differences.len(), 1);
    assert_eq!(run("silent", "```console\n$ false\n```\n").differences.len(), 1);
}

#[test]
fn dots_stand_for_any_lines_and_are_kept() {
    let page = "```console\n$ printf '1\\n2\\n3\\n'\n1\n...\n\n$ cat <<E\n> four\n> E\nfour\n```\n";
    let outcome = run("dots", page);
    assert!(outcome.differences.is_empty(), "{}", outcome.differences.join("\n"));
    assert_eq!((outcome.commands, outcome.rewritten.as_str()), (2, page));
    assert_eq!(run("other", "```console\n$ printf '1\\n2\\n'\n...\n3\n```\n").differences.len(), 1);
}

fn pages() -> Vec<PathBuf> {
    let guide = fs::read_dir(Path::new(ROOT).join("docs/guide")).expect("the guide is there");
    let mut pages: Vec<PathBuf> = guide.map(|entry| entry.expect("an entry of the guide").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages.push(Path::new(ROOT).join("README.md"));
    pages.sort();
    pages
}

/// Runs the sessions of a page in its order, in a folder of the page's own.
fn run(name: &str, page: &str) -> Outcome {
    let folder = Folder::new(name);
    let mut lines: Vec<&str> = page.lines().collect();
    let steps = steps(&lines);
    let (mut differences, mut outputs) = (Vec::new(), Vec::new());
    for step in &steps {
        let (printed, code) = folder.run(&step.script);
        let (at, command) = (step.line + 1, lines[step.line]);
        if code != Some(step.exit) {
            differences.push(format!("{name}:{at}: {command}\nshould exit with {}: {code:?}\n{printed}", step.exit));
        }
        let same = matches(&lines[step.shown.clone()], &printed.lines().collect::<Vec<_>>());
        if !same {
            let shown = lines[step.shown.clone()].join("\n");
            differences.push(format!("{name}:{at}: {command}\n-- the page shows\n{shown}\n-- it prints\n{printed}"));
        }
        outputs.push((!same).then_some(printed));
    }
    // From the end, so that the places of the earlier steps stay true.
    for (step, output) in steps.iter().zip(&outputs).rev() {
        if let Some(printed) = output {
            lines.splice(step.shown.clone(), printed.lines());
        }
    }
    Outcome { commands: steps.len(), differences, rewritten: lines.join("\n") + "\n" }
}

fn steps(lines: &[&str]) -> Vec<Step> {
    let (mut steps, mut session, mut at) = (Vec::new(), false, 0);
    while at < lines.len() {
        let line = at;
        at += 1;
        match lines[line].strip_prefix("$ ") {
            Some(command) if session => {
                let more = run_of(&lines[at..], |line| line.starts_with("> "));
                let mut shown = at + more..at + run_of(&lines[at..], |line| !line.starts_with("$ ") && line != "```");
                let script =
                    lines[at..shown.start].iter().fold(command.to_owned(), |all, line| all + "\n" + &line[2..]);
                at = shown.end;
                // Empty lines before the next command are the page's own.
                shown.end -= lines[shown.clone()].iter().rev().take_while(|line| line.is_empty()).count();
                steps.push(Step { line, script, exit: stated(command), shown });
            }
            _ if lines[line].starts_with("```") => session = lines[line] == "```console",
            _ => {}
        }
    }
    steps
}

fn run_of(lines: &[&str], wanted: impl Fn(&str) -> bool) -> usize {
    lines.iter().take_while(|line| wanted(line)).count()
}

/// The exit code that a command states for itself in a comment.
fn stated(command: &str) -> i32 {
    command.rsplit_once("# exit ").map_or(0, |(_, code)| code.trim().parse().expect("an exit code is a number"))
}

fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match (shown, printed) {
        ([], []) => true,
        ([ANY_LINES, shown @ ..], _) => (0..=printed.len()).any(|skip| matches(shown, &printed[skip..])),
        ([line, shown @ ..], [same, printed @ ..]) => line == same && matches(shown, printed),
        _ => false,
    }
}

/// A folder with a copy of `events/`, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{plain}.{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the page");
        let copied = Command::new("cp").arg("-R").arg(Path::new(ROOT).join("events")).arg(&folder).status();
        assert!(copied.expect("cp runs").success(), "events/ can't be copied");
        Self(folder)
    }

    /// What a script prints, both streams as they come, without spaces at the ends of lines; and how it left.
    fn run(&self, script: &str) -> (String, Option<i32>) {
        let program = Path::new(env!("CARGO_BIN_EXE_talks")).parent().expect("the program is in a folder");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(&path))).expect("a PATH");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("exec 2>&1\n{script}")).current_dir(&self.0).stdin(Stdio::null()).env_clear();
        shell.env("PATH", path).env("HOME", &self.0).env("LC_ALL", "C").env("TZ", "UTC");
        let output =
            shell.env("COLUMNS", "80").env("NO_COLOR", "1").env("TALKS_PAGER", "cat").output().expect("sh runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
        (lines.join("\n"), output.status.code())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is in nobody's way: it lies below `target`.
        let _ = fs::remove_dir_all(&self.0);
    }
}
