//! The one test binary.

mod drafts;
mod generated;
mod given;
mod kinds;
mod layers;
mod meaning;
#[cfg(unix)]
mod pages;
