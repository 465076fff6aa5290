//! The state on a day, from what is kept beside a log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::IgnoredAny;
use uuid::Uuid;

use super::ask::Depth;
use super::derived::{Known, Place, is_of_the_world, name_of_place, unpacked};
use super::names::{Name, Names};
use super::rows::Rows;
use super::snapshots::{Snapshot, is_plain};
use crate::domain::history::{Fact, Ground, History, Unheld};
use crate::domain::ids::{Letter, Target, Version};
use crate::domain::incident::Tally;
use crate::domain::lives::Piece;
use crate::domain::negotiation::Negotiation;
use crate::domain::when::Instant;
use crate::domain::wordings::Wording;
use crate::log::{Fault, Sort};

/// A state read from rows: what the views are asked of.
#[derive(Clone, Debug)]
pub(super) struct Present {
    pub history: Arc<History>,
    pub state: Arc<Negotiation>,
    pub certain: Arc<Negotiation>,
    pub complete: bool,
}

/// What is told, or nothing where the rows can't tell.
type Told<T> = Result<Option<T>, Fault>;

/// What the rows of the names say.
struct Registry {
    ground: Arc<Ground>,
    ids: BTreeMap<Version, Uuid>,
    /// The events that a line may tell of, with their places.
    named: BTreeMap<Version, String>,
    /// The lives as they stand after everything, and the incidents, where they are wanted.
    pieces: BTreeMap<String, Piece>,
}

/// Takes what is there, and ends where there is nothing.
macro_rules! take {
    ($told:expr) => {
        match $told {
            Some(told) => told,
            None => return Ok(None),
        }
    };
}

/// The state at an instant, as far as it was known by a day.
pub(super) fn present(rows: &Rows<'_>, at: Instant, known_by: Option<Instant>, depth: Depth) -> Told<Present> {
    let source = Source { rows, depth, known_by };
    let hindsight = rows.hindsight();
    let was_all = known_by.is_none_or(|by| hindsight.is_some_and(|hindsight| hindsight.was_all(by)));
    if was_all && rows.settled() <= at {
        return source.after_all();
    }
    // What was known of days to come is counted fact by fact.
    let can_tell = |by| by <= at && hindsight.is_some_and(|hindsight| hindsight.adds_nothing(by));
    if !known_by.is_none_or(can_tell) {
        return Ok(None);
    }
    let (place, snapshot) = take!(rows.last_snapshot(at, known_by)?);
    let later = take!(rows.places_after(&place, known_by.unwrap_or(at))?);
    source.since(&place, snapshot, later, at)
}

/// The state after some more facts, and what of it is certain: the same, up to the first that is not.
fn folded_on(mut state: Negotiation, facts: &[Fact], at: Instant) -> (Arc<Negotiation>, Arc<Negotiation>) {
    let mut certain: Option<Negotiation> = None;
    for fact in facts {
        let is_certain = fact.is_certain_at(at);
        if !is_certain {
            certain.get_or_insert_with(|| state.clone());
        } else if let Some(certain) = &mut certain {
            certain.evolve(fact, true);
        }
        state.evolve(fact, is_certain);
    }
    let state = Arc::new(state);
    (state.clone(), certain.map_or(state, Arc::new))
}

/// Rows, and how much of them is wanted.
struct Source<'a> {
    rows: &'a Rows<'a>,
    depth: Depth,
    known_by: Option<Instant>,
}

