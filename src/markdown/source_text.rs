//! A note's text, the edits made to it before it is parsed, and the way back from a place in the
//! edited text to the line and column of the writer's file.
//!
//! Everything that rewrites a note does so through `SourceText::edit`. So a rule may replace a
//! text by a shorter or a longer one, and nothing after it has to know.
//!
//! Must not know: Markdown.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::scan::Scan;
use crate::diagnostic::Span;

/// No columns are counted in a line longer than this, in bytes: every link of such a line would
/// count from its beginning, which takes a time that grows with the square of the line's length.
const LONGEST_LINE: usize = 4 << 10;

/// A note's text without front matter, as far as it is edited.
#[derive(Debug)]
pub struct SourceText<'t> {
    /// The text as it is in the writer's file.
    original: Cow<'t, str>,
    /// The text after all edits; `None` as long as there is none.
    edited: Option<String>,
    /// The segments that the edited text consists of, in order; empty as long as there is no edit.
    segments: Vec<Segment>,
    /// Line of the file that the text begins with.
    first_line: u32,
    scan: OnceCell<Scan>,
    lines: OnceCell<Lines>,
}

/// A part of the edited text, which goes on to the next segment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    /// Place in the edited text where the segment begins.
    at: usize,
    origin: Origin,
}

/// Text of the writer's file that a segment comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// The same text, from this place on.
    Own(usize),
    /// Other text, in place of which the segment is.
    Replaced(Range<usize>),
}

impl Segment {
    /// Place in the original text of the character at a place of the edited text.
    fn origin(&self, offset: usize) -> usize {
        match &self.origin {
            Origin::Own(start) => start + (offset - self.at),
            Origin::Replaced(range) => range.start,
        }
    }

    /// Place in the original text behind the character before a place of the edited text.
    fn origin_of_end(&self, offset: usize) -> usize {
        match &self.origin {
            Origin::Own(start) => start + (offset - self.at),
            Origin::Replaced(range) => range.end,
        }
    }
}

/// Starts of the lines of both texts.
#[derive(Debug)]
struct Lines {
    original: Vec<usize>,
    /// Those of the edited text; `None` when it is the original.
    edited: Option<Vec<usize>>,
    /// For each line of the edited text the last one of the block that begins there or after it,
    /// once it is asked for.
    block_ends: OnceCell<Vec<usize>>,
}

/// Replacements in a text, in the order of their places.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<(Range<usize>, Cow<'static, str>)>,
}

impl Edits {
    /// Replaces a range of the text; it begins where the last one ended or later.
    pub fn replace(&mut self, range: Range<usize>, replacement: impl Into<Cow<'static, str>>) {
        let end = self.list.last().map_or(0, |(last, _)| last.end);
        debug_assert!(range.start >= end, "{range:?} begins before {end}");
        let replacement = replacement.into();
        if range.start >= end && !(range.is_empty() && replacement.is_empty()) {
            self.list.push((range, replacement));
        }
    }

    /// Takes a range of the text out.
    pub fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Adds edits of the same text, which touch none of these.
    pub fn merge(&mut self, other: Self) {
        self.list.extend(other.list);
        self.list.sort_by_key(|(range, _)| range.start);
    }

    /// True if nothing is replaced.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<'t> SourceText<'t> {
    /// A text that begins with line `first_line` of its file.
    #[must_use]
    pub fn new(text: impl Into<Cow<'t, str>>, first_line: u32) -> Self {
        Self {
            original: text.into(),
            edited: None,
            segments: Vec::new(),
            first_line,
            scan: OnceCell::new(),
            lines: OnceCell::new(),
        }
    }

    /// The text with all edits so far.
    #[must_use]
    pub fn text(&self) -> &str {
        self.edited.as_deref().unwrap_or(&self.original)
    }

    /// Code, comments and formulas of the text as it is now.
    pub(crate) fn scan(&self) -> &Scan {
        self.scan.get_or_init(|| Scan::new(self.text()))
    }

    /// Makes edits, whose ranges are those of the text as it is now.
    pub(crate) fn edit(&mut self, edits: Edits) {
        if edits.is_empty() {
            return;
        }
        let text = self.text();
        let growth: usize = edits.list.iter().map(|(_, new)| new.len()).sum();
        let mut edited = String::with_capacity(text.len() + growth);
        let mut segments = Segments { old: &self.segments, next: 0, new: Vec::new() };
        let mut from = 0;
        for (range, replacement) in edits.list {
            segments.keep(from..range.start, edited.len());
            edited.push_str(&text[from..range.start]);
            if !replacement.is_empty() {
                let origin = self.origin(range.start)..self.origin_of_end(range.end);
                segments.replace(origin, edited.len());
                edited.push_str(&replacement);
            }
            from = range.end;
        }
        segments.keep(from..text.len(), edited.len());
        edited.push_str(&text[from..]);
        self.segments = segments.new;
        self.edited = Some(edited);
        self.scan = OnceCell::new();
        self.lines = OnceCell::new();
    }

    /// Line of the writer's file, counted from 1.
    pub(crate) fn of(&self, offset: usize) -> u32 {
        self.file_line(self.origin(offset))
    }

