//! Logs that nobody wrote: drawn from the vocabulary in `kinds.txt`, by throws of dice that shrink to the plainest log.
//!
//! Names, parties and dates come from small pools, so that events meet: the same lives, the same days, the same targets. A tame log
//! is one that the door might let in: opened first, dated, its handles written out. A wild one may be anything that can be read.

use std::fmt;
use std::sync::{Arc, LazyLock};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use talks::domain::event::Event;
use talks::domain::ids::{Handle, Letter, Version};
use talks::domain::record::{Body, Envelope, Gone, Parts, Record, Seal};
use talks::domain::value::{Name, Walk};
use talks::domain::when::{Instant, When};

/// Drafts, each with a name of its own that survives when the log is cut or put in another order.
#[derive(Clone, PartialEq)]
pub struct Log(pub Vec<Entry>);

/// A draft and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it stood first, from 1.
    pub marker: usize,
    /// The draft.
    pub draft: Value,
}

/// What a log may be made of.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// Whether anything goes.
    pub wild: bool,
    /// The families of kinds; a log draws from some of them.
    pub families: &'static [&'static str],
    /// At most how many events, besides the first three of a tame log.
    pub longest: usize,
}

/// Every family of kinds.
pub const ALL: &[&str] = &[
    "talks",
    "demands",
    "offers",
    "ceasefires",
    "agreements",
    "duties",
    "measures",
    "around",
    "claims",
    "record",
    "desk",
    "parties",
    "ending",
    "opening",
];
/// What a log that the door let in is made of.
pub const TAME: Sort = Sort { wild: false, families: ALL.split_at(13).0, longest: 24 };
/// Anything.
pub const WILD: Sort = Sort { wild: true, families: ALL, longest: 30 };
/// What happens in the world, and who joins; nothing about the record.
pub const WORLD: Sort = Sort {
    wild: false,
    families: &[
        "talks",
        "demands",
        "offers",
        "ceasefires",
        "agreements",
        "duties",
        "measures",
        "around",
        "claims",
        "parties",
        "ending",
    ],
    longest: 24,
};

/// The shape of a kind's data, or of a value that is an object.
struct Shape {
    family: &'static str,
    name: &'static str,
    fields: Vec<(&'static str, &'static str)>,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let lines = include_str!("kinds.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let shape = |line: &'static str| {
        let mut words = line.split_whitespace();
        let (family, name) = (words.next().expect("a family"), words.next().expect("a name"));
        let fields = words.map(|word| word.split_once('=').unwrap_or(("", word))).collect();
        Shape { family, name, fields }
    };
    lines.map(shape).collect()
});

/// The kinds of some families.
fn kinds(families: &[&str]) -> Vec<&'static Shape> {
    SHAPES.iter().filter(|shape| families.contains(&shape.family)).collect()
}

#[test]
fn every_kind_of_event_can_be_drawn() {
    let mut drawn: Vec<&str> = kinds(ALL).iter().map(|kind| kind.name).collect();
    let mut all = Event::KINDS.to_vec();
    drawn.sort_unstable();
    all.sort_unstable();
    assert_eq!(drawn, all);
}

/// Logs of a sort.
pub fn logs(sort: Sort) -> impl Strategy<Value = Log> {
    let throws = vec(vec(any::<u8>(), 3..28), 0..=sort.longest);
    (any::<u16>(), throws).prop_map(move |(some, throws)| Log::drawn(&sort, some, &throws))
}

