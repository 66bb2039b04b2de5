//! Syntax of docsify that is found when a note is parsed: paragraphs that are boxes, and titles
//! that are instructions.
//!
//! ```text
//! ?> text                   a note
//! !> text                   a warning
//! ![a](b.png ":size=100")   an image without a title
//! ```
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

/// True if the title of a link or image is an instruction: `:size=100`, `:include :type=code`.
pub(crate) fn is_instruction(title: &str) -> bool {
    !title.is_empty() && title.split_whitespace().all(|word| word.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_and_instructions() {
        for (text, expected) in [
            ("?> a", Some(BoxKind::Note)),
            ("!> a", Some(BoxKind::Warning)),
            ("?>a", None),
            ("？> a", None),
            ("!", None),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
        for (title, expected) in
            [(":size=100", true), (":include :type=code", true), ("a :b", false), ("", false)]
        {
            assert_eq!(is_instruction(title), expected, "{title}");
        }
    }
}
