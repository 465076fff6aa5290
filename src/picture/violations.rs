//! Allegations of a violation over time: a dot each, those of one day above each other.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::axis::Axis;
use super::sheet::{DRAWN, LEFT, TOP, clean, grid, on_page, one};
use super::{Window, bounds};
use crate::view::Alleged;

/// How far apart two dots stand.
const APART: f64 = 9.0;
/// At most so many dots stand above each other; then they lie closer.
const HIGH: f64 = 108.0;

/// The allegations, as part of a page.
pub fn violations(alleged: &[Alleged], window: Window) -> Markup {
    let told = || alleged.iter().map(|a| bounds(&a.when)).filter_map(|(from, to)| Some((from.or(to)?, to.or(from)?)));
    let (first, last) = (told().map(|t| t.0).min().unwrap_or(0), told().map(|t| t.1).max().unwrap_or(0));
    let span = (window.from.unwrap_or(first - 86_400), window.to.unwrap_or(last + 86_400));
    let axis = Axis::new(span, (LEFT, DRAWN), window.zone);
    let mut columns: BTreeMap<i64, Vec<(&Alleged, bool)>> = BTreeMap::new();
    for one in alleged {
        let Some((from, to)) = told_of(one) else { continue };
        let x = (axis.x(from) + axis.x(to)) / 2.0;
        columns.entry((x / APART) as i64).or_default().push((one, to.saturating_sub(from) >= 2 * 86_400));
    }
    let tallest = columns.values().map(Vec::len).max().unwrap_or(1).max(1);
    let step = APART.min(HIGH / tallest as f64);
    let bottom = TOP + step * tallest as f64 + 8.0;
    let all = html! {
        (grid(&axis, bottom))
        text class="soft small" x="16" y=(one(bottom - 6.0)) { "Violations alleged" }
        @for (column, dots) in &columns {
            @for (nth, (dot, vague)) in dots.iter().enumerate() {
                g data-event=(dot.event) {
                    title { (dot.event) " " (clean(&dot.when.edtf)) " " (clean(&dot.text)) }
                    circle class=(if *vague { "act vague" } else { "act" }) r="4"
                        cx=(one((*column as f64 + 0.5) * APART)) cy=(one(bottom - 10.0 - step * nth as f64)) {}
                }
            }
        }
    };
    on_page(&describes(alleged), bottom + 26.0, &all)
}

fn told_of(alleged: &Alleged) -> Option<(i64, i64)> {
    let (from, to) = bounds(&alleged.when);
    Some((from.or(to)?, to.or(from)?))
}

fn describes(alleged: &[Alleged]) -> String {
    let one = |a: &Alleged| format!("{} {}", a.event, a.when.edtf);
    format!("Violations that were alleged, by day: {}.", alleged.iter().map(one).collect::<Vec<_>>().join(", "))
}
