//! Lists of which every item is a box by indentation, as `dialect::mkdocs` writes them → the boxes
//! alone.
//!
//! Must not know: the look of a box.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Draft;
use crate::markdown::dialect::boxes::{self, Marker};
use crate::markdown::item::{Item, Spanned, end_of, is_inline};

/// Takes away the lists of which every item is such a box.
pub(crate) fn unwrap<'a>(items: Vec<Spanned<'a>>, draft: &Draft<'_>) -> Vec<Spanned<'a>> {
    if !draft.boxes.iter().any(|mark| matches!(mark.marker, Marker::Item { .. })) {
        return items;
    }
    let mut result = Vec::with_capacity(items.len());
    // The ends of the lists that go, outermost first.
    let mut going: Vec<usize> = Vec::new();
    let mut boxes: Vec<CalloutBody> = Vec::new();
    for (index, (item, range)) in items.iter().enumerate() {
        let is_between = going.len() > boxes.len();
        let in_box = boxes.last_mut();
        match item {
            Item::Event(Event::Start(Tag::List(None))) if is_of_boxes(&items, index) => {
                going.push(end_of(&items, index));
            }
            Item::Event(Event::End(TagEnd::List(_))) if going.last() == Some(&index) => {
                going.pop();
            }
            Item::Event(Event::Start(Tag::Item)) if is_between && begins_box(&items, index) => {
                boxes.push(CalloutBody { depth: 0, is_open: false });
            }
            Item::Event(Event::End(TagEnd::Item))
                if in_box.as_ref().is_some_and(|body| body.depth == 0) =>
            {
                if boxes.pop().is_some_and(|body| body.is_open) {
                    result.push((Item::Event(Event::End(TagEnd::Paragraph)), range.clone()));
                }
                result.extend(closing_mark(range));
            }
            _ => {
                if let Some(body) = in_box {
                    body.see(item, range, &mut result);
                }
                result.push((item.clone(), range.clone()));
            }
        }
    }
    result
}

/// The text of a box, in which a line that is no paragraph becomes one.
struct CalloutBody {
    /// Number of the elements within it that are open.
    depth: usize,
    /// True if a paragraph that this pass made is open.
    is_open: bool,
}

impl CalloutBody {
    fn see<'a>(&mut self, item: &Item<'a>, range: &Range<usize>, result: &mut Vec<Spanned<'a>>) {
        let Item::Event(event) = item else { return };
        if self.depth == 0 {
            let is_line = match event {
                Event::Start(tag) => is_inline(tag.to_end()),
                Event::End(_) | Event::Html(_) | Event::Rule => false,
                _ => true,
            };
            let change = match (is_line, self.is_open) {
                (true, false) => Some(Event::Start(Tag::Paragraph)),
                (false, true) => Some(Event::End(TagEnd::Paragraph)),
                _ => None,
            };
            self.is_open = is_line;
            result.extend(change.map(|event| (Item::Event(event), range.clone())));
        }
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// True if every item of the list that begins at an index begins with a mark.
fn is_of_boxes(items: &[Spanned<'_>], index: usize) -> bool {
    let mut at = index + 1;
    while begins_box(items, at) {
        at = end_of(items, at) + 1;
    }
    matches!(items.get(at), Some((Item::Event(Event::End(TagEnd::List(_))), _)))
}

fn begins_box(items: &[Spanned<'_>], index: usize) -> bool {
    let html = items.get(index + 2).map(|(item, _)| item);
    let is_item = matches!(items.get(index), Some((Item::Event(Event::Start(Tag::Item)), _)));
    is_item && matches!(html, Some(Item::Event(Event::Html(html))) if boxes::begins_with_mark(html))
}

/// The mark that closes a box, as the parser would give it.
fn closing_mark<'a>(range: &Range<usize>) -> [Spanned<'a>; 3] {
    let html = boxes::closing_comment();
    let events =
        [Event::Start(Tag::HtmlBlock), Event::Html(html.into()), Event::End(TagEnd::HtmlBlock)];
    events.map(|event| (Item::Event(event), range.clone()))
}
