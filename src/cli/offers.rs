//! `talks offers`

use super::dates::maybe;
use super::demands::answers;
use super::page::Page;
use super::table::{Table, joined};
use crate::app::{Asking, Trouble};
use crate::view::offers;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = offers(&asking.asked());
    let mut table = Table::new(&["ID", "FROM -> TO", "OFFER", "STATE", "ANSWERS", "MOVE", "SINCE"]);
    for line in &lines {
        let o = &line.item;
        let text = if o.r#final { format!("{} (final)", o.text) } else { o.text.clone() };
        let state = match o.superseded_by {
            Some(by) => format!("{} by {by}", o.state),
            None => o.state.to_string(),
        };
        let cells = [
            o.handle.to_string(),
            format!("{} -> {}", joined(o.by.iter().map(|actor| &actor.party)), joined(&o.to)),
            text,
            state,
            answers(&o.answers),
            joined(&o.r#move),
            maybe(o.since.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Page::list(asking, "offers", &lines, table.finish("No offer by then."))
}
