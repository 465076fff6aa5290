//! Dates as people type them, on a command line or in a form.
//!
//! The law. A typed date is read only if it can be read in one way, and what it was taken for is always given
//! back to be shown. Everything the record itself accepts is accepted as it stands. Beside it stand RFC 3339,
//! English month names, and words that lead back from now: a record of what happened looks to the past, so
//! `monday`, like `last monday`, is the most recent Monday strictly before today (on a Monday, a week ago).
//! Figures whose order can be swapped are refused whatever they say, since the habit that reads `25/12/2023`
//! rightly reads `10/11/2023` wrongly; a weekday beside a date must be the weekday of that date. Words are read
//! in English only. Handles such as `e8` are not dates, and are read elsewhere.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Weekday};

use crate::domain::when::{Instant, Precision, When, WhenError, Zone};

/// A date that was understood, and how it was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    /// The date for the record.
    pub when: When,
    /// What it was taken for, to be shown: `Fri 20 Oct 2023, end of day (+05:00)`, `17 Oct 2025 18:00 +05:00`.
    pub echo: String,
}

/// Why a typed date was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypedError {
    /// `ambiguous-date`, `weekday-mismatch`, `not-a-date` or `impossible-date`.
    pub id: &'static str,
    /// What was wrong.
    pub what: String,
    /// Why, where more can be said.
    pub why: Option<String>,
    /// What to write instead.
    pub help: String,
    /// Dates it may have meant, each of which is accepted.
    pub candidates: Vec<String>,
}

type Reading = Result<When, TypedError>;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const COUNTED: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];
const OTHER_WORDS: [&str; 4] = ["today", "yesterday", "tomorrow", "last"];
const WORDS_HELP: &str =
    "write 2023-10-25, \"25 Oct 2023\", yesterday, monday or \"3 days ago\"; words are read in English only";

/// Reads what a person typed at `now`; days are those of `zone`.
pub fn typed_when(input: &str, now: Instant, zone: Zone) -> Result<Typed, TypedError> {
    let text = input.split_whitespace().collect::<Vec<_>>().join(" ");
    let asked = Asked { text: &text, now, zone };
    match asked.read().unwrap_or_else(|| Err(asked.not_a_date())) {
        Ok(when) => Ok(Typed { echo: echo(&when, zone), when }),
        Err(mut error) => {
            error.candidates.retain(|text| When::parse(text).is_ok());
            Err(error)
        }
    }
}

/// A question with its surroundings; each reader answers `None` where the text is not of its form.
#[derive(Clone, Copy)]
struct Asked<'a> {
    text: &'a str,
    now: Instant,
    zone: Zone,
}

