//! Dates and authors from git: as git itself tells them for each file, and none where nobody knows.

use std::process::Command;

use crate::fixture::{Built, Folder};
use crate::repository::{commit, git};

/// Notes with a past: 甲.md changed twice, 乙.md renamed, 丙.md on a branch that was merged, 丁.md not committed.
fn repository() -> Folder {
    let folder = Folder::new(
        "-- .gitignore\nsite\n.notes\n-- notes.yaml\nbase_url: https://example.org/\n-- README.md\n# 首页\n-- 一 部/甲.md\n# 甲\n文\n-- 旧名.md\n# 乙\n文\n",
    );
    let path = folder.path();
    git(&path, "甲君", "2024-01-02T03:04:05+08:00", &["init", "-q"]);
    commit(&folder, "甲君", "2024-01-02T03:04:05+08:00");
    git(&path, "甲君", "2024-01-02T03:04:05+08:00", &["checkout", "-qb", "branch"]);
    folder.write("丙.md", "# 丙\n文\n".as_bytes());
    commit(&folder, "丙君", "2024-02-03T23:30:00-08:00");
    git(&path, "甲君", "2024-01-02T03:04:05+08:00", &["checkout", "-q", "main"]);
    folder.write("一 部/甲.md", "# 甲\n改过的文\n".as_bytes());
    commit(&folder, "乙君", "2024-03-04T05:06:07Z");
    git(&path, "乙君", "2024-03-05T00:00:00Z", &["merge", "-q", "--no-edit", "branch"]);
    git(&path, "乙君", "2024-04-05T00:00:00Z", &["mv", "旧名.md", "乙.md"]);
    commit(&folder, "乙君", "2024-04-05T00:00:00Z");
    folder.write("丁.md", "# 丁\n文\n".as_bytes());
    folder
}

/// The day that a page shows, and who wrote it.
fn facts(built: &Built, page: &str) -> (Option<String>, String) {
    let html = built.file(page);
    let facts = html
        .split_once("<p class=\"facts\">")
        .and_then(|(_, rest)| rest.split_once("</p>"))
        .map_or("", |(facts, _)| facts);
    let day = facts
        .split_once("datetime=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(day, _)| day.to_owned());
    let spans: Vec<&str> = facts.split("<span>").filter(|span| !span.contains("<time")).collect();
    (day, spans.get(1).and_then(|span| span.split("</span>").next()).unwrap_or_default().to_owned())
}

#[test]
fn days_and_authors_are_those_of_git() {
    let folder = repository();
    let built = folder.build(&[]);
    for (page, day, authors) in [
        ("一 部/甲.html", Some("2024-03-04"), "乙君、甲君"),
        // Renamed alone: the text is as old as it was.
        ("乙.html", Some("2024-01-02"), "甲君"),
        ("丙.html", Some("2024-02-03"), "丙君"),
        ("丁.html", None, ""),
    ] {
        let (found, who) = facts(&built, page);
        assert_eq!(found.as_deref(), day, "{page}");
        assert!(who == authors || (authors.is_empty() && who.contains('字')), "{page}: {who}");
        if page != "乙.html"
            && let Some(day) = day
        {
            let note = page.replace(".html", ".md");
            let told =
                git(&folder.path(), "x", "2024-01-01T00:00:00Z", &["log", "-1", "--format=%cI", "--", &note]);
            assert_eq!(told.split('T').next(), Some(day), "{page}");
        }
    }
    let sitemap = built.file("sitemap.xml");
    assert_eq!(sitemap.matches("<lastmod>2024-03-04</lastmod>").count(), 1, "{sitemap}");
    let undated = sitemap.lines().find(|line| line.contains("%E4%B8%81.html")).unwrap();
    assert!(!undated.contains("lastmod"), "{undated}");
    // Front matter knows better.
    folder.write("丙.md", "---\nupdated: 2020-05-06\n---\n# 丙\n文\n".as_bytes());
    assert_eq!(facts(&folder.build(&[]), "丙.html").0.as_deref(), Some("2020-05-06"));
}

#[test]
fn a_commit_changes_what_is_shown_and_what_was_kept_changes_nothing() {
    let folder = repository();
    folder.build(&[]);
    let again = folder.build(&[]);
    assert!(again.printed.contains(": 0 written"), "{}", again.printed);
    commit(&folder, "丁君", "2024-05-06T00:00:00Z");
    let built = folder.build(&[]);
    assert_eq!(facts(&built, "丁.html"), (Some("2024-05-06".to_owned()), "丁君".to_owned()));
    let clean = tempfile::tempdir().unwrap();
    let site = clean.path().join("site");
    let fresh = folder.build(&["--no-cache", "-o", site.to_str().unwrap()]).at(site.clone());
    assert!(built.files() == fresh.files());
}

#[test]
fn one_author_is_not_named_and_a_shallow_clone_has_no_days() {
    let folder = Folder::new("-- .gitignore\nsite\n.notes\n-- a.md\n# 甲\n文\n-- b/c.md\n# 丙\n文\n");
    git(&folder.path(), "甲君", "2024-01-02T03:04:05Z", &["init", "-q"]);
    commit(&folder, "甲君", "2024-01-02T03:04:05Z");
    folder.write("a.md", "# 甲\n改\n".as_bytes());
    commit(&folder, "甲君", "2024-02-02T03:04:05Z");
    let built = folder.build(&[]);
    assert_eq!(facts(&built, "a.html").0.as_deref(), Some("2024-02-02"));
    assert!(!built.file("a.html").contains("甲君"));
    // A folder within the repository is told of its own notes.
    let inner =
        Command::new(env!("CARGO_BIN_EXE_notes")).arg("build").arg(folder.path().join("b")).output().unwrap();
    let inner = folder.ran(inner).at(folder.path().join("b/site"));
    assert_eq!(facts(&inner, "c.html").0.as_deref(), Some("2024-01-02"));
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), "x", "2024-01-01T00:00:00Z", &["clone", "-q", "--depth", "1", &url, "notes"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    let output = command.arg("build").arg("--verbose").arg(clone.path().join("notes")).output().unwrap();
    let built = folder.ran(output).at(clone.path().join("notes/site"));
    assert_eq!(facts(&built, "a.html").0, None);
    assert!(built.printed.contains("note[shallow-history]"), "{}", built.printed);
}
