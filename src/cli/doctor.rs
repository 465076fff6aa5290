//! `talks doctor`: whether the program has what it needs here. It looks at this machine, asks no network and changes nothing.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::editor::{editor_from, is_found};
use super::page::Page;
use super::place::{found_store, set};
use super::settings::{Setting, settings};
use super::text::{BAD, BOLD, DIM, GOOD, clean, counted, indented, pad, styled, width};
use super::{Context, complain};
use crate::app::{Exit, Store, Trouble, versions};

/// What was looked at.
#[derive(Debug, Serialize)]
struct Looked {
    what: &'static str,
    ok: bool,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Looked {
    fn fine(what: &'static str, says: impl Into<String>) -> Looked {
        Looked { what, ok: true, says: says.into(), help: None }
    }

    fn amiss(what: &'static str, says: impl Into<String>, help: impl Into<String>) -> Looked {
        Looked { what, ok: false, says: says.into(), help: Some(help.into()) }
    }
}

pub(super) fn page(context: &Context<'_>) -> Page {
    let mut all = vec![Looked::fine("program", format!("talks {}; {}", env!("CARGO_PKG_VERSION"), versions()))];
    if context.global.log.is_empty() {
        all.extend(store(context));
    }
    let shown = |setting: &Setting| !["store", "editor"].contains(&setting.name);
    all.extend(settings(context).into_iter().filter(shown).map(|setting| {
        let value = setting.value.unwrap_or_else(|| "none".into());
        Looked::fine(setting.name, format!("{value} ({})", setting.from))
    }));
    all.push(editor());
    all.push(Looked::fine("completions", completions()));
    let is_fine = all.iter().all(|looked| looked.ok);
    let mut text: String = all.iter().map(line).collect();
    text.push_str(&if is_fine { styled(GOOD, "Nothing is amiss.\n") } else { styled(BAD, "Something is amiss.\n") });
    let page = Page::table(json!({ "data": { "ok": is_fine, "looked": all } }), "looked", text);
    if is_fine { page } else { page.ending(Exit::Failed) }
}

fn line(looked: &Looked) -> String {
    const WIDE: usize = 13;
    let says = indented(&clean(&looked.says), WIDE, width());
    let style = if looked.ok { BOLD } else { BAD };
    let help = looked.help.as_ref().map(|help| indented(&format!("help: {}", clean(help)), WIDE, width()));
    let help = help.map(|help| styled(DIM, &help)).unwrap_or_default();
    format!("{}{}{help}", styled(style, &pad(looked.what, WIDE)), says.trim_start())
}

fn store(context: &Context<'_>) -> Vec<Looked> {
    let Some((file, from)) = found_store(context.global) else {
        return vec![Looked::fine("store", "none here, and none is named; talks init makes one")];
    };
    let named = format!("{} ({from})", file.display());
    match Store::open(&file).and_then(|store| opened(&store)) {
        Ok(says) => {
            let zone = context.ask_state(|asking| Ok(asking.asked().zone().to_string()));
            let zone = zone.map(|zone| Looked::fine("zone", format!("{zone}, of the negotiation")));
            let looked = [Looked::fine("store", named), Looked::fine("contents", says)];
            looked.into_iter().chain([mode(&file), writable(&file)]).chain(zone).collect()
        }
        Err(trouble) => {
            let help = trouble.help.map_or_else(|| "talks verify".to_string(), Into::into);
            vec![Looked::amiss("store", format!("{named}: {}", trouble.what), help)]
        }
    }
}

fn opened(store: &Store) -> Result<String, Trouble> {
    let settings: Vec<String> = store.settings()?.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    Ok(format!("{}; {}", counted(store.negotiations()?.len(), "negotiation"), settings.join(", ")))
}

/// Whether others on this machine can read it.
#[cfg(unix)]
fn mode(file: &Path) -> Looked {
    let beside = ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())));
    let modes = beside.iter().filter_map(|file| {
        let found = std::fs::metadata(file).ok()?;
        Some((file, std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777))
    });
    let open: Vec<String> =
        modes.filter(|(_, mode)| mode & 0o077 != 0).map(|(file, _)| file.display().to_string()).collect();
    if open.is_empty() {
        return Looked::fine("mode", "only you can read it");
    }
    Looked::amiss("mode", format!("others can read {}", open.join(", ")), format!("chmod 600 {}", open.join(" ")))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Looked {
    Looked::fine("mode", "not looked at on this system")
}

fn writable(file: &Path) -> Looked {
    match OpenOptions::new().append(true).open(file) {
        Ok(_) => Looked::fine("writing", "it can be written to"),
        Err(error) => Looked::amiss(
            "writing",
            format!("it can't be written to: {}", complain::plain(&error)),
            "it can still be read; talks backup copies it to where you can write",
        ),
    }
}

/// Whether the editor that is named is there; without one, forms are not filled in, and all else works.
fn editor() -> Looked {
    let Some((editor, from)) = editor_from() else {
        return Looked::fine("editor", "none is named; add -e and correct -e need VISUAL or EDITOR");
    };
    let program = editor.split_whitespace().next().unwrap_or_default();
    let named = format!("{editor} ({from})");
    match (is_found(program), from) {
        (true, _) => Looked::fine("editor", named),
        (false, "VISUAL" | "EDITOR") => Looked::amiss(
            "editor",
            format!("{named} is not there"),
            format!("install it, or name another: {from}=nano"),
        ),
        (false, _) => Looked::fine("editor", "none is named, and there is no vi; add -e and correct -e need EDITOR"),
    }
}

/// Whether a file that a shell reads at its start mentions them.
fn completions() -> String {
    let Some(home) = set("HOME") else { return "not looked for: there is no home folder".into() };
    let places = [
        ".bashrc",
        ".bash_profile",
        ".zshrc",
        ".config/fish/config.fish",
        ".config/fish/completions/talks.fish",
        ".local/share/bash-completion/completions/talks",
    ];
    let mentions = |place: &&'static str| {
        let text = std::fs::read_to_string(home.join(place)).unwrap_or_default();
        text.contains("talks completions") || text.contains("TALKS_COMPLETE")
    };
    match places.into_iter().find(mentions) {
        Some(place) => format!("set up in ~/{place}"),
        None => "not set up that one could see; talks completions bash, zsh or fish prints them".into(),
    }
}
