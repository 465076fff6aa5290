//! What a template can print: the briefing in words, line by line, each with its sources.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::names::Names;
use super::super::text::counted;
use super::words::{self, Words};
use crate::app::{Asking, Point};
use crate::domain::ids::Handle;
use crate::domain::value::Party;
use crate::view::{Answer, Brief, Cited, DemandView, IncidentView, Line, Shortlist, SourceView};

/// Everything a template knows. The names are those that it uses, so they stay.
#[derive(Serialize)]
pub(super) struct Sheet {
    title: String,
    as_of: String,
    known_by: Option<String>,
    /// What had been reported, in a few words.
    reported: String,
    /// The earlier day, short; and as it was understood.
    since: String,
    compared_with: String,
    /// A sentence for each way in which less was asked for than everything.
    readings: String,
    answer: String,
    state: Vec<List<Said>>,
    changes: List<Said>,
    late_news: List<Said>,
    demands: Demands,
    disputes: List<Vec<Said>>,
    due: List<Said>,
    incidents: List<Incident>,
    anomalies: List<Said>,
    whose: String,
    log: String,
    root: Option<String>,
    made_by: String,
    complete: String,
    command: String,
    notes: Vec<Note>,
}

/// A line, and the handles of its sources.
#[derive(Serialize)]
struct Said {
    text: String,
    sources: Vec<Handle>,
}

/// A list, how many more there are, and the command that has them all.
#[derive(Serialize)]
struct List<T> {
    lines: Vec<T>,
    more: usize,
    rest: String,
}

#[derive(Serialize)]
struct Demands {
    groups: Vec<Group>,
    more: usize,
    rest: String,
}

/// What one party, or several together, ask.
#[derive(Serialize)]
struct Group {
    by: String,
    lines: Vec<Said>,
}

#[derive(Serialize)]
struct Incident {
    text: String,
    sources: Vec<Handle>,
    /// Each account of the dead and injured.
    accounts: Vec<String>,
}

/// A source, as a footnote names it.
#[derive(Serialize)]
struct Note {
    handle: Handle,
    text: String,
    url: Option<String>,
}

impl Sheet {
    pub(super) fn of(asking: &Asking<'_>, since: &Point, brief: &Brief, command: &str) -> Sheet {
        let (frame, words) = (asking.answer(()), Words { names: Names::new(asking) });
        let (from, to) = (&brief.since.edtf, &frame.as_of.edtf);
        let diff = |days: String| format!("talks diff {days}");
        Sheet {
            title: if brief.title.is_empty() { asking.name().into() } else { brief.title.clone() },
            as_of: asking.as_of.echo.clone(),
            reported: asking.known_by.as_ref().map_or_else(
                || "with everything that was reported, on whatever day".into(),
                |point| format!("with what was reported by {}", point.echo),
            ),
            known_by: asking.known_by.as_ref().map(|point| point.echo.clone()),
            since: words::date(&brief.since),
            compared_with: since.echo.clone(),
            readings: readings(&frame, words),
            answer: words.answer(brief),
            state: state(brief, words),
            changes: list(&brief.changes, diff(format!("{from} {to}")), words::change),
            late_news: list(
                &brief.late_news,
                diff(format!("{from} {to} --as-of {from} --clock knowledge")),
                words::late_news,
            ),
            demands: demands(&brief.demands, words),
            disputes: disputes(brief, words),
            due: list(&brief.due, "talks due".into(), |line| words.due(line)),
            incidents: incidents(&brief.incidents, words),
            anomalies: List {
                lines: brief.anomalies.lines.iter().map(|anomaly| Said::new(words::anomaly(anomaly), &[])).collect(),
                more: brief.anomalies.more,
                rest: "talks check anomaly".into(),
            },
            whose: whose(&frame, words),
            log: log(asking, &frame),
            root: frame.root.clone(),
            made_by: format!("Rules {}, talks {}.", frame.rules, env!("CARGO_PKG_VERSION")),
            complete: complete(&frame, brief),
            command: command.into(),
            notes: brief.sources.iter().map(note).collect(),
        }
    }
}

impl Said {
    fn new(text: String, sources: &[Handle]) -> Said {
        Said { text: words::shortened(&text), sources: sources.to_vec() }
    }
}

fn list<T>(list: &Shortlist<Cited<T>>, rest: String, text: impl Fn(&T) -> String) -> List<Said> {
    let said = |line: &Cited<T>| Said::new(text(&line.item), &line.sources);
    List { lines: list.lines.iter().map(said).collect(), more: list.more, rest }
}

