//! `talks why`

use super::dates::{human, maybe};
use super::names::Names;
use super::page::{Page, header};
use super::table::joined;
use super::text::{BOLD, DIM, clean, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::domain::ids::Target;
use crate::view::{CitationView, Reason, Why, why};

pub(super) fn page(asking: &Asking<'_>, name: &str) -> Result<Page, Trouble> {
    let target = named(name)?;
    let why = why(&asking.asked(), &target).ok_or_else(|| nothing(asking, &target))?;
    let text = format!("{}{}", header(asking), text(&why, Names::new(asking)));
    Page::new(&asking.answer(why), None, text)
}

/// A name as typed.
pub(super) fn named(name: &str) -> Result<Target, Trouble> {
    let tidy = name.trim();
    let upper = tidy.to_uppercase();
    let parsed = tidy.parse().or_else(|_| upper.parse());
    parsed.map_err(|error: crate::domain::ids::BadName| {
        Trouble::usage("bad-name", error.0).help("talks status shows the handles")
    })
}

/// There is nothing of that name by then: say what there is.
pub(super) fn nothing(asking: &Asking<'_>, target: &Target) -> Trouble {
    let trouble = Trouble::failed("no-such-name", format!("nothing is called {target} as of {}", asking.as_of.echo));
    match target {
        Target::Elsewhere(_) => trouble.because("it is in another log").help("ask that log"),
        Target::Event(_) => {
            let (first, last) = (asking.records().first(), asking.records().last());
            let span =
                first.zip(last).map(|(first, last)| format!("the log has {} to {}", first.version(), last.version()));
            trouble.because(span.unwrap_or_else(|| "the log is empty".into())).help("talks log, or a later --as-of")
        }
        Target::Handle(handle) => {
            let same = |other: &&crate::domain::ids::Handle| other.letter == handle.letter;
            let known: Vec<String> =
                asking.asked().all.ground.creators.keys().filter(same).map(ToString::to_string).collect();
            let noun = handle.letter.noun();
            let have = if known.is_empty() {
                format!("this log has no {noun}")
            } else {
                format!("this log has {}", known.join(", "))
            };
            trouble.because(have).help("talks status, or a later --as-of")
        }
    }
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
