//! The mind map of a part: placed by a block or the settings, as a drawing and as a list.

use crate::fixture::{Built, Folder};

const NOTES: &str = r"-- README.md
# 首页

文
-- 部/README.md
# 部分

前文

```mindmap
```

后文
-- 部/a.md
# 甲 & <乙>

文
-- 部/节/README.md
# 节

文
-- 部/节/b.md
# 丙

文
-- c.md
# 丁

文
";

/// The labels of the drawing in its order, each with its address.
fn drawn(built: &Built, page: &str) -> Vec<String> {
    let file = built.file(page);
    let Some((_, map)) = file.split_once("<figure class=\"diagram map\">") else {
        return Vec::new();
    };
    let svg = map.split_once("</svg>").unwrap().0;
    let label = |text: &str| {
        let before = &svg[..text.as_ptr() as usize - svg.as_ptr() as usize];
        let link = before.rsplit_once("<a href=\"").filter(|(_, rest)| !rest.contains("</a>"));
        let href = link.map_or("", |(_, link)| link.split_once('"').unwrap().0);
        let words = text.split_once('>').unwrap().1.split_once("</text>").unwrap().0;
        format!("{words} {href}").trim_end().to_owned()
    };
    svg.split("<text ").skip(1).map(label).collect()
}

#[test]
fn a_block_without_text_is_the_map_of_what_is_below_its_page() {
    let built = Folder::new(NOTES).build(&[]);
    let expected =
        ["部分", "甲 &amp; &lt;乙&gt; a.html", "节 %E8%8A%82/index.html", "丙 %E8%8A%82/b.html"];
    assert_eq!(drawn(&built, "部/index.html"), expected, "{}", built.printed);
    assert!(!built.printed.contains("diagram"), "{}", built.printed);
    let article = built.article("部/index.html");
    assert!(article.contains("<p>前文</p>\n<figure class=\"diagram map\">"), "{article}");
    assert!(article.contains("</figure>\n<p>后文</p>"), "{article}");
    // The same as a list, whose branches fold without scripts.
    let list = "<ul>\n<li><a href=\"a.html\">甲 &amp; &lt;乙&gt;</a></li>\n\
         <li><details><summary><a href=\"%E8%8A%82/index.html\">节</a></summary>\n<ul>\n\
         <li><a href=\"%E8%8A%82/b.html\">丙</a></li>\n</ul></details></li>\n</ul>\n";
    assert!(article.contains(list), "{article}");
    assert!(built.file("部/index.html").contains("diagram.css"));
    // On paper all notes follow.
    assert!(!built.file("print/部.html").contains("diagram map"));
    assert!(drawn(&built, "index.html").is_empty() && drawn(&built, "部/节/index.html").is_empty());
}

#[test]
fn the_settings_put_a_map_on_the_page_of_each_part() {
    let notes = NOTES.replace("```mindmap\n```\n\n", "");
    let folder =
        Folder::new(&format!("{notes}-- 空/d.md\n# 戊\n\n文\n-- notes.yaml\nmaps: true\n"));
    let built = folder.build(&[]);
    assert_eq!(drawn(&built, "部/index.html").len(), 4);
    assert!(built.article("部/index.html").ends_with("</figure>\n"));
    // A folder without a note has one too; a note alone, a section and the home page have none.
    assert_eq!(drawn(&built, "空/index.html"), ["空", "戊 d.html"]);
    for page in ["c.html", "部/节/index.html", "index.html"] {
        assert!(drawn(&built, page).is_empty(), "{page}");
    }
}

#[test]
fn a_page_has_one_map_and_the_home_page_of_a_library_its_books() {
    let folder = Folder::new(&format!("{NOTES}-- d.md\n# 戊\n\n- ```mindmap\n  ```\n"));
    folder.write("部/README.md", "# 部分\n\n> ```mindmap\n> ```\n\n```mindmap\n```\n".as_bytes());
    let built = folder.build(&[]);
    assert_eq!(built.file("部/index.html").matches("<figure class=\"diagram map\">").count(), 1);
    assert!(built.printed.contains("the map of a page is drawn once"), "{}", built.printed);
    assert!(drawn(&built, "d.html").is_empty());
    let library = Folder::new(
        "-- notes.yaml\nbooks: [one, two]\n-- README.md\n# 书库\n\n```mindmap\n```\n\
         -- one/README.md\n# 甲书\n\n文\n-- two/README.md\n# 乙书\n\n文\n",
    );
    let expected = ["书库", "甲书 one/index.html", "乙书 two/index.html"];
    assert_eq!(drawn(&library.build(&[]), "index.html"), expected);
}

#[test]
fn a_large_part_shows_fewer_levels_and_counts() {
    let folder = Folder::new("-- README.md\n# 首页\n\n```mindmap\n```\n");
    for section in 0..10 {
        for note in 0..20 {
            let text = format!("# 篇 {section}-{note:02}\n\n文\n");
            folder.write(&format!("p/{section}/{note:02}.md"), text.as_bytes());
        }
    }
    let labels = drawn(&folder.build(&[]), "index.html");
    assert_eq!(labels.len(), 1 + 1 + 10, "{labels:?}");
    assert_eq!(labels[2], "0 (20) p/0/index.html");
}

#[test]
fn a_map_follows_the_notes_as_in_a_clean_build() {
    let folder = Folder::new(NOTES);
    folder.build(&[]);
    let steps: [(&str, &[u8]); 3] = [
        ("部/节/e.md", "# 新\n\n文\n".as_bytes()),
        ("部/a.md", "# 改名\n\n文\n".as_bytes()),
        ("部/README.md", "# 部分\n\n没有图\n".as_bytes()),
    ];
    for (path, text) in steps {
        folder.write(path, text);
        let built = folder.build(&[]).files();
        assert_eq!(built, folder.build(&["--no-cache"]).files(), "{path}");
    }
    // The block is code if diagrams are off.
    folder.write("notes.yaml", b"markdown: {diagrams: false}\n");
    folder.write("部/README.md", "# 部分\n\n```mindmap\n```\n".as_bytes());
    assert!(drawn(&folder.build(&[]), "部/index.html").is_empty());
}
