//! `talks` keeps negotiations: an append-only log of developments, folded into what holds, what is open and who says so.
//!
//! ```
//! # #[cfg(feature = "app")] {
//! use talks::app::{Asking, Env, Question, demo_book};
//! use talks::domain::when::Instant;
//!
//! let book = demo_book(false).expect("the story is built in");
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
#[cfg(feature = "view")]
pub mod view;
