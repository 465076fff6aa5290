//! Who says so.
//!
//! Every event carries citations, each of a registered source, with the words used and where they stand. A citation of a claim
//! proves that it was claimed, not that it is so. Two citations support each other only if they are independent: different
//! publishers, and neither got it from the other or both from the same agency.

use super::ids::{ASource, Def, Handle, Ref};
use super::value::{codes, facts, no_names};
use super::when::When;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

codes! {
    /// How far a source is trusted, apart from what it says: the letters of the Admiralty code.
    pub enum Reliability {
        /// completely reliable:
        A = "A",
        /// usually reliable:
        B = "B",
        /// fairly reliable:
        C = "C",
        /// not usually reliable:
        D = "D",
        /// unreliable:
        E = "E",
        /// cannot be judged:
        F = "F",
    }
}

/// How credible one report is, apart from its source: 1 confirmed by others, 2 probably true, 3 possibly true, 4 doubtful,
/// 5 improbable, 6 cannot be judged (Admiralty code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Credibility(#[schemars(range(min = 1, max = 6))] pub u8);

no_names! { Credibility }

impl<'de> Deserialize<'de> for Credibility {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let grade = u8::deserialize(d)?;
        let known = (1..=6).contains(&grade);
        known.then_some(Credibility(grade)).ok_or_else(|| serde::de::Error::custom("credibility runs from 1 to 6"))
    }
}

facts! {
    /// A source, as the record knows it.
    pub struct SourceRegistered {
        /// The handle this defines; with a known handle the entry is replaced.
        #[serde(default)]
        pub source: Def<ASource>,
        /// Its headline or title.
        pub title: Option<String>,
        /// Who published it; sources of one publisher are not independent.
        pub publisher: Option<String>,
        /// Who wrote it.
        pub author: Option<String>,
        /// When it was published: the default report date of its citations.
        pub published: Option<When>,
        /// Where it can be read.
        pub url: Option<String>,
        /// The SHA-256 of the copy kept, in hexadecimal.
        pub sha256: Option<String>,
        /// How far it is trusted: A to F of the Admiralty code.
        pub reliability: Option<Reliability>,
        /// The source it is a later version of.
        pub version_of: Option<Ref<ASource>>,
    }

    /// Where a statement of the log comes from.
    pub struct Citation {
        /// The registered source.
        pub source: Ref<ASource>,
        /// When it said so; absent: when it was published.
        pub reported: Option<When>,
        /// Whom the source names as its own: "three sources familiar with the discussions".
        pub attribution: Option<String>,
        /// The exact words.
        pub quote: Option<String>,
        /// Where they stand: "para 2".
        pub locator: Option<String>,
        /// Who the source got it from: a registered source or an agency's name.
        pub relays: Option<String>,
        /// How credible this report is: 1 to 6 of the Admiralty code.
        pub credibility: Option<Credibility>,
    }
}

/// What independence of two citations is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// The source cited.
    pub source: Handle,
    /// Its publisher, if known.
    pub publisher: Option<String>,
    /// Whom it relays.
    pub relays: Option<String>,
    /// The publisher of the source it relays, where that is a registered one.
    pub relayed_publisher: Option<String>,
}

impl Voucher {
    /// Whether the two are independent accounts: different publishers, neither relaying the other, not both relaying one agency.
    pub fn is_independent_of(&self, other: &Voucher) -> bool {
        let same_publisher = self.publisher.is_some() && self.publisher == other.publisher;
        let same_wire = self.wire().is_some() && self.wire() == other.wire();
        self.source != other.source
            && !same_publisher
            && !same_wire
            && !self.relays_from(other)
            && !other.relays_from(self)
    }

    /// Whom it relays, by the one name that a source and an agency share.
    fn wire(&self) -> Option<&String> {
        self.relayed_publisher.as_ref().or(self.relays.as_ref())
    }

    fn relays_from(&self, other: &Voucher) -> bool {
        let Some(relayed) = &self.relays else { return false };
        let by_name = other.publisher.as_ref() == Some(relayed) || *relayed == other.source.to_string();
        by_name || (self.relayed_publisher.is_some() && self.relayed_publisher == other.publisher)
    }
}

/// Whether at least two of these are independent of each other.
pub fn any_two_independent(vouchers: &[Voucher]) -> bool {
    let later = |i: usize| vouchers[i + 1..].iter();
    (0..vouchers.len()).any(|i| later(i).any(|other| vouchers[i].is_independent_of(other)))
}

#[cfg(test)]
mod tests {
    use super::super::ids::Letter;
    use super::*;

    fn voucher(number: u32, publisher: Option<&str>, relays: Option<&str>) -> Voucher {
        let source = Handle { letter: Letter::S, number };
        Voucher {
            source,
            publisher: publisher.map(Into::into),
            relays: relays.map(Into::into),
            relayed_publisher: None,
        }
    }

    #[test]
    fn two_outlets_relaying_one_wire_are_not_independent() {
        let one = voucher(1, Some("Dawn"), Some("Reuters"));
        let other = voucher(2, Some("TRT"), Some("Reuters"));
        assert!(!any_two_independent(&[one.clone(), other]));
        assert!(any_two_independent(&[one, voucher(3, Some("AFP"), None)]));
    }

    #[test]
    fn an_outlet_is_not_independent_of_the_one_it_relays() {
        let wire = voucher(1, Some("Reuters"), None);
        assert!(!any_two_independent(&[wire.clone(), voucher(2, Some("Dawn"), Some("Reuters"))]));
        assert!(!any_two_independent(&[wire, voucher(3, Some("Geo"), Some("S1"))]));
    }
}
