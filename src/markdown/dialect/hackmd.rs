//! Sizes of images in `HackMD` and its relatives → the instruction in a title that docsify has for
//! them.
//!
//! ```text
//! ![a](b.png =300x200)      → ![a](b.png ":size=300x200")
//! ![a](b c.png "t" =300x)   → ![a](<b c.png> "t :size=300")
//! ```
//!
//! Must not know: the HTML of an image.

use std::ops::Range;

use crate::markdown::link::PictureSize;
use crate::markdown::source_text::{Edits, SourceText};

pub(super) fn move_sizes(source: &SourceText<'_>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    for destination in source.scan().destinations(text) {
        let inner = &text[destination.clone()];
        let Some(at) = size_at(inner) else { continue };
        let before = destination.start..destination.start + at;
        match PictureSize::read(&inner[at + " =".len()..]) {
            Some(size) => write_size(&mut edits, text, before, destination.end, &size),
            None => edits.remove(before.end..destination.end),
        }
    }
    edits
}

/// The place in a destination where a size begins: ` =300x200`.
pub(super) fn size_at(destination: &str) -> Option<usize> {
    let at = destination.rfind(" =")?;
    is_size(&destination[at + " =".len()..]).then_some(at)
}

/// `300`, `300x`, `x200`, `50%x*`.
fn is_size(text: &str) -> bool {
    let text = text.trim_end();
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'x' | '*' | '%' | 'p'))
}

/// Writes a size behind the part of a destination that is kept, in place of the text up to `end`:
/// into the title, if there is one.
pub(super) fn write_size(
    edits: &mut Edits,
    text: &str,
    kept: Range<usize>,
    end: usize,
    size: &PictureSize,
) {
    let inner = text[kept.clone()].trim_end();
    let kept_end = kept.start + inner.len();
    let quote = inner.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let has_title = quote.is_some_and(|quote| inner.matches(quote).count() > 1);
    if let Some(quote) = quote.filter(|_| has_title) {
        edits.replace(kept_end - 1..end, format!(" {size}{quote}"));
    } else if inner.trim_start().contains(' ') && !inner.trim_start().starts_with('<') {
        edits.replace(kept.start..kept.start, "<");
        edits.replace(kept_end..end, format!("> \"{size}\""));
    } else {
        edits.replace(kept_end..end, format!(" \"{size}\""));
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn sizes_of_images_are_no_text() {
        for (text, expected) in [
            (
                "![a](b.png =300x) ![c](<d e.png> \"t\" =x200)",
                "<p><img src=\"b.png\" alt=\"a\" /> \
                 <img src=\"d%20e.png\" alt=\"c\" title=\"t\" /></p>",
            ),
            (
                "[a](b.md?x =y) [a](b.md){id} `![a](b =300x)`",
                "<p>[a](b.md?x =y) <a href=\"b.md\">a</a>{id} <code>![a](b =300x)</code></p>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
