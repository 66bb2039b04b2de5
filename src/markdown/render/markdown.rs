//! A document → Markdown for programs and other tools: GFM and nothing else, whatever syntax the
//! writer used. Parsed again, it has the text of the page.
//!
//! It is made from the tree and not from the writer's text with edits, for in the tree all dialects
//! are one. The crates that write Markdown take a parser's events, and this tree has boxes, tabs,
//! footnotes and elements of raw HTML that no parser gives.
//!
//! Must not know: pages, where a link leads.

mod block;
mod element;
mod escape;
mod inline;
mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use self::block::{BlockWriter, ContainerKind};
use self::inline::{InlineMark, Inlines, Place};
use self::table::TableCells;
use crate::diagram::is_map_of_page;
use crate::markdown::callout::BoxKind;
use crate::markdown::document::{Descend, Document, NodeKind, Visitor};
use crate::markdown::link::decode_entities;
use crate::markdown::pass::heading::HeadingLevels;
use crate::markdown::{Options, Parsed};

/// The addresses of a note's links in its Markdown.
pub trait LinkAddresses {
    /// The address of a link or file, by the index of its link; `None` if only its words are shown.
    fn of(&self, link: usize) -> Option<String>;
}

/// Renders the document of a parsed text below its title. If the first heading is that title, it is
/// written in its place.
#[must_use]
pub fn render(
    parsed: &Parsed,
    options: Options,
    addresses: &impl LinkAddresses,
    title: &str,
    takes_title: bool,
) -> String {
    let mut writer = MarkdownWriter::new(parsed, options, addresses, takes_title);
    let heading = parsed.document.title().filter(|_| takes_title);
    match heading {
        Some(node) => parsed.document.walk(parsed.document.within(node), &mut writer),
        None => writer.inlines.text(title),
    }
    writer.end_heading(1);
    writer.title = heading;
    parsed.document.walk(0..parsed.document.len(), &mut writer);
    writer.finish()
}

/// Renders some nodes of a parsed text, which are whole, and behind them the footnotes that they
/// refer to.
#[must_use]
pub fn render_part(
    parsed: &Parsed,
    options: Options,
    addresses: &impl LinkAddresses,
    nodes: Range<usize>,
) -> String {
    let mut writer = MarkdownWriter::new(parsed, options, addresses, false);
    parsed.document.walk(nodes.clone(), &mut writer);
    for footnote in footnotes_outside(&parsed.document, nodes) {
        parsed.document.walk(footnote, &mut writer);
    }
    writer.finish()
}

/// The nodes of the footnotes to which some nodes refer, or others of these footnotes, without
/// those that are among the nodes.
fn footnotes_outside(document: &Document, nodes: Range<usize>) -> Vec<Range<usize>> {
    let mut texts = BTreeMap::new();
    for node in 0..document.len() {
        if let NodeKind::Footnote(footnote) = document.kind(node)
            && !nodes.contains(&node)
        {
            texts.insert(footnote, node..document.within(node).end);
        }
    }
    let mut found = BTreeMap::new();
    let mut todo = vec![nodes];
    while let Some(nodes) = todo.pop() {
        for node in nodes {
            if let NodeKind::FootnoteReference(footnote, _) = document.kind(node)
                && let Some(text) = texts.remove(&footnote)
            {
                todo.push(text.clone());
                found.insert(footnote, text);
            }
        }
    }
    found.into_values().collect()
}

struct MarkdownWriter<'a, A> {
    parsed: &'a Parsed,
    document: &'a Document,
    addresses: &'a A,
    levels: HeadingLevels,
    blocks: BlockWriter,
    inlines: Inlines<'a>,
    /// The tables that are open; of one in a cell of another only the words are left.
    tables: Vec<TableCells>,
    /// For each list of raw HTML that is open, the number of its next item, if it has numbers.
    html_lists: Vec<Option<u32>>,
    /// The node of the heading that is written as the title.
    title: Option<usize>,
}

