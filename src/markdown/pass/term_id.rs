//! The terms of definition lists → their ids, made as those of headings are.
//!
//! Must not know: what links to them, which notes are glossaries.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Draft;
use crate::markdown::item::{Item, Spanned};
use crate::path::slug;

use super::block_id::{PlacedAnchor, with_anchors};

/// Gives each term an id that no heading has.
pub(crate) fn assign<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    if !draft.options.definition_lists {
        return items;
    }
    let mut anchors: Vec<PlacedAnchor> = Vec::new();
    let mut term: Option<(usize, String)> = None;
    for (place, (item, _)) in items.iter().enumerate() {
        match (item, &mut term) {
            (Item::Event(Event::Start(Tag::DefinitionListTitle)), _) => {
                term = Some((place + 1, String::new()));
            }
            (Item::Event(Event::Text(text) | Event::Code(text)), Some((_, words))) => {
                words.push_str(text);
            }
            (Item::Event(Event::SoftBreak | Event::HardBreak), Some((_, words))) => words.push(' '),
            (Item::Event(Event::End(TagEnd::DefinitionListTitle)), _) => {
                let Some((at, words)) = term.take() else { continue };
                let slug = slug(&words);
                if !slug.is_empty() {
                    let id = draft.ids.claim(&slug);
                    draft.parsed.anchors.push(id.clone());
                    anchors.push(PlacedAnchor { at, id });
                }
            }
            _ => {}
        }
    }
    with_anchors(items, anchors, draft)
}
