//! `talks commitments`

use super::dates::or_awaited;
use super::names::Names;
use super::page::Page;
use super::table::Table;
use crate::app::{Asking, Trouble};
use crate::view::commitments;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (commitments(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "OWED BY -> TO", "COMMITMENT", "DUE", "LEVEL", "STATE"]);
    for line in &lines {
        let k = &line.item;
        let level = k.level.map_or("-".into(), |level| format!("{} of 3", level.0));
        let state = if k.late { format!("{}, late", k.state) } else { k.state.to_string() };
        let cells = [
            k.handle.to_string(),
            format!("{} -> {}", names.all(&k.by), names.all(&k.to)),
            k.text.clone(),
            or_awaited(k.due.as_ref(), k.due_awaits.as_ref()),
            level,
            state,
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "commitments", lines, &table.finish("No commitment by then.")))
}
