//! A document → its [`Passage`]s: the text that a reader sees, section by section, without markup.
//!
//! Must not know: what the passages are for.

use std::ops::Range;

use crate::markdown::Parsed;
use crate::markdown::document::{Descend, Document, NodeKind, Visitor};
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::link::decode_entities;

/// Elements within a line of text, which they do not end.
const IN_LINE: [&str; 33] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
    "input", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var",
];

/// Elements of raw HTML whose text is code.
const CODE: [&str; 4] = ["code", "kbd", "samp", "var"];

/// A heading and the text below it up to the next one; the first passage is the text above all
/// headings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The heading, by its number in the outline.
    pub heading: Option<usize>,
    /// The text: blanks are single, each block is a line.
    pub text: String,
    /// The blocks of code, in the same form.
    pub code: String,
    /// The parts of the text that are no sentences: code within a line, letters of formulas,
    /// descriptions of images, names of files, the words of drawings; in bytes.
    pub apart: Vec<Range<usize>>,
}

/// The passages of a text in order.
#[must_use]
pub fn passages(parsed: &Parsed) -> Vec<Passage> {
    let document = &parsed.document;
    let mut reader = PassageReader {
        parsed,
        document,
        done: Vec::new(),
        passage: Passage::default(),
        in_heading: false,
        code_begins: Vec::new(),
    };
    document.walk(0..document.len(), &mut reader);
    reader.end();
    reader.done
}

struct PassageReader<'a> {
    parsed: &'a Parsed,
    document: &'a Document,
    done: Vec<Passage>,
    /// The passage at hand.
    passage: Passage,
    /// True within a heading, whose text the outline has.
    in_heading: bool,
    /// The begins of the elements of code that are open.
    code_begins: Vec<usize>,
}

impl Visitor for PassageReader<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        let document = self.document;
        let kind = document.kind(node);
        if !self.is_in_line(kind) {
            end_line(&mut self.passage.text);
        }
        match kind {
            NodeKind::Text(words) => self.text(document.words(words)),
            NodeKind::Code(words) | NodeKind::Verbatim(words) => {
                self.apart(|reader| reader.text(document.words(words)));
            }
            NodeKind::RawText(words) => self.text(&decode_entities(document.words(words))),
            NodeKind::Image(link) => {
                let described = self.parsed.links[link as usize].described();
                self.apart(|reader| reader.text(described.unwrap_or_default()));
            }
            NodeKind::Formula(formula) | NodeKind::FormulaBlock(formula) => {
                self.apart(|reader| reader.formula(formula as usize));
            }
            NodeKind::CodeBlock(code) => self.apart(|reader| reader.code_block(code as usize)),
            NodeKind::SoftBreak => self.text("\n"),
            NodeKind::FootnoteReference(footnote, _) => {
                self.text(&self.parsed.footnotes[footnote as usize].number.to_string());
            }
            NodeKind::FootnoteBack(footnote) => {
                for _ in &self.parsed.footnotes[footnote as usize].references {
                    self.text(" ↩");
                }
            }
            NodeKind::Task(_) => self.text(" "),
            NodeKind::Element(element) if self.is_code(element) => {
                self.code_begins.push(self.passage.text.len());
            }
            NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) => {
                self.end();
                self.passage.heading = Some(heading as usize);
                self.in_heading = true;
            }
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, node: usize) {
        let kind = self.document.kind(node);
        if let NodeKind::Element(element) = kind
            && self.is_code(element)
            && let Some(begin) = self.code_begins.pop()
            && begin < self.passage.text.len()
        {
            self.passage.apart.push(begin..self.passage.text.len());
        }
        if matches!(kind, NodeKind::Heading(_) | NodeKind::HtmlHeading(..)) {
            self.in_heading = false;
        }
        if !self.is_in_line(kind) {
            end_line(&mut self.passage.text);
        }
    }
}

