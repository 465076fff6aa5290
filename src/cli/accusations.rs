//! `talks incidents --by-accuser`

use super::dates::maybe;
use super::incidents::toll;
use super::names::Names;
use super::page::{Page, header};
use super::table::{Table, joined};
use super::text::{BOLD, clean, counted, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::domain::value::Actor;
use crate::view::{AccusationView, AccuserCount, Line, LossView, accusations};

pub(super) fn page(asking: &Asking<'_>) -> Result<Page, Trouble> {
    let (found, names) = (accusations(&asking.asked()), Names::new(asking));
    let mut text = header(asking);
    if found.accusations.is_empty() {
        text.push_str("Nothing is laid to anybody by then.\n");
    }
    let mut rest = &found.accusations[..];
    for count in &found.counts {
        let (these, others) = rest.split_at(count.acts.min(rest.len()));
        rest = others;
        let head = styled(BOLD, indented(&clean(&count_text(count, names)), 0, width()).trim_end());
        text.push_str(&format!("{head}\n{}\n", group(these)));
    }
    text.push_str(&losses(&found.losses, names));
    Ok(Page::new(asking.answer(found), Some("accusations"), text))
}

/// The acts that one party lays to another.
fn group(lines: &[Line<AccusationView>]) -> String {
    let mut table = Table::new(&["ACT", "WHEN", "WHAT", "BREAKS", "ANSWER"]);
    for line in lines {
        let a = &line.item;
        let cells =
            [a.act.to_string(), maybe(a.when.as_ref()), a.text.clone(), joined(&a.violates), a.state.to_string()];
        table.line(line, cells.to_vec());
        if let Some(who) = a.accuser.as_ref().and_then(somebody) {
            table.under(&format!("the accuser is {who}"));
        }
    }
    table.finish("")
}

/// `an official (anonymous)`: who it is of the party, where that is told.
fn somebody(by: &Actor) -> Option<String> {
    let voice = by.voice.map(|voice| format!(" ({voice})")).unwrap_or_default();
    let is_somebody = by.who.is_some() || !voice.is_empty();
    is_somebody.then(|| format!("{}{voice}", by.who.as_deref().unwrap_or("somebody")))
}

/// `Pakistan lays 3 acts to Afghanistan: 1 denied, 2 unanswered`.
fn count_text(count: &AccuserCount, names: Names<'_>) -> String {
    let by = count.accuser.as_ref().map_or("The sources".into(), |by| names.of(by));
    let lays = if count.accuser.is_some() { "lays" } else { "lay" };
    let states = joined(count.by_state.iter().map(|(state, count)| format!("{count} {state}")));
    let to = count.accused.as_ref().map_or("nobody named".into(), |party| names.of(party));
    format!("{by} {lays} {} to {to}: {states}", counted(count.acts, "act"))
}

/// The figures of each side: those of others before its own.
fn losses(losses: &[LossView], names: Names<'_>) -> String {
    let mut table = Table::new(&["INCIDENT", "ACCOUNT", "FIGURES"]);
    for loss in losses {
        let sides = [("claimed", &loss.claimed), ("acknowledged", &loss.acknowledged), ("reported", &loss.reported)];
        for (account, tolls) in sides {
            for view in tolls {
                table.row(vec![loss.incident.to_string(), account.into(), toll(view, names)]);
            }
        }
    }
    if table.is_empty() {
        return String::new();
    }
    format!("{}\n{}", styled(BOLD, "Dead and injured, never summed"), table.finish(""))
}
