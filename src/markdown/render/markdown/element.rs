//! Elements of raw HTML → the Markdown that says the same; of others the words stay.
//!
//! Must not know: the rest of the document.

use super::block::ContainerKind;
use super::inline::InlineMark;
use super::table::TableCells;
use super::{LinkAddresses, MarkdownWriter};
use crate::markdown::document::{Descend, NodeKind};
use crate::markdown::link::decode_entities;

/// The part of an element of raw HTML in Markdown.
enum ElementRole {
    /// Emphasis and the like, and elements in a line of text that GFM has no marks for.
    InlineMark(InlineMark<'static>),
    /// Words in a line of text.
    InLine,
    Break,
    Rule,
    Code,
    Quote,
    List(Option<u32>),
    Item,
    Table,
    Row,
    Cell,
    Details,
    Summary,
    /// Nothing that is read.
    Nothing,
    /// Words that are blocks of their own.
    Block,
}

impl ElementRole {
    fn of(name: &str) -> Self {
        match name {
            "b" | "strong" => Self::InlineMark(InlineMark::Strong),
            "i" | "em" => Self::InlineMark(InlineMark::Emphasis),
            "s" | "del" | "strike" => Self::InlineMark(InlineMark::Strikethrough),
            "kbd" => Self::InlineMark(InlineMark::Element("kbd")),
            "sub" => Self::InlineMark(InlineMark::Element("sub")),
            "sup" => Self::InlineMark(InlineMark::Element("sup")),
            "mark" => Self::InlineMark(InlineMark::Element("mark")),
            "ins" | "u" => Self::InlineMark(InlineMark::Element("ins")),
            "ruby" => Self::InlineMark(InlineMark::Element("ruby")),
            "rt" => Self::InlineMark(InlineMark::Element("rt")),
            "rp" => Self::InlineMark(InlineMark::Element("rp")),
            "code" | "tt" | "samp" | "var" => Self::InlineMark(InlineMark::Element("code")),
            "a" | "abbr" | "bdi" | "bdo" | "big" | "cite" | "dfn" | "font" | "label" | "q"
            | "small" | "span" | "nobr" | "picture" | "data" | "time" => Self::InLine,
            "br" => Self::Break,
            "hr" => Self::Rule,
            "pre" => Self::Code,
            "blockquote" => Self::Quote,
            "ul" | "menu" | "dir" => Self::List(None),
            "ol" => Self::List(Some(1)),
            "li" => Self::Item,
            "table" => Self::Table,
            "tr" => Self::Row,
            "td" | "th" => Self::Cell,
            "details" => Self::Details,
            "summary" => Self::Summary,
            "input" | "wbr" | "col" | "colgroup" | "area" => Self::Nothing,
            _ => Self::Block,
        }
    }
}

impl<A: LinkAddresses> MarkdownWriter<'_, A> {
    pub(super) fn element(&mut self, node: usize, element: u32) -> Descend {
        let element = self.document.element(element);
        if let Some(media) = element.media {
            // A player's words are those of a link to its file.
            if let Some(address) = self.addresses.of(media as usize) {
                if self.document.within(node).is_empty() {
                    self.inlines.image("", address, "");
                    return Descend::Over;
                }
                self.inlines.open(InlineMark::Link { address, title: "" });
            }
            return Descend::Into;
        }
        match ElementRole::of(&element.name) {
            ElementRole::InlineMark(InlineMark::Element("code")) if self.is_plain(node) => {
                let words = self.words(node);
                self.inlines.code(words.trim());
                return Descend::Over;
            }
            ElementRole::InlineMark(mark) => self.inlines.open(mark),
            ElementRole::InLine => {}
            ElementRole::Break => self.inlines.line_break(),
            ElementRole::Rule => self.rule(),
            ElementRole::Nothing => return Descend::Over,
            ElementRole::Code => {
                let words = self.words(node);
                self.code(words.trim_matches('\n'), "");
                return Descend::Over;
            }
            ElementRole::Quote => self.html_container(ContainerKind::Quote),
            ElementRole::List(first) => {
                self.html_lists.push(first);
                self.html_container(ContainerKind::List { first, is_loose: false });
            }
            ElementRole::Item if self.html_lists.is_empty() => self.end_text(),
            ElementRole::Item => self.html_container(ContainerKind::Item),
            ElementRole::Table => {
                self.end_text();
                self.tables.push(TableCells::default());
            }
            ElementRole::Row => {
                self.end_text();
                self.row();
            }
            ElementRole::Cell => {
                self.end_text();
                self.cell();
            }
            ElementRole::Details => {
                self.end_text();
                if !self.is_in_cell() {
                    self.blocks.lines("<details>");
                }
            }
            ElementRole::Summary | ElementRole::Block => self.end_text(),
        }
        Descend::Into
    }

    pub(super) fn end_element(&mut self, element: u32) {
        let element = self.document.element(element);
        if let Some(media) = element.media {
            if self.addresses.of(media as usize).is_some() {
                self.inlines.close();
            }
            return;
        }
        match ElementRole::of(&element.name) {
            ElementRole::InlineMark(_) => self.inlines.close(),
            ElementRole::InLine
            | ElementRole::Break
            | ElementRole::Rule
            | ElementRole::Nothing
            | ElementRole::Code => {}
            ElementRole::List(_) => {
                self.html_lists.pop();
                self.end_container();
            }
            ElementRole::Item if self.html_lists.is_empty() => self.end_text(),
            ElementRole::Quote | ElementRole::Item => self.end_container(),
            ElementRole::Table => self.end_table(),
            ElementRole::Cell => self.end_cell(),
            ElementRole::Details => self.end_details(),
            ElementRole::Summary => self.end_summary(),
            ElementRole::Row | ElementRole::Block => self.end_text(),
        }
    }

    fn html_container(&mut self, marker: ContainerKind) {
        self.end_text();
        self.container(marker);
    }

    /// True if there is nothing but text within an element.
    fn is_plain(&self, node: usize) -> bool {
        let mut kinds = self.document.within(node).map(|node| self.document.kind(node));
        kinds.all(|kind| matches!(kind, NodeKind::Text(_) | NodeKind::RawText(_)))
    }

    /// The words within an element, as they are written.
    fn words(&self, node: usize) -> String {
        let document = self.document;
        let mut words = String::new();
        for node in document.within(node) {
            match document.kind(node) {
                NodeKind::Text(text) | NodeKind::Code(text) => words += document.words(text),
                NodeKind::RawText(text) => words += &decode_entities(document.words(text)),
                NodeKind::SoftBreak | NodeKind::HardBreak => words.push('\n'),
                NodeKind::CodeBlock(code) => words += &self.parsed.codes[code as usize].block.text,
                NodeKind::Formula(formula) | NodeKind::FormulaBlock(formula) => {
                    words += &self.parsed.formulas[formula as usize].source;
                }
                _ => {}
            }
        }
        words
    }
}
