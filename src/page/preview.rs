//! What an event that is being entered would change, or has changed, or why it does not do.

use maud::{Markup, html};

use super::events::change_line;
use super::row::text;
use crate::domain::ids::Version;
use crate::view::{Change, clean};

/// An event that is being entered, decided.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Whether it was stored.
    pub stored: bool,
    /// Its id, so that it is stored once.
    pub id: String,
    /// The last version of the log that it was decided upon.
    pub version: u64,
    /// What tells it from what something else would be.
    pub shown: String,
    /// How answers were understood, by the names of their fields.
    pub understood: Vec<(String, String)>,
    /// The events that come of it, each with when it happened and in a sentence.
    pub events: Vec<(Version, Option<String>, String)>,
    /// What changes.
    pub changes: Vec<Change>,
    /// What is doubtful about it.
    pub doubts: Vec<String>,
}

/// The preview, or the receipt, as a part of the page.
pub fn preview(preview: &Preview) -> String {
    let Preview { stored, id, version, shown, understood, events, changes, doubts } = preview;
    let html = html! {
        div class="decided" data-id=(id) data-version=(version) data-shown=(shown) data-stored[*stored] {
            p { b { (if *stored { "Stored." } else { "Not stored yet." }) } @if !stored { " This is what would be:" } }
            @if !stored { dl { @for (field, meaning) in understood { div { dt { (clean(field)) } dd { (text(meaning)) } } } } }
            ul { @for (event, when, said) in events {
                li { a class="id" href=(format!("#{event}")) { (event) } " " @if let Some(when) = when { span class="date" { (clean(when)) } " " } (text(said)) }
            } }
            (changed(changes))
            @for doubt in doubts { p class="doubt" { (text(doubt)) } }
        }
    };
    html.into_string()
}

fn changed(changes: &[Change]) -> Markup {
    html! {
        @if changes.is_empty() {
            p class="soft" { "No line of the state stands elsewhere." }
        } @else {
            ul class="changes" { @for change in changes { li { (change_line(change)) } } }
        }
    }
}

/// Why it does not do; `field` is the one at fault, where it is one.
pub fn refused(field: Option<&str>, what: &str, why: &[String], help: Option<&str>) -> String {
    let html = html! {
        div class="refused" data-field=[field] {
            p { b { (text(what)) } }
            @for line in why { p { (text(line)) } }
            @if let Some(help) = help { p class="soft" { (text(help)) } }
        }
    };
    html.into_string()
}
