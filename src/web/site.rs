//! What is served, and how: what every request has in common.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::sync::{Semaphore, watch};

use super::Settings;
use super::gate::Gate;
use super::scenes::Scenes;
use super::shelf::Shelf;
use super::stream::{News, STREAMS};
use super::token::Token;
use crate::app::{Env, Random, Store, Trouble};

/// What is served.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) gate: Gate,
    pub(super) shelf: Shelf,
    pub(super) scenes: Scenes,
    pub(super) recorder: Option<String>,
    pub(super) random: Random,
    pub(super) clock: fn() -> Env,
    /// A permit for each stream.
    pub(super) streams: Arc<Semaphore>,
    pub(super) heard: watch::Receiver<News>,
    over: AtomicBool,
}

impl Site {
    /// With the token that has to be shown, where one has to be.
    pub(super) fn new(
        settings: Settings,
        bound: SocketAddr,
        heard: watch::Receiver<News>,
    ) -> Result<(Site, Option<String>), Trouble> {
        let Settings { store, write, recorder, clock, random, mut hosts, .. } = settings;
        // What can't be served is said before anybody asks.
        if write { Store::open_to_write(&store) } else { Store::open(&store) }?;
        let loopback = bound.ip().is_loopback();
        let (token, text) = match write || !loopback {
            true => Token::new(random).map(|(token, text)| (Some(token), Some(text)))?,
            false => (None, None),
        };
        hosts.extend(own_names(bound));
        let gate = Gate::new(&hosts, bound.port(), token, write, !loopback);
        let shelf = Shelf::new(store);
        let streams = Arc::new(Semaphore::new(STREAMS));
        let scenes = Scenes::default();
        Ok((Site { gate, shelf, scenes, recorder, random, clock, streams, heard, over: AtomicBool::new(false) }, text))
    }

    /// No more is told to streams.
    pub(super) fn end(&self) {
        self.over.store(true, Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }
}

/// The names that an address goes by.
fn own_names(bound: SocketAddr) -> Vec<String> {
    let address = match bound {
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    let mut names = vec!["localhost".to_string(), "127.0.0.1".into(), "[::1]".into()];
    if !names.contains(&address) {
        names.push(address);
    }
    names
}

/// Works something out on a thread that may wait.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Trouble::failed("stopped", "the answer could not be worked out").help("please report it"))?
}
