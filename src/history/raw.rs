//! Git's list of the files that commits changed → the same as [`FileChange`]s, in which a file with
//! an equal text under another name is that one, renamed.
//!
//! Equal texts are paired here as git pairs them, without a look at any text: to compare the texts
//! of all commits took two seconds in a repository with 6,286 of them.
//!
//! Must not know: the call of git, the files that are followed.

use std::collections::HashMap;

use super::change::{FileChange, NEVER_NOTES, ObjectName, ending};

/// The mode of a file that is none.
const NO_MODE: &[u8] = b"000000";
/// The beginning of the mode of a file, not of a symbolic link or a submodule.
const REGULAR: &[u8] = b"100";
/// The names of the empty file, in repositories with SHA-1 and with SHA-256.
const EMPTY: [&[u8]; 2] = [
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];
/// Most files with one text among which git looks for the best pair.
const MOST_ALIKE: usize = 100;

/// A file at one side of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side<'a> {
    name: &'a [u8],
    mode: &'a [u8],
    object: &'a [u8],
}

/// A file in the parents of a commit and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawChange<'a> {
    before: Vec<Side<'a>>,
    after: Side<'a>,
}

/// The commits of an answer, by name, each with the files that it changed.
pub(super) fn read(answer: &[u8]) -> Vec<(&[u8], Vec<RawChange<'_>>)> {
    let mut commits: Vec<(&[u8], Vec<RawChange<'_>>)> = Vec::new();
    let mut fields = answer.split(|byte| *byte == 0);
    while let Some(field) = fields.next() {
        if field.starts_with(b":") {
            let change = RawChange::read(field, &mut fields);
            if let Some((_, changes)) = commits.last_mut() {
                changes.extend(change);
            }
        } else if !field.is_empty() {
            commits.push((field, Vec::new()));
        }
    }
    commits
}

impl<'a> RawChange<'a> {
    /// Reads a line: modes and objects before and after, a status, and in the fields that follow
    /// the names (git-diff(1), "Raw output format"). A merge has them once for each parent.
    fn read(field: &'a [u8], fields: &mut impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let parents = field.iter().take_while(|byte| **byte == b':').count();
        let words: Vec<&[u8]> = field[parents..].split(|byte| *byte == b' ').collect();
        let (modes, rest) = words.split_at_checked(parents + 1)?;
        let (objects, status) = rest.split_at_checked(parents + 1)?;
        let is_renamed = status.first()?.starts_with(b"R");
        let has_names = parents > 1 || is_renamed;
        let mut names: Vec<&[u8]> = fields.take(if has_names { parents + 1 } else { 1 }).collect();
        let name = names.pop()?;
        if names.is_empty() {
            names.push(name);
        }
        let mut sides = names.into_iter().chain([name]).zip(modes).zip(objects);
        let mut side = || {
            let ((name, mode), object) = sides.next()?;
            Some(Side { name, mode, object })
        };
        let before = (0..parents).map(|_| side()).collect::<Option<_>>()?;
        Some(Self { before, after: side()? })
    }

    fn is_new(&self) -> bool {
        matches!(&self.before[..], [before] if before.mode == NO_MODE)
    }

    fn is_gone(&self) -> bool {
        self.after.mode == NO_MODE && self.before.len() == 1
    }

    /// The change; `None` if the file is gone or has the same name and content.
    fn change(&self, is_open: bool) -> Option<FileChange<'a>> {
        let after = (self.after.name, ObjectName::read(self.after.object)?);
        let state = |side: &Side<'a>| Some((side.name, ObjectName::read(side.object)?));
        let before: Vec<_> = self.before.iter().filter_map(state).collect();
        (before != [after]).then_some(FileChange { after, before, is_open })
    }
}

impl Side<'_> {
    fn is_regular(&self) -> bool {
        self.mode.starts_with(REGULAR)
    }

    /// True if it may be the other side of a rename: empty files are not one another.
    fn may_be_renamed(&self) -> bool {
        !EMPTY.contains(&self.object)
    }

    /// True if a file may have got this other name, with the same content.
    fn may_become(&self, other: &Side<'_>) -> bool {
        self.is_regular() && other.is_regular() || self.mode == other.mode
    }

    fn was_never_note(&self) -> bool {
        let ending = ending(self.name);
        NEVER_NOTES.iter().any(|never| never.as_bytes() == ending)
    }

    /// The last segment of its name.
    fn base(&self) -> &[u8] {
        self.name.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }
}

