//! The scanner against a table, and against the parser on texts put together by chance.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Misread, PartKind, Scan};

/// The parts of a text with their kinds.
fn parts(text: &str) -> Vec<(PartKind, &str)> {
    let scan = Scan::new(text);
    scan.parts.iter().map(|part| (part.kind, &text[part.range.clone()])).collect()
}

#[test]
fn code_comments_and_tags() {
    use PartKind::{CodeBlock, CodeSpan, Comment, HtmlText, Tag};
    for (text, expected) in [
        ("a `b` c", vec![(CodeSpan, "`b`")]),
        ("a ` b", vec![]),
        ("``a ` b`` ` c", vec![(CodeSpan, "``a ` b``")]),
        ("`` ` `", vec![(CodeSpan, "` `")]),
        ("\\`a` b`", vec![(CodeSpan, "` b`")]),
        ("\\``a`", vec![(CodeSpan, "`a`")]),
        ("`a\\` b`", vec![(CodeSpan, "`a\\`")]),
        ("`a\nb`", vec![(CodeSpan, "`a\nb`")]),
        ("`a\n\nb`", vec![]),
        ("`a\n# b`", vec![]),
        ("`a\n- b`", vec![]),
        ("`a\n2. b`", vec![(CodeSpan, "`a\n2. b`")]),
        ("> `a\nb`", vec![(CodeSpan, "`a\nb`")]),
        ("a `\n===\n` b", vec![]),
        ("a `\n***\n` b", vec![]),
        ("```\na\n```\nb", vec![(CodeBlock, "```\na\n```")]),
        ("```md\n```js\na\n```\nb", vec![(CodeBlock, "```md\n```js\na\n```")]),
        ("```x``` a", vec![(CodeSpan, "```x```")]),
        ("~~~ `\na\n```", vec![(CodeBlock, "~~~ `\na\n```")]),
        ("````\n```\n````\na", vec![(CodeBlock, "````\n```\n````")]),
        ("- ```\n  a\n  ```\n- `b`", vec![(CodeBlock, "```\n  a\n  ```"), (CodeSpan, "`b`")]),
        ("- ```\n  a\n\nb", vec![(CodeBlock, "```\n  a\n")]),
        ("> ```\n> a\nb", vec![(CodeBlock, "```\n> a")]),
        ("a\n    b", vec![]),
        ("a\n\n    b\n\n    c\nd", vec![(CodeBlock, "    b\n\n    c")]),
        ("- a\n\n      b", vec![(CodeBlock, "    b")]),
        ("- a\n\n  b\n\n\tc", vec![]),
        ("-     a", vec![(CodeBlock, "    a")]),
        ("1.\n\n   a\n\n    b", vec![(CodeBlock, "    b")]),
        ("[^1]: a\n\n    b `c`", vec![(CodeSpan, "`c`")]),
        ("<!-- a\n\nb --> c\nd", vec![(Comment, "<!-- a\n\nb --> c")]),
        ("a <!-- `b --> `c`", vec![(Comment, "<!-- `b -->"), (CodeSpan, "`c`")]),
        ("a <!-- b\n\nc --> `d`", vec![(CodeSpan, "`d`")]),
        ("`<!--` a `-->`", vec![(CodeSpan, "`<!--`"), (CodeSpan, "`-->`")]),
        ("a <b title=\"`\">c` d", vec![(Tag, "<b title=\"`\">")]),
        ("a <https://b/`c> d`", vec![(Tag, "<https://b/`c>")]),
        ("a < b ` c > ` d", vec![(CodeSpan, "` c > `")]),
        ("<div>\n`a`\n\n`b`", vec![(Tag, "<div>"), (HtmlText, "\n`a`"), (CodeSpan, "`b`")]),
        ("<x-y>\n`a`", vec![(Tag, "<x-y>"), (HtmlText, "\n`a`")]),
        ("a\n<x-y>\n`a`", vec![(Tag, "<x-y>"), (CodeSpan, "`a`")]),
        ("<pre>\n\n`a`</pre>\n`b`", vec![(CodeBlock, "<pre>\n\n`a`</pre>"), (CodeSpan, "`b`")]),
        ("<?a\n?>\n`b`", vec![(Comment, "<?a\n?>"), (CodeSpan, "`b`")]),
        ("| a ` | b |\n|---|---|\n| ` | `c` |", vec![(CodeSpan, "`c`")]),
        ("| a ` | b\n` c", vec![(CodeSpan, "` | b\n`")]),
    ] {
        assert_eq!(parts(text), expected, "{text:?}");
    }
}

