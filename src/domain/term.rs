//! A term: the moment by which, from which or until which something holds.
//!
//! A term is a date, or it hangs on a milestone of something else: so many days after it, or together with it. What hangs on a
//! milestone that has not come is open, and is asked again at every fold. References inside a term do not order the event that
//! carries it: one may agree today to stop when a round closes that has not opened. Days are calendar days, to the day's end.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::Target;
use super::value::{Name, Named, Walk, codes, shorthand};
use super::when::{Instant, Span, When, Zone};

codes! {
    /// The moment in a life that a term hangs on.
    pub enum Milestone {
        Begins = "begins", Closes = "closes", Reached = "reached", Signed = "signed", Ratified = "ratified",
        EntersIntoForce = "enters-into-force", Ends = "ends", Met = "met", Lifted = "lifted",
    }
}

/// When something is due, begins or runs out.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// At a date.
    At(When),
    /// So many calendar days after a milestone.
    After(Target, Milestone, u32),
    /// Together with a milestone.
    With(Target, Milestone),
}

/// When a term has come: not before `from`, certainly from `to` on; the same instant where the term is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first instant at which it may have come.
    pub from: Instant,
    /// The first instant at which it certainly has.
    pub to: Instant,
}

/// Whether a term has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// Not yet, or there is no term.
    No,
    /// It may have, the term being vague.
    Possibly,
    /// It has.
    Yes,
}

const DAY: i64 = 86_400;

impl Due {
    /// Whether it has come at an instant; at the very instant, it has.
    pub fn passed(self, at: Instant) -> Passed {
        if at >= self.to {
            Passed::Yes
        } else if at >= self.from {
            Passed::Possibly
        } else {
            Passed::No
        }
    }

    /// A date as a deadline: a day counts to its end, an hour is that instant, a vaguer date may mean any of its days.
    pub fn of_date(when: &When, zone: Zone) -> Due {
        let span = when.end(zone).unwrap_or_else(|| when.span(zone));
        if span.is_point() {
            return Due { from: span.start, to: span.start };
        }
        let first_day_over = Instant(span.start.0.saturating_add(DAY)).min(span.end);
        let first_hour = when.first_part(zone).filter(|first| first.is_point()).map(|hour| hour.start);
        Due { from: first_hour.unwrap_or(first_day_over), to: span.end }
    }

    /// So many calendar days after a span, to the day's end in the zone.
    fn days_after(span: Span, days: u32, zone: Zone) -> Due {
        let day_over = |at: Instant| {
            let offset = i64::from(zone.seconds());
            let day = at.0.saturating_add(offset).div_euclid(DAY);
            Instant(day.saturating_add(1 + i64::from(days)).saturating_mul(DAY).saturating_sub(offset))
        };
        Due { from: day_over(span.start), to: day_over(span.last()) }
    }
}

impl Term {
    /// The date it is, where it is one.
    pub fn as_written(&self) -> Option<&When> {
        match self {
            Term::At(when) => Some(when),
            Term::After(..) | Term::With(..) => None,
        }
    }

    /// When the term comes, given when milestones were; nothing while it hangs on one that has not come.
    pub fn due(&self, milestone: impl Fn(&Target, Milestone) -> Option<Span>, zone: Zone) -> Option<Due> {
        match self {
            Term::At(when) => Some(Due::of_date(when, zone)),
            Term::After(target, name, days) => milestone(target, *name).map(|span| Due::days_after(span, *days, zone)),
            Term::With(target, name) => milestone(target, *name).map(|span| Due { from: span.start, to: span.last() }),
        }
    }

    /// When something starts that starts at this term: at the first moment of a date, with or after a milestone.
    pub fn start(&self, milestone: impl Fn(&Target, Milestone) -> Option<Span>, zone: Zone) -> Option<Instant> {
        match self {
            Term::At(when) => Some(when.begin(zone).start),
            Term::After(target, name, days) => {
                let due = milestone(target, *name).map(|span| Due::days_after(span, *days, zone))?;
                Some(Instant(due.to.0.saturating_sub(DAY)))
            }
            Term::With(target, name) => milestone(target, *name).map(|span| span.start),
        }
    }
}

