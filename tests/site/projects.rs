//! Projects of other generators, built without any settings of our own.

use crate::fixture::Folder;

/// Builds the notes and gives the contents page.
fn contents(files: &str, sign: &str) -> Vec<String> {
    let built = Folder::new(files).build(&[]);
    assert!(built.printed.contains(sign), "{}", built.printed);
    built.contents()
}

#[test]
fn mdbook_publishes_its_source_folder() {
    let book = r"
        -- book.toml
        [book]
        title = 'The Book'
        -- README.md
        # Repository
        -- nostarch/chapter01.md
        # Old chapter
        -- src/SUMMARY.md
        # Summary

        [Introduction](intro.md)

        - [First](a.md)
            - [Below](b/c.md)
        -- src/intro.md
        # Introduction
        text
        -- src/a.md
        # A
        text
        -- src/b/c.md
        # C
        text
    ";
    let expected = ["Introduction", "First", "  Below"];
    assert_eq!(contents(book, "notes in src, as book.toml says"), expected);
    let elsewhere =
        book.replace("[book]\n", "[book]\n        src = 'docs'\n").replace("-- src/", "-- docs/");
    assert_eq!(contents(&elsewhere, "notes in docs, as book.toml says"), expected);
    // The settings of the notes come first.
    let own = format!("{}\n        -- notes.yaml\n        content: .\n", book.trim_end());
    assert!(contents(&own, "nostarch/chapter01.md").len() > 3);
}

#[test]
fn vuepress_and_vitepress_keep_notes_and_public_files_in_docs() {
    for (sign, public) in
        [(".vuepress/config.ts", ".vuepress/public"), (".vitepress/config.mts", "public")]
    {
        let folder = Folder::new(&format!(
            r"
            -- README.md
            # Repository
            -- docs/{sign}
            export default {{}}
            -- docs/index.md
            # Home
            ![logo](/logo.png)
            -- docs/guide/start.md
            # Start
            text
            -- docs/{public}/logo.png
            png
        "
        ));
        let built = folder.build(&[]);
        assert_eq!(built.contents(), ["guide", "  Start"]);
        assert_eq!(built.title("index.html"), "Home");
        let sign = sign.split('/').next().unwrap();
        let line = format!("notes in docs, as docs/{sign} says");
        assert!(built.printed.contains(&line), "{}", built.printed);
        assert!(!built.printed.contains("logo.png"), "{}", built.printed);
    }
}

