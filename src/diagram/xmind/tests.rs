//! Files of XMind, sound and broken.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::ZipArchiveWriter;

use super::*;

/// A zip of some files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let (mut entry, config) =
            archive.new_file(*name).compression_method(CompressionMethod::DEFLATE).start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

fn json(text: &str) -> Vec<u8> {
    zip(&[
        (XML, b"<xmap-content><sheet><topic><title>Warning</title></topic></sheet></xmap-content>"),
        (JSON, text.as_bytes()),
    ])
}

fn xml(text: &str) -> Vec<u8> {
    zip(&[(XML, text.as_bytes())])
}

fn outlines(file: &[u8]) -> Vec<String> {
    of_xmind(file).unwrap().into_iter().map(|map| map.outline).collect()
}

/// The reason why a file is not drawn.
fn reason(file: &[u8]) -> String {
    of_xmind(file)
        .map_or_else(|mistake| mistake.reason.to_string(), |maps| format!("{} maps", maps.len()))
}

#[test]
fn both_forms_are_read() {
    let new = r#"[
        {"id": "1", "class": "sheet", "title": "画布 1", "rootTopic": {
            "title": "共识", "notes": {"plain": {"content": "x"}},
            "children": {
                "attached": [
                    {"title": "Raft\n算法", "href": "raft.md", "children": {"attached": [{"title": "选举"}]}},
                    {"title": "内", "href": "xmind:#1"}
                ],
                "summary": [{"title": "概括"}],
                "detached": [{"title": "自由"}]
            }
        }},
        {"title": "第二张", "rootTopic": {"title": "日志"}},
        {"title": "空", "rootTopic": {}}
    ]"#;
    let old = r#"<?xml version="1.0" encoding="UTF-8" standalone="no"?>
        <xmap-content xmlns="urn:xmind:xmap:xmlns:content:2.0" xmlns:xlink="http://www.w3.org/1999/xlink">
        <sheet id="1"><topic id="a"><title svg:width="9" xmlns:svg="x">共识</title><children>
            <topics type="attached">
                <topic xlink:href="raft.md"><title>Raft&#10;算法</title><children><topics type="attached">
                    <topic><title>选举</title></topic></topics></children></topic>
                <topic xlink:href="xap:attachments/a.pdf"><title>内</title></topic>
            </topics>
            <topics type="summary"><topic><title>概括</title></topic></topics>
            <topics type="detached"><topic><title>自由</title></topic></topics>
        </children></topic><title>画布 1</title></sheet>
        <sheet><topic><title>日志</title></topic><title>第二张</title></sheet>
        </xmap-content>"#;
    for file in [json(new), xml(old)] {
        let maps = of_xmind(&file).unwrap();
        let titles: Vec<_> = maps.iter().map(|map| map.title.as_deref()).collect();
        assert_eq!(titles, [Some("画布 1"), Some("第二张")]);
        let outline = "- 共识\n  - Raft 算法\n    - 选举\n  - 内\n  - 概括\n  - 自由\n";
        assert_eq!(maps[0].outline, outline);
        assert_eq!(maps[0].diagram.links, ["raft.md"]);
        assert_eq!(maps[0].diagram.words, "共识\nRaft 算法\n选举\n内\n概括\n自由\n");
    }
}

