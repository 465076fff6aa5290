//! Entering an event on the page: its form, and what comes of it. It is read as `talks add` reads what is typed, and decided before it
//! is stored.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::append::is_lines;
use super::page::HTML;
use super::pulse::{Pulse, Stage};
use super::site::{Site, aside};
use super::{body, problem, reply};
use crate::app::{Asking, Book, Cited, Desk, Env, Fields, Known, Manner, Question, Receipt, SOURCE_FIELDS, Store};
use crate::app::{Exit, Trouble, Typed, WORDS, by_frequency, choice_of};
use crate::exchange::pairs::{Given, Pair};
use crate::exchange::schema::{FieldDoc, KindDoc, is_dated, kinds};
use crate::exchange::short::listed;
use crate::page::{self, Chosen, Field, Form, Preview};
use crate::view::Choice;

/// So many kinds stand above the others, those that the log has most.
const OFTEN: usize = 6;

/// What was filled in.
#[derive(Debug, Deserialize)]
struct Filled {
    kind: String,
    /// The answers, by the names of their fields.
    values: Vec<(String, String)>,
    /// The id that the preview gave it.
    id: Option<Uuid>,
    /// The version that it was previewed upon.
    version: Option<u64>,
    /// What the preview showed.
    shown: Option<String>,
    /// Whether to store it, and not only to show what it would change.
    #[serde(default)]
    store: bool,
}

/// How the answers are understood, by the names of their fields.
type Understood = Vec<(String, String)>;

/// What is wrong, and with which field.
struct Refusal {
    field: Option<String>,
    trouble: Box<Trouble>,
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Refusal {
        Refusal { field: None, trouble: trouble.into() }
    }
}

/// The form, with the fields of the kind that was chosen.
///
/// # Errors
/// As for [`Asking::new`].
pub(super) fn form(book: &Book, kind: Option<&str>, env: &Env) -> Result<Form, Trouble> {
    let docs = kinds();
    let mut groups = vec![("here most often".to_string(), often(book))];
    for doc in &docs {
        if groups.last().is_none_or(|(heading, _)| heading != doc.group) {
            groups.push((doc.group.into(), Vec::new()));
        }
        groups.last_mut().into_iter().for_each(|(_, kinds)| kinds.push(choice_of(doc.clone())));
    }
    let chosen = docs.into_iter().find(|doc| Some(doc.kind.as_str()) == kind);
    let chosen = chosen.map(|doc| to_fill_in(book, doc, env)).transpose()?;
    Ok(Form { kinds: groups, chosen })
}

/// The kinds that the log has most.
fn often(book: &Book) -> Vec<Choice> {
    let there = by_frequency(&book.records).into_iter().filter(|(_, count)| *count > 0);
    there.take(OFTEN).map(|(doc, _)| choice_of(doc)).collect()
}

/// A kind with its fields, and what can stand in them as the log is now.
fn to_fill_in(book: &Book, doc: KindDoc, env: &Env) -> Result<Chosen, Trouble> {
    let asking = Asking::new(book, &Question::default(), env)?;
    let known = Known::of(&asking, env);
    let sources = || (known.sources.clone(), known.last_source.clone());
    Ok(Chosen {
        dates: is_dated(&doc.kind).then(|| known.dates.clone()),
        fields: fields(&Fields::of(&doc.kind, &known)),
        sources: (doc.kind != "source.registered").then(sources),
        kind: choice_of(doc),
    })
}

fn fields(of: &Fields<'_>) -> Vec<Field> {
    of.all().iter().map(|doc| field(of, &doc.name, doc, true)).collect()
}

/// A field; what must stand in one that may be left out need not be there.
fn field(of: &Fields<'_>, path: &str, doc: &FieldDoc, is_needed: bool) -> Field {
    let required = is_needed && doc.required;
    let inner = of.within(path);
    let takes = of.takes(path);
    let several = of.is_list(path);
    Field {
        name: own_name(path),
        means: format!("{} {}", doc.doc, hint(&takes, several, doc)),
        required,
        closed: !of.words(path).is_empty(),
        choices: of.choices(path),
        value: of.default(path),
        several,
        long: takes == "text" && ["text", "summary", "description", "reason"].contains(&doc.name.as_str()),
        within: inner.iter().map(|doc| field(of, &format!("{path}.{}", doc.name), doc, required)).collect(),
    }
}

/// How a field is filled in.
fn hint(takes: &str, several: bool, doc: &FieldDoc) -> String {
    let one = match takes {
        "text" => return String::new(),
        "party" => "a party".to_string(),
        "actor" => "a party, or party: who speaks for it".into(),
        "when" | "term" => "a day: 2025-10-25, or yesterday".into(),
        _ if doc.type_words.contains("one of") => "a word of the list".into(),
        takes => takes.to_string(),
    };
    if several { format!("Takes {one}; several with semicolons between them.") } else { format!("Takes {one}.") }
}

/// A field with a name of the form's own is called by its full path, as in the form of an editor.
fn own_name(path: &str) -> String {
    if is_own(path) { format!("data.{path}") } else { path.into() }
}

fn is_own(name: &str) -> bool {
    ["when", "source"].contains(&name) || WORDS.contains(&name)
}

/// Decides upon what was filled in, and stores it where that was asked.
pub(super) async fn entered(site: Arc<Site>, slug: String, request: Request<Body>) -> Response<Body> {
    match decided(&site, slug, request).await {
        Ok(html) => reply::of(HTML, html),
        Err(Refusal { field, trouble }) => problem::part(field.as_deref(), &trouble),
    }
}

