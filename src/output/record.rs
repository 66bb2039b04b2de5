//! The files that the last run wrote, with their fingerprints: the next run neither makes, reads
//! nor compares those that are as they were.
//!
//! Must not know: what the files are for, whose they are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::disk;
use super::file::File;
use crate::digest::Digest;
use crate::path::Route;
use crate::stamp::Stamp;

/// A file of the site, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrittenFile {
    /// The digest of its bytes.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
    /// Its fingerprint; without one it must be read.
    pub stamp: Option<Stamp>,
    /// The stamp of the file that it is a copy of.
    pub source: Option<Stamp>,
}

/// The files in an output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord(BTreeMap<Route, WrittenFile>);

impl OutputRecord {
    /// The entries that still match the files in the folder `site`, whichever folder it was. `now`
    /// is the time.
    #[must_use]
    pub fn checked(&self, site: &Path, now: SystemTime) -> Self {
        let check = |(route, file): (&Route, &WrittenFile)| {
            Some((route.clone(), check(site, route, *file, now)?))
        };
        let checked: Vec<_> = self.0.par_iter().filter_map(check).collect();
        Self(checked.into_iter().collect())
    }

    /// The file at `route`, if bytes with this digest stand there.
    #[must_use]
    pub fn file(&self, route: &Route, digest: Digest) -> Option<File> {
        let file = self.0.get(route).filter(|file| file.digest == digest)?;
        Some(File::OnDisk { digest, size: file.size })
    }

    /// The bytes of that file, if they are still there.
    #[must_use]
    pub fn bytes(&self, site: &Path, route: &Route, digest: Digest) -> Option<Vec<u8>> {
        self.file(route, digest)?;
        let bytes = fs::read(site.join(route.as_str())).ok()?;
        (Digest::of(&bytes) == digest).then_some(bytes)
    }

    /// The digest of the file at `route`, if the one there was made from this one.
    #[must_use]
    pub fn digest_of(&self, route: &Route, file: &File) -> Option<Digest> {
        self.same(route, file).map(|known| known.digest)
    }

    /// The record of the file at `route`, if it was made from this one.
    pub(super) fn same(&self, route: &Route, file: &File) -> Option<WrittenFile> {
        let known = self.0.get(route)?;
        let is_same = match file {
            File::Bytes(_, digest) | File::OnDisk { digest, .. } | File::Ahead { digest, .. } => {
                known.digest == *digest
            }
            File::Copy { stamp, .. } => stamp.is_some() && known.source == *stamp,
        };
        is_same.then_some(*known)
    }
}

impl FromIterator<(Route, WrittenFile)> for OutputRecord {
    fn from_iter<T: IntoIterator<Item = (Route, WrittenFile)>>(files: T) -> Self {
        Self(files.into_iter().collect())
    }
}

/// The file, if it is as it was; a file whose stamp says nothing is read.
fn check(site: &Path, route: &Route, file: WrittenFile, now: SystemTime) -> Option<WrittenFile> {
    let path = site.join(route.as_str());
    let metadata = fs::symlink_metadata(&path).ok()?;
    if !metadata.is_file() || metadata.len() != file.size {
        return None;
    }
    if file.stamp.is_some_and(|stamp| stamp.is_of(&metadata)) {
        return Some(file);
    }
    let is_same = disk::digest_of(&path).is_ok_and(|digest| digest == file.digest);
    is_same.then(|| WrittenFile { stamp: Stamp::of(&metadata, now), ..file })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Gone, Output, write};

    #[test]
    fn only_what_stands_as_it_was_written_is_known() {
        let site = tempfile::tempdir().unwrap();
        let names =
            ["same.html", "touched.html", "other.html", "longer.html", "gone.html", "folder.html"];
        let files = names.map(|name| (Route::file(name), File::from(format!("bytes of {name}"))));
        let output: Output = files.clone().into_iter().collect();
        let written = write(site.path(), &output, &OutputRecord::default(), Gone::Delete);
        let put = |name: &str, text: &str| fs::write(site.path().join(name), text).unwrap();
        put("touched.html", "bytes of touched.html");
        put("other.html", "BYTES of other.html");
        put("longer.html", "bytes of longer.html, and more");
        fs::remove_file(site.path().join("gone.html")).unwrap();
        fs::remove_file(site.path().join("folder.html")).unwrap();
        fs::create_dir(site.path().join("folder.html")).unwrap();
        let record = written.record.checked(site.path(), SystemTime::now());
        for (route, file) in &files {
            let digest = file.digest().unwrap();
            let stands = record.file(route, digest).is_some();
            assert_eq!(stands, matches!(route.as_str(), "same.html" | "touched.html"), "{route}");
            assert_eq!(record.file(route, Digest::of(b"other")), None);
        }
        let elsewhere = tempfile::tempdir().unwrap();
        assert_eq!(
            written.record.checked(elsewhere.path(), SystemTime::now()),
            OutputRecord::default()
        );
    }

    #[test]
    fn a_copy_is_the_same_while_its_source_has_its_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("picture");
        fs::write(&from, "a").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(100));
        let site = folder.path().join("site");
        let route = Route::file("picture");
        let copy = || {
            let stamp = Stamp::of(&fs::metadata(&from).unwrap(), SystemTime::now());
            File::Copy { from: from.clone(), size: 1, stamp }
        };
        let output: Output = [(route.clone(), copy())].into_iter().collect();
        let record = write(&site, &output, &OutputRecord::default(), Gone::Delete)
            .record
            .checked(&site, SystemTime::now());
        assert!(record.same(&route, &copy()).is_some());
        fs::write(&from, "b").unwrap();
        assert!(record.same(&route, &copy()).is_none());
        let output: Output = [(route, copy())].into_iter().collect();
        assert_eq!(write(&site, &output, &record, Gone::Delete).written, 1);
        assert_eq!(fs::read(site.join("picture")).unwrap(), b"b");
    }
}
