//! An agreement: how far it has got.
//!
//! Its stage is the furthest one reached and not undone: proposed, reached, signed, ratified by all its ratifiers, in force; or what
//! undid it: suspended, rejected, expired, ended, superseded. A text that revises another supersedes it on being reached, and the
//! old text's rejections stay with the old. Expiry runs by the clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{
    AgreementDecided, AgreementEnd, AgreementEnded, AgreementForm, AgreementProposed, AgreementReached,
    AgreementSigned, Pax,
};
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::now::Now;
use super::term::{Passed, Term};
use super::value::{Actor, Party, Vote, codes};

codes! {
    /// How far an agreement has got.
    pub enum Stage {
        Proposed = "proposed", Reached = "reached", Signed = "signed", Ratified = "ratified", InForce = "in-force",
        Suspended = "suspended", Rejected = "rejected", Expired = "expired", Ended = "ended", Superseded = "superseded",
    }
}

/// An agreement and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its handle.
    pub handle: Handle,
    /// Its title, as last given.
    pub title: Option<String>,
    /// Who agrees.
    pub parties: Vec<Party>,
    /// Who witnesses.
    pub witnesses: Vec<Actor>,
    /// Its form, as last given.
    pub form: Option<AgreementForm>,
    /// On what condition.
    pub condition: Option<String>,
    /// The agreement it is part of.
    pub part_of: Option<Handle>,
    /// The text it revises.
    pub revises: Option<Handle>,
    /// The demands it settles.
    pub settles: Vec<Handle>,
    /// Who must ratify.
    pub ratifiers: Vec<Party>,
    /// Its entry in PA-X.
    pub pax: Option<Pax>,
    /// From when it runs.
    pub from: Option<Term>,
    /// Until when it runs, as last fixed.
    pub until: Option<Term>,
    /// When it was proposed, reached, ratified by the last ratifier, entered into force.
    pub proposed: Option<Moment>,
    /// See `proposed`.
    pub reached: Option<Moment>,
    /// When each party signed.
    pub signed: BTreeMap<Party, Moment>,
    /// What each body decided last.
    pub decisions: BTreeMap<Party, Decision>,
    /// When it entered into force.
    pub in_force: Option<Moment>,
    /// When it was suspended.
    pub suspended: Option<Moment>,
    /// How and when it ended.
    pub ended: Option<(AgreementEnd, Moment)>,
    /// The text that replaces it.
    pub superseded_by: Option<(Handle, Moment)>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

/// What a body decided on an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Ratified, or rejected.
    pub ratified: bool,
    /// In what manner.
    pub how: Option<String>,
    /// The vote.
    pub vote: Option<Box<Vote>>,
    /// When.
    pub moment: Moment,
}

/// What a reached or signed text says of itself.
struct Terms {
    title: Option<String>,
    form: Option<AgreementForm>,
    condition: Option<String>,
    parties: Vec<Party>,
    part_of: Option<Handle>,
    revises: Option<Handle>,
    settles: Vec<Handle>,
    from: Option<Term>,
    until: Option<Term>,
    ratifiers: Vec<Party>,
    pax: Option<Pax>,
}

impl Agreement {
    /// An agreement of which nothing is known yet.
    pub fn new(handle: Handle) -> Agreement {
        Agreement {
            handle,
            title: None,
            parties: Vec::new(),
            witnesses: Vec::new(),
            form: None,
            condition: None,
            part_of: None,
            revises: None,
            settles: Vec::new(),
            ratifiers: Vec::new(),
            pax: None,
            from: None,
            until: None,
            proposed: None,
            reached: None,
            signed: BTreeMap::new(),
            decisions: BTreeMap::new(),
            in_force: None,
            suspended: None,
            ended: None,
            superseded_by: None,
            basis: Vec::new(),
        }
    }

    /// Put forward.
    pub fn propose(&mut self, proposed: &AgreementProposed, moment: Moment) {
        self.title = Some(proposed.title.clone());
        self.part_of = proposed.part_of.map(|a| a.0).or(self.part_of);
        self.revises = proposed.revises.map(|a| a.0).or(self.revises);
        self.proposed.get_or_insert(moment);
    }

    /// Agreed.
    pub fn reach(&mut self, reached: &AgreementReached, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let AgreementReached { title, form, condition, pax, from, until, .. } = reached.clone();
        self.take(Terms {
            title,
            form,
            condition,
            pax,
            from,
            until,
            parties: reached.parties.to_vec(),
            part_of: reached.part_of.map(|a| a.0),
            revises: reached.revises.map(|a| a.0),
            settles: reached.settles.iter().map(|d| d.0).collect(),
            ratifiers: reached.ratifiers.to_vec(),
        });
        self.reached.get_or_insert(moment);
        Ok(())
    }

    /// Signed.
    pub fn sign(&mut self, signed: &AgreementSigned, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let AgreementSigned { title, form, condition, pax, from, until, .. } = signed.clone();
        self.take(Terms {
            title,
            form,
            condition,
            pax,
            from,
            until,
            parties: signed.parties.to_vec(),
            part_of: signed.part_of.map(|a| a.0),
            revises: signed.revises.map(|a| a.0),
            settles: signed.settles.iter().map(|d| d.0).collect(),
            ratifiers: signed.ratifiers.to_vec(),
        });
        super::value::extend_new(&mut self.parties, signed.by.iter().map(|actor| &actor.party));
        super::value::extend_new(&mut self.witnesses, signed.witnesses.iter());
        for actor in signed.by.iter() {
            self.signed.entry(actor.party.clone()).or_insert_with(|| moment.clone());
        }
        Ok(())
    }

