//! The blocks of a text, as far as they decide what is code: containers, fenced and indented code,
//! raw HTML, and the ranges in which inline markup is looked for (CommonMark 0.31 §4 and §5).
//!
//! Must not know: inline markup.

use std::ops::Range;

use super::line::{
    Cursor, HtmlEnd, closes_fence, footnote_mark, html_block, is_heading, is_setext_underline,
    is_table, is_thematic_break, item_mark, opening_fence,
};

/// A leaf block; headings and paragraphs are text in which inline markup counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Fenced or indented code, `<pre>`, `<script>`, `<style>`.
    Code(Range<usize>),
    /// A comment, processing instruction or declaration.
    Comment(Range<usize>),
    /// A block of raw HTML that ends with a blank line.
    Html(Range<usize>),
    /// A paragraph or a heading.
    Text(Range<usize>),
    /// A table, each cell of which is a text of its own.
    Table(Range<usize>),
}

/// Containers nested deeper are read as text, so that a blank line below thousands of them costs no
/// more than others.
const DEEPEST: usize = 100;

/// The blocks of a text.
pub(super) struct Blocks {
    /// Leaf blocks, in order.
    pub leaves: Vec<Block>,
    /// Lines of paragraphs and raw HTML that are indented by four columns or more and in no list
    /// item, in order: text, but not where a box begins.
    pub indented: Vec<Range<usize>>,
    /// Lines that the parser reads otherwise than CommonMark and GFM do.
    pub misread: Vec<Misread>,
}

/// A line that the parser reads otherwise than CommonMark and GFM do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misread {
    /// A line that ends fenced code, with a tab behind its marks: the parser goes on with the code.
    /// The blanks behind the marks.
    FenceEnd(Range<usize>),
    /// A line of raw HTML below a table, which the parser takes for a row (GFM 0.29 §4.10: a table
    /// ends at the beginning of another block). The line up to where the HTML begins.
    HtmlBelowTable(Range<usize>),
}

/// Reads the blocks of a text. `begins_item` is asked about each line that is neither code nor
/// HTML: true if the line begins an item whose text is indented by four columns, as the boxes of
/// `MkDocs` are.
pub(super) fn blocks(text: &str, begins_item: impl FnMut(Range<usize>) -> bool) -> Blocks {
    let bytes = text.as_bytes();
    let mut walk = Walk {
        bytes,
        containers: Vec::new(),
        leaf: Leaf::None,
        found: Vec::new(),
        indented: Vec::new(),
        misread: Vec::new(),
        line_start: 0,
        begins_item,
    };
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes) {
        walk.line(start..end);
        start = end + 1;
    }
    if start < bytes.len() {
        walk.line(start..bytes.len());
    }
    walk.end_leaf();
    Blocks { leaves: walk.found, indented: walk.indented, misread: walk.misread }
}

/// A block that holds blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Quote,
    /// A list item or footnote, whose text is indented by so many columns. `is_empty` as long as it
    /// has no text.
    Item {
        width: usize,
        is_empty: bool,
    },
}

/// The leaf block that is open, with the place where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Leaf {
    None,
    Paragraph {
        range: Range<usize>,
        /// Start of its last line, which the next may make the header of a table.
        last: usize,
    },
    Table(Range<usize>),
    Indented(Range<usize>),
    Fence {
        range: Range<usize>,
        mark: u8,
        length: usize,
    },
    Html {
        range: Range<usize>,
        end: HtmlEnd,
    },
}

struct Walk<'t, F> {
    bytes: &'t [u8],
    containers: Vec<Container>,
    leaf: Leaf,
    found: Vec<Block>,
    indented: Vec<Range<usize>>,
    misread: Vec<Misread>,
    /// Start of the line at hand.
    line_start: usize,
    begins_item: F,
}

