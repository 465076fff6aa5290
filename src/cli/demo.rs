//! `talks demo`: a fresh store with the story that ships with the program, first as it was printed, then corrected.

use std::fs;
use std::path::Path;

use super::args::{DemoArgs, Writing};
use super::page::{Page, header};
use super::text::{BOLD, DIM, clean, styled};
use super::{Context, names, receipt, status};
use crate::app::{Asking, Book, DEMO_NAME, Question, Store, Story, Trouble};

/// The last day the report tells of, as it prints it, and the day it really was.
const LAST_DAY_PRINTED: &str = "2023-10-26";
const LAST_DAY: &str = "2025-10-30";
/// What was known before anyone could correct it.
const KNOWN_BY: &str = "2023-12-31";

pub(super) fn page(args: &DemoArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let file = args.folder.join("talks.db");
    if file.exists() {
        let book = Store::open(&file)?.book(DEMO_NAME)?;
        let intro = format!("{} is there already; this is what it holds. Remove it to start afresh.\n\n", shown(&file));
        return both(&book, &file, intro, context);
    }
    fs::create_dir_all(&args.folder).map_err(|error| {
        let what = format!("can't make the folder {}: {}", args.folder.display(), super::complain::plain(&error));
        Trouble::failed("no-folder", what).help("name another: talks demo FOLDER")
    })?;
    let mut store = Store::create(&file)?;
    let mut intro = format!("A fresh store, {}; no network used.\n\n", shown(&file));
    for (part, what) in [
        (Story::AsPrinted, "One news report of the Afghanistan-Pakistan talks in Istanbul, as it was printed:"),
        (Story::Corrections, "Other sources put all of it in October 2025. The corrections; nothing is overwritten:"),
    ] {
        let plain = Writing { recorder: Some("demo".into()), expect_version: None, dry_run: false, force: false };
        let mut desk = context.desk(&mut store, DEMO_NAME.into(), &plain, None)?;
        desk.manner.ids_of_lines = true;
        let mut receipt = part.append(&mut desk)?;
        receipt.changes.clear();
        intro.push_str(&format!("{what}\n{}\n", receipt::text("Imported", &receipt)));
    }
    both(&store.book(DEMO_NAME)?, &file, intro, context)
}

fn shown(file: &Path) -> String {
    clean(&file.display().to_string())
}

/// The state as it was printed, and as it is known now.
fn both(book: &Book, file: &Path, intro: String, context: &Context<'_>) -> Result<Page, Trouble> {
    let question = |as_of: &str, known_by: Option<&str>| Question {
        as_of: Some(as_of.into()),
        known_by: known_by.map(Into::into),
        ..context.global.question()
    };
    let printed = Asking::new(book, &question(LAST_DAY_PRINTED, Some(KNOWN_BY)), &context.env)?;
    let corrected = Asking::new(book, &question(LAST_DAY, None), &context.env)?;
    let mut text = intro;
    for (asking, title) in [(&printed, "What a reader of 2023 would have said"), (&corrected, "What is known now")] {
        let state = crate::view::status(&asking.asked());
        text.push_str(&format!("{}\n\n{}", styled(BOLD, title), header(asking)));
        text.push_str(&format!("{}\n", status::text(&state, names::Names::new(asking))));
    }
    text.push_str(&next(file));
    Ok(Page::new(corrected.answer(crate::view::status(&corrected.asked())), None, text))
}

fn next(file: &Path) -> String {
    let folder = file.parent().map(shown).unwrap_or_default();
    let hint = |what: &str, command: &str| format!("  {}\n      {command}\n", styled(DIM, what));
    let mut text = format!("{}\n  cd {folder}\n", styled(BOLD, "It is yours to play with"));
    text.push_str(&hint(
        "what the ceasefire's line rests on, in whose words",
        &format!("talks why C1 --as-of {LAST_DAY}"),
    ));
    text.push_str(&hint("each event with what it changed", "talks replay"));
    text.push_str(&hint(
        "a development comes in; then undo it",
        "talks add statement.made by=pakistan act=position text=\"Talks go on\" --when \"30 Oct 2025\" --source S1",
    ));
    text.push_str(&hint("does the record hold?", "talks verify"));
    text
}
