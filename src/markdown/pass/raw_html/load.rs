//! Elements of raw HTML that lead somewhere or load something → links and holes; and the attributes
//! that are kept.
//!
//! Must not know: which elements are open.

use std::ops::Range;

use super::Sanitizer;
use super::element::kept_value;
use super::srcset;
use super::token::Tag;
use crate::diagnostic::Span;
use crate::escape::escaped;
use crate::markdown::document::{Attribute, Element, ImageCandidate, NodeKind, offset};
use crate::markdown::item::Item;
use crate::markdown::{Link, LinkKind, link};

/// An element keeps no more attributes.
const MOST_ATTRIBUTES: usize = 100;

impl Sanitizer<'_, '_, '_> {
    pub(super) fn void(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        if tag.name == "img" {
            let candidates = self.candidates(tag, &place);
            let image = Link {
                candidates,
                kind: LinkKind::Image,
                destination: link::address(tag.attribute("src").unwrap_or_default()),
                title: link::decode_entities(tag.attribute("title").unwrap_or_default()),
                text: link::decode_entities(tag.attribute("alt").unwrap_or_default()),
                attributes: self.attributes_without(
                    tag,
                    &["alt", "title", "loading", "decoding", "referrerpolicy"],
                ),
                place: self.place_of(tag, "src", &place),
                ..Link::default()
            };
            let index = self.draft.parsed.links.len();
            self.draft.parsed.links.push(image);
            self.result.push((Item::Leaf(NodeKind::Image(offset(index))), place));
            return;
        }
        if tag.name == "hr" {
            if self.is_line {
                let line_break = Element::without_content("br");
                self.leaf(line_break, place);
                return;
            }
            self.widen_paragraphs();
        }
        let attributes = self.attributes(tag);
        let media = self.media(tag, &place);
        let candidates =
            if tag.name == "source" { self.candidates(tag, &place) } else { Vec::new() };
        let element =
            Element { attributes, media, candidates, ..Element::without_content(&tag.name) };
        self.leaf(element, place);
    }

    pub(super) fn leaf(&mut self, element: Element, place: Range<usize>) {
        let element = self.draft.parsed.document.add_element(element);
        self.result.push((Item::Leaf(NodeKind::Element(element)), place));
    }

    /// A page of another site inside this one is not loaded; a link leads to it.
    pub(super) fn embed(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        let Some(source) =
            tag.attribute("src").or(tag.attribute("data")).filter(|url| !url.is_empty())
        else {
            return;
        };
        let index = self.link(tag, source, &place);
        // No prose: the length of the text and its language do not count it.
        let shown = escaped(&self.draft.parsed.links[index].destination);
        self.result.push((Item::Open(NodeKind::Link(offset(index))), place.clone()));
        self.result.push((Item::RawText(shown.into()), place.clone()));
        self.result.push((Item::Close, place));
    }

    /// Registers a link and gives its index.
    pub(super) fn link(&mut self, tag: &Tag<'_>, href: &str, place: &Range<usize>) -> usize {
        let attributes =
            self.attributes_without(tag, &["target", "rel", "width", "height", "frameborder"]);
        self.draft.parsed.links.push(Link {
            kind: LinkKind::Link,
            destination: link::address(href),
            attributes,
            place: self.place_of(tag, "href", place),
            ..Link::default()
        });
        self.draft.parsed.links.len() - 1
    }

    /// Registers the file that a video or sound loads and gives the index of its link.
    pub(super) fn media(&mut self, tag: &Tag<'_>, place: &Range<usize>) -> Option<u32> {
        if !matches!(tag.name.as_str(), "video" | "audio" | "source" | "track") {
            return None;
        }
        let source = tag.attribute("src")?;
        let index = self.draft.parsed.links.len();
        self.draft.parsed.links.push(Link {
            kind: LinkKind::Media,
            destination: link::address(source),
            place: self.place_of(tag, "src", place),
            ..Link::default()
        });
        Some(offset(index))
    }

    /// Registers the files of a `srcset`.
    fn candidates(&mut self, tag: &Tag<'_>, place: &Range<usize>) -> Vec<ImageCandidate> {
        let Some(value) = tag.attribute("srcset") else { return Vec::new() };
        let around = place.start..place.start + tag.source.len();
        let mut result = Vec::new();
        for (address, descriptor) in srcset::candidates(&link::decode_entities(value)) {
            result.push(ImageCandidate {
                link: offset(self.draft.parsed.links.len()),
                descriptor: descriptor.to_owned(),
            });
            let lines = &self.draft.lines;
            self.draft.parsed.links.push(Link {
                kind: LinkKind::Media,
                destination: address.to_owned(),
                place: lines.span(&link::destination_in(lines.text(), &around, address)),
                ..Link::default()
            });
        }
        result
    }

    /// The place of an attribute's value in the file.
    fn place_of(&self, tag: &Tag<'_>, name: &str, place: &Range<usize>) -> Span {
        let around = place.start..place.start + tag.source.len();
        let value = tag.attribute(name).unwrap_or_default().trim();
        let lines = &self.draft.lines;
        lines.span(&link::destination_in(lines.text(), &around, value))
    }

    pub(super) fn attributes(&self, tag: &Tag<'_>) -> Vec<Attribute> {
        self.attributes_without(tag, &[])
    }

    /// The attributes that are kept; `name` of an old-style anchor becomes its id, which is claimed
    /// once the headings have theirs.
    fn attributes_without(&self, tag: &Tag<'_>, left_out: &[&str]) -> Vec<Attribute> {
        let mut result = Vec::new();
        let id = tag.attribute("id").or_else(|| tag.attribute("name").filter(|_| tag.name == "a"));
        if let Some(id) = id.map(link::decode_entities) {
            result.push(Attribute::new("id", &escaped(&id)));
        }
        let is_safe = self.draft.options.safe_html;
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in tag.attributes.iter().take(MOST_ATTRIBUTES) {
            if left_out.contains(&name.as_str()) || seen.contains(&name.as_str()) {
                continue;
            }
            if let Some(value) = kept_value(name, value, is_safe) {
                result.push(Attribute::new(name, &value));
                seen.push(name);
            }
        }
        result
    }
}
