//! Placeholders for a list of the headings, in which generators hardly differ → nothing: the
//! outline is beside the text.
//!
//! ```text
//! [TOC], [[toc]], [[_TOC_]], {:toc}, @[toc]
//! ```
//!
//! Must not know: the headings.

use super::shortcode::{self, NewLine};
use crate::markdown::source_text::{Edits, SourceText};

/// Texts of which each placeholder holds one.
pub(super) const SIGNS: [&str; 4] = ["[toc", "[TOC", "[[_", "{:toc}"];

/// The placeholders in lower case.
const PLACEHOLDERS: [&str; 5] = ["[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "@[toc]"];

pub(super) fn without_placeholders(source: &SourceText<'_>) -> Edits {
    if defines_toc(source.text()) {
        return Edits::default();
    }
    shortcode::edit_lines(source, |line| {
        let is_placeholder = PLACEHOLDERS.iter().any(|word| line.eq_ignore_ascii_case(word));
        is_placeholder.then(NewLine::empty)
    })
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
            ("[TOC]\n\n[toc]: a.md", "<p><a href=\"a.md\">TOC</a></p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
