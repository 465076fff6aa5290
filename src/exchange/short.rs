//! The short spelling of what is typed: `statement pakistan position "Talks go on"`.
//!
//! The law. A kind may be called by how its words begin, as long as only one is meant; `demand` is the one kind of its group that makes
//! a demand. Values without a name fill the needed fields of the kind in their declared order, those left out that are given by name.
//! Where a field takes several names, commas stand between them, or semicolons; a text is never taken apart.

use super::pairs::{Given, Pair, unknown_kind};
use super::schema::{defines, fields_at, takes_at};
use super::typed::TypedError;
use crate::domain::event::Event;

/// The kind that is meant by a name, in full or short.
///
/// # Errors
/// No kind or several begin so.
pub fn kind_named(name: &str) -> Result<&'static str, TypedError> {
    if let Some(kind) = Event::KINDS.iter().find(|kind| **kind == name) {
        return Ok(kind);
    }
    let meant = meant_by(name);
    match &meant[..] {
        [kind] => Ok(kind),
        [] => Err(unknown_kind(name)),
        several => {
            let (first, rest) = (several[0], several.len() - 1);
            let more = if rest == 1 { "1 other kind".into() } else { format!("{rest} other kinds") };
            Err(TypedError {
                id: "no-such-kind",
                what: format!("\"{name}\" may be {first} or {more}"),
                why: None,
                help: format!("one of {}", several.join(", ")),
                candidates: several.iter().map(ToString::to_string).collect(),
            })
        }
    }
}

fn meant_by(name: &str) -> Vec<&'static str> {
    let begin = |kind: &str, group: &str, verb: Option<&str>| {
        let (of, does) = kind.split_once('.').unwrap_or((kind, ""));
        of.starts_with(group) && verb.is_none_or(|verb| does.starts_with(verb))
    };
    let kinds =
        |fits: &dyn Fn(&str) -> bool| Event::KINDS.iter().copied().filter(|kind| fits(kind)).collect::<Vec<_>>();
    if name.is_empty() {
        return Vec::new();
    }
    if let Some((group, verb)) = name.split_once('.') {
        return kinds(&|kind| begin(kind, group, Some(verb)));
    }
    let whole = kinds(&|kind| kind.split('.').any(|word| word == name));
    let some = kinds(&|kind| kind.split('.').any(|word| word.starts_with(name)));
    let meant = if whole.is_empty() { some } else { whole };
    let born: Vec<&str> = meant.iter().copied().filter(|kind| defines(kind)).collect();
    let is_group = |kind: &&str| begin(kind, name, None);
    match &born[..] {
        [only] if meant.iter().all(is_group) && group(meant[0]) == group(meant[meant.len() - 1]) => vec![only],
        _ => meant,
    }
}

fn group(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}

