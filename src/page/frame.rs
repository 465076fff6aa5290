//! The page of one negotiation, put together.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::address::{Place, Query};
use super::row::{Row, point, text, word};
use super::state::{SECTIONS, Section};
use super::{bar, events, form, help, state};
use crate::domain::value::Party;
use crate::picture::{Window, losses_on_page, violations};
use crate::view::words::kind_words;
use crate::view::{Answer, Around, Difference, InstantView, Sheet, clean};

/// What a page says of itself before its words: where its style and its scripts are, and what they may do.
pub(super) struct Head {
    /// The rest of the head.
    pub head: Markup,
    /// What comes after the words.
    pub foot: Markup,
    /// `live` where there is a server, `still` in a file.
    pub mode: &'static str,
}

/// What is on a page besides the point that it shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// What lies between a pinned day and the point.
    pub difference: Option<&'a Difference>,
    /// The form in which an event is entered.
    pub form: Option<&'a form::Form>,
}

/// The page of a negotiation, as a server sends it.
pub fn negotiation(
    answer: &Answer<Sheet<'_>>,
    around: &Around,
    query: &Query,
    place: &Place,
    beside: Beside<'_>,
) -> String {
    let stops = serde_json::json!({ "as_of": bar::stops(&around.stops), "known_by": bar::stops(&around.reports) });
    let head = Head {
        head: served_head(),
        foot: html! {
            script type="application/json" id="stops" { (data(&stops)) }
            script type="module" src="/static/live.js" {}
        },
        mode: "live",
    };
    page(answer, around, query, place, &head, beside).into_string()
}

/// The style of a page that is served.
pub(super) fn served_head() -> Markup {
    html! { link rel="stylesheet" href="/static/page.css"; }
}

/// A value inside a page: no text in it can end the element it stands in.
pub(super) fn data(value: &serde_json::Value) -> PreEscaped<String> {
    let text = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    PreEscaped(text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// The whole document around the words of a page.
pub(super) fn document(title: &str, head: &Head, body: &Markup, place: &Place) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-mode=(head.mode) data-api=[place.api.as_deref()] data-base=[place.base.as_deref()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (clean(title)) }
                link rel="icon" href="data:,";
                (head.head)
            }
            body { (body) (head.foot) }
        }
    }
}

pub(super) fn page(
    answer: &Answer<Sheet<'_>>,
    around: &Around,
    query: &Query,
    place: &Place,
    head: &Head,
    beside: Beside<'_>,
) -> Markup {
    let rows = all_rows(&answer.data, around);
    let title = title(answer);
    let body = html! {
        a class="skip" href="#state" { "To the state" }
        a class="skip" href="#timeline" { "To the timeline" }
        (masthead(answer, place))
        (bar::bar(answer, around, query, place))
        @if around.thinned { p class="soft" { "There are more stops than the sliders hold; these are evenly spread." } }
        p id="say" class="off" role="status" aria-live="polite" {}
        main {
            (difference(beside.difference, &answer.as_of, query))
            (state_panel(&rows))
            (timeline(answer, around, query, place, &rows))
        }
        @if let Some(form) = beside.form { (form::entry(form, query, place)) }
        (pictures(around))
        (record(&rows))
        section class="footnotes" aria-labelledby="sources-heading" { h2 id="sources-heading" { "Sources" } (events::sources(&around.sources)) }
        (foot(answer, query, place))
        (help::dialog())
        (hatch())
    };
    document(title, head, &body, place)
}

/// All rows of a point, list by list.
pub(super) fn all_rows(sheet: &Sheet<'_>, around: &Around) -> Vec<Row> {
    let mut rows = state::rows(sheet, around);
    rows.extend(events::rows(sheet, around));
    rows.sort_by_key(|row| row.rank);
    rows
}

fn title<'a>(answer: &'a Answer<Sheet<'_>>) -> &'a str {
    if answer.data.status.title.is_empty() { &answer.negotiation } else { &answer.data.status.title }
}

