//! The house has floors, and an import may only go down the stairs.
//!
//! `domain` stands on nothing; `view`, `exchange` and `log` stand on it and do not know each other; `picture` and `page` stand on `view`; `sql` knows none of them; `app` is
//! where they meet; `cli` and `web` are doors to `app` and never touch `log` or `sql`; `main.rs` opens a door; `lib.rs` is a doorplate. The rule is read from the
//! tokens of each file, so a comment or a string can't break it and no spelling gets round it. What would hide an arrow is refused
//! as such: another name for the crate root, a glob over it, a file moved by `#[path]` or `include!`, a floor re-exported whole.
//!
//! `layers/forbidden.txt` and `layers/allowed.txt` hold the spellings that keep this test honest. Two smaller laws live here too: no
//! function is longer than seventy lines, and no test file is forgotten.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fmt, fs, iter};

mod words;

use words::{closing, declared, functions, is_name, listed, read, spread};

/// Each floor, and the floors below that it may name.
const FLOORS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("view", &["domain"]),
    ("exchange", &["domain"]),
    ("log", &["domain"]),
    ("picture", &["domain", "view"]),
    ("page", &["domain", "view", "picture"]),
    ("sql", &[]),
    ("app", &["domain", "view", "exchange", "log", "sql"]),
    ("web", &["domain", "view", "exchange", "picture", "page", "app"]),
    ("cli", &["domain", "view", "exchange", "picture", "page", "app", "web"]),
    ("main", &["cli", "web"]),
];

/// The modules of `std` by which a pure floor would touch the machine.
const OUTSIDE: &str = "fs net env process os";
/// Those that the ground floor does without as well; a `Path` can ask the disk whether it exists.
const OUTSIDE_DOMAIN: &str = "io thread path";
/// Words by which the ground floor would ask the clock, the dice or an executor.
const IMPURE: &str = "SystemTime Local rand getrandom fastrand new_v4 new_v7 now_v7 async await";
const PRINTS: &str = "print println eprint eprintln dbg";
const INCLUDES: &str = "include include_str include_bytes";
/// Words that may stand before a leading `::` without being part of the path.
const KEYWORDS: &str = "as break const dyn for if impl in match mut return use where while";
const WALL_LINES: usize = 70;

/// One breach of the rule, printed as `src/file:line: what`.
struct Violation {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Every breach in one file, given by its path below `src` and its text.
fn arrows(file: &str, source: &str) -> Vec<Violation> {
    let (tokens, module) = (read(source), module_of(file));
    let words: Vec<&str> = tokens.iter().flatten().map(|(word, _)| word.as_str()).collect();
    let mut scan = Scan {
        file,
        floor: module[0],
        words: &words,
        lines: tokens.iter().flatten().map(|(_, line)| *line).collect(),
        found: Vec::new(),
    };
    match file {
        _ if tokens.is_none() => scan.report(0, "is not Rust"),
        "lib.rs" => scan.doorplate(),
        _ if below(module[0]).is_none() => scan.report(0, "stands on no floor of the house"),
        _ => scan.walk(module),
    }
    scan.found
}

/// `log/sqlite/mod.rs` is `log::sqlite`; `main.rs` counts as a floor of its own.
fn module_of(file: &str) -> Vec<&str> {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    path.strip_suffix("/mod").unwrap_or(path).split('/').collect()
}

fn below(floor: &str) -> Option<&'static [&'static str]> {
    let found = FLOORS.iter().find(|(name, _)| *name == floor);
    found.map(|(_, below)| *below)
}

struct Scan<'a> {
    file: &'a str,
    floor: &'a str,
    words: &'a [&'a str],
    lines: Vec<usize>,
    found: Vec<Violation>,
}

impl<'a> Scan<'a> {
    fn report(&mut self, at: usize, what: impl Into<String>) {
        self.found.push(Violation {
            file: self.file.to_owned(),
            line: self.lines.get(at).copied().unwrap_or(1),
            what: what.into(),
        });
    }