/// The shortest name that stands for a kind and is a word.
pub fn short_name(kind: &'static str) -> &'static str {
    let names = kind.split('.').filter(|name| kind_named(name).is_ok_and(|named| named == kind));
    names.min_by_key(|name| (*name != group(kind), name.len())).unwrap_or(kind)
}

/// The fields that a kind needs, in the order in which they are typed.
pub fn needed(kind: &str) -> impl Iterator<Item = String> {
    fields_at(Some(kind), &["data"]).into_iter().filter(|field| field.required).map(|field| field.name)
}

/// Whether a word gives a field by its name, or tries to: no space stands before its first `=`.
pub fn is_named(word: &str) -> bool {
    word.split_once('=').is_some_and(|(key, _)| !key.contains(char::is_whitespace))
}

/// The pairs that values without a name stand for; `named` gives the rest.
///
/// # Errors
/// There are more values than needed fields, or one is a field's name and lacks its value.
pub fn placed(kind: &str, values: &[&str], named: &[Pair]) -> Result<Vec<Pair>, TypedError> {
    let is_given = |field: &String| {
        named.iter().any(|pair| pair.key.trim_start_matches("data.").split('.').next() == Some(field.as_str()))
    };
    if let Some(slip) = values.iter().find(|value| takes_at(kind, &["data", value]).is_some()) {
        return Err(not_a_pair(slip, None, format!("write {slip}=\"...\"")));
    }
    let open: Vec<String> = needed(kind).filter(|field| !is_given(field)).collect();
    if let Some(value) = values.get(open.len()) {
        let why = match &open[..] {
            [] => format!("{kind} takes no value without a name here"),
            [only] => format!("{kind} takes one value without a name here: {only}"),
            some => format!("{kind} takes {} values without a name here: {}", some.len(), some.join(", ")),
        };
        let help = format!("put a text of several words in quotes, or name the field; talks help {kind} lists them");
        return Err(not_a_pair(value, Some(why), help));
    }
    let pairs = |(field, value): (&String, &&str)| {
        let texts = several(kind, field, value).into_iter();
        texts.map(|text| Pair { key: field.clone(), value: Given::Text(text) }).collect::<Vec<_>>()
    };
    Ok(open.iter().zip(values).flat_map(pairs).collect())
}

fn not_a_pair(word: &str, why: Option<String>, help: String) -> TypedError {
    TypedError { id: "not-a-pair", what: format!("\"{word}\" is not key=value"), why, help, candidates: Vec::new() }
}

/// The values in a text that is typed for a field.
pub fn several(kind: &str, field: &str, text: &str) -> Vec<String> {
    let holds = |part: &&str| takes_at(kind, &[part, field]).is_some();
    let part = ["data", "context"].into_iter().find(holds).unwrap_or("data");
    let doc = fields_at(Some(kind), &[part]).into_iter().find(|doc| doc.name == field);
    let words = doc.map(|doc| doc.type_words).unwrap_or_default();
    if !words.starts_with("list") || words == "list of text" {
        return vec![text.into()];
    }
    let is_actor = takes_at(kind, &[part, field]).is_some_and(|takes| takes.actor);
    match (text.contains(';'), is_actor && text.contains(':')) {
        (true, _) => listed(text, ';'),
        (false, true) => vec![text.into()],
        (false, false) => listed(text, ','),
    }
}

/// What stands between separators.
pub fn listed(text: &str, separator: char) -> Vec<String> {
    text.split(separator).map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::pairs::pair;

    #[test]
    fn a_kind_is_called_by_how_it_begins_as_long_as_one_is_meant() {
        for (name, kind) in [
            ("statement.made", "statement.made"),
            ("statement", "statement.made"),
            ("st", "statement.made"),
            ("demand", "demand.raised"),
            ("dem", "demand.raised"),
            ("demand.a", "demand.answered"),
            ("incident", "incident.reported"),
            ("claim", "claim.made"),
            ("signed", "agreement.signed"),
            ("agreed", "ceasefire.agreed"),
            ("reached", "agreement.reached"),
            ("paused", "talks.paused"),
            ("talks.r", "talks.resumed"),
            ("round.o", "round.opened"),
        ] {
            assert_eq!(kind_named(name), Ok(kind), "{name}");
        }
    }

    #[test]
    fn a_name_of_several_kinds_or_of_none_is_refused_with_those_there_are() {
        let refused = |name: &str| kind_named(name).map_err(|error| (error.what, error.help));
        assert_eq!(
            refused("opened"),
            Err((
                "\"opened\" may be negotiation.opened or 1 other kind".into(),
                "one of negotiation.opened, round.opened".into()
            ))
        );
        assert_eq!(
            refused("talks"),
            Err(("\"talks\" may be talks.paused or 1 other kind".into(), "one of talks.paused, talks.resumed".into()))
        );
        assert!(refused("demand.").is_err_and(|(what, _)| what == "\"demand.\" may be demand.raised or 4 other kinds"));
        assert!(refused("round").is_err_and(|(_, help)| help.starts_with("one of round.scheduled, ")));
        assert!(refused("").is_err() && refused("demand.riased").is_err());
    }

    #[test]
    fn every_short_name_is_that_of_its_kind() {
        for kind in Event::KINDS {
            assert_eq!(kind_named(short_name(kind)), Ok(*kind));
        }
        assert_eq!((short_name("demand.raised"), short_name("demand.met")), ("demand", "met"));
        assert_eq!(short_name("round.opened"), "round.opened");
    }

    fn filled(kind: &str, values: &[&str], named: &[&str]) -> Result<Vec<(String, String)>, String> {
        let named: Vec<Pair> = named.iter().map(|text| pair(text).expect("a pair")).collect();
        let text = |pair: Pair| match pair.value {
            Given::Text(text) => (pair.key, text),
            Given::Json(json) => (pair.key, json.to_string()),
        };
        let placed = placed(kind, values, &named).map(|pairs| pairs.into_iter().map(text).collect());
        placed.map_err(|error| format!("{} | {} | {}", error.what, error.why.unwrap_or_default(), error.help))
    }

    #[test]
    fn values_without_a_name_fill_the_needed_fields_in_their_order() {
        let pairs = |expected: &[(&str, &str)]| {
            Ok(expected.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect::<Vec<_>>())
        };
        assert_eq!(
            filled("demand.raised", &["north", "south, west", "Open, now"], &[]),
            pairs(&[("by", "north"), ("of", "south"), ("of", "west"), ("text", "Open, now")])
        );
        assert_eq!(
            filled("demand.raised", &["south", "Open"], &["data.by=north"]),
            pairs(&[("of", "south"), ("text", "Open")])
        );
        assert_eq!(
            filled("demand.raised", &["north: A, minister; west: B"], &[]),
            pairs(&[("by", "north: A, minister"), ("by", "west: B")])
        );
        assert_eq!(filled("demand.raised", &["north: A, minister"], &[]), pairs(&[("by", "north: A, minister")]));
        assert_eq!(filled("talks.paused", &[], &[]), pairs(&[]));
    }

    #[test]
    fn a_value_too_many_is_told_what_is_taken() {
        assert_eq!(
            filled("note.added", &["one", "two"], &[]),
            Err("\"two\" is not key=value | note.added takes one value without a name here: text | \
                 put a text of several words in quotes, or name the field; talks help note.added lists them"
                .into())
        );
        assert_eq!(
            filled("demand.raised", &["north", "text"], &[]),
            Err("\"text\" is not key=value |  | write text=\"...\"".into())
        );
        assert!(
            filled("talks.paused", &["x"], &[]).is_err_and(|what| what.contains("takes no value without a name here"))
        );
    }

    #[test]
    fn a_name_stands_before_an_equals_sign_and_a_sentence_does_not() {
        assert!(is_named("text=Open") && is_named("tolls:=[]") && is_named("in-response-to=e3") && is_named("=x"));
        assert!(!is_named("a rate=5") && !is_named("Open"));
    }
}
