//! A demand: what a party asks of others.
//!
//! It has an answer per addressee and a fate of its own. An answer closes nothing: a rejected, deferred, countered or partly
//! accepted demand is still open, and one that is accepted and not met is accepted and not implemented. It is closed by being met,
//! taken back, replaced, or settled by an agreement that stands; while the negotiation is closed, what is open has lapsed.

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{Answer, DemandAnswered, DemandMet, DemandRaised, MetHow, Weight};
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::now::Now;
use super::value::{Actor, Party, codes, extend_new};
use super::wordings::Wordings;

codes! {
    /// What became of a demand.
    pub enum Fate {
        Open = "open", PartlyMet = "partly-met", Met = "met", Withdrawn = "withdrawn", Superseded = "superseded",
        Settled = "settled", Lapsed = "lapsed",
    }
}

/// The latest answer of one addressee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// The answer.
    pub answer: Answer,
    /// Who gave it.
    pub by: Actor,
    /// The offer that went with it.
    pub offer: Option<Handle>,
    /// When.
    pub moment: Moment,
}

/// A demand and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Its handle.
    pub handle: Handle,
    /// Who asks.
    pub by: Vec<Actor>,
    /// Of whom.
    pub of: Vec<Party>,
    /// How much hangs on it.
    pub weight: Option<Weight>,
    /// Its wordings, the latest last.
    pub texts: Wordings,
    /// When it was raised and pressed again.
    pub raised: Vec<Moment>,
    /// The answers, in the order of the addressees' latest.
    pub answers: Vec<(Party, GivenAnswer)>,
    /// How far it was carried out.
    pub met: Option<(MetHow, Moment)>,
    /// When it was taken back.
    pub withdrawn: Option<Moment>,
    /// The demand that replaces it.
    pub superseded_by: Option<(Handle, Moment)>,
    /// The agreements that settle it.
    pub settled_by: Vec<Handle>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Demand {
    /// A demand that nobody has raised before.
    pub fn raised(handle: Handle, raised: &DemandRaised, moment: Moment) -> Demand {
        Demand {
            handle,
            by: raised.by.to_vec(),
            of: raised.of.to_vec(),
            weight: raised.weight,
            texts: Wordings::new(raised.text.clone(), moment.clone()),
            raised: vec![moment],
            answers: Vec::new(),
            met: None,
            withdrawn: None,
            superseded_by: None,
            settled_by: Vec::new(),
            basis: Vec::new(),
        }
    }

    /// Raised again: by others too, of others too; one that was taken back is open again.
    pub fn press(&mut self, again: &DemandRaised, moment: Moment) {
        extend_new(&mut self.by, again.by.iter());
        extend_new(&mut self.of, again.of.iter());
        self.weight = again.weight.or(self.weight);
        self.withdrawn = None;
        if self.text() != again.text {
            self.texts.add(again.text.clone(), moment.clone());
        }
        self.raised.push(moment);
    }

    /// Worded anew.
    pub fn revise(&mut self, text: &str, moment: Moment) -> Result<(), Misfit> {
        self.still_pursued()?;
        self.texts.add(text.to_string(), moment);
        Ok(())
    }

    /// Answered by an addressee.
    pub fn answer(&mut self, answered: &DemandAnswered, moment: Moment) -> Result<(), Misfit> {
        let offer = answered.offer.map(|offer| offer.0);
        self.take_answer(GivenAnswer { answer: answered.answer, by: answered.by.clone(), offer, moment })
    }

    /// Takes an answer, also one that an offer gives.
    pub fn take_answer(&mut self, given: GivenAnswer) -> Result<(), Misfit> {
        self.still_pursued()?;
        let party = given.by.party.clone();
        if !self.of.contains(&party) {
            return Err(Misfit::NotAsked(self.handle, party));
        }
        if given.by.binding_party().is_none() {
            return Ok(()); // an anonymous official does not answer for their party
        }
        self.answers.retain(|(answerer, _)| *answerer != party);
        self.answers.push((party, given));
        Ok(())
    }

    /// Carried out.
    pub fn meet(&mut self, met: &DemandMet, moment: Moment) -> Result<(), Misfit> {
        self.still_pursued()?;
        self.met = Some((met.how, moment));
        Ok(())
    }

    /// Taken back.
    pub fn withdraw(&mut self, moment: Moment) -> Result<(), Misfit> {
        self.still_pursued()?;
        self.withdrawn = Some(moment);
        Ok(())
    }

    fn still_pursued(&self) -> Result<(), Misfit> {
        match (&self.withdrawn, &self.met) {
            (Some(_), _) => Err(Misfit::Over(self.handle, "withdrawn".into())),
            (None, Some((MetHow::Fully, _))) => Err(Misfit::Over(self.handle, "met".into())),
            _ => Ok(()),
        }
    }

    /// When it was carried out in full.
    pub fn fully_met(&self) -> Option<&Moment> {
        self.met.as_ref().filter(|(how, _)| *how != MetHow::Partly).map(|(_, moment)| moment)
    }

    /// The latest wording.
    pub fn text(&self) -> &str {
        self.texts.text()
    }

    /// What became of it by then.
    pub fn fate(&self, now: &Now<'_>) -> Fate {
        if self.withdrawn.is_some() {
            Fate::Withdrawn
        } else if self.fully_met().is_some() {
            Fate::Met
        } else if self.settled_by.iter().any(|agreement| now.agreement_stands(*agreement)) {
            Fate::Settled
        } else if self.superseded_by.is_some() {
            Fate::Superseded
        } else if now.state.is_closed() {
            Fate::Lapsed
        } else if self.met.is_some() {
            Fate::PartlyMet
        } else {
            Fate::Open
        }
    }

    /// Whether something is still asked.
    pub fn is_open(&self, now: &Now<'_>) -> bool {
        matches!(self.fate(now), Fate::Open | Fate::PartlyMet)
    }

    /// Whose move it is, by the record: an addressee that has not answered, or has accepted or put off, has to act; after any
    /// other answer it is for those who ask.
    pub fn move_of(&self, now: &Now<'_>) -> Vec<Party> {
        if !self.is_open(now) {
            return Vec::new();
        }
        let waiting: Vec<Party> = self.of.iter().filter(|party| self.owes_a_move(party)).cloned().collect();
        if !waiting.is_empty() {
            return waiting;
        }
        let mut askers = Vec::new();
        extend_new(&mut askers, self.by.iter().map(|actor| &actor.party));
        askers
    }

    fn owes_a_move(&self, party: &Party) -> bool {
        let Some((_, given)) = self.answers.iter().find(|(answerer, _)| answerer == party) else { return true };
        let (_, worded) = self.texts.last();
        let asked_anew = self.raised.iter().chain([worded]).any(|moment| moment.order() > given.moment.order());
        asked_anew || matches!(given.answer, Answer::Accepted | Answer::Deferred)
    }
}
