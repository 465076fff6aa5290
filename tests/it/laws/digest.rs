//! What a state says, told so that two states can be compared: every answer it gives and everything it holds, by life.
//!
//! A version is told by the name of its event, so that it reads the same wherever the event stands in its log, and its rank
//! among the facts of one key is not told at all. A lens may also hide events, and blur what lies beyond the day asked about.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::test_runner::TestCaseError;
use talks::domain::agreement::Agreement;
use talks::domain::anomaly::Anomaly;
use talks::domain::ceasefire::{Ceasefire, is_acknowledged, is_established, stands_alleged};
use talks::domain::commitment::Commitment;
use talks::domain::history::History;
use talks::domain::ids::{Target, Version};
use talks::domain::negotiation::{Cut, Negotiation, fold};
use talks::domain::now::Now;
use talks::domain::reading::{Reading, left_out};
use talks::domain::term::Term;
use talks::domain::value::Party;
use talks::domain::when::Instant;

use super::log::Log;

/// How versions and instants are told.
#[derive(Clone, Debug, Default)]
pub struct Lens {
    markers: BTreeMap<Version, usize>,
    hidden_from: Option<usize>,
    horizon: Option<Instant>,
}

/// What a state says, by what it says it of.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Each line by its subject.
    pub lines: BTreeMap<String, String>,
    /// The event, what is amiss with it, and the particulars.
    pub anomalies: Vec<(String, &'static str, String)>,
}

/// Stands for a hidden event in a text.
const HIDDEN: &str = "∅";

impl Lens {
    /// Tells each event of a log by its name.
    pub fn of(log: &Log) -> Lens {
        let markers = log.0.iter().enumerate().map(|(i, entry)| (Version(i as u64 + 1), entry.marker));
        Lens { markers: markers.collect(), ..Lens::default() }
    }

    /// Says nothing of events named `from` or above.
    pub fn hiding(self, from: usize) -> Lens {
        Lens { hidden_from: Some(from), ..self }
    }

    /// Says of what lies later only that it does.
    pub fn up_to(self, horizon: Instant) -> Lens {
        Lens { horizon: Some(horizon), ..self }
    }

    fn tell(&self, text: &str) -> String {
        let named = replaced(text, "Version(", |number| self.name(number));
        let named = replaced(&named, "tie: ", |_| String::new());
        let told = match self.horizon {
            None => named,
            Some(horizon) => replaced(&named, "Instant(", |number| match number {
                later if later > horizon.0 => "later".into(),
                instant => instant.to_string(),
            }),
        };
        told.replace(&format!(", {HIDDEN}"), "").replace(&format!("{HIDDEN}, "), "")
    }

    fn name(&self, version: i64) -> String {
        let marker = self.markers.get(&Version(version.unsigned_abs()));
        match marker {
            None => format!("e{version}"),
            Some(marker) if self.hidden_from.is_some_and(|from| *marker >= from) => HIDDEN.into(),
            Some(marker) => format!("#{marker}"),
        }
    }

    /// The name of one event.
    pub fn name_of(&self, version: Version) -> String {
        self.name(version.0 as i64)
    }

    fn see(&self, lines: impl IntoIterator<Item = (String, String)>) -> BTreeMap<String, String> {
        let seen = lines.into_iter().map(|(subject, text)| {
            let text = self.tell(&text);
            // Of what may have been heard of after the day, nobody can say which was last.
            let ahead = subject.ends_with("last heard") && text.contains("last: later");
            (self.tell(&subject), if ahead { "later".into() } else { text })
        });
        seen.filter(|(subject, _)| !subject.contains(HIDDEN)).collect()
    }

    fn note(&self, anomaly: &Anomaly) -> (String, &'static str, String) {
        let Anomaly { event, misfit } = anomaly;
        (self.name_of(*event), misfit.id(), self.tell(&format!("{misfit:?}")))
    }
}

/// A text in which `mark` and the number after it (with the bracket that closes it) give way to words.
fn replaced(text: &str, mark: &str, words: impl Fn(i64) -> String) -> String {
    let mut pieces = text.split(mark);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.find(|c: char| c != '-' && !c.is_ascii_digit()).unwrap_or(piece.len());
        let number = piece[..digits].parse().expect("a number");
        out.push_str(&words(number));
        out.push_str(piece[digits..].strip_prefix(if mark.ends_with('(') { ")" } else { "" }).unwrap_or_default());
    }
    out
}

impl Digest {
    /// Of a history folded up to an instant.
    pub fn new(history: &History, state: &Negotiation, at: Instant, lens: &Lens) -> Digest {
        let lines = ask_everything(state, at).into_iter().chain(everything_held(state));
        let mut anomalies: Vec<_> = state.anomalies.iter().chain(&history.anomalies).map(|a| lens.note(a)).collect();
        anomalies.retain(|(event, ..)| event != HIDDEN);
        anomalies.sort();
        Digest { lines: lens.see(lines), anomalies }
    }