impl Asked<'_> {
    fn read(self) -> Option<Reading> {
        self.as_recorded().or_else(|| self.rfc3339()).or_else(|| self.relative()).or_else(|| self.calendar())
    }

    fn as_recorded(self) -> Option<Reading> {
        When::parse(self.text).ok().map(Ok)
    }

    /// The record keeps whole seconds, so a fraction is cut off.
    fn rfc3339(self) -> Option<Reading> {
        let stamp = DateTime::parse_from_rfc3339(self.text).ok()?;
        When::parse(&stamp.to_rfc3339_opts(SecondsFormat::Secs, true)).ok().map(Ok)
    }

    fn relative(self) -> Option<Reading> {
        let lower = self.text.to_ascii_lowercase();
        match lower.split(' ').collect::<Vec<_>>()[..] {
            ["today" | "yesterday" | "tomorrow"] => self.away(&lower),
            [day] | ["last", day] => self.past(weekday(day)?),
            [count, unit, "ago"] if figure(count, 1..=4).is_some() && COUNTED.contains(&unit.trim_end_matches('s')) => {
                self.away(&lower)
            }
            _ => None,
        }
    }

    /// Only phrases vetted by the caller come here: left alone, the words of the crate reach further than ours
    /// (`3 wednesdays ago` would be three weeks).
    fn away(self, phrase: &str) -> Option<Reading> {
        let today = self.now.local(self.zone)?.date();
        let day = match interim::parse_duration(phrase).ok()? {
            interim::Interval::Seconds(seconds) => {
                let then = Instant(self.now.0.checked_add(seconds.into())?);
                return When::parse(&then.rfc3339(self.zone)).ok().map(Ok);
            }
            interim::Interval::Days(days) if days < 0 => today.checked_sub_days(Days::new(days.unsigned_abs().into())),
            interim::Interval::Days(days) => today.checked_add_days(Days::new(days.unsigned_abs().into())),
            interim::Interval::Months(months) => today.checked_sub_months(Months::new(months.unsigned_abs())),
        };
        When::parse(&iso(day?)).ok().map(Ok)
    }

    fn past(self, wanted: Weekday) -> Option<Reading> {
        let yesterday = self.now.local(self.zone)?.date().pred_opt()?;
        let back = yesterday.weekday().days_since(wanted);
        Some(Ok(When::day(yesterday.checked_sub_days(Days::new(back.into()))?)))
    }

    /// `[weekday] date [time offset][qualifier]`, the date with the year first or with an English month.
    fn calendar(self) -> Option<Reading> {
        let body = self.text.trim_end_matches(['?', '~', '%']);
        let qualifier = &self.text[body.len()..];
        let spaced = body.replace(',', " ");
        let tokens: Vec<&str> = spaced.split_whitespace().collect();
        let (named, tokens) = match tokens[..] {
            [first, ref rest @ ..] if weekday(first).is_some() => (weekday(first), rest),
            _ => (None, &tokens[..]),
        };
        if let Some(error) = tokens.first().and_then(|figures| swapped(figures)) {
            return Some(Err(error));
        }
        let reading = self.date(tokens)?.and_then(|(date, clock)| {
            let text = if clock.is_empty() { date } else { format!("{date}T{clock}") };
            When::parse(&format!("{text}{qualifier}")).map_err(|error| self.refused(&text, &error))
        });
        Some(reading.and_then(|when| on_its_weekday(when, named)))
    }

    /// The date in the form of the record, and the time of day that follows it.
    fn date(self, tokens: &[&str]) -> Option<Result<(String, String), TypedError>> {
        match tokens {
            [first, rest @ ..] if year_first(first) => {
                Some(existing(first).map(|()| (first.to_string(), rest.concat())))
            }
            [a, b, y, rest @ ..] => {
                let ((day, month), year) = day_month(a, b).zip(year(y))?;
                Some(real(year, month, day).map(|day| (iso(day), rest.concat())))
            }
            [a, b] => match month(a).zip(year(b)) {
                Some((month, year)) => Some(Ok((format!("{year:04}-{month:02}"), String::new()))),
                None => day_month(a, b).map(|(day, month)| Err(self.without_year(month, day))),
            },
            _ => None,
        }
    }

    /// The year is not guessed, but the last one that fits is offered.
    fn without_year(self, month: u32, day: u32) -> TypedError {
        let today = self.now.local(self.zone).map(|now| now.date());
        let latest = today.and_then(|today| {
            let years = (0..=8).map(|back| today.year() - back);
            years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).find(|day| *day <= today)
        });
        TypedError {
            id: "not-a-date",
            what: format!("\"{}\" has no year", self.text),
            why: None,
            help: latest.map_or(WORDS_HELP.to_owned(), |day| format!("write {} or \"{}\"", iso(day), named_day(day))),
            candidates: latest.map(iso).into_iter().collect(),
        }
    }

    /// What the record refuses, in its own words; where only an offset is missing, with that of the zone.
    fn refused(self, text: &str, error: &WhenError) -> TypedError {
        TypedError {
            id: "not-a-date",
            what: format!("\"{}\" is not a date", self.text),
            why: Some(error.reason.clone()),
            help: error.remedy.clone(),
            candidates: vec![format!("{text}{}", self.zone)],
        }
    }

    fn not_a_date(self) -> TypedError {
        let words = self.text.contains(|c: char| c == ' ' || c.is_lowercase());
        match When::parse(self.text) {
            Err(error) if !words => self.refused(self.text, &error),
            _ => self.misspelt(),
        }
    }

    fn misspelt(self) -> TypedError {
        let near = self.text.split_whitespace().find_map(|word| Some((word, near(word)?)));
        let meant = near.and_then(|(word, known)| {
            let text = self.text.replacen(word, known, 1);
            Asked { text: &text, ..self }.read()?.ok()
        });
        TypedError {
            id: "not-a-date",
            what: format!("\"{}\" is not a date", self.text),
            why: near.map(|(word, known)| format!("\"{word}\" looks like {known}")),
            help: WORDS_HELP.to_owned(),
            candidates: meant.iter().map(When::to_string).collect(),
        }
    }
}

