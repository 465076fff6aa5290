//! The words of a line that need more than one field of it; the same wherever it is shown.

use super::{CeasefireView, DueView};

/// Words joined by commas, or a dash.
pub fn joined<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "-".into() } else { words.join(", ") }
}

/// `1 incident`, `2 incidents`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A kind in words, so that it can break: `incident reported`.
pub fn kind_words(kind: &str) -> String {
    kind.replace('.', " ")
}

/// The nominal line in words: `in-force (day 8)`, `superseded by C2`.
pub fn terms(c: &CeasefireView) -> String {
    match (c.superseded_by, c.day, c.how) {
        (Some(by), ..) => format!("superseded by {by}"),
        (None, Some(day), _) => format!("{} (day {day})", c.state),
        (None, None, Some(how)) => format!("{}: {how}", c.state),
        (None, None, None) => c.state.to_string(),
    }
}

/// The observed line in words: `strained: 2 incidents since last agreed or confirmed, no violation alleged`.
pub fn observed(c: &CeasefireView) -> String {
    let v = c.violations;
    let incidents = match c.incidents_since.len() {
        0 => String::new(),
        n => format!("{} since last agreed or confirmed, ", counted(n, "incident")),
    };
    let violations = match v.alleged {
        0 => "no violation alleged".to_string(),
        n => format!("{} alleged, {} denied, {} acknowledged", counted(n, "violation"), v.denied, v.acknowledged),
    };
    format!("{}: {incidents}{violations}", c.observed)
}

/// `overdue 3 days`, `in 1 day`
pub fn days(d: &DueView) -> String {
    let days = counted(usize::try_from(d.in_days.abs()).unwrap_or(0), "day");
    if d.overdue { format!("overdue {days}") } else { format!("in {days}") }
}
