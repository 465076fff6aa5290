//! What does not fit.
//!
//! The fold never fails: a fact that does not fit what came before it in the world is kept as an anomaly, which names the event and
//! says what refused it. At the door the same misfit refuses the newcomer. Misfits are small, comparable, and hold no other error.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{Handle, Target, Version};
use super::value::Party;

/// An event that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anomaly {
    /// The event.
    pub event: Version,
    /// Why it does not fit.
    pub misfit: Misfit,
}

/// Why a fact does not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Misfit {
    /// The log does not begin with `negotiation.opened`.
    NotOpened,
    /// A second `negotiation.opened`.
    OpenedTwice,
    /// `negotiation.opened` can be corrected, never retracted.
    OpeningRetracted,
    /// It names what the log does not have.
    Unknown(Target),
    /// It names what was retracted, by that event.
    Retracted(Target, Version),
    /// It names what had not been reported by the day asked about.
    NotKnown(Target),
    /// It names a party that nobody declared.
    UndeclaredParty(Party),
    /// It aims at an event that does not come before it.
    NotEarlier(Version),
    /// The correction leaves its target unreadable, so it is not applied.
    Uncorrectable(Version, String),
    /// It can only come after what its own dates put it before.
    OutOfOrder(Target),
    /// Its date ends before it can begin.
    BeforeOwnStart,
    /// It has no date in the world and its kind needs one.
    Undated,
    /// The negotiation was closed.
    NegotiationClosed,
    /// The negotiation was not closed.
    NotClosed,
    /// A round that is not open can't close.
    RoundNotOpen(Handle),
    /// A round that is open can't open.
    RoundOpen(Handle),
    /// Nothing to pause or resume: no round was ever set or held.
    NoTalks,
    /// Who answers was not asked.
    NotAsked(Handle, Party),
    /// It was over already, in the way named.
    Over(Handle, Cow<'static, str>),
    /// It was not in the state that this needs.
    NotInState(Handle, Cow<'static, str>),
    /// The party is not bound by it.
    NotBound(Handle, Party),
    /// The body is not among the listed ratifiers.
    NotARatifier(Handle, Party),
    /// What it names is of the wrong sort.
    WrongSort(Target, Cow<'static, str>),
    /// The party is not at the table.
    NotPresent(Party),
    /// The finder is not a declared monitor.
    NotAMonitor(Party),
}

impl Misfit {
    /// A stable identifier, for machines.
    pub fn id(&self) -> &'static str {
        match self {
            Misfit::NotOpened => "not-opened",
            Misfit::OpenedTwice => "opened-twice",
            Misfit::OpeningRetracted => "opening-retracted",
            Misfit::Unknown(_) => "unknown-name",
            Misfit::Retracted(..) => "retracted-name",
            Misfit::NotKnown(_) => "not-known",
            Misfit::UndeclaredParty(_) => "undeclared-party",
            Misfit::NotEarlier(_) => "not-earlier",
            Misfit::Uncorrectable(..) => "uncorrectable",
            Misfit::OutOfOrder(_) => "out-of-order",
            Misfit::BeforeOwnStart => "before-own-start",
            Misfit::Undated => "undated",
            Misfit::NegotiationClosed => "negotiation-closed",
            Misfit::NotClosed => "not-closed",
            Misfit::RoundNotOpen(_) => "round-not-open",
            Misfit::RoundOpen(_) => "round-open",
            Misfit::NoTalks => "no-talks",
            Misfit::NotAsked(..) => "not-asked",
            Misfit::Over(..) => "over",
            Misfit::NotInState(..) => "not-in-state",
            Misfit::NotBound(..) => "not-bound",
            Misfit::NotARatifier(..) => "not-a-ratifier",
            Misfit::WrongSort(..) => "wrong-sort",
            Misfit::NotPresent(_) => "not-present",
            Misfit::NotAMonitor(_) => "not-a-monitor",
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::NotOpened => write!(f, "the log does not begin with negotiation.opened"),
            Misfit::OpenedTwice => write!(f, "the negotiation was opened before"),
            Misfit::OpeningRetracted => write!(f, "negotiation.opened can be corrected, not retracted"),
            Misfit::Unknown(name) => write!(f, "nothing here is called {name}"),
            Misfit::Retracted(name, by) => write!(f, "{name} was retracted by {by}"),
            Misfit::NotKnown(name) => write!(f, "{name} was not known by then"),
            Misfit::UndeclaredParty(party) => write!(f, "no party \"{party}\" was declared"),
            Misfit::NotEarlier(target) => write!(f, "{target} does not come before it in the log"),
            Misfit::Uncorrectable(target, why) => write!(f, "corrected so, {target} can't be read: {why}"),
            Misfit::OutOfOrder(name) => write!(f, "its date comes before that of {name}, which it can only follow"),
            Misfit::BeforeOwnStart => write!(f, "it starts before it was agreed"),
            Misfit::Undated => write!(f, "it does not say when it happened"),
            Misfit::NegotiationClosed => write!(f, "the negotiation was closed"),
            Misfit::NotClosed => write!(f, "the negotiation was not closed"),
            Misfit::RoundNotOpen(round) => write!(f, "{round} was not open"),
            Misfit::RoundOpen(round) => write!(f, "{round} was open already"),
            Misfit::NoTalks => write!(f, "no round had been set or held"),
            Misfit::NotAsked(what, party) => write!(f, "{what} was not put to {party}"),
            Misfit::Over(what, how) => write!(f, "{what} was already {how}"),
            Misfit::NotInState(what, state) => write!(f, "{what} was not {state}"),
            Misfit::NotBound(what, party) => write!(f, "{what} does not bind {party}"),
            Misfit::NotARatifier(what, body) => write!(f, "{body} is not among the ratifiers of {what}"),
            Misfit::WrongSort(name, wanted) => write!(f, "{name} is not {wanted}"),
            Misfit::NotPresent(party) => write!(f, "{party} had not joined"),
            Misfit::NotAMonitor(party) => write!(f, "{party} was not declared as a monitor"),
        }
    }
}
