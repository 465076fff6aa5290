//! What a fuzzer calls: a function a reader, from any bytes. None panics, and what is read reads back as it was.

use std::path::Path;
use std::sync::OnceLock;

use talks::app::{Asking, Book, Depth, Env, Ledger, Progress, Question, Store, check_file};
use talks::domain::term::Term;
use talks::domain::when::{Instant, Span, When, Zone};
use talks::exchange::{canon, drafts, typed};
use talks::log::{Hash, Tree, read_envelope};

const ENV: Env = Env { now: Instant(1_900_000_000) };

/// Drafts: read as a log, folded, and asked.
pub fn drafts(bytes: &[u8]) {
    let (records, _) = drafts::read(bytes);
    let _ = drafts::submitted(bytes);
    let book = Book::of_drafts("fuzzed", records);
    if let Ok(asking) = Asking::new(&book, &Question::default(), &ENV) {
        let _ = talks::view::status(&asking.asked());
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(once) = canon::canonical(text) {
        assert_eq!(canon::canonical(&once).ok().as_ref(), Some(&once), "canonical spelling is not stable");
    }
}

/// Sealed lines: whatever is read, only what holds is called so.
pub fn sealed(bytes: &[u8]) {
    let _ = drafts::sealed(bytes);
    let _ = check_file(bytes, "fuzzed", &Ledger::default(), &Progress::default());
}

/// Dates: a date reads as it is written, and its ends are in order.
pub fn dates(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(when) = When::parse(text) {
        assert_eq!(When::parse(when.text()).as_ref(), Ok(&when), "{text:?}");
        for hours in [0, -12, 14] {
            let zone = Zone::parse(&format!("{}{:02}:00", if hours < 0 { '-' } else { '+' }, i32::abs(hours)))
                .expect("a zone");
            let span = when.span(zone);
            assert!(
                when.begin(zone).start <= when.end(zone).map_or(Instant::MAX, Span::last),
                "{text:?} ends before it begins"
            );
            assert!(!span.is_empty(), "{text:?} has no moment");
        }
    }
    let _ = typed::typed_when(text, ENV.now, Zone::default());
    let _ = Instant::from_utc(text);
}

/// Terms: read, written and asked.
pub fn terms(bytes: &[u8]) {
    let Ok(term) = serde_json::from_slice::<Term>(bytes) else { return };
    let written = serde_json::to_string(&term).expect("a term is written");
    assert_eq!(serde_json::from_str::<Term>(&written).ok(), Some(term.clone()), "{written}");
    for at in [None, Some(Span::point(Instant(0))), Some(Span::point(Instant(253_402_300_799)))] {
        let _ = term.due(|_, _| at, Zone::default());
        let _ = term.start(|_, _| at, Zone::default());
    }
}

/// Proofs: hashes, envelopes and frontiers; and a log of which anything was changed does not pass for the log that was noted.
pub fn proofs(bytes: &[u8]) {
    let _ = read_envelope(bytes);
    let hashes: Vec<Hash> = bytes.chunks_exact(32).filter_map(|hash| hash.try_into().ok().map(Hash)).collect();
    let leaves = bytes.first().map_or(0, |first| u64::from(*first));
    if let Some(mut tree) = Tree::from_frontier(leaves, hashes) {
        let before = tree.root();
        tree.push(talks::log::leaf(bytes));
        assert_ne!(tree.root(), before);
    }
    let (whole, root) = whole();
    let at = leaves as usize * 31 % whole.len().max(1);
    let mut changed = whole.as_bytes().to_vec();
    changed.splice(at..(at + bytes.len() / 2).min(whole.len()), bytes.iter().copied());
    let ledger = Ledger::default().with_root(Some(root));
    if check_file(&changed, "fuzzed", &ledger, &Progress::default()).is_ok_and(|verified| verified.holds()) {
        assert_eq!(values(&changed), values(whole.as_bytes()), "a changed log passes for the one that was noted");
    }
}

/// The lines of a log as values, up to the one whose root was noted.
fn values(bytes: &[u8]) -> Vec<serde_json::Value> {
    let (whole, _) = whole();
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    lines.take(whole.lines().count()).collect()
}

/// A sealed log, and its root.
fn whole() -> (&'static str, &'static str) {
    static WHOLE: OnceLock<(String, String)> = OnceLock::new();
    let (whole, root) = WHOLE.get_or_init(|| {
        let text = include_str!("sealed.jsonl").to_string();
        let last: serde_json::Value =
            text.lines().last().and_then(|line| serde_json::from_str(line).ok()).expect("a line");
        let root = last["root"].as_str().expect("a root").to_string();
        (text, root)
    });
    (whole, root)
}

/// A store: any bytes in the place of the file, or laid into a good one.
pub fn store(bytes: &[u8], file: &Path) {
    for end in ["-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    std::fs::write(file, bytes).expect("a file can be written");
    for open in [Store::open, Store::open_to_write] {
        let Ok(store) = open(file) else { continue };
        let _ = store.check(None, &Ledger::default());
        for (slug, _, _) in store.negotiations().unwrap_or_default() {
            let _ = store.book(&slug);
            if let Ok(Some(asking)) = store.asking(&slug, &Question::default(), Depth::Whole, &ENV) {
                let _ = talks::view::status(&asking.asked());
            }
        }
    }
}
