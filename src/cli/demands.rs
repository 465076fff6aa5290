//! `talks demands`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::Table;
use crate::app::{Asking, Trouble};
use crate::view::demands;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (demands(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "FROM -> TO", "DEMAND", "FATE", "ANSWERS", "MOVE", "SINCE"]);
    for line in &lines {
        let d = &line.item;
        let from = names.all(d.by.iter().map(|actor| &actor.party));
        let fate =
            if d.accepted_not_implemented { "open: accepted, not implemented".into() } else { d.fate.to_string() };
        let text = match d.weight {
            Some(weight) => format!("{} ({weight})", d.text),
            None => d.text.clone(),
        };
        let cells = [
            d.handle.to_string(),
            format!("{from} -> {}", names.all(&d.of)),
            text,
            fate,
            names.answers(&d.answers),
            names.all(&d.r#move),
            maybe(d.since.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "demands", lines, &table.finish("No demand by then.")))
}
