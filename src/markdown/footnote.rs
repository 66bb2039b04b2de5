//! Footnotes: gathered at the end of the text in the order of their first reference, with ways back.
//!
//! Must not know: anything but footnotes.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Draft, Item, Placed, end_of, text};

/// What is known of one footnote.
#[derive(Default)]
struct Note {
    number: usize,
    anchor: String,
    /// Ids of the places that refer to it.
    references: Vec<String>,
}

/// Moves definitions to the end and numbers references.
pub(crate) fn gather<'a>(items: Vec<Placed<'a>>, draft: &mut Draft<'_>) -> Vec<Placed<'a>> {
    let has_any = items.iter().any(|(item, _)| {
        matches!(
            item,
            Item::Event(Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)))
        )
    });
    if !has_any {
        return items;
    }
    let mut notes = number(&items, draft);
    let mut text_items = Vec::with_capacity(items.len());
    let mut definitions: HashMap<String, Vec<Placed<'a>>> = HashMap::new();
    let mut index = 0;
    while index < items.len() {
        if let Item::Event(Event::Start(Tag::FootnoteDefinition(name))) = &items[index].0 {
            let end = end_of(&items, index);
            definitions.entry(key(name)).or_insert_with(|| items[index + 1..end].to_vec());
            index = end + 1;
            continue;
        }
        text_items.push(items[index].clone());
        index += 1;
    }
    let mut order: Vec<(String, usize)> =
        notes.iter().map(|(name, note)| (name.clone(), note.number)).collect();
    order.sort_by_key(|&(_, number)| number);
    let mut result = refer(text_items, &mut notes, draft);
    let place = result.last().map_or(0..0, |(_, range)| range.clone());
    result.push((Item::Markup("<section class=\"footnotes\">\n<ol>\n".into()), place.clone()));
    for (name, _) in order {
        let definition = definitions.remove(&name).unwrap_or_default();
        let definition = refer(definition, &mut notes, draft);
        let note = &notes[&name];
        result.push((
            Item::Markup(format!("<li id=\"{}\">\n", text::escaped(&note.anchor)).into()),
            place.clone(),
        ));
        result.extend(with_ways_back(definition, note));
        result.push((Item::Markup("</li>\n".into()), place.clone()));
    }
    result.push((Item::Markup("</ol>\n</section>\n".into()), place));
    result
}

/// Names differ in more than case (CommonMark 0.31 §4.7, which footnotes follow).
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Numbers the footnotes in the order in which they are referred to; those nothing refers to come last.
fn number(items: &[Placed<'_>], draft: &mut Draft<'_>) -> HashMap<String, Note> {
    let mut notes: HashMap<String, Note> = HashMap::new();
    let references = items.iter().filter_map(|(item, _)| match item {
        Item::Event(Event::FootnoteReference(name)) => Some(name),
        _ => None,
    });
    let definitions = items.iter().filter_map(|(item, _)| match item {
        Item::Event(Event::Start(Tag::FootnoteDefinition(name))) => Some(name),
        _ => None,
    });
    for name in references.chain(definitions) {
        let number = notes.len() + 1;
        notes.entry(key(name)).or_insert_with(|| Note {
            number,
            anchor: draft.ids.claim(&format!("fn-{number}")),
            references: Vec::new(),
        });
    }
    notes
}

/// Writes references as numbered links.
fn refer<'a>(
    items: Vec<Placed<'a>>,
    notes: &mut HashMap<String, Note>,
    draft: &mut Draft<'_>,
) -> Vec<Placed<'a>> {
    items
        .into_iter()
        .map(|(item, range)| {
            let Item::Event(Event::FootnoteReference(name)) = &item else { return (item, range) };
            let Some(note) = notes.get_mut(&key(name)) else { return (item, range) };
            let id = draft.ids.claim(&format!("fnref-{}", note.number));
            let markup = format!(
                "<sup class=\"footnote-reference\"><a id=\"{id}\" href=\"#{}\">{}</a></sup>",
                text::escaped(&note.anchor),
                note.number
            );
            note.references.push(id);
            (Item::Markup(markup.into()), range)
        })
        .collect()
}

/// The definition with links back to its references, within its last paragraph.
fn with_ways_back<'a>(mut definition: Vec<Placed<'a>>, note: &Note) -> Vec<Placed<'a>> {
    let mut back = String::new();
    for id in &note.references {
        // Writing to a String cannot fail.
        let _ = write!(
            back,
            " <a class=\"footnote-back\" href=\"#{id}\" aria-label=\"↩ {}\">↩</a>",
            note.number
        );
    }
    let place = definition.last().map_or(0..0, |(_, range)| range.clone());
    let in_paragraph =
        matches!(definition.last(), Some((Item::Event(Event::End(TagEnd::Paragraph)), _)));
    let at = definition.len() - usize::from(in_paragraph);
    definition.insert(at, (Item::Markup(back.into()), place));
    definition
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
