//! When something happened, as the record keeps it: often vague, never guessed.
//!
//! The law. A `When` is the text exactly as given, and a reading of it that depends on nothing but that text
//! and the log's `Zone`: no clock, no place, no table of time zones. The grammar is EDTF levels 0 and 1 with
//! three additions: `[a..b]` and `[..b]` (once, some time within, or up to), a time of day that must carry its
//! offset from UTC, and either of these wherever a date may stand. A date without a time is the whole unit in
//! the log's zone: a day, a month, a year, a season (21 spring is March to May, 24 winter is December to
//! February). A trailing `?`, `~` or `%` flags the value and never widens it. What is refused is refused with
//! the place, the reason, and what to write instead; level 2 is refused because a reader who has only level 1
//! could not check us.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use edtf_core::{Bound, BoundDate, Edtf};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// When something happened: the text as given, and what it spans.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When {
    text: String,
    shape: Shape,
    doubt: Doubt,
}

/// How finely a [`When`] is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// To the second.
    Instant,
    /// To a day or less, but not to the second.
    Day,
    /// Vaguer than a single day.
    Coarser,
}

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Instant(pub i64);

/// Half-open `[start, end)`, in seconds; a point in time has `start == end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The first second within.
    pub start: Instant,
    /// The first second no longer within.
    pub end: Instant,
}

/// A fixed offset from UTC in seconds east, at most fourteen hours: `+05:00`, `Z`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(i32);

/// Why a text is not a [`When`] or a [`Zone`], and what to write instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhenError {
    /// The byte of the input where reading stopped.
    pub offset: usize,
    /// What was wrong, in lower case.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

