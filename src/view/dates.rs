//! Dates for people: `19 Oct 2023`, `<= 26 Oct 2023`, `19..25 Oct 2023`, `~ Oct 2023`.

use chrono::{Datelike, NaiveDate};

use super::{Awaited, InstantView};
use crate::domain::term::Milestone;

/// A date as people write it, with its vagueness in front.
pub fn human(when: &InstantView) -> String {
    let text = when.edtf.as_str();
    let (text, mark) = match text.char_indices().next_back() {
        Some((at, '?')) => (&text[..at], "? "),
        Some((at, '~')) => (&text[..at], "~ "),
        Some((at, '%')) => (&text[..at], "?~ "),
        _ => (text, ""),
    };
    format!("{mark}{}", unmarked(text))
}

/// The same in words, for a sentence: `by 26 Oct 2023`, `between 19 and 25 Oct 2023`, `about Oct 2023`, `possibly 26 Oct 2023`.
pub fn worded(when: &InstantView) -> String {
    let shown = human(when);
    let (mark, date) =
        ["?~ ", "? ", "~ "].iter().find_map(|mark| Some((*mark, shown.strip_prefix(mark)?))).unwrap_or(("", &shown));
    let date = match (date.strip_prefix("<= "), date.split_once("..")) {
        (Some(last), _) => format!("by {last}"),
        (None, Some((first, last))) if !first.is_empty() => between(first, last),
        _ => date.replace(" - ", " to "),
    };
    let doubt = match mark {
        "? " => "possibly ",
        "~ " => "about ",
        "?~ " => "possibly about ",
        _ => "",
    };
    format!("{doubt}{date}")
}

/// Two times of one day share its name.
fn between(first: &str, last: &str) -> String {
    let split = |text: &str| -> Option<(String, String, String)> {
        let (rest, offset) = text.rsplit_once(' ')?;
        let (day, clock) = rest.rsplit_once(' ').filter(|(_, clock)| clock.contains(':'))?;
        Some((day.into(), clock.into(), offset.into()))
    };
    match split(first).zip(split(last)) {
        Some((a, b)) if (&a.0, &a.2) == (&b.0, &b.2) => format!("{} between {} and {} {}", a.0, a.1, b.1, a.2),
        _ => format!("between {first} and {last}"),
    }
}

/// A date, or a dash.
pub fn maybe(when: Option<&InstantView>) -> String {
    when.map_or("-".into(), human)
}

/// A date, or what it hangs on while that has not come: `10 days after A1 is signed`; or a dash.
pub fn or_awaited(when: Option<&InstantView>, awaited: Option<&Awaited>) -> String {
    match (when, awaited) {
        (Some(when), _) => human(when),
        (None, Some(awaited)) => awaited_text(awaited),
        (None, None) => "-".into(),
    }
}

fn awaited_text(awaited: &Awaited) -> String {
    let comes = match awaited.milestone {
        Milestone::EntersIntoForce => "enters into force".into(),
        Milestone::Begins | Milestone::Closes | Milestone::Ends => awaited.milestone.to_string(),
        _ => format!("is {}", awaited.milestone),
    };
    let after = match awaited.days {
        Some(1) => "1 day after ".into(),
        Some(days) => format!("{days} days after "),
        None => String::new(),
    };
    format!("{after}{} {comes}", awaited.of)
}

fn unmarked(text: &str) -> String {
    if let Some(choice) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return match choice.split_once("..") {
            Some(("", to)) => format!("<= {}", single(to)),
            Some((from, to)) => range(from, "..", to),
            None => single(choice),
        };
    }
    match text.split_once('/') {
        Some((from, "" | "..")) => format!("from {}", single(from)),
        Some(("" | "..", to)) => format!("until {}", single(to)),
        Some((from, to)) => range(from, " - ", to),
        None => single(text),
    }
}

/// Two days of one month share its name; of one year, the year.
fn range(from: &str, between: &str, to: &str) -> String {
    let (Some(first), Some(last)) = (day(from), day(to)) else {
        return format!("{}{between}{}", single(from), single(to));
    };
    if first == last {
        return single(to);
    }
    let short = if (first.year(), first.month()) == (last.year(), last.month()) {
        first.format("%-d")
    } else if first.year() == last.year() {
        first.format("%-d %b")
    } else {
        first.format("%-d %b %Y")
    };
    format!("{short}{between}{}", last.format("%-d %b %Y"))
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim_end_matches(['?', '~', '%']), "%Y-%m-%d").ok()
}

fn single(text: &str) -> String {
    if let Some((date, time)) = text.split_once('T') {
        let (clock, offset) = time.split_at(time.find(['+', '-', 'Z']).unwrap_or(time.len()));
        let clock = clock.strip_suffix(":00").filter(|c| c.contains(':')).unwrap_or(clock);
        return format!("{} {clock} {}", single(date), if offset == "Z" { "+00:00" } else { offset });
    }
    if let Some(day) = day(text) {
        return day.format("%-d %b %Y").to_string();
    }
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .map_or(text.to_string(), |month| month.format("%b %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(edtf: &str, expected: &str) {
        let when = InstantView { edtf: edtf.into(), earliest: String::new(), latest: String::new() };
        assert_eq!(human(&when), expected);
    }

    #[test]
    fn dates_are_worded_for_a_sentence() {
        let says =
            |edtf: &str| worded(&InstantView { edtf: edtf.into(), earliest: String::new(), latest: String::new() });
        assert_eq!(says("[..2023-10-26]"), "by 26 Oct 2023");
        assert_eq!(says("[2023-10-19..2023-10-25]"), "between 19 and 25 Oct 2023");
        let hours = "[2025-10-17T18:01+05:00..2025-10-17T23:59+05:00]";
        assert_eq!(says(hours), "17 Oct 2025 between 18:01 and 23:59 +05:00");
        assert_eq!(says("2025-10-11/2025-10-12"), "11 to 12 Oct 2025");
        assert_eq!(says("2014-11-30/2014-11-30"), "30 Nov 2014");
        assert_eq!(says("2023-10-26?"), "possibly 26 Oct 2023");
        assert_eq!(says("2023-10~"), "about Oct 2023");
        assert_eq!(says("2023-10-26%"), "possibly about 26 Oct 2023");
    }

    #[test]
    fn dates_are_shown_as_people_write_them() {
        shows("2023-10-19", "19 Oct 2023");
        shows("[..2023-10-26]", "<= 26 Oct 2023");
        shows("[2023-10-19..2023-10-25]", "19..25 Oct 2023");
        shows("2025-10-11/2025-10-12", "11 - 12 Oct 2025");
        shows("2025-10-30/2025-11-01", "30 Oct - 1 Nov 2025");
        shows("2023-10-26?", "? 26 Oct 2023");
        shows("2023-10~", "~ Oct 2023");
        shows("2025-10-15T18:00+05:00", "15 Oct 2025 18:00 +05:00");
        shows("2023-10-26T23:59:59Z", "26 Oct 2023 23:59:59 +00:00");
        shows("2025-10-15T18:00:00+05:00", "15 Oct 2025 18:00 +05:00");
        shows("2023-10-19/..", "from 19 Oct 2023");
        shows("2023-XX", "2023-XX");
    }
}
