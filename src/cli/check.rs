//! `talks check`: what an editor should look at again; exit code 3 where there is something.

use super::args::CheckArgs;
use super::page::{Page, header};
use super::text::{DIM, GOOD, WARN, clean, counted, indented, styled, width};
use crate::app::{Asking, Exit, Trouble};
use crate::view::Finding;

pub(super) fn page(asking: &Asking<'_>, args: &CheckArgs) -> Result<Page, Trouble> {
    let checked = asking.check(&args.names)?;
    let mut text = header(asking);
    checked.findings.iter().for_each(|finding| text.push_str(&finding_text(finding)));
    let waived = if checked.waived > 0 { format!(", {} waived", checked.waived) } else { String::new() };
    let count = counted(checked.findings.len(), "finding");
    let style = if checked.findings.is_empty() { GOOD } else { WARN };
    text.push_str(&format!("{}\n", styled(style, &format!("{count}{waived}"))));
    let is_clean = checked.findings.is_empty();
    let page = Page::new(asking.answer(checked), Some("findings"), text);
    Ok(if is_clean { page } else { page.ending(Exit::Found) })
}

fn finding_text(finding: &Finding) -> String {
    let events: Vec<String> = finding.events.iter().take(3).map(ToString::to_string).collect();
    let more = if finding.events.len() > 3 { " .." } else { "" };
    let head = format!("{}{more}  {}", events.join(" "), finding.check);
    format!(
        "{}\n{}{}",
        styled(WARN, &head),
        indented(&clean(&finding.text), 4, width()),
        indented(&clean(&finding.help), 4, width())
            .lines()
            .map(|l| format!("{}\n", styled(DIM, l)))
            .collect::<String>()
    )
}