/// A single date or time, before any zone is laid under it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Time(Instant),
    /// The first and the last day of the unit, both within.
    Days(NaiveDate, NaiveDate),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Shape {
    One(Part),
    /// `[a..b]`, `[..b]`
    Choice(Option<Part>, Part),
    /// `a/b`, `a/..`, `a/`
    From(Part, Option<Part>),
    /// `../b`, `/b`
    UpTo(Part),
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Doubt {
    uncertain: bool,
    approximate: bool,
}

const DAY_SECONDS: i64 = 86_400;
const ZONE_LIMIT_SECONDS: i32 = 14 * 3600;
const DATE_HELP: &str = "write a day as 2023-10-25, a month as 2023-10, a year as 2023";

impl When {
    /// Reads a text; errors carry a remedy.
    pub fn parse(text: &str) -> Result<When, WhenError> {
        if let Some(part) = plain(text.as_bytes()) {
            return Ok(When { text: text.to_owned(), shape: Shape::One(part), doubt: Doubt::default() });
        }
        When::parse_in_full(text)
    }

    fn parse_in_full(text: &str) -> Result<When, WhenError> {
        let whole = Piece { text, at: 0 };
        whole.refuse_strange_letters()?;
        let mut doubt = Doubt::default();
        let shape = whole.shape(&mut doubt)?;
        Ok(When { text: text.to_owned(), shape, doubt })
    }

    /// A whole day. A day outside the years 0001 to 9999, which has no text, becomes the nearest one that has.
    pub fn day(day: NaiveDate) -> When {
        let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
        let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
        let day = day.clamp(first, last);
        When {
            text: day.format("%Y-%m-%d").to_string(),
            shape: Shape::One(Part::Days(day, day)),
            doubt: Doubt::default(),
        }
    }

    /// The text exactly as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// When it happened or began: the whole unit for a date, from a to b for a choice, the first end for what lasted.
    pub fn begin(&self, zone: Zone) -> Span {
        match self.shape {
            Shape::One(a) | Shape::From(a, _) => a.span(zone),
            Shape::Choice(a, b) => between(a, Some(b), zone),
            Shape::UpTo(b) => between(None, Some(b), zone),
        }
    }

    /// When what lasted was over: `(MAX, MAX)` where that is open, `None` for what did not last.
    pub fn end(&self, zone: Zone) -> Option<Span> {
        match self.shape {
            Shape::One(_) | Shape::Choice(..) => None,
            Shape::From(_, None) => Some(Span::point(Instant::MAX)),
            Shape::From(_, Some(b)) | Shape::UpTo(b) => Some(b.span(zone)),
        }
    }

    /// From the earliest to the latest second it may touch.
    pub fn span(&self, zone: Zone) -> Span {
        match self.shape {
            Shape::From(a, b) => between(Some(a), b, zone),
            _ => self.begin(zone),
        }
    }

    /// The span of b alone in `[a..b]`, `[..b]` and `../b`.
    pub fn latest_part(&self, zone: Zone) -> Option<Span> {
        match self.shape {
            Shape::Choice(_, b) | Shape::UpTo(b) => Some(b.span(zone)),
            Shape::One(_) | Shape::From(..) => None,
        }
    }

    /// The span of a alone in `[a..b]`.
    pub fn first_part(&self, zone: Zone) -> Option<Span> {
        match self.shape {
            Shape::Choice(a, _) => a.map(|a| a.span(zone)),
            Shape::One(_) | Shape::From(..) | Shape::UpTo(_) => None,
        }
    }

    /// `[a..b]` or `[..b]`: once, some time within.
    pub fn is_choice(&self) -> bool {
        matches!(self.shape, Shape::Choice(..))
    }

    /// `[..b]`, `../b` or `/b`: the earliest moment is not known.
    pub fn is_open_start(&self) -> bool {
        matches!(self.shape, Shape::Choice(None, _) | Shape::UpTo(_))
    }

    /// An interval: it lasted.
    pub fn is_lasting(&self) -> bool {
        matches!(self.shape, Shape::From(..) | Shape::UpTo(_))
    }

    /// Any part carries `?` or `%`.
    pub fn is_uncertain(&self) -> bool {
        self.doubt.uncertain
    }

    /// Any part carries `~` or `%`.
    pub fn is_approximate(&self) -> bool {
        self.doubt.approximate
    }

    /// How finely its first bounded end is known; a choice counts as a whole, and `[..b]` is always coarser than a day.
    pub fn precision(&self) -> Precision {
        let utc = Zone::default();
        let span = match self.shape {
            Shape::UpTo(b) => b.span(utc),
            _ => self.begin(utc),
        };
        match span.end.0.saturating_sub(span.start.0) {
            0 => Precision::Instant,
            1..=DAY_SECONDS => Precision::Day,
            _ => Precision::Coarser,
        }
    }
}

impl Instant {
    /// Open towards the past.
    pub const MIN: Instant = Instant(i64::MIN);
    /// Open towards the future.
    pub const MAX: Instant = Instant(i64::MAX);

    /// Whether this stands for "open" and is no moment.
    pub fn is_open(self) -> bool {
        self == Self::MIN || self == Self::MAX
    }

    /// Date and time of day on the clocks of a zone; `None` where it is open, or beyond any calendar.
    pub fn local(self, zone: Zone) -> Option<NaiveDateTime> {
        let shifted = self.0.checked_add(i64::from(zone.0))?;
        DateTime::from_timestamp(shifted, 0).map(|t| t.naive_utc())
    }

    /// `2023-10-25T23:59:59+00:00`; `..` where [`local`](Self::local) has nothing to say.
    pub fn rfc3339(self, zone: Zone) -> String {
        match self.local(zone) {
            Some(local) => format!("{}{zone}", local.format("%Y-%m-%dT%H:%M:%S")),
            None => "..".to_owned(),
        }
    }

    /// A stamp in UTC: `2023-10-25T23:59:59Z`; `..` where [`local`](Self::local) has nothing to say.
    pub fn utc(self) -> String {
        self.local(Zone::default()).map_or("..".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Reads what [`utc`](Self::utc) writes, and nothing else.
    pub fn from_utc(text: &str) -> Option<Instant> {
        let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
        Some(Instant(at.and_utc().timestamp())).filter(|at| at.utc() == text)
    }
}

impl Span {
    /// The span of a single moment.
    pub fn point(at: Instant) -> Span {
        Span { start: at, end: at }
    }

    /// Whether it is a single moment.
    pub fn is_point(self) -> bool {
        self.start == self.end
    }

    /// Whether nothing is left of it, as after tightening; a point is not empty.
    pub fn is_empty(self) -> bool {
        self.end < self.start
    }

    /// The last second within; `MAX` stays `MAX`.
    pub fn last(self) -> Instant {
        if self.is_point() || self.end.is_open() { self.end } else { Instant(self.end.0 - 1) }
    }

    /// Whether a moment lies within.
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at <= self.last()
    }
}

impl Zone {
    /// Reads `Z` or `+05:00`; `-00:00`, which ISO 8601 forbids, and more than fourteen hours are refused.
    pub fn parse(text: &str) -> Result<Zone, WhenError> {
        Piece { text, at: 0 }.zone()
    }

    /// Seconds east of UTC.
    pub fn seconds(self) -> i32 {
        self.0
    }
}

impl Part {
    fn span(self, zone: Zone) -> Span {
        match self {
            Part::Time(at) => Span::point(at),
            Part::Days(first, last) => {
                Span { start: midnight(first, zone), end: Instant(midnight(last, zone).0 + DAY_SECONDS) }
            }
        }
    }
}

fn midnight(day: NaiveDate, zone: Zone) -> Instant {
    Instant(day.and_time(NaiveTime::MIN).and_utc().timestamp() - i64::from(zone.0))
}

/// From the start of `a` to the end of `b`. A day and a time that fit in one zone may be reversed in another: then
/// the point at the start stands for both.
fn between(a: Option<Part>, b: Option<Part>, zone: Zone) -> Span {
    let start = a.map_or(Instant::MIN, |a| a.span(zone).start);
    let end = b.map_or(Instant::MAX, |b| b.span(zone).end);
    Span { start, end: end.max(start) }
}

/// A whole day, or a time of day with its offset, which is what nearly every date is: read without looking for anything else.
fn plain(text: &[u8]) -> Option<Part> {
    let number = |at: std::ops::Range<usize>| {
        let digits = text.get(at)?;
        digits.iter().try_fold(0u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let stands = |at: usize, mark: u8| (text.get(at) == Some(&mark)).then_some(());
    stands(4, b'-').and(stands(7, b'-'))?;
    let year = number(0..4).filter(|year| *year > 0)?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(5..7)?, number(8..10)?)?;
    if text.len() == 10 {
        return Some(Part::Days(day, day));
    }
    stands(10, b'T').and(stands(13, b':'))?;
    let (hour, minute) = (number(11..13).filter(|hour| *hour < 24)?, number(14..16).filter(|minute| *minute < 60)?);
    let (second, zone) = match text.get(16)? {
        b':' => (number(17..19).filter(|second| *second < 60)?, text.get(19..)?),
        _ => (0, text.get(16..)?),
    };
    let zone = Zone::parse(std::str::from_utf8(zone).ok()?).ok()?;
    Some(Part::Time(Instant(midnight(day, zone).0 + i64::from(hour * 3600 + minute * 60 + second))))
}

/// A slice of the input that knows where it stood, so that errors point into the whole.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Piece<'a> {
    fn wrong(self, reason: impl Into<String>, remedy: impl Into<String>) -> WhenError {
        WhenError { offset: self.at, reason: reason.into(), remedy: remedy.into() }
    }

    /// All slicing happens after the letters were found to be ASCII, so every byte is a boundary.
    fn range(self, from: usize, to: usize) -> Piece<'a> {
        Piece { text: self.text.get(from..to).unwrap_or_default(), at: self.at + from }
    }

    fn split(self, mark: &str) -> Option<(Piece<'a>, Piece<'a>)> {
        let at = self.text.find(mark)?;
        Some((self.range(0, at), self.range(at + mark.len(), self.text.len())))
    }

    fn end(self) -> Piece<'a> {
        self.range(self.text.len(), self.text.len())
    }

    fn refuse_strange_letters(self) -> Result<(), WhenError> {
        if self.text.is_empty() {
            return Err(self.wrong("there is no date here", DATE_HELP));
        }
        match self.text.find(|c: char| !c.is_ascii_graphic()) {
            Some(at) => Err(Piece { at, ..self }.wrong("a date has no spaces and no letters beyond ASCII", DATE_HELP)),
            None => Ok(()),
        }
    }

    fn shape(self, doubt: &mut Doubt) -> Result<Shape, WhenError> {
        if let Some(at) = self.text.find(['{', '}', ',']) {
            let remedy = "write [a..b] for once some time within, a/b for what lasted, or one event for each date";
            return Err(self.range(at, at).wrong("sets of dates are EDTF level 2, which is not read", remedy));
        }
        if self.text.starts_with('[') {
            self.choice(doubt)
        } else if let Some((first, second)) = self.split("/") {
            self.interval(first, second, doubt)
        } else {
            self.part(true, doubt).map(Shape::One)
        }
    }

    fn choice(self, doubt: &mut Doubt) -> Result<Shape, WhenError> {
        let body = self.unqualified(doubt);
        let Some(inner) = body.text[1..].strip_suffix(']') else {
            return Err(body.end().wrong("the bracket is not closed at the end", "write [2023-10-24..2023-10-26]"));
        };
        let two = "write both ends, as in [2023-10-24..2023-10-26], or [..2023-10-26] for some time up to";
        let (first, second) = match body.range(1, 1 + inner.len()).split("..") {
            Some((_, second)) if second.text.is_empty() => {
                let remedy = format!("{two}; what lasted is written 2023-10-24/..");
                return Err(second.wrong("a choice needs its latest end", remedy));
            }
            Some(ends) => ends,
            None => return Err(self.wrong("a choice has exactly two ends", two)),
        };
        let first = if first.text.is_empty() { None } else { Some(first.part(false, doubt)?) };
        let latest = second.part(false, doubt)?;
        second.refuse_reversed(first, latest)?;
        Ok(Shape::Choice(first, latest))
    }

    fn interval(self, first: Piece, second: Piece, doubt: &mut Doubt) -> Result<Shape, WhenError> {
        if let Some((_, third)) = second.split("/") {
            let slash = Piece { at: third.at - 1, ..third };
            let remedy =
                "write the year first, with hyphens, as in 2023-11-10; a slash stands between the ends of what lasted";
            return Err(
                slash.wrong("this is not a date: figures with slashes can be read in more than one way", remedy)
            );
        }
        let mut end = |piece: Piece| match piece.text {
            "" | ".." => Ok(None),
            _ => piece.part(false, doubt).map(Some),
        };
        match (end(first)?, end(second)?) {
            (None, None) => {
                Err(self.wrong("an interval needs at least one date", "write 2023-10-24/.. or ../2023-10-26"))
            }
            (None, Some(b)) => Ok(Shape::UpTo(b)),
            (Some(a), None) => Ok(Shape::From(a, None)),
            (Some(a), Some(b)) => second.refuse_reversed(Some(a), b).map(|()| Shape::From(a, Some(b))),
        }
    }

    /// A day beside a time is judged in the zones at both limits: only what is reversed everywhere is refused.
    fn refuse_reversed(self, first: Option<Part>, latest: Part) -> Result<(), WhenError> {
        let Some(first) = first else { return Ok(()) };
        let limits = [Zone(-ZONE_LIMIT_SECONDS), Zone(ZONE_LIMIT_SECONDS)];
        if limits.into_iter().all(|zone| latest.span(zone).last() < first.span(zone).start) {
            return Err(self.wrong("the end is before the start", "write the earlier one first"));
        }
        Ok(())
    }

    fn part(self, alone: bool, doubt: &mut Doubt) -> Result<Part, WhenError> {
        let body = self.unqualified(doubt);
        if let Some(at) = body.text.find(['?', '~', '%']) {
            let remedy = "put one ?, ~ or % (for both) at the end of the whole date, as in 2023-10-25~";
            return Err(body
                .range(at, at)
                .wrong("a doubt about one component is EDTF level 2, which is not read", remedy));
        }
        if let Some(at) = body.text.find("..").or(body.text.find(['[', ']'])) {
            let remedy = "write [a..b] for once some time within, a/b, a/.. or ../b for what lasted";
            return Err(body.range(at, at).wrong("`..` and brackets do not stand here", remedy));
        }
        match body.split("T") {
            Some((date, clock)) if date.text.ends_with(|c: char| c.is_ascii_digit() || c == 'X') => {
                body.time(date, clock)
            }
            _ => body.days(alone).map(|(first, last)| Part::Days(first, last)),
        }
    }

    /// The text without its last qualifier, which is noted.
    fn unqualified(self, doubt: &mut Doubt) -> Piece<'a> {
        let last = self.text.chars().next_back();
        doubt.uncertain |= matches!(last, Some('?' | '%'));
        doubt.approximate |= matches!(last, Some('~' | '%'));
        Piece { text: self.text.strip_suffix(['?', '~', '%']).unwrap_or(self.text), at: self.at }
    }

    /// The first and the last day of a date.
    fn days(self, alone: bool) -> Result<(NaiveDate, NaiveDate), WhenError> {
        if self.text.starts_with(['-', 'Y']) {
            return Err(self.wrong("only the years 0001 to 9999 are read", DATE_HELP));
        }
        let edtf = Edtf::parse(self.text)
            .map_err(|e| self.range(e.offset, e.offset).wrong(in_our_words(e.message), DATE_HELP))?;
        if edtf.level() > 1 {
            let remedy = "X stands for a whole month or day or the last digits of a year, as in 2023-10-XX, 2023-XX or 202X; \
                          seasons are 21 (spring) to 24 (winter)";
            return Err(self.wrong("this is EDTF level 2, which is not read", remedy));
        }
        if let Some(at) = self.text.find('X').filter(|_| !alone) {
            let remedy = "leave the X out: 2023-10 already means some time in October";
            return Err(self
                .range(at, at)
                .wrong("an X within an interval or a choice is EDTF level 2, which is not read", remedy));
        }
        let bounds = edtf.bounds();
        match (day_of(bounds.earliest), day_of(bounds.latest)) {
            (Some(first), Some(last)) => Ok((first, last)),
            _ => Err(self.wrong("only the years 0001 to 9999 are read", DATE_HELP)),
        }
    }

    fn time(self, date: Piece, clock: Piece) -> Result<Part, WhenError> {
        let (day, last) = date.days(true)?;
        if day != last {
            return Err(date.wrong("a time of day needs a whole date before it", "write 2023-10-25T18:00+05:00"));
        }
        let Some(at) = clock.text.find(['Z', '+', '-']) else {
            clock.seconds_of_day()?;
            let remedy = format!("add it, as in {0}+05:00, or {0}Z for UTC", self.text);
            return Err(clock.end().wrong("the time has no offset from UTC", remedy));
        };
        let seconds = clock.range(0, at).seconds_of_day()?;
        let zone = clock.range(at, clock.text.len()).zone()?;
        Ok(Part::Time(Instant(midnight(day, zone).0 + seconds)))
    }

    fn seconds_of_day(self) -> Result<i64, WhenError> {
        let fields: Vec<Option<i64>> = self.text.split(':').map(two_digits).collect();
        let (hour, minute, second) = match fields[..] {
            [Some(hour), Some(minute)] => (hour, minute, 0),
            [Some(hour), Some(minute), Some(second)] => (hour, minute, second),
            _ => {
                return Err(self.wrong(
                    "a time is hh:mm or hh:mm:ss, without fractions",
                    "write 18:00 or 18:00:05, then the offset",
                ));
            }
        };
        match (hour, minute, second) {
            (24, ..) => Err(self.wrong("a day ends at 23:59:59", "write 00:00 of the next day")),
            (.., 60) => Err(self.wrong("leap seconds are not counted", "write second 59")),
            (0..=23, 0..=59, 0..=59) => Ok(hour * 3600 + minute * 60 + second),
            _ => Err(self.wrong("there is no such time of day", "write 00:00 to 23:59")),
        }
    }

    fn zone(self) -> Result<Zone, WhenError> {
        let remedy = "write Z, or hours and minutes east of UTC as in +05:00 or -03:30";
        let signed = match (self.text.get(..1), self.text.get(1..)) {
            (Some("Z"), Some("")) => return Ok(Zone(0)),
            (Some("+"), Some(rest)) => Some((1, rest)),
            (Some("-"), Some(rest)) if rest != "00:00" => Some((-1, rest)),
            _ => None,
        };
        let parts = signed.and_then(|(sign, rest)| {
            let (hours, minutes) = rest.split_once(':')?;
            Some((sign, two_digits(hours)?, two_digits(minutes).filter(|m| *m < 60)?))
        });
        let Some((sign, hours, minutes)) = parts else {
            return Err(self.wrong("this is not an offset from UTC", remedy));
        };
        match i32::try_from(hours * 3600 + minutes * 60) {
            Ok(seconds) if seconds <= ZONE_LIMIT_SECONDS => Ok(Zone(sign * seconds)),
            _ => Err(self.wrong("no offset from UTC is more than 14 hours", remedy)),
        }
    }
}

