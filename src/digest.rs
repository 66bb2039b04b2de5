//! Bytes → a 128-bit BLAKE3 content hash.
//!
//! Must not know: the meaning of the bytes, the disk.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// The first 128 bits of a BLAKE3 hash, shown as 32 lower-case hexadecimal digits.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Digest([u8; 16]);

impl Digest {
    /// Its length as text, in characters.
    pub const LENGTH: usize = 32;

    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from(&*blake3::Hasher::new().update(bytes))
    }

    /// The digest of several parts; the same bytes in other parts have another digest.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self::from(&hasher)
    }

    /// The digest of a value, of all that its `Hash` covers. Another build of the program may give
    /// another digest: the bytes that `Hash` feeds are not specified.
    #[must_use]
    pub fn of_value(value: &(impl Hash + ?Sized)) -> Self {
        let mut feed = Feed(blake3::Hasher::new());
        value.hash(&mut feed);
        Self::from(&feed.0)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The digest with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Parses the form that [`fmt::Display`] writes, and no other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let well_formed = text.len() == Self::LENGTH && text.bytes().all(is_digit);
        well_formed
            .then(|| u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes())))?
    }
}

impl From<&blake3::Hasher> for Digest {
    fn from(hasher: &blake3::Hasher) -> Self {
        let mut head = [0; 16];
        hasher.finalize_xof().fill(&mut head);
        Self(head)
    }
}

/// A `Hasher` that passes all bytes to BLAKE3.
struct Feed(blake3::Hasher);

impl Hasher for Feed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Never called: the digest comes from BLAKE3.
    fn finish(&self) -> u64 {
        0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_head_of_the_hash_and_parses_back() {
        let digest = Digest::of(b"page");
        assert_eq!(digest.to_string(), blake3::hash(b"page").to_hex()[..Digest::LENGTH]);
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_bytes(digest.to_bytes()), digest);
        for broken in [
            "",
            "12",
            &"G".repeat(32),
            &format!("+{}", "0".repeat(31)),
            &"0".repeat(33),
            &"A".repeat(32),
        ] {
            assert_eq!(Digest::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn values_that_differ_have_digests_that_differ() {
        let values = [("ab", "c", Some(1)), ("a", "bc", Some(1)), ("ab", "c", None)];
        let digests: std::collections::BTreeSet<_> = values.iter().map(Digest::of_value).collect();
        assert_eq!(digests.len(), values.len());
        assert_eq!(Digest::of_value(&("ab", "c", Some(1))), Digest::of_value(&values[0]));
    }

    #[test]
    fn the_ends_of_parts_count() {
        let parts: [&[&[u8]]; 4] = [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""]];
        let digests: std::collections::BTreeSet<_> =
            parts.iter().map(|parts| Digest::of_parts(parts)).collect();
        assert_eq!(digests.len(), parts.len());
    }
}
