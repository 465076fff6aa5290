//! `talks add`: one development, typed or as a draft in JSON.

use std::path::Path;

use super::args::AddArgs;
use super::page::Page;
use super::{Context, complain, fields, load, receipt};
use crate::app::{Drafts, Trouble, read_drafts};

pub(super) fn page(args: &AddArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let once = Some(&args.once);
    let added = match &args.kind {
        Some(kind) => {
            let typed = fields::typed(&args.fields, args.when.as_ref(), Some(&args.citing))?;
            context.append(&args.writing, once, |desk| desk.add_typed(kind, &typed)).map_err(fields::of_pairs)?
        }
        None => {
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
            context.append(&args.writing, once, |desk| desk.add(&drafts))?
        }
    };
    receipt::warn_of_findings(context.global.quiet, &added);
    receipt::page("Added", &added)
}
