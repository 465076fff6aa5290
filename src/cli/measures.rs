//! `talks measures`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::measures;

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
            maybe(until),
            or_dash(m.days),
        ];
        table.line(line, cells.to_vec());
    }
    Page::list(asking, "measures", &lines, table.finish("No measure by then."))
}
