//! What the program asks of the system, as `strace` saw it: every write, truncation and sync of the files in a folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::survival::Place;

/// What is watched: everything that can change a file, its name, or what the disk has of it.
const WATCHED: &str = "trace=openat,?open,?creat,write,pwrite64,writev,?pwritev,?pwritev2,ftruncate,?truncate,fallocate,fsync,\
    fdatasync,?sync_file_range,?unlink,unlinkat,?rename,?renameat,renameat2,?link,linkat,mmap,?copy_file_range,?sendfile";

/// A step that the program took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A file of that name was made.
    Make(String),
    /// Bytes were written at an offset.
    Write(String, u64, Vec<u8>),
    /// A file was cut, or made longer.
    Cut(String, u64),
    /// All that was written to a file is on the disk.
    Sync(String),
    /// A name is gone.
    Unlink(String),
    /// A file has another name.
    Rename(String, String),
    /// All names are on the disk.
    SyncFolder,
    /// Someone was told.
    Told(Vec<u8>),
}

/// What was seen of one run of the program.
pub struct Seen {
    pub output: Output,
    pub steps: Vec<Step>,
}

/// Runs a command under `strace`, which must be there: a test of faults that tries none would be a lie.
pub fn strace(place: &Place, options: &[&str], run: &Command) -> Output {
    let mut command = place.command("strace");
    command.args(["-f", "-qq"]).args(options).arg("--").arg(run.get_program()).args(run.get_args());
    command.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap_or_else(|error| {
        panic!("strace is needed to try faults, and can't be run ({error}): apt-get install strace")
    });
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("strace: "), "strace can't do what is asked: {told}");
    output
}

/// Runs a command and tells every step it took in the folder of the place.
pub fn watch(place: &Place, run: &Command) -> Seen {
    let file = place.path("trace");
    let name = file.display().to_string();
    let output = strace(place, &["-y", "-xx", "-s", "16777216", "-o", &name, "-e", "signal=none", "-e", WATCHED], run);
    let text = std::fs::read_to_string(&file).expect("what strace wrote");
    std::fs::remove_file(&file).expect("it can be removed");
    Seen { output, steps: Reader::new(&place.folder).read(&text) }
}

/// Reads what strace wrote.
struct Reader<'p> {
    folder: &'p Path,
    /// Calls that were begun, by process.
    begun: HashMap<String, String>,
    /// Where the next plain write to a file goes.
    ends: HashMap<String, u64>,
}

/// A call: its name, its arguments and what came back.
struct Call<'t> {
    name: &'t str,
    args: Vec<&'t str>,
    back: &'t str,
}

impl<'p> Reader<'p> {
    fn new(folder: &'p Path) -> Reader<'p> {
        Reader { folder, begun: HashMap::new(), ends: HashMap::new() }
    }

    fn read(mut self, text: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        for line in text.lines() {
            let Some(line) = self.whole(line) else { continue };
            let Some(call) = call(&line) else { continue };
            if !call.back.starts_with('-') {
                steps.extend(self.step(&call));
            }
        }
        steps
    }

    /// The call of a line, put together where another process came between.
    fn whole(&mut self, line: &str) -> Option<String> {
        let (process, rest) = line.split_once(' ')?;
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            self.begun.insert(process.into(), begun.trim_end().into());
            return None;
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (_, rest) = resumed.split_once("resumed>")?;
            return Some(self.begun.remove(process)? + rest);
        }
        Some(rest.into())
    }

    /// The name of a file of this folder; the folder itself has the empty one. What SQLite shares between processes is left out: it
    /// does not outlive the machine.
    fn name(&self, path: &[u8]) -> Option<String> {
        let path = PathBuf::from(String::from_utf8_lossy(path).into_owned());
        let path = if path.is_absolute() { path } else { self.folder.join(path) };
        let name = path.strip_prefix(self.folder).ok()?.to_str()?.to_string();
        (!name.ends_with("-shm")).then_some(name)
    }

    fn step(&mut self, call: &Call<'_>) -> Option<Step> {
        let arg = |at: usize| call.args.get(at).copied().unwrap_or_default();
        let descriptor = |at: usize| self.name(&between(arg(at), '<', '>')?);
        let path = |at: usize| self.name(&between(arg(at), '"', '"')?);
        let number = |at: usize| arg(at).parse::<u64>().unwrap_or_default();
        let bytes = || between(arg(1), '"', '"').unwrap_or_default();
        let written = |bytes: Vec<u8>| bytes[..call.back.parse().unwrap_or(0).min(bytes.len())].to_vec();
        match call.name {
            "write" if arg(0).starts_with("1<") => Some(Step::Told(written(bytes()))),
            "write" => {
                let (name, bytes) = (descriptor(0)?, written(bytes()));
                let end = self.ends.entry(name.clone()).or_default();
                *end += bytes.len() as u64;
                Some(Step::Write(name, *end - bytes.len() as u64, bytes))
            }
            "pwrite64" => Some(Step::Write(descriptor(0)?, number(3), written(bytes()))),
            "ftruncate" => Some(Step::Cut(descriptor(0)?, number(1))),
            "fsync" | "fdatasync" => {
                let name = descriptor(0)?;
                Some(if name.is_empty() { Step::SyncFolder } else { Step::Sync(name) })
            }
            "openat" | "open" => {
                let at = usize::from(call.name == "openat");
                let flags = arg(at + 1);
                assert!(!flags.contains("O_TRUNC") || path(at).is_none(), "a file is cut when it is opened: {flags}");
                path(at).filter(|_| flags.contains("O_CREAT")).map(Step::Make)
            }
            "unlink" => path(0).map(Step::Unlink),
            "unlinkat" => path(1).map(Step::Unlink),
            "rename" => Some(Step::Rename(path(0)?, path(1)?)),
            "renameat" | "renameat2" => Some(Step::Rename(path(1)?, path(3)?)),
            "mmap" => {
                let shared = arg(3).contains("MAP_SHARED") && arg(2).contains("PROT_WRITE");
                let name = between(arg(4), '<', '>').and_then(|path| self.name(&path));
                assert!(!shared || name.is_none(), "a file is written to through memory: {name:?}");
                None
            }
            other => {
                let touched = (0..2).any(|at| descriptor(at).or(path(at)).is_some());
                assert!(!touched, "{other} changes a file, and the replay does not know it");
                None
            }
        }
    }
}

/// Takes a line apart: `write(1<...>, "...", 5) = 5`.
fn call(line: &str) -> Option<Call<'_>> {
    let (name, rest) = line.split_once('(')?;
    let (args, back) = rest.rsplit_once(" = ")?;
    let args = args.trim_end().strip_suffix(')')?;
    Some(Call { name, args: args.split(", ").collect(), back: back.split([' ', '<']).next()? })
}

/// The bytes between two marks, which strace writes as `\x2f`.
fn between(text: &str, from: char, to: char) -> Option<Vec<u8>> {
    let begin = text.find(from)? + 1;
    let text = &text[begin..begin + text[begin..].find(to)?];
    if !text.starts_with("\\x") {
        return Some(text.as_bytes().to_vec());
    }
    text.split("\\x").skip(1).map(|pair| u8::from_str_radix(pair.get(..2)?, 16).ok()).collect()
}

/// The receipts in what a program printed, as far as they are whole.
pub fn receipts(printed: &[u8]) -> Vec<Value> {
    let values = serde_json::Deserializer::from_slice(printed).into_iter::<Value>().map_while(Result::ok);
    values.filter(|value| value["root"].is_string() && value["events"].is_array()).collect()
}
