//! How a life's basis is written down: the events follow each other closely, so each is written as how far it lies from the one before,
//! seven bits a byte.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

use super::ids::Version;

/// Writes the events as bytes.
pub fn serialize<S: Serializer>(events: &[Version], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(events.len() * 2);
    let mut last = 0_u64;
    for event in events {
        put(&mut bytes, zigzag(event.0.wrapping_sub(last) as i64));
        last = event.0;
    }
    to.serialize_bytes(&bytes)
}

/// Reads them.
///
/// # Errors
/// The bytes end in the middle of a number, or it is too large.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Version>, D::Error> {
    from.deserialize_bytes(Bytes)
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<Version>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the events of a basis, as bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<Version>, E> {
        let (mut events, mut last) = (Vec::with_capacity(bytes.len()), 0_u64);
        let (mut number, mut bits) = (0_u64, 0_u32);
        for byte in bytes {
            let part = u64::from(byte & 0x7f);
            let fits = bits < 63 || bits == 63 && part < 2;
            number |= if fits { part << bits } else { return Err(E::custom("a number that is too large")) };
            bits += 7;
            if byte & 0x80 == 0 {
                last = last.wrapping_add(unzigzag(number) as u64);
                events.push(Version(last));
                (number, bits) = (0, 0);
            }
        }
        (bits == 0).then_some(events).ok_or_else(|| E::custom("a number that is cut off"))
    }
}

/// Small numbers of either sign become small numbers without one.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::Version;

    #[derive(Serialize, Deserialize)]
    struct Life(#[serde(with = "super")] Vec<Version>);

    fn written(events: &[u64]) -> Vec<u8> {
        rmp_serde::to_vec(&Life(events.iter().copied().map(Version).collect())).expect("bytes")
    }

    #[test]
    fn events_come_back_as_they_were_written_in_any_order() {
        for events in [&[][..], &[1], &[1, 2, 300, 299, 7], &[u64::MAX, 0, u64::MAX, 1 << 40], &[5, 5, 5]] {
            let Life(read) = rmp_serde::from_slice(&written(events)).expect("a basis");
            assert_eq!(read.iter().map(|event| event.0).collect::<Vec<_>>(), events);
        }
    }

    #[test]
    fn events_that_follow_each_other_take_a_byte_each() {
        let (one, many) = (written(&[1]).len(), written(&(1..=100).collect::<Vec<_>>()).len());
        assert_eq!(many - one, 99);
    }

    #[test]
    fn bytes_that_are_no_basis_are_refused() {
        for bytes in [&[0x80][..], &[1, 0xff], &[0xff; 11], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]]
        {
            let mut packed = vec![0xc4, bytes.len() as u8];
            packed.extend(bytes);
            assert!(rmp_serde::from_slice::<Life>(&packed).is_err(), "{bytes:?}");
        }
    }
}
