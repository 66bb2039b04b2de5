//! Under a note the notes that link to it and those that name it.

use std::fmt::Write as _;
use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};
use crate::request::{becomes, holds};
use crate::serving::Serving;

/// The part of a page below its text that names other notes: addresses, and sentences with the name
/// in brackets.
fn mentions(built: &Built, route: &str) -> Vec<String> {
    let page = built.file(route);
    let Some((_, aside)) = page.split_once("<aside class=\"mentions\"") else { return Vec::new() };
    let (aside, _) = aside.split_once("</aside>").unwrap();
    let item = |item: &str| {
        let item = item.split_once("</li>").unwrap().0;
        let (href, rest) = match item.split_once("href=\"") {
            Some((_, rest)) => rest.split_once('"').unwrap(),
            None => ("", item),
        };
        let sentence = rest.split_once("<span>").map_or("", |(_, sentence)| sentence);
        let sentence = sentence.replace("<mark>", "[").replace("</mark>", "]");
        format!("{href} {}", sentence.trim_end_matches("</span>"))
    };
    aside.split("<li>").skip(1).map(item).collect()
}

#[test]
fn sentences_that_name_a_note_are_below_it() {
    let folder = Folder::new(
        r"
        -- README.md
        # 笔记

        首页也说到 Raft 和分布式锁。
        -- 共识/README.md
        # 共识算法

        [Raft](Raft.md) 是其中之一。
        -- 共识/Raft.md
        ---
        keywords: [Raft 算法]
        tags: [网关]
        aliases: [木筏协议]
        ---
        # Raft

        Raft 自己的正文。
        -- a.md
        # 存储

        ## 复制

        一句在前。日志由 Raft <复制> & 提交！一句在后。`Raft` 在代码里。

        ```
        Raft
        ```
        -- b.md
        # 网关

        木筏协议是它的别名，见 Raftery、raft_log、Multi-Raft。
        -- c.md
        # 锁服务

        用[共识](共识/Raft.md)实现的 Raft 锁。
        -- d.md
        # 分布式锁

        # 又一个标题
        -- e.md
        # 锁的用法

        说到分布式锁的时候，不是说锁服务。
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(
        mentions(&built, "共识/Raft.html"),
        [
            "../c.html ",
            "../index.html 首页也说到 [Raft] 和分布式锁。",
            "../a.html#%E5%A4%8D%E5%88%B6 日志由 [Raft] &lt;复制&gt; &amp; 提交！",
            "../b.html [木筏协议]是它的别名，见 Raftery、raft_log、Multi-Raft。",
        ]
    );
    assert_eq!(mentions(&built, "c.html"), ["e.html 说到分布式锁的时候，不是说[锁服务]。"]);
    assert!(!built.file("index.html").contains("class=\"mentions\""));
    folder.write("notes.yaml", b"mentions: false\n");
    assert!(mentions(&folder.build(&[]), "共识/Raft.html").is_empty());
}

#[test]
fn names_that_say_nothing_or_are_those_of_several_notes_are_left_out() {
    let mut files = String::from("-- README.md\n# 首页\n\n文\n");
    for (number, title) in ["简介", "总结", "Go", "C", "网络", "README", "导论"].iter().enumerate()
    {
        let _ = write!(files, "-- t{number}.md\n# {title}\n\n文\n");
    }
    files += "-- u.md\n# 网络\n\n文\n-- v.md\n# 总结\n\n文\n-- w.md\n# 全部\n\n";
    files += "这里有简介和总结，用 Go 和 C 写网络程序，见 README 与导论的说明。\n";
    let built = Folder::new(&files).build(&[]);
    for page in built.pages() {
        assert_eq!(mentions(&built, &page), [""; 0], "{page}");
    }
}

#[test]
fn a_name_that_many_notes_hold_is_a_common_word() {
    for (count, is_shown) in [(8, true), (9, false)] {
        let mut files = String::from("-- README.md\n# 首页\n\n文\n-- t.md\n# 事务隔离\n\n文\n");
        for number in 0..count {
            let _ =
                write!(files, "-- n{number}.md\n# 第 {number} 篇\n\n这里说到事务隔离的级别。\n");
        }
        let built = Folder::new(&files).build(&[]);
        let expected = if is_shown { count } else { 0 };
        assert_eq!(mentions(&built, "t.html").len(), expected, "{count}");
    }
    // Of many the first eight, and a search for all.
    let mut files = String::from("-- README.md\n# 首页\n\n文\n-- t.md\n# 事务隔离\n\n文\n");
    for number in 0..100 {
        let text = if number < 10 {
            "这里说到事务隔离的级别。"
        } else {
            "别的正文在这里。"
        };
        let _ = write!(files, "-- n{number:03}.md\n# 第 {number} 篇\n\n{text}\n");
    }
    let shown = mentions(&Folder::new(&files).build(&[]), "t.html");
    assert_eq!(shown.len(), 9, "{shown:?}");
    let all = "search.html?q=%22%E4%BA%8B%E5%8A%A1%E9%9A%94%E7%A6%BB%22 ";
    assert_eq!((&*shown[0], &*shown[8]), ("n000.html 这里说到[事务隔离]的级别。", all));
    // Of several names no search finds all.
    let files = files.replace("# 事务隔离", "---\naliases: [隔离级别]\n---\n\n# 事务隔离");
    let files = files.replacen("这里说到事务隔离的级别", "这里说到隔离级别的种类", 1);
    let shown = mentions(&Folder::new(&files).build(&[]), "t.html");
    assert_eq!(shown[8], " ");
}

#[test]
fn an_edit_renders_the_pages_whose_mentions_changed() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a.md\n# 事务隔离\n\n文\n-- b.md\n# 乙\n\n说到事务隔离的级别。\n-- \
         c.md\n# 丙\n\n文\n",
    );
    folder.build(&[]);
    let no_places: [&str; 0] = [];
    // A note, its text, the number of pages that are rendered, and the mentions of `a.md` then.
    for (path, text, rendered, expected) in [
        (
            "b.md",
            "# 乙\n\n说到事务隔离的级别。\n\n别的。\n",
            1,
            &["b.html 说到[事务隔离]的级别。"][..],
        ),
        ("b.md", "# 乙\n\n说到事务隔离的各种级别。\n", 2, &["b.html 说到[事务隔离]的各种级别。"]),
        ("c.md", "# 丙\n\n事务隔离。\n", 1, &["b.html 说到[事务隔离]的各种级别。"]),
        (
            "d.md",
            "# 丁\n\n也有事务隔离的说明。\n",
            8,
            &["b.html 说到[事务隔离]的各种级别。", "d.html 也有[事务隔离]的说明。"],
        ),
        ("a.md", "# 隔离级别表\n\n文\n", 8, &no_places),
        ("c.md", "# 丙\n\n见隔离级别表的说明。\n", 2, &["c.html 见[隔离级别表]的说明。"]),
        ("c.md", "# 丙丙\n\n见隔离级别表的说明。\n", 8, &["c.html 见[隔离级别表]的说明。"]),
        (
            "a.md",
            "---\nkeywords: [各种级别]\n---\n\n# 隔离级别表\n\n文\n",
            1,
            &["b.html 说到事务隔离的[各种级别]。", "c.html 见[隔离级别表]的说明。"],
        ),
    ] {
        folder.write(path, text.as_bytes());
        let built = folder.build(&["--timings"]);
        assert_eq!(mentions(&built, "a.html"), expected, "{path} {text}");
        let clean = folder.path().join("clean");
        let output = clean.display().to_string();
        let clean = folder.build(&["--no-cache", "-o", &output]).at(clean);
        assert_same_files(&built.files(), &clean.files(), text);
        let line = built.printed.lines().find(|line| line.starts_with("render")).unwrap();
        assert!(line.contains(&format!("  {rendered} of ")), "{path} {text}: {line}");
    }
}

