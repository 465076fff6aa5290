//! The page as a file: with its style, its scripts and every stop of both clocks, so that it opens from a disk without a network.
//!
//! A stop is not kept whole. A row is kept once for each thing it ever shows, as the difference from what it showed before; and for
//! each day of knowledge a row's course through the days of the world is kept only where it is another one than the day before.

use maud::{PreEscaped, html};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::address::{Place, Query};
use super::assets::{STYLE, still_script};
use super::bar;
use super::frame::{Beside, Head, data, page};
use super::row::Row;
use super::{events, state};
use crate::domain::ids::Version;
use crate::view::{Answer, Around, Line, Sheet, TimelineEntry};

/// A file in the making.
#[derive(Debug, Default)]
pub struct Twin {
    lists: Vec<&'static str>,
    /// The rows: in which list, under which key.
    rows: Vec<(usize, String)>,
    places: HashMap<(&'static str, String), usize>,
    /// What rows show, each as the difference from what its row showed before.
    shown: Vec<Value>,
    /// The same in full, to find it again.
    known: HashMap<String, usize>,
    /// What each row showed last.
    last: HashMap<usize, String>,
    /// The days of knowledge, reading by reading.
    readings: Vec<Vec<Day>>,
    /// The rows of events on the day of knowledge at hand: made anew only where an event is told otherwise than at the stop before.
    told: HashMap<Version, (Line<TimelineEntry>, Option<Placed>)>,
    record: Vec<Placed>,
    /// Which day of knowledge is at hand.
    at_hand: Option<(usize, usize)>,
}

/// A row, by its number and that of what it shows.
#[derive(Clone, Copy, Debug)]
struct Placed {
    place: usize,
    rank: (usize, u32),
    shown: usize,
}

/// What each row shows, and from which stop on.
type Courses = BTreeMap<usize, Vec<(usize, usize)>>;

/// The rows on the days of the world, as known by one day.
#[derive(Debug, Default)]
struct Day {
    /// The order of the rows.
    ranks: BTreeMap<usize, (usize, u32)>,
    /// What each shows, and from which stop on; `0` is nothing.
    courses: Courses,
}

/// How a reading is chosen in the address of a file.
#[derive(Clone, Debug, Default)]
pub struct ReadingName {
    /// The party whose account it is.
    pub account: Option<String>,
    /// Only what is corroborated.
    pub corroborated: bool,
    /// Only what is certain.
    pub certain: bool,
}

impl Twin {
    /// Takes what is so at a stop of the world, in a reading, on a day of knowledge; these come in order.
    pub fn take(&mut self, (reading, known, as_of): (usize, usize, usize), sheet: &Sheet<'_>, around: &Around) {
        if self.at_hand != Some((reading, known)) {
            self.at_hand = Some((reading, known));
            self.told.clear();
            self.record = events::record(around).map(|row| self.placed(row)).collect();
        }
        let mut now: Vec<Placed> = state::rows(sheet, around).into_iter().map(|row| self.placed(row)).collect();
        now.extend(sheet.timeline.iter().filter_map(|line| self.event(sheet, around, line)).collect::<Vec<_>>());
        now.extend(&self.record);
        if self.readings.len() <= reading {
            self.readings.resize_with(reading + 1, Vec::new);
        }
        let days = &mut self.readings[reading];
        if days.len() <= known {
            days.resize_with(known + 1, Day::default);
        }
        let day = &mut days[known];
        day.ranks.extend(now.iter().map(|row| (row.place, row.rank)));
        let now: BTreeMap<usize, usize> = now.iter().map(|row| (row.place, row.shown)).collect();
        let places: BTreeSet<usize> = day.courses.keys().chain(now.keys()).copied().collect();
        for place in places {
            let shown = now.get(&place).copied().unwrap_or(0);
            let course = day.courses.entry(place).or_default();
            if course.last().map_or(0, |(_, last)| *last) != shown {
                course.push((as_of, shown));
            }
        }
    }

    /// The row of an event, as at the stop before where nothing else is told of it.
    fn event(&mut self, sheet: &Sheet<'_>, around: &Around, line: &Line<TimelineEntry>) -> Option<Placed> {
        if let Some((_, row)) = self.told.get(&line.item.event).filter(|(told, _)| told == line) {
            return *row;
        }
        let row = events::event(sheet, around, line).map(|row| self.placed(row));
        self.told.insert(line.item.event, (line.clone(), row));
        row
    }

    fn placed(&mut self, row: Row) -> Placed {
        let place = self.place(&row);
        Placed { place, rank: row.rank, shown: self.shown(place, row.html.into_string()) }
    }

    fn place(&mut self, row: &Row) -> usize {
        let name = (row.list, row.key.clone());
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        let list = self.lists.iter().position(|list| *list == row.list).unwrap_or_else(|| {
            self.lists.push(row.list);
            self.lists.len() - 1
        });
        self.rows.push((list, row.key.clone()));
        self.places.insert(name, self.rows.len() - 1);
        self.rows.len() - 1
    }

