//! Tags of notes: their pages, under a note, on the home page, in the feed and in the search.

use crate::fixture::{Built, Folder, program};

const NOTES: &str = r#"-- README.md
# 首页

文
-- a.md
---
tags: [Linux, 数据库/MySQL]
date: 2024-05-06
---
# 甲

第一篇的文字
-- b.md
---
tags: "linux，#分布式"
---
# 乙

第二篇的文字
-- c.md
---
tags:
- LINUX
- 数据库
keywords: 丁
---
# 丙

第三篇的文字
-- d.md
# 丁

没有标签的文字
"#;

/// The entries of lists of one kind: words, address, count.
fn entries(page: &str, list: &str) -> Vec<String> {
    let lists = page.split(list).skip(1).map(|list| list.split_once("</ul>").unwrap().0);
    let items: Vec<&str> = lists.flat_map(|list| list.split("<li>").skip(1)).collect();
    let entry = |item: &&str| {
        let (address, rest) = item.split_once("href=\"").unwrap().1.split_once('"').unwrap();
        let title = rest.split_once('>').unwrap().1.split_once("</a>").unwrap().0;
        let count =
            item.split_once("<small>").map_or("", |(_, count)| count.split_once('<').unwrap().0);
        format!("{title} {address} {count}").trim_end().to_owned()
    };
    items.iter().map(entry).collect()
}

fn index(built: &Built, page: &str) -> Vec<String> {
    entries(&built.file(page), "<ul class=\"index\">")
}

fn tagged(built: &Built, page: &str) -> Vec<String> {
    entries(&built.file(page), "<section class=\"children\">\n<ul>")
}

#[test]
fn tags_have_pages_and_counts_in_the_order_of_an_index() {
    let built = Folder::new(NOTES).build(&[]);
    // Of the spellings none is commoner: the first of them is the name.
    let expected = [
        "分布式 tags/%E5%88%86%E5%B8%83%E5%BC%8F.html 1",
        "LINUX tags/linux.html 3",
        "数据库 tags/%E6%95%B0%E6%8D%AE%E5%BA%93.html 2",
        "数据库/MySQL tags/%E6%95%B0%E6%8D%AE%E5%BA%93-mysql.html 1",
    ];
    assert_eq!(index(&built, "tags.html"), expected);
    assert_eq!(index(&built, "index.html"), expected);
    assert!(built.file("index.html").contains("<a href=\"tags.html\">全部标签</a>"));
    assert!(built.file("contents.html").contains("<a href=\"tags.html\">标签</a>"));
    assert_eq!(tagged(&built, "tags/linux.html"), ["甲 ../a.html", "乙 ../b.html", "丙 ../c.html"]);
    // The notes of the tags below a tag are its own.
    assert_eq!(tagged(&built, "tags/数据库.html"), ["甲 ../a.html", "丙 ../c.html"]);
    assert_eq!(tagged(&built, "tags/数据库-mysql.html"), ["甲 ../a.html"]);
    let page = built.file("tags/数据库-mysql.html");
    assert!(
        page.contains("<li><a href=\"%E6%95%B0%E6%8D%AE%E5%BA%93.html\">数据库</a></li>"),
        "{page}"
    );

    let under = |page: &str| entries(&built.file(page), "<ul class=\"tags\"");
    let expected =
        ["LINUX tags/linux.html", "数据库/MySQL tags/%E6%95%B0%E6%8D%AE%E5%BA%93-mysql.html"];
    assert_eq!(under("a.html"), expected);
    assert!(under("d.html").is_empty() && under("index.html").is_empty());
    assert!(built.file("a.html").contains("<meta property=\"article:tag\" content=\"LINUX\">"));
}

#[test]
fn nothing_of_tags_appears_where_no_note_has_one() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a.md\n---\nkeywords: 甲乙\n---\n# 甲\n\n#标签 文\n",
    );
    let built = folder.build(&[]);
    for (route, bytes) in built.files() {
        let text = String::from_utf8_lossy(&bytes).replace("tags\":\"标签", "");
        let is_page = route.ends_with(".html") || route.contains("search/");
        assert!(!route.contains("tags"), "{route}");
        assert!(!is_page || !text.contains("tags"), "{route}\n{text}");
    }
}

