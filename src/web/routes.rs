//! The addresses: one table, from which the router, the description of it and the list of it are made.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, Response, Uri};
use axum::routing::{MethodRouter, get, post};

use super::answer::{Asked, Shape};
use super::site::Site;
use super::{answer, append, openapi, page, problem, reply, stream};
use crate::app::{NamedView, Trouble, VIEWS};

/// Where the description of the addresses stands.
pub(super) const DESCRIPTION: &str = "/api/openapi.json";
/// Where events are listed, and added.
pub(super) const EVENTS: &str = "/api/n/{slug}/events";
/// Where they are told as they come.
pub(super) const STREAM: &str = "/api/n/{slug}/events/stream";

/// The lists of a store: whether it is the board, its name, and what it tells.
pub(super) const STORE: [(bool, &str, &str); 2] = [
    (false, "negotiations", "The negotiations of the store, each with its version and root"),
    (true, "board", "Every negotiation of the store, a line each"),
];

/// The address of a view of one negotiation.
pub(super) fn address(view: &NamedView) -> String {
    match view.of {
        Some(of) => format!("/api/n/{{slug}}/{}/{{{}}}", view.name, of.name),
        None => format!("/api/n/{{slug}}/{}", view.name),
    }
}

/// The view of the records, which is also asked at the address where they are added.
pub(super) fn records() -> Option<&'static NamedView> {
    VIEWS.iter().find(|view| view.name == "log")
}

/// Where each address leads.
pub(super) fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new();
    for view in VIEWS {
        router = router.route(&address(view), of_view(site, view, Shape::Json));
        if view.is_table {
            router = router.route(&format!("{}.csv", address(view)), of_view(site, view, Shape::Csv));
        }
    }
    for (is_board, name, _) in STORE {
        router = router.route(&format!("/api/{name}"), of_store(site, is_board, Shape::Json));
        router = router.route(&format!("/api/{name}.csv"), of_store(site, is_board, Shape::Csv));
    }
    let (added, told) = (Arc::clone(site), Arc::clone(site));
    let add = post(move |Path(slug): Path<String>, request: Request| append::events(added, slug, request));
    let tell = get(move |Path(slug): Path<String>, uri: Uri, head: HeaderMap| stream::events(told, slug, uri, head));
    let events = records().map_or(MethodRouter::new(), |view| of_view(site, view, Shape::Json));
    let description = get(async || reply::of("application/json", format!("{:#}\n", openapi::document())));
    let router = router.route(EVENTS, events.merge(add)).route(STREAM, tell).route(DESCRIPTION, description);
    page::routes(router, site).fallback(nowhere).method_not_allowed_fallback(wrong_method)
}

fn of_view(site: &Arc<Site>, view: &'static NamedView, shape: Shape) -> MethodRouter {
    let (site, asked) = (Arc::clone(site), Asked { view, shape });
    get(move |Path(names): Path<Vec<String>>, uri: Uri, head: HeaderMap| answer::view(site, asked, names, uri, head))
}

fn of_store(site: &Arc<Site>, is_board: bool, shape: Shape) -> MethodRouter {
    let site = Arc::clone(site);
    get(move |uri: Uri, head: HeaderMap| answer::store(site, shape, is_board, uri, head))
}

async fn nowhere(uri: Uri) -> Response<Body> {
    let (path, names) = (uri.path(), VIEWS.iter().map(|view| view.name.to_string()).collect::<Vec<_>>());
    let last = path.split('/').nth(4).unwrap_or_default();
    let trouble = Trouble::unknown("no-such-address", format!("there is nothing at {path}"), last, &names);
    problem::at(path, &trouble.help(format!("GET {DESCRIPTION} lists the addresses")))
}

async fn wrong_method(request: Request) -> Response<Body> {
    let path = request.uri().path();
    let what = format!("{} is not done at {path}", request.method());
    problem::at(path, &Trouble::usage("wrong-method", what).help(format!("GET {DESCRIPTION} lists what is")))
}
