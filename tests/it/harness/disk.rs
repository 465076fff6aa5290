//! A disk that may lose what was not synced: of the writes to a file any subset, each torn at a sector; of the names an ordered prefix.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Dice;
use super::trace::Step;

const SECTOR: usize = 512;

/// The files of a folder by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A file: what the disk has of it, and what it may or may not have.
#[derive(Clone, Debug, Default)]
struct Inode {
    synced: Vec<u8>,
    waiting: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(u64, Vec<u8>),
    Cut(u64),
}

#[derive(Clone, Debug)]
enum Naming {
    Make(String, usize),
    Unlink(String),
    Rename(String, String),
}

type Names = BTreeMap<String, usize>;

/// A folder on such a disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    inodes: Vec<Inode>,
    names: Names,
    synced: Names,
    waiting: Vec<Naming>,
}

impl Disk {
    /// All of these files are on the disk.
    pub fn holding(files: &Files) -> Disk {
        let mut disk = Disk::default();
        for (name, bytes) in files {
            disk.names.insert(name.clone(), disk.inodes.len());
            disk.inodes.push(Inode { synced: bytes.clone(), waiting: Vec::new() });
        }
        disk.synced = disk.names.clone();
        disk
    }

    /// Takes a step that the program took.
    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Make(name) if !self.names.contains_key(name) => {
                let inode = self.inodes.len();
                self.inodes.push(Inode::default());
                self.name(Naming::Make(name.clone(), inode));
            }
            Step::Write(name, at, bytes) => self.change(name, Change::Write(*at, bytes.clone())),
            Step::Cut(name, length) => self.change(name, Change::Cut(*length)),
            Step::Sync(name) => {
                let Some(inode) = self.names.get(name) else { return };
                let inode = &mut self.inodes[*inode];
                std::mem::take(&mut inode.waiting).iter().for_each(|change| change.apply(&mut inode.synced));
            }
            Step::SyncFolder => {
                self.waiting.clear();
                self.synced = self.names.clone();
            }
            Step::Unlink(name) => self.name(Naming::Unlink(name.clone())),
            Step::Rename(from, to) => self.name(Naming::Rename(from.clone(), to.clone())),
            Step::Make(_) | Step::Told(_) => {}
        }
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.waiting.push(naming);
    }

    fn change(&mut self, name: &str, change: Change) {
        // A file that lies elsewhere, or was there before and is no part of the store.
        let Some(inode) = self.names.get(name) else { return };
        self.inodes[*inode].waiting.push(change);
    }

    /// Whether a crash can leave only one thing.
    pub fn is_settled(&self) -> bool {
        self.waiting.is_empty() && self.inodes.iter().all(|inode| inode.waiting.is_empty())
    }

    /// What a crash may leave now, by the dice; the words tell what was lost.
    pub fn crashed(&self, dice: &mut Dice) -> (Files, String) {
        let kept = if dice.one_in(2) { self.waiting.len() } else { dice.below(self.waiting.len() + 1) };
        let mut names = self.synced.clone();
        self.waiting[..kept].iter().for_each(|naming| naming.apply(&mut names));
        let mut lost = format!("{kept} of {} names kept", self.waiting.len());
        let whole = dice.below(4);
        let mut files = Files::new();
        for (name, inode) in &names {
            let inode = &self.inodes[*inode];
            let mut bytes = inode.synced.clone();
            let mut fate = String::new();
            for change in &inode.waiting {
                fate.push(match whole {
                    0 => '-',
                    1 => change.applied(&mut bytes),
                    _ if dice.one_in(2) => '-',
                    2 => change.applied(&mut bytes),
                    _ => change.torn(&mut bytes, dice),
                });
            }
            lost.push_str(&format!("; {name}: {}", if fate.is_empty() { "synced" } else { &fate }));
            files.insert(name.clone(), bytes);
        }
        (files, lost)
    }
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Naming::Make(name, inode) => drop(names.insert(name.clone(), *inode)),
            Naming::Unlink(name) => drop(names.remove(name)),
            Naming::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Change::Write(at, bytes) => write_at(file, *at as usize, bytes),
            Change::Cut(length) => file.resize(*length as usize, 0),
        }
    }

    fn applied(&self, file: &mut Vec<u8>) -> char {
        self.apply(file);
        '+'
    }

    /// Some of its sectors.
    fn torn(&self, file: &mut Vec<u8>, dice: &mut Dice) -> char {
        let Change::Write(at, bytes) = self else { return self.applied(file) };
        let (mut begin, end) = (*at as usize, *at as usize + bytes.len());
        while begin < end {
            let next = ((begin / SECTOR + 1) * SECTOR).min(end);
            if dice.one_in(2) {
                write_at(file, begin, &bytes[begin - *at as usize..next - *at as usize]);
            }
            begin = next;
        }
        '~'
    }
}

fn write_at(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

/// The files that lie in a folder and begin with that name.
pub fn files_of(folder: &Path, store: &str) -> Files {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let wanted = named.filter(|(name, _)| name.starts_with(store) && !name.ends_with("-shm"));
    wanted.map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

/// Lays these files into a folder, where nothing else of that store may be left.
pub fn lay(folder: &Path, store: &str, files: &Files) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(folder.join(format!("{store}{end}")));
    }
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).expect("a file can be written");
    }
}

#[test]
fn what_is_synced_is_never_lost_and_what_is_not_may_be() {
    let mut disk = Disk::holding(&Files::from([("a".into(), vec![1; 1024])]));
    let mut dice = Dice::of("disk");
    disk.take(&Step::Write("a".into(), 0, vec![2; 1024]));
    disk.take(&Step::Make("b".into()));
    disk.take(&Step::Write("b".into(), 0, vec![3; 10]));
    disk.take(&Step::Sync("b".into()));
    let states: Vec<Files> = (0..200).map(|_| disk.crashed(&mut dice).0).collect();
    let first = |files: &Files| (files["a"][0], files["a"][512]);
    for wanted in [(1, 1), (2, 2), (1, 2), (2, 1)] {
        assert!(states.iter().any(|files| first(files) == wanted), "{wanted:?} never came");
    }
    assert!(states.iter().any(|files| !files.contains_key("b")), "a name that was not synced is never lost");
    assert!(
        states.iter().all(|files| files.get("b").is_none_or(|bytes| *bytes == [3; 10])),
        "what was synced was lost"
    );
    disk.take(&Step::Sync("a".into()));
    disk.take(&Step::SyncFolder);
    let after: Vec<Files> = (0..50).map(|_| disk.crashed(&mut dice).0).collect();
    assert!(disk.is_settled() && after.iter().all(|files| files["a"] == [2; 1024] && files["b"] == [3; 10]));
}
