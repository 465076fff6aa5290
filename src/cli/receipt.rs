//! What a writing command prints: where the records went, what they changed, and what no longer fits.

use serde_json::{Value, to_value};

use super::complain;
use super::page::Page;
use super::replay::change_text;
use super::text::{BOLD, DIM, GOOD, WARN, clean, indented, styled, width};
use crate::app::{Amiss, Receipt, Recorded, Replaced, Trouble};
use crate::view::Finding;

/// More changes than these are counted, not listed.
const CHANGES_SHOWN: usize = 12;
/// More records than these are counted, not listed.
const RECORDS_SHOWN: usize = 3;

/// The receipt; `did` is what was done: "Added".
pub(super) fn page(did: &str, receipt: &Receipt) -> Result<Page, Trouble> {
    let json = to_value(receipt).map_err(|error| Trouble::failed("json", error.to_string()))?;
    Ok(Page::with(json, text(did, receipt)))
}

/// Says what `check` newly finds, on standard error.
pub(super) fn warn_of_findings(quiet: bool, receipt: &Receipt) {
    for finding in receipt.findings.iter().filter(|_| !quiet) {
        complain::remark(&clean(&finding_text(finding)), &clean(&finding.help));
    }
}

/// `unsourced: e5: no source is cited for it`.
fn finding_text(finding: &Finding) -> String {
    let events: Vec<String> = finding.events.iter().map(ToString::to_string).collect();
    format!("{}: {}: {}", finding.check, events.join(" "), finding.text)
}

pub(super) fn text(did: &str, receipt: &Receipt) -> String {
    let mut text = preview(did, receipt);
    if receipt.dry_run {
        text.push_str(&format!("{}\n", styled(WARN, "Nothing was written (dry run).")));
    } else if !receipt.events.is_empty() {
        let root = format!("{} now stands at e{}, root", receipt.negotiation, receipt.version);
        text.push_str(&format!("{}\n  {}\n", styled(DIM, &clean(&root)), receipt.root));
    }
    if !receipt.is_clean {
        let what = "the erased bytes are still in the write-ahead log, because another program has the store open";
        text.push_str(&format!("{} {what}\n", styled(WARN, "warning:")));
        text.push_str(&format!("{} close it, then run any writing command\n", styled(BOLD, "help:")));
    }
    text
}

/// The records and what they change, without what became of them.
pub(super) fn preview(did: &str, receipt: &Receipt) -> String {
    let mut text = records(did, receipt);
    text.push_str(&changes(receipt));
    text.extend(receipt.doubts.iter().map(|doubt| warning(doubt)));
    text.push_str(&amiss("does not fit, and was stored all the same:", &receipt.amiss));
    text.push_str(&amiss("no longer fits because of this:", &receipt.induced));
    text
}

fn records(did: &str, receipt: &Receipt) -> String {
    let did = if receipt.dry_run { format!("Would be {}", did.to_lowercase()) } else { did.to_string() };
    let mut text = String::new();
    match &receipt.events[..] {
        [] if receipt.already.is_empty() => text.push_str("Nothing to do.\n"),
        [first, .., last] if receipt.events.len() > RECORDS_SHOWN => {
            let count = receipt.events.len();
            let line = format!("{did} {count} records, {} to {}, to {}", first.event, last.event, receipt.negotiation);
            text.push_str(&format!("{}\n", styled(GOOD, &clean(&line))));
        }
        few => few.iter().for_each(|one| text.push_str(&record(&did, one))),
    }
    let already = &receipt.already;
    if already.len() > RECORDS_SHOWN {
        text.push_str(&format!("{} records were here already\n", already.len()));
    } else {
        already.iter().for_each(|known| text.push_str(&record("Already here:", known)));
    }
    text
}

fn record(did: &str, record: &Recorded) -> String {
    let handle = record.handle.map(|handle| format!("  {handle}")).unwrap_or_default();
    let when = record.occurred.as_ref().map(|when| format!("  {when}")).unwrap_or_default();
    let line = format!("{did} {}  {}{handle}{when}", record.event, record.kind);
    // In a dry run no root was made, and the id is not kept.
    let id = record.id.filter(|_| record.root.is_some());
    let id = id.map(|id| format!("  {}\n", styled(DIM, &format!("id {id}")))).unwrap_or_default();
    let replaced: String = record.replaced.iter().map(replaced).collect();
    format!("{}\n{}{replaced}{id}", styled(GOOD, &clean(&line)), indented(&clean(&record.text), 2, width()))
}

/// `occurred: 2023-10-19 -> 2025-10-19`
fn replaced(replaced: &Replaced) -> String {
    let word = |value: &Value| match value {
        Value::Null => "nothing".to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = format!("{}: {} -> {}", replaced.field, word(&replaced.before), word(&replaced.after));
    indented(&clean(&line), 4, width())
}

fn changes(receipt: &Receipt) -> String {
    let changes = &receipt.changes;
    let mut text: String = changes.iter().take(CHANGES_SHOWN).map(change_text).collect();
    if changes.len() > CHANGES_SHOWN {
        text.push_str(&format!("    and {} more lines changed\n", changes.len() - CHANGES_SHOWN));
    }
    if changes.is_empty() && !receipt.events.is_empty() {
        text.push_str("    no line of the state changed\n");
    }
    text
}

fn amiss(what: &str, list: &[Amiss]) -> String {
    list.iter().map(|amiss| warning(&format!("{} {what} {}", amiss.event, amiss.text))).collect()
}

fn warning(text: &str) -> String {
    format!("{} {}\n", styled(WARN, "warning:"), indented(&clean(text), 9, width()).trim())
}
