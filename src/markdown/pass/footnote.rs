//! Footnotes: gathered at the end of the text in the order of their first reference, with ways
//! back.
//!
//! Must not know: anything but footnotes.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use crate::markdown::Draft;
use crate::markdown::document::{NodeKind, offset};
use crate::markdown::item::{Item, Spanned, end_of};

/// A footnote.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Footnote {
    /// Its number, from 1.
    pub number: usize,
    /// The id of its text.
    pub anchor: String,
    /// The ids of the places that refer to it.
    pub references: Vec<String>,
}

/// Moves definitions to the end and numbers references.
pub(crate) fn gather<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let has_any = items.iter().any(|(item, _)| {
        matches!(
            item,
            Item::Event(Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)))
        )
    });
    if !has_any {
        return items;
    }
    let order = number(&items, draft);
    let (text, mut definitions) = without_definitions(&items);
    let mut result = refer(text, &order, draft);
    let place = result.last().map_or(0..0, |(_, range)| range.clone());
    let mut names: Vec<(String, u32)> = order.clone().into_iter().collect();
    names.sort_by_key(|&(_, footnote)| footnote);
    result.push((Item::Open(NodeKind::Footnotes), place.clone()));
    for (name, footnote) in names {
        let definition = definitions.remove(&name).unwrap_or_default();
        let mut definition = refer(definition, &order, draft);
        result.push((Item::Open(NodeKind::Footnote(footnote)), place.clone()));
        add_ways_back(&mut definition, footnote);
        result.extend(definition);
        result.push((Item::Close, place.clone()));
    }
    result.push((Item::Close, place));
    result
}

/// Names differ in more than case (CommonMark 0.31 §4.7, which footnotes follow).
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Registers the footnotes in the order in which they are referred to; those nothing refers to come
/// last. Gives the index of each by its name.
fn number(items: &[Spanned<'_>], draft: &mut Draft<'_>) -> HashMap<String, u32> {
    let references = items.iter().filter_map(|(item, _)| match item {
        Item::Event(Event::FootnoteReference(name)) => Some(name),
        _ => None,
    });
    let definitions = items.iter().filter_map(|(item, _)| match item {
        Item::Event(Event::Start(Tag::FootnoteDefinition(name))) => Some(name),
        _ => None,
    });
    let mut order = HashMap::new();
    for name in references.chain(definitions) {
        let footnotes = &mut draft.parsed.footnotes;
        order.entry(key(name)).or_insert_with(|| {
            let number = footnotes.len() + 1;
            let anchor = draft.ids.claim(&format!("fn-{number}"));
            footnotes.push(Footnote { number, anchor, references: Vec::new() });
            offset(number - 1)
        });
    }
    order
}

/// The items without the definitions of footnotes, and the first definition of each name.
fn without_definitions<'a>(
    items: &[Spanned<'a>],
) -> (Vec<Spanned<'a>>, HashMap<String, Vec<Spanned<'a>>>) {
    let mut text = Vec::with_capacity(items.len());
    let mut definitions: HashMap<String, Vec<Spanned<'a>>> = HashMap::new();
    let mut index = 0;
    while index < items.len() {
        if let Item::Event(Event::Start(Tag::FootnoteDefinition(name))) = &items[index].0 {
            let end = end_of(items, index);
            definitions.entry(key(name)).or_insert_with(|| items[index + 1..end].to_vec());
            index = end + 1;
        } else {
            text.push(items[index].clone());
            index += 1;
        }
    }
    (text, definitions)
}

/// Makes references of the items that name a footnote, each with an id of its own.
fn refer<'a>(
    mut items: Vec<Spanned<'a>>,
    order: &HashMap<String, u32>,
    draft: &mut Draft<'_>,
) -> Vec<Spanned<'a>> {
    for (item, _) in &mut items {
        let Item::Event(Event::FootnoteReference(name)) = item else { continue };
        let Some(&index) = order.get(&key(name)) else { continue };
        let footnote = &mut draft.parsed.footnotes[index as usize];
        let place = offset(footnote.references.len());
        footnote.references.push(draft.ids.claim(&format!("fnref-{}", footnote.number)));
        *item = Item::Leaf(NodeKind::FootnoteReference(index, place));
    }
    items
}

/// Adds the links back to a footnote's references, within its last paragraph.
fn add_ways_back(definition: &mut Vec<Spanned<'_>>, footnote: u32) {
    let place = definition.last().map_or(0..0, |(_, range)| range.clone());
    let in_paragraph =
        matches!(definition.last(), Some((Item::Event(Event::End(TagEnd::Paragraph)), _)));
    let at = definition.len() - usize::from(in_paragraph);
    definition.insert(at, (Item::Leaf(NodeKind::FootnoteBack(footnote)), place));
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn footnotes_are_gathered_in_order_with_ways_back() {
        let html = to_html(
            "a[^z] b[^y] c[^z]\n\n[^y]: 二\n\nd\n\n[^z]: 一\n[^u]: 无\n",
            Options::default(),
        );
        let (text, notes) = html.split_once("<section").unwrap();
        assert!(text.contains("href=\"#fn-1\">1</a></sup> b<sup"), "{text}");
        assert!(text.trim_end().ends_with("<p>d</p>"), "{text}");
        let order: Vec<_> =
            ["一", "二", "无"].iter().map(|word| notes.find(word).unwrap()).collect();
        assert!(order.is_sorted(), "{notes}");
        assert_eq!(notes.matches("footnote-back").count(), 3);
        for id in ["fnref-1", "fnref-1-1", "fnref-2"] {
            assert!(
                text.contains(&format!("id=\"{id}\""))
                    && notes.contains(&format!("href=\"#{id}\"")),
                "{html}"
            );
        }
    }

    #[test]
    fn case_makes_no_other_name() {
        let html = to_html("x[^A]\n\n[^a]: y", Options::default());
        assert_eq!(html.matches("<li id=").count(), 1, "{html}");
    }
}
