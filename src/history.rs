//! A repository of git → [`History`]: the date of each note's last change, its authors and its
//! earlier names. Git lists the commits, then the files that each changed, unless an earlier run
//! kept those; with `-z`, so that names with Chinese or control characters are not quoted.
//!
//! The commits are those of `git log -- .` in the notes' folder: a merge that took the whole folder
//! from one parent leads only there. A repository that lacks objects gives what can be read.
//!
//! A note that is not committed has no history. A shallow clone is not used: its last commit seems
//! to have made everything. A rename without a change of the text is not a change of the note; a
//! merge that joins two changes of it is one.
//!
//! Must not know: notes, pages, the display of dates.

mod ahead;
mod change;
mod commits;
mod committed;
mod damage;
mod diffs;
mod follow;
mod git;
mod moment;
mod pending;
mod people;
mod places;
mod raw;
mod remote;
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::path::SourcePath;

use self::change::{NamedObject, ObjectName};
use self::commits::{Commit, CommitLists};
use self::damage::Damage;
use self::diffs::{Diffs, Likeness};
use self::git::{Refusal, ask};
use crate::phrase::{Phrase, phrase};

pub use self::committed::CommittedFiles;
pub use self::diffs::KeptChanges;
pub use self::pending::{PendingHistory, RepositoryState};
pub use self::remote::{OriginAddress, Remote};

/// Settings that the history depends on (git-config(1)): files with the names of authors, and the
/// remote of a partial clone.
const BESIDE: &str = r"^(mailmap\.(file|blob)|extensions\.partialclone)$";
/// Those that are true for the remotes of a partial clone.
const PROMISORS: &str = r"^remote\..*\.promisor$";
/// The file of a repository that maps the names of its authors (gitmailmap(5)).
const MAILMAP: &str = ".mailmap";

/// The history of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteHistory {
    /// Time at which the last change was committed, in the committer's time zone:
    /// `2024-05-03T10:00:00+08:00`.
    pub changed: String,
    /// Its authors, the last one first.
    pub authors: Vec<Arc<str>>,
    /// Time of the first change that is known, in the same form.
    pub written: String,
    /// Its last rename within the notes, if there was one.
    pub renamed: Option<Rename>,
}

/// A rename of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rename {
    /// Its time, in the form of the others.
    pub when: String,
    /// The path before.
    pub from: SourcePath,
}

impl Rename {
    /// The day: `2024-05-03`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.when.split('T').next().unwrap_or_default()
    }
}

impl NoteHistory {
    /// The day of the first change: `2024-05-03`.
    #[must_use]
    pub fn first_day(&self) -> &str {
        self.written.split('T').next().unwrap_or_default()
    }

    /// The day of the last change: `2024-05-03`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.changed.split('T').next().unwrap_or_default()
    }
}

/// The history of the Markdown files below the notes' root.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    files: BTreeMap<SourcePath, NoteHistory>,
    /// The earlier names of files, and their names now.
    pub renamed: BTreeMap<SourcePath, SourcePath>,
    digest: Digest,
}

/// The reason why there is no history, although there is a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// The clone is shallow.
    Shallow,
    /// Git failed, with this message.
    Refused(Phrase),
    /// Git could not read some objects, with the message about the first one. The histories of
    /// some files are known.
    Incomplete(Phrase),
}

/// The history up to a commit, as far as git could read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadHistory {
    /// The history.
    pub history: History,
    damage: Damage,
}

impl ReadHistory {
    /// The reason why some of it is not known.
    #[must_use]
    pub fn unknown(&self) -> Option<Unknown> {
        self.damage.why.clone().map(Unknown::Incomplete)
    }

    /// True if git could read more of it now, for example because objects were fetched.
    #[must_use]
    pub fn may_be_completed(&self, head: &Head) -> bool {
        self.damage.is_mended(&head.root)
    }
}

/// The state of a repository, before its history is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    root: PathBuf,
    /// The last commit.
    commit: String,
    /// The path from the repository's root to the notes', ending in `/` if not empty.
    prefix: Vec<u8>,
    is_shallow: bool,
    beside: Beside,
}

/// Settings that the history depends on, beside the commits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Beside {
    /// The digest of all files that map the names of authors.
    names: Digest,
    /// True if the clone may lack the texts of older commits.
    is_partial: bool,
}

