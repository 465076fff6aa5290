//! `talks claims`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined};
use crate::app::{Asking, Trouble};
use crate::view::claims;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (claims(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "BY", "CLAIM", "STANDING", "DENIED BY", "CONFIRMED BY", "RIVALS", "SINCE"]);
    for line in &lines {
        let q = &line.item;
        let voice = q.by.voice.map(|voice| format!(" ({voice})")).unwrap_or_default();
        let cells = [
            q.handle.to_string(),
            format!("{}{voice}", names.of(&q.by.party)),
            q.text.clone(),
            q.standing.to_string(),
            names.all(&q.denied_by),
            names.all(&q.confirmed_by),
            joined(&q.rivals),
            maybe(q.since.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "claims", lines, &table.finish("No claim by then.")))
}
