//! `talks` keeps negotiations: an append-only log of developments, folded into what holds, what is open and who says so.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
pub mod domain;
#[cfg(feature = "exchange")]
pub mod exchange;
#[cfg(feature = "view")]
pub mod view;