fn state(brief: &Brief, words: Words<'_>) -> Vec<List<Said>> {
    let talks = Shortlist { lines: vec![brief.talks.clone()], more: 0 };
    let all = |name: &str| format!("talks {name}");
    let mut state = vec![
        list(&talks, all("rounds"), |line| words.talks(line)),
        list(&brief.other_tables, all("status"), |line| words.talks(line)),
        list(&brief.ceasefires, all("ceasefires"), |line| words.ceasefire(line)),
        list(&brief.agreements, all("agreements"), |line| words.agreement(line)),
        list(&brief.measures, all("measures"), |line| words.measure(line)),
        list(&brief.offers, all("offers"), |line| words.offer(line)),
    ];
    state.retain(|list| !list.lines.is_empty());
    state
}

fn demands(demands: &Shortlist<Cited<Line<DemandView>>>, words: Words<'_>) -> Demands {
    let by = |line: &Cited<Line<DemandView>>| -> Vec<Party> {
        line.item.item.by.iter().map(|actor| actor.party.clone()).collect()
    };
    let mut groups: BTreeMap<Vec<Party>, Vec<Said>> = BTreeMap::new();
    for line in &demands.lines {
        groups.entry(by(line)).or_default().push(Said::new(words.demand(&line.item), &line.sources));
    }
    let group = |(by, lines): (Vec<Party>, Vec<Said>)| Group { by: words.asks(&by), lines };
    Demands { groups: groups.into_iter().map(group).collect(), more: demands.more, rest: "talks demands".into() }
}

fn disputes(brief: &Brief, words: Words<'_>) -> List<Vec<Said>> {
    let sides = |dispute: &crate::view::Dispute| {
        dispute.sides.iter().map(|side| Said::new(words.side(&side.item), &side.sources)).collect()
    };
    let Shortlist { lines, more } = &brief.disputes;
    List { lines: lines.iter().map(sides).collect(), more: *more, rest: "talks claims".into() }
}

fn incidents(incidents: &Shortlist<Cited<Line<IncidentView>>>, words: Words<'_>) -> List<Incident> {
    let incident = |line: &Cited<Line<IncidentView>>| Incident {
        text: words::shortened(&words.incident(&line.item)),
        sources: line.sources.clone(),
        accounts: words.accounts(&line.item.item).iter().map(|account| words::shortened(account)).collect(),
    };
    List { lines: incidents.lines.iter().map(incident).collect(), more: incidents.more, rest: "talks incidents".into() }
}

fn readings(frame: &Answer<()>, words: Words<'_>) -> String {
    let left_out = counted(frame.reading.left_out, "event");
    let party = frame.reading.accounts_of.as_ref();
    let mut readings: Vec<String> = Vec::new();
    readings.extend(frame.certain.then(|| "Only what is certain to have happened by then counts.".into()));
    readings.extend(party.map(|party| {
        format!("This is the account of {} alone; {left_out} of others left out.", words.names.of(party))
    }));
    let corroborated = frame.reading.corroborated;
    readings.extend(corroborated.then(|| format!("Only what is corroborated counts; {left_out} left out.")));
    readings.join(" ")
}

fn whose(frame: &Answer<()>, words: Words<'_>) -> String {
    match (&frame.reading.accounts_of, frame.reading.corroborated) {
        (Some(party), _) => format!("by the account of {}", words.names.of(party)),
        (None, true) => "corroborated only".into(),
        (None, false) => "by everyone's account".into(),
    }
}

/// Which log, and how much of it. A version is named once, whether it was asked for or is the last.
fn log(asking: &Asking<'_>, frame: &Answer<()>) -> String {
    let upto = frame.version.map_or("no event".into(), |version| format!("e{version}"));
    let recorded = asking.recorded_by.as_ref().filter(|point| point.view.edtf != upto);
    let recorded = recorded.map(|point| format!(", as recorded by {}", point.echo)).unwrap_or_default();
    let id = frame.log.map(|id| format!(" ({id})")).unwrap_or_default();
    let unsealed = if frame.root.is_none() { ", not sealed" } else { "" };
    format!("Log {}{id} up to {upto}{recorded}{unsealed}.", frame.negotiation)
}

fn complete(frame: &Answer<()>, brief: &Brief) -> String {
    let read = if frame.complete {
        "Every record could be read"
    } else {
        "Not complete: some records can't be read (talks log)"
    };
    let is_cut = brief.is_cut();
    let cut = if is_cut { "lists were cut where it says how many more there are" } else { "no list was cut" };
    format!("{read}; {cut}.")
}

fn note(line: &Line<SourceView>) -> Note {
    let source = &line.item;
    let published = source.published.as_ref().map(words::date);
    let mut said: Vec<String> = [&source.title, &source.publisher, &published].into_iter().flatten().cloned().collect();
    // Some are only known by the place where they were published.
    said.dedup();
    let text = if said.is_empty() { source.handle.to_string() } else { said.join(", ") };
    Note { handle: source.handle, text: words::shortened(&text), url: source.url.clone() }
}