async fn decided(site: &Arc<Site>, slug: String, request: Request<Body>) -> Result<String, Refusal> {
    let (head, body) = request.into_parts();
    let filled = filled(site, &head.headers, body).await?;
    if let Some(pulse) = head.extensions.get::<Arc<Pulse>>() {
        pulse.set(Stage::Answered);
    }
    let site = Arc::clone(site);
    aside(move || Ok(decide(&site, &slug, &filled))).await?
}

async fn filled(site: &Site, headers: &HeaderMap, body: Body) -> Result<Filled, Trouble> {
    site.gate.check_writer(headers)?;
    if is_lines(headers)? {
        return Err(Trouble::usage("wrong-media-type", "a form is sent as application/json"));
    }
    let bytes = body::whole(body).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Trouble::usage("bad-json", format!("what was filled in does not read: {error}")))
}

fn decide(site: &Site, slug: &str, filled: &Filled) -> Result<String, Refusal> {
    let mut store = Store::open_to_write(site.shelf.path())?;
    let slug = store.choose(Some(slug))?;
    let book = store.book(&slug)?;
    let env = (site.clock)();
    let asking = Asking::new(&book, &Question::default(), &env)?;
    let known = Known::of(&asking, &env);
    let (typed, understood) = typed(&Fields::of(&filled.kind, &known), &filled.values, &known)?;
    let shown = shown(filled, &understood);
    if filled.store && filled.shown.as_ref() != Some(&shown) {
        return Err(other_than_shown().into());
    }
    let version = book.records.last().map_or(0, |record| record.version().0);
    let manner = Manner { recorder: site.recorder.clone(), id: filled.id, ..Manner::default() };
    let expect = if filled.store { filled.version } else { None };
    let mut desk = Desk { store: &mut store, slug, env, random: site.random, expect, dry_run: !filled.store, manner };
    let receipt = desk.add_typed(&filled.kind, &typed)?;
    Ok(page::preview(&preview(&receipt, version, shown, understood)))
}

/// What was filled in and how it was understood, as a number: what is stored is what was shown. `yesterday` is another day tomorrow.
fn shown(filled: &Filled, understood: &Understood) -> String {
    let mut digest = Sha256::new();
    digest.update(serde_json::json!([filled.kind, filled.values, understood]).to_string());
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn other_than_shown() -> Trouble {
    let trouble = Trouble::failed("moved-on", "this is not what was shown last");
    let trouble = Trouble { exit: Exit::Moved, ..trouble };
    trouble
        .because("a field was filled in otherwise, or a date means another day by now; nothing was stored")
        .help("have it shown anew")
}

/// What was typed, and how each answer is understood.
fn typed(fields: &Fields<'_>, values: &[(String, String)], known: &Known<'_>) -> Result<(Typed, Understood), Refusal> {
    let (mut typed, mut understood) = (Typed { pairs: Vec::new(), when: None, cited: Cited::default() }, Vec::new());
    for (name, text) in values.iter().map(|(name, text)| (name, text.trim())).filter(|(_, text)| !text.is_empty()) {
        let echo = take(fields, (name, text), known, &mut typed);
        let echo = echo.map_err(|trouble| Refusal { field: Some(name.clone()), trouble: trouble.into() })?;
        understood.extend(echo.map(|echo| (name.replace('_', " "), echo)));
    }
    Ok((typed, understood))
}

fn take(
    fields: &Fields<'_>,
    (name, text): (&str, &str),
    known: &Known<'_>,
    typed: &mut Typed,
) -> Result<Option<String>, Trouble> {
    match name {
        "when" => typed.when = Some(text.into()),
        "reported" => typed.cited.reported = Some(text.into()),
        "source" => {
            typed.cited.sources = listed(text, ',');
            let titles = typed.cited.sources.iter().map(|source| known.title(source, &known.sources, false));
            return titles.collect::<Result<Vec<_>, _>>().map(|titles| Some(titles.join("; ")));
        }
        name if name.starts_with(SOURCE_FIELDS) => {
            typed.pairs.push(Pair { key: name.into(), value: Given::Text(text.into()) });
        }
        name => match WORDS.into_iter().find(|word| *word == name) {
            Some(word) => typed.cited.words.push((word, text.into())),
            None => {
                let path = name.strip_prefix("data.").unwrap_or(name);
                typed.pairs.extend(fields.pairs(path, text)?);
                return fields.check(path, text);
            }
        },
    }
    match name {
        "when" | "reported" => known.date(text).map(Some),
        _ => Ok(None),
    }
}

fn preview(receipt: &Receipt, version: u64, shown: String, understood: Understood) -> Preview {
    let told = |recorded: &crate::app::Recorded| (recorded.event, recorded.occurred.clone(), recorded.text.clone());
    let recorded = || receipt.events.iter().chain(&receipt.already);
    let amiss = receipt.amiss.iter().chain(&receipt.induced).map(|amiss| format!("{}: {}", amiss.event, amiss.text));
    let found = receipt.findings.iter().map(|finding| format!("{}. {}", finding.text, finding.help));
    Preview {
        stored: !receipt.dry_run,
        id: recorded().last().and_then(|recorded| recorded.id).map(|id| id.to_string()).unwrap_or_default(),
        version,
        shown,
        understood,
        events: recorded().map(told).collect(),
        changes: receipt.changes.clone(),
        doubts: amiss.chain(found).chain(receipt.doubts.iter().cloned()).collect(),
    }
}
