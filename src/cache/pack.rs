//! One file of the cache ↔ [`Pack`]: values with their keys and ages.
//!
//! ```text
//! "notes pack 1\n"
//! then for each value: 16 bytes key, 8 bytes check, 4 bytes length (little-endian), 1 byte age, the value
//! ```
//! The check is the head of the digest of key and value. What follows the last whole value is passed over.
//!
//! Must not know: what a value is, or which one is still of use.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::digest::Digest;

/// How the name of a pack ends.
pub const EXTENSION: &str = "pack";

/// What the name of a pack begins with while it is written; the writing process's number and `-` follow.
const WRITING: &str = "writing-";
/// No pack is written for so long.
const STRAY_AGE: Duration = Duration::from_secs(60 * 60);

const MAGIC: &[u8] = b"notes pack 1\n";
const CHECK: usize = 8;
/// Key, check, length, age.
const HEAD: usize = 16 + CHECK + 4 + 1;

/// The bytes of a pack.
#[derive(Debug)]
pub struct Pack {
    /// Where it is.
    pub path: PathBuf,
    bytes: Vec<u8>,
    places: Vec<(Digest, Place)>,
}

/// Where a value is in its pack.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its number in the pack.
    pub number: usize,
    /// How many times packs were made one since it was asked for.
    pub age: u8,
    /// Where its head begins.
    at: usize,
    length: usize,
}

impl Pack {
    /// Reads a pack; `None` when it is none.
    pub fn read(path: PathBuf) -> Option<Self> {
        let bytes = fs::read(&path).ok().filter(|bytes| bytes.starts_with(MAGIC))?;
        let mut pack = Self { path, bytes, places: Vec::new() };
        let mut at = MAGIC.len();
        while let Some((key, place)) = pack.head(at) {
            at += HEAD + place.length;
            pack.places.push((key, place));
        }
        Some(pack)
    }

    fn head(&self, at: usize) -> Option<(Digest, Place)> {
        let head = self.bytes.get(at..at + HEAD)?;
        let key = Digest::from_bytes(head[..16].try_into().ok()?);
        let length = u32::from_le_bytes(head[16 + CHECK..HEAD - 1].try_into().ok()?) as usize;
        let is_whole = self.bytes.len() - at - HEAD >= length;
        is_whole.then_some((key, Place { number: self.places.len(), age: head[HEAD - 1], at, length }))
    }

    /// The keys of all values, and where they are.
    pub fn places(&self) -> &[(Digest, Place)] {
        &self.places
    }

    /// A value, if it is as it was written.
    pub fn value(&self, place: Place) -> Option<&[u8]> {
        let (head, rest) = self.bytes[place.at..].split_at(HEAD);
        let value = &rest[..place.length];
        (check(&head[..16], value) == head[16..16 + CHECK]).then_some(value)
    }
}

fn check(key: &[u8], value: &[u8]) -> [u8; CHECK] {
    let digest = Digest::of_parts(&[key, value]).to_bytes();
    std::array::from_fn(|index| digest[index])
}

/// Writes values with their keys and ages into a new pack; gives its path.
pub fn write(folder: &Path, values: &[(Digest, u8, &[u8])]) -> io::Result<PathBuf> {
    let mut bytes = MAGIC.to_vec();
    for (key, age, value) in values {
        // A value of 4 GB is not worth keeping.
        let Ok(length) = u32::try_from(value.len()) else { continue };
        let key = key.to_bytes();
        bytes.extend(key);
        bytes.extend(check(&key, value));
        bytes.extend(length.to_le_bytes());
        bytes.push(*age);
        bytes.extend_from_slice(value);
    }
    let path = folder.join(format!("{}.{EXTENSION}", Digest::of(&bytes)));
    sweep(folder);
    let prefix = format!("{WRITING}{}-", std::process::id());
    let mut temporary = tempfile::Builder::new().prefix(&prefix).tempfile_in(folder)?;
    temporary.write_all(&bytes)?;
    temporary.persist(&path)?;
    Ok(path)
}

/// Removes what killed runs left half written: where processes can be asked after (proc(5)), at once, else in time.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let writer = name.to_str().and_then(|name| name.strip_prefix(WRITING)?.split('-').next());
        let Some(writer) = writer else { continue };
        let is_gone = Path::new("/proc/self").exists() && !Path::new("/proc").join(writer).exists();
        let age = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
            .and_then(|time| time.elapsed().ok());
        if is_gone || age.is_some_and(|age| age > STRAY_AGE) {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}
