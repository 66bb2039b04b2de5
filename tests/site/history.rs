//! Dates and authors from git: as git itself tells them for each file, and none where nobody knows.

use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, program};
use crate::repository::{commit, git};
use crate::request::holds;
use crate::serving::Serving;

/// Notes with a past: 甲.md changed twice, 乙.md renamed, 丙.md on a branch that was merged, 丁.md not
/// committed.
pub fn repository() -> Folder {
    let folder = Folder::new(
        r"
        -- .gitignore
        site
        .notes
        -- notes.yaml
        base_url: https://example.org/
        -- README.md
        # 首页
        -- 一 部/甲.md
        # 甲
        文
        -- 旧名.md
        # 乙
        文
    ",
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
pub fn facts(built: &Built, page: &str) -> (Option<String>, String) {
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
fn a_page_names_three_authors_or_those_that_the_settings_ask_for() {
    let folder = Folder::new(
        r"
        -- a.md
        # 甲
        -- b.md
        # 乙
        ",
    );
    let path = folder.path();
    git(&path, "一", "2024-01-01T00:00:00Z", &["init", "-q"]);
    for (day, who) in ["一", "二", "三", "四", "dependabot[bot]", "五"].iter().enumerate() {
        folder.write("a.md", format!("# 甲\n文 {day}\n").as_bytes());
        if day < 4 {
            folder.write("b.md", format!("# 乙\n文 {day}\n").as_bytes());
        }
        commit(&folder, who, &format!("2024-01-0{}T00:00:00Z", day + 1));
    }
    for (settings, of_a, of_b) in [
        ("", "五、四、三等 5 人", "四、三、二、一"),
        ("authors: last\n", "五、四、三等 5 人", "四、三、二、一"),
        ("authors: all\n", "五、四、三、二、一", "四、三、二、一"),
        ("authors: first\n", "一", "一"),
        ("authors: none\n", "", ""),
    ] {
        folder.write("notes.yaml", settings.as_bytes());
        let built = folder.build(&[]);
        let found = ["a.html", "b.html"].map(|page| facts(&built, page).1);
        assert_eq!(found, [of_a, of_b], "{settings}");
    }
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
            let told = git(
                &folder.path(),
                "x",
                "2024-01-01T00:00:00Z",
                &["log", "-1", "--format=%cI", "--", &note],
            );
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
fn a_commit_changes_dates_also_with_a_warm_cache() {
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
    assert_same_files(&built.files(), &fresh.files(), &built.printed);
}

#[test]
fn a_commit_alone_updates_the_preview() {
    let folder = repository();
    let serving = Serving::start(&folder.path(), &[]);
    let page = "/%E4%B8%80%20%E9%83%A8/%E7%94%B2.html";
    holds(&serving, page, "datetime=\"2024-03-04\"");
    folder.write("一 部/甲.md", "# 甲\n又改过\n".as_bytes());
    holds(&serving, page, "又改过");
    // The looks after a save must be over, so that the commit is the only reason for one.
    std::thread::sleep(std::time::Duration::from_secs(2));
    commit(&folder, "乙君", "2024-06-07T00:00:00Z");
    holds(&serving, page, "datetime=\"2024-06-07\"");
}

#[test]
fn a_new_repository_and_its_first_commit_update_the_preview() {
    let folder = Folder::new(
        "-- .gitignore\nsite\n.notes\n-- README.md\n# 首页\n\n文\n-- a.md\n# 甲\n\n文\n",
    );
    let serving = Serving::start(&folder.path(), &[]);
    holds(&serving, "/a.html", "<p>文</p>");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let when = "2024-01-02T03:04:05Z";
    git(&folder.path(), "甲君", when, &["init", "-q"]);
    std::thread::sleep(std::time::Duration::from_secs(1));
    commit(&folder, "甲君", when);
    holds(&serving, "/a.html", "datetime=\"2024-01-02\"");
}

#[test]
fn one_author_is_not_named_and_a_shallow_clone_has_no_days() {
    let folder = Folder::new(
        r"
            -- .gitignore
            site
            .notes
            -- a.md
            # 甲
            文
            -- b/c.md
            # 丙
            文
        ",
    );
    git(&folder.path(), "甲君", "2024-01-02T03:04:05Z", &["init", "-q"]);
    commit(&folder, "甲君", "2024-01-02T03:04:05Z");
    folder.write("a.md", "# 甲\n改\n".as_bytes());
    commit(&folder, "甲君", "2024-02-02T03:04:05Z");
    let built = folder.build(&[]);
    assert_eq!(facts(&built, "a.html").0.as_deref(), Some("2024-02-02"));
    assert!(!built.file("a.html").contains("甲君"));
    // A folder within the repository is told of its own notes.
    let inner = program().arg("build").arg(folder.path().join("b")).output().unwrap();
    let inner = folder.ran(inner).at(folder.path().join("b/site"));
    assert_eq!(facts(&inner, "c.html").0.as_deref(), Some("2024-01-02"));
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), "x", "2024-01-01T00:00:00Z", &["clone", "-q", "--depth", "1", &url, "notes"]);
    let mut command = program();
    let output =
        command.arg("build").arg("--verbose").arg(clone.path().join("notes")).output().unwrap();
    let built = folder.ran(output).at(clone.path().join("notes/site"));
    assert_eq!(facts(&built, "a.html").0, None);
    assert!(built.printed.contains("hint[shallow-history]"), "{}", built.printed);
}

/// A note with a line at the top and one at the end that may be changed apart.
fn note(top: &str, end: &str) -> String {
    let between: String = (0..20).map(|number| format!("第 {number} 行文字。\n")).collect();
    format!("# 题\n\n{top}\n\n{between}\n{end}\n")
}

/// Notes with a past that is told line by line: `write NAME TOP END`, `empty NAME`, `remove NAME`,
/// `commit DAY WHO`, `merge BRANCH DAY WHO`, and what git is told at once.
fn lived(story: &str) -> Folder {
    let folder = Folder::new(
        r"
        -- .gitignore
        site
        .notes
        -- notes.yaml
        redirects: git
    ",
    );
    let path = folder.path();
    git(&path, "x", "2024-01-01T00:00:00Z", &["init", "-q"]);
    for line in story.split('\n').map(str::trim) {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["write", name, top, end] => folder.write(name, note(top, end).as_bytes()),
            ["empty", name] => folder.write(name, b""),
            ["remove", name] => fs::remove_file(path.join(name)).unwrap(),
            ["commit", day, who] => commit(&folder, who, &format!("2024-01-0{day}T00:00:00Z")),
            ["merge", branch, day, who] => {
                let when = format!("2024-01-0{day}T00:00:00Z");
                git(&path, who, &when, &["merge", "-q", "--no-edit", branch]);
            }
            ["git", ref arguments @ ..] => drop(git(&path, "x", "2024-01-01T00:00:00Z", arguments)),
            _ => panic!("{line}"),
        }
    }
    folder
}

/// The events; the dates and authors that pages show; the old addresses that redirect.
type Story = (
    &'static str,
    &'static [(&'static str, Option<&'static str>, &'static str)],
    &'static [(&'static str, bool)],
);