    /// Finds the paths, and knows in which inline module each stands: there `super` has one step more to go.
    fn walk(&mut self, mut module: Vec<&'a str>) {
        let (words, mut inline, mut depth, mut reexports) = (self.words, Vec::new(), 0, false);
        let mut at = 0;
        while at < words.len() {
            self.hides(at);
            match words[at..] {
                ["mod", name, "{", ..] => {
                    module.push(name);
                    inline.push(depth);
                    at += 1;
                }
                ["{", ..] => depth += 1,
                ["}", ..] => {
                    depth -= 1;
                    if inline.pop_if(|opened| *opened == depth).is_some() {
                        module.pop();
                    }
                }
                ["pub", "use", ..] | ["pub", "(", "crate", ")", "use", ..] => reexports = true,
                [";", ..] => reexports = false,
                _ => {}
            }
            at = match words[at..] {
                ["pub", "(", "crate" | "self" | "super", ")", ..] => at + 4,
                // A derive is told where its own crate is: `#[serde(crate = "..")]`.
                ["crate", "=", text, ..] if text.starts_with('"') => at + 3,
                [word, ..] if is_name(word) && !listed(KEYWORDS, word) => self.paths(at, &module, reexports),
                _ => at + 1,
            };
        }
    }

    /// Refuses what would hide an arrow, or the file it is in.
    fn hides(&mut self, at: usize) {
        match self.words[at..] {
            ["extern", "crate", ..] => self.report(at, "`extern crate` gives a crate another name"),
            ["::", "talks", "as", ..] | ["::", "talks", "::", "*", ..] => {
                self.report(at, "`::talks` bare can be given another name");
            }
            ["mod", _, ";", ..] if self.floor == "main" => {
                self.report(at, "main.rs has no modules: it would build a floor twice");
            }
            ["#", "[", name @ ("path" | "cfg_attr"), ..] => {
                let attribute = &self.words[at..closing(self.words, at + 1)];
                if name == "path" || attribute.windows(2).any(|pair| pair == ["path", "="]) {
                    self.report(at, "`#[path]` takes a file out of its place in the tree");
                }
            }
            _ => {}
        }
    }

