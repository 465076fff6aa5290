//! Names for people: a party is called by its name, and a name that is not there is met with the nearest one that is.
//!
//! JSON and CSV keep the slugs; only what is read by people goes through here.

use super::table::joined;
use crate::app::{Asking, Trouble};
use crate::domain::history::Ground;
use crate::domain::value::Party;
use crate::view::AnswerView;

/// The names of a log's parties.
#[derive(Clone, Copy)]
pub(super) struct Names<'a>(&'a Ground);

impl<'a> Names<'a> {
    pub(super) fn new(asking: &'a Asking<'_>) -> Names<'a> {
        Names(&asking.asked().all.ground)
    }

    /// A party's name, without what stands in brackets where that leaves no doubt; undeclared, its slug.
    pub(super) fn of(self, party: &Party) -> String {
        let name = self.0.party_name(party);
        let short = name.split(" (").next().unwrap_or(name);
        let alike = self.0.parties.values().filter(|record| record.entry.name.starts_with(short)).count();
        if alike <= 1 { short.into() } else { name.into() }
    }

    /// Several, joined by commas, or a dash.
    pub(super) fn all<'p>(self, parties: impl IntoIterator<Item = &'p Party>) -> String {
        joined(parties.into_iter().map(|party| self.of(party)))
    }

    /// `Afghanistan: rejected`, one after the other.
    pub(super) fn answers(self, answers: &[AnswerView]) -> String {
        joined(answers.iter().map(|a| {
            let part = a.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
            format!("{}: {}{part}", self.of(&a.party), a.answer)
        }))
    }

    /// The party that goes by a slug, a name or an alias.
    pub(super) fn find(self, name: &str) -> Result<Party, Trouble> {
        let wanted = name.trim().to_lowercase();
        let is = |text: &str| text.to_lowercase() == wanted;
        let parties = &self.0.parties;
        let found = parties.iter().find(|(slug, record)| {
            is(slug.as_str()) || is(&record.entry.name) || record.entry.aliases.iter().any(|alias| is(alias))
        });
        found.map(|(slug, _)| slug.clone()).ok_or_else(|| {
            let known: Vec<String> = parties.keys().map(ToString::to_string).collect();
            unknown("no-such-party", format!("no party \"{name}\" in this negotiation"), name, &known)
                .help("talks parties")
        })
    }
}

/// A name that is not there: the nearest ones that are, or all if they are few.
pub(super) fn unknown(id: &'static str, what: String, name: &str, known: &[String]) -> Trouble {
    const FEW: usize = 12;
    let near = near(name, known.iter().map(String::as_str));
    let why = match &near {
        Some(near) => Some(format!("did you mean \"{near}\"?")),
        None if known.is_empty() => Some("none is known".into()),
        None => (known.len() <= FEW).then(|| format!("known: {}", known.join(", "))),
    };
    let candidates = near.map_or_else(|| known.to_vec(), |near| vec![near.to_string()]);
    Trouble { candidates: candidates.into(), why: why.into_iter().collect(), ..Trouble::usage(id, what) }
}

/// The name that is a slip of the finger away, if there is one.
pub(super) fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const LONGEST_NAME_BYTES: usize = 64;
    if name.len() > LONGEST_NAME_BYTES {
        return None;
    }
    let written = name.trim().to_lowercase();
    let slips_allowed = (written.chars().count() / 3).max(1);
    let slips = |known: &'n str| (strsim::damerau_levenshtein(&written, &known.to_lowercase()), known);
    names.map(slips).filter(|(slips, _)| *slips <= slips_allowed).min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_suggested() {
        let names = || ["demo", "deadlines", "demands"].into_iter();
        assert_eq!(near("demnads", names()), Some("demands"));
        assert_eq!(near("weather", names()), None);
    }
}
