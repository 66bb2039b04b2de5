//! Files of XMind → drawings in the notes that show them, their words in the search, messages.

use std::io::Write as _;

use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::fixture::{Built, Folder};
use crate::request::becomes;
use crate::serving::Serving;

/// A zip of one file, as it is.
pub fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let file = archive.new_file(name).compression_method(CompressionMethod::STORE);
    let (mut entry, config) = file.start().unwrap();
    let mut writer = config.wrap(&mut entry);
    writer.write_all(content).unwrap();
    let (_, descriptor) = writer.finish().unwrap();
    entry.finish(descriptor).unwrap();
    archive.finish().unwrap();
    bytes
}

/// A file of XMind with one sheet of a topic and one below it.
pub fn mind_map(root: &str, below: &str) -> Vec<u8> {
    let content = format!(
        r#"[{{"title": "画布 1", "rootTopic": {{"title": "{root}", "children": {{"attached": [
            {{"title": "{below}", "href": "b.md"}}]}}}}}}]"#
    );
    zip("content.json", content.as_bytes())
}

/// A folder with a note, the file `图/a.xmind`, and the note to which one of its topics leads.
fn folder(note: &str) -> Folder {
    let folder = Folder::new("-- b.md\n# 乙\n");
    folder.write("a.md", note.as_bytes());
    folder.write("图/a.xmind", &mind_map("共识", "随机退避"));
    folder
}

fn assert_drawn(built: &Built) {
    let page = built.file("a.html");
    for part in [
        "<figure>\n<figure class=\"diagram\"><svg role=\"graphics-document\" aria-label=\"共识\"",
        "<a href=\"b.html\"><text",
        ">随机退避</text>",
        "<details><summary>列表形式</summary><pre><code>- 共识\n  - 随机退避\n</code></pre></details></figure>",
        "<figcaption><a href=\"%E5%9B%BE/a.xmind\"",
        "diagram.css",
    ] {
        assert!(page.contains(part), "{part}\n{}\n{}", built.text("a.html"), built.printed);
    }
    assert!(built.site.join("图/a.xmind").exists());
}

fn assert_link(built: &Built) {
    let page = built.file("a.html");
    assert!(!page.contains("<svg role"), "{page}");
    assert!(page.contains("a.xmind\""), "{page}");
}

#[test]
fn pictures_and_links_alone_are_drawn() {
    for note in [
        "[思维导图](图/a.xmind)",
        "![](图/a.xmind)",
        "![思维导图](<图/a.xmind>)",
        "![[a.xmind]]",
        "[[a.xmind|图]]",
        "[思维导图]\n\n[思维导图]: 图/a.xmind",
        "前文 ![](图/a.xmind) 后文",
        "- 项 ![[图/a.xmind]]",
        "> [思维**导图**](./图/a.xmind?raw=true)",
        "{{#include part.txt}}",
    ] {
        let folder = folder(&format!("# 甲\n\n{note}\n"));
        folder.write("part.txt", "![](图/a.xmind)\n".as_bytes());
        assert_drawn(&folder.build(&[]));
    }
}

#[test]
fn links_among_others_stay_links() {
    for note in [
        "见[思维导图](图/a.xmind)。",
        "- [思维导图](图/a.xmind)\n- [乙](b.md)",
        "- [思维导图](图/a.xmind)\n\n- [乙](b.md)",
        "## ![](图/a.xmind)",
        "[甲](图/a.xmind) [乙](图/a.xmind)",
        "| [图](图/a.xmind) |\n|---|",
        "[![](p.png)](图/a.xmind)",
        "<a href=\"图/a.xmind\">图</a>",
        "`.xmind` [图](图/a&#46;xmin&#100;)",
    ] {
        let folder = folder(&format!("# 甲\n\n{note}\n"));
        folder.write("p.png", b"");
        assert_link(&folder.build(&[]));
    }
    let folder = folder("# 甲\n\n![](图/a.xmind)\n");
    folder.write("notes.yaml", b"markdown: {diagrams: false}\n");
    assert_link(&folder.build(&[]));
}

#[test]
fn each_sheet_is_a_drawing_with_its_title() {
    let folder = folder("# 甲\n\n![](图/a.xmind)\n");
    let sheets = r"<xmap-content><sheet><topic><title>一</title></topic><title>上篇</title></sheet>
        <sheet><topic><title>二</title></topic><title>下篇</title></sheet></xmap-content>";
    folder.write("图/a.xmind", &zip("content.xml", sheets.as_bytes()));
    let page = folder.build(&[]).file("a.html");
    assert_eq!(page.matches("<svg role").count(), 2);
    for title in ["上篇", "下篇"] {
        let drawing = format!(
            "<figcaption>{title}</figcaption><svg role=\"graphics-document\" aria-label=\"{title}\""
        );
        assert!(page.contains(&drawing), "{page}");
    }
}

