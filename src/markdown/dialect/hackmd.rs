//! Sizes of images in `HackMD` and its relatives → nothing: an image is as wide as there is room.
//!
//! ```text
//! ![a](b.png =300x200)  → ![a](b.png)
//! ```
//!
//! Must not know: images.

use crate::markdown::source_text::{Edits, SourceText};

pub(super) fn without_sizes(source: &SourceText<'_>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    for destination in source.scan().destinations(text) {
        let inner = &text[destination.clone()];
        let Some(at) = inner.rfind(" =") else { continue };
        if is_size(&inner[at + " =".len()..]) {
            edits.remove(destination.start + at..destination.end);
        }
    }
    edits
}

/// `300`, `300x`, `x200`, `50%x*`.
fn is_size(text: &str) -> bool {
    let text = text.trim_end();
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'x' | '*' | '%' | 'p'))
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
