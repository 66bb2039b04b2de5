//! A document → the terms of its definition lists, each with what defines it.
//!
//! Must not know: which notes are glossaries.

use serde::{Deserialize, Serialize};

use super::summary::shortened;
use crate::markdown::Parsed;
use crate::markdown::document::{Descend, Document, NodeKind, Visitor};

/// Longest definition, in characters: it is shown beside the text that has the term.
const LONGEST: usize = 240;

/// A term that a definition list defines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct DefinedTerm {
    /// Its words.
    pub name: String,
    /// The id of its place.
    pub anchor: String,
    /// The beginning of its definitions as plain text.
    pub definition: String,
}

/// The terms of a parsed text in order; those without definition are left out.
pub(crate) fn terms(parsed: &Parsed) -> Vec<DefinedTerm> {
    let document = &parsed.document;
    let mut reader =
        TermReader { parsed, document, is_in_term: false, open: Vec::new(), terms: Vec::new() };
    document.walk(0..document.len(), &mut reader);
    reader.end_group();
    reader.terms
}

struct TermReader<'d> {
    parsed: &'d Parsed,
    document: &'d Document,
    is_in_term: bool,
    /// The terms that the next definitions define.
    open: Vec<DefinedTerm>,
    terms: Vec<DefinedTerm>,
}

impl TermReader<'_> {
    fn end_group(&mut self) {
        for mut term in self.open.drain(..) {
            term.name = one_line(&term.name);
            term.definition = shortened(&one_line(&term.definition), LONGEST);
            if !term.name.is_empty() && !term.definition.is_empty() {
                self.terms.push(term);
            }
        }
    }

    fn words(&mut self, words: &str) {
        if self.is_in_term {
            if let Some(term) = self.open.last_mut() {
                term.name.push_str(words);
            }
        } else {
            for term in &mut self.open {
                term.definition.push_str(words);
            }
        }
    }
}

impl Visitor for TermReader<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        match self.document.kind(node) {
            NodeKind::DefinitionList => self.end_group(),
            NodeKind::Term => {
                if self.open.iter().any(|term| !term.definition.is_empty()) {
                    self.end_group();
                }
                self.open.push(DefinedTerm::default());
                self.is_in_term = true;
            }
            NodeKind::Definition => self.words(" "),
            NodeKind::Anchor(id) if self.is_in_term => {
                if let Some(term) = self.open.last_mut() {
                    self.document.words(id).clone_into(&mut term.anchor);
                }
            }
            _ if self.open.is_empty() => {}
            NodeKind::CodeBlock(_) => return Descend::Over,
            NodeKind::Text(words) | NodeKind::RawText(words) | NodeKind::Code(words) => {
                self.words(self.document.words(words));
            }
            NodeKind::Formula(formula) => {
                self.words(&self.parsed.formulas[formula as usize].plain());
            }
            NodeKind::SoftBreak | NodeKind::HardBreak | NodeKind::Paragraph | NodeKind::Item => {
                self.words(" ");
            }
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, node: usize) {
        match self.document.kind(node) {
            NodeKind::Term => self.is_in_term = false,
            NodeKind::DefinitionList => self.end_group(),
            _ => {}
        }
    }
}

/// A text with single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse};

    #[test]
    fn terms_have_ids_and_definitions() {
        let options = Options { definition_lists: true, ..Options::default() };
        let context = Context { options, ..Context::default() };
        for (text, expected) in [
            ("Raft\n: 一种 **共识** 算法。\n", &[("Raft", "raft", "一种 共识 算法。")][..]),
            ("# Raft\n\nRaft\n: 文\n", &[("Raft", "raft-1", "文")]),
            (
                "甲 `x`\n乙\n: 一\n: 二\n\n丙\n: 三\n",
                &[("甲 x 乙", "甲-x-乙", "一 二"), ("丙", "丙", "三")],
            ),
            ("甲\n: 一\n\n    ```\n    code\n    ```\n\n    - 项\n", &[("甲", "甲", "一 项")]),
            ("没有定义。\n", &[]),
        ] {
            let found = parse(text, &context).terms;
            let found: Vec<_> =
                found.iter().map(|term| (&*term.name, &*term.anchor, &*term.definition)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
