//! [`Parsed`]: a text as a tree, with the lists that its nodes name by index and the facts that
//! were extracted from it.
//!
//! Must not know: how it was parsed.

use serde::{Deserialize, Serialize};

use super::assemble::assemble;
use super::code::{CodeBlock, PlacedCode};
use super::document::{Document, NodeKind};
use super::extract::length::Length;
use super::extract::terms::DefinedTerm;
use super::item::Item;
use super::link::Link;
use super::pass::footnote::Footnote;
use super::pass::formula::Formula;
use super::pass::heading::{Heading, Opening};
use super::render::as_written;
use crate::diagnostic::{Diagnostic, Silence};

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parsed {
    /// The text as a tree.
    pub document: Document,
    /// All headings in order, those of raw HTML among them, before any level is changed.
    pub outline: Vec<Heading>,
    /// The line of each of them.
    pub heading_lines: Vec<u32>,
    /// The text before the first of them.
    pub opening: Opening,
    /// Ids that raw HTML sets: anchors one can link to.
    pub anchors: Vec<String>,
    /// Links and images in order.
    pub links: Vec<Link>,
    /// The link to the text that this one was taken from, by its index.
    pub original: Option<usize>,
    /// Formulas in order.
    pub formulas: Vec<Formula>,
    /// Code blocks in order.
    pub codes: Vec<PlacedCode>,
    /// Footnotes in the order in which they are referred to.
    pub footnotes: Vec<Footnote>,
    /// The terms of its definition lists.
    pub terms: Vec<DefinedTerm>,
    /// Its tags, in a vault of Obsidian.
    pub hashtags: Vec<String>,
    /// The beginning of the first real paragraph, as plain text; empty when there is none.
    pub summary: String,
    /// The beginning of the first paragraph, however short it is.
    pub first_words: String,
    /// The length of the text.
    pub length: Length,
    /// True if there is more than the first heading.
    pub has_content: bool,
    /// True if the text has a navigation matrix of its own.
    pub has_matrix: bool,
    /// True if a block stands for the mind map of what is below its page.
    pub has_map: bool,
    /// Diagnostics; the caller knows the file.
    pub problems: Vec<Diagnostic>,
    /// Diagnostics that the writer does not want to see.
    pub silences: Vec<Silence>,
}

impl Parsed {
    /// A text that is all code.
    #[must_use]
    pub fn of_code(text: &str) -> Self {
        let mut parsed = Self::default();
        let block = CodeBlock { text: text.to_owned(), ..CodeBlock::default() };
        let (file, info) = (None, String::new());
        let is_indented = true;
        parsed.codes.push(PlacedCode { block, line: 1, file, is_indented, info, diagram: None });
        let code = (Item::Leaf(NodeKind::CodeBlock(0)), 0..0);
        assemble(vec![code], &[], &mut parsed.document);
        parsed
    }

    /// The headings of Markdown, of which the first may be the title of the page.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.outline.iter().filter(|heading| !heading.is_html)
    }

    /// The first heading of Markdown, by its index in the outline.
    #[must_use]
    pub fn first_heading(&self) -> Option<usize> {
        self.outline.iter().position(|heading| !heading.is_html)
    }

    /// True if a code block or a file is shown as a diagram.
    #[must_use]
    pub fn has_diagram(&self) -> bool {
        self.codes.iter().any(|code| code.diagram.is_some())
    }

    /// True if a formula is drawn.
    #[must_use]
    pub fn has_math(&self) -> bool {
        self.formulas.iter().any(|formula| formula.mathml.is_some())
    }

    /// The HTML of the text on its own; see [`to_html`](super::to_html).
    #[must_use]
    pub fn to_html(&self) -> String {
        as_written::render(self)
    }

    /// The id of the heading below which this text begins to differ from an earlier one.
    #[must_use]
    pub fn section_of_change(&self, earlier: &Self) -> Option<&str> {
        let is_same = |node: &usize| {
            *node < earlier.document.len() && self.has_same_node(*node, earlier, *node)
        };
        let same = (0..self.document.len()).take_while(is_same);
        let heading = same.filter_map(|node| match self.document.kind(node) {
            NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) => {
                Some(heading as usize)
            }
            _ => None,
        });
        Some(&self.outline.get(heading.last()?)?.anchor)
    }

    /// True if another text shows the same, apart from the destinations of its links. Captions do
    /// not count: a picture has none if its description is the name of its file.
    #[must_use]
    pub fn shows_the_same(&self, other: &Self) -> bool {
        let as_other = |(own, other): (&Link, &Link)| {
            let (destination, place) = (other.destination.clone(), other.place);
            Link { destination, place, ..own.clone() } == *other
        };
        let (own_nodes, other_nodes) = (self.without_captions(), other.without_captions());
        self.links.len() == other.links.len()
            && self.links.iter().zip(&other.links).all(as_other)
            && self.outline == other.outline
            && own_nodes.len() == other_nodes.len()
            && own_nodes.into_iter().zip(other_nodes).all(|(own_node, other_node)| {
                match (self.document.kind(own_node), other.document.kind(other_node)) {
                    (NodeKind::Link(a), NodeKind::Link(b))
                    | (NodeKind::Embed(a), NodeKind::Embed(b))
                    | (NodeKind::Image(a), NodeKind::Image(b)) => a == b,
                    _ => self.has_same_node(own_node, other, other_node),
                }
            })
    }

    /// The nodes of the document that are no captions of pictures.
    fn without_captions(&self) -> Vec<usize> {
        let mut nodes = Vec::with_capacity(self.document.len());
        let mut node = 0;
        while node < self.document.len() {
            if self.document.kind(node) == NodeKind::Caption {
                node = self.document.within(node).end;
            } else {
                nodes.push(node);
                node += 1;
            }
        }
        nodes
    }

    /// True if a node says the same as one of another text, apart from the nodes within it.
    fn has_same_node(&self, node: usize, other: &Self, other_node: usize) -> bool {
        let (ours, theirs) = (&self.document, &other.document);
        match (ours.kind(node), theirs.kind(other_node)) {
            (NodeKind::Text(a), NodeKind::Text(b))
            | (NodeKind::Anchor(a), NodeKind::Anchor(b))
            | (NodeKind::RawText(a), NodeKind::RawText(b))
            | (NodeKind::Code(a), NodeKind::Code(b)) => ours.words(a) == theirs.words(b),
            (NodeKind::Heading(a), NodeKind::Heading(b))
            | (NodeKind::HtmlHeading(a, _), NodeKind::HtmlHeading(b, _)) => {
                self.outline.get(a as usize) == other.outline.get(b as usize)
            }
            (NodeKind::CodeBlock(a), NodeKind::CodeBlock(b)) => {
                self.codes.get(a as usize).map(|code| &code.block)
                    == other.codes.get(b as usize).map(|code| &code.block)
            }
            (NodeKind::Formula(a), NodeKind::Formula(b))
            | (NodeKind::FormulaBlock(a), NodeKind::FormulaBlock(b)) => {
                self.formulas.get(a as usize) == other.formulas.get(b as usize)
            }
            (NodeKind::Link(a), NodeKind::Link(b))
            | (NodeKind::Embed(a), NodeKind::Embed(b))
            | (NodeKind::Image(a), NodeKind::Image(b)) => {
                let destination = |parsed: &Self, link: u32| {
                    parsed.links.get(link as usize).map(|link| link.destination.clone())
                };
                destination(self, a) == destination(other, b)
            }
            (NodeKind::Element(a), NodeKind::Element(b)) => ours.element(a) == theirs.element(b),
            (a, b) => a == b,
        }
    }
}