#[test]
fn the_preview_shows_what_notes_say_now() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a.md\n# 事务隔离\n\n文\n-- b.md\n# 乙\n\n说到事务隔离的级别。\n",
    );
    let serving = Serving::start(&folder.path(), &[]);
    holds(&serving, "/a.html", "说到<mark>事务隔离</mark>的级别。");
    folder.write("b.md", "# 乙\n\n说到事务隔离的级别。\n\n别的。\n".as_bytes());
    holds(&serving, "/b.html", "别的。");
    holds(&serving, "/a.html", "说到<mark>事务隔离</mark>的级别。");
    folder.write("b.md", "# 乙\n\n说到事务隔离的各种级别。\n".as_bytes());
    holds(&serving, "/a.html", "说到<mark>事务隔离</mark>的各种级别。");
    // Another title, and another name of the file.
    folder.write("a.md", "# 各种级别\n\n文\n".as_bytes());
    holds(&serving, "/a.html", "说到事务隔离的<mark>各种级别</mark>。");
    fs::rename(folder.path().join("a.md"), folder.path().join("c.md")).unwrap();
    holds(&serving, "/c.html", "说到事务隔离的<mark>各种级别</mark>。");
    fs::remove_file(folder.path().join("b.md")).unwrap();
    becomes(&serving, "/c.html", |answer| !answer.page().contains("class=\"mentions\""));
}

#[test]
fn translations_stand_where_their_notes_do() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        [共识](a.md)
        -- README_EN.md
        # Home

        See [consensus](a.md), that is Raft for most.
        -- a.md
        # Raft

        文
        -- a.en.md
        # Raft in English

        Here Raft is told in English.
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(mentions(&built, "a.html"), [""; 0]);
}

#[test]
fn a_place_in_a_further_part_of_the_first_level_is_named() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a.md\n# Raft\n\n文\n-- b.md\n---\ntitle: 乙\n---\n\n# 乙\n\n一。\n\n# \
         第二\n\n这里说到 Raft 的日志。\n",
    );
    let built = folder.build(&[]);
    assert_eq!(mentions(&built, "a.html"), ["b.html#%E7%AC%AC%E4%BA%8C 这里说到 [Raft] 的日志。"]);
}
