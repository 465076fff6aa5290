//! The one test binary.

mod briefs;
mod checks;
mod complete;
mod contract;
#[cfg(unix)]
mod doctor;
#[cfg(unix)]
mod door;
mod drafts;
#[cfg(unix)]
mod entry;
mod errors;
mod folder;
mod generated;
mod given;
#[cfg(target_os = "linux")]
mod harness;
mod histories;
mod kinds;
mod laws;
mod layers;
mod log;
mod meaning;
mod page;
#[cfg(unix)]
mod pages;
mod pictures;
mod query;
#[cfg(unix)]
mod serve;
mod states;
mod story;
#[cfg(unix)]
mod survival;
mod tables;
mod watch;
mod widths;
