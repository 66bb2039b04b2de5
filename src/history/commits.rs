//! The last commit → those up to it that git lists for the notes' paths (git-log(1), "History
//! Simplification"), the newest first, with their times and authors.
//!
//! Must not know: the files that a commit changed.

use std::path::Path;
use std::sync::Arc;

use super::git::{Refusal, ask};
use super::moment::moment;
use super::people::People;

/// The beginning of a commit's own line in the list, and the separator of its parts.
const COMMIT: u8 = 1;
const PART: char = '\u{2}';
/// The beginning of the line with its name.
const NAME: &[u8] = b"commit ";

/// The options of `git rev-list`: children before their parents, with the time at which each was
/// committed, and its author.
const QUESTION: [&str; 4] =
    ["rev-list", "--date-order", "--date=raw", "--format=%x01%cd%x02%aN%x02%aE"];
/// The option that goes on where a commit is missing.
const WITHOUT_MISSING: &str = "--missing=allow-any";

/// A commit: its name, and the time at which it was committed and its author as far as they are
/// known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Commit {
    pub name: String,
    pub when: Option<String>,
    pub who: Option<Arc<str>>,
}

/// The commits that `git log` shows for these paths (git-log(1), "History Simplification"): a merge
/// that took all of them from one parent leads only to that parent.
pub(super) fn list(folder: &Path, last: &str, paths: &[String]) -> Result<Vec<Commit>, Refusal> {
    let paths = paths.iter().map(String::as_str);
    let question = QUESTION.into_iter().chain([last, "--", "."]).chain(paths);
    Ok(read(&ask(folder, &question.collect::<Vec<_>>())?))
}

/// All commits that can be read, of a repository that lacks some objects: git compares no files, so
/// merges lead to all of their parents.
pub(super) fn list_readable(folder: &Path, last: &str) -> Result<Vec<Commit>, Refusal> {
    let question = QUESTION.into_iter().chain([WITHOUT_MISSING, last, "--"]);
    Ok(read(&ask(folder, &question.collect::<Vec<_>>())?))
}

fn read(list: &[u8]) -> Vec<Commit> {
    let mut people = People::default();
    let mut name = String::new();
    let mut commits = Vec::new();
    for line in list.split(|byte| *byte == b'\n') {
        if let Some(digits) = line.strip_prefix(NAME) {
            name = String::from_utf8_lossy(digits).into_owned();
        } else if let [COMMIT, line @ ..] = line {
            commits.push(Commit::read(std::mem::take(&mut name), line, &mut people));
        }
    }
    commits
}

impl Commit {
    fn read(name: String, line: &[u8], people: &mut People) -> Self {
        let line = String::from_utf8_lossy(line);
        let (when, who) = line.split_once(PART).unwrap_or((&line, ""));
        // The name of an author may hold anything, an address no control characters.
        let (author, mail) = who.rsplit_once(PART).unwrap_or((who, ""));
        Self { name, when: moment(when), who: people.person(author, mail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read() {
        let list = "commit aa\n\u{1}1714701600 +0800\u{2}甲\u{2}a@e.org\n\
                    commit bb\n\u{1}%cd\u{2}commit \u{1}\u{2}x\u{2}\n";
        let commits = read(list.as_bytes());
        let shown = |commit: &Commit| {
            let Commit { name, when, who } = commit;
            format!("{name} {} {}", when.as_deref().unwrap_or("-"), who.as_deref().unwrap_or("-"))
        };
        assert_eq!(
            commits.iter().map(shown).collect::<Vec<_>>(),
            ["aa 2024-05-03T10:00:00+08:00 甲", "bb - commit x"]
        );
        assert_eq!(read(b""), []);
    }
}
