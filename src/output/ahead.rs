//! The bytes of files that were just made → files in a temporary folder of the site, which
//! [`write()`](super::write()) moves to their places at the end. The pages of a site are several
//! times as large as its notes, and so no build holds all of them in memory.
//!
//! Must not know: the manifest, or which files are ours.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{fs, io};

use tempfile::TempDir;

use super::file::File;
use super::manifest;
use super::record::OutputRecord;
use crate::digest::Digest;
use crate::path::Route;
use crate::temporary;

/// So many files come with a file of [`RESERVE`] bytes: what is needed beside them when the disk is
/// full, for the manifest, for folders, and to replace one file after the other.
const RESERVED_FOR: usize = 256;
const RESERVE: usize = 256 << 10;

/// The files of a run that are written before all of them are known. What was not moved to its
/// place is removed when this is dropped.
pub struct FilesAhead<'a> {
    site: &'a Path,
    record: &'a OutputRecord,
    /// The size of the manifest that an earlier run left; with none there is no file to keep.
    manifest: Option<u64>,
    /// Made for the first file; `None` if that failed.
    folder: OnceLock<Option<TempDir>>,
    /// The number of files in it so far.
    count: AtomicUsize,
    /// The space that is freed when the disk is full.
    reserve: Mutex<Vec<PathBuf>>,
    /// True after a file could not be written.
    failed: AtomicBool,
}

impl<'a> FilesAhead<'a> {
    /// Those of a run that writes to the folder `site`. Hold a [`FolderLock`](super::FolderLock).
    #[must_use]
    pub fn new(site: &'a Path, record: &'a OutputRecord) -> Self {
        Self {
            site,
            record,
            manifest: fs::metadata(site.join(manifest::NAME)).ok().map(|found| found.len()),
            folder: OnceLock::new(),
            count: AtomicUsize::new(0),
            reserve: Mutex::default(),
            failed: AtomicBool::new(false),
        }
    }

    /// The file at `route` with these bytes.
    #[must_use]
    pub fn file(&self, route: &Route, bytes: Vec<u8>) -> File {
        let digest = Digest::of(&bytes);
        if let Some(file) = self.record.file(route, digest) {
            return file;
        }
        if self.may_stand(route, bytes.len()) {
            return File::Bytes(bytes.into(), digest);
        }
        match self.write(&bytes) {
            Some(from) => File::Ahead { from: from.into(), digest, size: bytes.len() as u64 },
            None => File::Bytes(bytes.into(), digest),
        }
    }

    /// True if a file of that size stands at `route` already: most likely it is the same one, which
    /// need not be written.
    fn may_stand(&self, route: &Route, size: usize) -> bool {
        let metadata = || fs::symlink_metadata(self.site.join(route.as_str()));
        self.manifest.is_some() && metadata().is_ok_and(|found| found.len() == size as u64)
    }

    /// The path of a new file with these bytes. `None` if it cannot be written: then the bytes stay
    /// in memory, and who writes them to their place meets the reason again, and reports it.
    fn write(&self, bytes: &[u8]) -> Option<PathBuf> {
        let folder = self.folder.get_or_init(|| temporary::folder_in(self.site).ok()).as_ref()?;
        let written = self.reserve(folder).and_then(|()| self.write_in(folder, bytes));
        if written.is_err() {
            self.failed.store(true, Ordering::Relaxed);
            let mut reserve = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
            for path in reserve.drain(..) {
                let _ = fs::remove_file(path);
            }
        }
        written.ok()
    }

    fn write_in(&self, folder: &TempDir, bytes: &[u8]) -> io::Result<PathBuf> {
        temporary::write_in(folder, self.count.fetch_add(1, Ordering::Relaxed), bytes)
    }

