//! Links and embeds of Obsidian, in its vaults and in other folders.

use crate::fixture::{Built, Folder};

/// The text of the home page of some files, and the build.
fn home(files: &str) -> (String, Built) {
    let built = Folder::new(files).build(&[]);
    (built.text("index.html"), built)
}

#[test]
fn double_brackets_that_name_a_note_are_links_in_any_folder() {
    let (text, built) = home(
        r"
        -- README.md
        # 首页

        见 [[Deep Note]]，[[Other|**文字**]]，[[deep note#Part|节]]；[[nodiscard]] 和 [[ -f x ]] 是文字。

        | 表 |
        | --- |
        | [[Other\|文]] |
        -- Other.md
        # Other

        [[README]] 与 [[Other#没有]]
        -- a/Deep Note.md
        # Deep Note

        ## Part

        [[README]]
    ",
    );
    for link in [
        "<a href=\"a/Deep%20Note.html\">Deep Note</a>",
        "<a href=\"Other.html\"><strong>文字</strong></a>",
        "<a href=\"a/Deep%20Note.html#part\">节</a>",
        "<td><a href=\"Other.html\">文</a></td>",
        "[[nodiscard]] 和 [[ -f x ]] 是文字",
    ] {
        assert!(text.contains(link), "{link}\n{text}");
    }
    assert!(built.text("Other.html").contains("<a href=\"index.html\">README</a>"));
    assert!(built.text("a/Deep Note.html").contains("<a href=\"../index.html\">README</a>"));
    assert_eq!(built.printed.matches("[dead-anchor]").count(), 1, "{}", built.printed);
    assert!(built.printed.contains("Other#没有"), "{}", built.printed);
}

#[test]
fn a_note_that_comes_makes_a_link_of_its_name() {
    let folder = Folder::new("-- README.md\n# 首页\n\n[[Later]]\n-- a.md\n# 甲\n\n文\n");
    assert!(folder.build(&[]).text("index.html").contains("[[Later]]"));
    folder.write("b/Later.md", b"# Later\n\ntext\n");
    let text = folder.build(&[]).text("index.html");
    assert!(text.contains("<a href=\"b/Later.html\">Later</a>"), "{text}");
}

#[test]
fn the_nearest_readme_is_meant() {
    let built = Folder::new(
        r"
        -- .obsidian/app.json
        {}
        -- README.md
        # 首页
        -- a/README.md
        # 甲
        -- a/b/c.md
        # 丙

        [[README]]
        -- d/e.md
        # 戊

        [[README]]
    ",
    )
    .build(&[]);
    assert!(built.text("a/b/c.html").contains("href=\"../index.html\""));
    assert!(built.text("d/e.html").contains("href=\"../index.html\""));
}

#[test]
fn block_ids_are_anchors() {
    let (text, built) = home(
        r"
        -- .obsidian/app.json
        {}
        -- README.md
        # 首页

        [[Note#^abc123]] [x](Note.md#^abc123) ![[Note#^itemid]]
        -- Note.md
        # Note

        A paragraph. ^abc123

        - item ^itemid
        - other
    ",
    );
    let note = built.text("Note.html");
    assert!(note.contains("<p id=\"^abc123\">A paragraph.</p>"), "{note}");
    assert!(note.contains("<li id=\"^itemid\">item</li>"), "{note}");
    assert_eq!(text.matches("href=\"Note.html#%5Eabc123\"").count(), 2, "{text}");
    assert!(text.contains("<div class=\"embed\">\nitem"), "{text}");
    assert!(!text.contains("other") && !built.printed.contains("anchor"), "{}", built.printed);
}

#[test]
fn files_are_embedded_by_what_they_are() {
    let (text, built) = home(
        r"
        -- README.md
        # 首页

        ![[doc.pdf]] ![[b/clip.mp3]] ![[film.mp4]] ![[pic.png|200]]

        | 表 |
        | --- |
        | ![[film.mp4\|320]] |
        -- doc.pdf
        %PDF
        -- a/clip.mp3
        x
        -- a/film.mp4
        x
        -- pic.png
        x
    ",
    );
    for element in [
        "<a href=\"doc.pdf\">doc.pdf</a>",
        "<video controls=\"\" aria-label=\"film.mp4\" src=\"a/film.mp4\"></video>",
        "<img src=\"pic.png\"",
        "<td><video controls=\"\" width=\"320\" src=\"a/film.mp4\"></video></td>",
    ] {
        assert!(text.contains(element), "{element}\n{text}");
    }
    // Another folder is named than that of the only file of the name.
    assert!(built.printed.contains("b/clip.mp3"), "{}", built.printed);
}

#[test]
fn notes_and_sections_are_shown_where_they_are_embedded() {
    let (text, built) = home(
        r"
        -- README.md
        # 首页

        前 ![[a/Note#第 一]] 后

        - 项 ![[Other]]

        | 表 |
        | --- |
        | ![[Other\|别的]] |

        ## ![[Other]]
        -- a/Note.md
        # Note

        ## 第 一

        见 [图](i.svg)、[节](#二)[^1]。

        ![](i.svg)

        ### 细节

        细

        ## 二

        不要
        [^1]: 注
        -- a/i.svg
        <svg/>
        -- Other.md
        # Other

        别的文字
    ",
    );
    for part in [
        "<p>前</p>\n<div class=\"embed\">\n<h3 id=\"e1.第-一\">第 一</h3>",
        "<a href=\"a/i.svg\">图</a>",
        "<a href=\"a/Note.html#%E4%BA%8C\">节</a>",
        "href=\"a/Note.html#fn-1\"",
        "<img src=\"a/i.svg\"",
        "<p class=\"embed-source\"><a href=\"a/Note.html#%E7%AC%AC-%E4%B8%80\">Note › 第 一</a></p>\n</div>\n<p>后</p>",
        "<h3 id=\"e2.other\">Other</h3>\n<p>别的文字</p>",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(text.matches("别的文字").count(), 2, "{text}");
    assert!(text.contains("细") && !text.contains("不要"), "{text}");
    // Within a heading an embed is a link.
    assert!(text.contains("<a href=\"Other.html\">Other</a></h2>"), "{text}");
    assert!(!built.printed.contains("embed"), "{}", built.printed);
}

#[test]
fn a_change_of_an_embedded_note_is_shown_where_it_is_embedded() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        ![[a]]
        -- a.md
        # 甲

        ![[b]]
        -- b.md
        # 乙

        旧
    ",
    );
    assert!(folder.build(&[]).text("index.html").contains("旧"));
    folder.write("b.md", "# 乙\n\n新\n".as_bytes());
    let text = folder.build(&[]).text("index.html");
    assert!(text.contains("新") && !text.contains("旧"), "{text}");
}

#[test]
fn circles_and_depths_end_with_a_message() {
    let mut files = String::from(
        "-- README.md\n# 首页\n\n![[x]]\n\n![[n1]]\n-- x.md\n# X\n\n甲\n\n![[y]]\n-- y.md\n# Y\n\n乙\n\n![[x]]\n\n![[y#部分]]\n\n## 部分\n\n丙\n",
    );
    for number in 1..9 {
        files += &format!("-- n{number}.md\n# N{number}\n\n第{number}层\n\n![[n{}]]\n", number + 1);
    }
    files += "-- n9.md\n# N9\n\n末\n";
    let (text, built) = home(&files);
    assert_eq!((text.matches("甲").count(), text.matches("乙").count()), (1, 1), "{text}");
    // A note may show a section of itself.
    assert_eq!(text.matches("丙").count(), 2, "{text}");
    assert!(text.contains("第5层") && !text.contains("第6层"), "{text}");
    for message in ["`x` is not shown here: it embeds itself", "nested more than 5 deep"] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
    assert_eq!(built.code, 0);
}

#[test]
fn large_and_many_embeds_are_bounded() {
    let large = "文字。\n\n".repeat(300_000);
    let many = "![[small]]\n\n".repeat(3_000);
    let (text, built) = home(&format!(
        "-- README.md\n# 首页\n\n![[large]]\n\n{many}\n-- large.md\n# 大\n\n{large}\n-- small.md\n# 小\n\n短文\n"
    ));
    assert!(text.len() < 4 << 20, "{}", text.len());
    assert!(text.matches("短文").count() > 400, "{}", text.matches("短文").count());
    assert_eq!(text.matches("<a href=\"small.html\">").count(), 3_000);
    for message in ["more than 2 MB of text", "more than 500 notes"] {
        assert_eq!(built.printed.matches(message).count(), 1, "{message}\n{}", built.printed);
    }
}

#[test]
fn a_broken_embed_is_a_link_or_reported() {
    let (text, built) = home(
        "-- .obsidian/app.json\n{}\n-- README.md\n# 首页\n\n![[a#没有]]\n\n![[b]]\n-- a.md\n# 甲\n\n甲的文字\n",
    );
    assert!(text.contains("<a href=\"a.html\">a#没有</a>") && !text.contains("甲的文字"), "{text}");
    assert!(built.printed.contains("a#没有") && built.printed.contains("`b` leads nowhere"));
}

#[test]
fn a_link_to_a_file_keeps_the_place_in_it() {
    let (page, _) = home(
        r#"
        -- README.md
        # 首页

        [文](<文 1.pdf#page=3&zoom=50>) ![[文 1.pdf#page=4]] ![片](a.mp4#t=10,20) <video src="a.mp4#t=1"></video>
        -- 文 1.pdf
        x
        -- a.mp4
        x
    "#,
    );
    for expected in [
        "<a href=\"%E6%96%87%201.pdf#page=3&amp;zoom=50\">文</a>",
        "<a href=\"%E6%96%87%201.pdf#page=4\">",
        "<video controls=\"\" aria-label=\"片\" src=\"a.mp4#t=10,20\"></video>",
        "<video src=\"a.mp4#t=1\"></video>",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn a_player_without_its_file_says_so() {
    let (page, built) = home(
        r#"
        -- README.md
        # 首页

        ![声](no.mp3) ![](no.mp4) <audio src="gone.ogg" controls></audio>

        <video src="gone.webm" controls>见<a href="https://e.org/">这里</a></video>

        <video controls><source src="gone.ogv"><source src="a.mp4"></video>
        -- a.mp4
        x
    "#,
    );
    for expected in [
        "<span class=\"missing\">声 <code>no.mp3</code></span> ",
        "<span class=\"missing\">文件缺失 <code>no.mp4</code></span> ",
        "<span class=\"missing\">文件缺失 <code>gone.ogg</code></span>",
        "<video controls=\"\">见<a href=\"https://e.org/\" rel=\"external\">这里</a></video>",
        "<source src=\"a.mp4\" />",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert_eq!(built.printed.matches("does not exist").count(), 5, "{}", built.printed);
}

#[test]
fn the_printable_page_of_a_part_shows_what_its_notes_embed() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- p/README.md
        # 部分

        ![[外]]

        ![[外#一节]]
        -- p/q.md
        # 内

        ![[外]]

        ![[README]]
        -- 外.md
        # 外

        外面的文字[^1]，见[内](p/q.md)。

        ## 一节

        ![[内]]

        [^1]: 注。
        -- 内.md
        # 另一篇

        深处的文字
    ",
    );
    let printed = folder.build(&[]).text("print/p.html");
    assert_eq!(printed.matches("外面的文字").count(), 2, "{printed}");
    assert_eq!(printed.matches("深处的文字").count(), 3, "{printed}");
    assert!(printed.contains("见<a href=\"#c1\">内</a>"), "{printed}");
    assert!(printed.contains("<p class=\"embed-source\"><a href=\"../%E5%A4%96.html\">外</a></p>"));
    // A note of the same part is on the same paper.
    assert!(printed.contains("<a href=\"#c0\">README</a>"), "{printed}");
    let ids: Vec<_> = printed.match_indices(" id=\"").map(|(at, _)| &printed[at + 5..]).collect();
    let ids: Vec<_> = ids.iter().filter_map(|rest| rest.split('"').next()).collect();
    let different: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), different.len(), "{ids:?}");
    folder.write("内.md", "# 另一篇\n\n新的文字\n".as_bytes());
    let printed = folder.build(&[]).text("print/p.html");
    assert_eq!(printed.matches("新的文字").count(), 3, "{printed}");
}