impl<F: FnMut(Range<usize>) -> bool> Walk<'_, F> {
    fn line(&mut self, line: Range<usize>) {
        self.line_start = line.start;
        let mut cursor = Cursor::new(self.bytes, &line);
        let matched = self.matched(&mut cursor);
        let is_inside = matched == self.containers.len();
        if is_inside && self.continues_raw(cursor, line.end) {
            return;
        }
        if !is_inside && !matches!(self.leaf, Leaf::Paragraph { .. }) {
            self.close(matched);
        }
        if cursor.is_blank() {
            self.blank_line(matched);
            return;
        }
        self.open(cursor, line.end, matched);
    }

    /// Number of the containers that a line continues; the cursor is then behind what marks them.
    fn matched(&self, cursor: &mut Cursor<'_>) -> usize {
        for (index, container) in self.containers.iter().enumerate() {
            let continues = match container {
                Container::Quote => cursor.skip_quote_mark(),
                Container::Item { width, .. } => cursor.is_blank() || cursor.skip_columns(*width),
            };
            if !continues {
                return index;
            }
        }
        self.containers.len()
    }

    /// Adds the line to fenced code or raw HTML if one of them is open, and ends that if the line
    /// does.
    fn continues_raw(&mut self, cursor: Cursor<'_>, line_end: usize) -> bool {
        let ends = match &mut self.leaf {
            Leaf::Fence { range, mark, length } => {
                range.end = line_end;
                let ends = cursor.indentation() < 4 && closes_fence(cursor.rest(), *mark, *length);
                let blanks = cursor.rest().len() - cursor.rest().trim_ascii_end().len();
                if ends && cursor.rest().contains(&b'\t') {
                    self.misread.push(Misread::FenceEnd(line_end - blanks..line_end));
                }
                ends
            }
            Leaf::Html { end: HtmlEnd::Blank, .. } if cursor.is_blank() => {
                self.end_leaf();
                return true;
            }
            Leaf::Html { range, end } => {
                range.end = line_end;
                if cursor.indentation() >= 4 && !is_in_item(&self.containers) {
                    self.indented.push(cursor.at..line_end);
                }
                end.is_in(cursor.rest())
            }
            _ => return false,
        };
        if ends {
            self.end_leaf();
        }
        true
    }

    fn blank_line(&mut self, matched: usize) {
        if matches!(self.leaf, Leaf::Paragraph { .. } | Leaf::Table(_)) {
            self.end_leaf();
        }
        self.containers.truncate(matched);
        // An item begins with one blank line at most (§5.2, rule 3).
        if matches!(self.containers.last(), Some(Container::Item { is_empty: true, .. })) {
            self.containers.pop();
        }
    }

    /// Reads what is behind the marks of continued containers: new containers, then a leaf.
    fn open(&mut self, mut cursor: Cursor<'_>, line_end: usize, mut matched: usize) {
        // A line of hyphens below a row is part of a table, even if it looks like a list item.
        if matched == self.containers.len() && cursor.indentation() < 4 {
            let mut ahead = cursor;
            ahead.skip_blanks();
            if self.begins_table(ahead.at..line_end) {
                return;
            }
        }
        while self.opens_container(&mut cursor, line_end, matched) {
            matched = self.containers.len();
            if cursor.is_blank() {
                return;
            }
        }
        if cursor.indentation() >= 4 {
            self.indented_line(cursor.at..line_end, matched);
        } else {
            cursor.skip_blanks();
            self.leaf_line(cursor.rest(), cursor.at..line_end, matched);
        }
    }

    /// Reads a line that is indented by four columns or more: it goes on with a paragraph, or it is
    /// code.
    fn indented_line(&mut self, line: Range<usize>, matched: usize) {
        match &mut self.leaf {
            Leaf::Paragraph { range, last } => {
                range.end = line.end;
                // A line that is indented so far is not the header of a table.
                *last = line.end;
                if !is_in_item(&self.containers) {
                    self.indented.push(line);
                }
            }
            Leaf::Indented(range) => range.end = line.end,
            _ => self.begin(matched, Leaf::Indented(line)),
        }
    }

    /// Reads a line, without the blanks before it, as the beginning of a leaf or as more of the
    /// open one.
    fn leaf_line(&mut self, line: &[u8], range: Range<usize>, matched: usize) {
        let is_inside = matched == self.containers.len();
        let in_paragraph = matches!(self.leaf, Leaf::Paragraph { .. });
        if in_paragraph && is_inside && is_setext_underline(line) {
            self.end_leaf();
        } else if let Some((mark, length)) = opening_fence(line) {
            self.begin(matched, Leaf::Fence { range, mark, length });
        } else if let Some(end) = html_block(line, in_paragraph) {
            if is_inside && matches!(self.leaf, Leaf::Table(_)) {
                self.misread.push(Misread::HtmlBelowTable(self.line_start..range.start));
            }
            self.begin(matched, Leaf::Html { range, end });
            if end.is_in(line) {
                self.end_leaf();
            }
        } else if is_heading(line) {
            self.begin(matched, Leaf::Paragraph { last: range.start, range });
            self.end_leaf();
        } else if is_thematic_break(line) {
            self.close(matched);
        } else {
            self.paragraph_line(range, matched);
        }
    }

    fn paragraph_line(&mut self, line: Range<usize>, matched: usize) {
        match &mut self.leaf {
            Leaf::Table(range) => range.end = line.end,
            // A line that begins no block goes on with a paragraph even without the marks of its
            // containers (§5.1, laziness).
            Leaf::Paragraph { range, last } => {
                range.end = line.end;
                *last = line.start;
            }
            _ => self.begin(matched, Leaf::Paragraph { last: line.start, range: line }),
        }
    }

    /// Makes the last line of the open paragraph the header of a table, if `line` is the one below
    /// a header.
    fn begins_table(&mut self, line: Range<usize>) -> bool {
        let Leaf::Paragraph { range, last } = &mut self.leaf else { return false };
        let header = *last..range.end;
        // Below other lines of a paragraph the header of a table begins with `|`.
        let may_be_header =
            header.start == range.start || self.bytes[header.clone()].starts_with(b"|");
        let below = &self.bytes[line.clone()];
        if !may_be_header || !is_table(&self.bytes[header.clone()], below) {
            return false;
        }
        range.end = header.start;
        if range.start == range.end {
            self.leaf = Leaf::None;
        }
        self.end_leaf();
        self.leaf = Leaf::Table(header.start..line.end);
        true
    }

    /// Opens a container if one begins at the cursor.
    fn opens_container(
        &mut self,
        cursor: &mut Cursor<'_>,
        line_end: usize,
        matched: usize,
    ) -> bool {
        let indentation = cursor.indentation();
        if indentation >= 4 || matched >= DEEPEST {
            return false;
        }
        let mut ahead = *cursor;
        ahead.skip_blanks();
        // Most lines begin with a letter.
        let Some(&first) = ahead.rest().first() else { return false };
        if first.is_ascii_alphabetic() || first >= 0x80 {
            return false;
        }
        let container = if ahead.skip_quote_mark() {
            Container::Quote
        } else if let Some(length) = footnote_mark(ahead.rest()) {
            ahead.at += length;
            ahead.skip_blanks();
            Container::Item { width: 4, is_empty: false }
        } else if (self.begins_item)(ahead.at..line_end) {
            ahead.at = line_end;
            Container::Item { width: indentation + 4, is_empty: false }
        } else {
            let interrupts =
                matches!(self.leaf, Leaf::Paragraph { .. }) && matched == self.containers.len();
            let is_rule = is_thematic_break(ahead.rest());
            let is_underline = interrupts && is_setext_underline(ahead.rest());
            let Some(length) = item_mark(ahead.rest(), interrupts) else { return false };
            if is_rule || is_underline {
                return false;
            }
            ahead.at += length;
            ahead.column += length;
            item(&mut ahead, indentation + length)
        };
        self.begin(matched, Leaf::None);
        self.containers.push(container);
        *cursor = ahead;
        true
    }

    /// Begins a leaf in the first `matched` containers.
    fn begin(&mut self, matched: usize, leaf: Leaf) {
        self.close(matched);
        if let Some(Container::Item { is_empty, .. }) = self.containers.last_mut() {
            *is_empty = false;
        }
        self.leaf = leaf;
    }

    /// Ends the open leaf and all containers but the first `matched`.
    fn close(&mut self, matched: usize) {
        self.end_leaf();
        self.containers.truncate(matched);
    }

    fn end_leaf(&mut self) {
        self.found.extend(match std::mem::replace(&mut self.leaf, Leaf::None) {
            Leaf::None => None,
            Leaf::Paragraph { range, .. } => Some(Block::Text(range)),
            Leaf::Table(range) => Some(Block::Table(range)),
            Leaf::Indented(range) | Leaf::Fence { range, .. } => Some(Block::Code(range)),
            Leaf::Html { range, end } => Some(match end {
                HtmlEnd::Code(_) => Block::Code(range),
                HtmlEnd::Comment(_) => Block::Comment(range),
                HtmlEnd::Blank => Block::Html(range),
            }),
        });
    }
}

fn is_in_item(containers: &[Container]) -> bool {
    containers.iter().any(|container| matches!(container, Container::Item { .. }))
}

/// The list item whose mark, with the blanks before it, was `width` columns wide; passes the blanks
/// that belong to it.
fn item(cursor: &mut Cursor<'_>, width: usize) -> Container {
    if cursor.is_blank() {
        return Container::Item { width: width + 1, is_empty: true };
    }
    // Text that is five or more columns away is code in an item that begins after the first of
    // them.
    let blanks = match cursor.indentation() {
        blanks @ 1..=4 => blanks,
        _ => 1,
    };
    cursor.skip_columns(blanks);
    Container::Item { width: width + blanks, is_empty: false }
}
