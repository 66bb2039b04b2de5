//! Elements of raw HTML that lead somewhere or load something → links and holes; and the attributes that are kept.
//!
//! Must not know: which elements are open.

use std::fmt::Write as _;
use std::ops::Range;

use super::Tamer;
use super::element::keeps_attribute;
use super::token::Tag;
use crate::diagnostic::Span;
use crate::markdown::{Fill, Item, Link, LinkKind, link, text};

/// An element keeps no more attributes.
const MOST_ATTRIBUTES: usize = 100;

impl Tamer<'_, '_, '_> {
    pub(super) fn void(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        if tag.name == "img" {
            let image = Link {
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
            self.result.push((Item::Hole(Fill::Image(index)), place));
            return;
        }
        if tag.name == "hr" {
            if self.is_line {
                self.result.push((Item::Markup("<br />".into()), place));
                return;
            }
            self.widen_paragraphs();
        }
        let opening = format!("<{}{}", tag.name, self.attributes(tag));
        self.result.push((Item::Markup(opening.into()), place.clone()));
        self.media(tag, &place);
        self.result.push((Item::Markup(" />".into()), place));
    }

    /// A page of another site inside this one is not loaded; a link leads to it.
    pub(super) fn embed(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        let Some(source) =
            tag.attribute("src").or(tag.attribute("data")).filter(|url| !url.is_empty())
        else {
            return;
        };
        let index = self.link(tag, source, &place);
        let shown = text::escaped(&self.draft.parsed.links[index].destination);
        self.result.push((Item::Hole(Fill::LinkStart(index)), place.clone()));
        self.result.push((Item::Markup(shown.into()), place.clone()));
        self.result.push((Item::Hole(Fill::LinkEnd(index)), place));
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

    /// The hole for the file that a video or sound loads.
    pub(super) fn media(&mut self, tag: &Tag<'_>, place: &Range<usize>) {
        let loads = matches!(tag.name.as_str(), "video" | "audio" | "source" | "track");
        if let Some(source) = tag.attribute("src").filter(|_| loads) {
            let index = self.draft.parsed.links.len();
            self.draft.parsed.links.push(Link {
                kind: LinkKind::Media,
                destination: link::address(source),
                place: self.place_of(tag, "src", place),
                ..Link::default()
            });
            self.result.push((Item::Hole(Fill::Media(index)), place.clone()));
        }
    }

    /// Where the value of an attribute stands.
    fn place_of(&self, tag: &Tag<'_>, name: &str, place: &Range<usize>) -> Span {
        let around = place.start..place.start + tag.source.len();
        let value = tag.attribute(name).unwrap_or_default().trim();
        let lines = &self.draft.lines;
        lines.span(&link::destination_in(lines.text(), &around, value))
    }

    pub(super) fn attributes(&mut self, tag: &Tag<'_>) -> String {
        self.attributes_without(tag, &[])
    }

    /// The attributes that are kept, each with a blank before it; `name` of an old-style anchor becomes its id.
    fn attributes_without(&mut self, tag: &Tag<'_>, left_out: &[&str]) -> String {
        let mut result = String::new();
        let id = tag.attribute("id").or_else(|| tag.attribute("name").filter(|_| tag.name == "a"));
        if let Some(id) = id.map(link::decode_entities).filter(|id| self.draft.ids.take(id)) {
            // Writing to a String cannot fail.
            let _ = write!(result, " id=\"{}\"", text::escaped(&id));
            self.draft.parsed.anchors.push(id);
        }
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in tag.attributes.iter().take(MOST_ATTRIBUTES) {
            let is_safe = self.draft.options.safe_html;
            let kept = keeps_attribute(name, value, is_safe) && !left_out.contains(&name.as_str());
            if kept && !seen.contains(&name.as_str()) {
                let value = value.replace('"', "&quot;").replace('<', "&lt;");
                let _ = write!(result, " {name}=\"{value}\"");
                seen.push(name);
            }
        }
        result
    }
}
