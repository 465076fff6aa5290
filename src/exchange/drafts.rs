//! A plain log: drafts, one a line.
//!
//! The law. A draft is one JSON object on one line, in UTF-8, at most 1 MiB long; a byte order mark and `\r\n` are accepted, a blank
//! line is skipped, the last line need not be ended. Line n of the log is event `en`: a line that can't be read keeps its number, so
//! that what later lines call `e7` stays what their writer meant. Every bad line is reported, all of them at once. What this version
//! does not understand, a kind, a field, a word, is kept and warned of; what it might silently change, it refuses.
//!
//! A handle that a line defines and does not name is allocated in log order: one more than the highest that an earlier line defined.
//! Once all lines are read, a party called by a declared name or alias is called by its slug. Corrections are patches and not
//! events: the names within them stay as they were written. The parts of a record keep the exact text that was submitted.

mod line;
mod problem;
mod tree;
mod typing;
mod unknown;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::line::{Line, Shape};
use self::problem::{Finding, Place};
pub use self::problem::{Problem, Severity};
use crate::domain::event::Event;
use crate::domain::ids::{Handle, Letter, Version};
use crate::domain::party::PartyEntry;
use crate::domain::record::Record;
use crate::domain::value::{Name, Party, Walk};

/// The longest line that is read, in bytes without its end.
pub const LINE_LIMIT_BYTES: usize = 1024 * 1024;

/// Reads one file as a log.
pub fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut problems = reader.push(bytes);
    let (records, late) = reader.finish();
    problems.extend(late);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (records, problems)
}

/// Reads several files as one log: the lines of the second go on numbering where the first ended.
#[derive(Debug, Default)]
pub struct Reader {
    records: Vec<Record>,
    /// How many lines, good and bad, were numbered.
    numbered: u64,
    files: usize,
    handles: BTreeMap<Letter, u32>,
    parties: Parties,
    /// Names that were no slug when they were met, each with a problem to report should they turn out ambiguous.
    uses: Vec<(Party, Problem)>,
}

impl Reader {
    /// Reads one more file and reports what is wrong in it.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Problem> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut problems = Vec::new();
        let mut shapes = BTreeSet::new();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
                self.numbered += 1;
                problems.extend(self.push_line(line, index + 1, &mut shapes));
            }
        }
        self.files += 1;
        problems
    }

    /// The records, with the parties called by their slugs, and what could only be seen once all was read.
    pub fn finish(mut self) -> (Vec<Record>, Vec<Problem>) {
        let problems = self.uses.into_iter().filter_map(|(party, problem)| self.parties.ambiguous(&party, problem));
        let problems = problems.collect();
        for record in &mut self.records {
            record.walk(&mut |name| {
                if let Name::Party(party) = name
                    && let [slug] = &self.parties.meant_by(party)[..]
                {
                    *party = slug.clone();
                }
            });
        }
        (self.records, problems)
    }

    fn push_line(&mut self, bytes: &[u8], number: usize, shapes: &mut BTreeSet<Shape>) -> Vec<Problem> {
        let place = |text| Place { file: self.files, line: number, text };
        let text = match readable(bytes) {
            Ok(text) => text,
            Err((shown, finding)) => return vec![place(&shown).problem(finding)],
        };
        let place = place(text);
        let mut line = line::read(text, Version(self.numbered));
        line.found.extend(mixed(&line, shapes));
        if let Some(mut record) = line.record.take() {
            if let Some(finding) = self.allocate(&mut record) {
                line.found.push(finding);
            }
            self.note_parties(&mut record, &line, place);
            if !line.is_bad() {
                self.records.push(record);
            }
        }
        place.problems(line.found)
    }

    /// Gives the record the next handle, where it defines one and does not name it. A bad line takes its handle too: the lines
    /// after it mean what they meant when it was good.
    fn allocate(&mut self, record: &mut Record) -> Option<Finding> {
        let mut finding = None;
        record.walk(&mut |name| {
            let Name::Defines(letter, handle) = name else { return };
            let highest = self.handles.entry(letter).or_default();
            if handle.is_none() {
                match highest.checked_add(1) {
                    Some(number) => *handle = Some(Handle { letter, number }),
                    None => finding = Some(used_up(letter)),
                }
            }
            *highest = handle.map_or(*highest, |handle| handle.number.max(*highest));
        });
        finding
    }

    fn note_parties(&mut self, record: &mut Record, line: &Line<'_>, place: Place<'_>) {
        match record.event() {
            Some(Event::NegotiationOpened(opened)) => {
                opened.parties.iter().for_each(|entry| self.parties.declare(entry))
            }
            Some(Event::PartyJoined(entry)) => self.parties.declare(entry),
            _ => {}
        }
        let mut unknown = BTreeSet::new();
        record.walk(&mut |name| {
            if let Name::Party(party) = name
                && !self.parties.slugs.contains(party)
            {
                unknown.insert(party.clone());
            }
        });
        for party in unknown {
            if let Some(node) = line.tree.as_ref().and_then(|tree| tree.find_text(party.as_str())) {
                let problem = place.problem(Finding::warning("ambiguous-party", node.at.clone(), ""));
                self.uses.push((party, problem));
            }
        }
    }
}

