//! One file of the site: the source of its bytes, and the comparison with a file on disk.
//!
//! Must not know: routes, the manifest, or which files are ours.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::digest::Digest;
use crate::stamp::Stamp;

/// Size of the buffer for comparing a file, in bytes.
const CHUNK: usize = 64 * 1024;

/// The content of a file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// These bytes, and their digest: a page, a style sheet, a search shard.
    Bytes(Arc<[u8]>, Digest),
    /// Bytes that are in the output folder already, as an earlier run wrote them; see
    /// [`super::OutputRecord`].
    OnDisk {
        /// Their digest.
        digest: Digest,
        /// Their number.
        size: u64,
    },
    /// Bytes that this run wrote to a temporary file, which only has to be moved to its place; see
    /// [`super::FilesAhead`].
    Ahead {
        /// The temporary file.
        from: Arc<Path>,
        /// The digest of its bytes.
        digest: Digest,
        /// Their number.
        size: u64,
    },
    /// The bytes of another file, which are never held in memory: an image, a PDF.
    Copy {
        /// The file to copy.
        from: PathBuf,
        /// Its size in bytes when the notes were read.
        size: u64,
        /// Its fingerprint; `None` if the file was written so recently that a change could leave it
        /// the same.
        stamp: Option<Stamp>,
    },
}

impl File {
    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes, _) => bytes.len() as u64,
            Self::OnDisk { size, .. } | Self::Ahead { size, .. } | Self::Copy { size, .. } => *size,
        }
    }

    /// The digest of the bytes, if it is known without reading them.
    #[must_use]
    pub fn digest(&self) -> Option<Digest> {
        match self {
            Self::Bytes(_, digest) | Self::OnDisk { digest, .. } | Self::Ahead { digest, .. } => {
                Some(*digest)
            }
            Self::Copy { .. } => None,
        }
    }

    /// The digest of the bytes, which are read if it is not known.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read_digest(&self) -> io::Result<Digest> {
        match self.digest() {
            Some(digest) => Ok(digest),
            None => self.compare(None).map(|(digest, _)| digest),
        }
    }

    /// The stamp of the file to copy.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        match self {
            Self::Copy { stamp, .. } => *stamp,
            Self::Bytes(..) | Self::OnDisk { .. } | Self::Ahead { .. } => None,
        }
    }

    /// Opens the bytes for reading. Fails when the file to copy cannot be opened, or the bytes are
    /// in the output folder.
    pub fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(match self {
            Self::Bytes(bytes, _) => Box::new(&**bytes),
            Self::OnDisk { .. } => return Err(io::ErrorKind::NotFound.into()),
            Self::Ahead { from, .. } => Box::new(opened(from)?),
            Self::Copy { from, .. } => Box::new(opened(from)?),
        })
    }

    /// Opens the file to copy, if it is still a file in the folder `root` after symbolic links are
    /// followed. `now` is the time.
    pub fn open_within(&self, root: &Path, now: SystemTime) -> io::Result<Opened> {
        let Self::Copy { from, .. } = self else { return Err(io::ErrorKind::NotFound.into()) };
        let path = from.canonicalize()?;
        if !path.starts_with(root.canonicalize()?) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // Opening a pipe could block for ever.
        if !fs::metadata(&path)?.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = fs::File::open(path)?;
        let metadata = file.metadata()?;
        let stamp = Stamp::of(&metadata, now);
        Ok(Opened { file, size: metadata.len(), stamp })
    }

    /// Writes all bytes to `target`; gives their number.
    pub(super) fn copy_to(&self, target: &mut fs::File) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes, _) => target.write_all(bytes).map(|()| bytes.len() as u64),
            Self::OnDisk { .. } => Err(io::ErrorKind::NotFound.into()),
            // From file to file, so that the system may share the blocks instead of copying them.
            Self::Ahead { from, .. } => io::copy(&mut fs::File::open(from)?, target),
            Self::Copy { from, .. } => io::copy(&mut fs::File::open(from)?, target),
        }
    }

    /// The digest of the bytes, and true if `old` has the same bytes. Fails only if the new bytes
    /// cannot be read; an `old` that cannot be read counts as different.
    pub(super) fn compare(&self, old: Option<fs::File>) -> io::Result<(Digest, bool)> {
        if let (Some(digest), None) = (self.digest(), &old) {
            return Ok((digest, false));
        }
        let mut new = self.open()?;
        let mut old = old.map(|file| BufReader::with_capacity(CHUNK, file));
        let mut hasher = self.digest().is_none().then(blake3::Hasher::new);
        loop {
            let chunk = new.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            if let Some(hasher) = &mut hasher {
                hasher.update(chunk);
            } else if old.is_none() {
                // The digest is known, and the files differ.
                break;
            }
            old = old.and_then(|mut file| continues_with(&mut file, chunk).then_some(file));
            let length = chunk.len();
            new.consume(length);
        }
        let same = old.is_some_and(|mut file| file.fill_buf().is_ok_and(<[u8]>::is_empty));
        let digest =
            self.digest().or_else(|| hasher.as_ref().map(Digest::from)).unwrap_or_default();
        Ok((digest, same))
    }
}

/// A file that is open for reading.
#[derive(Debug)]
pub struct Opened {
    file: fs::File,
    /// Its size in bytes when it was opened.
    pub size: u64,
    /// Its fingerprint then; `None` if it was written so recently that a change could leave it the
    /// same.
    pub stamp: Option<Stamp>,
}

impl Opened {
    /// At most `length` bytes of it, from the offset `from`.
    pub fn part(mut self, from: u64, length: u64) -> io::Result<impl Read + Send + 'static> {
        self.file.seek(SeekFrom::Start(from))?;
        Ok(self.file.take(length))
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        let digest = Digest::of(&bytes);
        Self::Bytes(bytes.into(), digest)
    }
}

impl From<String> for File {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

fn opened(path: &Path) -> io::Result<BufReader<fs::File>> {
    Ok(BufReader::with_capacity(CHUNK, fs::File::open(path)?))
}

/// True if the next bytes of `file` are `expected`; reads them.
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
            let copy = File::Copy { from: source.clone(), size: new.len() as u64, stamp: None };
            for file in [File::from(new.to_vec()), copy] {
                let (digest, equal) = file.compare(fs::File::open(&old).ok()).unwrap();
                assert_eq!(equal, same, "{} and {} bytes", new.len(), on_disk.len());
                assert_eq!(digest, super::super::disk::digest_of(&source).unwrap());
                assert!(!file.compare(None).unwrap().1);
            }
        }
    }
}
