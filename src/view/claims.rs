//! Claims, side by side, and how each stands.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, word};
use crate::domain::claim::Claim;
use crate::domain::event::ClaimSays;
use crate::domain::ids::{Handle, Target};
use crate::domain::ledger::{Entry, Standing};
use crate::domain::value::{Actor, Party};

/// A claim.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClaimView {
    /// Its handle.
    pub handle: Handle,
    /// Who claims.
    pub by: Actor,
    /// What is claimed, as last worded.
    pub text: String,
    /// What it is about.
    pub about: Option<Target>,
    /// How it stands.
    pub standing: Standing,
    /// Who denies it.
    #[schemars(with = "Vec<String>")]
    pub denied_by: Vec<Party>,
    /// Who confirms it.
    #[schemars(with = "Vec<String>")]
    pub confirmed_by: Vec<Party>,
    /// The claims that contradict it with a version of their own.
    pub rivals: Vec<Handle>,
    /// Its own values.
    pub says: Option<ClaimSays>,
    /// Since when it is claimed.
    pub since: Option<InstantView>,
}

/// The claims, by handle.
pub fn claims(asked: &Asked<'_>) -> Vec<Line<ClaimView>> {
    let line = |claim: &Claim| {
        let item = claim_view(asked, claim);
        let certain = asked.certain.claims.get(&claim.handle).map(|c| word(asked.certain.standing(c.made_by)));
        let headline = (word(item.standing), certain);
        let mut basis = claim.basis.clone();
        basis.extend(asked.all.ledger.get(claim.made_by).map(Entry::voices).unwrap_or_default());
        let mut line = asked.life(claim.handle, item, &basis, headline);
        // Its rivals are claims of its claimant's own too, where he answers them: nobody disputes himself.
        line.disputed_by.retain(|party| *party != claim.by.party);
        line
    };
    asked.all.claims.values().map(line).collect()
}

fn claim_view(asked: &Asked<'_>, claim: &Claim) -> ClaimView {
    let entry = asked.all.ledger.get(claim.made_by);
    let parties = |of: fn(&Entry) -> &Vec<(Party, crate::domain::ids::Version)>| {
        let mut parties: Vec<Party> =
            entry.into_iter().flat_map(|e| of(e).iter().map(|(party, _)| party.clone())).collect();
        parties.sort();
        parties.dedup();
        parties
    };
    ClaimView {
        handle: claim.handle,
        by: claim.by.clone(),
        text: claim.text().to_string(),
        about: claim.about.clone(),
        standing: asked.all.standing(claim.made_by),
        denied_by: parties(|entry| &entry.denied_by),
        confirmed_by: parties(|entry| &entry.confirmed_by),
        rivals: claim.rivals.clone(),
        says: claim.says.clone(),
        since: asked.when(&claim.texts.first().1),
    }
}
