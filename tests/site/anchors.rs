//! Links to headings: the ids that headings have, and the anchors that other programs write.

use std::fs;

use crate::fixture::{Built, Folder, program};

impl Built {
    /// The addresses of the links in the text of a page.
    fn hrefs_in_text(&self, route: &str) -> Vec<String> {
        let article = self.article(route);
        let links = article.split("<a href=\"").skip(1);
        links.map(|link| link.split('"').next().unwrap().to_owned()).collect()
    }

    /// The addresses in the outline of a page.
    fn outline(&self, route: &str) -> Vec<String> {
        let page = self.file(route);
        let Some((_, outline)) = page.split_once("<details class=\"outline\"") else {
            return Vec::new();
        };
        let links = outline.split_once("</details>").unwrap().0.split("<a href=\"").skip(1);
        links.map(|link| link.split('"').next().unwrap().to_owned()).collect()
    }
}

/// An address with its Chinese as it is.
fn decoded(addresses: Vec<String>) -> Vec<String> {
    addresses.into_iter().map(|address| notes::path::percent_decode(&address)).collect()
}

#[test]
fn links_made_on_github_lead_to_their_headings() {
    let built = Folder::new(
        r"
        -- README.md
        # T

        [一](#-概述) [二](#-概述-1) [方](#on-的含义) [章](#第一章绪论) [pc](#a＿b) [图](#-intro)

        ## ① 概述

        ## ② 概述

        ## O(n²) 的含义

        ## 第一章　绪论

        ## a＿b

        ## ![logo](p.png) Intro
        -- p.png
        x
    ",
    )
    .build(&[]);
    assert!(!built.printed.contains("-anchor]"), "{}", built.printed);
    let expected = ["#-概述", "#-概述-1", "#on-的含义", "#第一章绪论", "#a＿b", "#-intro"];
    assert_eq!(decoded(built.hrefs_in_text("index.html")), expected);
    assert_eq!(decoded(built.outline("index.html")), expected);
}

#[test]
fn headings_of_raw_html_can_be_linked_to_and_are_in_the_outline_and_the_search() {
    let folder = Folder::new(
        r#"
        -- README.md
        <h1 align="center">My Notes</h1>

        [a](#features) [b](#how-to-use) [c](#my-notes)

        <h2 align="center">Features</h2>

        aaa

        <h2>How to <i>use</i></h2>

        bbb
        -- a.md
        # A

        [a](README.md#how-to-use)
    "#,
    );
    let built = folder.build(&[]);
    assert!(!built.printed.contains("-anchor]"), "{}", built.printed);
    assert_eq!(built.outline("index.html"), ["#features", "#how-to-use"]);
    assert_eq!(built.hrefs_in_text("a.html"), ["index.html#how-to-use"]);
    let page = built.file("index.html");
    for id in ["id=\"features\"", "id=\"how-to-use\"", "id=\"my-notes\""] {
        assert_eq!(page.matches(id).count(), 1, "{id}");
    }
    let mut search = program();
    let found = folder.ran(search.arg("search").arg("bbb").arg(folder.path()).output().unwrap());
    assert!(found.printed.contains("How to use"), "{}", found.printed);
}

#[test]
fn anchors_of_other_programs_are_followed_and_mended() {
    let folder = Folder::new(
        r"
        -- README.md
        # T

        - [Obsidian](Note.md#Setup%20&%20Config) [b](<Note.md#Setup & Config>) [c](Note.md#数组（Array）)
        - [VuePress](Note.md#_1-x) [docsify](Note?id=_1-x) [route](#/Note?id=_1-x)
        - [HonKit](Note.md#setup-amp-config) [GitHub](Note.md#user-content-setup--config)
        - [here](#Local%20Head%20(x)) [none](Note.md#gone)

        ## Local Head (x)
        -- Note.md
        # Note

        ## Setup & Config

        ## 数组（Array）

        ## 1. x
    ",
    );
    let built = folder.build(&[]);
    let setup = "Note.html#setup--config";
    let one = "Note.html#1-x";
    let here = "#local-head-x";
    let array = "Note.html#数组array";
    let expected = [setup, setup, array, one, one, one, setup, setup, here, "Note.html"];
    assert_eq!(decoded(built.hrefs_in_text("index.html")), expected);
    assert_eq!(built.printed.matches("dead-anchor").count(), 1, "{}", built.printed);
    folder.check(&["--fix", "--yes"]);
    let mended = fs::read_to_string(folder.path().join("README.md")).unwrap();
    for link in [
        "[Obsidian](Note.md#setup--config) [b](<Note.md#setup--config>) [c](Note.md#数组array)",
        "[VuePress](Note.md#1-x) [docsify](Note#1-x) [route](Note.md#1-x)",
        "[HonKit](Note.md#setup--config) [GitHub](Note.md#setup--config)",
        "[here](#local-head-x) [none](Note.md#gone)",
    ] {
        assert!(mended.contains(link), "{link}\n{mended}");
    }
    assert_eq!(decoded(folder.build(&[]).hrefs_in_text("index.html")), expected);
    assert!(!folder.check(&[]).printed.contains("loose-link"));
}

#[test]
fn wiki_links_name_headings_by_their_words() {
    let folder = Folder::new(
        r"
        -- .obsidian/app.json
        {}
        -- README.md
        # T

        [[Note#Setup & Config]] [[Note#Sub#Deeper]] [[Note#什么是 Raft？]] [[Note#Other#Deeper]]
        -- Note.md
        # Note

        ## Setup & Config

        ## Sub

        ### Deeper

        ## Other

        ### Deeper

        ## 什么是 Raft？
    ",
    );
    let built = folder.build(&[]);
    let expected = [
        "Note.html#setup--config",
        "Note.html#deeper",
        "Note.html#什么是-raft",
        "Note.html#deeper-1",
    ];
    assert_eq!(decoded(built.hrefs_in_text("index.html")), expected);
    let printed = folder.check(&[]).printed;
    assert!(!printed.contains("-anchor") && !printed.contains("loose-link"), "{printed}");
}

#[test]
fn headings_keep_their_ids_whatever_the_frame_has() {
    let words = [
        "Top",
        "Text",
        "Main",
        "Navigation",
        "Outline",
        "Search",
        "Closed",
        "Results",
        "Preferences",
    ];
    let headings: String = words.iter().map(|word| format!("## {word}\n\n文\n\n")).collect();
    let built = Folder::new(&format!("-- README.md\n# T\n\n{headings}")).build(&[]);
    let page = built.file("index.html");
    for word in words {
        let id = format!("id=\"{}\"", word.to_lowercase());
        assert_eq!(page.matches(&id).count(), 1, "{id}");
    }
}
