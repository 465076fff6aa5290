//! The second front door: HTTP, for a page and for programs.
//!
//! What is promised: it answers what the commands answer, from the same views; it reads, unless it was started to write too; it keeps
//! to this machine, unless it was told otherwise twice. What is refused is refused before anything is asked: another host's name, a
//! request that another site sent, a body that is too long, a connection that says nothing. A store is asked on threads that may wait,
//! each with a connection of its own that only reads, so that no reader keeps a writer waiting.

mod accept;
mod answer;
mod append;
mod body;
mod entry;
mod gate;
mod openapi;
mod page;
mod params;
mod problem;
mod pulse;
mod reply;
mod routes;
mod scenes;
mod seats;
mod shelf;
mod site;
mod stream;
mod token;

pub use openapi::document;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::app::{Env, Random, Trouble};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The store.
    pub store: PathBuf,
    /// The address to listen on; port 0 takes any that is free.
    pub bind: SocketAddr,
    /// Whether it may be one that other machines can reach.
    pub beyond_loopback: bool,
    /// Names by which it is reached besides its own, each as a browser sends it: `talks.example.org`.
    pub hosts: Vec<String>,
    /// Whether events can be added.
    pub write: bool,
    /// Who records what is added without saying who.
    pub recorder: Option<String>,
    /// The time of day.
    pub clock: fn() -> Env,
    /// The dice.
    pub random: Random,
}

/// What there is to know once it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Where.
    pub address: String,
    /// What has to be shown, where something has to be.
    pub token: Option<String>,
}

/// Serves until the program is told to end, by ctrl-c or a signal; then lets those finish who are being answered.
///
/// # Errors
/// The store can't be opened, the address is not to be had, or is one that other machines can reach and nobody allowed that.
pub fn serve(settings: Settings, ready: &mut dyn FnMut(&Ready) -> Result<(), Trouble>) -> Result<(), Trouble> {
    accept::serve(settings, ready)
}
