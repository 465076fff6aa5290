//! The board: every negotiation of a store, a line each.

use maud::{Markup, html};

use super::address::Place;
use super::frame::{Head, document, served_head};
use super::row::{date, text, word};
use crate::view::words::{counted, days};
use crate::view::{Answer, BoardLine};

/// The board, as a server sends it; the page of a negotiation lies at `/n/` and its name.
pub fn board(lines: &[Answer<BoardLine>]) -> String {
    let head =
        Head { head: served_head(), foot: html! { script type="module" src="/static/core.js" {} }, mode: "board" };
    let body = html! {
        a class="skip" href="#board" { "To the negotiations" }
        header class="masthead" {
            nav aria-label="Site" { button type="button" id="theme" hidden { "Dark or light" } }
            h1 { "Negotiations" }
        }
        main {
            ul id="board" class="board" tabindex="-1" { @for line in lines { (entry(line)) } }
            @if lines.is_empty() { p { "There is none yet: " code { "talks open SLUG --title TITLE" } " opens one." } }
        }
    };
    document("Negotiations", &head, &body, &Place::default()).into_string()
}

fn entry(answer: &Answer<BoardLine>) -> Markup {
    let b = &answer.data;
    let title = if b.title.is_empty() { &answer.negotiation } else { &b.title };
    html! {
        li {
            h2 { a href=(format!("/n/{}", answer.negotiation)) { (text(title)) } }
            dl {
                div { dt { "Talks" } dd { (word(b.talks)) } }
                @if let Some(c) = &b.ceasefire { div { dt { "Ceasefire " (c.handle) } dd { (word(c.state)) ", " (word(c.observed)) } } }
                @if !b.measures.is_empty() { div { dt { "Measures" } dd { (counted(b.measures.len(), "measure")) " in effect" } } }
                div { dt { "Demands" } dd { (b.open_demands) " open" } }
                @if let Some(next) = &b.next { div { dt { "Next" } dd { (date(&next.item.due)) ", " (days(&next.item)) ": " (text(&next.item.text)) } } }
                @if let Some(silence) = b.silence_days.filter(|days| *days > 0) { div { dt { "Silence" } dd { (counted(usize::try_from(silence).unwrap_or(0), "day")) } } }
                @if b.anomalies > 0 { div { dt { "Odd" } dd { (b.anomalies) } } }
            }
        }
    }
}
