//! All commits with the files that they changed, and the files of the last one → the history of
//! each of those files.
//!
//! A file is followed back from the last commit by its name *and* its content: a change is part of
//! its history only if the change's result is the file's state at that moment. So if two
//! branches were merged, the one counts from which the text comes, under any name; changes that the
//! merge threw away, and those of another file that has the same name later, do not count.
//!
//! Must not know: the call of git, the display of dates.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::change::{FileChange, NamedObject, ObjectName};
use super::commits::Commit;
use super::tree::below;
use super::{NoteHistory, Rename};
use crate::path::SourcePath;

/// A file's name, from the root of the repository.
type FileName = Box<[u8]>;

/// The files that commits changed, by the names of these.
pub(super) trait CommitChanges {
    /// Those of a commit as far as they are known; none if it cannot be read.
    fn of(&self, commit: &str) -> Vec<FileChange<'_>>;
    /// Finds out what the open ones of a commit were before, if that is possible.
    fn explain(&mut self, commit: &str);
}

/// A file that is followed back.
struct Followed {
    now: SourcePath,
    last: Last,
    /// Time of the earliest change that was met.
    first: Option<String>,
    /// The last rename, with its time.
    renamed: Option<(String, FileName)>,
    authors: Vec<Arc<str>>,
}

/// Time of a file's last change. The log is read from the newest commit, so the first change that
/// is met is the last one.
enum Last {
    NotMet,
    Dated(String),
    Undated,
}

/// The histories of files.
#[derive(Default)]
pub(super) struct Followings {
    pub files: BTreeMap<SourcePath, NoteHistory>,
    /// The earlier names of files that have another name now.
    pub renamed: BTreeMap<SourcePath, SourcePath>,
    /// The names before and after a rename of a file that is followed.
    pub renames: Vec<(FileName, FileName)>,
}

/// All followed files, at the commit that is read.
struct Follower {
    files: Vec<Followed>,
    /// The files that have a content and a name at this moment. Two may have been one file before.
    states: HashMap<ObjectName, HashMap<FileName, Vec<usize>>>,
    /// Renames with the number of the file, the newest first.
    renames: Vec<(FileName, FileName, usize)>,
}

/// Follows files back. `files` are those of the last commit, each with its name, from the root of
/// the repository, and its content; `commits` come the newest first.
pub(super) fn follow<'t>(
    files: impl Iterator<Item = (SourcePath, NamedObject<'t>)>,
    commits: &[Commit],
    changes: &mut impl CommitChanges,
    prefix: &[u8],
) -> Followings {
    let mut follower = Follower::of(files);
    for commit in commits {
        let known = changes.of(&commit.name);
        if !follower.has_open(&known) {
            follower.pass(commit, &known);
            continue;
        }
        changes.explain(&commit.name);
        follower.pass(commit, &changes.of(&commit.name));
    }
    follower.finish(prefix)
}

impl Follower {
    fn of<'t>(files: impl Iterator<Item = (SourcePath, NamedObject<'t>)>) -> Self {
        let mut follower = Self { files: Vec::new(), states: HashMap::new(), renames: Vec::new() };
        for (now, (name, object)) in files {
            let states = follower.states.entry(object).or_default();
            states.entry(name.into()).or_default().push(follower.files.len());
            follower.files.push(Followed {
                now,
                last: Last::NotMet,
                first: None,
                renamed: None,
                authors: Vec::new(),
            });
        }
        follower
    }

    /// True if one of these changes is that of a followed file, and may be a rename.
    fn has_open(&self, changes: &[FileChange<'_>]) -> bool {
        let is_followed = |(name, object): NamedObject<'_>| {
            self.states.get(&object).is_some_and(|names| names.contains_key(name))
        };
        changes.iter().any(|change| change.is_open && is_followed(change.after))
    }

    /// The files that have a state, which they have no longer.
    fn take(&mut self, (name, object): NamedObject<'_>) -> Option<Vec<usize>> {
        self.states.get_mut(&object)?.remove(name)
    }

    /// Goes back from after a commit to before it.
    fn pass(&mut self, commit: &Commit, changes: &[FileChange<'_>]) {
        // First the states after the commit, for all files: the name of one file after it may be
        // the name of another before it.
        let met: Vec<(&FileChange<'_>, Vec<usize>)> = changes
            .iter()
            .filter_map(|change| self.take(change.after).map(|files| (change, files)))
            .collect();
        for (FileChange { before, after, .. }, files) in met {
            // A new name or mode with the same content is not a change.
            let same: Vec<NamedObject<'_>> =
                before.iter().copied().filter(|state| state.1 == after.1).collect();
            let is_change = same.is_empty();
            let before = if is_change { before } else { &same };
            for number in files {
                if is_change {
                    self.files[number].change(commit);
                }
                for state in before {
                    if state.0 != after.0 {
                        self.renames.push((state.0.into(), after.0.into(), number));
                        // The newest commit comes first.
                        let renamed = &mut self.files[number].renamed;
                        if let (None, Some(when)) = (&renamed, &commit.when) {
                            *renamed = Some((when.clone(), state.0.into()));
                        }
                    }
                    let names = self.states.entry(state.1).or_default();
                    let files = names.entry(state.0.into()).or_default();
                    if !files.contains(&number) {
                        files.push(number);
                    }
                }
            }
        }
    }

    fn finish(self, prefix: &[u8]) -> Followings {
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
                    .and_then(|(when, from)| Some(Rename { when, from: below(&from, prefix)? }));
                Some((file.now, NoteHistory { changed, authors: file.authors, written, renamed }))
            }
            Last::NotMet | Last::Undated => None,
        });
        let files = files.collect();
        let renames = self.renames.into_iter().map(|(old, new, _)| (old, new)).collect();
        Followings { files, renamed, renames }
    }
}

