//! Positions: what a party says for itself, and where two things that it said can be told to differ.
//!
//! Words that differ do not tell that anyone moved: a paraphrase differs, and so does a translation. A position is therefore about one
//! thing that has a name, and says one value of it: the answer to a demand, whether a claim is denied. Two positions of one party on
//! the same thing can be compared, and nothing else can. What somebody says who does not speak for the party is heard, and is no
//! position of it; nor is what does not fit.

use std::collections::BTreeMap;

use super::event::Event;
use super::history::Fact;
use super::ids::{Handle, Target, Version};
use super::negotiation::Negotiation;
use super::value::{Actor, Party, codes};

codes! {
    /// What a position is about.
    pub enum Subject {
        /// Whether a demand is pursued.
        Demand = "demand",
        /// How much is said to hang on a demand.
        Weight = "weight",
        /// How a demand or an offer is worded.
        Wording = "wording",
        /// The answer to a demand or an offer.
        Answer = "answer",
        /// Whether an offer is on the table.
        Offer = "offer",
        /// Whether a claim, or what an event tells, is held to be so.
        Claim = "claim",
        /// A text as published.
        Text = "text",
    }
}

/// What a party says of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The thing.
    pub on: Target,
    /// What of it.
    pub subject: Subject,
    /// Which part; absent: the whole.
    pub part: Option<String>,
    /// What it says of it.
    pub says: String,
}

/// Two positions of one party on the same thing that differ, the one next after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The earlier, and the event that took it.
    pub from: (Version, Position),
    /// The later, and the event that took it.
    pub to: (Version, Position),
}

impl Negotiation {
    /// Who speaks in an event, in their own words; those whose demand, offer or claim it is, where it names nobody.
    pub fn speakers(&self, fact: &Fact) -> Vec<Actor> {
        let Some(event) = fact.event() else { return Vec::new() };
        let of = |parties: &[Party]| -> Vec<Actor> { parties.iter().map(Actor::of).collect() };
        match event {
            Event::StatementMade(e) => vec![e.by.clone()],
            Event::DemandRaised(e) => e.by.to_vec(),
            Event::DemandRevised(e) => self.who_asks(e.demand.0),
            Event::DemandWithdrawn(e) => self.who_asks(e.demand.0),
            Event::DemandAnswered(e) => vec![e.by.clone()],
            Event::OfferMade(e) => e.by.to_vec(),
            Event::OfferAnswered(e) => vec![e.by.clone()],
            Event::OfferWithdrawn(e) => self.offers.get(&e.offer.0).map(|offer| offer.by.clone()).unwrap_or_default(),
            Event::ClaimMade(e) => vec![e.by.clone()],
            Event::ClaimDenied(e) | Event::ClaimConfirmed(e) => vec![e.by.clone()],
            Event::ClaimWithdrawn(e) => self.who_claims(&e.claim),
            Event::AgreementProposed(e) => e.by.to_vec(),
            Event::AgreementReached(e) => of(&e.parties),
            Event::AgreementSigned(e) => e.by.iter().cloned().chain(of(&e.parties)).collect(),
            Event::AgreementRatified(e) | Event::AgreementRejected(e) => of(std::slice::from_ref(&e.by)),
            _ => Vec::new(),
        }
    }

    fn who_asks(&self, demand: Handle) -> Vec<Actor> {
        self.demands.get(&demand).map(|demand| demand.by.clone()).unwrap_or_default()
    }

    fn who_claims(&self, name: &Target) -> Vec<Actor> {
        let behind = self.ground.event_behind(name);
        self.claims.values().filter(|claim| Some(claim.made_by) == behind).map(|claim| claim.by.clone()).collect()
    }

    /// The positions that a fact takes in the name of a party; none where nobody in it speaks for the party, or it does not fit.
    pub fn positions(&self, fact: &Fact, party: &Party) -> Vec<Position> {
        let speaks = self.speakers(fact).iter().any(|actor| actor.binding_party() == Some(party));
        let fits = !self.anomalies.iter().any(|anomaly| anomaly.event == fact.version());
        if speaks && fits { self.taken(fact) } else { Vec::new() }
    }

    fn taken(&self, fact: &Fact) -> Vec<Position> {
        let (Some(event), defined) = (fact.event(), fact.defines) else { return Vec::new() };
        match (event, defined) {
            (Event::DemandRaised(e), Some(demand)) => {
                let weight = e.weight.map(|weight| on(demand, Subject::Weight, weight.to_string()));
                // Pressed again, a demand may be told in other words; only a revision words it anew.
                let wording = fact.creates.then(|| on(demand, Subject::Wording, e.text.clone()));
                [on(demand, Subject::Demand, "raised".into())].into_iter().chain(weight).chain(wording).collect()
            }
            (Event::DemandRevised(e), _) => vec![on(e.demand.0, Subject::Wording, e.text.clone())],
            (Event::DemandWithdrawn(e), _) => vec![on(e.demand.0, Subject::Demand, "withdrawn".into())],
            (Event::DemandAnswered(e), _) => vec![on(e.demand.0, Subject::Answer, e.answer.to_string())],
            (Event::OfferMade(e), Some(offer)) => {
                let answers = e.answers.iter().map(|a| on(a.demand.0, Subject::Answer, a.answer.to_string()));
                let replaced = e.supersedes.iter().map(|old| on(old.0, Subject::Offer, format!("replaced by {offer}")));
                let own = [on(offer, Subject::Offer, "made".into()), on(offer, Subject::Wording, e.text.clone())];
                answers.chain(replaced).chain(own).collect()
            }
            (Event::OfferAnswered(e), _) => {
                vec![Position { part: e.part.clone(), ..on(e.offer.0, Subject::Answer, e.answer.to_string()) }]
            }
            (Event::OfferWithdrawn(e), _) => vec![on(e.offer.0, Subject::Offer, "withdrawn".into())],
            (Event::ClaimMade(_), Some(claim)) => self.held(&Target::Handle(claim), "affirmed"),
            (Event::ClaimConfirmed(e), _) => self.held(&e.of, "affirmed"),
            (Event::ClaimDenied(e), _) => self.held(&e.of, "denied"),
            (Event::ClaimWithdrawn(e), _) => self.held(&e.claim, "withdrawn"),
            (Event::StatementMade(e), _) => {
                let named = [Some(Target::Event(fact.version())), e.replaces.clone()].into_iter().flatten();
                named.map(|on| Position { on, subject: Subject::Text, part: None, says: e.text.clone() }).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A claim may be named by its handle or by the event that made it; it is one thing.
    fn held(&self, name: &Target, says: &str) -> Vec<Position> {
        let behind = self.ground.event_behind(name).map(Target::Event);
        let position = |on| Position { on, subject: Subject::Claim, part: None, says: says.into() };
        behind.map(position).into_iter().collect()
    }
}

fn on(life: Handle, subject: Subject, says: String) -> Position {
    Position { on: Target::Handle(life), subject, part: None, says }
}

/// Where the positions of one party, given in the order of the world, differ from the one before on the same thing.
pub fn moves(positions: &[(Version, Position)]) -> Vec<Move> {
    let mut last = BTreeMap::new();
    let mut moves = Vec::new();
    for taken @ (_, position) in positions {
        let thing = (&position.on, position.subject, &position.part);
        let before: Option<&(Version, Position)> = last.insert(thing, taken);
        moves.extend(
            before
                .filter(|(_, before)| before.says != position.says)
                .map(|before| Move { from: before.clone(), to: taken.clone() }),
        );
    }
    moves
}
