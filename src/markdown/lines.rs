//! A byte range of the text that is parsed → the line and the columns of the writer's file.
//!
//! Must not know: what stands there.

use std::cell::OnceCell;
use std::ops::Range;

use super::include;
use crate::diagnostic::Span;

/// In a line longer than this no columns are counted, which would take a time that grows with its square; in bytes.
const LONGEST: usize = 4 << 10;

/// The lines of a text.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// Where single characters stand that are not the writer's.
    inserted: Vec<usize>,
    origins: &'t include::Origins,
    /// For each line, the last one of the block that begins there or after it, once that was asked.
    block_ends: OnceCell<Vec<usize>>,
}

impl<'t> Lines<'t> {
    /// Those of a text with characters that are not the writer's at `inserted`, in order.
    pub fn new(text: &'t str, inserted: Vec<usize>, origins: &'t include::Origins) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let starts = std::iter::once(0).chain(newlines).collect();
        Self { text, starts, inserted, origins, block_ends: OnceCell::new() }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The line of the writer's file, counted from 1.
    pub fn of(&self, offset: usize) -> u32 {
        self.origins.line(self.index(offset))
    }

    /// Where in the writer's file a range stands, as far as it is on its first line.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let index = self.index(range.start);
        let line = self.origins.line(index);
        let start = self.starts[index];
        let end = self.end(index);
        if end - start > LONGEST || !self.origins.is_identity() {
            return Span { line, ..Span::default() };
        }
        let column = self.own(start..range.start) + 1;
        let words = self.text.get(range.start..range.end.min(end)).unwrap_or_default().trim_end();
        Span { line, column, width: self.own(range.start..range.start + words.len()) }
    }

    /// The lines of the writer's file for which a remark at a range holds: its own if anything else stands there, else with
    /// those after it up to the next blank one.
    pub fn scope(&self, range: &Range<usize>) -> (u32, u32) {
        let index = self.index(range.start);
        let own = self.line(index);
        let before = self.text.get(self.starts[index]..range.start).unwrap_or_default();
        let after = self.text.get(range.end..self.end(index)).unwrap_or_default();
        let first = self.origins.line(index);
        if !(before.trim().is_empty() && after.trim().is_empty()) || own.is_empty() {
            return (first, first);
        }
        let ends = self.block_ends.get_or_init(|| self.block_ends());
        (first, self.origins.line(ends.get(index + 1).copied().unwrap_or(index).max(index)))
    }

    /// For each line, the last one of the block that begins there or after it.
    fn block_ends(&self) -> Vec<usize> {
        let is_blank: Vec<bool> =
            (0..self.starts.len()).map(|index| self.line(index).trim().is_empty()).collect();
        let mut ends = vec![0; is_blank.len()];
        for index in (0..is_blank.len()).rev() {
            let next = ends.get(index + 1).copied().unwrap_or(0);
            let goes_on = is_blank.get(index + 1) == Some(&false);
            ends[index] = if is_blank[index] || goes_on { next } else { index };
        }
        ends
    }

    fn index(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// Where a line ends, its line break left out.
    fn end(&self, index: usize) -> usize {
        self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1)
    }

    fn line(&self, index: usize) -> &'t str {
        &self.text[self.starts[index]..self.end(index)]
    }

    /// How many characters of a range are the writer's.
    fn own(&self, range: Range<usize>) -> u32 {
        let count = self.text.get(range.clone()).map_or(0, |text| text.chars().count());
        let from = self.inserted.partition_point(|&at| at < range.start);
        let to = self.inserted.partition_point(|&at| at < range.end);
        u32::try_from(count.saturating_sub(to - from)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_lines_and_columns_of_the_file() {
        let origins = include::Origins::identity(3);
        // The brackets around `b c` were put in.
        let text = "一二\n见 [a](<b c>) 与 x\n";
        let at = |inserted: Vec<usize>, word: &str| {
            let lines = Lines::new(text, inserted, &origins);
            let from = text.find(word).unwrap();
            let Span { line, column, width } = lines.span(&(from..from + word.len()));
            (line, column, width)
        };
        let inserted = vec![text.find('<').unwrap(), text.find('>').unwrap()];
        assert_eq!(at(inserted.clone(), "一二"), (3, 1, 2));
        assert_eq!(at(inserted.clone(), "b c"), (4, 7, 3));
        assert_eq!(at(inserted, "x"), (4, 14, 1));
        assert_eq!(at(Vec::new(), "x"), (4, 16, 1));
    }

    #[test]
    fn remarks_hold_for_their_line_or_for_the_block_after_it() {
        let origins = include::Origins::identity(1);
        for (text, expected) in [
            ("a <!--x--> b\nc", (1, 1)),
            ("<!--x-->\na\nb\n\nc", (1, 3)),
            ("<!--x-->\n\n\na\nb\n\nc", (1, 5)),
            ("a\n\n  <!--x-->  \nb", (3, 4)),
            ("<!--x-->", (1, 1)),
            ("<!--x-->\n\n", (1, 1)),
        ] {
            let from = text.find("<!").unwrap();
            let lines = Lines::new(text, Vec::new(), &origins);
            assert_eq!(lines.scope(&(from..from + 8)), expected, "{text:?}");
        }
    }
}
