//! What an editor should look at again: named checks, all findings at once.
//!
//! A check finds what is odd, not what is wrong. Each finding names its events and what to type to mend it; one that was looked at and
//! is in order is silenced by a `check.waived`, which says why. No check changes anything, and none keeps an event out: the door tells what is newly found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Weekday};
use schemars::JsonSchema;
use serde::Serialize;

use super::line::Asked;
use crate::domain::agreement::Stage;
use crate::domain::ceasefire::Nominal;
use crate::domain::event::Event;
use crate::domain::history::Fact;
use crate::domain::ids::Version;
use crate::domain::incident::Incident;
use crate::domain::ledger::Standing;
use crate::domain::talks::RoundState;
use crate::domain::term::Passed;
use crate::domain::value::codes;
use crate::domain::when::{Precision, Span};

codes! {
    /// The checks, by name.
    pub enum Check {
        /// An event does not fit what came before it.
        Anomaly = "anomaly",
        /// A quote names a weekday that the date does not have.
        Weekday = "weekday",
        /// A source reported it before it can have happened.
        ReportedBefore = "reported-before",
        /// Its year lies far from those of the events entered around it.
        FarYear = "far-year",
        /// Nobody is cited for it.
        Unsourced = "unsourced",
        /// What holds now rests on one source.
        OneSource = "one-source",
        /// One side alone speaks of an agreement.
        OneSided = "one-sided",
        /// Two rounds opened on one day in one place.
        RoundTwice = "round-twice",
        /// Two incidents of one sort and one day, by and against the same.
        NearDuplicate = "near-duplicate",
        /// A date for a round passed, and it did not open.
        NeverOpened = "never-opened",
        /// The desk wanted to look again, and did not.
        OverdueFollowUp = "overdue-follow-up",
    }
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Finding {
    /// The check that found it.
    pub check: Check,
    /// The events it is about.
    #[schemars(with = "Vec<String>")]
    pub events: Vec<Version>,
    /// What is odd.
    pub text: String,
    /// What to type.
    pub help: String,
}

/// What checking found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Checked {
    /// Check by check, then in log order.
    pub findings: Vec<Finding>,
    /// How many were silenced by a `check.waived`.
    pub waived: usize,
}

/// A year lies far from its neighbours' if it is so many years away from both.
const FAR_YEARS: i32 = 2;

/// Runs the checks of these names; of none, all of them.
pub fn check(asked: &Asked<'_>, names: &[Check]) -> Checked {
    let all = [
        anomalies(asked),
        weekdays(asked),
        reported_before(asked),
        far_years(asked),
        unsourced(asked),
        one_source(asked),
        one_sided(asked),
        rounds_twice(asked),
        near_duplicates(asked),
        never_opened(asked),
        overdue_follow_ups(asked),
    ];
    let wanted = |finding: &Finding| names.is_empty() || names.contains(&finding.check);
    let mut findings: Vec<Finding> = all.into_iter().flatten().filter(wanted).collect();
    findings.sort();
    let found = findings.len();
    let waived = waived(asked);
    let is_waived = |finding: &Finding| {
        finding.events.iter().any(|event| waived.contains(&(*event, finding.check.as_str().to_string())))
    };
    findings.retain(|finding| !is_waived(finding));
    Checked { waived: found - findings.len(), findings }
}

/// What is found after and was not found before.
pub fn newly_found(before: &Asked<'_>, after: &Asked<'_>) -> Vec<Finding> {
    let known: BTreeSet<Finding> = check(before, &[]).findings.into_iter().collect();
    check(after, &[]).findings.into_iter().filter(|finding| !known.contains(finding)).collect()
}

fn waived(asked: &Asked<'_>) -> BTreeSet<(Version, String)> {
    let waiver = |fact: &Fact| match fact.event() {
        Some(Event::CheckWaived(waived)) => Some((waived.target, waived.check.clone())),
        _ => None,
    };
    asked.history.facts.iter().filter_map(waiver).collect()
}

fn finding(check: Check, events: impl Into<Vec<Version>>, text: String, help: String) -> Finding {
    Finding { check, events: events.into(), text, help }
}

/// The facts of the world that count, without the opening.
fn of_the_world<'a>(asked: &Asked<'a>) -> impl Iterator<Item = &'a Fact> + 'a {
    let counts = |event: &Event| !event.is_record_keeping() && !matches!(event, Event::NegotiationOpened(_));
    asked.facts().filter(move |fact| fact.event().is_some_and(counts))
}

fn anomalies(asked: &Asked<'_>) -> Vec<Finding> {
    let one = |anomaly: super::AnomalyView| {
        let help = format!("talks show {}", anomaly.event);
        finding(Check::Anomaly, [anomaly.event], anomaly.text, help)
    };
    super::anomalies(asked).into_iter().map(one).collect()
}

