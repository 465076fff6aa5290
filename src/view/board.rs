//! A negotiation in one line, for a board of many.

use schemars::JsonSchema;
use serde::Serialize;

use super::due::DueView;
use super::line::{Asked, Line};
use crate::domain::ceasefire::{Nominal, Observed};
use crate::domain::ids::Handle;
use crate::domain::measure::MeasureState;
use crate::domain::table::TalksState;

/// A negotiation in one line.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BoardLine {
    /// Its title.
    pub title: String,
    /// Where the talks stand.
    pub talks: TalksState,
    /// The ceasefire that its headline is about.
    pub ceasefire: Option<BoardCeasefire>,
    /// Measures in effect: strikes, closures, sanctions.
    pub measures: Vec<Handle>,
    /// Demands that are still open.
    pub open_demands: usize,
    /// Days since anything was heard.
    pub silence_days: Option<i64>,
    /// What comes due next, or is overdue longest.
    pub next: Option<Line<DueView>>,
    /// How much does not fit.
    pub anomalies: usize,
}

/// A ceasefire in two words.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BoardCeasefire {
    /// Its handle.
    pub handle: Handle,
    /// By its terms.
    pub state: Nominal,
    /// By what is said of it.
    pub observed: Observed,
}

/// The line of a negotiation.
pub fn board_line(asked: &Asked<'_>) -> BoardLine {
    let headline = asked.now().headline_ceasefire().map(|ceasefire| ceasefire.handle);
    let mut ceasefires = super::ceasefires(asked).into_iter().map(|line| line.item);
    let ceasefire = ceasefires.find(|c| Some(c.handle) == headline);
    let in_effect = |state| matches!(state, MeasureState::InEffect | MeasureState::PossiblyExpired);
    let measures = super::measures(asked).into_iter().map(|line| line.item).filter(|m| in_effect(m.state));
    BoardLine {
        title: asked.all.ground.title.clone(),
        talks: super::talks(asked).item.state,
        ceasefire: ceasefire.map(|c| BoardCeasefire { handle: c.handle, state: c.state, observed: c.observed }),
        measures: measures.map(|m| m.handle).collect(),
        open_demands: super::demands(asked).iter().filter(|line| line.item.open).count(),
        silence_days: super::status::silence_days(asked),
        next: super::due(asked).into_iter().next(),
        anomalies: super::status::anomalies(asked).len(),
    }
}
