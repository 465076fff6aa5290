//! `talks party`: one party, a section for each thing there is to say of it.

use super::dates::{maybe, or_awaited};
use super::names::Names;
use super::page::{Page, header};
use super::table::{Table, joined, kind_words, or_dash};
use super::text::{BOLD, clean, indented, styled, width};
use crate::app::{Asking, Trouble};
use crate::domain::value::{Actor, Party};
use crate::view::{
    AgreementView, AllegationView, AnswerView, CeasefireView, ClaimView, CommitmentView, DemandView, IncidentView,
    IssueView, Line, MeasureView, OfferView, PartyProfile, PartyView, PersonView, PositionChange, RoundView,
    VerdictView,
};

pub(super) fn page(asking: &Asking<'_>, name: &str) -> Result<Page, Trouble> {
    let profile = asking.party(name)?;
    let human = format!("{}{}", header(asking), text(&profile, Names::new(asking)));
    Ok(Page::new(asking.answer(profile), None, human))
}

fn text(profile: &PartyProfile, names: Names<'_>) -> String {
    let table = Table::new(&["ID", "WHAT", "HOW IT STANDS", "WHEN"]);
    let mut sheet = Sheet { table, names, party: &profile.party.item.party };
    sheet.section("Demands it makes", &profile.demands_made, Sheet::demand);
    sheet.section("Demands of it", &profile.demands_of_it, Sheet::demand);
    sheet.section("Offers by it", &profile.offers_made, Sheet::offer);
    sheet.section("Offers to it", &profile.offers_to_it, Sheet::offer);
    sheet.section("Commitments it owes", &profile.commitments_owed, Sheet::commitment);
    sheet.section("Commitments owed to it", &profile.commitments_to_it, Sheet::commitment);
    sheet.section("Ceasefires that bind it", &profile.ceasefires, Sheet::ceasefire);
    sheet.section("Violations it alleges", &profile.violations_alleged, Sheet::allegation);
    sheet.section("Violations alleged of it", &profile.violations_of_it, Sheet::allegation_of_it);
    sheet.section("Agreements, and how far it has gone", &profile.agreements, Sheet::agreement);
    sheet.section("Measures by it", &profile.measures_taken, Sheet::measure);
    sheet.section("Measures against it", &profile.measures_against_it, Sheet::measure);
    sheet.section("Incidents by it, laid to it, or against it", &profile.incidents, Sheet::incident);
    sheet.section("It claims", &profile.claims, Sheet::claim);
    sheet.section("It denies", &profile.denies, Sheet::verdict);
    sheet.section("It confirms", &profile.confirms, Sheet::verdict);
    sheet.section("Rounds it sat in", &profile.rounds, Sheet::round);
    sheet.section("People named as its own", &profile.people, Sheet::person);
    profile.issues.iter().for_each(|line| sheet.issue(&line.item));
    let none = "Nothing else is told of it by then.";
    format!("{}\n{}", who(&profile.party.item, &profile.parts, names), sheet.table.finish(none))
}

/// Who it is, in a few lines.
fn who(p: &PartyView, parts: &[Line<PartyView>], names: Names<'_>) -> String {
    let presence = if p.present { "present" } else { "not present" };
    let since = p.since.as_ref().map(|since| format!(" since {}", super::dates::human(since))).unwrap_or_default();
    let mut told = vec![format!("{}, {}; {presence}{since}", p.kind, joined(&p.role))];
    let mut tell = |label: &str, what: String| {
        if what != "-" {
            told.push(format!("{label} {what}"));
        }
    };
    tell("also called", joined(&p.aliases));
    tell("part of", or_dash(p.part_of.as_ref().map(|whole| names.of(whole))));
    tell("its parts:", names.all(parts.iter().map(|line| &line.item.party)));
    let lines: String = told.iter().map(|line| indented(&clean(line), 2, width())).collect();
    format!("{}\n{lines}", styled(BOLD, &clean(&format!("{} ({})", p.name, p.party))))
}

/// One table for all sections, so that their columns stand under each other.
struct Sheet<'a> {
    table: Table,
    names: Names<'a>,
    party: &'a Party,
}

/// What a line shows in the four columns.
type Cells = [String; 4];