impl Source<'_> {
    /// After everything.
    fn after_all(&self) -> Told<Present> {
        let Registry { ground, ids, named, mut pieces } = take!(self.registry(|_| true)?);
        take!(self.bring_back_wordings(&mut pieces)?);
        let state = Arc::new(take!(Negotiation::from_pieces(ground.clone(), pieces).ok()));
        let facts = take!(self.named_facts(&named)?);
        let top = &self.rows.top;
        let held = facts.iter().filter(|fact| is_of_the_world(fact)).count();
        let incidents = top.incidents.without(Tally::of(state.incidents.values()));
        let unheld = Unheld { before: top.of_the_world.saturating_sub(held), ids, incidents, ..Unheld::default() };
        Ok(Some(self.told(facts, ground, unheld, (state.clone(), state))))
    }

    /// From a snapshot, and the facts after it.
    fn since(&self, place: &str, snapshot: Snapshot, later: Vec<(Version, Place)>, at: Instant) -> Told<Present> {
        // Of the lives only those of events are asked after: the others stand in the snapshot.
        let registry = take!(self.registry(|name| name.starts_with('e'))?);
        let mut pieces = snapshot.pieces;
        take!(self.bring_back_wordings(&mut pieces)?);
        let mut facts = take!(self.facts_of(later, &registry)?);
        let spoken_of: BTreeSet<String> = facts.iter().flat_map(|fact| &fact.names).map(Target::to_string).collect();
        let wants = |name: &str| self.wants_incidents() || spoken_of.contains(name);
        take!(self.bring_back_incidents(&registry, place, &wants, &mut pieces)?);
        let Registry { ground, ids, named, .. } = registry;
        let state = take!(Negotiation::from_pieces(ground.clone(), pieces).ok());
        let incidents = snapshot.incidents.without(Tally::of(state.incidents.values()));
        let counted = snapshot.of_the_world + facts.iter().filter(|fact| is_of_the_world(fact)).count();
        let states = folded_on(state, &facts, at);
        // By a day of knowledge nothing was known to come after it.
        let after = self.known_by.map_or(self.rows.top.of_the_world.saturating_sub(counted), |_| 0);
        let known: BTreeSet<Version> = facts.iter().map(Fact::version).collect();
        let named = take!(self.named_facts(&named)?);
        facts.extend(named.into_iter().filter(|fact| !known.contains(&fact.version())));
        let held =
            |counts: &dyn Fn(&Fact) -> bool| facts.iter().filter(|fact| is_of_the_world(fact) && counts(fact)).count();
        // Rows that do not fit together, which `verify` tells of, are no reason to panic.
        let (held_before, held_after) = (held(&|fact| fact.key <= at), held(&|fact| fact.key > at));
        let (before, after) = (counted.saturating_sub(held_before), after.saturating_sub(held_after));
        Ok(Some(self.told(facts, ground, Unheld { before, after, incidents, ids }, states)))
    }

    fn told(
        &self,
        facts: Vec<Fact>,
        ground: Arc<Ground>,
        unheld: Unheld,
        (state, certain): (Arc<Negotiation>, Arc<Negotiation>),
    ) -> Present {
        let top = &self.rows.top;
        let history = History::partial(facts, ground, top.anomalies.clone(), Some(Version(top.version)), unheld);
        Present { history: history.into(), state, certain, complete: top.complete }
    }

    /// The facts at these places that were known.
    fn facts_of(&self, places: Vec<(Version, Place)>, registry: &Registry) -> Told<Vec<Fact>> {
        let Registry { ground, named, .. } = registry;
        let (mut facts, mut unknown) = (Vec::new(), BTreeSet::new());
        for (version, place) in places {
            let was_known = self.was_known(place.known);
            let fact = if was_known { Some(take!(self.rows.fact(named, version, place)?)) } else { None };
            // What is always known, as that a slip was none, is known even of what is not, and then says nothing.
            let is_unknown = |name: &Target| ground.event_behind(name).is_some_and(|event| unknown.contains(&event));
            let is_idle = |fact: &Fact| fact.known.is_none() && fact.names.iter().any(is_unknown);
            match fact.filter(|fact| !is_idle(fact)) {
                Some(fact) => facts.push(fact),
                None => drop(unknown.insert(version)),
            }
        }
        Ok(Some(facts))
    }

    /// Whether a fact was known by the day asked about.
    fn was_known(&self, known: Option<Instant>) -> bool {
        self.known_by.is_none_or(|by| known.is_none_or(|known| known <= by))
    }

    /// Whether all incidents are wanted: at a glance, where they may strain a ceasefire.
    fn wants_incidents(&self) -> bool {
        self.depth == Depth::Whole || self.rows.top.highest.contains_key(&Letter::C)
    }

    /// What the rows of the names say, with the lives that are wanted.
    fn registry(&self, wants: impl Fn(&str) -> bool) -> Told<Registry> {
        let sorts = if self.wants_incidents() { &[Sort::Life, Sort::Incident][..] } else { &[Sort::Life] };
        let names = take!(self.rows.every(sorts, |row| match wants(&row.name) {
            true => unpacked::<Known>(&row.blob),
            false => unpacked::<(Name, IgnoredAny)>(&row.blob).map(|(name, _)| (name, None)),
        })?);
        let (mut ground, mut ids) = (self.rows.top.ground(), self.rows.top.ids.clone());
        let (mut named, mut pieces) = (BTreeMap::new(), BTreeMap::new());
        for (name, (known, piece)) in names {
            Names::enter(&name, &known, &mut ground, &mut ids);
            named.extend(name.parse().ok().zip(known.place));
            pieces.extend(piece.map(|piece| (name, piece)));
        }
        Ok(Some(Registry { ground: Arc::new(ground), ids, named, pieces }))
    }

    /// Brings back how lives were worded between; a glance does without.
    fn bring_back_wordings(&self, pieces: &mut BTreeMap<String, Piece>) -> Told<()> {
        if self.depth == Depth::Glance {
            return Ok(Some(()));
        }
        let mut worded: BTreeMap<String, Vec<Wording>> = BTreeMap::new();
        let mut all_read = true;
        self.rows.reader.derived(Sort::Wording, "", &mut |row| {
            let wording = unpacked(&row.blob);
            all_read = wording.is_some();
            worded.entry(row.name.into()).or_default().extend(wording);
            all_read
        })?;
        let mut is_whole = |(name, piece): (&String, &mut Piece)| {
            let all = worded.remove(name).unwrap_or_default();
            piece.leaves_out_none() || piece.bring_back_wordings(all).is_some()
        };
        Ok((all_read && pieces.iter_mut().all(&mut is_whole)).then_some(()))
    }

    /// Brings back the incidents up to a place which a snapshot leaves out. Of what was said of them since nothing had been said then.
    fn bring_back_incidents(
        &self,
        registry: &Registry,
        place: &str,
        wants: &impl Fn(&str) -> bool,
        pieces: &mut BTreeMap<String, Piece>,
    ) -> Told<()> {
        for (name, piece) in &registry.pieces {
            let Piece::Event(said, Some(incident)) = piece else { continue };
            let stands = name_of_place(incident.moment.key, incident.moment.tie);
            if stands.as_str() > place || pieces.contains_key(name) || !wants(name) {
                continue;
            }
            let as_it_was = if is_plain(said.as_ref(), incident) {
                piece.clone()
            } else {
                take!(self.as_reported(registry, incident.moment.version, &stands)?)
            };
            pieces.insert(name.clone(), as_it_was);
        }
        Ok(Some(()))
    }

    /// An incident before anybody spoke of it.
    fn as_reported(&self, registry: &Registry, event: Version, stands: &str) -> Told<Piece> {
        let place = take!(self.rows.place(event, stands)?);
        let fact = take!(self.rows.fact(&registry.named, event, place)?);
        let mut alone = Negotiation::new(registry.ground.clone());
        alone.evolve(&fact, true);
        Ok(alone.piece(&event.to_string()))
    }

    /// The facts that a line may tell of; a glance tells of none.
    fn named_facts(&self, named: &BTreeMap<Version, String>) -> Told<Vec<Fact>> {
        let mut facts = Vec::new();
        for (version, name) in named.iter().filter(|_| self.depth == Depth::Whole) {
            let place = take!(self.rows.place(*version, name)?);
            if self.was_known(place.known) {
                facts.push(take!(self.rows.fact(named, *version, place)?));
            }
        }
        Ok(Some(facts))
    }
}