/// The weekday is held against the date as written, before any zone moves it.
fn on_its_weekday(when: When, named: Option<Weekday>) -> Reading {
    let Some(named) = named else { return Ok(when) };
    let Some(day) = when.text().get(..10).and_then(|text| text.parse::<NaiveDate>().ok()) else {
        return Err(TypedError {
            id: "not-a-date",
            what: format!("a weekday stands beside {when}, which is no single day"),
            why: None,
            help: format!("write {when} alone, or the whole date"),
            candidates: vec![when.to_string()],
        });
    };
    if day.weekday() == named { Ok(when) } else { Err(mismatch(day, named)) }
}

fn mismatch(day: NaiveDate, named: Weekday) -> TypedError {
    let from_monday = |weekday: Weekday| i64::from(weekday.num_days_from_monday());
    let meant = day + TimeDelta::days(from_monday(named) - from_monday(day.weekday()));
    let meant_text = iso(meant);
    let named = meant.format("%A");
    TypedError {
        id: "weekday-mismatch",
        what: format!("{} is a {}, not a {named}", named_day(day), day.format("%A")),
        why: None,
        help: format!(
            "the {named} of that week is {meant_text}; write one or the other, or \"{meant_text}?\" where the source itself \
             has it wrong"
        ),
        candidates: vec![meant_text, iso(day)],
    }
}

/// Three figures in any order but the record's own, with every reading they have.
fn swapped(text: &str) -> Option<TypedError> {
    let mark = ['/', '.', '-'].into_iter().find(|mark| text.matches(*mark).count() == 2)?;
    let fields: Vec<&str> = text.split(mark).collect();
    let [a, b, c] = fields[..] else { return None };
    if let (Some(year), Some(month), Some(day)) = (year(a), figure(b, 1..=2), figure(c, 1..=2)) {
        let recorded = mark == '-' && b.len() == 2 && c.len() == 2;
        return if recorded { None } else { Some(unusual(text, year, month, day)) };
    }
    let year = year(c).or_else(|| figure(c, 2..=2).map(|short| short as i32 + 2000))?;
    let (a, b) = (figure(a, 1..=2)?, figure(b, 1..=2)?);
    let mut days: Vec<NaiveDate> =
        [(b, a), (a, b)].iter().filter_map(|(month, day)| NaiveDate::from_ymd_opt(year, *month, *day)).collect();
    days.dedup();
    Some(ambiguous(text, &days))
}

fn unusual(text: &str, year: i32, month: u32, day: u32) -> TypedError {
    match real(year, month, day) {
        Err(error) => error,
        Ok(day) => TypedError {
            id: "not-a-date",
            what: format!("\"{text}\" is not a date"),
            why: Some("month and day have two figures, and hyphens between them".to_owned()),
            help: format!("write {}", iso(day)),
            candidates: vec![iso(day)],
        },
    }
}

fn ambiguous(text: &str, days: &[NaiveDate]) -> TypedError {
    let said = |day: &NaiveDate| day.format("%-d %B").to_string();
    let help = |first: &NaiveDate, all: String| {
        format!("write {all}, \"{}\", or {}-XX-XX if unknown", named_day(*first), first.format("%Y"))
    };
    let (id, what, help) = match days {
        [] => {
            let what = format!("\"{text}\" is no day of the calendar, whichever way it is read");
            ("impossible-date", what, "write the year first, as in 2023-10-25".to_owned())
        }
        [one] => {
            let what = format!("\"{text}\" can only be {}, but figures in this order are never read", said(one));
            ("ambiguous-date", what, help(one, iso(*one)))
        }
        [first, second, ..] => {
            let what = format!("\"{text}\" can be {} or {}", said(first), said(second));
            ("ambiguous-date", what, help(first, format!("{}, {}", iso(*first), iso(*second))))
        }
    };
    TypedError { id, what, why: None, help, candidates: days.iter().copied().map(iso).collect() }
}

