//! What comes into a negotiation, told as it comes: server-sent events, each what `talks watch --json` prints on a line.
//!
//! An event is called by its version, and a browser that was cut off says with `Last-Event-ID` which it had last; nothing falls
//! between. One thread looks into the store for all who listen. Whoever reads more slowly than it comes is cut off, and can go on from
//! where they were.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, Uri};
use http_body::Frame;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::timeout;

use super::site::{Site, aside};
use super::{params, problem, reply};
use crate::app::{Arrival, Param, Question, Takes, Trouble, arrivals};
use crate::domain::ids::Version;

/// So many may listen at a time.
pub(super) const STREAMS: usize = 64;

/// What a stream takes besides the clocks and the reading.
pub(super) const TAKES: [Param; 1] = [Param {
    name: "after",
    about: "Begin with what came after this version (7 or e7); with what is new, where it is not said",
    takes: Takes::Text,
}];

/// How often somebody looks.
const PAUSE: Duration = Duration::from_millis(300);
/// How often those who listen hear that they still do.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long whoever reads slowly is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many events are worked out at a time.
const AT_A_TIME: usize = 16;

/// At which version each negotiation stands.
pub(super) type News = BTreeMap<String, u64>;

/// Looks for what is new until it is over, as long as anybody listens.
pub(super) fn tell(site: &Site, news: &watch::Sender<News>) {
    while !site.is_over() {
        if site.streams.available_permits() < STREAMS
            && let Ok(all) = site.shelf.read(|store| store.negotiations())
        {
            let now: News = all.into_iter().map(|(slug, version, _)| (slug, version)).collect();
            news.send_if_modified(|known| {
                let is_new = *known != now;
                *known = now;
                is_new
            });
        }
        std::thread::sleep(PAUSE);
    }
    // Whoever listens hears that nothing will come any more.
    news.send_modify(News::clear);
}

/// Begins to tell.
pub(super) async fn events(site: Arc<Site>, slug: String, uri: Uri, head: HeaderMap) -> Response<Body> {
    let opened = open(site, slug, &uri, &head).await;
    opened.unwrap_or_else(|trouble| problem::response(&trouble))
}

/// A stream, and what it needs to go on.
struct Stream {
    site: Arc<Site>,
    slug: String,
    question: Question,
    stands: u64,
    to: mpsc::Sender<Bytes>,
}

/// What whoever listens reads; once it is dropped, somebody else may.
struct Told {
    from: mpsc::Receiver<Bytes>,
    _permit: OwnedSemaphorePermit,
}

impl http_body::Body for Told {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.from.poll_recv(cx).map(|text| text.map(|text| Ok(Frame::data(text))))
    }
}

async fn open(site: Arc<Site>, slug: String, uri: &Uri, head: &HeaderMap) -> Result<Response<Body>, Trouble> {
    let given = params::read(uri.query(), &[&params::COMMON, &TAKES])?;
    let question = params::question(&given);
    if question.recorded_by.is_some() {
        return Err(Trouble::usage("recorded-by", "what comes in is recorded from now on")
            .help("leave recorded_by out; after=e7 begins with what came after e7"));
    }
    let last = head.get("last-event-id").and_then(|id| id.to_str().ok()).or(given.text("after"));
    let last = last.map(version).transpose()?;
    let permit = Arc::clone(&site.streams).try_acquire_owned().map_err(|_| {
        Trouble::failed("too-many-streams", format!("{STREAMS} listen already")).help("close one, or ask again later")
    })?;
    let looked = Arc::clone(&site);
    let (slug, now) = aside(move || {
        looked.shelf.read(|store| {
            let slug = store.choose(Some(&slug))?;
            let found = store.negotiations()?.into_iter().find(|(known, ..)| *known == slug);
            Ok((slug, found.map_or(0, |(_, version, _)| version)))
        })
    })
    .await?;
    let (to, from) = mpsc::channel(1);
    let stands = last.unwrap_or(now);
    tokio::spawn(Stream { site, slug, question, stands, to }.run());
    Ok(reply::of("text/event-stream", Body::new(Told { from, _permit: permit })))
}

/// `7` or `e7`.
fn version(text: &str) -> Result<u64, Trouble> {
    let number = text.strip_prefix('e').unwrap_or(text).parse();
    number.map_err(|_| Trouble::usage("bad-parameter", format!("\"{text}\" is no version")).help("write e7, or 7"))
}

impl Stream {
    /// Until whoever listens goes away, or is too slow, or there is no more to tell.
    async fn run(mut self) {
        let mut heard = self.site.heard.clone();
        let mut is_open = self.send(format!("retry: 2000\n: {} stands here\n\n", Version(self.stands))).await;
        while is_open {
            let stood = self.stands;
            is_open = self.catch_up().await;
            if self.stands > stood {
                continue;
            }
            is_open = is_open
                && match timeout(HEARTBEAT, heard.changed()).await {
                    Ok(changed) => changed.is_ok() && !self.site.is_over(),
                    Err(_) => self.send(":\n\n".into()).await,
                };
        }
    }

    /// Tells the next few that came in.
    async fn catch_up(&mut self) -> bool {
        let (site, slug) = (Arc::clone(&self.site), self.slug.clone());
        let (question, stands) = (self.question.clone(), self.stands);
        let new = aside(move || {
            site.shelf.read(|store| {
                let all = store.negotiations()?;
                let is_new = all.iter().any(|(known, version, _)| *known == slug && *version > stands);
                if !is_new {
                    return Ok((Vec::new(), stands));
                }
                let book = store.book(&slug)?;
                let new = arrivals(&book, stands, AT_A_TIME, &question, &(site.clock)())?;
                // What the question leaves out is passed over.
                let last = if new.len() < AT_A_TIME { book.records.last().map(|last| last.version()) } else { None };
                let upto = last.or(new.last().map(|arrival| arrival.record.event));
                Ok((new, upto.map_or(stands, |version| version.0)))
            })
        });
        let text = match new.await {
            Ok((new, upto)) => {
                self.stands = upto;
                new.iter().filter_map(framed).collect::<String>()
            }
            Err(trouble) => {
                self.send(format!("event: problem\ndata: {}\n\n", trouble.as_problem())).await;
                return false;
            }
        };
        text.is_empty() || self.send(text).await
    }

    async fn send(&mut self, text: String) -> bool {
        timeout(PATIENCE, self.to.send(Bytes::from(text))).await.is_ok_and(|sent| sent.is_ok())
    }
}

/// An event of the stream: a line of JSON holds no break.
fn framed(arrival: &Arrival) -> Option<String> {
    let data = serde_json::to_string(arrival).ok()?;
    Some(format!("id: {}\nevent: recorded\ndata: {data}\n\n", arrival.record.event.0))
}
