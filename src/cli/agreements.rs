//! `talks agreements`

use super::dates::maybe;
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::agreements;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (lines, names) = (agreements(&asking.asked()), Names::new(asking));
    let mut table = Table::new(&["ID", "TITLE", "STAGE", "FORM", "BY PARTY", "REACHED", "SIGNED", "UNTIL"]);
    for line in &lines {
        let a = &line.item;
        let stage = match a.superseded_by {
            Some(by) => format!("superseded by {by}"),
            None => a.stage.to_string(),
        };
        let cells = [
            a.handle.to_string(),
            or_dash(a.title.as_ref()),
            stage,
            or_dash(a.form),
            joined(a.by_party.iter().map(|(party, stage)| format!("{}: {stage}", names.of(party)))),
            maybe(a.reached.as_ref()),
            maybe(a.signed.as_ref()),
            maybe(a.until.as_ref()),
        ];
        table.line(line, cells.to_vec());
    }
    Page::list(asking, "agreements", &lines, table.finish("No agreement by then."))
}
