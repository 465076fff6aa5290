//! `talks status`: one screen.

use anstyle::Style;

use super::Context;
use super::ceasefires::{observed, terms};
use super::dates::{human, maybe, or_awaited};
use super::names::Names;
use super::page::{Page, header};
use super::table::joined;
use super::text::{BAD, BOLD, DIM, GOOD, WARN, clean, counted, pad, styled, width, wrap};
use crate::app::{Asking, Depth, Trouble};
use crate::domain::agreement::Stage;
use crate::domain::ceasefire::{Nominal, Observed};
use crate::domain::commitment::{CommitmentState, DeadlineState};
use crate::domain::ids::Handle;
use crate::domain::ledger::Standing;
use crate::domain::measure::MeasureState;
use crate::domain::offer::OfferState;
use crate::domain::table::TalksState;
use crate::view::{DeadlineView, Line, Status, TalksView, status};

/// In words, a glance is enough.
pub(super) fn page(context: &Context<'_>) -> Result<Page, Trouble> {
    if context.global.json || context.global.csv {
        return context.ask_state(|asking| Ok(Page::new(asking.answer(status(&asking.asked())), None, String::new())));
    }
    context.ask_rows(Depth::Glance, |asking| Ok(Page::told(words(asking))))
}

fn words(asking: &Asking<'_>) -> String {
    let status = status(&asking.asked());
    format!("{}{}{}", header(asking), text(&status, Names::new(asking)), nothing_known(asking, &status))
}

/// One section a line: what it is about, a word, and the rest.
struct Screen {
    /// How many columns there are for what stands behind the word.
    room: usize,
    text: String,
    possible: bool,
    disputed: bool,
}

/// The status for people.
pub(super) fn text(s: &Status, names: Names<'_>) -> String {
    let room = width().saturating_sub(34).max(24);
    let mut screen = Screen { room, text: String::new(), possible: false, disputed: false };
    talks(&mut screen, &s.talks);
    s.other_tables.iter().for_each(|line| talks(&mut screen, line));
    ceasefires(&mut screen, s, names);
    agreements(&mut screen, s);
    measures(&mut screen, s, names);
    demands(&mut screen, s, names);
    offers(&mut screen, s, names);
    commitments(&mut screen, s, names);
    passed(&mut screen, s);
    claims(&mut screen, s, names);
    incidents(&mut screen, s);
    due(&mut screen, s);
    tail(&mut screen, s);
    screen.finish()
}

impl Screen {
    fn line(&mut self, label: &str, style: Style, word: &str, rest: &str) {
        let lines = wrap(&clean(rest), self.room);
        let label = pad(label, 12);
        let word = clean(word);
        // A long word pushes the rest to the next line, so that nothing is cut.
        let columns = unicode_width::UnicodeWidthStr::width(word.as_str());
        let fits = columns < 22;
        let gap = " ".repeat(if fits && !rest.is_empty() { 22 - columns } else { 0 });
        self.text.push_str(&format!("{}{}{gap}", styled(BOLD, &label), styled(style, &word)));
        for (i, line) in lines.iter().enumerate() {
            let lead =
                if (i == 0 && fits) || rest.is_empty() { String::new() } else { format!("\n{}", " ".repeat(34)) };
            self.text.push_str(&format!("{lead}{line}"));
        }
        self.text.push('\n');
    }

    /// The marks behind a handle, explained at the foot, and the other table to which it belongs.
    fn mark<T>(&mut self, handle: impl ToString, line: &Line<T>) -> String {
        self.possible |= line.possible;
        self.disputed |= !line.disputed_by.is_empty();
        let possible = if line.possible { "?" } else { "" };
        let disputed = if line.disputed_by.is_empty() { "" } else { "!" };
        let table = line.table.as_ref().map(|table| format!(" [{table}]")).unwrap_or_default();
        format!("{}{possible}{disputed}{table}", handle.to_string())
    }

