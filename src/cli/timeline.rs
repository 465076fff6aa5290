//! `talks timeline`

use super::args::TimelineArgs;
use super::dates::maybe;
use super::page::Page;
use super::strip;
use super::table::{Table, kind_words, or_dash};
use crate::app::{Asking, Filter, Trouble};
use crate::view::{Line, TimelineEntry};

pub(super) fn page(asking: &Asking<'_>, args: &TimelineArgs) -> Result<Page, Trouble> {
    let TimelineArgs { party, kind, source, .. } = args;
    let filter = Filter { party: party.clone(), kind: kind.clone(), source: source.clone() };
    let lines = asking.timeline(&filter)?;
    let human = if args.strip {
        strip::text(&lines)
    } else if lines.is_empty() && filter.is_set() {
        "No event matches.\n".into()
    } else {
        text(&lines)
    };
    Ok(Page::list(asking, "events", lines, &human))
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