fn two_digits(text: &str) -> Option<i64> {
    let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if two { text.parse().ok() } else { None }
}

/// Bounds outside the years that have four digits, zero apart, are not days to us.
fn day_of(bound: Bound) -> Option<NaiveDate> {
    let Bound::Date(BoundDate { year: year @ 1..=9999, month, day }) = bound else {
        return None;
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month.into(), day.into())
}

fn in_our_words(message: &str) -> &str {
    match message {
        "month must be 01-12 or a sub-year code 21-41" => "the month must be 01 to 12, or 21 to 24 for a season",
        "sub-year groupings cannot carry a day" => "a season has no days",
        "day is out of range for the month" => "the month has no such day",
        "year must have exactly four digits (or X)" => "a date begins with its year, in four digits",
        "empty input" => "there is no date here",
        other => other,
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Display for WhenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason, self.remedy)
    }
}

impl std::error::Error for WhenError {}

/// Both types are strings outside: read by `parse`, written by `Display`.
macro_rules! as_string {
    ($type:ident, $description:literal, $examples:tt) => {
        impl FromStr for $type {
            type Err = WhenError;
            fn from_str(text: &str) -> Result<Self, WhenError> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $type {
            type Error = WhenError;
            fn try_from(text: String) -> Result<Self, WhenError> {
                Self::parse(&text)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $description, "examples": $examples })
            }
        }
    };
}

