//! A repository of git → [`History`]: when each file of the notes was changed last, by whom, and what it was called before.
//! One process reads all of it, once; file names come with `-z`, so that Chinese ones and stranger ones stay as they are.
//!
//! A file that is not committed has no history. Of a shallow clone, in which the last commit seems to have made
//! everything, nothing is believed. That a file was only renamed is no change of it.
//!
//! Must not know: notes, pages, where dates are shown.

mod remote;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::path::SourcePath;
use crate::stamp::Stamp;

pub use self::remote::Remote;

/// What a commit's own line begins with in the log, and what stands between its parts: no name of an author holds them.
const COMMIT: char = '\u{1}';
const PART: char = '\u{2}';

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Past {
    /// When it was changed last, where that was: `2024-05-03T10:00:00+08:00`.
    pub changed: String,
    /// Who changed it, the last one first.
    pub authors: Vec<Arc<str>>,
}

impl Past {
    /// The day of the last change: `2024-05-03`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.changed.split('T').next().unwrap_or_default()
    }
}

/// What git knows of the files below the notes' root.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct History {
    files: BTreeMap<SourcePath, Past>,
    /// What files were called before, and what they are called now.
    pub renamed: BTreeMap<SourcePath, SourcePath>,
    /// Whether nothing is known because the clone is shallow.
    pub is_shallow: bool,
}

/// A repository at one moment, before anything of its history is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    root: PathBuf,
    /// The last commit.
    commit: String,
    /// What leads from the repository's root to the notes', ending in `/` if not empty.
    prefix: String,
    is_shallow: bool,
    /// What the system says of the files that change with each commit.
    marks: [Option<Stamp>; 2],
    places: [PathBuf; 2],
}

impl Head {
    /// The repository that holds a folder; `None` when there is none, or no commit in it, or no git.
    #[must_use]
    pub fn of(root: &Path) -> Option<Self> {
        let asked = ["--is-shallow-repository", "--show-prefix", "--absolute-git-dir", "HEAD"];
        let said = git(root, &[&["rev-parse"], &asked[..]].concat())?;
        let said = String::from_utf8(said).ok()?;
        let mut lines = said.lines();
        let (shallow, prefix) = (lines.next()?, lines.next()?);
        let (folder, commit) = (Path::new(lines.next()?), lines.next()?);
        let places = ["HEAD", "logs/HEAD"].map(|name| folder.join(name));
        Some(Self {
            root: root.to_owned(),
            commit: commit.to_owned(),
            prefix: prefix.to_owned(),
            is_shallow: shallow == "true",
            marks: marks(&places),
            places,
        })
    }

    /// Whether no commit came since.
    #[must_use]
    pub fn is_current(&self) -> bool {
        marks(&self.places) == self.marks
    }

    /// The digest of all that the history is made from.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_value(&(&self.commit, &self.prefix, self.is_shallow))
    }

    /// Reads the history up to this moment.
    #[must_use]
    pub fn history(&self) -> History {
        if self.is_shallow {
            return History { is_shallow: true, ..History::default() };
        }
        let format = format!("--format={COMMIT}%cI{PART}%aN");
        // Changes of a merge are those of its parents, which come by themselves.
        let log = [
            "log",
            "-z",
            "--name-status",
            "-M",
            "--no-color",
            "--no-ext-diff",
            &format,
            &self.commit,
            "--",
            ".",
        ];
        git(&self.root, &log).map_or_else(History::default, |log| read(&log, &self.prefix))
    }
}

fn marks(places: &[PathBuf; 2]) -> [Option<Stamp>; 2] {
    places.each_ref().map(|place| fs::metadata(place).ok().and_then(|metadata| Stamp::of_own(&metadata)))
}

impl History {
    /// Whether more than one person wrote the notes.
    #[must_use]
    pub fn has_several_authors(&self) -> bool {
        let mut authors = self.files.values().flat_map(|past| &past.authors);
        let first = authors.next();
        authors.any(|author| Some(author) != first)
    }

    /// What is known of a file.
    #[must_use]
    pub fn of(&self, path: &SourcePath) -> Option<&Past> {
        self.files.get(path)
    }
}

/// What git prints; `None` when it fails or is not there.
fn git(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args(["-c", "log.showSignature=false", "-c", "core.quotePath=off"])
        .args(arguments);
    // A hook of somebody's environment must not lead to another repository.
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").stdin(Stdio::null()).stderr(Stdio::null());
    command.output().ok().filter(|output| output.status.success()).map(|output| output.stdout)
}

/// A file that is followed back through its names.
struct Followed {
    now: SourcePath,
    past: Option<Past>,
}

