//! Sections, order, titles and navigation files.

use crate::fixture::Folder;

#[test]
fn the_tree_with_prefixes_sections_and_addresses_elsewhere() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\
         -- 10~存储/README.link\nhttps://e.org/storage\n\
         -- 02~共识/README.md\n# 一致性与共识\n\
         -- 02~共识/10_b.md\n# 第十\n文\n\
         -- 02~共识/2_a.md\n# 第二\n文\n\
         -- 02~共识/99~参考资料/2023~论文.md\n文\n\
         -- 02~共识/概述.md\n\n\
         -- 01~Socket/01~Socket.md\n# 套接字\n文\n\
         -- 空/.gitkeep\n",
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
    assert_eq!(built.sidebar("01~Socket/index.html"), ["套接字*", "一致性与共识", "存储"]);
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

const SUMMARY: &str = "-- .gitbook.yaml\nroot: ./\nstructure:\n  readme: ./README.md\n  summary: ./.meta/SUMMARY.md\n\
     -- README.md\n# 书\n\
     -- 甲/README.md\n# 甲部\n文\n\
     -- 甲/x y.md\n# x\n\n# y\n文\n\
     -- 甲/z.md\n# z\n文\n\
     -- 乙/Socket/Socket.md\n# S\n文\n\
     -- 丙/p.md\n# p\n文\n";

#[test]
fn a_summary_is_followed_repaired_and_completed() {
    let folder = Folder::new(&format!(
        "{SUMMARY}-- .meta/SUMMARY.md\n# Summary\n\n## [甲](../甲/README.md)\n\n- [Introduction](../甲/README.md)\n\n\
         - [叉](../甲/x y.md)\n\n## 乙\n- [Socket](../乙/Socket/README.md)\n  - [Socket](../乙/Socket/Socket.md)\n\
         - [P](../丙/01~P.md)\n- [没有](../没有.md)\n- [别处](https://e.org)\n"
    ));
    let built = folder.build(&["--verbose"]);
    assert_eq!(built.contents(), ["甲", "  叉", "  z", "乙", "  Socket", "  P", "  别处"]);
    assert_eq!(built.title("甲/x y.html"), "叉");
    for message in [
        "navigation: 9 entries: 5 found, 1 repaired, 0 folders, 1 to other sites, 1 label, 1 dead",
        ".meta/SUMMARY.md:13:8: `没有` leads nowhere: `../没有.md`",
        ".meta/SUMMARY.md:12:7: `../丙/01~P.md` does not exist; using `../丙/p.md`, which has a similar name",
        "甲/z.md: .meta/SUMMARY.md does not list it",
    ] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
}

#[test]
fn a_folder_without_a_note_is_a_group() {
    let folder = Folder::new(&format!(
        "{SUMMARY}-- .meta/SUMMARY.md\n- [丙](../丙/README.md)\n  - [p](../丙/p.md)\n- [甲](../甲/README.md)\n"
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
        built.printed.contains("SUMMARY.md: 2 of 3 entries lead nowhere; the file is set aside"),
        "{}",
        built.printed
    );
    assert_eq!(built.contents(), ["丙", "  p", "乙", "  S", "甲部", "  x y", "  z"]);
}

#[test]
fn a_sidebar_of_docsify() {
    let folder = Folder::new(
        "-- README.md\n# 书\n-- _coverpage.md\n# c\n-- a b/README.md\n# ab\n文\n-- a b/01.配置.md\n# 配置\n文\n\
         -- _sidebar.md\n- [1 部分 [2]](/a%20b/README.md)\n  - [1.1 01.配置部署 [3]](/a%20b/01.配置.md)\n",
    );
    let built = folder.build(&[]);
    assert_eq!(built.contents(), ["部分", "  01.配置部署"]);
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
        "-- README.md\n![logo](https://e.org/l.png)\n\n# 书名\n\n# 导航\n文\n\
         -- 文本编辑.md\n# awk\n文\n# sed\n文\n\
         -- 01~front.md\n---\ntitle: 题目\n---\n## 节\n文\n\
         -- code.md\n# `epoll` 与 [select](a.md)\n文\n\
         -- a.md\n",
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
