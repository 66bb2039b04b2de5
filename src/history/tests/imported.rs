//! Commits in a few lines of text → a repository; and the histories that are read of it, with and
//! without the changes that an earlier run kept.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::{TempDir, tempdir};

use super::super::*;
use super::past::{go_to, run};
use super::reference::{told, told_by_log};

/// A repository with these commits; their files are not packed.
fn repository(commits: &str) -> TempDir {
    let folder = tempdir().unwrap();
    run(folder.path(), &["init", "-q"], b"");
    let import = ["-c", "fastimport.unpackLimit=100000", "fast-import", "--quiet"];
    run(folder.path(), &import, commits.as_bytes());
    go_to(folder.path(), "refs/heads/main");
    folder
}

/// A commit for `git fast-import`; `hour` is its time and mark, `lines` has its parents and files.
fn commit(branch: &str, hour: usize, lines: &str) -> String {
    let time = 1_700_000_000 + 3600 * hour;
    format!(
        "commit refs/heads/{branch}\nmark :{hour}\ncommitter x <x@e.org> {time} +0000\n\
         data 0\n{lines}\n"
    )
}

/// A file with a text of a few lines that only it has.
fn file(name: &str, text: &str) -> String {
    let lines: Vec<String> = (0..9).map(|line| format!("{text} {line} {text}\n")).collect();
    let text = lines.concat();
    format!("M 100644 inline {name}\ndata {}\n{text}\n", text.len())
}

/// The history up to the last commit, and what the next run is given.
fn read(root: &Path, kept: KeptChanges) -> (ReadHistory, KeptChanges) {
    Head::of(root).unwrap().unwrap().history(kept).unwrap()
}

/// The time of a note's last change.
fn changed<'h>(read: &'h ReadHistory, name: &str) -> Option<&'h str> {
    read.history.of(&SourcePath::new(name)?).map(|past| past.changed.as_str())
}

/// A repository of 300 commits that change a.md, of which the first adds z.md.
fn long_repository() -> TempDir {
    let mut commits = String::new();
    for number in 1..=300 {
        let others = if number == 1 { file("z.md", "end") } else { String::new() };
        let lines = file("a.md", &format!("text {number}")) + &others;
        commits += &commit("main", number, &lines);
    }
    repository(&commits)
}

/// Deletes the tree of the commit that is as many commits before the last one.
fn lose_tree(top: &Path, before: usize) {
    let name = ask(top, &["rev-parse", &format!("HEAD~{before}^{{tree}}")]).unwrap();
    let name = String::from_utf8(name).unwrap();
    let (folder, rest) = name.trim().split_at(2);
    fs::remove_file(top.join(".git/objects").join(folder).join(rest)).unwrap();
}

#[test]
fn commits_that_cannot_be_read_do_not_hide_the_others() {
    let folder = long_repository();
    let top = folder.path();
    for number in 1..10 {
        lose_tree(top, 30 * number);
    }
    let last = ask(top, &["rev-parse", "HEAD"]).unwrap();
    go_to(top, "HEAD~5");
    let (earlier, kept) = read(top, KeptChanges::default());
    assert!(earlier.unknown().is_some());
    go_to(top, String::from_utf8(last).unwrap().trim());
    let (clean, _) = read(top, KeptChanges::default());
    let (warm, _) = read(top, kept);
    assert_eq!(changed(&clean, "z.md"), Some("2023-11-14T23:13:20+00:00"));
    assert_eq!(clean.history, warm.history);
}

#[test]
fn a_clone_without_trees_is_not_read_to_its_end() {
    let folder = long_repository();
    for number in 1..200 {
        lose_tree(folder.path(), number);
    }
    let (clean, kept) = read(folder.path(), KeptChanges::default());
    assert_eq!((changed(&clean, "z.md"), kept.commits.len()), (None, 0));
}

#[test]
fn the_list_of_commits_goes_on_after_a_kept_one_up_to_a_merge() {
    let commits = [
        commit("main", 1, &file("a.md", "a")),
        commit("main", 2, &format!("from :1\n{}", file("b.md", "b"))),
        commit("main", 3, &format!("from :2\n{}", file("c.md", "c"))),
        commit("side", 4, &format!("from :1\n{}", file("d.md", "d"))),
        commit("main", 5, &format!("from :3\nmerge :4\n{}", file("e.md", "e"))),
    ];
    let folder = repository(&commits.concat());
    let top = folder.path();
    let last = String::from_utf8(ask(top, &["rev-parse", "HEAD"]).unwrap()).unwrap();
    go_to(top, "HEAD~2");
    let (clean, mut kept) = read(top, KeptChanges::default());
    assert_eq!(changed(&clean, "a.md"), Some("2023-11-14T23:13:20+00:00"));
    // Another time shows that the list is used.
    for list in &mut kept.lists {
        list.printed = list.printed.replace("1700003600", "1600000000");
    }
    let other_time = Some("2020-09-13T12:26:40+00:00");
    go_to(top, &format!("{}~1", last.trim()));
    let (warm, kept_on) = read(top, kept.clone());
    assert_eq!(changed(&warm, "a.md"), other_time);
    assert_eq!(changed(&warm, "c.md"), Some("2023-11-15T01:13:20+00:00"));
    assert_eq!(changed(&read(top, kept_on.clone()).0, "a.md"), other_time);

    for (to, kept) in [(last.trim(), &kept), (last.trim(), &kept_on), ("HEAD~3", &kept)] {
        go_to(top, to);
        let (clean, _) = read(top, KeptChanges::default());
        assert_eq!(read(top, kept.clone()).0, clean, "{to}");
    }
}

