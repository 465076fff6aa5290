//! What was typed for a draft: pairs, a date, sources.

use super::args::Citing;
use super::load;
use crate::app::{Cited, Trouble, Typed};
use crate::exchange::pairs::{Given, Pair, pair};

/// Reads `key=value`, `key:=JSON`, and `key=@FILE` (the text of a file).
pub(super) fn pairs(fields: &[String]) -> Result<Vec<Pair>, Trouble> {
    let read = |text: &String| {
        let mut pair = pair(text)?;
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

pub(super) fn typed(fields: &[String], when: Option<&String>, citing: Option<&Citing>) -> Result<Typed, Trouble> {
    Ok(Typed { pairs: pairs(fields)?, when: when.cloned(), cited: citing.map(cited).unwrap_or_default() })
}

fn cited(citing: &Citing) -> Cited {
    let Citing { source, quote, locator, reported, attribution, relays } = citing;
    let words = [("quote", quote), ("locator", locator), ("attribution", attribution), ("relays", relays)];
    let words = words.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).collect();
    Cited { sources: source.clone(), reported: reported.clone(), words }
}
