//! `talks` keeps negotiations: an append-only log of developments, folded into what holds, what is open and who says so.
//!
//! ```
//! # #[cfg(feature = "app")] {
//! use talks::app::{Asking, Book, Env, Question, Story};
//! use talks::domain::when::Instant;
//!
//! let (records, problems) = talks::exchange::drafts::read(Story::AsPrinted.drafts().as_bytes());
//! assert!(problems.is_empty());
//! let book = Book::of_drafts("istanbul-talks", records);
//! let question = Question { as_of: Some("2023-10-26".into()), ..Question::default() };
//! let asking = Asking::new(&book, &question, &Env { now: Instant(0) }).expect("the day can be read");
//! let status = talks::view::status(&asking.asked());
//! assert_eq!(status.ceasefires[0].item.day, Some(8));
//! # }
//! ```

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
pub mod domain;
#[cfg(feature = "exchange")]
pub mod exchange;
#[cfg(feature = "log")]
pub mod log;
#[cfg(feature = "page")]
pub mod page;
#[cfg(feature = "picture")]
pub mod picture;
#[cfg(feature = "sql")]
pub mod sql;
#[cfg(feature = "view")]
pub mod view;
#[cfg(feature = "web")]
pub mod web;