#[test]
fn the_feed_and_the_search_know_tags() {
    let folder = Folder::new(NOTES);
    let built = folder.build(&["--base-url", "https://e.org/"]);
    let feed = built.file("feed.xml");
    assert!(feed.contains("<category term=\"LINUX\"/><category term=\"数据库/MySQL\"/>"), "{feed}");
    assert!(built.file("static/search/index.js").contains("\"tags\":[\"分布式\",\"LINUX\","));
    let found = |tag: &str| {
        let mut command = program();
        command.arg("search").args(["文字", "--tag", tag]).arg(folder.path());
        let printed = folder.ran(command.output().unwrap()).printed;
        ["a.md", "b.md", "c.md", "d.md"].map(|file| printed.contains(file))
    };
    assert_eq!(found("linux"), [true, true, true, false]);
    assert_eq!(found("#数据库"), [true, false, true, false]);
    assert_eq!(found("数据库/mysql"), [true, false, false, false]);
    assert_eq!(found("数据"), [false; 4]);
}

#[test]
fn the_address_of_a_tag_is_that_of_all_its_spellings() {
    let folder = Folder::new(NOTES);
    folder.write("d.md", "---\ntags: [Linux]\n---\n# 丁\n\n文\n".as_bytes());
    folder.write("e.md", "---\ntags: [Linux]\n---\n# 戊\n\n文\n".as_bytes());
    let built = folder.build(&[]);
    assert!(index(&built, "tags.html").contains(&"Linux tags/linux.html 5".to_owned()));
    assert!(built.file("tags/linux.html").contains("<h1>Linux</h1>"));
}

#[test]
fn an_edit_of_tags_gives_the_site_of_a_clean_build() {
    let folder = Folder::new(NOTES);
    folder.build(&[]);
    for text in [
        "---\ntags: [新, linux]\n---\n# 丁\n\n文字\n",
        "---\ntags: [新]\n---\n# 丁\n\n文字\n",
        "# 丁\n\n文字\n",
    ] {
        folder.write("d.md", text.as_bytes());
        let built = folder.build(&[]).files();
        assert_eq!(built, folder.build(&["--no-cache"]).files(), "{text}");
        assert_eq!(built.contains_key("tags/新.html"), text.contains('新'), "{text}");
    }
}

#[test]
fn a_vault_has_the_tags_in_its_texts() {
    let folder = Folder::new(
        r"
        -- .obsidian/app.json
        {}
        -- README.md
        # 首页
        -- a.md
        ---
        tags: [甲]
        ---
        # 题

        文 #乙/丙 文 `#丁`

        #甲 #1 #戊
    ",
    );
    let built = folder.build(&[]);
    let titles: Vec<String> = index(&built, "tags.html")
        .iter()
        .map(|entry| entry.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(titles, ["甲", "戊", "乙", "乙/丙"]);
    assert!(built.article("a.html").contains("文 #乙/丙 文"));
    // Paths and addresses are none, and levels have names.
    folder.write("b.md", "# 题\n\n#/usr/bin [x](<c #d.md>)\n".as_bytes());
    let built = folder.build(&[]);
    let last = index(&built, "tags.html").pop().unwrap();
    assert_eq!(last, "乙/丙 tags/%E4%B9%99-%E4%B8%99.html 1");
    assert!(built.site.join("tags/usr-bin.html").exists());
    assert!(!built.site.join("tags/d.html").exists());
}

#[test]
fn names_of_all_kinds_have_pages_of_their_own() {
    let names = [
        "../x", "a b", "C++", "C#", "c", "a\"><b>", "index", "con", "tags", "%41", "a.html", ".",
        "🦀",
    ];
    let list: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let folder = Folder::new(&format!(
        "-- README.md\n# 首页\n-- tags/a.md\n---\ntags: [{}]\n---\n# 题\n\n文\n-- tags.md\n# 标签\n",
        list.join(", ")
    ));
    let built = folder.build(&[]);
    let shown = index(&built, "tags-2.html");
    assert_eq!(shown.len(), names.len() + 1, "{shown:?}\n{}", built.printed);
    for entry in &shown {
        assert!(entry.ends_with(" 1"), "{entry}");
    }
    assert!(built.file("tags.html").contains("<h1"));
    let pages = built.pages();
    let of_tags = pages.iter().filter(|page| page.starts_with("tags/"));
    // The writer's own note and folder are there too.
    assert_eq!(of_tags.count(), shown.len() + 2, "{pages:?}");
}

#[test]
fn a_tag_of_many_notes_has_several_pages() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    for number in 0..1_001 {
        let text = format!("---\ntags: [多]\n---\n# 第 {number:04} 篇\n\n文\n");
        folder.write(&format!("n{number:04}.md"), text.as_bytes());
    }
    let built = folder.build(&[]);
    assert_eq!(index(&built, "tags.html"), ["多 tags/%E5%A4%9A.html 1001"]);
    assert_eq!(tagged(&built, "tags/多.html").len(), 1_000);
    assert_eq!(tagged(&built, "tags/多-2.html"), ["第 1000 篇 ../n1000.html"]);
    assert!(built.file("tags/多.html").contains("href=\"%E5%A4%9A-2.html\""));
}