/// The changes of a commit whose renames git has found.
pub(super) fn changes<'a>(files: &[RawChange<'a>]) -> Vec<FileChange<'a>> {
    files.iter().filter_map(|file| file.change(false)).collect()
}

/// The changes of a commit, in which git did not look for renames. Of a merge, each file that a
/// parent lacks is open; of others, one that may have had another text, if texts are compared.
pub(super) fn paired<'a>(files: &[RawChange<'a>], compares_texts: bool) -> Vec<FileChange<'a>> {
    if files.iter().any(|file| file.before.len() > 1) {
        let lacks = |file: &RawChange<'_>| file.before.iter().any(|side| side.mode == NO_MODE);
        return files.iter().filter_map(|file| file.change(lacks(file))).collect();
    }
    let mut gone = GoneFiles::new(files);
    let former: Vec<Option<Side<'a>>> = files.iter().map(|file| gone.take(file)).collect();
    let may_be_alike = compares_texts && gone.have_text();
    let change = |(file, former): (&RawChange<'a>, Option<Side<'a>>)| {
        if let Some(former) = former {
            return RawChange { before: vec![former], ..file.clone() }.change(false);
        }
        let is_text = file.after.is_regular() && file.after.may_be_renamed();
        file.change(file.is_new() && is_text && may_be_alike)
    };
    files.iter().zip(former).filter_map(change).collect()
}

/// The files that a commit deleted and that have no new name yet.
struct GoneFiles<'a> {
    files: Vec<Option<Side<'a>>>,
    by_object: HashMap<&'a [u8], Vec<usize>>,
}