/// Lets pass what is no complete date, and complete dates that exist.
fn existing(text: &str) -> Result<(), TypedError> {
    let fields: Vec<&str> = text.get(..10).unwrap_or_default().split('-').collect();
    let [y, m, d] = fields[..] else { return Ok(()) };
    match (year(y), figure(m, 2..=2), figure(d, 2..=2)) {
        (Some(year), Some(month), Some(day)) => real(year, month, day).map(|_| ()),
        _ => Ok(()),
    }
}

fn real(year: i32, month: u32, day: u32) -> Result<NaiveDate, TypedError> {
    if let Some(day) = NaiveDate::from_ymd_opt(year, month, day) {
        return Ok(day);
    }
    let impossible =
        |what, why, help, candidates| Err(TypedError { id: "impossible-date", what, why, help, candidates });
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        return impossible(
            format!("there is no month {month}"),
            None,
            "months are 01 to 12, as in 2023-10-25".to_owned(),
            vec![],
        );
    };
    let days = first.num_days_in_month();
    let (last, whole) = (first.format(&format!("%Y-%m-{days}")).to_string(), first.format("%Y-%m").to_string());
    let what = format!("{day} {} does not exist", first.format("%b %Y"));
    let why = format!("{} has {days} days", first.format("%B %Y"));
    impossible(what, Some(why), format!("write {last}, or {whole} if only the month is known"), vec![last, whole])
}

fn day_month(a: &str, b: &str) -> Option<(u32, u32)> {
    let ordinal = |text: &str| figure(text.trim_end_matches(char::is_alphabetic), 1..=2).filter(|_| is_ordinal(text));
    ordinal(a).zip(month(b)).or_else(|| ordinal(b).zip(month(a)))
}

/// `20` and `20th`, `1st`, `2nd`, `3rd`.
fn is_ordinal(text: &str) -> bool {
    let ending = text.trim_start_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
    ["", "st", "nd", "rd", "th"].contains(&ending.as_str())
}

fn year_first(text: &str) -> bool {
    text.get(..4).and_then(year).is_some() && text.get(4..5) == Some("-")
}

fn year(text: &str) -> Option<i32> {
    figure(text, 4..=4).and_then(|year| i32::try_from(year).ok())
}

/// A number written with so many figures.
fn figure(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let figures = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if figures { text.parse().ok() } else { None }
}

fn month(word: &str) -> Option<u32> {
    begins_one_of(&MONTHS, word).and_then(|at| u32::try_from(at + 1).ok())
}

fn weekday(word: &str) -> Option<Weekday> {
    begins_one_of(&WEEKDAYS, word).and_then(|at| u8::try_from(at).ok()?.try_into().ok())
}

/// Names may be cut after three letters or more, with or without a dot: `Oct`, `Sept.`, `Thurs`.
fn begins_one_of(names: &[&str], word: &str) -> Option<usize> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    names.iter().position(|name| word.len() >= 3 && name.starts_with(&word))
}

fn near(word: &str) -> Option<&'static str> {
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    if word.len() < 4 || month(&word).is_some() || weekday(&word).is_some() {
        return None;
    }
    let known = WEEKDAYS.iter().chain(&MONTHS).chain(&OTHER_WORDS).copied();
    let scored = known.map(|name| (strsim::normalized_damerau_levenshtein(&word, name), name));
    let (score, name) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (0.7..1.0).contains(&score).then_some(name)
}

fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

fn named_day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// What a date was taken for, on the clocks of the zone.
fn echo(when: &When, zone: Zone) -> String {
    let span = when.span(zone);
    let (start, end) = (edge(span.start, zone, false), edge(span.end, zone, true));
    let said = match when.precision() {
        Precision::Instant if span.is_point() => format!("{} {zone}", clock(span.start, zone)),
        Precision::Day if !when.is_lasting() && !when.is_choice() => {
            format!("{start}, end of day ({zone})")
        }
        _ if when.is_open_start() => format!("up to {end} ({zone})"),
        _ if span.end.is_open() => format!("from {start} on ({zone})"),
        _ if when.is_choice() => format!("once, from {start} to {end} ({zone})"),
        _ => format!("{start} to {end} ({zone})"),
    };
    let doubts = [(when.is_uncertain(), ", uncertain"), (when.is_approximate(), ", approximate")];
    doubts.iter().filter(|(doubted, _)| *doubted).fold(said, |said, (_, doubt)| said + doubt)
}

