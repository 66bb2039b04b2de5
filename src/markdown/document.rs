//! A parsed note as a tree: blocks, inlines and the elements of its raw HTML.
//!
//! The nodes lie in one list in the order of the text, each with the number of nodes within it, and
//! all words lie in one string: 9,937 notes hold about a million nodes, which would be as many
//! allocations, and a walk in this order is all that any renderer needs. Links, code blocks,
//! headings and footnotes are named by their index in [`Parsed`](super::Parsed), for other stages
//! look at them without the tree.
//!
//! Must not know: how a node is written; who reads the tree.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::callout::BoxKind;
use super::link;

/// A tree of nodes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    pub(super) nodes: Vec<Node>,
    /// The words of all nodes, one after the other.
    pub(super) text: String,
    /// The elements of raw HTML.
    pub(super) elements: Vec<Element>,
    /// The node of the first heading of Markdown, which may be the page's title.
    pub(super) title: Option<u32>,
    /// The number that is added to the level of each heading, so that the page's title is its only
    /// `<h1>`.
    pub(super) level_shift: u8,
    /// True if a standard's HTML is wanted, without what a page of notes needs around tables and
    /// code.
    pub(super) is_standard: bool,
}

/// A node and the number of nodes within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its kind.
    pub kind: NodeKind,
    /// The number of nodes within it; they follow it.
    pub(super) length: u32,
}

/// A piece of a document's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    pub(super) start: u32,
    pub(super) length: u32,
}

/// The kinds of nodes. Numbers are indices into the lists of [`Parsed`](super::Parsed), but for
/// those of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeKind {
    /// Text.
    Text(Words),
    /// Text within raw HTML, with its character references as written: `&nbsp;` stays what it is.
    RawText(Words),
    /// Raw HTML as written, which only the standards' examples have.
    Verbatim(Words),
    /// A code span.
    Code(Words),
    /// A line break of the source.
    SoftBreak,
    /// A line break that is kept.
    HardBreak,
    /// The box of a task: true if it is done.
    Task(bool),
    /// An image.
    Image(u32),
    /// An id that links can name: of the block that it is the first node of, or of the next one.
    Anchor(Words),
    /// A reference to a footnote, and its place among the references to that one.
    FootnoteReference(u32, u32),
    /// The links from a footnote back to its references.
    FootnoteBack(u32),
    /// A formula in a line of text.
    Formula(u32),
    /// A formula that is a block of its own.
    FormulaBlock(u32),
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck through.
    Strikethrough,
    /// `^x^`.
    Superscript,
    /// `~x~`.
    Subscript,
    /// A link.
    Link(u32),
    /// A block that shows another note, and holds the words of the link in its place.
    Embed(u32),
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading(u32),
    /// A heading of this level without an id, which only the standards' examples have.
    PlainHeading(u8),
    /// A quote.
    Quote,
    /// A list without numbers.
    BulletList,
    /// A list with numbers, and the first of them.
    OrderedList(u32),
    /// An item of a list.
    Item,
    /// A list of terms and definitions.
    DefinitionList,
    /// A term of such a list.
    Term,
    /// A definition of such a list.
    Definition,
    /// A code block.
    CodeBlock(u32),
    /// A line across the text.
    Rule,
    /// A table.
    Table,
    /// The head of a table.
    TableHead,
    /// The rows below the head.
    TableBody,
    /// A row below the head.
    TableRow,
    /// A cell of the head.
    HeadCell(Alignment),
    /// A cell below the head.
    Cell(Alignment),
    /// A block of raw HTML, which only the standards' examples have.
    HtmlBlock,
    /// An image that is a paragraph of its own.
    Figure,
    /// The words below such an image.
    Caption,
    /// A note box.
    Box(BoxKind, BoxTitle),
    /// The title of such a box.
    BoxHead(BoxKind),
    /// A title that is no heading of the text, of a box without a kind.
    Label,
    /// Tabs; each node within them is a [`Self::Tab`].
    Tabs,
    /// A tab; the first node within it is a [`Self::TabTitle`].
    Tab(TabPlace, TabState),
    /// The title of a tab.
    TabTitle,
    /// A box of a kind that has no look of its own.
    Group,
    /// A navigation matrix: true for the note's first, which the configuration may add to or
    /// replace.
    Matrix(bool),
    /// A row of a matrix.
    MatrixRow,
    /// The label of so many rows of a matrix.
    MatrixLabel(u32),
    /// A cell of a matrix.
    MatrixCell,
    /// The list of footnotes.
    Footnotes,
    /// A footnote.
    Footnote(u32),
    /// An element of raw HTML.
    Element(u32),
    /// A heading of raw HTML, and its element.
    HtmlHeading(u32, u32),
    /// A heading of raw HTML without an id: its level as written, and its element.
    PlainHtmlHeading(u8, u32),
}

/// The title of a note box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BoxTitle {
    /// The site's word for its kind.
    Word,
    /// The first node within it, a [`NodeKind::BoxHead`].
    Own,
    /// None; what is folded away has the site's word nevertheless, for readers open it there.
    None,
}

