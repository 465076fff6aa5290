//! `talks init`, `talks open` and `talks negotiations`: where a record begins.

use std::path::Path;

use serde_json::{Value, json};

use super::args::OpenArgs;
use super::page::Page;
use super::table::Table;
use super::text::clean;
use super::{Context, place, receipt};
use crate::app::{Store, Trouble, Typed};
use crate::exchange::pairs::{Given, Pair};

pub(super) fn init(file: &Path) -> Result<Page, Trouble> {
    let store = Store::create(file)?;
    let name = store.path().display().to_string();
    let text = format!(
        "Made {}, an empty store that only you can read.\n\nnext: talks open SLUG --title TITLE --party SLUG=NAME --party SLUG=NAME\n      talks import FILE.jsonl\n",
        clean(&name)
    );
    Ok(Page::with(json!({ "store": name }), text))
}

pub(super) fn negotiations(context: &Context<'_>) -> Result<Page, Trouble> {
    let all = context.store()?.negotiations()?;
    let mut table = Table::new(&["NEGOTIATION", "VERSION", "ROOT"]);
    for (slug, version, root) in &all {
        table.row(vec![slug.clone(), format!("e{version}"), root.clone()]);
    }
    let line = |(slug, version, root): &(String, u64, String)| json!({ "negotiation": slug, "version": version, "root": root });
    let lines: Vec<Value> = all.iter().map(line).collect();
    let none = "There is none yet: talks open SLUG --title TITLE opens one.";
    Ok(Page::table(json!({ "data": { "negotiations": lines } }), "negotiations", table.finish(none)))
}

pub(super) fn page(args: &OpenArgs, context: &Context<'_>) -> Result<Page, Trouble> {
    let slug = place::slug(&args.slug)?;
    let mut pairs = vec![text("title", &args.title)];
    pairs.extend(args.subject.as_ref().map(|subject| text("subject", subject)));
    pairs.extend(args.zone.as_ref().map(|zone| text("zone", zone)));
    let parties: Vec<Value> = args.parties.iter().map(|typed| party(typed)).collect::<Result<_, _>>()?;
    pairs.push(Pair { key: "parties".into(), value: Given::Json(parties.into()) });
    let typed = Typed { pairs, when: Some(args.when.clone()), ..Typed::default() };
    let mut store = context.store_to_write()?;
    if store.negotiations()?.iter().any(|(known, ..)| *known == slug) && args.once.id.is_none() {
        return Err(Trouble::failed("negotiation-exists", format!("there is a negotiation {slug} already"))
            .help(format!("talks status -n {slug} shows it; choose another name for a new one")));
    }
    let mut desk = context.desk(&mut store, slug, &args.writing, Some(&args.once))?;
    receipt::page("Opened", &desk.add_typed("negotiation.opened", &typed)?)
}

fn text(key: &str, value: &str) -> Pair {
    Pair { key: key.into(), value: Given::Text(value.into()) }
}

/// `pakistan=Pakistan:state:party`
fn party(typed: &str) -> Result<Value, Trouble> {
    let (slug, rest) = typed.split_once('=').ok_or_else(|| {
        Trouble::usage("bad-party", format!("\"{typed}\" is not SLUG=NAME"))
            .help("write --party pakistan=Pakistan:state, or --party qatar=Qatar:state:mediator")
    })?;
    let mut parts = rest.split(':');
    let name = parts.next().unwrap_or_default();
    let (kind, role) = (parts.next().unwrap_or("other"), parts.next().unwrap_or("party"));
    Ok(json!({ "party": slug, "name": name, "kind": kind, "role": role }))
}