#[test]
fn hugo_and_docusaurus_have_public_files_beside_the_notes() {
    let hugo = r#"
        -- hugo.yaml
        title: My Book
        languageCode: en-us
        -- README.md
        # Repository
        -- content/a.md
        ---
        title: A
        ---

        See ![fig](/fig/x.png), [paper](/files/p.pdf) and [figure 1](#fig_1).

        {{< figure src="/fig/x.png" id="fig_1" caption="Figure 1" >}}
        -- content/part/one.md
        # One

        ![x](../assets/0.png) [A](../../a/) [gone](../assets/1.png)
        -- content/part/assets/0.png
        png
        -- static/fig/x.png
        png
        -- static/files/p.pdf
        pdf
        -- static/readme.md
        # Not a note
    "#;
    let built = Folder::new(hugo).build(&[]);
    assert!(built.printed.contains("notes in content, as hugo.yaml says"), "{}", built.printed);
    assert_eq!(built.contents(), ["A", "part", "  One"]);
    assert_eq!(built.title("index.html"), "My Book");
    // There a note is a folder, so a path begins one folder further down.
    let one = built.file("part/one.html");
    for link in ["src=\"assets/0.png\"", "href=\"../a.html\""] {
        assert!(one.contains(link), "{link}\n{one}");
    }
    let problems: Vec<_> = built.printed.lines().filter(|line| line.contains(".md:")).collect();
    assert!(problems.len() == 1 && problems[0].contains("`../assets/1.png`"), "{problems:?}");
    let page = built.file("a.html");
    for file in ["public/fig/x.png", "public/files/p.pdf"] {
        assert!(page.contains(&format!("\"{file}\"")), "{page}");
        assert!(built.files().contains_key(file), "{file}");
    }
    let docusaurus = r"
        -- docusaurus.config.ts
        export default {}
        -- docs/intro.md
        # Intro
        ![logo](/img/logo.png)
        -- static/img/logo.png
        png
        -- blog/post.md
        # Post
    ";
    let built = Folder::new(docusaurus).build(&[]);
    assert_eq!(built.contents(), ["Intro"]);
    assert!(built.files().contains_key("public/img/logo.png"), "{}", built.printed);
}

#[test]
fn docsify_and_vaults_in_a_folder_are_found() {
    let docsify = r"
        -- README.md
        # Repository
        -- docs/index.html
        <script>window.$docsify = {}</script>
        -- docs/README.md
        # Home
        text
        -- docs/guide.md
        # Guide
        text
    ";
    assert_eq!(contents(docsify, "notes in docs, as docs/index.html says"), ["Guide"]);
    let vault = r"
        -- README.md
        # Repository
        -- Vault/.obsidian/app.json
        {}
        -- Vault/Deep Note.md
        # Deep Note
        text
    ";
    assert_eq!(contents(vault, "notes in Vault, as Vault/.obsidian says"), ["Deep Note"]);
}

#[test]
fn the_navigation_of_mkdocs_is_followed() {
    let mkdocs = r"
        -- mkdocs.yml
        site_name: Docs
        nav:
          - Home: index.md
          - Guide:
            - 'Part (x) [y]': a.md
            - Anchor: a.md#sec
            - Lost: gone.md
          - Elsewhere: https://example.org
        -- docs/index.md
        # Welcome
        text
        -- docs/a.md
        # A
        ## Sec
        text
        -- docs/b.md
        # B
        text
    ";
    let folder = Folder::new(mkdocs);
    let built = folder.build(&[]);
    assert_eq!(built.contents(), ["Home", "Guide", "  Part (x) [y]", "  Anchor", "Elsewhere", "B"]);
    assert!(built.file("contents.html").contains("href=\"a.html#sec\""));
    for message in
        ["mkdocs.yml: `Lost` leads nowhere: `gone.md`", "docs/b.md: not listed in mkdocs.yml"]
    {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
    // A navigation file of the notes comes first, and `tree` before all.
    folder.write("docs/SUMMARY.md", b"- [Only](a.md)\n- [B](b.md)\n");
    assert_eq!(folder.build(&[]).contents(), ["Only", "B"]);
    folder.write("notes.yaml", b"navigation: tree\n");
    // The file is then a note like any other.
    assert_eq!(folder.build(&[]).contents(), ["A", "B", "SUMMARY"]);
}

#[test]
fn environments_are_skipped_and_unread_files_are_mentioned() {
    let built = Folder::new(
        r"
        -- README.md
        # Home
        text
        -- env/pyvenv.cfg
        home = /usr/bin
        -- env/lib/site-packages/x/README.md
        # Package
        -- a.mdx
        # A
    ",
    )
    .build(&["--verbose"]);
    assert_eq!(built.pages(), ["index.html"]);
    for message in ["env: the folder is marked as", "a.mdx: 1 .mdx file is not read"] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_out_of_the_notes_but_not_out_of_the_project() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(
        r"
        -- README.md
        # Project
        See [guide](docs/guide.md)
        -- mkdocs.yml
        site_name: X
        -- docs/guide.md
        # Guide
        [home](index.md)
        -- .secret/x.md
        # Secret
    ",
    );
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("out.md"), "# Outside\n").unwrap();
    symlink("../README.md", folder.path().join("docs/index.md")).unwrap();
    symlink("../.secret/x.md", folder.path().join("docs/secret.md")).unwrap();
    symlink(outside.path().join("out.md"), folder.path().join("docs/out.md")).unwrap();
    let built = folder.build(&[]);
    assert_eq!(built.pages(), ["guide.html", "index.html"]);
    assert!(built.text("index.html").contains("guide"));
    for message in ["docs/secret.md: symbolic link not followed", "docs/out.md: symbolic link"] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
}
