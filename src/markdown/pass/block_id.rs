//! Block ids of Obsidian: ` ^id` at the end of a paragraph or an item, or `^id` in a paragraph of
//! its own behind a block → an anchor at that block, and no text.
//!
//! Must not know: which links lead to them.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Draft;
use crate::markdown::document::NodeKind;
use crate::markdown::item::{Item, Spanned};

/// Length of the ids that Obsidian makes.
const MADE_LENGTH: usize = 6;

/// A block that is open.
#[derive(Default)]
struct OpenBlock {
    /// Its place among the items.
    start: usize,
    is_paragraph: bool,
    /// The places of the last block in it that has ended.
    last: Option<EndedBlock>,
}

/// A block that has ended.
#[derive(Clone, Copy)]
struct EndedBlock {
    start: usize,
    is_paragraph: bool,
}

/// An anchor, and the place among the items before which it comes.
pub(super) struct PlacedAnchor {
    pub at: usize,
    pub id: String,
}

/// Takes the ids out of the text.
pub(crate) fn take<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    if memchr::memchr(b'^', draft.lines.text().as_bytes()).is_none() {
        return items;
    }
    let mut result: Vec<Spanned<'a>> = Vec::with_capacity(items.len());
    let mut anchors: Vec<PlacedAnchor> = Vec::new();
    let mut open: Vec<OpenBlock> = vec![OpenBlock::default()];
    for (item, range) in items {
        let ends_text = matches!(
            item,
            Item::Event(Event::End(TagEnd::Paragraph | TagEnd::Item) | Event::Start(Tag::List(_)))
        );
        let is_alone = ends_text && take_paragraph(&mut result, &open, &mut anchors, draft);
        if is_alone {
            open.pop();
            continue;
        }
        if ends_text {
            take_end(&mut result, &open, &mut anchors, draft);
        }
        match &item {
            Item::Event(Event::Start(tag)) if is_block(tag.to_end()) => {
                let is_paragraph = matches!(tag, Tag::Paragraph);
                open.push(OpenBlock { start: result.len(), is_paragraph, last: None });
            }
            Item::Event(Event::End(tag)) if is_block(*tag) && open.len() > 1 => end(&mut open),
            _ => {}
        }
        result.push((item, range));
    }
    with_anchors(result, anchors, draft)
}

fn end(open: &mut Vec<OpenBlock>) {
    let ended =
        open.pop().map(|OpenBlock { start, is_paragraph, .. }| EndedBlock { start, is_paragraph });
    if let Some(around) = open.last_mut() {
        around.last = ended;
    }
}

/// True for a tag of a block, those within a line apart.
fn is_block(tag: TagEnd) -> bool {
    !crate::markdown::item::is_inline(tag)
}

/// Takes a paragraph that is an id and nothing else, of the block before it; true if it is one.
fn take_paragraph(
    result: &mut Vec<Spanned<'_>>,
    open: &[OpenBlock],
    anchors: &mut Vec<PlacedAnchor>,
    draft: &mut Draft<'_>,
) -> bool {
    let [.., around, OpenBlock { start, is_paragraph: true, .. }] = open else { return false };
    let Some(before) = around.last else { return false };
    let [(Item::Event(Event::Text(text)), range)] = &result[*start + 1..] else { return false };
    let Some(("", id)) = split(text, range, draft) else { return false };
    if let Some(id) = claim(id, draft) {
        // The anchor of another block than a paragraph is before it: a table has no text of its
        // own in which it could be.
        anchors.push(PlacedAnchor { at: before.start + usize::from(before.is_paragraph), id });
    }
    result.truncate(*start);
    true
}

/// Takes the id at the end of the text that ends here.
fn take_end(
    result: &mut Vec<Spanned<'_>>,
    open: &[OpenBlock],
    anchors: &mut Vec<PlacedAnchor>,
    draft: &mut Draft<'_>,
) {
    let Some(block) = open.last() else { return };
    let is_item =
        matches!(result.get(block.start), Some((Item::Event(Event::Start(Tag::Item)), _)));
    if !(block.is_paragraph || is_item) || result.len() < block.start + 2 {
        return;
    }
    let Some((Item::Event(Event::Text(text)), range)) = result.last() else { return };
    let Some((before, id)) = split(text, range, draft) else { return };
    let is_line = result.len() >= 2
        && matches!(result[result.len() - 2].0, Item::Event(Event::SoftBreak | Event::HardBreak));
    // Text that is nothing but an id says nothing else; only below other text is it one.
    if before.is_empty() && !is_line && result.len() == block.start + 2 {
        return;
    }
    if !(before.is_empty() && is_line || before.ends_with(char::is_whitespace)) {
        return;
    }
    let kept = before.trim_end().to_owned();
    let id = claim(id, draft);
    let range = range.clone();
    result.pop();
    if kept.is_empty() && is_line {
        result.pop();
    } else if !kept.is_empty() {
        result.push((Item::Event(Event::Text(kept.into())), range));
    }
    // An image alone in its paragraph stays alone.
    let holds_image = matches!(
        result.get(block.start + 1),
        Some((Item::Event(Event::Start(Tag::Image { .. })), _))
    );
    anchors.extend(id.map(|id| PlacedAnchor { at: block.start + usize::from(!holds_image), id }));
}

