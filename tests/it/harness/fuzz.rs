//! The targets of the fuzzer, on seeded mutations of what ships. `tests/fuzz/` hands the same functions to `cargo fuzz`.

pub mod targets;

use std::fs;
use std::path::PathBuf;

use super::{Dice, scale};
use crate::folder::fresh;

/// Pieces that a mutation puts in, besides bytes.
const TOKENS: [&str; 24] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "0",
    "-1",
    "9007199254740993",
    "1e9",
    "\\u0000",
    "\\ud800",
    "e1",
    "D1",
    "..",
    "/",
    "2025-02-30",
    "\u{202e}",
    "data",
    "sources",
    "\n",
    "\\",
];

/// The files of a folder of seeds.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from("tests/fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("a seed")).collect()
}

/// Some changes of a seed, by the dice.
fn mutated(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = dice.pick(seeds).clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.insert(at, dice.below(256) as u8),
            2 => drop(bytes.drain(at..(at + dice.below(16)).min(bytes.len()))),
            3 => bytes.truncate(at),
            4 => drop(bytes.splice(at..at, dice.pick(&TOKENS).bytes())),
            _ => {
                let other = dice.pick(seeds);
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(64)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
        }
    }
    bytes
}

/// What a target was given; it is left in a file where the target panics.
struct Given<'g>(&'g str, Vec<u8>);

impl Drop for Given<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let file = fresh(&format!("fuzz-{}", self.0)).join("panics");
            let _ = fs::write(&file, &self.1);
            eprintln!("what it panics on is in {}: {:?}", file.display(), String::from_utf8_lossy(&self.1));
        }
    }
}

/// Gives a target its seeds as they are, and so many mutations of them.
fn fuzz(target: &str, count: usize, run: impl Fn(&[u8])) {
    let (seeds, mut dice) = (corpus(target), Dice::of(target));
    let mutations = (0..count * scale()).map(|_| mutated(&mut dice, &seeds));
    for bytes in seeds.iter().cloned().chain(mutations) {
        let given = Given(target, bytes);
        run(&given.1);
    }
}

#[test]
fn no_drafts_are_too_odd_to_be_read_or_refused() {
    fuzz("drafts", 400, targets::drafts);
}

#[test]
fn no_sealed_lines_are_too_odd_to_be_read_or_refused() {
    fuzz("sealed", 600, targets::sealed);
}

#[test]
fn every_date_that_is_read_reads_as_it_is_written() {
    fuzz("dates", 20_000, targets::dates);
}

#[test]
fn every_term_that_is_read_reads_as_it_is_written() {
    fuzz("terms", 10_000, targets::terms);
}

#[test]
fn no_changed_log_passes_for_the_one_that_was_noted() {
    fuzz("proofs", 600, targets::proofs);
}

#[test]
fn no_file_is_too_odd_to_be_opened_or_refused() {
    let file = fresh("fuzz-store-file").join("talks.db");
    fuzz("store", 150, |bytes| targets::store(bytes, &file));
}
