//! `talks timeline`

use super::args::TimelineArgs;
use super::dates::maybe;
use super::page::Page;
use super::table::{Table, kind_words, or_dash};
use crate::app::{Asking, Trouble};
use crate::view::{Line, TimelineEntry, timeline};

pub(super) fn page(asking: &Asking<'_>, args: &TimelineArgs) -> Result<Page, Trouble> {
    let lines: Vec<_> = timeline(&asking.asked()).into_iter().filter(|line| is_wanted(&line.item, args)).collect();
    let asked = args.party.is_some() || args.kind.is_some() || args.source.is_some();
    let human = if lines.is_empty() && asked { "No event matches.\n".into() } else { text(&lines) };
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

fn is_wanted(entry: &TimelineEntry, args: &TimelineArgs) -> bool {
    let party =
        args.party.as_ref().is_none_or(|wanted| entry.parties.iter().any(|p| p.as_str().eq_ignore_ascii_case(wanted)));
    let kind = args.kind.as_ref().is_none_or(|wanted| entry.kind.starts_with(wanted.as_str()));
    let source = args.source.as_ref().is_none_or(|wanted| entry.sources.iter().any(|s| s.to_string() == *wanted));
    party && kind && source
}
