//! The timeline: a row an event, with all that is known of it inside; the corrections and accounts; the sources.

use maud::{Markup, html};

use super::address::Query;
use super::row::{Row, date, marks, text, word};
use crate::domain::ledger::Standing;
use crate::view::dates::human;
use crate::view::words::{counted, kind_words};
use crate::view::{
    Around, Change, CitationView, Correction, EventView, InstantView, Line, Names, Sheet, SourceView, TimelineEntry,
    clean,
};

/// The rows of the timeline, and of what keeps the record.
pub(super) fn rows(sheet: &Sheet<'_>, around: &Around) -> Vec<Row> {
    sheet.timeline.iter().filter_map(|line| event(sheet, around, line)).chain(record(around)).collect()
}

/// The rows of what keeps the record, as far as it is known.
pub(super) fn record(around: &Around) -> impl Iterator<Item = Row> {
    let kept = around.events.values().filter(|whole| is_of_the_record(&whole.kind));
    kept.map(of_the_record)
}

/// Kinds that are about the record and not the world; a source has a list of its own.
fn is_of_the_record(kind: &str) -> bool {
    let groups = ["event.", "account.", "note.", "record.", "check.", "followup."];
    kind == "negotiation.opened" || groups.iter().any(|group| kind.starts_with(group))
}

/// The row of an event; nothing where it is not among those that are shown.
pub(super) fn event(sheet: &Sheet<'_>, around: &Around, line: &Line<TimelineEntry>) -> Option<Row> {
    let (e, names) = (&line.item, sheet.names);
    let whole = around.events.get(&e.event)?;
    let group = e.kind.split('.').next().unwrap_or_default();
    let class = format!("event {}{}", clean(group), if line.possible { " possible" } else { "" });
    let listed = |words: &mut dyn Iterator<Item = String>| words.collect::<Vec<_>>().join(" ");
    let html = html! {
        li class=(class) id=(e.event) tabindex="-1" data-kind=(clean(&e.kind))
            data-parties=(listed(&mut e.parties.iter().map(ToString::to_string)))
            data-sources=(listed(&mut e.sources.iter().map(ToString::to_string))) {
            details {
                summary {
                    span class="when" { @if let Some(when) = &e.when { (date(when)) } }
                    " " span class="kind" { (word(kind_words(&e.kind))) }
                    " " span class="said" { (text(&e.text)) @if line.disputed_by.is_empty() { (standing(e.standing)) } (marks(line, names))
                        " " span class="cites" { @for (nth, source) in e.sources.iter().enumerate() { @if nth > 0 { " " } (source) } }
                    }
                    " " span class="id" { (e.event) }
                }
                (inside(whole, e.place.as_deref()))
            }
        }
    };
    let place = around.order.get(&e.event).copied().unwrap_or(usize::MAX);
    let list = if e.not_yet_counted { "events-open" } else { "events" };
    Some(Row { list, key: e.event.to_string(), rank: (place, 0), html })
}

/// When something was known: the day, where only the day is known and so its first or last second counts.
fn known(when: &InstantView) -> Markup {
    let bare = |hour: &str| when.edtf.split_once(hour).map(|(day, _)| day);
    let day = bare("T23:59:59").or_else(|| bare("T00:00:00")).unwrap_or(&when.edtf);
    let shown = human(&InstantView { edtf: day.to_string(), ..when.clone() });
    html! { span title=(clean(&when.edtf)) { (clean(&shown)) } }
}

/// How an event stands, where that is more than that one source says so.
fn standing(standing: Standing) -> Markup {
    html! { @if standing != Standing::SingleSource { " " span class=(format!("standing {standing}")) { (word(standing)) } } }
}

fn of_the_record(whole: &EventView) -> Row {
    let html = html! {
        li class="event record" id=(whole.event) tabindex="-1" data-kind=(clean(&whole.kind)) data-parties="" data-sources="" {
            details {
                summary {
                    span class="when" { @if let Some(when) = &whole.known { (known(when)) } }
                    " " span class="kind" { (word(kind_words(&whole.kind))) }
                    " " span class="said" { (text(&whole.text)) } " " span class="id" { (whole.event) }
                }
                (inside(whole, None))
            }
        }
    };
    let rank = (usize::try_from(whole.event.0).unwrap_or(usize::MAX), 0);
    Row { list: "record", key: whole.event.to_string(), rank, html }
}

/// All that is known of an event: dates on each clock, words and sources, corrections, what it changed, what was said of it.
fn inside(whole: &EventView, place: Option<&str>) -> Markup {
    html! {
        div class="inside" {
            dl {
                @if let Some(when) = &whole.occurred { dt { "happened" } dd { (date(when)) } }
                @if let Some(place) = place { dt { "where" } dd { (text(place)) } }
                @if let Some(when) = &whole.known { dt { "known from" } dd { (known(when)) } }
                @if let Some(recorded) = &whole.recorded { dt { "recorded" } dd { (clean(recorded)) } }
            }
            (quotes(&whole.sources))
            @for correction in &whole.corrections { (corrected(correction)) }
            (changed(&whole.changes))
            @if !whole.named_by.is_empty() {
                p class="named" { "Spoken of by " @for by in &whole.named_by { a class="id" href=(format!("#{by}")) { (by) } " " } }
            }
            @for odd in &whole.anomalies { p class="disputed" { (text(odd)) } }
        }
    }
}

