//! The commits of a repository → the files that each changed: as an earlier run kept them, or asked
//! of git now. Nothing about a commit ever changes, so the answers for it are kept for good, even
//! if git can no longer read it: then, and only then, a clean run may know less.
//!
//! Git compares texts only for a commit in which a followed file appeared and others vanished; with
//! few files also for others (`ahead.rs`).
//!
//! Must not know: the order of the commits, the files that are followed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use serde::{Deserialize, Serialize};

use super::ahead;
use super::change::{FileChange, NEVER_NOTES, ending, pack, unpack};
use super::commits::{Commit, CommitList, CommitLists};
use super::damage::Damage;
use super::follow::CommitChanges;
use super::git::{Conversation, Refusal};
use super::raw::{self, RawChange};

/// The options of `git diff-tree`: the commits come from another process (`--stdin`); for a merge
/// the files that differ from all parents (`-c`) with their names in each (`--combined-all-paths`),
/// and names without quoting (`-z`).
const QUESTION: [&str; 13] = [
    "diff-tree",
    "--stdin",
    "-r",
    "-z",
    "-c",
    "--combined-all-paths",
    "--root",
    "--raw",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    // Overrides `diff.orderFile` of the user's configuration.
    "-O/dev/null",
];
pub(super) const WITHOUT_RENAMES: &str = "--no-renames";
const WITHOUT_EMPTY: &str = "--no-rename-empty";
/// Number of commits in one question: the lines with their names fit into a pipe of 4 KB. After as
/// many in a row that git cannot read no more are read: a partial clone may lack the trees of all.
pub(super) const AT_ONCE: usize = 60;
/// Most bytes that are kept; of more commits, those of the newest.
const MOST_KEPT: usize = 48 << 20;
/// Most endings that are distinguished: with more, all files are kept.
const MOST_ENDINGS: usize = 16;
/// The endings of notes, in lower case.
const MARKDOWN: [&[u8]; 2] = [b"md", b"markdown"];

/// The texts in which git finds renames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Similar ones.
    Similar,
    /// Equal ones: a partial clone lacks the texts of older commits.
    Equal,
}

impl Likeness {
    fn option(self) -> &'static str {
        match self {
            Self::Similar => "-M",
            Self::Equal => "-M100%",
        }
    }
}

/// The changes of commits, and the lists of these, as one run leaves them to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptChanges {
    files: WantedFiles,
    pub(super) commits: Vec<(String, Vec<u8>)>,
    pub(super) lists: Vec<CommitList>,
}

/// The files whose changes are kept, by the endings of their names: notes, and files such as those
/// that notes were before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct WantedFiles {
    /// Endings beside those of notes, in lower case; an empty one is that of a name without.
    endings: BTreeSet<Vec<u8>>,
}

impl WantedFiles {
    fn contain(&self, name: &[u8]) -> bool {
        let ending = ending(name);
        MARKDOWN.contains(&&*ending)
            || self.endings.contains(&ending)
            || self.endings.len() >= MOST_ENDINGS
    }

    /// The changes of commits, packed, as an answer of git has them. It names none without any.
    pub fn packed<'a>(
        &self,
        answer: &[(&'a [u8], Vec<RawChange<'a>>)],
        likeness: Likeness,
    ) -> HashMap<&'a [u8], Vec<u8>> {
        let compares_texts = likeness == Likeness::Similar;
        let packed = |(name, files): &(&'a [u8], Vec<RawChange<'a>>)| {
            let mut changes = raw::paired(files, compares_texts);
            changes.retain(|change| self.contain(change.after.0));
            (*name, pack(&changes))
        };
        answer.iter().map(packed).collect()
    }
}

/// The changes of commits, packed, by the names of these.
pub(super) type KnownChanges = HashMap<String, Vec<u8>>;

/// The changes of commits, as far as they are known, and the processes of git that tell more.
pub(super) struct Diffs {
    folder: PathBuf,
    likeness: Likeness,
    files: WantedFiles,
    known: KnownChanges,
    /// Those of all commits, which are being read; none if git cannot read one.
    ahead: Option<JoinHandle<Option<KnownChanges>>>,
    plain: Option<Conversation>,
    alike: Option<Conversation>,
    /// Commits that git cannot read. They are not asked for again in this run.
    unreadable: HashSet<String>,
    /// Commits whose texts git cannot compare.
    unexplained: HashSet<String>,
    /// The reasons why some commits are not known.
    pub damage: Damage,
}

impl Diffs {
    pub fn new(folder: &Path, likeness: Likeness, kept: KeptChanges) -> Self {
        Self {
            folder: folder.to_owned(),
            likeness,
            files: kept.files,
            known: kept.commits.into_iter().collect(),
            ahead: None,
            plain: None,
            alike: None,
            unreadable: HashSet::new(),
            unexplained: HashSet::new(),
            damage: Damage::default(),
        }
    }

    /// Begins to read all commits up to one, if none is known: git need not have listed those of
    /// the notes before. If it cannot read one of them this has been in vain, and says nothing.
    pub fn read_ahead(&mut self, last: &str) {
        if self.known.is_empty() {
            let (folder, likeness) = (self.folder.clone(), self.likeness);
            let (files, last) = (self.files.clone(), last.to_owned());
            self.ahead = Some(thread::spawn(move || {
                ahead::all_changes(&folder, &last, likeness, &files).ok()
            }));
        }
    }

