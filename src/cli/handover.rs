//! `talks export`, `talks receive`, `talks verify` and `talks backup`: the record outside its store, and whether it holds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{ExportArgs, Format};
use super::page::Page;
use super::place::slug_of_file;
use super::progress::Shown;
use super::text::{BAD, BOLD, DIM, GOOD, clean, styled};
use super::{Context, complain, load, tables, twin};
use crate::app::{Breach, Exit, Ledger, Trouble, Verified, VerifiedLog, check_file, slug};

/// More breaches than these are counted, not listed.
const BREACHES_SHOWN: usize = 12;

pub(super) fn export(args: &ExportArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    match args.format {
        Format::Sealed => export_sealed(args, context),
        Format::Sqlite => tables::export(args, context),
        Format::Html => twin::export(args, context),
    }
}

fn export_sealed(args: &ExportArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let store = context.store()?;
    let slug = store.choose(context.global.negotiation.as_deref())?;
    let (to, (version, root)) = match &args.output {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let done = store.export(&slug, &args.withhold, &mut |line| writeln!(out, "{line}").or_else(gone_reader))?;
            out.flush().or_else(gone_reader).map_err(|error| unwritten("the output", &error))?;
            ("standard output".to_string(), done)
        }
        Some(path) => (path.display().to_string(), write_new(path, |each| store.export(&slug, &args.withhold, each))?),
    };
    if !context.global.quiet {
        let text = format!("{slug} up to e{version} written to {to}, root\n  {root}\n");
        let _ = anstream::stderr().lock().write_all(clean_lines(&text).as_bytes());
    }
    Ok(Page::silent())
}

fn clean_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", clean(line))).collect()
}

