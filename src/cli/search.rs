//! `talks search`: the events in which words stand.

use super::page::Page;
use super::table::or_dash;
use super::text::{BOLD, DIM, clean, counted, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::view::{Found, search};

/// More places of one event than these are counted, not listed.
const PLACES_SHOWN: usize = 3;

pub(super) fn page(asking: &Asking<'_>, words: &[String]) -> Result<Page, Trouble> {
    let words = words.join(" ");
    let all = search(&asking.asked(), &words);
    let mut text = String::new();
    all.iter().for_each(|found| text.push_str(&found_text(found)));
    text.push_str(&format!(
        "{}\n",
        styled(DIM, &format!("{} with \"{}\"", counted(all.len(), "event"), clean(&words)))
    ));
    Ok(Page::list(asking, "found", all, &text))
}

fn found_text(found: &Found) -> String {
    let when = found.when.as_ref().map(super::dates::human);
    let head = format!("{}  {}  {}  {}", found.event, or_dash(found.handle), or_dash(when), found.kind);
    let mut text = format!("{}\n", styled(BOLD, &clean(&head)));
    for place in found.places.iter().take(PLACES_SHOWN) {
        text.push_str(&indented(&clean(&format!("{}: {}", place.field, place.excerpt)), 4, width()));
    }
    let more = found.places.len().saturating_sub(PLACES_SHOWN);
    if more > 0 {
        text.push_str(&format!("    and {}\n", counted(more, "more place")));
    }
    text
}
