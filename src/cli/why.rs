//! `talks why`

use super::dates::{human, maybe};
use super::names::Names;
use super::page::{Page, header};
use super::table::joined;
use super::text::{BOLD, DIM, clean, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::view::{CitationView, Reason, Why};

pub(super) fn page(asking: &Asking<'_>, name: &str) -> Result<Page, Trouble> {
    let why = asking.why(name)?;
    let text = format!("{}{}", header(asking), text(&why, Names::new(asking)));
    Ok(Page::new(asking.answer(why), None, text))
}

/// What something rests on, for people.
pub(super) fn text(why: &Why, names: Names<'_>) -> String {
    let now = why.now.as_ref().map(|now| format!(": {now}")).unwrap_or_default();
    let mut text = format!("{}{now}\n", styled(BOLD, &why.of));
    if !why.text.is_empty() {
        text.push_str(&indented(&clean(&why.text), 2, width()));
    }
    if !why.disputed_by.is_empty() {
        text.push_str(&format!("  disputed by {}\n", clean(&names.all(&why.disputed_by))));
    }
    text.push_str("because\n");
    for reason in &why.reasons {
        text.push_str(&reason_text(reason));
    }
    text
}

fn reason_text(reason: &Reason) -> String {
    let possible = if reason.possible { " (possibly later)" } else { "" };
    let head =
        format!("{}  {}  {}{possible}, {}", reason.event, maybe(reason.when.as_ref()), reason.kind, reason.standing);
    let mut text = format!("  {head}\n");
    text.push_str(&indented(&clean(&reason.text), 6, width()));
    if !reason.corrected_by.is_empty() {
        text.push_str(&format!("      corrected by {}\n", joined(&reason.corrected_by)));
    }
    text.push_str(&citations_text(&reason.sources, 6));
    text
}

/// Citations: the source, where in it, and its words; one place cited twice is named once.
pub(super) fn citations_text(citations: &[CitationView], indent: usize) -> String {
    let mut text = String::new();
    let mut before = None;
    for citation in citations {
        let head = citation_head(citation);
        if before.as_ref() != Some(&head) {
            let lines = indented(&head, indent, width());
            lines.lines().for_each(|line| text.push_str(&format!("{}\n", styled(DIM, line))));
        }
        if let Some(quote) = &citation.quote {
            text.push_str(&indented(&format!("\"{}\"", clean(quote)), indent + 2, width()));
        }
        before = Some(head);
    }
    text
}

fn citation_head(citation: &CitationView) -> String {
    let mut head = citation.source.to_string();
    for more in [&citation.locator, &citation.attribution, &citation.name].into_iter().flatten() {
        head.push_str(&format!(", {}", clean(more)));
    }
    if let Some(relays) = &citation.relays {
        head.push_str(&format!(", relaying {}", clean(relays)));
    }
    if let Some(reported) = &citation.reported {
        head.push_str(&format!(", reported {}", human(reported)));
    }
    head
}
