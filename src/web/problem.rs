//! What went wrong, as `application/problem+json` (RFC 9457): the object that the terminal prints with `--json`, and a status; in a
//! browser, as a page.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};

use super::page::HTML;
use super::reply;
use crate::app::{Exit, Trouble};
use crate::page::{self, Place};
use crate::view::clean_json;

/// The names that have a status of their own; for the others the exit code tells.
const STATUSES: &[(&str, StatusCode)] = &[
    ("wrong-host", StatusCode::FORBIDDEN),
    ("wrong-origin", StatusCode::FORBIDDEN),
    ("only-reads", StatusCode::FORBIDDEN),
    ("no-token", StatusCode::UNAUTHORIZED),
    ("no-such-address", StatusCode::NOT_FOUND),
    ("no-such-negotiation", StatusCode::NOT_FOUND),
    ("no-such-event", StatusCode::BAD_REQUEST),
    ("wrong-method", StatusCode::METHOD_NOT_ALLOWED),
    ("body-too-slow", StatusCode::REQUEST_TIMEOUT),
    ("no-length", StatusCode::LENGTH_REQUIRED),
    ("body-too-long", StatusCode::PAYLOAD_TOO_LARGE),
    ("wrong-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("wrong-version", StatusCode::HTTP_VERSION_NOT_SUPPORTED),
    ("too-many-streams", StatusCode::SERVICE_UNAVAILABLE),
    ("busy", StatusCode::SERVICE_UNAVAILABLE),
    ("disk-full", StatusCode::INSUFFICIENT_STORAGE),
    ("already-there", StatusCode::CONFLICT),
    ("id-taken", StatusCode::CONFLICT),
    ("refused", StatusCode::CONFLICT),
];

/// The faults of the store and of the program.
const OURS: &[&str] = &[
    "broken-record",
    "clock-behind",
    "csv",
    "json",
    "newer-store",
    "no-random",
    "no-store",
    "not-a-store",
    "output",
    "read-only",
    "stopped",
    "store-failed",
];

/// The status of a trouble.
fn status(trouble: &Trouble) -> StatusCode {
    let own = STATUSES.iter().find(|(id, _)| *id == trouble.id).map(|(_, status)| *status);
    own.unwrap_or(match trouble.exit {
        Exit::Moved => StatusCode::PRECONDITION_FAILED,
        Exit::Usage => StatusCode::BAD_REQUEST,
        _ if OURS.contains(&trouble.id) || trouble.exit == Exit::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    })
}

/// The answer that tells of it.
pub(super) fn response(trouble: &Trouble) -> Response<Body> {
    with_status(trouble, status(trouble))
}

/// The same, where the address named what is not there.
pub(super) fn of_address(trouble: &Trouble) -> Response<Body> {
    let is_absent = ["no-such-name", "no-such-party"].contains(&trouble.id);
    with_status(trouble, if is_absent { StatusCode::NOT_FOUND } else { status(trouble) })
}

/// The answer at an address: a page, where no program asks.
pub(super) fn at(path: &str, trouble: &Trouble) -> Response<Body> {
    if path == "/api" || path.starts_with("/api/") {
        return response(trouble);
    }
    page(trouble, &Place { home: Some("/".into()), ..Place::default() })
}

/// The page that tells of it, in a browser.
pub(super) fn page(trouble: &Trouble, place: &Place) -> Response<Body> {
    let html = page::problem(&trouble.what, &trouble.why, trouble.help.as_deref(), place);
    sent(HTML, html, status(trouble))
}

/// The part of a page that tells of it; `field` is the one of a form that is at fault.
pub(super) fn part(field: Option<&str>, trouble: &Trouble) -> Response<Body> {
    let said = trouble.problems.iter().map(|(_, problem)| problem.what.clone());
    let why: Vec<String> = trouble.why.iter().cloned().chain(said).collect();
    let help = trouble.help.as_deref().or_else(|| trouble.problems.first()?.1.help.as_deref());
    sent(HTML, page::refused(field, &trouble.what, &why, help), status(trouble))
}

fn with_status(trouble: &Trouble, status: StatusCode) -> Response<Body> {
    let mut problem = trouble.as_problem();
    problem["status"] = status.as_u16().into();
    sent("application/problem+json", format!("{}\n", clean_json(&format!("{problem:#}"))), status)
}

fn sent(content_type: &'static str, text: String, status: StatusCode) -> Response<Body> {
    let mut response = reply::of(content_type, text);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match status {
        StatusCode::UNAUTHORIZED => drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        StatusCode::SERVICE_UNAVAILABLE => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("1"))),
        // What comes after on this connection can't be told from the rest of this request.
        StatusCode::REQUEST_TIMEOUT | StatusCode::LENGTH_REQUIRED | StatusCode::PAYLOAD_TOO_LARGE => {
            drop(headers.insert(CONNECTION, HeaderValue::from_static("close")));
        }
        _ => {}
    }
    response
}
