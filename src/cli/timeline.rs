//! `talks timeline`

use std::collections::BTreeSet;

use super::args::TimelineArgs;
use super::dates::maybe;

use super::page::Page;
use super::strip;
use super::table::{Table, kind_words, or_dash};
use crate::app::{Asking, Trouble, party_named};
use crate::domain::event::Event;
use crate::domain::ids::Handle;
use crate::domain::value::Party;
use crate::view::{Line, TimelineEntry, timeline};

pub(super) fn page(asking: &Asking<'_>, args: &TimelineArgs) -> Result<Page, Trouble> {
    let wanted = Wanted::new(asking, args)?;
    let lines: Vec<_> = timeline(&asking.asked()).into_iter().filter(|line| wanted.has(&line.item)).collect();
    let asked = args.party.is_some() || args.kind.is_some() || args.source.is_some();
    let human = if args.strip {
        strip::text(&lines)
    } else if lines.is_empty() && asked {
        "No event matches.\n".into()
    } else {
        text(&lines)
    };
    Page::list(asking, "events", &lines, human)
}

/// The timeline as a table.
pub(super) fn text(lines: &[Line<TimelineEntry>]) -> String {
    let mut table = Table::new(&["EVENT", "WHEN", "KIND", "ID", "WHAT"]);
    let mut later = false;
    for line in lines {
        let e = &line.item;
        later |= e.not_yet_counted;
        let when = maybe(e.when.as_ref());
        let when = if e.not_yet_counted { format!("({when})") } else { when };
        table.line(line, vec![e.event.to_string(), when, kind_words(&e.kind), or_dash(e.handle), e.text.clone()]);
    }
    let mut text = table.finish("Nothing happened by then, as far as is known.");
    if later {
        text.push_str("() known to be over by that later day only, so not counted yet\n");
    }
    text
}

/// Which events are asked for; each name was found to be there.
struct Wanted {
    party: Option<Party>,
    kind: Option<String>,
    source: Option<Handle>,
}

impl Wanted {
    fn new(asking: &Asking<'_>, args: &TimelineArgs) -> Result<Wanted, Trouble> {
        Ok(Wanted {
            party: args.party.as_ref().map(|name| party_named(name, &asking.asked().all.ground)).transpose()?,
            kind: args.kind.as_ref().map(|name| kind(logged(asking), name)).transpose()?,
            source: args.source.as_ref().map(|name| source(asking, name)).transpose()?,
        })
    }

    fn has(&self, entry: &TimelineEntry) -> bool {
        self.party.as_ref().is_none_or(|party| entry.parties.contains(party))
            && self.kind.as_ref().is_none_or(|kind| entry.kind.starts_with(kind.as_str()))
            && self.source.is_none_or(|source| entry.sources.contains(&source))
    }
}

fn logged<'a>(asking: &'a Asking<'_>) -> impl Iterator<Item = &'a str> {
    asking.records().iter().map(|record| &*record.envelope.kind)
}

/// A kind, or how kinds begin; a kind of a newer version counts if the log has it.
pub(super) fn kind<'a>(logged: impl Iterator<Item = &'a str>, name: &str) -> Result<String, Trouble> {
    let wanted = name.trim().to_lowercase();
    if !wanted.is_empty() && Event::KINDS.iter().copied().chain(logged).any(|kind| kind.starts_with(&wanted)) {
        return Ok(wanted);
    }
    const HELP: &str = "talks help kinds lists them; talks log shows those of this log";
    let what = format!("no kind \"{name}\"");
    // `raised` is no beginning of a kind, and yet it is clear what was meant.
    let within: Vec<String> =
        Event::KINDS.iter().filter(|kind| kind.contains(&wanted)).map(ToString::to_string).collect();
    if !wanted.is_empty() && !within.is_empty() {
        let trouble = Trouble::usage("no-such-kind", what).because(format!("in full: {}", within.join(", ")));
        return Err(Trouble { candidates: within.into(), ..trouble.help(HELP) });
    }
    let words = Event::KINDS.iter().flat_map(|kind| kind.split('.'));
    let known: BTreeSet<String> = Event::KINDS.iter().copied().chain(words).map(String::from).collect();
    Err(Trouble::unknown("no-such-kind", what, name, &known.into_iter().collect::<Vec<_>>()).help(HELP))
}

fn source(asking: &Asking<'_>, name: &str) -> Result<Handle, Trouble> {
    let asked = asking.asked();
    let sources = &asked.all.ground.sources;
    let found = name.trim().to_uppercase().parse().ok().filter(|handle| sources.contains_key(handle));
    found.ok_or_else(|| {
        let known: Vec<String> = sources.keys().map(ToString::to_string).collect();
        Trouble::unknown("no-such-source", format!("no source \"{name}\" in this log"), name, &known)
            .help("talks sources")
    })
}