impl Log {
    fn drawn(sort: &Sort, some: u16, throws: &[Vec<u8>]) -> Log {
        let chosen = |(i, family): (usize, &&'static str)| (some >> (i % 16) & 1 == 0).then_some(*family);
        let families: Vec<&str> = sort.families.iter().enumerate().filter_map(chosen).collect();
        let choice = kinds(if families.is_empty() { sort.families } else { &families });
        let first = if sort.wild { Vec::new() } else { opening(some) };
        let drawn = throws.iter().map(|throws| choice[usize::from(throws[0]) % choice.len()]);
        let kinds: Vec<&Shape> = first.iter().map(|draft| kind_of(draft)).chain(drawn).collect();
        let begun = first.len();
        let rest = throws.iter().enumerate().map(|(i, throws)| {
            Dice { throws: throws[1..].iter(), wild: sort.wild, kinds: &kinds, place: begun + i, aim: 0 }.draft()
        });
        Log::of(first.into_iter().chain(rest))
    }

    /// Drafts, named by their place.
    pub fn of(drafts: impl IntoIterator<Item = Value>) -> Log {
        Log(drafts.into_iter().enumerate().map(|(i, draft)| Entry { marker: i + 1, draft }).collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The same with more drafts after it.
    pub fn with(&self, more: impl IntoIterator<Item = Value>) -> Log {
        let mut log = self.clone();
        log.0.extend(more.into_iter().enumerate().map(|(i, draft)| Entry { marker: self.len() + i + 1, draft }));
        log
    }

    /// The same with a stamp on each, six hours apart.
    pub fn stamped(mut self) -> Log {
        for (i, entry) in self.0.iter_mut().enumerate() {
            entry.draft["recorded"] = json!(Instant(STAMPS_FROM + i as i64 * STAMPS_APART).utc());
        }
        self
    }

    /// Its entries in another order, with what they say of each other's places.
    pub fn in_order(&self, order: &[usize]) -> Log {
        let place = |old: u64| order.iter().position(|&i| i as u64 + 1 == old).map(|new| new as u64 + 1);
        let mut log = Log(order.iter().map(|&i| self.0[i].clone()).collect());
        log.0.iter_mut().for_each(|entry| rename(&mut entry.draft, &place));
        log
    }

    /// The records of it, handles allocated as the program does.
    pub fn records(&self) -> Vec<Arc<Record>> {
        let mut highest = [0u32; Letter::ALL.len()];
        let of = |(i, entry): (usize, &Entry)| {
            let mut record = record(i as u64 + 1, &entry.draft).unwrap_or_else(|e| panic!("{e}\n{}", entry.draft));
            record.walk(&mut |name| allocate(name, &mut highest));
            Arc::new(record)
        };
        self.0.iter().enumerate().map(of).collect()
    }
}

/// The first stamp, 2023-10-01T00:00:00Z.
pub const STAMPS_FROM: i64 = 1_696_118_400;
/// The time between two stamps, in seconds.
pub const STAMPS_APART: i64 = 6 * 3600;

/// One line a draft, as a log is written.
impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, entry)| write!(f, "\ne{} #{} {}", i + 1, entry.marker, entry.draft))
    }
}

fn rename(value: &mut Value, place: &dyn Fn(u64) -> Option<u64>) {
    match value {
        Value::String(text) => {
            if let Some(new) = text.parse::<Version>().ok().and_then(|old| place(old.0)) {
                *text = Version(new).to_string();
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| rename(one, place)),
        Value::Object(fields) => fields.values_mut().for_each(|one| rename(one, place)),
        _ => {}
    }
}

fn allocate(name: Name<'_>, highest: &mut [u32; Letter::ALL.len()]) {
    let Name::Defines(letter, handle) = name else { return };
    let place = Letter::ALL.iter().position(|known| *known == letter).expect("a letter");
    let number = handle.map_or(highest[place] + 1, |known| known.number);
    *handle = Some(Handle { letter, number });
    highest[place] = highest[place].max(number);
}

fn record(version: u64, draft: &Value) -> Result<Record, String> {
    let text = |part: &str| draft.get(part).map(|v| v.to_string().into_boxed_str()).unwrap_or_default();
    let occurred = draft.get("occurred").map(|w| When::parse(w.as_str().unwrap_or_default())).transpose();
    let recorded = draft.get("recorded").and_then(Value::as_str);
    let envelope = Envelope {
        version: Version(version),
        kind: draft["kind"].as_str().unwrap_or_default().into(),
        occurred: occurred.map_err(|e| e.to_string())?,
        id: None,
        seal: recorded.map(|recorded| Box::new(seal(recorded))),
    };
    let parts = Parts { data: text("data"), context: text("context"), sources: text("sources") };
    let body = match draft.get("body").and_then(Value::as_str) {
        None => return Record::from_parts(envelope, parts),
        Some("withheld") => Body::Withheld,
        Some("erased") => Body::Erased,
        Some(why) => Body::NotUnderstood(why.into()),
    };
    Ok(Record { envelope, body, context: Default::default(), sources: Vec::new(), parts: Parts::default() })
}

fn seal(recorded: &str) -> Seal {
    let recorded = Instant::from_utc(recorded).unwrap_or(Instant(0));
    let gone = Gone::default();
    Seal { schema: 1, log: Default::default(), recorded, recorder: None, reported: None, defines: None, gone }
}

/// How a tame log begins: four parties and two sources.
fn opening(some: u16) -> Vec<Value> {
    let party = |slug: &str, role: &str| json!({"party":slug,"name":slug,"kind":"state","role":role});
    let parties = json!([party("p", "party"), party("q", "party"), party("r", "ratifier"), party("m", "monitor")]);
    let zone = ["+00:00", "+05:00", "-03:30", "+14:00"][usize::from(some) % 4];
    let source = |handle: &str, publisher: &str, published: &str| json!({"kind":"source.registered","data":{"source":handle,"publisher":publisher,"published":published}});
    vec![
        json!({"kind":"negotiation.opened","occurred":"2023-10-01","data":{"title":"talks","parties":parties,"zone":zone}}),
        source("S1", "wire", "2023-10-12"),
        source("S2", "paper", "2023-10-20"),
    ]
}

fn kind_of(draft: &Value) -> &'static Shape {
    SHAPES.iter().find(|shape| draft["kind"] == shape.name).expect("a kind")
}