impl<A: LinkAddresses> Visitor for MarkdownWriter<'_, A> {
    fn enter(&mut self, node: usize) -> Descend {
        if self.title == Some(node) {
            self.end_text();
            self.levels.behind_title();
            return Descend::Over;
        }
        let document = self.document;
        match document.kind(node) {
            NodeKind::Text(words) | NodeKind::Verbatim(words) => {
                self.inlines.text(document.words(words));
            }
            NodeKind::RawText(words) => self.inlines.text(&decode_entities(document.words(words))),
            NodeKind::Code(words) => self.inlines.code(document.words(words)),
            NodeKind::SoftBreak => self.inlines.text(" "),
            NodeKind::HardBreak => self.inlines.line_break(),
            NodeKind::Task(is_done) => self.inlines.raw(if is_done { "[x] " } else { "[ ] " }),
            NodeKind::Image(link) => self.image(link as usize),
            NodeKind::Link(link) => return self.link(node, link as usize),
            NodeKind::Embed(link) => {
                self.end_text();
                return self.link(node, link as usize);
            }
            NodeKind::FootnoteReference(footnote, _) => {
                let number = self.parsed.footnotes[footnote as usize].number;
                self.inlines.raw(&format!("[^{number}]"));
            }
            NodeKind::Formula(formula) => {
                let source = self.parsed.formulas[formula as usize].source.replace('\n', " ");
                self.inlines.raw(&source);
            }
            NodeKind::FormulaBlock(formula) => self.formula_block(formula as usize),
            NodeKind::Emphasis => self.inlines.open(InlineMark::Emphasis),
            NodeKind::Strong => self.inlines.open(InlineMark::Strong),
            NodeKind::Strikethrough => self.inlines.open(InlineMark::Strikethrough),
            NodeKind::Superscript => self.inlines.open(InlineMark::Element("sup")),
            NodeKind::Subscript => self.inlines.open(InlineMark::Element("sub")),
            NodeKind::Anchor(_) | NodeKind::FootnoteBack(_) => {}
            NodeKind::Caption if self.is_of_image(node) => return Descend::Over,
            NodeKind::CodeBlock(code) => self.code_block(code as usize),
            NodeKind::Rule => self.rule(),
            NodeKind::Element(element) => return self.element(node, element),
            kind => self.start(node, kind),
        }
        Descend::Into
    }

    fn leave(&mut self, node: usize) {
        match self.document.kind(node) {
            NodeKind::Emphasis
            | NodeKind::Strong
            | NodeKind::Strikethrough
            | NodeKind::Superscript
            | NodeKind::Subscript => self.inlines.close(),
            NodeKind::Link(link) => self.link_end(link as usize),
            NodeKind::Embed(link) => {
                self.link_end(link as usize);
                self.end_text();
            }
            NodeKind::Heading(_)
            | NodeKind::PlainHeading(_)
            | NodeKind::HtmlHeading(..)
            | NodeKind::PlainHtmlHeading(..) => {
                let level = self.levels.end();
                self.end_heading(level);
            }
            NodeKind::BoxHead(kind) if kind.is_folded() => self.end_summary(),
            NodeKind::Label | NodeKind::TabTitle | NodeKind::BoxHead(_) => {
                self.inlines.close();
                self.end_text();
            }
            NodeKind::Box(kind, _) if kind.is_folded() => self.end_details(),
            NodeKind::Quote
            | NodeKind::Box(..)
            | NodeKind::BulletList
            | NodeKind::OrderedList(_)
            | NodeKind::Item
            | NodeKind::Definition
            | NodeKind::Footnote(_) => self.end_container(),
            NodeKind::Table | NodeKind::Matrix(_) => self.end_table(),
            NodeKind::HeadCell(_) | NodeKind::Cell(_) | NodeKind::MatrixCell => self.end_cell(),
            NodeKind::MatrixLabel(rows) => {
                self.end_cell();
                if let Some(table) = self.tables.last_mut() {
                    table.repeat_label(rows);
                }
            }
            NodeKind::Element(element) => self.end_element(element),
            NodeKind::Paragraph
            | NodeKind::Figure
            | NodeKind::Caption
            | NodeKind::Term
            | NodeKind::DefinitionList
            | NodeKind::Tabs
            | NodeKind::Tab(..)
            | NodeKind::Group
            | NodeKind::HtmlBlock
            | NodeKind::Footnotes => self.end_text(),
            _ => {}
        }
    }
}

