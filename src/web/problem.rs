//! What went wrong, as `application/problem+json` (RFC 9457): the object that the terminal prints with `--json`, and a status.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};

use crate::app::{Exit, Trouble};

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

fn with_status(trouble: &Trouble, status: StatusCode) -> Response<Body> {
    let mut problem = trouble.as_problem();
    problem["status"] = status.as_u16().into();
    let mut response = Response::new(Body::from(format!("{problem:#}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
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
