//! `talks ceasefires`

use super::dates::{maybe, or_awaited};
use super::names::Names;
use super::page::Page;
use super::table::Table;
use super::text::counted;
use crate::app::{Asking, Trouble};
use crate::domain::ceasefire::Nominal;
use crate::domain::value::Party;
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
    Page::list(asking, "ceasefires", &lines, table.finish("No ceasefire by then."))
}

/// The nominal line in words: `in-force (day 8)`, `superseded by C2`.
pub(super) fn terms(c: &CeasefireView) -> String {
    match (c.superseded_by, c.day, c.how) {
        (Some(by), ..) => format!("superseded by {by}"),
        (None, Some(day), _) => format!("{} (day {day})", c.state),
        (None, None, Some(how)) => format!("{}: {how}", c.state),
        (None, None, None) => c.state.to_string(),
    }
}

/// The observed line in words: `strained: 2 incidents since last agreed or confirmed, no violation alleged`.
pub(super) fn observed(c: &CeasefireView) -> String {
    let v = c.violations;
    let incidents = match c.incidents_since.len() {
        0 => String::new(),
        n => format!("{} since last agreed or confirmed, ", counted(n, "incident")),
    };
    let violations = match v.alleged {
        0 => "no violation alleged".to_string(),
        n => format!("{} alleged, {} denied, {} acknowledged", counted(n, "violation"), v.denied, v.acknowledged),
    };
    format!("{}: {incidents}{violations}", c.observed)
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
