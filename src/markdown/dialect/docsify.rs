//! Syntax of docsify: tabs, and paragraphs that are boxes, which are found when a note is parsed.
//!
//! ```text
//! ?> text                   a note
//! !> text                   a warning
//! <!-- tabs:start -->       tabs
//! #### **Title**            the title of a tab; `<!-- tab:Title -->` too
//! <!-- tabs:end -->
//! ```
//! Titles that are instructions are read where links are.
//!
//! Must not know: the items of the parser.

use super::boxes::BoxLine;
use crate::markdown::callout::{BoxKind, MarkedBlock};
use crate::markdown::document::TabState;

/// The comment that begins tabs, between its marks.
pub(super) const TABS: &str = "tabs:start";

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

/// `<!-- tabs:start -->`, `#### **Title**`, `<!-- tab:Title -->`, `<!-- tabs:end -->`.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    let next_tab = |title: &str| {
        let title = title.trim();
        if title.is_empty() {
            return None;
        }
        Some(BoxLine::NextTab { of: TABS, title: title.to_owned(), state: TabState::Usual })
    };
    let comment = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    let Some(comment) = comment.map(str::trim) else {
        let heading = line.trim_start_matches('#');
        let is_heading = (1..=6).contains(&(line.len() - heading.len()));
        let bold = heading.trim().strip_prefix("**")?.strip_suffix("**")?;
        return next_tab(bold).filter(|_| is_heading && !bold.contains("**"));
    };
    match comment {
        TABS => {
            let block = MarkedBlock::Tabs;
            Some(BoxLine::Open { colons: 0, name: TABS, block, title: None })
        }
        "tabs:end" => Some(BoxLine::Close { colons: 0, name: TABS }),
        comment => comment.strip_prefix("tab:").and_then(next_tab),
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
