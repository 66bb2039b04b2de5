//! The place among the items where an embedded note can be a block of its own: between paragraphs,
//! or between the two halves of one that is ended for it.
//!
//! Must not know: what is embedded.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::document::NodeKind;
use crate::markdown::item::{Item, Spanned, is_inline};

/// The state of the blocks around the next item.
#[derive(Default)]
pub(super) struct Flow {
    /// For each open node, true if it can hold no blocks; paragraphs, which are ended, apart.
    open: Vec<bool>,
    /// The paragraph that is open.
    paragraph: Option<OpenParagraph>,
}

struct OpenParagraph {
    /// Its place in the result.
    start: usize,
    /// True if it was ended for a block and has not begun again.
    is_ended: bool,
}

impl Flow {
    /// True if a block may come next.
    pub fn takes_block(&self) -> bool {
        !self.open.contains(&true)
    }

    /// Adds an item.
    pub fn push<'a>(&mut self, mut item: Spanned<'a>, result: &mut Vec<Spanned<'a>>) {
        if let (true, Item::Event(Event::Text(text))) = (self.is_between(), &mut item.0) {
            *text = text.trim_start().to_owned().into();
        }
        match &item.0 {
            Item::Event(Event::Start(Tag::Paragraph)) => {
                self.paragraph = Some(OpenParagraph { start: result.len(), is_ended: false });
            }
            Item::Event(Event::End(TagEnd::Paragraph)) => {
                if self.paragraph.take().is_some_and(|paragraph| paragraph.is_ended) {
                    return;
                }
            }
            Item::Event(Event::Start(tag)) => {
                self.begin_again(&item, result);
                self.open.push(holds_no_block(tag));
            }
            Item::Open(kind) => {
                self.begin_again(&item, result);
                self.open.push(self.paragraph.is_some() || matches!(kind, NodeKind::Link(_)));
            }
            Item::Event(Event::End(_)) | Item::Close => drop(self.open.pop()),
            _ if self.is_between() && is_blank(&item.0) => return,
            _ => self.begin_again(&item, result),
        }
        result.push(item);
    }

    /// Adds a block; a paragraph that is open is ended before it.
    pub fn push_block<'a>(
        &mut self,
        block: impl IntoIterator<Item = Spanned<'a>>,
        result: &mut Vec<Spanned<'a>>,
    ) {
        if let Some(paragraph) = self.paragraph.as_mut().filter(|paragraph| !paragraph.is_ended) {
            paragraph.is_ended = true;
            let start = paragraph.start;
            while result.len() > start + 1 && result.last().is_some_and(|(item, _)| is_blank(item))
            {
                result.pop();
            }
            let is_anchor = |item: &Item<'_>| matches!(item, Item::Leaf(NodeKind::Anchor(_)));
            if result[start + 1..].iter().all(|(item, _)| is_anchor(item)) {
                result.remove(start);
            } else {
                if let Some((Item::Event(Event::Text(text)), _)) = result.last_mut() {
                    *text = text.trim_end().to_owned().into();
                }
                let place = result[start].1.clone();
                result.push((Item::Event(Event::End(TagEnd::Paragraph)), place));
            }
        }
        result.extend(block);
    }

    fn is_between(&self) -> bool {
        self.paragraph.as_ref().is_some_and(|paragraph| paragraph.is_ended)
    }

    /// Begins the paragraph again in which an item is.
    fn begin_again<'a>(&mut self, item: &Spanned<'a>, result: &mut Vec<Spanned<'a>>) {
        if !self.is_between() {
            return;
        }
        self.paragraph = Some(OpenParagraph { start: result.len(), is_ended: false });
        result.push((Item::Event(Event::Start(Tag::Paragraph)), item.1.clone()));
    }
}

fn holds_no_block(tag: &Tag<'_>) -> bool {
    is_inline(tag.to_end()) || matches!(tag, Tag::Heading { .. } | Tag::DefinitionListTitle)
}

/// True for what is nothing at the beginning or end of a paragraph.
fn is_blank(item: &Item<'_>) -> bool {
    match item {
        Item::Event(Event::SoftBreak | Event::HardBreak) => true,
        Item::Event(Event::Text(text)) => text.trim().is_empty(),
        _ => false,
    }
}
