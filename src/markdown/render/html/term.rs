//! The first place of each term in a text → a link to the term.
//!
//! Must not know: which terms there are, where they lead.

use super::{HtmlWriter, Resolver};
use crate::escape::escape_into;
use crate::markdown::document::{NodeKind, Words};

/// Elements of raw HTML whose text is a link or a control already, or code.
const BARRED: [&str; 13] = [
    "a", "abbr", "button", "code", "dfn", "dt", "kbd", "label", "pre", "samp", "select", "summary",
    "var",
];

impl<R: Resolver> HtmlWriter<'_, R> {
    /// Writes a text with links to the terms that it is the first to have.
    pub(super) fn text_with_terms(&mut self, words: Words) {
        if self.barred > 0 {
            self.text(words);
            return;
        }
        let text = self.document.words(words);
        let mut written = 0;
        for (place, term) in self.resolver.terms(text) {
            if !self.linked_terms.insert(term) {
                continue;
            }
            escape_into(&mut self.out, &text[written..place.start]);
            self.resolver.term_start(&mut self.out, term);
            escape_into(&mut self.out, &text[place.clone()]);
            self.out.push_str("</a>");
            written = place.end;
        }
        escape_into(&mut self.out, &text[written..]);
        if let Some(last) = text.as_bytes().last() {
            self.is_line_start = *last == b'\n';
        }
    }

    /// True for a node in which no text links to a term: it is a link already, or no prose.
    pub(super) fn is_barred(&self, node: usize) -> bool {
        match self.document.kind(node) {
            NodeKind::Link(_)
            | NodeKind::Embed(_)
            | NodeKind::Heading(_)
            | NodeKind::PlainHeading(_)
            | NodeKind::HtmlHeading(..)
            | NodeKind::PlainHtmlHeading(..)
            | NodeKind::Term
            | NodeKind::HeadCell(_)
            | NodeKind::Label
            | NodeKind::TabTitle
            | NodeKind::BoxHead(_)
            | NodeKind::Matrix(_) => true,
            NodeKind::Element(element) => {
                BARRED.contains(&self.document.element(element).name.as_str())
            }
            _ => false,
        }
    }
}
