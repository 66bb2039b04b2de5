//! What stands on a page: links, files, the matrix, the frame.

use std::fs;

use crate::fixture::Folder;

#[test]
fn links_lead_where_the_writer_meant() {
    let folder = Folder::new(
        "-- notes.yaml\nrepository: https://github.com/o/r\nbranch: master\n\
         -- README.md\n# 首页\n\
         -- 甲/generation_clock.md\n# 时钟\n## 选举 阶段\n文\n\
         -- 甲/100%.md\n# 百\n文\n\
         -- 甲/img.svg\n<svg/>\n-- 甲/unused.png\nx\n-- .mindmap/m.xmind\nx\n-- 空/x.txt\nx\n\
         -- 乙/n.md\n# 乙\n\n\
         [1](../甲/generation-clock.md) [2](../%E7%94%B2/generation_clock.md#选举-阶段) [3](../甲/) [4](../甲/100%25.md)\n\
         [5](none.md) [6]() [7](HTTP://E.org) [8](www.example.com/x) [9](../.mindmap/m.xmind) [10](../空) [11](../甲/img.svg)\n\
         [12](#没有) [13](../甲/generation_clock.html) [14](../SUMMARY.md)\n\n![图](../甲/img.svg)\n\n![缺](none.png)\n",
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
        "-- notes.yaml\nassets: [\"files/**\"]\n-- README.md\n# 首页\n![p](p.png) [q](q.xmind) <img src=raw.png> <video src=\"v.mp4\"></video>\n\
         -- p.png\n{pointer}-- q.xmind\n{pointer}-- raw.png\nx\n-- v.mp4\nx\n-- files/a.txt\nx\n-- files/.b\nx\n-- other.txt\nx\n"
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
        "-- README.md\n# 首页\n\n- 本地\n\n| [甲](./甲) | [乙](./乙) | [外](https://e.org) |\n| --- | --- | --- |\n\
         -- 甲/a.md\n# a\n文\n-- 甲/b.md\n# b\n文\n-- 乙/README.md\n# 乙\n",
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
    let notes = "-- README.md\n# 首页\n文\n-- 甲/a.md\n# a\n文\n-- 甲/b/c.md\n# c\n文\n-- 乙.md\n# 乙\n文\n";
    let rows = "matrix:\n  replace: REPLACE\n  rows:\n    - label: 系列\n      cells:\n        - title: 外\n          link: https://e.org\n          code: https://e.org/code\n        - title: 甲\n          link: 甲/a.md\n";
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
            matrix.contains(">甲</th>") && matrix.contains(">其他</th>"),
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
        "-- notes/README.md\n# 首页\n-- notes/a.md\n# a\n```rust\n{{#include code/x.rs:2}}\n```\n{{#include ../../secret.txt}} {{#include .hidden}}\n\
         -- notes/code/x.rs\nfn one() {}\nfn two() {}\n-- notes/.hidden\nsecret\n-- secret.txt\nsecret\n-- notes.yaml\ncontent: notes\n",
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
        "-- README.md\n# 首页\n文\n-- templates/foot.html\n<p>mine</p>\n-- static/icon.svg\n<svg id=\"mine\"/>\n-- static/more.txt\nx\n",
    );
    let built = folder.build(&[]);
    assert!(built.file("index.html").contains("<p>mine</p>"));
    assert!(built.file("static/icon.svg").contains("mine"));
    assert!(!built.site.join("static/more.txt").exists());
    assert!(!built.file("index.html").contains("own.css"));
    let apart = Folder::new("-- content/README.md\n# 首页\n-- static/more.txt\nx\n").build(&[]);
    assert!(apart.site.join("static/more.txt").exists());
}

#[test]
fn a_style_sheet_of_the_writers_own_comes_last() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n文\n-- a/b.md\n# 乙\n文\n-- static/own.css\nbody { color: red }\n",
    );
    let built = folder.build(&[]);
    assert_eq!(built.file("static/own.css"), "body { color: red }\n");
    for page in ["index.html", "a/b.html", "contents.html", "print/a.html"] {
        let page = built.file(page);
        let (own, theirs) = (page.find("/own.css\"").unwrap(), page.rfind("/print.css\"").unwrap());
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
        "-- notes.yaml\nlanguage: zh-CN\n-- README.md\n# 首页\n文\n-- a/english.md\n# English\n{long}\n-- a/names.md\n# 名字\nRedis Kafka Spark\n\
         -- a/said.md\n---\nlang: fr\n---\n# Dit\nmot\n-- a/odd.md\n---\nlang: <b>\n---\n# 怪\n{english}\n\
         -- a/README.md\n# 部\n文\n"
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
    let among_english =
        Folder::new(&format!("-- README.md\n# Home\n{english}\n-- a.md\n# 甲\n全是汉字\n"));
    assert!(among_english.build(&["--no-cache"]).file("a.html").contains("<article lang=\"zh\">"));
}

#[test]
fn the_frame_speaks_the_language_of_the_notes() {
    for (text, language, word) in [
        ("# 首页\n中文的笔记", "zh-CN", "跳到正文"),
        ("# Home\nEnglish notes", "en", "Skip to the text"),
    ] {
        let page = Folder::new(&format!("-- README.md\n{text}\n")).build(&[]).file("index.html");
        assert!(page.contains(&format!("<html lang=\"{language}\">")) && page.contains(word));
    }
    let yaml = "-- notes.yaml\nlanguage: en\nauthor: A & B\nlicense: CC BY-NC-SA 4.0\nlabels:\n  skip: Jump\n-- README.md\n# 首页\n";
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
    let notes = "-- README.md\n# 首页\n文\n-- 甲.md\n# 甲\n## 一\n### 二\n# 链接\n## 三\n-- b/awk.md\n# sed\n## 一\n# grep\n文\n";
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
        "-- notes.yaml\ncover: a.svg\n-- README.md\n# 首页\n-- a.svg\n<svg viewBox=\"0 0 1200 360.4\"/>\n",
    );
    assert!(
        folder.build(&[]).file("index.html").contains(" alt=\"\" width=\"1200\" height=\"360\">")
    );
    folder.write("a.svg", b"<svg/>");
    assert!(folder.build(&[]).file("index.html").contains(" alt=\"\">"));
}

#[test]
fn a_title_in_raw_html_is_the_page_s_and_stands_there_once() {
    let readme = "<h1 align=\"center\">\n<img src=\"l.gif\" alt=\"标\"><br>My <b>Project</b>\n</h1>\n\nWhat it is.\n\n## Install\n\nx\n\n## Use\n\ny\n";
    let built = Folder::new(&format!(
        "-- README.md\n{readme}-- l.gif\nx\n-- a.md\nText first.\n\n### Sources\n\n- x\n"
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
