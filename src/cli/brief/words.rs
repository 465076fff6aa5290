//! The lines of a briefing in plain words.

use super::super::dates::worded;
use super::super::names::Names;
use super::super::text::{counted, words};
use super::super::{due, incidents};
use crate::domain::agreement::Stage;
use crate::domain::ceasefire::{Nominal, Observed};
use crate::domain::ids::Handle;
use crate::domain::measure::MeasureState;
use crate::domain::table::TalksState;
use crate::domain::value::Party;
use crate::view::{
    AgreementView, AnomalyView, AnswerView, Became, Brief, CeasefireView, Change, ChangeLine, Changed, DemandView,
    DueView, EventChange, IncidentView, InstantView, Line, MeasureView, OfferView, Side, TalksView,
};

pub(super) use super::super::dates::worded as date;

/// A line of more words is cut; the whole of it is one command away.
const WORDS_AT_MOST: usize = 45;

/// Sentences that name parties.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub names: Names<'a>,
}

/// At most so many words, and a sign where there were more.
pub(super) fn shortened(text: &str) -> String {
    let all: Vec<&str> = words(text).collect();
    let kept = all.get(..WORDS_AT_MOST).map(|kept| format!("{} [..]", kept.join(" ")));
    if all.len() > WORDS_AT_MOST { kept.unwrap_or_default() } else { text.to_string() }
}

/// `in-force` as `in force`; a name or a date keeps its hyphens.
fn plain(text: impl ToString) -> String {
    let is_code = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b',' || b == b':');
    let plain = |word: &str| if is_code(word) { word.replace('-', " ") } else { word.to_string() };
    text.to_string().split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// Without the full stop that a text may end with.
