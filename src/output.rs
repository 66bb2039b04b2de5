//! The files of a site, [`Output`], and the way to disk: [`write()`] brings a folder to exactly
//! those files. It writes only files that differ, and replaces or deletes only files that this
//! program wrote.
//!
//! The manifest lists our files (`output/manifest.rs`). A run deletes the files that the site no
//! longer has, compares the rest, records the files that it is about to write, writes them, and
//! records the result. If it is killed between any two steps, no file is lost, and the next run
//! still knows which files are ours. Most files that it writes are in a temporary folder of the
//! site before that (`output/ahead.rs`), and are only moved.
//!
//! Must not know: notes, pages, or why a file is in the site.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use std::{fs, io};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::path::Route;
use crate::phrase::phrase;
use crate::stamp::Stamp;
use crate::temporary;

mod ahead;
mod disk;
mod file;
mod folders;
mod leftover;
mod lock;
mod manifest;
mod place;
mod plan;
mod record;
mod removal;
mod single;
#[cfg(test)]
mod tests;

use folders::{Folders, Unmade};
use manifest::{Claim, Manifest, ManifestState};
use plan::{Known, Step};
use record::WrittenFile;

pub use ahead::FilesAhead;
pub use file::{File, Opened};
pub use lock::FolderLock;
pub use manifest::{BEGIN as MANIFEST_BEGIN, NAME as MANIFEST};
pub use place::{check_apart, check_place};
pub use record::OutputRecord;
pub use single::{FileMark, check_single, write_single};

/// All files of a site, by route.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output(BTreeMap<Route, File>);

impl Output {
    /// The file at `route`.
    #[must_use]
    pub fn get(&self, route: &Route) -> Option<&File> {
        self.0.get(route)
    }

    /// All files in order of route.
    pub fn iter(&self) -> impl Iterator<Item = (&Route, &File)> {
        self.0.iter()
    }

    /// Adds files.
    pub fn add(&mut self, files: impl IntoIterator<Item = (Route, File)>) {
        self.0.extend(files);
    }

    /// Number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The size of all files together, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.values().map(File::size).sum()
    }
}

impl FromIterator<(Route, File)> for Output {
    fn from_iter<T: IntoIterator<Item = (Route, File)>>(files: T) -> Self {
        Self(files.into_iter().collect())
    }
}

/// The result of [`write()`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Files written, because they were missing or had other bytes.
    pub written: usize,
    /// Files that had the right bytes already, and were not touched.
    pub unchanged: usize,
    /// Files deleted, because the site no longer has them.
    pub deleted: usize,
    /// Bytes written.
    pub bytes_written: u64,
    /// Size of the whole site in bytes.
    pub bytes: u64,
    /// Diagnostics about files that could not be written or deleted, or were left alone.
    pub diagnostics: Vec<Diagnostic>,
    /// The record of the files that are now in the folder.
    pub record: OutputRecord,
}

impl Written {
    /// Adds messages about pages that an earlier build left and no manifest has.
    pub fn report_leftovers(&mut self, site: &Path, output: &Output) {
        self.diagnostics.extend(leftover::leftovers(site, output));
    }
}

/// Writes `output` to the folder `site`, and leaves foreign files in it alone. `record` is the
/// record of the files in the folder, as far as it was checked in this run.
///
/// Never fails as a whole: files that could not be written or deleted are in the diagnostics, and
/// are unchanged on disk. Call [`check_place`] first, and hold a [`FolderLock`] since before
/// `record` was checked.
#[must_use]
pub fn write(site: &Path, output: &Output, record: &OutputRecord, gone: Gone) -> Written {
    write_with(site, output, record, gone, &|path, file| match file {
        File::Ahead { from, size, .. } => Ok((*size, disk::move_to(from, path)?)),
        _ => disk::replace(path, |target| file.copy_to(target)),
    })
}

/// The treatment of files of an earlier site that this one does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// They are deleted.
    Delete,
    /// They stay, and stay ours: not all notes could be read, so their pages may come back.
    Keep,
}

/// Writes a file's bytes to a path, whole or not at all; gives their number and the file's stamp.
type Put<'a> = &'a (dyn Fn(&Path, &File) -> io::Result<(u64, Option<Stamp>)> + Sync);