impl PassageReader<'_> {
    /// True if a node is within a line of text and does not end it.
    fn is_in_line(&self, kind: NodeKind) -> bool {
        match kind {
            NodeKind::Text(_)
            | NodeKind::RawText(_)
            | NodeKind::Code(_)
            | NodeKind::SoftBreak
            | NodeKind::Task(_)
            | NodeKind::Image(_)
            | NodeKind::Anchor(_)
            | NodeKind::Formula(_)
            | NodeKind::FootnoteReference(..)
            | NodeKind::FootnoteBack(_)
            | NodeKind::Emphasis
            | NodeKind::Strong
            | NodeKind::Strikethrough
            | NodeKind::Superscript
            | NodeKind::Subscript
            | NodeKind::Link(_) => true,
            NodeKind::Element(element) => {
                IN_LINE.contains(&self.document.element(element).name.as_str())
            }
            _ => false,
        }
    }

    fn is_code(&self, element: u32) -> bool {
        CODE.contains(&self.document.element(element).name.as_str())
    }

    /// Adds something that is no part of a sentence.
    fn apart(&mut self, add: impl FnOnce(&mut Self)) {
        let begin = self.passage.text.len();
        add(self);
        if self.passage.text.len() > begin {
            self.passage.apart.push(begin..self.passage.text.len());
        }
    }

    /// A formula: its letters as they are seen, and its source among the code.
    fn formula(&mut self, formula: usize) {
        let formula = &self.parsed.formulas[formula];
        match &formula.letters {
            Some(letters) => {
                self.text(letters);
                append(&mut self.passage.code, FormulaSource::new(&formula.source).tex);
            }
            None => self.text(&formula.source),
        }
    }

    fn code_block(&mut self, code: usize) {
        let code = &self.parsed.codes[code];
        if let Some(file) = &code.file {
            self.text(file);
            end_line(&mut self.passage.text);
        }
        match &code.diagram {
            None => append(&mut self.passage.code, &code.block.text),
            Some(diagram) => {
                end_line(&mut self.passage.text);
                for label in diagram.words.lines() {
                    self.text(label);
                    end_line(&mut self.passage.text);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_heading {
            return;
        }
        // Words are copied whole.
        let mut from = 0;
        for (at, c) in text.char_indices() {
            // The commonest first.
            if matches!(c, '!'..='~' | '\u{4E00}'..='\u{9FFF}') {
                continue;
            }
            let is_blank = c.is_whitespace();
            if !is_blank && !is_unseen(c) {
                continue;
            }
            self.passage.text.push_str(&text[from..at]);
            if is_blank {
                blank(&mut self.passage.text);
            }
            from = at + c.len_utf8();
        }
        self.passage.text.push_str(&text[from..]);
    }

    /// Ends the passage.
    fn end(&mut self) {
        let mut passage = std::mem::take(&mut self.passage);
        for text in [&mut passage.text, &mut passage.code] {
            text.truncate(text.trim_end().len());
        }
        self.done.push(passage);
    }
}

/// Soft hyphens and what joins or parts without being seen.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Appends code, its blanks made single and empty lines left out.
fn append(code: &mut String, block: &str) {
    for line in block.lines() {
        for word in line.split_whitespace() {
            if word.is_ascii() {
                code.push_str(word);
            } else {
                code.extend(word.split(is_unseen));
            }
            code.push(' ');
        }
        end_line(code);
    }
}

fn blank(text: &mut String) {
    if !text.is_empty() && !text.ends_with([' ', '\n']) {
        text.push(' ');
    }
}

fn end_line(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn code_and_images_are_apart() {
        for (text, expected) in [
            ("一 `a  b` 二", vec!["a b"]),
            ("一 <code>a <b>b</b></code> 二 <kbd>c</kbd>", vec!["a b", "c"]),
            ("![架构](a.png) 字", vec!["架构"]),
        ] {
            let passages = passages(&parse(text, &Context::default()));
            let Passage { text: read, apart, .. } = &passages[0];
            let found: Vec<&str> = apart
                .iter()
                .map(|range| &read[range.start.min(read.len())..range.end.min(read.len())])
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn passages_are_what_a_reader_sees() {
        for (text, expected) in [
            ("", vec![(None, "", "")]),
            ("一致**性**和`x`\n第二行 a\nb", vec![(None, "一致性和x 第二行 a b", "")]),
            (
                "上\n\n# 甲 `c`\n\n中\n\n```sh\nls  -l\n\n\tpwd\n```\n\n## 乙\n下",
                vec![(None, "上", ""), (Some(0), "中", "ls -l\npwd"), (Some(1), "下", "")],
            ),
            ("- a\n- b\n\n| c | d |\n|--|--|\n| e | f |", vec![(None, "a\nb\nc\nd\ne\nf", "")]),
            (
                "a<b>b</b>c&nbsp;&amp;lt; &lt;x&gt; Array<T>",
                vec![(None, "abc &lt; <x> Array<T>", "")],
            ),
            ("<div>a<p>b</p></div>\n<table><tr><td>c<td>d</table>", vec![(None, "a\nb\nc\nd", "")]),
            ("![图 <1>](a.png) ![](b.png)[链接](http://x/%3E)", vec![(None, "图 <1> 链接", "")]),
            (
                "a ![default](a.png) b ![image.png](a.png) c ![image-20200101](a.png) ![架构](架构.png)",
                vec![(None, "a b c 架构", "")],
            ),
            ("> [!NOTE] \n> 注意\n\n::: tip 标题\n提示\n:::", vec![(None, "注意\n标题\n提示", "")]),
            ("甲[^1]\n\n[^1]: 注", vec![(None, "甲1\n注 ↩", "")]),
            ("- [x] a\n\n<video src=\"v.mp4\" controls>b</video>", vec![(None, "a\nb", "")]),
            ("<h2>a</h2>b\n\n## a", vec![(None, "", ""), (Some(0), "b", ""), (Some(1), "", "")]),
            ("<abbr title=\"1 > 0\">甲</abbr>乙", vec![(None, "甲乙", "")]),
            (
                "<p title='a > b' class=\"c>d\">甲</p>乙 <b title=\"<i>\">丙</b>丁",
                vec![(None, "甲\n乙 丙丁", "")],
            ),
        ] {
            let found = passages(&parse(text, &Context::default()));
            let found: Vec<_> = found
                .iter()
                .map(|passage| (passage.heading, passage.text.as_str(), passage.code.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
