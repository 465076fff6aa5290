//! The stairwell: the only place where a log and the domain meet.
//!
//! A front door hands in a log, a question and the time of day; the app cuts and folds, and hands back what the views are asked of.
//! It reads no clock itself: [`Env`] is passed in.

mod ask;
mod board;
mod book;
mod brief;
mod cite;
mod copy;
mod demo;
mod derived;
mod differ;
mod door;
mod error;
mod excerpt;
mod fault;
mod fields;
mod handover;
mod held;
mod hint;
mod intake;
mod known;
mod ledger;
mod names;
mod ordinary;
mod point;
mod present;
mod progress;
mod query;
mod reached;
mod receipt;
mod relations;
mod reply;
mod rows;
mod schemas;
mod select;
mod sheet;
mod slug;
mod snapshots;
mod store;
mod twins;
mod verify;
mod views;
mod watch;
mod write;

pub use ask::{Asking, Depth, Question, party_named};
pub use board::{board, negotiations};
pub use book::Book;
pub use brief::Briefing;
pub use cite::SOURCE_FIELDS;
pub use copy::sha256_of;
pub use demo::{DEMO_NAME, Story};
pub use differ::{Between, DiffClock, Differ};
pub use door::Manner;
pub use error::{Exit, Trouble};
pub use fields::{Fields, WORDS};
pub use handover::{Received, sealed_book};
pub use known::{Known, as_typed, by_frequency, choice_of};
pub use ledger::{Breach, Ledger, Property, Receipts};
pub use point::Point;
pub use progress::{Progress, Step};
pub use query::{Queried, Queryable, metadata, queryable};
pub use receipt::{Amiss, Receipt, Recorded, Replaced};
pub use reply::Reply;
pub use schemas::{schema_named, schema_names};
pub use select::{Filter, kind_named};
pub use sheet::{Cell, Film, Folio, SHOWN_AT_MOST};
pub use slug::slug;
pub use store::{Afterwards, Store, versions};
pub use verify::{Finding, Noted, Verified, VerifiedLog, check_file};
pub use views::{NamedView, Param, Params, Takes, VIEWS, Way};
pub use watch::{Arrival, arrivals};
pub use write::{Cited, Desk, Drafts, Erasure, Random, Typed, read_drafts};

use crate::domain::when::Instant;

/// What the world outside gives.
#[derive(Clone, Copy, Debug)]
pub struct Env {
    /// The time of day.
    pub now: Instant,
}
