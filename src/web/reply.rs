//! Answers on their way out: the headers that all of them carry, and the pulse that each keeps until its last byte.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::pulse::{Pulse, Stage};

/// What every answer carries. A page takes nothing from elsewhere, stands in no frame of another site, and tells no other site where
/// it was read.
const CARRIED: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// The body of an answer; with its last byte, its connection waits for the next request.
#[derive(Debug)]
pub(super) struct Held {
    body: Body,
    pulse: Arc<Pulse>,
}

/// With what every answer carries.
pub(super) fn guarded(response: Response<Body>, pulse: Arc<Pulse>) -> Response<Held> {
    let mut response = response.map(|body| Held { body, pulse });
    carry(response.headers_mut());
    response
}

fn carry(headers: &mut HeaderMap) {
    for (name, value) in CARRIED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // A browser's cache would outlive what is erased from a log.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// An answer with its kind.
pub(super) fn of(content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// With its tag.
pub(super) fn tagged(mut response: Response<Body>, tag: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, value);
    }
    response
}

/// What is here already.
pub(super) fn unchanged(tag: &str) -> Response<Body> {
    let mut response = tagged(Response::new(Body::empty()), tag);
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pulse.set(Stage::Waiting);
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