    /// Of a log folded up to an instant.
    pub fn at(history: &History, at: Instant, lens: &Lens) -> Digest {
        Digest::new(history, &fold(history, at, &Cut::default()), at, lens)
    }

    /// Without the lines whose subject does not matter.
    pub fn without(mut self, drop: impl Fn(&str) -> bool) -> Digest {
        self.lines.retain(|subject, _| !drop(subject));
        self
    }

    /// Without some sorts of anomaly.
    pub fn but_for(mut self, ids: &[&str]) -> Digest {
        self.anomalies.retain(|(_, id, _)| !ids.contains(id));
        self
    }

    /// Fails where two digests differ, and says where.
    pub fn same_as(&self, other: &Digest) -> Result<(), TestCaseError> {
        let subjects = self.lines.keys().chain(other.lines.keys());
        let differs = |subject: &&String| self.lines.get(*subject) != other.lines.get(*subject);
        if let Some(subject) = subjects.into_iter().find(differs) {
            let (one, two) = (self.lines.get(subject), other.lines.get(subject));
            return Err(TestCaseError::fail(format!("{subject}:\n  {one:?}\n  {two:?}")));
        }
        match self.anomalies == other.anomalies {
            true => Ok(()),
            false => Err(TestCaseError::fail(format!("{:?}\n  {:?}", self.anomalies, other.anomalies))),
        }
    }
}

fn line(subject: impl Into<String>, answer: impl Debug) -> (String, String) {
    (subject.into(), format!("{answer:?}"))
}

/// Every question that a state can be asked, for an instant.
pub fn ask_everything(state: &Negotiation, at: Instant) -> Vec<(String, String)> {
    let now = state.at(at);
    let mut told = talks(&now);
    let lives = state
        .demands
        .iter()
        .map(|(h, d)| line(format!("{h}?"), (d.fate(&now), d.is_open(&now), d.move_of(&now), d.text())));
    told.extend(lives);
    told.extend(state.offers.iter().map(|(h, o)| line(format!("{h}?"), (o.state(&now), o.move_of(&now), o.text()))));
    told.extend(state.ceasefires.values().flat_map(|c| ceasefire(c, &now)));
    told.extend(state.agreements.values().map(|a| agreement(a, &now)));
    told.extend(state.commitments.values().map(|k| commitment(k, &now)));
    told.extend(
        state.deadlines.iter().map(|(h, t)| line(format!("{h}?"), (t.state(&now), t.due().map(|t| due(t, &now))))),
    );
    told.extend(
        state
            .measures
            .iter()
            .map(|(h, m)| line(format!("{h}?"), (m.state(&now), m.until.as_ref().map(|t| due(t, &now))))),
    );
    told.extend(state.followups.iter().map(|(h, f)| line(format!("{h}?"), (f.state(&now), due(&f.due, &now)))));
    told.extend(state.claims.iter().map(|(h, q)| line(format!("{h}?"), (state.standing(q.made_by), q.text()))));
    told.extend(
        state
            .incidents
            .iter()
            .map(|(v, i)| line(format!("{v:?} incident?"), (i.is_violent(), i.culprits().collect::<Vec<_>>()))),
    );
    told.extend(standings(state));
    told
}

fn due(term: &Term, now: &Now<'_>) -> impl Debug {
    (now.due(term), now.start(term))
}

fn talks(now: &Now<'_>) -> Vec<(String, String)> {
    let others = now.state.talks.other_tables();
    let tables = [None].into_iter().chain(others.into_iter().map(Some));
    let mut told: Vec<_> = tables.flat_map(|name| table(name, now)).collect();
    told.extend(now.state.talks.rounds.values().map(|round| {
        let pending = round.pending_schedule();
        let is_open = round.open_session(now.at).is_some();
        line(format!("{}?", round.handle), (round.state(now), round.last_outcome(now.at), pending, is_open))
    }));
    told
}

fn table(name: Option<&str>, now: &Now<'_>) -> Vec<(String, String)> {
    let talks = now.state.talks.table(name);
    let beside = name.unwrap_or_default();
    let sits = talks.in_session(now.at).map(|(round, session)| (round.handle, session));
    let over =
        talks.last_over(now.at).map(|(round, session)| (round.handle, session, session.outcome(), session.over_at()));
    let upcoming: Vec<_> =
        talks.upcoming(now).map(|(round, schedule, passed)| (round.handle, schedule, passed)).collect();
    vec![
        line(format!("talks {beside}?"), (talks.state(now), now.state.is_closed(), sits, upcoming)),
        line(format!("talks {beside} last over?"), over),
        line(
            format!("talks {beside} paused?"),
            talks.active_pause().map(|p| (p, p.until.as_ref().map(|term| due(term, now)))),
        ),
    ]
}