    /// Reads the commits that are not known. One that git cannot read has no changes.
    pub fn read(&mut self, commits: &[Commit]) {
        if let Some(ahead) = self.ahead.take() {
            self.known.extend(ahead.join().ok().flatten().unwrap_or_default());
        }
        let names: Vec<&str> = commits.iter().map(|commit| commit.name.as_str()).collect();
        let mut parts = names.chunks(AT_ONCE);
        for part in parts.by_ref() {
            let unknown: Vec<&str> =
                part.iter().copied().filter(|name| self.may_be_read(name)).collect();
            if !unknown.is_empty() {
                self.read_part(&unknown);
            }
            if part.len() == AT_ONCE && part.iter().all(|name| self.unreadable.contains(*name)) {
                break;
            }
        }
        // A run that kept no changes would not read them.
        for name in parts.flatten() {
            self.known.remove(*name);
        }
        self.plain = None;
    }

    fn may_be_read(&self, name: &str) -> bool {
        !self.known.contains_key(name) && !self.unreadable.contains(name)
    }

    /// Reads some commits, if one of them cannot be read each half by itself.
    fn read_part(&mut self, names: &[&str]) {
        match self.ask_plainly(names) {
            Ok(answer) => {
                let mut packed = self.files.packed(&raw::read(&answer), self.likeness);
                for name in names {
                    let changes = packed.remove(name.as_bytes()).unwrap_or_default();
                    self.known.insert((*name).to_owned(), changes);
                }
            }
            Err(refusal) => {
                if let [name] = names {
                    self.unreadable.insert((*name).to_owned());
                    self.damage.add(refusal);
                    return;
                }
                let (first, second) = names.split_at(names.len() / 2);
                self.read_part(first);
                self.read_part(second);
            }
        }
    }

    fn ask_plainly(&mut self, names: &[&str]) -> Result<Vec<u8>, Refusal> {
        ask(&mut self.plain, &self.folder, &[WITHOUT_RENAMES], names)
    }

    /// Keeps files with the endings of these names too, from which notes were renamed; false if all
    /// are kept already. The commits have to be read again then.
    pub fn widen<'n>(&mut self, names: impl Iterator<Item = &'n [u8]>) -> bool {
        let further: BTreeSet<Vec<u8>> =
            names.filter(|name| !self.files.contain(name)).map(ending).collect();
        if further.is_empty() {
            return false;
        }
        self.files.endings.extend(further);
        self.known.clear();
        true
    }

    /// The changes of these commits for the next run, and the reasons why others are not known.
    pub fn finish(mut self, commits: Vec<Commit>, lists: CommitLists) -> (KeptChanges, Damage) {
        let mut size = 0;
        let mut kept = Vec::new();
        for Commit { name, .. } in commits {
            let Some(changes) = self.known.remove(&name) else { continue };
            size += name.len() + changes.len();
            if size > MOST_KEPT {
                break;
            }
            kept.push((name, changes));
        }
        (KeptChanges { files: self.files, commits: kept, lists: lists.finish() }, self.damage)
    }
}

impl CommitChanges for Diffs {
    fn of(&self, commit: &str) -> Vec<FileChange<'_>> {
        self.known.get(commit).map(|packed| unpack(packed)).unwrap_or_default()
    }

    fn explain(&mut self, commit: &str) {
        if self.unexplained.contains(commit) {
            return;
        }
        let options = comparing_options(self.likeness);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        match ask(&mut self.alike, &self.folder, &options, &[commit]) {
            Ok(answer) => {
                let files = raw::read(&answer).pop().map(|(_, files)| files).unwrap_or_default();
                let changes = explained(self.of(commit), &files);
                self.known.insert(commit.to_owned(), changes);
            }
            Err(refusal) => {
                self.unexplained.insert(commit.to_owned());
                self.damage.add(refusal);
            }
        }
    }
}

/// The options with which git compares texts.
pub(super) fn comparing_options(likeness: Likeness) -> Vec<String> {
    let others = NEVER_NOTES.map(|ending| format!(":(top,exclude,icase,glob)**/*.{ending}"));
    let options = [likeness.option(), WITHOUT_EMPTY, "--", ":(top)"].map(str::to_owned);
    options.into_iter().chain(others).collect()
}

/// The changes of a commit, packed, after git compared its texts: those that were open are the
/// ones that it found.
pub(super) fn explained<'a>(mut changes: Vec<FileChange<'a>>, files: &[RawChange<'a>]) -> Vec<u8> {
    let mut found: HashMap<&[u8], FileChange<'a>> =
        raw::changes(files).into_iter().map(|file| (file.after.0, file)).collect();
    for file in changes.iter_mut().filter(|file| file.is_open) {
        file.is_open = false;
        if let Some(found) = found.remove(file.after.0) {
            file.before = found.before;
        }
    }
    pack(&changes)
}

/// The answer about some commits; a process that failed is followed by another one.
fn ask(
    conversation: &mut Option<Conversation>,
    folder: &Path,
    options: &[&str],
    names: &[&str],
) -> Result<Vec<u8>, Refusal> {
    let process = match conversation {
        Some(process) => process,
        None => conversation.insert(begin(folder, options)?),
    };
    let answer = process.ask(lines(names).as_bytes());
    if answer.is_err() {
        *conversation = None;
    }
    answer
}

/// A process that is asked for commits.
pub(super) fn begin(folder: &Path, options: &[&str]) -> Result<Conversation, Refusal> {
    Conversation::begin(folder, &QUESTION.iter().chain(options).copied().collect::<Vec<_>>())
}

/// The question for some commits.
pub(super) fn lines(names: &[&str]) -> String {
    names.iter().flat_map(|name| [name, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SourcePath;

    #[test]
    fn the_changes_of_all_notes_are_kept() {
        for name in ["a.md", "一/b.MD", "c.markdown", ".md", "md", "d.mdx", "e.md.txt", "f"] {
            let is_note = SourcePath::new(name).unwrap().is_markdown();
            assert_eq!(WantedFiles::default().contain(name.as_bytes()), is_note, "{name}");
        }
    }
}
