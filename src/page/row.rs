//! A row: the smallest thing on the page that changes as a whole. Each stands in a list, under a key that is an anchor as well.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::domain::ids::Version;
use crate::view::dates::worded;
use crate::view::{EventView, InstantView, Line, Names, clean};

/// At most so many events are listed under one line.
const BASIS_AT_MOST: usize = 40;

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

/// A date in words, with what was written on hover.
pub(super) fn date(when: &InstantView) -> Markup {
    html! { span class="date" title=(clean(&when.edtf)) { (clean(&worded(when))) } }
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
