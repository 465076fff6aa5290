//! Values used in many kinds of event, and the walk over them.
//!
//! A list takes one value for a list of one. An actor is a party, or somebody who belongs to one and is not the same as it. A
//! closed list of words takes an unknown word as `other`, so that a newer log still opens. Every struct declared through `facts!`
//! can be walked: the walk hands out each name the event holds (what it defines, what it refers to, which parties), and that is
//! all the rest of the program needs to know about a kind to order it, to check it and to say who appears in it.

use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::{Def, Handle, Letter, Life, Ref, Target, Version};
use super::when::When;

/// A name met on the walk over an event.
#[derive(Debug)]
pub enum Name<'a> {
    /// The handle this event defines; absent until the log allocates one.
    Defines(Letter, &'a mut Option<Handle>),
    /// A life, named.
    Handle(&'a mut Handle),
    /// Anything, named.
    Target(&'a mut Target),
    /// The same inside a [`super::term::Term`]: it does not order the event.
    InTerm(&'a mut Target),
    /// A party, by slug or alias.
    Party(&'a mut Party),
}

/// A name met on the walk over an event that is left as it is.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// The handle this event defines; absent until the log allocates one.
    Defines(Option<Handle>),
    /// A life, named.
    Handle(Handle),
    /// Anything, named.
    Target(&'a Target),
    /// The same inside a [`super::term::Term`]: it does not order the event.
    InTerm(&'a Target),
    /// A party, by slug or alias.
    Party(&'a Party),
}

/// The walk over the names that a value holds.
pub trait Walk {
    /// Hands every name to `see`, in the order of the fields, which may change it.
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>));
    /// Hands every name to `see`, in the same order.
    fn names(&self, see: &mut dyn FnMut(Named<'_>));
    /// Whether the value is left out of its JSON.
    fn is_blank(&self) -> bool {
        false
    }
}

macro_rules! no_names {
    ($($ty:ty)*) => {$(
        impl $crate::domain::value::Walk for $ty {
            fn walk(&mut self, _: &mut dyn FnMut($crate::domain::value::Name<'_>)) {}
            fn names(&self, _: &mut dyn FnMut($crate::domain::value::Named<'_>)) {}
        }
    )*};
}
pub(crate) use no_names;

no_names! { String u8 u32 u64 When serde_json::Value }

impl Walk for bool {
    fn walk(&mut self, _: &mut dyn FnMut(Name<'_>)) {}
    fn names(&self, _: &mut dyn FnMut(Named<'_>)) {}
    fn is_blank(&self) -> bool {
        !*self
    }
}

impl<L: Life> Walk for Def<L> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        see(Name::Defines(L::LETTER, &mut self.0));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        see(Named::Defines(self.0));
    }
    fn is_blank(&self) -> bool {
        self.0.is_none()
    }
}

impl<L: Life> Walk for Ref<L> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        see(Name::Handle(&mut self.0));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        see(Named::Handle(self.0));
    }
}

impl Walk for Target {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        see(Name::Target(self));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        see(Named::Target(self));
    }
}

impl Walk for Version {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        let mut target = Target::Event(*self);
        see(Name::Target(&mut target));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        see(Named::Target(&Target::Event(*self)));
    }
}

impl<T: Walk> Walk for Box<T> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        (**self).walk(see);
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        (**self).names(see);
    }
    fn is_blank(&self) -> bool {
        (**self).is_blank()
    }
}

impl<T: Walk> Walk for Option<T> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        self.iter_mut().for_each(|inner| inner.walk(see));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        self.iter().for_each(|inner| inner.names(see));
    }
    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T: Walk> Walk for Vec<T> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        self.iter_mut().for_each(|inner| inner.walk(see));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        self.iter().for_each(|inner| inner.names(see));
    }
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

/// Declares structs whose fields are left out when blank and can be walked.
macro_rules! facts {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* pub $field:ident : $ty:ty ),* $(,)? }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub struct $name { $(
            $(#[$field_meta])*
            #[serde(skip_serializing_if = "crate::domain::value::Walk::is_blank")]
            pub $field: $ty,
        )* }
        impl $crate::domain::value::Walk for $name {
            fn walk(&mut self, see: &mut dyn FnMut($crate::domain::value::Name<'_>)) {
                let _ = &see;
                $( $crate::domain::value::Walk::walk(&mut self.$field, see); )*
            }
            fn names(&self, see: &mut dyn FnMut($crate::domain::value::Named<'_>)) {
                let _ = &see;
                $( $crate::domain::value::Walk::names(&self.$field, see); )*
            }
        }
    )*};
}
pub(crate) use facts;

/// Declares a closed list of words; a reader takes an unknown word as `Other`.
macro_rules! codes {
    ($( $(#[$meta:meta])* pub enum $name:ident { $( $(#[$word_meta:meta])* $variant:ident = $word:literal ),* $(,)? } )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$word_meta])* #[doc = concat!("`", $word, "`")] $variant, )*
            /// Any word this version does not know.
            Other,
        }
        impl $name {
            /// The words of the list, in its order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            /// The word as written in a log.
            pub fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )* $name::Other => "other" }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.as_str()) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<str>::deserialize(d)?;
                Ok(match &*word { $( $word => $name::$variant, )* _ => $name::Other })
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($word,)* "other"] })
            }
        }
        $crate::domain::value::no_names! { $name }
    )*};
}
pub(crate) use codes;

