//! A repository of git → [`History`]: when each note was changed last, by whom, and what it was
//! called before. One process reads all of it, once; file names come with `-z`, so that Chinese
//! ones and stranger ones stay as they are.
//!
//! A note that is not committed has no history. Of a shallow clone, in which the last commit seems
//! to have made everything, nothing is believed. That a note was only renamed is no change of it;
//! that a merge put two changes of it together is one.
//!
//! Must not know: notes, pages, where dates are shown.

mod git;
mod log;
mod moment;
mod places;
mod remote;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::path::SourcePath;

use self::git::ask;

pub use self::remote::Remote;

/// Options of git for finding renames: with comparing texts, and for repositories that lack some.
const BY_LIKENESS: &str = "-M";
const BY_IDENTITY: &str = "-M100%";
/// Settings that the history depends on (git-config(1)): files with the names of authors, and
/// whether the clone is a partial one.
const BESIDE: &str = r"^(mailmap\.(file|blob)|extensions\.partialclone|remote\..*\.promisor)$";
/// The file in which a repository says what its authors are called (gitmailmap(5)).
const MAILMAP: &str = ".mailmap";

/// The history of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteHistory {
    /// When it was changed last, where that was: `2024-05-03T10:00:00+08:00`.
    pub changed: String,
    /// Its authors, the last one first.
    pub authors: Vec<Arc<str>>,
}

impl NoteHistory {
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

/// Why nothing is known, although there is a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// The clone is shallow.
    Shallow,
    /// Git does not tell; why not, in its words.
    Refused(String),
}

/// A repository at one moment, before anything of its history is read.
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
    /// Of all that says what authors are called.
    names: Digest,
    /// True if the clone may lack the texts of older commits.
    is_partial: bool,
}

impl Head {
    /// The repository that holds a folder; `None` when there is none, or no commit in it.
    ///
    /// # Errors
    /// There is a repository, and git is not or does not want to look into it.
    pub fn of(root: &Path) -> Result<Option<Self>, Unknown> {
        let said =
            match ask(root, &["rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD"]) {
                Ok(said) => said,
                // It knows the repository, and no commit.
                Err(refusal) if !refusal.said.is_empty() => return Ok(None),
                Err(refusal) if is_in_repository(root) => {
                    return Err(Unknown::Refused(refusal.why));
                }
                Err(_) => return Ok(None),
            };
        // The name of a folder may hold any sign, so it is what stands between the first line and
        // the last one.
        let parts = said.strip_suffix(b"\n").and_then(|said| {
            let mut ends =
                said.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            let (first, last) = (ends.next()?, ends.next_back()?);
            Some((&said[..first], said.get(first + 1..last)?, &said[last + 1..]))
        });
        let Some((shallow, prefix, commit)) = parts else {
            return Err(Unknown::Refused("its answer is not understood".to_owned()));
        };
        Ok(Some(Self {
            root: root.to_owned(),
            commit: String::from_utf8_lossy(commit).into_owned(),
            prefix: prefix.to_owned(),
            is_shallow: shallow == b"true",
            beside: Beside::of(root, prefix),
        }))
    }

    /// The digest of all that the history is made from.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let Self { commit, prefix, is_shallow, beside, .. } = self;
        Digest::of_value(&(commit, prefix, is_shallow, beside.names, beside.is_partial))
    }

    /// Reads the history up to this moment.
    ///
    /// # Errors
    /// Nothing can be known, or git does not tell.
    pub fn history(&self) -> Result<History, Unknown> {
        if self.is_shallow {
            return Err(Unknown::Shallow);
        }
        let asked = |question: &[&str]| {
            ask(&self.root, question).map_err(|refusal| Unknown::Refused(refusal.why))
        };
        let tree = asked(&["ls-tree", "-r", "-z", "--full-name", &self.commit, "."])?;
        let files = || {
            log::listed(&tree).filter_map(|state| {
                let path = log::below(state.0, &self.prefix)?;
                (path.is_markdown() && !path.is_hidden()).then_some((path, state))
            })
        };
        if files().next().is_none() {
            return Ok(History::default());
        }
        let likeness = if self.beside.is_partial { BY_IDENTITY } else { BY_LIKENESS };
        let mut further = Vec::new();
        loop {
            let places: Vec<String> = further.iter().map(places::written).collect();
            let question = log::QUESTION.into_iter().chain([likeness, &self.commit, "--", "."]);
            let log =
                asked(&question.chain(places.iter().map(String::as_str)).collect::<Vec<_>>())?;
            let told = log::read(&log, files(), &self.prefix);
            let found = places::beyond(&told.renames, &self.prefix, &further);
            if found.is_empty() {
                return Ok(History::new(told.files, told.renamed));
            }
            further.extend(found);
        }
    }
}

/// True if a folder or one above it looks like a repository.
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
        // It fails when nothing of it is configured.
        let said =
            ask(root, &["config", "-z", "--type=path", "--get-regexp", BESIDE]).unwrap_or_default();
        let mut names = vec![text(&top.join(MAILMAP))];
        let mut is_partial = false;
        for setting in String::from_utf8_lossy(&said).split('\0') {
            let (key, value) = setting.split_once('\n').unwrap_or((setting, ""));
            match key {
                "" => {}
                "mailmap.file" => names.push(text(&top.join(value))),
                "mailmap.blob" => {
                    names.push(
                        ask(root, &["rev-parse", "--verify", "-q", value]).unwrap_or_default(),
                    );
                }
                _ => is_partial |= value != "false",
            }
        }
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        Self { names: Digest::of_parts(&names), is_partial }
    }
}

/// The content of a file; empty if there is none.
fn text(file: &Path) -> Vec<u8> {
    // Devices and pipes, which may have no end, have no size.
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

    /// The digest of all that is known.
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
