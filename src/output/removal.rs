//! Files that the manifest claims and the site no longer has → deleted, with the folders that
//! became empty. A file that was changed by hand stays.
//!
//! Must not know: the content of the site's files.

use std::path::Path;
use std::{fs, io};

use rayon::prelude::*;

use super::disk;
use super::folders::{Folder, Folders};
use super::manifest::{Claim, Manifest};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::Route;
use crate::phrase::{Phrase, phrase, system_error};

/// The result of deleting the files that the site no longer has.
#[derive(Default)]
pub struct Removal {
    /// Number of deleted files.
    pub deleted: usize,
    /// Those that could not be deleted, which stay in the manifest.
    pub stuck: Vec<(Route, Claim)>,
    /// Diagnostics about those that remain.
    pub messages: Vec<Diagnostic>,
}

/// The result for one file.
enum Fate {
    Deleted,
    /// It did not exist any more.
    Gone,
    /// It was changed by hand, so it is not ours any more.
    Left(Diagnostic),
    /// It could not be deleted.
    Stuck(Diagnostic),
}

/// Deletes the files of `manifest` that are not `wanted`.
pub fn remove(site: &Path, manifest: &Manifest, wanted: impl Fn(&Route) -> bool) -> Removal {
    let dropped: Vec<_> = manifest.iter().filter(|(route, _)| !wanted(route)).collect();
    let folders = Folders::survey(site, dropped.iter().map(|(route, _)| *route));
    let fates: Vec<_> = dropped
        .par_iter()
        .map(|(route, claim)| match folders.of(route) {
            Folder::Real => remove_file(&site.join(route.as_str()), *claim),
            Folder::Missing => Fate::Gone,
            Folder::Blocked(why) => left(&site.join(route.as_str()), why),
            Folder::Closed(why) => stuck(&site.join(route.as_str()), why),
        })
        .collect();
    for folder in folders.real() {
        // `remove_dir` fails on a folder that is not empty, which is intended.
        let _ = fs::remove_dir(site.join(folder));
    }
    let mut removal = Removal::default();
    for ((route, claim), fate) in dropped.into_iter().zip(fates) {
        removal.add(route, claim, fate);
    }
    removal
}

impl Removal {
    fn add(&mut self, route: &Route, claim: Claim, fate: Fate) {
        match fate {
            Fate::Deleted => self.deleted += 1,
            Fate::Gone => {}
            // It was never written, so the file of this name was never ours.
            Fate::Left(_) if matches!(claim, Claim::Planned(_)) => {}
            Fate::Left(message) => self.messages.push(message),
            Fate::Stuck(message) => {
                self.messages.push(message);
                self.stuck.push((route.clone(), claim));
            }
        }
    }
}

fn remove_file(path: &Path, claim: Claim) -> Fate {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Fate::Gone,
        Err(error) => return stuck(path, &system_error(&error)),
    };
    if !metadata.is_file() {
        return left(path, &phrase!("a folder or link with this name has replaced it"));
    }
    match disk::digest_of(path) {
        Ok(digest) if claim.covers(digest) => delete(path),
        Ok(_) => left(path, &phrase!("it was changed since this program wrote it")),
        Err(error) => stuck(path, &system_error(&error)),
    }
}

/// Deletes a file; another build may have deleted it already.
fn delete(path: &Path) -> Fate {
    match fs::remove_file(path) {
        Ok(()) => Fate::Deleted,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fate::Gone,
        Err(error) => stuck(path, &system_error(&error)),
    }
}

fn left(path: &Path, why: &Phrase) -> Fate {
    let message = Diagnostic::new(
        Kind::ForeignFile,
        phrase!("no longer part of the site, but left alone: {why}", why),
    );
    Fate::Left(
        message.in_file(path.display().to_string()).help(phrase!("delete it if it is not needed")),
    )
}

fn stuck(path: &Path, why: &Phrase) -> Fate {
    let message = Diagnostic::new(
        Kind::Unwritable,
        phrase!("no longer part of the site, but not deleted: {why}", why),
    );
    let way_out = phrase!("delete it, or make its folder writable and build again");
    Fate::Stuck(message.in_file(path.display().to_string()).help(way_out))
}
