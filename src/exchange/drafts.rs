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
mod numbering;
mod problem;
mod sealed;
mod tree;
mod typing;
mod unknown;

use std::collections::BTreeSet;
use std::convert::Infallible;

use self::line::{Door, Line, Shape};
pub use self::numbering::Numbering;
use self::problem::{Finding, Place};
pub use self::problem::{Problem, Severity};
pub use self::sealed::SealedLine;
use crate::domain::ids::{Letter, Version};
use crate::domain::record::{Record, mark_erased};
use crate::domain::value::Party;
use crate::exchange::batches::made_of_each;

/// The longest draft that is read, in bytes without its line's end.
pub const LINE_LIMIT_BYTES: usize = 1024 * 1024;
/// What a sealed line may be longer: its envelope, its salts and its root.
const SEAL_LIMIT_BYTES: usize = 64 * 1024;

/// A draft on its way into a log that will give it a place.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The line of the file, from 1.
    pub line: usize,
    /// The record, without a version, its names as they were written.
    pub record: Record,
}

/// A log read from files.
#[derive(Clone, Debug)]
pub struct PlainLog {
    /// Its records.
    pub records: Vec<Record>,
    /// Those of them that were sealed lines.
    pub sealed: Vec<SealedLine>,
    /// What could only be seen once all was read.
    pub problems: Vec<Problem>,
}

/// Reads one file as a log.
pub fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut problems = reader.push(bytes);
    let log = reader.finish();
    problems.extend(log.problems);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (log.records, problems)
}

/// Reads drafts that are to be appended to a log: kinds and members that this version does not know are refused.
pub fn submitted(bytes: &[u8]) -> (Vec<Submitted>, Vec<Problem>) {
    let (mut drafts, mut problems, mut is_told) = (Vec::new(), Vec::new(), false);
    let Ok(read) = made_of_each(
        |each| {
            lines(bytes, 0, &mut problems, |place, text, _| each((place, text)));
            Ok::<_, Infallible>(())
        },
        |(place, text)| submitted_line(place, text),
    );
    for (line, shape, draft, found) in read {
        // The first sealed line tells on the whole file.
        if shape != Some(Shape::Sealed) || !std::mem::replace(&mut is_told, true) {
            problems.extend(found);
        }
        drafts.extend(draft.map(|record| Submitted { line, record }));
    }
    problems.sort_by_key(|problem| problem.line);
    (drafts, problems)
}

fn submitted_line(place: Place<'_>, text: &str) -> (usize, Option<Shape>, Option<Record>, Vec<Problem>) {
    // What is no text was told already.
    if text.is_empty() {
        return (place.line, None, None, Vec::new());
    }
    let mut line = line::read(text, Version(0), Door::Strict);
    if line.shape == Some(Shape::Sealed) {
        let what = "this is a sealed line, and a draft is expected";
        let finding = Finding::error("sealed-line", 0..1, what).help("talks receive FILE takes sealed lines");
        return (place.line, line.shape, None, place.problems(vec![finding]));
    }
    let good = line.record.take().filter(|_| !line.is_bad());
    (place.line, line.shape, good, place.problems(line.found))
}

/// Reads sealed lines. Whether they hold is not asked.
pub fn sealed(bytes: &[u8]) -> (Vec<SealedLine>, Vec<Problem>) {
    let (mut records, mut problems, mut is_told) = (Vec::new(), Vec::new(), false);
    lines(bytes, 0, &mut problems, |place, text, problems| {
        let mut line = line::read(text, Version(0), Door::Open);
        if line.shape == Some(Shape::Draft) {
            let what = "this is a draft, and a sealed line is expected";
            let finding = Finding::error("draft-line", 0..1, what).help("talks import FILE takes drafts");
            return problems.extend(once(&mut is_told, place, finding));
        }
        let good = line.sealed.take().filter(|_| !line.is_bad());
        records.extend(good.map(|sealed| SealedLine { line: place.line, ..sealed }));
        problems.extend(place.problems(line.found));
    });
    (records, problems)
}

/// The first line of the wrong shape tells on the whole file.
fn once(is_told: &mut bool, place: Place<'_>, finding: Finding) -> Vec<Problem> {
    if std::mem::replace(is_told, true) { Vec::new() } else { place.problems(vec![finding]) }
}

