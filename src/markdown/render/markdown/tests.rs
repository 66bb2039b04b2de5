//! A table of texts and their Markdown, and texts that read the same once more.

use super::*;
use crate::markdown::render::plain::is_unseen;
use crate::markdown::{Context, parse, passages};

struct AsWritten<'p>(&'p Parsed);

impl Addresses for AsWritten<'_> {
    fn of(&self, link: usize) -> Option<String> {
        Some(self.0.links[link].destination.clone())
    }
}

fn markdown_of(parsed: &Parsed, options: Options) -> String {
    let nodes = 0..parsed.document.len();
    render_part(parsed, options, &AsWritten(parsed), nodes)
}

#[test]
fn all_syntax_is_gfm() {
    for (text, expected) in [("a *b* **c** ~~d~~ `e`\nf", "a *b* **c** ~~d~~ `e` f\n")] {
        let parsed = parse(text, &Context::default());
        assert_eq!(markdown_of(&parsed, Options::default()), expected, "{text}");
    }
}

/// The words of a text, and its code.
fn words(parsed: &Parsed) -> Vec<String> {
    let texts = passages(parsed).into_iter().map(|passage| {
        let heading = passage.heading.map(|at| parsed.outline[at].text.clone());
        [heading.unwrap_or_default(), passage.text, passage.code].join("\n")
    });
    let text = texts.collect::<Vec<_>>().join("\n");
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_guides_read_the_same_once_more() {
    let files = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/content"));
    for file in files.into_iter().filter_map(Result::ok) {
        if file.path().extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(file.path()).unwrap();
        let parsed = parse(&*text, &Context::default());
        let markdown = markdown_of(&parsed, Options::default());
        let again = parse(&*markdown, &Context::default());
        assert_eq!(words(&again), words(&parsed), "{}\n{markdown}", file.path().display());
    }
}

const PIECES: [&str; 94] = [
    "a",
    "b",
    "一",
    "二",
    "。",
    "，",
    "“",
    "”",
    " ",
    " ",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\n    ",
    "\n  ",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "``",
    "```",
    "\n```\n",
    "~~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "[^1]",
    "\n[^1]: ",
    "[[",
    "]]",
    "|",
    "\n| a | b |\n|---|---|\n| ",
    " | ",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n2) ",
    "\n> ",
    "\n# ",
    "\n### ",
    "#",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<br>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<",
    ">",
    "&",
    "&lt;",
    "&#42;",
    ";",
    "\\",
    "\\\n",
    "$",
    "$$",
    "\\(",
    "\\)",
    "{%",
    "%}",
    "{{<",
    ">}}",
    "\n::: tip\n",
    "\n:::\n",
    "\n> [!NOTE]\n> ",
    "[!",
    "=",
    "==",
    "\n===\n",
    "\n---\n",
    "+",
    "^",
    ":",
    "http://e.org/a",
    "www.e.org",
    "<table><tr><td>",
    "</td></tr></table>",
    "<pre>",
    "</pre>",
    "<ul><li>",
    "</li></ul>",
    "<details><summary>",
];

/// The signs of a text, tags left out: the outline has no tag that is shown as text.
fn signs(parsed: &Parsed) -> String {
    let mut text = String::new();
    for passage in passages(parsed) {
        if let Some(heading) = passage.heading {
            text.push_str(&parsed.outline[heading].text);
        }
        text.extend([&*passage.text, "\n", &passage.code]);
    }
    for name in
        ["b", "div", "br", "script", "table", "tr", "td", "pre", "ul", "li", "details", "summary"]
    {
        text = text.replace(&format!("<{name}>"), "").replace(&format!("</{name}>"), "");
    }
    // Text that is code on one side is behind the rest on that.
    let mut signs: Vec<char> =
        text.chars().filter(|c| !(c.is_whitespace() || is_unseen(*c))).collect();
    signs.sort_unstable();
    signs.into_iter().collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]
    #[test]
    fn any_text_reads_the_same_once_more(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 1..14)) {
        let text = pieces.concat();
        let parsed = parse(&*text, &Context::default());
        let markdown = markdown_of(&parsed, Options::default());
        let again = parse(&*markdown, &Context::default());
        proptest::prop_assert_eq!(signs(&again), signs(&parsed), "{:?} -> {:?}", text, markdown);
    }
}