/// Another draft of the same kind as one of a log.
pub fn redrawn(log: &Log, place: usize, throws: &[u8]) -> Value {
    let kinds: Vec<&Shape> = log.0.iter().map(|entry| kind_of(&entry.draft)).collect();
    Dice { throws: throws.iter(), wild: false, kinds: &kinds, place, aim: 0 }.draft()
}

/// A row of throws; when they are used up, each falls on the plainest side.
struct Dice<'a> {
    throws: std::slice::Iter<'a, u8>,
    wild: bool,
    kinds: &'a [&'static Shape],
    place: usize,
    /// The event named last, from 0.
    aim: usize,
}

impl Dice<'_> {
    /// From 0 up to, not with, `n`.
    fn below(&mut self, n: usize) -> usize {
        usize::from(*self.throws.next().unwrap_or(&0)) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn draft(&mut self) -> Value {
        let kind = self.kinds[self.place];
        let mut draft = json!({ "kind": kind.name });
        let about_the_record = matches!(kind.family, "record" | "desk");
        let oddly_dated = self.wild && self.below(12) == 1;
        if about_the_record == oddly_dated {
            draft["occurred"] = self.date().into();
        }
        if self.wild && self.below(24) == 1 {
            draft["body"] = self.pick(&["withheld", "erased", "no such kind"]).into();
        }
        draft["data"] = self.object(kind);
        if self.below(2) == 1 {
            draft["sources"] = self.value("[citation]");
        }
        if self.below(3) == 1 {
            draft["context"] = self.value("context");
        }
        draft
    }

    fn object(&mut self, shape: &Shape) -> Value {
        let mut fields = Map::new();
        for (name, value) in &shape.fields {
            let (name, optional) = name.strip_suffix('?').map_or((*name, false), |name| (name, true));
            let unnamed = self.wild && value.starts_with('*') && self.below(4) == 1;
            if !unnamed && (!optional || self.below(2) == 1) {
                fields.insert(name.into(), self.value(value));
            }
        }
        Value::Object(fields)
    }

    fn value(&mut self, word: &'static str) -> Value {
        if let Some(inner) = word.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            let length = self.pick(&[1, 1, 2, 2, 3, 0]);
            return (0..length).map(|_| self.value(inner)).collect();
        }
        if let Some(shape) = SHAPES.iter().find(|shape| shape.name == word) {
            return if shape.family == "words" { self.value(shape.fields[0].1) } else { self.object(shape) };
        }
        match word {
            "yes" => true.into(),
            "level" => self.below(4).into(),
            "number" => (3 * self.below(4)).into(),
            "count" => self.either(&["number", "range"]),
            "text" => self.pick(&["alpha", "beta", "gamma"]).into(),
            "party" => self.party().into(),
            "actor" => self.either(&["party", "party", "person"]),
            "zone" => self.pick(&["+00:00", "+05:00", "-03:30", "-14:00"]).into(),
            "when" => self.date().into(),
            "term" => self.either(&["when", "when", "after", "with"]),
            "event" => self.event().into(),
            "ref" => self.name().into(),
            "patch" => self.patch(),
            life if life.trim_start_matches('*').len() == 1 => self.handle(life.trim_start_matches('*')).into(),
            words => self.pick(&words.split('|').collect::<Vec<_>>()).into(),
        }
    }

    /// A value of one of these sorts.
    fn either(&mut self, words: &[&'static str]) -> Value {
        let word = self.pick(words);
        self.value(word)
    }

    fn party(&mut self) -> &'static str {
        if self.wild { self.pick(&["p", "q", "r", "m", "x"]) } else { self.pick(&["p", "q", "r", "m"]) }
    }

    fn handle(&mut self, letter: &str) -> String {
        let number = if self.wild { self.pick(&[1, 2, 1, 2, 3, 9]) } else { self.pick(&[1, 2]) };
        format!("{letter}{number}")
    }

    /// An event; in a wild log also the event itself, a later one or none.
    fn event(&mut self) -> String {
        self.aim = if self.wild { self.below(self.kinds.len() + 2) } else { self.below(self.place.max(1)) };
        Version(self.aim as u64 + 1).to_string()
    }

    fn name(&mut self) -> String {
        match self.below(5) {
            0 | 1 => {
                let letter = self.pick(&["C", "A", "K", "D", "M", "Q", "R", "O", "T"]);
                self.handle(letter)
            }
            2 | 3 => self.event(),
            _ if self.wild => "other-log:A1".into(),
            _ => self.handle("C"),
        }
    }

    /// A patch for the event named last: of its date, its data, its circumstances or its sources; or one that ruins it.
    fn patch(&mut self) -> Value {
        match self.below(7) {
            0 => json!({ "occurred": self.date() }),
            1 | 2 => match self.kinds.get(self.aim) {
                Some(kind) => json!({ "data": self.object(kind) }),
                None => json!({ "data": { "text": "delta" } }),
            },
            3 => json!({ "sources": self.value("[citation]") }),
            4 => json!({ "context": self.value("context") }),
            5 => json!({ "data": { "by": 7, "text": null } }),
            _ if self.wild => self.pick(&["occurred", "data", "context"]).into(),
            _ => json!({ "occurred": null }),
        }
    }

    fn day(&mut self) -> usize {
        1 + self.below(28)
    }

    /// A date of any shape in a month where much happens.
    fn date(&mut self) -> String {
        let (one, shape) = (self.day(), self.below(20));
        let other = if matches!(shape, 8..=14) { self.day() } else { one };
        let (a, b) = (one.min(other), one.max(other));
        match shape {
            0..=5 => format!("2023-10-{one:02}"),
            6 => format!("2023-10-{one:02}T{:02}:30{}", one % 24, self.pick(&["Z", "+05:00", "-11:00"])),
            7 => self.pick(&["2023-10", "2023-10-XX", "2023-23", "2023", "2023-09", "2023-11", "202X"]).into(),
            8..=10 => format!("[2023-10-{a:02}..2023-10-{b:02}]"),
            11 => format!("2023-10-{a:02}/2023-10-{b:02}"),
            12 => format!("[2023-10-{a:02}T10:00+05:00..2023-10-{b:02}T20:00+05:00]"),
            13 => format!("2023-10-{a:02}T10:00Z/2023-10-{b:02}T20:00:07Z"),
            14 => format!("[2023-10-{a:02}T10:00Z..2023-10-{b:02}]?"),
            15 => format!("[..2023-10-{one:02}]"),
            16 => format!("2023-10-{one:02}/.."),
            17 => format!("../2023-10-{one:02}"),
            18 => format!("2023-10-{one:02}{}", self.pick(&["?", "~", "%"])),
            _ => format!("[..2023-10-{one:02}T12:00-03:30]"),
        }
    }
}
