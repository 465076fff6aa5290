//! The dead by incident and account as a picture: accounts beside each other, as ranges, never added up.

use maud::{Markup, html};

use super::axis::Axis;
use super::sheet::{DRAWN, LEFT, TOP, clean, grid, on_page, one, sheet, short};
use super::{Caption, Window, bounds};
use crate::domain::value::Range;
use crate::view::{IncidentView, Line, TollView};

/// How high the drawing is.
const HEIGHT: f64 = 300.0;
/// How far apart two figures stand, so that both can be read.
const APART: f64 = 30.0;
/// How much room the names under the figures take.
const NAMES: f64 = 140.0;

/// Figures of the dead, each with its place on the sheet.
struct Figure<'a> {
    /// Where its day lies.
    day: f64,
    /// Where it stands, so that it does not cover another.
    x: f64,
    toll: &'a TollView,
    killed: Range,
    incident: &'a IncidentView,
}

/// The killed by incident and account, drawn on a sheet of their own.
pub fn losses(incidents: &[Line<IncidentView>], window: Window, caption: &Caption) -> String {
    let (describes, height, all) = drawn(incidents, window);
    sheet(caption, &describes, height, &all)
}

/// The same as part of a page, which has the looks.
pub fn losses_on_page(incidents: &[Line<IncidentView>], window: Window) -> Markup {
    let (describes, height, all) = drawn(incidents, window);
    on_page(&describes, height, &all)
}

fn drawn(incidents: &[Line<IncidentView>], window: Window) -> (String, f64, Markup) {
    let axis = Axis::new(span(incidents, window), (LEFT, DRAWN), window.zone);
    let figures = figures(incidents, &axis);
    let most =
        figures.iter().filter_map(|f| f.killed.high.max(f.killed.low).max(f.killed.best)).max().unwrap_or(0).max(1);
    let bottom = TOP + HEIGHT;
    let y = |killed: u64| bottom - (HEIGHT - 24.0) * killed as f64 / most as f64;
    let marks = figures.iter().map(|figure| mark(figure, &y));
    let all = html! {
        (grid(&axis, bottom))
        @for killed in steps(most) {
            line class="grid" x1=(LEFT) x2=(LEFT + DRAWN) y1=(one(y(killed))) y2=(one(y(killed))) {}
            text class="soft small" x=(one(LEFT - 8.0)) y=(one(y(killed) + 4.0)) text-anchor="end" { (killed) }
        }
        text class="soft small" x="16" y=(one(TOP + 4.0)) { "Killed, by account" }
        @if figures.is_empty() { text x=(LEFT) y=(one(TOP + 40.0)) { "No account gives a number of dead by then." } }
        @for mark in marks { (mark) }
        (legend(bottom + NAMES + 24.0))
    };
    (describes(&figures), bottom + NAMES + 62.0, all)
}

fn span(incidents: &[Line<IncidentView>], window: Window) -> (i64, i64) {
    let told = || incidents.iter().filter_map(|line| line.item.when.as_ref()).map(bounds);
    let first = told().filter_map(|(from, to)| from.or(to)).min().unwrap_or(0);
    let last = told().filter_map(|(from, to)| to.or(from)).max().unwrap_or(first);
    let margin = (last - first) / 20 + 43_200;
    (window.from.unwrap_or(first - margin), window.to.unwrap_or(last + margin))
}

fn figures<'a>(incidents: &'a [Line<IncidentView>], axis: &Axis) -> Vec<Figure<'a>> {
    let mut figures = Vec::new();
    for line in incidents {
        let Some((from, to)) = line.item.when.as_ref().map(bounds) else { continue };
        let Some((from, to)) = from.or(to).zip(to.or(from)).filter(|(from, to)| axis.shows(*from, *to)) else {
            continue;
        };
        let middle = (axis.x(from) + axis.x(to)) / 2.0;
        let told = line.item.tolls.iter().filter_map(|toll| Some((toll, toll.toll.killed?)));
        figures.extend(told.map(|(toll, killed)| Figure {
            day: middle,
            x: middle,
            toll,
            killed,
            incident: &line.item,
        }));
    }
    spread(&mut figures);
    figures
}

