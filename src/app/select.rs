//! What is picked out of a view: by a party, a kind, a source or a name, as it was typed.

use std::collections::BTreeSet;

use super::{Asking, Trouble, party_named};
use crate::domain::event::Event;
use crate::domain::ids::{BadName, Handle, Target};
use crate::domain::value::Party;
use crate::view::{
    self, Check, Checked, Line, LogLine, PartyProfile, Replay, RoundView, Shown, TimelineEntry, Why, With,
};

/// Which events of a timeline, as typed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that name this party.
    pub party: Option<String>,
    /// Those of this kind, or of kinds that begin so.
    pub kind: Option<String>,
    /// Those that cite this source.
    pub source: Option<String>,
}

/// The same; each name was found to be there.
struct Wanted {
    party: Option<Party>,
    kind: Option<String>,
    source: Option<Handle>,
}

impl Filter {
    /// Whether it leaves anything out.
    pub fn is_set(&self) -> bool {
        self.party.is_some() || self.kind.is_some() || self.source.is_some()
    }
}

impl Wanted {
    fn new(asking: &Asking<'_>, filter: &Filter) -> Result<Wanted, Trouble> {
        let logged = || asking.records().iter().map(|record| &*record.envelope.kind);
        Ok(Wanted {
            party: filter.party.as_ref().map(|name| party_named(name, &asking.asked().all.ground)).transpose()?,
            kind: filter.kind.as_ref().map(|name| kind_named(logged(), name)).transpose()?,
            source: filter.source.as_ref().map(|name| source(asking, name)).transpose()?,
        })
    }

    fn has(&self, entry: &TimelineEntry) -> bool {
        self.party.as_ref().is_none_or(|party| entry.parties.contains(party))
            && self.kind.as_ref().is_none_or(|kind| entry.kind.starts_with(kind.as_str()))
            && self.source.is_none_or(|source| entry.sources.contains(&source))
    }
}

impl Asking<'_> {
    /// What happened, in the order of the world, as far as it is asked for.
    ///
    /// # Errors
    /// A party, a kind or a source that is not there.
    pub fn timeline(&self, filter: &Filter) -> Result<Vec<Line<TimelineEntry>>, Trouble> {
        let wanted = Wanted::new(self, filter)?;
        Ok(view::timeline(&self.asked()).into_iter().filter(|line| wanted.has(&line.item)).collect())
    }

    /// The records in the order in which they were kept, or newest first; at most so many.
    pub fn log(&self, reverse: bool, limit: Option<usize>) -> Vec<LogLine> {
        let mut lines = view::log(&self.asked(), self.records());
        if reverse {
            lines.reverse();
        }
        lines.truncate(limit.unwrap_or(usize::MAX));
        lines
    }

    /// The rounds of talks: all, or those with a party, a mediator, or somebody of that name in a delegation.
    ///
    /// # Errors
    /// Nobody of that name.
    pub fn rounds(&self, with: Option<&str>) -> Result<Vec<Line<RoundView>>, Trouble> {
        let mut lines = view::rounds(&self.asked());
        if let Some(name) = with {
            let with = self.with(name, &lines)?;
            lines.retain(|line| line.item.is_with(&with));
        }
        Ok(lines)
    }

    /// Whose rounds are asked for: a party's, else those of somebody in a delegation.
    fn with(&self, name: &str, lines: &[Line<RoundView>]) -> Result<With, Trouble> {
        let no_party = match party_named(name, &self.asked().all.ground) {
            Ok(party) => return Ok(With::Party(party)),
            Err(no_party) => no_party,
        };
        let person = With::Person(name.into());
        if lines.iter().any(|line| line.item.is_with(&person)) {
            return Ok(person);
        }
        let mut known: Vec<String> = lines.iter().flat_map(|line| line.item.people().map(String::from)).collect();
        known.extend(no_party.candidates.iter().map(ToString::to_string));
        known.sort();
        known.dedup();
        let what = format!("no party \"{name}\", and nobody of that name at a table by then");
        Err(Trouble::unknown("no-such-name", what, name, &known).help("talks rounds, talks parties"))
    }

    /// All of one party.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn party(&self, name: &str) -> Result<PartyProfile, Trouble> {
        let asked = self.asked();
        let slug = party_named(name, &asked.all.ground)?;
        view::party(&asked, &slug).ok_or_else(|| Trouble::failed("no-such-party", format!("no party \"{name}\"")))
    }

    /// What something rests on.
    ///
    /// # Errors
    /// There is nothing of that name by then.
    pub fn why(&self, name: &str) -> Result<Why, Trouble> {
        let target = named(name)?;
        view::why(&self.asked(), &target).ok_or_else(|| self.nothing(&target))
    }

    /// Everything on one thing, with what an event changed.
    ///
    /// # Errors
    /// There is nothing of that name by then.
    pub fn show(&self, name: &str) -> Result<Shown, Trouble> {
        let target = named(name)?;
        self.shown(&target).ok_or_else(|| self.nothing(&target))
    }

    /// The events one by one, each with what it changed; or only those that change something.
    pub fn steps(&self, only_changes: bool) -> Replay {
        let mut replay = self.replay();
        if only_changes {
            replay.steps.retain(|step| !step.changes.is_empty() || !step.anomalies.is_empty());
        }
        replay
    }

    /// What to look at again; all checks, or those named.
    ///
    /// # Errors
    /// There is no such check.
    pub fn check(&self, names: &[String]) -> Result<Checked, Trouble> {
        let names: Vec<Check> = names.iter().map(|name| check_named(name)).collect::<Result<_, _>>()?;
        Ok(view::check(&self.asked(), &names))
    }

    /// There is nothing of that name by then: say what there is.
    fn nothing(&self, target: &Target) -> Trouble {
        let trouble = Trouble::failed("no-such-name", format!("nothing is called {target} as of {}", self.as_of.echo));
        match target {
            Target::Elsewhere(_) => trouble.because("it is in another log").help("ask that log"),
            Target::Event(_) => {
                let (first, last) = (self.records().first(), self.records().last());
                let span = first
                    .zip(last)
                    .map(|(first, last)| format!("the log has {} to {}", first.version(), last.version()));
                trouble.because(span.unwrap_or_else(|| "the log is empty".into())).help("talks log, or a later --as-of")
            }
            Target::Handle(handle) => {
                let same = |other: &&Handle| other.letter == handle.letter;
                let known: Vec<String> =
                    self.asked().all.ground.creators.keys().filter(same).map(ToString::to_string).collect();
                let noun = handle.letter.noun();
                let have = if known.is_empty() {
                    format!("this log has no {noun}")
                } else {
                    format!("this log has {}", known.join(", "))
                };
                trouble.because(have).help("talks status, or a later --as-of")
            }
        }
    }
}

