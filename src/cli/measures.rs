//! `talks measures`

use super::dates::{maybe, or_awaited};
use super::names::Names;
use super::page::Page;
use super::table::{Table, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::{MeasureView, measures};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (measures(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "TYPE", "MEASURE", "BY", "AGAINST", "STATE", "SINCE", "UNTIL", "DAYS"]);
    for line in &lines {
        let m = &line.item;
        let until = m.lifted.as_ref().or(m.until.as_ref());
        let cells = [
            m.handle.to_string(),
            m.r#type.to_string(),
            or_dash(m.text.as_ref()),
            names.all(&m.by),
            names.all(&m.against),
            m.state.to_string(),
            maybe(m.since.as_ref()),
            or_awaited(until, m.until_awaits.as_ref()),
            days(m),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "measures", lines, &table.finish("No measure by then.")))
}

/// The day it is in, or how many it had: `day 146`, `148`.
pub(super) fn days(m: &MeasureView) -> String {
    m.day.map_or_else(|| or_dash(m.days), |day| format!("day {day}"))
}
