//! The timeline as a picture: a row for each line of the state, with a bar for each time in which it stood somewhere; incidents below.

use maud::{Markup, html};

use super::axis::Axis;
use super::sheet::{DRAWN, LEFT, TOP, clean, grid, one, sheet, short};
use super::{Caption, Window, bounds};
use crate::view::{Course, IncidentView, Line, Stretch, TimelineEntry};

const ROW: f64 = 24.0;
const BAR: f64 = 12.0;
/// Of one sort of line at most so many rows are drawn; how many are left out is written.
const ROWS_OF_A_SORT: usize = 14;
/// The sorts that are drawn, by how their lines are named, with a heading.
const SORTS: [(&str, &str); 7] = [
    ("t", "Talks"),
    ("R", "Rounds"),
    ("C", "Ceasefires"),
    ("A", "Agreements"),
    ("M", "Measures"),
    ("D", "Demands"),
    ("K", "Commitments"),
];

/// The courses of the lines and the incidents, drawn.
pub fn timeline(
    courses: &[Course],
    incidents: &[Line<IncidentView>],
    entries: &[Line<TimelineEntry>],
    window: Window,
    caption: &Caption,
) -> String {
    let axis = Axis::new(span(entries, window), (LEFT, DRAWN), window.zone);
    let mut y = TOP;
    let mut rows = Vec::new();
    for (initial, heading) in SORTS {
        let of_sort: Vec<&Course> =
            courses.iter().filter(|c| c.what.starts_with(initial) && is_shown(c, &axis)).collect();
        if of_sort.is_empty() {
            continue;
        }
        rows.push(html! { text class="soft small" x="16" y=(one(y + 8.0)) { (heading) } });
        y += 16.0;
        for course in of_sort.iter().take(ROWS_OF_A_SORT) {
            rows.push(row(course, &axis, y));
            y += ROW;
        }
        if let Some(more) = of_sort.len().checked_sub(ROWS_OF_A_SORT).filter(|more| *more > 0) {
            rows.push(html! { text class="soft small" x="16" y=(one(y + 8.0)) { "and " (more) " more, not drawn" } });
            y += 16.0;
        }
        y += 6.0;
    }
    let (acts, bottom) = acts(incidents, &axis, y);
    let all = html! { (grid(&axis, bottom)) @for row in &rows { (row) } (acts) (legend(bottom + 20.0)) };
    sheet(caption, &describes(courses), bottom + 62.0, &all)
}

/// From the first event to the last. A few that lie long before the rest are left off the sheet, where their bars begin with a mark.
fn span(entries: &[Line<TimelineEntry>], window: Window) -> (i64, i64) {
    let mut starts: Vec<i64> = entries
        .iter()
        .filter_map(|line| line.item.when.as_ref())
        .filter_map(|when| bounds(when).0.or(bounds(when).1))
        .collect();
    let ends = entries.iter().filter_map(|line| line.item.when.as_ref()).filter_map(|when| bounds(when).1);
    let last = ends.max().unwrap_or(0).min(window.at);
    starts.sort_unstable();
    let first = starts.first().copied().unwrap_or(last);
    let most = starts.get(starts.len() / 10).copied().unwrap_or(first);
    let first = if most.saturating_sub(first) > last.saturating_sub(first) / 3 { most } else { first };
    let margin = last.saturating_sub(first) / 40;
    (window.from.unwrap_or(first - margin), window.to.unwrap_or(last + margin))
}

fn is_shown(course: &Course, axis: &Axis) -> bool {
    course.stretches.iter().any(|stretch| {
        let ends = stretch.to.as_ref().map_or(Some(i64::MAX), |to| bounds(to).1).unwrap_or(i64::MAX);
        axis.shows(bounds(&stretch.from).0.unwrap_or(i64::MIN), ends)
    })
}

fn row(course: &Course, axis: &Axis, y: f64) -> Markup {
    let state = course.stretches.last().map(|last| if last.to.is_none() { last.value.as_str() } else { "gone" });
    html! {
        g {
            title { (clean(&course.what)) " " (clean(&course.text)) }
            text x="16" y=(one(y + 10.0)) {
                tspan class="name" { (clean(&course.what)) }
                tspan class="soft small" dx="6" { (short(&course.text, 24)) }
            }
            @for stretch in &course.stretches { (bar(&course.what, stretch, axis, y)) }
            text class="small" x=(LEFT + DRAWN + 10.0) y=(one(y + 10.0)) { (short(state.unwrap_or_default(), 29)) }
        }
    }
}

/// What is over, by the word in which a line says first where it stands.
const OVER: &str = "closed between-rounds not-in-session superseded ended expired withdrawn lapsed settled met lifted cancelled \
                    waived passed not-held gone";
const TROUBLED: &str = "paused suspended possibly-expired contested violated overdue repudiated rejected missed";
const WAITS: &str = "scheduled pending proposed called not-begun open partly-met";