const STORIES: &[Story] = &[
    (
        // Renamed on one branch, changed on the other.
        "write a.md 一 二
             commit 1 甲
             git checkout -qb br
             git mv a.md b.md
             commit 2 乙
             git checkout -q main
             write a.md 三 二
             commit 3 丙
             merge br 4 丁",
        &[("b.html", Some("2024-01-03"), "丙、甲")],
        &[("a.html", true)],
    ),
    (
        // Both changed, and the merge has both changes.
        "write a.md 一 二
             commit 1 甲
             git checkout -qb br
             write a.md 三 二
             commit 2 乙
             git checkout -q main
             write a.md 一 四
             commit 3 丙
             merge br 4 丁",
        &[("a.html", Some("2024-01-04"), "丁、丙、乙、甲")],
        &[],
    ),
    (
        // A conflict that was resolved in the merge.
        "write a.md 一 二
             commit 1 甲
             git checkout -qb br
             write a.md 三 二
             commit 2 乙
             git checkout -q main
             write a.md 四 二
             commit 3 丙
             git merge -q -s ours --no-commit br
             write a.md 五 二
             commit 4 丁",
        &[("a.html", Some("2024-01-04"), "丁、丙、乙、甲")],
        &[],
    ),
    (
        // A change that the merge threw away.
        "write a.md 一 二
             write b.md 一 二
             commit 1 甲
             git checkout -qb br
             write a.md 三 二
             commit 3 乙
             git checkout -q main
             write a.md 四 二
             commit 2 丙
             git merge -q -s ours --no-commit br
             write b.md 三 二
             commit 4 丁",
        &[("a.html", Some("2024-01-02"), "丙、甲"), ("b.html", Some("2024-01-04"), "丁、甲")],
        &[],
    ),
    (
        // Empty notes are not one another.
        "empty x.md
             write a.md 一 二
             commit 1 甲
             remove x.md
             empty y.md
             commit 2 甲",
        &[],
        &[("x.html", false)],
    ),
    (
        // Renamed, deleted, and another one of the first name that is not committed; the one that
        // is gone has no author.
        "write a.md 一 二
             write c.md 七 八
             commit 1 甲
             git mv a.md b.md
             write b.md 三 二
             commit 2 乙
             remove b.md
             commit 3 甲
             write a.md 五 六",
        &[("a.html", None, ""), ("c.html", Some("2024-01-01"), "")],
        &[("b.html", false)],
    ),
    (
        // A commit of files beside the notes changes no note.
        "write a.md 一 二
             commit 1 甲
             write .github/a.md 三 四
             write b.txt 三 四
             commit 2 机器人",
        &[("a.html", Some("2024-01-01"), "")],
        &[],
    ),
    (
        // The folder of the notes was called something else, and one note stood elsewhere.
        "write docs/一.md 一 二
             write docs/部/README.md 三 四
             write src/三.md 五 六
             commit 1 甲
             write docs/一.md 七 二
             commit 2 乙
             git mv docs content
             commit 3 丙
             git mv src/三.md content/三.md
             commit 4 丙
             git mv content/一.md content/二.md
             commit 5 丙",
        &[
            ("二.html", Some("2024-01-02"), "乙、甲"),
            ("部/index.html", Some("2024-01-01"), "甲"),
            ("三.html", Some("2024-01-01"), "甲"),
        ],
        &[("一.html", true)],
    ),
];

