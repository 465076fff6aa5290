//! What changed between two states: in the headline of each line, whatever sort of life it is.
//!
//! Each line of the status has a headline, a few words that say where it stands. Two states are compared headline by headline, and
//! a replay compares the state before and after each event. So a new sort of life needs nothing here but its headline.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::line::{Asked, InstantView, Line};
use crate::domain::history::{Fact, History};
use crate::domain::ids::{Target, Version};
use crate::domain::negotiation::{Cut, Negotiation};
use crate::domain::value::Party;

/// How a line changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Changed {
    /// It is new.
    Opened,
    /// It stands elsewhere now.
    Moved,
    /// It is there no more, after a correction or a retraction.
    Gone,
}

/// A line that changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The line: `talks`, `talks (TABLE)` for another table, a handle, or `incidents`.
    pub what: String,
    /// What it is about, in a few words.
    pub text: String,
    /// How it changed.
    pub changed: Changed,
    /// Where it stood.
    pub before: Option<String>,
    /// Where it stands.
    pub after: Option<String>,
    /// The events that made the difference: in the basis after and not before, or the other way round.
    #[schemars(with = "Vec<String>")]
    pub events: Vec<Version>,
}

/// What became of an event between two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Became {
    /// It counts now.
    Counted,
    /// It says something else now.
    Corrected,
    /// It counts no more.
    Gone,
}

/// An event that counts in one of two states, or says something else in each.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventChange {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// What became of it.
    pub became: Became,
    /// In a sentence, as it stands now, or stood last.
    pub text: String,
    /// When it happened, before.
    pub before: Option<InstantView>,
    /// When it happened, after.
    pub after: Option<InstantView>,
    /// The corrections that came into effect.
    #[schemars(with = "Vec<String>")]
    pub by: Vec<Version>,
}

/// What lies between two states.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// The earlier day on its clock.
    pub from: InstantView,
    /// The later one; null: everything.
    pub to: Option<InstantView>,
    /// The lines of the state that stand elsewhere.
    pub changes: Vec<Change>,
    /// The events that the two states do not have in common.
    pub events: Vec<EventChange>,
}

/// What lies between two states, whose days on their clock are given.
pub fn difference(
    (before, from): (&Asked<'_>, InstantView),
    (after, to): (&Asked<'_>, Option<InstantView>),
) -> Difference {
    Difference { from, to, changes: changes(before, after), events: event_changes(before, after) }
}

/// A replay: the events in world order, each with what it changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Replay {
    /// One step an event.
    pub steps: Vec<ReplayStep>,
}

/// One event of a replay.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ReplayStep {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its kind.
    pub kind: String,
    /// When.
    pub when: Option<InstantView>,
    /// In a sentence.
    pub text: String,
    /// The sources cited, with where in them.
    pub sources: Vec<String>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// What does not fit about it.
    pub anomalies: Vec<String>,
}

/// The events that two states do not have in common, in log order; record-keeping shows in what it is about.
fn event_changes(before: &Asked<'_>, after: &Asked<'_>) -> Vec<EventChange> {
    fn counted<'a>(asked: &Asked<'a>) -> BTreeMap<Version, &'a Fact> {
        let of_the_world = |fact: &&Fact| fact.event().is_some_and(|event| !event.is_record_keeping());
        asked.facts().filter(of_the_world).map(|fact| (fact.version(), fact)).collect()
    }
    let (was, is) = (counted(before), counted(after));
    let events: BTreeSet<Version> = was.keys().chain(is.keys()).copied().collect();
    let change = |event: Version| {
        let (old, new) = (was.get(&event).copied(), is.get(&event).copied());
        let became = match (old, new) {
            (None, _) => Became::Counted,
            (_, None) => Became::Gone,
            (Some(old), Some(new)) if old.basis != new.basis => Became::Corrected,
            _ => return None,
        };
        let known = old.map(|fact| fact.basis.clone()).unwrap_or_default();
        let by = new.map(|fact| fact.basis.iter().skip(1).filter(|event| !known.contains(event)).copied().collect());
        let when = |fact: Option<&Fact>| fact?.occurred().map(|when| InstantView::of(when, after.zone()));
        let text = new.map(|fact| super::sentence::of(fact, after.all));
        let text = text.or_else(|| old.map(|fact| super::sentence::of(fact, before.all))).unwrap_or_default();
        let by = by.unwrap_or_default();
        Some(EventChange { event, became, text, before: when(old), after: when(new), by })
    };
    events.into_iter().filter_map(change).collect()
}

