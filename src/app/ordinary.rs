//! The ordinary way in: a batch that only adds at the end is decided from what is kept beside the log.
//!
//! The law. What is decided here is what the full way (`door.rs`) decides: the same records, the same receipt, the same rows. Where that is
//! not certain, nothing is decided here. A fact is given its place by [`Tail::follow`](crate::domain::tail::Tail::follow), which says
//! where it changes no other; what it reaches is asked of [`Reach`]; and it is folded with the step of every fold, over an excerpt of
//! the state that has all it reaches. What it says is new is found by comparing that excerpt before and after.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::book::record;
use super::derived::{
    Known, Place, Top, kept_events, lives, place_name, put, put_place, put_said, put_wording, sort_of, take_wordings,
};
use super::door::{Admitted, Manner};
use super::excerpt::{Detour, Excerpt, Way};
use super::intake::{Fresh, batch, date_reports, placed, spelled};
use super::names::{Name, Names};
use super::reached::{ask_for_checks, is_entangled, reached};
use super::receipt::{Receipt, Recorded};
use super::rows::Rows;
use super::twins::{Content, Holdings, Sorted, sorted};
use super::write::Drafts;
use super::{Env, Random, Trouble};
use crate::domain::event::Event;
use crate::domain::history::{Fact, Ground, History, Reports, Unheld};
use crate::domain::ids::{Handle, Letter, Target, Version};
use crate::domain::incident::Tally;
use crate::domain::lives::{Piece, REST, TALKS};
use crate::domain::negotiation::{Cut, Negotiation};
use crate::domain::record::Record;
use crate::domain::tail::{Stand, Tail};
use crate::domain::when::Zone;
use crate::exchange::drafts::Numbering;
use crate::log::{Batch, Derive, Fault, Head, Reader, Sort, Stop};
use crate::view::{Asked, Change, Finding, changes, newly_found, sentence};

/// A batch of more drafts is read beside the whole log: it asks after so much that little is saved.
pub(super) const BATCH_LIMIT: usize = 100;

/// The log that is appended to, and who appends.
pub(super) struct Counter<'a> {
    pub slug: &'a str,
    pub head: &'a Head,
    pub reader: &'a dyn Reader,
    pub manner: &'a Manner,
    pub env: &'a Env,
    pub random: Random,
}

/// Decides on the drafts that are made for the zone of the log; nothing where that takes the whole log.
pub(super) fn admit(
    counter: &Counter<'_>,
    make: &mut dyn FnMut(Zone) -> Result<Drafts, Trouble>,
) -> Result<Option<Admitted>, Stop<Trouble>> {
    match decided(counter, make) {
        Ok(decided) => Ok(Some(decided)),
        Err(Detour::Full) => Ok(None),
        Err(Detour::Stop(stop)) => Err(stop),
    }
}

fn decided(counter: &Counter<'_>, make: &mut dyn FnMut(Zone) -> Result<Drafts, Trouble>) -> Way<Admitted> {
    let Counter { head, manner, env, random, .. } = *counter;
    let rows = Rows::open(head, counter.reader)?.ok_or(Detour::Full)?;
    let all_is_past = head.log.is_some() && rows.top.tail.key() <= env.now;
    if !all_is_past {
        return Err(Detour::Full);
    }
    // What was typed and does not read is refused alike, whatever the log says.
    let Drafts { drafts, warnings } = make(rows.zone()).map_err(|trouble| Detour::Stop(Stop::Refused(trouble)))?;
    if drafts.len() > BATCH_LIMIT || manner.has_long_recorder() {
        return Err(Detour::Full);
    }
    let mut numbering = numbering(&rows.top);
    let drafts = spelled(drafts, &mut numbering)?;
    let Sorted { fresh, already } = sorted(&Stored { head, rows: &rows }, drafts, manner, env, random)?;
    let mut fresh = placed(head, fresh, &mut numbering, manner, env)?;
    let mut excerpt = Excerpt::of(&rows);
    fresh.iter().try_for_each(|draft| excerpt.ask_names_of(&draft.record))?;
    date_reports(&excerpt.ground, &mut fresh);
    let fresh: Vec<Fresh> = fresh.into_iter().map(Fresh::of).collect();
    let step = Step::of(&mut excerpt, &fresh, counter)?;
    let mut receipt = step.receipt(counter);
    receipt.already = already.into_iter().map(|version| recorded_before(&rows, version)).collect::<Way<_>>()?;
    // The salts are drawn once it is certain that they are used.
    let derive = step.derive(&excerpt)?;
    let batch = Batch { derive, ..batch(&fresh, manner, random)? };
    Ok(Admitted { batch, receipt, warnings })
}

