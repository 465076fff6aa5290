//! The form in which an event is entered: a field of it for each field of the kind, with its meaning and what can stand in it.

use maud::{Markup, html};

use super::address::{Place, Query};
use super::row::word;
use crate::view::{Choice, clean};

/// What can be entered: the kinds, and the fields of the one that was chosen.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The kinds under their headings, each with its meaning.
    pub kinds: Vec<(String, Vec<Choice>)>,
    /// The kind that was chosen.
    pub chosen: Option<Chosen>,
}

/// A kind, to be filled in.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Its name, and what it means.
    pub kind: Choice,
    /// Days that can be answered, where it has a date.
    pub dates: Option<Vec<Choice>>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Who can be cited, where somebody can, and who was cited last.
    pub sources: Option<(Vec<Choice>, Option<String>)>,
}

/// A field of a kind.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name, by which the answer is sent.
    pub name: String,
    /// What it means, and what it takes.
    pub means: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether only the choices can stand in it.
    pub closed: bool,
    /// What can stand in it.
    pub choices: Vec<Choice>,
    /// What is answered unless something else is.
    pub value: Option<String>,
    /// Whether several answers can stand in it, with semicolons between them.
    pub several: bool,
    /// Whether it is a text of several lines.
    pub long: bool,
    /// The fields in it.
    pub within: Vec<Field>,
}

/// The fields of the citation, each with what it means.
const OF_CITATION: [(&str, &str); 4] = [
    ("quote", "its exact words"),
    ("locator", "where in it: para 2, 00:41:10"),
    ("reported", "when it said so, where that is not when it was published"),
    ("attribution", "whom it names for it: officials, two people in the room"),
];
/// The fields of a source that is registered with the event.
const OF_SOURCE: [(&str, &str); 4] = [
    ("source.title", "what it is called"),
    ("source.publisher", "who published it"),
    ("source.published", "when: 2025-10-25, yesterday"),
    ("source.url", "where it can be read"),
];

/// The form. Nothing is stored before what it would change was shown.
pub(super) fn entry(form: &Form, query: &Query, place: &Place) -> Markup {
    let base = place.base.as_deref().unwrap_or_default();
    html! {
        section id="entry" class="entry" aria-labelledby="entry-heading" tabindex="-1" {
            h2 id="entry-heading" { "Add an event" }
            noscript { p { "This form needs a script. " code { "talks add" } " does the same on a terminal." } }
            (kinds(form, query, base))
            @if let Some(chosen) = &form.chosen { (draft(chosen, base)) }
        }
    }
}

fn kinds(form: &Form, query: &Query, base: &str) -> Markup {
    let is_chosen = |kind: &Choice| form.chosen.as_ref().is_some_and(|chosen| chosen.kind.value == kind.value);
    html! {
        form id="kind" class="kind" method="get" action=(format!("{base}#entry")) {
            @for (name, value) in query.pairs().into_iter().filter(|(name, _)| *name != "add") { input type="hidden" name=(name) value=(value); }
            label for="add" { "Kind" }
            select name="add" id="add" required {
                option value="" { "what happened?" }
                @for (heading, kinds) in &form.kinds {
                    optgroup label=(clean(heading)) {
                        @for kind in kinds { option value=(kind.value) title=(clean(&kind.about)) selected[is_chosen(kind)] { (kind.value) } }
                    }
                }
            }
            button type="submit" { "Choose" }
        }
    }
}

fn draft(chosen: &Chosen, base: &str) -> Markup {
    let (needed, more): (Vec<&Field>, Vec<&Field>) = chosen.fields.iter().partition(|field| field.required);
    let who = needed.iter().take_while(|field| !field.long).count();
    html! {
        form id="draft" hidden data-kind=(chosen.kind.value) data-to=(format!("{base}/entry")) autocomplete="off" {
            p class="soft" { (clean(&chosen.kind.about)) }
            @for field in &needed[..who] { (line(field)) }
            @if let Some(dates) = &chosen.dates { (line(&when(dates))) }
            @for field in &needed[who..] { (line(field)) }
            @if let Some((sources, last)) = &chosen.sources { (citation(sources, last.as_ref())) }
            @if !more.is_empty() {
                details { summary { "More that is known " span class="count" { (more.len()) } } @for field in &more { (line(field)) } }
            }
            (token())
            p { button type="submit" { "Show what it would change" } " " button type="button" id="store" disabled { "Store it" } }
            div id="preview" role="status" aria-live="polite" {}
        }
    }
}

/// It has no name, so that no form can carry it into an address.
fn token() -> Markup {
    html! {
        div class="field" {
            label for="field-token" { "token " span class="soft" { "needed" } }
            input id="field-token" type="password" required autocomplete="off" aria-describedby="field-token-means";
            span class="soft" id="field-token-means" { "as the program printed it where it was started; kept for this tab only" }
        }
    }
}

fn when(dates: &[Choice]) -> Field {
    Field {
        name: "when".into(),
        means: "When it happened: 2025-10-25, yesterday, 2025-10 for some time in it, [..2025-10-25] for by then"
            .into(),
        required: true,
        choices: dates.to_vec(),
        ..Field::default()
    }
}

fn citation(sources: &[Choice], last: Option<&String>) -> Markup {
    let cited = Field {
        name: "source".into(),
        means: "A registered source; several with commas between them".into(),
        choices: sources.to_vec(),
        value: last.cloned(),
        several: true,
        ..Field::default()
    };
    let small =
        |(name, means): &(&str, &str)| Field { name: (*name).into(), means: (*means).into(), ..Field::default() };
    html! {
        fieldset {
            legend { "Who says so" }
            (line(&cited))
            @for field in OF_CITATION.iter().map(small) { (line(&field)) }
            details { summary { "A source that is not registered yet" } @for field in OF_SOURCE.iter().map(small) { (line(&field)) } }
        }
    }
}

fn line(field: &Field) -> Markup {
    if !field.within.is_empty() {
        return html! {
            fieldset {
                legend { (label(&field.name)) }
                p class="soft" { (clean(&field.means)) }
                @for inner in &field.within { (line(inner)) }
            }
        };
    }
    let id = format!("field-{}", field.name);
    html! {
        div class="field" {
            label for=(id) { (label(&field.name)) @if field.required { " " span class="soft" { "needed" } } }
            (input(field, &id))
            span class="soft" id=(format!("{id}-means")) { (clean(&field.means)) }
        }
    }
}

fn input(field: &Field, id: &str) -> Markup {
    let (means, list) = (format!("{id}-means"), format!("{id}-choices"));
    let value = field.value.as_deref().unwrap_or_default();
    html! {
        @if field.closed && !field.several {
            select id=(id) name=(field.name) required[field.required] aria-describedby=(means) {
                option value="" {} @for known in &field.choices { option value=(known.value) { (word(&known.value)) } }
            }
        } @else if field.long {
            textarea id=(id) name=(field.name) required[field.required] rows="2" dir="auto" aria-describedby=(means) { (value) }
        } @else {
            input id=(id) name=(field.name) required[field.required] value=(value) dir="auto" spellcheck="false" aria-describedby=(means)
                type="text" list=[(!field.choices.is_empty()).then_some(&list)] data-several[field.several];
            @if !field.choices.is_empty() {
                datalist id=(list) { @for known in &field.choices { option value=(known.value) { (clean(&known.about)) } } }
            }
        }
    }
}

/// A field's name in words; what stands in another one by its last name.
fn label(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    clean(&last.replace('_', " "))
}
