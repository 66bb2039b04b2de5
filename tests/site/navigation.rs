//! Sections, order, titles and navigation files.

use crate::fixture::{Built, Folder};

#[test]
fn the_tree_with_prefixes_sections_and_addresses_elsewhere() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- 10~存储/README.link
        https://e.org/storage
        -- 02~共识/README.md
        # 一致性与共识
        -- 02~共识/10_b.md
        # 第十
        文
        -- 02~共识/2_a.md
        # 第二
        文
        -- 02~共识/99~参考资料/2023~论文.md
        文
        -- 02~共识/概述.md

        -- 01~Socket/01~Socket.md
        # 套接字
        文
        -- 空/.gitkeep
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(
        built.contents(),
        ["套接字", "一致性与共识", "  第二", "  第十", "  概述", "  参考资料", "    论文", "存储",]
    );
    assert!(
        built
            .file("contents.html")
            .contains("<a href=\"https://e.org/storage\" rel=\"external\">存储</a>")
    );
    assert_eq!(
        built.pages(),
        [
            "01~Socket/index.html",
            "02~共识/10_b.html",
            "02~共识/2_a.html",
            "02~共识/99~参考资料/2023~论文.html",
            "02~共识/99~参考资料/index.html",
            "02~共识/index.html",
            "02~共识/概述.html",
            "index.html",
        ]
    );
    assert_eq!(
        built.sidebar("02~共识/99~参考资料/2023~论文.html"),
        ["套接字", "一致性与共识", "  第二", "  第十", "  概述", "  参考资料", "    论文*", "存储"]
    );
    // The one entry at the top with others below it is open on every page.
    assert_eq!(
        built.sidebar("01~Socket/index.html"),
        ["套接字*", "一致性与共识", "  第二", "  第十", "  概述", "  参考资料", "存储"]
    );
    // Stubs (`概述`, and the part's page with its title alone) and made pages are not read through.
    assert_eq!(
        built.chain(),
        [
            "index.html",
            "01~Socket/index.html",
            "02~共识/2_a.html",
            "02~共识/10_b.html",
            "02~共识/99~参考资料/2023~论文.html"
        ]
    );
}

const SUMMARY: &str = r"-- .gitbook.yaml
root: ./
structure:
  readme: ./README.md
  summary: ./.meta/SUMMARY.md
-- README.md
# 书
-- 甲/README.md
# 甲部
文
-- 甲/x y.md
# x

# y
文
-- 甲/z.md
# z
文
-- 乙/Socket/Socket.md
# S
文
-- 丙/p.md
# p
文
";

