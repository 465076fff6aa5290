//! What is asked in the query of an address: the clocks and the reading of every view, and what a view takes of its own.
//!
//! A name that is not known is refused, so that nobody is answered something else than was asked. A field that a form sends empty was
//! not filled in; a switch that is only named is on.

use crate::app::{Param, Params, Question, Takes, Trouble};

/// What every view takes.
pub(super) const COMMON: [Param; 6] = [
    Param { name: "as_of", about: "The world of this day, to its end; now, where it is not said", takes: Takes::Text },
    Param { name: "known_by", about: "Only what had been reported by then", takes: Takes::Text },
    Param { name: "recorded_by", about: "Only what had been recorded here by then", takes: Takes::Text },
    Param { name: "certain", about: "Leave out what may lie after the day", takes: Takes::Switch },
    Param { name: "account", about: "One party's account: what others alone assert falls out", takes: Takes::Text },
    Param {
        name: "corroborated",
        about: "Only what independent sources, or the other side, support",
        takes: Takes::Switch,
    },
];

/// Which words say yes, and which no.
const YES: [&str; 5] = ["", "1", "on", "true", "yes"];
const NO: [&str; 4] = ["0", "off", "false", "no"];

/// What was given for the parameters that may be.
pub(super) fn read(query: Option<&str>, may: &[&[Param]]) -> Result<Params, Trouble> {
    let known = || may.iter().copied().flatten();
    let mut given = Params::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let param = known().find(|param| param.name == name).ok_or_else(|| unknown(&name, known()))?;
        if given.text(&name).is_some() && param.takes != Takes::Several {
            return Err(Trouble::usage("bad-parameter", format!("{name} is given twice")).help("give it once"));
        }
        given.0.extend(taken(param, &value)?.map(|value| (name.into_owned(), value)));
    }
    let absent = |param: &&Param| param.takes == Takes::Needed && given.text(param.name).is_none();
    match known().find(absent) {
        Some(Param { name, about, .. }) => Err(Trouble::usage("bad-parameter", format!("{name} is missing"))
            .because(about.to_string())
            .help(format!("add ?{name}=..."))),
        None => Ok(given),
    }
}

/// The value of a parameter, if it says anything.
fn taken(param: &Param, value: &str) -> Result<Option<String>, Trouble> {
    let wrong = |what: &str, help: String| {
        Err(Trouble::usage("bad-parameter", format!("{}: \"{value}\" is {what}", param.name)).help(help))
    };
    match param.takes {
        Takes::Switch if YES.contains(&value) => Ok(Some("true".into())),
        Takes::Switch if NO.contains(&value) => Ok(None),
        Takes::Switch => wrong("neither yes nor no", format!("write {}=true, or leave it out", param.name)),
        _ if value.trim().is_empty() => Ok(None),
        Takes::Number if value.parse::<usize>().is_err() => wrong("no whole number", format!("{}=20", param.name)),
        Takes::Word(words) if !words.contains(&value) => wrong("no such word", format!("one of {}", words.join(", "))),
        _ => Ok(Some(value.into())),
    }
}

fn unknown<'p>(name: &str, known: impl Iterator<Item = &'p Param>) -> Trouble {
    let known: Vec<String> = known.map(|param| param.name.to_string()).collect();
    let help = format!("this address takes {}", known.join(", "));
    Trouble::unknown("no-such-parameter", format!("no parameter \"{name}\""), name, &known).help(help)
}

/// The question that the common ones ask.
pub(super) fn question(given: &Params) -> Question {
    let text = |name| given.text(name).map(Into::into);
    Question {
        as_of: text("as_of"),
        known_by: text("known_by"),
        recorded_by: text("recorded_by"),
        certain: given.is_on("certain"),
        accounts_of: text("account"),
        corroborated: given.is_on("corroborated"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Param = Param { name: "limit", about: "", takes: Takes::Number };
    const CLOCK: Param = Param { name: "clock", about: "", takes: Takes::Word(&["world", "knowledge"]) };
    const WORDS: Param = Param { name: "words", about: "What", takes: Takes::Needed };

    fn asked(query: &str) -> Result<Params, String> {
        read(Some(query), &[&COMMON, &[LIMIT, CLOCK]]).map_err(|trouble| trouble.what)
    }

    #[test]
    fn a_form_that_was_left_empty_asks_nothing() {
        let given = asked("as_of=&known_by=+&limit=&clock=").expect("it reads");
        assert_eq!(given, Params::default());
        let question = question(&asked("certain&corroborated=0&as_of=20+Oct%202023").expect("it reads"));
        assert!(question.certain && !question.corroborated);
        assert_eq!(question.as_of.as_deref(), Some("20 Oct 2023"));
    }

    #[test]
    fn what_can_not_be_meant_is_refused() {
        for (query, what) in [
            ("asof=e1", "no parameter \"asof\""),
            ("as_of=e1&as_of=e2", "as_of is given twice"),
            ("certain=maybe", "certain: \"maybe\" is neither yes nor no"),
            ("limit=-1", "limit: \"-1\" is no whole number"),
            ("clock=wall", "clock: \"wall\" is no such word"),
        ] {
            assert_eq!(asked(query), Err(what.into()));
        }
        let missing = read(None, &[&[WORDS]]).map_err(|trouble| trouble.what);
        assert_eq!(missing, Err("words is missing".into()));
    }
}
