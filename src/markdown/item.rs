//! The steps of a text between the parser and its tree, which the passes change.
//!
//! Must not know: any one pass.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::document::NodeKind;
use super::formula::source::FormulaSource;

/// One step of the text between passes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item<'a> {
    /// As pulldown-cmark gave it.
    Event(Event<'a>),
    /// A node begins that the parser has no event for.
    Open(NodeKind),
    /// The last such node ends.
    Close,
    /// Such a node without content.
    Leaf(NodeKind),
    /// Text of raw HTML, with its character references as written.
    RawText(CowStr<'a>),
}

/// An item and the byte range of the text that it comes from.
pub(crate) type Spanned<'a> = (Item<'a>, Range<usize>);

/// The index of the item that ends what the item at `start` begins.
pub(crate) fn end_of(items: &[Spanned<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, (item, _)) in items.iter().enumerate().skip(start) {
        match item {
            Item::Event(Event::Start(_)) => depth += 1,
            Item::Event(Event::End(_)) => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    items.len().saturating_sub(1)
}

/// The text a reader sees in these items, code included, markup left out.
pub(crate) fn plain_text(items: &[Spanned<'_>]) -> String {
    let mut text = String::new();
    for (item, _) in items {
        match item {
            Item::Event(Event::Text(part) | Event::Code(part)) => text.push_str(part),
            Item::Event(Event::InlineMath(source) | Event::DisplayMath(source)) => {
                text.push_str(&FormulaSource::new(source).plain());
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// True if this tag is within a line of text.
pub(crate) fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// True if the tag begins a block that holds other blocks.
pub(crate) fn is_container(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_))
}
