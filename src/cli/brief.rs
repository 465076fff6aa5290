//! `talks brief`: a briefing in Markdown, to be pasted as it is.

mod render;
mod sheet;
mod words;

use std::io::Write;
use std::path::Path;

use super::args::{BriefArgs, Global};
use super::page::Page;
use super::text::clean;
use super::{Context, handover, load};
use crate::app::{Briefing, Trouble};
use crate::view::LINES_AT_MOST;
use render::Template;
use sheet::Sheet;

/// A briefing of more words is cut shorter; its footnotes are not counted.
const WORDS_AT_MOST: usize = 900;

pub(super) fn page(args: &BriefArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if args.print_template {
        return Ok(Page::with(serde_json::json!({ "template": render::BUILT_IN }), render::BUILT_IN.into()));
    }
    let template = match &args.template {
        Some(path) => Template::of_file(&path.display().to_string(), &load::read(path)?)?,
        None => Template::built_in(),
    };
    let book = context.book()?;
    let briefing = Briefing::new(&book, args.since.as_deref(), &context.global.question(), &context.env)?;
    let text = shortened(&briefing, &template, &command(&briefing, args, context.global))?;
    if let Some(path) = &args.output {
        return written(path, &text, context.global.quiet);
    }
    Ok(Page::new(briefing.asking.answer(briefing.brief.clone()), None, text))
}

/// As long as it may be: the lists are cut, all of them alike, until it fits.
fn shortened(briefing: &Briefing<'_>, template: &Template, command: &str) -> Result<String, Trouble> {
    let mut text = String::new();
    for most in (1..=LINES_AT_MOST).rev() {
        text = template.render(&Sheet::of(&briefing.asking, &briefing.since, &briefing.brief.cut(most), command))?;
        let is_note = |line: &&str| line.starts_with("[^");
        let words: usize = text.lines().filter(|line| !is_note(line)).map(|line| line.split_whitespace().count()).sum();
        if words <= WORDS_AT_MOST {
            break;
        }
    }
    Ok(text)
}

fn written(path: &Path, text: &str, quiet: bool) -> Result<Page, Trouble> {
    handover::write_new(path, |each| {
        let done = text.lines().try_for_each(each);
        done.map_err(|error| handover::unwritten(&path.display().to_string(), &error))
    })?;
    if !quiet {
        let told = format!("briefing written to {}", path.display());
        let _ = writeln!(anstream::stderr().lock(), "{}", clean(&told));
    }
    Ok(Page::silent())
}

/// The command that gives the same briefing again, whatever the log has taken in since.
fn command(briefing: &Briefing<'_>, args: &BriefArgs, global: &Global) -> String {
    let frame = briefing.asking.answer(());
    let mut words: Vec<String> = vec!["talks".into(), "brief".into()];
    let mut flag = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [name.to_string(), quoted(&value)]));
    };
    if global.log.is_empty() {
        flag("-n", Some(frame.negotiation.clone()));
        flag("--store", global.store.as_ref().map(|path| path.display().to_string()));
    }
    global.log.iter().for_each(|path| flag("--log", Some(path.display().to_string())));
    flag("--as-of", Some(frame.as_of.edtf.clone()));
    flag("--since", Some(briefing.since.view.edtf.clone()));
    flag("--known-by", frame.known_by.as_ref().map(|day| day.edtf.clone()));
    let recorded_by = frame.recorded_by.as_ref().map(|day| day.edtf.clone());
    flag("--recorded-by", recorded_by.or_else(|| frame.version.map(|version| format!("e{version}"))));
    flag("--accounts-of", frame.reading.accounts_of.as_ref().map(ToString::to_string));
    flag("--template", args.template.as_ref().map(|path| path.display().to_string()));
    words.extend(frame.certain.then(|| "--certain".into()));
    words.extend(frame.reading.corroborated.then(|| "--corroborated".into()));
    words.join(" ")
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/.-_:+,=@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