fn gone_reader(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

pub(super) type Each<'a> = &'a mut dyn FnMut(&str) -> io::Result<()>;

pub(super) fn write_new<T>(path: &Path, write: impl FnOnce(Each<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
    whole(path, |file, _| {
        let mut out = BufWriter::new(file);
        let done = write(&mut |line| writeln!(out, "{line}"))?;
        let kept = out.flush().and_then(|()| out.get_ref().sync_all());
        kept.map(|()| done).map_err(|error| unwritten(&path.display().to_string(), &error))
    })
}

/// Whole or not at all: written beside its place, then moved there. Nothing is overwritten.
pub(super) fn whole<T>(path: &Path, fill: impl FnOnce(File, &Path) -> Result<T, Trouble>) -> Result<T, Trouble> {
    let name = path.display().to_string();
    if path.exists() {
        return Err(Trouble::failed("file-exists", format!("{name} is there already"))
            .help("choose another name; nothing is ever overwritten"));
    }
    // A name of this run's own: what a run that was killed left behind is in nobody's way.
    let beside = PathBuf::from(format!("{name}.{}.part", std::process::id()));
    let file = create_private(&beside).map_err(|error| unwritten(&name, &error))?;
    let done = fill(file, &beside).and_then(|done| {
        let kept = put_in_place(&beside, path);
        kept.map(|()| done).map_err(|error| unwritten(&name, &error))
    });
    // After a link there are two names of it; after a failure it is half.
    let _ = fs::remove_file(&beside);
    done
}

/// A link, and not a move, because it does not overwrite what another run made meanwhile; a move where there are no links.
fn put_in_place(beside: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::rename(beside, path),
        done => done,
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(super) fn unwritten(what: &str, error: &io::Error) -> Trouble {
    Trouble::failed("output", format!("can't write {what}: {}", complain::plain(error)))
        .help("check the folder, its space and who may write there")
}

pub(super) fn receive(file: &Path, context: &Context<'_>) -> Result<Page, Trouble> {
    let named = context.global.negotiation.as_deref().map(slug).transpose()?;
    let slug = named.map_or_else(|| slug_of_file(file), Ok)?;
    let bytes = load::read(file)?;
    let shown = Shown::new(context.global.quiet);
    let mut store = context.store_to_write()?.telling(shown.progress());
    let received = store.receive(&slug, &bytes, &file.display().to_string())?;
    let did = match received.new {
        0 => "nothing was new".to_string(),
        1 => "1 record was new".into(),
        new => format!("{new} records were new"),
    };
    let text = format!(
        "{}\n{}\n  {}\n",
        styled(GOOD, &clean(&format!("Received {}: {did}", received.slug))),
        styled(DIM, &format!("{} now stands at e{}, root", received.slug, received.version)),
        received.root
    );
    let json = json!({ "negotiation": received.slug, "new": received.new, "version": received.version, "root": received.root });
    Ok(Page::with(json, text))
}

pub(super) fn backup(file: &Path, context: &Context<'_>) -> Result<Page, Trouble> {
    let copy = context.store()?.backup(file)?;
    let mut text = format!("{}\n", styled(GOOD, &clean(&format!("Copied to {}", file.display()))));
    let all = copy.negotiations()?;
    for (slug, version, root) in &all {
        text.push_str(&clean_lines(&format!("  {slug} up to e{version}, root\n    {root}\n")));
    }
    let line = |(slug, version, root): &(String, u64, String)| json!({ "negotiation": slug, "version": version, "root": root });
    Ok(Page::with(
        json!({ "file": file.display().to_string(), "negotiations": all.iter().map(line).collect::<Vec<_>>() }),
        text,
    ))
}

pub(super) fn rebuild(context: &Context<'_>) -> Result<Page, Trouble> {
    let shown = Shown::new(context.global.quiet);
    let mut store = context.store_to_write()?.telling(shown.progress());
    let slug = store.choose(context.global.negotiation.as_deref())?;
    let rows = store.rebuild(&slug)?;
    let text = format!("{}\n", styled(GOOD, &clean(&format!("Derived {rows} rows anew for {slug}"))));
    Ok(Page::with(json!({ "negotiation": slug, "rows": rows }), text))
}

pub(super) fn verify(root: Option<&str>, receipts: Option<&Path>, context: &Context<'_>) -> Result<Page, Trouble> {
    let shown = Shown::new(context.global.quiet);
    let progress = shown.progress();
    let ledger = match receipts {
        Some(file) => Ledger::read(&load::read(file)?, &file.display().to_string())?,
        None => Ledger::default(),
    };
    let ledger = ledger.with_root(root);
    let verified = match &context.global.log[..] {
        [] => context.store()?.telling(progress).check(context.global.negotiation.as_deref(), &ledger)?,
        [file] => check_file(&load::read(file)?, &file.display().to_string(), &ledger, &progress)?,
        _ => {
            return Err(
                Trouble::usage("several-files", "one file is verified at a time").help("talks verify --log FILE")
            );
        }
    };
    let json = serde_json::to_value(&verified).map_err(|error| Trouble::failed("json", error.to_string()))?;
    let page = Page::with(json, verified_text(&verified));
    Ok(if verified.holds() { page } else { page.ending(Exit::Found) })
}

fn verified_text(verified: &Verified) -> String {
    let mut text: String = verified.logs.iter().map(log_text).collect();
    if verified.logs.is_empty() {
        text.push_str("The store is empty.\n");
    }
    for line in &verified.damage {
        text.push_str(&format!("{} {}\n", styled(BAD, "damaged:"), clean(line)));
    }
    text.push_str(&outside_text(verified));
    if let Some(noted) = &verified.noted {
        text.push_str(&match &noted.found {
            Some((slug, version)) => format!("{} it is that of {} up to e{version}\n", styled(GOOD, "root:"), clean(slug)),
            None => format!(
                "{} no version has the root that was noted\n{} is this an older copy, or one made without its -wal file?\n",
                styled(BAD, "root:"),
                styled(BOLD, "help:")
            ),
        });
    }
    text
}

/// What was held against what is known outside the store.
fn outside_text(verified: &Verified) -> String {
    let line = |breach: &Breach| {
        let Breach { negotiation, version, what, .. } = breach;
        format!("{} e{version} of {}: {}\n", styled(BAD, "lost:"), clean(negotiation), clean(what))
    };
    let shown = verified.breaches.iter().take(BREACHES_SHOWN);
    let mut text: String = shown.map(line).collect();
    if verified.breaches.len() > BREACHES_SHOWN {
        text.push_str(&format!("      and {} more\n", verified.breaches.len() - BREACHES_SHOWN));
    }
    if let Some(receipts) = verified.receipts {
        let (held, all) = (receipts.held, receipts.acknowledged);
        let (style, what) = if held == all { (GOOD, "all of them") } else { (BAD, "not all of them") };
        let word = styled(style, "receipts:");
        text.push_str(&format!("{word} {held} of {all} acknowledgements hold, {what}\n"));
        if held < all {
            text.push_str(&format!(
                "{} is this an older copy, or one made without its -wal file?\n",
                styled(BOLD, "help:")
            ));
        }
    }
    text
}

fn log_text(log: &VerifiedLog) -> String {
    let name = clean(&log.negotiation);
    let Some(finding) = &log.finding else {
        let gone = match log.with_parts_gone {
            0 => String::new(),
            1 => "; parts of 1 record were withheld or erased".into(),
            gone => format!("; parts of {gone} records were withheld or erased"),
        };
        let mut text =
            format!("{} {name} up to e{}{gone}, root\n  {}\n", styled(GOOD, "holds:"), log.version, log.root);
        if log.derived == Some(false) {
            let (bad, help) = (styled(BAD, "differs:"), styled(BOLD, "help:"));
            text.push_str(&format!(
                "{bad} what is kept beside {name} is not what its records give\n{help} talks rebuild\n"
            ));
        }
        return text;
    };
    let held = match log.version {
        0 => "nothing can be trusted".to_string(),
        1 => "e1 holds; nothing after it can be trusted".into(),
        last => format!("e1 to e{last} hold; nothing after them can be trusted"),
    };
    let what = match finding.version {
        Some(version) => format!("{name} e{version} does not hold: {}", clean(&finding.what)),
        None => format!("{name} does not hold: {}", clean(&finding.what)),
    };
    format!("{} {what}\n  {held}\n", styled(BAD, "broken:"))
}