/// One edge of a span: a day where it is a midnight, which at the end closes the day before.
fn edge(at: Instant, zone: Zone, is_end: bool) -> String {
    match at.local(zone) {
        Some(local) if local.time() == NaiveTime::MIN => {
            let day = if is_end { local.date().pred_opt() } else { Some(local.date()) };
            day.unwrap_or(local.date()).format("%a %-d %b %Y").to_string()
        }
        _ => clock(at, zone),
    }
}

fn clock(at: Instant, zone: Zone) -> String {
    let Some(local) = at.local(zone) else {
        return "..".to_owned();
    };
    let text = local.format("%-d %b %Y %H:%M:%S").to_string();
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

impl fmt::Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for TypedError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Wednesday 25 October 2023, 22:30 UTC: in the zone it is already Thursday, half past three in the morning.
    const NOW: Instant = Instant(1_698_273_000);

    fn zone() -> Zone {
        Zone::parse("+05:00").unwrap()
    }

    #[track_caller]
    fn reads(input: &str, expected: &str) {
        match typed_when(input, NOW, zone()) {
            Ok(typed) => assert_eq!(typed.when.text(), expected, "{input}"),
            Err(error) => panic!("{input}: {error:?}"),
        }
    }

    #[track_caller]
    fn echoes(input: &str, expected: &str) {
        assert_eq!(typed_when(input, NOW, zone()).map(|typed| typed.echo), Ok(expected.to_owned()), "{input}");
    }

    #[track_caller]
    fn refused(input: &str, id: &str, what: &str, candidates: &[&str]) -> TypedError {
        let error = typed_when(input, NOW, zone()).expect_err(input);
        assert_eq!((error.id, error.what.as_str()), (id, what), "{input}");
        assert_eq!(error.candidates, candidates, "{input}");
        error
    }

    #[test]
    fn what_the_record_accepts_is_accepted_as_it_stands() {
        for text in ["2023-10-20", "2023-10~", "[..2023-10-26]?", "2023-10-20/..", "2025-10-17T18:00+05:00", "202X"] {
            reads(text, text);
        }
        reads("  2023-10-20\n", "2023-10-20");
    }

    #[test]
    fn rfc_3339_is_read_to_the_second() {
        reads("2023-10-25T10:00:05Z", "2023-10-25T10:00:05Z");
        reads("2023-10-25T10:00:05.250+05:00", "2023-10-25T10:00:05+05:00");
        reads("2023-10-25t10:00:05z", "2023-10-25T10:00:05Z");
        reads("2023-10-25 10:00:05-00:00", "2023-10-25T10:00:05Z");
    }

    #[test]
    fn english_month_names_are_read_in_either_order() {
        for text in [
            "20 Oct 2023",
            "October 20, 2023",
            "Oct 20 2023",
            "20 october 2023",
            "20th October 2023",
            "Oct. 20th, 2023",
        ] {
            reads(text, "2023-10-20");
        }
        reads("3 sept 2023", "2023-09-03");
        reads("Oct 2023", "2023-10");
        reads("20 Oct 2023?", "2023-10-20?");
        reads("20 October 2023 18:00 +05:00", "2023-10-20T18:00+05:00");
        reads("Oct 20, 2023, 18:00Z", "2023-10-20T18:00Z");
        reads("2023-10-20 18:00 +05:00", "2023-10-20T18:00+05:00");
    }

    #[test]
    fn words_lead_back_from_the_day_it_is_in_the_zone() {
        reads("today", "2023-10-26");
        reads("Yesterday", "2023-10-25");
        reads("tomorrow", "2023-10-27");
        reads("3 days ago", "2023-10-23");
        reads("1 day ago", "2023-10-25");
        reads("2 weeks ago", "2023-10-12");
        reads("8 months ago", "2023-02-26");
        reads("2 hours ago", "2023-10-26T01:30:00+05:00");
        assert_eq!(typed_when("today", NOW, Zone::default()).unwrap().when.text(), "2023-10-25");
    }

    #[test]
    fn a_weekday_is_the_last_one_before_today() {
        reads("wednesday", "2023-10-25");
        reads("monday", "2023-10-23");
        reads("Fri", "2023-10-20");
        reads("last friday", "2023-10-20");
        reads("thursday", "2023-10-19");
        reads("last thursday", "2023-10-19");
    }

    #[test]
    fn a_weekday_beside_a_date_must_be_its_own() {
        reads("Thursday 26 Oct 2023", "2023-10-26");
        reads("Thu, 2023-10-26", "2023-10-26");
        reads("Thursday, October 26, 2023", "2023-10-26");
        reads("Fri 2025-10-17T01:00+09:00", "2025-10-17T01:00+09:00");
        let what = "25 Oct 2023 is a Wednesday, not a Thursday";
        let error = refused("Thursday 25 Oct 2023", "weekday-mismatch", what, &["2023-10-26", "2023-10-25"]);
        assert!(error.help.starts_with("the Thursday of that week is 2023-10-26"));
        assert!(error.help.contains("\"2023-10-26?\"") && !error.help.contains("--"));
        refused(
            "Mon, 2023-10-29",
            "weekday-mismatch",
            "29 Oct 2023 is a Sunday, not a Monday",
            &["2023-10-23", "2023-10-29"],
        );
        refused("Sat 9999-12-31", "weekday-mismatch", "31 Dec 9999 is a Friday, not a Saturday", &["9999-12-31"]);
        refused("Mon 2023-10", "not-a-date", "a weekday stands beside 2023-10, which is no single day", &["2023-10"]);
    }

    #[test]
    fn figures_that_can_be_swapped_are_refused_with_both_readings() {
        for text in ["10/11/2023", "10.11.2023", "10-11-2023", "10/11/23"] {
            let what = format!("\"{text}\" can be 10 November or 11 October");
            let error = refused(text, "ambiguous-date", &what, &["2023-11-10", "2023-10-11"]);
            assert_eq!(error.help, "write 2023-11-10, 2023-10-11, \"10 Nov 2023\", or 2023-XX-XX if unknown");
        }
        refused(
            "Fri 10/11/2023",
            "ambiguous-date",
            "\"10/11/2023\" can be 10 November or 11 October",
            &["2023-11-10", "2023-10-11"],
        );
    }

    #[test]
    fn figures_with_one_reading_are_refused_with_that_reading() {
        for (text, day, candidate) in [
            ("25/12/2023", "25 December", "2023-12-25"),
            ("12/25/2023", "25 December", "2023-12-25"),
            ("5.5.2023", "5 May", "2023-05-05"),
        ] {
            let what = format!("\"{text}\" can only be {day}, but figures in this order are never read");
            refused(text, "ambiguous-date", &what, &[candidate]);
        }
        refused("2023/10/5", "not-a-date", "\"2023/10/5\" is not a date", &["2023-10-05"]);
        refused("2023-1-5", "not-a-date", "\"2023-1-5\" is not a date", &["2023-01-05"]);
    }

    #[test]
    fn days_that_do_not_exist_are_called_so() {
        let error = refused("30 Feb 2023", "impossible-date", "30 Feb 2023 does not exist", &["2023-02-28", "2023-02"]);
        assert_eq!(error.why.as_deref(), Some("February 2023 has 28 days"));
        refused("Thu, 2023-02-30", "impossible-date", "30 Feb 2023 does not exist", &["2023-02-28", "2023-02"]);
        refused("2023-04-31~", "impossible-date", "31 Apr 2023 does not exist", &["2023-04-30", "2023-04"]);
        refused("2023-13-01", "impossible-date", "there is no month 13", &[]);
        refused(
            "31/02/2023",
            "impossible-date",
            "\"31/02/2023\" is no day of the calendar, whichever way it is read",
            &[],
        );
        refused("2023/13/01", "impossible-date", "there is no month 13", &[]);
    }

    #[test]
    fn a_day_without_a_year_is_offered_its_last_one() {
        let error = refused("26 Oct", "not-a-date", "\"26 Oct\" has no year", &["2023-10-26"]);
        assert_eq!(error.help, "write 2023-10-26 or \"26 Oct 2023\"");
        refused("Oct 27", "not-a-date", "\"Oct 27\" has no year", &["2022-10-27"]);
        refused("29 Feb", "not-a-date", "\"29 Feb\" has no year", &["2020-02-29"]);
    }

    #[test]
    fn a_time_without_an_offset_is_offered_that_of_the_zone() {
        for text in ["2023-10-25T18:00", "25 Oct 2023 18:00"] {
            let error = refused(text, "not-a-date", &format!("\"{text}\" is not a date"), &["2023-10-25T18:00+05:00"]);
            assert_eq!(error.why.as_deref(), Some("the time has no offset from UTC"));
        }
    }

    #[test]
    fn other_words_are_told_that_english_is_read() {
        for text in [
            "e8",
            "gestern",
            "next friday",
            "last week",
            "3 wednesdays ago",
            "99999 days ago",
            "soon",
            "20.",
            "9999 years ago",
        ] {
            let error = typed_when(text, NOW, zone()).expect_err(text);
            assert_eq!(error.id, "not-a-date", "{text}");
            assert!(error.help.contains("English only") || !text.contains(char::is_alphabetic), "{text}: {error:?}");
        }
        let error = refused("20 octobre 2023", "not-a-date", "\"20 octobre 2023\" is not a date", &["2023-10-20"]);
        assert_eq!(error.why.as_deref(), Some("\"octobre\" looks like october"));
        refused("yesteday", "not-a-date", "\"yesteday\" is not a date", &["2023-10-25"]);
    }

    #[test]
    fn what_the_record_refuses_is_refused_in_its_words() {
        let error = refused("[2023-10-24..]", "not-a-date", "\"[2023-10-24..]\" is not a date", &[]);
        assert!(error.help.contains("[..2023-10-26]") && error.why.is_some());
        refused("", "not-a-date", "\"\" is not a date", &[]);
    }

    #[test]
    fn the_echo_says_what_was_taken() {
        echoes("20 Oct 2023", "Fri 20 Oct 2023, end of day (+05:00)");
        echoes("2025-10-17T18:00+05:00", "17 Oct 2025 18:00 +05:00");
        echoes("2025-10-17T18:00:07Z", "17 Oct 2025 23:00:07 +05:00");
        echoes("2025-21", "Sat 1 Mar 2025 to Sat 31 May 2025 (+05:00)");
        echoes("[2023-10-24..2023-10-26]~", "once, from Tue 24 Oct 2023 to Thu 26 Oct 2023 (+05:00), approximate");
        echoes("[..2023-10-26]?", "up to Thu 26 Oct 2023 (+05:00), uncertain");
        echoes("2023-10-24/..", "from Tue 24 Oct 2023 on (+05:00)");
        echoes("../2023-10-24T18:00+05:00", "up to 24 Oct 2023 18:00 (+05:00)");
        echoes("2023-10-24T09:00+05:00/2023-10-24", "24 Oct 2023 09:00 to Tue 24 Oct 2023 (+05:00)");
    }

    #[test]
    fn a_clock_out_of_range_answers_no_word() {
        for now in [Instant::MIN, Instant::MAX] {
            assert_eq!(typed_when("today", now, zone()).unwrap_err().id, "not-a-date");
            assert!(typed_when("26 Oct", now, zone()).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(
            text in prop_oneof![any::<String>(), "[0-9a-zT/.:,?~ +é-]{0,20}", "(thu|Fri,? )?[0-9]{1,4}[ /.-](oct|[0-9]{2})[ /.-][0-9]{1,4}[?]?( [0-9:]{5})?", "[0-9]{1,5} (day|week|year|minute)s ago"],
            now in prop_oneof![any::<i64>(), -99_999_999_999i64..99_999_999_999],
        ) {
            match typed_when(&text, Instant(now), zone()) {
                Ok(typed) => prop_assert!(!typed.echo.is_empty()),
                Err(error) => prop_assert!(error.candidates.iter().all(|text| When::parse(text).is_ok())),
            }
        }
    }
}
