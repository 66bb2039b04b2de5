//! A line of a text: its blanks, and the marks with which blocks begin and end (CommonMark 0.31 §4
//! and §5).
//!
//! Must not know: other lines.

use std::ops::Range;

use super::{html, inline};

/// A place in a line, counted in columns too, for a tab leads to the next multiple of four (§2.2).
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    bytes: &'t [u8],
    pub at: usize,
    end: usize,
    pub column: usize,
    /// Columns of a tab before `at` that are not passed yet.
    rest_of_tab: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(bytes: &'t [u8], line: &Range<usize>) -> Self {
        Self { bytes, at: line.start, end: line.end, column: 0, rest_of_tab: 0 }
    }

    pub fn rest(&self) -> &'t [u8] {
        &self.bytes[self.at..self.end]
    }

    pub fn is_blank(&self) -> bool {
        self.rest().iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
    }

    /// Columns of the blanks ahead.
    pub fn indentation(&self) -> usize {
        let mut column = self.column + self.rest_of_tab;
        for byte in self.rest() {
            match byte {
                b' ' => column += 1,
                b'\t' => column = column / 4 * 4 + 4,
                _ => break,
            }
        }
        column - self.column
    }

    pub fn skip_blanks(&mut self) {
        self.skip_columns(self.indentation());
    }

    /// Passes so many columns of blanks; false, and nothing passed, if there are fewer.
    pub fn skip_columns(&mut self, count: usize) -> bool {
        let before = *self;
        let target = self.column + count;
        while self.column < target {
            if self.rest_of_tab > 0 {
                self.rest_of_tab -= 1;
                self.column += 1;
                continue;
            }
            match self.rest().first() {
                Some(b' ') => self.column += 1,
                Some(b'\t') => self.rest_of_tab = 4 - self.column % 4,
                _ => {
                    *self = before;
                    return false;
                }
            }
            self.at += 1;
        }
        true
    }

    /// Passes the mark of a quote with the blank behind it.
    pub fn skip_quote_mark(&mut self) -> bool {
        let before = *self;
        if self.indentation() < 4 {
            self.skip_blanks();
            if self.rest().first() == Some(&b'>') {
                self.at += 1;
                self.column += 1;
                if self.indentation() > 0 {
                    self.skip_columns(1);
                }
                return true;
            }
        }
        *self = before;
        false
    }
}