#[test]
fn dates_and_authors_follow_renames_and_merges() {
    for (story, facts_of, leads) in STORIES {
        let folder = lived(story);
        let built = folder.build(&[]);
        for (page, day, authors) in *facts_of {
            let (found, who) = facts(&built, page);
            assert_eq!(found.as_deref(), *day, "{page}: {story}");
            assert!(
                who == *authors || (authors.is_empty() && who.contains('字')),
                "{page}: {who}: {story}"
            );
        }
        for (page, is_there) in *leads {
            let target = fs::read_to_string(built.site.join(page));
            assert_eq!(
                target.is_ok_and(|page| page.contains("http-equiv=\"refresh\"")),
                *is_there,
                "{page}: {story}"
            );
        }
    }
}

#[test]
fn folders_with_odd_names_and_moved_folders_have_dates() {
    let name = "第一\n部 *";
    let folder = Folder::new("-- .gitignore\nsite\n.notes\n");
    let path = folder.path();
    for number in 0..30 {
        folder.write(
            &format!("旧/{number}/a.md"),
            format!("# {number}\n\n文字 {number}\n").as_bytes(),
        );
    }
    git(&path, "甲", "2024-01-02T00:00:00Z", &["init", "-q"]);
    commit(&folder, "甲", "2024-01-02T00:00:00Z");
    folder.write("旧/7/a.md", "# 七\n\n改过\n".as_bytes());
    commit(&folder, "甲", "2024-01-03T00:00:00Z");
    git(&path, "甲", "2024-01-04T00:00:00Z", &["mv", "旧", name]);
    commit(&folder, "甲", "2024-01-04T00:00:00Z");
    let output = program().arg("build").arg(path.join(name)).output().unwrap();
    let built = folder.ran(output).at(path.join(name).join("site"));
    assert_eq!(facts(&built, "7/a.html").0.as_deref(), Some("2024-01-03"), "{}", built.printed);
    assert_eq!(facts(&built, "8/a.html").0.as_deref(), Some("2024-01-02"));
}

#[test]
fn invalid_dates_are_not_shown() {
    for (date, day) in [
        ("1714701600 +0800", Some("2024-05-03")),
        ("1714701600 +9999", Some("2024-05-03")),
        ("-5 +0000", None),
        ("99999999999999999999 +0000", None),
        ("", None),
    ] {
        let folder = repository();
        let path = folder.path();
        let run = |arguments: &[&str]| git(&path, "甲君", "2024-06-01T00:00:00Z", arguments);
        commit(&folder, "丁君", "2024-05-06T00:00:00Z");
        let text = run(&["cat-file", "commit", "HEAD"]);
        let line = text.lines().find(|line| line.starts_with("committer ")).unwrap();
        let broken = format!("committer 丁君 <x@example.org> {date}");
        folder.write(".git/commit", text.replace(line, &broken).as_bytes());
        let name = run(&["hash-object", "-t", "commit", "-w", "--literally", ".git/commit"]);
        run(&["update-ref", "HEAD", name.trim()]);
        let built = folder.build(&[]);
        assert_eq!(facts(&built, "丁.html").0.as_deref(), day, "{date}");
        assert_eq!(facts(&built, "一 部/甲.html").0.as_deref(), Some("2024-03-04"), "{date}");
        for file in ["feed.xml", "sitemap.xml"] {
            let text = built.file(file);
            assert!(!text.contains("%c") && !text.contains("+99"), "{date}: {text}");
            assert!(text.contains("2024-03-04"), "{date}: {text}");
        }
    }
}