    /// Place of a range in the writer's file, as far as it is on its first line; without a column
    /// where the text is not the writer's own.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let line = self.of(range.start);
        let without_column = Span { line, ..Span::default() };
        if !self.is_own(range.start) {
            return without_column;
        }
        let line_end = self.text().get(range.clone()).and_then(|text| text.find('\n'));
        let end = line_end.map_or(range.end, |length| range.start + length);
        let words = self.text().get(range.start..end).unwrap_or_default().trim_end();
        let (from, to) = (self.origin(range.start), self.origin_of_end(range.start + words.len()));
        let lines = self.lines();
        let start = lines.original[index_of(&lines.original, from)];
        if to.saturating_sub(start) > LONGEST_LINE {
            return without_column;
        }
        let width = |range: Range<usize>| {
            let count = self.original.get(range).map_or(0, |text| text.chars().count());
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        Span { line, column: width(start..from) + 1, width: width(from..to) }
    }

    /// First and last line of the writer's file for which a comment at a range holds: its own if
    /// there is other text in it, else with those after it up to the next blank one.
    pub(crate) fn scope(&self, range: &Range<usize>) -> (u32, u32) {
        let starts = self.starts();
        let index = index_of(starts, range.start);
        let line = self.line(index);
        let before = self.text().get(line.start..range.start).unwrap_or_default();
        let after = self.text().get(range.end..line.end).unwrap_or_default();
        let first = self.of(line.start);
        if !(before.trim().is_empty() && after.trim().is_empty()) || line.is_empty() {
            return (first, first);
        }
        let ends = self.lines().block_ends.get_or_init(|| self.block_ends());
        let last = ends.get(index + 1).copied().unwrap_or(index).max(index);
        (first, self.of(starts[last]))
    }

    /// Place in the original text of the character at a place.
    fn origin(&self, offset: usize) -> usize {
        let after = self.segments.partition_point(|segment| segment.at <= offset);
        match after.checked_sub(1) {
            Some(index) => self.segments[index].origin(offset),
            None => offset,
        }
    }

    /// Place in the original text behind the character before a place.
    fn origin_of_end(&self, offset: usize) -> usize {
        let after = self.segments.partition_point(|segment| segment.at < offset);
        match after.checked_sub(1) {
            Some(index) => self.segments[index].origin_of_end(offset),
            None => self.origin(offset),
        }
    }

    /// True if the character at a place is in the writer's file.
    fn is_own(&self, offset: usize) -> bool {
        let after = self.segments.partition_point(|segment| segment.at <= offset);
        let segment = after.checked_sub(1).map(|index| &self.segments[index]);
        segment.is_none_or(|segment| matches!(segment.origin, Origin::Own(_)))
    }

    /// Line of the writer's file that a place of the original text is on.
    fn file_line(&self, origin: usize) -> u32 {
        let index = index_of(&self.lines().original, origin);
        self.first_line.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines {
            original: line_starts(&self.original),
            edited: self.edited.as_deref().map(line_starts),
            block_ends: OnceCell::new(),
        })
    }

    /// Starts of the lines of the edited text.
    fn starts(&self) -> &[usize] {
        let lines = self.lines();
        lines.edited.as_deref().unwrap_or(&lines.original)
    }

    /// Range of a line of the edited text, without its line break.
    fn line(&self, index: usize) -> Range<usize> {
        let starts = self.starts();
        starts[index]..starts.get(index + 1).map_or(self.text().len(), |next| next - 1)
    }

    fn block_ends(&self) -> Vec<usize> {
        let count = self.starts().len();
        let is_blank = |index| self.text()[self.line(index)].trim().is_empty();
        let is_blank: Vec<bool> = (0..count).map(is_blank).collect();
        let mut ends = vec![0; count];
        for index in (0..count).rev() {
            let next = ends.get(index + 1).copied().unwrap_or(0);
            let goes_on = is_blank.get(index + 1) == Some(&false);
            ends[index] = if is_blank[index] || goes_on { next } else { index };
        }
        ends
    }
}

impl<'t, T: AsRef<str> + ?Sized> From<&'t T> for SourceText<'t> {
    fn from(text: &'t T) -> Self {
        Self::new(text.as_ref(), 1)
    }
}

/// The segments of a text that is being edited.
struct Segments<'s> {
    /// Those of the text before; empty when it is the original.
    old: &'s [Segment],
    /// Index of the first old segment that begins behind all that was kept.
    next: usize,
    new: Vec<Segment>,
}

impl Segments<'_> {
    /// Keeps a range of the text, which is at `at` of the new one; ranges come in order.
    fn keep(&mut self, range: Range<usize>, at: usize) {
        if range.is_empty() {
            return;
        }
        while self.old.get(self.next).is_some_and(|segment| segment.at <= range.start) {
            self.next += 1;
        }
        let origin = match self.next.checked_sub(1).map(|index| &self.old[index]) {
            None => Origin::Own(range.start),
            Some(Segment { at, origin: Origin::Own(start) }) => {
                Origin::Own(start + (range.start - at))
            }
            Some(segment) => segment.origin.clone(),
        };
        self.new.push(Segment { at, origin });
        while let Some(segment) = self.old.get(self.next).filter(|old| old.at < range.end) {
            let at = at + (segment.at - range.start);
            self.new.push(Segment { at, origin: segment.origin.clone() });
            self.next += 1;
        }
    }

    /// Puts a text at `at` of the new one that replaces a range of the original.
    fn replace(&mut self, origin: Range<usize>, at: usize) {
        self.new.push(Segment { at, origin: Origin::Replaced(origin) });
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    std::iter::once(0).chain(newlines).collect()
}

