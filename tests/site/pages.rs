//! The content of pages: links, files, the matrix, the frame.

use std::fs;

use crate::fixture::{Folder, outdented};

#[test]
fn links_lead_where_the_writer_meant() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        repository: https://github.com/o/r
        branch: master
        -- README.md
        # 首页
        -- 甲/generation_clock.md
        # 时钟
        ## 选举 阶段
        文
        -- 甲/100%.md
        # 百
        文
        -- 甲/img.svg
        <svg/>
        -- 甲/unused.png
        x
        -- .mindmap/m.xmind
        x
        -- 空/x.txt
        x
        -- 乙/n.md
        # 乙

        [1](../甲/generation-clock.md) [2](../%E7%94%B2/generation_clock.md#选举-阶段) [3](../甲/) [4](../甲/100%25.md)
        [5](none.md) [6]() [7](HTTP://E.org) [8](www.example.com/x) [9](../.mindmap/m.xmind) [10](../空) [11](../甲/img.svg)
        [12](#没有) [13](../甲/generation_clock.html) [14](../SUMMARY.md)

        ![图](../甲/img.svg)

        ![缺](none.png)
    ",
    );
    let built = folder.build(&[]);
    let clock = "../%E7%94%B2/generation_clock.html";
    let text = built.text("乙/n.html");
    for link in [
        format!("<a href=\"{clock}\">1</a>"),
        format!("<a href=\"{clock}#%E9%80%89%E4%B8%BE-%E9%98%B6%E6%AE%B5\">2</a>"),
        "<a href=\"../%E7%94%B2/index.html\">3</a>".to_owned(),
        "<a href=\"../%E7%94%B2/100%25.html\">4</a>".to_owned(),
        "<span class=\"dead\" title=\"链接的目标不存在: none.md\">5</span>".to_owned(),
        "<a href=\"http://E.org\" rel=\"external\">7</a>".to_owned(),
        "<a href=\"http://www.example.com/x\" rel=\"external\">8</a>".to_owned(),
        "<a href=\"https://github.com/o/r/blob/master/.mindmap/m.xmind\" rel=\"external\">9</a>"
            .to_owned(),
        "<a href=\"https://github.com/o/r/blob/master/%E7%A9%BA\" rel=\"external\">10</a>"
            .to_owned(),
        "<a href=\"../%E7%94%B2/img.svg\">11</a>".to_owned(),
        "<a href=\"n.html\">12</a>".to_owned(),
        format!("<a href=\"{clock}\">13</a>"),
        "<img src=\"../%E7%94%B2/img.svg\" alt=\"图\" loading=\"lazy\" decoding=\"async\" />"
            .to_owned(),
        "<span class=\"missing\">缺 <code>none.png</code></span>".to_owned(),
    ] {
        assert!(text.contains(&link), "{link}\n{text}");
    }
    assert!(built.site.join("甲/img.svg").exists());
    for unpublished in ["甲/unused.png", ".mindmap", "空/x.txt"] {
        assert!(!built.site.join(unpublished).exists(), "{unpublished}");
    }
}

#[test]
fn files_are_published_when_named_and_pointers_never() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let folder = Folder::new(&format!(
        r#"-- notes.yaml
assets: ["files/**"]
-- README.md
# 首页
![p](p.png) [q](q.xmind) <img src=raw.png> <video src="v.mp4"></video>
-- p.png
{pointer}-- q.xmind
{pointer}-- raw.png
x
-- v.mp4
x
-- files/a.txt
x
-- files/.b
x
-- other.txt
x
"#
    ));
    let built = folder.build(&[]);
    for (file, published) in [
        ("p.png", false),
        ("q.xmind", false),
        ("raw.png", true),
        ("v.mp4", true),
        ("files/a.txt", true),
        ("files/.b", false),
        ("other.txt", false),
    ] {
        assert_eq!(built.site.join(file).exists(), published, "{file}\n{}", built.printed);
    }
    assert!(
        built.printed.contains("README.md:2:6: `p.png` is a git-LFS pointer"),
        "{}",
        built.printed
    );
    assert!(built.text("index.html").contains("<video src=\"v.mp4\"></video>"));
}

#[test]
fn the_matrix_of_a_readme_counts_and_marks() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        - 本地

        | [甲](./甲) | [乙](./乙) | [外](https://e.org) |
        | --- | --- | --- |
        -- 甲/a.md
        # a
        文
        -- 甲/b.md
        # b
        文
        -- 乙/README.md
        # 乙
    ",
    );
    let text = folder.build(&[]).text("index.html");
    assert!(text.contains("<th role=\"rowheader\" scope=\"row\">本地</th>"), "{text}");
    assert!(
        text.contains("<a href=\"%E7%94%B2/index.html\">甲<small class=\"count\">2</small></a>"),
        "{text}"
    );
    assert!(text.contains("<a href=\"%E4%B9%99/index.html\" class=\"stub\">乙</a>"), "{text}");
    assert!(text.contains("<a href=\"https://e.org\" rel=\"external\">外</a>"), "{text}");
}

