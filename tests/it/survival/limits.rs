//! Little memory, few files, no further thread: whatever the system refuses, what is stored is all of it or nothing, and it is said which.

use std::process::Output;

use super::{A_DEMAND, Place, lines, said, skipped, statement};

/// A log that is long enough to be read by two threads.
const LONG: usize = 2100;

fn many(count: usize, word: &str) -> String {
    lines((0..count).map(|at| statement(&format!("{word} {at}"))))
}

/// Nothing was stored and it ended with an error, or all was and it ended well; the store holds in either case. Says whether it was stored.
#[track_caller]
fn all_or_nothing(place: &Place, before: u64, count: u64, what: &str, output: &Output) -> bool {
    let (version, _) = place.stands();
    let stored = output.status.success();
    let due = if stored { before + count } else { before };
    assert_eq!(version, due, "{what}: {:?} {}", output.status, said(output));
    assert!(stored || !said(output).is_empty(), "{what}: it ended without a word");
    stored
}

#[test]
fn little_memory_loses_nothing() {
    const COUNT: usize = 4_000;
    let place = Place::with_talks("memory", 20);
    let (mut before, mut refused) = (20, 0);
    // In KiB of address space: from what the program itself takes to what the import takes.
    for limit in [40_000, 60_000, 80_000, 100_000, 120_000, 2_000_000] {
        place.write("many.jsonl", many(COUNT, &format!("within {limit}:")));
        let output = place.shell(&format!("ulimit -v {limit}; $TALKS import many.jsonl"));
        let stored = all_or_nothing(&place, before, COUNT as u64, &format!("{limit} KiB"), &output);
        before += if stored { COUNT as u64 } else { 0 };
        refused += usize::from(!stored);
    }
    assert!(refused > 0 && before > 20, "{refused} of 6 were refused");
}

#[test]
fn few_files_lose_nothing() {
    let place = Place::with_talks("files", 20);
    let (mut before, mut refused) = (20, 0);
    // With three the system can't load the program.
    for limit in 4..14 {
        let add = A_DEMAND.join(" ");
        let output = place.shell(&format!("ulimit -n {limit}; $TALKS {add} text=of-{limit}"));
        let stored = all_or_nothing(&place, before, 1, &format!("{limit} files"), &output);
        let code = output.status.code();
        assert!(stored || matches!(code, Some(1 | 5)), "{limit} files: {code:?} {}", said(&output));
        before += u64::from(stored);
        refused += usize::from(!stored);
        let output = place.shell(&format!("ulimit -n {limit}; $TALKS status"));
        assert!(matches!(output.status.code(), Some(0 | 1)), "{limit} files: {:?} {}", output.status, said(&output));
    }
    assert!(refused > 0 && before > 20, "{refused} of 10 were refused");
}

#[test]
fn without_a_second_thread_the_first_does_all() {
    let place = Place::with_talks("threads", LONG);
    place.write("many.jsonl", many(LONG, "more"));
    // The limit is one of a user's, and does not bind the one who may do anything.
    let alone = "prlimit --nproc=1";
    let nobody = format!("setpriv --reuid=65534 --regid=65534 --clear-groups {alone}");
    let is_root = said(&place.shell("id -u")).trim() == "0";
    let run = if is_root { nobody.as_str() } else { alone };
    place.shell(
        "chmod 777 .; chmod 666 talks.db* many.jsonl; [ $(id -u) != 0 ] || chown 65534:65534 talks.db* many.jsonl",
    );
    if !place.shell(&format!("{run} $TALKS --version")).status.success() {
        return skipped("a user without a second thread: no other user can run the program from here");
    }
    let output = place.shell(&format!("{run} $TALKS verify"));
    assert!(output.status.success(), "{:?} {}", output.status, said(&output));
    let output = place.shell(&format!("{run} $TALKS import many.jsonl"));
    assert!(output.status.success(), "{:?} {}", output.status, said(&output));
    assert_eq!(place.stands().0, 2 * LONG as u64);
    assert_eq!(place.exported().len(), 2 * LONG);
}
