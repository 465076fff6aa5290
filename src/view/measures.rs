//! Measures: what is done and lasts.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, days_between, word};
use crate::domain::event::{Attitude, MeasureType};
use crate::domain::ids::Handle;
use crate::domain::measure::{Measure, MeasureState};
use crate::domain::value::Party;

/// A measure.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MeasureView {
    /// Its handle.
    pub handle: Handle,
    /// What it is.
    pub r#type: MeasureType,
    /// In words.
    pub text: Option<String>,
    /// Who takes it.
    #[schemars(with = "Vec<String>")]
    pub by: Vec<Party>,
    /// Against whom.
    #[schemars(with = "Vec<String>")]
    pub against: Vec<Party>,
    /// Whether it presses or reassures.
    pub attitude: Option<Attitude>,
    /// Where it stands.
    pub state: MeasureState,
    /// Since when.
    pub since: Option<InstantView>,
    /// Until when it was to last.
    pub until: Option<InstantView>,
    /// When it was lifted.
    pub lifted: Option<InstantView>,
    /// For how many days it has been or was in effect: full days, by the calendar of the log's zone.
    pub days: Option<i64>,
}

/// The measures, by handle.
pub fn measures(asked: &Asked<'_>) -> Vec<Line<MeasureView>> {
    let line = |measure: &Measure| {
        let item = measure_view(asked, measure);
        let certain = asked.certain.measures.get(&measure.handle).map(|m| word(m.state(&asked.certainly())));
        let headline = (word(item.state), certain);
        asked.life(measure.handle, item, &measure.basis, headline)
    };
    asked.all.measures.values().map(line).collect()
}

fn measure_view(asked: &Asked<'_>, measure: &Measure) -> MeasureView {
    let state = measure.state(&asked.now());
    let expired = measure.until.as_ref().and_then(|term| asked.now().due(term)).map(|due| due.to);
    let over = match state {
        MeasureState::Lifted => measure.lifted.as_ref().map(|moment| moment.key),
        MeasureState::Expired => expired,
        _ => Some(asked.at),
    };
    let began = measure.taken.key;
    MeasureView {
        handle: measure.handle,
        r#type: measure.kind,
        text: measure.text.clone(),
        by: measure.by.clone(),
        against: measure.against.clone(),
        attitude: measure.attitude,
        state,
        since: asked.when(&measure.taken),
        until: measure.until.as_ref().and_then(|term| asked.due(term)),
        lifted: measure.lifted.as_ref().and_then(|moment| asked.when(moment)),
        days: over.filter(|_| !began.is_open()).map(|over| days_between(began, over, asked.zone())),
    }
}
