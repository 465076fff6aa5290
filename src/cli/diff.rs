//! `talks diff`

use serde_json::json;

use super::Context;
use super::page::{Page, header};
use super::replay::change_text;
use super::text::{DIM, clean, styled};
use crate::app::{Asking, Differ, Trouble};

pub(super) fn page(from: &str, to: Option<&str>, context: &Context<'_>) -> Result<Page, Trouble> {
    let book = context.book()?;
    let question = context.global.question();
    let differ = Differ::new(&book, from, to, &question, &context.env)?;
    let to = to.map(Into::into).or_else(|| question.as_of.clone());
    let after = Asking::new(&book, &crate::app::Question { as_of: to, ..question }, &context.env)?;
    let span = format!("Since {}:", differ.from.echo);
    let mut text = format!("{}{}\n", header(&after), styled(DIM, &clean(&span)));
    if differ.changes.is_empty() {
        text.push_str("Nothing changed, as far as is known.\n");
    }
    differ.changes.iter().for_each(|change| text.push_str(&change_text(change)));
    let data = json!({ "from": differ.from.view, "to": differ.to.view, "changes": differ.changes });
    Page::new(&after.answer(data), Some("changes"), text)
}