#[test]
fn the_matrix_of_the_tree_and_of_the_configuration() {
    let notes = outdented(
        r"
        -- README.md
        # 首页
        文
        -- 甲/a.md
        # a
        文
        -- 甲/b/c.md
        # c
        文
        -- 乙.md
        # 乙
        文
    ",
    );
    let rows = "matrix:\n  replace: REPLACE\n  rows:\n    - label: 系列\n      cells:\n        - \
         title: 外\n          link: https://e.org\n          code: https://e.org/code\n        - \
         title: 甲\n          link: 甲/a.md\n";
    for (replace, of_tree, of_configuration) in
        [(None, true, false), (Some("false"), true, true), (Some("true"), false, true)]
    {
        let yaml = replace.map_or_else(String::new, |replace| {
            format!("-- notes.yaml\n{}", rows.replace("REPLACE", replace))
        });
        let page = Folder::new(&format!("{notes}{yaml}")).build(&[]).file("index.html");
        let matrix = page
            .split_once("<section class=\"chapters\"")
            .unwrap()
            .1
            .split_once("</section>")
            .unwrap()
            .0;
        assert_eq!(
            matrix.contains(">甲</a>") && matrix.contains(">其他</th>"),
            of_tree,
            "{matrix}"
        );
        assert_eq!(
            matrix.contains(">系列</th>") && matrix.contains("aria-label=\"代码: 外\""),
            of_configuration,
            "{matrix}"
        );
        assert_eq!(matrix.matches("<table").count(), 1);
    }
}

