//! What every line of every view has: what it rests on, and whether that is certain.
//!
//! The state is folded twice, with all facts and with the certain ones. A line is marked iff an event in its basis is possible, and
//! where the certain fold says otherwise, that value stands beside it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::domain::ceasefire::{Violation, stands_alleged};
use crate::domain::history::{Fact, History};
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::moment::Moment;
use crate::domain::negotiation::{Cut, Negotiation};
use crate::domain::now::Now;
use crate::domain::term::{Due, Milestone, Term};
use crate::domain::value::Party;
use crate::domain::when::{Instant, Span, When, Zone};

/// What a view is asked of.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The facts in world order.
    pub history: &'a History,
    /// The state by the instant, of all facts that count.
    pub all: &'a Negotiation,
    /// The state of the certain ones alone.
    pub certain: &'a Negotiation,
    /// Which facts were folded.
    pub cut: &'a Cut,
    /// The instant.
    pub at: Instant,
}

/// A date as written, with the first and last instant it can mean, in the log's zone; `..` where it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstantView {
    /// As written, in EDTF.
    pub edtf: String,
    /// RFC 3339, or `..`.
    pub earliest: String,
    /// RFC 3339, or `..`; a day ends at 23:59:59.
    pub latest: String,
}

/// What a date hangs on that has not come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Awaited {
    /// The life or event.
    #[schemars(with = "String")]
    pub of: Target,
    /// What is to become of it.
    pub milestone: Milestone,
    /// How many calendar days after that; null: together with it.
    pub days: Option<u32>,
}

/// An item with its basis.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Line<T> {
    /// The item's own fields.
    #[serde(flatten)]
    pub item: T,
    /// The id of the event that defines it; null where that is a draft without one.
    pub id: Option<Uuid>,
    /// The events it rests on, corrections among them.
    #[schemars(with = "Vec<String>")]
    pub basis: Vec<Version>,
    /// Whether an event in its basis may lie after the day asked about.
    pub possible: bool,
    /// What the certain events alone say, where that differs; null where they say nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certain_value: Option<Value>,
    /// The parties that deny an event in its basis, or rival it.
    #[schemars(with = "Vec<String>")]
    pub disputed_by: Vec<Party>,
    /// The other table to which it belongs, where talks run in parallel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

impl InstantView {
    /// A date as written.
    pub fn of(when: &When, zone: Zone) -> InstantView {
        InstantView::spanning(when.text(), when.span(zone), zone)
    }

    /// A span under a name.
    pub fn spanning(edtf: &str, span: Span, zone: Zone) -> InstantView {
        InstantView { edtf: edtf.into(), earliest: span.start.rfc3339(zone), latest: span.last().rfc3339(zone) }
    }

    /// Its first and last instant, where they are not open.
    pub fn ends(&self) -> (Option<Instant>, Option<Instant>) {
        let instant = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Instant(at.timestamp()));
        (instant(&self.earliest), instant(&self.latest))
    }

    /// An instant that was computed, not written.
    pub fn at(at: Instant, zone: Zone) -> InstantView {
        InstantView::spanning(&at.rfc3339(zone), Span::point(at), zone)
    }
}

