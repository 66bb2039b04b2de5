//! Other generators' configuration: the settings that are used, their priority, the warnings about
//! invalid ones.

use super::*;

#[test]
fn gitbook_moves_the_notes_and_names_files() {
    let found = config(&[
        (
            ".gitbook.yaml",
            "root: ./docs/\nstructure:\n  readme: ./HOME.md\n  summary: toc/SUMMARY.md\nredirects:\n  a: b\n",
        ),
        ("docs/HOME.md", ""),
        ("docs/toc/SUMMARY.md", ""),
    ]);
    assert_eq!(found.content, path("docs"));
    assert_eq!(found.readme, Some(path("HOME.md")));
    assert_eq!(found.navigation, Navigation::File(path("toc/SUMMARY.md")));
}

#[test]
fn book_toml_names_the_book_and_the_folder_of_its_summary() {
    let book = "[book]\ntitle = \"T\"\ndescription = \"D\"\nlanguage = \"zh\"\nauthors = [\"A\", \"B\"]\n\
                src = \"text\"\n[output.html]\n";
    let found = config(&[("book.toml", book), ("text/SUMMARY.md", "")]);
    assert_eq!(found.title.as_deref(), Some("T"));
    assert_eq!(found.description.as_deref(), Some("D"));
    assert_eq!(found.language.as_deref(), Some("zh"));
    assert_eq!(found.author.as_deref(), Some("A"));
    assert_eq!(found.content, path("text"));
    assert_eq!(found.content_sign.as_deref(), Some("book.toml"));
    assert_eq!(found.navigation, Navigation::File(path("SUMMARY.md")));
    let usual = config(&[("book.toml", ""), ("src/SUMMARY.md", "")]);
    assert_eq!(usual.content, path("src"));
    assert_eq!(usual.navigation, Navigation::File(path("SUMMARY.md")));
    let own = config(&[("book.toml", ""), ("src/SUMMARY.md", ""), ("notes.yaml", "content: .")]);
    assert_eq!(own.content, SourcePath::root());
    assert_eq!(own.navigation, Navigation::File(path("src/SUMMARY.md")));
    assert_eq!(config(&[("src/SUMMARY.md", "")]).navigation, Navigation::Discover);
    assert_eq!(config(&[("book.toml", "")]).navigation, Navigation::Discover);
}

#[test]
fn book_json_names_the_book_and_moves_the_notes() {
    let book = r#"{"title": "T", "description": "D", "author": "A", "language": "zh-hans", "root": "/docs",
        "structure": {"readme": "R.md", "summary": "S.md"}, "plugins": ["x"]}"#;
    let found = config(&[("book.json", book), ("docs/R.md", ""), ("docs/S.md", "")]);
    assert_eq!(found.title.as_deref(), Some("T"));
    assert_eq!(found.description.as_deref(), Some("D"));
    assert_eq!(found.author.as_deref(), Some("A"));
    assert_eq!(found.language.as_deref(), Some("zh-Hans"));
    assert_eq!(found.content, path("docs"));
    assert_eq!(found.readme, Some(path("R.md")));
    assert_eq!(found.navigation, Navigation::File(path("S.md")));
}

