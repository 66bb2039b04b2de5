//! Files for other programs: the sitemap, its feed, `robots.txt`, `llms.txt`, its
//! manifest and picture, and the heads of its pages.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::fixture::{Built, Folder, outdented, program};

const NOTES: &str = r#"-- notes.yaml
title: 笔记 & 记
base_url: https://example.org/n/
description: 一句话
language: zh-CN
cover: 封面.png
-- 封面.png
x
-- README.md
# 首页
文
-- 一 部/README.md
---
updated: 2024-03-04
---
# 甲 <乙>
一段话，说 "它" & 别的。
-- 一 部/c#.md
---
updated: 2024-05-06
---
# 丙
第三篇说的是另一件事，有话可说。
-- 一 部/d.md
# 丁
这一篇没有写明日子，只有正文。
-- 一 部/stub.md
# 空
"#;

/// The attribute of the element in a head that has this property, name or relation.
fn head(built: &Built, page: &str, key: &str) -> Option<String> {
    let html = built.file(page);
    let head = html.split_once("</head>").unwrap().0.to_owned();
    let tag = head.split('<').find(|tag| tag.contains(&format!("\"{key}\"")))?.to_owned();
    let value = ["content=\"", "href=\""].iter().find_map(|name| tag.split_once(name))?.1;
    Some(value.split_once('"').unwrap().0.to_owned())
}

/// The texts of all elements of a name.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1);
    parts.map(|part| part.split_once(&close).unwrap().0.to_owned()).collect()
}

#[test]
fn the_feed_tells_what_changed_last() {
    let built = Folder::new(NOTES).build(&[]);
    let feed = built.file("feed.xml");
    assert!(feed.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">"
    ));
    assert_eq!(texts(&feed, "title"), ["笔记 &amp; 记", "丙", "甲 &lt;乙&gt;"]);
    assert_eq!(
        texts(&feed, "id"),
        [
            "https://example.org/n/",
            "https://example.org/n/%E4%B8%80%20%E9%83%A8/c%23.html",
            "https://example.org/n/%E4%B8%80%20%E9%83%A8/"
        ]
    );
    assert_eq!(
        texts(&feed, "updated"),
        ["2024-05-06T00:00:00Z", "2024-05-06T00:00:00Z", "2024-03-04T00:00:00Z"]
    );
    assert_eq!(
        texts(&feed, "summary"),
        ["第三篇说的是另一件事，有话可说。", "一段话，说 &quot;它&quot; &amp; 别的。"]
    );
    assert_eq!(head(&built, "一 部/d.html", "alternate").as_deref(), Some("../feed.xml"));
    // Without a day or an address there is nothing to tell.
    let silent = Folder::new(
        r"
        -- notes.yaml
        base_url: https://example.org/
        -- a.md
        # 甲
        文
    ",
    )
    .build(&[]);
    assert!(!silent.site.join("feed.xml").exists() && silent.site.join("robots.txt").exists());
    let unknown = Folder::new(&NOTES.replace("base_url", "# base_url")).build(&[]);
    for file in ["feed.xml", "robots.txt", "llms.txt", "sitemap.xml"] {
        assert!(!unknown.site.join(file).exists(), "{file}");
    }
}