    /// Judges the paths that begin at `at`, and says where they end.
    fn paths(&mut self, at: usize, module: &[&'a str], reexports: bool) -> usize {
        let mut found = Vec::new();
        let end = spread(self.words, at, &[], &mut found);
        let after = &self.words[end..];
        let rooted = at > 0 && self.words[at - 1] == "::";
        for (at, path) in found {
            let breaches = [
                self.arrow(&path, module, reexports),
                self.impurity(&path, rooted || path.len() > 1, after),
                self.inclusion(&path, after),
            ];
            for what in breaches.into_iter().flatten() {
                self.report(at, what);
            }
        }
        end
    }

    /// Follows a path from this module, or from the root, and judges the floor on which it arrives.
    fn arrow(&self, path: &[&'a str], module: &[&'a str], reexports: bool) -> Option<String> {
        let (mut place, rest) = match path {
            ["self"] => return None,
            ["super"] => (Vec::new(), &[][..]),
            ["self" | "super", ..] => (module.to_vec(), path),
            ["crate", rest @ ..] => (Vec::new(), rest),
            ["talks", rest @ ..] if self.floor == "main" => (Vec::new(), rest),
            ["talks", floor, ..] if below(floor).is_some() => (Vec::new(), &path[1..]),
            _ => return None,
        };
        let spelt = path.join("::");
        for word in rest {
            match *word {
                "self" => {}
                "super" if place.is_empty() => return Some(format!("`{spelt}` leaves the crate")),
                "super" => drop(place.pop()),
                name => place.push(name),
            }
        }
        let floor = self.floor;
        match place[..] {
            [] => Some(format!("`{spelt}` bare can be given another name")),
            [to] | [to, "*"] if reexports && to != floor && below(to).is_some() => {
                Some(format!("{floor} may not re-export {to} whole (`{spelt}`)"))
            }
            [to, ..] if to == floor || below(floor).is_some_and(|below| below.contains(&to)) => None,
            [to, ..] if below(to).is_some() => Some(format!("{floor} may not name {to} (`{spelt}`)")),
            _ => Some(format!("`{spelt}` hides what it takes from the root, which is a doorplate")),
        }
    }

    /// The ground floor can't read, print, roll dice or know the time; `view` and `exchange` touch no file and no network.
    fn impurity(&self, path: &[&str], qualified: bool, after: &[&str]) -> Option<String> {
        let domain = self.floor == "domain";
        let last = path.last().copied().unwrap_or_default();
        let outside = match path {
            ["std"] | ["std", "*" | "self"] => true,
            ["std", "time", rest @ ..] => domain && rest.first() != Some(&"Duration"),
            ["std", module, ..] => listed(OUTSIDE, module) || domain && listed(OUTSIDE_DOMAIN, module),
            _ => false,
        };
        let asks = path.iter().any(|word| listed(IMPURE, word)) || path.ends_with(&["time", "Instant"]);
        let prints = listed(PRINTS, last) && (qualified || after.first() == Some(&"!"));
        let impure = outside || domain && (asks || prints || qualified && last == "now");
        let pure = domain || ["view", "exchange"].contains(&self.floor);
        (pure && impure).then(|| format!("{} is pure and has no `{}`", self.floor, path.join("::")))
    }

    /// Text may be included from the file's own floor, and by `app` and `cli` from `events` and `docs`; code from nowhere.
    fn inclusion(&self, path: &[&str], after: &[&str]) -> Option<String> {
        let name = path.last().filter(|name| listed(INCLUDES, name))?;
        let target = match after {
            ["!", "(" | "[" | "{", text, ")" | "]" | "}" | ",", ..] if *name != "include" => {
                text.strip_prefix('"').and_then(|text| beside(self.file, text))
            }
            ["!", "(" | "[" | "{", ..] => None,
            _ if path.len() > 1 => None,
            _ => return None,
        };
        let own = format!("src/{}/", self.floor);
        let shared = ["app", "cli"].contains(&self.floor);
        let allowed = |path: &String| {
            let lent = path.starts_with("events/") || path.starts_with("docs/");
            path.starts_with(&own) || shared && lent
        };
        let refused = format!("`{name}` takes what {} may not have", self.floor);
        (!target.is_some_and(|path| allowed(&path))).then_some(refused)
    }

    /// `lib.rs` holds `pub mod FLOOR;`, attributes, and nothing else.
    fn doorplate(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            self.hides(at);
            at = match self.words[at..] {
                ["#", open, ..] => {
                    let end = closing(self.words, at + 1 + usize::from(open == "!"));
                    if self.words[at..end].contains(&"macro_use") {
                        self.report(at, "`macro_use` carries macros between floors unseen");
                    }
                    end
                }
                ["pub", "mod", floor, ";", ..] if floor != "main" && below(floor).is_some() => at + 4,
                _ => return self.report(at, "lib.rs holds `pub mod FLOOR;` and nothing else"),
            };
        }
    }
}

/// `text` as seen from the folder of `file`, below the package.
fn beside(file: &str, text: &str) -> Option<String> {
    let mut place: Vec<&str> = iter::once("src").chain(file.split('/')).collect();
    place.pop();
    for part in text.split('/') {
        match part {
            "." => {}
            ".." => drop(place.pop()?),
            name => place.push(name),
        }
    }
    Some(place.join("/"))
}

/// Each Rust file below a folder of the package: its path from there with `/`, and its text.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut waiting = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder of the package can be read");
            waiting.extend(entries.flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy();
            let text = fs::read_to_string(&path).expect("a source file is text");
            found.push((name.replace('\\', "/"), text));
        }
    }
    found.sort();
    found
}

