//! The texts of a document → the blocks that are written in another direction than those around
//! them, for a browser to find out which one (HTML, §3.2.6.4).
//!
//! Must not know: how a block is written.

use std::ops::Range;

use super::{HtmlWriter, Resolver};
use crate::markdown::document::{Document, NodeKind};

/// The blocks whose direction is not that of the elements around them.
#[derive(Debug, Default)]
pub(super) struct Directions {
    /// The first node of the part that is looked at.
    start: usize,
    /// True for the blocks, in the order of the nodes; empty if there is none.
    differ: Vec<bool>,
}

impl Directions {
    /// Those of some nodes, which are whole.
    pub fn of(document: &Document, nodes: Range<usize>) -> Self {
        if document.is_standard || !has_right_to_left(&document.text) {
            return Self::default();
        }
        let start = nodes.start;
        let first_strong = first_strong(document, nodes.clone());
        let mut differ = vec![false; nodes.len()];
        // The end of the outermost block around the one at hand that is from right to left.
        let mut right_to_left_until = start;
        for node in nodes {
            if !is_block(document.kind(node)) {
                continue;
            }
            let end = document.within(node).end;
            let Some(letter) = first_strong[node - start].filter(|letter| letter.node < end) else {
                continue;
            };
            differ[node - start] = letter.is_right_to_left || node < right_to_left_until;
            if letter.is_right_to_left {
                right_to_left_until = right_to_left_until.max(end);
            }
        }
        Self { start, differ }
    }

    /// True for a block whose direction is not that of the elements around it.
    pub fn differs(&self, node: usize) -> bool {
        let index = node.checked_sub(self.start);
        index.and_then(|index| self.differ.get(index)).copied().unwrap_or(false)
    }
}

impl<R: Resolver> HtmlWriter<'_, R> {
    /// Writes a start tag that begins on a line of its own.
    pub(super) fn block_with_direction(&mut self, start: &str, node: usize, end: &str) {
        self.block(start);
        self.direction(node);
        self.push(end);
    }

    /// Writes the attribute by which a browser finds out the direction of a block, if the block
    /// needs it.
    pub(super) fn direction(&mut self, node: usize) {
        if self.directions.differs(node) {
            self.push(" dir=\"auto\"");
        }
    }
}

/// A letter that has a direction of its own.
#[derive(Debug, Clone, Copy)]
struct StrongLetter {
    node: usize,
    is_right_to_left: bool,
}

/// The first letter with a direction in or behind each of the nodes.
fn first_strong(document: &Document, nodes: Range<usize>) -> Vec<Option<StrongLetter>> {
    let mut found = vec![None; nodes.len()];
    let mut next = None;
    for node in nodes.clone().rev() {
        if let NodeKind::Text(words) | NodeKind::RawText(words) | NodeKind::Code(words) =
            document.kind(node)
            && let Some(is_right_to_left) = direction_of(document.words(words))
        {
            next = Some(StrongLetter { node, is_right_to_left });
        }
        found[node - nodes.start] = next;
    }
    found
}

/// True if the first letter of a text that has a direction is written from right to left; `None` if
/// none has one (Unicode Standard Annex 9, rule P2).
fn direction_of(text: &str) -> Option<bool> {
    text.chars().find_map(|c| match c {
        '\u{200E}' => Some(false),
        '\u{200F}' => Some(true),
        _ => c.is_alphabetic().then(|| is_right_to_left(c)),
    })
}

/// True for a text whose first letter with a direction is written from right to left.
#[must_use]
pub fn starts_right_to_left(text: &str) -> bool {
    direction_of(text) == Some(true)
}

/// True for the characters of scripts that are written from right to left (Unicode 17, `Bidi_Class`
/// R and AL).
fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

/// True if one of these characters is in a text.
fn has_right_to_left(text: &str) -> bool {
    // Nearly no text has one. To look at all pairs of bytes, many at a time, is faster than to
    // decode characters up to the first that counts.
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let found = pairs.fold(0, |found, (first, second)| {
        found
            | u8::from((0xD6..=0xDF).contains(first))
            | u8::from(*first == 0xE0 && (0xA0..=0xA3).contains(second))
            | u8::from(*first == 0xEF && (0xAC..=0xBB).contains(second))
            | u8::from(*first == 0xF0 && (*second == 0x90 || *second == 0x9E))
    });
    found != 0 && text.chars().any(is_right_to_left)
}

fn is_block(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Paragraph
            | NodeKind::Heading(_)
            | NodeKind::PlainHeading(_)
            | NodeKind::Quote
            | NodeKind::Item
            | NodeKind::Term
            | NodeKind::Definition
            | NodeKind::HeadCell(_)
            | NodeKind::Cell(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn the_first_letter_with_a_direction_decides() {
        for (text, expected) in [
            ("שלום", Some(true)),
            ("مرحبا Git", Some(true)),
            ("Git مرحبا", Some(false)),
            ("1. «نص»", Some(true)),
            ("١٢ 中", Some(false)),
            ("123 — !", None),
            ("\u{200F}Git", Some(true)),
            ("中文 עברית", Some(false)),
            ("", None),
        ] {
            assert_eq!(direction_of(text), expected, "{text}");
        }
    }

    #[test]
    fn characters_from_right_to_left_are_found_by_their_bytes() {
        for c in '\0'..=char::MAX {
            assert_eq!(has_right_to_left(&format!("中{c}a")), is_right_to_left(c), "{c:?}");
            assert_eq!(has_right_to_left(c.encode_utf8(&mut [0; 4])), is_right_to_left(c));
        }
    }

    #[test]
    fn blocks_of_another_direction_find_out_their_own() {
        for (text, expected) in [
            ("نص\n\nabc", "<p dir=\"auto\">نص</p>\n<p>abc</p>\n"),
            ("**نص** abc", "<p dir=\"auto\"><strong>نص</strong> abc</p>\n"),
            ("abc نص", "<p>abc نص</p>\n"),
            ("a\n\n## نص\n", "<p>a</p>\n<h2 id=\"نص\" dir=\"auto\">نص</h2>\n"),
            (
                "> نص\n>\n> abc\n>\n> 12",
                "<blockquote dir=\"auto\">\n<p dir=\"auto\">نص</p>\n<p dir=\"auto\">abc</p>\n<p>12</p>\n</blockquote>\n",
            ),
            (
                "- abc\n- نص\n  - abc",
                "<ul>\n<li>abc</li>\n<li dir=\"auto\">نص\n<ul>\n<li dir=\"auto\">abc</li>\n</ul>\n</li>\n</ul>\n",
            ),
            ("- abc\n\n  نص", "<ul>\n<li>\n<p>abc</p>\n<p dir=\"auto\">نص</p>\n</li>\n</ul>\n"),
            (
                "|نص|a|\n|-|:-|\n|a|נ|",
                "<div class=\"table\">\n<table>\n<thead>\n<tr>\n<th dir=\"auto\">نص</th>\n<th align=\"left\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>a</td>\n<td align=\"left\" dir=\"auto\">נ</td>\n</tr>\n</tbody>\n</table>\n</div>\n",
            ),
            ("a\n\n```\nنص\n```\n", "<p>a</p>\n<pre><code>نص\n</code></pre>\n"),
        ] {
            let html = parse(text, &Context::default()).to_html();
            assert_eq!(html.replace("</th><", "</th>\n<"), expected, "{text}");
        }
    }
}
