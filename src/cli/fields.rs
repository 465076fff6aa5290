//! What was typed for a draft: pairs, a date, sources.

use super::args::{AddArgs, Citing};
use super::load;
use crate::app::{Cited, SOURCE_FIELDS, Trouble, Typed, sha256_of};
use crate::exchange::drafts::Problem;
use crate::exchange::pairs::{Given, Pair, pair};
use crate::exchange::short::{is_named, placed};

/// The path of a copy of the source that is registered with an event.
pub(super) const COPY: &str = "source.file";

/// Reads `key=value`, `key:=JSON`, and `key=@FILE` (the text of a file).
pub(super) fn pairs(fields: &[String]) -> Result<Vec<Pair>, Trouble> {
    let read = |text: &String| {
        let mut pair = pair(text)?;
        if pair.key == COPY {
            return fingerprint(&pair.value);
        }
        if let Given::Text(value) = &pair.value
            && let Some(path) = value.strip_prefix('@').filter(|path| !path.is_empty())
        {
            let bytes = load::read(path.as_ref())?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Trouble::failed("bad-utf8", format!("{path} is not UTF-8")).help("convert it, as with iconv -t UTF-8")
            })?;
            pair.value = Given::Text(text.trim_end_matches(['\n', '\r']).into());
        }
        Ok(pair)
    };
    fields.iter().map(read).collect()
}

/// The hash of a copy, as a field of the source that it is of.
fn fingerprint(path: &Given) -> Result<Pair, Trouble> {
    let Given::Text(path) = path else {
        return Err(
            Trouble::usage("bad-key", format!("{COPY} is the path of a file")).help(format!("{COPY}=copy.html"))
        );
    };
    Ok(Pair { key: format!("{SOURCE_FIELDS}sha256"), value: Given::Text(sha256_of(path.as_ref())?) })
}

/// What was typed for a draft of a kind, where values may stand without a name.
pub(super) fn short(kind: &str, args: &AddArgs) -> Result<Typed, Trouble> {
    let (named, values): (Vec<String>, Vec<String>) = args.fields.iter().cloned().partition(|word| is_named(word));
    let mut typed = typed(&named, args.when.as_ref(), Some(&args.citing))?;
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut pairs = placed(kind, &values, &typed.pairs)?;
    pairs.append(&mut typed.pairs);
    pairs.extend(args.place.iter().map(|place| Pair { key: "place".into(), value: Given::Text(place.clone()) }));
    Ok(Typed { pairs, ..typed })
}

pub(super) fn typed(fields: &[String], when: Option<&String>, citing: Option<&Citing>) -> Result<Typed, Trouble> {
    Ok(Typed { pairs: pairs(fields)?, when: when.cloned(), cited: citing.map(cited).unwrap_or_default() })
}

/// What is wrong with a draft that was made of pairs, told of the pairs: nobody has seen the draft.
pub(super) fn of_pairs(trouble: Trouble) -> Trouble {
    let Some(((_, first), more)) = trouble.problems.split_first() else { return of_flags(trouble) };
    let told = Trouble::usage(first.id, said(first)).help(remedy(first));
    more.iter().fold(told, |told, (_, problem)| told.because(said(problem)))
}

/// A key that is no field of the kind may be a flag of the command.
fn of_flags(trouble: Trouble) -> Trouble {
    const FLAGS: [(&str, &str); 7] = [
        ("when", "--when 2023-10-26"),
        ("date", "--when 2023-10-26"),
        ("source", "--source S1"),
        ("quote", "--quote TEXT"),
        ("locator", "--locator \"para 2\""),
        ("reported", "--reported 2023-10-26"),
        ("attribution", "--attribution TEXT"),
    ];
    let is_meant = |key: &str| trouble.id == "unknown-key" && trouble.what.ends_with(&format!(" \"{key}\""));
    match FLAGS.iter().find(|(key, _)| is_meant(key)) {
        Some((_, flag)) => trouble.help(format!("it is given by a flag: {flag}")),
        None => trouble,
    }
}

fn said(problem: &Problem) -> String {
    let what = problem.what.replace("sources[0].source", "--source");
    what.strip_prefix("data: ").or_else(|| what.strip_prefix("data.")).unwrap_or(&what).replace(", \"occurred\"", "")
}

fn remedy(problem: &Problem) -> String {
    let help = problem.help.as_deref().unwrap_or("talks help KIND shows what each field takes");
    match problem.id {
        "missing-date" => {
            "say when it happened: --when 2023-10-26, or --when \"[..2023-10-26]\" for \"by then\"".into()
        }
        "needless-date" => help.replace("\"occurred\"", "--when"),
        "missing-field" => help.replacen("add \"", "add ", 1).replacen("\", ", "=..., ", 1),
        _ if help.ends_with(", in quotes") => "write it after =, which gives a text, and not after :=".into(),
        _ if problem.what.starts_with("sources[") => format!("{help}; talks sources lists them"),
        _ if problem.what.starts_with("sources: ") => "cite one with --source S1; talks sources lists them".into(),
        _ => help.into(),
    }
}

fn cited(citing: &Citing) -> Cited {
    let Citing { source, quote, locator, reported, attribution, relays } = citing;
    let words = [("quote", quote), ("locator", locator), ("attribution", attribution), ("relays", relays)];
    let words = words.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).collect();
    Cited { sources: source.clone(), reported: reported.clone(), words }
}
