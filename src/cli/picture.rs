//! `talks timeline --svg` and `talks incidents --svg`: pictures for a report.

use super::Context;
use super::args::Picture;
use super::page::{Page, dates};
use crate::app::{Asking, Trouble};
use crate::exchange::typed::typed_when;
use crate::picture::{self, Caption, Window};
use crate::view::{Asked, courses, incidents};

pub(super) fn timeline(asking: &Asking<'_>, args: &Picture, context: &Context<'_>) -> Result<Page, Trouble> {
    let asked = asking.asked();
    let (all, entries, window) = (courses(&asked), crate::view::timeline(&asked), window(args, &asked, context)?);
    let svg = picture::timeline(&all, &incidents(&asked), &entries, window, &caption(asking));
    let data = serde_json::json!({ "courses": all });
    Ok(Page::new(asking.answer(data), None, svg))
}

pub(super) fn losses(asking: &Asking<'_>, args: &Picture, context: &Context<'_>) -> Result<Page, Trouble> {
    let asked = asking.asked();
    let (all, window) = (incidents(&asked), window(args, &asked, context)?);
    let svg = picture::losses(&all, window, &caption(asking));
    Ok(Page::new(asking.answer(serde_json::json!({ "incidents": all })), None, svg))
}

fn caption(asking: &Asking<'_>) -> Caption {
    let frame = asking.answer(());
    let upto = frame.version.map(|version| format!(" up to e{version}")).unwrap_or_default();
    let root = frame.root.map(|root| format!(", root {root}")).unwrap_or_default();
    Caption {
        title: super::page::title(asking).to_string(),
        subtitle: dates(asking),
        foot: format!("{}{upto}{root}. talks {}", frame.negotiation, env!("CARGO_PKG_VERSION")),
    }
}

/// The days that are shown, as they were typed.
fn window(args: &Picture, asked: &Asked<'_>, context: &Context<'_>) -> Result<Window, Trouble> {
    let zone = asked.zone();
    let span = |text: &String| Ok::<_, Trouble>(typed_when(text, context.env.now, zone)?.when.span(zone));
    let from = args.from.as_ref().map(span).transpose()?.filter(|span| !span.start.is_open()).map(|span| span.start.0);
    let to = args.to.as_ref().map(span).transpose()?.filter(|span| !span.last().is_open()).map(|span| span.last().0);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Trouble::usage("reversed-dates", "--from is not before --to").help("give the earlier day first"));
    }
    Ok(Window { from, to, at: asked.at.0, zone: i64::from(zone.seconds()) })
}
