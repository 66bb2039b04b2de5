//! `notes.yaml`: every key, every mistake.

use super::*;

/// The configuration from this `notes.yaml` alone.
fn own(text: &str) -> Config {
    config(&[("notes.yaml", text)])
}

/// The only error in this `notes.yaml`, without the file's name.
fn error(text: &str) -> String {
    let found = errors(&[("notes.yaml", text), ("docs/a.md", ""), ("a.png", "")]);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].trim_start_matches("notes.yaml:").to_owned()
}

#[test]
fn without_settings_all_is_default() {
    assert_eq!(config(&[]), Config::default());
    for text in [
        "",
        "\n",
        "# x\n",
        "---\n",
        "~",
        "title:\nmatrix:\nlabels:\nmarkdown:\nexclude:\nlicense:\n",
        "title: ' '",
    ] {
        assert_eq!(Config { own: None, ..own(text) }, Config::default(), "{text:?}");
    }
}

#[test]
fn every_key_is_read() {
    let text = "
title: 分布式
description: 笔记
language: zh_cn
author: 王
license: {name: 自定, url: 'https://x.org/l'}
base_url: https://Example.org/n
repository: https://github.com/o/r.git
branch: master
source: https://x.org/{path}?plain
cover: a.png
content: docs
navigation: toc.md
readme: home.md
exclude: [drafts, '*.tmp']
assets: [files]
markdown: {definition_lists: true, subscript: true, superscript: true, highlight: true, insert: true, wiki_links: true, smart_punctuation: true}
matrix:
  replace: true
  rows:
    - label: 一
      cells:
        - {title: 文, link: a.md, code: https://x.org/c}
        - {code: c}
labels: {home: 首页, empty: }
";
    let found = config(&[
        ("notes.yaml", text),
        ("docs/a.png", ""),
        ("docs/toc.md", ""),
        ("docs/home.md", ""),
    ]);
    let texts = [&found.title, &found.description, &found.language, &found.author]
        .map(|text| text.as_deref());
    assert_eq!(texts, [Some("分布式"), Some("笔记"), Some("zh-CN"), Some("王")]);
    let license = found.license.unwrap();
    assert_eq!((&*license.name, license.url.unwrap().as_str()), ("自定", "https://x.org/l"));
    let urls = [found.base_url, found.repository].map(|url| url.unwrap().to_string());
    assert_eq!(urls, ["https://example.org/n/", "https://github.com/o/r"]);
    let links = [found.edit, found.source].map(|pattern| pattern.unwrap().url(&path("a.md")));
    assert_eq!(links, ["https://github.com/o/r/edit/master/docs/a.md", "https://x.org/a.md?plain"]);
    assert_eq!((found.content, found.readme), (path("docs"), Some(path("home.md"))));
    assert_eq!(
        (found.cover, found.navigation),
        (Some(Cover::File(path("a.png"))), Navigation::File(path("toc.md")))
    );
    assert!(
        found.exclude.matches(&path("drafts/a.md")) && found.assets.matches(&path("files/a.pdf"))
    );
    let all = Markdown {
        definition_lists: true,
        subscript: true,
        superscript: true,
        math: true,
        diagrams: true,
        highlight: true,
        insert: true,
        wiki_links: true,
        smart_punctuation: true,
    };
    assert_eq!(found.markdown, all);
    let target = |text| MatrixTarget::Path { path: path(text), anchor: None };
    let code = MatrixTarget::Url(Url::parse("https://x.org/c").unwrap());
    let cells = [
        Cell {
            title: Some("文".to_owned()), links: Links::Both { article: target("a.md"), code }
        },
        Cell { title: None, links: Links::Code(target("c")) },
    ];
    let row = Row { label: "一".to_owned(), cells: cells.to_vec() };
    assert_eq!(found.matrix, Matrix { replace: true, rows: vec![row] });
    assert_eq!(found.labels, BTreeMap::from([("home".to_owned(), "首页".to_owned())]));
}

#[test]
fn values_in_their_other_forms() {
    assert_eq!(config(&[("notes.yml", "title: 2024")]).title.as_deref(), Some("2024"));
    for text in ["navigation: tree", "navigation: false", "\u{feff}navigation: 'tree'\r\n"] {
        assert_eq!(own(text).navigation, Navigation::Tree, "{text}");
    }
    assert_eq!(
        own("cover: https://x.org/a.png").cover,
        Some(Cover::Url(Url::parse("https://x.org/a.png").unwrap()))
    );
    let license = own("license: CC BY-SA 4.0").license.unwrap();
    assert_eq!(license.url.unwrap().as_str(), "https://creativecommons.org/licenses/by-sa/4.0/");
    let edit = own("repository: https://gitee.com/o/r\nedit: https://x.org/e").edit.unwrap();
    assert_eq!(edit.url(&path("a.md")), "https://x.org/e/a.md");
    assert_eq!(own("repository: https://x.org/o/r").edit, None);
}

#[test]
fn math_is_a_switch_or_has_macros() {
    assert!(own("markdown: {math: true}").markdown.math);
    assert!(!own("markdown: {math: false}").markdown.math);
    let found = own("markdown: {math: {macros: {RR: '\\mathbb{R}', none: }}}");
    let macros = BTreeMap::from([("RR".to_owned(), "\\mathbb{R}".to_owned())]);
    assert_eq!((found.markdown.math, found.macros), (true, macros));
    let config = own("markdown:\n  math:\n    macros:\n      RR: '{'");
    let refused = config.refused_macro("RR", &phrase!("a `{{` is not closed"));
    let location = refused.location.span;
    assert_eq!((location.line, location.column), (4, 11));
    assert!(
        refused
            .message
            .to_string()
            .starts_with("the macro `RR` of `markdown.math.macros` is not used: a")
    );
}

#[test]
fn commands_of_blocks_are_split_into_words() {
    let config = own(r#"
title: x
blocks:
  Dot: dot -Tsvg '-Gfontname=Noto Sans' "a b"\ c $HOME
  图: [./draw.sh, "a b", ""]
"#);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let expected = BTreeMap::from([
        ("dot".to_owned(), words(&["dot", "-Tsvg", "-Gfontname=Noto Sans", "a b c", "$HOME"])),
        ("图".to_owned(), words(&["./draw.sh", "a b", ""])),
    ]);
    assert_eq!(config.blocks, expected);
    let refused = config.refused_commands().map(|refused| refused.location.span.line);
    assert_eq!(refused, Some(3));
    assert_eq!(own("title: x").refused_commands(), None);
    let without = own("markdown: {diagrams: false}\nblocks: {dot: dot}");
    assert_eq!(without.refused_commands(), None);
}

