//! `talks ceasefires`

use super::dates::maybe;
use super::page::Page;
use super::table::{Table, joined};
use super::text::clean;
use crate::app::{Asking, Trouble};
use crate::view::{CeasefireView, Line, ceasefires};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = ceasefires(&asking.asked());
    let mut table =
        Table::new(&["ID", "CALLED", "PARTIES", "BY ITS TERMS", "OBSERVED", "SINCE", "UNTIL", "LAST HEARD"]);
    for line in &lines {
        let c = &line.item;
        let cells = [
            c.handle.to_string(),
            c.called.clone().unwrap_or_else(|| "ceasefire".into()),
            joined(&c.parties),
            terms(c),
            observed(c),
            maybe(c.since.as_ref()),
            maybe(c.until.as_ref()),
            maybe(c.last_heard.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    let mut human = table.finish("No ceasefire by then.");
    human.push_str(&details(&lines));
    Page::list(asking, "ceasefires", &lines, human)
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

/// The observed line in words: `strained: 2 incidents since it was confirmed, no violation alleged`.
pub(super) fn observed(c: &CeasefireView) -> String {
    let v = c.violations;
    let incidents = match c.incidents_since.len() {
        0 => String::new(),
        n => format!("{} since it was confirmed, ", counted(n, "incident")),
    };
    let violations = match v.alleged {
        0 => "no violation alleged".to_string(),
        n => format!("{} alleged, {} denied, {} acknowledged", counted(n, "violation"), v.denied, v.acknowledged),
    };
    format!("{}: {incidents}{violations}", c.observed)
}

/// `1 incident`, `2 incidents`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// What a table has no room for: gaps, and parties that stand differently.
fn details(lines: &[Line<CeasefireView>]) -> String {
    let mut text = String::new();
    for c in lines.iter().map(|line| &line.item) {
        for gap in &c.gaps {
            text.push_str(&format!(
                "{} did not hold from {} to {}\n",
                c.handle,
                maybe(Some(&gap.from)),
                maybe(Some(&gap.to))
            ));
        }
        let differ = c.by_party.values().any(|state| *state != c.state);
        for (party, state) in c.by_party.iter().filter(|_| differ) {
            text.push_str(&format!("{} for {}: {}\n", c.handle, clean(party.as_str()), state));
        }
    }
    text
}
