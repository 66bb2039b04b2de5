//! Syntax of other generators → Markdown that says the same, one file for each of them.
//!
//! ```text
//! comments, boxes by indentation, code → links, images, arranging tags → pairs of box lines
//! ```
//! Unknown syntax stays as it is. Nothing is rewritten in code, comments and formulas, which
//! [`Scan`](super::scan::Scan) knows.
//!
//! Must not know: the HTML of a box.

pub(crate) mod boxes;
mod contents;
pub(crate) mod docsify;
mod docusaurus;
mod gitbook;
mod hackmd;
mod hugo;
mod jekyll;
pub mod mdbook;
mod mkdocs;
mod obsidian;
mod shortcode;
mod vuepress;

use self::boxes::{BoxLine, BoxMark};
use super::source_text::{Edits, SourceText};

/// The syntax of one generator; what it does not have is `None`.
struct Dialect {
    /// True if the syntax is text in notes that are not in a vault of Obsidian.
    only_in_vaults: bool,
    /// A note that holds none of these texts is not searched.
    signs: &'static [&'static str],
    /// Rewrites blocks. This is done first, for it decides what is code to all the others.
    blocks: Option<fn(&SourceText<'_>, &mut Vec<BoxMark>) -> Edits>,
    /// Rewrites links, images and single lines.
    lines: Option<fn(&SourceText<'_>) -> Edits>,
    /// Reads a line, without the blanks around it, that opens or closes a box.
    box_line: Option<fn(&str) -> Option<BoxLine<'_>>>,
}

/// The dialects in the order in which they rewrite a note. Two are not among them: includes of
/// mdBook need other files, so they are put in before a note is parsed, and may bring text of all
/// the others; hints of docsify are found in parsed paragraphs.
const DIALECTS: [Dialect; 10] = [
    // Obsidian: text in a comment is text of no other dialect.
    Dialect {
        only_in_vaults: true,
        signs: &[obsidian::MARK],
        blocks: Some(obsidian::without_comments),
        ..Dialect::NONE
    },
    // MkDocs: the text of its boxes is indented as code is; only as list items do they show what is
    // code in them.
    Dialect {
        signs: &["!!!", "???", "=== ", "){"],
        blocks: Some(mkdocs::boxes),
        lines: Some(mkdocs::without_attributes),
        ..Dialect::NONE
    },
    // Hugo.
    Dialect {
        signs: &["{{<", "{{%"],
        blocks: Some(hugo::code_blocks),
        lines: Some(hugo::figures_and_references),
        box_line: Some(hugo::box_line),
        ..Dialect::NONE
    },
    // Jekyll.
    Dialect {
        signs: &["{%"],
        blocks: Some(jekyll::code_blocks),
        lines: Some(jekyll::without_raw),
        ..Dialect::NONE
    },
    // GitBook.
    Dialect {
        signs: &["{%"],
        lines: Some(gitbook::lines),
        box_line: Some(gitbook::box_line),
        ..Dialect::NONE
    },
    // HackMD, after Hugo's references, whose braces hide the end of a destination, and after
    // MkDocs, whose attributes are behind a size.
    Dialect { signs: &[" ="], lines: Some(hackmd::move_sizes), ..Dialect::NONE },
    // Placeholders for a table of contents, which many have.
    Dialect {
        signs: &contents::SIGNS,
        lines: Some(contents::without_placeholders),
        ..Dialect::NONE
    },
    // docsify.
    Dialect { signs: &[docsify::TABS], box_line: Some(docsify::box_line), ..Dialect::NONE },
    // VuePress and VitePress.
    Dialect { signs: &[vuepress::MARK], box_line: Some(vuepress::box_line), ..Dialect::NONE },
    // Docusaurus.
    Dialect { signs: &[vuepress::MARK], box_line: Some(docusaurus::box_line), ..Dialect::NONE },
];

impl Dialect {
    const NONE: Self =
        Self { only_in_vaults: false, signs: &[], blocks: None, lines: None, box_line: None };

    fn is_likely_in(&self, text: &str) -> bool {
        self.signs
            .iter()
            .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
    }
}

/// Rewrites a note; gives the marks of its boxes. `in_vault` is true for a note of Obsidian, whose
/// comments are none elsewhere.
pub(super) fn rewrite(source: &mut SourceText<'_>, in_vault: bool) -> Vec<BoxMark> {
    let likely: Vec<&Dialect> = DIALECTS
        .iter()
        .filter(|dialect| in_vault || !dialect.only_in_vaults)
        .filter(|dialect| dialect.is_likely_in(source.text()))
        .collect();
    let mut marks = Vec::new();
    for rewrite in likely.iter().filter_map(|dialect| dialect.blocks) {
        let edits = rewrite(source, &mut marks);
        source.edit(edits);
    }
    for rewrite in likely.iter().filter_map(|dialect| dialect.lines) {
        let edits = rewrite(source);
        source.edit(edits);
    }
    let readers: Vec<_> = likely.iter().filter_map(|dialect| dialect.box_line).collect();
    if !readers.is_empty() {
        let read = |line| readers.iter().find_map(|read| read(line));
        let edits = boxes::mark_pairs(source, read, &mut marks);
        source.edit(edits);
    }
    marks
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, to_html};

    #[test]
    fn rewritten_lines_break_none_and_other_text_stays() {
        for (text, expected) in [
            // No line breaks come of what fills them up.
            (
                "![a](b.png){width=300}\nc\n[d]({{< ref \"e.md\" >}})\nf",
                "<p><img src=\"b.png\" alt=\"a\" />\nc\n<a href=\"e.md\">d</a>\nf</p>",
            ),
            // Text that only looks like it, and code.
            ("{{ .Name }} {% x %} {{< y >}}", "<p>{{ .Name }} {% x %} {{&lt; y &gt;}}</p>"),
            (
                "```\n[TOC]\n{% tabs %}\n[a]({{< ref \"b\" >}})\n```",
                "<pre><code>[TOC]\n{% tabs %}\n[a]({{&lt; ref &quot;b&quot; &gt;}})\n</code></pre>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn rewritten_links_know_their_place() {
        let text = "# a

见 [a]({{< ref \"missing.md\" >}}) 与 [b](c d.md) 一 ![x](no.png =300x){width=3}

{{< figure title=\"图\" src=\"gone.png\" >}}

{% embed url=\"https://e.org/\" %}

::: tip
[z](nowhere.md)
:::
";
        let parsed = parse(text, &Context::default());
        let found: Vec<_> = parsed
            .links
            .iter()
            .map(|link| (link.place.line, link.place.column, link.place.width))
            .collect();
        let expected: Vec<_> =
            ["missing.md", "c d.md", "no.png", "gone.png", "https://e.org/", "nowhere.md"]
                .into_iter()
                .map(|word| place_of(text, word))
                .collect();
        assert_eq!(found, expected);
    }

    /// Line, column and width of a word.
    fn place_of(text: &str, word: &str) -> (u32, u32, u32) {
        let before = &text[..text.find(word).unwrap()];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let count = |number: usize| u32::try_from(number).unwrap();
        (count(line), count(column), count(word.chars().count()))
    }
}
