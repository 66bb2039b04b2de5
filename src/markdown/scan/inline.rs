//! The inline markup of a paragraph or heading that decides what is code: code spans, tags and
//! comments, from left to right (CommonMark 0.31 §6.1 and §6.6).
//!
//! Must not know: emphasis and links.

use std::ops::Range;

use super::{Part, PartKind, html};

/// Adds the parts of a paragraph or heading.
pub(super) fn text_parts(text: &str, range: Range<usize>, found: &mut Vec<Part>) {
    context(text.as_bytes(), range, found);
}

/// Adds the parts of a table: each cell is a text of its own, whatever marks are in it (GFM §4.10).
pub(super) fn table_parts(text: &str, range: Range<usize>, found: &mut Vec<Part>) {
    let bytes = &text.as_bytes()[range.clone()];
    let mut start = range.start;
    for pipe in memchr::memchr2_iter(b'|', b'\n', bytes).map(|at| range.start + at) {
        if text.as_bytes()[pipe] == b'|' && is_escaped(text.as_bytes(), pipe) {
            continue;
        }
        context(text.as_bytes(), start..pipe, found);
        start = pipe + 1;
    }
    context(text.as_bytes(), start..range.end, found);
}

/// Adds the parts of a block of raw HTML: its tags and comments, and the text between them.
pub(super) fn html_parts(text: &str, range: Range<usize>, found: &mut Vec<Part>) {
    let first = found.len();
    let mut run = Run { bytes: &text.as_bytes()[..range.end], found, has_comment_end: true };
    let mut at = range.start;
    while let Some(open) = memchr::memchr(b'<', &run.bytes[at..]).map(|length| at + length) {
        at = run.markup(open).unwrap_or(open + 1);
    }
    let markup = found.split_off(first);
    let mut from = range.start;
    for part in markup {
        let (start, end) = (part.range.start, part.range.end);
        push_html_text(from..start, found);
        found.push(part);
        from = end;
    }
    push_html_text(from..range.end, found);
}

fn push_html_text(range: Range<usize>, found: &mut Vec<Part>) {
    if !range.is_empty() {
        found.push(Part { range, kind: PartKind::HtmlText });
    }
}

/// Adds the parts of a text in which backticks may match one another.
fn context(bytes: &[u8], range: Range<usize>, found: &mut Vec<Part>) {
    let mut run = Run { bytes: &bytes[..range.end], found, has_comment_end: true };
    let mut backticks: Option<Backticks> = None;
    let mut at = range.start;
    while let Some(special) = memchr::memchr3(b'`', b'<', b'\\', &run.bytes[at..]).map(|n| at + n) {
        at = match run.bytes[special] {
            // A backslash takes the meaning from the next character: of a run of backticks the
            // first one.
            b'\\' => special + 2,
            b'<' => run.markup(special).unwrap_or(special + 1),
            _ => {
                let end = special + length_of_run(&run.bytes[special..]);
                let known = backticks.get_or_insert_with(|| Backticks::new(run.bytes, special));
                match known.after(end, end - special) {
                    Some(start) => {
                        let range = special..start + (end - special);
                        at = range.end;
                        run.found.push(Part { range, kind: PartKind::CodeSpan });
                        at
                    }
                    None => end,
                }
            }
        };
        if at >= run.bytes.len() {
            break;
        }
    }
}

/// A text whose tags and comments are looked for from left to right.
struct Run<'b, 'f> {
    /// The whole text up to the end of this one.
    bytes: &'b [u8],
    found: &'f mut Vec<Part>,
    /// False once a comment was found that nothing ends, so that the end is not looked for again.
    has_comment_end: bool,
}

impl Run<'_, '_> {
    /// Adds the tag or comment that begins at a place; gives its end.
    fn markup(&mut self, open: usize) -> Option<usize> {
        let rest = &self.bytes[open..];
        let (length, kind) = if rest.starts_with(b"<!--") {
            (self.comment_length(open)?, PartKind::Comment)
        } else {
            (html::tag_or_autolink_length(rest)?, PartKind::Tag)
        };
        self.found.push(Part { range: open..open + length, kind });
        Some(open + length)
    }

    fn comment_length(&mut self, open: usize) -> Option<usize> {
        let rest = &self.bytes[open..];
        if rest.starts_with(b"<!-->") || rest.starts_with(b"<!--->") {
            return memchr::memchr(b'>', rest).map(|length| length + 1);
        }
        if !self.has_comment_end {
            return None;
        }
        let length = memchr::memmem::find(&rest["<!--".len()..], b"-->");
        self.has_comment_end = length.is_some();
        length.map(|length| length + "<!---->".len())
    }
}

/// The runs of backticks in a text, by their length.
struct Backticks(Vec<(usize, usize)>);

impl Backticks {
    fn new(bytes: &[u8], from: usize) -> Self {
        let mut runs = Vec::new();
        let mut at = from;
        while let Some(start) = memchr::memchr(b'`', &bytes[at..]).map(|length| at + length) {
            let length = length_of_run(&bytes[start..]);
            runs.push((length, start));
            at = start + length;
        }
        runs.sort_unstable();
        Self(runs)
    }

    /// Start of the next run of a length at a place or behind it.
    fn after(&self, at: usize, length: usize) -> Option<usize> {
        let next = self.0.partition_point(|&run| run < (length, at));
        self.0.get(next).filter(|run| run.0 == length).map(|run| run.1)
    }
}

fn length_of_run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| byte == b'`').count()
}

pub(super) fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}