impl Head {
    /// The repository of a folder; `None` if there is none, or no commit in it.
    ///
    /// # Errors
    /// If there is a repository, but git is missing or refuses to read it.
    pub fn of(root: &Path) -> Result<Option<Self>, Unknown> {
        // To ask git takes milliseconds, for each book of a library.
        if !is_in_repository(root) {
            return Ok(None);
        }
        let said =
            match ask(root, &["rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD"]) {
                Ok(said) => said,
                // Git printed the first answers and failed at `HEAD`: there is no commit yet.
                Err(refusal) if !refusal.said.is_empty() => return Ok(None),
                Err(refusal) if is_in_repository(root) => {
                    return Err(Unknown::Refused(refusal.why));
                }
                Err(_) => return Ok(None),
            };
        // The name of a folder may contain a line end, so it is everything between the first line
        // and the last one.
        let parts = said.strip_suffix(b"\n").and_then(|said| {
            let mut ends =
                said.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            let (first, last) = (ends.next()?, ends.next_back()?);
            Some((&said[..first], said.get(first + 1..last)?, &said[last + 1..]))
        });
        let Some((shallow, prefix, commit)) = parts else {
            return Err(Unknown::Refused(phrase!("unexpected output of `git rev-parse`")));
        };
        Ok(Some(Self {
            root: root.to_owned(),
            commit: String::from_utf8_lossy(commit).into_owned(),
            prefix: prefix.to_owned(),
            is_shallow: shallow == b"true",
            beside: Beside::of(root, prefix),
        }))
    }

    /// The digest of all inputs of the history.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let Self { commit, prefix, is_shallow, beside, .. } = self;
        Digest::of_value(&(commit, prefix, is_shallow, beside.names, beside.is_partial))
    }

    /// The digest of the inputs of [`KeptChanges`], apart from the commits.
    #[must_use]
    pub fn changes_key(&self) -> Digest {
        Digest::of_value(&self.beside.is_partial)
    }

    /// Reads the history up to the last commit; git is asked for the changes of commits that are
    /// not among the kept ones. Gives those to keep, too.
    ///
    /// # Errors
    /// If the clone is shallow, or git fails for another reason than objects that it cannot read.
    pub fn history(&self, mut kept: KeptChanges) -> Result<(ReadHistory, KeptChanges), Unknown> {
        if self.is_shallow {
            return Err(Unknown::Shallow);
        }
        let is_partial = self.beside.is_partial;
        let likeness = if is_partial { Likeness::Equal } else { Likeness::Similar };
        let mut lists = CommitLists::after(std::mem::take(&mut kept.lists));
        let mut diffs = Diffs::new(&self.root, likeness, kept);
        if self.prefix.is_empty() {
            // Nearly all commits of the repository are those of the notes.
            diffs.read_ahead(&self.commit);
        }
        let tree = self.tree(&mut diffs.damage)?;
        let files = || {
            tree::listed(&tree).filter_map(|(name, object)| {
                let path = tree::below(name, &self.prefix)?;
                let state: NamedObject<'_> = (name, ObjectName::read(object)?);
                (path.is_markdown() && !path.is_hidden()).then_some((path, state))
            })
        };
        if files().next().is_none() {
            let (kept, damage) = diffs.finish(Vec::new(), lists);
            return Ok((ReadHistory { history: History::default(), damage }, kept));
        }
        let mut further = Vec::new();
        loop {
            let commits = self.commits(&mut lists, &mut further, &mut diffs.damage)?;
            diffs.read(&commits);
            let found = follow::follow(files(), &commits, &mut diffs, &self.prefix);
            let renames: Vec<(&[u8], &[u8])> =
                found.renames.iter().map(|(old, new)| (&**old, &**new)).collect();
            if diffs.widen(renames.iter().map(|(old, _)| *old)) {
                // A run that begins with these endings finds other names in its first turn, and
                // asks for a folder instead of single files. Both have to ask for the same.
                further.clear();
                continue;
            }
            let beyond = places::beyond(&renames, &self.prefix, &further);
            if beyond.is_empty() {
                let (kept, damage) = diffs.finish(commits, lists);
                let history = History::new(found.files, found.renamed);
                return Ok((ReadHistory { history, damage }, kept));
            }
            further.extend(beyond);
        }
    }

    /// The files of the last commit; if git cannot read all of its folders, those that the index
    /// has.
    fn tree(&self, damage: &mut Damage) -> Result<Vec<u8>, Unknown> {
        let question = ["ls-tree", "-r", "-z", "--full-name", &self.commit, "."];
        ask(&self.root, &question).or_else(|mut refusal| {
            // Git does not name the missing folder of the commit itself.
            if refusal.object.is_none()
                && ask(&self.root, &["cat-file", "-e", &self.commit]).is_ok()
            {
                refusal.object = Some(format!("{}^{{tree}}", self.commit));
            }
            damage.add_or_fail(refusal)?;
            let format = "--format=%(objectmode) blob %(objectname)%x09%(path)";
            let question = ["ls-files", "-z", "--full-name", format, "."];
            Ok(ask(&self.root, &question).unwrap_or_default())
        })
    }

    /// The commits that concern the notes and `further` paths; if git cannot compare their folders
    /// or lacks some, all others.
    fn commits(
        &self,
        lists: &mut CommitLists,
        further: &mut Vec<String>,
        damage: &mut Damage,
    ) -> Result<Vec<Commit>, Unknown> {
        let paths: Vec<String> = further.iter().map(places::pathspec).collect();
        let beside = Digest::of_value(&(self.beside.names, &self.prefix));
        lists.list(&self.root, &self.commit, &paths, beside).or_else(|refusal| {
            damage.add_or_fail(refusal)?;
            *further = vec![String::new()];
            Ok(commits::list_readable(&self.root, &self.commit).unwrap_or_default())
        })
    }
}

