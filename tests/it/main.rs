//! The one test binary.

mod contract;
#[cfg(unix)]
mod door;
mod drafts;
mod generated;
mod given;
mod kinds;
mod laws;
mod layers;
mod meaning;
#[cfg(unix)]
mod pages;
mod story;