/// The headline of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Headline {
    /// Where it stands, in a few words.
    pub value: String,
    /// What it is about.
    pub text: String,
    /// What it rests on.
    pub basis: Vec<Version>,
}

/// The headline of every line of a state, by the name of the line.
pub(super) fn headlines(asked: &Asked<'_>) -> BTreeMap<String, Headline> {
    let mut all = BTreeMap::new();
    for talks in [super::talks(asked)].into_iter().chain(super::other_tables(asked)) {
        let item = serde_json::to_value(&talks.item).unwrap_or_default();
        let headline = headline(asked, &item, &talks.basis, &["state", "round", "last_outcome"], String::new());
        let beside = talks.table.map(|table| format!(" ({table})")).unwrap_or_default();
        all.insert(format!("talks{beside}"), headline);
    }
    add(&mut all, asked, &super::rounds(asked), &["state", "outcome"]);
    add(&mut all, asked, &super::demands(asked), &["fate", "answers"]);
    add(&mut all, asked, &super::offers(asked), &["state"]);
    add(&mut all, asked, &super::ceasefires(asked), &["state", "observed"]);
    add(&mut all, asked, &super::agreements(asked), &["stage"]);
    add(&mut all, asked, &super::commitments(asked), &["state", "level"]);
    add(&mut all, asked, &super::deadlines(asked), &["state", "due"]);
    add(&mut all, asked, &super::measures(asked), &["state"]);
    add(&mut all, asked, &super::claims(asked), &["standing"]);
    add(&mut all, asked, &super::followups(asked), &["state"]);
    let basis: Vec<Version> = asked.all.incidents.keys().copied().collect();
    let count = basis.len() + asked.history.unheld().incidents.all;
    if count > 0 {
        all.insert("incidents".into(), Headline { value: count.to_string(), text: String::new(), basis });
    }
    all
}

fn add<T: Serialize>(all: &mut BTreeMap<String, Headline>, asked: &Asked<'_>, lines: &[Line<T>], fields: &[&str]) {
    for line in lines {
        let Ok(item) = serde_json::to_value(&line.item) else { continue };
        let Some(handle) = item.get("handle").and_then(Value::as_str) else { continue };
        let text = handle.parse().map(|name: Target| super::sentence::of_target(&name, asked)).unwrap_or_default();
        all.insert(handle.to_string(), headline(asked, &item, &line.basis, fields, text));
    }
}

/// The words of some fields, in order; what is null, empty or not stated is left out. While the talks or a round sit, their outcome
/// is that of an earlier session, and is left out too.
fn headline(asked: &Asked<'_>, item: &Value, basis: &[Version], fields: &[&str], text: String) -> Headline {
    let sits = ["in-session", "open", "paused"].iter().any(|state| item.get("state").is_some_and(|s| s == state));
    let fits = |field: &&&str| !(sits && field.ends_with("outcome"));
    let said = fields.iter().filter(fits).filter_map(|field| words(asked, item.get(field)?));
    let words: Vec<String> = said.filter(|word| word != "not-stated").collect();
    Headline { value: words.join(", "), text, basis: basis.to_vec() }
}

