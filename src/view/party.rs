//! One party: what it asks and is asked, owes and is owed, claims and is accused of, and what it said, issue by issue.
//!
//! Every section holds lines of the view that lists them all, those that concern the party; it says of nothing more than that view does.
//! That a position changed is said only where two positions on the same thing differ by the data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::ceasefires::{ViolationView, violation_view};
use super::line::{Asked, InstantView, Line};
use super::timeline::{TimelineEntry, line as timeline_line};
use super::{
    AgreementView, CeasefireView, ClaimView, CommitmentView, DemandView, IncidentView, MeasureView, OfferView,
    PartyView, RoundView, With,
};
use crate::domain::ceasefire::Violation;
use crate::domain::event::Event;
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::ledger::Standing;
use crate::domain::position::{Move, Position, Subject, moves};
use crate::domain::value::{Actor, Party, Voice};

/// One party of the negotiation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PartyProfile {
    /// The party, with its other names.
    pub party: Line<PartyView>,
    /// The parties that belong to it.
    pub parts: Vec<Line<PartyView>>,
    /// The people named as its own.
    pub people: Vec<Line<PersonView>>,
    /// The rounds in which it sat at the table, or mediated.
    pub rounds: Vec<Line<RoundView>>,
    /// What it demands.
    pub demands_made: Vec<Line<DemandView>>,
    /// What is demanded of it.
    pub demands_of_it: Vec<Line<DemandView>>,
    /// What it offers.
    pub offers_made: Vec<Line<OfferView>>,
    /// What is offered to it.
    pub offers_to_it: Vec<Line<OfferView>>,
    /// What it owes.
    pub commitments_owed: Vec<Line<CommitmentView>>,
    /// What is owed to it.
    pub commitments_to_it: Vec<Line<CommitmentView>>,
    /// The ceasefires that bind it.
    pub ceasefires: Vec<Line<CeasefireView>>,
    /// The violations that it alleges, or found as a monitor.
    pub violations_alleged: Vec<Line<AllegationView>>,
    /// The violations that are laid to it.
    pub violations_of_it: Vec<Line<AllegationView>>,
    /// The agreements that it agrees to or decides on; how far it has gone with each is in `by_party`.
    pub agreements: Vec<Line<AgreementView>>,
    /// The measures that it takes.
    pub measures_taken: Vec<Line<MeasureView>>,
    /// The measures taken against it.
    pub measures_against_it: Vec<Line<MeasureView>>,
    /// The incidents that it did, claims or is said to have done, and those against it.
    pub incidents: Vec<Line<IncidentView>>,
    /// What it claims.
    pub claims: Vec<Line<ClaimView>>,
    /// What it denies.
    pub denies: Vec<Line<VerdictView>>,
    /// What it confirms.
    pub confirms: Vec<Line<VerdictView>>,
    /// What it said, issue by issue, as the issues came up; what names no issue comes last.
    pub issues: Vec<Line<IssueView>>,
}

/// Somebody named as a party's own.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PersonView {
    /// The name, as the log has it.
    pub name: String,
    /// The offices held, as last recorded.
    pub offices: Vec<String>,
    /// The rounds in which they led its delegation.
    pub led: Vec<Handle>,
    /// The rounds in which they were members of it.
    pub sat_in: Vec<Handle>,
    /// The events in which they speak for it, or of it.
    #[schemars(with = "Vec<String>")]
    pub spoke_in: Vec<Version>,
}

/// An alleged violation, with what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AllegationView {
    /// The ceasefire, the agreement or the commitment.
    pub of: Handle,
    /// The allegation.
    #[serde(flatten)]
    pub violation: ViolationView,
    /// In a sentence.
    pub text: String,
    /// The events in which the party denies it.
    #[schemars(with = "Vec<String>")]
    pub denied_in: Vec<Version>,
    /// The events in which the party confirms it: an acknowledgement, where it is the accused.
    #[schemars(with = "Vec<String>")]
    pub confirmed_in: Vec<Version>,
}