/// A name as typed.
fn named(name: &str) -> Result<Target, Trouble> {
    let tidy = name.trim();
    let upper = tidy.to_uppercase();
    let parsed = tidy.parse().or_else(|_| upper.parse());
    parsed.map_err(|error: BadName| Trouble::usage("bad-name", error.0).help("talks status shows the handles"))
}

/// A kind, or how kinds begin; a kind of a newer version counts if the log has it.
///
/// # Errors
/// No kind begins so.
pub fn kind_named<'a>(logged: impl Iterator<Item = &'a str>, name: &str) -> Result<String, Trouble> {
    let wanted = name.trim().to_lowercase();
    if !wanted.is_empty() && Event::KINDS.iter().copied().chain(logged).any(|kind| kind.starts_with(&wanted)) {
        return Ok(wanted);
    }
    const HELP: &str = "talks help kinds lists them; talks log shows those of this log";
    let what = format!("no kind \"{name}\"");
    // `raised` is no beginning of a kind, and yet it is clear what was meant.
    let within: Vec<String> =
        Event::KINDS.iter().filter(|kind| kind.contains(&wanted)).map(ToString::to_string).collect();
    if !wanted.is_empty() && !within.is_empty() {
        let trouble = Trouble::usage("no-such-kind", what).because(format!("in full: {}", within.join(", ")));
        return Err(Trouble { candidates: within.into(), ..trouble.help(HELP) });
    }
    let words = Event::KINDS.iter().flat_map(|kind| kind.split('.'));
    let known: BTreeSet<String> = Event::KINDS.iter().copied().chain(words).map(String::from).collect();
    Err(Trouble::unknown("no-such-kind", what, name, &known.into_iter().collect::<Vec<_>>()).help(HELP))
}

fn source(asking: &Asking<'_>, name: &str) -> Result<Handle, Trouble> {
    let asked = asking.asked();
    let sources = &asked.all.ground.sources;
    let found = name.trim().to_uppercase().parse().ok().filter(|handle| sources.contains_key(handle));
    found.ok_or_else(|| {
        let known: Vec<String> = sources.keys().map(ToString::to_string).collect();
        Trouble::unknown("no-such-source", format!("no source \"{name}\" in this log"), name, &known)
            .help("talks sources")
    })
}

fn check_named(name: &str) -> Result<Check, Trouble> {
    let known: Vec<String> = Check::WORDS.iter().map(ToString::to_string).collect();
    let check = serde_json::from_value(serde_json::Value::from(name)).ok().filter(|check| *check != Check::Other);
    check.ok_or_else(|| {
        Trouble::unknown("no-such-check", format!("no check \"{name}\""), name, &known)
            .help(format!("the checks are {}", known.join(", ")))
    })
}