#[test]
fn commands_with_mistakes_have_a_location() {
    for (text, expected) in [
        ("blocks:\n  dot: dot '", "2:8: `blocks.dot` has a quote that is not closed; add"),
        ("blocks:\n  dot:", "2:7: `blocks.dot` names no program; write the program"),
        ("blocks: {dot: ''}", "1:15: `blocks.dot` names no program;"),
        ("blocks: {dot: []}", "1:15: `blocks.dot` names no program;"),
        ("blocks: {dot: ['', a]}", "1:15: `blocks.dot` names no program;"),
        ("blocks: {dot: \"a\\0b\"}", "1:15: `blocks.dot` contains the character NUL;"),
        ("blocks: {'': a}", "1:14: `blocks.` is not the name of a language; write the word"),
        ("blocks: {'a b': a}", "1:17: `blocks.a b` is not the name of a language;"),
        ("blocks: {dot: a, DOT: b}", "1:15: `blocks.dot` has a command already; languages"),
        ("blocks: {dot: true}", "1:15: `blocks.dot` must be a string or a list of strings, not"),
        ("blocks: {dot: {a: b}}", "1:15: `blocks.dot` must be a string or a list of strings, not"),
        ("blocks: dot", "1:9: `blocks` must be a map, not the string"),
    ] {
        assert!(error(text).starts_with(expected), "{text}\n{}", error(text));
    }
}

#[test]
fn unknown_keys_have_a_location_and_the_nearest_key() {
    let markdown = "valid keys are `definition_lists`, `subscript`, `superscript`, `math`, `diagrams`, `highlight`, `insert`, `wiki_links`, `smart_punctuation`";
    for (text, expected) in [
        ("tilte: x", "1:1: unknown key `tilte`; did you mean `title`?"),
        ("title: x\n\nbaseUrl: x", "3:1: unknown key `baseUrl`; did you mean `base_url`?"),
        (
            "markdown:\n  emoji: true",
            &format!("2:3: unknown key `emoji` in `markdown`; {markdown}"),
        ),
        (
            "markdown: {wiki_links: true, wiki-link: true}",
            "1:30: unknown key `wiki-link` in `markdown`; did you mean `wiki_links`?",
        ),
        ("matrix:\n  row: []", "2:3: unknown key `row` in `matrix`; did you mean `rows`?"),
        (
            "matrix:\n  rows:\n    - label: a\n    - label: b\n      cells:\n        - link: a.md\n          tilte: x",
            "7:11: unknown key `tilte` in `matrix.rows[1].cells[0]`; did you mean `title`?",
        ),
        (
            "matrix: {rows: [{lable: a}]}",
            "1:18: unknown key `lable` in `matrix.rows[0]`; did you mean `label`?",
        ),
        (
            "license:\n  name: x\n  uri: y",
            "3:3: unknown key `uri` in `license`; did you mean `url`?",
        ),
        ("1: x", "1:1: unknown key `1`;"),
        ("标题: x", "1:1: unknown key `标题`; `notes explain configuration` lists the keys"),
        (
            "'a`, expected b': x",
            "1:1: unknown key `a`, expected b`; `notes explain configuration` lists the keys",
        ),
    ] {
        assert!(error(text).starts_with(expected), "{text}\n{}", error(text));
    }
}