#[test]
fn a_single_sheet_shows_its_title_if_it_says_something() {
    for (title, expected) in [
        ("画布 1", None),
        ("Sheet 12", None),
        ("Map", None),
        ("", None),
        ("共识", None),
        ("选主", Some("选主")),
    ] {
        let file = json(&format!(r#"[{{"title": "{title}", "rootTopic": {{"title": "共识"}}}}]"#));
        let map = of_xmind(&file).unwrap().remove(0);
        assert_eq!(map.title.as_deref(), expected, "{title}");
        assert_eq!(map.diagram.title.as_deref(), Some(expected.unwrap_or("共识")), "{title}");
    }
}

#[test]
fn values_that_are_left_out_or_empty_are_nothing() {
    for text in [
        r#"[{"rootTopic": {"title": "a", "children": null}}]"#,
        r#"[{"title": null, "rootTopic": {"title": "a", "href": null, "children": {"attached": null, "boundary": {}}}}]"#,
        r#"[{"title": "x"}, {"rootTopic": {"title": "a"}}]"#,
        "\u{FEFF}[{\"rootTopic\": {\"title\": \" a \"}}]",
    ] {
        assert_eq!(outlines(&json(text)), ["- a\n"], "{text}");
    }
    assert_eq!(reason(&json("[]")), "it has no topics");
    assert_eq!(reason(&xml("<xmap-content/>")), "it has no topics");
}

#[test]
fn broken_files_are_refused() {
    let sound = json(r#"[{"rootTopic": {"title": "a"}}]"#);
    for end in 0..sound.len() {
        assert!(of_xmind(&sound[..end]).is_err(), "{end}");
    }
    for at in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 0x41;
        // Some bytes, such as times, say nothing; and another name leaves the older content.
        let drawn = of_xmind(&flipped).map(|maps| maps[0].outline.clone());
        let is_known = |outline: &String| outline == "- a\n" || outline == "- Warning\n";
        assert!(drawn.as_ref().map_or(true, is_known), "{at}: {drawn:?}");
    }
    for (file, expected) in [
        (Vec::new(), "it is no whole zip file"),
        (b"version https://git-lfs".to_vec(), "it is no whole zip file"),
        (zip(&[]), "it holds neither `content.json` nor `content.xml`"),
        (json("{"), "its `content.json` cannot be read: "),
        (json("{}"), "its `content.json` cannot be read: "),
        (xml("<a"), "its `content.xml` cannot be read: "),
        (zip(&[(JSON, b"\xFF")]), "its `content.json` is not UTF-8"),
    ] {
        assert!(reason(&file).starts_with(expected), "{}", reason(&file));
    }
}

#[test]
fn encrypted_files_are_refused() {
    let manifest = br#"{"file-entries": {"content.json": {"encryption-data": {}}}}"#;
    for file in [
        zip(&[(JSON, b"\xFF\x01"), ("manifest.json", manifest)]),
        zip(&[(XML, b"\xFF\x01"), ("META-INF/manifest.xml", b"<encryption-data/>")]),
    ] {
        assert_eq!(reason(&file), "it has a password");
    }
    // Bit 0 of the flags of a file in the central directory (APPNOTE.TXT, 4.4.4).
    let mut file = zip(&[(JSON, b"[]")]);
    let directory = memchr::memmem::find(&file, b"PK\x01\x02").unwrap();
    file[directory + 8] |= 1;
    assert_eq!(reason(&file), "it has a password");
}

#[test]
fn entities_are_not_expanded() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <xmap-content><sheet><topic><title>&b;</title></topic></sheet></xmap-content>"#;
    assert!(reason(&xml(bomb)).starts_with("its `content.xml` cannot be read: "));
}

#[test]
fn what_is_packed_small_may_not_be_large() {
    let large = vec![b' '; usize::try_from(LARGEST).unwrap() + 1];
    let file = zip(&[(JSON, &large)]);
    assert!(file.len() < 200_000, "{}", file.len());
    assert_eq!(reason(&file), "its `content.json` is larger than 16 MB");
    let file = zip(&[(JSON, b"[]"), ("manifest.json", &large)]);
    assert_eq!(reason(&file), "it has no topics");
}

#[test]
fn many_and_deep_topics_are_refused() {
    let flat = |count: usize| {
        let topics = vec![r#"{"title": "a"}"#; count].join(",");
        format!(r#"[{{"rootTopic": {{"title": "a", "children": {{"attached": [{topics}]}}}}}}]"#)
    };
    let deep = |depth: usize| {
        let start = r#"{"title": "a", "children": {"attached": ["#.repeat(depth);
        format!(r#"[{{"rootTopic": {start}{{"title": "a"}}{}}}]"#, "]}}".repeat(depth))
    };
    let deep_xml = |depth: usize| {
        let mut text = "<x><sheet>".to_owned();
        let around = "<topic><children><topics>";
        let end = "</topics></children></topic>";
        let _ = write!(text, "{}<topic/>{}</sheet></x>", around.repeat(depth), end.repeat(depth));
        text
    };
    let objects = format!("[{}]", vec!["{}"; 500_000].join(","));
    let long = format!(r#"[{{"rootTopic": {{"title": "{}"}}}}]"#, "字".repeat(100_000));
    for (file, expected) in [
        (json(&flat(3_000)), "1 maps"),
        (json(&flat(5_000)), "it has more than 4000 topics"),
        (json(&flat(20_000)), "it has more than 10000 topics"),
        (json(&deep(39)), "1 maps"),
        (json(&deep(41)), "its topics are nested more than 40 deep"),
        (json(&deep(10_000)), "its topics are nested more than 40 deep"),
        (xml(&deep_xml(39)), "1 maps"),
        (xml(&deep_xml(10_000)), "its topics are nested more than 40 deep"),
        (json(&objects), "it has too many topics"),
        (json(&long), "its labels are longer than 256 kB"),
    ] {
        assert_eq!(reason(&file), expected);
    }
    let sheets = format!("[{}]", vec![r#"{"rootTopic": {"title": "a"}}"#; 51].join(","));
    assert_eq!(reason(&json(&sheets)), "it has more than 50 sheets");
}
