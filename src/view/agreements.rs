//! Agreements, and how far each has got.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, Awaited, InstantView, Line, word};
use crate::domain::agreement::{Agreement, Decision, Stage};
use crate::domain::event::{AgreementForm, Pax};
use crate::domain::ids::Handle;
use crate::domain::moment::Moment;
use crate::domain::value::{Actor, Party, Vote};

/// An agreement.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AgreementView {
    /// Its handle.
    pub handle: Handle,
    /// Its title.
    pub title: Option<String>,
    /// The furthest stage reached and not undone, or what undid it.
    pub stage: Stage,
    /// Its form.
    pub form: Option<AgreementForm>,
    /// On what condition.
    pub condition: Option<String>,
    /// Who agrees.
    #[schemars(with = "Vec<String>")]
    pub parties: Vec<Party>,
    /// How far each party and body has gone.
    #[schemars(with = "BTreeMap<String, Stage>")]
    pub by_party: BTreeMap<Party, Stage>,
    /// Who must ratify.
    #[schemars(with = "Vec<String>")]
    pub ratifiers: Vec<Party>,
    /// Who witnesses.
    pub witnesses: Vec<Actor>,
    /// When it was proposed.
    pub proposed: Option<InstantView>,
    /// When it was reached.
    pub reached: Option<InstantView>,
    /// When it was first signed.
    pub signed: Option<InstantView>,
    /// When the last of its ratifiers ratified.
    pub ratified: Option<InstantView>,
    /// When it entered into force.
    pub in_force: Option<InstantView>,
    /// What each party and body decided on it.
    pub decisions: Vec<DecisionView>,
    /// Until when it runs.
    pub until: Option<InstantView>,
    /// What its end hangs on, while that has not come.
    pub until_awaits: Option<Awaited>,
    /// The agreement it is part of.
    pub part_of: Option<Handle>,
    /// The text it revises.
    pub revises: Option<Handle>,
    /// The text that replaces it.
    pub superseded_by: Option<Handle>,
    /// The demands it settles.
    pub settles: Vec<Handle>,
    /// How many violations of it are alleged, and not taken back.
    pub violations_alleged: usize,
    /// Its entry in the PA-X Peace Agreements Database.
    pub pax: Option<Pax>,
}

/// What a body decided on an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DecisionView {
    /// The body.
    #[schemars(with = "String")]
    pub by: Party,
    /// Ratified, or rejected.
    pub ratified: bool,
    /// In what manner.
    pub how: Option<String>,
    /// The vote, as far as it was told.
    pub vote: Option<Box<Vote>>,
    /// When.
    pub when: Option<InstantView>,
}

/// The agreements, by handle.
pub fn agreements(asked: &Asked<'_>) -> Vec<Line<AgreementView>> {
    let line = |agreement: &Agreement| {
        let item = agreement_view(asked, agreement);
        let certain = asked.certain.agreements.get(&agreement.handle).map(|a| word(a.stage(&asked.certainly())));
        let headline = (word(item.stage), certain);
        asked.life(agreement.handle, item, &agreement.basis, headline)
    };
    asked.all.agreements.values().map(line).collect()
}

fn agreement_view(asked: &Asked<'_>, agreement: &Agreement) -> AgreementView {
    let when = |moment: Option<&Moment>| moment.and_then(|moment| asked.when(moment));
    AgreementView {
        handle: agreement.handle,
        title: agreement.title.clone(),
        stage: agreement.stage(&asked.now()),
        form: agreement.form,
        condition: agreement.condition.clone(),
        parties: agreement.parties.clone(),
        by_party: agreement.by_party(),
        ratifiers: agreement.ratifiers.clone(),
        witnesses: agreement.witnesses.clone(),
        proposed: when(agreement.proposed.as_ref()),
        reached: when(agreement.reached.as_ref()),
        signed: when(agreement.first_signed()),
        ratified: when(agreement.ratified()),
        in_force: when(agreement.in_force.as_ref()),
        decisions: agreement.decisions.iter().map(|(by, decision)| decision_view(asked, by, decision)).collect(),
        until: agreement.until.as_ref().and_then(|term| asked.due(term)),
        until_awaits: agreement.until.as_ref().and_then(|term| asked.awaited(term)),
        part_of: agreement.part_of,
        revises: agreement.revises,
        superseded_by: agreement.superseded_by.as_ref().map(|(by, _)| *by),
        settles: agreement.settles.clone(),
        violations_alleged: asked.alleged(asked.all.breaches.get(&agreement.handle).into_iter().flatten()),
        pax: agreement.pax.clone(),
    }
}

fn decision_view(asked: &Asked<'_>, by: &Party, decision: &Decision) -> DecisionView {
    let Decision { ratified, how, vote, moment } = decision.clone();
    DecisionView { by: by.clone(), ratified, how, vote, when: asked.when(&moment) }
}
