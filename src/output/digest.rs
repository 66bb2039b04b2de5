//! A file's bytes → the short digest by which the manifest knows them again.
//!
//! Must not know: what the file is for.

use std::fmt;
use std::path::Path;
use std::{fs, io};

/// The first 128 bits of a file's BLAKE3 hash, shown as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(u128);

impl Digest {
    /// How many characters it takes as text.
    pub const LENGTH: usize = 32;

    /// The digest of what stands on disk.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(path)?)?;
        Ok(Self::from(&hasher))
    }

    /// Reads what [`fmt::Display`] writes, and nothing else.
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
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"page");
        let digest = Digest::from(&hasher);
        assert_eq!(digest.to_string(), blake3::hash(b"page").to_hex()[..Digest::LENGTH]);
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        for broken in
            ["", "12", &"G".repeat(32), &format!("+{}", "0".repeat(31)), &"0".repeat(33), &"A".repeat(32)]
        {
            assert_eq!(Digest::parse(broken), None, "{broken}");
        }
    }
}
