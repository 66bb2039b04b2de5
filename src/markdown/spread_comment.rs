//! Comments of HTML that CommonMark cuts off before their end, at a blank line or where a block
//! begins → the same comments on one line, so that they are hidden as a whole.
//!
//! ```text
//! a <!-- b        a <!-- b c -->
//!            →
//! c -->
//! ```
//! A comment that begins its line goes on over blank lines by itself (CommonMark 0.31 §4.6).
//!
//! Must not know: the text of a comment.

use std::ops::Range;

use super::scan::{PartKind, Scan};
use super::source_text::{Edits, SourceText};

/// Joins the lines of such comments.
pub(super) fn join(source: &SourceText<'_>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    let starts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), b"<!--").collect();
    if starts.is_empty() {
        return edits;
    }
    let mut ends = memchr::memmem::find_iter(text.as_bytes(), b"-->").peekable();
    for (index, &start) in starts.iter().enumerate() {
        // `<!-->` is a whole comment.
        while ends.next_if(|&end| end < start + "<!".len()).is_some() {}
        let Some(&end) = ends.peek() else { break };
        // Of two beginnings the first is none: signs in prose, and the comment comes later.
        let is_last = starts.get(index + 1).is_none_or(|&next| next > end);
        if is_last && is_cut_off(text, source.scan(), start..end) {
            join_lines(text, start..end, &mut edits);
        }
    }
    edits
}

/// True if a comment ends in prose, in another block than the one that it begins in.
fn is_cut_off(text: &str, scan: &Scan, comment: Range<usize>) -> bool {
    if !text[comment.clone()].contains('\n') || !scan.may_hold_dialect(comment.end) {
        return false;
    }
    match scan.part(comment.start) {
        Some(part) if part.kind == PartKind::Comment => part.range.end <= comment.end,
        _ => scan.may_hold_dialect(comment.start) && !text[..comment.start].ends_with('\\'),
    }
}

/// Puts a blank in place of each line break, with the blank lines and the blanks behind it.
fn join_lines(text: &str, comment: Range<usize>, edits: &mut Edits) {
    let mut from = comment.start;
    while let Some(length) = memchr::memchr(b'\n', &text.as_bytes()[from..comment.end]) {
        let start = from + length;
        let rest = &text[start..comment.end];
        let end = comment.end - rest.trim_start().len();
        edits.replace(start..end, " ");
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, to_html};

    #[test]
    fn comments_are_hidden_as_a_whole() {
        for (text, expected) in [
            ("a <!-- b\n\nc --> d", "<p>a  d</p>"),
            ("a <!-- b\n- c\n\n# d\n--> e", "<p>a  e</p>"),
            ("<div>\n<!-- a\n\n\n  b -->\nc\n</div>", "<div>\n\nc\n</div>"),
            (
                "<table>\n<tr>\n<!-- <td>\n\n</td> -->\n    <td>x</td>\n</tr>\n</table>",
                "<table>\n<tr>\n\n    <td>x</td>\n</tr>\n</table>",
            ),
            ("- a <!-- b\n\n  c --> d\n- e", "<ul>\n<li>a  d</li>\n<li>e</li>\n</ul>"),
            ("- <!-- a\n\nb -->\n\nc", "<ul>\n<li>\n</li>\n</ul>\n<p>c</p>"),
            ("> a <!-- b\n>\n> c --> d", "<blockquote>\n<p>a  d</p>\n</blockquote>"),
            ("a <!-- [b](c.md)\n\n::: tip\n--> d", "<p>a  d</p>"),
            ("<!-- a\n\nb -->\n\nc", "<p>c</p>"),
        ] {
            let html = to_html(text, Options::default());
            let lines: Vec<&str> = html.lines().filter(|line| !line.is_empty()).collect();
            let expected: Vec<&str> = expected.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(lines, expected, "{text}");
        }
        let parsed = parse("a <!-- b\n\nc -->\n\n[d](e.md)", &Context::default());
        let places: Vec<_> = parsed.links.iter().map(|link| link.place.line).collect();
        assert_eq!(places, [5]);
    }

    #[test]
    fn what_begins_no_comment_hides_nothing() {
        for text in [
            "a `<!--` b\n\nc --> d",
            "a <!-- b\n\n```\nc -->\n```",
            "a <!-- b\n\n`-->` c",
            "a \\<!-- b\n\nc --> d",
            "a <!-- b\n\nc",
            "```\na <!-- b\n```\n\nc --> d",
        ] {
            let html = to_html(text, Options::default());
            assert!(html.contains("&lt;!--") && html.contains('c'), "{text}: {html}");
        }
        let html = to_html("a <!-- b\n\nc <!-- d --> e", Options::default());
        assert_eq!(html, "<p>a &lt;!-- b</p>\n<p>c  e</p>\n");
        // A whole comment without a text.
        let html = to_html("<!-->\n\na\n\n-->", Options::default());
        assert_eq!(html.trim(), "<p>a</p>\n<p>--&gt;</p>");
    }
}