#[test]
fn includes_stay_inside_the_notes() {
    let folder = Folder::new(
        r"
        -- notes/README.md
        # 首页
        -- notes/a.md
        # a
        ```rust
        {{#include code/x.rs:2}}
        ```
        {{#include ../../secret.txt}} {{#include .hidden}}
        -- notes/code/x.rs
        fn one() {}
        fn two() {}
        -- notes/.hidden
        secret
        -- secret.txt
        secret
        -- notes.yaml
        content: notes
    ",
    );
    let built = folder.build(&[]);
    let text = built.text("a.html");
    assert!(text.contains("two") && !text.contains("one") && !text.contains(">secret"), "{text}");
    for reason in ["it leads out of the notes", "it is hidden or excluded"] {
        assert!(built.printed.contains(&format!("is not included: {reason}")), "{}", built.printed);
    }
    assert!(built.printed.contains("notes/a.md:5:"), "{}", built.printed);
}

#[test]
fn templates_and_static_files_can_be_replaced() {
    let folder = Folder::new(
        r#"
        -- README.md
        # 首页
        文
        -- templates/foot.html
        <p>mine</p>
        -- static/icon.svg
        <svg id="mine"/>
        -- static/more.txt
        x
    "#,
    );
    let built = folder.build(&[]);
    assert!(built.file("index.html").contains("<p>mine</p>"));
    assert!(built.file("static/icon.svg").contains("mine"));
    assert!(!built.site.join("static/more.txt").exists());
    assert!(!built.file("index.html").contains("own.css"));
    let apart = Folder::new(
        r"
        -- content/README.md
        # 首页
        -- static/more.txt
        x
    ",
    )
    .build(&[]);
    assert!(apart.site.join("static/more.txt").exists());
}

#[test]
fn a_style_sheet_of_the_writers_own_comes_last() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        文
        -- a/b.md
        # 乙
        文
        -- static/own.css
        body { color: red }
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(built.file("static/own.css"), "body { color: red }\n");
    for page in ["index.html", "a/b.html", "contents.html", "print/a.html"] {
        let page = built.file(page);
        let (own, theirs) = (page.find("/own.css\"").unwrap(), page.rfind("/style.css\"").unwrap());
        assert!(own > theirs && !page[own + 2..].contains("own.css"));
    }
    // As long as it is there.
    fs::remove_file(folder.path().join("static/own.css")).unwrap();
    let built = folder.build(&[]);
    assert!(
        !built.file("a/b.html").contains("own.css") && !built.site.join("static/own.css").exists()
    );
}

#[test]
fn a_note_in_another_language_says_so() {
    let english = "Twenty words and a few more, so that nobody can take this for a list of names \
                   that happens to hold no other letters than these.";
    let long = english.repeat(20);
    let folder = Folder::new(&format!(
        r"-- notes.yaml
language: zh-CN
-- README.md
# 首页
文
-- a/english.md
# English
{long}
-- a/names.md
# 名字
Redis Kafka Spark
-- a/said.md
---
lang: fr
---
# Dit
mot
-- a/odd.md
---
lang: <b>
---
# 怪
{english}
-- a/README.md
# 部
文
"
    ));
    let built = folder.build(&[]);
    for (page, tag) in
        [("english", " lang=\"en\""), ("names", ""), ("said", " lang=\"fr\""), ("odd", "")]
    {
        let page = built.file(&format!("a/{page}.html"));
        assert!(
            page.contains("<html lang=\"zh-CN\">") && page.contains(&format!("<article{tag}>")),
            "{page}"
        );
    }
    assert!(built.file("a/english.html").contains("<p class=\"facts\" lang=\"zh-CN\">"));
    assert!(
        built.file("print/a.html").contains("<section class=\"chapter\" id=\"c1\" lang=\"en\">")
    );
    let among_english = Folder::new(&format!(
        r"-- README.md
# Home
{english}
-- a.md
# 甲
全是汉字
"
    ));
    assert!(among_english.build(&["--no-cache"]).file("a.html").contains("<article lang=\"zh\">"));
}

#[test]
fn labels_are_in_the_language_of_the_notes() {
    for (text, language, word) in [
        ("# 首页\n中文的笔记", "zh-CN", "跳到正文"),
        ("# Home\nEnglish notes", "en", "Skip to content"),
    ] {
        let page = Folder::new(&format!("-- README.md\n{text}\n")).build(&[]).file("index.html");
        assert!(page.contains(&format!("<html lang=\"{language}\">")) && page.contains(word));
    }
    let yaml = r"
        -- notes.yaml
        language: en
        author: A & B
        license: CC BY-NC-SA 4.0
        labels:
          skip: Jump
        -- README.md
        # 首页
    ";
    let page = Folder::new(yaml).build(&[]).file("index.html");
    for part in [
        "<html lang=\"en\">",
        ">Jump</a>",
        "A &amp; B",
        "creativecommons.org/licenses/by-nc-sa/4.0",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn every_template_and_variable_is_documented() {
    let guide = include_str!("../../templates/README.md");
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap().flatten()
    {
        let name = entry.file_name().into_string().unwrap();
        assert!(name == "README.md" || guide.contains(&format!("`{name}`")), "{name}");
    }
    // A mistake is answered with the variables there are.
    for (wrong, prefix) in [("nothing", ""), ("page.nothing", "page."), ("site.nothing", "site.")] {
        let folder = Folder::new("-- README.md\n# 首页\n");
        folder.write("templates/home.html", format!("{{{{ {wrong} }}}}").as_bytes());
        let printed = folder.build(&[]).printed;
        let names =
            printed.lines().find_map(|line| line.split_once("Available ")?.1.split_once(": "));
        for name in names.unwrap_or_else(|| panic!("{printed}")).1.split(", ") {
            let documented = [format!("`{prefix}{name}`"), format!("`{name}.")];
            assert!(documented.iter().any(|text| guide.contains(text)), "{prefix}{name}");
        }
    }
}

#[test]
fn sections_below_the_title_are_of_the_second_level_beside_further_titles() {
    let notes = r"
        -- README.md
        # 首页
        文
        -- 甲.md
        # 甲
        ## 一
        ### 二
        # 链接
        ## 三
        -- b/awk.md
        # sed
        ## 一
        # grep
        文
    ";
    let built = Folder::new(notes).build(&[]);
    let levels = |page: &str| -> Vec<String> {
        let page = built.file(page);
        page.match_indices("<h")
            .filter_map(|(at, _)| page[at + 1..].get(..2))
            .filter(|tag| tag[1..].parse::<u8>().is_ok())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(levels("甲.html"), ["h1", "h2", "h3", "h2", "h3"]);
    // Here the file gives the title, and all headings stay below it.
    assert_eq!(levels("b/awk.html"), ["h1", "h2", "h3", "h2"]);
}

#[test]
fn a_browser_keeps_room_for_the_cover() {
    let folder = Folder::new(
        r#"
        -- notes.yaml
        cover: a.svg
        -- README.md
        # 首页
        -- a.svg
        <svg viewBox="0 0 1200 360.4"/>
    "#,
    );
    assert!(
        folder.build(&[]).file("index.html").contains(" alt=\"\" width=\"1200\" height=\"360\">")
    );
    folder.write("a.svg", b"<svg/>");
    assert!(folder.build(&[]).file("index.html").contains(" alt=\"\">"));
}

#[test]
fn a_title_in_raw_html_is_shown_once() {
    let readme = "<h1 align=\"center\">\n<img src=\"l.gif\" alt=\"标\"><br>My <b>Project</b>\n\
         </h1>\n\nWhat it is.\n\n## Install\n\nx\n\n## Use\n\ny\n";
    let built = Folder::new(&format!(
        r"-- README.md
{readme}-- l.gif
x
-- a.md
Text first.

### Sources

- x
"
    ))
    .build(&[]);
    let page = built.file("index.html");
    assert!(page.contains("<title>My Project</title>"), "{page}");
    assert_eq!(
        (built.title("index.html").as_str(), page.matches("Project").count()),
        ("My Project", 5),
        "{page}"
    );
    let text = built.text("index.html");
    assert!(
        text.contains("<img src=\"l.gif\"") && text.contains("<h2 id=\"install\">Install</h2>"),
        "{text}"
    );
    // A heading below text begins a section of it, and stays where it is.
    assert_eq!(built.title("a.html"), "a");
    assert!(
        built.text("a.html").contains("<p>Text first.</p>\n<h3 id=\"sources\">Sources</h3>"),
        "{}",
        built.text("a.html")
    );
}
