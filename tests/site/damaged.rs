//! Repositories that lack objects: the dates that can be read are shown, git is not asked in vain
//! again, and a mended repository is noticed.

use std::fs;
use std::path::PathBuf;

use crate::fixture::{Built, Folder, program};
use crate::history::facts;
use crate::repository::{commit, git};

const PAGES: [&str; 4] = ["z.html", "a.html", "d.html", "s/c.html"];
/// Dates and authors of these pages in the whole repository.
const WHOLE: [&str; 4] = ["01 甲", "05 甲、乙", "03 乙、甲", "04 丙、甲"];

fn text(end: &str) -> String {
    let lines: String = (0..20).map(|number| format!("第 {number} 行文字。\n\n")).collect();
    format!("# 题\n\n{lines}{end}\n")
}

/// Notes with a past of five days: z.md as it was written, a.md changed on the second and
/// fifth day, d.md renamed and changed on the third, s/c.md changed on the fourth.
fn repository() -> Folder {
    let folder = Folder::new("-- .gitignore\nsite\n.notes\n-- z.md\n# 末\n\n文\n");
    for name in ["a.md", "b.md", "s/c.md"] {
        folder.write(name, text(name).as_bytes());
    }
    git(&folder.path(), "甲", "2024-01-01T00:00:00Z", &["init", "-q"]);
    for (who, name, day) in
        [("甲", "", 1), ("乙", "a.md", 2), ("乙", "d.md", 3), ("丙", "s/c.md", 4)]
    {
        if name == "d.md" {
            fs::remove_file(folder.path().join("b.md")).unwrap();
        }
        if !name.is_empty() {
            folder.write(name, text(if name == "d.md" { "b.md\n\n改" } else { "改" }).as_bytes());
        }
        commit(&folder, who, &format!("2024-01-0{day}T00:00:00Z"));
    }
    folder.write("a.md", text("又改").as_bytes());
    commit(&folder, "甲", "2024-01-05T00:00:00Z");
    folder
}

/// The file of an object.
fn object(folder: &Folder, name: &str) -> PathBuf {
    let name = git(&folder.path(), "x", "2024-01-01T00:00:00Z", &["rev-parse", name]);
    let (folder_name, rest) = name.trim().split_at(2);
    folder.path().join(".git/objects").join(folder_name).join(rest)
}

/// A build, and the calls of git.
fn build(folder: &Folder, arguments: &[&str]) -> (Built, String) {
    let trace = folder.path().with_file_name("trace");
    let _ = fs::remove_file(&trace);
    let mut command = program();
    command.arg("build").arg("--verbose").args(arguments).arg(folder.path());
    let built = folder.ran(command.env("GIT_TRACE", &trace).output().unwrap());
    (built.at(folder.path().join("site")), fs::read_to_string(trace).unwrap())
}

/// The days of the pages, and the authors if they are shown.
fn shown(built: &Built) -> Vec<String> {
    let page = |page: &&str| {
        let (day, who) = facts(built, page);
        let day = day.map_or_else(|| "-".to_owned(), |day| day[8..].to_owned());
        if who.contains('字') || who.is_empty() { day } else { format!("{day} {who}") }
    };
    PAGES.iter().map(page).collect()
}

#[test]
fn dates_that_can_be_read_are_shown_until_the_repository_is_mended() {
    for (lost, expected) in [
        // The text before a rename: only what was before it is lost.
        ("HEAD~4:b.md", ["01 甲", "05 甲、乙", "03 乙", "04 丙、甲"]),
        // The folder after the third day: that day and the next are lost.
        ("HEAD~2^{tree}", ["01 甲", "05 甲、乙", "-", "-"]),
        // The third day itself: nothing leads to the days before.
        ("HEAD~2", ["-", "05", "-", "-"]),
        // A folder as it is now.
        ("HEAD:s", ["01 甲", "05 甲、乙", "03 乙、甲", "-"]),
        // The notes' own folder as it is now.
        ("HEAD^{tree}", ["01 甲", "-", "03 乙、甲", "04 丙、甲"]),
    ] {
        let folder = repository();
        let object = object(&folder, lost);
        let away = folder.path().with_file_name("away");
        fs::rename(&object, &away).unwrap();
        let (first, _) = build(&folder, &[]);
        let told = |built: &Built| built.printed.matches("hint[unknown-history]").count();
        assert_eq!(shown(&first), expected, "{lost}: {}", first.printed);
        assert_eq!((told(&first), first.code), (1, 0), "{lost}: {}", first.printed);

        let (again, calls) = build(&folder, &[]);
        assert_eq!(shown(&again), expected, "{lost}: {}", again.printed);
        assert_eq!(told(&again), 1, "{lost}: {}", again.printed);
        assert!(calls.contains("cat-file") && !calls.contains("ls-tree"), "{lost}: {calls}");

        fs::rename(&away, &object).unwrap();
        let (mended, calls) = build(&folder, &[]);
        assert_eq!(shown(&mended), WHOLE, "{lost}: {}", mended.printed);
        assert_eq!(told(&mended), 0, "{lost}: {}", mended.printed);
        assert!(calls.contains("ls-tree"), "{lost}: {calls}");
    }
}

#[test]
fn after_another_commit_only_that_one_is_read() {
    let folder = repository();
    build(&folder, &[]);
    folder.write("a.md", text("第六天").as_bytes());
    commit(&folder, "丁", "2024-01-06T00:00:00Z");
    // Everything that the commits before changed is known, and not looked at again.
    for lost in ["HEAD~3^{tree}", "HEAD~5:b.md"] {
        fs::remove_file(object(&folder, lost)).unwrap();
    }
    let (built, calls) = build(&folder, &[]);
    let expected = ["01 甲", "06 丁、甲、乙", "03 乙、甲", "04 丙、甲"];
    assert_eq!(shown(&built), expected, "{}", built.printed);
    assert_eq!(calls.matches("diff-tree").count(), 1, "{calls}");
    let lists: Vec<&str> = calls.lines().filter(|call| call.contains("rev-list")).collect();
    assert!(!lists.is_empty() && lists.iter().all(|call| call.contains('^')), "{calls}");
    // A clean build has to read all of them.
    let (clean, _) = build(&folder, &["--no-cache"]);
    assert_eq!(shown(&clean)[2], "-", "{}", clean.printed);
}
