//! The headings of a text, those of raw HTML among them → their ids, as GitHub gives them in the
//! order of the text, and the outline. Other ids of raw HTML make way for theirs.
//!
//! Must not know: the HTML of a heading, the ids that links name.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::escape::escaped;
use crate::markdown::document::{Attribute, Document, NodeKind, offset};
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::item::{Item, Spanned};
use crate::markdown::link::decode_entities;
use crate::markdown::{Draft, Parsed};
use crate::path::slug;

use super::emoji;
use super::heading::{Heading, Opening};

/// The attribute with the id of an element.
const ID: &str = "id";
/// The id of the first heading without letters, which GitHub gives none. No slug has a capital.
const WORDLESS: &str = "Section";
/// Beginnings of ids that templates and scripts give their own parts. No slug begins so.
const FRAME: [&str; 2] = ["page:", "search:"];
/// A heading of raw HTML has no more text, in bytes: one with more was not closed.
const LONGEST: usize = 400;

/// The ids of one page.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    /// Number of times that each slug was claimed. Every id that was given out is a key too.
    wanted: HashMap<String, usize>,
}

impl Ids {
    /// `slug`, or `slug-1`, `slug-2` … when it is taken. The first empty slug becomes [`WORDLESS`];
    /// the others are `-1`, `-2` … as on GitHub.
    pub fn claim(&mut self, slug: &str) -> String {
        if !is_of_frame(slug) && !self.wanted.contains_key(slug) {
            self.wanted.insert(slug.to_owned(), 0);
            return if slug.is_empty() { self.claim(WORDLESS) } else { slug.to_owned() };
        }
        let mut number = self.wanted.get(slug).copied().unwrap_or(0);
        loop {
            number += 1;
            let id = format!("{slug}-{number}");
            if !self.wanted.contains_key(&id) {
                self.wanted.insert(slug.to_owned(), number);
                self.wanted.insert(id.clone(), 0);
                return id;
            }
        }
    }

    /// Claims an id as the writer gives it; true if it was free.
    pub fn take(&mut self, id: &str) -> bool {
        let is_free = !id.is_empty()
            && !id.contains(char::is_whitespace)
            && !is_of_frame(id)
            && !self.wanted.contains_key(id);
        if is_free {
            self.wanted.insert(id.to_owned(), 0);
        }
        is_free
    }
}

fn is_of_frame(id: &str) -> bool {
    FRAME.iter().any(|prefix| id.starts_with(prefix))
}

/// A heading of raw HTML.
struct HtmlHeading {
    /// The index of the item that begins it.
    at: usize,
    level: u8,
    element: u32,
    /// Its text as written; `None` if it has too much.
    words: Option<String>,
}

