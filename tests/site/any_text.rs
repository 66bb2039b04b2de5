//! Properties of pages, whatever stands in the notes.

use std::collections::BTreeMap;
use std::path::Path;

use notes::build::{Build, NoPreviousOutput, NoProgress, Sources, build};
use notes::cache::Cache;
use notes::config::Config;
use notes::diagnostic::Kind;
use notes::output::File;
use notes::path::{Route, SourcePath};
use notes::source::{Entry, Tree};
use notes::theme::Theme;
use proptest::prelude::*;

/// Pieces of Markdown, HTML and the extensions of other generators.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "标题",
    "文字，",
    "word ",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "- ",
    "1. ",
    "> ",
    "> [!NOTE]\n> ",
    "**",
    "*",
    "~~",
    "~",
    "`",
    "```",
    "```rust {1,3-}\n",
    "~~~\n",
    "[",
    "]",
    "(",
    ")",
    "](b.md)",
    "![](x.png)",
    "[x](../..)",
    "<http://a.b>",
    "https://a.b/c，",
    "www.时.com",
    "www",
    "<div>",
    "</div>",
    "</main>",
    "</article>",
    "<h1>",
    "<script>",
    "<!--",
    "-->",
    "<!-- x -->",
    "<form",
    "<img src=",
    "\"",
    "'",
    "&amp;",
    "&",
    "<",
    ">",
    "|",
    "| a | b |\n|---|---|\n",
    "| [a](b.md) | [b](b.md) | [c](b.md) |\n|-|-|-|\n",
    ":::",
    "::: tip x\n",
    "{{<",
    "{{< callout >}}\n",
    "{{#include b.md}}",
    "{{#include README.md:1:}}",
    "{% raw %}",
    "{{ x }}",
    "---\n",
    "+++\n",
    "title: x\n",
    "[^1]",
    "[^1]: ",
    "{#id}",
    "{.c}",
    ":smile:",
    "- [ ] ",
    "<details>",
    "<prepare>",
    "<a href='b.md'>",
    "</a>",
    "<pre>",
    "\\",
    "\u{0}",
    "\u{1}",
    "\u{8}",
    "\u{feff}",
    "\r\n",
    "\u{E0FF}",
    "\u{F00FF}",
    "é",
    "🎥",
    "$x$",
    "<svg>",
    "<math>",
    "<table>",
    "<td>",
    "<style>",
    "<title>",
    "<textarea>",
    "<!DOCTYPE",
    "<?php",
    "<![CDATA[",
];

/// Such pieces and any others in a row.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    let piece = prop_oneof![8 => piece.prop_map(|piece| (*piece).to_owned()), 1 => "\\PC{1,4}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn built(notes: &[(&str, &str)]) -> Build {
    let entries = notes.iter().map(|(path, text)| {
        (SourcePath::new(path).unwrap(), Entry::Note((*text).to_owned().into()))
    });
    let tree = Tree { entries: entries.collect::<BTreeMap<_, _>>(), ..Tree::default() };
    let theme = Theme::load(Path::new("/nowhere"), false, "");
    build(
        &Sources::new(tree, Config::default(), theme, Cache::none()),
        &NoPreviousOutput,
        &NoProgress,
    )
}

fn page(build: &Build, route: &str) -> String {
    match build.output.get(&Route::file(route)) {
        Some(File::Bytes(bytes, _)) => String::from_utf8(bytes.to_vec()).unwrap(),
        _ => panic!("{route} is no page"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_frame(home in text(), summary in text(), note in text()) {
        let build = built(&[("README.md", &home), ("SUMMARY.md", &summary), ("b.md", &note)]);
        for message in build.report.messages() {
            prop_assert!(!matches!(message.kind, Kind::Parser | Kind::Template), "{message:?}");
        }
        for route in ["index.html", "b.html"] {
            let page = page(&build, route);
            for tag in ["<body", "<main", "</main>", "<h1", "<article", "</article>", "</html>"] {
                prop_assert_eq!(page.matches(tag).count(), 1, "{} in\n{}", tag, page);
            }
            let (_, text) = page.split_once("<main").unwrap();
            prop_assert!(!text.contains("<script") && !text.contains("<style"), "{}", page);
            prop_assert!(!page.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{page:?}");
        }
    }
}