fn masthead(answer: &Answer<Sheet<'_>>, place: &Place) -> Markup {
    html! {
        header class="masthead" {
            nav aria-label="Site" {
                @if let Some(home) = &place.home { a href=(home) { "All negotiations" } " " }
                @if place.may_write { a href="#entry" { "Add an event" } " " }
                button type="button" id="theme" hidden { "Dark or light" }
                button type="button" id="keys" hidden { "Keys " kbd { "?" } }
            }
            h1 { (text(title(answer))) }
            @if let Some(subject) = &answer.data.status.subject { p class="subject" { (text(subject)) } }
            (framed(answer))
        }
    }
}

/// Which point of which log this is.
fn framed(answer: &Answer<Sheet<'_>>) -> Markup {
    html! {
        p class="framed" id="framed" data-version=[answer.version] {
            "As of " b id="framed-as-of" { (point(&answer.as_of)) }
            ", " span id="framed-known-by" { @if let Some(known) = &answer.known_by { "as known by " b { (point(known)) } } @else { "with all that is known" } }
            @if let Some(recorded) = &answer.recorded_by { ", as recorded by " b { (point(recorded)) } }
            span id="framed-reading" {
                @if answer.certain { ", only what is certain" }
                @if answer.reading.corroborated { ", only what is corroborated" }
                @if let Some(party) = &answer.reading.accounts_of { ", by the account of " (text(&answer.data.names.of(party))) }
                @if answer.reading.left_out > 0 { " (" (answer.reading.left_out) " events left out)" }
            }
            @if !answer.complete { span class="disputed" { ". Some records can't be read: this is not complete" } }
            "."
        }
        p class="printed" {
            (clean(&answer.negotiation)) @if let Some(version) = answer.version { " up to e" (version) } @if let Some(root) = &answer.root { ", root " code { (root) } } ", rules " (answer.rules)
        }
    }
}

fn list(rows: &[Row], id: &'static str, hidden: &dyn Fn(&Row) -> bool) -> Markup {
    html! {
        @for row in rows.iter().filter(|row| row.list == id) {
            @if hidden(row) { (PreEscaped(hide(&row.html))) } @else { (row.html) }
        }
    }
}

/// A row that a filter leaves out; it is there, so that a script can show it without asking anew.
fn hide(row: &Markup) -> String {
    row.0.replacen("<li ", "<li hidden ", 1)
}

fn has(rows: &[Row], list: &str) -> bool {
    rows.iter().any(|row| row.list == list)
}

fn state_panel(rows: &[Row]) -> Markup {
    html! {
        section id="state" class="state" aria-labelledby="state-heading" tabindex="-1" {
            h2 id="state-heading" { "State" }
            @for section in &SECTIONS { (state_section(section, rows)) }
        }
    }
}

fn state_section(section: &Section, rows: &[Row]) -> Markup {
    let Section { list: id, heading, over, none } = section;
    let shown = has(rows, id);
    let over = over.map(|over| (over, rows.iter().filter(|row| row.list == over).count()));
    let away = !shown && over.is_none_or(|(_, count)| count == 0) && none.is_empty();
    html! {
        div class="section" data-section=(id) hidden[away] {
            h3 id=(format!("{id}-heading")) { (heading) }
            ul id=(format!("list-{id}")) aria-labelledby=(format!("{id}-heading")) hidden[!shown] { (list(rows, id, &|_| false)) }
            @if !none.is_empty() { p class="none soft" hidden[shown] { (none) } }
            @if let Some((over, count)) = over {
                details class="over" hidden[count == 0] {
                    summary { span class="count" { (count) } " " (if *id == "disputed" { "not disputed" } else { "over" }) span class="off" { ": " (heading) } }
                    ul id=(format!("list-{over}")) aria-label=(format!("{heading}: the rest")) { (list(rows, over, &|_| false)) }
                }
            }
        }
    }
}