fn numbering(top: &Top) -> Numbering {
    let handles = top.highest.iter().map(|(letter, number)| Handle { letter: *letter, number: *number });
    Numbering::after(top.version, handles, top.parties.values().map(|party| &party.entry))
}

/// A record that the log has, as a receipt tells it; what a correction replaces, and why a part is gone, only the log tells.
fn recorded_before(rows: &Rows<'_>, version: Version) -> Way<Recorded> {
    let stored = rows.reader.record(version.0)?.ok_or(Detour::Full)?;
    let (root, record) = (stored.root.to_string(), record(stored));
    let tells = record.event().is_some_and(|event| !matches!(event, Event::EventCorrected(_)));
    let text = tells.then(|| sentence::of_record(&record, &rows.top.ground())).ok_or(Detour::Full)?;
    Ok(Recorded { root: Some(root), ..Recorded::plain(&record, text) })
}

/// A log that is not read, asked for what it has.
struct Stored<'a> {
    head: &'a Head,
    rows: &'a Rows<'a>,
}

impl Stored<'_> {
    fn record(&self, version: u64) -> Result<Option<Arc<Record>>, Fault> {
        Ok(self.rows.reader.record(version)?.map(|stored| Arc::new(record(stored))))
    }
}

impl Holdings for Stored<'_> {
    fn log(&self) -> Option<Uuid> {
        self.head.log
    }

    fn with_id(&self, id: Uuid) -> Result<Option<Arc<Record>>, Fault> {
        self.rows.reader.version_of(id)?.map_or(Ok(None), |version| self.record(version))
    }

    fn saying(&self, content: &Content) -> Result<Vec<Version>, Fault> {
        let mut same = Vec::new();
        for version in self.rows.said(content.digest())? {
            let says_so = self.record(version)?.is_some_and(|record| Content::of(&record) == *content);
            same.extend(says_so.then_some(Version(version)));
        }
        Ok(same)
    }

    fn opening(&self) -> Result<Option<Arc<Record>>, Fault> {
        self.record(1)
    }

    fn is_retracted(&self, version: Version) -> Result<bool, Fault> {
        let known = self.rows.name(&version.to_string())?;
        Ok(known.is_some_and(|(name, _)| name.retracted.is_some()))
    }
}

/// What a batch adds to a log: its facts, and an excerpt of the state before and after them.
struct Step<'f> {
    fresh: &'f [Fresh],
    facts: Vec<Fact>,
    top: Top,
    reports: Reports,
    was: Negotiation,
    is: Negotiation,
    /// The names of the lives that it reaches.
    reached: BTreeSet<String>,
    /// Whether the excerpt has all lives.
    is_whole: bool,
    /// Those of the facts for which a term waits.
    awaited: BTreeSet<Version>,
    changes: Vec<Change>,
    findings: Vec<Finding>,
}

