//! Answering a view: what the command of its name prints, and a tag that tells whether it is still the same.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, Response, Uri};
use sha2::{Digest, Sha256};

use super::site::{Site, aside};
use super::{params, problem, reply};
use crate::app::{self, Afterwards, Asking, Depth, Env, NamedView, Params, Question, Reply, Store, Trouble, Way};

/// In which shape an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Json,
    Csv,
}

/// A view of one negotiation, by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) view: &'static NamedView,
    pub(super) shape: Shape,
}

/// Answers a view.
pub(super) async fn view(
    site: Arc<Site>,
    asked: Asked,
    names: Vec<String>,
    uri: Uri,
    head: HeaderMap,
) -> Response<Body> {
    let Asked { view, shape } = asked;
    let query = match params::read(uri.query(), &[&params::COMMON, view.takes]) {
        Ok(query) => query,
        Err(trouble) => return problem::response(&trouble),
    };
    let found = aside(move || {
        let (slug, params) = named(view, names, query);
        let question = params::question(&params);
        let env = (site.clock)();
        let reply = site.shelf.read(|store| reply_of(view, store, &slug, &params, &question, &env))?;
        shaped(&reply, shape, &uri, &question)
    });
    match found.await {
        Err(trouble) if view.of.is_some() => problem::of_address(&trouble),
        found => sent(found, shape, &head),
    }
}

/// The negotiation, and the view's parameters with the name that is part of the address.
fn named(view: &NamedView, names: Vec<String>, mut params: Params) -> (String, Params) {
    let mut names = names.into_iter();
    let slug = names.next().unwrap_or_default();
    params.0.extend(view.of.zip(names.next()).map(|(of, name)| (of.name.to_string(), name)));
    (slug, params)
}

fn reply_of(
    view: &NamedView,
    store: &Store,
    slug: &str,
    params: &Params,
    question: &Question,
    env: &Env,
) -> Result<Reply, Trouble> {
    let slug = store.choose(Some(slug))?;
    match view.way {
        Way::State(answer) => {
            store.ask(&slug, question, Depth::Whole, env, Afterwards::LeaveAsIs, |asking: &Asking<'_>| {
                answer(asking, params)
            })
        }
        Way::Records(answer) => answer(&Asking::new(&store.book(&slug)?, question, env)?, params),
        Way::Folds(answer) => answer(&store.book(&slug)?, params, question, env),
    }
}

/// The negotiations, or the board.
pub(super) async fn store(site: Arc<Site>, shape: Shape, is_board: bool, uri: Uri, head: HeaderMap) -> Response<Body> {
    let may: &[&[app::Param]] = if is_board { &[&params::COMMON] } else { &[] };
    let query = match params::read(uri.query(), may) {
        Ok(query) => query,
        Err(trouble) => return problem::response(&trouble),
    };
    let found = aside(move || {
        let (question, env) = (params::question(&query), (site.clock)());
        let reply = site.shelf.read(|store| match is_board {
            true => app::board(store, &question, &env, Afterwards::LeaveAsIs).map(|(reply, _)| reply),
            false => app::negotiations(store),
        })?;
        shaped(&reply, shape, &uri, &question)
    });
    sent(found.await, shape, &head)
}

/// The text of an answer, and its tag.
fn shaped(reply: &Reply, shape: Shape, uri: &Uri, question: &Question) -> Result<(String, String), Trouble> {
    let text = match shape {
        Shape::Json => reply.json(),
        Shape::Csv => reply.csv()?,
    };
    let value = reply.value();
    let root = value["root"].as_str().unwrap_or_default();
    let mut digest = Sha256::new();
    digest.update(uri.to_string());
    digest.update(value["rules"].to_string());
    digest.update(day(value["as_of"]["latest"].as_str().unwrap_or_default(), question));
    digest.update(undated(&value["data"], question).to_string());
    let digest: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok((text, format!("W/\"{root}.{digest}\"")))
}

/// An answer in which each negotiation of a board bears the day that was asked about, as the answer itself does.
fn undated(data: &serde_json::Value, question: &Question) -> serde_json::Value {
    let mut data = data.clone();
    for line in data["negotiations"].as_array_mut().into_iter().flatten() {
        if let Some(latest) = line["as_of"]["latest"].as_str() {
            line["as_of"] = day(latest, question).into();
        }
    }
    data
}

/// The day that was asked about; of an answer about now only the day, for it says the same until something changes in what it says.
fn day<'a>(latest: &'a str, question: &Question) -> &'a str {
    let end = if question.as_of.is_none() { latest.find('T') } else { None };
    &latest[..end.unwrap_or(latest.len())]
}

fn sent(found: Result<(String, String), Trouble>, shape: Shape, head: &HeaderMap) -> Response<Body> {
    let content_type = match shape {
        Shape::Json => "application/json",
        Shape::Csv => "text/csv; charset=utf-8; header=present",
    };
    match found {
        Ok((_, tag)) if has(head, &tag) => reply::unchanged(&tag),
        Ok((text, tag)) => reply::tagged(reply::of(content_type, text), &tag),
        Err(trouble) => problem::response(&trouble),
    }
}

/// Whether whoever asks has what bears this tag.
fn has(head: &HeaderMap, tag: &str) -> bool {
    let strong = tag.trim_start_matches("W/");
    let tags = head.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == strong)
}