    fn finish(self) -> String {
        let mut text = self.text;
        if self.possible || self.disputed {
            text.push('\n');
        }
        if self.possible {
            text.push_str(&format!(
                "{}\n",
                styled(DIM, "? may lie after the day asked about; --certain leaves it out")
            ));
        }
        if self.disputed {
            text.push_str(&format!("{}\n", styled(DIM, "! a party disputes it; talks claims, talks why")));
        }
        text
    }
}

fn talks(screen: &mut Screen, line: &Line<TalksView>) {
    let t = &line.item;
    let style = match t.state {
        TalksState::InSession => GOOD,
        TalksState::Paused | TalksState::NotInSession | TalksState::Closed => WARN,
        _ => BOLD,
    };
    let mut words = Vec::new();
    if let Some(round) = t.round {
        let place = t.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
        words.push(format!("{}{place}", screen.mark(round, line)));
    }
    words.extend(t.how.map(|how| how.to_string()));
    words.extend(t.since.as_ref().map(|since| format!("since {}", human(since))));
    words.extend(t.next.as_ref().map(|next| {
        let fate = if next.did_not_open { "did not open" } else { "is next" };
        format!("{} {fate} ({})", next.round, maybe(next.r#for.as_ref()))
    }));
    screen.line("Talks", style, &upper(t.state), &format!("{}{}", words.join(", "), last_outcome(t)));
}

/// While the talks sit, the last outcome is that of the time before, and says so.
fn last_outcome(t: &TalksView) -> String {
    let sits = matches!(t.state, TalksState::InSession | TalksState::Paused);
    match t.last_outcome.as_deref() {
        None => String::new(),
        Some("not-stated") if sits => String::new(),
        Some(outcome) if sits => format!("; before it: {}", outcome.replace('-', " ")),
        Some(outcome) => format!("; last outcome: {}", outcome.replace('-', " ")),
    }
}

fn upper(word: impl ToString) -> String {
    word.to_string().replace('-', " ").to_uppercase()
}

/// The ones that count, the headline first; those replaced or over are only counted.
fn ceasefires(screen: &mut Screen, s: &Status, names: Names<'_>) {
    let over = |state: Nominal| matches!(state, Nominal::Superseded | Nominal::Ended | Nominal::Expired);
    let is_headline = |handle: Handle| s.headline_ceasefire == Some(handle);
    let mut shown: Vec<_> = s.ceasefires.iter().filter(|l| is_headline(l.item.handle) || !over(l.item.state)).collect();
    shown.sort_by_key(|line| !is_headline(line.item.handle));
    if s.ceasefires.is_empty() {
        screen.line("Ceasefire", BOLD, "none", "");
    }
    let rest = s.ceasefires.len() - shown.len();
    for (i, line) in shown.iter().enumerate() {
        let c = &line.item;
        let style = match (c.state, c.observed) {
            (Nominal::InForce, Observed::Holding | Observed::NoReports) => GOOD,
            (Nominal::InForce | Nominal::Suspended | Nominal::Pending | Nominal::PossiblyExpired, _) => WARN,
            _ => BAD,
        };
        let called = c.called.as_ref().map(|called| format!(" {called}")).unwrap_or_default();
        let mut words = vec![format!("{}{called}", screen.mark(c.handle, line)), names.all(&c.parties)];
        words.extend(c.since.as_ref().map(|since| format!("since {}", human(since))));
        if c.until.is_some() || c.until_awaits.is_some() {
            words.push(format!("until {}", or_awaited(c.until.as_ref(), c.until_awaits.as_ref())));
        }
        words.push(observed(c));
        if i + 1 == shown.len() && rest > 0 {
            words.push(format!("and {rest} over"));
        }
        let label = if i == 0 { "Ceasefire" } else { "" };
        screen.line(label, style, &terms(c).to_uppercase().replace('-', " "), &words.join(", "));
    }
}

fn agreements(screen: &mut Screen, s: &Status) {
    if s.agreements.is_empty() {
        screen.line("Agreement", BOLD, "none signed", "");
    }
    for (i, line) in s.agreements.iter().enumerate() {
        let a = &line.item;
        let style = match a.stage {
            Stage::Signed | Stage::Ratified | Stage::InForce => GOOD,
            Stage::Proposed | Stage::Reached | Stage::Suspended => WARN,
            _ => BAD,
        };
        let title = a.title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
        let label = if i == 0 { "Agreement" } else { "" };
        let stage = a.superseded_by.map_or_else(|| upper(a.stage), |by| format!("SUPERSEDED by {by}"));
        let text = format!("{}{title}", screen.mark(a.handle, line));
        screen.line(label, style, &stage, &text);
    }
}

fn measures(screen: &mut Screen, s: &Status, names: Names<'_>) {
    let in_effect = |state| matches!(state, MeasureState::InEffect | MeasureState::PossiblyExpired);
    for line in s.measures.iter().filter(|line| in_effect(line.item.state)) {
        let m = &line.item;
        let days = m.day.map(|day| format!(", day {day}")).unwrap_or_default();
        let perhaps = if m.state == MeasureState::PossiblyExpired { ", possibly over" } else { "" };
        let by = if m.by.is_empty() { String::new() } else { format!(", by {}", names.all(&m.by)) };
        let text = m.text.as_deref().unwrap_or_default().trim_end_matches('.');
        let text = format!("{} {text}{by}{days}{perhaps}", screen.mark(m.handle, line));
        screen.line("Measure", WARN, &upper(m.r#type), &text);
    }
}

fn demands(screen: &mut Screen, s: &Status, names: Names<'_>) {
    let open: Vec<_> = s.demands.iter().filter(|line| line.item.open).collect();
    let word = format!("{} open", open.len());
    let over = s.demands.len() - open.len();
    if open.is_empty() {
        screen.line("Demands", BOLD, &word, &if over > 0 { format!("{over} no longer open") } else { String::new() });
    }
    for (i, line) in open.into_iter().enumerate() {
        let d = &line.item;
        let weight = d.weight.map(|weight| format!(" ({weight})")).unwrap_or_default();
        let answers = if d.answers.is_empty() { "unanswered".into() } else { names.answers(&d.answers) };
        let from = names.all(d.by.iter().map(|actor| &actor.party));
        let handle = screen.mark(d.handle, line);
        let asked = d.text.trim_end_matches('.');
        let text = format!(
            "{handle} {from} -> {}: {asked}{weight}; {answers}; move: {}",
            names.all(&d.of),
            names.all(&d.r#move)
        );
        screen.line(if i == 0 { "Demands" } else { "" }, BOLD, if i == 0 { &word } else { "" }, &text);
    }
}

fn offers(screen: &mut Screen, s: &Status, names: Names<'_>) {
    let stands = |state| matches!(state, OfferState::Standing | OfferState::Deferred | OfferState::PartlyAccepted);
    for line in s.offers.iter().filter(|line| stands(line.item.state)) {
        let o = &line.item;
        let handle = screen.mark(o.handle, line);
        let text = format!(
            "{handle} {} -> {}: {}",
            names.all(o.by.iter().map(|actor| &actor.party)),
            names.all(&o.to),
            o.text
        );
        screen.line("Offer", BOLD, &o.state.to_string(), &text);
    }
}

fn commitments(screen: &mut Screen, s: &Status, names: Names<'_>) {
    use CommitmentState::{Overdue, PossiblyOverdue, Repudiated};
    let is_amiss = |state| matches!(state, Overdue | PossiblyOverdue | Repudiated);
    for line in s.commitments.iter().filter(|line| is_amiss(line.item.state)) {
        let k = &line.item;
        let text =
            format!("{} {}: {} (due {})", screen.mark(k.handle, line), names.all(&k.by), k.text, maybe(k.due.as_ref()));
        screen.line("Commitment", BAD, &upper(k.state), &text);
    }
}

/// The last date that was set and has passed.
fn passed(screen: &mut Screen, s: &Status) {
    let is_passed = |state| matches!(state, DeadlineState::Passed | DeadlineState::PossiblyPassed);
    let passed = s.deadlines.iter().filter(|line| is_passed(line.item.state));
    let last = passed.max_by(|a, b| {
        let latest = |line: &Line<DeadlineView>| line.item.due.as_ref().map(|due| due.latest.clone());
        latest(a).cmp(&latest(b))
    });
    if let Some(line) = last {
        let t = &line.item;
        let text =
            format!("{} {} ({})", screen.mark(t.handle, line), t.text.trim_end_matches('.'), maybe(t.due.as_ref()));
        screen.line("Deadline", DIM, &upper(t.state), &text);
    }
}

fn claims(screen: &mut Screen, s: &Status, names: Names<'_>) {
    let disputed: Vec<_> = s.claims.iter().filter(|line| line.item.standing == Standing::Disputed).collect();
    let word = format!("{} disputed", disputed.len());
    if disputed.is_empty() && !s.claims.is_empty() {
        screen.line("Claims", BOLD, &word, &format!("of {}", s.claims.len()));
    }
    for (i, line) in disputed.into_iter().enumerate() {
        let q = &line.item;
        let handle = screen.mark(q.handle, line);
        let against = if q.denied_by.is_empty() {
            format!("rivals {}", joined(&q.rivals))
        } else {
            format!("denied by {}", names.all(&q.denied_by))
        };
        let text = format!("{handle} {}: {}; {against}", names.of(&q.by.party), q.text.trim_end_matches('.'));
        screen.line(if i == 0 { "Claims" } else { "" }, WARN, if i == 0 { &word } else { "" }, &text);
    }
}

fn incidents(screen: &mut Screen, s: &Status) {
    let i = &s.incidents;
    if i.count + i.aggregates == 0 {
        return;
    }
    let totals = match i.aggregates {
        0 => String::new(),
        n => format!("and {} over a time, never added; ", counted(n, "total")),
    };
    let tolls = counted(i.figures, "figure");
    screen.line("Incidents", BOLD, &i.count.to_string(), &format!("{totals}{tolls} of dead or injured, never summed"));
}

fn due(screen: &mut Screen, s: &Status) {
    for (i, line) in s.due.iter().take(5).enumerate() {
        let d = &line.item;
        let (style, word) = (if d.overdue { BAD } else { BOLD }, super::due::days(d));
        let handle = d.handle.map(|handle| screen.mark(handle, line)).unwrap_or_default();
        screen.line(if i == 0 { "Due" } else { "" }, style, &word, &format!("{} {handle} {}", human(&d.due), d.text));
    }
}

fn tail(screen: &mut Screen, s: &Status) {
    for anomaly in s.anomalies.iter().take(5) {
        screen.line("Anomaly", BAD, &anomaly.event.to_string(), &anomaly.text);
    }
    if s.anomalies.len() > 5 {
        screen.line("", BAD, &format!("and {} more", s.anomalies.len() - 5), "talks status --json lists them");
    }
    if let Some(days) = s.silence_days.filter(|days| *days > 0) {
        screen.line("Silence", DIM, &counted(usize::try_from(days).unwrap_or(0), "day"), "since anything was heard");
    }
    let events = &s.events;
    let count = format!("{} counted, {} possible, {} later", events.counted, events.possible, events.later);
    screen.line("Events", DIM, &count, "");
}

/// Asked of a day before anything was known, the answer says so and where to look.
fn nothing_known(asking: &Asking<'_>, s: &Status) -> String {
    match (&asking.known_by, s.events.counted) {
        (Some(point), 0 | 1) if asking.records().len() > 1 => format!(
            "\nNothing in this log had been reported by {}.\n{} for the state of the world on that day use --as-of\n",
            point.echo,
            styled(BOLD, "hint:")
        ),
        _ => String::new(),
    }
}
