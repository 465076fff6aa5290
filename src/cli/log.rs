//! `talks log`

use super::args::LogArgs;
use super::dates::maybe;
use super::page::Page;
use super::table::{Table, joined, kind_words, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::LogLine;

pub(super) fn page(asking: &Asking<'_>, args: &LogArgs) -> Result<Page, Trouble> {
    let lines = asking.log(args.reverse, args.limit);
    let mut table = Table::new(&["EVENT", "KIND", "ID", "OCCURRED", "KNOWN FROM", "RECORDED", "NOTE", "WHAT"]);
    for line in &lines {
        let known = line.known.as_ref().map(|known| known.edtf.chars().take(10).collect::<String>());
        let cells = [
            line.event.to_string(),
            kind_words(&line.kind),
            or_dash(line.handle),
            maybe(line.occurred.as_ref()),
            or_dash(known),
            or_dash(line.recorded.as_ref()),
            note(line),
            line.text.clone(),
        ];
        table.row(cells.to_vec());
    }
    Ok(Page::list(asking, "events", lines, &table.finish("The log is empty.")))
}

/// What became of the record.
fn note(line: &LogLine) -> String {
    match (&line.unread, line.retracted_by) {
        (Some(why), _) => why.clone(),
        (None, Some(by)) => format!("retracted by {by}"),
        (None, None) if !line.corrected_by.is_empty() => format!("corrected by {}", joined(&line.corrected_by)),
        (None, None) => "-".into(),
    }
}
