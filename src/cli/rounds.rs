//! `talks rounds`: when each sat, who was at the table, and what other sources report of it.

use super::args::RoundsArgs;
use super::dates::{human, maybe};
use super::names::Names;
use super::page::Page;
use super::table::{Table, joined, or_dash};
use crate::app::{Asking, Trouble};
use crate::domain::event::Delegation;
use crate::domain::ids::Handle;
use crate::view::{AccountView, InstantView, RoundView};

pub(super) fn page(asking: &Asking<'_>, args: &RoundsArgs) -> Result<Page, Trouble> {
    let (lines, names) = (asking.rounds(args.with.as_deref())?, Names::new(asking));
    let mut table =
        Table::new(&["ID", "PLACE", "STATE", "OUTCOME", "OPENED", "CLOSED", "SET FOR", "MEDIATORS", "CALLED"]);
    for line in &lines {
        let r = &line.item;
        let cells = [
            r.handle.to_string(),
            or_dash(r.place.as_ref()),
            r.state.to_string(),
            or_dash(r.outcome.as_ref()),
            maybe(r.opened.as_ref()),
            maybe(r.closed.as_ref()),
            maybe(r.scheduled_for.as_ref()),
            names.all(&r.mediators),
            joined(&r.called),
        ];
        table.line(line, cells.to_vec());
        seats(r, names).iter().for_each(|seats| table.under(seats));
        r.accounts.iter().filter_map(|account| told(asking, account)).for_each(|told| table.under(&told));
    }
    let none = if args.with.is_some() { "No round with that name by then." } else { "No round by then." };
    Ok(Page::list(asking, "rounds", lines, &table.finish(none)))
}

/// Who is at the table, then the people of each delegation that has any.
fn seats(r: &RoundView, names: Names<'_>) -> Vec<String> {
    let all = names.all(r.delegations.iter().map(|delegation| &delegation.party));
    let people = |delegation: &Delegation| {
        let head = delegation.head.iter().map(|head| format!("{head} (head)"));
        let people: Vec<String> = head.chain(delegation.members.iter().cloned()).collect();
        (!people.is_empty()).then(|| format!("for {}: {}", names.of(&delegation.party), people.join("; ")))
    };
    let table = (!r.delegations.is_empty()).then(|| format!("at the table: {all}"));
    table.into_iter().chain(r.delegations.iter().filter_map(people)).collect()
}

/// `S53 (newsx.com) qualifies e86: 29 Oct 2025; Doha; calls it "the first round"`
fn told(asking: &Asking<'_>, account: &AccountView) -> Option<String> {
    let says = account.says.as_ref()?;
    let zone = asking.asked().zone();
    let when = says.occurred.as_ref().map(|when| human(&InstantView::of(when, zone)));
    let called = says.called.as_ref().map(|called| format!("calls it \"{called}\""));
    let place = says.place.as_ref().map(|place| place.name.clone());
    let values: Vec<String> = [when, place, called, says.text.clone()].into_iter().flatten().collect();
    let who = joined(account.sources.iter().map(|source| named(asking, *source)));
    Some(format!("{who} {} {}: {}", account.stance, account.of, values.join("; "))).filter(|_| !values.is_empty())
}

fn named(asking: &Asking<'_>, source: Handle) -> String {
    let entry = asking.asked().all.ground.sources.get(&source).map(|record| &record.entry);
    let name = entry.and_then(|entry| entry.publisher.as_ref().or(entry.title.as_ref()));
    name.map_or_else(|| source.to_string(), |name| format!("{source} ({name})"))
}
