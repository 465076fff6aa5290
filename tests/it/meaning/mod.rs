//! The meaning, rule by rule: each test is one sentence of `docs/meaning.md`, and each rule there names its test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

mod accusation;
mod agreement;
mod anomaly;
mod ceasefire;
mod claim;
mod commitment;
mod demand;
mod incident;
mod knowledge;
mod measure;
mod offer;
mod order;
mod position;
mod reading;
mod standing;
mod talks;

/// The names of the tests in this folder, without those of this file.
fn tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/meaning");
    let files = fs::read_dir(folder).expect("this folder").map(|file| file.expect("a file").path());
    let sources =
        files.filter(|file| !file.ends_with("mod.rs")).map(|file| fs::read_to_string(file).expect("a source"));
    sources.flat_map(|source| source.split("#[test]\nfn ").skip(1).map(name_at).collect::<Vec<_>>()).collect()
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// The words in backticks that are sentences: what the page calls a test.
fn mentioned() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/meaning.md");
    let page = fs::read_to_string(page).expect("the page");
    let words = page.split('`').skip(1).step_by(2);
    words.filter(|word| name_at(word) == *word && word.matches('_').count() >= 3).map(String::from).collect()
}

#[test]
fn every_rule_of_the_page_has_its_test() {
    let tests = tests();
    let missing: Vec<String> = mentioned().into_iter().filter(|name| !tests.contains(name)).collect();
    assert!(missing.is_empty(), "docs/meaning.md names tests that do not exist: {missing:#?}");
}

#[test]
fn every_test_of_the_meaning_is_named_once_on_the_page() {
    let mentioned = mentioned();
    let times = |name: &String| mentioned.iter().filter(|other| *other == name).count();
    let wrong: Vec<String> = tests().into_iter().filter(|name| times(name) != 1).collect();
    assert!(wrong.is_empty(), "docs/meaning.md does not name each of these once: {wrong:#?}");
}