impl<'f> Step<'f> {
    fn of(excerpt: &mut Excerpt<'_>, fresh: &'f [Fresh], counter: &Counter<'_>) -> Way<Step<'f>> {
        let (facts, top, reports) = follow(excerpt, fresh, counter.env)?;
        let reached = reached(excerpt, &facts)?;
        let is_entangled = is_entangled(excerpt, &facts, &reached)?;
        if is_entangled {
            excerpt.ask_all()?;
        }
        if !counter.manner.ids_of_lines {
            ask_for_checks(excerpt, &facts, is_entangled)?;
        }
        let is_awaited = |event: &Version| excerpt.row(&Target::Event(*event)).0.awaited;
        let awaited = facts.iter().map(Fact::version).filter(is_awaited).collect();
        let was = excerpt.state()?;
        let mut is = was.clone();
        is.ground = Arc::new(followed(&excerpt.ground, &facts));
        let (changes, findings, is_whole) = (Vec::new(), Vec::new(), is_entangled);
        let step = Step { fresh, facts, top, reports, was, is, reached, is_whole, awaited, changes, findings };
        step.taken(&excerpt.rows.top.tail)?.told(excerpt, counter)
    }

    /// Folds the facts; what does not fit is for the full way, and what came late and changes a life that is there.
    fn taken(mut self, tail: &Tail) -> Way<Step<'f>> {
        let mut tail = tail.clone();
        for fact in &self.facts {
            if !tail.is_late(fact) {
                self.is.evolve(fact, true);
            } else if !self.stands_apart(fact) || !joins(&mut self.is, fact, &self.reached) {
                return Err(Detour::Full);
            }
            tail.take(fact, self.top.zone);
        }
        let of = |state: &Negotiation| Tally::of(state.incidents.values());
        self.top.incidents = self.top.incidents.without(of(&self.was)).with(of(&self.is));
        let fits = self.is.anomalies.len() == self.was.anomalies.len();
        fits.then_some(self).ok_or(Detour::Full)
    }

    /// Whether no later fact can have been judged by what a late one does. The talks, ceasefires, agreements and terms are asked how
    /// they stood at the moment of a fact, and no later one is folded again; an incident only strains what holds.
    fn stands_apart(&self, fact: &Fact) -> bool {
        let is_asked = |name: &String| match name.parse() {
            Ok(Target::Handle(Handle { letter, .. })) => matches!(letter, Letter::C | Letter::A | Letter::R),
            _ => name == TALKS,
        };
        let is_incident = matches!(fact.event(), Some(Event::IncidentReported(_))) && fact.awaits.is_empty();
        let is_awaited = self.awaited.contains(&fact.version());
        !self.is_whole || is_incident && !is_awaited && !self.reached.iter().any(is_asked)
    }

