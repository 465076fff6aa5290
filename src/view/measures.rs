//! Measures: what is done and lasts.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, Awaited, InstantView, Line, days_between, word};
use crate::domain::event::{Attitude, MeasureType};
use crate::domain::ids::Handle;
use crate::domain::measure::{Measure, MeasureState};
use crate::domain::value::Party;
use crate::domain::when::Instant;

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
    /// What its end hangs on, while that has not come.
    pub until_awaits: Option<Awaited>,
    /// Which day it is in, the first counted as 1; null unless it is in effect, and where the first day is in doubt.
    pub day: Option<i64>,
    /// For how many days it has been or was in effect: full days, by the calendar of the log's zone; null where its first or last day
    /// is in doubt.
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
    let days = measure.taken.when.as_ref().and_then(|when| asked.first_day(when)).zip(last_day(asked, measure));
    let days = days.map(|(first, last)| days_between(first, last, asked.zone()));
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
        until_awaits: measure.until.as_ref().and_then(|term| asked.awaited(term)),
        day: days
            .filter(|_| matches!(state, MeasureState::InEffect | MeasureState::PossiblyExpired))
            .map(|days| days + 1),
        days,
    }
}

/// The day up to which it is counted: that of its end, or the one asked about.
fn last_day(asked: &Asked<'_>, measure: &Measure) -> Option<Instant> {
    match measure.state(&asked.now()) {
        MeasureState::Lifted => asked.first_day(measure.lifted.as_ref()?.when.as_ref()?),
        MeasureState::Expired => {
            let due = measure.until.as_ref().and_then(|term| asked.now().due(term))?;
            (due.from == due.to).then_some(due.to)
        }
        _ => Some(asked.at),
    }
}
