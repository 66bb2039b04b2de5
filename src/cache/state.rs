//! The state of the last run ↔ one file, `.notes/state`: parts by name, each with the digest of its
//! inputs.
//!
//! ```text
//! "notes state 1\n"
//! 4 bytes length of the list, 16 bytes digest of the list
//! the list: for each part its name, its key, the check of its value, and its length
//! the values, one after the other
//! ```
//! Numbers are little-endian. The file is always replaced as a whole, so its parts are of one run,
//! or of an earlier one as far as that run did not need them. A value is read when it is asked for:
//! most of the bytes are those of parts that a small edit makes useless.
//!
//! Must not know: what a value is, or what it is made from.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::temporary::{self, Access};

/// The file's name.
pub(super) const NAME: &str = "state";
const MAGIC: &[u8] = b"notes state 1\n";
/// The length and the digest of the list.
const HEAD: usize = 4 + 16;

/// A part as the list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StatePart {
    /// The digest of the inputs.
    pub key: Digest,
    /// The digest of name, key and value.
    check: Digest,
    length: u64,
}

impl StatePart {
    pub fn new(name: &str, key: Digest, value: &[u8]) -> Self {
        let check = Digest::of_parts(&[name.as_bytes(), &key.to_bytes(), value]);
        Self { key, check, length: value.len() as u64 }
    }
}

/// The parts in a state file. The file is not kept open: its folder may be deleted or unmounted.
#[derive(Debug, Clone, Default)]
pub(super) struct StateFile {
    parts: BTreeMap<String, StatePart>,
    /// The place of the first value.
    begin: u64,
}

impl StateFile {
    /// Reads the list of the file in a folder; empty if there is none.
    pub fn open(folder: &Path) -> Self {
        Self::read(folder).unwrap_or_default()
    }

    fn read(folder: &Path) -> Option<Self> {
        let mut file = fs::File::open(folder.join(NAME)).ok()?;
        let size = file.metadata().ok()?.len();
        let mut head = [0; MAGIC.len() + HEAD];
        file.read_exact(&mut head).ok()?;
        let (length, digest) = head.strip_prefix(MAGIC)?.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?);
        let begin = head.len() as u64 + u64::from(length);
        if begin > size {
            return None;
        }
        let mut list = vec![0; length as usize];
        file.read_exact(&mut list).ok()?;
        if Digest::of(&list).to_bytes() != digest {
            return None;
        }
        Some(Self { parts: postcard::from_bytes(&list).ok()?, begin })
    }

    /// The part of a name.
    pub fn part(&self, name: &str) -> Option<StatePart> {
        self.parts.get(name).copied()
    }

    /// The value of a part, if it is as it was written.
    pub fn value(&self, folder: &Path, name: &str) -> Option<Vec<u8>> {
        let part = self.parts.get(name)?;
        let before = self.parts.iter().take_while(|(other, _)| other.as_str() < name);
        let before = before.map(|(_, part)| part.length);
        let at = before.fold(self.begin, u64::saturating_add);
        let mut file = fs::File::open(folder.join(NAME)).ok()?;
        if at.checked_add(part.length)? > file.metadata().ok()?.len() {
            return None;
        }
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut value = vec![0; usize::try_from(part.length).ok()?];
        file.read_exact(&mut value).ok()?;
        (StatePart::new(name, part.key, &value) == *part).then_some(value)
    }
}

/// The endings and beginnings of the files of version 1.0.
const FORMER: (&str, &str) = (".last", "writing-");

/// Removes the files in which version 1.0 kept its state, which nothing else would ever remove.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(FORMER.0) || name.starts_with(FORMER.1) {
            // A file that cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Parts that a run has changed, each with its value.
pub(super) type ChangedParts = BTreeMap<String, (StatePart, Vec<u8>)>;

/// Writes the state anew: `changed` parts, and those of the file as it is by now, which another run
/// may have written meanwhile.
pub(super) fn write(folder: &Path, mut changed: ChangedParts) -> io::Result<()> {
    let old = StateFile::open(folder);
    for (name, part) in &old.parts {
        if !changed.contains_key(name)
            && let Some(value) = old.value(folder, name)
        {
            changed.insert(name.clone(), (*part, value));
        }
    }
    let parts: BTreeMap<&String, StatePart> =
        changed.iter().map(|(name, (part, _))| (name, *part)).collect();
    let list = postcard::to_allocvec(&parts).map_err(io::Error::other)?;
    let length = u32::try_from(list.len()).map_err(io::Error::other)?;
    let mut file = temporary::file_in(folder, Access::Private)?;
    for bytes in [MAGIC, &length.to_le_bytes(), &Digest::of(&list).to_bytes(), &list] {
        file.write_all(bytes)?;
    }
    for (_, value) in changed.values() {
        file.write_all(value)?;
    }
    file.persist(folder.join(NAME))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(parts: &[(&str, &str)]) -> ChangedParts {
        let part = |&(name, text): &(&str, &str)| {
            let key = Digest::of(text.as_bytes());
            (
                name.to_owned(),
                (StatePart::new(name, key, text.as_bytes()), text.as_bytes().to_vec()),
            )
        };
        parts.iter().map(part).collect()
    }

    fn value(folder: &Path, name: &str) -> Option<String> {
        let value = StateFile::open(folder).value(folder, name)?;
        String::from_utf8(value).ok()
    }

    #[test]
    fn parts_are_replaced_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(value(folder, "a"), None);
        write(folder, changed(&[("a", "one"), ("b", ""), ("c", "three")])).unwrap();
        write(folder, changed(&[("b", "two"), ("d", "four")])).unwrap();
        for (name, expected) in [("a", "one"), ("b", "two"), ("c", "three"), ("d", "four")] {
            assert_eq!(value(folder, name).as_deref(), Some(expected));
            let part = StateFile::open(folder).part(name).unwrap();
            assert_eq!(part.key, Digest::of(expected.as_bytes()));
        }
        assert_eq!(value(folder, "e"), None);
    }

    #[test]
    fn a_part_that_was_replaced_after_its_list_was_read_is_none() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), changed(&[("a", "one"), ("b", "two")])).unwrap();
        let list = StateFile::open(folder.path());
        write(folder.path(), changed(&[("a", "another length")])).unwrap();
        assert_eq!(list.value(folder.path(), "b"), None);
        assert_eq!(value(folder.path(), "b").as_deref(), Some("two"));
    }

    #[test]
    fn a_damaged_file_gives_less_and_nothing_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, changed(&[("a", "one"), ("b", "two")])).unwrap();
        let path = folder.join(NAME);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x41;
            for bytes in [&whole[..at], &flipped] {
                fs::write(&path, bytes).unwrap();
                for (name, expected) in [("a", "one"), ("b", "two")] {
                    assert!(value(folder, name).is_none_or(|value| value == expected), "{at}");
                }
            }
        }
    }
}