/// A denial or a confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VerdictView {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Who says so; one who does not speak for the party does not bind it.
    pub by: Actor,
    /// When.
    pub when: Option<InstantView>,
    /// A claim, or an event.
    #[schemars(with = "String")]
    pub of: Target,
    /// What that says.
    pub text: String,
    /// How that stands; null in another log.
    pub standing: Option<Standing>,
}

/// What a party said on one issue.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IssueView {
    /// The issue, as the log names it; null for what names none.
    pub issue: Option<String>,
    /// What it said, in world order.
    pub said: Vec<Line<SaidView>>,
    /// Where it took another position than before, in world order.
    pub changes: Vec<PositionChange>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SaidView {
    /// Who of the party says it, and in what voice.
    pub by: Actor,
    /// The event.
    #[serde(flatten)]
    pub event: TimelineEntry,
}

/// Two positions of one party on the same thing that differ.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PositionChange {
    /// The thing: a demand, an offer, or an event.
    #[schemars(with = "String")]
    pub on: Target,
    /// What of it.
    pub subject: Subject,
    /// Which part; null: the whole.
    pub part: Option<String>,
    /// What it said before.
    pub before: String,
    /// What it says since.
    pub after: String,
    /// The event of before.
    #[schemars(with = "String")]
    pub from: Version,
    /// The event since.
    #[schemars(with = "String")]
    pub to: Version,
}

/// A party, as the log has it by the instant; nothing if it is not declared.
pub fn party(asked: &Asked<'_>, party: &Party) -> Option<PartyProfile> {
    let parties = super::parties(asked);
    let line = parties.iter().find(|line| line.item.party == *party)?.clone();
    let is_it = |other: &Party| other == party;
    let by = |actors: &[Actor]| actors.iter().any(|actor| actor.party == *party);
    let (demands, offers) = (super::demands(asked), super::offers(asked));
    let (commitments, measures) = (super::commitments(asked), super::measures(asked));
    let rounds = of(&super::rounds(asked), |round| round.is_with(&With::Party(party.clone())));
    let allegations = allegations(asked, party);
    Some(PartyProfile {
        party: line,
        parts: of(&parties, |p| p.part_of.as_ref() == Some(party)),
        people: people(asked, party, &rounds),
        rounds,
        demands_made: of(&demands, |d| by(&d.by)),
        demands_of_it: of(&demands, |d| d.of.contains(party)),
        offers_made: of(&offers, |o| by(&o.by)),
        offers_to_it: of(&offers, |o| o.to.contains(party)),
        commitments_owed: of(&commitments, |k| k.by.contains(party)),
        commitments_to_it: of(&commitments, |k| k.to.contains(party)),
        ceasefires: of(&super::ceasefires(asked), |c| c.parties.contains(party)),
        violations_alleged: of(&allegations, |a| alleges(&a.violation, party)),
        violations_of_it: of(&allegations, |a| by(&a.violation.by) || a.violation.through.as_ref().is_some_and(is_it)),
        agreements: of(&super::agreements(asked), |a| a.by_party.contains_key(party) || a.ratifiers.contains(party)),
        measures_taken: of(&measures, |m| m.by.contains(party)),
        measures_against_it: of(&measures, |m| m.against.contains(party)),
        incidents: of(&super::incidents(asked), |incident| concerns(incident, party)),
        claims: of(&super::claims(asked), |q| is_it(&q.by.party)),
        denies: verdicts(asked, party, "claim.denied"),
        confirms: verdicts(asked, party, "claim.confirmed"),
        issues: issues(asked, party),
    })
}

/// The lines that concern the party.
fn of<T: Clone>(lines: &[Line<T>], concerns: impl Fn(&T) -> bool) -> Vec<Line<T>> {
    lines.iter().filter(|line| concerns(&line.item)).cloned().collect()
}