/// Index of the line that a place is on.
fn index_of(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|&start| start <= offset).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text in which each `old` is replaced by `new`, at once.
    fn replaced<'t>(text: &'t str, changes: &[(&str, &'static str)]) -> SourceText<'t> {
        let mut source = SourceText::new(text, 3);
        replace(&mut source, changes);
        source
    }

    fn replace(source: &mut SourceText<'_>, changes: &[(&str, &'static str)]) {
        let mut edits = Edits::default();
        for (old, new) in changes {
            let at = source.text().find(old).unwrap();
            edits.replace(at..at + old.len(), *new);
        }
        source.edit(edits);
    }

    /// The writer's text that a range of the edited text comes from.
    fn original<'s>(source: &'s SourceText<'_>, range: Range<usize>) -> &'s str {
        &source.original[source.origin(range.start)..source.origin_of_end(range.end)]
    }

    /// Line, column and width of the writer's text that a word of the edited text is.
    fn place(source: &SourceText<'_>, word: &str) -> (u32, u32, u32) {
        let from = source.text().find(word).unwrap();
        let Span { line, column, width } = source.span(&(from..from + word.len()));
        (line, column, width)
    }

    #[test]
    fn places_are_lines_and_columns_of_the_file() {
        let text = "一二\n见 [a](b c) 与 x\n";
        let source = SourceText::new(text, 3);
        assert_eq!(place(&source, "一二"), (3, 1, 2));
        assert_eq!(place(&source, "x"), (4, 14, 1));
        // A range goes on to the end of its first line.
        assert_eq!(place(&source, "二\n见"), (3, 2, 1));
        let source = replaced(text, &[("一", ""), ("b c", "<b c>")]);
        assert_eq!(source.text(), "二\n见 [a](<b c>) 与 x\n");
        assert_eq!(place(&source, "二"), (3, 2, 1));
        assert_eq!(place(&source, "b c"), (4, 0, 0), "the text is not the writer's");
        assert_eq!(place(&source, "x"), (4, 14, 1));
    }

    #[test]
    fn edits_of_edited_text_lead_back_too() {
        let mut source = replaced("0123456789\nend", &[("12", "a\nb\n"), ("5", ""), ("8", "c")]);
        assert_eq!(source.text(), "0a\nb\n3467c9\nend");
        replace(&mut source, &[("b\n34", "x"), ("7", "yz")]);
        assert_eq!(source.text(), "0a\nx6yzc9\nend");
        for (word, expected) in [
            ("0", "0"),
            ("a", "12"),
            ("x", "1234"),
            ("6", "6"),
            ("x6", "123456"),
            ("z", "7"),
            ("9\nen", "9\nen"),
        ] {
            let from = source.text().find(word).unwrap();
            assert_eq!(original(&source, from..from + word.len()), expected, "{word}");
        }
        assert_eq!((place(&source, "6"), place(&source, "9\n")), ((3, 7, 1), (3, 10, 1)));
        assert_eq!(place(&source, "end"), (4, 1, 3));
        assert_eq!(place(&source, "x"), (3, 0, 0));
    }

    #[test]
    fn removals_at_both_ends() {
        let source = replaced("ab\ncd", &[("a", ""), ("d", "")]);
        assert_eq!(source.text(), "b\nc");
        assert_eq!((place(&source, "b"), place(&source, "c")), ((3, 2, 1), (4, 1, 1)));
        assert_eq!(original(&source, 0..3), "b\nc");
        assert_eq!(replaced("a", &[("a", "")]).of(0), 3);
    }

    #[test]
    fn long_lines_have_no_columns() {
        let text = format!("{}b", "a".repeat(LONGEST_LINE));
        assert_eq!(place(&SourceText::new(text.as_str(), 1), "b"), (1, 0, 0));
        assert_eq!(place(&SourceText::new(&text[1..], 1), "b").1, 4096);
    }

    #[test]
    fn comments_hold_for_their_line_or_for_the_block_after_it() {
        for (text, expected) in [
            ("a <!--x--> b\nc", (1, 1)),
            ("<!--x-->\na\nb\n\nc", (1, 3)),
            ("<!--x-->\n\n\na\nb\n\nc", (1, 5)),
            ("a\n\n  <!--x-->  \nb", (3, 4)),
            ("<!--x-->", (1, 1)),
            ("<!--x-->\n\n", (1, 1)),
        ] {
            let from = text.find("<!").unwrap();
            let source = SourceText::from(text);
            assert_eq!(source.scope(&(from..from + 8)), expected, "{text:?}");
        }
    }
}
