//! The page with the notes that were changed last, and the day on which a note was written.

use crate::fixture::{Built, Folder};
use crate::history::repository;
use crate::repository::{commit, git};
use crate::request::{Answer, ask, becomes};
use crate::serving::Serving;

/// The days on the page of changes, each with its notes; a new one has a mark.
fn days(built: &Built) -> Vec<(String, Vec<String>)> {
    let page = built.file("changes.html");
    let day = |section: &str| {
        let day = section.split_once("datetime=\"").unwrap().1.split_once('"').unwrap().0;
        let note = |item: &str| {
            let item = item.split_once("</li>").unwrap().0;
            let title = item.split_once("\">").and_then(|(_, title)| title.split_once("</a>"));
            let title = title.map_or("", |(title, _)| title);
            let mark = if item.contains("<small>新</small>") { " 新" } else { "" };
            let former =
                item.split_once("<span>").map_or("", |(_, span)| span.split_once('<').unwrap().0);
            format!("{title}{mark} {former}").trim_end().to_owned()
        };
        (day.to_owned(), section.split("<li>").skip(1).map(note).collect())
    };
    let changes = page.split_once("<div class=\"changes\">").unwrap().1;
    changes.split_once("</div>").unwrap().0.split("<section>").skip(1).map(day).collect()
}

#[test]
fn changes_are_listed_by_day() {
    let built = repository().build(&[]);
    let day = |day: &str, notes: &[&str]| {
        (day.to_owned(), notes.iter().map(|note| (*note).to_owned()).collect())
    };
    // A rename is no change, and listed as what it is.
    let expected = [
        day("2024-04-05", &["乙 原名 旧名.md"]),
        day("2024-03-04", &["甲"]),
        day("2024-02-03", &["丙 新"]),
        day("2024-01-02", &["乙 新"]),
    ];
    assert_eq!(days(&built), expected);
    assert!(built.file("index.html").contains("<a href=\"changes.html\">全部</a>"));
    let note = built.file("一 部/甲.html");
    let written = "<span>写于 <time datetime=\"2024-01-02\">2024 年 1 月 2 日</time></span>";
    assert!(note.contains(written), "{note}");
    assert!(!built.file("丙.html").contains("写于"));
}

#[test]
fn without_days_there_is_no_page_of_changes() {
    let folder =
        Folder::new("-- README.md\n# 首页\n\n文\n-- a.md\n# 甲\n\n文\n-- b.md\n# 乙\n\n文\n");
    assert!(!folder.build(&[]).site.join("changes.html").exists());
    // All of one day.
    let day = "2024-01-02T03:04:05+08:00";
    git(&folder.path(), "甲君", day, &["init", "-q"]);
    commit(&folder, "甲君", day);
    let built = folder.build(&[]);
    assert!(!built.site.join("changes.html").exists());
    assert!(!built.file("index.html").contains("changes.html"));
    folder.write("a.md", "---\ndate: 2024-05-06\n---\n\n# 甲\n\n文\n".as_bytes());
    let built = folder.build(&[]);
    assert_eq!(days(&built)[0], ("2024-05-06".to_owned(), vec!["甲".to_owned()]));
    assert_eq!(built.files(), folder.build(&["--no-cache"]).files());
}

#[test]
fn renames_of_a_whole_folder_are_counted() {
    let folder = Folder::new("-- README.md\n# 首页\n\n文\n-- a.md\n# 甲\n\n文\n");
    let path = folder.path();
    for number in 0..9 {
        folder.write(&format!("旧/{number}.md"), format!("# 第 {number} 篇\n\n文\n").as_bytes());
    }
    git(&path, "甲君", "2024-01-02T00:00:00Z", &["init", "-q"]);
    commit(&folder, "甲君", "2024-01-02T00:00:00Z");
    git(&path, "甲君", "2024-02-03T00:00:00Z", &["mv", "旧", "新"]);
    folder.write("a.md", "# 甲\n\n改\n".as_bytes());
    commit(&folder, "甲君", "2024-02-03T00:00:00Z");
    let built = folder.build(&[]);
    let last = &days(&built)[0];
    assert_eq!(*last, ("2024-02-03".to_owned(), vec!["甲".to_owned(), " 9 篇改名".to_owned()]));
    // One that is renamed and changed at once has its name before beside it.
    git(&path, "甲君", "2024-03-04T00:00:00Z", &["mv", "a.md", "b.md"]);
    folder.write("b.md", "# 甲\n\n改\n\n再改\n".as_bytes());
    commit(&folder, "甲君", "2024-03-04T00:00:00Z");
    let built = folder.build(&[]);
    assert_eq!(days(&built)[0], ("2024-03-04".to_owned(), vec!["甲 原名 a.md".to_owned()]));
}