#[test]
fn topics_are_found_and_their_links_are_checked() {
    let folder = folder("# 甲\n\n## 选举\n\n![](图/a.xmind)\n");
    let found = folder.search("随机退避").printed;
    assert!(found.contains("a.md") && found.contains("选举"), "{found}");
    std::fs::remove_file(folder.path().join("b.md")).unwrap();
    let printed = folder.build(&[]).printed;
    assert!(printed.contains("a.md:5") && printed.contains("`b.md` leads nowhere"), "{printed}");
}

#[test]
fn files_that_cannot_be_drawn_are_reported_and_stay_links() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let deep = format!(
        r#"[{{"rootTopic": {}{{}}{}}}]"#,
        r#"{"title": "a", "children": {"attached": ["#.repeat(10_000),
        "]}}".repeat(10_000)
    );
    let many = format!(
        r#"[{{"rootTopic": {{"children": {{"attached": [{}]}}}}}}]"#,
        vec![r#"{"title": "a"}"#; 5_000].join(",")
    );
    let entities = r#"<!DOCTYPE x [<!ENTITY a "a">]><xmap-content/>"#;
    for (file, message) in [
        (b"no zip".to_vec(), "`图/a.xmind` is shown as a link: it is no whole zip file"),
        (Vec::new(), "it is no whole zip file"),
        (zip("a.txt", b""), "it holds neither `content.json` nor `content.xml`"),
        (zip("content.json", deep.as_bytes()), "its topics are nested more than 40 deep"),
        (zip("content.json", many.as_bytes()), "it has more than 4000 topics"),
        (zip("content.json", &vec![b' '; 17 << 20]), "its `content.json` is larger than 16 MB"),
        (zip("content.xml", entities.as_bytes()), "its `content.xml` cannot be read: "),
    ] {
        let folder = folder("# 甲\n\n![](图/a.xmind)\n\n尾\n");
        folder.write("图/a.xmind", &file);
        let built = folder.build(&[]);
        assert_link(&built);
        assert!(built.file("a.html").contains("<p>尾</p>"));
        assert!(built.printed.contains("a.md:3"), "{message}: {}", built.printed);
        assert!(built.printed.contains(message), "{message}: {}", built.printed);
    }
    let folder = folder("# 甲\n\n![](图/a.xmind)\n\n尾\n");
    folder.write("图/a.xmind", pointer.as_bytes());
    let built = folder.build(&[]);
    assert!(built.printed.contains("run `git lfs pull`"), "{}", built.printed);
    assert!(built.file("a.html").contains("<p>尾</p>"));
}

#[test]
fn a_file_that_is_shown_a_thousand_times_makes_no_endless_page() {
    let note = "![](图/a.xmind)\n\n".repeat(1_000);
    let folder = folder(&format!("# 甲\n\n{note}"));
    let topics = vec![r#"{"title": "主题"}"#; 3_000].join(",");
    let sheet = format!(r#"[{{"rootTopic": {{"children": {{"attached": [{topics}]}}}}}}]"#);
    folder.write("图/a.xmind", &zip("content.json", sheet.as_bytes()));
    let built = folder.build(&[]);
    let page = built.file("a.html");
    assert!(page.len() < 8 << 20, "{}", page.len());
    let message = "the note shows mind maps of more than 4 MB";
    assert!(built.printed.contains(message), "{}", built.printed);
}

#[test]
fn an_edit_of_the_file_makes_the_page_anew_and_nothing_else() {
    let folder = folder("# 甲\n\n[思维导图](图/a.xmind)\n");
    assert_drawn(&folder.build(&[]));
    folder.write("图/a.xmind", &mind_map("共识", "任期"));
    assert!(folder.build(&[]).file("a.html").contains(">任期</text>"));
    std::thread::sleep(std::time::Duration::from_millis(100));
    folder.build(&["--timings"]);
    let built = folder.build(&["--timings"]);
    assert!(built.printed.contains("0 of 2 notes"), "{}", built.printed);
    std::fs::remove_file(folder.path().join("图/a.xmind")).unwrap();
    let built = folder.build(&[]);
    assert!(!built.file("a.html").contains("<svg role"));
    assert!(built.printed.contains("`图/a.xmind` leads nowhere"), "{}", built.printed);
    folder.write("图/a.xmind", &mind_map("共识", "随机退避"));
    assert_drawn(&folder.build(&[]));
}

#[test]
fn the_preview_sees_an_edit_of_the_file() {
    let folder = folder("# 甲\n\n[思维导图](图/a.xmind)\n");
    let serving = Serving::start(&folder.path(), &[]);
    for below in ["任期", "选主", "日志"] {
        folder.write("图/a.xmind", &mind_map("共识", below));
        let label = format!(">{below}</text>");
        becomes(&serving, "/a.html", |answer| answer.page().contains(&label));
    }
}
