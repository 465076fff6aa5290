//! `talks export --format sqlite`: what the list commands print, in one file for any program that reads SQLite, and beside it what
//! Datasette is to be told of it.

use std::path::Path;

use serde_json::json;

use super::Context;
use super::args::ExportArgs;
use super::handover::{unwritten, whole};
use super::page::{Page, header};
use super::text::{GOOD, clean, styled};
use crate::app::{Asking, Trouble, metadata};

pub(super) fn export(args: &ExportArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    if !args.withhold.is_empty() {
        return Err(Trouble::usage("no-parts", "tables have no parts to be withheld")
            .help("leave --withhold out, or --format: sealed lines have parts"));
    }
    let file = args.output.as_deref().ok_or_else(|| {
        Trouble::usage("no-file", "a database is written to a file")
            .help("talks export --format sqlite -o talks-out.db")
    })?;
    context.ask(|asking| write(asking, file))
}

fn write(asking: &Asking<'_>, file: &Path) -> Result<Page, Trouble> {
    let beside = file.with_extension("metadata.json");
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    whole(&beside, |mut out, _| {
        whole(file, |_, place| asking.write_tables(place))?;
        let text = format!("{:#}\n", metadata(&name, title(asking), &about(asking)));
        std::io::Write::write_all(&mut out, text.as_bytes())
            .and_then(|()| out.sync_all())
            .map_err(|error| unwritten(&beside.display().to_string(), &error))
    })?;
    let human = format!(
        "{}{}\n",
        header(asking),
        styled(GOOD, &clean(&format!("Written to {}, and {} beside it", file.display(), beside.display())))
    );
    let made = json!({ "file": file.display().to_string(), "metadata": beside.display().to_string() });
    Ok(Page::new(asking.answer(made), None, human))
}

fn title<'a>(asking: &'a Asking<'_>) -> &'a str {
    let title = asking.asked().all.ground.title.as_str();
    if title.is_empty() { asking.name() } else { title }
}

/// Of which log this is, and as of when.
fn about(asking: &Asking<'_>) -> String {
    let frame = asking.answer(());
    let version = frame.version.map(|version| format!(" up to e{version}")).unwrap_or_default();
    let root = frame.root.map(|root| format!(", root {root}")).unwrap_or_default();
    format!("{}{version}{root}; as of {}", frame.negotiation, asking.as_of.echo)
}
