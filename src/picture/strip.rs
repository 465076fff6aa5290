//! The strip over a slider: a column for each of its stops, a row for each line that says how things stand at a glance.
//!
//! Its unit of width is a stop, and not a day, so that it lies exactly over the slider. It has no text: the page writes the names of
//! the rows beside it.

use maud::{Markup, html};

use super::{bounds, look};
use crate::view::{Course, Stop, Stretch};

/// How high a row is.
const ROW: usize = 12;
/// At most so many rows are drawn.
const ROWS: usize = 9;

/// A strip, and the names of its rows from above.
#[derive(Clone, Debug)]
pub struct Strip {
    /// The names, with what each is about.
    pub names: Vec<(String, String)>,
    /// The drawing.
    pub drawing: Markup,
}

/// The courses of talks, ceasefires, agreements and measures over the stops of a slider.
pub fn strip(courses: &[Course], stops: &[Stop]) -> Strip {
    let shown: Vec<&Course> = ["t", "C", "A", "M"]
        .iter()
        .flat_map(|initial| courses.iter().filter(move |course| course.what.starts_with(initial)))
        .take(ROWS)
        .collect();
    let height = (shown.len() + 1) * ROW;
    let drawing = html! {
        svg class="strip-drawing" viewBox=(format!("0 0 {} {height}", stops.len().saturating_sub(1).max(1)))
            height=(height) preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (row, course) in shown.iter().enumerate() {
                @for stretch in &course.stretches { (bar(&course.what, stretch, stops, row * ROW)) }
            }
            @for (place, stop) in stops.iter().enumerate() { (tick(place, stop, shown.len() * ROW)) }
            path class="cursor" data-cursor="" d=(format!("M0 0 v{height}")) vector-effect="non-scaling-stroke" {}
        }
    };
    let names = shown.iter().map(|course| (course.what.clone(), course.text.clone()));
    Strip { names: names.collect(), drawing }
}

/// The first stop at which an instant has come.
fn place(stops: &[Stop], at: i64) -> usize {
    stops.partition_point(|stop| stop.at < at)
}

fn bar(what: &str, stretch: &Stretch, stops: &[Stop], y: usize) -> Markup {
    let from = bounds(&stretch.from).1.map_or(0, |at| place(stops, at));
    let to = stretch
        .to
        .as_ref()
        .and_then(|to| bounds(to).1)
        .map_or(stops.len(), |at| place(stops, at))
        .min(stops.len().saturating_sub(1));
    let look = look(what, &stretch.value);
    // What is over is a thin line in the middle of the row.
    let (top, height) = if look == "over" { (y + ROW / 2 - 1, 1) } else { (y + 2, ROW - 4) };
    html! {
        @if to > from {
            rect class=(look) x=(from) y=(top) width=(to - from) height=(height) vector-effect="non-scaling-stroke" {}
        }
    }
}

/// A tick for a stop with events: a tall one where a line moves.
fn tick(place: usize, stop: &Stop, y: usize) -> Markup {
    let height = if stop.moves { ROW - 2 } else { ROW / 2 - 1 };
    html! {
        @if !stop.events.is_empty() || stop.moves {
            path class=(if stop.moves { "tick moves" } else { "tick" }) vector-effect="non-scaling-stroke"
                d=(format!("M{place} {} v{height}", y + ROW - height)) {}
        }
    }
}