#[test]
fn robots_txt_and_llms_txt_list_the_site() {
    let built = Folder::new(NOTES).build(&[]);
    assert_eq!(
        built.file("robots.txt"),
        "User-agent: *\nAllow: /\n\nSitemap: https://example.org/n/sitemap.xml\n"
    );
    assert_eq!(
        built.file("llms.txt"),
        r#"# 笔记 & 记

> 一句话

## 甲 <乙>

- [甲 <乙>](https://example.org/n/%E4%B8%80%20%E9%83%A8/): 一段话，说 "它" & 别的。
- [丙](https://example.org/n/%E4%B8%80%20%E9%83%A8/c%23.html): 第三篇说的是另一件事，有话可说。
- [丁](https://example.org/n/%E4%B8%80%20%E9%83%A8/d.html): 这一篇没有写明日子，只有正文。
"#
    );
    // A file of the writer's goes first.
    let own = r"
        -- notes.yaml
        base_url: https://example.org/
        assets: [robots.txt]
        -- robots.txt
        mine
        -- a.md
        # 甲
    ";
    assert_eq!(Folder::new(own).build(&[]).file("robots.txt"), "mine\n");
}

#[test]
fn heads_say_what_a_page_is() {
    let built = Folder::new(NOTES).build(&[]);
    for (page, key, expected) in [
        ("一 部/c#.html", "og:type", Some("article")),
        ("一 部/c#.html", "og:title", Some("丙")),
        ("一 部/c#.html", "og:url", Some("https://example.org/n/%E4%B8%80%20%E9%83%A8/c%23.html")),
        ("一 部/c#.html", "og:description", Some("第三篇说的是另一件事，有话可说。")),
        ("一 部/c#.html", "og:site_name", Some("笔记 &amp; 记")),
        ("一 部/c#.html", "og:locale", Some("zh_CN")),
        ("一 部/c#.html", "og:image", Some("https://example.org/n/%E5%B0%81%E9%9D%A2.png")),
        ("一 部/c#.html", "article:modified_time", Some("2024-05-06")),
        ("一 部/d.html", "article:modified_time", None),
        ("index.html", "og:type", Some("website")),
        ("index.html", "og:description", Some("一句话")),
        ("index.html", "twitter:card", Some("summary")),
        ("404.html", "og:title", None),
    ] {
        assert_eq!(head(&built, page, key).as_deref(), expected, "{page}: {key}");
    }
}

/// Holds a file of a site against a schema.
fn assert_valid(built: &Built, file: &str, option: &str, schema: &Path) {
    let mut command = Command::new("xmllint");
    let checked = command
        .args(["--noout", "--nonet", option])
        .arg(schema)
        .arg(built.site.join(file))
        .output();
    let checked =
        checked.unwrap_or_else(|error| panic!("xmllint (of libxml2-utils) is needed: {error}"));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn sitemap_and_feed_keep_to_their_schemas() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = tempfile::tempdir().unwrap();
    let mut command = program();
    command.arg("build").arg(project.join("content")).args([
        "--no-cache",
        "--base-url",
        "https://example.org/n/",
    ]);
    let own = command.arg("-o").arg(site.path().join("site")).output().unwrap();
    let folder = Folder::new(NOTES);
    let tagged = "---\ntags: ['标签 & <b>']\ndate: 2024-05-06\n---\n# 新\n\n文\n";
    folder.write("一 部/标签.md", tagged.as_bytes());
    for built in [folder.build(&[]), folder.ran(own).at(site.path().join("site"))] {
        let schema = project.join("target/standards/sitemap.xsd");
        assert!(schema.is_file(), "tests/fetch-standards.sh brings {}", schema.display());
        assert_valid(&built, "sitemap.xml", "--schema", &schema);
        let feeds = built
            .files()
            .into_keys()
            .filter(|file| file == "feed.xml" || file.starts_with("feeds/"));
        for feed in feeds {
            assert_valid(&built, &feed, "--relaxng", &project.join("tests/site/atom.rng"));
        }
    }
}

#[test]
fn breadcrumbs_are_given_to_search_engines() {
    let built =
        Folder::new(&NOTES.replace("# 丁", "---\ntitle: '</script><!--丁'\n---")).build(&[]);
    let trail = |page: &str| -> Option<Value> {
        let html = built.file(page);
        let (_, rest) = html.split_once("<script type=\"application/ld+json\">")?;
        Some(serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap())
    };
    let item = |position: u8, name: &str, url: &str| {
        let item = format!("https://example.org/n/{url}");
        json!({"@type": "ListItem", "position": position, "name": name, "item": item})
    };
    let part = item(2, "甲 <乙>", "%E4%B8%80%20%E9%83%A8/");
    let items = json!([
        item(1, "首页", ""),
        part,
        item(3, "</script><!--丁", "%E4%B8%80%20%E9%83%A8/d.html")
    ]);
    assert_eq!(
        trail("一 部/d.html"),
        Some(
            json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
        )
    );
    assert_eq!(trail("index.html"), None);
}

#[test]
fn the_web_manifest_describes_the_site() {
    let built = Folder::new(NOTES).build(&[]);
    let manifest: Value = serde_json::from_str(&built.file("manifest.webmanifest")).unwrap();
    let icon = json!([{"src": "static/icon.svg", "sizes": "any", "type": "image/svg+xml"}]);
    let expected = json!({"name": "笔记 & 记", "short_name": "笔记 & 记", "description": "一句话", "lang": "zh-CN",
        "start_url": "./", "scope": "./", "display": "browser", "icons": icon});
    assert_eq!(manifest, expected);
    assert_eq!(
        head(&built, "一 部/d.html", "manifest").as_deref(),
        Some("../manifest.webmanifest")
    );
    assert!(built.file("static/icon.svg").contains(">笔</text>"));
    assert!(built.site.join(".nojekyll").exists());
}

#[test]
fn notes_cannot_replace_files_of_the_site() {
    let notes = outdented(
        r"
        -- a.md
        # 甲
        ![图](static/icon.svg) [树](static/tree.js)
        -- static/icon.svg
        mine
        -- static/tree.js
        mine
    ",
    );
    let built = Folder::new(&format!(
        "-- notes.yaml\ncontent: content\n{}",
        notes.replace("-- ", "-- content/")
    ));
    let built = built.build(&[]);
    assert_eq!(
        (built.file("static/icon.svg").as_str(), built.file("static/tree.js").as_str()),
        ("mine\n", "mine\n")
    );
    assert!(
        built.file("index.html").contains("href=\"static-2/icon.svg\""),
        "{}",
        built.file("index.html")
    );
    assert!(
        built.file("static-2/icon.svg").contains("<svg")
            && built.site.join("static-2/tree.js").exists()
    );
}

#[test]
fn the_feed_leaves_out_empty_notes() {
    let notes = r"
        -- notes.yaml
        base_url: https://example.org/
        -- README.md
        # 首页
        文
        -- a.md
        ---
        updated: 2024-01-02
        ---
        # 空
    ";
    let built = Folder::new(notes).build(&[]);
    assert!(!built.site.join("feed.xml").exists() && head(&built, "a.html", "alternate").is_none());
}

#[test]
fn the_picture_in_the_tab() {
    let drawing = |sides: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {sides}\"/>")
    };
    let settings = |more: &str| {
        format!(
            r"-- notes.yaml
title: Study <notes>
{more}
-- a.md
# A
text
"
        )
    };
    let notes =
        |more: &str, file: &str, text: &str| format!("{}-- {file}\n{text}\n", settings(more));
    for (notes, expected, kind) in [
        (settings(""), "static/icon.svg", "image/svg+xml"),
        (
            notes("cover: p/c.svg", "p/c.svg", &drawing("1200 400")),
            "static/icon.svg",
            "image/svg+xml",
        ),
        (notes("cover: p/c.svg", "p/c.svg", &drawing("400 400")), "p/c.svg", "image/svg+xml"),
        (notes("icon: p/d.png", "p/d.png", "x"), "p/d.png", "image/png"),
    ] {
        let built = Folder::new(&notes).build(&[]);
        let html = built.file("index.html");
        assert!(
            html.contains(&format!("<link rel=\"icon\" href=\"{expected}\" type=\"{kind}\">")),
            "{notes}"
        );
        assert!(built.site.join(expected).exists(), "{notes}");
        assert!(built.file("static/icon.svg").contains(">SN</text>"));
        assert!(!built.site.join("manifest.webmanifest").exists());
    }
    let own = Folder::new(&notes("content: .", "static/icon.svg", "mine")).build(&[]);
    assert_eq!(own.file("static/icon.svg"), "mine\n");
}

#[test]
fn the_picture_beside_a_shared_link() {
    // The head of a GIF of that width and height.
    let gif = |width: u8, height: u8| [&b"GIF89a"[..], &[0, width, 0, height, 0, 0, 0]].concat();
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 400\"/>".to_vec();
    for (file, bytes, image, card) in [
        ("c.gif", gif(4, 2), Some("https://example.org/n/c.gif"), "summary_large_image"),
        ("c.gif", gif(2, 2), Some("https://example.org/n/c.gif"), "summary"),
        ("c.gif", gif(2, 4), Some("https://example.org/n/c.gif"), "summary"),
        // Nobody who shows a picture beside a link draws SVG.
        ("c.svg", drawing, None, "summary"),
    ] {
        let settings = format!("-- notes.yaml\nbase_url: https://example.org/n/\ncover: {file}\n");
        let folder =
            Folder::new(&format!("{settings}-- README.md\n# A\ntext\n-- b.md\n# B\ntext\n"));
        folder.write(file, &bytes);
        let built = folder.build(&[]);
        for page in ["index.html", "b.html"] {
            assert_eq!(head(&built, page, "og:image").as_deref(), image, "{page}: {file}");
            assert_eq!(head(&built, page, "twitter:card").as_deref(), Some(card), "{page}: {file}");
        }
        assert!(built.file("index.html").contains(&format!("class=\"cover\" src=\"{file}\"")));
    }
}

#[test]
fn the_domain_of_a_site_goes_along() {
    let built = Folder::new(
        r"
        -- CNAME
        notes.example.org
        -- a.md
        # A
        text
    ",
    )
    .build(&[]);
    assert_eq!(built.file("CNAME"), "notes.example.org\n");
}
