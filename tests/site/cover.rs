//! The home page as a cover, what the settings add around the pages, and translations of notes.

use crate::fixture::Folder;

#[test]
fn the_home_page_begins_with_its_first_paragraph_and_the_parts() {
    let folder = Folder::new(
        r"
        -- README.md
        [![a](https://e.org/a.svg)](https://e.org) [![b](https://e.org/b.svg)](https://e.org)

        # 笔记

        这一本笔记讲操作系统、网络与分布式系统。

        ## 约定

        命令以 `$` 开头。
        -- 一/README.md
        # 第一部分

        这一部分讲进程怎样调度，内存怎样分页，文件怎样写到磁盘上。
        -- 一/a.md
        # 甲

        文
        -- 二/b.md
        # 乙

        文
        -- 二/c.md
        # 丙
    ",
    );
    let home = folder.build(&[]).file("index.html");
    let places: Vec<usize> = [
        "<h1 id=\"笔记\">",
        "<p>这一本笔记",
        "class=\"begin\"",
        "class=\"matrix parts\"",
        "https://e.org/a.svg",
        "id=\"约定\"",
    ]
    .iter()
    .map(|part| home.find(part).unwrap_or_else(|| panic!("{part}\n{home}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}\n{home}");
    for part in [
        // A card: title, number of notes, sentence, sections.
        "<a href=\"%E4%B8%80/index.html\">第一部分</a> <small class=\"count\">2</small></th>",
        "<td role=\"cell\"><span class=\"summary\">这一部分讲进程怎样调度，内存怎样分页，文件怎样写到磁盘上。</span></td>",
        "<a href=\"%E4%B8%80/a.html\">甲</a>",
        "class=\"stub\">丙</a>",
    ] {
        assert!(home.contains(part), "{part}\n{home}");
    }
    // No dates, so nothing is the latest.
    assert!(!home.contains("class=\"recent\""), "{home}");
}

#[test]
fn the_latest_notes_are_listed_if_their_days_differ() {
    let note =
        |name: &str, day: &str| format!("-- {name}.md\n---\ndate: {day}\n---\n\n# {name}\n\n文\n");
    let folder = |days: &[&str]| {
        let notes: String =
            days.iter().enumerate().map(|(index, day)| note(&format!("n{index}"), day)).collect();
        Folder::new(&format!("-- README.md\n# 首页\n\n文\n{notes}"))
    };
    let days = [
        "2024-01-02",
        "2024-03-04",
        "2024-02-03",
        "2024-01-01",
        "2023-01-01",
        "2022-01-01",
        "2021-01-01",
    ];
    let home = folder(&days).build(&[]).file("index.html");
    let recent = home.split_once("<section class=\"recent\">").unwrap().1;
    let recent = recent.split_once("</section>").unwrap().0;
    let shown: Vec<&str> = ["n1", "n2", "n0", "n3", "n4", "n5"].to_vec();
    let places: Vec<_> = shown.iter().map(|name| recent.find(&format!(">{name}</a>"))).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{recent}");
    assert!(!recent.contains(">n6</a>"), "{recent}");
    // One day says only when the notes came into the repository.
    let home = folder(&["2024-01-02", "2024-01-02"]).build(&[]).file("index.html");
    assert!(!home.contains("class=\"recent\""), "{home}");
}

#[test]
fn a_cover_that_shows_the_title_is_not_followed_by_it() {
    for (words, is_titled) in [("笔记", true), ("学习笔记本", false)] {
        let folder = Folder::new("-- README.md\n# 笔记\n\n文\n-- notes.yaml\ncover: c.svg\n");
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 3\"><text>{words}</text></svg>"
        );
        folder.write("c.svg", svg.as_bytes());
        let home = folder.build(&[]).file("index.html");
        assert_eq!(home.contains("class=\"cover titled\""), is_titled, "{home}");
        assert!(home.contains("<h1"), "{home}");
    }
}

#[test]
fn the_settings_give_accent_logo_links_and_footer() {
    let folder = Folder::new(
        r##"
        -- README.md
        # 笔记

        文
        -- a/about.md
        # 关于

        文
        -- notes.yaml
        theme: {accent: "#6d28d9"}
        logo: logo.svg
        links:
          - {link: a/about.md}
          - {title: 博客, link: "https://e.org/?a=1&b=2"}
          - {title: 无, link: gone.md}
        footer: "© 某人 <b> [备案](https://e.org/icp)"
    "##,
    );
    folder.write("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 2\"/>");
    let built = folder.build(&[]);
    assert!(built.printed.contains("`gone.md` leads nowhere"), "{}", built.printed);
    let page = built.file("a/about.html");
    for part in [
        "<img src=\"../logo.svg\" alt=\"\" width=\"4\" height=\"2\">",
        "<a class=\"own\" href=\"about.html\">关于</a>",
        "<a class=\"own\" href=\"https://e.org/?a=1&amp;b=2\" rel=\"external\">博客</a>",
        "© 某人 &lt;b&gt; <a href=\"https://e.org/icp\" rel=\"external\">备案</a>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains(">无</a>"), "{page}");
    assert!(built.site.join("logo.svg").is_file());
    let style = built.file("static/style.css");
    assert!(style.contains(":root { --accent: #6d28d9;"), "{style}");
    for (settings, told) in [
        ("theme: {accent: teal}", "`theme.accent` is not a colour"),
        ("footer: '[x](javascript:alert(1))'", "`footer`"),
        ("links: [{title: x}]", "has no `link`"),
    ] {
        folder.write("notes.yaml", settings.as_bytes());
        let built = folder.build(&[]);
        assert!(built.code != 0 && built.printed.contains(told), "{}", built.printed);
    }
}

#[test]
fn a_sheet_of_the_writers_own_is_loaded_by_itself() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- static/text.css\np {}\n-- static/print.css\nq {}\n",
    );
    let built = folder.build(&[]);
    let home = built.file("index.html");
    let links = [
        "<link rel=\"stylesheet\" href=\"static/style.css\">",
        "<link rel=\"stylesheet\" href=\"static/text.css\">",
        "<link rel=\"stylesheet\" href=\"static/style-2.css\">",
        "<link rel=\"stylesheet\" href=\"static/print.css\" media=\"print\">",
    ];
    assert!(home.contains(&links.join("\n")), "{home}");
    assert_eq!(built.file("static/text.css"), "p {}\n");
    assert!(!built.site.join("static/page.css").exists());
}

#[test]
fn translations_are_languages_of_their_note_and_no_chapters() {
    let folder = Folder::new(
        r"
        -- README.md
        # 笔记

        这一本笔记讲操作系统。
        -- README_EN.md
        # Notes

        Notes on systems.
        -- a/x.md
        # 甲

        文
        -- a/x.zh-TW.md
        # 甲

        文
        -- b/y.md
        # Y

        This is a note in English with some more words than a name has.
        -- b/y_zh.md
        # 乙

        文
    ",
    );
    let built = folder.build(&["--base-url", "https://e.org/"]);
    assert_eq!(built.sidebar("index.html"), ["a", "b"]);
    let home = built.file("index.html");
    for part in [
        "<a href=\"index.html\" hreflang=\"zh-CN\" lang=\"zh-CN\" aria-current=\"true\">简体中文</a>",
        "<a href=\"README_EN.html\" hreflang=\"en\" lang=\"en\">English</a>",
        "<link rel=\"alternate\" hreflang=\"en\" href=\"https://e.org/README_EN.html\">",
    ] {
        assert!(home.contains(part), "{part}\n{home}");
    }
    assert!(built.file("README_EN.html").contains("<article lang=\"en\">"));
    assert!(built.file("a/x.zh-TW.html").contains("<article lang=\"zh-TW\">"));
    // The search finds them, and can be limited to a language.
    let directory = built.file("static/search/index.js");
    let parts = r#""parts":[["",0],["a",1],["b",2],["English",3],["简体中文",4],["繁體中文",5]]"#;
    assert!(directory.contains(parts), "{directory}");
    let found = folder.search("systems").printed;
    assert!(found.starts_with("README_EN.md:3: Notes\n"), "{found}");
    // There is one into the site's language, so the language of the note itself is not known.
    let note = built.file("b/y.html");
    assert!(note.contains("<a href=\"y.html\" aria-current=\"true\">原文</a>"), "{note}");
    assert!(!note.contains("hreflang=\"zh-CN\""), "{note}");
}

#[test]
fn a_translation_that_the_navigation_lists_is_found_once() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a.md\n# 甲\n\n文\n-- a_en.md\n# A\n\nMelon\n-- SUMMARY.md\n\
         - [甲](a.md)\n- [A](a_en.md)\n",
    );
    let found = folder.search("melon").printed;
    assert_eq!(found.matches("a_en.md:3").count(), 1, "{found}");
}

#[test]
fn pages_without_content_lead_on() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n文\n-- a/1.md\n# 一\n\n文\n-- a/2.md\n# 二\n-- a/3.md\n# 三\n\n文\n",
    );
    let built = folder.build(&[]);
    let stub = built.file("a/2.html");
    assert!(stub.contains("rel=\"prev\" href=\"1.html\""), "{stub}");
    assert!(stub.contains("rel=\"next\" href=\"3.html\""), "{stub}");
    let lost = built.file("404.html");
    assert!(lost.contains("<form class=\"lost\"") && lost.contains("name=\"q\""), "{lost}");
}

#[test]
fn a_copy_of_a_built_in_file_replaces_nothing() {
    let folder = Folder::new("-- README.md\n# 首页\n\n文\n");
    let before = folder.build(&[]).files();
    folder.write("static/page.css", include_bytes!("../../static/page.css"));
    folder.write("templates/base.html", include_bytes!("../../templates/base.html"));
    assert_eq!(folder.build(&[]).files(), before);
    folder.write("static/page.css", b"body { color: blue }");
    let built = folder.build(&[]);
    assert_eq!(built.file("static/page.css"), "body { color: blue }");
    assert!(built.file("index.html").contains("href=\"static/page.css\""));
}