/// A list; one value stands for a list of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Walk> Walk for List<T> {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        self.0.walk(see);
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        self.0.names(see);
    }
    fn is_blank(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct OneOrMany<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or a list of them")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
                T::deserialize(de::value::StrDeserializer::new(text)).map(|one| vec![one])
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|one| vec![one])
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                // Most lists hold one, and there are very many of them.
                let mut all = Vec::with_capacity(1);
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(all)
            }
        }
        d.deserialize_any(OneOrMany(std::marker::PhantomData)).map(List)
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let one = g.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// A declared party, by its slug; an alias is accepted where a log is read and stands for the slug from then on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Party(pub Box<str>);

/// Read as the text it is: a derived reader of a newtype does not take a bare text, which is how a list of one arrives.
impl<'de> Deserialize<'de> for Party {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(d).map(Party)
    }
}

impl Party {
    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Walk for Party {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        see(Name::Party(self));
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        see(Named::Party(self));
    }
}

codes! {
    /// Whether somebody speaks for their party.
    pub enum Voice { Official = "official", Unofficial = "unofficial", Anonymous = "anonymous" }
    /// Who the dead and injured are.
    pub enum TollClass { Combatants = "combatants", Civilians = "civilians", Unspecified = "unspecified" }
}

/// Who acts or speaks: a party, or somebody of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actor {
    /// The party.
    pub party: Party,
    /// The person or office, as the source gives it.
    pub who: Option<String>,
    /// Whether they speak for the party; absent = they do.
    pub voice: Option<Voice>,
}

impl Actor {
    /// A party as such.
    pub fn of(party: &Party) -> Actor {
        Actor { party: party.clone(), who: None, voice: None }
    }

    /// The party, where the actor speaks for it: an anonymous official is not their government.
    pub fn binding_party(&self) -> Option<&Party> {
        matches!(self.voice, None | Some(Voice::Official)).then_some(&self.party)
    }
}

impl Walk for Actor {
    fn walk(&mut self, see: &mut dyn FnMut(Name<'_>)) {
        self.party.walk(see);
    }
    fn names(&self, see: &mut dyn FnMut(Named<'_>)) {
        self.party.names(see);
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename = "ActorInFull")]
struct ActorInFull {
    party: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    voice: Option<Voice>,
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.who.is_none() && self.voice.is_none() {
            return self.party.serialize(s);
        }
        ActorInFull { party: self.party.clone(), who: self.who.clone(), voice: self.voice }.serialize(s)
    }
}

/// Reads a value that is written as a string, a whole number, or an object.
macro_rules! shorthand {
    ($name:ty, $expecting:literal, str: $from_str:expr, $(number: $from_number:expr,)? map $full:ty: $from_full:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Shapes;
                impl<'de> Visitor<'de> for Shapes {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str($expecting) }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> { ($from_str)(text).map_err(E::custom) }
                    $(fn visit_u64<E: de::Error>(self, n: u64) -> Result<$name, E> { Ok(($from_number)(n)) })?
                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        let full = <$full>::deserialize(de::value::MapAccessDeserializer::new(map))?;
                        ($from_full)(full).map_err(de::Error::custom)
                    }
                }
                d.deserialize_any(Shapes)
            }
        }
    };
}
pub(crate) use shorthand;

shorthand! {
    Actor, "a party, or {party, who?, voice?}",
    str: |text: &str| Ok::<_, String>(Actor { party: Party(text.into()), who: None, voice: None }),
    map ActorInFull: |full: ActorInFull| Ok::<_, String>(Actor { party: full.party, who: full.who, voice: full.voice })
}

impl JsonSchema for Actor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Actor".into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let full = g.subschema_for::<ActorInFull>();
        json_schema!({
            "description": "A party, or somebody of it: a person or an office, and whether they speak for it.",
            "anyOf": [{ "type": "string" }, full]
        })
    }
}

