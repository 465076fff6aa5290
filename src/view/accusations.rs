//! Who lays what to whom, and what the accused answer; and the dead and injured as claimed by one side and acknowledged by the other.
//!
//! An act is laid to a party by an incident that says so, or by an allegation that it broke something; both of one act by one accuser
//! are one accusation. Accusations are counted, never weighed; figures are set beside each other, never added up.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::incidents::TollView;
use super::line::{Asked, InstantView, Line};
use crate::domain::ceasefire::stands_alleged;
use crate::domain::ids::{Handle, Version};
use crate::domain::incident::Incident;
use crate::domain::ledger::Standing;
use crate::domain::negotiation::Negotiation;
use crate::domain::value::{Actor, Party, codes};

codes! {
    /// What became of an accusation.
    pub enum AccusationState {
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// The accused say that it is so.
        Acknowledged = "acknowledged",
        /// A declared monitor found it.
        Found = "found",
        /// The accused deny it.
        Denied = "denied",
        /// The accused lay the same act to the accuser.
        LaidBack = "laid-back",
        /// That the accused did it is in question for nobody; whether it broke something is not answered.
        ActUndisputed = "act-undisputed",
        /// The accused have not answered, as far as is known.
        Unanswered = "unanswered",
    }
}

/// Accusations, how many there are from whom against whom, and figures by side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Accusations {
    /// Each, by accuser, accused and the order of the world.
    pub accusations: Vec<Line<AccusationView>>,
    /// How many there are, by accuser and accused.
    pub counts: Vec<AccuserCount>,
    /// The dead and injured of each side, where a party gave figures.
    pub losses: Vec<LossView>,
}

/// One accusation: an act laid to a party.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AccusationView {
    /// Who accuses; null: the sources themselves.
    pub accuser: Option<Actor>,
    /// Who is accused; null: nobody is named.
    #[schemars(with = "Option<String>")]
    pub accused: Option<Party>,
    /// The act: its incident, or the allegation where no incident is named.
    #[schemars(with = "String")]
    pub act: Version,
    /// When.
    pub when: Option<InstantView>,
    /// The act in a sentence.
    pub text: String,
    /// What it is said to have broken.
    pub violates: Vec<Handle>,
    /// What became of it.
    pub state: AccusationState,
    /// Every party that denies it.
    #[schemars(with = "Vec<String>")]
    pub denied_by: Vec<Party>,
}

/// How many acts one party lays to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccuserCount {
    /// Who accuses; null: the sources themselves.
    #[schemars(with = "Option<String>")]
    pub accuser: Option<Party>,
    /// Who is accused; null: nobody is named.
    #[schemars(with = "Option<String>")]
    pub accused: Option<Party>,
    /// How many acts.
    pub acts: usize,
    /// Of these, by what became of them.
    pub by_state: BTreeMap<String, usize>,
}

/// The dead and injured of one side in one incident: nothing is added up.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LossView {
    /// The incident.
    #[schemars(with = "String")]
    pub incident: Version,
    /// Whose dead and injured.
    #[schemars(with = "String")]
    pub whose: Party,
    /// As others claim them.
    pub claimed: Vec<TollView>,
    /// As the side itself gives them.
    pub acknowledged: Vec<TollView>,
    /// As sources report them on nobody's word.
    pub reported: Vec<TollView>,
}

/// Who accuses whom of which act.
type Key = (Option<Actor>, Option<Party>, Version);

/// The parties of an accusation, and the act.
type Laid = (Option<Party>, Option<Party>, Version);

/// What an accusation rests on.
#[derive(Default)]
struct Grounds {
    events: BTreeSet<Version>,
    violates: BTreeSet<Handle>,
    /// Whether any of it is not taken back.
    stands: bool,
    found: bool,
}

/// The accusations by the instant, and the figures of each side.
pub fn accusations(asked: &Asked<'_>) -> Accusations {
    let (all, certain) = (collected(asked, asked.all), collected(asked, asked.certain));
    let laid: BTreeSet<Laid> = all.keys().map(laid).collect();
    let line = |(key, grounds): (&Key, &Grounds)| {
        let item = view(asked, key, grounds, &laid);
        let basis: Vec<Version> = grounds.events.iter().flat_map(|event| basis(asked, *event)).collect();
        let missing = (!certain.contains_key(key)).then_some(serde_json::Value::Null);
        asked.line(item, Some(key.2), &basis, missing)
    };
    let mut accusations: Vec<Line<AccusationView>> = all.iter().map(line).collect();
    accusations.sort_by_cached_key(|line| {
        let place = asked.history.fact(line.item.act).map(|fact| (fact.key, line.item.act));
        (line.item.accuser.as_ref().map(|by| by.party.clone()), line.item.accused.clone(), place)
    });
    let counts = counts(&accusations);
    Accusations { accusations, counts, losses: losses(asked) }
}

fn laid((accuser, accused, act): &Key) -> Laid {
    (accuser.as_ref().map(|by| by.party.clone()), accused.clone(), *act)
}

fn basis(asked: &Asked<'_>, event: Version) -> Vec<Version> {
    let voices = asked.all.ledger.get(event).map(|entry| entry.voices()).unwrap_or_default();
    asked.history.fact(event).map(|fact| fact.basis.clone()).into_iter().flatten().chain(voices).collect()
}

