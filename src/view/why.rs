//! Why a line says what it says: the events it rests on, their sources and their words, and who speaks against it.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Asked, InstantView};
use crate::domain::history::Fact;
use crate::domain::ids::{Handle, Target, Version};
use crate::domain::ledger::{Entry, Standing};
use crate::domain::source::{Citation, Credibility};
use crate::domain::value::Party;

/// What something rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Why {
    /// What was asked about.
    pub of: String,
    /// What it is, in a few words.
    pub text: String,
    /// What it is now: the headline of its line.
    pub now: Option<String>,
    /// The events, in world order.
    pub reasons: Vec<Reason>,
    /// The parties that deny any of them, or rival it.
    #[schemars(with = "Vec<String>")]
    pub disputed_by: Vec<Party>,
}

/// One event that something rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reason {
    /// The event.
    #[schemars(with = "String")]
    pub event: Version,
    /// Its kind.
    pub kind: String,
    /// When.
    pub when: Option<InstantView>,
    /// In a sentence.
    pub text: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether it may lie after the day asked about.
    pub possible: bool,
    /// The corrections in effect on it.
    #[schemars(with = "Vec<String>")]
    pub corrected_by: Vec<Version>,
    /// Who says so, in which words.
    pub sources: Vec<CitationView>,
    /// What was said about it: denials, confirmations, accounts.
    #[schemars(with = "Vec<String>")]
    pub voices: Vec<Version>,
}

/// A citation, with its source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CitationView {
    /// The source.
    pub source: Handle,
    /// Its title or publisher.
    pub name: Option<String>,
    /// When it said so.
    pub reported: Option<InstantView>,
    /// Whom it names as its own.
    pub attribution: Option<String>,
    /// The exact words.
    pub quote: Option<String>,
    /// Where they stand.
    pub locator: Option<String>,
    /// Who it got it from.
    pub relays: Option<String>,
    /// How credible the report is (Admiralty code).
    pub credibility: Option<Credibility>,
}

/// What a name rests on; nothing if the name is not there by the instant.
pub fn why(asked: &Asked<'_>, name: &Target) -> Option<Why> {
    let (mut basis, now) = basis_of(asked, name)?;
    basis.sort_unstable();
    let facts = asked.facts().filter(|fact| basis.contains(&fact.version()));
    let mut disputed_by = asked.all.ledger.disputed_by(&basis);
    if let Target::Handle(handle) = name
        && let Some(claim) = asked.all.claims.get(handle)
    {
        disputed_by.retain(|party| *party != claim.by.party);
    }
    Some(Why {
        of: name.to_string(),
        text: super::sentence::of_target(name, asked),
        now,
        reasons: facts.map(|fact| reason(asked, fact)).collect(),
        disputed_by,
    })
}

/// The basis of a life's line, with its headline; of an event, itself and what is said about it.
fn basis_of(asked: &Asked<'_>, name: &Target) -> Option<(Vec<Version>, Option<String>)> {
    match name {
        Target::Elsewhere(_) => None,
        Target::Event(version) => {
            let fact = asked.facts().find(|fact| fact.version() == *version)?;
            let mut basis = fact.basis.clone();
            basis.extend(asked.all.ledger.get(*version).map(Entry::voices).unwrap_or_default());
            Some((basis, Some(asked.all.standing(*version).to_string())))
        }
        Target::Handle(handle) => {
            let line = super::changes::headlines(asked).remove(&handle.to_string())?;
            let voices = line.basis.iter().filter_map(|event| asked.all.ledger.get(*event)).flat_map(Entry::voices);
            let basis = line.basis.iter().copied().chain(voices).collect();
            Some((basis, Some(line.value)))
        }
    }
}

fn reason(asked: &Asked<'_>, fact: &Fact) -> Reason {
    Reason {
        event: fact.version(),
        kind: fact.record.envelope.kind.to_string(),
        when: fact.occurred().map(|when| InstantView::of(when, asked.zone())),
        text: super::sentence::of(fact, asked.all),
        standing: asked.all.standing(fact.version()),
        possible: asked.all.possible.contains(&fact.version()),
        corrected_by: fact.basis.iter().skip(1).copied().collect(),
        sources: fact.record.sources.iter().map(|citation| citation_view(asked, citation)).collect(),
        voices: asked.all.ledger.get(fact.version()).map(Entry::voices).unwrap_or_default(),
    }
}

/// A citation with the name of its source; a report that is not dated was made when the source was published.
pub(super) fn citation_view(asked: &Asked<'_>, citation: &Citation) -> CitationView {
    let Citation { reported, attribution, quote, locator, relays, credibility, .. } = citation.clone();
    let source = asked.all.ground.sources.get(&citation.source.0).map(|source| &source.entry);
    let reported = reported.or_else(|| source.and_then(|entry| entry.published.clone()));
    CitationView {
        source: citation.source.0,
        name: source.and_then(|entry| entry.title.clone().or_else(|| entry.publisher.clone())),
        reported: reported.map(|when| InstantView::of(&when, asked.zone())),
        attribution,
        quote,
        locator,
        relays,
        credibility,
    }
}