#[test]
fn wrong_types_name_the_key() {
    let (boolean, list) = (
        "write `true` or `false` without quotes",
        "write a list: each entry on a line of its own after `- `",
    );
    let text = "write text after the colon, in quotes if it has special characters";
    let map = "write `key: value` lines below it, indented";
    for (yaml, expected) in [
        ("markdown:\n  wiki_links: yes", format!("2:15: `markdown.wiki_links` must be true or false, not the string \"yes\"; {boolean}")),
        ("matrix: {replace: 1}", format!("1:19: `matrix.replace` must be true or false, not the number 1; {boolean}")),
        ("title: [a]", format!("1:8: `title` must be a string, not a list; {text}")),
        ("title:\n  a: b", format!("2:3: `title` must be a string, not a map; {text}")),
        ("exclude: drafts", format!("1:10: `exclude` must be a list, not the string \"drafts\"; {list}")),
        ("exclude:\n  - [a]", format!("2:5: `exclude[0]` must be a string, not a list; {text}")),
        ("labels:\n  home: 首页\n  next: [a]", format!("3:9: `labels.next` must be a string, not a list; {text}")),
        ("labels: [a]", format!("1:9: `labels` must be a map, not a list; {map}")),
        ("markdown: true", format!("1:11: `markdown` must be a map, not true; {map}")),
        ("matrix:\n  rows:\n    - a", format!("3:7: `matrix.rows[0]` must be a map, not the string \"a\"; {map}")),
        ("matrix:\n  rows: {a: b}", format!("2:9: `matrix.rows` must be a list, not a map; {list}")),
        ("- a", format!("1:1: the file must be a map, not a list; {map}")),
        ("just text", format!("1:1: the file must be a map, not the string \"just text\"; {map}")),
        ("license: [a]", "1:10: `license` must be a string or a map with `name` and `url`, not a list; write it as the message says".to_owned()),
        ("license: {url: 'https://x.org'}", "1:10: missing key `name` in `license`; add `name: …` here".to_owned()),
        ("matrix: {rows: [{cells: []}]}", "1:17: missing key `label` in `matrix.rows[0]`; add `label: …` here".to_owned()),
        ("title: !x a", "1:8: a tag (`!…`) has no meaning in `title`; leave the tag out".to_owned()),
        ("{a: b}: c", "1:1: a key must be a string, not a map; put a word before the colon".to_owned()),
        ("? {a: b}\n: c", "1:3: a key must be a string, not a map; put a word before the colon".to_owned()),
    ] {
        assert_eq!(error(yaml), expected, "{yaml}");
    }
}

