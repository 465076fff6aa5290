//! `talks watch`: what comes into a negotiation, as it comes.
//!
//! The version is looked at twice a second. Whoever reads the output goes away when they like.

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use super::args::WatchArgs;
use super::diff::event_text;
use super::replay::change_text;
use super::text::{BOLD, DIM, clean, indented, styled, width};
use super::timeline::kind;
use super::{Context, Page, complain, status};
use crate::app::{Arrival, Trouble, arrivals};

const PAUSE: Duration = Duration::from_millis(500);

pub(super) fn page(args: &WatchArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if !context.global.log.is_empty() {
        return Err(Trouble::usage("plain-log", "a store is watched, not a plain log")
            .help("talks init and talks import FILE put it into a store"));
    }
    if context.global.cut.recorded_by.is_some() {
        return Err(Trouble::usage("recorded-by", "what comes in is recorded from now on")
            .help("leave --recorded-by out; --after e7 begins with what came after e7"));
    }
    let wanted = args.exit_on.as_ref().map(|name| kind(std::iter::empty(), name)).transpose()?;
    let store = context.store()?;
    let slug = store.choose(context.global.negotiation.as_deref())?;
    let mut stands = args.after.map_or_else(|| version(context, &slug), Ok)?;
    if !context.global.quiet && !context.global.json {
        let text = clean(&format!("Watching {slug} from e{stands} on; Ctrl-C ends it"));
        let _ = anstream::stderr().lock().write_all(format!("{}\n", styled(DIM, &text)).as_bytes());
    }
    loop {
        if version(context, &slug)? > stands {
            let context = Context::now(context.global);
            for arrival in arrivals(&context.store()?.book(&slug)?, stands, &context.global.question(), &context.env)? {
                stands = arrival.record.event.0;
                let is_last = wanted.as_ref().is_some_and(|kind| arrival.record.kind.starts_with(kind.as_str()));
                if !printed(&arrival, &context)? || is_last {
                    return Ok(Page::silent());
                }
            }
            if args.status {
                context.ask_state(status::page)?.print(context.global)?;
            }
        }
        sleep(PAUSE);
    }
}

/// At which version the log stands; the store is opened anew, for it may have been moved away.
fn version(context: &Context<'_>, slug: &str) -> Result<u64, Trouble> {
    let all = context.store()?.negotiations()?;
    let gone = || Trouble::failed("no-negotiation", format!("{slug} is no longer in the store"));
    all.into_iter().find(|(name, ..)| name == slug).map(|(_, version, _)| version).ok_or_else(gone)
}

/// Whether somebody still reads it.
fn printed(arrival: &Arrival, context: &Context<'_>) -> Result<bool, Trouble> {
    let text = if context.global.json {
        let line = serde_json::to_string(arrival).map_err(|error| Trouble::failed("json", error.to_string()))?;
        format!("{line}\n")
    } else {
        arrival_text(arrival)
    };
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Trouble::failed("output", format!("can't write the output: {}", complain::plain(&error)))),
    }
}

fn arrival_text(arrival: &Arrival) -> String {
    let record = &arrival.record;
    let handle = record.handle.map(|handle| format!("  {handle}")).unwrap_or_default();
    let when = record.occurred.as_ref().map(|when| format!("  {}", super::dates::human(when))).unwrap_or_default();
    let head = clean(&format!("{}  {}{handle}{when}", record.event, record.kind));
    let by = match (&record.recorder, &record.recorded) {
        (Some(recorder), Some(at)) => format!("recorded by {recorder}, {at}"),
        (None, Some(at)) => format!("recorded {at}"),
        _ => String::new(),
    };
    let changes = arrival.changes.iter().map(change_text).chain(arrival.events.iter().map(event_text));
    let changes: String = changes.collect();
    let text = indented(&clean(&record.text), 2, width());
    format!("{}\n{text}  {}\n{changes}", styled(BOLD, &head), styled(DIM, &clean(&by)))
}
