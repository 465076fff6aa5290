//! `talks agreements`

use super::dates::{maybe, or_awaited};
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::domain::value::Vote;
use crate::view::{DecisionView, agreements};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (agreements(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "TITLE", "STAGE", "FORM", "BY PARTY", "REACHED", "SIGNED", "UNTIL"]);
    for line in &lines {
        let a = &line.item;
        let stage = match a.superseded_by {
            Some(by) => format!("superseded by {by}"),
            None => a.stage.to_string(),
        };
        let cells = [
            a.handle.to_string(),
            or_dash(a.title.as_ref()),
            stage,
            or_dash(a.form),
            joined(a.by_party.iter().map(|(party, stage)| format!("{}: {stage}", names.of(party)))),
            maybe(a.reached.as_ref()),
            maybe(a.signed.as_ref()),
            or_awaited(a.until.as_ref(), a.until_awaits.as_ref()),
        ];
        table.line(line, cells.to_vec());
        a.decisions.iter().for_each(|decision| table.under(&decided(decision, names)));
    }
    Ok(Page::list(asking, "agreements", lines, &table.finish("No agreement by then.")))
}

/// `rejected by Colombian voters 2 Oct 2016, plebiscite, 49.8% for`.
fn decided(decision: &DecisionView, names: Names<'_>) -> String {
    let word = if decision.ratified { "ratified" } else { "rejected" };
    let head = format!("{word} by {} {}", names.of(&decision.by), maybe(decision.when.as_ref()));
    let told = decision.how.iter().cloned().chain(decision.vote.as_deref().map(vote)).filter(|part| !part.is_empty());
    std::iter::once(head).chain(told).collect::<Vec<_>>().join(", ")
}

/// The counts of a vote, as far as they were told.
fn vote(vote: &Vote) -> String {
    let count = |count: Option<u64>, word: &str| count.map(|count| format!("{count} {word}"));
    let counts = [
        vote.share.as_ref().map(|share| format!("{share}% for")),
        count(vote.r#for, "for"),
        count(vote.against, "against"),
        count(vote.abstained, "abstained"),
        vote.margin.map(|margin| format!("a margin of {margin}")),
        count(vote.ballots, "ballots"),
        vote.eligible.map(|eligible| format!("of {eligible} who could vote")),
    ];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
