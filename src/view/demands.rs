//! Demands and offers, with whose move it is.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, days_between, word};
use crate::domain::demand::{Demand, Fate};
use crate::domain::event::{Answer, Weight};
use crate::domain::ids::{Handle, Version};
use crate::domain::offer::{Offer, OfferState};
use crate::domain::value::{Actor, Party};

/// One party's answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AnswerView {
    /// Who answers.
    #[schemars(with = "String")]
    pub party: Party,
    /// The answer.
    pub answer: Answer,
    /// Who of the party answered, and in what voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// The part it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The offer that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Handle>,
    /// When.
    pub when: Option<InstantView>,
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
}

/// A demand.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DemandView {
    /// Its handle.
    pub handle: Handle,
    /// Who asks.
    pub by: Vec<Actor>,
    /// Of whom.
    #[schemars(with = "Vec<String>")]
    pub of: Vec<Party>,
    /// What is asked, as last worded.
    pub text: String,
    /// The wordings before.
    pub earlier_texts: Vec<String>,
    /// How much hangs on it.
    pub weight: Option<Weight>,
    /// The latest answer of each addressee.
    pub answers: Vec<AnswerView>,
    /// What became of it.
    pub fate: Fate,
    /// Whether something is still asked.
    pub open: bool,
    /// Whether it is accepted by all it was put to, and not carried out.
    pub accepted_not_implemented: bool,
    /// Since when it has been asked.
    pub since: Option<InstantView>,
    /// For how many days it has been asked; null once nothing is asked any more, and where the first day is in doubt.
    pub age_days: Option<i64>,
    /// How often it was pressed again.
    pub pressed_again: usize,
    /// The demand that replaces it.
    pub superseded_by: Option<Handle>,
    /// The agreements that settle it.
    pub settled_by: Vec<Handle>,
    /// Whose move it is, by the record.
    #[schemars(with = "Vec<String>")]
    pub r#move: Vec<Party>,
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OfferView {
    /// Its handle.
    pub handle: Handle,
    /// Who offers.
    pub by: Vec<Actor>,
    /// To whom.
    #[schemars(with = "Vec<String>")]
    pub to: Vec<Party>,
    /// What is offered, as last worded.
    pub text: String,
    /// Whether it was called the last.
    pub r#final: bool,
    /// The demands it answers.
    pub answers_to: Vec<Handle>,
    /// The answers to it, in world order.
    pub answers: Vec<AnswerView>,
    /// Where it stands.
    pub state: OfferState,
    /// Since when it has been on the table.
    pub since: Option<InstantView>,
    /// The offer that replaces it.
    pub superseded_by: Option<Handle>,
    /// Whose move it is, by the record.
    #[schemars(with = "Vec<String>")]
    pub r#move: Vec<Party>,
}

/// The demands, by handle.
pub fn demands(asked: &Asked<'_>) -> Vec<Line<DemandView>> {
    let line = |demand: &Demand| {
        let item = demand_view(asked, demand);
        let certain = asked.certain.demands.get(&demand.handle).map(|demand| word(demand.fate(&asked.certainly())));
        let headline = (word(item.fate), certain);
        asked.life(demand.handle, item, &demand.basis, headline)
    };
    asked.all.demands.values().map(line).collect()
}

fn demand_view(asked: &Asked<'_>, demand: &Demand) -> DemandView {
    let now = asked.now();
    let open = demand.is_open(&now);
    let accepted =
        |party: &Party| demand.answers.iter().any(|(by, given)| by == party && given.answer == Answer::Accepted);
    let first = demand.raised.first();
    let first_day = first.and_then(|moment| moment.when.as_ref()).and_then(|when| asked.first_day(when));
    DemandView {
        handle: demand.handle,
        by: demand.by.clone(),
        of: demand.of.clone(),
        text: demand.text().to_string(),
        earlier_texts: earlier(demand.texts.held().map(|(text, _)| text)),
        weight: demand.weight,
        answers: demand.answers.iter().map(|(party, given)| demand_answer(asked, party, given)).collect(),
        fate: demand.fate(&now),
        open,
        accepted_not_implemented: open && !demand.of.is_empty() && demand.of.iter().all(accepted),
        since: first.and_then(|moment| asked.when(moment)),
        age_days: first_day.filter(|_| open).map(|first| days_between(first, asked.at, asked.zone())),
        pressed_again: demand.raised.len().saturating_sub(1),
        superseded_by: demand.superseded_by.as_ref().map(|(by, _)| *by),
        settled_by: demand.settled_by.clone(),
        r#move: demand.move_of(&now),
    }
}

fn demand_answer(asked: &Asked<'_>, party: &Party, given: &crate::domain::demand::GivenAnswer) -> AnswerView {
    AnswerView {
        party: party.clone(),
        answer: given.answer,
        by: in_full(&given.by),
        part: None,
        offer: given.offer,
        when: asked.when(&given.moment),
        event: given.moment.version,
    }
}

/// Somebody of a party, where more than the party is known.
fn in_full(actor: &Actor) -> Option<Actor> {
    (actor.who.is_some() || actor.voice.is_some()).then(|| actor.clone())
}

/// All wordings but the last, each once.
fn earlier<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.cloned().collect();
    texts.pop();
    texts.dedup();
    texts
}

/// The offers, by handle.
pub fn offers(asked: &Asked<'_>) -> Vec<Line<OfferView>> {
    let line = |offer: &Offer| {
        let item = offer_view(asked, offer);
        let certain = asked.certain.offers.get(&offer.handle).map(|offer| word(offer.state(&asked.certainly())));
        let headline = (word(item.state), certain);
        asked.life(offer.handle, item, &offer.basis, headline)
    };
    asked.all.offers.values().map(line).collect()
}

fn offer_view(asked: &Asked<'_>, offer: &Offer) -> OfferView {
    let now = asked.now();
    let reply = |reply: &crate::domain::offer::OfferReply| AnswerView {
        party: reply.by.party.clone(),
        answer: reply.answer,
        by: in_full(&reply.by),
        part: reply.part.clone(),
        offer: None,
        when: asked.when(&reply.moment),
        event: reply.moment.version,
    };
    OfferView {
        handle: offer.handle,
        by: offer.by.clone(),
        to: offer.to.clone(),
        text: offer.text().to_string(),
        r#final: offer.is_final,
        answers_to: offer.answers_to.iter().map(|(demand, _)| *demand).collect(),
        answers: offer.replies.iter().map(reply).collect(),
        state: offer.state(&now),
        since: asked.when(&offer.texts.first().1),
        superseded_by: offer.superseded_by.as_ref().map(|(by, _)| *by),
        r#move: offer.move_of(&now),
    }
}