impl<'a, A: LinkAddresses> MarkdownWriter<'a, A> {
    fn new(parsed: &'a Parsed, options: Options, addresses: &'a A, takes_title: bool) -> Self {
        Self {
            parsed,
            document: &parsed.document,
            addresses,
            levels: HeadingLevels::new(parsed, takes_title, false),
            blocks: BlockWriter::new(parsed.document.text.len()),
            inlines: Inlines::new(options),
            tables: Vec::new(),
            html_lists: Vec::new(),
            title: None,
        }
    }

    fn finish(mut self) -> String {
        self.end_text();
        self.blocks.finish()
    }

    /// Begins a block.
    fn start(&mut self, node: usize, kind: NodeKind) {
        self.end_text();
        match kind {
            NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) => {
                self.levels.next(self.parsed.outline[heading as usize].level);
            }
            NodeKind::PlainHeading(level) => _ = self.levels.next_as_written(level),
            NodeKind::PlainHtmlHeading(level, _) => _ = self.levels.next(level),
            NodeKind::Quote => self.container(ContainerKind::Quote),
            NodeKind::Box(kind, _) => self.note_box(kind),
            NodeKind::BoxHead(kind) if kind.is_folded() => {}
            NodeKind::BoxHead(_) | NodeKind::Label | NodeKind::TabTitle => {
                self.inlines.open(InlineMark::Strong);
            }
            NodeKind::BulletList => self.list(node, None),
            NodeKind::OrderedList(first) => self.list(node, Some(first)),
            NodeKind::Item => self.container(ContainerKind::Item),
            NodeKind::Definition => self.container(ContainerKind::Definition),
            NodeKind::Footnote(footnote) => {
                let number = self.parsed.footnotes[footnote as usize].number;
                self.container(ContainerKind::Footnote(number));
            }
            NodeKind::Table => self.tables.push(TableCells::with_head()),
            NodeKind::Matrix(_) => self.tables.push(TableCells::default()),
            NodeKind::TableHead | NodeKind::TableRow | NodeKind::MatrixRow => self.row(),
            NodeKind::HeadCell(alignment) | NodeKind::Cell(alignment) => {
                if let Some(table) = self.tables.last_mut() {
                    table.align(alignment);
                }
                self.cell();
            }
            NodeKind::MatrixLabel(_) | NodeKind::MatrixCell => self.cell(),
            _ => {}
        }
    }

    /// True within a cell, which holds a line and no blocks.
    fn is_in_cell(&self) -> bool {
        self.tables.iter().any(|table| table.is_in_cell)
    }

    /// Ends the words up to here, which are a paragraph.
    fn end_text(&mut self) {
        if self.is_in_cell() {
            self.inlines.end_of_block();
            return;
        }
        if let Some(text) = self.inlines.take(Place::Paragraph) {
            self.blocks.paragraph(&text);
        }
    }

    fn end_heading(&mut self, level: u8) {
        if self.is_in_cell() {
            self.end_text();
        } else if let Some(text) = self.inlines.take(Place::Heading) {
            self.blocks.lines(&format!("{} {text}", "#".repeat(level.into())));
        }
    }

    /// Begins a block with others in it.
    fn container(&mut self, marker: ContainerKind) {
        if !self.is_in_cell() {
            self.blocks.open(marker);
        }
    }

    fn end_container(&mut self) {
        self.end_text();
        if !self.is_in_cell() {
            self.blocks.close();
        }
    }

    fn list(&mut self, node: usize, first: Option<u32>) {
        // The first node within a list is its first item.
        let is_loose =
            self.document.first_within(node + 1).is_some_and(|kind| kind == NodeKind::Paragraph);
        self.container(ContainerKind::List { first, is_loose });
    }

    fn rule(&mut self) {
        self.end_text();
        if !self.is_in_cell() {
            self.blocks.lines("___");
        }
    }

    fn note_box(&mut self, kind: BoxKind) {
        if self.is_in_cell() {
            return;
        }
        if kind.is_folded() {
            self.blocks.lines("<details>");
            return;
        }
        self.blocks.open(ContainerKind::Quote);
        if !self.blocks.is_too_deep() {
            self.blocks.lines(&format!("[!{}]", kind.name().to_ascii_uppercase()));
            self.blocks.joins_next();
        }
    }

    fn end_details(&mut self) {
        self.end_text();
        if !self.is_in_cell() {
            self.blocks.lines("</details>");
        }
    }

    /// Writes the words that a reader opens a box at. In the line of a tag nothing is Markdown, so
    /// words with marks are a paragraph between two.
    fn end_summary(&mut self) {
        if self.is_in_cell() {
            self.end_text();
        } else if let Some(words) = self.inlines.take_plain() {
            self.blocks.joins();
            self.blocks.lines(&format!("<summary>{}</summary>", escape::as_html(&words)));
        } else if let Some(text) = self.inlines.take(Place::Paragraph) {
            self.blocks.joins();
            self.blocks.lines("<summary>");
            self.blocks.paragraph(&text);
            self.blocks.lines("</summary>");
        }
    }

    fn row(&mut self) {
        if let Some(table) = self.tables.last_mut()
            && !table.is_in_cell
        {
            table.row();
        }
    }

    fn cell(&mut self) {
        if !self.is_in_cell()
            && let Some(table) = self.tables.last_mut()
        {
            table.is_in_cell = true;
        }
    }

    fn end_cell(&mut self) {
        let is_nested = self.tables.iter().rev().skip(1).any(|table| table.is_in_cell);
        if is_nested || self.tables.is_empty() {
            self.end_text();
            return;
        }
        let text = self.inlines.take(Place::Cell).unwrap_or_default();
        if let Some(table) = self.tables.last_mut() {
            table.is_in_cell = false;
            table.cell(text);
        }
    }

    fn end_table(&mut self) {
        self.end_text();
        let Some(table) = self.tables.pop() else { return };
        if !self.is_in_cell()
            && let Some(text) = table.write()
        {
            self.blocks.lines(&text);
        }
    }

    fn formula_block(&mut self, formula: usize) {
        let source = &self.parsed.formulas[formula].source;
        self.end_text();
        if self.is_in_cell() {
            self.inlines.raw(&source.replace('\n', " "));
            self.end_text();
        } else {
            self.blocks.lines(source);
        }
    }

    fn code_block(&mut self, code: usize) {
        let code = &self.parsed.codes[code];
        if self.parsed.has_map && is_map_of_page(&code.block.language, &code.block.text) {
            // It is drawn from the navigation, and has no words of the note.
            self.end_text();
            return;
        }
        // A mind map that was drawn from a file is its outline, which has no words behind a fence.
        let info = if code.info.is_empty() { &code.block.language } else { &code.info };
        self.code(&code.block.text, info);
    }

    fn code(&mut self, text: &str, info: &str) {
        self.end_text();
        if !self.is_in_cell() {
            self.blocks.fenced(text, info);
            return;
        }
        for line in text.lines() {
            self.inlines.code(line);
            self.inlines.line_break();
        }
    }

    fn image(&mut self, link: usize) {
        let image = &self.parsed.links[link];
        let address = self.addresses.of(link).filter(|address| !address.starts_with("data:"));
        match address {
            Some(address) => self.inlines.image(&image.text, address, &image.title),
            None => self.inlines.text(image.described().unwrap_or_default()),
        }
    }

    /// True for the words below an image, which its own words are.
    fn is_of_image(&self, caption: usize) -> bool {
        let before = self.document.kind(caption - 1);
        matches!(before, NodeKind::Image(_))
    }

    fn link(&mut self, node: usize, link: usize) -> Descend {
        let Some(address) = self.addresses.of(link) else { return Descend::Into };
        let within = self.document.within(node);
        if let (1, Some(NodeKind::Text(words))) = (within.len(), self.document.first_within(node))
            && self.document.words(words) == address
            && escape::is_autolink(&address)
        {
            self.inlines.raw(&format!("<{address}>"));
            return Descend::Over;
        }
        self.inlines.open(InlineMark::Link { address, title: &self.parsed.links[link].title });
        Descend::Into
    }

    fn link_end(&mut self, link: usize) {
        if self.addresses.of(link).is_some() {
            self.inlines.close();
        }
    }
}

#[cfg(test)]
mod tests;
