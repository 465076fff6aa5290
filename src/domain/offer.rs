//! An offer: what a party puts on the table.
//!
//! It may answer demands, and it is answered itself, in whole or in part. It stands until it is accepted, taken back, or replaced
//! by an offer that says so; a rejected offer stays on the record as rejected. While the negotiation is closed, what stood has lapsed.

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{Answer, OfferAnswered, OfferMade};
use super::ids::{Handle, Version};
use super::moment::Moment;
use super::now::Now;
use super::value::{Actor, Party, codes};
use super::wordings::Wordings;

codes! {
    /// Where an offer stands.
    pub enum OfferState {
        Standing = "standing", Accepted = "accepted", PartlyAccepted = "partly-accepted", Rejected = "rejected",
        Countered = "countered", Deferred = "deferred", Answered = "answered", Withdrawn = "withdrawn", Superseded = "superseded",
        Lapsed = "lapsed",
    }
}

/// One answer to an offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferReply {
    /// Who answers.
    pub by: Actor,
    /// The answer.
    pub answer: Answer,
    /// To which part; absent: to the whole.
    pub part: Option<String>,
    /// When.
    pub moment: Moment,
}

/// An offer and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Its handle.
    pub handle: Handle,
    /// Who offers.
    pub by: Vec<Actor>,
    /// To whom.
    pub to: Vec<Party>,
    /// What is offered; the latest wording last.
    pub texts: Wordings,
    /// Whether it was called the last.
    pub is_final: bool,
    /// The demands it answers, and how.
    pub answers_to: Vec<(Handle, Answer)>,
    /// The answers to it, in world order.
    pub replies: Vec<OfferReply>,
    /// When it was taken back.
    pub withdrawn: Option<Moment>,
    /// The offer that replaces it.
    pub superseded_by: Option<(Handle, Moment)>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
}

impl Offer {
    /// A new offer.
    pub fn made(handle: Handle, made: &OfferMade, moment: Moment) -> Offer {
        Offer {
            handle,
            by: made.by.to_vec(),
            to: made.to.to_vec(),
            texts: Wordings::new(made.text.clone(), moment),
            is_final: made.r#final,
            answers_to: made.answers.iter().map(|a| (a.demand.0, a.answer)).collect(),
            replies: Vec::new(),
            withdrawn: None,
            superseded_by: None,
            basis: Vec::new(),
        }
    }

    /// Made again, in other words or as the last word.
    pub fn renew(&mut self, made: &OfferMade, moment: Moment) {
        self.is_final |= made.r#final;
        self.withdrawn = None;
        self.answers_to.extend(made.answers.iter().map(|a| (a.demand.0, a.answer)));
        self.texts.add(made.text.clone(), moment);
    }

    /// Answered.
    pub fn answer(&mut self, answered: &OfferAnswered, moment: Moment) -> Result<(), Misfit> {
        let OfferAnswered { by, answer, part, .. } = answered.clone();
        if self.withdrawn.is_some() {
            return Err(Misfit::Over(self.handle, "withdrawn".into()));
        }
        if !self.to.is_empty() && !self.to.contains(&by.party) {
            return Err(Misfit::NotAsked(self.handle, by.party));
        }
        self.replies.push(OfferReply { by, answer, part, moment });
        Ok(())
    }

    /// Taken back.
    pub fn withdraw(&mut self, moment: Moment) -> Result<(), Misfit> {
        if self.withdrawn.is_some() {
            return Err(Misfit::Over(self.handle, "withdrawn".into()));
        }
        self.withdrawn = Some(moment);
        Ok(())
    }

    /// The latest wording.
    pub fn text(&self) -> &str {
        self.texts.text()
    }

    /// Where it stands by then: its latest answer to the whole decides, if it binds the party that gives it.
    pub fn state(&self, now: &Now<'_>) -> OfferState {
        if self.withdrawn.is_some() {
            return OfferState::Withdrawn;
        }
        let binds = |reply: &&OfferReply| reply.part.is_none() && reply.by.binding_party().is_some();
        let latest = self.replies.iter().rfind(binds);
        match latest.map(|reply| reply.answer) {
            Some(Answer::Accepted) => OfferState::Accepted,
            _ if self.superseded_by.is_some() => OfferState::Superseded,
            Some(Answer::Rejected) => OfferState::Rejected,
            _ if now.state.is_closed() => OfferState::Lapsed,
            Some(Answer::PartlyAccepted) => OfferState::PartlyAccepted,
            Some(Answer::Countered) => OfferState::Countered,
            Some(Answer::Deferred) => OfferState::Deferred,
            Some(Answer::Undisclosed | Answer::Other) => OfferState::Answered,
            None => OfferState::Standing,
        }
    }

    /// Whose move it is, by the record.
    pub fn move_of(&self, now: &Now<'_>) -> Vec<Party> {
        match self.state(now) {
            OfferState::Standing | OfferState::Deferred => self.to.clone(),
            OfferState::PartlyAccepted | OfferState::Rejected | OfferState::Countered if !now.state.is_closed() => {
                let mut makers = Vec::new();
                super::value::extend_new(&mut makers, self.by.iter().map(|actor| &actor.party));
                makers
            }
            _ => Vec::new(),
        }
    }
}
