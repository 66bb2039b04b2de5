//! Bytes → the short digest by which they are known again.
//!
//! Must not know: what the bytes are for, the disk.

use std::fmt;

/// The first 128 bits of a BLAKE3 hash, shown as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// How many characters it takes as text.
    pub const LENGTH: usize = 32;

    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::from(&*blake3::Hasher::new().update(bytes))
    }

    /// The digest of several parts; where one ends and the next begins counts.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self::from(&hasher)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The digest with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Reads what [`fmt::Display`] writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let well_formed = text.len() == Self::LENGTH && text.bytes().all(is_digit);
        well_formed.then(|| u128::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl From<&blake3::Hasher> for Digest {
    fn from(hasher: &blake3::Hasher) -> Self {
        let hash = hasher.finalize();
        let head = hash.as_bytes().iter().take(size_of::<u128>());
        Self(head.fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_head_of_the_hash_and_reads_back() {
        let digest = Digest::of(b"page");
        assert_eq!(digest.to_string(), blake3::hash(b"page").to_hex()[..Digest::LENGTH]);
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_bytes(digest.to_bytes()), digest);
        for broken in
            ["", "12", &"G".repeat(32), &format!("+{}", "0".repeat(31)), &"0".repeat(33), &"A".repeat(32)]
        {
            assert_eq!(Digest::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn where_a_part_ends_counts() {
        let parts: [&[&[u8]]; 4] = [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""]];
        let digests: std::collections::BTreeSet<_> =
            parts.iter().map(|parts| Digest::of_parts(parts)).collect();
        assert_eq!(digests.len(), parts.len());
    }
}
