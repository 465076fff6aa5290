//! `talks board`: every negotiation of a store, a line each.

use serde_json::{Value, json};

use super::Context;
use super::dates::human;
use super::due::days;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::{BoardLine, board_line};

pub(super) fn page(context: &Context<'_>) -> Result<Page, Trouble> {
    let store = context.store()?;
    let mut table = Table::new(&["NEGOTIATION", "TALKS", "CEASEFIRE, MEASURES", "DEMANDS", "SILENCE", "NEXT", "ODD"]);
    let mut lines = Vec::new();
    for (slug, ..) in store.negotiations()? {
        let line = context.ask_of(&store, &slug, |asking: &Asking<'_>| {
            let line = board_line(&asking.asked());
            let answer = serde_json::to_value(asking.answer(&line));
            Ok((answer.map_err(|error| Trouble::failed("json", error.to_string()))?, line))
        })?;
        table.row(cells(&slug, &line.1));
        lines.push(line.0);
    }
    let none = "There is none yet: talks open SLUG --title TITLE opens one.";
    let json = json!({ "data": { "negotiations": Value::Array(lines) } });
    Ok(Page::table(json, "negotiations", table.finish(none)))
}

fn cells(slug: &str, line: &BoardLine) -> Vec<String> {
    let ceasefire = line.ceasefire.as_ref().map(|c| format!("{} {}, {}", c.handle, c.state, c.observed));
    let restraints = ceasefire.into_iter().chain(line.measures.iter().map(|m| format!("{m} in effect")));
    let next = line.next.as_ref().map(|next| {
        let d = &next.item;
        format!("{} {} {}", human(&d.due), d.text, days(d))
    });
    vec![
        slug.into(),
        line.talks.to_string(),
        joined(restraints),
        format!("{} open", line.open_demands),
        or_dash(line.silence_days.map(|days| format!("{days} d"))),
        or_dash(next),
        if line.anomalies == 0 { "-".into() } else { line.anomalies.to_string() },
    ]
}
