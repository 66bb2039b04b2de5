//! The items of a text, after all passes → the nodes of its [`Document`].
//!
//! Must not know: how a node is written, where links lead.

use std::collections::HashMap;

use pulldown_cmark::{Alignment as Column, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::document::{Alignment, BoxTitle, Document, Node, NodeKind, offset};
use super::item::{Item, Spanned};
use super::pass::heading::Heading;

/// Adds the nodes to a document that has the words and elements which the passes made.
pub(super) fn assemble(items: Vec<Spanned<'_>>, outline: &[Heading], document: &mut Document) {
    let mut assembler = Assembler {
        document,
        outline,
        title: outline.iter().position(|heading| !heading.is_html),
        next_heading: 0,
        by_id: None,
        open: Vec::new(),
        columns: Vec::new(),
        column: 0,
    };
    for (item, _) in items {
        assembler.item(item);
    }
    while !assembler.open.is_empty() {
        assembler.close();
    }
    document.nodes.shrink_to_fit();
    document.text.shrink_to_fit();
}

struct Assembler<'d> {
    document: &'d mut Document,
    outline: &'d [Heading],
    /// The first heading of Markdown, by its index in the outline.
    title: Option<usize>,
    /// The heading that is expected next, by its index in the outline.
    next_heading: usize,
    by_id: Option<HashMap<&'d str, usize>>,
    /// The nodes that are not closed yet.
    open: Vec<usize>,
    /// The columns of the table at hand, and the one that comes next.
    columns: Vec<Column>,
    column: usize,
}

impl Assembler<'_> {
    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Open(kind) => {
                if let NodeKind::HtmlHeading(heading, _) = kind {
                    self.next_heading = heading as usize + 1;
                }
                self.open(kind);
            }
            Item::Close => self.close(),
            Item::Leaf(kind) => self.leaf(kind),
            Item::RawText(text) => {
                let words = self.document.add_words(&text);
                self.leaf(NodeKind::RawText(words));
            }
            Item::Event(event) => self.event(event),
        }
    }

    fn open(&mut self, kind: NodeKind) {
        self.open.push(self.document.nodes.len());
        self.document.nodes.push(Node { kind, length: 0 });
    }

    fn close(&mut self) {
        let Some(node) = self.open.pop() else { return };
        let length = self.document.nodes.len() - node - 1;
        self.document.nodes[node].length = offset(length);
    }

    fn leaf(&mut self, kind: NodeKind) {
        self.document.nodes.push(Node { kind, length: 0 });
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // Formulas are the source that they are; a reference that no footnote answers is text.
            Event::Text(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => {
                let words = self.document.add_words(&text);
                self.leaf(NodeKind::Text(words));
            }
            Event::Code(code) => {
                let words = self.document.add_words(&code);
                self.leaf(NodeKind::Code(words));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let words = self.document.add_words(&html);
                self.leaf(NodeKind::Verbatim(words));
            }
            Event::SoftBreak => self.leaf(NodeKind::SoftBreak),
            Event::HardBreak => self.leaf(NodeKind::HardBreak),
            Event::Rule => self.leaf(NodeKind::Rule),
            Event::TaskListMarker(is_done) => self.leaf(NodeKind::Task(is_done)),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph => NodeKind::Paragraph,
            Tag::Heading { level, id, .. } => self.heading(level, id.as_deref()),
            Tag::BlockQuote(None) => NodeKind::Quote,
            Tag::BlockQuote(Some(kind)) => NodeKind::Box(kind.into(), BoxTitle::Word),
            Tag::List(None) => NodeKind::BulletList,
            // CommonMark 0.31 §5.2: no number has more than nine digits.
            Tag::List(Some(first)) => {
                NodeKind::OrderedList(u32::try_from(first).unwrap_or(u32::MAX))
            }
            Tag::Item => NodeKind::Item,
            Tag::DefinitionList => NodeKind::DefinitionList,
            Tag::DefinitionListTitle => NodeKind::Term,
            Tag::DefinitionListDefinition => NodeKind::Definition,
            Tag::Table(columns) => {
                self.columns = columns;
                NodeKind::Table
            }
            Tag::TableHead => {
                self.column = 0;
                NodeKind::TableHead
            }
            Tag::TableRow => {
                if !self.is_in(NodeKind::TableBody) {
                    self.open(NodeKind::TableBody);
                }
                self.column = 0;
                NodeKind::TableRow
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => NodeKind::Emphasis,
            Tag::Strong => NodeKind::Strong,
            Tag::Strikethrough => NodeKind::Strikethrough,
            Tag::Superscript => NodeKind::Superscript,
            Tag::Subscript => NodeKind::Subscript,
            Tag::HtmlBlock => NodeKind::HtmlBlock,
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::MetadataBlock(_) => return,
        };
        self.open(kind);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::FootnoteDefinition
            | TagEnd::MetadataBlock(_) => return,
            TagEnd::Table if self.is_in(NodeKind::TableBody) => self.close(),
            _ => {}
        }
        self.close();
    }

    /// The headings by their ids, which are looked up once the order is lost.
    fn by_id(&mut self) -> &HashMap<&str, usize> {
        let outline = self.outline;
        self.by_id.get_or_insert_with(|| {
            let headings = outline.iter().enumerate();
            headings.map(|(index, heading)| (heading.anchor.as_str(), index)).collect()
        })
    }

    /// A heading, by its id: footnotes have moved to the end by now, with the headings in them.
    fn heading(&mut self, level: HeadingLevel, id: Option<&str>) -> NodeKind {
        let Some(id) = id else { return NodeKind::PlainHeading(level as u8) };
        let has_id = |heading: &Heading| heading.anchor == id;
        let index = if self.outline.get(self.next_heading).is_some_and(has_id) {
            self.next_heading
        } else {
            let Some(index) = self.by_id().get(id).copied() else {
                return NodeKind::PlainHeading(level as u8);
            };
            index
        };
        self.next_heading = index + 1;
        if self.title == Some(index) {
            self.document.title = Some(offset(self.document.nodes.len()));
        }
        NodeKind::Heading(offset(index))
    }

    fn cell(&mut self) -> NodeKind {
        let alignment = match self.columns.get(self.column) {
            Some(Column::Left) => Alignment::Left,
            Some(Column::Center) => Alignment::Center,
            Some(Column::Right) => Alignment::Right,
            Some(Column::None) | None => Alignment::None,
        };
        self.column += 1;
        if self.is_in(NodeKind::TableHead) {
            NodeKind::HeadCell(alignment)
        } else {
            NodeKind::Cell(alignment)
        }
    }

    fn is_in(&self, kind: NodeKind) -> bool {
        self.open.last().is_some_and(|&node| self.document.nodes[node].kind == kind)
    }
}