impl<'a> GoneFiles<'a> {
    fn new(files: &[RawChange<'a>]) -> Self {
        let gone = files.iter().filter(|file| file.is_gone()).map(|file| file.before[0]);
        let files: Vec<_> = gone.filter(Side::may_be_renamed).map(Some).collect();
        let mut by_object: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (number, file) in files.iter().flatten().enumerate() {
            by_object.entry(file.object).or_default().push(number);
        }
        Self { files, by_object }
    }

    /// The file that a new one was before: of several with its text the first whose name ends the
    /// same, else the first (git's `diffcore-rename.c`, `find_identical_files`).
    fn take(&mut self, new: &RawChange<'a>) -> Option<Side<'a>> {
        if !new.is_new() || !new.after.may_be_renamed() {
            return None;
        }
        let alike = self.by_object.get(new.after.object)?.iter().copied();
        let is_free =
            |number: &usize| self.files[*number].is_some_and(|file| file.may_become(&new.after));
        let free: Vec<usize> = alike.filter(is_free).take(MOST_ALIKE).collect();
        let has_name =
            |number: &usize| self.files[*number].is_some_and(|f| f.base() == new.after.base());
        let best = free.iter().copied().find(has_name).or_else(|| free.first().copied())?;
        self.files[best].take()
    }

    /// True if one is left whose text may be like that of a new note.
    fn have_text(&self) -> bool {
        self.files.iter().flatten().any(|file| file.is_regular() && !file.was_never_note())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer of git for a commit: each line has modes, objects of one letter, a status, and
    /// names after `|`.
    pub fn answer(name: &str, lines: &[&str]) -> Vec<u8> {
        let mut answer = format!("{name}\0");
        for line in lines {
            let (head, names) = line.split_once('|').unwrap();
            let words = head.split(' ').map(|word| match word.len() {
                1 if word != "A" && word != "D" && word != "M" => word.repeat(40),
                _ => word.to_owned(),
            });
            let head = words.collect::<Vec<_>>().join(" ");
            answer.extend([&head, "\0", &names.replace('|', "\0"), "\0"]);
        }
        answer.into_bytes()
    }

    /// The changes of a commit: names before and after, `?` if a likeness may explain them.
    fn shown(changes: &[FileChange<'_>]) -> Vec<String> {
        let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let change = |change: &FileChange<'_>| {
            let before: Vec<String> = change.before.iter().map(|state| name(state.0)).collect();
            let mark = if change.is_open { "?" } else { "" };
            format!("{}{mark} < {}", name(change.after.0), before.join("+"))
        };
        changes.iter().map(change).collect()
    }

    #[test]
    fn equal_texts_are_paired_as_git_pairs_them() {
        let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        let new_empty = format!(":000000 100644 0 {empty} A|b.md");
        let old_empty = format!(":100644 000000 {empty} 0 D|a.md");
        for (lines, expected) in [
            (&[":100644 000000 a 0 D|a.md", ":000000 100644 0 a A|b.md"][..], &["b.md < a.md"][..]),
            // The name decides, else the order.
            (
                &[
                    ":100644 000000 a 0 D|a.md",
                    ":100644 000000 a 0 D|x/c.md",
                    ":000000 100644 0 a A|y/b.md",
                    ":000000 100644 0 a A|y/c.md",
                ],
                &["y/b.md < a.md", "y/c.md < x/c.md"],
            ),
            (
                &[
                    ":100644 000000 a 0 D|a.md",
                    ":000000 100644 0 a A|b.md",
                    ":000000 100644 0 a A|c.md",
                ],
                &["b.md < a.md", "c.md < "],
            ),
            // Another text may be like it, if it is that of a file.
            (&[":100644 000000 a 0 D|a.md", ":000000 100644 0 b A|b.md"], &["b.md? < "]),
            (&[":100644 000000 a 0 D|a.HTML", ":000000 100644 0 b A|b.md"], &["b.md < "]),
            (&[":120000 000000 a 0 D|a.md", ":000000 100644 0 b A|b.md"], &["b.md < "]),
            (&[":100644 000000 a 0 D|a.md", ":000000 120000 0 a A|b.md"], &["b.md < "]),
            (&[":100644 000000 a 0 D|a.md", ":000000 100755 0 a A|b.md"], &["b.md < a.md"]),
            // Empty files are not one another.
            (&[&old_empty, &new_empty], &["b.md < "]),
            (&[&old_empty, ":000000 100644 0 b A|c.md"], &["c.md < "]),
            // A file that stays is not renamed.
            (
                &[":100644 100644 a b M|a.md", ":000000 100644 0 a A|b.md"],
                &["a.md < a.md", "b.md < "],
            ),
            // A mode alone.
            (&[":100644 100755 a a M|a.md"], &[]),
            // Merges.
            (&["::100644 100644 100644 a b c MM|a.md|a.md|a.md"], &["a.md < a.md+a.md"]),
            (&["::000000 100644 100644 0 b c AM|a.md|a.md|a.md"], &["a.md? < a.md"]),
            (&["::100644 100644 000000 a b 0 DD|a.md|a.md|a.md"], &[]),
        ] {
            let answer = answer("x", lines);
            let commits = read(&answer);
            assert_eq!(shown(&paired(&commits[0].1, true)), expected, "{lines:?}");
            let without: Vec<String> =
                expected.iter().map(|line| line.replace("d? ", "d ")).collect();
            let is_merge = lines[0].starts_with("::");
            if !is_merge {
                assert_eq!(shown(&paired(&commits[0].1, false)), without, "{lines:?}");
            }
        }
    }

    #[test]
    fn git_looks_at_a_hundred_files_with_one_text() {
        for (number, expected) in [(100, "n/100.md < d/100.md"), (101, "n/101.md < d/001.md")] {
            let mut lines: Vec<String> =
                (1..=150).map(|number| format!(":100644 000000 a 0 D|d/{number:03}.md")).collect();
            lines.push(format!(":000000 100644 0 a A|n/{number}.md"));
            let answer = answer("x", &lines.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(shown(&paired(&read(&answer)[0].1, true)), [expected]);
        }
    }

    #[test]
    fn several_commits_and_the_renames_of_git_are_read() {
        let mut answered = answer("one", &[":100644 100644 a b R090|:a.md|b\n.md"]);
        answered.extend(answer("two", &[]));
        answered.extend(answer("three", &["::100644 100644 100644 a b c RM|a.md|b.md|b.md"]));
        let commits = read(&answered);
        let commit = |(name, files): &(&[u8], Vec<RawChange<'_>>)| {
            format!("{}: {}", String::from_utf8_lossy(name), shown(&changes(files)).join(", "))
        };
        assert_eq!(
            commits.iter().map(commit).collect::<Vec<_>>(),
            ["one: b\n.md < :a.md", "two: ", "three: b.md < a.md+b.md"]
        );
        assert_eq!(read(b""), []);
        assert_eq!(read(b":x\0").len(), 0);
        assert_eq!(read(b"one\0:100644 100644 a\0b.md\0")[0].0, b"one");
    }
}
