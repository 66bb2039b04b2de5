//! Git's list of all commits, and of the files of the last one → the history of each of those
//! files.
//!
//! A file is followed back from the last commit by its name *and* its content: an entry of the log
//! is part of its history only if the entry's result is the file's state at that moment. So if two
//! branches were merged, the one counts from which the text comes, under any name; changes that the
//! merge threw away, and those of another file that has the same name later, do not count.
//!
//! Must not know: the call of git, the display of dates.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::moment::moment;
use super::people::People;
use super::tree::{State, below};
use super::{NoteHistory, Rename};
use crate::path::SourcePath;

/// The beginning of a commit's own line in the log, and the separator of its parts.
const COMMIT: u8 = 1;
const PART: char = '\u{2}';

/// The options of `git log`: children before their parents (`--date-order`), for a merge the files
/// that differ from all parents (`-c`) with their names in each (`--combined-all-paths`), and names
/// without quoting (`-z`).
pub(super) const QUESTION: [&str; 15] = [
    "log",
    "-z",
    "--date-order",
    "--date=raw",
    "--format=%x01%cd%x02%aN%x02%aE",
    "--raw",
    "--no-abbrev",
    "-c",
    "--combined-all-paths",
    "--full-diff",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-rename-empty",
    // Overrides `diff.orderFile` of the user's configuration.
    "-O/dev/null",
];

/// A line of the log: a file before and after a commit.
struct LogEntry<'a> {
    /// Its state in each parent that had it.
    before: Vec<State<'a>>,
    after: State<'a>,
}

/// The author of a commit and its time, as far as they are known.
#[derive(Default)]
struct Commit {
    when: Option<String>,
    who: Option<Arc<str>>,
}

/// A file that is followed back.
struct Followed<'a> {
    now: SourcePath,
    last: Last,
    /// Time of the earliest change that was met.
    first: Option<String>,
    /// The last rename, with its time.
    renamed: Option<(String, &'a [u8])>,
    authors: Vec<Arc<str>>,
}

/// Time of a file's last change. The log is read from the newest commit, so the first change that
/// is met is the last one.
enum Last {
    NotMet,
    Dated(String),
    Undated,
}

/// The histories in a log.
#[derive(Default)]
pub(super) struct LogResult<'a> {
    pub files: BTreeMap<SourcePath, NoteHistory>,
    /// The earlier names of files that have another name now.
    pub renamed: BTreeMap<SourcePath, SourcePath>,
    /// The names before and after a rename of a file that is followed.
    pub renames: Vec<(&'a [u8], &'a [u8])>,
}

/// All followed files, at the commit that is read.
struct Follower<'a> {
    files: Vec<Followed<'a>>,
    /// The files that have a state at this moment. Two may have been one file before.
    states: HashMap<State<'a>, Vec<usize>>,
    /// Renames with the number of the file, the newest first.
    renames: Vec<(&'a [u8], &'a [u8], usize)>,
}

/// Reads a log. `files` are those of the last commit, each with its name, from the root of the
/// repository, and its content.
pub(super) fn read<'a, 'tree: 'a>(
    log: &'a [u8],
    files: impl Iterator<Item = (SourcePath, State<'tree>)>,
    prefix: &[u8],
) -> LogResult<'a> {
    let mut follower = Follower { files: Vec::new(), states: HashMap::new(), renames: Vec::new() };
    for (now, state) in files {
        follower.states.entry(state).or_default().push(follower.files.len());
        follower.files.push(Followed {
            now,
            last: Last::NotMet,
            first: None,
            renamed: None,
            authors: Vec::new(),
        });
    }
    let mut people = People::default();
    let mut commit = Commit::default();
    let mut entries = Vec::new();
    let mut fields = log.split(|byte| *byte == 0);
    while let Some(field) = fields.next() {
        let field = field.strip_prefix(b"\n").unwrap_or(field);
        if let [COMMIT, line @ ..] = field {
            follower.pass(&commit, std::mem::take(&mut entries));
            commit = Commit::read(line, &mut people);
        } else {
            entries.extend(LogEntry::read(field, &mut fields));
        }
    }
    follower.pass(&commit, entries);
    follower.finish(prefix)
}

impl Commit {
    fn read(line: &[u8], people: &mut People) -> Self {
        let line = String::from_utf8_lossy(line);
        let (when, who) = line.split_once(PART).unwrap_or((&line, ""));
        // A name may hold anything, an address no control characters.
        let (name, mail) = who.rsplit_once(PART).unwrap_or((who, ""));
        Self { when: moment(when), who: people.person(name, mail) }
    }
}