/// Reads a log, the newest commit first.
fn read(log: &[u8], prefix: &str) -> History {
    let mut followed: Vec<Followed> = Vec::new();
    // Which file a name meant, at the moment that is read.
    let mut named: HashMap<Vec<u8>, usize> = HashMap::new();
    // Names that meant no file any more from here back.
    let mut ended: HashSet<Vec<u8>> = HashSet::new();
    let mut renamed = Vec::new();
    let (mut changed, mut author): (String, Arc<str>) = (String::new(), Arc::from(""));
    let mut fields = log.split(|byte| *byte == 0);
    while let Some(field) = fields.next() {
        let text = String::from_utf8_lossy(field);
        let text = text.trim_start_matches('\n');
        if let Some((when, who)) = text.strip_prefix(COMMIT).and_then(|line| line.split_once(PART)) {
            (changed, author) = (when.to_owned(), who.trim_end_matches('\n').into());
            continue;
        }
        let Some(status) = text.chars().next() else { continue };
        let Some(name) = fields.next().map(<[u8]>::to_vec) else { break };
        let new_name = if matches!(status, 'R' | 'C') { fields.next().map(<[u8]>::to_vec) } else { None };
        let current = new_name.clone().unwrap_or_else(|| name.clone());
        if status == 'D' {
            // Older commits under this name are those of a file that is gone, unless it is known to go on.
            if !named.contains_key(&current) {
                ended.insert(current);
            }
            continue;
        }
        let number = named.get(&current).copied().or_else(|| {
            let is_new = !ended.contains(&current);
            let path = below(&current, prefix).filter(|_| is_new)?;
            followed.push(Followed { now: path, past: None });
            named.insert(current.clone(), followed.len() - 1);
            Some(followed.len() - 1)
        });
        let Some(number) = number else { continue };
        if text != "R100" {
            let past = followed[number]
                .past
                .get_or_insert_with(|| Past { changed: changed.clone(), authors: Vec::new() });
            if !past.authors.contains(&author) {
                past.authors.push(author.clone());
            }
        }
        match status {
            'R' => {
                named.remove(&current);
                ended.insert(current);
                renamed.extend(below(&name, prefix).map(|old| (old, number)));
                named.entry(name).or_insert(number);
            }
            'A' | 'C' => {
                named.remove(&current);
                ended.insert(current);
            }
            _ => {}
        }
    }
    let renamed = renamed.into_iter().rev().map(|(old, number)| (old, followed[number].now.clone()));
    let renamed: BTreeMap<_, _> = renamed.collect();
    let files = followed.into_iter().filter_map(|file| Some((file.now, file.past?)));
    let files: BTreeMap<_, _> = files.collect();
    let renamed = renamed.into_iter().filter(|(old, _)| !files.contains_key(old)).collect();
    History { files, renamed, is_shallow: false }
}

/// A name of the repository as a path of the notes; `None` when it is not among them.
fn below(name: &[u8], prefix: &str) -> Option<SourcePath> {
    SourcePath::new(std::str::from_utf8(name).ok()?.strip_prefix(prefix)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of commits, each with its entries, the newest first.
    fn log(commits: &[(&str, &str, &[&[&str]])]) -> Vec<u8> {
        let mut log = String::new();
        for (when, who, entries) in commits {
            log.extend([String::from(COMMIT).as_str(), when, String::from(PART).as_str(), who, "\0"]);
            log.push_str(if entries.is_empty() { "" } else { "\n" });
            for field in entries.iter().copied().flatten() {
                log.extend([field, "\0"]);
            }
        }
        log.into_bytes()
    }

    fn shown(log: &[u8]) -> Vec<String> {
        let history = read(log, "notes/");
        let file = |(path, past): (&SourcePath, &Past)| {
            format!("{path} {} {}", past.changed, past.authors.join("+"))
        };
        let old = |(old, now): (&SourcePath, &SourcePath)| format!("{old} → {now}");
        history.files.iter().map(file).chain(history.renamed.iter().map(old)).collect()
    }

    #[test]
    fn the_last_change_counts_and_renames_are_followed() {
        for (commits, expected) in [
            (
                vec![
                    ("3", "乙", &[&["M", "notes/一 a.md"][..], &["A", "other.md"]][..]),
                    ("1", "甲", &[&["A", "notes/一 a.md"]]),
                ],
                vec!["一 a.md 3 乙+甲"],
            ),
            (
                // Renamed alone, then changed under its old name.
                vec![
                    ("4", "丙", &[&["R100", "notes/b.md", "notes/c.md"][..]][..]),
                    ("3", "乙", &[&["R090", "notes/a.md", "notes/b.md"]]),
                    ("1", "甲", &[&["A", "notes/a.md"]]),
                ],
                vec!["c.md 3 乙+甲", "a.md → c.md", "b.md → c.md"],
            ),
            (
                // Another file took the old name.
                vec![
                    ("5", "丁", &[&["A", "notes/a.md"][..]][..]),
                    ("3", "乙", &[&["R090", "notes/a.md", "notes/b.md"]]),
                    ("1", "甲", &[&["A", "notes/a.md"]]),
                ],
                vec!["a.md 5 丁", "b.md 3 乙+甲"],
            ),
            (
                // What was deleted is gone, whatever was before.
                vec![("2", "乙", &[&["D", "notes/a.md"][..]][..]), ("1", "甲", &[&["A", "notes/a.md"]])],
                vec![],
            ),
            (
                vec![
                    ("3", "丙", &[&["A", "notes/a.md"][..]][..]),
                    ("2", "乙", &[&["D", "notes/a.md"]]),
                    ("1", "甲", &[&["A", "notes/a.md"]]),
                ],
                vec!["a.md 3 丙"],
            ),
            (vec![("2", "乙", &[][..]), ("1", "甲", &[&["A", "notes/\u{1}x.md"][..]])], vec!["x.md 1 甲"]),
        ] {
            assert_eq!(shown(&log(&commits)), expected, "{commits:?}");
        }
        assert_eq!(read(b"", ""), History::default());
    }

    #[test]
    fn a_day_is_that_of_whoever_made_the_change() {
        let past = Past { changed: "2024-05-03T23:30:00-08:00".to_owned(), authors: vec![] };
        assert_eq!(past.day(), "2024-05-03");
    }
}
