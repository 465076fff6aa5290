//! The state: a row for each line of the status, in the sections of the status.

use maud::{Markup, html};

use super::row::{Row, date, marks, text, why, word};
use crate::domain::ids::Version;
use crate::domain::ledger::Standing;
use crate::picture::look;
use crate::view::dates::{or_awaited, worded};
use crate::view::words::{counted, days, observed, terms};
use crate::view::{
    AgreementView, Around, CeasefireView, ClaimView, CommitmentView, DueView, InstantView, Line, MeasureView,
    RoundView, Sheet, TalksView, clean,
};

/// A section of the state: its list, its heading, the list of what is over, and what is said where there is nothing.
pub(super) struct Section {
    pub list: &'static str,
    pub heading: &'static str,
    pub over: Option<&'static str>,
    pub none: &'static str,
}

const fn section(list: &'static str, heading: &'static str, over: Option<&'static str>, none: &'static str) -> Section {
    Section { list, heading, over, none }
}

/// The sections, in the order of the status.
pub(super) const SECTIONS: [Section; 12] = [
    section("talks", "Talks", None, ""),
    section("rounds", "Rounds", Some("rounds-over"), ""),
    section("ceasefires", "Ceasefires", Some("ceasefires-over"), "No ceasefire is in force, and none waits."),
    section("agreements", "Agreements", Some("agreements-over"), "No agreement stands."),
    section("measures", "Measures in effect", Some("measures-over"), ""),
    section("demands", "Open demands", Some("demands-over"), "No demand is open."),
    section("offers", "Offers on the table", Some("offers-over"), ""),
    section("commitments", "Commitments", Some("commitments-over"), ""),
    section("due", "Due", None, ""),
    section("disputed", "Disputed claims", Some("claims"), ""),
    section("incidents", "Incidents", None, ""),
    section("odd", "What does not fit", None, ""),
];

/// At most so many rows of a list are shown; a negotiation of hundreds of thousands of events has lists for them.
const ROWS_AT_MOST: usize = 120;

pub(super) struct Maker<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) around: &'a Around,
    pub(super) rows: Vec<Row>,
}

/// The rows of the state.
pub(super) fn rows(sheet: &Sheet<'_>, around: &Around) -> Vec<Row> {
    let mut maker = Maker { sheet, around, rows: Vec::new() };
    let s = &sheet.status;
    maker.talks(&s.talks, 0);
    s.other_tables.iter().enumerate().for_each(|(nth, line)| maker.talks(line, nth + 1));
    s.rounds.iter().for_each(|line| maker.round(line));
    s.ceasefires.iter().for_each(|line| maker.ceasefire(line));
    s.agreements.iter().for_each(|line| maker.agreement(line));
    s.measures.iter().for_each(|line| maker.measure(line));
    maker.demands(&s.demands);
    s.offers.iter().for_each(|line| maker.offer(line));
    s.commitments.iter().for_each(|line| maker.commitment(line));
    s.due.iter().take(12).enumerate().for_each(|(nth, line)| maker.due(line, nth));
    s.claims.iter().for_each(|line| maker.claim(line));
    maker.incidents();
    maker.odd();
    shortened(maker.rows)
}

/// The latest of each list.
fn shortened(rows: Vec<Row>) -> Vec<Row> {
    let mut counts = std::collections::BTreeMap::new();
    let mut kept: Vec<Row> = rows
        .into_iter()
        .rev()
        .filter(|row| {
            let count = counts.entry(row.list).or_insert(0);
            *count += 1;
            *count <= ROWS_AT_MOST
        })
        .collect();
    kept.reverse();
    kept
}

/// What a row of the state shows.
pub(super) struct Shape<'a> {
    pub(super) key: String,
    /// The word that says where it stands.
    pub(super) word: String,
    /// What is said beside it.
    pub(super) beside: Option<String>,
    pub(super) said: Markup,
    pub(super) basis: &'a [Version],
    pub(super) possible: bool,
    /// The name by which its headline goes, if not its key.
    pub(super) named: Option<String>,
}

