//! Incidents, and their dead and injured by account. Nothing is added up.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line};
use crate::domain::event::{IncidentCategory, LaidTo};
use crate::domain::ids::Version;
use crate::domain::incident::{Account, AccountOfTolls, Incident, Tally};
use crate::domain::ledger::Standing;
use crate::domain::value::{Actor, Party, Toll};

/// How many incidents, and every account of their dead and injured.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IncidentsSummary {
    /// Incidents, without aggregates.
    pub count: usize,
    /// Aggregates, which are never added to their parts.
    pub aggregates: usize,
    /// Each account, apart.
    pub tolls: Vec<TollView>,
    /// How many figures these give, also where a glance left them out.
    #[serde(skip)]
    pub figures: usize,
}

/// Dead and injured of one incident by one account.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TollView {
    /// The incident.
    #[schemars(with = "String")]
    pub incident: Version,
    /// Whose figures: `report` for the incident's own sources, else sources (`S2`) or a claim (`Q1 pakistan`).
    pub account: String,
    /// The party whose claim it is; null: the sources'.
    #[schemars(with = "Option<String>")]
    pub by: Option<Party>,
    /// Whether the incident is an aggregate.
    pub aggregate: bool,
    /// The event that gives them.
    #[schemars(with = "String")]
    pub event: Version,
    /// The figures.
    #[serde(flatten)]
    pub toll: Toll,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IncidentView {
    /// Its event.
    #[schemars(with = "String")]
    pub event: Version,
    /// What happened.
    pub category: IncidentCategory,
    /// When.
    pub when: Option<InstantView>,
    /// Where.
    pub place: Option<String>,
    /// In a sentence.
    pub text: String,
    /// Who did it, where that is not in question.
    pub by: Vec<Actor>,
    /// Against whom.
    #[schemars(with = "Vec<String>")]
    pub against: Vec<Party>,
    /// People named.
    pub people: Vec<String>,
    /// Who says they did it.
    pub claimed_by: Option<Actor>,
    /// Whom others hold responsible.
    pub laid_to: Vec<LaidTo>,
    /// Whether it is a total over several.
    pub aggregate: bool,
    /// The figures, each account apart.
    pub tolls: Vec<TollView>,
    /// How it stands.
    pub standing: Standing,
}

/// The incidents, in world order.
pub fn incidents(asked: &Asked<'_>) -> Vec<Line<IncidentView>> {
    in_order(asked).into_iter().map(|(event, incident)| line(asked, event, incident)).collect()
}

/// The incidents with their events, in world order.
pub(super) fn in_order<'a>(asked: &Asked<'a>) -> Vec<(Version, &'a Incident)> {
    let mut all: Vec<(Version, &Incident)> = asked.all.incidents.iter().map(|(event, what)| (*event, what)).collect();
    all.sort_by_key(|(_, incident)| incident.moment.order());
    all
}

fn line(asked: &Asked<'_>, event: Version, incident: &Incident) -> Line<IncidentView> {
    let fact = asked.history.fact(event);
    let item = IncidentView {
        event,
        category: incident.category,
        when: asked.when(&incident.moment),
        place: fact.and_then(|f| f.context().place.as_ref()).map(|place| place.name.clone()),
        text: fact.map(|fact| super::sentence::of(fact, asked.all)).unwrap_or_default(),
        by: incident.by.clone(),
        against: incident.against.clone(),
        people: incident.people.clone(),
        claimed_by: incident.claimed_by.clone(),
        laid_to: incident.laid_to.clone(),
        aggregate: incident.aggregate,
        tolls: tolls(event, incident),
        standing: asked.all.standing(event),
    };
    let missing = (!asked.certain.incidents.contains_key(&event)).then_some(serde_json::Value::Null);
    asked.line(item, Some(event), &incident.basis, missing)
}

fn tolls(event: Version, incident: &Incident) -> Vec<TollView> {
    let view = |account: &AccountOfTolls, toll: &Toll| TollView {
        incident: event,
        account: account_name(&account.account),
        by: if let Account::Claim(_, by) = &account.account { Some(by.party.clone()) } else { None },
        aggregate: incident.aggregate,
        event: account.event,
        toll: toll.clone(),
    };
    incident.tolls.iter().flat_map(|account| account.tolls.iter().map(move |toll| view(account, toll))).collect()
}

fn account_name(account: &Account) -> String {
    match account {
        Account::Report => "report".into(),
        Account::Sources(sources) => sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Account::Claim(claim, by) => format!("{claim} {}", by.party),
    }
}

/// The count and the accounts.
pub fn summary(asked: &Asked<'_>) -> IncidentsSummary {
    let Tally { all, aggregates, figures } =
        Tally::of(asked.all.incidents.values()).with(asked.history.unheld().incidents);
    let tolls = in_order(asked).into_iter().flat_map(|(event, incident)| tolls(event, incident));
    IncidentsSummary { count: all - aggregates, aggregates, tolls: tolls.collect(), figures }
}
