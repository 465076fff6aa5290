//! That nothing is lost, whatever happens: faults at every step of the program, and one judge of what is left.
//!
//! `cargo test` runs a short form. `HARNESS=100 cargo test --test it harness` tries a hundred times as much of each; `HARNESS_SEED=7` tries
//! other things than the seed 1 of the short form does. A failure tells seed and steps; the same two variables repeat it.
//! `docs/reliability.md` says what is promised, and which of these tests holds it.

mod crash;
mod damage;
mod disk;
mod faults;
mod fuzz;
mod inputs;
mod judge;
mod killed;
mod many;
mod model;
#[cfg(feature = "sabotage")]
mod sabotage;
mod scenario;
mod trace;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// What a test found that must not be; the words tell how to see it again.
type Found = Result<(), String>;

/// How many times as much is tried as in the short form.
fn scale() -> usize {
    std::env::var("HARNESS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What the dice are thrown from.
fn seed() -> u64 {
    std::env::var("HARNESS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Dice that fall in the same way for the same seed and name.
struct Dice(TestRng);

impl Dice {
    fn of(name: &str) -> Dice {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed().to_le_bytes());
        name.bytes().take(24).zip(&mut bytes[8..]).for_each(|(letter, byte)| *byte = letter);
        Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// So many of them, or all where there are no more.
    fn some<T>(&mut self, mut from: Vec<T>, most: usize) -> Vec<T> {
        while from.len() > most {
            from.swap_remove(self.below(from.len()));
        }
        from
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Fails with what was found, and how to find it again.
#[track_caller]
fn none(found: Found) {
    if let Err(what) = found {
        panic!("{what}\nto see it again: HARNESS={} HARNESS_SEED={} and the name of this test", scale(), seed());
    }
}

/// A module of tests, or one test.
#[test]
fn every_test_that_the_page_names_is_there() {
    let page = include_str!("../../docs/reliability.md");
    let spans = page.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        let letter = |letter: char| letter.is_ascii_lowercase() || letter == '_' || letter == ':';
        span.contains("::") && span.chars().all(letter)
    };
    let named: Vec<&str> = spans.filter(is_path).collect();
    assert!(named.len() > 15, "only {named:?} were found");
    let output = std::process::Command::new(std::env::current_exe().expect("this program")).arg("--list").output();
    let tests = String::from_utf8(output.expect("it lists its tests").stdout).expect("names");
    let is_there = |name: &str| {
        tests
            .lines()
            .filter_map(|line| line.strip_suffix(": test"))
            .any(|test| test.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
    };
    let missing: Vec<&str> = named.into_iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "docs/reliability.md names {missing:?}, which are no tests");
}
