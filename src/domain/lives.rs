//! The state in named pieces, for a cache that keeps one row a piece.
//!
//! ```text
//!   D1, C2 …   a life; an agreement with what is said to break it
//!   talks      all rounds and pauses
//!   e7         what was said of an event, and the incident that it reports
//!   rest       what belongs to none of these
//! ```
//!
//! The registry is no piece: it comes with the history. Which pieces a fact can change is asked in [`super::reach`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agreement::Agreement;
use super::anomaly::Anomaly;
use super::ceasefire::{Ceasefire, Violation};
use super::claim::Claim;
use super::commitment::{Commitment, Deadline, FollowUp};
use super::demand::Demand;
use super::event::ClosedAs;
use super::history::Ground;
use super::ids::{Handle, Letter, Target, Version};
use super::incident::Incident;
use super::ledger::Entry;
use super::measure::Measure;
use super::moment::Moment;
use super::negotiation::Negotiation;
use super::offer::Offer;
use super::talks::Talks;
use super::value::Party;
use super::wordings::{Wording, Wordings};

/// The name of the piece that holds the rounds and pauses.
pub const TALKS: &str = "talks";
/// The name of the piece that holds what belongs to no life.
pub const REST: &str = "rest";

/// A part of the state that is kept, read and compared by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// The rounds and pauses.
    Talks(Talks),
    /// A demand.
    Demand(Demand),
    /// An offer.
    Offer(Offer),
    /// A ceasefire.
    Ceasefire(Ceasefire),
    /// An agreement, and the violations alleged of it, also of one that is not there.
    Agreement(Option<Box<Agreement>>, Vec<Violation>),
    /// A commitment.
    Commitment(Commitment),
    /// A deadline.
    Deadline(Deadline),
    /// A measure.
    Measure(Measure),
    /// A claim.
    Claim(Claim),
    /// A follow-up.
    FollowUp(FollowUp),
    /// What was said of an event, and the incident that it reports.
    Event(Option<Entry>, Option<Incident>),
    /// What belongs to no life.
    Rest(Rest),
}

impl Piece {
    /// Takes away the wordings between the first and the last, each with its number.
    pub fn leave_out_wordings(&mut self) -> Vec<(usize, Wording)> {
        self.wordings().map(Wordings::leave_out).unwrap_or_default()
    }

    /// Brings back the wordings that were left out, of all that came after the first; nothing if these are too few.
    pub fn bring_back_wordings(&mut self, all: Vec<Wording>) -> Option<()> {
        self.wordings()?.bring_back(all)
    }

    /// Whether all its wordings are held.
    pub fn leaves_out_none(&mut self) -> bool {
        self.wordings().is_none_or(|wordings| wordings.are_all_held())
    }

    fn wordings(&mut self) -> Option<&mut Wordings> {
        match self {
            Piece::Demand(life) => Some(&mut life.texts),
            Piece::Offer(life) => Some(&mut life.texts),
            Piece::Commitment(life) => Some(&mut life.texts),
            Piece::Claim(life) => Some(&mut life.texts),
            _ => None,
        }
    }
}

/// What belongs to no life.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    closings: Vec<(Option<ClosedAs>, Moment)>,
    presence: BTreeMap<Party, Vec<(bool, Moment)>>,
    offices: BTreeMap<(Party, String), (Option<String>, Moment)>,
    anomalies: Vec<Anomaly>,
    possible: BTreeSet<Version>,
    last_heard: Option<Moment>,
    titled: bool,
}

/// The name of a piece that is not of the sort the name is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced(pub String);

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what is kept as \"{}\" is not what goes by that name", self.0)
    }
}

impl std::error::Error for Misplaced {}

impl Negotiation {
    /// All pieces of the state, by name.
    pub fn pieces(&self) -> BTreeMap<String, Piece> {
        self.pieces_with(self.events_with_pieces())
    }