fn printed(file: &str, source: &str) -> Vec<String> {
    arrows(file, source).iter().map(Violation::to_string).collect()
}

#[test]
fn no_floor_names_a_floor_it_may_not() {
    let files = rust_files("src");
    let found: Vec<String> = files.iter().flat_map(|(file, text)| printed(file, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));

    let seen: BTreeSet<String> = files.iter().map(|(file, _)| module_of(file)[0].to_owned()).collect();
    let doorplate = files.iter().find(|(file, _)| file == "lib.rs");
    let floors = doorplate.map(|(_, source)| declared(source)).unwrap_or_default();
    assert!(floors.contains("domain") && floors.is_subset(&seen), "{floors:?}, seen: {seen:?}");
}

#[test]
fn a_forbidden_arrow_is_caught_however_it_is_spelt() {
    let table = include_str!("layers/forbidden.txt");
    assert!(cases(table).count() > 20);
    for (file, source) in cases(table) {
        assert!(!arrows(file, &source).is_empty(), "not caught in {file}: {source}");
    }
}

#[test]
fn an_allowed_arrow_is_let_through() {
    for (file, source) in cases(include_str!("layers/allowed.txt")) {
        assert_eq!(printed(file, &source), [""; 0], "in {file}: {source}");
    }
}

#[test]
fn every_breach_in_a_file_is_reported_with_its_line() {
    let source = "use crate::{\n  domain::Fact,\n  log::{\n    Log,\n  },\n};\nfn f() { crate::app::run() }";
    let found = printed("view/mod.rs", source);
    let log = "src/view/mod.rs:4: view may not name log (`crate::log::Log`)";
    let app = "src/view/mod.rs:7: view may not name app (`crate::app::run`)";
    assert_eq!(found, [log, app]);
}

#[test]
fn only_the_log_and_the_room_for_questions_in_sql_name_the_database() {
    let names = |source: &str| read(source).iter().flatten().any(|(word, _)| word == "rusqlite");
    let floors = |(file, source): &(String, String)| names(source).then(|| module_of(file)[0].to_owned());
    let found: BTreeSet<String> = rust_files("src").iter().filter_map(floors).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["log", "sql"]);
}

#[test]
fn no_function_is_longer_than_seventy_lines() {
    // The match that gives each kind its sentence is a table: it grows with the vocabulary and holds no logic.
    let tables = [("view/sentence.rs", "of_event")];
    let mut long = Vec::new();
    for (file, source) in rust_files("src") {
        for (name, line, lines) in functions(&source) {
            if lines > WALL_LINES && !tables.contains(&(file.as_str(), name.as_str())) {
                long.push(format!("src/{file}:{line}: fn {name} has {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn a_function_is_measured_from_its_fn_to_its_closing_brace() {
    let source = "trait T { fn bodiless(); }\n/// Doc.\nfn outer<T>(f: fn(T))\n{\n  fn inner() {\n  }\n}";
    assert_eq!(functions(source), [("outer".to_owned(), 3, 5), ("inner".to_owned(), 5, 2)]);
}

#[test]
fn no_test_file_is_forgotten() {
    let files = rust_files("tests/it");
    for (file, _) in files.iter().filter(|(file, _)| file != "main.rs") {
        let mut module = module_of(file);
        let name = module.pop().unwrap_or_default();
        let parent = if module.is_empty() { vec!["main"] } else { module };
        let mut parents = files.iter().filter(|(file, _)| module_of(file) == parent);
        let known = parents.any(|(_, source)| declared(source).contains(name));
        assert!(known, "tests/it/{file} never runs: {} lacks `mod {name};`", parent.join("/"));
    }
}

/// The lines of a table, headings left out; `\n` in them stands for a new line.
fn cases(table: &str) -> impl Iterator<Item = (&str, String)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(' '));
    pairs.map(|(file, source)| (file, source.trim().replace("\\n", "\n")))
}