fn write_with(
    site: &Path,
    output: &Output,
    record: &OutputRecord,
    gone: Gone,
    put: Put<'_>,
) -> Written {
    let mut written = Written { bytes: output.size(), ..Written::default() };
    if let Err(error) = fs::create_dir_all(site) {
        written.diagnostics.push(disk::unwritable(site, &error));
        return written;
    }
    let (manifest, is_found) = match Manifest::find(site) {
        ManifestState::Manifest(manifest) => (manifest, true),
        ManifestState::Nothing | ManifestState::Damaged => (Manifest::default(), false),
    };
    sweep(site, &manifest);
    let is_gone = |route: &Route| !output.0.contains_key(route);
    let left = match gone {
        Gone::Keep => manifest
            .iter()
            .filter(|(route, _)| is_gone(route))
            .map(|(route, claim)| (route.clone(), claim))
            .collect(),
        Gone::Delete => {
            let removal = removal::remove(site, &manifest, |route| !is_gone(route));
            written.deleted = removal.deleted;
            written.diagnostics.extend(removal.messages);
            removal.stuck
        }
    };
    let on_disk = is_found.then_some(&manifest);
    Plan::new(site, output, record, &manifest, left).carry_out(on_disk, put, &mut written);
    written
}

/// Removes the temporary files that killed runs left: at the site's root always, and in the folders
/// of the manifest if that says that a run was killed while it wrote files.
fn sweep(site: &Path, manifest: &Manifest) {
    temporary::sweep(site);
    if manifest.iter().any(|(_, claim)| !matches!(claim, Claim::Written(_))) {
        let folders = Folders::survey(site, manifest.iter().map(|(route, _)| route));
        let below: Vec<_> = folders.real().collect();
        below.par_iter().for_each(|folder| temporary::sweep(&site.join(folder)));
    }
}

/// The steps that bring a site to disk.
struct Plan<'a> {
    site: &'a Path,
    folders: Folders<'a>,
    /// In order of route.
    steps: Vec<(&'a Route, &'a File, Step)>,
    /// Files of an earlier site that were not deleted.
    stuck: Vec<(Route, Claim)>,
}

/// The result of a step.
enum Outcome {
    NothingToDo,
    /// This number of bytes was written, to a file with this stamp.
    Done(u64, Option<Stamp>),
    Failed(io::Error),
    /// Its folder could not be created, or the disk was full.
    NotTried,
}

impl Outcome {
    fn is_full(&self) -> bool {
        matches!(self, Self::Failed(error) if disk::is_full(error))
    }
}

impl<'a> Plan<'a> {
    fn new(
        site: &'a Path,
        output: &'a Output,
        record: &OutputRecord,
        manifest: &Manifest,
        stuck: Vec<(Route, Claim)>,
    ) -> Self {
        let now = SystemTime::now();
        let folders = Folders::survey(site, output.0.keys());
        let known = Known { site, folders: &folders, record, now };
        let decide =
            |(route, file)| (route, file, plan::step(&known, route, file, manifest.get(route)));
        let steps = output.0.par_iter().map(decide).collect();
        Self { site, folders, steps, stuck }
    }

    /// `on_disk` is the manifest in the folder, if it is valid.
    fn carry_out(&self, on_disk: Option<&Manifest>, put: Put<'_>, written: &mut Written) {
        self.report_steps(written);
        if self.steps.iter().any(|(_, _, step)| step.is_write()) {
            self.write_files(put, written);
            return;
        }
        let now = self.manifest(self.steps.iter().map(|(_, _, step)| step.claim_after(false)));
        if on_disk != Some(&now) {
            written.diagnostics.extend(self.save(&now).err());
        }
        written.record = self.record_of(&[]);
    }

    fn write_files(&self, put: Put<'_>, written: &mut Written) {
        let writes = self.steps.iter().filter(|(_, _, step)| step.is_write());
        let before = self.manifest(self.steps.iter().map(|(_, _, step)| step.claim_before()));
        if let Err(message) = self.save(&before) {
            written.diagnostics.push(message);
            return;
        }
        let unmade = self.folders.make(self.site, writes.map(|(route, _, _)| *route));
        let outcomes = self.put_all(&unmade, put);
        let full = unmade.full || outcomes.iter().any(Outcome::is_full);
        written.diagnostics.extend(unmade.messages);
        self.report_outcomes(&outcomes, written);
        // On a full disk the manifest from before the writes stays: it covers the files that were
        // written, and needs no more space.
        if !full {
            let steps = self.steps.iter().zip(&outcomes);
            let after = steps.map(|((_, _, step), outcome)| {
                step.claim_after(matches!(outcome, Outcome::Done(..)))
            });
            written.diagnostics.extend(self.save(&self.manifest(after)).err());
        }
        written.record = self.record_of(&outcomes);
    }