impl Followed {
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
    use super::super::moment::moment;
    use super::super::raw;
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
            "2 %aN\n:m e x x M|n/a.md\n1 甲\n:m m 0 x A|n/a.md",
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

    /// The commits of a log, and for each the output of git.
    #[derive(Default)]
    struct Log {
        commits: Vec<Commit>,
        printed: Vec<Vec<u8>>,
    }

    impl CommitChanges for Log {
        fn of(&self, commit: &str) -> Vec<FileChange<'_>> {
            let printed = &self.printed[commit.parse::<usize>().unwrap()];
            let commits = raw::read(printed);
            commits.iter().flat_map(|(_, files)| raw::changes(files)).collect()
        }

        fn explain(&mut self, _: &str) {}
    }

    /// A name of 40 digits for a letter.
    fn object(letter: &str) -> String {
        let digit = letter.bytes().next().unwrap();
        if digit == b'0' { "0".repeat(40) } else { format!("{digit:02x}").repeat(20) }
    }

    fn printed(log: &str) -> Log {
        let mut read = Log::default();
        for line in log.split('\n') {
            let Some(line) = line.strip_prefix(':') else {
                let (day, who) = line.split_once(' ').unwrap();
                let seconds = day.parse::<i64>().unwrap() * 86_400;
                let who = Some(Arc::from(who)).filter(|who: &Arc<str>| !who.starts_with('%'));
                let (name, when) = (read.commits.len().to_string(), moment(&seconds.to_string()));
                read.printed.push(format!("{name}\0").into_bytes());
                read.commits.push(Commit { name, when, who });
                continue;
            };
            let (head, names) = line.split_once('|').unwrap();
            let mut words: Vec<String> = head.split(' ').map(str::to_owned).collect();
            let (modes, end) = (words.len() / 2, words.len() - 1);
            for word in &mut words[modes..end] {
                *word = object(word);
            }
            let printed = read.printed.last_mut().unwrap();
            printed.extend(format!(":{}\0{}\0", words.join(" "), names.replace('|', "\0")).bytes());
        }
        read
    }

    /// The histories of the files of the last commit; the day of the last change is the number of
    /// its commit.
    fn shown(mut log: Log, tree: &str) -> Vec<String> {
        let states = tree.split(',').filter_map(|file| file.split_once('='));
        let files = states.filter_map(|(name, content)| {
            let object = ObjectName::read(object(content).as_bytes())?;
            Some((below(name.as_bytes(), b"n/")?, (name.as_bytes(), object)))
        });
        let commits = std::mem::take(&mut log.commits);
        let result = follow(files, &commits, &mut log, b"n/");
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
            assert_eq!(shown(printed(log), tree), *expected, "{what}");
        }
    }

    #[test]
    fn a_file_without_a_date_has_no_history() {
        let mut log = printed("2 甲\n:m m x y M|n/a.md\n1 甲\n:m m 0 x A|n/a.md");
        log.commits[0].when = None;
        assert_eq!(shown(log, "n/a.md=y"), Vec::<String>::new());
    }

    /// Changes of one commit that are open until they are explained.
    struct OpenChanges {
        is_explained: bool,
        questions: usize,
    }

    impl CommitChanges for OpenChanges {
        fn of(&self, _: &str) -> Vec<FileChange<'_>> {
            let object = |letter| ObjectName::read(object(letter).as_bytes()).unwrap();
            let before: Vec<NamedObject<'_>> =
                if self.is_explained { vec![(b"b.md", object("y"))] } else { vec![] };
            let after = (&b"a.md"[..], object("x"));
            vec![FileChange { after, before, is_open: !self.is_explained }]
        }

        fn explain(&mut self, _: &str) {
            self.is_explained = true;
            self.questions += 1;
        }
    }

    #[test]
    fn texts_are_compared_only_for_files_that_are_followed() {
        for (name, content, questions, renames) in
            [("a.md", "x", 1, 1), ("a.md", "z", 0, 0), ("c.md", "x", 0, 0)]
        {
            let object = ObjectName::read(object(content).as_bytes()).unwrap();
            let files = [(SourcePath::new(name).unwrap(), (name.as_bytes(), object))];
            let mut changes = OpenChanges { is_explained: false, questions: 0 };
            let commit = Commit { when: moment("86400"), ..Commit::default() };
            let result = follow(files.into_iter(), &[commit], &mut changes, b"");
            assert_eq!((changes.questions, result.renames.len()), (questions, renames), "{name}");
        }
    }
}
