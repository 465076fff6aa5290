//! `talks import`: the drafts of a file, all of them or none.

use super::args::ImportArgs;
use super::page::Page;
use super::place::slug_of_file;
use super::progress::Shown;
use super::{Context, complain, load, receipt};
use crate::app::{Drafts, Store, Trouble, read_drafts, slug};
use crate::exchange::drafts::Submitted;

pub(super) fn page(args: &ImportArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let file = args.file.display().to_string();
    let bytes = load::read(&args.file)?;
    let shown = Shown::new(context.global.quiet);
    shown.progress().begins("reading", 0);
    let Drafts { drafts, warnings } = read_drafts(&bytes, &file)?;
    drop(shown);
    complain::warn_unless(context.global.quiet, &warnings);
    if drafts.is_empty() {
        return Err(
            Trouble::failed("empty-file", format!("{file} has no draft")).help("talks schema says what a line may say")
        );
    }
    let shown = Shown::new(context.global.quiet);
    let mut store = context.store_to_write()?.telling(shown.progress());
    let slug = name(args, &drafts, &store, context)?;
    let mut desk = context.desk(&mut store, slug, &args.writing, None)?;
    desk.manner.ids_of_lines = true;
    receipt::page("Imported", &desk.add(&drafts)?)
}

/// As named, whether or not it is there; a file with an opening opens the one it is called by; else the only one there is.
fn name(args: &ImportArgs, drafts: &[Submitted], store: &Store, context: &Context<'_>) -> Result<String, Trouble> {
    let opens = drafts.iter().any(|draft| &*draft.record.envelope.kind == "negotiation.opened");
    match &context.global.negotiation {
        Some(named) => slug(named),
        None if opens => slug_of_file(&args.file),
        None => store.choose(None),
    }
}
