//! Names for people: a party is called by its name.
//!
//! JSON and CSV keep the slugs; only what is read by people goes through here.

use super::AnswerView;
use super::words::joined;
use crate::domain::history::Ground;
use crate::domain::value::Party;

/// The names of a log's parties.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a>(&'a Ground);

impl<'a> Names<'a> {
    /// The parties of a log.
    pub fn among(ground: &'a Ground) -> Names<'a> {
        Names(ground)
    }

    /// A party's name, without what stands in brackets where that leaves no doubt; undeclared, its slug.
    pub fn of(self, party: &Party) -> String {
        let name = self.0.party_name(party);
        let short = name.split(" (").next().unwrap_or(name);
        let alike = self.0.parties.values().filter(|record| record.entry.name.starts_with(short)).count();
        if alike <= 1 { short.into() } else { name.into() }
    }

    /// Several, joined by commas, or a dash.
    pub fn all<'p>(self, parties: impl IntoIterator<Item = &'p Party>) -> String {
        joined(parties.into_iter().map(|party| self.of(party)))
    }

    /// `Afghanistan: rejected`, one after the other.
    pub fn answers(self, answers: &[AnswerView]) -> String {
        joined(answers.iter().map(|a| {
            let part = a.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
            format!("{}: {}{part}", self.of(&a.party), a.answer)
        }))
    }
}
