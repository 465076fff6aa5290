//! Parties: who negotiates, who helps, who is fought over.
//!
//! A party is declared when the negotiation opens or when it joins; joining again changes what is known of it. The slug is its
//! name in the log for ever; aliases are other names that people type and sources print. A role is a list and can be disputed
//! like any fact: a guarantor to one side may be a mere observer to the other.

use std::collections::BTreeMap;

use super::value::{List, Name, Named, Party, Walk, codes, facts};

codes! {
    /// What sort of actor a party is.
    pub enum PartyKind {
        State = "state", Government = "government", ArmedGroup = "armed-group", Union = "union", Employer = "employer",
        Company = "company", Igo = "igo", Ngo = "ngo", Legislature = "legislature", Court = "court",
        PoliticalParty = "political-party", Community = "community", Person = "person",
    }
    /// What a party does at or around the table.
    pub enum Role {
        Party = "party", Mediator = "mediator", Facilitator = "facilitator", Guarantor = "guarantor", Host = "host",
        Observer = "observer", Witness = "witness", Monitor = "monitor", Ratifier = "ratifier", ThirdParty = "third-party",
    }
}

/// A code of an outside scheme: a string, or a number as some schemes write it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Code(#[serde(deserialize_with = "string_or_number")] pub String);

impl Walk for BTreeMap<String, Code> {
    fn walk(&mut self, _: &mut dyn FnMut(Name<'_>)) {}
    fn names(&self, _: &mut dyn FnMut(Named<'_>)) {}
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

fn string_or_number<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    struct Either;
    impl serde::de::Visitor<'_> for Either {
        type Value = String;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a code: a string or a whole number")
        }
        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_string())
        }
        fn visit_u64<E>(self, n: u64) -> Result<String, E> {
            Ok(n.to_string())
        }
    }
    d.deserialize_any(Either)
}

facts! {
    /// What is declared of a party.
    pub struct PartyEntry {
        /// Its slug: lower case, for ever.
        pub party: Party,
        /// Its name in full.
        pub name: String,
        /// Other names for it.
        #[serde(default)]
        pub aliases: List<String>,
        /// What sort of actor it is.
        pub kind: PartyKind,
        /// What it does at the table.
        pub role: List<Role>,
        /// The party it belongs to.
        pub part_of: Option<Party>,
        /// Codes in outside schemes: ISO 3166, Gleditsch-Ward, UCDP.
        #[serde(default)]
        pub codes: BTreeMap<String, Code>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_be_one_word_or_a_list() {
        let one = r#"{"party":"qat","name":"Qatar","kind":"state","role":"mediator","codes":{"gw":694}}"#;
        let many = r#"{"party":"qat","name":"Qatar","kind":"state","role":["mediator"],"codes":{"gw":"694"}}"#;
        let read = |text| serde_json::from_str::<PartyEntry>(text).map_err(|e| e.to_string());
        assert_eq!(read(one), read(many));
        assert!(read(one).is_ok());
    }
}