    /// What it changes, and what `check` newly finds.
    fn told(mut self, excerpt: &Excerpt<'_>, counter: &Counter<'_>) -> Way<Step<'f>> {
        let top = &excerpt.rows.top;
        let incidents = top.incidents.without(Tally::of(self.was.incidents.values()));
        let unheld = Unheld { incidents, ..Unheld::default() };
        let history = |state: &Negotiation, facts: &[Fact]| {
            let mut facts: Vec<Fact> = excerpt.facts.values().chain(facts).cloned().collect();
            facts.sort_by_key(|fact| (fact.key, fact.tie, fact.version()));
            History::partial(facts, state.ground.clone(), top.anomalies.clone(), None, unheld.clone())
        };
        let (before, after) = (history(&self.was, &[]), history(&self.is, &self.facts));
        let cut = Cut::default();
        let asked = |history, state| Asked { history, all: state, certain: state, cut: &cut, at: counter.env.now };
        let (was, is) = (asked(&before, &self.was), asked(&after, &self.is));
        self.changes = changes(&was, &is);
        self.findings = if counter.manner.ids_of_lines { Vec::new() } else { newly_found(&was, &is) };
        Ok(self)
    }

    fn receipt(&self, counter: &Counter<'_>) -> Receipt {
        let recorded =
            |draft: &Fresh| Recorded::plain(&draft.record, sentence::of_record(&draft.record, &self.is.ground));
        Receipt {
            negotiation: counter.slug.into(),
            log: counter.head.log,
            version: counter.head.version(),
            root: counter.head.root().to_string(),
            events: self.fresh.iter().map(recorded).collect(),
            changes: self.changes.clone(),
            findings: self.findings.clone(),
            is_clean: true,
            ..Receipt::default()
        }
    }

    /// What it changes in the rows.
    fn derive(&self, excerpt: &Excerpt<'_>) -> Way<Vec<Derive>> {
        let mut changes = self.name_rows(excerpt)?;
        changes.extend(self.facts.iter().map(|fact| put_place(&place_name(fact), fact.version(), &Place::alone(fact))));
        changes.extend(self.said_rows(excerpt.rows)?);
        changes.extend(self.snapshots_to_drop());
        changes.push(self.top.row());
        Ok(changes)
    }

    /// What a snapshot holds is judged by the sources that its facts cite, and by where they stand. A new source stands before all of them,
    /// and is cited by none: a name that leads nowhere takes the full way.
    fn snapshots_to_drop(&self) -> Option<Derive> {
        let (was, is) = (&self.was.ground.sources, &self.is.ground.sources);
        let same_sources = was.iter().all(|(handle, source)| is.get(handle) == Some(source));
        let is_new_source = |fact: &Fact| fact.creates && matches!(fact.event(), Some(Event::SourceRegistered(_)));
        let first = self.facts.iter().filter(|fact| !is_new_source(fact)).map(place_name).min();
        let from = if same_sources { first? } else { String::new() };
        Some(Derive::DropFrom(Sort::Snapshot, from.into()))
    }

    fn name_rows(&self, excerpt: &Excerpt<'_>) -> Way<Vec<Derive>> {
        let names = self.names(excerpt)?;
        let mut pieces = self.pieces(excerpt);
        let changed: BTreeSet<String> = names.keys().chain(pieces.keys()).cloned().collect();
        let row = |name: String| {
            let before = excerpt.known.get(&name).cloned().unwrap_or_default();
            let known = names.get(&name).cloned().unwrap_or_else(|| before.0.clone());
            let mut after: Known = (known, pieces.remove(&name).or(before.1.clone()));
            let wordings = take_wordings(&name, after.1.as_mut());
            let mut rows: Vec<Derive> =
                wordings.map(|((name, number), said)| put_wording(&name, number, &said)).collect();
            let (was_of, is_of) = (sort_of(&before), sort_of(&after));
            let moves = before != Known::default() && was_of != is_of;
            rows.extend(moves.then(|| Derive::Drop(was_of, name.as_str().into(), 0)));
            rows.extend((after != before).then(|| put(is_of, &name, 0, &after)));
            rows
        };
        Ok(changed.into_iter().flat_map(row).collect())
    }

    /// What is known of the names that it uses.
    fn names(&self, excerpt: &Excerpt<'_>) -> Way<BTreeMap<String, Name>> {
        let mut places: BTreeMap<Version, Option<String>> =
            self.facts.iter().map(|fact| (fact.version(), Some(place_name(fact)))).collect();
        for name in self.facts.iter().flat_map(|fact| &fact.names) {
            if let Target::Event(version) = name
                && !places.contains_key(version)
            {
                places.insert(*version, excerpt.place_of(*version)?);
            }
        }
        let mut names = Names(excerpt.known.iter().map(|(name, known)| (name.clone(), known.0.clone())).collect());
        let place = |version: Version| places.get(&version).cloned().flatten();
        self.facts.iter().for_each(|fact| names.see(fact, &self.is.ground, &self.reports, &place));
        Ok(names.0)
    }

    /// The lives that it may have changed, as lists ask for them.
    fn pieces(&self, excerpt: &Excerpt<'_>) -> BTreeMap<String, Piece> {
        if self.is_whole {
            return lives(&self.is);
        }
        let is_kept_event = kept_events(&self.is);
        let is_kept = |name: &str| {
            let was_kept = excerpt.known.get(name).is_some_and(|known| known.1.is_some());
            let event: Option<Version> = name.parse().ok();
            was_kept || event.is_none_or(&is_kept_event)
        };
        let names = self.reached.iter().map(String::as_str).chain([REST]).filter(|name| is_kept(name));
        names.filter_map(|name| Some((name.to_string(), self.is.piece(name)?))).collect()
    }

    fn said_rows(&self, rows: &Rows<'_>) -> Way<Vec<Derive>> {
        let mut said: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
        for draft in self.fresh {
            let digest = Content::digest_of(&draft.record);
            let versions = match said.entry(digest) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(rows.said(digest)?),
            };
            versions.push(draft.record.version().0);
        }
        Ok(said.into_iter().map(|(digest, versions)| put_said(digest, &versions)).collect())
    }
}

