//! `talks correct`, `retract`, `reinstate`, `undo` and `erase`: what is said about an earlier event. All but the last leave it as it is.

use super::args::{CorrectArgs, EraseArgs, JudgeArgs, UndoArgs};
use super::page::Page;
use super::{Context, fields, receipt, revise};
use crate::app::{Erasure, Trouble};
use crate::domain::ids::Target;

pub(super) fn correct(args: &CorrectArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let name = target(&args.name)?;
    if args.edit {
        return receipt::page("Corrected by", &revise::in_editor(&name, args, context)?);
    }
    let reason = args.reason.as_deref().unwrap_or_default();
    let typed = fields::typed(&args.fields, args.when.as_ref(), Some(&args.citing))?;
    let done = context.append(&args.writing, Some(&args.once), |desk| desk.correct(&name, &typed, reason));
    let done = done.map_err(fields::of_pairs)?;
    receipt::page("Corrected by", &done)
}

pub(super) fn retract(args: &JudgeArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let name = target(&args.name)?;
    let done = context.append(&args.writing, Some(&args.once), |desk| desk.retract(&name, &args.reason))?;
    receipt::page("Retracted by", &done)
}

pub(super) fn reinstate(args: &JudgeArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let name = target(&args.name)?;
    let done = context.append(&args.writing, Some(&args.once), |desk| desk.reinstate(&name, &args.reason))?;
    receipt::page("Reinstated by", &done)
}

pub(super) fn undo(args: &UndoArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    receipt::page("Undone by", &context.append(&args.writing, Some(&args.once), |desk| desk.undo())?)
}

pub(super) fn erase(args: &EraseArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let name = target(&args.name)?;
    let EraseArgs { part, reason, basis, .. } = args;
    let known = ["data", "context", "sources"].map(String::from);
    if let Some(unknown) = part.iter().find(|part| !known.contains(part)) {
        let trouble = Trouble::unknown("no-such-part", format!("no part \"{unknown}\" of a record"), unknown, &known);
        return Err(trouble.help(format!("talks erase {name} --part data --reason ... --basis ...")));
    }
    let parts = known.into_iter().filter(|known| part.contains(known)).collect();
    let erasure = Erasure { parts, reason: reason.clone(), basis: basis.clone() };
    let done = context.append(&args.writing, Some(&args.once), |desk| desk.erase(&name, &erasure))?;
    if !done.dry_run && !context.global.quiet {
        super::complain::remark(
            "copies are out of reach: backups, exports, what corrections quote, and what a disk keeps of old blocks",
            "erase there too",
        );
    }
    receipt::page("Erased by", &done)
}

fn target(name: &str) -> Result<Target, Trouble> {
    name.parse().map_err(|error: crate::domain::ids::BadName| {
        Trouble::usage("not-a-name", error.to_string())
            .help("name an event (e3) or a handle (D1); talks log lists the events")
    })
}