fn collected(asked: &Asked<'_>, state: &Negotiation) -> BTreeMap<Key, Grounds> {
    let mut all: BTreeMap<Key, Grounds> = BTreeMap::new();
    for (event, incident) in &state.incidents {
        for laid in &incident.laid_to {
            let key = (laid.by.clone(), Some(laid.to.party.clone()), *event);
            let grounds = all.entry(key).or_default();
            grounds.events.insert(*event);
            grounds.stands |= state.standing(*event) != Standing::Withdrawn;
        }
    }
    let now = state.at(asked.at);
    for (of, violation) in state.violations() {
        let event = violation.moment.version;
        let named = violation.by.iter().map(|actor| Some(actor.party.clone()));
        let accused = named.chain(violation.by.is_empty().then_some(None));
        for accused in accused {
            let key = (violation.alleged_by.clone(), accused, violation.incident.unwrap_or(event));
            let grounds = all.entry(key).or_default();
            grounds.events.insert(event);
            grounds.violates.insert(of);
            grounds.stands |= stands_alleged(violation, &now);
            grounds.found |= violation.found_by.is_some();
        }
    }
    all
}

fn view(asked: &Asked<'_>, key: &Key, grounds: &Grounds, laid: &BTreeSet<Laid>) -> AccusationView {
    let (accuser, accused, act) = key.clone();
    let events: BTreeSet<Version> = grounds.events.iter().copied().chain([act]).collect();
    let denied_by = asked.all.ledger.disputed_by(&Vec::from_iter(events));
    let state = state(asked, key, grounds, &denied_by, laid);
    let fact = asked.history.fact(act);
    AccusationView {
        accuser,
        accused,
        act,
        when: fact.and_then(|fact| fact.occurred()).map(|when| InstantView::of(when, asked.zone())),
        text: fact.map(|fact| super::sentence::of(fact, asked.all)).unwrap_or_default(),
        violates: grounds.violates.iter().copied().collect(),
        state,
        denied_by,
    }
}

fn state(
    asked: &Asked<'_>,
    (accuser, accused, act): &Key,
    grounds: &Grounds,
    denied_by: &[Party],
    laid: &BTreeSet<Laid>,
) -> AccusationState {
    let incident = asked.all.incidents.get(act);
    let Some(accused) = accused else {
        return if grounds.stands { AccusationState::Unanswered } else { AccusationState::Withdrawn };
    };
    let says_so = |incident: &Incident| incident.claimed_by.as_ref().is_some_and(|by| by.party == *accused);
    let confirms = |event: &Version| {
        asked.all.ledger.get(*event).is_some_and(|entry| entry.confirmed_by.iter().any(|(by, _)| by == accused))
    };
    let back = accuser.as_ref().map(|by| (Some(accused.clone()), Some(by.party.clone()), *act));
    if !grounds.stands {
        AccusationState::Withdrawn
    } else if grounds.events.iter().any(confirms) || incident.is_some_and(says_so) {
        AccusationState::Acknowledged
    } else if grounds.found {
        AccusationState::Found
    } else if denied_by.contains(accused) {
        AccusationState::Denied
    } else if back.is_some_and(|back| laid.contains(&back)) {
        AccusationState::LaidBack
    } else if incident.is_some_and(|incident| incident.by.iter().any(|by| by.party == *accused)) {
        AccusationState::ActUndisputed
    } else {
        AccusationState::Unanswered
    }
}

fn counts(accusations: &[Line<AccusationView>]) -> Vec<AccuserCount> {
    let sides = |line: &Line<AccusationView>| {
        (line.item.accuser.as_ref().map(|by| by.party.clone()), line.item.accused.clone())
    };
    let count = |lines: &[Line<AccusationView>]| {
        let (accuser, accused) = lines.first().map(sides).unwrap_or_default();
        let mut by_state: BTreeMap<String, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *by_state.entry(line.item.state.to_string()).or_default() += 1);
        AccuserCount { accuser, accused, acts: lines.len(), by_state }
    };
    accusations.chunk_by(|one, other| sides(one) == sides(other)).map(count).collect()
}

/// The figures of each side, of incidents of which a party gives figures.
fn losses(asked: &Asked<'_>) -> Vec<LossView> {
    let mut losses = Vec::new();
    for line in super::incidents(asked) {
        let mut sides: Vec<LossView> = Vec::new();
        for toll in line.item.tolls {
            let Some(whose) = toll.toll.whose.clone() else { continue };
            let place = sides.iter().position(|side| side.whose == whose).unwrap_or_else(|| {
                let (incident, whose) = (toll.incident, whose.clone());
                sides.push(LossView { incident, whose, claimed: vec![], acknowledged: vec![], reported: vec![] });
                sides.len() - 1
            });
            let side = &mut sides[place];
            match &toll.by {
                None => side.reported.push(toll),
                Some(by) if *by == whose => side.acknowledged.push(toll),
                Some(_) => side.claimed.push(toll),
            }
        }
        losses.extend(sides.into_iter().filter(|side| !side.claimed.is_empty() || !side.acknowledged.is_empty()));
    }
    losses
}