/// Folds a fact that came late, over a state that is beyond its place; whether that is the state that folding it in its place gives.
fn joins(state: &mut Negotiation, fact: &Fact, reached: &BTreeSet<String>) -> bool {
    let lives = |state: &Negotiation| -> Vec<_> { reached.iter().map(|name| state.piece(name)).collect() };
    let before = lives(state);
    let joined = state.evolve_late(fact);
    joined && before.iter().zip(lives(state)).all(|(was, is)| was.is_none() || *was == is)
}

/// The facts of a batch in their places; the top and the reports with them.
fn follow(excerpt: &mut Excerpt<'_>, fresh: &[Fresh], env: &Env) -> Way<(Vec<Fact>, Top, Reports)> {
    let (mut top, mut ground) = (excerpt.rows.top.clone(), excerpt.ground.clone());
    let (mut reports, mut facts) = (excerpt.reports.clone(), Vec::new());
    for Fresh { record, .. } in fresh {
        let mut placed = top.tail.follow(record.clone(), &ground, &reports);
        if placed.is_none() {
            let stands = excerpt.stands(record)?;
            placed = top.tail.join(record.clone(), &ground, &reports, &stands);
            if let Some(fact) = &mut placed {
                let beside = facts.iter().filter(|other: &&Fact| other.key == fact.key).count();
                fact.tie = (excerpt.rows.between(fact.key, fact.key)?.len() + beside) as u32;
            }
        }
        let fact = placed.filter(|fact| fact.key <= env.now).ok_or(Detour::Full)?;
        let new = fact.defines.filter(|_| fact.creates).map(Target::Handle);
        let waits = new.iter().cloned().chain([Target::Event(fact.version())]).any(|name| top.dangling.contains(&name));
        let was_there = new.is_some_and(|name| {
            let (known, _) = excerpt.row(&name);
            known.retracted.is_some() || known.unread
        });
        if waits || was_there {
            return Err(Detour::Full);
        }
        let stands = || stands(excerpt, &facts, &fact);
        top.hindsight.follow(&fact, top.zone, stands)?.ok_or(Detour::Full)?;
        ground.follow(&fact);
        reports.take(record);
        top.see(&fact, &ground);
        top.version += 1;
        facts.push(fact);
    }
    Ok((facts, top, reports))
}

/// Where those stand that a fact names or joins, also of the facts before it in its batch.
fn stands(excerpt: &mut Excerpt<'_>, before: &[Fact], fact: &Fact) -> Way<BTreeMap<Version, Stand>> {
    let mut stands = excerpt.stands(&fact.record)?;
    let names: BTreeSet<Target> = fact.depends_on().collect();
    let is_named = |other: &&Fact| {
        let life = other.defines.filter(|_| other.creates).map(Target::Handle);
        names.contains(&Target::Event(other.version())) || life.is_some_and(|life| names.contains(&life))
    };
    let stand = |other: &Fact| (other.version(), Stand { begin: other.begin, key: other.key, known: other.known });
    stands.extend(before.iter().filter(is_named).map(stand));
    Ok(stands)
}

/// The registry with these facts.
pub(super) fn followed(ground: &Ground, facts: &[Fact]) -> Ground {
    let mut ground = ground.clone();
    facts.iter().for_each(|fact| ground.follow(fact));
    ground
}
