//! A draft as a form to fill in: `key=value` lines as `add` takes them, comments that say what each field is.

use super::args::Citing;
use super::fields;
use super::revise::REASON;
use crate::app::{Trouble, Typed, WORDS};
use crate::domain::ids::Target;
use crate::exchange::pairs::Given;
use crate::exchange::schema::{FieldDoc, fields_at, is_dated, kinds};

const HEAD: &str = "\
# One event. Fill in what is known, save, and close the editor; leave the file
# empty to store nothing. A line is key=value, or key:=JSON; one that begins
# with a space goes on with the line above. Empty ones do not count.
";

/// Marks what went wrong; such lines are taken out again.
const MISTAKE: &str = "#! ";

/// The form of a kind, filled in as far as something is known; without a kind it asks for one.
pub(super) fn blank(kind: Option<&str>, typed: &Typed) -> String {
    let mut text = HEAD.to_string();
    text.extend(lines(kind.unwrap_or_default(), typed).iter().map(|line| format!("{line}\n")));
    if kind.is_none() {
        let names: Vec<String> = kinds().into_iter().map(|doc| format!("#   {}\n", doc.kind)).collect();
        text.push_str(&format!("# one of these; its fields come when the file is saved\n{}", names.concat()));
    }
    completed(&text)
}

/// The form of a correction, with what an event says now, and who says otherwise.
pub(super) fn correction(name: &Target, kind: &str, stands: &Typed, reason: &str, citing: &Typed) -> String {
    let says = lines(kind, stands);
    let by: Vec<String> = lines(kind, citing).split_off(1);
    let by = if by.is_empty() { vec!["source=".to_string()] } else { by };
    let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    completed(&format!(
        "# What {name} says. Change what is wrong, save, and close the editor; an emptied\n\
         # line takes the field away. What it said before stays in the log.\n\
         # Why it is corrected; needed\n{}\n\
         # The source that says otherwise: S3; without one it is your own slip\n{}\
         # The event, with the sources that it has\n{}",
        line(REASON, reason),
        text(&by),
        text(&says)
    ))
}

/// What is filled in, line by line, as it would be typed.
pub(super) fn lines(kind: &str, typed: &Typed) -> Vec<String> {
    let cited = &typed.cited;
    let mut lines = vec![format!("kind={kind}")];
    lines.extend(typed.when.iter().map(|when| line("when", when)));
    for pair in &typed.pairs {
        lines.push(match &pair.value {
            Given::Text(text) => line(&key(&pair.key), text),
            Given::Json(json) => format!("{}:={json}", key(&pair.key)),
        });
    }
    lines.extend(cited.sources.iter().map(|source| line("source", source)));
    lines.extend(cited.reported.iter().map(|when| line("reported", when)));
    lines.extend(cited.words.iter().map(|(name, text)| line(name, text)));
    lines
}

fn line(key: &str, text: &str) -> String {
    format!("{key}={}", text.replace('\n', "\n "))
}

/// A field with the name of a line of the form's own is called by its full path.
fn key(name: &str) -> String {
    if is_own(name) { format!("data.{name}") } else { name.into() }
}

fn is_own(name: &str) -> bool {
    ["kind", "when", "source"].contains(&name) || WORDS.contains(&name)
}

/// The text with the lines that are still missing from the form of its kind.
pub(super) fn completed(text: &str) -> String {
    let entries = entries(text);
    let kind = value(&entries, "kind").unwrap_or_default();
    let Some(doc) = kinds().into_iter().find(|doc| doc.kind == kind) else { return text.into() };
    let has = |name: &str| text.lines().any(|line| key_of(line) == Some(name));
    let mut text = text.to_string();
    let mut add = |name: &str, about: &str| {
        if !has(name) {
            text.push_str(&format!("# {about}\n{name}=\n"));
        }
    };
    if is_dated(&kind) {
        add("when", "when it happened: 2023-10-26, \"20 Oct 2023\" without quotes, yesterday; needed");
    }
    for (heading, fields) in [("", &doc.fields), ("any kind can have it: ", &fields_at(Some(&kind), &["context"]))] {
        for field in fields {
            add(&key(&field.name), &format!("{heading}{}", about(field)));
        }
    }
    add("source", "a registered source: S1; again for another; source.title=... registers one with it");
    WORDS.iter().for_each(|word| add(word, "of the only source"));
    text
}

fn about(field: &FieldDoc) -> String {
    let needed = if field.required { ", needed" } else { "" };
    format!("{} ({}{needed})", field.doc, field.type_words)
}

