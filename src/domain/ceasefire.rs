//! A ceasefire, on two lines that are never merged.
//!
//! *Nominal*: per party, what it bound itself to and when that holds by the clock: pending, in force, suspended, possibly expired,
//! expired, ended, superseded. Overall, an agreed ceasefire is as its least bound party, a declared one as its most bound.
//! An extension in time keeps it in force; a late one revives it and the gap shows; a reaffirmation without a new end does not revive.
//! It is superseded only because a later one says so, and ends with the agreement it is part of.
//!
//! ```text
//!   agreed 15 Oct 18:00 ──────── until 17 Oct 18:00 ┆ gap ┆ extended that evening ─────────
//!   in force                                        expired in force again
//! ```
//!
//! *Observed*: what is said of it. No reports; holding, if a source says so; strained, by incidents since the last confirmation;
//! contested, by an allegation neither taken back nor acknowledged; violated, if the accused acknowledges it or a declared monitor
//! finds it. The program never infers a violation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anomaly::Misfit;
use super::event::{
    CeasefireAgreed, CeasefireClass, CeasefireDeclared, CeasefireEnd, CeasefireEnded, CeasefireRenewed, Purpose,
};
use super::ids::{Handle, Version};
use super::incident::Incident;
use super::moment::Moment;
use super::now::Now;
use super::term::{Due, Passed, Term};
use super::value::{Actor, Party, Range, codes};
use super::when::{Instant, When};

codes! {
    /// What a ceasefire is by its terms, from the least to the most bound.
    pub enum Nominal {
        Superseded = "superseded", Ended = "ended", Expired = "expired", Pending = "pending", Suspended = "suspended",
        PossiblyExpired = "possibly-expired", InForce = "in-force",
    }
    /// What is said of a ceasefire.
    pub enum Observed {
        NoReports = "no-reports", Holding = "holding", Strained = "strained", Contested = "contested", Violated = "violated",
    }
}

/// What one party did about a ceasefire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    Bound { from: Option<Term>, until: Option<Term> },
    Began,
    Renewed { from: Option<Term>, until: Option<Term> },
    Suspended,
    Resumed,
    Ended(CeasefireEnd),
}

/// A time in which it did not hold, between an expiry and a late extension.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// When it had run out.
    pub from: Instant,
    /// When it held again, at the earliest.
    pub to: Instant,
    /// The same as written, which may be vaguer.
    pub to_as_written: Option<When>,
}

/// Where one party stands by the clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its state.
    pub state: Nominal,
    /// From when it was in force first.
    pub since: Option<Instant>,
    /// When it runs out.
    pub until: Option<Due>,
    /// How it ended.
    pub how: Option<CeasefireEnd>,
    /// When it did not hold in between.
    pub gaps: Vec<Gap>,
}

/// An alleged violation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Who is said to have done it.
    pub by: Vec<Actor>,
    /// Who says so; absent: the source.
    pub alleged_by: Option<Actor>,
    /// The declared monitor that found it.
    pub found_by: Option<Party>,
    /// The party outside the agreement it is said to have run through.
    pub through: Option<Party>,
    /// How many.
    pub count: Option<Range>,
    /// The incident.
    pub incident: Option<Version>,
    /// When.
    pub moment: Moment,
}

/// A ceasefire and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ceasefire {
    /// Its handle.
    pub handle: Handle,
    /// The parties' own words for it, the latest last.
    pub called: Vec<String>,
    /// Whether it was agreed, and not only declared.
    pub is_agreed: bool,
    /// Its class.
    pub class: Option<CeasefireClass>,
    /// Its purpose.
    pub purpose: Option<Purpose>,
    /// Where or against whom it holds.
    pub coverage: Option<String>,
    /// On what conditions, the latest last.
    pub conditions: Vec<String>,
    /// The agreement it ends with.
    pub within: Option<Handle>,
    /// The ceasefire that replaces it.
    pub superseded_by: Option<(Handle, Moment)>,
    /// What was said to break it.
    pub violations: Vec<Violation>,
    /// When it was begun or renewed.
    pub confirmed: Vec<Moment>,
    /// When a source or a party said that it holds.
    pub said_to_hold: Vec<Moment>,
    /// When it was last heard of.
    pub last_heard: Option<Moment>,
    /// The events it rests on.
    #[serde(with = "super::basis")]
    pub basis: Vec<Version>,
    bound: BTreeMap<Party, Vec<(Moment, Step)>>,
    terms: Vec<(Moment, Option<Term>)>,
}