/// Twenty notes came from a folder, half of them by way of texts without the ending of notes. One
/// was changed there in the same way on two branches, which differ only in another file of that
/// folder.
#[test]
fn a_kept_ending_does_not_change_the_paths_that_are_asked_for() {
    let mut lines = file("docs/other.txt", "other");
    let (mut moved, mut renamed) = (String::from("from :4\n"), String::from("from :5\n"));
    for number in 0..10 {
        lines += &file(&format!("docs/a{number}.md"), &format!("a{number}"));
        lines += &file(&format!("docs/b{number}.txt"), &format!("b{number}"));
        writeln!(moved, "R docs/a{number}.md notes/a{number}.md").unwrap();
        writeln!(moved, "R docs/b{number}.txt notes/b{number}.txt").unwrap();
        writeln!(renamed, "R notes/b{number}.txt notes/b{number}.md").unwrap();
    }
    let edited = file("docs/a0.md", "edited");
    let side = |other: &str| format!("from :1\n{edited}{}", file("docs/other.txt", other));
    let merge = format!("from :2\nmerge :3\n{}", file("docs/other.txt", "both"));
    let commits = [
        commit("main", 1, &lines),
        commit("main", 2, &side("one")),
        commit("side", 3, &side("two")),
        commit("main", 4, &merge),
        commit("main", 5, &moved),
        commit("main", 6, &renamed),
    ];
    let folder = repository(&commits.concat());
    let root = folder.path().join("notes");
    fs::create_dir(&root).unwrap();
    let head = Head::of(&root).unwrap().unwrap();
    let (clean, kept) = head.history(KeptChanges::default()).unwrap();
    let (warm, _) = head.history(kept).unwrap();
    assert_eq!(changed(&clean, "a0.md"), changed(&warm, "a0.md"));
    assert_eq!(clean, warm);
    assert_eq!(told(&clean.history), told_by_log(&head));
}

#[test]
fn settings_beside_the_commits_are_read_one_by_one() {
    for (settings, is_partial) in [
        ("", false),
        ("[remote \"x\"]\n\tpromisor\n", true),
        ("[remote \"x\"]\n\tpromisor = yes\n", true),
        ("[remote \"x\"]\n\tpromisor = no\n", false),
        ("[remote \"x\"]\n\tpromisor = off\n[remote \"y\"]\n\tpromisor = 0\n", false),
        ("[remote \"x\"]\n\tpromisor = 1\n[remote \"y\"]\n\tpromisor = false\n", true),
        // The name of a remote.
        ("[extensions]\n\tpartialClone = origin\n", true),
    ] {
        let folder = tempdir().unwrap();
        let top = folder.path();
        run(top, &["init", "-q"], b"");
        let config = fs::read_to_string(top.join(".git/config")).unwrap();
        fs::write(top.join("names"), "甲 <a@e.org>\n").unwrap();
        fs::write(top.join(".git/config"), format!("{config}{settings}")).unwrap();
        let without = Beside::of(top, b"");
        let settings = format!("{settings}[mailmap]\n\tfile = names\n");
        fs::write(top.join(".git/config"), format!("{config}{settings}")).unwrap();
        let with = Beside::of(top, b"");
        assert_eq!((without.is_partial, with.is_partial), (is_partial, is_partial), "{settings}");
        assert_ne!(without.names, with.names, "{settings}");
    }
}

/// All that is asked for afterwards is read ahead: each commit, renames with changes explained.
#[test]
fn all_commits_are_known_ahead() {
    let mut commits = commit("main", 1, &(file("a.md", "one") + &file("b.txt", "two")));
    for number in 2..=150 {
        commits += &commit("main", number, &file("z.md", &format!("text {number}")));
    }
    let lines: Vec<String> = (0..10).map(|line| format!("one {} one\n", line.min(8))).collect();
    let text = lines.concat();
    let renamed = format!("M 100644 inline new.md\ndata {}\n{text}\nD a.md\n", text.len());
    commits += &commit("main", 151, &renamed);
    commits += &commit("main", 152, "");
    let top = repository(&commits);
    let names = ask(top.path(), &["rev-list", "HEAD"]).unwrap();
    let names = String::from_utf8(names).unwrap();
    let names: Vec<&str> = names.lines().collect();
    let files = diffs::WantedFiles::default();
    let likeness = Likeness::Similar;
    let known = ahead::all_changes(top.path(), names[0], likeness, &files).unwrap();
    assert_eq!(known.len(), names.len());
    let of = |commit: usize| change::unpack(&known[names[152 - commit]]);
    assert!(of(152).is_empty());
    assert_eq!(of(2).len(), 1);
    let renamed = of(151);
    let new = renamed.iter().find(|change| change.after.0 == b"new.md").unwrap();
    assert!(!new.is_open, "it is explained");
    assert!(new.before.iter().any(|(name, _)| *name == b"a.md"));
}