/// A count with its uncertainty; an absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub low: Option<u64>,
    /// The best estimate.
    pub best: Option<u64>,
    /// At most; absent = open.
    pub high: Option<u64>,
}

/// As people write it: `58`, `20..30`, `200 or more`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.best, self.high) {
            (Some(low), _, Some(high)) if low == high => write!(f, "{low}"),
            (Some(low), _, Some(high)) => write!(f, "{low}..{high}"),
            (None, Some(best), Some(high)) if best == high => write!(f, "{best}"),
            (None, Some(best), Some(high)) => write!(f, "{best}..{high}"),
            (None, None, Some(high)) => write!(f, "up to {high}"),
            (Some(low), _, None) => write!(f, "{low} or more"),
            (None, Some(best), None) => write!(f, "about {best}"),
            (None, None, None) => f.write_str("-"),
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename = "RangeInFull")]
struct RangeInFull {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<u64>,
}

impl Range {
    fn from_full(full: RangeInFull) -> Result<Range, String> {
        let RangeInFull { low, best, high } = full;
        let ends: Vec<u64> = [low, best, high].into_iter().flatten().collect();
        if ends.is_empty() {
            return Err("a count needs low, best or high".into());
        }
        if !ends.is_sorted() {
            return Err("a count runs low, best, high; these are not in that order".into());
        }
        Ok(Range { low, best, high })
    }
}

shorthand! {
    Range, "a count, or {low?, best?, high?}",
    str: |_: &str| Err::<Range, _>("a count is a whole number, or {low, best, high}"),
    number: |n| Range { low: Some(n), best: Some(n), high: Some(n) },
    map RangeInFull: Range::from_full
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        RangeInFull { low: self.low, best: self.best, high: self.high }.serialize(s)
    }
}

impl JsonSchema for Range {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Range".into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let full = g.subschema_for::<RangeInFull>();
        json_schema!({
            "description": "A count: a whole number, or its low, best and high; an absent high is open.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, full]
        })
    }
}

no_names! { Range }

facts! {
    /// Killed and injured, of one class and one side.
    pub struct Toll {
        /// Whose people.
        pub whose: Option<Party>,
        /// Combatants, civilians, or not said.
        pub class: TollClass,
        /// How many killed, in persons.
        pub killed: Option<Range>,
        /// How many injured, in persons.
        pub injured: Option<Range>,
        /// The source's word where it gives no figure: "dozens".
        pub as_said: Option<String>,
    }

    /// A vote, in counts of people or seats; a percentage is a decimal string in `share`.
    pub struct Vote {
        /// Who voted.
        pub body: Party,
        /// When the result was known.
        pub on: Option<When>,
        /// When voting opened.
        pub opens: Option<When>,
        /// When voting closed.
        pub closes: Option<When>,
        /// Votes for.
        pub r#for: Option<u64>,
        /// Votes against.
        pub against: Option<u64>,
        /// Abstentions.
        pub abstained: Option<u64>,
        /// Ballots cast.
        pub ballots: Option<u64>,
        /// Who could vote.
        pub eligible: Option<u64>,
        /// By how many.
        pub margin: Option<u64>,
        /// The share for, in percent, as a decimal string: "97.85".
        pub share: Option<String>,
    }
}

/// A place, named as the source names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name as the source gives it.
    pub name: String,
    /// The country it lies in, by code or name.
    pub country: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename = "PlaceInFull")]
struct PlaceInFull {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<String>,
}

shorthand! {
    Place, "a place name, or {name, country?}",
    str: |text: &str| Ok::<_, String>(Place { name: text.into(), country: None }),
    map PlaceInFull: |full: PlaceInFull| Ok::<_, String>(Place { name: full.name, country: full.country })
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.country {
            None => self.name.serialize(s),
            Some(country) => PlaceInFull { name: self.name.clone(), country: Some(country.clone()) }.serialize(s),
        }
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }
    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let full = g.subschema_for::<PlaceInFull>();
        json_schema!({ "description": "A place as the source names it.", "anyOf": [{ "type": "string" }, full] })
    }
}

no_names! { Place }

/// Adds what is not there yet.
pub(super) fn extend_new<'a, T: Clone + PartialEq + 'a>(all: &mut Vec<T>, more: impl IntoIterator<Item = &'a T>) {
    for one in more {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_shown_with_its_doubt() {
        let range = |low, best, high| Range { low, best, high }.to_string();
        assert_eq!(range(Some(58), Some(58), Some(58)), "58");
        assert_eq!(range(Some(7), None, Some(8)), "7..8");
        assert_eq!(range(Some(1), Some(1), None), "1 or more");
        assert_eq!(range(None, Some(10), None), "about 10");
        assert_eq!(range(None, None, Some(10)), "up to 10");
    }
}