#[test]
fn own_wins_over_gitbook_over_mdbook_over_classic_key_by_key() {
    let files = [
        ("notes.yaml", "title: own\n"),
        (".gitbook.yaml", "root: g\n"),
        ("book.toml", "[book]\ntitle = \"m\"\nauthors = [\"m\"]\n"),
        ("book.json", r#"{"title": "c", "author": "c", "description": "c", "root": "c"}"#),
        ("g/", ""),
        ("c/", ""),
    ];
    let found = config(&files);
    let texts = [found.title, found.author, found.description];
    assert_eq!(texts.each_ref().map(Option::as_deref), [Some("own"), Some("m"), Some("c")]);
    assert_eq!(found.content, path("g"));
}

#[test]
fn files_named_by_others_are_below_the_content_folder() {
    let files = [
        ("notes.yaml", "content: docs/zh\n"),
        (".gitbook.yaml", "root: docs\nstructure: {summary: zh/S.md, readme: R.md}\n"),
        ("docs/zh/S.md", ""),
        ("docs/R.md", ""),
    ];
    assert_eq!(loaded(&files).unwrap().config.navigation, Navigation::File(path("S.md")));
    assert_eq!(
        notices(&files),
        [".gitbook.yaml:0:0: the home note docs/R.md is outside the notes and is ignored; \
          name a file below `content` in notes.yaml"]
    );
    let tree = config(&[
        ("notes.yaml", "navigation: tree\n"),
        (".gitbook.yaml", "structure: {summary: S.md}"),
        ("S.md", ""),
    ]);
    assert_eq!(tree.navigation, Navigation::Tree);
}

#[test]
fn invalid_settings_are_warnings_and_ignored() {
    let fix = "fix it, or move the settings to notes.yaml and delete it";
    let spelling = "check the spelling, upper and lower case included";
    for (name, text, expected) in [
        ("book.json", "{\n  \"title\": }", format!("book.json:2:12: cannot be parsed, so it is ignored: expected value; {fix}")),
        ("book.json", "[1]", format!("book.json:1:2: cannot be parsed, so it is ignored: invalid type: integer `1`, expected a string; {fix}")),
        ("book.toml", "[book]\ntitle = 1\n", format!("book.toml:2:9: cannot be parsed, so it is ignored: invalid type: integer `1`, expected a string; {fix}")),
        ("book.toml", "[book]\nlanguage = \"Chinese\"\n", "book.toml:0:0: `language` must be a language tag, not “Chinese”; the setting is ignored; write a tag such as zh-CN or en".to_owned()),
        (".gitbook.yaml", "root: [a]\n", ".gitbook.yaml:1:7: `root` must be a string, not a list; write text after the colon, in quotes if it has special characters".to_owned()),
        (".gitbook.yaml", "root: gone\n", format!(".gitbook.yaml:0:0: `root` names a folder that does not exist: “gone”; the setting is ignored; {spelling}")),
        (".gitbook.yaml", "root: ../x\n", ".gitbook.yaml:0:0: `root` points outside the folder: “../x”; the setting is ignored; move the file into the folder, or build the folder above it".to_owned()),
        (".gitbook.yaml", "structure: {summary: S.md}\n", format!(".gitbook.yaml:0:0: `structure.summary` names a file that does not exist: “S.md”; the setting is ignored; {spelling}")),
    ] {
        let found = notices(&[(name, text)]);
        assert_eq!(found, [expected], "{text}");
        assert_eq!((found.len(), loaded(&[(name, text)]).unwrap().config), (1, Config::default()), "{text}");
    }
}

#[test]
fn hostile_files_are_warnings() {
    let deep = "[".repeat(100_000);
    for name in [".gitbook.yaml", "book.toml", "book.json"] {
        for text in [&format!("a = {deep}"), &deep, "\0", &"x".repeat(2 << 20)] {
            assert_eq!(notices(&[(name, text)]).len(), 1, "{name}");
        }
        assert_eq!(
            notices(&[(&format!("{name}/"), "")]),
            [format!("{name}:0:0: is a folder, not a file; rename the folder")]
        );
    }
}

#[test]
fn mkdocs_names_the_site_and_where_the_notes_are() {
    let settings = "site_name: T\nsite_description: D\nsite_author: A\ntheme:\n  name: material\n  language: zh\n  \
        logo: !ENV [LOGO, a.png]\nmarkdown_extensions:\n  - pymdownx.emoji:\n      \
        emoji_index: !!python/name:material.extensions.emoji.twemoji\nnav:\n  - Home: index.md\n";
    let found = config(&[("mkdocs.yml", settings), ("docs/index.md", "")]);
    assert_eq!(found.title.as_deref(), Some("T"));
    assert_eq!(found.description.as_deref(), Some("D"));
    assert_eq!(found.author.as_deref(), Some("A"));
    assert_eq!(found.language.as_deref(), Some("zh"));
    assert_eq!(found.content, path("docs"));
    let other =
        config(&[("mkdocs.yml", "docs_dir: text\ntheme: readthedocs\n"), ("text/a.md", "")]);
    assert_eq!((other.content, other.language), (path("text"), None));
}

#[test]
fn extensions_of_markdown_are_those_that_the_notes_are_written_with() {
    let all = Markdown {
        definition_lists: true,
        subscript: true,
        superscript: true,
        highlight: true,
        smart_punctuation: true,
        ..Markdown::default()
    };
    for (settings, expected) in [
        (
            "markdown_extensions:\n  - pymdownx.mark\n  - pymdownx.caret\n  - pymdownx.tilde: {}\n  - smarty\n  \
             - markdown.extensions.def_list\n  - toc:\n      slugify: !!python/object/apply:pymdownx.slugs.slugify {}\n",
            all,
        ),
        (
            "markdown_extensions:\n  pymdownx.mark: {}\n  toc:\n    permalink: true\n",
            Markdown { highlight: true, ..Markdown::default() },
        ),
        (
            "markdown_extensions:\n  - !ENV X\n  - pymdownx.mark\n",
            Markdown { highlight: true, ..Markdown::default() },
        ),
        ("markdown_extensions:\n", Markdown::default()),
        ("markdown_extensions: !ENV [X, []]\n", Markdown::default()),
        ("markdown_extensions: [3, true, toc]\n", Markdown::default()),
        ("site_name: T\n", Markdown::default()),
    ] {
        let files = [("mkdocs.yml", settings), ("docs/index.md", "")];
        assert_eq!(config(&files).markdown, expected, "{settings}");
    }
    let own = "markdown: {highlight: false}";
    let settings = "markdown_extensions: [pymdownx.mark, def_list]";
    let found = config(&[("mkdocs.yml", settings), ("notes.yaml", own), ("docs/index.md", "")]);
    assert_eq!(found.markdown, Markdown { definition_lists: true, ..Markdown::default() },);
    let vault = config(&[(".obsidian/app.json", "{}"), ("a.md", "")]);
    assert!(vault.markdown.highlight && vault.markdown.wiki_links && !vault.markdown.insert);
}
