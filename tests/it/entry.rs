//! Entry by hand: what `add` says before it is believed, and how a source is registered.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

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
