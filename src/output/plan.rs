//! A file of the site, the file on disk, and the manifest → the step that brings it to disk. Reads
//! only: nothing on disk changes.
//!
//! Must not know: how files are written or deleted.

use std::path::Path;
use std::time::SystemTime;
use std::{fs, io};

use super::disk;
use super::file::File;
use super::folders::{Folder, Folders};
use super::manifest::{Claim, is_reserved};
use super::record::{OutputRecord, WrittenFile};
use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::path::Route;
use crate::phrase::{Phrase, phrase};
use crate::stamp::Stamp;

/// The work for one file of the site.
#[derive(Debug)]
pub enum Step {
    /// A file with these bytes exists already. Even if it was foreign, it is ours from now on.
    Keep(WrittenFile),
    /// Write it: no file exists, or a file of ours whose last known bytes are `old`.
    Write {
        /// The bytes before.
        old: Option<Digest>,
        /// The bytes after.
        new: Digest,
    },
    /// It cannot be written.
    Leave {
        /// The record of our file at this path; `None` if a foreign file is there.
        claim: Option<Claim>,
        /// The reason.
        message: Box<Diagnostic>,
    },
}

impl Step {
    /// True if the step writes a file.
    pub fn is_write(&self) -> bool {
        matches!(self, Self::Write { .. })
    }

    /// The claim on the file before the step and during it.
    pub fn claim_before(&self) -> Option<Claim> {
        match self {
            Self::Write { old, new } => Some(Claim::to_write(*old, *new)),
            Self::Keep(_) | Self::Leave { .. } => self.claim_after(false),
        }
    }

    /// The claim on the file afterwards; `done` is true if a [`Step::Write`] was carried out.
    pub fn claim_after(&self, done: bool) -> Option<Claim> {
        match self {
            Self::Keep(kept) => Some(Claim::Written(kept.digest)),
            Self::Write { new, .. } if done => Some(Claim::Written(*new)),
            Self::Write { old, .. } => old.map(Claim::Written),
            Self::Leave { claim, .. } => *claim,
        }
    }
}

/// The state of the folder before any file is compared.
pub struct Known<'a> {
    pub site: &'a Path,
    pub folders: &'a Folders<'a>,
    pub record: &'a OutputRecord,
    /// A time before any file is looked at.
    pub now: SystemTime,
}

/// Decides the step for `file` at `route`.
pub fn step(known: &Known<'_>, route: &Route, file: &File, claim: Option<Claim>) -> Step {
    let Known { site, folders, record, now } = *known;
    let path = site.join(route.as_str());
    let leave = |claim, message| Step::Leave { claim, message: Box::new(message) };
    if is_reserved(route) {
        return leave(
            None,
            taken(&path, &phrase!("the name is reserved"), phrase!("rename the file in the notes")),
        );
    }
    let occupant = match folders.of(route) {
        Folder::Real => match record.same(route, file) {
            Some(known) => return Step::Keep(known),
            None => look(&path),
        },
        Folder::Missing => Occupant::Nothing,
        Folder::Blocked(why) => return leave(None, taken(&path, why, MOVE)),
        Folder::Closed(why) => return leave(claim, taken(&path, why, OPEN)),
    };
    let (found, stamp) = match &occupant {
        Occupant::File(metadata) => (metadata.len() == file.size(), Stamp::of(metadata, now)),
        _ => (false, None),
    };
    let old_file = found.then(|| disk::open(&path)).flatten();
    let compared = file.compare(old_file);
    let old = || claim.and_then(|claim| claim.owned(|| disk::digest_of(&path).ok()));
    match (compared, occupant) {
        (Err(error), _) => leave(claim, unreadable(file, &path, &error)),
        (Ok((digest, true)), _) => {
            Step::Keep(WrittenFile { digest, size: file.size(), stamp, source: file.stamp() })
        }
        (Ok((new, false)), Occupant::Nothing) => Step::Write { old: None, new },
        (Ok((new, false)), Occupant::File(_)) => match old() {
            Some(old) => Step::Write { old: Some(old), new },
            None => leave(None, taken(&path, &FOREIGN, MOVE)),
        },
        (Ok(_), Occupant::Other(reason)) => leave(None, taken(&path, &reason, MOVE)),
        (Ok(_), Occupant::Unknown(error)) => leave(claim, disk::unwritable(&path, &error)),
    }
}

const FOREIGN: Phrase = phrase!("a file with this name exists that this program did not write");
const OPEN: Phrase = phrase!("make the folder accessible, or choose another folder with `-o`");
const MOVE: Phrase = phrase!("move it away, or choose another folder with `-o`");

/// The file on disk at the path of a file of the site.
enum Occupant {
    Nothing,
    File(fs::Metadata),
    /// Not a file, for the reason in the sentence.
    Other(Phrase),
    Unknown(io::Error),
}

fn look(path: &Path) -> Occupant {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Occupant::File(metadata),
        Ok(metadata) if metadata.is_dir() => {
            Occupant::Other(phrase!("a folder with this name exists"))
        }
        Ok(metadata) if metadata.is_symlink() => {
            Occupant::Other(phrase!("a symbolic link with this name exists"))
        }
        Ok(_) => Occupant::Other(phrase!("a pipe, socket or device with this name exists")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Occupant::Nothing,
        Err(error) => Occupant::Unknown(error),
    }
}

fn taken(path: &Path, why: &Phrase, way_out: Phrase) -> Diagnostic {
    let message = Diagnostic::new(Kind::Unwritable, phrase!("not written: {why}", why));
    message.in_file(path.display().to_string()).help(way_out)
}

/// The diagnostic for a file to copy that does not exist any more or cannot be read.
fn unreadable(file: &File, path: &Path, error: &io::Error) -> Diagnostic {
    let from = if let File::Copy { from, .. } = file { from } else { path };
    let message = Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {error}", error));
    message
        .in_file(from.display().to_string())
        .help(phrase!("check the file's permissions, or remove it from the notes"))
}