fn timeline(answer: &Answer<Sheet<'_>>, around: &Around, query: &Query, place: &Place, rows: &[Row]) -> Markup {
    let names = answer.data.names;
    let wanted: BTreeSet<String> = answer
        .data
        .timeline
        .iter()
        .filter(|line| events::is_wanted(line, around, query, names))
        .map(|line| line.item.event.to_string())
        .collect();
    let hidden = |row: &Row| !wanted.contains(&row.key);
    let left =
        answer.data.timeline.len().saturating_sub(rows.iter().filter(|row| row.list.starts_with("events")).count());
    html! {
        section id="timeline" class="timeline" aria-labelledby="timeline-heading" tabindex="-1" {
            h2 id="timeline-heading" { "Timeline " span class="count" id="counted" { (wanted.len()) } }
            (filters(answer, query, place))
            @if left > 0 { p class="soft" { "The latest events are shown; " (left) " earlier ones are not." } }
            ol id="list-events" { (list(rows, "events", &hidden)) }
            p id="nothing" class="soft" hidden[!wanted.is_empty()] { "No event matches." }
            div data-section="events-open" hidden[!has(rows, "events-open")] {
                h3 id="events-open-heading" { "Known to be over by a later day only, so not counted yet" }
                ol id="list-events-open" aria-labelledby="events-open-heading" { (list(rows, "events-open", &hidden)) }
            }
        }
    }
}

fn filters(answer: &Answer<Sheet<'_>>, query: &Query, place: &Place) -> Markup {
    let s = &answer.data;
    let groups: BTreeSet<&str> = s.timeline.iter().filter_map(|line| line.item.kind.split('.').next()).collect();
    let sources: BTreeSet<_> = s.timeline.iter().flat_map(|line| line.item.sources.iter().copied()).collect();
    let chosen = |value: &Option<String>, this: &str| value.as_deref() == Some(this);
    let party = |party: &Party| clean(&s.names.of(party));
    let is_named = |party: &Party| s.timeline.iter().any(|line| line.item.parties.contains(party));
    let parties = s.status.parties.iter().map(|line| &line.item.party);
    let parties = parties.filter(|party| is_named(party) || chosen(&query.party, party.as_str()));
    html! {
        form id="filters" class="filters" method="get" action=(place.base.as_deref().unwrap_or("")) aria-label="Filter the timeline" {
            @for (name, value) in query.pairs().into_iter().filter(|(name, _)| !["party", "kind", "source", "text", "sel"].contains(name)) {
                input type="hidden" name=(name) value=(value);
            }
            label { span class="off" { "Words" } input type="search" name="text" id="words" value=(query.text.as_deref().unwrap_or_default()) placeholder="Words  /" autocomplete="off"; }
            label { span class="off" { "Party" } select name="party" {
                option value="" { "any party" }
                @for one in parties { option value=(one) selected[chosen(&query.party, one.as_str())] { (party(one)) } }
            } }
            label { span class="off" { "Kind" } select name="kind" {
                option value="" { "any kind" }
                @for group in &groups { option value=(group) selected[query.kind.as_deref().is_some_and(|kind| kind.starts_with(group))] { (word(kind_words(group))) } }
            } }
            label { span class="off" { "Source" } select name="source" {
                option value="" { "any source" }
                @for source in &sources { option value=(source) selected[chosen(&query.source, &source.to_string())] { (source) } }
            } }
            button type="submit" { "Filter" }
            button type="reset" id="clear" hidden { "Clear" }
        }
    }
}

/// What lies between the pinned point and this one, which may be the earlier of the two.
fn difference(difference: Option<&Difference>, here: &InstantView, query: &Query) -> Markup {
    let back = difference.and_then(|difference| difference.to.as_ref().filter(|_| difference.from == *here));
    let pinned = back.or(difference.map(|difference| &difference.from));
    let mut lines = difference.map(|difference| difference.changes.clone()).unwrap_or_default();
    if back.is_some() {
        lines.iter_mut().for_each(|line| std::mem::swap(&mut line.before, &mut line.after));
    }
    html! {
        section id="difference" class="difference" aria-labelledby="difference-heading" tabindex="-1" hidden[difference.is_none()] {
            h2 id="difference-heading" {
                "Compared with " span id="pinned" { @if let Some(pinned) = pinned { (point(pinned)) } @else { (clean(query.pin.as_deref().unwrap_or_default())) } }
            }
            ul id="list-difference" { @for change in &lines { li { (events::change_line(change)) } } }
            p id="no-difference" class="soft" hidden[!lines.is_empty()] { "No line of the state stands elsewhere." }
        }
    }
}

/// At most so many incidents or allegations are drawn: more would weigh more than everything else, and nobody could tell them apart.
const DRAWN_AT_MOST: usize = 2_000;

