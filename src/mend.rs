//! Fixes and the texts of their files → the texts with the fixes applied. Line ends, a byte order
//! mark and all other text stay unchanged; a fix whose old text is not at its place any more is
//! skipped.
//!
//! Must not know: the disk, the search for problems.

use std::collections::BTreeMap;
use std::ops::Range;

use similar::TextDiff;

use crate::diagnostic::{Fix, Span};

/// A file with its fixes applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, for messages.
    pub file: String,
    /// Its text.
    pub before: String,
    /// Its text with the fixes applied.
    pub after: String,
    /// The number of fixes.
    pub count: usize,
}

impl Change {
    /// The change as `diff -u` shows it.
    #[must_use]
    pub fn diff(&self) -> String {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        diff.unified_diff().context_radius(1).header(&self.file, &self.file).to_string()
    }
}

/// The files that change. `read` gives a file's text, or `None` if it cannot be changed.
pub fn changes<'f>(
    fixes: impl Iterator<Item = (&'f str, Span, &'f Fix)>,
    read: impl Fn(&str) -> Option<String>,
) -> Vec<Change> {
    let mut by_file: BTreeMap<&str, Vec<(Span, &Fix)>> = BTreeMap::new();
    for (file, span, fix) in fixes {
        by_file.entry(file).or_default().push((span, fix));
    }
    let change = |(file, fixes): (&str, Vec<(Span, &Fix)>)| {
        let before = read(file)?;
        let (after, count) = fixed(&before, &fixes);
        (count > 0).then(|| Change { file: file.to_owned(), before, after, count })
    };
    by_file.into_iter().filter_map(change).collect()
}

/// The replacement of a range.
struct Edit {
    range: Range<usize>,
    /// Its order among edits of the same range.
    order: u32,
    new: String,
}

fn fixed(text: &str, fixes: &[(Span, &Fix)]) -> (String, usize) {
    let lines = lines(text);
    let mut edits: Vec<Edit> =
        fixes.iter().filter_map(|(span, fix)| edit(text, &lines, *span, fix)).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end, edit.order));
    let (mut result, mut from, mut count) = (String::with_capacity(text.len()), 0, 0);
    for edit in edits {
        // Of two overlapping edits the first is applied; the next run applies the other.
        if edit.range.start >= from {
            result.push_str(&text[from..edit.range.start]);
            result.push_str(&edit.new);
            from = edit.range.end;
            count += 1;
        }
    }
    result.push_str(&text[from..]);
    (result, count)
}

fn edit(text: &str, lines: &[Range<usize>], span: Span, fix: &Fix) -> Option<Edit> {
    match fix {
        Fix::Replace { old, new } => {
            let range = lines.get(usize::try_from(span.line).ok()?.checked_sub(1)?)?;
            let found = range_in(&text[range.clone()], span.column, old)?;
            let range = range.start + found.start..range.start + found.end;
            Some(Edit { range, order: 0, new: new.clone() })
        }
        Fix::Line { after, order, line, .. } => {
            let end = text
                .find('\n')
                .map_or("\n", |at| if text[..at].ends_with('\r') { "\r\n" } else { "\n" });
            let last = lines.len() - usize::from(lines.last().is_some_and(Range::is_empty));
            let after = if *after == 0 { last } else { usize::try_from(*after).ok()?.min(last) };
            // The beginning of the next line; the end of the text after its last line.
            let next = lines.get(after).map_or(text.len(), |range| range.start);
            let is_ended = after == 0 || text[..next].ends_with(['\n', '\r']);
            let new = if is_ended { format!("{line}{end}") } else { format!("{end}{line}") };
            Some(Edit { range: next..next, order: *order, new })
        }
    }
}

/// The range of the old text in a line: at a column, or its only occurrence if the column is 0.
/// Control characters do not count as columns, because the parsers do not see them.
fn range_in(line: &str, column: u32, old: &str) -> Option<Range<usize>> {
    if column == 0 {
        let mut found = line.match_indices(old);
        return found.next().filter(|_| found.next().is_none()).map(|(at, _)| at..at + old.len());
    }
    let seen: Vec<(usize, char)> =
        line.char_indices().filter(|(_, c)| !c.is_control() || *c == '\t').collect();
    let from = usize::try_from(column).ok()? - 1;
    let found = seen.get(from..from + old.chars().count())?;
    let is_same = found.iter().map(|(_, c)| *c).eq(old.chars());
    let (first, last) = (found.first()?, found.last()?);
    is_same.then(|| first.0..last.0 + last.1.len_utf8())
}

