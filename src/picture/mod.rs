//! Pictures of views, as SVG that stands by itself: in a report, in a browser, on the page.
//!
//! A picture draws what a view says and nothing else. Colour never speaks alone: each look has its own outline or texture, and the
//! state stands beside its bar in words. What is in doubt is drawn in doubt. Text from events is text, whatever is in it.

mod axis;
mod courses;
mod losses;
mod sheet;
mod strip;
mod violations;

pub use courses::{look, timeline};
pub use losses::{losses, losses_on_page};
pub use strip::{Strip, strip};
pub use violations::violations;

use crate::view::InstantView;

/// What stands over and under a picture.
#[derive(Clone, Debug)]
pub struct Caption {
    /// What is shown.
    pub title: String,
    /// Of which day, by whose account.
    pub subtitle: String,
    /// Of which log, up to where.
    pub foot: String,
}

/// From when to when is shown, in seconds since 1970; absent: as the events have it.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first instant.
    pub from: Option<i64>,
    /// The last one.
    pub to: Option<i64>,
    /// The instant asked about, after which nothing is drawn of itself.
    pub at: i64,
    /// The zone in which a day is a day, in seconds east of Greenwich.
    pub zone: i64,
}

/// The first and last instant of a date, in seconds since 1970, where they are not open.
fn bounds(when: &InstantView) -> (Option<i64>, Option<i64>) {
    let (first, last) = when.ends();
    (first.map(|at| at.0), last.map(|at| at.0))
}
