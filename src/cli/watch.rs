//! `talks watch`: what comes into a negotiation, as it comes.
//!
//! The version is looked at twice a second; of a plain log, the file. Whoever reads the output goes away when they like.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::args::{Global, WatchArgs};
use super::diff::event_text;
use super::replay::change_text;
use super::text::{BOLD, DIM, clean, indented, styled, width};
use super::{Context, Page, complain, load, status};
use crate::app::{Arrival, Book, Trouble, arrivals, kind_named};
use crate::view::clean_json;

const PAUSE: Duration = Duration::from_millis(500);

pub(super) fn page(args: &WatchArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if context.global.log.iter().any(|file| file.as_path() == Path::new("-")) {
        return Err(Trouble::usage("plain-log", "standard input can be read once, and not be watched")
            .help("talks watch --log FILE.jsonl follows a file"));
    }
    if context.global.cut.recorded_by.is_some() {
        return Err(Trouble::usage("recorded-by", "what comes in is recorded from now on")
            .help("leave --recorded-by out; --after e7 begins with what came after e7"));
    }
    let wanted = args.exit_on.as_ref().map(|name| kind_named(std::iter::empty(), name)).transpose()?;
    let mut watched = Watched::new(context)?;
    let first = watched.version(context)?;
    let mut stands = args.after.unwrap_or(first);
    if !context.global.quiet && !context.global.json {
        let text = clean(&format!("Watching {} from e{stands} on; Ctrl-C ends it", watched.name));
        let _ = anstream::stderr().lock().write_all(format!("{}\n", styled(DIM, &text)).as_bytes());
    }
    loop {
        if watched.version(context)? > stands {
            let context = Context::now(context.global);
            let question = context.global.question();
            for arrival in arrivals(&watched.book(&context)?, stands, usize::MAX, &question, &context.env)? {
                stands = arrival.record.event.0;
                let is_last = wanted.as_ref().is_some_and(|kind| arrival.record.kind.starts_with(kind.as_str()));
                if !printed(&arrival, &context)? || is_last {
                    return Ok(Page::silent());
                }
            }
            if args.status {
                status::page(&context)?.print(context.global)?;
            }
        }
        sleep(PAUSE);
    }
}

/// What is watched.
struct Watched {
    name: String,
    /// A plain log, as it was last read: how long its files were, and what stood in them.
    file: Option<(Vec<u64>, Book)>,
}

impl Watched {
    fn new(context: &Context<'_>) -> Result<Watched, Trouble> {
        if !context.global.log.is_empty() {
            let (lengths, book) = (lengths(context.global), load::book(context.global)?);
            return Ok(Watched { name: book.name.clone(), file: Some((lengths, book)) });
        }
        let name = context.store()?.choose(context.global.negotiation.as_deref())?;
        Ok(Watched { name, file: None })
    }

    /// At which version the log stands. A store is opened anew, for it may have been moved away; a file is read anew once it has
    /// another length, and left for later while its last line is being written.
    fn version(&mut self, context: &Context<'_>) -> Result<u64, Trouble> {
        let Some((known, book)) = &mut self.file else {
            let all = context.store()?.negotiations()?;
            let gone = || Trouble::failed("no-negotiation", format!("{} is no longer in the store", self.name));
            return all
                .into_iter()
                .find(|(name, ..)| *name == self.name)
                .map(|(_, version, _)| version)
                .ok_or_else(gone);
        };
        let found = lengths(context.global);
        if found != *known && context.global.log.iter().all(|file| ends_a_line(file)) {
            (*known, *book) = (found, load::again(context.global)?);
        }
        Ok(book.records.len() as u64)
    }

    fn book(&self, context: &Context<'_>) -> Result<Book, Trouble> {
        match &self.file {
            Some((_, book)) => Ok(book.clone()),
            None => context.store()?.book(&self.name),
        }
    }
}

fn lengths(global: &Global) -> Vec<u64> {
    global.log.iter().map(|file| std::fs::metadata(file).map_or(0, |found| found.len())).collect()
}

/// Whether a file is there, and its last line is whole.
fn ends_a_line(path: &Path) -> bool {
    let last = |mut file: File| {
        file.seek(SeekFrom::End(-1))?;
        let mut byte = [0];
        file.read_exact(&mut byte).map(|()| byte)
    };
    File::open(path).and_then(last).is_ok_and(|byte| byte == *b"\n")
}

/// Whether somebody still reads it.
fn printed(arrival: &Arrival, context: &Context<'_>) -> Result<bool, Trouble> {
    let text = if context.global.json {
        let line = serde_json::to_string(arrival).map_err(|error| Trouble::failed("json", error.to_string()))?;
        clean_json(&format!("{line}\n"))
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