#[test]
fn a_summary_is_followed_repaired_and_completed() {
    let folder = Folder::new(&format!(
        r"{SUMMARY}-- .meta/SUMMARY.md
# Summary

## [甲](../甲/README.md)

- [Introduction](../甲/README.md)

- [叉](../甲/x y.md)

## 乙
- [Socket](../乙/Socket/README.md)
  - [Socket](../乙/Socket/Socket.md)
- [P](../丙/01~P.md)
- [没有](../没有.md)
- [别处](https://e.org)
"
    ));
    let built = folder.build(&["--verbose"]);
    assert_eq!(built.contents(), ["甲", "  叉", "  z", "乙", "  Socket", "  P", "  别处"]);
    assert_eq!(built.title("甲/x y.html"), "叉");
    for message in [
        "navigation: 9 entries: 5 found, 1 repaired, 0 folders, 1 to other sites, 1 label, 1 dead",
        ".meta/SUMMARY.md:13:8: `没有` leads nowhere: `../没有.md`",
        ".meta/SUMMARY.md:12:7: `../丙/01~P.md` does not exist; using `../丙/p.md`, which has a \
         similar name",
        "甲/z.md: not listed in .meta/SUMMARY.md",
    ] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
}

#[test]
fn a_folder_without_a_note_is_a_group() {
    let folder = Folder::new(&format!(
        "{SUMMARY}-- .meta/SUMMARY.md\n- [丙](../丙/README.md)\n  - [p](../丙/p.md)\n- \
         [甲](../甲/README.md)\n"
    ));
    let built = folder.build(&[]);
    assert!(
        built.printed.contains("3 entries: 2 found, 0 repaired, 1 folder"),
        "{}",
        built.printed
    );
    assert_eq!(built.title("丙/index.html"), "丙");
    assert!(built.file("丙/index.html").contains("<li><a href=\"p.html\">p</a>"));
}

#[test]
fn a_stale_summary_is_set_aside() {
    let folder = Folder::new(&format!(
        "{SUMMARY}-- .meta/SUMMARY.md\n- [甲](../甲/README.md)\n- [a](a.md)\n- [b](b.md)\n"
    ));
    let built = folder.build(&[]);
    assert!(
        built.printed.contains("SUMMARY.md: 2 of 3 entries lead nowhere; the file is not used"),
        "{}",
        built.printed
    );
    assert_eq!(built.contents(), ["丙", "  p", "乙", "  S", "甲部", "  x y", "  z"]);
}

#[test]
fn headings_are_entries_below_their_page() {
    let folder = Folder::new(
        r"
        -- SUMMARY.md
        # Summary

        * [Intro](README.md)
        * [Page 2](page2.md)
            * [Section 1](page2.md#section-1)
            * [Section :tada: **2**](./page2.md?id=section-2)
            * [Lost](page2.md#gone)
        * [Only a heading](page3.md#end)
        * [Last](page4.md)
        -- README.md
        # Intro

        hello
        -- page2.md
        # Page 2

        ## Section 1

        a

        ## Section 2

        b
        -- page3.md
        # Page 3

        a

        ## End

        b
        -- page4.md
        # Page 4

        a
    ",
    );
    let built = folder.build(&["--verbose"]);
    assert_eq!(
        built.contents(),
        ["Intro", "Page 2", "  Section 1", "  Section 🎉 2", "  Lost", "Only a heading", "Last"]
    );
    let contents = built.file("contents.html");
    for href in ["page2.html#section-1", "page2.html#section-2", "page3.html#end"] {
        assert!(contents.contains(&format!("href=\"{href}\"")), "{href}\n{contents}");
    }
    assert!(contents.contains("<a href=\"page2.html\">Lost</a>"), "{contents}");
    assert_eq!(
        built.sidebar("page2.html"),
        ["Intro", "Page 2*", "  Section 1", "  Section 🎉 2", "  Lost", "Only a heading", "Last"]
    );
    // The outline has them already, and a page is no part of its own.
    assert!(!built.file("page2.html").contains("In this section"));
    assert!(!built.files().keys().any(|file| file.starts_with("print/")));
    // Previous and next stop at each page once.
    assert_eq!(built.chain(), ["index.html", "page2.html", "page3.html", "page4.html"]);
    assert_eq!(built.title("page3.html"), "Page 3");
    assert!(
        built.printed.contains("SUMMARY.md:7:14: `page2.md#gone`: the page has no such heading"),
        "{}",
        built.printed
    );
    assert!(!built.printed.contains("does not list it"), "{}", built.printed);
}

#[test]
fn lines_of_a_navigation_file_are_read_like_text() {
    let notes = ["zh", "en", "c1", "c 2", "c3", "c4", "c5"]
        .map(|name| format!("-- {name}.md\n# {name}\n\nx\n"))
        .concat();
    let folder = Folder::new(&format!(
        r#"{notes}-- README.md
# H

x
-- SUMMARY.md
# Summary

* [首页](README.md)
* [中文](zh.md) / [English](en.md)
  * [below](c3.md)
* ![icon](i.svg) [第一章](c1.md) [代码](https://example.org/code)
* [x `a[0]` <small>y</small>](<c 2.md>)、[z](c4.md "title")
* <a href="c5.md">a <b>tag</b></a>
-- i.svg
<svg/>
"#
    ));
    let built = folder.build(&[]);
    assert_eq!(
        built.contents(),
        ["首页", "中文", "  below", "English", "第一章", "代码", "x a[0] y", "z", "a tag"]
    );
    assert!(!built.printed.contains("does not list it"), "{}", built.printed);
}

#[test]
fn instructions_for_agents_are_no_chapters() {
    let folder = Folder::new(
        r"
        -- README.md
        # Notes
        [rules](AGENTS.md)
        -- AGENTS.md
        # Agents
        Rules.
        -- 算法/CLAUDE.md
        # CLAUDE.md
        Rules.
        -- 算法/排序.md
        # 排序
        文
        -- 算法/agents.md
        # Agents of a game
        文
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(built.contents(), ["算法", "  Agents of a game", "  排序"]);
    assert_eq!(built.title("index.html"), "Notes");
}

#[test]
fn headings_that_say_nothing_are_no_titles() {
    let list = "# 目录\n\n* [初始容量](#初始容量)\n\n## 初始容量\n\n文字。\n";
    let folder = Folder::new(&format!(
        r"-- README.md
# 书

文
-- JVM内存结构.md
{list}-- Java集合详解.md
{list}-- a/same.md
# Raft

文
-- a/other.md
# Raft

又
-- a/chosen.md
---
title: Raft
---
文
-- b/alone.md
# Raft

文
"
    ));
    let built = folder.build(&[]);
    for (page, title) in [
        ("JVM内存结构.html", "JVM内存结构"),
        ("Java集合详解.html", "Java集合详解"),
        ("a/same.html", "same"),
        ("a/other.html", "other"),
        ("a/chosen.html", "Raft"),
        ("b/alone.html", "Raft"),
    ] {
        assert_eq!(built.title(page), title, "{page}");
    }
    assert!(built.text("JVM内存结构.html").starts_with("<h2 id=\"目录\">目录</h2>"));
    assert!(!built.printed.contains("same title"), "{}", built.printed);
}

#[test]
fn a_sidebar_of_docsify() {
    let folder = Folder::new(
        r"
        -- README.md
        # 书
        -- _coverpage.md
        # c
        -- a b/README.md
        # ab
        文
        -- a b/01.配置.md
        # 配置
        文
        -- _sidebar.md
        - [1 01~部分 [2]](/a%20b/README.md)
          - [1.1 01.配置部署 [3]](/a%20b/01.配置.md)
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(built.contents(), ["部分", "  配置部署"]);
    assert_eq!(built.pages(), ["a b/01.配置.html", "a b/index.html", "index.html"]);
}

#[test]
fn a_page_shows_its_branch_and_no_other() {
    let mut notes = String::from("-- README.md\n# 首页\n");
    for part in 0..4 {
        for note in 0..5 {
            notes.push_str(&format!("-- p{part}/s{note}/n.md\n# n{part}{note}\n文\n"));
        }
    }
    let built = Folder::new(&notes).build(&[]);
    let sidebar = built.sidebar("p2/s3/n.html");
    assert_eq!(
        sidebar,
        ["p0", "p1", "p2", "  s0", "  s1", "  s2", "  s3", "    n23*", "  s4", "p3"]
    );
}

#[test]
fn a_long_list_shows_what_is_around_the_page() {
    let mut notes = String::from("-- README.md\n# 首页\n");
    for note in 0..300 {
        notes.push_str(&format!("-- p/n{note}.md\n# n{note}\n文\n"));
    }
    let built = Folder::new(&notes).build(&[]);
    let sidebar = built.sidebar("p/n150.html");
    assert_eq!(sidebar.len(), 82);
    assert!(
        sidebar.contains(&"  n150*".to_owned()) && sidebar.last().unwrap().ends_with("(300)"),
        "{sidebar:?}"
    );
    assert_eq!(built.chain().len(), 301);
}

#[test]
fn titles() {
    let built = Folder::new(
        r"
        -- README.md
        ![logo](https://e.org/l.png)

        # 书名

        # 导航
        文
        -- 文本编辑.md
        # awk
        文
        # sed
        文
        -- 01~front.md
        ---
        title: 题目
        ---
        ## 节
        文
        -- code.md
        # `epoll` 与 [select](a.md)
        文
        -- a.md
    ",
    )
    .build(&[]);
    for (page, title) in [
        ("index.html", "书名"),
        ("文本编辑.html", "文本编辑"),
        ("01~front.html", "题目"),
        ("code.html", "<code>epoll</code> 与 <a href=\"a.html\">select</a>"),
        ("a.html", "a"),
    ] {
        assert_eq!(built.title(page), title, "{page}");
    }
    assert!(built.text("文本编辑.html").starts_with("<h2 id=\"awk\">awk</h2>"));
    assert!(!built.text("index.html").contains("书名"));
}

/// A site of folders in folders, each with a note, down to a depth.
fn nested(depth: usize) -> Built {
    let folder = Folder::new("-- README.md\n# Home\n");
    for level in 1..=depth {
        let path = format!("{}README.md", "d/".repeat(level));
        folder.write(&path, format!("# Level {level}\n\nText\n").as_bytes());
    }
    folder.build(&["--base-url", "https://example.org/"])
}

#[test]
fn a_page_grows_with_its_depth_and_not_with_the_square() {
    let built = nested(201);
    let bytes = |level: usize| built.file(&format!("{}index.html", "d/".repeat(level))).len();
    let [at_50, at_100, at_200] = [50, 100, 200].map(bytes);
    assert!(at_200 - at_100 < 9 * (at_100 - at_50) / 4, "{at_50} {at_100} {at_200}");
}

#[test]
fn deep_pages_show_the_ends_of_the_way_and_lead_up_without_scripts() {
    let built = nested(30);
    let route = |level: usize| format!("{}index.html", "d/".repeat(level));
    assert_eq!(
        built.sidebar(&route(20)),
        [
            "Level 1",
            "  …",
            "    Level 15",
            "      Level 16",
            "        Level 17",
            "          Level 18",
            "            Level 19",
            "              Level 20*",
            "                Level 21",
        ]
    );
    assert_eq!(built.sidebar(&route(8)).len(), 9);
    let page = built.file(&route(20));
    let crumbs = page.split_once("<ol>").unwrap().1.split_once("</ol>").unwrap().0;
    let gap = format!("<li><a href=\"{}index.html\">…</a></li>", "../".repeat(7));
    assert_eq!(crumbs.matches("<li>").count(), 9, "{crumbs}");
    assert!(crumbs.contains(&gap), "{crumbs}");
    let in_sidebar =
        format!("<li class=\"gap\"><a class=\"more\" href=\"{}index.html\">…</a>", "../".repeat(6));
    assert!(page.contains(&in_sidebar) && !page.contains("Level 13"), "{page}");
}