impl<'a> Asked<'a> {
    /// The state, asked for the instant.
    pub fn now(&self) -> Now<'a> {
        self.all.at(self.at)
    }

    /// The certain state, asked for the instant.
    pub fn certainly(&self) -> Now<'a> {
        self.certain.at(self.at)
    }

    /// The log's zone.
    pub fn zone(&self) -> Zone {
        self.all.ground.zone
    }

    /// When a moment was.
    pub fn when(&self, moment: &Moment) -> Option<InstantView> {
        moment.when.as_ref().map(|when| InstantView::of(when, self.zone()))
    }

    /// When a term comes: as dated, or as computed; nothing while it is open.
    pub fn due(&self, term: &Term) -> Option<InstantView> {
        if let Term::At(when) = term {
            return Some(InstantView::of(when, self.zone()));
        }
        self.now().due(term).map(|due| self.due_view(due))
    }

    /// What a term hangs on, while that has not come.
    pub fn awaited(&self, term: &Term) -> Option<Awaited> {
        let (of, milestone, days) = match term {
            Term::At(_) => return None,
            Term::After(of, milestone, days) => (of, milestone, Some(*days)),
            Term::With(of, milestone) => (of, milestone, None),
        };
        let is_open = self.now().due(term).is_none();
        is_open.then(|| Awaited { of: of.clone(), milestone: *milestone, days })
    }

    /// The start of the day on which something began, where its date names one day and leaves no doubt about it.
    pub fn first_day(&self, when: &When) -> Option<Instant> {
        let began = when.begin(self.zone());
        let one_day = days_between(began.start, began.last(), self.zone()) == 0;
        (one_day && !when.is_approximate() && !when.is_uncertain()).then_some(began.start)
    }

    /// A computed due date; what runs to a day's end, or comes with something of a day, is written as that day.
    pub fn due_view(&self, due: Due) -> InstantView {
        let zone = self.zone();
        let is_midnight = |at: Instant| at.0.saturating_add(i64::from(zone.seconds())).rem_euclid(86_400) == 0;
        // Days run to the midnight after them; what comes with something comes in its last second at the latest.
        let runs_to_a_days_end = is_midnight(due.to);
        let last =
            |at: Instant| if runs_to_a_days_end && is_midnight(at) { Instant(at.0.saturating_sub(1)) } else { at };
        let (from, to) = (last(due.from), last(due.to));
        let is_whole = from == to || is_midnight(from);
        let is_one_day = is_whole && days_between(from, to, zone) == 0 && is_midnight(Instant(to.0.saturating_add(1)));
        let (earliest, latest) = (from.rfc3339(zone), to.rfc3339(zone));
        let day = latest.split_once('T').filter(|_| is_one_day).map(|(day, _)| day.to_owned());
        InstantView { edtf: day.unwrap_or_else(|| latest.clone()), earliest, latest }
    }

    /// How many of these are alleged, and not taken back.
    pub(super) fn alleged<'v>(&self, violations: impl IntoIterator<Item = &'v Violation>) -> usize {
        let now = self.now();
        violations.into_iter().filter(|violation| stands_alleged(violation, &now)).count()
    }

    /// A line that rests on `basis`. `certain` is its headline in the certain fold, given where that differs from the item's own.
    pub fn line<T>(&self, item: T, definer: Option<Version>, basis: &[Version], certain: Option<Value>) -> Line<T> {
        let mut basis = basis.to_vec();
        // Most are already, and a life may rest on very many.
        if !basis.is_sorted_by(|one, next| one < next) {
            basis.sort_unstable();
            basis.dedup();
        }
        let possible = self.all.possible.iter().any(|event| basis.binary_search(event).is_ok());
        let id = definer.and_then(|event| self.history.id(event));
        let certain_value = certain.filter(|_| possible);
        let disputed_by = self.all.ledger.disputed_by(&basis);
        let table = definer.and_then(|event| self.all.ground.tables.get(&event)).map(|name| name.to_string());
        Line { item, id, basis, possible, certain_value, disputed_by, table }
    }

    /// The line of a life: its headline now, and in the certain fold, are compared.
    pub fn life<T>(&self, handle: Handle, item: T, basis: &[Version], headline: (Value, Option<Value>)) -> Line<T> {
        let definer = self.all.ground.creators.get(&handle).copied();
        let (now, certain) = headline;
        let certain = certain.unwrap_or(Value::Null);
        self.line(item, definer, basis, (certain != now).then_some(certain))
    }

    /// The facts that were folded, in world order.
    pub fn facts(&self) -> impl Iterator<Item = &'a Fact> + 'a {
        let (at, cut) = (self.at, self.cut);
        self.history.facts.iter().take_while(move |fact| fact.key <= at).filter(move |fact| cut.takes(fact, at))
    }

    /// The facts that come later, without those that the reading leaves out.
    pub fn later(&self) -> impl Iterator<Item = &'a Fact> + 'a {
        let (at, cut) = (self.at, self.cut);
        self.history.facts.iter().filter(move |fact| fact.key > at && !cut.left_out.contains(&fact.version()))
    }

    /// Whether a fact was folded.
    pub fn takes(&self, fact: &Fact) -> bool {
        fact.key <= self.at && self.cut.takes(fact, self.at)
    }
}

/// A word as JSON.
pub(super) fn word(word: impl ToString) -> Value {
    Value::String(word.to_string())
}

/// Whole days from one instant's day to another's, in the zone.
pub(super) fn days_between(from: Instant, to: Instant, zone: Zone) -> i64 {
    let day = |at: Instant| at.0.saturating_add(i64::from(zone.seconds())).div_euclid(86_400);
    day(to).saturating_sub(day(from))
}