impl<'a> LogEntry<'a> {
    /// Reads an entry: modes and hashes before and after, a status, and in the fields that follow
    /// the names (git-diff(1), "Raw output format"). A merge has them once for each parent.
    fn read(field: &'a [u8], fields: &mut impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let parents = field.iter().take_while(|byte| **byte == b':').count();
        let words: Vec<&[u8]> = field.split(|byte| *byte == b' ').collect();
        let contents = words.get(parents + 1..2 * parents + 2).filter(|_| parents > 0)?;
        let has_names =
            parents > 1 || words.last()?.starts_with(b"R") || words.last()?.starts_with(b"C");
        let mut names: Vec<&[u8]> = fields.take(if has_names { parents + 1 } else { 1 }).collect();
        let name = names.pop()?;
        if names.is_empty() {
            names.push(name);
        }
        let (content, contents) = contents.split_last()?;
        let states = names.into_iter().zip(contents.iter().copied());
        let before =
            states.filter(|(_, content)| content.iter().any(|digit| *digit != b'0')).collect();
        Some(Self { before, after: (name, content) })
    }
}

impl<'a> Follower<'a> {
    /// Goes back from after a commit to before it.
    fn pass(&mut self, commit: &Commit, entries: Vec<LogEntry<'a>>) {
        // First the states after the commit, for all files: the name of one file after it may be
        // the name of another before it.
        let met: Vec<(LogEntry<'a>, Vec<usize>)> = entries
            .into_iter()
            .filter_map(|entry| self.states.remove(&entry.after).map(|files| (entry, files)))
            .collect();
        for (LogEntry { before, after }, files) in met {
            // A new name or mode with the same content is not a change.
            let same: Vec<State<'_>> =
                before.iter().copied().filter(|state| state.1 == after.1).collect();
            let is_change = same.is_empty();
            let before = if is_change { before } else { same };
            for number in files {
                if is_change {
                    self.files[number].change(commit);
                }
                for state in &before {
                    if state.0 != after.0 {
                        self.renames.push((state.0, after.0, number));
                        // The log begins with the newest commit.
                        let renamed = &mut self.files[number].renamed;
                        if let (None, Some(when)) = (&renamed, &commit.when) {
                            *renamed = Some((when.clone(), state.0));
                        }
                    }
                    let files = self.states.entry(*state).or_default();
                    if !files.contains(&number) {
                        files.push(number);
                    }
                }
            }
        }
    }

    fn finish(self, prefix: &[u8]) -> LogResult<'a> {
        let renames = self.renames.iter().map(|(old, new, _)| (*old, *new)).collect();
        // An old name leads to the file that had it last: in this order the newest rename comes
        // last and replaces older ones in the map.
        let former = self.renames.iter().rev();
        let former: BTreeMap<_, _> = former
            .filter_map(|(old, _, number)| {
                Some((below(old, prefix)?, self.files[*number].now.clone()))
            })
            .collect();
        let there: HashSet<&SourcePath> = self.files.iter().map(|file| &file.now).collect();
        let renamed = former.into_iter().filter(|(old, _)| !there.contains(old)).collect();
        let files = self.files.into_iter().filter_map(|file| match file.last {
            Last::Dated(changed) => {
                let written = file.first.unwrap_or_else(|| changed.clone());
                let renamed = file
                    .renamed
                    .and_then(|(when, from)| Some(Rename { when, from: below(from, prefix)? }));
                Some((file.now, NoteHistory { changed, authors: file.authors, written, renamed }))
            }
            Last::NotMet | Last::Undated => None,
        });
        LogResult { files: files.collect(), renamed, renames }
    }
}

