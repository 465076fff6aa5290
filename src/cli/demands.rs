//! `talks demands`

use super::dates::maybe;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::{AnswerView, demands};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = demands(&asking.asked());
    let mut table = Table::new(&["ID", "FROM -> TO", "DEMAND", "FATE", "ANSWERS", "MOVE", "SINCE"]);
    for line in &lines {
        let d = &line.item;
        let from = joined(d.by.iter().map(|actor| &actor.party));
        let fate =
            if d.accepted_not_implemented { "open: accepted, not implemented".into() } else { d.fate.to_string() };
        let text = match d.weight {
            Some(weight) => format!("{} ({weight})", d.text),
            None => d.text.clone(),
        };
        let cells = [
            d.handle.to_string(),
            format!("{from} -> {}", joined(&d.of)),
            text,
            fate,
            answers(&d.answers),
            joined(&d.r#move),
            maybe(d.since.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Page::list(asking, "demands", &lines, table.finish("No demand by then."))
}

/// `afghanistan: rejected`, one after the other.
pub(super) fn answers(answers: &[AnswerView]) -> String {
    joined(answers.iter().map(|a| match &a.part {
        Some(part) => format!("{}: {} ({part})", a.party, a.answer),
        None => format!("{}: {}", a.party, or_dash(Some(a.answer))),
    }))
}