/// The parties declared anywhere in the log, and what they are called.
#[derive(Debug, Default)]
struct Parties {
    slugs: BTreeSet<Party>,
    names: HashMap<String, BTreeSet<Party>>,
}

impl Parties {
    fn declare(&mut self, entry: &PartyEntry) {
        self.slugs.insert(entry.party.clone());
        let slug = entry.party.as_str();
        for name in entry.aliases.iter().map(String::as_str).chain([slug, &entry.name]) {
            self.names.entry(folded(name)).or_default().insert(entry.party.clone());
        }
    }

    /// The parties that a name may stand for; a slug stands for itself.
    fn meant_by(&self, party: &Party) -> Vec<Party> {
        if self.slugs.contains(party) {
            return vec![party.clone()];
        }
        self.names.get(&folded(party.as_str())).into_iter().flatten().cloned().collect()
    }

    fn ambiguous(&self, party: &Party, problem: Problem) -> Option<Problem> {
        let meant: Vec<_> = self.meant_by(party).iter().map(|slug| format!("\"{slug}\"")).collect();
        let what = format!("\"{party}\" is a name of more than one party, so it stands for none");
        let help = Some(format!("write {}", meant.join(" or ")));
        (meant.len() > 1).then_some(Problem { what, help, ..problem })
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The text of a line, or what to show of it and why it is no text.
fn readable(bytes: &[u8]) -> Result<&str, (String, Finding)> {
    const SHOWN_BYTES: usize = 400;
    if bytes.len() > LINE_LIMIT_BYTES {
        let shown = String::from_utf8_lossy(&bytes[..SHOWN_BYTES]).into_owned();
        let what = format!("the line is {} bytes long; the limit is {LINE_LIMIT_BYTES}", bytes.len());
        return Err((
            shown,
            Finding::error("long-line", 0..1, what).help("write one object a line, and long documents as sources"),
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let what = format!("the byte {:#04x} is not UTF-8", bytes.get(at).copied().unwrap_or_default());
        let help = "convert the file, as with iconv -f WINDOWS-1252 -t UTF-8 (or -f UTF-16)";
        (String::from_utf8_lossy(bytes).into_owned(), Finding::error("bad-utf8", at..at + 1, what).help(help))
    })
}

/// The first line whose shape differs from those before it tells on the whole file.
fn mixed(line: &Line<'_>, seen: &mut BTreeSet<Shape>) -> Option<Finding> {
    let is_new = seen.insert(line.shape?);
    let finding = || Finding::error("mixed-shapes", 0..1, "this file mixes drafts and sealed lines");
    let help = "keep them in two files: drafts are imported, sealed lines received";
    (is_new && seen.len() > 1).then(|| finding().help(help))
}

fn used_up(letter: Letter) -> Finding {
    let what = format!("no number is left for a new {}", letter.noun());
    Finding::error("no-handle-left", 0..1, what)
        .help("name the handle it defines, with a number below the highest used")
}
