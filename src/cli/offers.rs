//! `talks offers`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::Table;
use crate::app::{Asking, Trouble};
use crate::view::offers;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (offers(&asking.asked()), Names::new(asking));
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
            format!("{} -> {}", names.all(o.by.iter().map(|actor| &actor.party)), names.all(&o.to)),
            text,
            state,
            names.answers(&o.answers),
            names.all(&o.r#move),
            maybe(o.since.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "offers", lines, &table.finish("No offer by then.")))
}