/// The place of a tab among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TabPlace {
    /// It is the first of its tabs, although other tabs are right above it.
    First,
    /// It goes on with the tabs right above it, if there are any.
    Next,
}

/// The state of a tab when a reader opens the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TabState {
    /// It is shown if it is the first of its tabs, and none of them is chosen.
    #[default]
    Usual,
    /// The writer chose it to be shown.
    Chosen,
}

/// The side to which a table's column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Alignment {
    /// As the text runs.
    #[default]
    None,
    /// Left.
    Left,
    /// In the middle.
    Center,
    /// Right.
    Right,
}

/// An element of raw HTML that a page may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Element {
    /// Its name in lower case; for headings that of the level as written.
    pub name: String,
    /// The attributes that are kept.
    pub attributes: Vec<Attribute>,
    /// The file that it loads, by the index of its link.
    pub media: Option<u32>,
    /// The files of its `srcset`.
    pub candidates: Vec<ImageCandidate>,
    /// True if it has neither content nor an end tag.
    pub is_void: bool,
}

/// A file that an image may show, by the width of the window and the like (WHATWG HTML §4.8.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageCandidate {
    /// The file, by the index of its link.
    pub link: u32,
    /// The width or density that it is for: `2x`, `800w`; empty for the only one.
    pub descriptor: String,
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name in lower case.
    pub name: String,
    /// Its value with character references as written, and none of the characters `"` and `<`.
    pub written: String,
}

impl Element {
    /// An element without attributes, content and end tag.
    #[must_use]
    pub fn without_content(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            media: None,
            candidates: Vec::new(),
            is_void: true,
        }
    }
}

impl Attribute {
    /// An attribute with a value as the writer wrote it.
    #[must_use]
    pub fn new(name: &str, written: &str) -> Self {
        let written = written.replace('"', "&quot;").replace('<', "&lt;");
        Self { name: name.to_owned(), written }
    }

    /// The value, its character references decoded.
    #[must_use]
    pub fn value(&self) -> String {
        link::decode_entities(&self.written)
    }
}

impl Words {
    /// True if there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// A reader of a document, which is shown each node in the order of the text.
pub trait Visitor {
    /// A node begins.
    fn enter(&mut self, node: usize) -> Descend;
    /// A node ends whose inside was visited.
    fn leave(&mut self, node: usize);
}

/// The answer of a [`Visitor`] to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Descend {
    /// The nodes within it are visited, then it is left.
    Into,
    /// The next node is the one behind it.
    Over,
}

impl Document {
    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True if there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The kind of a node.
    #[must_use]
    pub fn kind(&self, node: usize) -> NodeKind {
        self.nodes[node].kind
    }

    /// The nodes within a node.
    #[must_use]
    pub fn within(&self, node: usize) -> Range<usize> {
        node + 1..node + 1 + self.nodes[node].length as usize
    }

    /// The kind of the first node within a node.
    #[must_use]
    pub fn first_within(&self, node: usize) -> Option<NodeKind> {
        let first = self.within(node).next()?;
        Some(self.kind(first))
    }

    /// The words that a node names.
    #[must_use]
    pub fn words(&self, words: Words) -> &str {
        let start = words.start as usize;
        self.text.get(start..start + words.length as usize).unwrap_or_default()
    }

    /// An element of raw HTML.
    #[must_use]
    pub fn element(&self, element: u32) -> &Element {
        &self.elements[element as usize]
    }

    /// The files that the elements of raw HTML may show.
    pub fn candidates(&self) -> impl Iterator<Item = &ImageCandidate> {
        self.elements.iter().flat_map(|element| &element.candidates)
    }

    /// The node of the first heading.
    #[must_use]
    pub fn title(&self) -> Option<usize> {
        self.title.map(|node| node as usize)
    }

    /// Walks over nodes in the order of the text.
    pub fn walk(&self, nodes: Range<usize>, visitor: &mut impl Visitor) {
        let mut open: Vec<usize> = Vec::new();
        let mut node = nodes.start;
        loop {
            while let Some(&last) = open.last()
                && self.within(last).end <= node
            {
                visitor.leave(last);
                open.pop();
            }
            if node >= nodes.end {
                debug_assert!(open.is_empty(), "a walk over a part of a node");
                return;
            }
            match visitor.enter(node) {
                Descend::Into => {
                    open.push(node);
                    node += 1;
                }
                Descend::Over => node = self.within(node).end,
            }
        }
    }

    /// Keeps words and names where they are.
    pub(super) fn add_words(&mut self, text: &str) -> Words {
        let words = Words { start: offset(self.text.len()), length: offset(text.len()) };
        self.text.push_str(text);
        words
    }

    /// Keeps an element and gives its index.
    pub(super) fn add_element(&mut self, element: Element) -> u32 {
        self.elements.push(element);
        offset(self.elements.len() - 1)
    }
}

/// A note of 4 GB would end the memory before it ended these numbers.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
