//! `talks due`: what waits for a date, and what waits for somebody.

use super::dates::{human, maybe};
use super::names::Names;
use super::page::{Page, header};
use super::table::{Table, or_dash};
use super::text::{BOLD, counted, styled};
use crate::app::{Asking, Trouble};
pub(super) use crate::view::words::days;
use crate::view::{DueList, due_list};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (list, names) = (due_list(&asking.asked()), Names::new(asking));
    let dates = dates(&list);
    let text = format!(
        "{}{}\n{dates}\n{}\n{}",
        header(asking),
        styled(BOLD, "Dates, the overdue first"),
        styled(BOLD, "Answers awaited, the oldest first"),
        awaited(&list, names)
    );
    Ok(Page::new(asking.answer(list), Some("due"), text))
}

fn dates(list: &DueList) -> String {
    let mut table = Table::new(&["ID", "WHAT", "DUE", "", "ABOUT"]);
    for line in &list.due {
        let d = &line.item;
        table.line(line, vec![or_dash(d.handle), d.what.to_string(), human(&d.due), days(d), d.text.clone()]);
    }
    table.finish("Nothing waits for a date.")
}

fn awaited(list: &DueList, names: Names<'_>) -> String {
    let mut table = Table::new(&["ID", "MOVE", "AGE", "SINCE", "DEMAND"]);
    for line in &list.awaited {
        let d = &line.item;
        let age = d.age_days.map(|days| counted(usize::try_from(days).unwrap_or(0), "day"));
        let cells = [d.handle.to_string(), names.all(&d.r#move), or_dash(age), maybe(d.since.as_ref()), d.text.clone()];
        table.line(line, cells.to_vec());
    }
    table.finish("No answer is awaited.")
}
