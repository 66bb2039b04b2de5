//! One file of the cache ↔ [`Pack`]: values with their keys and ages.
//!
//! ```text
//! "notes pack 2\n"
//! the values, one after the other
//! for each: 16 bytes key, 8 bytes check, 8 bytes offset, 4 bytes length, 1 byte age
//! 8 bytes how many values, 16 bytes digest of the list of them and this number
//! ```
//! Numbers are little-endian. The check is the head of the digest of key and value. A value is read
//! when it is asked for.
//!
//! Must not know: what a value is, or which one is still of use.

use std::fs;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use tempfile::NamedTempFile;

use crate::digest::Digest;
use crate::temporary::{self, Access};

/// The ending of a pack.
pub const EXTENSION: &str = "pack";

const MAGIC: &[u8] = b"notes pack 2\n";
const KEY: usize = 16;
const CHECK: usize = 8;
/// Key, check, offset, length, age.
const ENTRY: usize = KEY + CHECK + 8 + 4 + 1;
/// Number of values, and the digest.
const TRAILER: usize = 8 + 16;

/// A pack: where its values are.
#[derive(Debug)]
pub struct Pack {
    /// Its path.
    pub path: PathBuf,
    /// The open file; `None` once it is closed.
    file: RwLock<Option<fs::File>>,
    size: u64,
    places: Vec<(Digest, PackPlace)>,
}

/// The place of a value in its pack.
#[derive(Debug, Clone, Copy)]
pub struct PackPlace {
    /// Its number in the pack.
    pub number: usize,
    /// Number of times that packs were merged since it was used.
    pub age: u8,
    check: [u8; CHECK],
    at: u64,
    length: u32,
}

impl Pack {
    /// Opens a pack; `None` when it is none.
    pub fn open(path: PathBuf) -> Option<Self> {
        let mut file = fs::File::open(&path).ok()?;
        let size = file.metadata().ok()?.len();
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).ok().filter(|()| magic == MAGIC)?;
        file.seek(SeekFrom::Start(size.checked_sub(TRAILER as u64)?)).ok()?;
        let mut trailer = [0; TRAILER];
        file.read_exact(&mut trailer).ok()?;
        let (count, digest) = trailer.split_at(8);
        let length = u64::from_le_bytes(count.try_into().ok()?).checked_mul(ENTRY as u64)?;
        let begin = (size - TRAILER as u64).checked_sub(length)?;
        file.seek(SeekFrom::Start(begin)).ok()?;
        let mut list = vec![0; usize::try_from(length).ok()?];
        file.read_exact(&mut list).ok()?;
        if Digest::of_parts(&[&list, count]).to_bytes() != digest {
            return None;
        }
        let places =
            list.chunks_exact(ENTRY).enumerate().map(|(number, entry)| place(number, entry));
        let places = places.collect::<Option<_>>()?;
        Some(Self { path, file: RwLock::new(Some(file)), size, places })
    }

    /// Closes the file; from then on it is opened for each value that is asked for. An open file
    /// keeps its volume from being unmounted, and on Linux a deleted folder from being reported.
    pub fn close(&self) {
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The keys of all values, and where they are.
    pub fn places(&self) -> &[(Digest, PackPlace)] {
        &self.places
    }

    /// A value, if it is as it was written.
    pub fn value(&self, key: Digest, place: PackPlace) -> Option<Vec<u8>> {
        if place.at.checked_add(place.length.into())? > self.size {
            return None;
        }
        let mut value = vec![0; place.length as usize];
        match &*self.file.read().unwrap_or_else(PoisonError::into_inner) {
            Some(file) => read_at(file, &mut value, place.at).ok()?,
            None => read_at(&fs::File::open(&self.path).ok()?, &mut value, place.at).ok()?,
        }
        (check(key, &value) == place.check).then_some(value)
    }
}

/// Reads an entry of the list.
fn place(number: usize, entry: &[u8]) -> Option<(Digest, PackPlace)> {
    let (key, rest) = entry.split_at(KEY);
    let (check, rest) = rest.split_at(CHECK);
    let (at, rest) = rest.split_at(8);
    let place = PackPlace {
        number,
        age: rest[4],
        check: check.try_into().ok()?,
        at: u64::from_le_bytes(at.try_into().ok()?),
        length: u32::from_le_bytes(rest[..4].try_into().ok()?),
    };
    Some((Digest::from_bytes(key.try_into().ok()?), place))
}

#[cfg(unix)]
fn read_at(file: &fs::File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &fs::File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[count..], at + count as u64);
    }
    Ok(())
}

fn check(key: Digest, value: &[u8]) -> [u8; CHECK] {
    let digest = Digest::of_parts(&[&key.to_bytes(), value]).to_bytes();
    std::array::from_fn(|index| digest[index])
}

/// A value for a pack, with its check.
pub struct CheckedValue<'v> {
    key: Digest,
    check: [u8; CHECK],
    bytes: &'v [u8],
}

impl<'v> CheckedValue<'v> {
    /// Works out the check, which takes as long as writing does.
    pub fn new(key: Digest, bytes: &'v [u8]) -> Self {
        Self { key, check: check(key, bytes), bytes }
    }

    /// Its key.
    pub fn key(&self) -> Digest {
        self.key
    }
}

/// A pack that is being written; it comes to stand under its name when it is whole.
#[derive(Debug)]
pub struct Writer {
    file: BufWriter<NamedTempFile>,
    at: u64,
    list: Vec<u8>,
}

impl Writer {
    /// Begins a pack in a folder.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let mut file =
            BufWriter::with_capacity(256 << 10, temporary::file_in(folder, Access::Private)?);
        file.write_all(MAGIC)?;
        Ok(Self { file, at: MAGIC.len() as u64, list: Vec::new() })
    }

    /// Adds a value.
    pub fn add(&mut self, value: &CheckedValue<'_>, age: u8) -> io::Result<()> {
        let CheckedValue { key, check, bytes } = value;
        // A value of 4 GB is not worth keeping.
        let Ok(length) = u32::try_from(bytes.len()) else { return Ok(()) };
        self.file.write_all(bytes)?;
        self.list.extend(key.to_bytes());
        self.list.extend(check);
        self.list.extend(self.at.to_le_bytes());
        self.list.extend(length.to_le_bytes());
        self.list.push(age);
        self.at += u64::from(length);
        Ok(())
    }

    /// Ends the pack; gives its path. Its name is the digest of its list.
    pub fn finish(mut self, folder: &Path) -> io::Result<PathBuf> {
        let count = ((self.list.len() / ENTRY) as u64).to_le_bytes();
        let digest = Digest::of_parts(&[&self.list, &count]);
        self.file.write_all(&self.list)?;
        self.file.write_all(&count)?;
        self.file.write_all(&digest.to_bytes())?;
        let path = folder.join(format!("{digest}.{EXTENSION}"));
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.persist(&path)?;
        Ok(path)
    }
}