/// Hands out the lines of a file that are text and not blank; what is no text is a problem.
fn lines<'a>(
    bytes: &'a [u8],
    file: usize,
    problems: &mut Vec<Problem>,
    mut each: impl FnMut(Place<'a>, &'a str, &mut Vec<Problem>),
) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            continue;
        }
        match readable(line) {
            Ok(text) => each(Place { file, line: index + 1, text }, text, problems),
            Err((shown, finding)) => {
                problems.push(Place { file, line: index + 1, text: &shown }.problem(finding));
                each(Place { file, line: index + 1, text: "" }, "", &mut Vec::new());
            }
        }
    }
}

/// Reads several files as one log: the lines of the second go on numbering where the first ended.
#[derive(Debug, Default)]
pub struct Reader {
    records: Vec<Record>,
    files: usize,
    numbering: Numbering,
    /// Names that were no slug when they were met, each with a problem to report should they turn out ambiguous.
    uses: Vec<(Party, Problem)>,
    /// The sealed lines among them.
    sealed: Vec<SealedLine>,
}

impl Reader {
    /// Reads one more file and reports what is wrong in it.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut shapes = BTreeSet::new();
        lines(bytes, self.files, &mut problems, |place, text, problems| {
            problems.extend(self.push_line(place, text, &mut shapes));
        });
        self.files += 1;
        problems
    }

    /// The log, with the parties called by their slugs, and what could only be seen once all was read.
    pub fn finish(mut self) -> PlainLog {
        let numbering = &self.numbering;
        let problems = self.uses.into_iter().filter_map(|(party, problem)| ambiguous(numbering, &party, problem));
        let problems = problems.collect();
        let drafts = self.records.iter_mut().filter(|record| record.envelope.seal.is_none());
        drafts.for_each(|record| numbering.resolve(record));
        mark_erased(&mut self.records, |record| record);
        PlainLog { records: self.records, sealed: self.sealed, problems }
    }

    fn push_line(&mut self, place: Place<'_>, text: &str, shapes: &mut BTreeSet<Shape>) -> Vec<Problem> {
        let due = self.numbering.next_version();
        let mut line = line::read(text, due, Door::Open);
        line.found.extend(mixed(&line, shapes));
        if let Some(sealed) = line.sealed.take() {
            self.push_sealed(sealed, due, &mut line);
        } else if let Some(record) = line.record.take() {
            self.push_draft(record, &mut line, place);
        } else {
            self.numbering.skip();
        }
        place.problems(line.found)
    }

    fn push_sealed(&mut self, mut sealed: SealedLine, due: Version, line: &mut Line<'_>) {
        let found = sealed.record.version();
        if found != due {
            let what = format!("this is {found}, and {due} is due");
            line.found.push(Finding::error("wrong-version", 0..1, what).help("give the whole file, in its order"));
        }
        // Its handle is allocated already; the place is taken all the same.
        let _ = self.numbering.place(&mut sealed.record);
        if !line.is_bad() {
            self.records.push(sealed.record.clone());
            self.sealed.push(sealed);
        }
    }

    /// A bad line takes its number and its handle too: the lines after it mean what they meant when it was good.
    fn push_draft(&mut self, mut record: Record, line: &mut Line<'_>, place: Place<'_>) {
        line.found.extend(self.numbering.place(&mut record).err().map(used_up));
        for party in self.numbering.strangers(&mut record) {
            if let Some(node) = line.tree.as_ref().and_then(|tree| tree.find_text(party.as_str())) {
                let problem = place.problem(Finding::warning("ambiguous-party", node.at.clone(), ""));
                self.uses.push((party, problem));
            }
        }
        if !line.is_bad() {
            self.records.push(record);
        }
    }
}

fn ambiguous(numbering: &Numbering, party: &Party, problem: Problem) -> Option<Problem> {
    let meant: Vec<_> = numbering.meant_by(party).iter().map(|slug| format!("\"{slug}\"")).collect();
    let what = format!("\"{party}\" is a name of more than one party, so it stands for none");
    let help = Some(format!("write {}", meant.join(" or ")));
    (meant.len() > 1).then_some(Problem { what, help, ..problem })
}

/// The text of a line, or what to show of it and why it is no text.
fn readable(bytes: &[u8]) -> Result<&str, (String, Finding)> {
    const SHOWN_BYTES: usize = 400;
    // Only a sealed line may be longer, and what it seals may not.
    let is_sealed = || bytes.windows(9).any(|window| window == b"\"digests\"");
    if bytes.len() > LINE_LIMIT_BYTES + SEAL_LIMIT_BYTES || bytes.len() > LINE_LIMIT_BYTES && !is_sealed() {
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
