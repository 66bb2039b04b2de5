//! Files that the manifest claims and the site no longer has → deleted, with the folders that
//! became empty. What somebody changed since is theirs and stays.
//!
//! Must not know: what the site's files hold.

use std::path::Path;
use std::{fs, io};

use rayon::prelude::*;

use super::disk;
use super::folders::{Folder, Folders};
use super::manifest::{Claim, Manifest};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::Route;

/// The treatment of files that are no longer made.
#[derive(Default)]
pub struct Removal {
    /// Number of deleted files.
    pub deleted: usize,
    /// Those that could not be, and so are still ours.
    pub stuck: Vec<(Route, Claim)>,
    /// Diagnostics about those that remain.
    pub messages: Vec<Diagnostic>,
}

/// The result for one of them.
enum Fate {
    Deleted,
    /// It was not there any more.
    Gone,
    /// Somebody changed it: it is theirs from now on.
    Left(Diagnostic),
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
        // Fails on a folder that is not empty, as it should.
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
            // It never came to be, and what stands there was never ours.
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
        Err(error) => return stuck(path, &disk::reason(&error)),
    };
    if !metadata.is_file() {
        return left(path, "something else has taken its place");
    }
    match disk::digest_of(path) {
        Ok(digest) if claim.covers(digest) => delete(path),
        Ok(_) => left(path, "it was changed since this program wrote it"),
        Err(error) => stuck(path, &disk::reason(&error)),
    }
}

/// Another build may have been faster.
fn delete(path: &Path) -> Fate {
    match fs::remove_file(path) {
        Ok(()) => Fate::Deleted,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fate::Gone,
        Err(error) => stuck(path, &disk::reason(&error)),
    }
}

fn left(path: &Path, why: &str) -> Fate {
    let message = Diagnostic::new(
        Kind::ForeignFile,
        format!("no longer part of the site, but left alone: {why}"),
    );
    Fate::Left(
        message.in_file(path.display().to_string()).help("delete it yourself if nobody needs it"),
    )
}

fn stuck(path: &Path, why: &str) -> Fate {
    let message = Diagnostic::new(
        Kind::Unwritable,
        format!("no longer part of the site, but not deleted: {why}"),
    );
    let way_out = "delete it yourself, or give yourself the right to and build again";
    Fate::Stuck(message.in_file(path.display().to_string()).help(way_out))
}
