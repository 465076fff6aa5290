//! The one test binary.

mod drafts;
mod generated;
mod given;
mod kinds;
mod layers;
#[cfg(unix)]
mod pages;
