//! The Merkle tree of a log, as in RFC 6962, section 2.1, with SHA-256.
//!
//! Nothing here is of our own making: a proof of one's own invention is a proof that can be forged. The tree itself is not kept. The
//! roots of its perfect subtrees, the *frontier*, are enough to append and to tell the root; there are as many as there are ones in
//! the number of leaves.
//!
//! ```text
//!   7 leaves     frontier: the roots of 4, 2 and 1 leaves
//!       o
//!     o   o     o
//!    . . . .   . .   .
//! ```

use std::fmt;
use std::io::Read;

use sha2::{Digest, Sha256};

/// A SHA-256 hash, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// A tree of which only the frontier is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    leaves: u64,
    frontier: Vec<Hash>,
}

/// The leaf of an envelope.
pub fn leaf(envelope: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(envelope).finalize().into())
}

fn node(left: Hash, right: Hash) -> Hash {
    let mut both = [1; 65];
    both[1..33].copy_from_slice(&left.0);
    both[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(both).into())
}

/// Subtrees, left to right, and what stands on their right, joined from the right.
fn joined(left: &[Hash], right: Hash) -> Hash {
    left.iter().rev().fold(right, |right, left| node(*left, right))
}

/// The hash of what a reader gives, which is never held whole.
///
/// # Errors
/// It can't be read to its end.
pub fn hash_of(mut reader: impl Read) -> std::io::Result<Hash> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(Hash(hasher.finalize().into())),
            Ok(length) => hasher.update(&block[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Tree {
    /// A tree of so many leaves from its frontier, left to right; nothing if the two don't fit.
    pub fn from_frontier(leaves: u64, frontier: Vec<Hash>) -> Option<Tree> {
        let fits = usize::try_from(leaves.count_ones()) == Ok(frontier.len());
        fits.then_some(Tree { leaves, frontier })
    }

    /// How many leaves it has.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The roots of its perfect subtrees, left to right.
    pub fn frontier(&self) -> &[Hash] {
        &self.frontier
    }

    /// Adds a leaf on the right: it joins as many perfect subtrees as the old number of leaves ends in ones.
    pub fn push(&mut self, leaf: Hash) {
        let kept = self.frontier.len().saturating_sub(self.leaves.trailing_ones() as usize);
        let joined = joined(&self.frontier[kept..], leaf);
        self.frontier.truncate(kept);
        self.frontier.push(joined);
        self.leaves += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let root = self.frontier.split_last().map(|(last, before)| joined(before, *last));
        root.unwrap_or_else(|| Hash(Sha256::digest([]).into()))
    }

    /// The root it would have with one more leaf.
    pub fn root_with(&self, leaf: Hash) -> Hash {
        joined(&self.frontier, leaf)
    }
}

impl Hash {
    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Hash> {
        from_hex(text).map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    out
}

/// Writes lower-case hexadecimal digits after a text.
pub(super) fn push_hex(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
}

/// So many bytes from lower-case hexadecimal digits.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if text.len() != N * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn every_root_is_that_of_another_implementation() {
        let mut ours = Tree::default();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for n in 0u64..600 {
            assert_eq!(ours.root().0[..], theirs.root().as_bytes()[..], "of {n} leaves");
            let envelope = n.to_string().into_bytes();
            ours.push(leaf(&envelope));
            theirs.push(envelope);
            let again = Tree::from_frontier(ours.leaves(), ours.frontier().to_vec());
            assert_eq!(again.as_ref(), Some(&ours));
        }
    }

    #[test]
    fn a_hash_reads_as_it_is_written_and_no_other_way() {
        let hash = leaf(b"x");
        assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
        for bad in ["", "00", &hash.to_string().to_uppercase(), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Hash::from_hex(bad), None);
        }
    }
}