/// The end of a block of raw HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HtmlEnd {
    /// A line that holds this, in a block of code.
    Code(&'static str),
    /// A line that holds this, in a comment or the like.
    Comment(&'static str),
    /// A blank line.
    Blank,
}

impl HtmlEnd {
    /// True if a line of the block is its last.
    pub fn is_in(self, line: &[u8]) -> bool {
        match self {
            Self::Blank => false,
            Self::Comment(end) => memchr::memmem::find(line, end.as_bytes()).is_some(),
            Self::Code(end) => {
                line.windows(end.len()).any(|part| part.eq_ignore_ascii_case(end.as_bytes()))
            }
        }
    }
}

/// Length of the mark of a list item. One that interrupts a paragraph has text and begins with 1
/// (§5.2).
pub(super) fn item_mark(line: &[u8], interrupts: bool) -> Option<usize> {
    let length = match line.first()? {
        b'-' | b'+' | b'*' => 1,
        b'0'..=b'9' => {
            let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let is_mark = digits <= 9 && matches!(line.get(digits), Some(b'.' | b')'));
            let number = std::str::from_utf8(&line[..digits]).map(str::parse);
            if !is_mark || (interrupts && number != Ok(Ok(1_u32))) {
                return None;
            }
            digits + 1
        }
        _ => return None,
    };
    let rest = &line[length..];
    let is_empty = rest.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    let is_mark = is_empty || matches!(rest[0], b' ' | b'\t');
    (is_mark && !(is_empty && interrupts)).then_some(length)
}

/// Length of `[^label]:`, behind which the text of a footnote begins.
pub(super) fn footnote_mark(line: &[u8]) -> Option<usize> {
    let label = line.strip_prefix(b"[^")?;
    let length = memchr::memchr(b']', label)?;
    (length > 0 && label.get(length + 1) == Some(&b':')).then_some(length + "[^]:".len())
}

/// The mark that opens fenced code, and its length; a backtick behind it makes it a code span
/// (§4.5).
pub(super) fn opening_fence(line: &[u8]) -> Option<(u8, usize)> {
    let mark = *line.first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = line.iter().take_while(|&&byte| byte == mark).count();
    if length < 3 || (mark == b'`' && memchr::memchr(b'`', &line[length..]).is_some()) {
        return None;
    }
    Some((mark, length))
}

/// True if a line ends fenced code; blanks and tabs may be behind the marks (§4.5).
pub(super) fn closes_fence(line: &[u8], mark: u8, length: usize) -> bool {
    let line = line.trim_ascii_start();
    let marks = line.iter().take_while(|&&byte| byte == mark).count();
    marks >= length && line[marks..].iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

pub(super) fn is_heading(line: &[u8]) -> bool {
    let level = line.iter().take_while(|&&byte| byte == b'#').count();
    (1..=6).contains(&level) && matches!(line.get(level), None | Some(b' ' | b'\t' | b'\r'))
}

pub(super) fn is_thematic_break(line: &[u8]) -> bool {
    let Some(&mark) = line.first().filter(|byte| matches!(byte, b'*' | b'-' | b'_')) else {
        return false;
    };
    let marks = memchr::memchr_iter(mark, line).count();
    marks >= 3 && line.iter().all(|&byte| byte == mark || matches!(byte, b' ' | b'\t' | b'\r'))
}

pub(super) fn is_setext_underline(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    !line.is_empty()
        && (line.iter().all(|&byte| byte == b'=') || line.iter().all(|&byte| byte == b'-'))
}

/// The end of the block of raw HTML that a line begins, if it begins one (§4.6).
pub(super) fn html_block(line: &[u8], in_paragraph: bool) -> Option<HtmlEnd> {
    let rest = line.strip_prefix(b"<")?;
    for (start, end) in [("!--", "-->"), ("?", "?>"), ("![CDATA[", "]]>")] {
        if rest.starts_with(start.as_bytes()) {
            return Some(HtmlEnd::Comment(end));
        }
    }
    if rest.len() > 1 && rest[0] == b'!' && rest[1].is_ascii_alphabetic() {
        return Some(HtmlEnd::Comment(">"));
    }
    let name = html::name(rest.strip_prefix(b"/").unwrap_or(rest));
    let after = rest[usize::from(rest.starts_with(b"/")) + name.len()..].first();
    if rest.first() != Some(&b'/') && matches!(after, None | Some(b' ' | b'\t' | b'\r' | b'>')) {
        for (element, end) in html::CODE {
            if name.eq_ignore_ascii_case(element.as_bytes()) {
                return Some(HtmlEnd::Code(end));
            }
        }
    }
    let is_block =
        html::is_block(name) && matches!(after, None | Some(b' ' | b'\t' | b'\r' | b'>' | b'/'));
    let is_alone = || {
        let tag = html::tag_length(line);
        !in_paragraph && tag.is_some_and(|length| line[length..].trim_ascii().is_empty())
    };
    (is_block || is_alone()).then_some(HtmlEnd::Blank)
}

/// True if two lines are the header of a table and the line below it, with as many columns (GFM
/// §4.10).
pub(super) fn is_table(header: &[u8], below: &[u8]) -> bool {
    // A backslash at the end of a line breaks it.
    !inline::is_escaped(header, header.len())
        && memchr::memchr(b'|', header).is_some()
        && memchr::memchr(b'|', below).is_some()
        && memchr::memchr(b'-', below).is_some()
        && below.iter().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t' | b'\r'))
        && columns(header) == columns(below)
}

fn columns(row: &[u8]) -> usize {
    let row = row.trim_ascii();
    let row = row.strip_prefix(b"|").unwrap_or(row);
    let pipes = memchr::memchr_iter(b'|', row).filter(|&at| !inline::is_escaped(row, at));
    let last_is_pipe = row.last() == Some(&b'|') && !inline::is_escaped(row, row.len() - 1);
    pipes.count() + usize::from(!last_is_pipe)
}
