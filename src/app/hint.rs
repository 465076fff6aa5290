//! What to type when the door says no.

use crate::domain::anomaly::Misfit;
use crate::domain::history::Ground;
use crate::domain::ids::{Letter, Target};
use crate::domain::party::PartyEntry;
use crate::exchange::near::near;

/// A remedy that can be typed.
pub(super) fn remedy(misfit: &Misfit, ground: &Ground) -> String {
    match misfit {
        Misfit::NotOpened => "open it first: talks open SLUG --title TITLE --party SLUG=NAME".into(),
        Misfit::OpenedTwice => {
            "to change what it says: talks correct e1 title=... --reason ...; for another one, choose a name: -n SLUG"
                .into()
        }
        Misfit::OpeningRetracted => "to change what it says: talks correct e1 title=... --reason ...".into(),
        Misfit::Unknown(Target::Handle(handle)) if handle.letter == Letter::S => {
            "register it first: talks source add title=... publisher=... published=...".into()
        }
        Misfit::Unknown(Target::Event(_)) => "talks log lists the events".into(),
        Misfit::Unknown(Target::Handle(handle)) => listing(handle.letter).into(),
        Misfit::Unknown(_) => "talks status shows what there is".into(),
        Misfit::Retracted(_, by) => {
            format!("talks show {by} says why; talks reinstate NAME --reason ... brings an event back")
        }
        Misfit::UndeclaredParty(party) => undeclared(party.as_str(), ground),
        Misfit::NotEarlier(_) => "name an event that the log has already; talks log lists them".into(),
        Misfit::Uncorrectable(target, _) => format!("talks show {target} shows what it says now"),
        Misfit::OutOfOrder(name) => format!("talks show {name} has its date; correct the one that is wrong"),
        Misfit::BeforeOwnStart => "a ceasefire is agreed no later than its \"from\"; check both dates".into(),
        Misfit::Undated => "say when it happened: --when 2023-10-26".into(),
        Misfit::NegotiationClosed => "if the talks went on: talks add negotiation.reopened --when ...".into(),
        Misfit::NotClosed => "talks status says where it stands".into(),
        Misfit::RoundNotOpen(round) => format!("open it first: talks add round.opened round={round} --when ..."),
        Misfit::RoundOpen(round) => format!("close it first: talks add round.closed round={round} --when ..."),
        Misfit::NoTalks => "record the round first: talks add round.opened --when ...".into(),
        Misfit::NotAMonitor(party) => {
            format!("declare it as one: talks add party.joined party={party} name=... kind=... role=monitor")
        }
        Misfit::NotPresent(party) => format!("talks add party.joined party={party} name=... kind=... role=..."),
        Misfit::NotAsked(handle, _)
        | Misfit::Over(handle, _)
        | Misfit::NotInState(handle, _)
        | Misfit::NotBound(handle, _)
        | Misfit::NotARatifier(handle, _) => format!("talks show {handle} tells how it stands"),
        Misfit::NotKnown(name) | Misfit::WrongSort(name, _) => format!("talks show {name} tells what it is"),
    }
}

/// Where the lives of a sort are listed.
fn listing(letter: Letter) -> &'static str {
    match letter {
        Letter::R => "talks rounds lists the rounds",
        Letter::D => "talks demands lists the demands",
        Letter::O => "talks offers lists the offers",
        Letter::C => "talks ceasefires lists the ceasefires",
        Letter::A => "talks agreements lists the agreements",
        Letter::K => "talks commitments lists the commitments",
        Letter::T => "talks deadlines lists the deadlines",
        Letter::M => "talks measures lists the measures",
        Letter::Q => "talks claims lists the claims",
        Letter::S => "talks sources lists the sources",
        Letter::F => "talks log lists the events, with the handles that they define",
    }
}

fn undeclared(party: &str, ground: &Ground) -> String {
    let called = |entry: &PartyEntry| {
        let names = entry.aliases.iter().chain([&entry.name]);
        names.into_iter().any(|name| name.trim().to_lowercase() == party.trim().to_lowercase())
    };
    let parties = ground.parties.values().map(|record| &record.entry).filter(|entry| called(entry));
    let meant: Vec<&str> = parties.map(|entry| entry.party.as_str()).collect();
    if meant.len() > 1 {
        return format!("it is a name of more than one party; write {}", meant.join(" or "));
    }
    match near(party, ground.parties.keys().map(|slug| slug.as_str())) {
        Some(near) => format!("did you mean {near}? A new one is declared first: talks add party.joined party=..."),
        None => "declare it first: talks add party.joined party=SLUG name=NAME kind=state role=party --when ...".into(),
    }
}
