//! A text → its plain prose, in which the syntax of dialects counts, and its code, comments, raw
//! HTML and formulas, in which nothing is rewritten.
//!
//! ```text
//! text ──block──▶ code, HTML, text ──inline──▶ code spans, tags, comments ──formula──▶ Scan
//! ```
//! The rules are CommonMark's (0.31, §4.4 to §4.6, §5, §6.1, §6.6), and one run over a text takes a
//! time in proportion to it. The parser has the last word: what it sees otherwise is mended when
//! its events are read.
//!
//! Must not know: the syntax of dialects.

mod block;
mod destination;
mod html;
mod inline;
mod line;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::block::Block;
pub(crate) use self::block::Misread;
use super::formula;

/// Parts of a text that are not plain prose, in order.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    parts: Vec<Part>,
    /// Lines that are text but too far indented for a dialect.
    indented: Vec<Range<usize>>,
    /// Text between the signs of formulas.
    formulas: Vec<Range<usize>>,
    /// Lines that the parser reads otherwise than the standards do, in order.
    misread: Vec<Misread>,
}

/// A part of a text that is not plain prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub range: Range<usize>,
    pub kind: PartKind,
}

/// Kind of a part that is not plain prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// Fenced or indented code, `<pre>` and the like.
    CodeBlock,
    CodeSpan,
    /// A comment of HTML, a processing instruction or a declaration.
    Comment,
    /// A tag or an autolink.
    Tag,
    /// Text in a block of raw HTML, in which Markdown does not count, but lines that open and close
    /// boxes do.
    HtmlText,
}

impl Scan {
    /// Scans a text.
    pub fn new(text: &str) -> Self {
        Self::with_items(text, |_| false)
    }

    /// Scans a text in which lines begin items whose text is indented by four columns:
    /// `begins_item` is given the range of each line that is neither code nor raw HTML and begins
    /// with punctuation.
    pub fn with_items(text: &str, begins_item: impl FnMut(Range<usize>) -> bool) -> Self {
        let mut parts = Vec::new();
        let block::Blocks { leaves, indented, misread } = block::blocks(text, begins_item);
        for block in leaves {
            match block {
                Block::Code(range) => parts.push(Part { range, kind: PartKind::CodeBlock }),
                Block::Comment(range) => parts.push(Part { range, kind: PartKind::Comment }),
                Block::Html(range) => inline::html_parts(text, range, &mut parts),
                Block::Text(range) => inline::text_parts(text, range, &mut parts),
                Block::Table(range) => inline::table_parts(text, range, &mut parts),
            }
        }
        let mut scan = Self { parts, indented, formulas: Vec::new(), misread };
        scan.formulas = formula::find(text, &scan);
        scan
    }

    /// True if a place is in plain prose.
    pub fn is_prose(&self, at: usize) -> bool {
        self.kind(at).is_none() && !self.is_formula(at)
    }

    /// The kind of the part that a place is in; `None` in prose.
    pub fn kind(&self, at: usize) -> Option<PartKind> {
        self.part(at).map(|part| part.kind)
    }

    /// The part that a place is in; `None` in prose.
    pub fn part(&self, at: usize) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.range.start <= at);
        let part = &self.parts[after.checked_sub(1)?];
        (at < part.range.end).then_some(part)
    }

    /// True if a place is in the text of a formula.
    pub fn is_formula(&self, at: usize) -> bool {
        is_in(&self.formulas, at)
    }

    /// Text between the signs of formulas, in order.
    pub fn formulas(&self) -> &[Range<usize>] {
        &self.formulas
    }

    /// Lines that the parser reads otherwise than the standards do, in order.
    pub fn misread(&self) -> &[Misread] {
        &self.misread
    }

    /// True if the syntax of a dialect may begin at a place: in prose, and in the text of raw HTML.
    pub fn may_hold_dialect(&self, at: usize) -> bool {
        matches!(self.kind(at), None | Some(PartKind::HtmlText)) && !self.is_formula(at)
    }

    /// The lines of the text that may be the syntax of a dialect, without their line breaks, in
    /// order. A line is one of them if its first character that is no blank is, or begins a
    /// comment.
    pub fn dialect_lines<'s>(&'s self, text: &'s str) -> impl Iterator<Item = Range<usize>> + 's {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
        let mut start = 0;
        let lines = ends.map(move |end| std::mem::replace(&mut start, end + 1)..end);
        let mut parts = self.parts.iter().peekable();
        let mut indented = self.indented.iter().peekable();
        lines.filter(move |line| {
            let blanks = text[line.clone()].bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
            let at = line.start + blanks.count();
            // Lines come in order, so parts that end before one of them are passed for good.
            while parts.next_if(|part| part.range.end <= at).is_some() {}
            while indented.next_if(|line| line.end <= at).is_some() {}
            let is_text = parts.peek().is_none_or(|part| {
                part.range.start > at
                    || part.kind == PartKind::HtmlText
                    || part.kind == PartKind::Comment && part.range.start == at
            });
            is_text && indented.peek().is_none_or(|line| line.start > at) && !self.is_formula(at)
        })
    }
}

fn is_in(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= at);
    after.checked_sub(1).is_some_and(|index| at < ranges[index].end)
}