fn concerns(incident: &IncidentView, party: &Party) -> bool {
    let laid_to = incident.laid_to.iter().map(|laid| &laid.to);
    let mut actors = incident.by.iter().chain(&incident.claimed_by).chain(laid_to);
    actors.any(|actor| actor.party == *party) || incident.against.contains(party)
}

fn alleges(violation: &ViolationView, party: &Party) -> bool {
    violation.alleged_by.as_ref().is_some_and(|actor| actor.party == *party)
        || violation.found_by.as_ref() == Some(party)
}

/// Every alleged violation of whatever life, in world order, with what this party answered.
fn allegations(asked: &Asked<'_>, party: &Party) -> Vec<Line<AllegationView>> {
    let mut all: Vec<(Handle, &Violation)> = asked.all.violations().collect();
    all.sort_by_key(|(_, violation)| violation.moment.order());
    let line = |(of, violation): (Handle, &Violation)| {
        let fact = asked.history.fact(violation.moment.version)?;
        Some(allegation(asked, party, fact, of, violation))
    };
    all.into_iter().filter_map(line).collect()
}

fn allegation(
    asked: &Asked<'_>,
    party: &Party,
    fact: &Fact,
    of: Handle,
    violation: &Violation,
) -> Line<AllegationView> {
    let entry = asked.all.ledger.get(fact.version());
    let by_it =
        |said: &[(Party, Version)]| said.iter().filter(|(by, _)| by == party).map(|(_, event)| *event).collect();
    let item = AllegationView {
        of,
        violation: violation_view(asked, violation),
        text: super::sentence::of(fact, asked.all),
        denied_in: entry.map(|entry| by_it(&entry.denied_by)).unwrap_or_default(),
        confirmed_in: entry.map(|entry| by_it(&entry.confirmed_by)).unwrap_or_default(),
    };
    let voices = entry.map(|entry| entry.voices()).unwrap_or_default();
    let basis: Vec<Version> = fact.basis.iter().copied().chain(voices).collect();
    asked.line(item, Some(fact.version()), &basis, None)
}

/// Its denials, or its confirmations, in world order.
fn verdicts(asked: &Asked<'_>, party: &Party, kind: &str) -> Vec<Line<VerdictView>> {
    let line = |fact: &Fact| match fact.event() {
        Some(event @ (Event::ClaimDenied(said) | Event::ClaimConfirmed(said)))
            if event.kind() == kind && said.by.party == *party =>
        {
            let item = VerdictView {
                event: fact.version(),
                by: said.by.clone(),
                when: fact.occurred().map(|when| InstantView::of(when, asked.zone())),
                of: said.of.clone(),
                text: super::sentence::of_target(&said.of, asked),
                standing: asked.all.ground.event_behind(&said.of).map(|event| asked.all.standing(event)),
            };
            Some(asked.line(item, Some(fact.version()), &fact.basis, None))
        }
        _ => None,
    };
    asked.facts().filter_map(line).collect()
}

/// People by name, each with the events that name them.
type People = BTreeMap<String, (PersonView, Vec<Version>)>;

/// Those named as its own: in its offices, in its delegations, and where somebody speaks. Who stays unnamed is nobody here.
fn people(asked: &Asked<'_>, party: &Party, rounds: &[Line<RoundView>]) -> Vec<Line<PersonView>> {
    let mut people = People::new();
    for ((_, office), (who, moment)) in asked.all.offices.iter().filter(|((of, _), _)| of == party) {
        if let Some(who) = who {
            named(&mut people, who, &[moment.version]).offices.push(office.clone());
        }
    }
    for line in rounds {
        for delegation in line.item.delegations.iter().filter(|delegation| delegation.party == *party) {
            let round = line.item.handle;
            delegation.head.iter().for_each(|who| named(&mut people, who, &line.basis).led.push(round));
            delegation.members.iter().for_each(|who| named(&mut people, who, &line.basis).sat_in.push(round));
        }
    }
    for fact in asked.facts() {
        let own = asked.all.speakers(fact).into_iter().filter(|actor| actor.party == *party);
        for who in own.filter(|actor| actor.voice != Some(Voice::Anonymous)).filter_map(|actor| actor.who) {
            named(&mut people, &who, &fact.basis).spoke_in.push(fact.version());
        }
    }
    people.into_values().map(|(person, basis)| person_line(asked, person, &basis)).collect()
}