    /// The events of which something is said, and the incidents.
    pub fn events_with_pieces(&self) -> impl Iterator<Item = Version> + '_ {
        self.ledger.events().chain(self.incidents.keys().copied())
    }

    /// The pieces of the state, by name, with those of these events.
    pub fn pieces_with(&self, events: impl IntoIterator<Item = Version>) -> BTreeMap<String, Piece> {
        let mut names = BTreeSet::from([TALKS.to_owned(), REST.to_owned()]);
        macro_rules! lives {
            ($($lives:ident)*) => { $( names.extend(self.$lives.keys().map(Handle::to_string)); )* };
        }
        lives! { demands offers ceasefires agreements breaches commitments deadlines measures claims followups }
        names.extend(events.into_iter().map(|event| event.to_string()));
        let piece = |name: String| Some((name.clone(), self.piece(&name)?));
        names.into_iter().filter_map(piece).collect()
    }

    /// Leaves out how lives were worded between the first and the last.
    pub fn leave_out_wordings(&mut self) {
        let demands = self.demands.values_mut().map(|life| &mut life.texts);
        let offers = self.offers.values_mut().map(|life| &mut life.texts);
        let commitments = self.commitments.values_mut().map(|life| &mut life.texts);
        let claims = self.claims.values_mut().map(|life| &mut life.texts);
        demands.chain(offers).chain(commitments).chain(claims).for_each(|texts| drop(texts.leave_out()));
    }

    /// How many lives there are, without the incidents and what was said of events.
    pub fn count_of_lives(&self) -> usize {
        macro_rules! count {
            ($($lives:ident)*) => { 0 $( + self.$lives.len() )* };
        }
        count! { demands offers ceasefires agreements commitments deadlines measures claims followups }
    }

    /// The piece of that name, if there is one.
    pub fn piece(&self, name: &str) -> Option<Piece> {
        match (name, name.parse::<Target>()) {
            (TALKS, _) => Some(Piece::Talks(self.talks.clone())),
            (REST, _) => Some(Piece::Rest(self.rest())),
            (_, Ok(Target::Handle(handle))) => self.life(handle),
            (_, Ok(Target::Event(event))) => {
                let (entry, incident) = (self.ledger.get(event).cloned(), self.incidents.get(&event).cloned());
                (entry.is_some() || incident.is_some()).then_some(Piece::Event(entry, incident))
            }
            _ => None,
        }
    }

    fn life(&self, handle: Handle) -> Option<Piece> {
        match handle.letter {
            Letter::D => self.demands.get(&handle).cloned().map(Piece::Demand),
            Letter::O => self.offers.get(&handle).cloned().map(Piece::Offer),
            Letter::C => self.ceasefires.get(&handle).cloned().map(Piece::Ceasefire),
            Letter::K => self.commitments.get(&handle).cloned().map(Piece::Commitment),
            Letter::T => self.deadlines.get(&handle).cloned().map(Piece::Deadline),
            Letter::M => self.measures.get(&handle).cloned().map(Piece::Measure),
            Letter::Q => self.claims.get(&handle).cloned().map(Piece::Claim),
            Letter::F => self.followups.get(&handle).cloned().map(Piece::FollowUp),
            Letter::A => {
                let life = self.agreements.get(&handle).cloned().map(Box::new);
                let breaches = self.breaches.get(&handle).cloned();
                let is_there = life.is_some() || breaches.is_some();
                is_there.then(|| Piece::Agreement(life, breaches.unwrap_or_default()))
            }
            Letter::R | Letter::S => None,
        }
    }

    /// The state that has these pieces; of the sorts that are missing, it has nothing.
    ///
    /// # Errors
    /// Names the first piece that is not of the sort its name is for.
    pub fn from_pieces(ground: Arc<Ground>, pieces: BTreeMap<String, Piece>) -> Result<Negotiation, Misplaced> {
        let mut state = Negotiation::new(ground);
        for (name, piece) in pieces {
            state.put(&name, piece).ok_or(Misplaced(name))?;
        }
        Ok(state)
    }

    /// Puts a piece where its name says; nothing if it does not go there.
    pub fn put(&mut self, name: &str, piece: Piece) -> Option<()> {
        match piece {
            Piece::Talks(talks) => self.talks = (name == TALKS).then_some(talks)?,
            Piece::Rest(rest) => self.set_rest((name == REST).then_some(rest)?),
            Piece::Demand(life) => keep(&mut self.demands, name, Letter::D, life.handle, life)?,
            Piece::Offer(life) => keep(&mut self.offers, name, Letter::O, life.handle, life)?,
            Piece::Ceasefire(life) => keep(&mut self.ceasefires, name, Letter::C, life.handle, life)?,
            Piece::Commitment(life) => keep(&mut self.commitments, name, Letter::K, life.handle, life)?,
            Piece::Deadline(life) => keep(&mut self.deadlines, name, Letter::T, life.handle, life)?,
            Piece::Measure(life) => keep(&mut self.measures, name, Letter::M, life.handle, life)?,
            Piece::Claim(life) => keep(&mut self.claims, name, Letter::Q, life.handle, life)?,
            Piece::FollowUp(life) => keep(&mut self.followups, name, Letter::F, life.handle, life)?,
            Piece::Agreement(life, breaches) => {
                let handle: Handle = name.parse().ok()?;
                if let Some(life) = life {
                    keep(&mut self.agreements, name, Letter::A, life.handle, *life)?;
                }
                if !breaches.is_empty() {
                    keep(&mut self.breaches, name, Letter::A, handle, breaches)?;
                }
            }
            Piece::Event(entry, incident) => {
                let event: Version = name.parse().ok()?;
                if let Some(entry) = entry {
                    *self.ledger.entry(event) = entry;
                }
                self.incidents.extend(incident.map(|incident| (event, incident)));
            }
        }
        Some(())
    }

    fn rest(&self) -> Rest {
        Rest {
            closings: self.closings.clone(),
            presence: self.presence.clone(),
            offices: self.offices.clone(),
            anomalies: self.anomalies.clone(),
            possible: self.possible.clone(),
            last_heard: self.last_heard.clone(),
            titled: self.titled,
        }
    }

    fn set_rest(&mut self, rest: Rest) {
        let Rest { closings, presence, offices, anomalies, possible, last_heard, titled } = rest;
        (self.closings, self.presence, self.offices) = (closings, presence, offices);
        (self.anomalies, self.possible, self.last_heard) = (anomalies, possible, last_heard);
        self.titled = titled;
    }
}

/// Keeps a life under its handle, if that is its name and of the letter for its sort.
fn keep<L>(lives: &mut BTreeMap<Handle, L>, name: &str, letter: Letter, handle: Handle, life: L) -> Option<()> {
    let is_its_name = handle.letter == letter && handle.to_string() == name;
    is_its_name.then(|| lives.insert(handle, life)).map(|_| ())
}
