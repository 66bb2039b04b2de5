//! Every file of the site, what stands in its place, and the manifest → the step that brings it
//! there. Looks only: nothing on disk changes.
//!
//! Must not know: how files are written or deleted.

use std::path::Path;
use std::time::SystemTime;
use std::{fs, io};

use super::disk;
use super::file::File;
use super::folders::{Folder, Folders};
use super::manifest::{Claim, is_reserved};
use super::memory::{Memory, Remembered};
use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::path::Route;
use crate::stamp::Stamp;

/// The work for one file of the site.
#[derive(Debug)]
pub enum Step {
    /// Its bytes stand there already. Whoever put them there, they are ours from now on.
    Keep(Remembered),
    /// Write it: nothing stands there, or a file of ours that was last known to have the `old`
    /// bytes.
    Write {
        /// The bytes before.
        old: Option<Digest>,
        /// The bytes after.
        new: Digest,
    },
    /// It cannot be written.
    Leave {
        /// The record of a file of ours there; `None` if the place is someone else's.
        claim: Option<Claim>,
        /// Why not.
        message: Box<Diagnostic>,
    },
}

impl Step {
    /// True if there is something to write.
    pub fn is_write(&self) -> bool {
        matches!(self, Self::Write { .. })
    }

    /// The file of ours there before the step and during it.
    pub fn claim_before(&self) -> Option<Claim> {
        match self {
            Self::Write { old, new } => Some(Claim::to_write(*old, *new)),
            Self::Keep(_) | Self::Leave { .. } => self.claim_after(false),
        }
    }

    /// The file of ours there afterwards; `done` says whether a [`Step::Write`] was carried out.
    pub fn claim_after(&self, done: bool) -> Option<Claim> {
        match self {
            Self::Keep(kept) => Some(Claim::Written(kept.digest)),
            Self::Write { new, .. } if done => Some(Claim::Written(*new)),
            Self::Write { old, .. } => old.map(Claim::Written),
            Self::Leave { claim, .. } => *claim,
        }
    }
}

/// The record before any file is compared.
pub struct Known<'a> {
    pub site: &'a Path,
    pub folders: &'a Folders<'a>,
    pub memory: &'a Memory,
    /// A time before anything is looked at.
    pub now: SystemTime,
}

/// Decides the step for `file` at `route`.
pub fn step(known: &Known<'_>, route: &Route, file: &File, claim: Option<Claim>) -> Step {
    let Known { site, folders, memory, now } = *known;
    let path = site.join(route.as_str());
    let leave = |claim, message| Step::Leave { claim, message: Box::new(message) };
    if is_reserved(route) {
        return leave(
            None,
            taken(&path, "the name is kept for another use", "rename the file in the notes"),
        );
    }
    let standing = match folders.of(route) {
        Folder::Real => match memory.same(route, file) {
            Some(remembered) => return Step::Keep(remembered),
            None => look(&path),
        },
        Folder::Missing => Standing::Nothing,
        Folder::Blocked(why) => return leave(None, taken(&path, why, MOVE)),
        Folder::Closed(why) => return leave(claim, taken(&path, why, OPEN)),
    };
    let (found, stamp) = match &standing {
        Standing::File(metadata) => (metadata.len() == file.size(), Stamp::of(metadata, now)),
        _ => (false, None),
    };
    let old_file = found.then(|| disk::open(&path)).flatten();
    let compared = file.compare(old_file);
    let old = || claim.and_then(|claim| claim.owned(|| disk::digest_of(&path).ok()));
    match (compared, standing) {
        (Err(error), _) => leave(claim, unreadable(file, &path, &error)),
        (Ok((digest, true)), _) => {
            Step::Keep(Remembered { digest, size: file.size(), stamp, source: file.stamp() })
        }
        (Ok((new, false)), Standing::Nothing) => Step::Write { old: None, new },
        (Ok((new, false)), Standing::File(_)) => match old() {
            Some(old) => Step::Write { old: Some(old), new },
            None => leave(
                None,
                taken(&path, "a file stands there that this program did not write", MOVE),
            ),
        },
        (Ok(_), Standing::Other(what)) => leave(None, taken(&path, what, MOVE)),
        (Ok(_), Standing::Unknown(error)) => leave(claim, disk::unwritable(&path, &error)),
    }
}

const OPEN: &str = "give yourself the right to look into it, or choose another folder with `-o`";
const MOVE: &str = "move it away, or choose another folder with `-o`";

/// The state of the place of a file.
enum Standing {
    Nothing,
    File(fs::Metadata),
    Other(&'static str),
    Unknown(io::Error),
}

fn look(path: &Path) -> Standing {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Standing::File(metadata),
        Ok(metadata) if metadata.is_dir() => {
            Standing::Other("a folder stands where the file must go")
        }
        Ok(metadata) if metadata.is_symlink() => {
            Standing::Other("a symbolic link stands where the file must go")
        }
        Ok(_) => Standing::Other("something that is not a file stands there"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Standing::Nothing,
        Err(error) => Standing::Unknown(error),
    }
}

fn taken(path: &Path, why: &str, way_out: &str) -> Diagnostic {
    let message = Diagnostic::new(Kind::Unwritable, format!("not written: {why}"));
    message.in_file(path.display().to_string()).help(way_out)
}

/// The file to copy has gone or cannot be read.
fn unreadable(file: &File, path: &Path, error: &io::Error) -> Diagnostic {
    let from = if let File::Copy { from, .. } = file { from } else { path };
    let message =
        Diagnostic::new(Kind::Unreadable, format!("cannot be read: {}", disk::reason(error)));
    message
        .in_file(from.display().to_string())
        .help("make the file readable, or take it out of the notes")
}