impl Ceasefire {
    fn new(handle: Handle, is_agreed: bool) -> Ceasefire {
        Ceasefire {
            handle,
            called: Vec::new(),
            is_agreed,
            class: None,
            purpose: None,
            coverage: None,
            conditions: Vec::new(),
            within: None,
            superseded_by: None,
            violations: Vec::new(),
            confirmed: Vec::new(),
            said_to_hold: Vec::new(),
            last_heard: None,
            basis: Vec::new(),
            bound: BTreeMap::new(),
            terms: Vec::new(),
        }
    }

    /// Agreed between parties: all are bound at once.
    pub fn agree(known: Option<Ceasefire>, handle: Handle, agreed: &CeasefireAgreed, moment: Moment) -> Ceasefire {
        let mut ceasefire = known.unwrap_or_else(|| Ceasefire::new(handle, true));
        ceasefire.is_agreed = true;
        let CeasefireAgreed { called, class, purpose, coverage, condition, from, until, parties, r#in, .. } =
            agreed.clone();
        ceasefire.describe(called, condition);
        ceasefire.class = class.or(ceasefire.class);
        ceasefire.purpose = purpose.or(ceasefire.purpose);
        ceasefire.coverage = coverage.or(ceasefire.coverage);
        ceasefire.within = r#in.map(|agreement| agreement.0).or(ceasefire.within);
        ceasefire.bind(&parties, Step::Bound { from, until }, moment);
        ceasefire
    }

    /// Declared by one side, or joined by another.
    pub fn declare(
        known: Option<Ceasefire>,
        handle: Handle,
        declared: &CeasefireDeclared,
        moment: Moment,
    ) -> Ceasefire {
        let mut ceasefire = known.unwrap_or_else(|| Ceasefire::new(handle, false));
        let CeasefireDeclared { called, class, purpose, coverage, condition, from, until, by, r#in, .. } =
            declared.clone();
        ceasefire.describe(called, condition);
        ceasefire.class = class.or(ceasefire.class);
        ceasefire.purpose = purpose.or(ceasefire.purpose);
        ceasefire.coverage = coverage.or(ceasefire.coverage);
        ceasefire.within = r#in.map(|agreement| agreement.0).or(ceasefire.within);
        ceasefire.bind(&by, Step::Bound { from, until }, moment);
        ceasefire
    }

    /// Takes effect.
    pub fn begin(&mut self, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let parties = self.parties();
        self.bind(&parties, Step::Began, moment);
        Ok(())
    }

    /// Extended, or reaffirmed.
    pub fn renew(&mut self, renewed: &CeasefireRenewed, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let parties = self.those_bound(&renewed.by)?;
        self.describe(renewed.called.clone(), renewed.condition.clone());
        self.said_to_hold.push(moment.clone());
        let step = Step::Renewed { from: renewed.from.clone(), until: renewed.until.clone() };
        self.bind(&parties, step, moment);
        Ok(())
    }

    /// Suspended.
    pub fn suspend(&mut self, by: &[Party], moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        self.add_step(by, Step::Suspended, moment)
    }

    /// Taken up again.
    pub fn resume(&mut self, by: &[Party], moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        let suspended = |steps: &Vec<(Moment, Step)>| is_suspended(steps);
        let parties = self.those_bound(by)?;
        if !parties.iter().filter_map(|party| self.bound.get(party)).any(suspended) {
            return Err(Misfit::NotInState(self.handle, "suspended".into()));
        }
        self.confirmed.push(moment.clone());
        self.add_step(by, Step::Resumed, moment)
    }

    /// Ended, for all or for some.
    pub fn end(&mut self, ended: &CeasefireEnded, moment: Moment) -> Result<(), Misfit> {
        self.still_standing()?;
        self.add_step(&ended.by, Step::Ended(ended.how), moment)
    }

    fn add_step(&mut self, by: &[Party], step: Step, moment: Moment) -> Result<(), Misfit> {
        for party in self.those_bound(by)? {
            self.bound.entry(party).or_default().push((moment.clone(), step.clone()));
        }
        Ok(())
    }

    fn bind(&mut self, parties: &[Party], step: Step, moment: Moment) {
        if let Step::Bound { until, .. } | Step::Renewed { until: until @ Some(_), .. } = &step {
            self.terms.push((moment.clone(), until.clone()));
        }
        for party in parties {
            self.bound.entry(party.clone()).or_default().push((moment.clone(), step.clone()));
        }
        self.confirmed.push(moment);
    }

    fn describe(&mut self, called: Option<String>, condition: Option<String>) {
        self.called.extend(called);
        self.conditions.extend(condition);
    }

    /// Over for all it binds, by an event: nothing but a new ceasefire follows.
    fn still_standing(&self) -> Result<(), Misfit> {
        if !self.bound.is_empty() && self.bound.values().all(|steps| ending_of(steps).is_some()) {
            return Err(Misfit::Over(self.handle, "ended".into()));
        }
        if self.superseded_by.is_some() {
            return Err(Misfit::Over(self.handle, "superseded".into()));
        }
        Ok(())
    }

    /// Nobody named means all it binds.
    fn those_bound(&self, named: &[Party]) -> Result<Vec<Party>, Misfit> {
        if named.is_empty() {
            return Ok(self.parties());
        }
        match named.iter().find(|party| !self.bound.contains_key(party)) {
            Some(stranger) => Err(Misfit::NotBound(self.handle, stranger.clone())),
            None => Ok(named.to_vec()),
        }
    }

    /// The parties it binds or bound.
    pub fn parties(&self) -> Vec<Party> {
        self.bound.keys().cloned().collect()
    }

    /// The ends it was given, one after the other.
    pub fn ends_given(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter_map(|(_, until)| until.as_ref())
    }

    /// The starts it was given, party by party.
    pub fn starts_given(&self) -> impl Iterator<Item = &Term> {
        self.bound.values().flatten().filter_map(|(_, step)| match step {
            Step::Bound { from, .. } | Step::Renewed { from, .. } => from.as_ref(),
            _ => None,
        })
    }

    /// Where a party stands by then.
    pub fn standing_of(&self, party: &Party, now: &Now<'_>) -> Standing {
        let steps = self.bound.get(party).map_or(&[][..], Vec::as_slice);
        let mut standing = walk(steps, now);
        if standing.state != Nominal::Ended && self.within.is_some_and(|agreement| now.agreement_is_over(agreement)) {
            standing.state = Nominal::Ended;
        }
        if self.superseded_by.is_some() {
            standing.state = Nominal::Superseded;
        }
        standing
    }

    /// Where it stands by then: an agreed one as its least bound party, a declared one as its most bound.
    pub fn standing(&self, now: &Now<'_>) -> Standing {
        let each = self.bound.keys().map(|party| self.standing_of(party, now));
        let overall = if self.is_agreed { each.min_by_key(|s| s.state) } else { each.max_by_key(|s| s.state) };
        overall.unwrap_or(Standing { state: Nominal::Pending, since: None, until: None, how: None, gaps: Vec::new() })
    }

    /// What is said of it by then.
    pub fn observed(&self, now: &Now<'_>) -> Observed {
        if self.violations.iter().any(|violation| is_established(violation, now)) {
            Observed::Violated
        } else if self.violations.iter().any(|violation| stands_alleged(violation, now)) {
            Observed::Contested
        } else if !self.incidents_since_confirmed(now).is_empty() {
            Observed::Strained
        } else if self.said_to_hold.is_empty() {
            Observed::NoReports
        } else {
            Observed::Holding
        }
    }

    /// Incidents since it was last confirmed, while it could be broken, that are laid to a signatory or involve somebody it does not
    /// bind.
    pub fn incidents_since_confirmed<'a>(&self, now: &Now<'a>) -> Vec<&'a Incident> {
        let Some(last) = self.confirmed.iter().chain(&self.said_to_hold).max_by_key(|moment| moment.order()) else {
            return Vec::new();
        };
        let since = |incident: &&Incident| {
            incident.moment.order() > last.order() || incident.lasted && incident.moment.last > last.key
        };
        let strains = |incident: &&Incident| {
            let Moment { key, last, .. } = incident.moment;
            self.is_strained_by(incident) && self.may_hold_between(key, last.min(now.at), now)
        };
        now.state.incidents.values().filter(since).filter(strains).collect()
    }