    /// What is said again replaces, what is not said stays.
    fn take(&mut self, terms: Terms) {
        self.title = terms.title.or(self.title.take());
        self.form = terms.form.or(self.form);
        self.condition = terms.condition.or(self.condition.take());
        self.part_of = terms.part_of.or(self.part_of);
        self.revises = terms.revises.or(self.revises);
        self.from = terms.from.or(self.from.take());
        self.until = terms.until.or(self.until.take());
        self.pax = terms.pax.or(self.pax.take());
        super::value::extend_new(&mut self.parties, &terms.parties);
        super::value::extend_new(&mut self.settles, &terms.settles);
        super::value::extend_new(&mut self.ratifiers, &terms.ratifiers);
    }

    /// Ratified or rejected by a body; what it decides later replaces what it decided before.
    pub fn decide(&mut self, decided: &AgreementDecided, ratified: bool, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let AgreementDecided { how, vote, .. } = decided.clone();
        self.decisions.insert(decided.by.clone(), Decision { ratified, how, vote, moment });
        let listed = self.ratifiers.is_empty() || self.ratifiers.contains(&decided.by);
        // A court may strike down what it was never to ratify; only a ratification needs a seat on the list.
        if ratified && !listed { Err(Misfit::NotARatifier(self.handle, decided.by.clone())) } else { Ok(()) }
    }

    /// In force, for the first time or after a suspension.
    pub fn enter_into_force(&mut self, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        self.suspended = None;
        self.in_force.get_or_insert(moment);
        Ok(())
    }

    /// Its end moved.
    pub fn extend(&mut self, until: &Term) -> Result<(), Misfit> {
        self.still_standing()?;
        self.until = Some(until.clone());
        Ok(())
    }

    /// Suspended.
    pub fn suspend(&mut self, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        self.suspended = Some(moment);
        Ok(())
    }

    /// Ended.
    pub fn end(&mut self, ended: &AgreementEnded, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        self.ended = Some((ended.how, moment));
        Ok(())
    }

    fn still_standing(&self) -> Result<(), Misfit> {
        match (&self.superseded_by, &self.ended) {
            (Some(_), _) => Err(Misfit::Over(self.handle, "superseded".into())),
            (None, Some(_)) => Err(Misfit::Over(self.handle, "ended".into())),
            (None, None) => Ok(()),
        }
    }

    /// How far it has got by then.
    pub fn stage(&self, now: &Now<'_>) -> Stage {
        if self.superseded_by.is_some() {
            return Stage::Superseded;
        }
        match self.ended.as_ref().map(|(how, _)| *how) {
            Some(AgreementEnd::Superseded) => return Stage::Superseded,
            Some(AgreementEnd::Expired) => return Stage::Expired,
            Some(_) => return Stage::Ended,
            None => {}
        }
        if self.has_expired(now) == Passed::Yes {
            Stage::Expired
        } else if self.is_rejected() {
            Stage::Rejected
        } else if self.suspended.is_some() {
            Stage::Suspended
        } else {
            self.furthest()
        }
    }

    /// Whether its end has come by the clock.
    pub fn has_expired(&self, now: &Now<'_>) -> Passed {
        let due = self.until.as_ref().filter(|_| self.furthest() > Stage::Proposed).and_then(|until| now.due(until));
        due.map_or(Passed::No, |due| due.passed(now.at))
    }

    /// Whether a body has rejected it and not come round; what enters into force after all undoes a rejection.
    pub fn is_rejected(&self) -> bool {
        let in_force = self.in_force.as_ref().map(Moment::order);
        self.decisions.values().any(|d| !d.ratified && in_force.is_none_or(|in_force| in_force < d.moment.order()))
    }

    fn furthest(&self) -> Stage {
        if self.in_force.is_some() {
            Stage::InForce
        } else if self.ratified().is_some() {
            Stage::Ratified
        } else if !self.signed.is_empty() {
            Stage::Signed
        } else if self.reached.is_some() {
            Stage::Reached
        } else {
            Stage::Proposed
        }
    }

    /// When the last of its ratifiers ratified; nothing while one is missing.
    pub fn ratified(&self) -> Option<&Moment> {
        let ratified = |body: &Party| self.decisions.get(body).filter(|d| d.ratified).map(|d| &d.moment);
        if self.ratifiers.is_empty() {
            return self.decisions.keys().filter_map(ratified).min_by_key(|moment| moment.order());
        }
        let all: Option<Vec<&Moment>> = self.ratifiers.iter().map(ratified).collect();
        all?.into_iter().max_by_key(|moment| moment.order())
    }

    /// When it was first signed.
    pub fn first_signed(&self) -> Option<&Moment> {
        self.signed.values().min_by_key(|moment| moment.order())
    }

    /// How far each party and body has gone.
    pub fn by_party(&self) -> BTreeMap<Party, Stage> {
        let reached = if self.reached.is_some() { Stage::Reached } else { Stage::Proposed };
        let mut each: BTreeMap<Party, Stage> = self.parties.iter().map(|party| (party.clone(), reached)).collect();
        each.extend(self.signed.keys().map(|party| (party.clone(), Stage::Signed)));
        let decided =
            |(body, d): (&Party, &Decision)| (body.clone(), if d.ratified { Stage::Ratified } else { Stage::Rejected });
        each.extend(self.decisions.iter().map(decided));
        each
    }
}
