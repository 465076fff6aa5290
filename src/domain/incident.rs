//! An incident: what happened on the ground.
//!
//! Its dead and injured are kept by class and by account, as ranges; accounts are never added up, and an aggregate ("this month") is
//! never added to its parts. Who did it is what is said of it: laid to somebody by somebody, claimed, or not in question.

use serde::{Deserialize, Serialize};

use super::event::{IncidentCategory, IncidentReported, LaidTo};
use super::history::Fact;
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::value::{Actor, Party, Toll};

/// Whose figures they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Account {
    /// Of the sources of the event itself.
    Report,
    /// Of further sources.
    Sources(Vec<Handle>),
    /// Of a party, by a claim.
    Claim(Handle, Actor),
}

/// The dead and injured by one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountOfTolls {
    /// Whose.
    pub account: Account,
    /// The figures.
    pub tolls: Vec<Toll>,
    /// The event that gives them.
    pub event: Version,
}

/// How many incidents there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// All of them, with the aggregates.
    pub all: usize,
    /// Aggregates.
    pub aggregates: usize,
    /// Figures of their dead and injured, of every account.
    pub figures: usize,
}

impl Tally {
    /// Of these.
    pub fn of<'i>(incidents: impl IntoIterator<Item = &'i Incident>) -> Tally {
        incidents.into_iter().fold(Tally::default(), |tally, incident| Tally {
            all: tally.all + 1,
            aggregates: tally.aggregates + usize::from(incident.aggregate),
            figures: tally.figures + incident.tolls.iter().map(|account| account.tolls.len()).sum::<usize>(),
        })
    }

    /// With these too.
    pub fn with(self, more: Tally) -> Tally {
        let Tally { all, aggregates, figures } = more;
        Tally { all: self.all + all, aggregates: self.aggregates + aggregates, figures: self.figures + figures }
    }

    /// Without these; never less than none, also of rows that do not fit together.
    pub fn without(self, some: Tally) -> Tally {
        Tally {
            all: self.all.saturating_sub(some.all),
            aggregates: self.aggregates.saturating_sub(some.aggregates),
            figures: self.figures.saturating_sub(some.figures),
        }
    }
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// What happened.
    pub category: IncidentCategory,
    /// Who did it, where that is not in question.
    pub by: Vec<Actor>,
    /// Against whom.
    pub against: Vec<Party>,
    /// People named.
    pub people: Vec<String>,
    /// Who says they did it.
    pub claimed_by: Option<Actor>,
    /// Whom others hold responsible.
    pub laid_to: Vec<LaidTo>,
    /// Whether it is a total over several.
    pub aggregate: bool,
    /// The figures, by account.
    pub tolls: Vec<AccountOfTolls>,
    /// When.
    pub moment: Moment,
    /// Whether it went on for a time.
    pub lasted: bool,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Incident {
    /// As reported.
    pub fn reported(fact: &Fact, reported: &IncidentReported, moment: Moment) -> Incident {
        let tolls = AccountOfTolls { account: Account::Report, tolls: reported.tolls.to_vec(), event: fact.version() };
        Incident {
            category: reported.category,
            by: reported.by.to_vec(),
            against: reported.against.to_vec(),
            people: reported.people.to_vec(),
            claimed_by: reported.claimed_by.clone(),
            laid_to: reported.laid_to.to_vec(),
            aggregate: reported.aggregate,
            tolls: if tolls.tolls.is_empty() { Vec::new() } else { vec![tolls] },
            moment,
            lasted: fact.end.is_some(),
            basis: fact.basis.clone(),
        }
    }

    /// Everybody to whom it is laid, by whomever.
    pub fn culprits(&self) -> impl Iterator<Item = &Party> {
        let claimed = self.claimed_by.iter().map(|actor| &actor.party);
        let laid = self.laid_to.iter().map(|laid| &laid.to.party);
        self.by.iter().map(|actor| &actor.party).chain(claimed).chain(laid)
    }

    /// Whether it was an act of violence.
    pub fn is_violent(&self) -> bool {
        use IncidentCategory::*;
        !matches!(self.category, Protest | StrategicDevelopment | Other)
    }
}
