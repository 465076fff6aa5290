//! Adding events: drafts as JSON or JSON lines, through the same door as `talks import`.
//!
//! A draft that is sent again is stored once: by its id, or by its words. `If-Match` names the root that the sender last saw; if the
//! log has moved on from there, nothing is stored, except where all that is sent is there already.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use serde_json::value::RawValue;

use super::pulse::{Pulse, Stage};
use super::site::{Site, aside};
use super::{body, params, problem, reply};
use crate::app::{Desk, Drafts, Exit, Manner, Param, Params, Receipt, Reply, Store, Takes, Trouble, read_drafts, slug};

/// What an append takes.
pub(super) const TAKES: [Param; 3] = [
    Param { name: "dry_run", about: "Decide and show what would change; write nothing", takes: Takes::Switch },
    Param { name: "force", about: "Store what does not fit, marked as such", takes: Takes::Switch },
    Param { name: "recorder", about: "Who records it, as the log should have it", takes: Takes::Text },
];

/// The kinds of body that are taken; a form of another site can send none of them.
const JSON: &str = "application/json";
const LINES: [&str; 2] = ["application/jsonl", "application/x-ndjson"];

/// What an append is asked.
struct Asked {
    slug: String,
    params: Params,
    /// The root that the log is expected to have.
    root: Option<String>,
    lines: Vec<u8>,
}

/// Appends what is sent.
pub(super) async fn events(site: Arc<Site>, slug: String, request: Request<Body>) -> Response<Body> {
    let done = append(&site, slug, request).await;
    done.unwrap_or_else(|trouble| problem::response(&trouble))
}

async fn append(site: &Arc<Site>, slug: String, request: Request<Body>) -> Result<Response<Body>, Trouble> {
    let (head, body) = request.into_parts();
    site.gate.check_writer(&head.headers)?;
    let params = params::read(head.uri.query(), &[&TAKES])?;
    let is_lines = is_lines(&head.headers)?;
    let root = expected(&head.headers)?;
    let bytes = body::whole(body).await?;
    if let Some(pulse) = head.extensions.get::<Arc<Pulse>>() {
        pulse.set(Stage::Answered);
    }
    let lines = if is_lines { bytes } else { lines(&bytes)? };
    let (asked, site) = (Asked { slug, params, root, lines }, Arc::clone(site));
    let receipt = aside(move || stored(&site, asked)).await?;
    Ok(told(&receipt))
}

/// Whether the body is lines, and not JSON.
pub(super) fn is_lines(headers: &HeaderMap) -> Result<bool, Trouble> {
    let given = headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        JSON => Ok(false),
        lines if LINES.contains(&lines) => Ok(true),
        _ => Err(Trouble::usage("wrong-media-type", format!("\"{given}\" is no kind of body that is taken"))
            .help(format!("send Content-Type: {JSON}, or {} for JSON lines", LINES.join(" or ")))),
    }
}

/// The root in `If-Match`.
fn expected(headers: &HeaderMap) -> Result<Option<String>, Trouble> {
    let mut given = headers.get_all(IF_MATCH).iter();
    let Some(tag) = given.next() else { return Ok(None) };
    let root = tag.to_str().ok().and_then(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"'));
    let is_root = |root: &&str| root.len() == 64 && root.bytes().all(|byte| byte.is_ascii_hexdigit());
    let root = root.filter(is_root).filter(|_| given.next().is_none());
    root.map(|root| Some(root.to_ascii_lowercase())).ok_or_else(|| {
        Trouble::usage("bad-root", "If-Match holds no root")
            .help("give the root that the last answer or receipt had, its 64 digits in quotes")
    })
}

/// One draft, or a list of them, as lines. A break between two words is a space as well; within a text there is none.
fn lines(bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let broken = |error: serde_json::Error| {
        Trouble::failed("bad-json", format!("the body is no JSON: {error}")).help("send one draft, or a list of drafts")
    };
    let drafts: Vec<Box<RawValue>> = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => serde_json::from_slice(bytes).map_err(broken)?,
        _ => vec![serde_json::from_slice(bytes).map_err(broken)?],
    };
    let drafts = drafts.iter().map(|draft| draft.get().replace(['\r', '\n'], " "));
    Ok(drafts.collect::<Vec<_>>().join("\n").into_bytes())
}

fn stored(site: &Site, asked: Asked) -> Result<Receipt, Trouble> {
    let Asked { slug, params, root, lines } = asked;
    let Drafts { drafts, warnings } = read_drafts(&lines, "body")?;
    if drafts.is_empty() {
        return Err(
            Trouble::failed("empty-file", "the body has no draft").help("talks schema says what a draft may say")
        );
    }
    let mut store = Store::open_to_write(site.shelf.path())?;
    let opens = drafts.iter().any(|draft| &*draft.record.envelope.kind == "negotiation.opened");
    let slug = if opens { self::slug(&slug)? } else { store.choose(Some(&slug))? };
    let expect = root.map(|root| version_of(&store, &slug, &root)).transpose()?;
    let recorder = params.text("recorder").map(Into::into).or_else(|| site.recorder.clone());
    let manner = Manner { recorder, ids_of_lines: true, force: params.is_on("force"), ..Manner::default() };
    let (env, random, dry_run) = ((site.clock)(), site.random, params.is_on("dry_run"));
    let mut desk = Desk { store: &mut store, slug, env, random, expect, dry_run, manner };
    let mut receipt = desk.add(&drafts)?;
    receipt.doubts.extend(warnings.into_iter().map(|(_, problem)| problem.what));
    Ok(receipt)
}

/// At which version a log had a root.
fn version_of(store: &Store, slug: &str, root: &str) -> Result<u64, Trouble> {
    let head = store.negotiations()?.into_iter().find(|(known, ..)| known == slug);
    if let Some((_, version, _)) = head.as_ref().filter(|(_, _, now)| now == root) {
        return Ok(*version);
    }
    let never = || {
        let stands = head
            .as_ref()
            .map_or("it is not there yet".into(), |(_, at, now)| format!("it stands at e{at}, root {now}"));
        let trouble = Trouble::failed("moved-on", "the log does not have this root").because(stands);
        Trouble {
            exit: Exit::Moved,
            ..trouble.because("nothing was stored").help("look at what came in, then send it with the new root")
        }
    };
    let book = if head.is_some() { store.book(slug)? } else { return Err(never()) };
    let found = book.records.iter().map(|record| record.version()).find(|at| book.root(*at).as_deref() == Some(root));
    found.map(|version| version.0).ok_or_else(never)
}

/// The receipt, as the command prints it.
fn told(receipt: &Receipt) -> Response<Body> {
    let text = match serde_json::to_value(receipt) {
        Ok(json) => Reply::raw(json).json(),
        Err(error) => return problem::response(&Trouble::failed("json", error.to_string())),
    };
    let mut response = reply::tagged(reply::of(JSON, text), &format!("\"{}\"", receipt.root));
    if let Some(first) = receipt.events.first().filter(|_| !receipt.dry_run) {
        *response.status_mut() = StatusCode::CREATED;
        let place = format!("/api/n/{}/show/{}", receipt.negotiation, first.event);
        if let Ok(place) = HeaderValue::from_str(&place) {
            response.headers_mut().insert(LOCATION, place);
        }
    }
    response
}
