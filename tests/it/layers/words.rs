//! A Rust file as a row of words.
//!
//! Comments are gone and a string is one word, so that neither can be taken for code; what has two spellings has one here. The
//! exception is a string that a derive reads as a path, `#[serde(with = "super::x")]`: it is laid out as the path it is.

use std::collections::BTreeSet;

use proc_macro2::Spacing::Joint;
use proc_macro2::{Delimiter, Group, Punct, TokenStream, TokenTree};

/// Attributes that hold paths in strings.
const QUOTING: &str = "serde schemars cfg_attr";

/// The words of a file with their lines. `r#log` reads `log`, `$crate` reads `crate`, `$x` is one word, and a string is its text
/// behind one `"`.
/// Nothing if it is not Rust.
pub fn read(source: &str) -> Option<Vec<(String, usize)>> {
    let mut words = Vec::new();
    lay_out(source.parse().ok()?, false, &mut words);
    Some(words)
}

fn lay_out(tokens: TokenStream, quoting: bool, words: &mut Vec<(String, usize)>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let line = token.span().start().line;
        let word = match token {
            TokenTree::Group(group) => {
                lay_out_group(&group, quoting, words);
                continue;
            }
            TokenTree::Literal(literal) if quoting => {
                lay_out_path(&literal.to_string(), line, words);
                continue;
            }
            TokenTree::Literal(literal) => text_of(&literal.to_string()),
            TokenTree::Ident(word) => word.to_string().trim_start_matches("r#").to_owned(),
            TokenTree::Punct(mark) => {
                let next = tokens.next_if(|next| belongs(&mark, next));
                format!("{mark}{}", next.map(|next| next.to_string()).unwrap_or_default())
            }
        };
        words.push((word.replace("$crate", "crate"), line));
    }
}

/// The second half of `::`, and the name of the `$name` in a macro.
fn belongs(mark: &Punct, next: &TokenTree) -> bool {
    match (mark.as_char(), next) {
        (':', TokenTree::Punct(next)) => mark.spacing() == Joint && next.as_char() == ':',
        ('$', TokenTree::Ident(_)) => true,
        _ => false,
    }
}

fn lay_out_group(group: &Group, quoting: bool, words: &mut Vec<(String, usize)>) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace | Delimiter::None => ("{", "}"),
    };
    let attribute = words.last().is_some_and(|(word, _)| word == "#");
    let name = group.stream().into_iter().next();
    let derive = attribute && name.is_some_and(|name| listed(QUOTING, &name.to_string()));
    words.push((open.to_owned(), group.span_open().start().line));
    lay_out(group.stream(), quoting || derive, words);
    words.push((close.to_owned(), group.span_close().end().line));
}

/// A string that a derive reads as a path is laid out as one, on the line of the string.
fn lay_out_path(literal: &str, line: usize, words: &mut Vec<(String, usize)>) {
    let (text, before) = (text_of(literal), words.len());
    match text.trim_start_matches('"').parse() {
        Ok(path) if text.contains("::") => lay_out(path, false, words),
        _ => words.push((text, line)),
    }
    for (_, place) in &mut words[before..] {
        *place = line;
    }
}

/// A string is its text behind one `"`; any other literal, or one written with escapes, says nothing.
fn text_of(literal: &str) -> String {
    let raw = literal.strip_prefix('r').map(|text| text.trim_matches('#'));
    let text = raw.unwrap_or(literal).strip_suffix('"');
    let plain = text.filter(|text| text.starts_with('"') && (raw.is_some() || !text.contains('\\')));
    plain.unwrap_or("0").to_owned()
}

/// A word that can be part of a path, `$x` in a macro included.
pub fn is_name(word: &str) -> bool {
    let word = word.strip_prefix('$').unwrap_or(word);
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The name, first line and length of each function, from its `fn` to its closing brace.
pub fn functions(source: &str) -> Vec<(String, usize, usize)> {
    let tokens = read(source).unwrap_or_default();
    let words: Vec<&str> = tokens.iter().map(|(word, _)| word.as_str()).collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        if let ["fn", name, ..] = words[at..]
            && is_name(name)
            && let Some(end) = body_end(&words, at)
        {
            let (first, last) = (tokens[at].1, tokens[end - 1].1);
            found.push((name.to_owned(), first, last + 1 - first));
        }
    }
    found
}

fn body_end(words: &[&str], mut at: usize) -> Option<usize> {
    while let Some(word) = words.get(at) {
        at = match *word {
            "{" => return Some(closing(words, at)),
            "}" | ";" => return None,
            "(" | "[" => closing(words, at),
            _ => at + 1,
        };
    }
    None
}

/// The modules that a file declares to lie in files of their own.
pub fn declared(source: &str) -> BTreeSet<String> {
    let words = read(source).unwrap_or_default();
    let declares = |t: &[(String, usize)]| t[0].0 == "mod" && t[2].0 == ";";
    words.windows(3).filter(|three| declares(three)).map(|three| three[1].0.clone()).collect()
}

/// Reads the path that begins at `at`, one or as many as its braces hold, and says where it ends.
pub fn spread<'a>(
    words: &[&'a str],
    mut at: usize,
    prefix: &[&'a str],
    found: &mut Vec<(usize, Vec<&'a str>)>,
) -> usize {
    let (first, mut path) = (at, prefix.to_vec());
    while let Some(word) = words.get(at).filter(|word| is_name(word) || **word == "*") {
        path.push(word);
        at += 1;
        if words.get(at) != Some(&"::") {
            found.push((first, path));
            return at;
        }
        at += 1;
    }
    if words.get(at) != Some(&"{") {
        found.push((first, path));
        return at;
    }
    at += 1;
    while words[at] != "}" {
        at = match words[at] {
            "as" => at + 2,
            "," => at + 1,
            _ => spread(words, at, &path, found).max(at + 1),
        };
    }
    at + 1
}

/// Where what opens at `at` has been closed.
pub fn closing(words: &[&str], at: usize) -> usize {
    let mut depth = 0;
    for (place, word) in words.iter().enumerate().skip(at) {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place + 1;
        }
    }
    words.len()
}

/// Whether a word is on a list of words with a space between.
pub fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|each| each == word)
}
