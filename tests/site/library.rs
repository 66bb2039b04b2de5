//! The pages of links: what the notes name elsewhere, each thing once, whatever its words are.

use crate::fixture::Folder;

/// The text between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("{from}\n{text}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("{to}\n{text}")).0
}

#[test]
fn each_link_target_is_listed_once_with_its_notes() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        [题目](https://e.org/a/)
        -- 甲/README.md
        # 甲
        文
        -- 甲/b.md
        # 乙
        见 http://e.org/a

        ## 书籍/Books

        - 2018~[一本 & 书](https://e.org/b)
        -- 甲/c.md
        # 丙

        [x](https://github.com/o/r)
    ",
    );
    let built = folder.build(&[]);
    let page = built.file("links.html");
    let list = between(&page, "<div class=\"library\">", "</div>");
    assert_eq!(list.matches("rel=\"external\"").count(), 3, "{list}");
    for part in [
        "<h2 id=\"part-1\">首页</h2>",
        "<a href=\"https://e.org/a/\" rel=\"external\">题目</a>",
        "<a href=\"%E7%94%B2/b.html#%E4%B9%99\">乙</a>",
        "<h3><a href=\"%E7%94%B2/b.html\">乙</a></h3>",
        "<b>书籍</b> <span>2018</span> <span>e.org</span> <a \
         href=\"%E7%94%B2/b.html#%E4%B9%A6%E7%B1%8Dbooks\">书籍/Books</a>",
        "一本 &amp; 书",
        "<b>项目</b>",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    let script = built.file("static/library.js");
    let row = "[\"https://e.org/b\",\"一本 & \
         书\",\"e.org\",\"book\",2018,[[\"%E7%94%B2/b.html#%E4%B9%A6%E7%B1%8Dbooks\",\"乙\",\"书籍/Books\",\"甲\"]]]";
    assert!(
        script.starts_with("\"use strict\";\nnotes.library([") && script.contains(row),
        "{script}"
    );
    for (route, href) in [("甲/b.html", "../links.html"), ("contents.html", "links.html")] {
        assert!(built.file(route).contains(&format!("<a href=\"{href}\">链接</a>")), "{route}");
    }
}

#[test]
fn no_link_page_for_notes_without_external_links() {
    let built = Folder::new(
        r"
            -- README.md
            # 首页
            [a](a.md) <me@e.org>
            -- a.md
            # a
        ",
    )
    .build(&[]);
    assert!(
        !built.site.join("links.html").exists() && !built.site.join("static/library.js").exists()
    );
    assert!(!built.file("index.html").contains("links.html"));
}

#[test]
fn the_page_makes_way_for_a_note() {
    let built = Folder::new(
        r"
            -- README.md
            # 首页
            https://e.org
            -- links.md
            # 我的链接
        ",
    )
    .build(&[]);
    assert!(built.file("links.html").contains("我的链接"));
    assert!(built.file("links-2.html").contains("<div class=\"library\">"));
    assert!(built.file("index.html").contains("<a href=\"links-2.html\">"));
}

#[test]
fn html_in_link_text_is_escaped() {
    let folder = Folder::new(
        r#"
        -- README.md
        # <img src=x onerror=alert(1)> `</script>`

        [`<script>alert(1)</script>`](https://e.org/"onclick=alert(1)) [j](javascript:alert(1)) [d](data:text/html,x)
        [k](<https://e.org/a b'c>) <a href="https://e.org/q?a=1&amp;b=2">raw</a>
    "#,
    );
    let built = folder.build(&[]);
    let page = built.file("links.html");
    let list = between(&page, "<div class=\"library\">", "</div>");
    for part in [
        "&lt;script&gt;alert(1)&lt;",
        "https://e.org/%22onclick=alert(1)",
        "https://e.org/a%20b&#39;c",
        "https://e.org/q?a=1&amp;b=2",
        ">raw</a>",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    for part in ["<script", "<img", "javascript:", "data:"] {
        assert!(!list.contains(part), "{part}\n{list}");
    }
    let script = built.file("static/library.js");
    assert!(!script.contains("javascript:") && !script.contains("data:"), "{script}");
}

#[test]
fn a_long_list_has_several_pages() {
    let links = |note: usize, count: usize| {
        let link = |link: usize| format!("- https://e.org/{note}/{link}\n");
        format!(
            r"-- {note}.md
# {note}

{}",
            (0..count).map(link).collect::<String>()
        )
    };
    let notes =
        format!("-- README.md\n# 首页\n{}{}{}", links(1, 400), links(2, 300), links(3, 600));
    let built = Folder::new(&notes).build(&[]);
    let counts: Vec<usize> = ["links.html", "links-2.html", "links-3.html", "links-4.html"]
        .iter()
        .map(|route| built.file(route).matches("<li><a href=\"https://e.org/").count())
        .collect();
    assert_eq!(counts, [400, 300, 500, 100]);
    let second = built.file("links-2.html");
    for part in [
        "<h1>链接 2</h1>",
        "<a href=\"links.html\"><small>",
        "<a href=\"links-3.html\"><small>",
        "共 1,300 个链接",
    ] {
        assert!(second.contains(part), "{part}");
    }
    assert_eq!(built.file("static/library.js").matches("https://e.org/").count(), 1300);
    assert!(!built.site.join("links-5.html").exists());
}

#[test]
fn a_clipping_names_its_original() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        文
        -- a.md
        > [原文地址](https://e.org/a?b=c&d)

        # 摘录

        文
        -- b.md
        # 乙

        > [原文地址](a.md)
    ",
    );
    let built = folder.build(&[]);
    let origin = "<a href=\"https://e.org/a?b=c&amp;d\" rel=\"external\">原文</a>";
    assert!(between(&built.file("a.html"), "<p class=\"origin\">", "</p>").contains(origin));
    assert!(!built.file("b.html").contains(">原文</a>"));
}

#[test]
fn an_edit_beside_a_link_is_seen() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        - [书](https://e.org/a)
    ",
    );
    for (text, expected) in
        [("2018-[书](https://e.org/a) #Book#", true), ("文字 [书](https://e.org/a)", false)]
    {
        folder.write("README.md", format!("# 首页\n\n- {text}\n").as_bytes());
        let page = folder.build(&[]).file("links.html");
        assert_eq!(page.contains("<b>书籍</b> <span>2018</span>"), expected, "{page}");
    }
}
