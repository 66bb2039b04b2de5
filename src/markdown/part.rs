//! An id in a document → the nodes that it names: a section, a block, or an element.
//!
//! Must not know: links, pages.

use std::ops::Range;

use super::Parsed;
use super::code::PlacedCode;
use super::document::{Document, NodeKind};

impl Parsed {
    /// The nodes that an id names: of a heading its section, of a block id the block. They are
    /// whole nodes, one after the other.
    #[must_use]
    pub fn part_named(&self, id: &str) -> Option<Range<usize>> {
        let document = &self.document;
        let mut ends = vec![document.len()];
        for node in 0..document.len() {
            while ends.last().is_some_and(|&end| end <= node && ends.len() > 1) {
                ends.pop();
            }
            let within = document.within(node);
            if self.has_id(node, id) {
                return Some(self.extent(node, ends.last().copied().unwrap_or(within.end)));
            }
            if !within.is_empty() {
                ends.push(within.end);
            }
        }
        None
    }

    /// An estimate of the HTML of some nodes, in bytes.
    #[must_use]
    pub fn size_of(&self, nodes: Range<usize>) -> usize {
        let document = &self.document;
        let sizes = nodes.map(|node| match document.kind(node) {
            NodeKind::Text(words) | NodeKind::RawText(words) | NodeKind::Code(words) => {
                document.words(words).len()
            }
            NodeKind::CodeBlock(code) => {
                let drawing =
                    |code: &PlacedCode| code.diagram.as_ref().map_or(0, |one| one.svg.len());
                let size = |code: &PlacedCode| code.block.text.len() + drawing(code);
                self.codes.get(code as usize).map_or(0, size)
            }
            NodeKind::Link(link) | NodeKind::Image(link) => {
                // A picture may be in its address (`data:`).
                NODE_SIZE + self.links.get(link as usize).map_or(0, |link| link.destination.len())
            }
            NodeKind::Element(element) | NodeKind::HtmlHeading(_, element) => {
                let attributes = document.element(element).attributes.iter();
                NODE_SIZE + attributes.map(|attribute| attribute.written.len()).sum::<usize>()
            }
            _ => NODE_SIZE,
        });
        sizes.sum()
    }

    fn has_id(&self, node: usize, id: &str) -> bool {
        match self.document.kind(node) {
            NodeKind::Heading(heading) => {
                self.outline.get(heading as usize).is_some_and(|heading| heading.anchor == id)
            }
            NodeKind::Anchor(words) => self.document.words(words) == id,
            NodeKind::Element(element)
            | NodeKind::HtmlHeading(_, element)
            | NodeKind::PlainHtmlHeading(_, element) => {
                let mut attributes = self.document.element(element).attributes.iter();
                attributes.any(|attribute| attribute.name == "id" && attribute.value() == id)
            }
            _ => false,
        }
    }

    /// The nodes that a node with an id begins, in a parent that ends at `end`.
    fn extent(&self, node: usize, end: usize) -> Range<usize> {
        let document = &self.document;
        if let Some(level) = self.level(node) {
            let mut next = document.within(node).end;
            while next < end
                && document.kind(next) != NodeKind::Footnotes
                && self.level(next).is_none_or(|other| other > level)
            {
                next = document.within(next).end;
            }
            return node..next;
        }
        if !matches!(document.kind(node), NodeKind::Anchor(_)) {
            return node..document.within(node).end;
        }
        match anchored(document, node) {
            // An item is nothing without its list.
            Some((around, NodeKind::Item)) => document.within(around),
            Some((around, _)) => around..document.within(around).end,
            None if node + 1 < end => node + 1..document.within(node + 1).end,
            None => node..node + 1,
        }
    }

    /// The level of a heading, as written.
    fn level(&self, node: usize) -> Option<u8> {
        match self.document.kind(node) {
            NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) => {
                Some(self.outline.get(heading as usize)?.level)
            }
            NodeKind::PlainHtmlHeading(level, _) => Some(level),
            _ => None,
        }
    }
}

/// Bytes of a node's tags and attributes.
const NODE_SIZE: usize = 24;

/// The block whose first node is an anchor.
fn anchored(document: &Document, anchor: usize) -> Option<(usize, NodeKind)> {
    let around = anchor.checked_sub(1)?;
    let kind = document.kind(around);
    let is_block = matches!(kind, NodeKind::Paragraph | NodeKind::Item);
    (is_block && document.within(around).contains(&anchor)).then_some((around, kind))
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, passages};

    #[test]
    fn ids_name_sections_and_blocks() {
        let options = Options { wiki_links: true, ..Options::default() };
        let text = "# 甲\n\n前\n\n## 乙\n\n一\n\n### 丙\n\n二[^1] ^b1\n\n## 丁\n\n- 三 ^b2\n- 四\n\n> 五\n\n^b3\n\n<h2 id=\"x\">戊</h2>\n\n六\n\n[^1]: 注\n";
        let parsed = parse(text, &Context { options, ..Context::default() });
        let shown = |id: &str| {
            let nodes = parsed.part_named(id)?;
            let mut part = parsed.clone();
            part.document.nodes = parsed.document.nodes[nodes].to_vec();
            let texts = passages(&part).into_iter().map(|passage| passage.text);
            Some(texts.collect::<Vec<_>>().join(" ").replace('\n', " ").trim().to_owned())
        };
        for (id, expected) in [
            ("乙", Some("一  二1")),
            ("丙", Some("二1")),
            ("丁", Some("三 四 五")),
            ("^b1", Some("二1")),
            ("^b2", Some("三")),
            ("^b3", Some("五")),
            ("x", Some("六")),
            ("nothing", None),
        ] {
            let words = shown(id).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            let expected = expected.map(|text| text.replace("  ", " "));
            assert_eq!(words, expected, "{id}");
        }
    }
}
