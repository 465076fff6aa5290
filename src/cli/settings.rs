//! `talks config`: what is in effect, and where each of it comes from. There is no file of settings: flags and the environment are all.

use std::io::IsTerminal;

use serde::Serialize;
use serde_json::json;

use super::Context;
use super::args::{Color, Global};
use super::editor::editor_from;
use super::page::{Page, pager};
use super::place::{found_store, set};
use super::table::{Table, or_dash};
use super::text::width_from;

/// Something that is in effect.
#[derive(Debug, Serialize)]
pub(super) struct Setting {
    pub name: &'static str,
    pub value: Option<String>,
    /// The flag or the variable that says so, or why it is so.
    pub from: String,
}

pub(super) fn page(context: &Context<'_>) -> Page {
    let settings = settings(context);
    let mut table = Table::new(&["SETTING", "VALUE", "FROM"]);
    for setting in &settings {
        table.row(vec![setting.name.into(), or_dash(setting.value.as_ref()), setting.from.clone()]);
    }
    let human = table.finish("");
    Page::table(json!({ "data": { "settings": settings } }), "settings", human)
}

/// All of it.
pub(super) fn settings(context: &Context<'_>) -> Vec<Setting> {
    let global = context.global;
    let mut all = if global.log.is_empty() { vec![store(global), negotiation(context)] } else { vec![log(global)] };
    all.extend([recorder(), editor(), pager_setting(global), color(global), width()]);
    all
}

fn log(global: &Global) -> Setting {
    let files: Vec<String> = global.log.iter().map(|file| file.display().to_string()).collect();
    Setting { name: "log", value: Some(files.join(", ")), from: "--log".into() }
}

fn store(global: &Global) -> Setting {
    let (value, from) = match found_store(global) {
        Some((file, from)) => (Some(file.display().to_string()), from),
        None => (None, "none is named, and none was found"),
    };
    Setting { name: "store", value, from: from.into() }
}

fn negotiation(context: &Context<'_>) -> Setting {
    let named = context.global.negotiation.as_deref();
    let chosen = context.store().and_then(|store| store.choose(named));
    let (value, from) = match (chosen, named) {
        (Ok(slug), Some(_)) => (Some(slug), "--negotiation".into()),
        (Ok(slug), None) => (Some(slug), "the only one in the store".into()),
        (Err(trouble), _) => (None, trouble.what),
    };
    Setting { name: "negotiation", value, from }
}

fn recorder() -> Setting {
    let value = set("TALKS_RECORDER").map(|name| name.to_string_lossy().into_owned());
    let from = if value.is_some() { "TALKS_RECORDER" } else { "neither --recorder nor TALKS_RECORDER" };
    Setting { name: "recorder", value, from: from.into() }
}

fn editor() -> Setting {
    let (value, from) = match editor_from() {
        Some((editor, from)) => (Some(editor), from),
        None => (None, "neither VISUAL nor EDITOR"),
    };
    Setting { name: "editor", value, from: from.into() }
}

fn pager_setting(global: &Global) -> Setting {
    let (command, from) = pager();
    let (value, from) = if global.no_pager { (None, "--no-pager") } else { (Some(command), from) };
    Setting { name: "pager", value, from: from.into() }
}

fn color(global: &Global) -> Setting {
    let is_on = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let value = Some(if is_on { "on" } else { "off" }.into());
    Setting { name: "color", value, from: color_from(global.color).into() }
}

/// In the order in which they are asked.
fn color_from(flag: Color) -> &'static str {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    let has = |name: &str| set(name).is_some();
    match flag {
        Color::Always | Color::Never => "--color",
        Color::Auto if has("NO_COLOR") => "NO_COLOR",
        Color::Auto if has("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => "CLICOLOR_FORCE",
        Color::Auto if is("CLICOLOR", "0") => "CLICOLOR",
        Color::Auto if !std::io::stdout().is_terminal() => "the output is no terminal",
        Color::Auto if is("TERM", "dumb") || !has("TERM") => "TERM",
        Color::Auto => "the output is a terminal",
    }
}

fn width() -> Setting {
    let (width, from) = width_from();
    Setting { name: "width", value: Some(width.to_string()), from: from.into() }
}