impl Walk for Term {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        if let Term::After(target, ..) | Term::With(target, ..) = self {
            see(Name::InTerm(target));
        }
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        if let Term::After(target, ..) | Term::With(target, ..) = self {
            see(Named::InTerm(target));
        }
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename = "TermInFull")]
struct TermInFull {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone: Option<Milestone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
}

impl Term {
    fn from_full(full: TermInFull) -> Result<Term, String> {
        match full {
            TermInFull { at: Some(at), after: None, with: None, milestone: None, days: None } => Ok(Term::At(at)),
            TermInFull { at: None, after: Some(target), with: None, milestone: Some(milestone), days: Some(days) } => {
                Ok(Term::After(target, milestone, days))
            }
            TermInFull { at: None, after: None, with: Some(target), milestone: Some(milestone), days: None } => {
                Ok(Term::With(target, milestone))
            }
            _ => Err("a term is a date, {at}, {after, milestone, days} or {with, milestone}".into()),
        }
    }
}

shorthand! {
    Term, "a date, {at}, {after, milestone, days} or {with, milestone}",
    str: |text: &str| When::parse(text).map(Term::At),
    map TermInFull: Term::from_full
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.clone() {
            Term::At(at) => at.serialize(s),
            Term::After(target, milestone, days) => {
                let (after, milestone, days) = (Some(target), Some(milestone), Some(days));
                TermInFull { after, milestone, days, ..Default::default() }.serialize(s)
            }
            Term::With(target, milestone) => {
                TermInFull { with: Some(target), milestone: Some(milestone), ..Default::default() }.serialize(s)
            }
        }
    }
}

impl JsonSchema for Term {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Term".into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let (when, full) = (g.subschema_for::<When>(), g.subschema_for::<TermInFull>());
        json_schema!({
            "description": "A date, {at: date}, {after: reference, milestone, days} (calendar days, to the day's end) or {with: reference, milestone}.",
            "anyOf": [when, full]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_date_is_a_term() {
        let bare: Result<Term, _> = serde_json::from_str("\"2025-11-06\"");
        let full: Result<Term, _> = serde_json::from_str(r#"{"at":"2025-11-06"}"#);
        assert!(bare.is_ok());
        assert_eq!(bare.ok(), full.ok());
    }

    fn due(text: &str) -> Option<Due> {
        When::parse(text).ok().map(|when| Due::of_date(&when, Zone::default()))
    }

    #[test]
    fn a_day_runs_to_its_end_and_an_hour_to_its_instant() {
        let midnight = Instant(1_761_955_200); // 2025-11-01T00:00:00Z
        assert_eq!(due("2025-10-31"), Some(Due { from: midnight, to: midnight }));
        assert_eq!(due("2025-11-01T05:00+05:00"), Some(Due { from: midnight, to: midnight }));
    }

    #[test]
    fn a_month_may_mean_any_of_its_days() {
        let month = due("2025-10").map(|due| (due.passed(Instant(1_759_276_800)), due.passed(Instant(1_760_000_000))));
        assert_eq!(month, Some((Passed::No, Passed::Possibly)));
    }

    #[test]
    fn ten_days_after_the_29th_of_february_is_the_end_of_the_10th_of_march() {
        let signed = When::parse("2020-02-29").map(|when| when.span(Zone::default()));
        let term = Term::After(Target::Elsewhere("x:A1".into()), Milestone::Signed, 10);
        let due = signed.ok().and_then(|span| term.due(|_, _| Some(span), Zone::default()));
        let end_of_10_march = Instant(1_583_884_800);
        assert_eq!(due, Some(Due { from: end_of_10_march, to: end_of_10_march }));
    }

    #[test]
    fn a_term_that_mixes_its_shapes_is_refused() {
        for text in [r#"{"after":"A1","days":10}"#, r#"{"with":"R1"}"#, r#"{"at":"2025","days":3}"#, "{}", "7"] {
            assert!(serde_json::from_str::<Term>(text).is_err(), "{text} was read as a term");
        }
    }
}
