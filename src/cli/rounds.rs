//! `talks rounds`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::rounds;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (rounds(&asking.asked()), Names::new(asking));
    let mut table =
        Table::new(&["ID", "PLACE", "STATE", "OUTCOME", "OPENED", "CLOSED", "SET FOR", "MEDIATORS", "CALLED"]);
    for line in &lines {
        let r = &line.item;
        let cells = [
            r.handle.to_string(),
            or_dash(r.place.as_ref()),
            r.state.to_string(),
            or_dash(r.outcome.as_ref()),
            maybe(r.opened.as_ref()),
            maybe(r.closed.as_ref()),
            maybe(r.scheduled_for.as_ref()),
            names.all(&r.mediators),
            joined(&r.called),
        ];
        table.line(line, cells.to_vec());
    }
    Page::list(asking, "rounds", &lines, table.finish("No round by then."))
}