/// The text before an id at its end, and the id.
fn split<'t>(text: &'t str, range: &Range<usize>, draft: &Draft<'_>) -> Option<(&'t str, &'t str)> {
    let (before, id) = text.trim_end().rsplit_once('^')?;
    let is_id = !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let source = draft.lines.text().get(range.clone()).unwrap_or_default();
    let is_escaped = source.trim_end().ends_with(&format!("\\^{id}"));
    let counts = draft.options.wiki_links || is_made(id);
    (is_id && !is_escaped && counts).then_some((before, id))
}

/// True for an id as Obsidian makes them. Outside its vaults only they are ids, for ` ^2` is a
/// power.
fn is_made(id: &str) -> bool {
    let is_made = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    id.len() == MADE_LENGTH
        && id.bytes().all(is_made)
        && id.bytes().any(|byte| byte.is_ascii_digit())
        && id.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The id, if no other block has it.
fn claim(id: &str, draft: &mut Draft<'_>) -> Option<String> {
    let id = format!("^{id}");
    if !draft.ids.take(&id) {
        return None;
    }
    draft.parsed.anchors.push(id.clone());
    Some(id)
}

/// The items with the anchors in their places.
pub(super) fn with_anchors<'a>(
    items: Vec<Spanned<'a>>,
    mut anchors: Vec<PlacedAnchor>,
    draft: &mut Draft<'_>,
) -> Vec<Spanned<'a>> {
    if anchors.is_empty() {
        return items;
    }
    anchors.sort_by_key(|anchor| anchor.at);
    let mut anchors = anchors.into_iter().peekable();
    let mut result = Vec::with_capacity(items.len() + anchors.len());
    for (index, item) in items.into_iter().enumerate() {
        while let Some(anchor) = anchors.next_if(|anchor| anchor.at == index) {
            let words = draft.parsed.document.add_words(&anchor.id);
            result.push((Item::Leaf(NodeKind::Anchor(words)), item.1.clone()));
        }
        result.push(item);
    }
    result
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, to_html};

    fn in_vault(text: &str) -> String {
        to_html(text, Options { wiki_links: true, ..Options::default() })
    }

    #[test]
    fn ids_are_anchors_and_no_text() {
        for (text, expected) in [
            ("A paragraph. ^abc123", "<p id=\"^abc123\">A paragraph.</p>\n"),
            ("a\nb\n^x-1", "<p id=\"^x-1\">a\nb</p>\n"),
            ("a **b** ^x", "<p id=\"^x\">a <strong>b</strong></p>\n"),
            ("- item ^itemid", "<ul>\n<li id=\"^itemid\">item</li>\n</ul>\n"),
            (
                "- a ^x\n  - b ^y\n- c",
                "<ul>\n<li id=\"^x\">a\n<ul>\n<li id=\"^y\">b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>\n",
            ),
            (
                "- a\n\n- b ^x",
                "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p id=\"^x\">b</p>\n</li>\n</ul>\n",
            ),
            ("> 引 ^q", "<blockquote>\n<p id=\"^q\">引</p>\n</blockquote>\n"),
            ("> 引\n\n^q", "<span id=\"^q\"></span>\n<blockquote>\n<p>引</p>\n</blockquote>\n"),
            ("甲\n\n^q", "<p id=\"^q\">甲</p>\n"),
            (
                "![](a.png) ^p",
                "<span id=\"^p\"></span>\n<figure><img src=\"a.png\" alt=\"\" /></figure>\n",
            ),
        ] {
            assert_eq!(in_vault(text), expected, "{text}");
        }
    }

    #[test]
    fn other_text_stays() {
        for text in ["^abc123", "a^abc123", "a \\^abc123", "a ^b c", "a ^", "`a ^abc123`"] {
            assert!(!in_vault(text).contains("id="), "{text}");
        }
        // Outside a vault only ids as Obsidian makes them count.
        for (text, is_id) in
            [("a ^37066d", true), ("2 ^10", false), ("x ^n", false), ("x ^123456", false)]
        {
            assert_eq!(to_html(text, Options::default()).contains("id="), is_id, "{text}");
        }
    }

    #[test]
    fn an_id_is_given_once() {
        let options = Options { wiki_links: true, ..Options::default() };
        let parsed = parse("a ^x\n\nb ^x", &Context { options, ..Context::default() });
        assert_eq!(parsed.anchors, ["^x"]);
        assert_eq!(parsed.to_html(), "<p id=\"^x\">a</p>\n<p>b</p>\n");
    }
}
