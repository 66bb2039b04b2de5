//! Placeholders for a list of the headings, in which generators hardly differ → nothing: the
//! outline is beside the text.
//!
//! ```text
//! [TOC], [[toc]], [[_TOC_]], {:toc}, @[toc], @[TOC](title)
//! ```
//!
//! Must not know: the headings.

use super::shortcode::{self, NewLine};
use crate::markdown::source_text::{Edits, SourceText};

/// Texts of which each placeholder holds one.
pub(super) const SIGNS: [&str; 5] = ["[toc", "[TOC", "[Toc", "[[_", "{:toc}"];

/// The placeholders in lower case.
const PLACEHOLDERS: [&str; 5] = ["[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "@[toc]"];

/// Begins a placeholder with a title, in lower case.
const TITLED: &str = "@[toc](";

pub(super) fn without_placeholders(source: &SourceText<'_>) -> Edits {
    if defines_toc(source.text()) {
        return Edits::default();
    }
    shortcode::edit_lines(source, |line| {
        let is_placeholder = PLACEHOLDERS.iter().any(|word| line.eq_ignore_ascii_case(word));
        (is_placeholder || has_title(line)).then(NewLine::empty)
    })
}

/// True for the placeholder of CSDN's editor, with the title that it gives to the list.
fn has_title(line: &str) -> bool {
    let begins = line.get(..TITLED.len()).is_some_and(|start| start.eq_ignore_ascii_case(TITLED));
    begins && closing_parenthesis(&line[TITLED.len()..]) == Some(line.len() - TITLED.len() - 1)
}

/// The place of the parenthesis that ends a title, which may hold pairs of them.
fn closing_parenthesis(title: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in title.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// True if `[toc]` is a link that the note defines.
fn defines_toc(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("[toc]:"))
    })
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn placeholders_for_contents_are_no_text() {
        for (text, expected) in [
            ("[TOC]\n\n[[toc]]\n\na", "<p>a</p>"),
            ("@[TOC](这里写自定义目录标题)\n\na", "<p>a</p>"),
            ("  @[toc](目录)  \na\n@[Toc]()\nb", "<p>a</p>\n<p>b</p>"),
            ("@[TOC]\n\n[Toc]\n\na", "<p>a</p>"),
            ("@[TOC](目录(一))\n\na", "<p>a</p>"),
            ("@[TOC](a.md) b", "<p>@<a href=\"a.md\">TOC</a> b</p>"),
            (
                "`@[TOC](a)`\n\n@[a](b)",
                "<p><code>@[TOC](a)</code></p>\n<p>@<a href=\"b\">a</a></p>",
            ),
            ("[TOC]\n\n[toc]: a.md", "<p><a href=\"a.md\">TOC</a></p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
