//! A document → the questions in it, each with its answer: folding boxes of questions, lines
//! `question :: answer`, terms with their definitions.
//!
//! Must not know: how a card looks.

use std::ops::Range;

use crate::markdown::document::{BoxTitle, Descend, Document, NodeKind, Visitor};
use crate::markdown::{BoxKind, Parsed};

/// The sign between question and answer on one line.
const SIGN: &str = " :: ";

/// The kinds of cards that a note has beside questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct CardRules {
    /// True if lines `question :: answer` are cards.
    pub lines: bool,
    /// True if terms with definitions are cards.
    pub terms: bool,
}

/// A piece of one side of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SidePiece<'p> {
    /// Whole nodes.
    Nodes(Range<usize>),
    /// A part of a text.
    Text(&'p str),
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundCard<'p> {
    pub front: Vec<SidePiece<'p>>,
    pub back: Vec<SidePiece<'p>>,
    /// The id that the writer gave the block.
    pub id: Option<&'p str>,
    /// The heading above it, by its number in the outline.
    pub heading: Option<usize>,
}

/// The cards of a text in order.
pub(super) fn cards(parsed: &Parsed, rules: CardRules) -> Vec<FoundCard<'_>> {
    let document = &parsed.document;
    let mut finder = CardFinder { document, rules, heading: None, found: Vec::new() };
    document.walk(0..document.len(), &mut finder);
    let mut found = finder.found;
    let is_empty =
        |side: &[SidePiece<'_>]| plain(parsed, side).is_empty() && !has_more(parsed, side);
    found.retain(|card| !is_empty(&card.front) && !is_empty(&card.back));
    found
}

/// The words of one side of a card, blanks made single.
pub(super) fn plain(parsed: &Parsed, side: &[SidePiece<'_>]) -> String {
    let mut words = String::new();
    for piece in side {
        let nodes = match piece {
            SidePiece::Text(text) => {
                words.push_str(text);
                continue;
            }
            SidePiece::Nodes(nodes) => nodes.clone(),
        };
        for node in nodes {
            match parsed.document.kind(node) {
                NodeKind::Text(text) | NodeKind::RawText(text) | NodeKind::Code(text) => {
                    words.push_str(parsed.document.words(text));
                }
                NodeKind::Formula(formula) | NodeKind::FormulaBlock(formula) => {
                    words.push_str(&parsed.formulas[formula as usize].source);
                }
                NodeKind::Image(link) => words.push_str(&parsed.links[link as usize].text),
                NodeKind::SoftBreak | NodeKind::HardBreak => words.push(' '),
                _ => {}
            }
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True if there is something to see that is no text.
fn has_more(parsed: &Parsed, side: &[SidePiece<'_>]) -> bool {
    let is_more = |node: usize| {
        matches!(parsed.document.kind(node), NodeKind::CodeBlock(_) | NodeKind::Image(_))
    };
    side.iter().any(|piece| match piece {
        SidePiece::Nodes(nodes) => nodes.clone().any(is_more),
        SidePiece::Text(_) => false,
    })
}

struct CardFinder<'p> {
    document: &'p Document,
    rules: CardRules,
    /// The last heading.
    heading: Option<usize>,
    found: Vec<FoundCard<'p>>,
}

impl Visitor for CardFinder<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        match self.document.kind(node) {
            NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) => {
                self.heading = Some(heading as usize);
            }
            NodeKind::Box(BoxKind::Question, BoxTitle::Own) => {
                self.question(node);
                return Descend::Over;
            }
            NodeKind::DefinitionList if self.rules.terms => {
                self.terms(node);
                return Descend::Over;
            }
            NodeKind::Paragraph | NodeKind::Item if self.rules.lines => self.line(node),
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, _: usize) {}
}

impl<'p> CardFinder<'p> {
    fn add(&mut self, front: Vec<SidePiece<'p>>, back: Vec<SidePiece<'p>>, id: Option<&'p str>) {
        self.found.push(FoundCard { front, back, id, heading: self.heading });
    }

    /// A box, whose title is the question.
    fn question(&mut self, node: usize) {
        let within = self.document.within(node);
        let title = self.document.within(within.start);
        // The id of a block of this kind stands before it.
        let id = node.checked_sub(1).and_then(|before| self.anchor(before));
        let back = title.end..within.end;
        self.add(vec![SidePiece::Nodes(title)], vec![SidePiece::Nodes(back)], id);
    }

    fn anchor(&self, node: usize) -> Option<&'p str> {
        match self.document.kind(node) {
            NodeKind::Anchor(id) => Some(self.document.words(id)),
            _ => None,
        }
    }

    /// Each term of a list, with all its definitions.
    fn terms(&mut self, list: usize) {
        let mut terms: Vec<Range<usize>> = Vec::new();
        let mut definitions: Vec<Range<usize>> = Vec::new();
        for node in self.children(self.document.within(list)) {
            let within = self.document.within(node);
            match self.document.kind(node) {
                NodeKind::Term => {
                    if !definitions.is_empty() {
                        self.add_terms(&mut terms, &mut definitions);
                    }
                    terms.push(within);
                }
                NodeKind::Definition => definitions.push(within),
                _ => {}
            }
        }
        self.add_terms(&mut terms, &mut definitions);
    }

    fn add_terms(&mut self, terms: &mut Vec<Range<usize>>, definitions: &mut Vec<Range<usize>>) {
        let definitions = std::mem::take(definitions);
        for term in terms.drain(..) {
            let mut back = Vec::new();
            for definition in &definitions {
                back.extend((!back.is_empty()).then_some(SidePiece::Text("\n")));
                back.push(SidePiece::Nodes(definition.clone()));
            }
            self.add(vec![SidePiece::Nodes(term)], back, None);
        }
    }

    /// A paragraph or an item that is one line with the sign between two sides.
    fn line(&mut self, block: usize) {
        let within = self.document.within(block);
        let id = self.anchor(within.start).filter(|_| !within.is_empty());
        let mut sign = None;
        for node in self.children(within.clone()) {
            match self.document.kind(node) {
                NodeKind::Text(words) if sign.is_none() => {
                    let sides = self.document.words(words).split_once(SIGN);
                    sign = sides.map(|sides| (node, sides));
                }
                kind if !is_in_line(kind) => return,
                _ => {}
            }
        }
        let Some((node, (before, behind))) = sign else { return };
        let front = vec![SidePiece::Nodes(within.start..node), SidePiece::Text(before.trim_end())];
        let back =
            vec![SidePiece::Text(behind.trim_start()), SidePiece::Nodes(node + 1..within.end)];
        self.add(front, back, id);
    }

    /// The nodes in a range that are in no other one of it.
    fn children(&self, nodes: Range<usize>) -> Vec<usize> {
        let mut children = Vec::new();
        let mut node = nodes.start;
        while node < nodes.end {
            children.push(node);
            node = self.document.within(node).end;
        }
        children
    }
}

/// True for what stands in a line of text and does not break it.
fn is_in_line(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Text(_)
            | NodeKind::RawText(_)
            | NodeKind::Code(_)
            | NodeKind::Task(_)
            | NodeKind::Image(_)
            | NodeKind::Anchor(_)
            | NodeKind::Formula(_)
            | NodeKind::FootnoteReference(..)
            | NodeKind::Emphasis
            | NodeKind::Strong
            | NodeKind::Strikethrough
            | NodeKind::Superscript
            | NodeKind::Subscript
            | NodeKind::Link(_)
            | NodeKind::Element(_)
    )
}