#[test]
fn each_part_has_a_feed_of_its_own() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- 一 部/a.md
        ---
        date: 2024-05-06
        tags: [标签]
        ---
        # 甲

        甲的第一段文字。
        -- 一 部/b.md
        ---
        date: 2024-05-07
        ---
        # 乙

        文
        -- 二部/c.md
        # 丙

        没有日期
        -- d.md
        ---
        date: 2024-05-08
        ---
        # 丁

        文
    ",
    );
    let built = folder.build(&["--base-url", "https://e.org/x/"]);
    let feed = built.file("feeds/一 部.xml");
    let entries: Vec<&str> = feed.split("<entry><title>").skip(1).collect();
    let titles: Vec<&str> = entries.iter().map(|entry| entry.split_once('<').unwrap().0).collect();
    assert_eq!(titles, ["乙", "甲"]);
    assert!(feed.contains("<title>一 部 · 首页</title><id>https://e.org/x/feeds/"), "{feed}");
    assert!(feed.contains("<updated>2024-05-07T00:00:00Z</updated>"), "{feed}");
    assert!(entries[1].contains("<category term=\"标签\"/>"), "{feed}");
    assert!(entries[1].contains("https://e.org/x/%E4%B8%80%20%E9%83%A8/a.html"), "{feed}");
    let head = feed.split_once("<entry>").unwrap().0;
    assert!(head.contains("<link href=\"https://e.org/x/%E4%B8%80%20%E9%83%A8/"), "{feed}");
    assert!(feed.contains("<link rel=\"self\" href=\"https://e.org/x/feeds/"), "{feed}");
    let page = built.file("一 部/a.html");
    let link = "title=\"一 部 · 首页\" href=\"../feeds/%E4%B8%80%20%E9%83%A8.xml\"";
    assert!(page.contains(link), "{page}");
    // A part without dates has none, nor has a part of one page.
    let feeds: Vec<String> =
        built.files().into_keys().filter(|file| file.starts_with("feeds/")).collect();
    assert_eq!(feeds, ["feeds/一 部.xml"]);
    assert!(!built.file("二部/c.html").contains("feeds/"));
    assert!(!built.file("d.html").contains("feeds/"));
    // Without the site's address there are no feeds.
    assert!(!folder.build(&[]).site.join("feeds").exists());
}

#[test]
fn the_preview_knows_notes_that_are_not_committed() {
    let folder = repository();
    // A filter that the repository names is a program that nobody asked for.
    let (path, mark) = (folder.path(), folder.path().join("ran"));
    folder.write(".gitattributes", b"*.md filter=x\n");
    let day = "2024-05-01T00:00:00Z";
    git(
        &path,
        "甲君",
        day,
        &["config", "filter.x.clean", &format!("touch '{}'; cat", mark.display())],
    );
    let serving = Serving::start(&path, &[]);
    let uncommitted = |expected: &str| {
        let is_wanted = |answer: &Answer| answer.page() == expected;
        becomes(&serving, "/.notes/uncommitted", is_wanted);
    };
    // `丁.md` is new.
    uncommitted("[\"/%E4%B8%81.html\"]");
    folder.write("一 部/甲.md", "# 甲\n改过又改的文\n".as_bytes());
    uncommitted("[\"/%E4%B8%80%20%E9%83%A8/%E7%94%B2.html\",\"/%E4%B8%81.html\"]");
    // The same text with other line ends is the same to git.
    folder.write("一 部/甲.md", "# 甲\r\n改过的文\r\n".as_bytes());
    folder.write("README.md", "# 首页\n文\n".as_bytes());
    uncommitted("[\"/\",\"/%E4%B8%81.html\"]");
    assert!(!mark.exists());
    let foreign = ask(&serving, "GET", "/.notes/uncommitted", "Origin: https://e.org\r\n");
    assert_eq!(foreign.status, 403);

    let elsewhere = Folder::new("-- a.md\n# 甲\n");
    let serving = Serving::start(&elsewhere.path(), &[]);
    becomes(&serving, "/.notes/uncommitted", |answer| answer.page() == "[]");
}