fn words(asked: &Asked<'_>, value: &Value) -> Option<String> {
    let name = |party: &Value| {
        let party = Party(party.as_str()?.into());
        Some(asked.all.ground.party_name(&party).to_string())
    };
    match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(format!("level {number}")),
        Value::Array(answers) if !answers.is_empty() => {
            Some(answers.iter().filter_map(|answer| words(asked, answer)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => match (fields.get("party"), fields.get("answer"), fields.get("edtf")) {
            (Some(party), Some(answer), _) => Some(format!("{} by {}", answer.as_str()?, name(party)?)),
            (_, _, Some(edtf)) => Some(format!("due {}", edtf.as_str()?)),
            _ => None,
        },
        _ => None,
    }
}

/// What changed from one state to another.
pub fn changes(before: &Asked<'_>, after: &Asked<'_>) -> Vec<Change> {
    compare(&headlines(before), &headlines(after))
}

fn compare(before: &BTreeMap<String, Headline>, after: &BTreeMap<String, Headline>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changes: Vec<Change> =
        names.into_iter().filter_map(|name| change(name, before.get(name), after.get(name))).collect();
    changes.sort_by_key(|change| order(&change.what));
    changes
}

fn change(name: &str, before: Option<&Headline>, after: Option<&Headline>) -> Option<Change> {
    let changed = match (before, after) {
        (None, Some(_)) => Changed::Opened,
        (Some(_), None) => Changed::Gone,
        (Some(before), Some(after)) if before.value != after.value => Changed::Moved,
        _ => return None,
    };
    let basis = |side: Option<&Headline>| -> BTreeSet<Version> {
        side.map(|h| h.basis.iter().copied().collect()).unwrap_or_default()
    };
    Some(Change {
        what: name.to_string(),
        text: after.or(before).map(|headline| headline.text.clone()).unwrap_or_default(),
        changed,
        before: before.map(|headline| headline.value.clone()),
        after: after.map(|headline| headline.value.clone()),
        events: basis(before).symmetric_difference(&basis(after)).copied().collect(),
    })
}

/// The order of the status: the talks, then the sorts of life, each by number.
pub(super) fn order(what: &str) -> (usize, u32, String) {
    use crate::domain::ids::{Handle, Letter};
    match what.parse::<Handle>() {
        Ok(handle) => {
            (1 + Letter::ALL.iter().position(|l| *l == handle.letter).unwrap_or(0), handle.number, String::new())
        }
        Err(_) => (if what.starts_with("talks") { 0 } else { usize::MAX }, 0, what.to_string()),
    }
}

/// Folds the facts one by one, and says of each what it changed by its own moment.
pub fn replay(history: &History, at: crate::domain::when::Instant, cut: &Cut) -> Replay {
    let mut state = Negotiation::new(history.ground.clone());
    let mut before = BTreeMap::new();
    let mut then = crate::domain::when::Instant::MIN;
    let mut steps = Vec::new();
    for fact in history.facts.iter().take_while(|fact| fact.key <= at).filter(|fact| cut.takes(fact, at)) {
        let known = state.anomalies.len();
        state.evolve(fact, fact.is_certain_at(at));
        // A later step is never asked for an earlier instant; what keeps the record comes with what it is about.
        then = then.max(fact.key);
        let asked = Asked { history, all: &state, certain: &state, cut, at: then };
        let after = headlines(&asked);
        let mut step = step(&asked, fact, compare(&before, &after));
        step.anomalies = state.anomalies[known..].iter().map(|anomaly| anomaly.misfit.to_string()).collect();
        steps.push(step);
        before = after;
    }
    Replay { steps }
}

fn step(asked: &Asked<'_>, fact: &Fact, changes: Vec<Change>) -> ReplayStep {
    let cite = |citation: &crate::domain::source::Citation| match &citation.locator {
        Some(locator) => format!("{} {locator}", citation.source.0),
        None => citation.source.0.to_string(),
    };
    ReplayStep {
        event: fact.version(),
        kind: fact.record.envelope.kind.to_string(),
        when: fact.occurred().map(|when| InstantView::of(when, asked.zone())),
        text: super::sentence::of(fact, asked.all),
        sources: each_once(fact.record.sources.iter().map(cite)),
        changes,
        anomalies: Vec::new(),
    }
}

/// A place cited for two passages is named once.
fn each_once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(item: Value, expected: &str) {
        let history = History::new(&[], &crate::domain::history::Knowledge::default());
        let state = Negotiation::new(history.ground.clone());
        let (at, cut) = (crate::domain::when::Instant(0), Cut::default());
        let asked = Asked { history: &history, all: &state, certain: &state, cut: &cut, at };
        assert_eq!(headline(&asked, &item, &[], &["state", "round", "last_outcome"], String::new()).value, expected);
    }

    #[test]
    fn the_headline_of_talks_that_sit_has_no_outcome() {
        let talks = |state, outcome| serde_json::json!({ "state": state, "round": "R2", "last_outcome": outcome });
        reads(talks("in-session", "no-agreement"), "in-session, R2");
        reads(talks("not-in-session", "no-agreement"), "not-in-session, R2, no-agreement");
        reads(talks("not-in-session", "not-stated"), "not-in-session, R2");
    }

    #[test]
    fn a_place_cited_twice_is_named_once() {
        let names = ["S1 para 1", "S1 para 1", "S1 para 2"].map(String::from);
        assert_eq!(each_once(names.into_iter()), ["S1 para 1", "S1 para 2"]);
    }
}