/// How a bar looks: what holds is full, what is troubled is hatched, what waits is hollow, what is over is a line.
pub fn look(what: &str, value: &str) -> &'static str {
    let one_of = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
    let first = value.split(", ").next().unwrap_or_default();
    // A round that is open sits; a demand that is open waits.
    let sits = what.starts_with('R') && first == "open";
    if one_of(OVER, first) {
        "over"
    } else if value.split(", ").any(|word| one_of(TROUBLED, word)) {
        "troubled"
    } else if one_of(WAITS, first) && !sits {
        "waits"
    } else {
        "holds"
    }
}

/// A bar over its time; the part of which it is not sure whether it had begun is drawn in doubt.
fn bar(what: &str, stretch: &Stretch, axis: &Axis, y: f64) -> Markup {
    let (earliest, latest) = bounds(&stretch.from);
    let ends = stretch.to.as_ref().and_then(|to| bounds(to).0.or(bounds(to).1)).unwrap_or(i64::MAX);
    let is_a_day = earliest.zip(latest).is_some_and(|(first, last)| last.saturating_sub(first) < 86_400);
    let sure = if is_a_day { earliest } else { latest }.unwrap_or(i64::MIN).min(ends);
    let doubt = earliest.filter(|first| *first < sure);
    let look = look(what, &stretch.value);
    let piece = |from: i64, to: i64, class: &str| {
        let (x, width) = (axis.x(from), (axis.x(to) - axis.x(from)).max(1.5));
        // What is over is a thin line in the middle of the row.
        let (top, height) = if look == "over" { (y + BAR / 2.0, 1.0) } else { (y, BAR) };
        html! { rect class=(class) x=(one(x)) y=(one(top)) width=(one(width)) height=(one(height)) {} }
    };
    html! {
        @if axis.shows(earliest.unwrap_or(sure), ends) {
            g {
                title { (stretch.value) " from " (clean(&stretch.from.edtf)) @if let Some(to) = &stretch.to { " to " (clean(&to.edtf)) } }
                @if let Some(doubt) = doubt { (piece(doubt, sure, &format!("{look} vague"))) }
                (piece(sure, ends, look))
                @if axis.is_before(sure) && look != "over" {
                    text class="soft small" x=(one(LEFT - 4.0)) y=(one(y + 10.0)) text-anchor="end" { "◂" }
                }
            }
        }
    }
}

/// Incidents: a dot each, a dash where the day is in doubt; below, how many.
fn acts(incidents: &[Line<IncidentView>], axis: &Axis, y: f64) -> (Markup, f64) {
    if incidents.is_empty() {
        return (html! {}, y);
    }
    let act = |line: &Line<IncidentView>| {
        let (from, to) = line.item.when.as_ref().map(bounds)?;
        let (from, to) = (from.or(to)?, to.or(from)?);
        let is_vague = line.possible || to.saturating_sub(from) >= 2 * 86_400;
        let (x, end) = (axis.x(from), axis.x(to));
        let class = if is_vague { "act vague" } else { "act" };
        axis.shows(from, to).then(|| html! {
            g {
                title { (line.item.event) " " (clean(&line.item.text)) }
                @if is_vague { line class=(class) x1=(one(x)) x2=(one(end.max(x + 4.0))) y1=(one(y + 22.0)) y2=(one(y + 22.0)) {} }
                circle class=(class) cx=(one((x + end) / 2.0)) cy=(one(y + 22.0)) r="4" {}
            }
        })
    };
    let drawn = html! {
        text class="soft small" x="16" y=(one(y + 8.0)) { "Incidents" }
        text x="16" y=(one(y + 26.0)) { tspan class="name" { (incidents.len()) } tspan class="soft small" dx="6" { "each an event" } }
        @for act in incidents.iter().filter_map(act) { (act) }
    };
    (drawn, y + 40.0)
}

fn legend(y: f64) -> Markup {
    let entries = [
        ("holds", "holds"),
        ("troubled", "paused, contested, overdue, rejected"),
        ("waits", "waits: open, set, proposed"),
        ("over", "over"),
        ("holds vague", "the day is in doubt"),
        ("act", "an incident"),
    ];
    let starts = entries.iter().scan(16.0, |next, (_, words)| {
        let x = *next;
        *next += 46.0 + 6.0 * words.len() as f64;
        Some(x)
    });
    html! {
        @for (x, (class, words)) in starts.zip(entries) {
            @match class {
                "act" => { circle class=(class) cx=(one(x + 12.0)) cy=(one(y - 4.0)) r="4" {} }
                "over" => { rect class=(class) x=(one(x)) y=(one(y - 4.0)) width="18" height="1" {} }
                _ => { rect class=(class) x=(one(x)) y=(one(y - 9.0)) width="18" height="10" {} }
            }
            text class="soft small" x=(one(x + 24.0)) y=(one(y)) { (words) }
        }
    }
}

/// The picture in words, for those who do not see it.
fn describes(courses: &[Course]) -> String {
    let stands = |course: &Course| {
        Some(format!("{} {}", course.what, course.stretches.last().filter(|last| last.to.is_none())?.value))
    };
    format!(
        "Where each line of the negotiation stood over time. At the end: {}.",
        courses.iter().filter_map(stands).collect::<Vec<_>>().join("; ")
    )
}