    /// The record of the files after the steps.
    fn record_of(&self, outcomes: &[Outcome]) -> OutputRecord {
        let outcomes = outcomes.iter().map(Some).chain(std::iter::repeat(None));
        let files = self.steps.iter().zip(outcomes).filter_map(|((route, file, step), outcome)| {
            let file = match (step, outcome) {
                (Step::Keep(kept), _) => *kept,
                (Step::Write { new, .. }, Some(Outcome::Done(size, stamp))) => {
                    WrittenFile { digest: *new, size: *size, stamp: *stamp, source: file.stamp() }
                }
                _ => return None,
            };
            Some(((*route).clone(), file))
        });
        files.collect()
    }

    /// The files that are ours: the `claims` of the steps, and those left of an earlier site.
    fn manifest(&self, claims: impl Iterator<Item = Option<Claim>>) -> Manifest {
        let routes = self.steps.iter().map(|(route, _, _)| (*route).clone());
        let claims = routes.zip(claims).filter_map(|(route, claim)| Some((route, claim?)));
        claims.chain(self.stuck.iter().cloned()).collect()
    }

    fn save(&self, manifest: &Manifest) -> Result<(), Diagnostic> {
        manifest
            .save(self.site)
            .map_err(|error| disk::unwritable(&self.site.join(manifest::NAME), &error))
    }

    /// Carries out all steps that write: first those that need no space, and may free some. After
    /// the first one that meets a full disk no other starts.
    fn put_all(&self, unmade: &Unmade<'_>, put: Put<'_>) -> Vec<Outcome> {
        let full = AtomicBool::new(unmade.full);
        let take = |(route, file, step): &(&Route, &File, Step)| {
            if !step.is_write() {
                return Outcome::NothingToDo;
            }
            if full.load(Ordering::Relaxed) || unmade.holds(route) {
                return Outcome::NotTried;
            }
            let result = put(&self.site.join(route.as_str()), file);
            let outcome =
                result.map_or_else(Outcome::Failed, |(bytes, stamp)| Outcome::Done(bytes, stamp));
            if outcome.is_full() {
                full.store(true, Ordering::Relaxed);
            }
            outcome
        };
        let is_moved = |step: &(&Route, &File, Step)| matches!(step.1, File::Ahead { .. });
        let moved: Vec<Option<Outcome>> =
            self.steps.par_iter().map(|step| is_moved(step).then(|| take(step))).collect();
        let steps = self.steps.par_iter().zip(moved);
        steps.map(|(step, moved)| moved.unwrap_or_else(|| take(step))).collect()
    }

    fn report_steps(&self, written: &mut Written) {
        for (_, _, step) in &self.steps {
            match step {
                Step::Keep(_) => written.unchanged += 1,
                Step::Write { .. } => {}
                Step::Leave { message, .. } => written.diagnostics.push((**message).clone()),
            }
        }
    }

    /// Counts and reports the outcomes. A full disk is reported once, not for each file.
    fn report_outcomes(&self, outcomes: &[Outcome], written: &mut Written) {
        let mut met_full_disk = None;
        for ((route, _, _), outcome) in self.steps.iter().zip(outcomes) {
            let path = self.site.join(route.as_str());
            match outcome {
                Outcome::Done(bytes, _) => {
                    written.written += 1;
                    written.bytes_written += bytes;
                }
                Outcome::Failed(error) if disk::is_full(error) => {
                    met_full_disk = met_full_disk.or(Some(disk::unwritable(&path, error)));
                }
                Outcome::Failed(error) => written.diagnostics.push(disk::unwritable(&path, error)),
                Outcome::NothingToDo | Outcome::NotTried => {}
            }
        }
        written.diagnostics.extend(met_full_disk.map(|mut message| {
            let missing = outcomes
                .iter()
                .filter(|outcome| outcome.is_full() || matches!(outcome, Outcome::NotTried));
            let reason = message.message;
            message.message =
                phrase!("{reason}; {files:file} not written", reason, files = missing.count());
            message
        }));
    }
}
