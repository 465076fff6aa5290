//! The rounds, at whatever table.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView, Line, word};
use crate::domain::event::{AccountSays, Delegation, Outcome, RoundForm, Stance, Track};
use crate::domain::ids::{Handle, Version};
use crate::domain::ledger::FurtherAccount;
use crate::domain::now::Now;
use crate::domain::talks::{Round, RoundState};
use crate::domain::value::Party;

/// A round.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RoundView {
    /// Its handle.
    pub handle: Handle,
    /// What sources call it.
    pub called: Vec<String>,
    /// Where it stands.
    pub state: RoundState,
    /// Where it sat last.
    pub place: Option<String>,
    /// When it first opened.
    pub opened: Option<InstantView>,
    /// When it was last closed.
    pub closed: Option<InstantView>,
    /// How many times it sat: opened, and resumed after a close.
    pub sessions: usize,
    /// The outcome of its last session that is over; `not-stated` where none was given.
    pub outcome: Option<String>,
    /// When it was set to open.
    pub scheduled_for: Option<InstantView>,
    /// The manner.
    pub form: Option<RoundForm>,
    /// The track.
    pub track: Option<Track>,
    /// Who mediates.
    #[schemars(with = "Vec<String>")]
    pub mediators: Vec<Party>,
    /// Who sits at the table.
    pub delegations: Vec<Delegation>,
    /// What further sources report of its events, each apart; nothing of it is taken into the fields above.
    pub accounts: Vec<AccountView>,
}

/// What further sources report of an event.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AccountView {
    /// The event that gives the account.
    #[schemars(with = "String")]
    pub event: Version,
    /// The event that it is an account of.
    #[schemars(with = "String")]
    pub of: Version,
    /// Whose account it is.
    pub sources: Vec<Handle>,
    /// Whether it supports the event.
    pub stance: Stance,
    /// Its own values.
    pub says: Option<AccountSays>,
}

/// Who is asked to have been at a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// A party: at the table, or as a mediator.
    Party(Party),
    /// Somebody of a delegation, by words of the name.
    Person(String),
}

/// The rounds, by handle.
pub fn rounds(asked: &Asked<'_>) -> Vec<Line<RoundView>> {
    let state_in = |now: &Now<'_>, handle: Handle| {
        let round = now.state.talks.rounds.get(&handle)?;
        Some(word(round.state(now)))
    };
    let line = |round: &Round| {
        let item = round_view(asked, round);
        let headline = (word(item.state), state_in(&asked.certainly(), round.handle));
        let basis: Vec<Version> = round.basis.iter().chain(item.accounts.iter().map(|a| &a.event)).copied().collect();
        asked.life(round.handle, item, &basis, headline)
    };
    asked.all.talks.rounds.values().map(line).collect()
}

fn round_view(asked: &Asked<'_>, round: &Round) -> RoundView {
    let last = round.sessions.last();
    let called_off = round.not_held.as_ref();
    let closed = last.and_then(|session| session.closed.as_ref()).or(called_off).map(|(_, moment)| moment);
    RoundView {
        handle: round.handle,
        called: round.called.clone(),
        state: round.state(&asked.now()),
        place: last.and_then(|session| session.place.as_ref()).map(|place| place.name.clone()),
        opened: round.sessions.first().and_then(|session| asked.when(&session.opened)),
        closed: closed.and_then(|moment| asked.when(moment)),
        sessions: round.sessions.len(),
        outcome: round.last_outcome(asked.at).or(called_off.map(|(outcome, _)| *outcome)).map(outcome_word),
        scheduled_for: round.schedules.last().and_then(|s| s.for_when.as_ref()).and_then(|term| asked.due(term)),
        form: round.form,
        track: round.track,
        mediators: round.mediators.clone(),
        delegations: round.delegations.clone(),
        accounts: accounts(asked, &round.basis),
    }
}

/// The accounts of any of these events, in the order of the log.
fn accounts(asked: &Asked<'_>, basis: &[Version]) -> Vec<AccountView> {
    let view = |of: Version, account: &FurtherAccount| {
        let FurtherAccount { event, stance, sources, says } = account.clone();
        AccountView { event, of, sources, stance, says }
    };
    let events: BTreeSet<Version> = basis.iter().copied().collect();
    let entries = events.into_iter().filter_map(|event| Some((event, asked.all.ledger.get(event)?)));
    let accounts = entries.flat_map(|(of, entry)| entry.accounts.iter().map(move |account| view(of, account)));
    let mut accounts: Vec<AccountView> = accounts.collect();
    accounts.sort_by_key(|account| account.event);
    accounts
}

impl RoundView {
    /// Whether a party sat at the table or mediated, or somebody of that name was in a delegation.
    pub fn is_with(&self, with: &With) -> bool {
        match with {
            With::Party(party) => self.mediators.contains(party) || self.delegations.iter().any(|d| d.party == *party),
            With::Person(words) => self.people().any(|name| is_named(name, words)),
        }
    }

    /// Everybody named in a delegation.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.delegations.iter().flat_map(|d| d.head.iter().chain(d.members.iter())).map(String::as_str)
    }
}

/// Whether the words stand in a name, whole and one after the other; letter case does not count.
fn is_named(name: &str, words: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (name, wanted) = (split(name), split(words));
    !wanted.is_empty() && name.windows(wanted.len()).any(|run| run == wanted)
}

/// An outcome, or that none was stated.
pub(super) fn outcome_word(outcome: Option<Outcome>) -> String {
    outcome.map_or("not-stated".into(), |outcome| outcome.to_string())
}
