//! The status: everything that is so, on one screen.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, Line, days_between};
use super::{
    AgreementView, CeasefireView, ClaimView, CommitmentView, DeadlineView, DemandView, DueView, IncidentsSummary,
    MeasureView, OfferView, PartyView, RoundView, TalksView,
};
use crate::domain::anomaly::Anomaly;
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Version};

/// Everything that is so.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Status {
    /// The title.
    pub title: String,
    /// What it is about.
    pub subject: Option<String>,
    /// Where the talks stand.
    pub talks: Line<TalksView>,
    /// Where they stand at each table beside it, by its name.
    pub other_tables: Vec<Line<TalksView>>,
    /// The rounds.
    pub rounds: Vec<Line<RoundView>>,
    /// The parties.
    pub parties: Vec<Line<PartyView>>,
    /// The demands.
    pub demands: Vec<Line<DemandView>>,
    /// The offers.
    pub offers: Vec<Line<OfferView>>,
    /// The ceasefires.
    pub ceasefires: Vec<Line<CeasefireView>>,
    /// The ceasefire to speak of: begun or renewed last, and not superseded.
    pub headline_ceasefire: Option<Handle>,
    /// The agreements.
    pub agreements: Vec<Line<AgreementView>>,
    /// The commitments.
    pub commitments: Vec<Line<CommitmentView>>,
    /// The deadlines.
    pub deadlines: Vec<Line<DeadlineView>>,
    /// The measures.
    pub measures: Vec<Line<MeasureView>>,
    /// The claims.
    pub claims: Vec<Line<ClaimView>>,
    /// How many incidents, and every account of their dead and injured.
    pub incidents: IncidentsSummary,
    /// What comes due.
    pub due: Vec<Line<DueView>>,
    /// What does not fit.
    pub anomalies: Vec<AnomalyView>,
    /// For how many days nothing was heard; null where nothing ever was.
    pub silence_days: Option<i64>,
    /// How many events the answer took in, of how many that had been known.
    pub events: EventCounts,
}

/// How many events there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventCounts {
    /// Events of the world by the day asked about.
    pub counted: usize,
    /// Of these, those that may lie after it.
    pub possible: usize,
    /// Events known that come later.
    pub later: usize,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnomalyView {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// What sort of misfit.
    pub kind: String,
    /// In words.
    pub text: String,
}

/// Everything that is so by the instant.
pub fn status(asked: &Asked<'_>) -> Status {
    Status {
        title: asked.all.ground.title.clone(),
        subject: asked.all.ground.subject.clone(),
        talks: super::talks(asked),
        other_tables: super::other_tables(asked),
        rounds: super::rounds(asked),
        parties: super::parties(asked),
        demands: super::demands(asked),
        offers: super::offers(asked),
        ceasefires: super::ceasefires(asked),
        headline_ceasefire: asked.now().headline_ceasefire().map(|ceasefire| ceasefire.handle),
        agreements: super::agreements(asked),
        commitments: super::commitments(asked),
        deadlines: super::deadlines(asked),
        measures: super::measures(asked),
        claims: super::claims(asked),
        incidents: super::incidents::summary(asked),
        due: super::due(asked),
        anomalies: anomalies(asked),
        silence_days: silence_days(asked),
        events: counts(asked),
    }
}

/// What does not fit: found by the fold up to the instant, and about the record itself.
pub fn anomalies(asked: &Asked<'_>) -> Vec<AnomalyView> {
    let all = asked.history.anomalies.iter().chain(&asked.all.anomalies);
    let mut all: Vec<&Anomaly> = all.collect();
    all.sort();
    all.dedup();
    let view = |anomaly: &Anomaly| AnomalyView {
        event: anomaly.event,
        kind: anomaly.misfit.id().to_string(),
        text: anomaly.misfit.to_string(),
    };
    all.into_iter().map(view).collect()
}

/// Silence is shown as silence: the days since anything was heard, never "nothing happened".
pub(super) fn silence_days(asked: &Asked<'_>) -> Option<i64> {
    let heard = asked.all.last_heard.as_ref()?;
    Some(days_between(heard.last.min(asked.at), asked.at, asked.zone()))
}

fn counts(asked: &Asked<'_>) -> EventCounts {
    let of_the_world = |fact: &&Fact| fact.event().is_some_and(|event| !event.is_record_keeping());
    let later = asked.later().filter(of_the_world).count();
    // Not `asked.facts()`: what was read from derived rows is not all in world order.
    let held = asked.history.facts.iter().filter(of_the_world).filter(|fact| asked.takes(fact)).count();
    let unheld = asked.history.unheld();
    EventCounts { counted: held + unheld.before, possible: asked.all.possible.len(), later: later + unheld.after }
}
