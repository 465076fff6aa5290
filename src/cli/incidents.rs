//! `talks incidents`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::domain::value::{Party, Range};
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
    Page::list(asking, "incidents", &lines, table.finish("No incident by then."))
}

/// `Q1 Afghanistan: Pakistan combatants: 58 killed`.
fn toll(view: &TollView, names: Names<'_>) -> String {
    let t = &view.toll;
    let account = match view.account.split_once(' ') {
        Some((claim, party)) if claim.starts_with('Q') => format!("{claim} {}", names.of(&Party(party.into()))),
        _ => view.account.clone(),
    };
    let whose = t.whose.as_ref().map(|party| format!("{} ", names.of(party))).unwrap_or_default();
    let count = |range: &Option<Range>, word: &str| range.map(|range| format!("{} {word}", figure(range)));
    let counts = [
        count(&t.killed, "killed"),
        count(&t.injured, "injured"),
        t.as_said.as_ref().map(|said| format!("\"{said}\"")),
    ];
    format!("{account}: {whose}{}: {}", t.class, joined(counts.into_iter().flatten()))
}

/// `10`, `7..12`, `7 or more`, `up to 12`.
fn figure(range: Range) -> String {
    match (range.low, range.best, range.high) {
        (Some(low), _, Some(high)) if low == high => low.to_string(),
        (Some(low), _, Some(high)) => format!("{low}..{high}"),
        (None, Some(best), Some(high)) if best == high => best.to_string(),
        (None, best, Some(high)) => best.map_or(format!("up to {high}"), |best| format!("{best}..{high}")),
        (Some(low), _, None) => format!("{low} or more"),
        (None, Some(best), None) => format!("about {best}"),
        (None, None, None) => "-".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_end_is_shown_as_open() {
        let range = |low, best, high| figure(Range { low, best, high });
        assert_eq!(range(Some(58), Some(58), Some(58)), "58");
        assert_eq!(range(Some(7), None, Some(8)), "7..8");
        assert_eq!(range(Some(1), Some(1), None), "1 or more");
        assert_eq!(range(None, Some(10), None), "about 10");
        assert_eq!(range(None, None, Some(10)), "up to 10");
    }
}
