//! `talks sources`

use super::dates::maybe;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::sources;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = sources(&asking.asked());
    let mut table = Table::new(&["ID", "TITLE", "PUBLISHER", "PUBLISHED", "CITED BY"]);
    for line in &lines {
        let s = &line.item;
        let cells = [
            s.handle.to_string(),
            or_dash(s.title.as_ref()),
            or_dash(s.publisher.as_ref()),
            maybe(s.published.as_ref()),
            joined(&s.cited_by),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "sources", lines, &table.finish("No source is registered.")))
}
