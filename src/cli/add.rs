//! `talks add`: one development, typed, filled in in an editor, asked for, or as a draft in JSON.

use std::path::Path;

use super::args::AddArgs;
use super::editor::Draft;
use super::page::Page;
use super::{Context, complain, fields, form, load, prompt, receipt};
use crate::app::{Drafts, Exit, Receipt, Trouble, Typed, read_drafts};
use crate::exchange::short::kind_named;

pub(super) fn page(args: &AddArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let kind = args.kind.as_deref().map(kind_named).transpose()?;
    let (kind, typed, added) = match kind {
        kind if args.edit => in_editor(kind, args, context)?,
        Some(kind) => {
            let typed = fields::short(kind, args)?;
            let added = store(kind, &typed, args, context)?;
            (kind.to_string(), typed, added)
        }
        None if context.global.json => return told(&piped(args, context)?, context),
        None => return prompt::page(args, context),
    };
    if added.dry_run && !args.writing.dry_run {
        return prompt::confirm((kind, typed), args, context);
    }
    told(&added, context)
}

fn told(added: &Receipt, context: &Context<'_>) -> Result<Page, Trouble> {
    receipt::warn_of_findings(context.global.quiet, added);
    receipt::page("Added", added)
}

/// Stores a draft, unless there is something to ask about it and somebody to ask.
fn store(kind: &str, typed: &Typed, args: &AddArgs, context: &Context<'_>) -> Result<Receipt, Trouble> {
    let is_asked = !args.yes && !context.global.json && !context.global.quiet && prompt::is_attended();
    let added = context.append(&args.writing, Some(&args.once), |desk| {
        desk.manner.hold = is_asked;
        desk.add_typed(kind, typed)
    });
    added.map_err(fields::of_pairs)
}

/// The draft on standard input.
fn piped(args: &AddArgs, context: &Context<'_>) -> Result<Receipt, Trouble> {
    let Drafts { drafts, warnings } = read_drafts(&load::read(Path::new("-"))?, "stdin")?;
    if drafts.len() != 1 {
        let what = format!("one draft is expected on standard input, and there are {}", drafts.len());
        let help = match drafts.len() {
            0 => "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"...\"}}' | talks add --json",
            _ => "for several: talks import -",
        };
        return Err(Trouble::usage("not-one-draft", what).help(help));
    }
    complain::warn_unless(context.global.quiet, &warnings);
    context.append(&args.writing, Some(&args.once), |desk| desk.add(&drafts))
}

type Added = (String, Typed, Receipt);

fn in_editor(kind: Option<&str>, args: &AddArgs, context: &Context<'_>) -> Result<Added, Trouble> {
    // What can't be written to is said before anything is typed.
    context.store_to_write()?;
    let typed = fields::short(kind.unwrap_or_default(), args)?;
    edited(kind, &typed, |kind, typed| Ok((kind.into(), typed.clone(), store(kind, typed, args, context)?)))
}

/// Has a draft filled in, from the form of its kind.
pub(super) fn edited<T>(
    kind: Option<&str>,
    typed: &Typed,
    take: impl FnMut(&str, &Typed) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    filled(form::blank(kind, typed), take)
}

/// Has a form filled in until it does, or nothing is changed in it any more.
pub(super) fn filled<T>(
    mut text: String,
    mut take: impl FnMut(&str, &Typed) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let draft = Draft::new()?;
    loop {
        let filled = draft.edit(&text)?;
        if filled == text || form::is_empty(&filled) {
            draft.done();
            let why = if filled == text { "the form was left as it was" } else { "the form is empty" };
            return Err(Trouble::failed("dropped", format!("{why}; nothing was stored")));
        }
        match form::read(&filled).and_then(|(kind, typed)| take(&kind, &typed)) {
            Ok(taken) => {
                draft.done();
                return Ok(taken);
            }
            // Nothing about the form is wrong, and it may be stored already.
            Err(trouble) if matches!(trouble.exit, Exit::Moved | Exit::Unknown) => {
                return Err(trouble.because(draft.kept()));
            }
            Err(trouble) => text = form::marked(&form::completed(&filled), &trouble),
        }
    }
}