impl Maker<'_> {
    /// A row whose look follows its headline, as in the pictures.
    pub(super) fn push(&mut self, list: &'static str, rank: (usize, u32), shape: Shape<'_>) {
        let Shape { key, word, beside, said, basis, possible, named } = shape;
        let stands = named.as_ref().or(Some(&key)).and_then(|name| self.sheet.stands.get(name));
        let stands = stands.cloned().unwrap_or_default();
        // A claim that is disputed is no line that holds.
        let looks = if list == "disputed" { "troubled" } else { look(&key, &stands) };
        let class = format!("row {looks}{}", if possible { " possible" } else { "" });
        let html = html! {
            li class=(class) id=(key) tabindex="-1" data-is=(clean(&stands)) {
                p {
                    span class="word" { (word) } @if let Some(beside) = beside { " " span class="beside" { (beside) } }
                    " " (said)
                }
                (why(basis, &self.around.events, &key))
            }
        };
        self.rows.push(Row { list, key, rank, html });
    }

    fn talks(&mut self, line: &Line<TalksView>, nth: usize) {
        let (t, names) = (&line.item, self.sheet.names);
        let said = html! {
            @if let Some(round) = t.round { b class="id" { (round) } " " @if let Some(place) = &t.place { (text(place)) " " } }
            @if let Some(how) = t.how { (word(how)) " " }
            (term("since", t.since.as_ref())) " "
            @if let Some(next) = &t.next {
                span { (next.round) (if next.did_not_open { " did not open" } else { " is next" }) @if let Some(when) = &next.r#for { ", " (date(when)) } } " "
            }
            @if let Some(outcome) = t.last_outcome.as_deref().filter(|o| *o != "not-stated") { span class="soft" { "last outcome: " (word(outcome)) } }
            (marks(line, names))
        };
        let key = if nth == 0 { "talks".to_string() } else { format!("talks-{nth}") };
        let named = line.table.as_ref().map_or("talks".into(), |table| format!("talks ({table})"));
        let shape = Shape {
            key,
            word: word(t.state),
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: Some(named),
        };
        self.push("talks", (nth, 0), shape);
    }

    fn round(&mut self, line: &Line<RoundView>) {
        let (r, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (r.handle) } " " @if let Some(called) = r.called.last() { (text(called)) " " } @if let Some(place) = &r.place { (text(place)) }
            @if r.opened == r.closed { (term("held", r.opened.as_ref())) } @else {
                (term("opened", r.opened.as_ref()))
                (term("closed", r.closed.as_ref()))
            }
            @if r.opened.is_none() { (term("set for", r.scheduled_for.as_ref())) }
            @if let Some(outcome) = r.outcome.as_deref().filter(|o| *o != "not-stated") { " " span class="soft" { "outcome: " (word(outcome)) } }
            @if !r.mediators.is_empty() { span class="line" { "mediated by " (text(&names.all(&r.mediators))) } }
            (marks(line, names))
        };
        let shape = Shape {
            key: r.handle.to_string(),
            word: word(r.state),
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if self.is_over(r.handle) { "rounds-over" } else { "rounds" };
        self.push(list, (0, r.handle.number), shape);
    }

    fn ceasefire(&mut self, line: &Line<CeasefireView>) {
        use crate::domain::ceasefire::Nominal::{Ended, Expired, Superseded};
        let (c, names) = (&line.item, self.sheet.names);
        let is_headline = self.sheet.status.headline_ceasefire == Some(c.handle);
        let over = matches!(c.state, Superseded | Ended | Expired);
        let said = html! {
            b class="id" { (c.handle) } " " (text(c.called.as_deref().unwrap_or("ceasefire"))) ": " (text(&names.all(&c.parties)))
            (term("since", c.since.as_ref()))
            @if c.until.is_some() || c.until_awaits.is_some() {
                " " span class="soft" { "until " (clean(&or_awaited(c.until.as_ref(), c.until_awaits.as_ref()))) }
            }
            @if c.by_party.values().any(|state| *state != c.state) {
                span class="line" { @for (party, state) in &c.by_party { (text(&names.of(party))) ": " (word(state)) ". " } }
            }
            @for gap in &c.gaps { span class="line" { "did not hold from " (date(&gap.from)) " to " (date(&gap.to)) } }
            (marks(line, names))
            span class="line observed" { span class="soft" { "observed: " } (word(observed(c))) }
        };
        let shape = Shape {
            key: c.handle.to_string(),
            word: word(terms(c)),
            beside: Some(word(c.observed)),
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if over && !is_headline { "ceasefires-over" } else { "ceasefires" };
        self.push(list, (0, c.handle.number), shape);
    }

    fn agreement(&mut self, line: &Line<AgreementView>) {
        let (a, names) = (&line.item, self.sheet.names);
        let stage = a.superseded_by.map_or_else(|| word(a.stage), |by| format!("superseded by {by}"));
        let dated =
            [("reached", &a.reached), ("signed", &a.signed), ("ratified", &a.ratified), ("in force from", &a.in_force)];
        let last = dated.into_iter().rev().find_map(|(verb, when)| Some((verb, when.as_ref()?)));
        let said = html! {
            b class="id" { (a.handle) } " " @if let Some(title) = &a.title { (text(title)) }
            @if !a.parties.is_empty() { " " span class="soft" { (text(&names.all(&a.parties))) } }
            @if let Some((verb, when)) = last { (term(verb, Some(when))) }
            @if a.until.is_some() || a.until_awaits.is_some() {
                " " span class="soft" { "until " (clean(&or_awaited(a.until.as_ref(), a.until_awaits.as_ref()))) }
            }
            @if a.by_party.values().any(|stage| *stage != a.stage) {
                span class="line" { @for (party, stage) in &a.by_party { (text(&names.of(party))) ": " (word(stage)) ". " } }
            }
            (marks(line, names))
        };
        let shape = Shape {
            key: a.handle.to_string(),
            word: stage,
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if self.is_over(a.handle) { "agreements-over" } else { "agreements" };
        self.push(list, (0, a.handle.number), shape);
    }

    /// Whether the headline of a line says that it is over.
    fn is_over(&self, handle: crate::domain::ids::Handle) -> bool {
        let name = handle.to_string();
        self.sheet.stands.get(&name).is_some_and(|stands| look(&name, stands) == "over")
    }

    fn measure(&mut self, line: &Line<MeasureView>) {
        let (m, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (m.handle) } " " (word(m.r#type))
            @if let Some(said) = &m.text { ": " (text(said)) }
            @if !m.by.is_empty() { " " span class="soft" { "by " (text(&names.all(&m.by))) } }
            (term("since", m.since.as_ref()))
            @if let Some(lifted) = &m.lifted { (term("lifted", Some(lifted))) }
            (marks(line, names))
        };
        let day = m.day.map(|day| format!("day {day}"));
        let shape = Shape {
            key: m.handle.to_string(),
            word: word(m.state),
            beside: day,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if self.is_over(m.handle) { "measures-over" } else { "measures" };
        self.push(list, (0, m.handle.number), shape);
    }

    fn commitment(&mut self, line: &Line<CommitmentView>) {
        let (k, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (k.handle) } " " (text(&names.all(&k.by))) ": " (text(&k.text))
            @if k.due.is_some() || k.due_awaits.is_some() { " " span class="soft" { "due " (clean(&or_awaited(k.due.as_ref(), k.due_awaits.as_ref()))) } }
            @if let Some(level) = k.level { " " span class="soft" { "carried out to level " (level.0) } }
            (marks(line, names))
        };
        let shape = Shape {
            key: k.handle.to_string(),
            word: word(k.state),
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if self.is_over(k.handle) { "commitments-over" } else { "commitments" };
        self.push(list, (0, k.handle.number), shape);
    }

    fn due(&mut self, line: &Line<DueView>, nth: usize) {
        let d = &line.item;
        let said = html! {
            @if let Some(handle) = d.handle { b class="id" { (handle) } " " }
            (text(&d.text)) " " span class="soft" { (date(&d.due)) } (marks(line, self.sheet.names))
        };
        let handle = d.handle.map_or_else(|| nth.to_string(), |handle| handle.to_string());
        let key = format!("due-{handle}-{}", word(d.what).replace(' ', "-"));
        let class = if d.overdue { "row troubled" } else { "row waits" };
        let html = html! {
            li class=(class) id=(key) tabindex="-1" data-is=(if d.overdue { "overdue" } else { "due" }) {
                p { span class="word" { (days(d)) } " " (said) }
                (why(&line.basis, &self.around.events, &key))
            }
        };
        let rank = d.due.ends().1.map_or(usize::MAX, |at| usize::try_from(at.0.max(0)).unwrap_or(usize::MAX));
        self.rows.push(Row { list: "due", key, rank: (rank, u32::try_from(nth).unwrap_or(u32::MAX)), html });
    }

    fn claim(&mut self, line: &Line<ClaimView>) {
        let (q, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (q.handle) } " " (text(&names.of(&q.by.party))) ": " (text(&q.text))
            @if !q.denied_by.is_empty() { span class="line" { "denied by " (text(&names.all(&q.denied_by))) } }
            @if !q.rivals.is_empty() { span class="line" { "against " @for rival in &q.rivals { a class="id" href=(format!("#{rival}")) { (rival) } " " } } }
            @if !q.confirmed_by.is_empty() { span class="line" { "confirmed by " (text(&names.all(&q.confirmed_by))) } }
            @if line.possible { " " em class="perhaps" { "possibly" } }
        };
        let shape = Shape {
            key: q.handle.to_string(),
            word: word(q.standing),
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if q.standing == Standing::Disputed { "disputed" } else { "claims" };
        self.push(list, (0, q.handle.number), shape);
    }

    fn incidents(&mut self) {
        let i = &self.sheet.status.incidents;
        if i.count + i.aggregates > 0 {
            let html = html! {
                li class="row" id="incidents" data-is=(i.count) {
                    p {
                        span class="word" { (counted(i.count, "incident")) }
                        @if i.aggregates > 0 { " and " (counted(i.aggregates, "total")) " over a time, never added" }
                        @if !i.tolls.is_empty() { "; " (counted(i.tolls.len(), "figure")) " of dead or injured, each by its account, never summed" }
                        ". "
                        @if i.tolls.iter().any(|line| line.toll.killed.is_some()) { a href="#pictures" { "Figures by account" } }
                    }
                }
            };
            self.rows.push(Row { list: "incidents", key: "incidents".into(), rank: (0, 0), html });
        }
        if let Some(days) = self.sheet.status.silence_days.filter(|days| *days > 0) {
            let html = html! { li class="row" id="silence" { p { span class="word" { (days_of(days)) } " since anything was heard" } } };
            self.rows.push(Row { list: "incidents", key: "silence".into(), rank: (1, 0), html });
        }
    }

    fn odd(&mut self) {
        for (nth, odd) in self.sheet.status.anomalies.iter().take(20).enumerate() {
            let key = format!("odd-{}-{nth}", odd.event);
            let html = html! { li class="row troubled" id=(key) { p { a class="id" href=(format!("#{}", odd.event)) { (odd.event) } " " (text(&odd.text)) } } };
            let rank = (usize::try_from(odd.event.0).unwrap_or(usize::MAX), u32::try_from(nth).unwrap_or(u32::MAX));
            self.rows.push(Row { list: "odd", key, rank, html });
        }
    }
}

pub(super) fn term(verb: &str, when: Option<&InstantView>) -> Markup {
    // "since by 30 October" is no English, and "since between 1 and 3 May" is none.
    let words = when.map(worded).filter(|_| verb == "since").unwrap_or_default();
    html! {
        @if let Some(latest) = words.strip_prefix("by ") { " " span class="soft" { "since " (clean(latest)) " at the latest" } }
        @else if let Some(days) = words.strip_prefix("between ") { " " span class="soft" { "begun between " (clean(days)) } }
        @else if let Some(when) = when { " " span class="soft" { (verb) " " (date(when)) } }
    }
}

pub(super) fn days_of(days: i64) -> String {
    counted(usize::try_from(days).unwrap_or(0), "day")
}