/// The same, and what stands under it.
type Row = (Cells, Vec<String>);

impl<'a> Sheet<'a> {
    fn section<T>(&mut self, heading: &str, lines: &[Line<T>], show: fn(&Sheet<'a>, &T) -> Row) {
        if !lines.is_empty() {
            self.table.heading(heading);
        }
        for line in lines {
            let (cells, under) = show(self, &line.item);
            self.table.line(line, cells.to_vec());
            under.iter().for_each(|text| self.table.under(text));
        }
    }

    /// The others of those named.
    fn others<'p>(&self, parties: impl IntoIterator<Item = &'p Party>) -> String {
        self.names.all(parties.into_iter().filter(|party| *party != self.party))
    }

    /// `to Afghanistan: text`, or `Afghanistan: text` where it comes from others.
    fn across<'p>(&self, by: impl Iterator<Item = &'p Party> + Clone, to: &'p [Party], text: &str) -> String {
        if by.clone().any(|party| party == self.party) {
            let to = self.others(to);
            if to == "-" { text.into() } else { format!("to {to}: {text}") }
        } else {
            format!("{}: {text}", self.names.all(by))
        }
    }

    fn answers(&self, answers: &[AnswerView]) -> Vec<String> {
        let answer = |a: &AnswerView| {
            let part = a.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
            let who = a.by.as_ref().map_or_else(|| self.names.of(&a.party), |by| self.actor(by));
            format!("{who}: {}{part}, {} ({})", a.answer, maybe(a.when.as_ref()), a.event)
        };
        answers.iter().map(answer).collect()
    }

    /// Who of the party it is, where that is told, and the voice of one who does not speak for it: `Asif`, `officials, anonymous`.
    fn own(&self, actor: &Actor) -> Option<String> {
        let voice = actor.voice.filter(|_| actor.binding_party().is_none()).map(|voice| voice.to_string());
        let told: Vec<String> = actor.who.iter().cloned().chain(voice).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

    /// `Asif (Pakistan)`, `Pakistan, anonymous`.
    fn actor(&self, actor: &Actor) -> String {
        let party = self.names.of(&actor.party);
        let name = actor.who.as_ref().map_or_else(|| party.clone(), |who| format!("{who} ({party})"));
        let voice = actor.voice.filter(|_| actor.binding_party().is_none());
        voice.map_or_else(|| name.clone(), |voice| format!("{name}, {voice}"))
    }

    fn whose_move(&self, state: String, movers: &[Party]) -> String {
        if movers.is_empty() { state } else { format!("{state}; move: {}", self.names.all(movers)) }
    }

    fn demand(&self, d: &DemandView) -> Row {
        let fate = if d.accepted_not_implemented { "accepted, not implemented".into() } else { d.fate.to_string() };
        let weight = d.weight.map(|weight| format!(" ({weight})")).unwrap_or_default();
        let text = self.across(d.by.iter().map(|actor| &actor.party), &d.of, &d.text);
        let cells = [
            d.handle.to_string(),
            format!("{text}{weight}"),
            self.whose_move(fate, &d.r#move),
            maybe(d.since.as_ref()),
        ];
        (cells, self.answers(&d.answers))
    }

    fn offer(&self, o: &OfferView) -> Row {
        let state = o.superseded_by.map_or_else(|| o.state.to_string(), |by| format!("{} by {by}", o.state));
        let last = if o.r#final { " (final)" } else { "" };
        let text = self.across(o.by.iter().map(|actor| &actor.party), &o.to, &o.text);
        let cells =
            [o.handle.to_string(), format!("{text}{last}"), self.whose_move(state, &o.r#move), maybe(o.since.as_ref())];
        (cells, self.answers(&o.answers))
    }

    fn commitment(&self, k: &CommitmentView) -> Row {
        let late = if k.late { ", late" } else { "" };
        let level = k.level.map(|level| format!(", level {} of 3", level.0)).unwrap_or_default();
        let due = match or_awaited(k.due.as_ref(), k.due_awaits.as_ref()) {
            due if due == "-" => due,
            due => format!("due {due}"),
        };
        let text = self.across(k.by.iter(), &k.to, &k.text);
        ([k.handle.to_string(), text, format!("{}{late}{level}", k.state), due], Vec::new())
    }

    fn ceasefire(&self, c: &CeasefireView) -> Row {
        let state = c.by_party.get(self.party).copied().unwrap_or(c.state);
        let overall = if state == c.state { String::new() } else { format!("; overall {}", c.state) };
        let text = format!("{} with {}", c.called.as_deref().unwrap_or("ceasefire"), self.others(&c.parties));
        let replaced = c.superseded_by.map(|by| format!(" by {by}")).unwrap_or_default();
        let stands = format!("{state}{replaced}{overall}; {}", c.observed);
        ([c.handle.to_string(), text, stands, maybe(c.since.as_ref())], Vec::new())
    }

    fn allegation(&self, a: &AllegationView) -> Row {
        let by = self.names.all(a.violation.by.iter().map(|actor| &actor.party));
        let by = if by == "-" { String::new() } else { format!(" by {by}") };
        let who = a.violation.alleged_by.as_ref().and_then(|actor| self.own(actor));
        let says = who.map(|who| format!("says {who}")).into_iter().collect();
        (self.alleged(a, format!("of {}{by}: {}", a.of, a.text)), says)
    }

    fn allegation_of_it(&self, a: &AllegationView) -> Row {
        let v = &a.violation;
        let whose = v.alleged_by.as_ref().map(|actor| self.actor(actor));
        let whose = whose.or_else(|| v.found_by.as_ref().map(|finder| self.names.of(finder)));
        let whose = whose.map_or_else(|| "by the source".into(), |who| format!("by {who}"));
        let mut cells = self.alleged(a, format!("of {}, alleged {whose}: {}", a.of, a.text));
        let answered = [("denied", &a.denied_in), ("acknowledged", &a.confirmed_in)];
        let answered = answered.into_iter().filter(|(_, events)| !events.is_empty());
        let answered: Vec<String> =
            answered.map(|(word, events)| format!("it {word} it ({})", joined(events))).collect();
        let answer = if answered.is_empty() { "no answer of its own is told".into() } else { answered.join("; ") };
        cells[2] = if cells[2] == "alleged" { answer } else { format!("{}; {answer}", cells[2]) };
        (cells, Vec::new())
    }

    fn alleged(&self, a: &AllegationView, text: String) -> Cells {
        let v = &a.violation;
        let deniers = self.others(&v.denied_by);
        let stands = match (v.withdrawn, v.established, deniers == "-") {
            (true, ..) => "taken back".into(),
            (_, true, _) if v.found_by.is_some() => "found by a monitor".into(),
            (_, true, _) => "acknowledged".into(),
            (_, _, false) => format!("denied by {deniers}"),
            _ => "alleged".to_string(),
        };
        [v.event.to_string(), text, stands, maybe(v.when.as_ref())]
    }

    fn agreement(&self, a: &AgreementView) -> Row {
        let own = a.by_party.get(self.party).map_or_else(|| "nothing by it is told".into(), |s| format!("by it: {s}"));
        let whole = a.superseded_by.map_or_else(|| a.stage.to_string(), |by| format!("superseded by {by}"));
        let when = a.signed.as_ref().or(a.reached.as_ref()).or(a.proposed.as_ref());
        (
            [a.handle.to_string(), or_dash(a.title.as_ref()), format!("{own}; the whole: {whole}"), maybe(when)],
            Vec::new(),
        )
    }

    fn measure(&self, m: &MeasureView) -> Row {
        let text = m.text.clone().unwrap_or_else(|| m.r#type.to_string());
        let others = self.others(m.by.iter().chain(&m.against));
        let others = if others == "-" { String::new() } else { format!(" ({others})") };
        let until = or_awaited(m.lifted.as_ref().or(m.until.as_ref()), m.until_awaits.as_ref());
        let when =
            if until == "-" { maybe(m.since.as_ref()) } else { format!("{} to {until}", maybe(m.since.as_ref())) };
        ([m.handle.to_string(), format!("{text}{others}"), m.state.to_string(), when], Vec::new())
    }

    fn incident(&self, i: &IncidentView) -> Row {
        let is_it = |actor: &Actor| actor.party == *self.party;
        let says = |by: Option<&Actor>| by.map_or_else(String::new, |by| format!(" by {}", self.actor(by)));
        let own = i.by.iter().any(is_it).then(|| "by it".to_string());
        let claimed = i.claimed_by.iter().filter(|actor| is_it(actor));
        let claimed = claimed.map(|actor| format!("claimed by {}", self.own(actor).unwrap_or_else(|| "it".into())));
        let laid =
            i.laid_to.iter().filter(|laid| is_it(&laid.to)).map(|laid| format!("laid to it{}", says(laid.by.as_ref())));
        let against = i.against.contains(self.party).then(|| "against it".to_string());
        let part = joined(own.into_iter().chain(claimed).chain(laid).chain(against));
        let total = if i.aggregate { " (a total, never added to its parts)" } else { "" };
        let cells = [
            i.event.to_string(),
            format!("{}{total}", i.text),
            format!("{part}; {}", i.standing),
            maybe(i.when.as_ref()),
        ];
        (cells, Vec::new())
    }

    fn claim(&self, q: &ClaimView) -> Row {
        let mut stands = q.standing.to_string();
        let more = [
            ("denied by", self.names.all(&q.denied_by)),
            ("confirmed by", self.names.all(&q.confirmed_by)),
            ("rivals", joined(&q.rivals)),
        ];
        more.iter().filter(|(_, who)| who != "-").for_each(|(word, who)| stands.push_str(&format!("; {word} {who}")));
        let who = self.own(&q.by).map(|who| format!("{who}: ")).unwrap_or_default();
        ([q.handle.to_string(), format!("{who}{}", q.text), stands, maybe(q.since.as_ref())], Vec::new())
    }

    fn verdict(&self, v: &VerdictView) -> Row {
        let text = format!("{}: {}", v.of, v.text);
        let who = self.own(&v.by).map(|who| format!("says {who}")).into_iter().collect();
        ([v.event.to_string(), text, or_dash(v.standing), maybe(v.when.as_ref())], who)
    }

    fn round(&self, r: &RoundView) -> Row {
        let others = self.others(r.delegations.iter().map(|d| &d.party));
        let with = if others == "-" { String::new() } else { format!(" with {others}") };
        let mediates = if r.mediators.contains(self.party) { ", it mediates" } else { "" };
        let outcome = r.outcome.as_ref().map(|outcome| format!(": {outcome}")).unwrap_or_default();
        let text = format!("{}{with}{mediates}", r.place.as_deref().unwrap_or("place not told"));
        ([r.handle.to_string(), text, format!("{}{outcome}", r.state), maybe(r.opened.as_ref())], Vec::new())
    }

    fn person(&self, p: &PersonView) -> Row {
        let told = [("leads in", joined(&p.led)), ("sits in", joined(&p.sat_in)), ("speaks in", joined(&p.spoke_in))];
        let told =
            told.into_iter().filter(|(_, where_)| where_ != "-").map(|(word, where_)| format!("{word} {where_}"));
        let told: Vec<String> = p.offices.iter().cloned().chain(told).collect();
        (["-".into(), p.name.clone(), told.join("; "), "-".into()], Vec::new())
    }

    fn issue(&mut self, issue: &IssueView) {
        let name = issue
            .issue
            .as_ref()
            .map_or_else(|| "What it said, no issue named".into(), |i| format!("What it said on {i}"));
        self.table.heading(&name);
        for line in &issue.said {
            let (by, e) = (&line.item.by, &line.item.event);
            let handle = e.handle.map(|handle| format!(" {handle}")).unwrap_or_default();
            let who = self.own(by).map(|who| format!(", {who}")).unwrap_or_default();
            let said = format!("{}{handle}{who}", kind_words(&e.kind));
            self.table.line(line, vec![e.event.to_string(), e.text.clone(), said, maybe(e.when.as_ref())]);
        }
        issue.changes.iter().for_each(|change| self.table.under(&changed(change)));
    }
}

/// `changed: answer to D1, rejected (e12) -> accepted (e20)`.
fn changed(c: &PositionChange) -> String {
    let part = c.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    format!("changed: {} of {}{part}, {} ({}) -> {} ({})", c.subject, c.on, c.before, c.from, c.after, c.to)
}