    /// The number of what a row shows; kept as what differs from what it showed before.
    fn shown(&mut self, place: usize, html: String) -> usize {
        if let Some(known) = self.known.get(&html) {
            self.last.insert(place, html);
            return *known;
        }
        let delta =
            self.last.get(&place).map(|before| (self.known.get(before).copied().unwrap_or(0), parted(before, &html)));
        self.shown.push(match delta {
            Some((base, (head, tail, middle))) if middle.len() + 24 < html.len() => json!([base, head, tail, middle]),
            _ => Value::String(html.clone()),
        });
        let number = self.shown.len();
        self.known.insert(html.clone(), number);
        self.last.insert(place, html);
        number
    }

    /// The file: the page at its last stop, and all the others as data.
    pub fn finish(
        &self,
        answer: &Answer<Sheet<'_>>,
        around: &Around,
        query: &Query,
        readings: &[ReadingName],
    ) -> String {
        let script = still_script();
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            hash(&script),
            hash(STYLE)
        );
        let kept = self.kept(around, readings);
        let head = Head {
            head: html! {
                meta http-equiv="Content-Security-Policy" content=(policy);
                style { (PreEscaped(STYLE)) }
            },
            foot: html! {
                script type="application/json" id="film" { (data(&kept)) }
                script type="module" { (PreEscaped(script)) }
            },
            mode: "still",
        };
        page(answer, around, query, &Place::default(), &head, Beside::default()).into_string()
    }

    fn kept(&self, around: &Around, readings: &[ReadingName]) -> Value {
        let mut before = (Vec::new(), BTreeMap::new());
        let mut kept = Vec::new();
        for (reading, days) in self.readings.iter().enumerate() {
            // Another reading is of the last day of knowledge alone.
            let first = if reading == 0 { 0 } else { days.len().saturating_sub(1) };
            kept.push(days.iter().skip(first).map(|day| day.since(&mut before)).collect::<Vec<_>>());
        }
        let name = |name: &ReadingName| json!({ "account": name.account, "corroborated": name.corroborated, "certain": name.certain });
        json!({
            "lists": self.lists,
            "rows": self.rows,
            "shown": self.shown,
            "stops": { "as_of": bar::stops(&around.stops), "known_by": bar::stops(&around.reports) },
            "readings": readings.iter().map(name).collect::<Vec<_>>(),
            "days": kept,
        })
    }
}

impl Day {
    /// What is other than on the day before: the order if it is another, and the courses of the rows.
    fn since(&self, before: &mut (Vec<usize>, Courses)) -> Value {
        let mut order: Vec<usize> = self.ranks.keys().copied().collect();
        order.sort_by_key(|place| self.ranks[place]);
        let changed = self.courses.iter().filter(|(place, course)| before.1.get(place) != Some(course));
        let gone = before.1.keys().filter(|place| !self.courses.contains_key(place)).map(|place| json!([place]));
        let flat = |(place, course): (&usize, &Vec<(usize, usize)>)| {
            let steps = course.iter().flat_map(|(from, shown)| [*from, *shown]);
            Value::from(std::iter::once(*place).chain(steps).collect::<Vec<_>>())
        };
        let courses: Vec<Value> = changed.map(flat).chain(gone).collect();
        let ordered = (order != before.0).then(|| order.clone());
        *before = (order, self.courses.clone());
        json!([ordered, courses])
    }
}

/// What two texts have in common at their beginnings and at their ends, in the units of a script, and what lies between in the second.
fn parted<'a>(before: &str, after: &'a str) -> (usize, usize, &'a str) {
    let head: usize = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (left, right) = (&before[head..], &after[head..]);
    let ends = left.chars().rev().zip(right.chars().rev());
    let tail: usize = ends.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let units = |text: &str| text.encode_utf16().count();
    (units(&after[..head]), units(&right[right.len() - tail..]), &right[..right.len() - tail])
}

/// The hash of a style or a script, as a policy names it.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let of = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let all = of(0) << 16 | of(1) << 8 | of(2);
        for place in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * place) & 63) as usize];
            text.push(if place > part.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_as_a_policy_has_it() {
        let texts: [(&[u8], &str); 4] = [(b"", ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foob", "Zm9vYg==")];
        texts.iter().for_each(|(bytes, expected)| assert_eq!(base64(bytes), *expected));
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn what_differs_is_parted_from_what_does_not_in_the_units_of_a_script() {
        assert_eq!(parted("day 8, in force", "day 10, in force"), (4, 10, "10"));
        assert_eq!(parted("a\u{1f600}b", "a\u{1f600}cb"), (3, 1, "c"));
        assert_eq!(parted("aa", "aaa"), (2, 0, "a"));
        assert_eq!(parted("", "x"), (0, 0, "x"));
    }
}