/// Moves figures to the right until none covers another, and back to the left where that would leave the sheet.
fn spread(figures: &mut [Figure<'_>]) {
    figures.sort_by(|a, b| a.day.total_cmp(&b.day));
    let apart = APART.min(DRAWN / figures.len().max(1) as f64);
    let mut free = f64::MIN;
    for figure in figures.iter_mut() {
        figure.x = figure.day.max(free);
        free = figure.x + apart;
    }
    let mut free = LEFT + DRAWN;
    for figure in figures.iter_mut().rev() {
        figure.x = figure.x.min(free);
        free = figure.x - apart;
    }
}

/// A range from its least to its most; one that is open above ends in an arrow. The shape says whose word it is.
fn mark(figure: &Figure<'_>, y: &impl Fn(u64) -> f64) -> Markup {
    let Range { low, best, high } = figure.killed;
    let Some(at) = best.or(low).or(high) else { return html! {} };
    let (x, top, foot) = (figure.x, y(high.unwrap_or(at)), y(low.unwrap_or(at)));
    let bottom = TOP + HEIGHT;
    let names = names(figure);
    let class = if figure.incident.aggregate { "act vague" } else { "act" };
    html! {
        g data-event=(figure.toll.event) {
            title { (clean(&names)) ": " (figure.killed) " killed. " (clean(&figure.incident.text)) }
            path class="grid" fill="none" d=(format!("M{:.1} {bottom:.1} L{x:.1} {:.1} L{x:.1} {:.1}", figure.day, bottom + 10.0, bottom + 14.0)) {}
            text class="soft small" text-anchor="end" transform=(format!("translate({:.1} {:.1}) rotate(-40)", x + 3.0, bottom + 24.0)) { (short(&names, 36)) }
            @if foot - top > 1.0 { line class=(class) x1=(one(x)) x2=(one(x)) y1=(one(top)) y2=(one(foot)) {} }
            @if high.is_none() { text class="small" x=(one(x)) y=(one(y(at) - 8.0)) text-anchor="middle" { "↑" } }
            (shape(figure, class, y(at)))
            text class="small" x=(one(x + 7.0)) y=(one(y(at) + 4.0)) { (at) }
        }
    }
}

/// `e58, pakistan's: Q4 afghanistan`: the incident, whose dead, and by which account.
fn names(figure: &Figure<'_>) -> String {
    let whose = figure.toll.toll.whose.as_ref().map(|whose| format!(", {whose}'s")).unwrap_or_default();
    format!("{}{whose}: {}", figure.incident.event, figure.toll.account)
}

fn shape(figure: &Figure<'_>, class: &str, y: f64) -> Markup {
    let x = figure.x;
    let whose = figure.toll.toll.whose.as_ref();
    match &figure.toll.by {
        None => html! { circle class=(class) cx=(one(x)) cy=(one(y)) r="4" {} },
        Some(by) if Some(by) == whose => {
            html! { rect class=(class) x=(one(x - 4.0)) y=(one(y - 4.0)) width="8" height="8" {} }
        }
        Some(_) => html! { path class=(class) d=(format!("M{x:.1} {:.1} l5 9 l-10 0 z", y - 5.0)) {} },
    }
}

fn legend(y: f64) -> Markup {
    html! {
        circle class="act" cx=(LEFT + 4.0) cy=(one(y - 4.0)) r="4" {}
        text class="soft small" x=(LEFT + 14.0) y=(one(y)) { "sources report it" }
        rect class="act" x=(LEFT + 130.0) y=(one(y - 8.0)) width="8" height="8" {}
        text class="soft small" x=(LEFT + 144.0) y=(one(y)) { "a side's own dead" }
        path class="act" d=(format!("M{:.1} {:.1} l5 9 l-10 0 z", LEFT + 266.0, y - 9.0)) {}
        text class="soft small" x=(LEFT + 278.0) y=(one(y)) { "claimed by another" }
        text class="soft small" x=(LEFT + 410.0) y=(one(y)) { "hollow: a total over a time   ↑ or more" }
    }
}

/// Round numbers up to the most.
fn steps(most: u64) -> Vec<u64> {
    let step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 5000, 10_000, 100_000]
        .into_iter()
        .find(|step| most / step <= 6);
    let step = step.unwrap_or(most / 5).max(1);
    (0..=most / step).map(|place| place * step).collect()
}

fn describes(figures: &[Figure<'_>]) -> String {
    let one = |figure: &Figure<'_>| format!("{}: {} killed", names(figure), figure.killed);
    format!(
        "The killed by incident and account, never added up. {}.",
        figures.iter().map(one).collect::<Vec<_>>().join("; ")
    )
}