/// A weekday beside the very month and day of the event must be the weekday of that date.
fn weekdays(asked: &Asked<'_>) -> Vec<Finding> {
    let one = |fact: &Fact| {
        let when = fact.occurred().filter(|when| when.precision() != Precision::Coarser && !when.is_choice())?;
        let day = when.begin(asked.zone()).start.local(asked.zone())?.date();
        let quotes = fact.record.sources.iter().filter_map(|citation| citation.quote.as_deref());
        let named =
            quotes.flat_map(|quote| dated_weekdays(quote, day.month(), day.day())).find(|w| *w != day.weekday())?;
        let text = format!("a quote has {named:?} for the day that is a {:?}, {day}", day.weekday());
        let help = format!("talks correct {} --when ..., or talks add check.waived", fact.version());
        Some(finding(Check::Weekday, [fact.version()], text, help))
    };
    of_the_world(asked).filter_map(one).collect()
}

/// The weekdays that a text puts right before that month and day: `Thursday, October 26`, `Thursday 26 October`.
fn dated_weekdays(text: &str, month: u32, day: u32) -> Vec<Weekday> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_month = |word: &str| word.parse::<chrono::Month>().is_ok_and(|named| named.number_from_month() == month);
    let is_day = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse() == Ok(day);
    let dated = |three: &&[&str]| is_month(three[1]) && is_day(three[2]) || is_day(three[1]) && is_month(three[2]);
    words.windows(3).filter(dated).filter_map(|three| three[0].parse().ok()).collect()
}

fn reported_before(asked: &Asked<'_>) -> Vec<Finding> {
    let one = |fact: &Fact| {
        let reports = fact.record.sources.iter().filter_map(|c| Some((c.source.0, c.reported.as_ref()?)));
        let begin = fact.occurred()?.begin(asked.zone()).start;
        let (source, reported) = reports.into_iter().find(|(_, when)| when.span(asked.zone()).last() < begin)?;
        let text = format!("{source} reported it on {}, before it can have happened", reported.text());
        let help = format!("talks show {}; then talks correct it, or the report", fact.version());
        Some(finding(Check::ReportedBefore, [fact.version()], text, help))
    };
    of_the_world(asked).filter_map(one).collect()
}

/// Events entered next to each other are mostly of one time: a year far from both neighbours' may be a slip.
fn far_years(asked: &Asked<'_>) -> Vec<Finding> {
    let mut facts: Vec<(Version, i32)> =
        of_the_world(asked).filter_map(|fact| Some((fact.version(), year(asked, fact)?))).collect();
    facts.sort();
    let far = |three: &[(Version, i32)]| {
        let [(_, before), (event, year), (_, after)] = three else { return None };
        let is_far = year.abs_diff(*before).min(year.abs_diff(*after)) >= FAR_YEARS.unsigned_abs();
        let agree = before.abs_diff(*after) < FAR_YEARS.unsigned_abs();
        let text = format!("it is of {year}, and the events entered before and after it of {before} and {after}");
        let help = format!("talks show {event}; if the year is a slip: talks correct {event} --when ...");
        (is_far && agree).then(|| finding(Check::FarYear, [*event], text, help))
    };
    facts.windows(3).filter_map(far).collect()
}

fn year(asked: &Asked<'_>, fact: &Fact) -> Option<i32> {
    let Span { start, .. } = fact.occurred()?.begin(asked.zone());
    Some(start.local(asked.zone())?.year())
}

fn unsourced(asked: &Asked<'_>) -> Vec<Finding> {
    let none = |fact: &&Fact| asked.all.standing(fact.version()) == Standing::Unsupported;
    let one = |fact: &Fact| {
        let event = fact.version();
        let help = format!("talks correct {event} sources:='[{{\"source\":\"S1\"}}]' --reason ...");
        finding(Check::Unsourced, [event], "no source is cited for it".into(), help)
    };
    of_the_world(asked).filter(none).map(one).collect()
}

/// What holds now, on the word of one source.
fn one_source(asked: &Asked<'_>) -> Vec<Finding> {
    let ceasefires = super::ceasefires(asked).into_iter().filter(|line| line.item.state == Nominal::InForce);
    let ceasefires = ceasefires.map(|line| (line.item.handle, "in force", line.basis));
    let stands = |stage| matches!(stage, Stage::Reached | Stage::Signed | Stage::Ratified | Stage::InForce);
    let agreements = super::agreements(asked).into_iter().filter(|line| stands(line.item.stage));
    let agreements = agreements.map(|line| (line.item.handle, line.item.stage.as_str(), line.basis));
    let one = |(handle, state, basis): (crate::domain::ids::Handle, &str, Vec<Version>)| {
        let events: Vec<Version> = basis.into_iter().filter(|event| asked.all.ledger.get(*event).is_some()).collect();
        let is_thin = |event: &Version| asked.all.standing(*event) == Standing::SingleSource;
        let text = format!("{handle} is {state} on the word of one source");
        let help = format!("talks why {handle}; a further source: talks add account.added of={handle} stance=confirms");
        (!events.is_empty() && events.iter().all(is_thin)).then(|| finding(Check::OneSource, events, text, help))
    };
    ceasefires.chain(agreements).filter_map(one).collect()
}