/// Reads a form.
///
/// # Errors
/// A line that is none of a form.
pub(super) fn read(text: &str) -> Result<(String, Typed), Trouble> {
    let entries = entries(text);
    if let Some((_, line)) = entries.iter().find(|(key, _)| key.is_empty()) {
        let what = format!("\"{line}\" is not key=value");
        return Err(Trouble::usage("not-a-pair", what).help("begin it with # for a comment, or with a space to go on"));
    }
    let kind = value(&entries, "kind");
    let kind = kind.ok_or_else(|| Trouble::usage("needed", "the kind is needed").help("kind=statement.made"))?;
    let own = |entry: &&(String, String)| is_own(entry.0.trim_end_matches(':'));
    let pairs: Vec<String> = entries.iter().filter(|entry| !own(entry)).map(|(k, v)| format!("{k}={v}")).collect();
    let word = |name: &str| value(&entries, name);
    let citing = Citing {
        source: entries.iter().filter(|(key, _)| key == "source").map(|(_, value)| value.clone()).collect(),
        quote: word("quote"),
        locator: word("locator"),
        reported: word("reported"),
        attribution: word("attribution"),
        relays: word("relays"),
    };
    Ok((kind, fields::typed(&pairs, word("when").as_ref(), Some(&citing))?))
}

/// Whether nothing is filled in.
pub(super) fn is_empty(text: &str) -> bool {
    entries(text).is_empty()
}

/// The text with a mistake on top, instead of the one before.
pub(super) fn marked(text: &str, trouble: &Trouble) -> String {
    let rest: String = text.lines().filter(|l| !l.starts_with(MISTAKE)).map(|line| format!("{line}\n")).collect();
    let help = trouble.help.as_deref().map(|help| format!("help: {help}"));
    let told = std::iter::once(trouble.what.clone()).chain(trouble.why.iter().cloned()).chain(help);
    let told: String = told.flat_map(|t| t.lines().map(|l| format!("{MISTAKE}{l}\n")).collect::<Vec<_>>()).collect();
    format!("{told}{rest}")
}

/// What is filled in: keys (with the colon of `:=`) and values. A line without a key has an empty key second.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix([' ', '\t']), entries.last_mut()) {
            (Some(more), Some((_, value))) => value.push_str(&format!("\n{}", more.trim_end())),
            _ => match line.split_once('=') {
                Some((key, value)) => entries.push((key.trim().into(), value.trim().into())),
                None => entries.push((String::new(), line.trim().into())),
            },
        }
    }
    entries.retain(|(_, value)| !value.is_empty());
    entries
}

fn value(entries: &[(String, String)], name: &str) -> Option<String> {
    entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

fn key_of(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim().trim_end_matches(':');
    (!line.starts_with(['#', ' ', '\t'])).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_is_filled_in_reads_as_it_was_typed() {
        let filled = ["by=north", "of=south", "of=west", "text=Open\nthe border", "extra:={\"a\":1}"].map(String::from);
        let citing = Citing { source: vec!["S1".into()], quote: Some("Open".into()), ..Citing::default() };
        let typed = fields::typed(&filled, Some(&"2025-10-19".into()), Some(&citing)).expect("it reads");
        let form = blank(Some("demand.raised"), &typed);
        let (kind, read) = read(&form).expect("the form reads");
        assert_eq!((kind.as_str(), &read.pairs, &read.when), ("demand.raised", &typed.pairs, &typed.when));
        assert_eq!((&read.cited.sources, &read.cited.words), (&typed.cited.sources, &typed.cited.words));
        assert!(form.contains(
            "# How much hangs on it. (one of: primary, secondary, red-line, precondition, other)\nweight=\n"
        ));
    }

    #[test]
    fn a_field_with_the_name_of_a_line_of_the_form_is_called_by_its_path() {
        let form = blank(Some("party.joined"), &Typed::default()).replace("data.kind=\n", "data.kind=state\n");
        let (kind, typed) = read(&form).expect("the form reads");
        assert_eq!((kind.as_str(), typed.pairs[0].key.as_str()), ("party.joined", "data.kind"));
    }

    #[test]
    fn a_mistake_stands_on_top_once_and_the_text_is_kept() {
        let text = "kind=note.added\ntext=kept\n";
        let one = marked(text, &Trouble::usage("x", "first").help("do this"));
        assert_eq!(one, "#! first\n#! help: do this\nkind=note.added\ntext=kept\n");
        assert_eq!(marked(&one, &Trouble::usage("x", "second")), "#! second\nkind=note.added\ntext=kept\n");
        assert!(is_empty("# only words\n\nby=\n") && !is_empty(&one));
        assert!(read("kind=note.added\nno pair\n").is_err_and(|trouble| trouble.what.contains("\"no pair\"")));
    }
}