    /// Takes space for the files to come.
    fn reserve(&self, folder: &TempDir) -> io::Result<()> {
        let mut reserve = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        if self.failed.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if reserve.len() * RESERVED_FOR <= self.count.load(Ordering::Relaxed) {
            // The manifest is written anew beside the old one, with two digests of each file.
            let manifest = self.manifest.filter(|_| reserve.is_empty()).unwrap_or_default();
            let size = RESERVE + usize::try_from(2 * manifest).unwrap_or(0);
            reserve.push(self.write_in(folder, &vec![0; size])?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Gone, Output, write};
    use crate::temporary::names;

    /// Writes files to a folder as a run does, and gives the record, and the files on their way.
    fn run(
        site: &Path,
        record: &OutputRecord,
        files: &[(&str, &str)],
    ) -> (OutputRecord, Vec<File>) {
        let ahead = FilesAhead::new(site, record);
        let made = files.iter().map(|(name, text)| {
            let route = Route::file(name);
            let file = ahead.file(&route, text.as_bytes().to_vec());
            (route, file)
        });
        let output: Output = made.collect();
        let written = write(site, &output, record, Gone::Delete);
        assert_eq!(written.diagnostics, []);
        (written.record, output.iter().map(|(_, file)| file.clone()).collect())
    }

    #[test]
    fn files_are_moved_to_their_places() {
        let site = tempfile::tempdir().unwrap();
        let (record, made) =
            run(site.path(), &OutputRecord::default(), &[("a/b.html", "one"), ("c.html", "two")]);
        assert!(made.iter().all(|file| matches!(file, File::Ahead { .. })), "{made:?}");
        assert_eq!(fs::read(site.path().join("a/b.html")).unwrap(), b"one");
        assert_eq!(fs::read(site.path().join("c.html")).unwrap(), b"two");
        assert_eq!(names(site.path()), [manifest::NAME, "a", "c.html"]);

        // One stands, one has other bytes of the same number, one is new, and one goes.
        let files = [("a/b.html", "one"), ("c.html", "TWO"), ("d.html", "three")];
        let (record, made) = run(site.path(), &record, &files);
        assert!(matches!(made[..], [File::OnDisk { .. }, File::Bytes(..), File::Ahead { .. }]));
        assert_eq!(fs::read(site.path().join("c.html")).unwrap(), b"TWO");
        let (_, made) = run(site.path(), &record, &[("c.html", "other")]);
        assert!(matches!(made[..], [File::Ahead { .. }]));
        assert_eq!(fs::read(site.path().join("c.html")).unwrap(), b"other");
        assert_eq!(names(site.path()), [manifest::NAME, "c.html"]);
    }

    #[test]
    fn files_that_no_place_is_left_for_are_removed() {
        let site = tempfile::tempdir().unwrap();
        let record = OutputRecord::default();
        let ahead = FilesAhead::new(site.path(), &record);
        let file = ahead.file(&Route::file("a.html"), b"one".to_vec());
        let File::Ahead { from, .. } = &file else { panic!("{file:?}") };
        assert_eq!(fs::read(from).unwrap(), b"one");
        drop(ahead);
        assert_eq!(names(site.path()), [""; 0]);
    }

    #[test]
    fn files_that_cannot_be_written_stay_in_memory_and_leave_space_to_the_others() {
        let site = tempfile::tempdir().unwrap();
        let record = OutputRecord::default();
        let ahead = FilesAhead::new(site.path(), &record);
        let first = ahead.file(&Route::file("a.html"), b"one".to_vec());
        let File::Ahead { from, .. } = &first else { panic!("{first:?}") };
        let folder = from.parent().unwrap();
        let size = |name: &String| fs::metadata(folder.join(name)).unwrap().len();
        let sizes = || names(folder).iter().map(size).collect::<Vec<u64>>();
        assert_eq!(sizes(), [RESERVE as u64, 3]);
        // The name of the next one is taken.
        let next = format!("{}2", names(folder)[1].strip_suffix('1').unwrap());
        fs::create_dir(folder.join(next)).unwrap();
        for name in ["b.html", "c.html"] {
            let file = ahead.file(&Route::file(name), b"two".to_vec());
            assert!(matches!(file, File::Bytes(..)), "{file:?}");
        }
        assert_eq!(names(folder).len(), 2);
        assert_eq!(sizes()[0], 3);
    }
}
