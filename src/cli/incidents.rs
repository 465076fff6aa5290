//! `talks incidents`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::domain::value::Range;
use crate::view::{TollView, incidents};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (incidents(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["EVENT", "WHEN", "INCIDENT", "PLACE", "STANDING"]);
    for line in &lines {
        let i = &line.item;
        let text = if i.aggregate { format!("{} (a total, never added to its parts)", i.text) } else { i.text.clone() };
        let cells =
            [i.event.to_string(), maybe(i.when.as_ref()), text, or_dash(i.place.as_ref()), i.standing.to_string()];
        table.line(line, cells.to_vec());
        i.tolls.iter().for_each(|view| table.under(&toll(view, names)));
    }
    Ok(Page::list(asking, "incidents", lines, &table.finish("No incident by then.")))
}

/// `Q1 Afghanistan: Pakistan combatants: 58 killed`.
pub(super) fn toll(view: &TollView, names: Names<'_>) -> String {
    let t = &view.toll;
    let claim = view.account.split(' ').next().unwrap_or_default();
    let account = view.by.as_ref().map_or(view.account.clone(), |by| format!("{claim} {}", names.of(by)));
    let whose = t.whose.as_ref().map(|party| format!("{} ", names.of(party))).unwrap_or_default();
    let count = |range: &Option<Range>, word: &str| range.map(|range| format!("{range} {word}"));
    let counts = [
        count(&t.killed, "killed"),
        count(&t.injured, "injured"),
        t.as_said.as_ref().map(|said| format!("\"{said}\"")),
    ];
    format!("{account}: {whose}{}: {}", t.class, joined(counts.into_iter().flatten()))
}
