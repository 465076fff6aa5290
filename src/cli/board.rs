//! `talks board`: every negotiation of a store, a line each.

use super::Context;
use super::dates::human;
use super::due::days;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Afterwards, Trouble, board};
use crate::view::BoardLine;

pub(super) fn page(context: &Context<'_>) -> Result<Page, Trouble> {
    let store = context.store()?;
    let mut table = Table::new(&["NEGOTIATION", "TALKS", "CEASEFIRE, MEASURES", "DEMANDS", "SILENCE", "NEXT", "ODD"]);
    let (reply, lines) = board(&store, &context.global.question(), &context.env, Afterwards::Remember)?;
    lines.iter().for_each(|line| table.row(cells(&line.negotiation, &line.data)));
    Ok(Page::of(reply, table.finish("There is none yet: talks open SLUG --title TITLE opens one.")))
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
