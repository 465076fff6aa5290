//! Names people can type.
//!
//! An event is named by its version, `e7`: versions run 1, 2, 3 … within one log and are never reused. What lives through several
//! events has a handle, `D1` or `C2`: a letter for its sort and a number, allocated as the highest ever used plus one. A name from
//! another log is written `other-log:A1`; it is kept and shown, never followed.
//!
//! [`Def`] and [`Ref`] carry the sort of life in their type, so that a ceasefire can't be named where a demand is meant.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The place of an event in its log, counted from 1 and printed `e1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// The sort of life a handle names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Letter {
    /// A round of talks.
    R,
    /// A demand.
    D,
    /// An offer.
    O,
    /// A ceasefire.
    C,
    /// An agreement.
    A,
    /// A commitment.
    K,
    /// A deadline.
    T,
    /// A measure.
    M,
    /// A claim.
    Q,
    /// A source.
    S,
    /// A follow-up.
    F,
}

/// A life's name, such as `D1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    /// Which sort of life.
    pub letter: Letter,
    /// Its number, from 1.
    pub number: u32,
}

/// What a reference points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An event of this log.
    Event(Version),
    /// A life of this log.
    Handle(Handle),
    /// A name in another log, kept as written.
    Elsewhere(Box<str>),
}

/// A name that could not be read. Says what a name looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName(pub String);

/// Whether a text is a slug, as parties and negotiations have one: letters a to z, digits and hyphens, and not hyphens alone.
pub fn is_slug(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.chars().all(fits) && text.contains(|c: char| c != '-')
}

/// The slug that a name suggests: its words of letters a to z and digits, joined; empty where it has none.
pub fn slug_of(name: &str) -> String {
    let words: Vec<_> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

impl Letter {
    /// Every sort, in the order in which the views show them.
    pub const ALL: [Letter; 11] = {
        use Letter::*;
        [R, D, O, C, A, K, T, M, Q, S, F]
    };

    /// The word for one of its kind: `demand`.
    pub fn noun(self) -> &'static str {
        match self {
            Letter::R => "round",
            Letter::D => "demand",
            Letter::O => "offer",
            Letter::C => "ceasefire",
            Letter::A => "agreement",
            Letter::K => "commitment",
            Letter::T => "deadline",
            Letter::M => "measure",
            Letter::Q => "claim",
            Letter::S => "source",
            Letter::F => "follow-up",
        }
    }

    fn from_char(c: char) -> Option<Letter> {
        Letter::ALL.into_iter().find(|l| l.as_char() == c)
    }

    /// The letter itself.
    pub fn as_char(self) -> char {
        match self {
            Letter::R => 'R',
            Letter::D => 'D',
            Letter::O => 'O',
            Letter::C => 'C',
            Letter::A => 'A',
            Letter::K => 'K',
            Letter::T => 'T',
            Letter::M => 'M',
            Letter::Q => 'Q',
            Letter::S => 'S',
            Letter::F => 'F',
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}", self.0)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.letter.as_char(), self.number)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Event(version) => version.fmt(f),
            Target::Handle(handle) => handle.fmt(f),
            Target::Elsewhere(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadName {}

/// Digits without sign or leading zero, at least 1.
fn number<N: FromStr>(digits: &str) -> Option<N> {
    let plain = !digits.starts_with('0') && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

impl FromStr for Version {
    type Err = BadName;
    fn from_str(s: &str) -> Result<Self, BadName> {
        let bad = || BadName(format!("\"{s}\" is not an event; an event is written e1, e2, e3"));
        s.strip_prefix('e').and_then(number).map(Version).ok_or_else(bad)
    }
}

impl FromStr for Handle {
    type Err = BadName;
    fn from_str(s: &str) -> Result<Self, BadName> {
        let bad = || BadName(format!("\"{s}\" is not a handle; a handle is a letter and a number, such as D1 or C2"));
        let mut chars = s.chars();
        let letter = chars.next().and_then(Letter::from_char).ok_or_else(bad)?;
        let number = number(chars.as_str()).ok_or_else(bad)?;
        Ok(Handle { letter, number })
    }
}

impl FromStr for Target {
    type Err = BadName;
    fn from_str(s: &str) -> Result<Self, BadName> {
        if let Some((log, name)) = s.split_once(':') {
            let named = name.parse::<Handle>().is_ok() || name.parse::<Version>().is_ok();
            if named && !log.is_empty() && !log.contains(char::is_whitespace) {
                return Ok(Target::Elsewhere(s.into()));
            }
        }
        let own = s.parse().map(Target::Event).or_else(|_| s.parse().map(Target::Handle));
        own.map_err(|_| BadName(format!("\"{s}\" names nothing; write an event (e7), a handle (D1) or other-log:A1")))
    }
}

macro_rules! as_string {
    ($($name:ty, $title:literal, $pattern:literal, $words:literal;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { $title.into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $words })
            }
        }
    )*};
}

as_string! {
    Version, "EventName", "^e[1-9][0-9]*$", "An event of this log by its version: e7.";
    Handle, "Handle", "^[RDOCAKTMQSF][1-9][0-9]*$", "The handle of a life: D1, C2.";
    Target, "Reference", "^([^:\\s]+:)?[eRDOCAKTMQSF][1-9][0-9]*$", "An event (e12), a handle (C1), or a name in another log (other-log:A1).";
}

/// A sort of life, as a type.
pub trait Life {
    /// Its letter.
    const LETTER: Letter;
}

macro_rules! lives {
    ($($name:ident $letter:ident $words:literal;)*) => {$(
        #[doc = $words]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {}
        impl Life for $name {
            const LETTER: Letter = Letter::$letter;
        }
    )*};
}

lives! {
    ARound R "A round of talks, `R1`.";
    ADemand D "A demand, `D1`.";
    AnOffer O "An offer, `O1`.";
    ACeasefire C "A ceasefire, `C1`.";
    AnAgreement A "An agreement, `A1`.";
    ACommitment K "A commitment, `K1`.";
    ADeadline T "A deadline, `T1`.";
    AMeasure M "A measure, `M1`.";
    AClaim Q "A claim, `Q1`.";
    ASource S "A source, `S1`.";
    AFollowUp F "A follow-up, `F1`.";
}

/// Where a life is defined: absent means a new one, present joins that life.
pub struct Def<L>(pub Option<Handle>, PhantomData<L>);

/// Where a life is named.
pub struct Ref<L>(pub Handle, PhantomData<L>);

impl<L> Def<L> {
    /// The handle, once the log has allocated or accepted one.
    pub fn handle(&self) -> Option<Handle> {
        self.0
    }
}

impl<L: Life> Ref<L> {
    /// A reference to the life with this number.
    pub fn new(number: u32) -> Self {
        Ref(Handle { letter: L::LETTER, number }, PhantomData)
    }
}

fn of_sort<L: Life>(text: &str) -> Result<Handle, BadName> {
    let letter = L::LETTER;
    let handle = text.parse::<Handle>().ok().filter(|handle| handle.letter == letter);
    let (noun, example) = (letter.noun(), letter.as_char());
    handle.ok_or_else(|| BadName(format!("\"{text}\" does not name a {noun}; a {noun} is written {example}1")))
}

impl<L> Default for Def<L> {
    fn default() -> Self {
        Def(None, PhantomData)
    }
}

impl<L: Life> Serialize for Def<L> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl<'de, L: Life> Deserialize<'de> for Def<L> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = Option::<std::borrow::Cow<str>>::deserialize(d)?;
        let handle = text.map(|t| of_sort::<L>(&t)).transpose().map_err(de::Error::custom)?;
        Ok(Def(handle, PhantomData))
    }
}

