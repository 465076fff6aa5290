//! `talks ceasefires`

use super::dates::{maybe, or_awaited};
use super::names::Names;
use super::page::Page;
use super::table::Table;
use crate::app::{Asking, Trouble};
use crate::domain::ceasefire::Nominal;
use crate::domain::value::Party;
pub(super) use crate::view::words::{observed, terms};
use crate::view::{CeasefireView, GapView, ceasefires};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (ceasefires(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "CALLED", "PARTIES", "BY ITS TERMS", "SINCE", "UNTIL", "LAST HEARD"]);
    for line in &lines {
        let c = &line.item;
        let cells = [
            c.handle.to_string(),
            c.called.clone().unwrap_or_else(|| "ceasefire".into()),
            names.all(&c.parties),
            terms(c),
            maybe(c.since.as_ref()),
            or_awaited(c.until.as_ref(), c.until_awaits.as_ref()),
            maybe(c.last_heard.as_ref()),
        ];
        table.line(line, cells.to_vec());
        table.under(&observed(c));
        details(c, names).iter().for_each(|detail| table.under(detail));
    }
    Ok(Page::list(asking, "ceasefires", lines, &table.finish("No ceasefire by then.")))
}

/// What a table has no room for: gaps, and parties that stand differently.
fn details(c: &CeasefireView, names: Names<'_>) -> Vec<String> {
    let gap = |gap: &GapView| format!("did not hold from {} to {}", maybe(Some(&gap.from)), maybe(Some(&gap.to)));
    let mut details: Vec<String> = c.gaps.iter().map(gap).collect();
    if c.by_party.values().any(|state| *state != c.state) {
        let of = |(party, state): (&Party, &Nominal)| format!("for {}: {state}", names.of(party));
        details.extend(c.by_party.iter().map(of));
    }
    details
}
