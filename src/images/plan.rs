//! Changes of notes and of the pictures beside them, before they are made, and the making of them:
//! each file whole or not at all, and no note that changed meanwhile.
//!
//! Must not know: the reason for the changes.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};

use super::fetch::Missed;
use super::record::{PictureRecord, RECORD};
use super::{PictureSite, RemotePicture};
use crate::build::Progress;
use crate::cache;
use crate::diagnostic::Location;
use crate::mend::Change;
use crate::output::{FolderLock, MANIFEST};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase, system_error};
use crate::source;

/// The calendar of an archive for an address, which follows it.
const ARCHIVE: &str = "https://web.archive.org/web/*/";

/// A problem with a picture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PictureProblem {
    /// Its place in a note.
    pub location: Location,
    /// The problem, in one sentence without a full stop.
    pub message: Phrase,
    /// The way out.
    pub help: Phrase,
}

/// Changes that are not made yet.
#[derive(Debug, Default)]
pub struct ImagePlan {
    pub(super) sites: Vec<SitePlan>,
    /// Problems with pictures that stay as they are.
    pub problems: Vec<PictureProblem>,
}

/// The changes in one folder of notes.
#[derive(Debug)]
pub(super) struct SitePlan {
    /// The folder.
    pub root: PathBuf,
    /// The changed notes.
    pub changes: Vec<PicturedChange>,
    /// The pictures that are added, or removed.
    pub pictures: BTreeSet<String>,
}

/// A note with other destinations of pictures.
#[derive(Debug)]
pub(super) struct PicturedChange {
    pub path: SourcePath,
    pub change: Change,
    /// For each picture that it shows from now on, the addresses that it had, in the order of their
    /// places; `None` at those that showed the picture before.
    pub kept: BTreeMap<String, Vec<Option<String>>>,
}

/// The result of making changes.
#[derive(Debug, Default)]
pub struct WrittenImages {
    /// The notes that were written, with the number of places in each.
    pub notes: Vec<(String, usize)>,
    /// The number of pictures that were added or removed.
    pub pictures: usize,
    /// The files that could not be written, with the reason.
    pub failures: Vec<(String, Phrase)>,
}

impl PictureProblem {
    /// That a picture is not at hand.
    pub(super) fn of_missed(picture: &RemotePicture, missed: &Missed) -> Self {
        let (address, why) = (&picture.address, &missed.why);
        let message = if missed.is_gone {
            phrase!("`{address}` is not there: {why}", address, why)
        } else {
            phrase!("`{address}` is not at hand: {why}", address, why)
        };
        let archive = format!("{ARCHIVE}{}", picture.url);
        let help = phrase!("an archive may have it: {archive}", archive);
        Self { location: picture.location.clone(), message, help }
    }
}

impl ImagePlan {
    /// The changed notes.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.sites.iter().flat_map(|site| &site.changes).map(|note| &note.change)
    }

    /// The number of pictures beside the notes that are added or removed.
    #[must_use]
    pub fn pictures(&self) -> usize {
        self.sites.iter().map(|site| site.pictures.len()).sum()
    }
}

impl SitePlan {
    /// Writes the notes; true if all were written.
    pub fn write_notes(&self, written: &mut WrittenImages) -> bool {
        let failures = written.failures.len();
        for PicturedChange { path, change, .. } in &self.changes {
            let Change { file, before, after, count } = change;
            match source::replace(&self.root, path.as_str(), before, after) {
                Ok(()) => written.notes.push((file.clone(), *count)),
                // Another run did the same at the same time.
                Err(_) if source::raw_text(&self.root, path.as_str()).as_ref() == Some(after) => {}
                Err(error) => written.failures.push((file.clone(), system_error(&error))),
            }
        }
        written.failures.len() == failures
    }
}

impl PictureSite {
    /// Keeps other runs out of the folder while this one writes.
    pub(super) fn lock(&self, progress: &impl Progress) -> FolderLock {
        let root = &self.tree.root;
        let Ok(lock) =
            FolderLock::take(root, || Ok::<_, Infallible>(()), || progress.waits_for(root));
        lock
    }

    /// Changes the file with the addresses of the kept pictures; false if it cannot be written.
    pub(super) fn change_record(
        &self,
        written: &mut WrittenImages,
        change: impl FnOnce(&mut PictureRecord),
    ) -> bool {
        let file = self.record_file();
        let shown = self.tree.shown(&file);
        // Another run may have written it since this one began.
        let (mut record, before) = match self.read_record() {
            Ok(read) => read,
            Err(problem) => {
                written.failures.push((shown, problem.message));
                return false;
            }
        };
        let known = record.clone();
        change(&mut record);
        if record == known {
            return true;
        }
        let text = record.text();
        // A file that could not be read again would be worse than none.
        if PictureRecord::parse(&text).as_ref() != Ok(&record) {
            let why = phrase!("an address in it cannot be written as YAML");
            written.failures.push((shown, why));
            return false;
        }
        let (root, name) = (&self.tree.root, file.as_str());
        let result = match before {
            Some(_) if record.is_empty() => source::remove_beside(root, name),
            Some(before) => source::replace(root, name, &before, &text),
            None => source::add_beside(root, name, text.as_bytes())
                .and_then(|is_new| if is_new { Ok(()) } else { Err(in_the_way()) }),
        };
        if let Err(error) = result {
            written.failures.push((shown, system_error(&error)));
            return false;
        }
        true
    }

    /// The pictures of these that no file in the folder names, when these files have these texts.
    pub(super) fn unused(
        &self,
        names: &BTreeSet<String>,
        changed: &BTreeMap<PathBuf, &str>,
    ) -> BTreeSet<String> {
        let words: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_left_out = |path: &Path| {
            let is_own = [".git", cache::FOLDER, RECORD].iter().any(|own| path.ends_with(own));
            is_own || changed.contains_key(path)
        };
        let used = source::words_in(&self.tree.project, &words, MANIFEST, is_left_out);
        let is_used = |number: &usize, name: &str| {
            used.contains(number) || changed.values().any(|text| text.contains(name))
        };
        let unused = names.iter().enumerate().filter(|(number, name)| !is_used(number, name));
        unused.map(|(_, name)| name.clone()).collect()
    }
}

fn in_the_way() -> io::Error {
    io::Error::other("it was written in the meantime")
}