fn pictures(around: &Around) -> Markup {
    let window = Window { from: None, to: None, at: around.until, zone: around.zone };
    let numbered = around.incidents.iter().any(|line| line.item.tolls.iter().any(|toll| toll.toll.killed.is_some()));
    let killed = "The killed, by incident and account. Nothing is added up.";
    let alleged = "Violations that were alleged: a dot each. An allegation is not a finding.";
    html! {
        @if numbered || !around.alleged.is_empty() {
            section id="pictures" class="pictures" aria-labelledby="pictures-heading" tabindex="-1" {
                h2 id="pictures-heading" { "Figures over time" }
                @if numbered {
                    (figure("The killed, by incident and account", killed, around.incidents.len(), &|| losses_on_page(&around.incidents, window)))
                }
                @if !around.alleged.is_empty() {
                    (figure("Violations alleged", alleged, around.alleged.len(), &|| violations(&around.alleged, window)))
                }
            }
        } @else {
            section id="pictures" hidden {}
        }
    }
}

fn figure(name: &str, caption: &str, count: usize, drawn: &dyn Fn() -> Markup) -> Markup {
    html! {
        @if count > DRAWN_AT_MOST {
            p class="soft" { (name) ": " (count) " are too many to be drawn here." }
        } @else {
            figure { div class="scroll" tabindex="0" role="group" aria-label=(name) { (drawn()) } figcaption { (caption) } }
        }
    }
}

fn record(rows: &[Row]) -> Markup {
    html! {
        section id="record" class="timeline" aria-labelledby="record-heading" hidden[!has(rows, "record")] {
            h2 id="record-heading" { "The record: its opening, corrections, accounts, notes" }
            ol id="list-record" { (list(rows, "record", &|_| false)) }
        }
    }
}

fn foot(answer: &Answer<Sheet<'_>>, query: &Query, place: &Place) -> Markup {
    let point = query.point();
    html! {
        footer {
            @if let Some(api) = &place.api {
                nav id="export" aria-label="Export" tabindex="-1" {
                    "Export what is shown: "
                    @for (name, words) in EXPORTS {
                        a href=(exported(api, name, &point, query)) { (words) } " "
                    }
                }
            } @else {
                nav id="export" aria-label="Export" tabindex="-1" hidden {
                    button type="button" data-export="csv" { "Timeline as CSV" } " "
                    button type="button" data-export="json" { "Timeline as JSON" } " "
                    button type="button" data-export="md" { "Timeline as Markdown" }
                }
            }
            p class="soft" {
                (clean(&answer.negotiation)) @if let Some(version) = answer.version { " up to e" (version) }
                @if let Some(root) = &answer.root { ", root " code { (root) } }
                ". " (word(format!("talks {}", env!("CARGO_PKG_VERSION"))))
            }
        }
    }
}

/// What can be had of a page as data, where the commands have it.
const EXPORTS: [(&str, &str); 5] = [
    ("timeline.csv", "timeline CSV"),
    ("timeline", "timeline JSON"),
    ("status", "state JSON"),
    ("demands.csv", "demands CSV"),
    ("brief", "briefing"),
];

fn exported(api: &str, name: &str, point: &Query, query: &Query) -> String {
    let Query { party, kind, source, .. } = query.clone();
    let filtered =
        if name.starts_with("timeline") { Query { party, kind, source, ..point.clone() } } else { point.clone() };
    filtered.href(&format!("{api}/{name}"))
}

/// The texture of what is troubled, for every picture of the page.
fn hatch() -> Markup {
    html! {
        svg class="off" width="0" height="0" aria-hidden="true" focusable="false" {
            defs { pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { path class="hatch" d="M0 0V6" {} } }
        }
    }
}

/// A page that says what went wrong.
pub fn problem(what: &str, why: &[String], help: Option<&str>, place: &Place) -> String {
    let head = Head { head: served_head(), foot: html! {}, mode: "live" };
    let body = html! {
        header class="masthead" { nav aria-label="Site" { @if let Some(home) = &place.home { a href=(home) { "All negotiations" } } } h1 { (text(what)) } }
        main class="problem" {
            @for line in why { p { (text(line)) } }
            @if let Some(help) = help { p { (text(help)) } }
            @if let Some(base) = &place.base { p { a href=(base) { "The page as it stands now" } } }
        }
    };
    document(what, &head, &body, place).into_string()
}
