//! What a browser is shown: the board, the page of a negotiation, and the files that these are made with.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, Response, Uri};
use axum::routing::{get, post};

use super::scenes::{LogName, Scene};
use super::site::{Site, aside};
use super::{entry, problem, reply};
use crate::app::{self, Afterwards, Folio, Question, Store, Trouble};
use crate::page::{self, Beside, Place, Query};

/// The addresses of the page.
pub(super) fn routes(router: Router, site: &Arc<Site>) -> Router {
    let (all, one, entered) = (Arc::clone(site), Arc::clone(site), Arc::clone(site));
    let enter = move |Path(slug): Path<String>, request: Request<Body>| entry::entered(entered, slug, request);
    router
        .route("/n/{slug}/entry", post(enter))
        .route("/", get(move || board(all)))
        .route("/n/{slug}", get(move |Path(slug): Path<String>, uri: Uri| negotiation(one, slug, uri)))
        .route("/static/{name}", get(async |Path(name): Path<String>| asset(&name)))
}

async fn board(site: Arc<Site>) -> Response<Body> {
    let found = aside(move || {
        let env = (site.clock)();
        site.shelf.read(|store| {
            let (_, lines) = app::board(store, &Question::default(), &env, Afterwards::LeaveAsIs)?;
            Ok(page::board(&lines))
        })
    });
    shown(found.await, &Place { home: Some("/".into()), ..Place::default() })
}

async fn negotiation(site: Arc<Site>, slug: String, uri: Uri) -> Response<Body> {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned();
    let query = Query::from_pairs(query);
    let place = place(&site, &slug);
    let found = aside({
        let place = place.clone();
        move || site.shelf.read(|store| page_of(&site, store, &slug, &query, &place))
    });
    let found = found.await;
    // From a name that is not there no way leads to it.
    let base = place.base.filter(|_| !matches!(&found, Err(trouble) if trouble.id == "no-such-negotiation"));
    shown(found, &Place { base, ..place })
}

/// Where the page of a negotiation lies.
fn place(site: &Site, slug: &str) -> Place {
    let name: String = form_urlencoded::byte_serialize(slug.as_bytes()).collect();
    Place {
        home: Some("/".into()),
        base: Some(format!("/n/{name}")),
        api: Some(format!("/api/n/{name}")),
        may_write: site.gate.writes(),
    }
}

fn page_of(site: &Site, store: &Store, slug: &str, query: &Query, place: &Place) -> Result<String, Trouble> {
    let (slug, env, question) = (store.choose(Some(slug))?, (site.clock)(), question(query));
    let root = store.negotiations()?.into_iter().find(|(known, ..)| *known == slug).map(|(.., root)| root);
    let mut log = LogName { file: site.shelf.identity(), slug, root: root.unwrap_or_default() };
    let (book, at_hand) = site.scenes.of(&log, &question, env.now);
    let book = book.map_or_else(|| store.book(&log.slug).map(Arc::new), Ok)?;
    let had = at_hand.clone();
    let folio = Folio::new(&book, &question, query.pin.as_deref(), &env, at_hand)?;
    let is_new = had.is_none_or(|had| !Arc::ptr_eq(&had, &folio.around));
    // Somebody may have written between the head and the records.
    let read = book.records.last().and_then(|last| book.root(last.version()));
    if let Some(root) = read.filter(|_| is_new) {
        let (book, around) = (Arc::clone(&book), Arc::clone(&folio.around));
        log.root = root;
        site.scenes.keep(Scene { log, question, since: env.now, book, around });
    }
    let form = place.may_write.then(|| entry::form(&book, query.add.as_deref(), &env)).transpose()?;
    let beside = Beside { difference: folio.difference.as_ref(), form: form.as_ref() };
    Ok(page::negotiation(&folio.sheet(), &folio.around, query, place, beside))
}

/// Which point and reading a page is of.
fn question(query: &Query) -> Question {
    Question {
        as_of: query.as_of.clone(),
        known_by: query.known_by.clone(),
        recorded_by: query.recorded_by.clone(),
        certain: query.certain,
        accounts_of: query.account.clone(),
        corroborated: query.corroborated,
    }
}

fn shown(found: Result<String, Trouble>, place: &Place) -> Response<Body> {
    found.map_or_else(|trouble| problem::page(&trouble, place), |html| reply::of(HTML, html))
}

/// What a page is sent as.
pub(super) const HTML: &str = "text/html; charset=utf-8";

fn asset(name: &str) -> Response<Body> {
    let path = format!("/static/{name}");
    let none = || Trouble::usage("no-such-address", format!("there is nothing at {path}"));
    let none = || problem::at(&path, &none().help("the page names what it needs; reload it"));
    page::asset(name).map_or_else(none, |(content_type, bytes)| reply::of(content_type, bytes))
}
