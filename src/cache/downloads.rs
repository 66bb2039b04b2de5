//! Files of other sites by their addresses, so that a run which was interrupted, or only looked,
//! need not fetch them again. Each is a file of its own: they are large, and few runs want them.
//!
//! Must not know: what the files are, how they are fetched.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::folder::CacheFolder;
use crate::digest::Digest;
use crate::temporary::{self, Access};

/// The part of the cache.
const PART: &str = "downloads";
/// A file is kept for this time: what is at an address may change.
const LASTS: Duration = Duration::from_hours(7 * 24);

/// The files of other sites that are at hand.
#[derive(Debug)]
pub struct Downloads {
    folder: PathBuf,
    /// The folder, if it goes with this value.
    _own: Option<TempDir>,
}

impl Downloads {
    /// Opens those of the folder that is built. If they are not to be kept there, or that folder
    /// cannot be written to, they are in the system's folder for temporary files until the end.
    ///
    /// # Errors
    /// If there is no place for them.
    pub fn open(built: &Path, keeps: bool, now: SystemTime) -> io::Result<Self> {
        let made = CacheFolder::below(built, PART).filter(|folder| keeps && folder.make().is_ok());
        if let Some(CacheFolder { path: folder, .. }) = made
            && temporary::file_in(&folder, Access::Private).is_ok()
        {
            temporary::sweep(&folder);
            sweep(&folder, now);
            return Ok(Self { folder, _own: None });
        }
        let own = tempfile::tempdir()?;
        Ok(Self { folder: own.path().to_owned(), _own: Some(own) })
    }

    /// The file at an address.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<Vec<u8>> {
        fs::read(self.path(address)).ok()
    }

    /// Keeps the file at an address: whole, or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, address: &str, bytes: &[u8]) -> io::Result<()> {
        let mut new = temporary::file_in(&self.folder, Access::Private)?;
        new.write_all(bytes)?;
        new.persist(self.path(address))?;
        Ok(())
    }

    /// Forgets the file at an address.
    pub fn remove(&self, address: &str) {
        // One that stays is found again, which does no harm.
        let _ = fs::remove_file(self.path(address));
    }

    fn path(&self, address: &str) -> PathBuf {
        self.folder.join(Digest::of(address.as_bytes()).to_string())
    }
}

/// Deletes the files that are too old. One from the future may be that of a run that began later.
fn sweep(folder: &Path, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_own = entry.file_name().to_str().and_then(Digest::parse).is_some();
        let written = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = written.and_then(|written| now.duration_since(written).ok());
        if is_own && age.is_some_and(|age| age > LASTS) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_kept_for_a_week() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now() + Duration::from_mins(1);
        let open = |now| Downloads::open(folder.path(), true, now).unwrap();
        let downloads = open(now);
        downloads.put("https://e.org/a", b"one").unwrap();
        downloads.put("https://e.org/b", b"two").unwrap();
        assert_eq!(downloads.get("https://e.org/a").as_deref(), Some(&b"one"[..]));
        downloads.remove("https://e.org/b");
        let week = Duration::from_hours(7 * 24);
        assert!(open(now + week - Duration::from_hours(1)).get("https://e.org/a").is_some());
        assert_eq!(open(now).get("https://e.org/b"), None);
        assert!(open(now + week + Duration::from_hours(1)).get("https://e.org/a").is_none());
        assert_eq!(fs::read_to_string(folder.path().join(".notes/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn nothing_is_left_where_nothing_is_to_be_kept() {
        let folder = tempfile::tempdir().unwrap();
        let downloads = Downloads::open(folder.path(), false, SystemTime::now()).unwrap();
        downloads.put("https://e.org/a", b"one").unwrap();
        assert_eq!(downloads.get("https://e.org/a").as_deref(), Some(&b"one"[..]));
        let place = downloads.folder.clone();
        drop(downloads);
        assert!(!place.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
