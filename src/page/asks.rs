//! What is asked and what is offered: the board of demands, and the offers on the table.

use maud::html;

use super::row::{Row, marks, text, word};
use super::state::{Maker, Shape, days_of, term};
use crate::domain::demand::Fate;
use crate::view::{DemandView, Line, OfferView};

impl Maker<'_> {
    /// The board of demands: the open ones under who asks.
    pub(super) fn demands(&mut self, demands: &[Line<DemandView>]) {
        let parties: Vec<_> = self.sheet.status.parties.iter().map(|line| line.item.party.clone()).collect();
        let asker = |line: &Line<DemandView>| {
            let first = line.item.by.first().map(|actor| &actor.party);
            parties.iter().position(|party| Some(party) == first).unwrap_or(parties.len())
        };
        let mut groups = std::collections::BTreeMap::<usize, (String, usize)>::new();
        for line in demands {
            if line.item.open {
                let name = self.sheet.names.all(line.item.by.iter().map(|actor| &actor.party));
                groups.entry(asker(line)).or_insert((name, 0)).1 += 1;
            }
            self.demand(line, asker(line));
        }
        for (rank, (name, open)) in groups {
            let key = format!("asks-{rank}");
            let html = html! { li class="group" id=(key) { (text(&name)) " asks " span class="count" { (open) } } };
            self.rows.push(Row { list: "demands", key, rank: (rank, 0), html });
        }
    }

    fn demand(&mut self, line: &Line<DemandView>, asker: usize) {
        let (d, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (d.handle) } " " (text(&d.text))
            @if let Some(weight) = d.weight { " " span class="soft" { "(" (word(weight)) ")" } }
            span class="line" {
                span class="soft" { "of " (text(&names.all(&d.of))) "; " }
                @if d.answers.is_empty() { "unanswered" } @else { (text(&names.answers(&d.answers))) }
                @if !d.r#move.is_empty() { "; " span class="move" { "move: " (text(&names.all(&d.r#move))) } }
                @if let Some(age) = d.age_days { span class="soft" { "; asked for " (days_of(age)) } } @else { (term("asked", d.since.as_ref())) }
            }
            (marks(line, names))
        };
        let fate = if d.accepted_not_implemented { "accepted, not implemented".to_string() } else { word(d.fate) };
        let fate = if d.fate == Fate::Superseded {
            d.superseded_by.map_or(fate.clone(), |by| format!("superseded by {by}"))
        } else {
            fate
        };
        let shape = Shape {
            key: d.handle.to_string(),
            word: fate,
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        self.push(if d.open { "demands" } else { "demands-over" }, (asker, d.handle.number), shape);
    }

    pub(super) fn offer(&mut self, line: &Line<OfferView>) {
        use crate::domain::offer::OfferState::{Deferred, PartlyAccepted, Standing};
        let (o, names) = (&line.item, self.sheet.names);
        let said = html! {
            b class="id" { (o.handle) } " " (text(&o.text))
            span class="line" {
                span class="soft" { "by " (text(&names.all(o.by.iter().map(|actor| &actor.party)))) " to " (text(&names.all(&o.to))) }
                @if !o.answers.is_empty() { "; " (text(&names.answers(&o.answers))) }
                @if !o.r#move.is_empty() { "; " span class="move" { "move: " (text(&names.all(&o.r#move))) } }
            }
            (marks(line, names))
        };
        let shape = Shape {
            key: o.handle.to_string(),
            word: word(o.state),
            beside: None,
            said,
            basis: &line.basis,
            possible: line.possible,
            named: None,
        };
        let list = if matches!(o.state, Standing | Deferred | PartlyAccepted) { "offers" } else { "offers-over" };
        self.push(list, (0, o.handle.number), shape);
    }
}
