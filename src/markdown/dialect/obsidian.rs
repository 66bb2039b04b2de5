//! Comments of Obsidian, `%%a%%`, over several lines too → nothing. They are for the writer, who
//! would not want them published.
//!
//! Must not know: links of Obsidian, which the parser reads.

use std::ops::Range;

use super::boxes::BoxMark;
use crate::markdown::source_text::{Edits, SourceText};

/// Begins and ends a comment.
pub(super) const MARK: &str = "%%";

/// Takes comments out, line breaks in them apart. A comment that nothing ends is text, so that no
/// text is lost to two signs.
pub(super) fn without_comments(source: &SourceText<'_>, _: &mut Vec<BoxMark>) -> Edits {
    let (text, scan) = (source.text(), source.scan());
    let mut edits = Edits::default();
    let mut begun: Option<usize> = None;
    let mut behind = 0;
    for (at, _) in text.match_indices(MARK) {
        match begun {
            Some(start) => {
                behind = remove(text, start..at + MARK.len(), behind, &mut edits);
                begun = None;
            }
            None if scan.may_hold_dialect(at) => begun = Some(at),
            None => {}
        }
    }
    edits
}

/// Takes the comment at a range out of each of its lines; gives the end of all that is taken out.
fn remove(text: &str, comment: Range<usize>, behind: usize, edits: &mut Edits) -> usize {
    let mut start = comment.start;
    while let Some(length) = memchr::memchr(b'\n', &text.as_bytes()[start..comment.end]) {
        // Blanks that were before the comment would break the line.
        let blanks = text[behind..start].bytes().rev().take_while(|byte| *byte == b' ').count();
        edits.remove(start - blanks..start + length);
        start += length + 1;
    }
    // No further back than the last comment, and ahead only over blanks: a line may hold thousands.
    let line_start = text[behind..start].rfind('\n').map_or(behind, |at| behind + at + 1);
    let (before, rest) = (&text[line_start..start], &text[comment.end..]);
    let after = rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    let (mut from, mut to) = (start, comment.end);
    if before.trim().is_empty() {
        // The line is not to be indented by the blanks behind the comment.
        to += rest.len() - after.len();
    } else if after.is_empty() || after.starts_with('\n') {
        from -= before.len() - before.trim_end().len();
    }
    edits.remove(from..to);
    to
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn comments_in_a_vault_are_for_the_writer() {
        let options = Options { wiki_links: true, ..Options::default() };
        for (text, expected) in [
            ("%%私下的话%% 甲\n%%x%%\n乙", "<p>甲</p>\n<p>乙</p>"),
            ("甲 100%% 乙\n\n丙", "<p>甲 100%% 乙</p>\n<p>丙</p>"),
            ("甲 %%私下%% 乙 `%%码%%`", "<p>甲  乙 <code>%%码%%</code></p>"),
            ("甲\n\n%%\n- 私下\n\n```\n码\n```\n%%\n\n乙", "<p>甲</p>\n<p>乙</p>"),
            ("```\n%%\n```\n\n100%% 乙%%", "<pre><code>%%\n</code></pre>\n<p>100</p>"),
            // A lone backtick is no code, and blanks before a comment break no line.
            ("a ` %%b%% c", "<p>a `  c</p>"),
            ("a  %%b%%\nc", "<p>a\nc</p>"),
            ("a  %%b\nc%% d\ne", "<p>a\nd\ne</p>"),
            ("``%% ` ``\n\n%%x%%\n\nb", "<p><code>%% ` </code></p>\n<p>b</p>"),
        ] {
            assert_eq!(to_html(text, options).trim(), expected, "{text}");
            assert!(to_html(text, Options::default()).contains("%%"));
        }
    }
}
