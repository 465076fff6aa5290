//! A row: the smallest thing on the page that changes as a whole. Each stands in a list, under a key that is an anchor as well.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::domain::ids::Version;
use crate::view::dates::worded;
use crate::view::{EventView, InstantView, Line, Names, clean};

/// At most so many events are listed under one line.
const BASIS_AT_MOST: usize = 40;
/// A date of so many letters stands on one line: `20 Oct 2025`.
const UNBROKEN: usize = 14;

/// A row of a list.
pub(super) struct Row {
    /// The list in which it stands.
    pub list: &'static str,
    /// Its name in the page.
    pub key: String,
    /// Where it stands in its list.
    pub rank: (usize, u32),
    /// What it shows.
    pub html: Markup,
}

/// Text from an event: text, in its own direction.
pub(super) fn text(said: &str) -> Markup {
    html! { bdi dir="auto" { (clean(said)) } }
}

/// A word of a list, as people write it.
pub(super) fn word(word: impl ToString) -> String {
    clean(&word.to_string().replace('-', " "))
}

/// A date in words, with what was written on hover; more than one day or an hour may be broken.
pub(super) fn date(when: &InstantView) -> Markup {
    dated(when, &worded(when))
}

/// The point that is asked about: to the minute, for `now` has seconds that nobody reads.
pub(super) fn point(when: &InstantView) -> Markup {
    dated(when, &to_the_minute(when))
}

/// The words of a point, to the minute.
pub(super) fn to_the_minute(when: &InstantView) -> String {
    let is_second = |time: &str| time.get(5..8).is_some_and(|part| part.starts_with(':'));
    match when.edtf.split_once('T').filter(|(day, time)| !day.contains(['/', '[']) && is_second(time)) {
        Some((day, time)) => {
            worded(&InstantView { edtf: format!("{day}T{}{}", &time[..5], &time[8..]), ..when.clone() })
        }
        None => worded(when),
    }
}

fn dated(when: &InstantView, words: &str) -> Markup {
    let class = if words.chars().count() > UNBROKEN { "date long" } else { "date" };
    html! { span class=(class) title=(clean(&when.edtf)) { (clean(words)) } }
}

/// What marks a line: another table, doubt, dispute, and what is certain.
pub(super) fn marks<T>(line: &Line<T>, names: Names<'_>) -> Markup {
    html! {
        @if let Some(table) = &line.table { " " span class="soft" { "at another table: " (text(table)) } }
        @if line.possible { " " em class="perhaps" { "possibly" } }
        @if let Some(certain) = &line.certain_value {
            " " span class="soft" {
                @match certain.as_str() { Some(value) => { "certain: " (word(value)) } None => { "not there for certain" } }
            }
        }
        @if !line.disputed_by.is_empty() { " " span class="disputed" { "disputed by " (text(&names.all(&line.disputed_by))) } }
    }
}

/// What a line rests on: its events, each with a link to where its words and sources stand.
pub(super) fn why(basis: &[Version], events: &BTreeMap<Version, EventView>, of: &str) -> Markup {
    let shown = &basis[basis.len().saturating_sub(BASIS_AT_MOST)..];
    html! {
        @if !basis.is_empty() {
            details class="why" {
                summary { "why" span class="off" { " " (clean(of)) } " " span class="count" { (basis.len()) } }
                ol {
                    @for event in shown {
                        li data-of=(event) {
                            a class="id" href=(format!("#{event}")) { (event) }
                            @if let Some(whole) = events.get(event) {
                                " " @if let Some(when) = &whole.occurred { (date(when)) " " }
                                (text(&whole.text))
                                @if let Some(words) = whole.sources.iter().find_map(|said| said.quote.as_ref().map(|quote| (said, quote))) {
                                    " " q { (text(words.1)) } " " a class="source" href=(format!("#{}", words.0.source)) { (words.0.source) }
                                } @else if let Some(said) = whole.sources.first() {
                                    " " a class="source" href=(format!("#{}", said.source)) { (said.source) }
                                }
                            }
                        }
                    }
                    @if shown.len() < basis.len() { li { "and " (basis.len() - shown.len()) " earlier" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_told_to_the_minute() {
        let says = |edtf: &str| {
            to_the_minute(&InstantView { edtf: edtf.into(), earliest: String::new(), latest: String::new() })
        };
        assert_eq!(says("2026-11-28T09:48:51-07:00"), "28 Nov 2026 09:48 -07:00");
        assert_eq!(says("2025-10-19T23:59:59Z"), "19 Oct 2025 23:59 +00:00");
        assert_eq!(says("2023-05-02T00:01-07:00"), "2 May 2023 00:01 -07:00");
        assert_eq!(says("2023-05-02"), "2 May 2023");
        assert_eq!(says("2025-10-11/2025-10-12"), "11 to 12 Oct 2025");
    }
}
