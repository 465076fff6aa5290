//! `talks deadlines`

use super::dates::{maybe, or_awaited};
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::deadlines;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = deadlines(&asking.asked());
    let mut table = Table::new(&["ID", "DEADLINE", "DUE", "STATE", "ABOUT", "BEFORE", "OTHERWISE"]);
    for line in &lines {
        let t = &line.item;
        let cells = [
            t.handle.to_string(),
            t.text.clone(),
            or_awaited(t.due.as_ref(), t.due_awaits.as_ref()),
            t.state.to_string(),
            or_dash(t.about.as_ref()),
            joined(t.earlier_dues.iter().map(|due| maybe(Some(due)))),
            joined(t.otherwise.iter().map(|o| format!("{}: {}", o.r#if, maybe(o.due.as_ref())))),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "deadlines", lines, &table.finish("No deadline by then.")))
}
