//! Every error has a name that stays, and a line in `docs/errors.md` with its exit code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

/// The exit codes with which the source makes an error of each name.
fn made() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut made: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&source).expect("a source");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let makers = [
            ("Trouble::failed(", "1"),
            ("Trouble::usage(", "2"),
            ("Trouble::unknown(", "2"),
            ("id: ", "2"),
            ("wrong(", "2"),
        ];
        for (makes, code) in makers {
            for rest in text.split(makes).skip(1).map(str::trim_start) {
                let name = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                let is_name =
                    |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                if let Some(name) = name.filter(is_name) {
                    made.entry(name.to_string()).or_default().insert(code);
                }
            }
        }
    }
    // Made in two steps, which the text does not show.
    made.entry("ambiguous-date".into()).or_default().insert("2");
    made
}

fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| sources(folder));
    files.into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs")).chain(below).collect()
}

/// The names of the page with their codes, as they stand there.
fn told() -> Vec<(String, String)> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md")).expect("the page");
    let errors = page.split("## What does not fit").next().unwrap_or_default();
    let rows = errors.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        (cells[0].trim_end_matches('`').to_string(), cells[1].to_string())
    })
    .collect()
}

/// Names whose code is set after the error is made.
const SET_LATER: [(&str, &str); 3] = [("moved-on", "4"), ("unknown-outcome", "5"), ("interrupted", "130")];

#[test]
fn every_error_has_its_line_with_its_code_and_every_line_its_error() {
    let (made, told) = (made(), told());
    assert!(made.len() > 60, "only {} errors are found", made.len());
    let names: Vec<&String> = told.iter().map(|(name, _)| name).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names, sorted, "by name, once each");
    let lacking: Vec<&String> = made.keys().filter(|name| !names.contains(name)).collect();
    assert!(lacking.is_empty(), "docs/errors.md has no line for {lacking:?}");
    for (name, codes) in &told {
        let made = made.get(name).unwrap_or_else(|| panic!("nothing makes {name}"));
        let later = SET_LATER.iter().find(|(later, _)| later == name).map(|(_, code)| BTreeSet::from([*code]));
        let codes: BTreeSet<&str> = codes.split(", ").collect();
        assert_eq!(&codes, later.as_ref().unwrap_or(made), "{name}");
    }
}

#[test]
fn everything_that_does_not_fit_has_its_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("src/domain/anomaly.rs")).expect("the source");
    let page = fs::read_to_string(root.join("docs/errors.md")).expect("the page");
    let misfits = page.split("## What does not fit").nth(1).expect("the second part");
    let told: BTreeSet<&str> = misfits.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let made: BTreeSet<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Misfit::")?.split(" => \"").nth(1)?.strip_suffix("\","))
        .collect();
    assert!(made.len() > 20, "only {} misfits are found", made.len());
    assert_eq!(told, made);
}