    fn is_strained_by(&self, incident: &Incident) -> bool {
        let signatory = |party: &Party| self.bound.contains_key(party);
        let laid_to_one = incident.culprits().any(signatory);
        let involves_another = incident.culprits().chain(&incident.against).any(|party| !signatory(party));
        incident.is_violent() && (laid_to_one || involves_another)
    }

    /// When it was begun or renewed last: what makes it the one to speak of.
    pub fn renewed_last(&self) -> Option<(Instant, u32)> {
        self.confirmed.iter().map(Moment::order).max()
    }

    /// Whether it could be broken in the given span: it had begun, and was not over.
    pub fn may_hold_between(&self, first: Instant, last: Instant, now: &Now<'_>) -> bool {
        let held_then = |at: Instant| {
            let state = self.standing(&now.at_instant(at)).state;
            matches!(state, Nominal::InForce | Nominal::PossiblyExpired | Nominal::Suspended)
        };
        let began_within = self.standing(&now.at_instant(last)).since.filter(|since| (first..=last).contains(since));
        held_then(first) || held_then(last) || began_within.is_some_and(held_then)
    }

    /// When an event ended it: an agreed one with the first party that is no longer bound, a declared one with the last.
    pub fn ended(&self) -> Option<&Moment> {
        let ends: Vec<Option<&Moment>> = self.bound.values().map(|steps| ending_of(steps)).collect();
        let is_over = self.is_agreed || ends.iter().all(Option::is_some);
        let ends = ends.into_iter().flatten().filter(|_| is_over);
        if self.is_agreed { ends.min_by_key(|moment| moment.order()) } else { ends.max_by_key(|moment| moment.order()) }
    }
}

