//! Elements of raw HTML → the Markdown that says the same; of others the words stay.
//!
//! Must not know: the rest of the document.

use super::block::Marker;
use super::inline::Mark;
use super::table::TableCells;
use super::{Addresses, MarkdownWriter, Role};
use crate::markdown::document::{Descend, NodeKind};
use crate::markdown::link::decode_entities;

impl<A: Addresses> MarkdownWriter<'_, A> {
    pub(super) fn element(&mut self, node: usize, element: u32) -> Descend {
        let element = self.document.element(element);
        if let Some(media) = element.media {
            // A player's words are those of a link to its file.
            if let Some(address) = self.addresses.of(media as usize) {
                if self.document.within(node).is_empty() {
                    self.inlines.image("", address, "");
                    return Descend::Over;
                }
                self.inlines.open(Mark::Link { address, title: "" });
            }
            return Descend::Into;
        }
        match Role::of(&element.name) {
            Role::Mark(Mark::Element("code")) if self.is_plain(node) => {
                let words = self.words(node);
                self.inlines.code(words.trim());
                return Descend::Over;
            }
            Role::Mark(mark) => self.inlines.open(mark),
            Role::InLine => {}
            Role::Break => self.inlines.line_break(),
            Role::Rule => self.rule(),
            Role::Nothing => return Descend::Over,
            Role::Code => {
                let words = self.words(node);
                self.code(words.trim_matches('\n'), "");
                return Descend::Over;
            }
            Role::Quote => self.html_container(Marker::Quote),
            Role::List(first) => {
                self.html_lists.push(first);
                self.html_container(Marker::List { first, is_loose: false });
            }
            Role::Item if self.html_lists.is_empty() => self.end_text(),
            Role::Item => self.html_container(Marker::Item),
            Role::Table => {
                self.end_text();
                self.tables.push(TableCells::default());
            }
            Role::Row => {
                self.end_text();
                self.row();
            }
            Role::Cell => {
                self.end_text();
                self.cell();
            }
            Role::Details => {
                self.end_text();
                if !self.is_in_cell() {
                    self.blocks.lines("<details>");
                }
            }
            Role::Summary | Role::Block => self.end_text(),
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
        match Role::of(&element.name) {
            Role::Mark(_) => self.inlines.close(),
            Role::InLine | Role::Break | Role::Rule | Role::Nothing | Role::Code => {}
            Role::Quote => self.end_container(),
            Role::List(_) => {
                self.html_lists.pop();
                self.end_container();
            }
            Role::Item if self.html_lists.is_empty() => self.end_text(),
            Role::Item => self.end_container(),
            Role::Table => self.end_table(),
            Role::Cell => self.end_cell(),
            Role::Details => self.end_details(),
            Role::Summary => self.end_summary(),
            Role::Row | Role::Block => self.end_text(),
        }
    }

    fn html_container(&mut self, marker: Marker) {
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