impl<L: Life> Serialize for Ref<L> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl<'de, L: Life> Deserialize<'de> for Ref<L> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        of_sort::<L>(&text).map(|handle| Ref(handle, PhantomData)).map_err(de::Error::custom)
    }
}

macro_rules! plain {
    ($($name:ident $words:literal)*) => {$(
        impl<L> Clone for $name<L> { fn clone(&self) -> Self { *self } }
        impl<L> Copy for $name<L> {}
        impl<L> PartialEq for $name<L> { fn eq(&self, other: &Self) -> bool { self.0 == other.0 } }
        impl<L> Eq for $name<L> {}
        impl<L> fmt::Debug for $name<L> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl<L: Life> JsonSchema for $name<L> {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                format!("{}{}", stringify!($name), L::LETTER.as_char()).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let letter = L::LETTER;
                json_schema!({
                    "type": "string",
                    "pattern": format!("^{}[1-9][0-9]*$", letter.as_char()),
                    "description": format!(concat!($words, ": {}1."), letter.noun(), letter.as_char()),
                })
            }
        }
    )*};
}

plain! { Def "The handle this event defines (absent: a new {})" Ref "The handle of a {}" }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_print_as_they_are_typed() {
        for name in ["e7", "D1", "C12", "istanbul:A1"] {
            assert_eq!(name.parse::<Target>().map(|t| t.to_string()), Ok(name.to_string()));
        }
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for name in ["", "e", "e0", "e01", "d1", "D", "D-1", "X3", ":A1", "a b:A1", "log:x", "é1"] {
            assert!(name.parse::<Target>().is_err(), "{name} was read as a name");
        }
    }

    #[test]
    fn a_ceasefire_cannot_be_named_where_a_demand_is_meant() {
        let error = serde_json::from_str::<Ref<ADemand>>("\"C1\"").map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.starts_with("\"C1\" does not name a demand; a demand is written D1")));
    }
}
