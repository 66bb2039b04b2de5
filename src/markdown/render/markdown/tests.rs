//! A table of texts and their Markdown, and texts that read the same once more.

use super::*;
use crate::markdown::render::plain::is_unseen;
use crate::markdown::{Context, parse, passages};

struct AsWritten<'p>(&'p Parsed);

impl LinkAddresses for AsWritten<'_> {
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
    let options = Options { wiki_links: true, formulas: true, ..Options::default() };
    let mut wrong = Vec::new();
    for (text, expected) in [
        // Marks.
        ("a *b* **c** ~~d~~ `e`\nf", "a *b* **c** ~~d~~ `e` f\n"),
        ("一**“二”**三", "一<strong>“二”</strong>三\n"),
        ("***a*** **b**c", "*<strong>a</strong>* **b**c\n"),
        (
            "<b>a</b><i>b</i> <u>c</u> H<sub>2</sub>O <kbd>d</kbd>",
            "<strong>a</strong>*b* <ins>c</ins> H<sub>2</sub>O <kbd>d</kbd>\n",
        ),
        ("a  \nb<br>c", "a\\\nb\\\nc\n"),
        ("`` a`b `` `c`", "``a`b`` `c`\n"),
        // Text that could be marks.
        (
            r"\*a\* snake_case \_b\_ 1\. c \[d](e) \<f> &amp;lt; 2 * 3",
            "\\*a\\* snake_case \\_b\\_ 1. c [d&#93;(e) &lt;f> &amp;lt; 2 * 3\n",
        ),
        ("1\\. a\n\n\\# b\n\n\\- c\n\n\\> d", "1\\. a\n\n\\# b\n\n\\- c\n\n\\> d\n"),
        ("\\$5 10~20", "\\$5 10\\~20\n"),
        // Blocks.
        ("* a\n  1. b\n  2. c\n* d", "- a\n  1. b\n  2. c\n- d\n"),
        ("- a\n\n  b\n\n- c\n\n+ d", "- a\n\n  b\n\n- c\n\n* d\n"),
        ("> a\n> > b\n\n- [x] c\n- [ ] d", "> a\n>\n> > b\n\n- [x] c\n- [ ] d\n"),
        (
            "    a\n\n```js {1}\n``` x\n````\n```",
            "```\na\n```\n\n````js {1}\n``` x\n````\n\n```\n```\n",
        ),
        ("````\n```\na\n```\n````", "````\n```\na\n```\n````\n"),
        ("# A\n\n## B #\n\nC\n===\n\n---", "## A\n\n### B\n\n## C\n\n___\n"),
        ("a[^x]\n\n[^x]: b\n\n    c", "a[^1]\n\n[^1]: b\n\n    c\n"),
        ("$x_1$ a\n\n$$\ny\n$$", "$x_1$ a\n\n$$\ny\n$$\n"),
        // Tables.
        (
            "|a|b|\n|:-|-:|\n|`c\\|d`|e<br>f|",
            "| a | b |\n| :--- | ---: |\n| <code>c&#124;d</code> | e<br>f |\n",
        ),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c|d</td><td><p>e</p><p>f</p></td></tr></table>",
            "| | |\n| --- | --- |\n| a | b |\n| c\\|d | e<br>f |\n",
        ),
        ("L\n\n|[a](b)|[c](d)|\n|-|-|", "| | | |\n| --- | --- | --- |\n| L | [a](b) | [c](d) |\n"),
        // Boxes and the like of other generators.
        ("{% hint style=\"danger\" %}\na\n{% endhint %}", "> [!CAUTION]\n> a\n"),
        ("::: tip T *x*\na\n\n- b\n:::", "> [!TIP]\n> **T <em>x</em>**\n>\n> a\n>\n> - b\n"),
        ("!!! note\n    a", "> [!NOTE]\n> a\n"),
        ("> [!question]- Why?\n> a", "<details>\n<summary>Why?</summary>\n\na\n\n</details>\n"),
        (
            "> [!faq]- a `b`\n> c",
            "<details>\n<summary>\n\na `b`\n\n</summary>\n\nc\n\n</details>\n",
        ),
        ("=== \"A\"\n    a\n=== \"B\"\n    b", "**A**\n\na\n\n**B**\n\nb\n"),
        // Links and pictures.
        (
            "[[a|b]] [[c d]] <https://e.org/> [t](u \"v\")",
            "[b](a) [c d](c%20d) <https://e.org/> [t](u \"v\")\n",
        ),
        (
            "![a](b.png)\n\n![](c.mp4) ![a*b](<d e.png>)",
            "![a](b.png)\n\n![](c.mp4) ![a\\*b](d%20e.png)\n",
        ),
        ("[![a](b)](c)", "[![a](b)](c)\n"),
        ("![a](data:image/png;base64,AAAA) b", "a b\n"),
        // Nothing that is not read, nothing that acts.
        ("a <!-- b --> c\n\n<!-- d -->\n\n<div class=\"x\">e</div>", "a c\n\ne\n"),
        ("a <script>b</script> <img src=x onerror=c>", "a &lt;script>b&lt;/script> ![](x)\n"),
        ("<pre>a\n\n<b>b</b></pre>", "```\na\n\nb\n```\n"),
        ("<h2>a</h2><ul><li>b</li><li>c</li></ul>", "## a\n\n- b\n- c\n"),
    ] {
        let parsed = parse(text, &Context { options, ..Context::default() });
        let markdown = markdown_of(&parsed, options);
        if markdown != expected {
            wrong.push((text, markdown, expected));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_title_comes_first() {
    for (text, title, takes_title, expected) in [
        ("# *A*\n\nb\n\n# C", "A", true, "# *A*\n\nb\n\n## C\n"),
        ("> # A\n\nb", "A", true, "# A\n\nb\n"),
        ("b", "A_b* [c](d)", false, "# A_b\\* [c&#93;(d)\n\nb\n"),
        ("", "A", false, "# A\n"),
    ] {
        let parsed = parse(text, &Context::default());
        let (options, addresses) = (Options::default(), AsWritten(&parsed));
        let markdown = render(&parsed, options, &addresses, title, takes_title);
        assert_eq!(markdown, expected, "{text}");
    }
}

#[test]
fn time_is_linear() {
    let time = |text: &str| {
        let parsed = parse(text, &Context::default());
        markdown_of(&parsed, Options::default()).len()
    };
    for piece in
        ["a **b** `c` [d](e) ", "- a\n", "> a\n\n", "| a |\n|---|\n| b |\n\n", "`", "[", "<b>"]
    {
        let size = |times| time(&piece.repeat(times));
        assert!(size(4_000) < 9 * size(500).max(100), "{piece}");
    }
}

#[test]
fn deep_blocks_of_html_keep_their_words_and_grow_no_faster_than_the_text() {
    for piece in ["<blockquote>a ", "<ul><li>a ", "<ol><li>a ", "<ul><li><p>a<li>a "] {
        let markdown = |times| {
            let parsed = parse(&*piece.repeat(times), &Context::default());
            markdown_of(&parsed, Options::default())
        };
        let (short, long) = (markdown(500), markdown(4_000));
        assert!(long.len() < 9 * short.len(), "{piece}: {} to {}", short.len(), long.len());
        assert_eq!(long.matches('a').count(), 4_000 * piece.matches('a').count(), "{piece}");
        assert!(long.lines().all(|line| line.len() < 500), "{piece}");
    }
}

#[test]
fn a_part_has_the_footnotes_that_it_refers_to() {
    let text = "# A\n\na[^1]\n\n# B\n\nb[^2] c[^1]\n\n# C\n\nd\n\n[^1]: x\n[^2]: y[^3]\n[^3]: z\n";
    let parsed = parse(text, &Context::default());
    for (part, expected) in [
        ("a", "## A\n\na[^1]\n\n[^1]: x\n"),
        ("b", "## B\n\nb[^2] c[^1]\n\n[^1]: x\n\n[^2]: y[^3]\n\n[^3]: z\n"),
        ("c", "## C\n\nd\n"),
    ] {
        let nodes = parsed.part_named(part).unwrap();
        let markdown = render_part(&parsed, Options::default(), &AsWritten(&parsed), nodes);
        assert_eq!(markdown, expected, "{part}");
    }
}

#[test]
fn a_map_of_what_is_below_the_page_is_nothing() {
    let options = Options { diagrams: true, ..Options::default() };
    let context = Context { options, ..Context::default() };
    let parsed = parse("a\n\n```mindmap\n```\n\nb\n", &context);
    assert_eq!(markdown_of(&parsed, options), "a\n\nb\n");
    assert_eq!(markdown_of(&parse("```js\n```", &context), options), "```js\n```\n");
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