/// Whether the accused acknowledges it, or a declared monitor found it and has not taken that back.
pub fn is_established(violation: &Violation, now: &Now<'_>) -> bool {
    violation.found_by.is_some() && stands_alleged(violation, now) || is_acknowledged(violation, now)
}

/// Whether the accused acknowledges it.
pub fn is_acknowledged(violation: &Violation, now: &Now<'_>) -> bool {
    let Some(entry) = now.state.ledger.get(violation.moment.version) else { return false };
    entry.confirmed_by.iter().any(|(party, _)| violation.by.iter().any(|actor| actor.party == *party))
}

/// Whether it is alleged and not taken back.
pub fn stands_alleged(violation: &Violation, now: &Now<'_>) -> bool {
    now.state.ledger.get(violation.moment.version).is_none_or(|entry| entry.withdrawn.is_none())
}

fn is_suspended(steps: &[(Moment, Step)]) -> bool {
    matches!(
        steps.iter().rev().map(|(_, step)| step).find(|s| matches!(s, Step::Suspended | Step::Resumed)),
        Some(Step::Suspended)
    )
}

/// When a party's last step that binds or ends was an end.
fn ending_of(steps: &[(Moment, Step)]) -> Option<&Moment> {
    let last_turn = steps.iter().rev().find(|(_, step)| matches!(step, Step::Bound { .. } | Step::Ended(_)));
    last_turn.filter(|(_, step)| matches!(step, Step::Ended(_))).map(|(moment, _)| moment)
}