/// An agreement takes two: one of which a single party alone speaks is no more than its word.
fn one_sided(asked: &Asked<'_>) -> Vec<Finding> {
    let one = |agreement: &crate::domain::agreement::Agreement| {
        let reached = agreement.reached.as_ref().or(agreement.signed.values().next())?;
        let entry = asked.all.ledger.get(reached.version)?;
        let speakers: BTreeSet<_> = entry.asserted_by.iter().map(|actor| &actor.party).collect();
        let alone = speakers.len() == 1 && entry.confirmed_by.is_empty() && agreement.signed.len() < 2;
        let text = format!("{} is told by {} alone", agreement.handle, speakers.iter().next()?);
        let help = format!("if the other side confirms it: talks add claim.confirmed of={} by=...", reached.version);
        alone.then(|| finding(Check::OneSided, [reached.version], text, help))
    };
    asked.all.agreements.values().filter_map(one).collect()
}

fn rounds_twice(asked: &Asked<'_>) -> Vec<Finding> {
    let sittings: Vec<_> =
        asked.all.talks.rounds.values().filter_map(|round| Some((round, round.sessions.first()?))).collect();
    let mut findings = Vec::new();
    for (at, (one, first)) in sittings.iter().enumerate() {
        for (other, second) in &sittings[at + 1..] {
            let place =
                |session: &crate::domain::talks::Session| session.place.as_ref().map(|place| place.name.clone());
            let same_place = place(first).zip(place(second)).is_none_or(|(one, other)| one == other);
            let same_place = same_place && one.table == other.table;
            if first.opened.when.is_some() && first.opened.when == second.opened.when && same_place {
                let text = format!("{} and {} opened on one day in one place", one.handle, other.handle);
                let help = format!("if they are one: talks retract {} --reason ...", other.handle);
                let events = [first.opened.version, second.opened.version];
                findings.push(finding(Check::RoundTwice, events, text, help));
            }
        }
    }
    findings
}

/// Only those of one day are laid side by side: a log can have thousands.
fn near_duplicates(asked: &Asked<'_>) -> Vec<Finding> {
    let mut days: BTreeMap<&str, Vec<(Version, &Incident)>> = BTreeMap::new();
    for (event, incident) in asked.all.incidents.iter().filter(|(_, incident)| !incident.aggregate) {
        let day = incident.moment.when.as_ref().map(|when| when.text());
        day.into_iter().for_each(|day| days.entry(day).or_default().push((*event, incident)));
    }
    days.values().flat_map(|day| alike(asked, day)).collect()
}

fn alike(asked: &Asked<'_>, day: &[(Version, &Incident)]) -> Vec<Finding> {
    let place = |event: Version| asked.history.fact(event).and_then(|fact| fact.context().place.as_ref());
    let mut findings = Vec::new();
    for (at, (event, one)) in day.iter().enumerate() {
        for (twin, other) in &day[at + 1..] {
            let same_sides = one.by == other.by && one.against == other.against;
            let same_place = place(*event).zip(place(*twin)).is_none_or(|(one, other)| one == other);
            if one.category == other.category && same_sides && same_place {
                let text = format!("{event} and {twin} are of one sort, one day and the same sides");
                let help =
                    format!("if they are one: talks retract {twin} --reason ..., and account.added for its source");
                findings.push(finding(Check::NearDuplicate, [*event, *twin], text, help));
            }
        }
    }
    findings
}

fn never_opened(asked: &Asked<'_>) -> Vec<Finding> {
    let rounds = super::rounds(asked).into_iter().filter(|line| line.item.state == RoundState::DidNotOpen);
    let one = |line: super::Line<super::RoundView>| {
        let handle = line.item.handle;
        let text = format!("the date set for {handle} has passed, and it did not open");
        let help = format!("talks add round.opened round={handle} --when ..., or round.closed outcome=not-held");
        finding(Check::NeverOpened, line.basis, text, help)
    };
    rounds.map(one).collect()
}

fn overdue_follow_ups(asked: &Asked<'_>) -> Vec<Finding> {
    let now = asked.now();
    let is_overdue = |term| now.due(term).is_some_and(|due| due.passed(asked.at) == Passed::Yes);
    let open = asked.all.followups.values().filter(|followup| followup.done.is_none() && is_overdue(&followup.due));
    let one = |followup: &crate::domain::commitment::FollowUp| {
        let help = format!("talks add followup.done followup={}", followup.handle);
        let text = format!("{} was to be looked at again: {}", followup.handle, followup.text);
        finding(Check::OverdueFollowUp, followup.basis.clone(), text, help)
    };
    open.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekday_is_taken_from_a_quote_only_beside_the_very_day() {
        assert_eq!(dated_weekdays("on Thursday, October 26, they met", 10, 26), [Weekday::Thu]);
        assert_eq!(dated_weekdays("Sunday 26 October", 10, 26), [Weekday::Sun]);
        assert_eq!(dated_weekdays("Sun Oct 26th", 10, 26), [Weekday::Sun]);
        assert!(dated_weekdays("on Thursday they met; October 26 is far", 10, 26).is_empty());
        assert!(dated_weekdays("Thursday, October 27", 10, 26).is_empty());
    }
}
