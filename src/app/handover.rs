//! Handing a log over: export writes it as sealed lines, receive takes them in, and the root comes out the same.

use std::io;

use super::book::record as unsealed;
use super::door::{Erased, erased};
use super::store::Store;
use super::write::unless_bad;
use super::{Book, Progress, Trouble};
use crate::domain::record::Record;
use crate::exchange::drafts::{SealedLine, sealed};
use crate::log::{Broken, Chain, Erase, EventLog, Fault, Hash, PARTS, Sealed, Stored, read_envelope, salt};

/// What receiving did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The name under which the log is kept.
    pub slug: String,
    /// How many records were new.
    pub new: u64,
    /// The last version.
    pub version: u64,
    /// The root of the log.
    pub root: String,
}

impl Store {
    /// Hands out a negotiation as sealed lines, without the parts to be withheld; gives its version and root.
    ///
    /// # Errors
    /// There is no such negotiation, it does not hold, or a line can't be written.
    pub fn export(
        &self,
        slug: &str,
        withheld: &[String],
        each: &mut dyn FnMut(&str) -> io::Result<()>,
    ) -> Result<(u64, String), Trouble> {
        let withheld = places(withheld)?;
        let (mut chain, mut stopped) = (Chain::default(), None);
        let read = self.log.sealed(slug, &mut |record| {
            if stopped.is_some() {
                return;
            }
            let done = record.and_then(|record| chain.take(&record).map(|()| record));
            stopped = match done {
                Ok(record) => each(&without(record, &withheld).to_line()).err().map(unwritten),
                Err(broken) => Some(self.trouble(broken.into())),
            };
        });
        let stands = read.map_err(|fault| self.trouble(fault))?;
        if let Some(trouble) = stopped {
            return Err(trouble);
        }
        if stands != *chain.head() {
            let version = chain.head().version() + 1;
            let what = format!(
                "it is missing, or the row of the log is not of its records; the row says e{}",
                stands.version()
            );
            return Err(self.trouble(Broken { version, what }.into()));
        }
        Ok((stands.version(), stands.root().to_string()))
    }

    /// Takes sealed lines over as they are: into a new log, or into one that is a prefix of them. A log that the store has already
    /// keeps its name.
    ///
    /// # Errors
    /// A line that does not read or hold, or a log here that is another one.
    pub fn receive(&mut self, slug: &str, bytes: &[u8], file: &str) -> Result<Received, Trouble> {
        let records = sealed_records(bytes, file, &self.progress)?;
        let Some(first) = records.first() else {
            return Err(Trouble::failed("empty-file", format!("{file} has no sealed line"))
                .help("talks export writes them; talks import takes drafts"));
        };
        let logs = self.log.logs().map_err(|fault| self.trouble(fault))?;
        let here = logs.into_iter().find(|log| log.head.log == Some(first.header.log)).map(|log| log.slug);
        let slug = here.unwrap_or_else(|| slug.to_string());
        let erase = erasures(&records);
        self.progress.begins("storing", records.len() as u64);
        let done = self.log.receive(&slug, &records, &erase).map_err(|fault| match fault {
            Fault::Broken(broken) => broken_in(file, &broken),
            fault => self.trouble(fault),
        });
        let (head, new) = done?;
        if new > 0 {
            // It is received, whatever becomes of the rows that are kept beside it: they can be made at any time.
            let _ = self.rebuild(&slug);
        }
        Ok(Received { slug, new, version: head.version(), root: head.root().to_string() })
    }
}

/// The sealed lines of a file, whether or not they hold.
pub(super) fn sealed_records(bytes: &[u8], file: &str, progress: &Progress) -> Result<Vec<Sealed>, Trouble> {
    progress.begins("reading", 0);
    let (lines, problems) = sealed(bytes);
    unless_bad(problems, file, "the file does not read")?;
    lines.into_iter().map(|line| sealed_record(line).map_err(|broken| broken_in(file, &broken))).collect()
}

pub(super) fn broken_in(file: &str, broken: &Broken) -> Trouble {
    Trouble::failed("broken-record", format!("{file}: e{} does not hold: {}", broken.version, broken.what))
        .because(match broken.version {
            0 | 1 => "nothing of the file can be trusted".into(),
            2 => "e1 holds; nothing after it can be trusted".into(),
            version => format!("e1 to e{} hold; nothing from e{version} on can be trusted", version - 1),
        })
        .help("ask the sender for the file as talks export wrote it")
}

fn sealed_record(line: SealedLine) -> Result<Sealed, Broken> {
    let version = line.record.version().0;
    let broken = |what: &str| Broken { version, what: what.into() };
    let (header, digests) = read_envelope(line.envelope.as_bytes()).map_err(|what| Broken { version, what })?;
    let read = |text: Option<String>| text.map(|text| salt(&text).ok_or(text)).transpose();
    let [data, context, sources] = line.salts.map(read);
    let wrong = |_| broken("a salt is not written as 32 lower-case hexadecimal digits");
    let salts = [data.map_err(wrong)?, context.map_err(wrong)?, sources.map_err(wrong)?];
    let root = Hash::from_hex(&line.root).ok_or_else(|| broken("its root is not written as 64 hexadecimal digits"))?;
    let parts = line.parts.map(|part| part.map(String::into_boxed_str));
    Ok(Sealed { header, digests, bytes: line.envelope.into_bytes().into(), parts, salts, root })
}

/// A log of sealed lines, as it is folded, once all of them hold.
///
/// # Errors
/// The first line that does not hold.
pub fn sealed_book(name: String, records: Vec<Record>, lines: Vec<SealedLine>, file: &str) -> Result<Book, Trouble> {
    let mut chain = Chain::default();
    let mut roots = Vec::with_capacity(lines.len());
    for line in lines {
        let taken = sealed_record(line).and_then(|record| chain.take(&record).map(|()| record.root));
        roots.push(taken.map_err(|broken| broken_in(file, &broken))?);
    }
    Ok(Book::of_sealed(name, records, roots))
}

/// Whether a record that is written as a sealed line reads back as it was.
pub(super) fn comes_back(record: &Sealed) -> bool {
    sealed_records(record.to_line().as_bytes(), "line", &Progress::default()).is_ok_and(|read| read == [record.clone()])
}

/// What received records declare erased.
pub(super) fn erasures(records: &[Sealed]) -> Vec<Erase> {
    let stored = |record: &Sealed| {
        let (header, parts, root) = (record.header.clone(), record.parts.clone(), record.root);
        unsealed(Stored { header, parts, root })
    };
    let saying: Vec<Record> =
        records.iter().filter(|record| &*record.header.kind == "record.erased").map(stored).collect();
    erased(saying.iter()).filter_map(Erased::erase).collect()
}

fn without(mut record: Sealed, withheld: &[usize]) -> Sealed {
    for part in withheld {
        record.parts[*part] = None;
        record.salts[*part] = None;
    }
    record
}

fn places(names: &[String]) -> Result<Vec<usize>, Trouble> {
    let place = |name: &String| {
        let known: Vec<String> = PARTS.iter().map(ToString::to_string).collect();
        let at = PARTS.iter().position(|part| part == name);
        let unknown = || Trouble::unknown("no-such-part", format!("no part \"{name}\" of a record"), name, &known);
        at.ok_or_else(|| unknown().help("talks export --withhold sources"))
    };
    names.iter().map(place).collect()
}

fn unwritten(error: io::Error) -> Trouble {
    Trouble::failed("output", format!("can't write the output: {error}")).help("check the disk and its space")
}
