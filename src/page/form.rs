//! The form in which an event is entered: a field of it for each field of the kind, with its meaning.

use maud::{Markup, html};

use super::address::{Place, Query};
use super::row::word;
use crate::view::clean;

/// What can be entered: the kinds, and the fields of the one that was chosen.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The kinds, each with its heading.
    pub kinds: Vec<(String, String)>,
    /// The kind that was chosen, with its meaning and whether it has a date.
    pub chosen: Option<(String, String, bool)>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a kind.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it takes, in words.
    pub takes: String,
    /// What it means.
    pub means: String,
    /// Whether it must be there.
    pub required: bool,
    /// The words that it takes, where they are known.
    pub words: Vec<String>,
}

/// The form, by which a script makes a draft; it asks for a preview before it sends.
pub(super) fn entry(form: &Form, query: &Query, place: &Place) -> Markup {
    html! {
        section id="entry" class="entry" aria-labelledby="entry-heading" tabindex="-1" {
            h2 id="entry-heading" { "Add an event" }
            (kinds(form, query, place))
            @if let Some((kind, meaning, is_dated)) = &form.chosen {
                form id="draft" data-kind=(kind) autocomplete="off" {
                    p class="soft" { (clean(meaning)) }
                    @if *is_dated { (line("when", "when it happened: 2025-10-25, [..2025-10-25] for by then, 2025-10 for some time in it", "date", true, &[])) }
                    @for field in form.fields.iter().filter(|field| field.required) { (field_line(field)) }
                    details { summary { "More" } @for field in form.fields.iter().filter(|field| !field.required) { (field_line(field)) } }
                    fieldset {
                        legend { "Who says so" }
                        (line("source", "a registered source: S1", "handle", false, &[]))
                        (line("quote", "its exact words", "text", false, &[]))
                        (line("locator", "where in it: para 2", "text", false, &[]))
                    }
                    (line("token", "the token that the program printed where it was started", "secret", true, &[]))
                    div id="preview" role="status" aria-live="polite" {}
                    button type="submit" { "Preview" } " " button type="button" id="store" disabled { "Store it" }
                }
            }
        }
    }
}

fn kinds(form: &Form, query: &Query, place: &Place) -> Markup {
    html! {
        form method="get" action=(place.base.as_deref().unwrap_or("")) {
            @for (name, value) in query.pairs().into_iter().filter(|(name, _)| *name != "add") { input type="hidden" name=(name) value=(value); }
            label { "Kind " select name="add" id="add" {
                @for (kind, _) in &form.kinds { option value=(kind) selected[form.chosen.as_ref().is_some_and(|(chosen, ..)| chosen == kind)] { (kind) } }
            } }
            " " button type="submit" { "Choose" }
        }
    }
}

fn field_line(field: &Field) -> Markup {
    line(&field.name, &field.means, &field.takes, field.required, &field.words)
}

fn line(name: &str, means: &str, takes: &str, required: bool, words: &[String]) -> Markup {
    let id = format!("field-{name}");
    html! {
        div class="field" {
            label for=(id) { (clean(name)) @if required { " " span class="soft" { "(needed)" } } }
            @if words.is_empty() {
                input id=(id) name=(name) data-takes=(takes) required[required] type=(if takes == "secret" { "password" } else { "text" }) aria-describedby=(format!("{id}-means"));
            } @else {
                select id=(id) name=(name) data-takes=(takes) required[required] aria-describedby=(format!("{id}-means")) {
                    option value="" {} @for known in words { option value=(known) { (word(known)) } }
                }
            }
            span class="soft" id=(format!("{id}-means")) { (clean(means)) }
        }
    }
}
