//! `talks diff`

use super::Context;
use super::args::{ClockArg, DiffArgs};
use super::dates::human;
use super::page::{Page, header};
use super::readings;
use super::replay::change_text;
use super::table::joined;
use super::text::{DIM, WARN, clean, counted, indented, styled, width};
use crate::app::{Between, DiffClock, Differ, Trouble};
use crate::view::{Became, Difference, EventChange};

pub(super) fn page(args: &DiffArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let book = context.book()?;
    if let [first, second] = &args.between[..] {
        return readings::page(&Between::new(&book, (first, second), &context.global.question(), &context.env)?);
    }
    let from = args.since.as_ref().or(args.from.as_ref()).map(String::as_str).unwrap_or_default();
    let (clock, what) = match args.clock {
        ClockArg::World => (DiffClock::World, "Since"),
        ClockArg::Knowledge => (DiffClock::Knowledge, "As reported since"),
        ClockArg::Recording => (DiffClock::Recording, "As recorded since"),
    };
    let days = (from, args.to.as_deref());
    let Differ { from, after, difference } = Differ::new(&book, days, clock, &context.global.question(), &context.env)?;
    let span = format!("{what} {}:", from.echo);
    let mut text = format!("{}{}\n", header(&after), styled(DIM, &clean(&span)));
    let Difference { changes, events, .. } = &difference;
    if changes.is_empty() && events.is_empty() {
        text.push_str("Nothing changed, as far as is known.\n");
    }
    changes.iter().for_each(|change| text.push_str(&change_text(change)));
    text.push_str(&events_text(events));
    Ok(Page::new(after.answer(difference), Some("changes"), text))
}

/// What was corrected or fell out, one by one; what came in is counted, for the lines above tell of it.
fn events_text(events: &[EventChange]) -> String {
    let came = events.iter().filter(|event| event.became == Became::Counted).count();
    let mut text = String::new();
    if came > 0 {
        text.push_str(&format!(
            "{}\n",
            styled(DIM, &format!("{} more that count: talks timeline", counted(came, "event")))
        ));
    }
    text.extend(events.iter().filter(|event| event.became != Became::Counted).map(event_text));
    text
}

/// What became of one event.
pub(super) fn event_text(event: &EventChange) -> String {
    let what = match event.became {
        Became::Counted => "counts".to_string(),
        Became::Gone => "counts no more".to_string(),
        Became::Corrected => format!("corrected by {}{}", joined(&event.by), moved(event)),
    };
    let line = clean(&format!("{} {what}: {}", event.event, event.text));
    format!("    {} {}", styled(WARN, "~"), indented(&line, 6, width()).trim_start())
}

fn moved(event: &EventChange) -> String {
    match (&event.before, &event.after) {
        (Some(before), Some(after)) if before.edtf != after.edtf => format!(", {} -> {}", human(before), human(after)),
        _ => String::new(),
    }
}
