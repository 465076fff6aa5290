//! The bar: two clocks, the reading, and a pinned point. A form that works without a script, and the sliders that one adds.

use maud::{Markup, html};

use super::address::{Place, Query};
use super::row::{to_the_minute, word};
use crate::picture::{Strip, strip};
use crate::view::{Answer, Around, Sheet, Stop, clean};

/// The bar.
pub(super) fn bar(answer: &Answer<Sheet<'_>>, around: &Around, query: &Query, place: &Place) -> Markup {
    let Strip { names, drawing } = strip(&around.courses, &around.stops);
    html! {
        form id="bar" class="bar" method="get" action=(place.base.as_deref().unwrap_or("")) role="search" aria-label="Which point in time" {
            div class="choices" {
                @if let Some(day) = &query.recorded_by {
                    label { "As recorded by " input name="recorded_by" value=(day) size="12" autocomplete="off"; }
                }
                (reading(answer, query))
                label class="check" { input type="checkbox" name="certain" value="1" checked[query.certain]; " only what is certain" }
                @for (name, value) in query.pairs().into_iter().filter(|(name, _)| ["party", "kind", "source", "text", "pin"].contains(name)) {
                    input type="hidden" name=(name) value=(value);
                }
                button type="submit" { "Show" }
                (pin(answer, query, place))
            }
            div class="strip" aria-hidden="true" {
                div class="names" { @for (name, about) in &names { span title=(clean(about)) { (clean(&word(name))) } } span { "events" } }
                (drawing)
            }
            (clock("as_of", "The world as of", query.as_of.as_deref(), &answer.as_of.latest, "now", &around.stops))
            (clock("known_by", "As known by", query.known_by.as_deref(), answer.known_by.as_ref().map_or("", |w| &w.latest), "everything", &around.reports))
        }
    }
}

/// One clock: a date to type, and a place for its slider.
fn clock(name: &str, label: &str, asked: Option<&str>, until: &str, all: &str, stops: &[Stop]) -> Markup {
    html! {
        div class="clock" data-clock=(name) {
            label for=(name) { (label) }
            input class="date" id=(name) name=(name) value=(asked.unwrap_or_default()) placeholder=(all) autocomplete="off" spellcheck="false"
                title="a day (20 Oct 2025), an event (e8), or nothing";
            div class="slide" hidden data-until=(until) {
                button type="button" data-step="first" title="first (Home)" aria-label=(format!("{label}: first stop")) { "«" }
                button type="button" data-step="-1" title="one back" aria-label=(format!("{label}: one stop back")) { "‹" }
                input type="range" min="0" max=(stops.len().saturating_sub(1)) value=(stops.len().saturating_sub(1)) step="1" aria-label=(label);
                button type="button" data-step="1" title="one on" aria-label=(format!("{label}: one stop on")) { "›" }
                button type="button" data-step="last" title="last (End)" aria-label=(format!("{label}: last stop")) { "»" }
            }
            output class="at" for=(name) {}
        }
    }
}

/// Everybody's account, one party's, or what is corroborated.
fn reading(answer: &Answer<Sheet<'_>>, query: &Query) -> Markup {
    let names = answer.data.names;
    html! {
        label {
            "Account of " select name="account" id="account" {
                option value="" { "everyone" }
                @for line in &answer.data.status.parties {
                    @let party = &line.item.party;
                    @if line.item.role.is_empty() || line.item.role.contains(&crate::domain::party::Role::Party) {
                        option value=(party) selected[query.account.as_deref() == Some(party.as_str())] { (clean(&names.of(party))) }
                    }
                }
            }
        }
        label class="check" { input type="checkbox" name="corroborated" value="1" checked[query.corroborated]; " only what is corroborated" }
    }
}

/// The pin: this point, kept to compare others with.
fn pin(answer: &Answer<Sheet<'_>>, query: &Query, place: &Place) -> Markup {
    let base = place.base.as_deref().unwrap_or("");
    let pinned =
        Query { pin: Some(query.as_of.clone().unwrap_or_else(|| answer.as_of.latest.clone())), ..query.clone() };
    html! {
        span class="pin" {
            @if place.base.is_none() {
                button type="button" id="pin" hidden title="keep this point and compare others with it (p)" { "Pin this point" }
            } @else if query.pin.is_some() {
                a id="unpin" href=(Query { pin: None, ..query.clone() }.href(base)) { "Take the pin out" }
            } @else {
                a id="pin" href=(pinned.href(base)) title="keep this point and compare others with it (p)" { "Pin this point" }
            }
        }
    }
}

/// The stops of a slider as a script reads them: when, what is typed for it, what comes with it, whether a line moves.
pub(super) fn stops(stops: &[Stop]) -> serde_json::Value {
    let one = |stop: &Stop| {
        let more = stop.events.len().saturating_sub(1);
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let events: Vec<String> = stop.events.iter().map(ToString::to_string).collect();
        serde_json::json!([
            stop.at,
            stop.when.edtf,
            clean(&to_the_minute(&stop.when)),
            format!("{}{more}", clean(&short(&stop.text))),
            events.first().cloned().unwrap_or_default(),
            u8::from(stop.moves)
        ])
    };
    stops.iter().map(one).collect()
}

/// A sentence short enough to be read out at every step.
fn short(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if words.chars().count() + word.chars().count() > 110 {
            words.push_str(" …");
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}