/// Gives all headings their ids, fills the outline, and leaves the other ids of raw HTML where they
/// are free.
pub(crate) fn assign(items: &mut [Spanned<'_>], draft: &mut Draft<'_>) {
    // The elements whose id is claimed.
    let mut claimed: HashSet<u32> = HashSet::new();
    claimed.extend(assign_title(draft));
    let mut html = html_headings(items).into_iter().peekable();
    let mut markdown = std::mem::take(&mut draft.headings).into_iter();
    for (index, (item, place)) in items.iter_mut().enumerate() {
        if let Some(heading) = html.next_if(|heading| heading.at == index) {
            claimed.extend(assign_html(&heading, item, place, draft));
        }
        let Item::Event(Event::Start(Tag::Heading { id, .. })) = item else { continue };
        let Some(heading) = markdown.next() else { continue };
        let anchor = draft.ids.claim(&heading.anchor);
        *id = Some(anchor.clone().into());
        push(Heading { anchor, ..heading }, place, draft);
    }
    take_others(&claimed, draft);
}

/// Gives what is left of the page's title in raw HTML the id of the title; gives its element.
fn assign_title(draft: &mut Draft<'_>) -> Option<u32> {
    let (Opening::Title(title), Some(element)) = (&draft.parsed.opening, draft.title_element)
    else {
        return None;
    };
    let document = &mut draft.parsed.document;
    let id = slug(title);
    if id.is_empty() || document.own_id(element).is_some() {
        return None;
    }
    let id = draft.ids.claim(&id);
    document.set_id(element, &id);
    draft.parsed.anchors.push(id);
    Some(element)
}

fn push(heading: Heading, place: &Range<usize>, draft: &mut Draft<'_>) {
    draft.parsed.heading_lines.push(draft.lines.of(place.start));
    draft.parsed.outline.push(heading);
}

/// The headings of raw HTML in the order of the text.
fn html_headings(items: &[Spanned<'_>]) -> Vec<HtmlHeading> {
    let mut found: Vec<HtmlHeading> = Vec::new();
    // For each open node of ours, the heading that it is.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut innermost: Vec<usize> = Vec::new();
    // So many of those have lost their words already.
    let mut lost = 0;
    for (at, (item, _)) in items.iter().enumerate() {
        match item {
            Item::Open(NodeKind::PlainHtmlHeading(level, element)) => {
                let words = Some(String::new());
                found.push(HtmlHeading { at, level: *level, element: *element, words });
                open.push(Some(found.len() - 1));
                innermost.push(found.len() - 1);
            }
            Item::Open(_) => open.push(None),
            Item::Close => {
                let closed = open.pop().flatten();
                innermost.truncate(innermost.len() - usize::from(closed.is_some()));
                lost = lost.min(innermost.len());
            }
            Item::RawText(text) => add_words(&mut found, &innermost, &decode_entities(text)),
            Item::Event(Event::Text(text) | Event::Code(text)) => {
                add_words(&mut found, &innermost, text);
            }
            Item::Event(Event::InlineMath(source) | Event::DisplayMath(source)) => {
                add_words(&mut found, &innermost, &FormulaSource::new(source).plain());
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) => {
                add_words(&mut found, &innermost, "\n");
            }
            Item::Event(Event::Start(Tag::Heading { .. })) => {
                // Nothing closed it before the next.
                for &heading in &innermost[lost..] {
                    found[heading].words = None;
                }
                lost = innermost.len();
            }
            _ => {}
        }
    }
    found
}

fn add_words(found: &mut [HtmlHeading], innermost: &[usize], text: &str) {
    let Some(&heading) = innermost.last() else { return };
    let Some(words) = &mut found[heading].words else { return };
    words.push_str(text);
    if words.len() > LONGEST {
        found[heading].words = None;
    }
}

/// Gives a heading of raw HTML its id, unless it has no words but a picture, say. The result is the
/// element that got one.
fn assign_html(
    heading: &HtmlHeading,
    item: &mut Item<'_>,
    place: &Range<usize>,
    draft: &mut Draft<'_>,
) -> Option<u32> {
    let &HtmlHeading { level, element, .. } = heading;
    let words = heading.words.as_deref()?;
    let text = emoji::in_text(&words.split_whitespace().collect::<Vec<_>>().join(" "));
    if !text.contains(char::is_alphanumeric) {
        return None;
    }
    let document = &mut draft.parsed.document;
    let own = document.own_id(element).filter(|id| draft.ids.take(id));
    let anchor = own.unwrap_or_else(|| draft.ids.claim(&slug(words)));
    document.set_id(element, &anchor);
    *item = Item::Open(NodeKind::HtmlHeading(offset(draft.parsed.outline.len()), element));
    push(Heading { level, anchor, text, is_html: true }, place, draft);
    Some(element)
}

/// Claims the ids that raw HTML sets and no heading has; those that are taken go.
fn take_others(claimed: &HashSet<u32>, draft: &mut Draft<'_>) {
    let Draft { ids, parsed, .. } = draft;
    let Parsed { document, links, anchors, .. } = parsed;
    let elements = document.elements.iter_mut().enumerate();
    let others = elements.filter(|(index, _)| !claimed.contains(&offset(*index)));
    let of_elements = others.map(|(_, element)| &mut element.attributes);
    for attributes in of_elements.chain(links.iter_mut().map(|link| &mut link.attributes)) {
        let Some(at) = attributes.iter().position(|attribute| attribute.name == ID) else {
            continue;
        };
        let id = attributes[at].value();
        if ids.take(&id) {
            anchors.push(id);
        } else {
            attributes.remove(at);
        }
    }
}

impl Document {
    /// The id that raw HTML sets on an element.
    fn own_id(&self, element: u32) -> Option<String> {
        let mut attributes = self.element(element).attributes.iter();
        attributes.find(|attribute| attribute.name == ID).map(Attribute::value)
    }

    /// Sets the id of an element.
    fn set_id(&mut self, element: u32, id: &str) {
        let attributes = &mut self.elements[element as usize].attributes;
        attributes.retain(|attribute| attribute.name != ID);
        attributes.insert(0, Attribute::new(ID, &escaped(id)));
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Parsed, parse};

    fn anchors(parsed: &Parsed) -> Vec<&str> {
        parsed.outline.iter().map(|heading| heading.anchor.as_str()).collect()
    }

    #[test]
    fn ids_are_never_empty_or_repeated() {
        let text = "# A\n## A\n## A-1\n## A\n##\n## &&\n## Section\n## top\n## 甲 {#b}\n## b\n## `c` *d* ![e](f)";
        let parsed = parse(text, &Context::default());
        assert_eq!(
            anchors(&parsed),
            ["a", "a-1", "a-1-1", "a-2", "Section", "-1", "section", "top", "b", "b-1", "c-d-"]
        );
    }

    #[test]
    fn ids_repeat_as_on_github() {
        // The examples of `github-slugger`.
        let text = "# echo\n# echo\n# echo 1\n# echo-1\n# echo\n# foxtrot-1\n# foxtrot\n# foxtrot";
        let expected = [
            "echo",
            "echo-1",
            "echo-1-1",
            "echo-1-2",
            "echo-2",
            "foxtrot-1",
            "foxtrot",
            "foxtrot-2",
        ];
        assert_eq!(anchors(&parse(text, &Context::default())), expected);
    }

    #[test]
    fn the_text_of_images_is_no_part_of_an_id() {
        for (text, expected) in [
            ("## ![logo](p.png) Intro", ("Intro", "-intro")),
            ("## Intro ![logo](p.png)", ("Intro", "intro-")),
            ("## [![logo](p.png)](a.md)Intro", ("Intro", "intro")),
            ("## <img src=\"p.png\" alt=\"logo\"> Intro", ("Intro", "-intro")),
            ("## ![logo](p.png)", ("logo", "Section")),
            ("## <a name=\"x\"></a>Intro", ("Intro", "intro")),
        ] {
            let heading = parse(text, &Context::default()).outline.remove(0);
            assert_eq!((&*heading.text, &*heading.anchor), expected, "{text}");
        }
    }

    #[test]
    fn headings_of_raw_html_have_ids_in_the_order_of_the_text() {
        let text = r#"# T

<h2 align="center">Features</h2>

## Features

<div><h3>How to <i>use</i> &amp; <code>x</code></h3></div>

<h2 id="own">Other</h2>

<h2>

甲 **乙**

</h2>

<h2><img src="a.png" alt="x"></h2>

<h5 id="features">Again</h5>
"#;
        let parsed = parse(text, &Context::default());
        let expected = ["t", "features", "features-1", "how-to-use--x", "own", "甲-乙", "again"];
        assert_eq!(anchors(&parsed), expected);
        let texts: Vec<_> = parsed.outline.iter().map(|heading| heading.text.as_str()).collect();
        assert_eq!(texts[3], "How to use & x");
        assert_eq!(parsed.heading_lines, [1, 3, 5, 7, 9, 11, 19]);
        let html = parsed.to_html();
        for id in expected {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}: {html}");
        }
    }

    #[test]
    fn a_heading_that_nothing_closes_is_not_the_rest_of_the_note() {
        for rest in ["文".repeat(200), "a\n\n## B".to_owned()] {
            let parsed = parse(&format!("<h2>\n\n{rest}"), &Context::default());
            assert!(parsed.outline.iter().all(|heading| !heading.is_html), "{rest}");
        }
    }

    #[test]
    fn other_ids_make_way_for_those_of_headings() {
        let text = "<a id=\"b\"></a><span id=\"c\">x</span><a id=c href=d>y</a>\n\n## B\n\n\
             <p id=\"page:top\">z</p><p id=\"search:0\">z</p>";
        let parsed = parse(text, &Context::default());
        assert_eq!((anchors(&parsed), &parsed.anchors), (vec!["b"], &vec!["c".to_owned()]));
        assert_eq!(parsed.to_html().matches(" id=").count(), 2);
    }

    #[test]
    fn a_title_in_raw_html_keeps_its_id() {
        let text = "<h1 align=\"center\"><img src=\"a.png\"><br>My Notes</h1>\n\n## My Notes\n";
        let parsed = parse(text, &Context::default());
        assert_eq!(parsed.anchors, ["my-notes"]);
        assert_eq!(anchors(&parsed), ["my-notes-1"]);
    }
}