impl Followed<'_> {
    fn change(&mut self, commit: &Commit) {
        if matches!(self.last, Last::NotMet) {
            self.last = commit.when.clone().map_or(Last::Undated, Last::Dated);
        }
        if commit.when.is_some() {
            self.first.clone_from(&commit.when);
        }
        if let Some(who) = commit.who.as_ref().filter(|who| !self.authors.contains(who)) {
            self.authors.push(who.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A case: its name; its log, the newest commit first, with number and author of each commit
    /// and its entries with their names; the files of the last commit; their expected histories.
    type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

    const CASES: &[Case] = &[
        (
            "changed",
            "3 乙\n:m m x y M|n/一 a.md\n:m m 0 z A|o.md\n1 甲\n:m m 0 x A|n/一 a.md",
            "n/一 a.md=y",
            &["一 a.md 3 乙+甲"],
        ),
        (
            "renamed alone, and with a change before",
            "4 丙\n:m m y y R100|n/b.md|n/c.md\n3 乙\n:m m x y R090|n/a.md|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/c.md=y",
            &["c.md 3 乙+甲", "a.md → c.md", "b.md → c.md"],
        ),
        (
            "another file took the old name",
            "5 丁\n:m m 0 z A|n/a.md\n3 乙\n:m m x x R100|n/a.md|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=z,n/b.md=x",
            &["a.md 5 丁", "b.md 1 甲"],
        ),
        (
            "in one commit one takes the name of the other",
            "3 乙\n:m m y y R100|n/b.md|n/a.md\n:m m x x R100|n/a.md|n/c.md\n2 丙\n:m m 0 y A|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=y,n/c.md=x",
            &["a.md 2 丙", "c.md 1 甲", "b.md → a.md"],
        ),
        ("deleted", "2 乙\n:m m x 0 D|n/a.md\n1 甲\n:m m 0 x A|n/a.md", "", &[]),
        (
            "deleted and written anew",
            "3 丙\n:m m 0 x A|n/a.md\n2 乙\n:m m x 0 D|n/a.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=x",
            &["a.md 3 丙"],
        ),
        (
            "renamed, and the new one deleted",
            "3 丙\n:m m x 0 D|n/b.md\n2 乙\n:m m x x R100|n/a.md|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "",
            &[],
        ),
        (
            "renamed on one line and changed on the other: the merge has the text of the other",
            "4 丁\n::m m m y x y RM|n/a.md|n/b.md|n/b.md\n3 丙\n:m m x y M|n/a.md\n2 乙\n:m m x x R100|n/a.md|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/b.md=y",
            &["b.md 3 丙+甲", "a.md → b.md"],
        ),
        (
            "changed on both lines",
            "4 丁\n::m m m y z w MM|n/a.md|n/a.md|n/a.md\n3 丙\n:m m x y M|n/a.md\n2 乙\n:m m x z M|n/a.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=w",
            &["a.md 4 丁+丙+乙+甲"],
        ),
        (
            "changed on both lines, and the merge threw one away",
            "4 丁\n3 丙\n:m m x y M|n/a.md\n2 乙\n:m m x z M|n/a.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=z",
            &["a.md 2 乙+甲"],
        ),
        (
            "renamed on one line, and the merge kept both",
            "3 丙\n2 乙\n:m m x x R100|n/a.md|n/b.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=x,n/b.md=x",
            &["a.md 1 甲", "b.md 1 甲"],
        ),
        (
            "changed and changed back",
            "3 丙\n:m m y x M|n/a.md\n2 乙\n:m m x y M|n/a.md\n1 甲\n:m m 0 x A|n/a.md",
            "n/a.md=x",
            &["a.md 3 丙+乙+甲"],
        ),
        (
            "made executable by an author without a name",
            "2 %aN\n:m e x x M|n/a.md\n1 甲\u{2}\u{7f}\n:m m 0 x A|n/a.md",
            "n/a.md=x",
            &["a.md 1 甲"],
        ),
        (
            "one text twice, under a name that looks like the beginning of a commit",
            "1 \n:m m 0 x A|n/\u{1}x.md\n:m m 0 x A|n/y.md",
            "n/\u{1}x.md=x,n/y.md=x",
            &["x.md 1 ", "y.md 1 "],
        ),
    ];

    /// The output of git.
    fn printed(log: &str) -> String {
        let mut text = String::new();
        let mut is_first = false;
        for line in log.split('\n') {
            if let Some((day, who)) = line.split_once(' ').filter(|_| !line.starts_with(':')) {
                let seconds = day.parse::<i64>().unwrap() * 86_400;
                let _ = write!(text, "\u{1}{seconds} +0000{PART}{who}\0");
            } else {
                text += if is_first { "\n" } else { "" };
                let _ = write!(text, "{}\0", line.replace('|', "\0"));
            }
            is_first = !line.starts_with(':');
        }
        text
    }

    /// The histories of the files of the last commit; the day of the last change is the number of
    /// its commit.
    fn shown(log: &str, tree: &str) -> Vec<String> {
        let states = tree.split(',').filter_map(|file| file.split_once('='));
        let files = states.map(|(name, content)| (name.as_bytes(), content.as_bytes()));
        let files = files.filter_map(|state| Some((below(state.0, b"n/")?, state)));
        let result = read(log.as_bytes(), files, b"n/");
        let file = |(path, past): (&SourcePath, &NoteHistory)| {
            let day: i64 = past.changed[8..10].parse().unwrap();
            format!("{path} {} {}", day - 1, past.authors.join("+"))
        };
        let old = |(old, now): (&SourcePath, &SourcePath)| format!("{old} → {now}");
        result.files.iter().map(file).chain(result.renamed.iter().map(old)).collect()
    }

    #[test]
    fn files_are_followed_by_name_and_content() {
        for (what, log, tree, expected) in CASES {
            assert_eq!(shown(&printed(log), tree), *expected, "{what}");
        }
    }

    #[test]
    fn a_file_without_a_date_has_no_history() {
        let text = format!("\u{1}%cd{PART}甲\0\n:m m x y M\0n/a.md\0")
            + &printed("1 甲\n:m m 0 x A|n/a.md");
        assert_eq!(shown(&text, "n/a.md=y"), Vec::<String>::new());
        assert_eq!(shown("\0:\0::m M\0\0:m m x\0\n", "n/a.md=y"), Vec::<String>::new());
    }
}