fn person_line(asked: &Asked<'_>, person: PersonView, basis: &[Version]) -> Line<PersonView> {
    let line = asked.line(person, basis.first().copied(), basis, None);
    // What somebody says may be disputed; that they speak is not.
    Line { disputed_by: Vec::new(), ..line }
}

fn named<'a>(people: &'a mut People, name: &str, basis: &[Version]) -> &'a mut PersonView {
    let (offices, led, sat_in, spoke_in) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let new = PersonView { name: name.into(), offices, led, sat_in, spoke_in };
    let (person, rests_on) = people.entry(name.into()).or_insert_with(|| (new, Vec::new()));
    rests_on.extend(basis);
    person
}

/// What it said, by issue.
fn issues(asked: &Asked<'_>, party: &Party) -> Vec<Line<IssueView>> {
    let mut order: Vec<Option<&str>> = Vec::new();
    let mut facts: BTreeMap<Option<&str>, Vec<&Fact>> = BTreeMap::new();
    for fact in asked.facts().filter(|fact| spoken_by(asked, fact, party).is_some()) {
        let issue = issue_of(asked, fact);
        if !order.contains(&issue) {
            order.push(issue);
        }
        facts.entry(issue).or_default().push(fact);
    }
    order.sort_by_key(|issue| issue.is_none());
    order.into_iter().filter_map(|issue| Some(issue_line(asked, party, issue, facts.get(&issue)?))).collect()
}

fn issue_line(asked: &Asked<'_>, party: &Party, issue: Option<&str>, facts: &[&Fact]) -> Line<IssueView> {
    let said = facts.iter().filter_map(|fact| said(asked, fact, party)).collect();
    let taken = |fact: &&Fact| -> Vec<(Version, Position)> {
        let positions = asked.all.positions(fact, party);
        positions.into_iter().map(|position| (fact.version(), position)).collect()
    };
    let positions: Vec<(Version, Position)> = facts.iter().flat_map(taken).collect();
    let item = IssueView { issue: issue.map(Into::into), said, changes: changes(&positions) };
    let basis: Vec<Version> = facts.iter().flat_map(|fact| fact.basis.iter().copied()).collect();
    asked.line(item, facts.first().map(|fact| fact.version()), &basis, None)
}

fn changes(positions: &[(Version, Position)]) -> Vec<PositionChange> {
    let change = |step: Move| PositionChange {
        on: step.to.1.on,
        subject: step.to.1.subject,
        part: step.to.1.part,
        before: step.from.1.says,
        after: step.to.1.says,
        from: step.from.0,
        to: step.to.0,
    };
    moves(positions).into_iter().map(change).collect()
}

fn said(asked: &Asked<'_>, fact: &Fact, party: &Party) -> Option<Line<SaidView>> {
    let by = spoken_by(asked, fact, party)?;
    let Line { item, id, basis, possible, certain_value, disputed_by, table } = timeline_line(asked, fact, false);
    Some(Line { item: SaidView { by, event: item }, id, basis, possible, certain_value, disputed_by, table })
}

fn spoken_by(asked: &Asked<'_>, fact: &Fact, party: &Party) -> Option<Actor> {
    asked.all.speakers(fact).into_iter().find(|actor| actor.party == *party)
}

/// The issue that an event names, else that of the event that made the life, or is the event, which it is about.
fn issue_of<'a>(asked: &Asked<'a>, fact: &'a Fact) -> Option<&'a str> {
    let own = fact.context().issue.as_deref();
    let about = fact.defines.map(Target::Handle).or_else(|| fact.names.first().cloned());
    own.or_else(|| {
        let behind = asked.all.ground.event_behind(&about?)?;
        asked.history.fact(behind)?.context().issue.as_deref()
    })
}