/// The lines of a text without their ends and without a byte order mark; the last one may be empty.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let bytes = text.as_bytes();
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if at < start {
            continue;
        }
        lines.push(start..at);
        let is_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        start = at + 1 + usize::from(is_pair);
    }
    lines.push(start..text.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(old: &str, new: &str) -> Fix {
        Fix::Replace { old: old.to_owned(), new: new.to_owned() }
    }

    fn at(line: u32, column: u32) -> Span {
        Span { line, column, width: 0 }
    }

    #[test]
    fn texts_are_replaced_at_their_spans() {
        for (text, span, expected) in [
            ("a\n见 [x](y.md)\n", at(2, 7), Some("a\n见 [x](z.md)\n")),
            ("\u{FEFF}[x](y.md)", at(1, 5), Some("\u{FEFF}[x](z.md)")),
            ("a\r\n[x](y.md)\r\n", at(2, 5), Some("a\r\n[x](z.md)\r\n")),
            ("a\r[x](y.md)\rb", at(2, 5), Some("a\r[x](z.md)\rb")),
            ("中\u{8}[x](y.md)", at(1, 6), Some("中\u{8}[x](z.md)")),
            ("[x](y\u{8}.md)", at(1, 5), Some("[x](z.md)")),
            ("[x](y.md)", at(1, 0), Some("[x](z.md)")),
            ("[x](y.md) y.md", at(1, 0), None),
            ("[x](other)", at(1, 5), None),
            ("[x](y.md)", at(9, 1), None),
            ("", at(1, 1), None),
        ] {
            let fix = replace("y.md", "z.md");
            let changes = changes([("f", span, &fix)].into_iter(), |_| Some(text.to_owned()));
            assert_eq!(changes.first().map(|change| change.after.as_str()), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_are_added_with_the_line_ends_of_the_file() {
        for (text, after, expected) in [
            ("- a\n- b\n", 1, "- a\n- x\n- b\n"),
            ("- a\n- b\n", 0, "- a\n- b\n- x\n"),
            ("- a\r\n- b", 2, "- a\r\n- b\r\n- x"),
            ("- a", 0, "- a\n- x"),
            ("", 0, "- x\n"),
            ("- a\n\n", 9, "- a\n\n- x\n"),
        ] {
            let fix = Fix::Line { file: "f".to_owned(), after, order: 0, line: "- x".to_owned() };
            let changes = changes([("f", at(0, 0), &fix)].into_iter(), |_| Some(text.to_owned()));
            assert_eq!(changes[0].after, expected, "{text:?}");
        }
    }

    #[test]
    fn many_fixes_of_one_file_keep_their_order() {
        let fixes = [replace("a", "aa"), replace("b", "bb"), replace("a b", "c")];
        let line = |order: u32| Fix::Line {
            file: "f".to_owned(),
            after: 1,
            order,
            line: order.to_string(),
        };
        let lines = [line(3), line(2)];
        let spans = [at(1, 1), at(1, 3), at(1, 1)];
        let all = fixes.iter().zip(spans).map(|(fix, span)| ("f", span, fix));
        let all = all.chain(lines.iter().map(|fix| ("f", at(0, 0), fix)));
        let changes = changes(all, |_| Some("a b\n4\n".to_owned()));
        assert_eq!((changes[0].after.as_str(), changes[0].count), ("aa bb\n2\n3\n4\n", 4));
        assert!(changes[0].diff().contains("-a b\n+aa bb\n+2\n"), "{}", changes[0].diff());
    }

    #[test]
    fn files_that_cannot_be_changed_stay() {
        let fix = replace("a", "b");
        assert_eq!(changes([("f", at(1, 1), &fix)].into_iter(), |_| None), []);
    }
}