as_string!(
    When,
    "When it happened: EDTF level 0 or 1 (a day, month, year or season; XX for what is not known; a trailing ? uncertain, \
     ~ approximate, % both; a/b, a/.. or ../b for what lasted), [a..b] for once some time within, [..b] for some time up to, \
     or a date with a time of day and its offset from UTC.",
    ["2023-10-25", "2023-10", "2023-10-25~", "[2023-10-24..2023-10-26]", "2023-10-25/..", "2023-10-25T18:00+05:00"]
);
as_string!(
    Zone,
    "A fixed offset from UTC: hours and minutes east, at most fourteen hours.",
    ["+00:00", "+05:00", "-03:30"]
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn when(text: &str) -> When {
        When::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn utc() -> Zone {
        Zone::default()
    }

    /// A span as a person reads it: from the first to the last second within.
    fn shown(span: Span) -> String {
        format!("{} {}", span.start.rfc3339(utc()), span.last().rfc3339(utc())).replace("+00:00", "")
    }

    proptest::proptest! {
        #[test]
        fn a_plain_date_is_read_as_it_is_read_in_full(
            text in "[0-9]{3}[0-9X]-[01][0-9]-[0-3][0-9](T[012][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|[+-][01][0-9]:[0-5][0-9]|z|)|[?~Tx]?)"
        ) {
            proptest::prop_assert_eq!(When::parse(&text), When::parse_in_full(&text));
        }
    }

    #[track_caller]
    fn begins(text: &str, expected: &str) {
        assert_eq!(shown(when(text).begin(utc())), expected, "{text}");
    }

    #[track_caller]
    fn refused(text: &str, offset: usize, reason: &str, remedy: &str) {
        let error = When::parse(text).expect_err(text);
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(error.reason.contains(reason) && error.remedy.contains(remedy), "{text}: {error}");
    }

    #[test]
    fn a_date_begins_with_its_whole_unit() {
        begins("2023-10-25", "2023-10-25T00:00:00 2023-10-25T23:59:59");
        begins("2024-02", "2024-02-01T00:00:00 2024-02-29T23:59:59");
        begins("2023", "2023-01-01T00:00:00 2023-12-31T23:59:59");
        begins("2025-21", "2025-03-01T00:00:00 2025-05-31T23:59:59");
        begins("2025-24", "2025-12-01T00:00:00 2026-02-28T23:59:59");
        begins("0001", "0001-01-01T00:00:00 0001-12-31T23:59:59");
        begins("9999-12-31", "9999-12-31T00:00:00 9999-12-31T23:59:59");
    }

    #[test]
    fn unspecified_digits_span_all_they_may_stand_for() {
        begins("2023-10-XX", "2023-10-01T00:00:00 2023-10-31T23:59:59");
        begins("2023-XX-XX", "2023-01-01T00:00:00 2023-12-31T23:59:59");
        begins("2023-XX", "2023-01-01T00:00:00 2023-12-31T23:59:59");
        begins("202X", "2020-01-01T00:00:00 2029-12-31T23:59:59");
        begins("19XX~", "1900-01-01T00:00:00 1999-12-31T23:59:59");
    }

    #[test]
    fn a_day_is_the_day_of_the_zone_and_a_time_is_the_same_everywhere() {
        let zone = Zone::parse("+05:00").unwrap();
        let day = when("2025-10-17").begin(zone);
        assert_eq!(shown(day), "2025-10-16T19:00:00 2025-10-17T18:59:59");
        assert_eq!(day.end.rfc3339(zone), "2025-10-18T00:00:00+05:00");
        let time = when("2025-10-17T18:00+05:00");
        assert_eq!(time.begin(zone), time.begin(utc()));
        assert!(time.begin(zone).is_point());
        begins("2025-10-17T18:00+05:00", "2025-10-17T13:00:00 2025-10-17T13:00:00");
        begins("2023-05-01T23:59:58-07:00~", "2023-05-02T06:59:58 2023-05-02T06:59:58");
        begins("1970-01-01T00:00Z", "1970-01-01T00:00:00 1970-01-01T00:00:00");
    }

    #[test]
    fn a_choice_begins_anywhere_within_and_never_ends() {
        begins("[2023-10-24..2023-10-26]", "2023-10-24T00:00:00 2023-10-26T23:59:59");
        begins("[..2023-10-26]?", ".. 2023-10-26T23:59:59");
        begins("[2023-10..2023-10-26T10:00Z~]", "2023-10-01T00:00:00 2023-10-26T09:59:59");
        let choice = when("[2023-10-24..2023-10-26]");
        assert!(choice.is_choice() && !choice.is_lasting() && !choice.is_open_start());
        assert_eq!(choice.end(utc()), None);
        assert_eq!(choice.latest_part(utc()), Some(when("2023-10-26").begin(utc())));
        assert!(when("[..2023-10-26]").is_open_start());
    }

    #[test]
    fn what_lasted_begins_with_one_end_and_is_over_with_the_other() {
        let lasting = when("2023-10-24/2023-10-26");
        begins("2023-10-24/2023-10-26", "2023-10-24T00:00:00 2023-10-24T23:59:59");
        assert_eq!(lasting.end(utc()), Some(when("2023-10-26").begin(utc())));
        assert_eq!(shown(lasting.span(utc())), "2023-10-24T00:00:00 2023-10-26T23:59:59");
        assert!(lasting.is_lasting() && lasting.latest_part(utc()).is_none());
        for open in ["2023-10-24/..", "2023-10-24/"] {
            assert_eq!(when(open).end(utc()), Some(Span::point(Instant::MAX)));
            assert_eq!(shown(when(open).span(utc())), "2023-10-24T00:00:00 ..");
        }
        for open in ["../2023-10-26", "/2023-10-26"] {
            begins(open, ".. 2023-10-26T23:59:59");
            assert_eq!(when(open).end(utc()), when(open).latest_part(utc()));
            assert!(when(open).is_open_start() && when(open).is_lasting());
        }
        begins("2025-10-15T18:00+05:00/2025-10-17T18:00+05:00", "2025-10-15T13:00:00 2025-10-15T13:00:00");
    }

    #[test]
    fn a_qualifier_flags_and_never_widens() {
        for (plain, doubted) in
            [("2023-10-25", "2023-10-25?"), ("[2023..2024]", "[2023..2024]?"), ("2023/2024", "2023/2024?")]
        {
            assert!(when(doubted).is_uncertain() && !when(doubted).is_approximate() && !when(plain).is_uncertain());
            assert_eq!(when(doubted).span(utc()), when(plain).span(utc()));
        }
        assert!(when("2023~/2024").is_approximate() && when("[2023..2024~]").is_approximate());
        assert!(when("2023-10%").is_approximate() && when("2023-10%").is_uncertain());
    }

    #[test]
    fn precision_is_that_of_the_first_bounded_end() {
        for (text, precision) in [
            ("2023-10-25T10:00Z", Precision::Instant),
            ("2023-10-25T10:00Z/2023-11", Precision::Instant),
            ("2023-10-25?", Precision::Day),
            ("../2023-10-25", Precision::Day),
            ("[2023-10-25T10:00Z..2023-10-25T12:00Z]", Precision::Day),
            ("[2023-10-25..2023-10-26]", Precision::Coarser),
            ("[..2023-10-26]", Precision::Coarser),
            ("2023-10", Precision::Coarser),
            ("2023-10/2023-11-02", Precision::Coarser),
        ] {
            assert_eq!(when(text).precision(), precision, "{text}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_told_to_add_one() {
        refused("2023-10-25T18:00", 16, "no offset", "2023-10-25T18:00+05:00");
        refused("[..2023-10-25T18:00]", 19, "no offset", "2023-10-25T18:00Z");
        refused("2023-10-25T18:00+05", 16, "not an offset", "+05:00");
        refused("2023-10-25T18:00+15:00", 16, "14 hours", "+05:00");
        refused("2023-10-25T18:00-00:00", 16, "not an offset", "Z");
    }

    #[test]
    fn times_no_clock_shows_are_refused() {
        refused("2023-10-25T24:00Z", 11, "ends at 23:59:59", "next day");
        refused("2023-12-31T23:59:60Z", 11, "leap", "59");
        refused("2023-10-25T18:61Z", 11, "no such time", "23:59");
        refused("2023-10-25T18:00:00.5Z", 11, "without fractions", "18:00:05");
        refused("2023-10T18:00Z", 0, "whole date", "2023-10-25T18:00+05:00");
    }

    #[test]
    fn dates_that_do_not_exist_are_refused_where_they_go_wrong() {
        refused("2023-02-29", 8, "no such day", "2023-10-25");
        refused("2023-13-01", 5, "01 to 12", "2023-10-25");
        refused("2023-10-01/2023-02-30", 19, "no such day", "2023-10-25");
        refused("2023-10-1", 8, "two digits", "2023-10-25");
        refused("", 0, "no date", "2023-10-25");
        refused("20 Oct 2023", 2, "no spaces", "2023-10-25");
        refused("2023\u{2013}10", 4, "ASCII", "2023-10");
    }

    #[test]
    fn years_without_four_digits_are_refused() {
        for text in ["0000", "-0044", "Y17E7", "Y20000", "000X", "9999-24"] {
            refused(text, 0, "0001 to 9999", "2023");
        }
    }

    #[test]
    fn level_two_is_refused_with_what_is_read_instead() {
        refused("{2023-10-01,2023-10-02}", 0, "level 2", "[a..b]");
        refused("[2023-10-01,2023-10-03]", 11, "level 2", "[a..b]");
        refused("2025-1X-0X", 0, "level 2", "2023-10-XX");
        refused("2025-33", 0, "level 2", "21 (spring)");
        refused("2025-10?-12", 7, "level 2", "at the end");
        refused("?2025-?10-?12", 0, "level 2", "at the end");
        refused("2025-10-12?~", 10, "level 2", "% (for both)");
        refused("2025-10-XX/2025-11", 8, "level 2", "leave the X out");
        refused("..2025-10-12/2025-11", 0, "do not stand here", "../b");
    }

    #[test]
    fn ends_that_are_missing_or_reversed_are_refused() {
        refused("[2023-10-24..]", 13, "latest end", "2023-10-24/..");
        refused("[2023-10-24]", 0, "two ends", "[..2023-10-26]");
        refused("[2023..2024", 11, "not closed", "[2023-10-24..2023-10-26]");
        refused("[2021..2022..2023]", 11, "do not stand here", "[a..b]");
        refused("2023-10-24..2023-10-26", 10, "do not stand here", "[a..b]");
        refused("../..", 0, "at least one", "2023-10-24/..");
        refused("2023-10-26/2023-10-24", 11, "before the start", "earlier one first");
        refused("[2023-10-26T10:00Z..2023-10-26T09:00Z]", 20, "before the start", "earlier");
        refused("2023-10-26/2023-10-24T09:00Z", 11, "before the start", "earlier");
        refused("10/11/2023", 5, "not a date", "year first");
    }

    #[test]
    fn a_day_and_a_time_reversed_in_one_zone_still_make_a_span() {
        let mixed = when("[2023-10-26T23:00-05:00..2023-10-26]");
        assert!(mixed.begin(Zone::parse("+14:00").unwrap()).is_point());
        assert!(!mixed.begin(Zone::parse("-05:00").unwrap()).is_point());
    }

    #[test]
    fn a_span_knows_its_last_second() {
        let span = Span { start: Instant(10), end: Instant(20) };
        assert_eq!((span.last(), span.contains(Instant(19)), span.contains(Instant(20))), (Instant(19), true, false));
        assert!(Span::point(Instant(10)).contains(Instant(10)) && !Span::point(Instant(10)).is_empty());
        assert!(Span { start: Instant(20), end: Instant(10) }.is_empty());
        assert_eq!(Span { start: Instant(0), end: Instant::MAX }.last(), Instant::MAX);
        assert!(Instant::MAX.is_open() && Instant::MIN.is_open() && Instant::MIN.rfc3339(utc()) == "..");
    }

    #[test]
    fn a_day_is_written_as_it_is_read() {
        let day = NaiveDate::from_ymd_opt(2023, 10, 5).unwrap();
        assert_eq!(When::day(day), when("2023-10-05"));
        assert_eq!(When::day(NaiveDate::MAX), when("9999-12-31"));
        assert_eq!(When::day(NaiveDate::MIN), when("0001-01-01"));
    }

    #[test]
    fn both_types_are_strings_outside() {
        let when: When = serde_json::from_str("\"2023-10~\"").unwrap();
        assert_eq!(serde_json::to_string(&when).unwrap(), "\"2023-10~\"");
        assert!(serde_json::from_str::<When>("\"soon\"").unwrap_err().to_string().contains("write a day as"));
        let zone: Zone = serde_json::from_str("\"-03:30\"").unwrap();
        assert_eq!((zone.seconds(), zone.to_string()), (-12_600, "-03:30".to_owned()));
        assert_eq!((Zone::default().to_string(), Zone::parse("Z")), ("+00:00".to_owned(), Ok(Zone::default())));
        assert!(["", "5", "+5:00", "+05:60", "+05:0é", "é"].iter().all(|text| Zone::parse(text).is_err()));
    }

    #[test]
    fn every_example_of_a_schema_is_read() {
        let schema = serde_json::to_value(schemars::schema_for!(When)).unwrap();
        assert_eq!(schema["type"], "string");
        for example in schema["examples"].as_array().unwrap() {
            when(example.as_str().unwrap());
        }
    }

    fn end() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9]{3}[1-9](-(0[1-9]|1[0-2]|2[1-4]))?[?~%]?",
            "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T(0[0-9]|1[0-9]):[0-5][0-9](:[0-5][0-9])?(Z|[+-]0[1-9]:[0-5][0-9]))?[?~%]?",
        ]
    }

    fn likely() -> impl Strategy<Value = String> {
        (end(), end(), 0..7).prop_map(|(a, b, shape)| match shape {
            0 => a,
            1 => format!("[{a}..{b}]"),
            2 => format!("[..{b}]?"),
            3 => format!("{a}/{b}"),
            4 => format!("{a}/.."),
            5 => format!("../{b}"),
            _ => format!("{a}/"),
        })
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in prop_oneof![any::<String>(), "[0-9XYTZSE{},/.\\[\\]?~%+: -]{0,28}", likely()], east in -50_400..=50_400) {
            if let Ok(when) = serde_json::from_value::<When>(serde_json::Value::String(text.clone())) {
                let zone = Zone(east);
                prop_assert_eq!(when.to_string(), text);
                prop_assert!(when.begin(zone).start <= when.begin(zone).end);
                prop_assert!(when.span(zone).start <= when.begin(zone).start);
                prop_assert!(when.end(zone).is_none_or(|end| end.start <= end.end));
                prop_assert_eq!(When::parse(when.text()), Ok(when.clone()));
                let _ = (when.precision(), when.latest_part(zone), when.begin(zone).end.rfc3339(zone));
            }
        }

        #[test]
        fn what_is_well_formed_is_refused_only_for_its_order(text in likely()) {
            if let Err(error) = When::parse(&text) {
                prop_assert!(error.reason.contains("before the start") || error.reason.contains("0001 to 9999"), "{}: {}", text, error);
            }
        }

        #[test]
        fn an_error_points_into_the_text(text in "[0-9XT/.\\[\\]?~é-]{0,16}") {
            if let Err(error) = When::parse(&text) {
                prop_assert!(error.offset <= text.len());
            }
        }
    }
}