fn quotes(sources: &[CitationView]) -> Markup {
    html! {
        @for said in sources {
            figure class="quote" {
                @if let Some(quote) = &said.quote { blockquote { (text(quote)) } }
                figcaption {
                    a class="source" href=(format!("#{}", said.source)) { (said.source) }
                    @if let Some(name) = &said.name { " " (text(name)) }
                    @if let Some(locator) = &said.locator { ", " (text(locator)) }
                    @if let Some(attribution) = &said.attribution { ", " (text(attribution)) }
                    @if let Some(relays) = &said.relays { ", relaying " (text(relays)) }
                    @if let Some(reported) = &said.reported { span class="soft" { ", reported " (date(reported)) } }
                }
            }
        }
    }
}

fn corrected(correction: &Correction) -> Markup {
    html! {
        div class="correction" {
            p {
                a class="id" href=(format!("#{}", correction.event)) { (correction.event) }
                @if correction.in_effect { " corrects it: " } @else { " would correct it, and is not in effect: " } (text(&correction.reason))
            }
            p class="soft" { code { (text(&correction.patch.to_string())) } }
            (quotes(&correction.sources))
        }
    }
}

/// What an event changed, line by line.
fn changed(changes: &[Change]) -> Markup {
    html! {
        @if !changes.is_empty() {
            div class="effect" {
                p { "What it changed" }
                ul { @for change in changes { li { (change_line(change)) } } }
            }
        }
    }
}

/// `C1 in force → ended`.
pub(super) fn change_line(change: &Change) -> Markup {
    html! {
        (line_name(&change.what)) " "
        @match (&change.before, &change.after) {
            (Some(before), Some(after)) => { del { (word(before)) } span class="off" { " became" } span aria-hidden="true" { " → " } ins { (word(after)) } }
            (None, Some(after)) => { "new: " ins { (word(after)) } }
            (Some(before), None) => { "gone: " del { (word(before)) } }
            (None, None) => {}
        }
        @if !change.text.is_empty() { " " span class="soft" { (text(&change.text)) } }
    }
}

/// The name of a line, as a link where it has a row.
fn line_name(what: &str) -> Markup {
    let has_row = what == "talks" || what == "incidents" || what.starts_with(['R', 'C', 'A', 'M', 'D', 'O', 'K', 'Q']);
    html! {
        @if has_row { a class="id" href=(format!("#{}", clean(what))) { (clean(what)) } } @else { b class="id" { (clean(what)) } }
    }
}

/// Whether a row of the timeline is asked for.
pub(super) fn is_wanted(line: &Line<TimelineEntry>, around: &Around, query: &Query, names: Names<'_>) -> bool {
    let e = &line.item;
    let party = |wanted: &String| e.parties.iter().any(|party| party.as_str() == wanted || names.of(party) == *wanted);
    let source = |wanted: &String| e.sources.iter().any(|source| source.to_string().eq_ignore_ascii_case(wanted));
    query.party.as_ref().is_none_or(party)
        && query.kind.as_ref().is_none_or(|kind| e.kind.starts_with(kind.as_str()))
        && query.source.as_ref().is_none_or(source)
        && query.text.as_ref().is_none_or(|words| {
            let told = told(line, around);
            words.to_lowercase().split_whitespace().all(|word| told.contains(word))
        })
}

/// All the words of an event, in small letters.
fn told(line: &Line<TimelineEntry>, around: &Around) -> String {
    let e = &line.item;
    let mut told = format!("{} {} {}", e.event, word(kind_words(&e.kind)), e.text);
    for said in around.events.get(&e.event).map(|whole| whole.sources.as_slice()).unwrap_or_default() {
        for part in [&said.quote, &said.name, &said.locator, &said.attribution].into_iter().flatten() {
            told.push(' ');
            told.push_str(part);
        }
    }
    told.to_lowercase()
}

/// The sources, as footnotes: where they can be read, and for what they are cited.
pub(super) fn sources(sources: &[Line<SourceView>]) -> Markup {
    html! {
        ol class="sources" {
            @for line in sources {
                @let s = &line.item;
                li id=(s.handle) tabindex="-1" {
                    b class="id" { (s.handle) } " "
                    @if let Some(title) = &s.title { (text(title)) }
                    @if let Some(publisher) = s.publisher.as_ref().filter(|publisher| Some(*publisher) != s.title.as_ref()) { ", " (text(publisher)) }
                    @if let Some(author) = &s.author { ", " (text(author)) }
                    @if let Some(published) = &s.published { span class="soft" { ", " (date(published)) } }
                    @if let Some(url) = s.url.as_ref().filter(|url| is_of_the_web(url)) {
                        " " a class="url" href=(url) rel="noreferrer noopener external" { bdi dir="ltr" { (clean(url)) } }
                    } @else if let Some(url) = &s.url { " " (text(url)) }
                    @if let Some(hash) = &s.sha256 { span class="line soft" { "copy kept, SHA-256 " code { (clean(hash)) } } }
                    span class="line soft" { "cited by " (counted(s.cited_by.len(), "event")) }
                }
            }
        }
    }
}

/// Only these are made links: nothing that a browser would run.
fn is_of_the_web(url: &str) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}