#[test]
fn lines_of_dialects_are_prose() {
    for (text, expected) in [
        ("a\n```\nb\n```\nc", vec!["a", "c"]),
        ("e `a\nb` c\nd", vec!["e `a", "d"]),
        ("<!-- a\nb\n-->\nc", vec!["c"]),
        ("<div>\na\n</div>", vec!["a"]),
        ("<div title=\"\na\">\nb", vec!["b"]),
        ("$$\na\n$$\nb", vec!["b"]),
        ("- a\n\n    b\n\n        c", vec!["- a", "", "    b", ""]),
        ("a\n    b\nc", vec!["a", "c"]),
        ("- a\n      b\nc", vec!["- a", "      b", "c"]),
        ("<div>\n    a\n  b", vec!["  b"]),
        ("a\r\n\n    b", vec!["a\r", ""]),
    ] {
        let scan = Scan::new(text);
        let lines: Vec<_> = scan.dialect_lines(text).map(|line| &text[line]).collect();
        // A line that begins with a tag is none of prose, but none of a dialect either.
        let lines: Vec<_> = lines.into_iter().filter(|line| !line.starts_with('<')).collect();
        assert_eq!(lines, expected, "{text:?}");
    }
}

#[test]
fn items_of_dialects_hold_what_is_indented() {
    let text = "!!! a\n    b\n\n    `c`\n\n        d\n\n!!! e";
    let scan = Scan::with_items(text, |line| &text[line] == "!!! a");
    let found: Vec<_> = scan.parts.iter().map(|part| &text[part.range.clone()]).collect();
    assert_eq!(found, ["`c`", "    d"]);
}

/// For each place of a text, true if the parser takes it for code.
fn code_of_parser(text: &str) -> Vec<bool> {
    let mut is_code = vec![false; text.len()];
    let mut in_block = false;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Code(_) => is_code[range].fill(true),
            Event::Text(_) if in_block => is_code[range].fill(true),
            _ => {}
        }
    }
    is_code
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Left out are links, since the parser reads a destination before the backticks in it and the
    /// scanner does not know links, and tabs, since the parser takes one before `>` for three
    /// blanks.
    #[test]
    fn code_is_what_the_parser_takes_for_it(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "`", "``", "```", "~~~", "a", "b c", "\n", "\n", "\n\n", "    ", "  ", "- ",
                "1. ", "3) ", "> ", "# ", "\\", "<b>", "<!-- ", " -->", "<div>\n", "</div>",
                "***\n", "===\n",
                "---\n", "| ", "|---|---|\n", "一", "<pre>", "</pre>", "$",
            ]),
            0..24,
        )
    ) {
        let text = pieces.concat();
        let scan = Scan::new(&text);
        // The parser gets such a text with a blank line above the HTML.
        let is_mended =
            scan.misread().iter().any(|line| matches!(line, Misread::HtmlBelowTable(_)));
        prop_assume!(!is_mended);
        for (at, is_code) in code_of_parser(&text).into_iter().enumerate() {
            let byte = text.as_bytes()[at];
            if !text.is_char_boundary(at) || byte.is_ascii_whitespace() || byte == b'>' {
                continue;
            }
            let kind = scan.kind(at);
            let found = matches!(kind, Some(PartKind::CodeBlock | PartKind::CodeSpan));
            if is_code {
                prop_assert!(found, "{text:?} at {at}: {kind:?}");
            } else if kind == Some(PartKind::CodeSpan) {
                prop_assert!(false, "{text:?} at {at} is no code");
            }
        }
    }
}
