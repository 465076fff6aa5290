//! `talks source add`: what is cited is registered first.

use std::path::Path;

use super::args::{SourceArgs, SourceCommand};
use super::page::Page;
use super::{Context, fields, receipt};
use crate::app::{Trouble, Typed, sha256_of};
use crate::exchange::pairs::{Given, Pair};

pub(super) fn page(args: &SourceArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let SourceCommand::Add { fields, file, writing, once } = &args.command;
    let mut typed = fields::typed(fields, None, None)?;
    if let Some(path) = file {
        fingerprint(&mut typed, path)?;
    }
    let added = context.append(writing, Some(once), |desk| desk.add_typed("source.registered", &typed));
    receipt::page("Added", &added.map_err(fields::of_pairs)?)
}

/// Puts the hash of a copy beside the other fields; one that was typed must be the same.
fn fingerprint(typed: &mut Typed, path: &Path) -> Result<(), Trouble> {
    const FIELD: &str = "sha256";
    let hash = sha256_of(path)?;
    let named = |pair: &&Pair| pair.key == FIELD || pair.key == "data.sha256";
    let is_same = |pair: &Pair| matches!(&pair.value, Given::Text(text) if text.trim().eq_ignore_ascii_case(&hash));
    match typed.pairs.iter().find(named) {
        None => typed.pairs.push(Pair { key: FIELD.into(), value: Given::Text(hash) }),
        Some(pair) if is_same(pair) => {}
        Some(_) => {
            return Err(Trouble::usage("other-sha256", format!("{} is not the copy of that sha256", path.display()))
                .because(format!("its own is {hash}; nothing was stored"))
                .help("leave sha256= out, or name the copy that it is of"));
        }
    }
    Ok(())
}
