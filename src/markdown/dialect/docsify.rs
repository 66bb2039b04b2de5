//! Syntax of docsify that is found when a note is parsed: paragraphs that are boxes.
//!
//! ```text
//! ?> text                   a note
//! !> text                   a warning
//! ```
//! Titles that are instructions are read where links are.
//!
//!
//! Must not know: the items of the parser.

use crate::markdown::callout::BoxKind;

/// Length of the mark of a hint, in bytes.
pub(crate) const MARK_LENGTH: usize = "?> ".len();

/// The kind of box that a paragraph is.
pub(crate) fn hint(paragraph: &str) -> Option<BoxKind> {
    match paragraph.get(..MARK_LENGTH)? {
        "?> " => Some(BoxKind::Note),
        "!> " => Some(BoxKind::Warning),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints() {
        for (text, expected) in [
            ("?> a", Some(BoxKind::Note)),
            ("!> a", Some(BoxKind::Warning)),
            ("?>a", None),
            ("？> a", None),
            ("!", None),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
    }
}
