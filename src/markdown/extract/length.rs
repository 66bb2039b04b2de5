//! A document → its [`Length`], from which the reading time is estimated.
//!
//! Must not know: reading speeds.

use serde::{Deserialize, Serialize};

use crate::markdown::Parsed;
use crate::markdown::cjk::is_cjk_letter;
use crate::markdown::document::{Descend, Document, NodeKind, Visitor};

/// The length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Length {
    /// Han characters and kana.
    pub han: u32,
    /// Words of scripts that put blanks between words, and numbers.
    pub words: u32,
    /// Kana, which are among the first: other scripts than Japanese have none.
    pub kana: u32,
    /// Lines of code that is shown as such.
    pub code_lines: u32,
}

/// Han characters in a line of the pages for paper, and words.
const HAN_PER_LINE: u32 = 40;
const WORDS_PER_LINE: u32 = 12;

impl Length {
    /// Lines that it fills on paper, about.
    #[must_use]
    pub fn lines(self) -> u32 {
        let text = (self.han / HAN_PER_LINE).saturating_add(self.words / WORDS_PER_LINE);
        text.saturating_add(self.code_lines)
    }
}

/// Measures the text, and counts the lines of code blocks, which are skimmed rather than read.
pub(crate) fn measure(parsed: &Parsed) -> Length {
    let document = &parsed.document;
    let mut reader = LengthReader { parsed, document, length: Length::default() };
    document.walk(0..document.len(), &mut reader);
    reader.length
}

struct LengthReader<'d> {
    parsed: &'d Parsed,
    document: &'d Document,
    length: Length,
}

impl Visitor for LengthReader<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        match self.document.kind(node) {
            NodeKind::Text(words) | NodeKind::Code(words) => {
                self.length = self.length.with(self.document.words(words));
            }
            NodeKind::Formula(formula) | NodeKind::FormulaBlock(formula) => {
                self.length = self.length.with(&self.parsed.formulas[formula as usize].plain());
            }
            NodeKind::Image(link) => {
                let described = self.parsed.links[link as usize].described();
                self.length = self.length.with(described.unwrap_or_default());
            }
            NodeKind::CodeBlock(code) => {
                let code = &self.parsed.codes[code as usize];
                let lines =
                    if code.diagram.is_none() { code.block.text.lines().count() } else { 0 };
                let lines = u32::try_from(lines).unwrap_or(u32::MAX);
                self.length.code_lines = self.length.code_lines.saturating_add(lines);
            }
            // It repeats the alternative text of the image.
            NodeKind::Caption => return Descend::Over,
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, _: usize) {}
}

impl Length {
    fn with(mut self, text: &str) -> Self {
        let mut in_word = false;
        for c in text.chars() {
            // The commonest first.
            let (is_han, is_letter) = match c {
                '\u{4E00}'..='\u{9FFF}' => {
                    self.han = self.han.saturating_add(1);
                    in_word = false;
                    continue;
                }
                ..='\x7F' => (false, c.is_ascii_alphanumeric()),
                c if is_cjk_letter(c) => (true, false),
                c => (false, c.is_alphanumeric()),
            };
            self.kana = self.kana.saturating_add(u32::from(is_han && is_kana(c)));
            self.han = self.han.saturating_add(u32::from(is_han));
            self.words = self.words.saturating_add(u32::from(is_letter && !in_word));
            // `don't` and `epoll_wait` are one word.
            in_word = is_letter || in_word && matches!(c, '\'' | '’' | '_');
        }
        self
    }
}

/// True for hiragana and katakana.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, Options, parse};

    #[test]
    fn kana_are_counted() {
        let length = parse("システムの設計", &Context::default()).length;
        assert_eq!(length, Length { han: 7, words: 0, kana: 5, code_lines: 0 });
    }

    #[test]
    fn lines_of_code_are_counted_apart_and_those_of_a_diagram_are_none() {
        for (text, expected) in [
            ("```sh\nls\n\npwd\n```\n\n    a\n    b\n", 5),
            ("```mermaid\ngraph LR\n  a-->b\n```\n", 0),
            ("`a`", 0),
        ] {
            let options = Options { diagrams: true, ..Options::default() };
            let length = parse(text, &Context { options, ..Context::default() }).length;
            assert_eq!(length.code_lines, expected, "{text}");
        }
    }

    #[test]
    fn han_characters_and_words_are_counted_apart() {
        for (text, han, words) in [
            ("", 0, 0),
            ("分布式事务，一致性。", 8, 0),
            ("Don't call `epoll_wait` 3 times.", 0, 5),
            ("用 Redis 做缓存", 4, 1),
            ("# 标题\n\n**一**致", 4, 0),
            ("```sh\nls -l\n```\n\na", 0, 1),
            ("![图一](a.png)", 2, 0),
            ("![图片](a.png) ![image.png](b.png)", 0, 0),
        ] {
            let length = parse(text, &Context::default()).length;
            assert_eq!((length.han, length.words, length.kana), (han, words, 0), "{text}");
        }
    }
}
