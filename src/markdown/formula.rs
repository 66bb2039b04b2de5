//! Formulas → the signs in them that Markdown would read, so that what is no Markdown is shown as it is written:
//! `$a_1 * b_2$` has no emphasis, `\\` is no escape, and a line of `$$ … $$` begins no list and underlines no heading.
//!
//! A formula between single signs is one line, with no blank inside its signs, and holds no Han or full-width character,
//! quote or backtick: `$1，$2` and `$\_POST` are none. Between double signs it has no empty line; Han stands in it where the
//! first signs are alone on their line.
//!
//! Must not know: what a formula means.

use std::ops::Range;

use super::cjk::{is_cjk_letter, is_cjk_punctuation};
use super::prose::Prose;

/// A formula is no longer, in bytes.
const LONGEST: usize = 4096;

/// Where in a text the signs of formulas stand that Markdown would read.
pub(super) fn signs(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    if memchr::memchr(b'$', text.as_bytes()).is_none() {
        return found;
    }
    let mut prose = Prose::default();
    let (mut at, mut behind) = (0, 0);
    for line in text.split_inclusive('\n') {
        let admitted = prose.admits(line.trim_end_matches(['\r', '\n']));
        if admitted && at + line.len() > behind {
            behind = in_line(text, at.max(behind)..at + line.len(), &mut found).max(behind);
        }
        at += line.len();
    }
    found
}

/// Looks for formulas that begin in a part of a line; gives where the last one ends.
fn in_line(text: &str, part: Range<usize>, found: &mut Vec<usize>) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut end) = (part.start, part.start);
    let (mut counted, mut backticks) = (part.start, 0);
    while let Some(open) = memchr::memchr(b'$', &bytes[at..part.end]).map(|length| at + length) {
        let is_double = bytes.get(open + 1) == Some(&b'$');
        backticks += memchr::memchr_iter(b'`', &bytes[counted..open]).count();
        counted = open;
        let body = if backticks % 2 == 1 || !may_begin(text, open) {
            None
        } else if is_double {
            display(text, open + 2)
        } else {
            inline(text, open + 1, part.end)
        };
        let width = 1 + usize::from(is_double);
        at = open + width;
        if let Some(body) = body {
            found.extend(body.clone().filter(|&place| bytes[place].is_ascii_punctuation()));
            end = body.end + width;
            at = end;
        }
        if at >= part.end {
            break;
        }
    }
    end
}

/// Whether what stands before a sign lets a formula begin with it.
fn may_begin(text: &str, open: usize) -> bool {
    let before = text[..open].chars().next_back();
    before.is_none_or(|c| is_cjk_letter(c) || !(c.is_alphanumeric() || matches!(c, '\\' | '$')))
}

/// The formula whose text begins at a place, up to a single sign in its line.
fn inline(text: &str, begin: usize, line_end: usize) -> Option<Range<usize>> {
    let length = memchr::memchr(b'$', &text.as_bytes()[begin..line_end.min(begin + LONGEST)])?;
    let (body, rest) = (&text[begin..begin + length], &text[begin + length + 1..]);
    let is_tight = !body.is_empty()
        && !body.starts_with(char::is_whitespace)
        && !body.ends_with([' ', '\t', '\\']);
    let goes_on =
        rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '{' | '(' | '_' | '$'));
    (is_tight && !goes_on && !body.contains(is_of_prose)).then(|| begin..begin + length)
}

/// The formula whose text begins at a place, up to double signs.
fn display(text: &str, begin: usize) -> Option<Range<usize>> {
    let window = &text.as_bytes()[begin..text.len().min(begin + LONGEST)];
    let length = memchr::memmem::find(window, b"$$")?;
    let body = &text[begin..begin + length];
    let is_block = body.starts_with(['\n', '\r']);
    let has_empty_line = body.trim().lines().any(|line| line.trim().is_empty());
    let is_formula = !body.trim().is_empty() && !has_empty_line && !body.contains('`');
    (is_formula && (is_block || !body.contains(is_of_prose))).then(|| begin..begin + length)
}

/// Whether a character is one of writing that no formula holds.
fn is_of_prose(c: char) -> bool {
    is_cjk_letter(c) || is_cjk_punctuation(c) || matches!(c, '"' | '`' | '“' | '”' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn formulas_are_shown_letter_for_letter() {
        for (text, expected) in [
            ("设 $a_1 * b_2 * c$，则 $\\{x\\}$", "<p>设 $a_1 * b_2 * c$，则 $\\{x\\}$</p>"),
            ("$x*y*z$ 与 $O(n \\log n)$", "<p>$x*y*z$ 与 $O(n \\log n)$</p>"),
            ("$a<b$ & **粗**", "<p>$a&lt;b$ &amp; <strong>粗</strong></p>"),
            (
                "$$\nx\n=\ny \\\\\n- c\n# d\n$$\n\n文",
                "<p>$$\nx\n=\ny \\\\\n- c\n# d\n$$</p>\n<p>文</p>",
            ),
            ("$$\n\\text{写*者*} < 1\n$$", "<p>$$\n\\text{写*者*} &lt; 1\n$$</p>"),
            ("行内 $$a_1*b_2*$$ 后", "<p>行内 $$a_1*b_2*$$ 后</p>"),
            // What is none.
            ("$1，*二*，$2", "<p>$1，<em>二</em>，$2</p>"),
            ("$\\_POST 与 $\\_GET", "<p>$_POST 与 $_GET</p>"),
            ("costs $5 and *6* $7", "<p>costs $5 and <em>6</em> $7</p>"),
            ("`$a*b*$` $HOME/*x*:$PATH", "<p><code>$a*b*$</code> $HOME/<em>x</em>:$PATH</p>"),
            ("a\\$*b*\\$", "<p>a$<em>b</em>$</p>"),
            ("```\n$a$\n```", "<pre><code>$a$\n</code></pre>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