fn open(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

fn since(when: &Option<InstantView>) -> String {
    when.as_ref().map(|when| format!(" {}", since_day(when))).unwrap_or_default()
}

/// `since 4 May 2023 at the latest`, `possibly since 25 Oct 2025`.
fn since_day(when: &InstantView) -> String {
    let day = worded(when);
    match (day.strip_prefix("by "), day.strip_prefix("possibly ")) {
        (Some(last), _) => format!("since {last} at the latest"),
        (_, Some(day)) => format!("possibly since {day}"),
        _ if day.starts_with("between ") => format!("since some day {day}"),
        _ => format!("since {day}"),
    }
}

/// For how long, counted from the first day there can be; from the last, where no first is known.
fn age(days: i64, since: &InstantView) -> String {
    let days = counted(usize::try_from(days).unwrap_or(0), "day");
    let day = worded(since);
    match () {
        () if day.starts_with("by ") => format!("at least {days}"),
        () if day.starts_with("between ") => format!("at most {days}"),
        () => days,
    }
}

fn until(when: &Option<InstantView>, awaited: &Option<crate::view::Awaited>) -> String {
    match (when, awaited) {
        (None, None) => String::new(),
        (when, awaited) => {
            let text = super::super::dates::or_awaited(None, awaited.as_ref());
            format!(", until {}", when.as_ref().map_or(text, worded))
        }
    }
}

fn day(day: Option<i64>) -> String {
    day.map(|day| format!(" (day {day})")).unwrap_or_default()
}

/// What may lie after the day asked about.
fn doubt<T>(line: &Line<T>) -> String {
    match (line.possible, &line.certain_value) {
        (false, _) => String::new(),
        (true, Some(serde_json::Value::String(value))) => format!(" (possibly; for certain only: {})", plain(value)),
        (true, Some(_)) => " (possibly; nothing of it is certain by this day)".into(),
        (true, None) => " (resting in part on what possibly came later)".into(),
    }
}

fn at_table<T>(line: &Line<T>) -> String {
    line.table.as_ref().map(|table| format!(" (at the table of {table})")).unwrap_or_default()
}

/// A line that changed: `Agreement A1, Ceasefire agreed in Doha: new, signed.`
pub(super) fn change(line: &ChangeLine) -> String {
    let change = &line.change;
    let value = |value: &Option<String>| plain(value.as_deref().unwrap_or("nothing"));
    let course = match change.changed {
        Changed::Moved => moved(change),
        Changed::Opened => format!("new, {}", value(&change.after)),
        Changed::Gone => format!("counts no more; it was {}", value(&change.before)),
    };
    let name = match change.what.parse::<Handle>() {
        Ok(handle) => format!("{} {handle}", capital(handle.letter.noun())),
        Err(_) => capital(&change.what),
    };
    let about = about(change);
    let possibly = if line.possible { ", possibly" } else { "" };
    // The verdict of a long text must not be cut off with its end.
    format!("{name}{}: {course}{possibly}.", clipped(&about))
}

/// From where to where, without what both have at their ends: `from open to settled`.
fn moved(change: &Change) -> String {
    let parts = |value: &Option<String>| -> Vec<String> {
        value.as_deref().unwrap_or("nothing").split(", ").map(plain).collect()
    };
    let (mut before, mut after) = (parts(&change.before), parts(&change.after));
    while before.len() > 1 && after.len() > 1 && before.last() == after.last() {
        before.pop();
        after.pop();
    }
    format!("from {} to {}", before.join(", "), after.join(", "))
}

/// What a line is about; a ceasefire without a name of its own goes by its parties.
fn about(change: &Change) -> String {
    let text = open(&change.text);
    let is_ceasefire = change.what.starts_with('C');
    match text.split_once(": ").filter(|_| is_ceasefire) {
        _ if text.is_empty() => String::new(),
        Some(("ceasefire", parties)) => format!(", {parties}"),
        Some((called, parties)) => format!(", {called}, {parties}"),
        None => format!(", {text}"),
    }
}

/// A text inside a line, cut to leave room for what is said of it.
fn clipped(text: &str) -> String {
    let all: Vec<&str> = words(text).collect();
    match all.get(..24) {
        Some(kept) if all.len() > 24 => format!("{} [..]", kept.join(" ")),
        _ => text.to_string(),
    }
}

/// An event that came in late, was corrected, or fell out.
pub(super) fn late_news(event: &EventChange) -> String {
    let when = |when: &Option<InstantView>| when.as_ref().map_or("undated".into(), worded);
    let text = open(&event.text);
    match event.became {
        Became::Counted => format!("{}: {text}.", capital(&when(&event.after))),
        Became::Gone => format!("Counts no more: {text} ({}).", when(&event.before)),
        Became::Corrected if event.before != event.after => {
            format!("Corrected: {text} ({}; before: {}).", when(&event.after), when(&event.before))
        }
        Became::Corrected => format!("Corrected: {text} ({}).", when(&event.after)),
    }
}

pub(super) fn anomaly(anomaly: &AnomalyView) -> String {
    format!("{}: {}.", anomaly.event, open(&anomaly.text))
}

fn talks_are(state: TalksState) -> String {
    match state {
        TalksState::NotBegun => "have not begun".into(),
        state => format!("are {}", plain(state)),
    }
}

fn has_come_to(stage: Stage) -> String {
    match stage {
        Stage::Reached | Stage::Signed | Stage::Ratified => format!("has been {}", plain(stage)),
        Stage::Expired | Stage::Ended => format!("has {}", plain(stage)),
        Stage::Proposed | Stage::InForce | Stage::Suspended | Stage::Rejected | Stage::Superseded | Stage::Other => {
            format!("is {}", plain(stage))
        }
    }
}

fn is_over(state: Nominal) -> bool {
    matches!(state, Nominal::Ended | Nominal::Expired | Nominal::Superseded)
}

impl Words<'_> {
    /// What holds now, in one paragraph.
    pub(super) fn answer(self, brief: &Brief) -> String {
        let t = &brief.talks.item.item;
        let next = t.next.as_ref().filter(|next| !next.did_not_open).and_then(|next| next.r#for.as_ref());
        let next = next.map(|when| format!("; a round is set for {}", worded(when))).unwrap_or_default();
        let mut sentences = vec![format!("The talks {}{}{next}.", talks_are(t.state), doubt(&brief.talks.item))];
        sentences.push(self.headline(brief));
        sentences.push(match brief.agreements.lines.first() {
            Some(line) => {
                let a = &line.item.item;
                let title = a.title.as_deref().map_or_else(|| a.handle.to_string(), |title| clipped(open(title)));
                let table = at_table(&line.item);
                format!("The latest agreement{table}, {title}, {}{}.", has_come_to(a.stage), doubt(&line.item))
            }
            None => "No agreement is on record.".into(),
        });
        sentences.push(match brief.demands.count() {
            0 => "No demand is open.".into(),
            1 => "One demand is open.".into(),
            n => format!("{n} demands are open."),
        });
        sentences.push(match brief.disputes.count() {
            0 => "Nothing is disputed.".into(),
            1 => "One point is disputed.".into(),
            n => format!("{n} points are disputed."),
        });
        let silence = brief.silence_days.map(|days| usize::try_from(days).unwrap_or(0));
        sentences.extend(match silence {
            None => Some("Nothing has been heard so far.".to_string()),
            Some(0) => None,
            Some(days) => Some(format!("Nothing has been heard for {}.", counted(days, "day"))),
        });
        sentences.join(" ")
    }

    /// The ceasefire to speak of, else the measures in effect.
    fn headline(self, brief: &Brief) -> String {
        let headline =
            brief.ceasefires.lines.iter().find(|line| Some(line.item.item.handle) == brief.headline_ceasefire);
        if let Some(line) = headline {
            let c = &line.item.item;
            if is_over(c.state) {
                let ended = if c.state == Nominal::Ended { "has ended" } else { "has expired" };
                return format!("The ceasefire {} {ended}{}.", self.whose(c), doubt(&line.item));
            }
            let state = format!("{}{}{}", plain(c.state), day(c.day), until(&c.until, &c.until_awaits));
            return format!("The ceasefire {} is {state}{}; {}.", self.whose(c), doubt(&line.item), said_of_it(c));
        }
        let mut measures = brief.measures.lines.iter().map(|line| {
            let m = &line.item.item;
            format!("{}{}", open(m.text.as_deref().unwrap_or(m.r#type.as_str())), day(m.day))
        });
        match (measures.next(), brief.measures.count()) {
            (Some(first), 1) => format!("One measure is in effect: {first}."),
            (Some(first), n) => {
                let rest: Vec<String> = measures.take(2).collect();
                let all = [vec![first], rest].concat().join("; ");
                format!("{n} measures are in effect: {all}{}.", if n > 3 { "; and others" } else { "" })
            }
            (None, _) => "No ceasefire and no measure in effect is on record.".into(),
        }
    }

    /// `of Afghanistan and Pakistan`, `declared by the FARC-EP`.
    fn whose(self, c: &CeasefireView) -> String {
        let parties = self.listed(&c.parties);
        if c.agreed { format!("of {parties}") } else { format!("declared by {parties}") }
    }

    fn listed<'p>(self, parties: impl IntoIterator<Item = &'p Party>) -> String {
        let names: Vec<String> = parties.into_iter().map(|party| self.names.of(party)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} and {last}", before.join(", ")),
            None => "nobody named".into(),
        }
    }

    /// Where talks stand, at their own table or another.
    pub(super) fn talks(self, line: &Line<TalksView>) -> String {
        let t = &line.item;
        let who = line.table.as_ref().map_or("Talks".into(), |table| format!("Talks at the table of {table}"));
        let mut text = format!("{who}: {}{}", plain(t.state), since(&t.since));
        if let Some(round) = t.round {
            let place = t.place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
            text.push_str(&format!(", round {round}{place}"));
        }
        text.push_str(&t.how.map(|how| format!(", {}", plain(how))).unwrap_or_default());
        let sits = matches!(t.state, TalksState::InSession | TalksState::Paused);
        match t.last_outcome.as_deref() {
            None => {}
            Some("not-stated") if sits => {}
            Some(outcome) if sits => text.push_str(&format!("; outcome before it: {}", plain(outcome))),
            Some(outcome) => text.push_str(&format!("; last outcome: {}", plain(outcome))),
        }
        if let Some(next) = &t.next {
            let when = next.r#for.as_ref().map(|when| format!(" on {}", worded(when))).unwrap_or_default();
            let fate = if next.did_not_open { "was set and did not open" } else { "is next" };
            text.push_str(&format!(". Round {} {fate}{}", next.round, when.replace(" on between", " between")));
        }
        format!("{text}{}.", doubt(line))
    }

    pub(super) fn ceasefire(self, line: &Line<CeasefireView>) -> String {
        let c = &line.item;
        let called = c.called.as_ref().filter(|called| *called != "ceasefire");
        let called = called.map(|called| format!(", {}", clipped(open(called)))).unwrap_or_default();
        let how = c.how.map(|how| format!(" ({})", plain(how))).unwrap_or_default();
        let mut text = format!("Ceasefire {}{}{called}, {}: ", c.handle, at_table(line), self.whose(c));
        text.push_str(&format!("{}{how}{}", plain(c.state), day(c.day)));
        let since = since(&c.since);
        match is_over(c.state) {
            true if since.is_empty() => {}
            true => {
                let from = since.replacen("since ", "from ", 1);
                text.push_str(&format!("; in force{from}{}", until(&c.until, &c.until_awaits).replacen(',', "", 1)));
            }
            false => {
                text.push_str(&format!("{since}{}; {}", until(&c.until, &c.until_awaits), said_of_it(c)));
            }
        }
        if c.by_party.values().any(|state| *state != c.state) {
            let of = |(party, state): (&Party, &Nominal)| format!("for {} {}", self.names.of(party), plain(state));
            text.push_str(&format!("; {}", c.by_party.iter().map(of).collect::<Vec<_>>().join(", ")));
        }
        format!("{text}{}{}.", doubt(line), self.disputed(line))
    }

    pub(super) fn agreement(self, line: &Line<AgreementView>) -> String {
        let a = &line.item;
        let title = a.title.as_ref().map(|title| format!(", {}", clipped(open(title)))).unwrap_or_default();
        let last = [&a.in_force, &a.ratified, &a.signed, &a.reached, &a.proposed];
        let decided =
            a.decisions.iter().filter(|decision| !decision.ratified).map(|decision| &decision.when).next_back();
        let when = if a.stage == Stage::Rejected { decided } else { None };
        let when = when.or_else(|| last.into_iter().find(|when| when.is_some())).and_then(Option::as_ref);
        let when = when.filter(|_| is_a_step(a)).map(|when| format!(", {}", worded(when))).unwrap_or_default();
        let until = match (a.stage, &a.until) {
            (Stage::Expired, Some(end)) => format!(", {}", worded(end)),
            _ => until(&a.until, &a.until_awaits),
        };
        let text = format!("Agreement {}{}{title}: {}{when}{until}", a.handle, at_table(line), plain(a.stage));
        format!("{text}{}{}.", doubt(line), self.disputed(line))
    }

    pub(super) fn measure(self, line: &Line<MeasureView>) -> String {
        let m = &line.item;
        let text = m.text.as_ref().map(|text| format!(", {}", clipped(open(text)))).unwrap_or_default();
        let by = if m.by.is_empty() { String::new() } else { format!(", by {}", self.listed(&m.by)) };
        let over = if m.state == MeasureState::PossiblyExpired { ", possibly over" } else { "" };
        let when = format!("{}{}{}", since(&m.since), day(m.day), until(&m.until, &m.until_awaits));
        let kind = plain(m.r#type);
        let kind = if kind == "other" { String::new() } else { format!(", {kind}") };
        format!("Measure {}{}{kind}{text}{by}: in effect{when}{over}{}.", m.handle, at_table(line), doubt(line))
    }

    pub(super) fn offer(self, line: &Line<OfferView>) -> String {
        let o = &line.item;
        let by = self.listed(o.by.iter().map(|actor| &actor.party));
        let last = if o.r#final { ", called final" } else { "" };
        let text = clipped(open(&o.text));
        let head = format!("Offer {}{} of {by} to {}{last}", o.handle, at_table(line), self.listed(&o.to));
        format!("{head}: {text}; {}{}{}.", plain(o.state), since(&o.since), doubt(line))
    }

    /// `Pakistan asks`.
    pub(super) fn asks(self, by: &[Party]) -> String {
        format!("{} {}", self.listed(by), if by.len() == 1 { "asks" } else { "ask" })
    }

    pub(super) fn demand(self, line: &Line<DemandView>) -> String {
        let d = &line.item;
        let weight = d.weight.map(|weight| format!(" ({})", plain(weight))).unwrap_or_default();
        let age = match (d.age_days, &d.since) {
            (Some(days), Some(since)) => format!("; open {} ({})", since_day(since), age(days, since)),
            (None, Some(since)) => format!("; open {}", since_day(since)),
            _ => String::new(),
        };
        let answer = |a: &AnswerView| {
            let when = a.when.as_ref().map(|when| format!(", {}", worded(when))).unwrap_or_default();
            format!("answer of {}: {}{when}", self.names.of(&a.party), plain(a.answer))
        };
        let answers: Vec<String> = d.answers.iter().map(answer).collect();
        let answers = if answers.is_empty() { "Unanswered".into() } else { capital(&answers.join("; ")) };
        let turn = if d.r#move.is_empty() { String::new() } else { format!(" Move: {}.", self.listed(&d.r#move)) };
        let head =
            format!("{}{} of {}: {}{weight}", d.handle, at_table(line), self.listed(&d.of), clipped(open(&d.text)));
        format!("{head}{age}{}{}. {answers}.{turn}", doubt(line), self.disputed(line))
    }

    /// What one side says, in its words.
    pub(super) fn side(self, side: &Side) -> String {
        let when = side.when.as_ref().map(|when| format!(" ({})", worded(when))).unwrap_or_default();
        let text = open(&side.text);
        let by = self.listed(&side.by);
        match side.claim {
            Some(claim) => format!("{by}: {text} ({claim})."),
            // A sentence that names who says so needs no name before it.
            None if side.by.is_empty() || text.contains(&by) => format!("{text}{when}."),
            None => format!("{by}: {text}{when}."),
        }
    }

    pub(super) fn due(self, line: &Line<DueView>) -> String {
        let d = &line.item;
        let handle = d.handle.map(|handle| format!(" ({handle})")).unwrap_or_default();
        let text = clipped(open(&d.text));
        format!("{}, {}: {text}{handle}{}.", capital(&worded(&d.due)), due::days(d), doubt(line))
    }

    pub(super) fn incident(self, line: &Line<IncidentView>) -> String {
        let i = &line.item;
        let when = i.when.as_ref().map_or("Undated".into(), |when| capital(&worded(when)));
        let place = i.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        let total = if i.aggregate { "; a total, never added to its parts" } else { "" };
        let standing = plain(i.standing);
        format!("{when}{place}: {}{total} ({standing}){}.", clipped(open(&i.text)), doubt(line))
    }

    /// Each account of the dead and injured, apart.
    pub(super) fn accounts(self, incident: &IncidentView) -> Vec<String> {
        let range = |word: &str| match word.split_once("..") {
            Some((low, high)) if low.parse::<u64>().is_ok() && high.parse::<u64>().is_ok() => {
                format!("{low} to {high}")
            }
            _ => word.to_string(),
        };
        let words = |toll: String| toll.split(' ').map(range).collect::<Vec<_>>().join(" ");
        incident.tolls.iter().map(|toll| words(incidents::toll(toll, self.names))).collect()
    }

    fn disputed<T>(self, line: &Line<T>) -> String {
        if line.disputed_by.is_empty() {
            String::new()
        } else {
            format!("; disputed by {}", self.listed(&line.disputed_by))
        }
    }
}

/// Whether its stage is one that was reached on a day; the others come by the clock or undo it.
fn is_a_step(a: &AgreementView) -> bool {
    matches!(
        a.stage,
        Stage::Proposed | Stage::Reached | Stage::Signed | Stage::Ratified | Stage::InForce | Stage::Rejected
    )
}

/// Whether it is kept, as far as somebody says.
fn said_of_it(c: &CeasefireView) -> String {
    let observed = match c.observed {
        Observed::NoReports => "no report says whether it is kept".to_string(),
        Observed::Holding => "it is said to be holding".into(),
        observed => format!("it is {}", plain(observed)),
    };
    let incidents = match c.incidents_since.len() {
        0 => String::new(),
        n => format!(", {} since last agreed or confirmed", counted(n, "incident")),
    };
    let v = c.violations;
    let violations = match v.alleged {
        0 => ", and no violation is alleged".to_string(),
        n => format!(", {} alleged, {} denied, {} acknowledged", counted(n, "violation"), v.denied, v.acknowledged),
    };
    format!("{observed}{incidents}{violations}")
}
