//! Who may ask at all: told from the head of a request, before it is looked at any further.
//!
//! A page of another site can make a browser send requests here, and a name server can give another site's name the address of this
//! machine. So the name that was asked for must be one of ours, once and to the letter; what says that another site sent it is
//! refused; and what changes something shows a token in a header that no other site can set.

use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, ORIGIN, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, Method, Request, Version};

use super::body::LIMIT_BYTES;
use super::token::Token;
use crate::app::Trouble;

/// The names that are ours, and who may do what.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    /// Each with its port, in lower case.
    hosts: Vec<String>,
    /// What is shown by whoever writes.
    token: Option<Token>,
    writes: bool,
    /// Whether reading has to show it too.
    guards_reading: bool,
}

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The port that is left out where HTTP is spoken on it.
const USUAL_PORT: u16 = 80;

impl Gate {
    pub(super) fn new(names: &[String], port: u16, token: Option<Token>, writes: bool, guards_reading: bool) -> Gate {
        let with_port = |name: &String| {
            let usual = (port == USUAL_PORT).then(|| name.to_ascii_lowercase());
            usual.into_iter().chain([format!("{}:{port}", name.to_ascii_lowercase())])
        };
        Gate { hosts: names.iter().flat_map(with_port).collect(), token, writes, guards_reading }
    }

    /// Lets a request through, or says why not.
    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Trouble> {
        if request.version() != Version::HTTP_11 {
            return Err(Trouble::usage("wrong-version", "only HTTP/1.1 is spoken here"));
        }
        let headers = request.headers();
        self.check_host(request.uri().authority().map(|authority| authority.as_str()), headers)?;
        self.check_origin(request.method(), headers)?;
        check_length(headers)?;
        if self.guards_reading { self.check_token(headers) } else { Ok(()) }
    }

    /// The name that was asked for, in the line of the request and in the header.
    fn check_host(&self, in_line: Option<&str>, headers: &HeaderMap) -> Result<(), Trouble> {
        let asked = only(headers, &HOST).and_then(|host| host.to_str().ok());
        let is_ours = |name: &str| self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name));
        if asked.is_some_and(is_ours) && in_line.is_none_or(is_ours) {
            return Ok(());
        }
        let known = self.hosts.join(", ");
        Err(Trouble::usage("wrong-host", "the request names another host, or none, or more than one")
            .because(format!("this is {known}"))
            .help("ask by one of these names; talks serve --host NAME adds one"))
    }

    /// Which site sent it, as far as the browser says so. A link on another site may be followed to a page here, which no other
    /// site can put into a frame or read.
    fn check_origin(&self, method: &Method, headers: &HeaderMap) -> Result<(), Trouble> {
        let is_link = [Method::GET, Method::HEAD].contains(method)
            && headers.get(MODE).is_some_and(|mode| mode == "navigate")
            && headers.get(DEST).is_some_and(|dest| dest == "document");
        let sites = || headers.get_all(SITE).iter();
        let same_site = sites().all(|site| site == "same-origin" || site == "none" || is_link);
        let ours = |origin: &str| {
            origin.strip_prefix("http://").is_some_and(|name| self.hosts.iter().any(|host| host == name))
        };
        let origins = || headers.get_all(ORIGIN).iter();
        let same_origin = origins().all(|origin| origin.to_str().is_ok_and(ours));
        if same_site && same_origin && sites().count() < 2 && origins().count() < 2 {
            return Ok(());
        }
        Err(Trouble::usage("wrong-origin", "the request was sent by a page of another site")
            .because("a browser said so, in Origin or in Sec-Fetch-Site")
            .help("open the page at its own address"))
    }

    /// Whether anything can be added.
    pub(super) fn writes(&self) -> bool {
        self.writes
    }

    /// Whether whoever wants to write may.
    pub(super) fn check_writer(&self, headers: &HeaderMap) -> Result<(), Trouble> {
        if !self.writes {
            return Err(Trouble::usage("only-reads", "this server only reads; nothing was stored")
                .help("start it with talks serve --write"));
        }
        self.check_token(headers)
    }

    /// Whether the token was shown.
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Trouble> {
        let shown = only(headers, &AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.split_once(' ')).filter(|(how, _)| how.eq_ignore_ascii_case("bearer"));
        let is_shown = |token: &Token| shown.is_some_and(|(_, text)| token.is(text));
        if self.token.as_ref().is_some_and(is_shown) {
            return Ok(());
        }
        Err(Trouble::usage("no-token", "the token was not shown, or is another one; nothing was done")
            .help("send the header Authorization: Bearer TOKEN, with the token that talks serve printed"))
    }
}

/// How long a body is must be said beforehand, so that two readers of a request can't differ about where it ends.
fn check_length(headers: &HeaderMap) -> Result<(), Trouble> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(Trouble::usage("no-length", "a body is taken with its length only, not in chunks")
            .help("send Content-Length and no Transfer-Encoding"));
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > LIMIT_BYTES as u64) { Err(super::body::too_long()) } else { Ok(()) }
}

/// The value of a header that stands there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h axum::http::HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}
