//! Text → Markdown that says it, with as few escapes as may be, for machines and people read it. A
//! character has an escape only where it could be a mark: of GFM, of formulas, or of another
//! generator that this program reads.
//!
//! Must not know: the document.

use std::fmt::Write as _;

use super::inline::Place;
use crate::markdown::Options;

/// Longest reference to a character that is looked for, in bytes.
const LONGEST_REFERENCE: usize = 32;

/// Text in a block, and what is around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Escaper {
    pub options: Options,
    pub place: Place,
    pub is_in_link: bool,
    /// The character behind the text.
    pub next: char,
    pub is_before_code: bool,
}

impl Escaper {
    /// Writes a text behind what is written; blanks become one.
    pub fn write(self, out: &mut String, text: &str) {
        let text = if out.is_empty() || out.ends_with(['\n', ' ']) {
            text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}'])
        } else {
            text
        };
        let is_line_start = self.place == Place::Paragraph && is_line_start(out);
        let mut rest = text.char_indices();
        // The begin of a line has marks of its own.
        if is_line_start {
            let length = self.line_start(out, text);
            if length > 0 {
                rest.nth(text[..length].chars().count() - 1);
            }
        }
        let mut previous = out.chars().next_back().unwrap_or('\n');
        for (at, c) in rest {
            let behind = &text[at + c.len_utf8()..];
            let next = behind.chars().next().unwrap_or(self.next);
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
                previous = ' ';
                continue;
            }
            self.character(out, c, previous, next, behind);
            previous = c;
        }
    }

    /// Writes the begin of a line if it could be a mark; gives its length in the text.
    fn line_start(self, out: &mut String, text: &str) -> usize {
        let Some(first) = text.chars().next() else { return 0 };
        match first {
            '#' | '>' | '-' | '+' | '=' | '|' | ':' | '?' | '%' | '@' | '^' | '!' => {
                out.push('\\');
                out.push(first);
                1
            }
            '0'..='9' => {
                let digits = text.bytes().take_while(u8::is_ascii_digit).count();
                let sign = text[digits..].chars().next().unwrap_or(self.next);
                if digits > 9 || !matches!(sign, '.' | ')') || text.len() == digits {
                    return 0;
                }
                out.push_str(&text[..digits]);
                out.push('\\');
                out.push(sign);
                digits + 1
            }
            _ => 0,
        }
    }

    fn character(self, out: &mut String, c: char, previous: char, next: char, behind: &str) {
        let is_apart = previous == ' ' && is_edge(next);
        match c {
            // `\(` and `\[` begin formulas, with a second backslash too.
            '\\' if matches!(next, '(' | ')' | '[' | ']') => out.push_str("&#92;"),
            '\\' if next.is_ascii_punctuation() || is_edge(next) => out.push_str("\\\\"),
            '`' if self.is_before_code && behind.trim_start_matches('`').is_empty() => {
                out.push_str("&#96;");
            }
            '`' | '$' => out.extend(['\\', c]),
            '*' if !is_apart => out.push_str("\\*"),
            '_' if !(previous.is_alphanumeric() && next.is_alphanumeric() || is_apart) => {
                out.push_str("\\_");
            }
            '~' if !is_apart => out.push_str("\\~"),
            '=' if self.options.highlight && (previous == '=' || next == '=') => {
                out.push_str("\\=");
            }
            '+' if self.options.insert && (previous == '+' || next == '+') => out.push_str("\\+"),
            '^' if self.options.superscript => out.push_str("\\^"),
            '%' if previous == '%' || next == '%' => out.push_str("\\%"),
            // No escape keeps this from being the kind of a box; the sign before it is not seen.
            '[' if next == '!' && is_line_start(out) && self.place != Place::Heading => {
                out.push_str("&#8203;&#91;");
            }
            // `\[` would begin a formula.
            '[' if self.is_in_link
                || matches!(next, '[' | '^' | '!' | ' ' | 'x' | 'X')
                || is_line_start(out)
                || previous == '!' =>
            {
                out.push_str("&#91;");
            }
            ']' if self.is_in_link || matches!(next, '(' | '[' | ':' | '{' | '*' | '\n') => {
                out.push_str("&#93;");
            }
            '!' if next == '[' && behind.is_empty() => out.push_str("\\!"),
            ':' if previous == ']' => out.push_str("\\:"),
            '(' if previous == ']' && out.ends_with(']') => out.push_str("&#40;"),
            '{' if matches!(next, '%' | '{' | ':' | '#' | '.' | '<' | '\n') || previous == ')' => {
                out.push_str("&#123;");
            }
            '<' if next.is_ascii_alphanumeric() || matches!(next, '/' | '!' | '?' | '\n' | '*') => {
                out.push_str("&lt;");
            }
            '&' if begins_reference(behind) => out.push_str("&amp;"),
            '|' if self.place == Place::Cell => out.push_str("\\|"),
            c => out.push(c),
        }
    }
}

fn is_line_start(out: &str) -> bool {
    out.is_empty() || out.ends_with('\n')
}

/// True for a blank, and for the end of a line.
fn is_edge(c: char) -> bool {
    c.is_whitespace()
}

/// True if what is behind `&` makes it a reference to a character.
fn begins_reference(behind: &str) -> bool {
    let name = behind.bytes().take(LONGEST_REFERENCE);
    let length = name.take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    length > 0 && behind.as_bytes().get(length) == Some(&b';')
}

/// The length of the longest run of a sign.
pub(super) fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == sign { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The smallest length that no run of ticks in a code span has.
pub(super) fn shortest_other_run(code: &str) -> usize {
    let mut runs: Vec<usize> = code.split(|c| c != '`').map(str::len).collect();
    runs.sort_unstable();
    runs.dedup();
    (1..=runs.len() + 1).find(|length| runs.binary_search(length).is_err()).unwrap_or(1)
}

/// The words behind a fence.
pub(super) fn info(info: &str) -> String {
    info.replace('\\', "\\\\").replace('&', "&amp;").replace(['\n', '\r'], " ")
}

/// An address within brackets: signs that would end it, or be read as marks, are encoded.
pub(super) fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '"' => out.push_str("%22"),
            '`' => out.push_str("%60"),
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            '|' => out.push_str("%7C"),
            '$' => out.push_str("%24"),
            '*' => out.push_str("%2A"),
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            '&' if begins_reference(&address[at + 1..]) => out.push_str("&amp;"),
            c if c.is_whitespace() || c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A tooltip between quotes.
pub(super) fn title(title: &str) -> String {
    let words = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = words.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    escaped.replace('&', "&amp;").replace('<', "&lt;").replace('{', "&#123;")
}

/// True for an address that is read as a link between `<` and `>`.
pub(super) fn is_autolink(address: &str) -> bool {
    let has_scheme = address.starts_with("https://") || address.starts_with("http://");
    let is_plain = |c: char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '<' | '>' | '|' | '$' | '`' | '{' | '}' | '\\' | '*' | '[' | ']')
    };
    has_scheme && address.chars().all(is_plain)
}

/// Text in a line of HTML where nothing is Markdown.
pub(super) fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Text between the tags of an element in a line of Markdown.
pub(super) fn as_inline_html(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '$' | '~' | '!' | '{'
            | '=' | '+' | '^' | ':' | '%' | '@' | '#' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
