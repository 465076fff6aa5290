//! `talks init`, `talks open` and `talks negotiations`: where a record begins.

use std::path::Path;

use serde_json::json;

use super::args::OpenArgs;
use super::page::Page;
use super::table::Table;
use super::text::clean;
use super::{Context, fields, receipt};
use crate::app::{self, Store, Trouble, Typed, slug};
use crate::exchange::pairs::{Given, Pair};

pub(super) fn init(file: Option<&Path>, store: Option<&Path>) -> Result<Page, Trouble> {
    let file = match (file, store) {
        (Some(file), Some(store)) if file != store => {
            let what = format!("{} and {} are two files", file.display(), store.display());
            return Err(Trouble::usage("two-stores", what).help("name the new store once: talks init FILE"));
        }
        (named, store) => named.or(store).unwrap_or(Path::new("talks.db")),
    };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(Trouble::failed("no-folder", format!("there is no folder {}", folder.display()))
            .help("make it first, or name a file in another"));
    }
    let store = Store::create(file)?;
    let name = store.path().display().to_string();
    let text = format!(
        "Made {}, an empty store that only you can read.\n\nnext: talks open SLUG --title TITLE --party SLUG=NAME --party SLUG=NAME\n      talks import FILE.jsonl\n",
        clean(&name)
    );
    Ok(Page::with(json!({ "store": name }), text))
}

pub(super) fn negotiations(context: &Context<'_>) -> Result<Page, Trouble> {
    let store = context.store()?;
    let mut table = Table::new(&["NEGOTIATION", "VERSION", "ROOT"]);
    for (slug, version, root) in store.negotiations()? {
        table.row(vec![slug, format!("e{version}"), root]);
    }
    let none = "There is none yet: talks open SLUG --title TITLE opens one.";
    Ok(Page::of(app::negotiations(&store)?, table.finish(none)))
}

pub(super) fn page(args: &OpenArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let slug = slug(&args.slug)?;
    let mut pairs = vec![text("title", &args.title)];
    pairs.extend(args.subject.as_ref().map(|subject| text("subject", subject)));
    pairs.extend(args.zone.as_ref().map(|zone| text("zone", zone)));
    for (at, typed) in args.parties.iter().enumerate() {
        let slug = typed.split('=').next();
        if args.parties[..at].iter().any(|earlier| earlier.split('=').next() == slug) {
            return Err(Trouble::usage(
                "bad-party",
                format!("two parties are called \"{}\"", slug.unwrap_or_default()),
            )
            .help("give each a slug of its own: --party union=Dockers --party clerks=Clerks"));
        }
        let of_party = |(name, value)| text(&format!("parties.{at}.{name}"), value);
        pairs.extend(party(typed)?.map(of_party));
    }
    let typed = Typed { pairs, when: Some(args.when.clone()), ..Typed::default() };
    let mut store = context.store_to_write()?;
    if store.negotiations()?.iter().any(|(known, ..)| *known == slug) && args.once.id.is_none() {
        return Err(Trouble::failed("negotiation-exists", format!("there is a negotiation {slug} already"))
            .help(format!("talks status -n {slug} shows it; choose another name for a new one")));
    }
    let mut desk = context.desk(&mut store, slug, &args.writing, Some(&args.once))?;
    receipt::page("Opened", &desk.add_typed("negotiation.opened", &typed).map_err(of_flags)?)
}

fn text(key: &str, value: &str) -> Pair {
    Pair { key: key.into(), value: Given::Text(value.into()) }
}

/// What is wrong with an opening, told of the flags that it was typed with.
fn of_flags(trouble: Trouble) -> Trouble {
    let trouble = fields::of_pairs(trouble);
    let has_many = trouble.candidates.len() > 1;
    if trouble.id == "unknown-word" && has_many { trouble.help("write other where none of them fits") } else { trouble }
}

/// `pakistan=Pakistan:state:party`; the fields of a party entry.
fn party(typed: &str) -> Result<[(&'static str, &str); 4], Trouble> {
    let wrong = |what: String| {
        Trouble::usage("bad-party", what)
            .help("write --party pakistan=Pakistan:state, or --party qatar=Qatar:state:mediator")
    };
    let (slug, rest) = typed.split_once('=').ok_or_else(|| wrong(format!("\"{typed}\" is not SLUG=NAME")))?;
    let mut parts = rest.split(':');
    let name = parts.next().unwrap_or_default();
    let (kind, role) = (parts.next().unwrap_or("other"), parts.next().unwrap_or("party"));
    if parts.next().is_some() {
        return Err(wrong(format!("\"{typed}\" has more than SLUG=NAME:KIND:ROLE")));
    }
    Ok([("party", slug), ("name", name), ("kind", kind), ("role", role)])
}