/// One party's steps, taken in world order up to now.
fn walk(steps: &[(Moment, Step)], now: &Now<'_>) -> Standing {
    let mut course = Course::default();
    for (moment, step) in steps.iter().filter(|(moment, _)| moment.key <= now.at) {
        course.take(step, moment, now);
    }
    course.gaps.retain(|gap| gap.to <= now.at);
    let until = course.run_at(now.at).or(course.runs.last()).and_then(|run| run.until);
    Standing { state: course.state(now.at), since: course.since, until, how: course.ended, gaps: course.gaps }
}

#[derive(Default)]
struct Course {
    since: Option<Instant>,
    /// One after the other; the later ones may have been agreed ahead of time.
    runs: Vec<Run>,
    suspended: bool,
    ended: Option<CeasefireEnd>,
    gaps: Vec<Gap>,
}

/// A time in which it holds; a start that hangs on what has not come is absent.
struct Run {
    from: Option<Instant>,
    until: Option<Due>,
}

impl Course {
    fn take(&mut self, step: &Step, moment: &Moment, now: &Now<'_>) {
        match step {
            Step::Bound { from, until } => self.bind(from.as_ref(), until.as_ref(), moment.key, now),
            Step::Began => self.start(moment.key),
            Step::Renewed { from, until } => self.renew(from.as_ref(), until.as_ref(), moment, now),
            Step::Suspended => self.suspended = true,
            Step::Resumed => self.suspended = false,
            Step::Ended(how) => self.ended = Some(*how),
        }
    }

    fn bind(&mut self, from: Option<&Term>, until: Option<&Term>, key: Instant, now: &Now<'_>) {
        self.suspended = false;
        self.ended = None;
        let from = from.map_or(Some(key), |term| now.start(term));
        self.since = from;
        self.runs = vec![Run { from, until: until.and_then(|term| now.due(term)) }];
    }

    fn start(&mut self, key: Instant) {
        if let Some(run) = self.runs.last_mut().filter(|run| run.from.is_none_or(|from| from > key)) {
            run.from = Some(key);
            self.since = Some(key);
        }
    }

    /// A new end revives what had run out, and the time between shows; without one nothing is revived.
    fn renew(&mut self, from: Option<&Term>, until: Option<&Term>, moment: &Moment, now: &Now<'_>) {
        let (Some(until), Some(run)) = (until, self.runs.last_mut()) else { return };
        let start = from.and_then(|term| now.start(term)).filter(|start| *start > moment.key);
        let again = start.unwrap_or(moment.key);
        let due = now.due(until);
        match run.until.filter(|due| due.to < again) {
            None => run.until = due,
            Some(ran_out) => {
                let written = if start.is_some() { from.and_then(Term::as_written) } else { moment.when.as_ref() };
                self.gaps.push(Gap { from: ran_out.to, to: again, to_as_written: written.cloned() });
                self.runs.push(Run { from: Some(again), until: due });
            }
        }
    }

    fn run_at(&self, at: Instant) -> Option<&Run> {
        self.runs.iter().rfind(|run| run.from.is_some_and(|from| from <= at))
    }

    /// The run that has begun last decides: extended ahead of time, it holds to its old end, and is expired until the extension runs.
    fn state(&self, at: Instant) -> Nominal {
        if self.ended.is_some() {
            return Nominal::Ended;
        }
        let Some(run) = self.run_at(at) else { return Nominal::Pending };
        match run.until.map_or(Passed::No, |due| due.passed(at)) {
            Passed::Yes => Nominal::Expired,
            _ if self.suspended => Nominal::Suspended,
            Passed::Possibly => Nominal::PossiblyExpired,
            Passed::No => Nominal::InForce,
        }
    }
}
