//! What a browser is shown: for now only the way to the answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::Response;
use axum::routing::get;
use maud::{DOCTYPE, html};

use super::site::{Site, aside};
use super::{problem, reply, routes};
use crate::app::{Trouble, VIEWS};

/// The addresses of the page.
pub(super) fn routes(router: Router, site: &Arc<Site>) -> Router {
    let (all, one) = (Arc::clone(site), Arc::clone(site));
    let board = get(move || shown(all, None));
    router.route("/", board).route("/n/{slug}", get(move |Path(slug): Path<String>| shown(one, Some(slug))))
}

async fn shown(site: Arc<Site>, slug: Option<String>) -> Response<Body> {
    let found = aside(move || {
        site.shelf.read(|store| match slug {
            Some(slug) => store.choose(Some(&slug)).map(|slug| negotiation(&slug)),
            None => store.negotiations().map(|all| board(all.into_iter().map(|(slug, ..)| slug))),
        })
    });
    found
        .await
        .map_or_else(|trouble: Trouble| problem::response(&trouble), |html| reply::of("text/html; charset=utf-8", html))
}

fn board(slugs: impl Iterator<Item = String>) -> String {
    let list = html! { ul { @for slug in slugs { li { a href={ "/n/" (slug) } { (slug) } } } } };
    page("Negotiations", &list)
}

fn negotiation(slug: &str) -> String {
    let asked = VIEWS.iter().filter(|view| routes::is_asked_plainly(view));
    let list = html! { ul { @for view in asked {
        li { a href={ "/api/n/" (slug) "/" (view.name) } { (view.name) } ": " (view.about) }
    } } };
    page(slug, &list)
}

fn page(title: &str, body: &maud::Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" { head { meta charset="utf-8"; title { (title) } } body { h1 { (title) } (body) } }
    };
    page.into_string()
}
