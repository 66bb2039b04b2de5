//! `{#id}` at the end of a folding question → an anchor before its box, and no text: a link can
//! name the question, and its study card stays the same when its words change.
//!
//! Must not know: what a card is made of, which links lead to the question.

use super::heading::without_id;
use crate::markdown::Draft;
use crate::markdown::callout::BoxKind;
use crate::markdown::document::NodeKind;
use crate::markdown::item::{Item, Spanned};

/// Takes the ids out of the questions. Those that another block has stay no ids, and go too.
pub(crate) fn take<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let is_head =
        |(item, _): &Spanned<'_>| matches!(item, Item::Open(NodeKind::BoxHead(BoxKind::Question)));
    if !items.iter().any(is_head) {
        return items;
    }
    let mut result: Vec<Spanned<'a>> = Vec::with_capacity(items.len() + 4);
    let mut rest = &items[..];
    while let Some(at) = rest.iter().position(is_head) {
        let (before, head) = rest.split_at(at + 1);
        let length = head.iter().position(|(item, _)| matches!(item, Item::Close));
        let (title, behind) = head.split_at(length.unwrap_or(head.len()));
        let (title, id) = without_id(title);
        result.extend_from_slice(before);
        if let Some(id) = id.filter(|id| draft.ids.take(id)) {
            let words = draft.parsed.document.add_words(&id);
            // Before the box, whose first node is its head.
            let place = result.len().saturating_sub(2);
            let range = result[place].1.clone();
            result.insert(place, (Item::Leaf(NodeKind::Anchor(words)), range));
            draft.parsed.anchors.push(id);
        }
        result.extend(title);
        rest = behind;
    }
    result.extend_from_slice(rest);
    result
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, to_html};

    #[test]
    fn ids_are_anchors_and_no_text() {
        for (text, expected) in [
            (
                "> [!question]- Why *so*? {#why}\n> a",
                "<span id=\"why\"></span>\n<details class=\"box box-details\">\n<summary>Why <em>so</em>?</summary>\n<p>a</p>\n</details>\n",
            ),
            (
                "> [!question]- A {x}\n> a",
                "<details class=\"box box-details\">\n<summary>A {x}</summary>\n<p>a</p>\n</details>\n",
            ),
            (
                "> [!note]- A {#b}\n> a",
                "<details class=\"box box-details\">\n<summary>A {#b}</summary>\n<p>a</p>\n</details>\n",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()), expected, "{text}");
        }
        let twice = parse("> [!faq]- A {#x}\n> a\n\n> [!faq]- B {#x}\n> b", &Context::default());
        assert_eq!(twice.anchors, ["x"]);
    }
}