fn ceasefire(c: &Ceasefire, now: &Now<'_>) -> Vec<(String, String)> {
    let each: Vec<_> = c.parties().iter().map(|party| (party.clone(), c.standing_of(party, now))).collect();
    let ends: Vec<_> = c.ends_given().map(|term| due(term, now)).collect();
    let begun = c.renewed_last().map(|(key, _)| key);
    let holds = c.may_hold_between(now.at, now.at, now);
    let alleged = |v| (is_established(v, now), is_acknowledged(v, now), stands_alleged(v, now));
    let mut told = vec![
        line(
            format!("{}?", c.handle),
            (c.standing(now), c.observed(now), c.violations.iter().map(alleged).collect::<Vec<_>>()),
        ),
        line(format!("{} by party?", c.handle), each),
        line(format!("{} ends?", c.handle), (ends, begun, holds)),
    ];
    let strained_by = c.incidents_since_confirmed(now).into_iter().map(|incident| incident.moment.version);
    told.extend(strained_by.map(|version| line(format!("{} strained by {version:?}?", c.handle), ())));
    told
}

fn agreement(a: &Agreement, now: &Now<'_>) -> (String, String) {
    let over = (a.has_expired(now), a.is_rejected(), now.agreement_stands(a.handle), now.agreement_is_over(a.handle));
    let course = (a.ratified(), a.first_signed(), a.by_party());
    line(format!("{}?", a.handle), (a.stage(now), over, course))
}

fn commitment(k: &Commitment, now: &Now<'_>) -> (String, String) {
    let dues = k.due().map(|term| due(term, now));
    line(format!("{}?", k.handle), (k.state(now), k.is_late(now), k.met(), k.text(), dues))
}

/// How each fact stands, and by whose word.
fn standings(state: &Negotiation) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for version in (1..200).map(Version) {
        let Some(entry) = state.ledger.get(version) else { continue };
        let by = ["p", "q", "r", "m"].map(|slug| entry.is_asserted_by(&Party(slug.into())));
        told.push(line(
            format!("{version:?} stands?"),
            (state.standing(version), by, state.ledger.disputed_by(&[version])),
        ));
        told.extend(entry.voices().into_iter().map(|voice| line(format!("{version:?} by {voice:?}?"), ())));
    }
    told
}

/// Everything a state holds, life by life.
fn everything_held(state: &Negotiation) -> Vec<(String, String)> {
    let mut held = vec![
        line("talks", &state.talks.pauses),
        line("closings", &state.closings),
        line("last heard", &state.last_heard),
        line("ground", (state.ground.zone, &state.ground.title, &state.ground.subject)),
    ];
    for (handle, ceasefire) in &state.ceasefires {
        held.push(line(format!("{handle} last heard"), &ceasefire.last_heard));
        let mut rest = ceasefire.clone();
        rest.last_heard = None;
        held.push(line(handle.to_string(), rest));
    }
    macro_rules! lives {
        ($($lives:expr),*) => { $( held.extend($lives.iter().map(|(name, life)| line(name.to_string(), life))); )* };
    }
    lives!(state.talks.rounds, state.demands, state.offers, state.agreements, state.commitments);
    lives!(state.deadlines, state.measures, state.claims, state.followups, state.ground.sources);
    held.extend(state.incidents.iter().map(|(version, incident)| line(format!("{version:?} incident"), incident)));
    held.extend(state.breaches.iter().map(|(handle, breaches)| line(format!("{handle} breaches"), breaches)));
    held.extend(state.presence.iter().map(|(party, presence)| line(format!("{party} presence"), presence)));
    held.extend(state.offices.iter().map(|(office, holder)| line(format!("{office:?}"), holder)));
    held.extend(state.ground.parties.iter().map(|(party, entry)| line(format!("{party} party"), entry)));
    held.extend(state.possible.iter().map(|version| line(format!("{version:?} possible"), ())));
    let entries = (1..200).map(Version).filter_map(|version| Some((version, state.ledger.get(version)?)));
    held.extend(entries.map(|(version, entry)| line(format!("{version:?} entry"), entry)));
    held
}

/// Every reading of a history, and what is amiss with it; for what they may do, not for what they say.
pub fn read_everything(history: &History, state: &Negotiation, at: Instant) {
    let parties = ["p", "q", "x"].map(|slug| Reading::AccountsOf(Party(slug.into())));
    for reading in parties.into_iter().chain([Reading::Everyone, Reading::Corroborated]) {
        let cut = Cut { left_out: left_out(history, &reading, state), ..Cut::default() };
        ask_everything(&fold(history, at, &cut), at);
    }
    for fact in &history.facts {
        let _ = (state.admit(fact).is_ok(), history.fact(fact.version()).map(|fact| fact.last()));
        let _ = fact.names.iter().filter_map(|name| state.ground.event_behind(name)).count();
    }
    let told: Vec<String> = state.anomalies.iter().chain(&history.anomalies).map(|a| a.misfit.to_string()).collect();
    assert!(told.iter().all(|words| !words.is_empty()));
    assert_eq!(state.ground.event_behind(&Target::Elsewhere("other-log:A1".into())), None);
}
