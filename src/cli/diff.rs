//! `talks diff`

use serde_json::json;

use super::Context;
use super::page::{Page, header};
use super::replay::change_text;
use super::text::{DIM, clean, styled};
use crate::app::{Differ, Trouble};

pub(super) fn page(from: &str, to: Option<&str>, context: &Context<'_>) -> Result<Page, Trouble> {
    let book = context.book()?;
    let Differ { from, after, changes } = Differ::new(&book, from, to, &context.global.question(), &context.env)?;
    let span = format!("Since {}:", from.echo);
    let mut text = format!("{}{}\n", header(&after), styled(DIM, &clean(&span)));
    if changes.is_empty() {
        text.push_str("Nothing changed, as far as is known.\n");
    }
    changes.iter().for_each(|change| text.push_str(&change_text(change)));
    let data = json!({ "from": from.view, "to": after.as_of.view, "changes": changes });
    Page::new(&after.answer(data), Some("changes"), text)
}
