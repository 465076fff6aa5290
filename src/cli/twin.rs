//! `talks export --format html`: the page in one file, with every stop of its two clocks.

use std::io::Write;

use serde_json::json;

use super::Context;
use super::args::ExportArgs;
use super::handover::{unwritten, whole};
use super::page::{Page, header};
use super::text::{GOOD, clean, styled};
use crate::app::{Film, Question, Trouble};
use crate::page::{Query, ReadingName, Twin};

pub(super) fn export(args: &ExportArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if !args.withhold.is_empty() {
        return Err(Trouble::usage("no-parts", "a page has no parts to be withheld")
            .help("leave --withhold out, or --format: sealed lines have parts"));
    }
    let book = context.book()?;
    let question = context.global.question();
    let film = Film::new(&book, &question, &context.env)?;
    let html = developed(&film, &question)?;
    let Some(file) = args.output.as_deref() else {
        return Ok(Page::new(film.last.asking.answer(json!({ "html": html.clone() })), None, html));
    };
    whole(file, |mut out, _| {
        let written = out.write_all(html.as_bytes()).and_then(|()| out.sync_all());
        written.map_err(|error| unwritten(&file.display().to_string(), &error))
    })?;
    let said = styled(GOOD, &clean(&format!("Written to {}", file.display())));
    let made = json!({ "file": file.display().to_string(), "bytes": html.len() });
    Ok(Page::new(film.last.asking.answer(made), None, format!("{}{said}\n", header(&film.last.asking))))
}

/// The film, stop by stop, as a file.
fn developed(film: &Film<'_>, question: &Question) -> Result<String, Trouble> {
    let mut twin = Twin::default();
    film.each(&mut |cell, around| twin.take((cell.reading, cell.known, cell.as_of), &cell.sheet.data, around))?;
    let name = |question: &Question| ReadingName {
        account: question.accounts_of.clone(),
        corroborated: question.corroborated,
        certain: question.certain,
    };
    let names: Vec<ReadingName> = film.readings.iter().map(name).collect();
    let query = Query {
        certain: question.certain,
        account: question.accounts_of.clone(),
        corroborated: question.corroborated,
        ..Query::default()
    };
    Ok(twin.finish(&film.last.sheet(), &film.last.around, &query, &names))
}
