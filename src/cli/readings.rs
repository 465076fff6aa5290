//! `talks diff --between`: one day in two readings.

use super::dates::maybe;
use super::names::Names;
use super::page::{Page, header};
use super::table::{Table, or_dash};
use super::text::{BOLD, clean, counted, indented, styled, width};
use crate::app::{Between, Trouble};
use crate::view::{OnlyIn, ReadingView, Readings};

pub(super) fn page(between: &Between<'_>) -> Result<Page, Trouble> {
    let Between { everyone, readings } = between;
    let sides = [(OnlyIn::First, &readings.first), (OnlyIn::Second, &readings.second)];
    let mut text = header(everyone);
    for (_, reading) in sides {
        let fall = counted(reading.left_out, "event");
        let whose = format!("{}: {}, {fall} left out", name(reading), meaning(reading, Names::new(everyone)));
        text.push_str(&indented(&clean(&whose), 0, width()));
    }
    text.push_str(&format!("\n{}", lines(readings)));
    sides.iter().for_each(|(side, reading)| text.push_str(&events(readings, *side, &name(reading))));
    Ok(Page::new(everyone.answer(readings.clone()), Some("lines"), text))
}

/// As it is typed.
fn name(reading: &ReadingView) -> String {
    match &reading.accounts_of {
        Some(party) => party.to_string(),
        None if reading.corroborated => "corroborated".into(),
        None => "everyone".into(),
    }
}

fn meaning(reading: &ReadingView, names: Names<'_>) -> String {
    match &reading.accounts_of {
        Some(party) => format!("the account of {}", names.of(party)),
        None if reading.corroborated => "what rests on more than one source".into(),
        None => "every account, side by side".into(),
    }
}

fn lines(readings: &Readings) -> String {
    let (first, second) = (name(&readings.first).to_uppercase(), name(&readings.second).to_uppercase());
    let mut table = Table::new(&["LINE", &first, &second, "ABOUT"]);
    for line in &readings.lines {
        let about = Some(&line.text).filter(|text| !text.is_empty());
        let cells = [Some(&line.what), line.first.as_ref(), line.second.as_ref(), about];
        table.row(cells.map(or_dash).to_vec());
    }
    table.finish("Every line stands alike in both.")
}

fn events(readings: &Readings, side: OnlyIn, name: &str) -> String {
    let mut table = Table::new(&["EVENT", "WHEN", "WHAT"]);
    let only = readings.events.iter().filter(|event| event.only == side);
    only.for_each(|e| table.row(vec![e.event.to_string(), maybe(e.when.as_ref()), e.text.clone()]));
    if table.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", styled(BOLD, &clean(&format!("Only in {name}"))), table.finish(""))
}
