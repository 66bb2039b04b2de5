//! The page with the notes that were changed last, and the day on which a note was written.

use crate::fixture::{Built, Folder};
use crate::history::repository;
use crate::repository::{commit, git};

/// The days on the page of changes, each with its notes; a new one has a mark.
fn days(built: &Built) -> Vec<(String, Vec<String>)> {
    let page = built.file("changes.html");
    let day = |section: &str| {
        let day = section.split_once("datetime=\"").unwrap().1.split_once('"').unwrap().0;
        let note = |item: &str| {
            let item = item.split_once("</li>").unwrap().0;
            let title = item.split_once("\">").unwrap().1.split_once("</a>").unwrap().0;
            let mark = if item.contains("<small>新</small>") { " 新" } else { "" };
            format!("{title}{mark}")
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
    // A rename is no change.
    let expected =
        [day("2024-03-04", &["甲"]), day("2024-02-03", &["丙 新"]), day("2024-01-02", &["乙 新"])];
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
