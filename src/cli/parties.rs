//! `talks parties`

use super::page::Page;
use super::table::{Table, joined};
use crate::app::{Asking, Trouble};
use crate::view::parties;

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let lines = parties(&asking.asked());
    let mut table = Table::new(&["PARTY", "NAME", "KIND", "ROLE", "PRESENT", "ALIASES", "CODES"]);
    for line in &lines {
        let p = &line.item;
        let cells = [
            p.party.to_string(),
            p.name.clone(),
            p.kind.to_string(),
            joined(&p.role),
            if p.present { "yes" } else { "no" }.to_string(),
            joined(&p.aliases),
            joined(p.codes.iter().map(|(scheme, code)| format!("{scheme} {}", code.0))),
        ];
        table.line(line, cells.to_vec());
    }
    Ok(Page::list(asking, "parties", lines, &table.finish("No party is declared.")))
}
