//! One file of the site: where its bytes come from, and whether they already stand on disk.
//!
//! Must not know: routes, the manifest, or who owns what.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crate::digest::Digest;

/// How much of a file is held in memory while it is compared.
const CHUNK: usize = 64 * 1024;

/// What a file of the site holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// These bytes: a page, a style sheet, a search shard.
    Bytes(Arc<[u8]>),
    /// The bytes of another file, which are never held in memory: an image, a PDF.
    Copy {
        /// The file to copy.
        from: PathBuf,
        /// Its size in bytes when the notes were read.
        size: u64,
    },
}

impl File {
    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Copy { size, .. } => *size,
        }
    }

    /// Opens the bytes for reading. Fails when the file to copy cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(&**bytes),
            Self::Copy { from, .. } => Box::new(BufReader::with_capacity(CHUNK, fs::File::open(from)?)),
        })
    }

    /// Writes all bytes to `target`; gives their number.
    pub(super) fn copy_to(&self, target: &mut fs::File) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => target.write_all(bytes).map(|()| bytes.len() as u64),
            // From file to file, so that the system may share the blocks instead of copying them.
            Self::Copy { from, .. } => io::copy(&mut fs::File::open(from)?, target),
        }
    }

    /// The digest of the bytes, and whether `old` holds the same. Fails only when the bytes cannot be read;
    /// an `old` that cannot be read is not the same.
    pub(super) fn compare(&self, old: Option<fs::File>) -> io::Result<(Digest, bool)> {
        let mut new = self.open()?;
        let mut old = old.map(|file| BufReader::with_capacity(CHUNK, file));
        let mut hasher = blake3::Hasher::new();
        loop {
            let chunk = new.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            hasher.update(chunk);
            old = old.and_then(|mut file| continues_with(&mut file, chunk).then_some(file));
            let length = chunk.len();
            new.consume(length);
        }
        let same = old.is_some_and(|mut file| file.fill_buf().is_ok_and(<[u8]>::is_empty));
        Ok((Digest::from(&hasher), same))
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<String> for File {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// Whether the next bytes of `file` are `expected`; reads them.
fn continues_with(file: &mut impl BufRead, mut expected: &[u8]) -> bool {
    while !expected.is_empty() {
        let Ok(chunk) = file.fill_buf() else { return false };
        let length = chunk.len().min(expected.len());
        if length == 0 || chunk[..length] != expected[..length] {
            return false;
        }
        file.consume(length);
        expected = &expected[length..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_copies_compare_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let (old, source) = (folder.path().join("old"), folder.path().join("source"));
        let long = vec![7; 3 * CHUNK + 5];
        let mut other_end = long.clone();
        *other_end.last_mut().unwrap() = 8;
        let table: [(&[u8], &[u8], bool); 7] = [
            (b"", b"", true),
            (b"a", b"a", true),
            (b"a", b"b", false),
            (b"a", b"", false),
            (b"", b"a", false),
            (&long, &long, true),
            (&long, &other_end, false),
        ];
        for (new, on_disk, same) in table {
            fs::write(&old, on_disk).unwrap();
            fs::write(&source, new).unwrap();
            let copy = File::Copy { from: source.clone(), size: new.len() as u64 };
            for file in [File::from(new.to_vec()), copy] {
                let (digest, equal) = file.compare(fs::File::open(&old).ok()).unwrap();
                assert_eq!(equal, same, "{} and {} bytes", new.len(), on_disk.len());
                assert_eq!(digest, super::super::disk::digest_of(&source).unwrap());
                assert!(!file.compare(None).unwrap().1);
            }
        }
    }
}
