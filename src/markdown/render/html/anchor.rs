//! Ids in the HTML of a document, and what refers to them: anchors, footnotes, embedded notes.
//!
//! Must not know: pages, where a link leads.

use super::{HtmlWriter, Resolver};
use crate::escape::escape_into;
use crate::markdown::document::{Descend, NodeKind, Words};

impl<R: Resolver> HtmlWriter<'_, R> {
    /// The note that a link embeds, or the link as a paragraph.
    pub(super) fn embed(&mut self, link: usize) -> Descend {
        self.block("");
        if self.resolver.embed(&mut self.out, link) {
            self.is_line_start = true;
            return Descend::Over;
        }
        self.push("<p>");
        self.resolver.link_start(&mut self.out, link);
        Descend::Into
    }

    /// The start tag of a block, with the id of the anchor that is its first node.
    pub(super) fn block_with_id(&mut self, start: &str, node: usize) {
        self.block(start);
        if let Some(NodeKind::Anchor(id)) = self.document.first_within(node) {
            self.id(self.document.words(id));
        }
        self.direction(node);
        self.push(">");
    }

    /// An anchor, unless the block that it is in has its id.
    pub(super) fn anchor(&mut self, node: usize, id: Words) {
        let is_first_in = |around: usize| {
            matches!(
                self.document.kind(around),
                NodeKind::Paragraph | NodeKind::Item | NodeKind::Term
            ) && self.document.within(around).contains(&node)
        };
        if node.checked_sub(1).is_some_and(is_first_in) {
            return;
        }
        self.block("<span");
        self.id(self.document.words(id));
        self.push("></span>\n");
    }

    /// Writes an id.
    pub(super) fn id(&mut self, id: &str) {
        self.out.push_str(" id=\"");
        escape_into(&mut self.out, self.options.id_prefix);
        escape_into(&mut self.out, id);
        self.out.push('"');
    }

    pub(super) fn footnote_reference(&mut self, footnote: usize, place: usize) {
        if !self.resolver.has_footnotes() {
            return;
        }
        let footnote = &self.parsed.footnotes[footnote];
        self.push("<sup class=\"footnote-reference\"><a");
        self.id(&footnote.references[place]);
        self.reference(&footnote.anchor);
        self.push(&format!(">{}</a></sup>", footnote.number));
    }

    pub(super) fn footnote(&mut self, footnote: usize) {
        self.push("<li");
        self.id(&self.parsed.footnotes[footnote].anchor);
        self.push(">\n");
    }

    pub(super) fn footnote_back(&mut self, footnote: usize) {
        let footnote = &self.parsed.footnotes[footnote];
        for reference in &footnote.references {
            self.push(" <a class=\"footnote-back\"");
            self.reference(reference);
            self.push(&format!(" aria-label=\"↩ {}\">↩</a>", footnote.number));
        }
    }

    /// Writes the address of a footnote or a reference to one.
    pub(super) fn reference(&mut self, id: &str) {
        self.out.push_str(" href=\"");
        escape_into(&mut self.out, self.options.footnotes_at);
        self.out.push('#');
        if self.options.footnotes_at.is_empty() {
            escape_into(&mut self.out, self.options.id_prefix);
        }
        escape_into(&mut self.out, id);
        self.out.push('"');
    }
}
