//! Formulas, in which Markdown does not count, so that they are shown as they are written:
//! `$a_1 * b_2$` has no emphasis, `\\` is no escape, and a line of `$$ … $$` begins no list and
//! underlines no heading.
//!
//! A formula between single signs is one line, with no blank inside its signs, and holds no Han or
//! full-width character, quote or backtick: `$1，$2` and `$\_POST` are none. Between double signs it
//! has no empty line; it may hold Han where the first signs are alone on their line. Both its signs
//! are in the text of a link, in its destination, or outside: no formula takes a link apart.
//!
//! Must not know: the meaning of a formula.

mod link_part;

use std::ops::Range;

use self::link_part::LinkParts;
use super::cjk::{is_cjk_letter, is_cjk_punctuation};
use super::scan::Scan;

/// A formula is no longer, in bytes, so that a text of many signs is not searched again and again.
const LONGEST: usize = 4096;

/// The text between the signs of each formula; `scan` knows code, comments and tags.
pub(super) fn find(text: &str, scan: &Scan) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut link_parts: Option<LinkParts> = None;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'$', &bytes[at..]).map(|length| at + length) {
        let is_double = bytes.get(open + 1) == Some(&b'$');
        let width = 1 + usize::from(is_double);
        at = open + width;
        if scan.kind(open).is_some() || !may_begin(text, open) {
            continue;
        }
        let body = if is_double { display(text, at) } else { inline(text, at) };
        let Some(body) = body else { continue };
        let parts = link_parts.get_or_insert_with(|| LinkParts::new(text, scan));
        if parts.at(open) == parts.at(body.end) {
            at = body.end + width;
            found.push(body);
        }
    }
    found
}

/// True if the character before a sign lets a formula begin with the sign.
fn may_begin(text: &str, open: usize) -> bool {
    let before = text[..open].chars().next_back();
    before.is_none_or(|c| is_cjk_letter(c) || !(c.is_alphanumeric() || matches!(c, '\\' | '$')))
}

/// The formula whose text begins at a place, up to a single sign in its line.
fn inline(text: &str, begin: usize) -> Option<Range<usize>> {
    let window = &text.as_bytes()[begin..text.len().min(begin + LONGEST)];
    let length = memchr::memchr2(b'$', b'\n', window).filter(|&length| window[length] == b'$')?;
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

/// True for characters of prose, which no formula holds.
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
            // These are no formulas.
            ("$1，*二*，$2", "<p>$1，<em>二</em>，$2</p>"),
            ("$\\_POST 与 $\\_GET", "<p>$_POST 与 $_GET</p>"),
            ("costs $5 and *6* $7", "<p>costs $5 and <em>6</em> $7</p>"),
            ("`$a*b*$` $HOME/*x*:$PATH", "<p><code>$a*b*$</code> $HOME/<em>x</em>:$PATH</p>"),
            ("a\\$*b*\\$", "<p>a$<em>b</em>$</p>"),
            // None takes a link apart.
            ("[($)](x.md)-[($)](y.md)", "<p><a href=\"x.md\">($)</a>-<a href=\"y.md\">($)</a></p>"),
            ("[a](b$(c).md)$ d", "<p><a href=\"b$(c).md\">a</a>$ d</p>"),
            ("$(5) [a$](b.md)", "<p>$(5) <a href=\"b.md\">a$</a></p>"),
            (
                "![($)](x \"t\")+[($)](<y z>)",
                "<p><img src=\"x\" alt=\"($)\" title=\"t\" />+<a href=\"y%20z\">($)</a></p>",
            ),
            (
                "[![($)](x)-y](z)-($)",
                "<p><a href=\"z\"><img src=\"x\" alt=\"($)\" />-y</a>-($)</p>",
            ),
            ("[$f*(x)*$](y)", "<p><a href=\"y\">$f*(x)*$</a></p>"),
            ("$[0,1)$ [a*](b) $(0,1]$*", "<p>$[0,1)$ <a href=\"b\">a*</a> $(0,1]$*</p>"),
            ("$A[i](t)*B*$ 与", "<p>$A[i](t)*B*$ 与</p>"),
            ("```\n$a$\n```", "<pre><code>$a$\n</code></pre>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