impl Damage {
    /// Notes that git did not answer a question.
    ///
    /// # Errors
    /// If no object is the reason: another look would fail as well.
    fn add_or_fail(&mut self, refusal: Refusal) -> Result<(), Unknown> {
        if refusal.object.is_none() {
            return Err(Unknown::Refused(refusal.why));
        }
        self.add(refusal);
        Ok(())
    }
}

/// True if a folder or one above it contains `.git`.
fn is_in_repository(root: &Path) -> bool {
    let root = fs::canonicalize(root).unwrap_or_default();
    root.ancestors().any(|above| fs::symlink_metadata(above.join(".git")).is_ok())
}

impl Beside {
    fn of(root: &Path, prefix: &[u8]) -> Self {
        let top = prefix
            .iter()
            .filter(|byte| **byte == b'/')
            .fold(root.to_owned(), |above, _| above.join(".."));
        let mut names = vec![text(&top.join(MAILMAP))];
        let mut is_partial = false;
        // Most repositories have none of these settings, which one question tells.
        let any = format!("{PROMISORS}|{BESIDE}");
        let has_any = ask(root, &["config", "--name-only", "--get-regexp", &any]).is_ok();
        let settings = |of_type: &str, keys: &str| {
            if has_any { settings(root, of_type, keys) } else { Vec::new() }
        };
        for (_, is_promisor) in settings("--type=bool", PROMISORS) {
            is_partial |= is_promisor == "true";
        }
        for (key, value) in settings("--type=path", BESIDE) {
            match key.as_str() {
                "mailmap.file" => names.push(text(&top.join(value))),
                "mailmap.blob" => {
                    names.push(
                        ask(root, &["rev-parse", "--verify", "-q", &value]).unwrap_or_default(),
                    );
                }
                _ => is_partial = true,
            }
        }
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        Self { names: Digest::of_parts(&names), is_partial }
    }
}

/// The settings whose keys match a pattern, with their values, which are of one type. Git gives
/// none if one of them is not of that type.
fn settings(root: &Path, of_type: &str, keys: &str) -> Vec<(String, String)> {
    // It fails if there are none.
    let said = ask(root, &["config", "-z", of_type, "--get-regexp", keys]).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let settings = said.split('\0').filter_map(|setting| setting.split_once('\n'));
    settings.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The content of a file; empty if there is none.
fn text(file: &Path) -> Vec<u8> {
    // Devices and pipes may have no end; their size is 0.
    let has_end = fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0);
    if has_end { fs::read(file).unwrap_or_default() } else { Vec::new() }
}

impl History {
    fn new(
        files: BTreeMap<SourcePath, NoteHistory>,
        renamed: BTreeMap<SourcePath, SourcePath>,
    ) -> Self {
        let digest = Digest::of_value(&(&files, &renamed));
        Self { files, renamed, digest }
    }

    /// The digest of the history.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// True if more than one person wrote the notes.
    #[must_use]
    pub fn has_several_authors(&self) -> bool {
        let mut authors = self.files.values().flat_map(|past| &past.authors);
        let first = authors.next();
        authors.any(|author| Some(author) != first)
    }

    /// The record of a file.
    #[must_use]
    pub fn of(&self, path: &SourcePath) -> Option<&NoteHistory> {
        self.files.get(path)
    }
}

#[cfg(test)]
mod tests;
