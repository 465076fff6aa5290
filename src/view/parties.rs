//! The parties: who they are, what they do at the table, and who speaks for them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line};
use crate::domain::party::{Code, PartyKind, Role};
use crate::domain::value::Party;

/// A party.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PartyView {
    /// Its slug.
    #[schemars(with = "String")]
    pub party: Party,
    /// Its name.
    pub name: String,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// What sort of actor it is.
    pub kind: PartyKind,
    /// What it does at the table.
    pub role: Vec<Role>,
    /// The party it belongs to.
    #[schemars(with = "Option<String>")]
    pub part_of: Option<Party>,
    /// Codes in outside schemes.
    pub codes: BTreeMap<String, Code>,
    /// Whether it is in the negotiation by the day asked about.
    pub present: bool,
    /// Since when it is in or out.
    pub since: Option<InstantView>,
    /// Who holds its offices, as far as a change was recorded.
    pub offices: BTreeMap<String, Option<String>>,
}

/// The parties, by slug. The registry is not cut by the day asked about; whether a party had joined is.
pub fn parties(asked: &Asked<'_>) -> Vec<Line<PartyView>> {
    let line = |(slug, record): (&Party, &crate::domain::history::PartyRecord)| {
        let turn = asked.all.presence.get(slug).and_then(|turns| turns.last());
        let offices = asked.all.offices.iter().filter(|((party, _), _)| party == slug);
        let entry = &record.entry;
        let item = PartyView {
            party: slug.clone(),
            name: entry.name.clone(),
            aliases: entry.aliases.to_vec(),
            kind: entry.kind,
            role: entry.role.to_vec(),
            part_of: entry.part_of.clone(),
            codes: entry.codes.clone(),
            present: turn.is_some_and(|(present, _)| *present),
            since: turn.and_then(|(_, moment)| asked.when(moment)),
            offices: offices.map(|((_, office), (who, _))| (office.clone(), who.clone())).collect(),
        };
        asked.line(item, record.basis.first().copied(), &record.basis, None)
    };
    asked.all.ground.parties.iter().map(line).collect()
}