#[test]
fn duplicate_keys() {
    for (text, expected) in [
        ("title: a\nauthor: b\ntitle: c", "3:1: duplicate key `title`; keep one of the two"),
        (
            "labels:\n  home: a\n  home: b",
            "3:3: duplicate key `home` in `labels`; keep one of the two",
        ),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn bad_yaml_has_a_location_and_a_way_out() {
    for (text, expected) in [
        (
            "title: a: b",
            "1:9: unexpected colon; put the text in quotes if it holds `: `, or check the indentation",
        ),
        (
            "markdown:\n\twiki_links: true",
            "2:1: a tab, or a character that cannot start a value; indent with spaces, and put text that begins with @, ` or % in quotes",
        ),
        (
            "title: @x",
            "1:8: a tab, or a character that cannot start a value; indent with spaces, and put text that begins with @, ` or % in quotes",
        ),
        ("title: \"x\nauthor: y\n", "3:1: a quote is not closed; add the closing quote"),
        ("title: x\nauthor\n", "3:1: a key without a colon; write `key: value`"),
        (
            "exclude: [a\nauthor: b",
            "2:7: a bracket is not closed; add the closing bracket or a comma",
        ),
        (
            "title: x\n  author: y",
            "2:9: unexpected colon; put the text in quotes if it holds `: `, or check the indentation",
        ),
        (
            "  title: x\nauthor: y",
            "2:1: a line that does not fit the ones above it; check the indentation",
        ),
        (
            "---\ntitle: x\n---\n",
            "3:1: a second YAML document begins; delete the line `---`: all settings belong in one document",
        ),
        ("title: *x", "1:8: unknown alias (`*name`); put the text in quotes if it begins with `*`"),
        ("title: x\nauthor: a\u{8}b", "2:10: the text contains a control character; delete it"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn invalid_values() {
    let scheme = "must begin with https:// or http://";
    let outside = "write a path relative to the notes, without / at the start";
    let spelling = "check the spelling, upper and lower case included";
    let above = "move the file into the folder, or build the folder above it";
    for (text, expected) in [
        ("title: x\nbase_url: x.org/n", format!("2:11: `base_url` {scheme}; write https://x.org/n")),
        ("repository: git@github.com:o/r", format!("1:13: `repository` {scheme}; write https://github.com/o/r")),
        ("edit: x", format!("1:7: `edit` {scheme}; write https://example.org/")),
        ("source: https://x.org/{file}", "1:9: `source` may contain {path} once and no other braces; write {path} where the note's path belongs".to_owned()),
        ("branch: a b", "1:9: `branch` is not a valid branch name; write the name of a branch, such as main".to_owned()),
        ("language: Chinese", "1:11: `language` must be a language tag, not “Chinese”; write a tag such as zh-CN or en".to_owned()),
        ("license:\n  name: x\n  url: y", format!("3:8: `license.url` {scheme}; write https://example.org/")),
        ("license: {name: ''}", "1:17: `license.name` is empty; write the license's name, such as CC BY-SA 4.0".to_owned()),
        ("authors: Ann", "1:10: `authors` must be `last`, `first`, `all` or `none`; for the author of the whole site, use `author`".to_owned()),
        ("content: ../x", format!("1:10: `content` points outside the folder: “../x”; {above}")),
        ("content: /etc", format!("1:10: `content` must be a path inside the folder, not “/etc”; {outside}")),
        ("content: gone", format!("1:10: `content` names a folder that does not exist: “gone”; {spelling}")),
        ("content: a.png", "1:10: `content` is a file: “a.png”; write the path of the folder that holds the notes".to_owned()),
        ("navigation: S.md", format!("1:13: `navigation` names a file that does not exist: “S.md”; {spelling}")),
        ("content: docs\nnavigation: docs/a.md", "2:13: `navigation` names a file that does not exist: “docs/a.md”; paths are relative to `content`: write a.md".to_owned()),
        ("navigation: docs", "1:13: `navigation` is a folder: “docs”; write the path of a file in it".to_owned()),
        ("readme: a.png", "1:9: `readme` is not a note; write the path of a file that ends in .md".to_owned()),
        ("cover: ../a.png", format!("1:8: `cover` points outside the folder: “../a.png”; {above}")),
        ("cover: docs", "1:8: `cover` is a folder: “docs”; write the path of a file in it".to_owned()),
        ("exclude:\n  - a\n  - '{b'", "3:5: `exclude[1]` is not a valid pattern: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); write \\ before a literal [ or {".to_owned()),
        ("assets: ['!a']", "1:10: `assets[0]` starts with `!`, but patterns cannot be negated; list only the paths that are meant, without `!`".to_owned()),
        ("exclude: ['']", "1:11: `exclude[0]` is empty; write a name or a pattern such as *.tmp, or delete the line".to_owned()),
        ("matrix:\n  rows:\n    - label: a\n      cells:\n        - link: a.md\n        - title: x", "6:11: `matrix.rows[0].cells[1]` has no link; add `link`, `code` or both".to_owned()),
        ("matrix: {rows: [{label: a, cells: [{link: ../x.md}]}]}", format!("1:43: `matrix.rows[0].cells[0].link` points outside the folder: “../x.md”; {above}")),
        ("matrix: {rows: [{label: a, cells: [{code: 'ftp://x.org'}]}]}", format!("1:43: `matrix.rows[0].cells[0].code` {scheme}; write https://x.org")),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn all_invalid_values_are_reported_at_once() {
    let found = errors(&[("notes.yml", "language: 中\nbase_url: x\ncontent: gone\n")]);
    let places: Vec<_> = found.iter().map(|line| line.split(": `").next().unwrap()).collect();
    assert_eq!(places, ["notes.yml:3:10", "notes.yml:1:11", "notes.yml:2:11"]);
}

#[test]
fn a_cover_that_is_not_there_is_a_missing_image() {
    let found = loaded(&[("notes.yaml", "cover: b.png")]).unwrap();
    assert_eq!((found.notices[0].kind, found.config.cover), (Kind::MissingImage, None));
    assert_eq!(
        (found.notices[0].location.span.line, found.notices[0].location.span.column),
        (1, 8)
    );
}

#[test]
fn two_files_of_the_program_are_an_error() {
    let found = errors(&[("notes.yaml", ""), ("notes.yml", "")]);
    assert_eq!(
        found,
        [
            "notes.yml:0:0: both notes.yaml and notes.yml exist; move the settings to notes.yaml and delete notes.yml"
        ]
    );
    let folder = errors(&[("notes.yaml/", "")]);
    assert_eq!(folder, ["notes.yaml:0:0: is a folder, not a file; rename the folder"]);
}

#[test]
fn hostile_files_are_errors_and_do_not_take_long() {
    let started = std::time::Instant::now();
    let laughs: String = (1..20).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(",");
        format!("{text}a{level}: &a{level} [{aliases}]\n")
    });
    let cells = "{link: a},".repeat(20_000);
    let cells = format!(
        "matrix: {{rows: [{{label: a, cells: &c [{cells}]}},{}]}}",
        "{label: a, cells: *c},".repeat(20_000)
    );
    let texts = format!(
        "labels: {{a: &a {}, {}}}",
        "x".repeat(400_000),
        (0..20_000).map(|n| format!("b{n}: *a,")).collect::<Vec<_>>().concat()
    );
    let alias = "the aliases (`*name`) expand to too much text";
    let deep = "lists and maps are nested too deep";
    for (text, message) in [
        (laughs, alias),
        (cells, alias),
        (texts, alias),
        ("a: &a [*a]".to_owned(), deep),
        ("[".repeat(100_000), deep),
        ("{a: ".repeat(100_000), deep),
        ("- ".repeat(100_000), deep),
        ("? ".repeat(100_000), "a key must be a string, not a map"),
        (
            (0..1000)
                .map(|depth| format!("{}a:\n", " ".repeat(depth)))
                .collect::<Vec<_>>()
                .concat(),
            deep,
        ),
        ("x".repeat(50 << 20), "is larger than 1 MB, too large for a settings file"),
    ] {
        let found = error(&text);
        assert!(found.contains(message), "{} …\n{found}", &text[..20]);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn unknown_labels_are_reported_with_the_known_ones() {
    let text = "title: home\nlabels:\n  home: 首页\n  a.b: x\n  serch: 搜索\n";
    let found = loaded(&[("notes.yaml", text)]).unwrap();
    assert_eq!(
        found.config.unknown_labels(&["home", "search"]).iter().map(line).collect::<Vec<_>>(),
        [
            "notes.yaml:4:3: unknown key `a.b` in `labels`; valid keys are `home`, `search`",
            "notes.yaml:5:3: unknown key `serch` in `labels`; did you mean `search`?",
        ]
    );
    assert_eq!(loaded(&[]).unwrap().config.unknown_labels(&[]), []);
}

#[test]
fn cells_have_a_location() {
    let text =
        "matrix:\n  rows:\n    - label: a\n    - label: b\n      cells: [{link: a.md, code: b}]\n";
    let found = loaded(&[("notes.yaml", text)]).unwrap();
    let locations = ["link", "code"].map(|key| found.config.location_of_cell(1, 0, key));
    let spans = locations.map(|location| (location.span.line, location.span.column));
    assert_eq!(spans, [(5, 22), (5, 34)]);
    assert_eq!(loaded(&[]).unwrap().config.location_of_cell(0, 0, "link"), Location::default());
}

proptest::proptest! {
    /// Any text is answered, and the location of an error is in the text.
    #[test]
    fn no_text_panics(text in "(title|labels|matrix|rows|exclude|[-:{}\\[\\]&*a?!|>'\"#,% \t\n\u{8}长]){0,40}") {
        for file in ["notes.yaml", "notes.yml", ".gitbook.yaml", "book.toml", "book.json"] {
            for said in loaded(&[(file, &text)]).map_or_else(|errors| errors, |loaded| loaded.notices) {
                let lines = u32::try_from(text.matches('\n').count()).unwrap() + 1;
                proptest::prop_assert!(said.location.span.line <= lines + 1 && said.help.is_some(), "{}", line(&said));
            }
        }
    }
}
