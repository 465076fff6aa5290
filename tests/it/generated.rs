//! Pages that are generated from the types, or they would be promises. `UPDATE=1 cargo test` writes them anew.

use std::fmt::Write;
use std::path::PathBuf;

use talks::domain::ids::Letter;
use talks::exchange::schema::{self, FieldDoc, KindDoc, TypeDoc};

use crate::kinds::complete_samples;

const INTRO: &str = "\
# Kinds of event

This page is generated from the source; `UPDATE=1 cargo test` writes it anew. The same as JSON Schema: `events/event.schema.json`.

A log is a list of developments, one JSON object a line. What people and importers write is a **draft**:

| field | type | required | meaning |
|---|---|---|---|
| `kind` | one of the kinds below | yes | What sort of thing happened. |
| `occurred` | [when](#when) | yes, unless the kind keeps the record | When it happened in the world, as exactly as is known and no more. |
| `data` | object | where the kind has required fields | The fact itself; its fields depend on the kind. |
| `context` | [context](#context) | no | Its circumstances; any event may carry them. |
| `sources` | list of [citation](#citation) | no | Who says so. |
| `id` | UUID | no | The idempotency key; absent: a new one. |

Where a list is asked for, one value stands for a list of one. A field of `data`, `context` or `sources` that a version does not know
is kept and warned of; so is a word that is not in a list of words, which is read as `other`. Numbers are whole; a decimal is written
as a text.
";

const HANDLES: &str = "
### handle

An event is named by its version, `e7`. What lives through several events has a handle besides: a letter and a number. Where a kind
defines one, it may be left out for a new life, and the log gives it the next number; a known handle joins that life.

| letter | names a |
|---|---|
";

fn events_page() -> String {
    let mut page = INTRO.to_owned();
    let kinds = schema::kinds();
    let types = schema::value_types();
    let samples = complete_samples();
    for group in kinds.chunk_by(|one, next| one.group == next.group) {
        section(&mut page, group, &types, |kind| samples.get(kind).copied().unwrap_or_default());
    }
    page.push_str("\n## Values\n");
    for (name, part) in [("context", "context"), ("citation", "sources")] {
        _ = write!(page, "\n### {name}\n\n{}", table(&schema::fields_at(None, &[part]), &types));
    }
    page.push_str(HANDLES);
    for letter in Letter::ALL {
        _ = writeln!(page, "| `{}` | {} |", letter.as_char(), letter.noun());
    }
    types.iter().for_each(|value| value_type(&mut page, value, &types));
    page
}

fn section(page: &mut String, kinds: &[KindDoc], types: &[TypeDoc], sample: impl Fn(&str) -> &'static str) {
    _ = writeln!(page, "\n## {}", kinds[0].group);
    for KindDoc { kind, definition, dated, fields, .. } in kinds {
        let date = if *dated { "" } else { " It has no date in the world: `occurred` is left out." };
        _ = write!(page, "\n### `{kind}`\n\n{definition}{date}\n\n{}", table(fields, types));
        _ = write!(page, "\n```json\n{}\n```\n", pretty(sample(kind), 0));
    }
}

fn value_type(page: &mut String, value: &TypeDoc, types: &[TypeDoc]) {
    _ = write!(page, "\n### {}\n\n{}\n", value.name, value.doc);
    // What has a shorthand explains its fields in its own sentence; they are only listed.
    match value.fields.iter().any(|field| field.doc.is_empty()) {
        true => {
            let listed = value.fields.iter().map(|field| {
                let optional = if field.required { "" } else { "?" };
                format!("`{}{optional}` ({})", field.name, linked(&field.type_words, types))
            });
            _ = writeln!(page, "\nIn full: {}.", listed.collect::<Vec<_>>().join(", "));
        }
        false if value.fields.is_empty() => {}
        false => _ = write!(page, "\n{}", table(&value.fields, types)),
    }
}

fn table(fields: &[FieldDoc], types: &[TypeDoc]) -> String {
    let mut table = String::from("| field | type | required | meaning |\n|---|---|---|---|\n");
    for FieldDoc { name, type_words, required, doc } in fields {
        let required = if *required { "yes" } else { "no" };
        _ = writeln!(table, "| `{name}` | {} | {required} | {doc} |", linked(type_words, types));
    }
    table
}

/// A type that the page explains is a link to its heading.
fn linked(words: &str, types: &[TypeDoc]) -> String {
    let (before, name) = words.strip_prefix("list of ").map_or(("", words), |name| ("list of ", name));
    match types.iter().any(|known| known.name == name) {
        false if name.ends_with("1)") => format!("{before}[{name}](#handle)"),
        true => format!("{before}[{name}](#{})", name.replace(' ', "-")),
        false => words.to_owned(),
    }
}

/// JSON with its keys in their own order: what fits on a line stays on it.
fn pretty(text: &str, indent: usize) -> String {
    const LINE_CHARS: usize = 100;
    let spaced = spaced(text);
    if indent + spaced.chars().count() <= LINE_CHARS || !text.starts_with(['{', '[']) {
        return spaced;
    }
    let inner = " ".repeat(indent + 2);
    let member = |member: &str| match split(member, ':')[..] {
        [key, value] => format!("{inner}{key}: {}", pretty(value, indent + 2)),
        _ => format!("{inner}{}", pretty(member, indent + 2)),
    };
    let members: Vec<_> = split(&text[1..text.len() - 1], ',').into_iter().map(member).collect();
    format!("{}\n{}\n{}{}", &text[..1], members.join(",\n"), " ".repeat(indent), &text[text.len() - 1..])
}

fn spaced(text: &str) -> String {
    let mut out = String::new();
    for (c, in_text, _) in marked(text) {
        out.push(c);
        if !in_text && matches!(c, ',' | ':') {
            out.push(' ');
        }
    }
    out
}

/// Splits at a mark that stands outside texts and brackets.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for ((at, _), (c, in_text, depth)) in text.char_indices().zip(marked(text)) {
        if c == mark && !in_text && depth == 0 {
            parts.push(&text[from..at]);
            from = at + 1;
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Each character, whether it stands in a text, and how deep.
fn marked(text: &str) -> impl Iterator<Item = (char, bool, usize)> {
    let (mut in_text, mut escaped, mut depth) = (false, false, 0_usize);
    text.chars().map(move |c| {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        (c, in_text, depth)
    })
}

/// Compares a page in the repository with what is generated, or writes it.
#[track_caller]
fn up_to_date(page: &str, generated: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, generated).expect("the page can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(generated.lines()).position(|(kept, generated)| kept != generated);
    let line = differs.unwrap_or_else(|| kept.lines().count().min(generated.lines().count())) + 1;
    assert!(
        kept == generated,
        "{page}:{line} is not what the types say now; run UPDATE=1 cargo test and read the change"
    );
}

#[test]
fn the_reference_page_says_what_the_types_say() {
    up_to_date("docs/events.md", &events_page());
}

#[test]
fn the_description_of_the_addresses_is_that_of_the_routes() {
    up_to_date("docs/openapi.json", &format!("{:#}\n", talks::web::document()));
}

#[test]
fn the_schema_in_the_repository_is_the_one_of_the_types() {
    let schema = serde_json::to_string_pretty(&schema::event_schema()).expect("a schema is JSON");
    up_to_date("events/event.schema.json", &(schema + "\n"));
}

#[test]
fn a_page_keeps_the_keys_of_its_samples_in_their_order() {
    assert_eq!(pretty(r#"{"b":"x, y: {z}","a":[1,2]}"#, 0), r#"{"b": "x, y: {z}", "a": [1, 2]}"#);
    let long = format!(r#"{{"b":"{0}","a":{{"c":"{0}"}}}}"#, "-".repeat(60));
    assert_eq!(pretty(&long, 0), format!("{{\n  \"b\": \"{0}\",\n  \"a\": {{\"c\": \"{0}\"}}\n}}", "-".repeat(60)));
}
