//! `talks timeline --strip`: the events as one line of marks.

use super::dates::human;
use super::text::{DIM, indented, styled, width};
use crate::view::{Line, TimelineEntry};

/// What a mark stands for, the weightiest first: where several fall on one place, the first is shown.
const MARKS: [(&str, char, &str); 11] = [
    ("agreement.", 'A', "agreement"),
    ("ceasefire.", 'C', "ceasefire"),
    ("violation.", 'V', "alleged violation"),
    ("incident.", '*', "incident"),
    ("round.", 'R', "round"),
    ("talks.", 'P', "pause or resumption"),
    ("measure.", 'M', "measure"),
    ("offer.", 'O', "offer"),
    ("demand.", 'D', "demand"),
    ("claim.", 'q', "claim"),
    ("", '.', "other"),
];

pub(super) fn text(lines: &[Line<TimelineEntry>]) -> String {
    let dated: Vec<(i64, usize, &TimelineEntry)> = lines
        .iter()
        .filter_map(|line| {
            let when = line.item.when.as_ref()?;
            let (first, last) = when.ends();
            Some((last.or(first)?.0, mark_of(&line.item.kind), &line.item))
        })
        .collect();
    let (Some(first), Some(last)) = (dated.iter().min_by_key(|(at, ..)| at), dated.iter().max_by_key(|(at, ..)| at))
    else {
        return "No event has a date by then.\n".into();
    };
    let room = width().saturating_sub(1).max(20);
    let mut cells = vec![None::<usize>; room];
    for (at, mark, _) in &dated {
        let share = (at - first.0) as f64 / ((last.0 - first.0).max(1)) as f64;
        let cell = &mut cells[(share * (room - 1) as f64).round() as usize];
        *cell = Some(cell.map_or(*mark, |known| known.min(*mark)));
    }
    let strip: String = cells.iter().map(|cell| cell.map_or('-', |mark| MARKS[mark].1)).collect();
    let (from, to) = (date(first.2), date(last.2));
    let gap = room.saturating_sub(from.chars().count() + to.chars().count()).max(2);
    let used = MARKS.iter().enumerate().filter(|(place, _)| cells.contains(&Some(*place)));
    let legend: Vec<String> = used.map(|(_, (_, mark, words))| format!("{mark} {words}")).collect();
    let legend = indented(&legend.join("   "), 0, width());
    format!("{strip}\n{}\n\n{}", styled(DIM, &format!("{from}{}{to}", " ".repeat(gap))), styled(DIM, legend.trim_end()))
        + "\n"
}

fn mark_of(kind: &str) -> usize {
    MARKS.iter().position(|(prefix, ..)| kind.starts_with(prefix)).unwrap_or(MARKS.len() - 1)
}

fn date(entry: &TimelineEntry) -> String {
    entry.when.as_ref().map(human).unwrap_or_default()
}
