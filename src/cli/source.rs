//! `talks source add`: what is cited is registered first.

use super::args::{SourceArgs, SourceCommand};
use super::page::Page;
use super::{Context, fields, receipt};
use crate::app::Trouble;

pub(super) fn page(args: &SourceArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let SourceCommand::Add { fields, writing, once } = &args.command;
    let typed = fields::typed(fields, None, None)?;
    let added = context.append(writing, Some(once), |desk| desk.add_typed("source.registered", &typed));
    receipt::page("Added", &added.map_err(fields::of_pairs)?)
}
