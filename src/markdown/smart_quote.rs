//! Quotes that the parser made smart → the same, turned as a reader expects. The parser asks which
//! of their neighbours is a blank or punctuation; Chinese has no blanks around quotes, and signs of
//! Markdown, `*a*'s`, are no neighbours.
//!
//! Must not know: which quotes are to be smart; code and escaped ones the parser leaves.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::cjk::is_cjk_letter;
use super::item::is_inline;

/// Turns the quotes of a text, whose events come one by one.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    /// The last character of the block that a reader sees.
    last: Option<char>,
    /// True if a quote of that kind is open in the block.
    is_double_open: bool,
    is_single_open: bool,
}

impl Quotes {
    /// The event with its quote turned, if it is one. `source` is the whole text.
    pub fn turn<'a>(&mut self, event: Event<'a>, range: &Range<usize>, source: &str) -> Event<'a> {
        match &event {
            Event::Text(text) => {
                let quote = match source.get(range.clone()) {
                    Some("\"") if is_smart(text) => self.double(next(source, range.end)),
                    Some("'") if is_smart(text) => self.single(&source[range.end..]),
                    _ => {
                        self.last = text.chars().next_back().or(self.last);
                        return event;
                    }
                };
                self.last = Some(quote);
                return Event::Text(CowStr::from(quote.to_string()));
            }
            Event::Code(text) => self.last = text.chars().next_back().or(self.last),
            Event::SoftBreak | Event::HardBreak => self.last = Some(' '),
            Event::Start(tag) if !is_inline(tag.to_end()) => *self = Self::default(),
            Event::End(tag) if !is_inline(*tag) => *self = Self::default(),
            _ => {}
        }
        event
    }

    fn double(&mut self, next: Option<char>) -> char {
        let (begins, ends) = (self.last.is_none_or(comes_before), next.is_none_or(comes_behind));
        // `10" tall`
        let is_inch =
            self.last.is_some_and(|c| c.is_ascii_digit()) && !next.is_some_and(is_cjk_letter);
        let opens = if begins == ends { !self.is_double_open && !is_inch } else { begins };
        self.is_double_open = opens;
        if opens { '“' } else { '”' }
    }

    /// `rest`: the source behind the quote.
    fn single(&mut self, rest: &str) -> char {
        let next = next(rest, 0);
        let (begins, ends) = (self.last.is_none_or(comes_before), next.is_none_or(comes_behind));
        let is_letter = |c: char| c.is_alphanumeric() && !is_cjk_letter(c);
        let is_apostrophe = self.last.is_some_and(is_letter) && next.is_some_and(is_letter);
        if is_apostrophe || (begins && is_decade(rest)) {
            return '’';
        }
        let is_behind_word = self.last.is_some_and(is_letter);
        let opens = if begins == ends { !self.is_single_open && !is_behind_word } else { begins };
        self.is_single_open = opens;
        if opens { '‘' } else { '’' }
    }
}

fn is_smart(text: &str) -> bool {
    matches!(text, "“" | "”" | "‘" | "’")
}

/// The character at a place of a source that a reader sees next; `None` at the end of a cell too.
fn next(source: &str, at: usize) -> Option<char> {
    let mut chars = source[at..].chars();
    chars.find(|c| !matches!(c, '*' | '_' | '~' | '`')).filter(|&c| c != '|')
}

/// `'90s`
fn is_decade(rest: &str) -> bool {
    let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
    digits == 2 && rest[digits..].starts_with('s')
}

/// True if a quote behind a character begins what it quotes.
fn comes_before(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | '['
                | '{'
                | '<'
                | '“'
                | '‘'
                | '—'
                | '–'
                | '（'
                | '【'
                | '《'
                | '「'
                | '『'
                | '：'
        )
}

/// True if a quote before a character ends what it quotes.
fn comes_behind(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ')' | ']' | '}' | '>' | '”' | '’' | '.' | ',' | ';' | ':' | '?' | '!' | '…')
        || matches!(
            c,
            '）' | '】' | '》' | '」' | '』' | '。' | '，' | '、' | '；' | '：' | '？' | '！'
        )
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn quotes_are_turned_as_readers_expect() {
        let options = Options { smart_punctuation: true, ..Options::default() };
        for (text, expected) in [
            ("中文\"引号\"中文。", "中文“引号”中文。"),
            ("他说：\"好。\"又说\"不\"，\"行\"", "他说：“好。”又说“不”，“行”"),
            ("中'甲'乙\"'丙'丁\"戊", "中‘甲’乙“‘丙’丁”戊"),
            ("*The Book*'s end; 5'10\" tall.", "<em>The Book</em>’s end; 5’10” tall."),
            ("**\"甲\"**乙\"**丙**\"", "<strong>“甲”</strong>乙“<strong>丙</strong>”"),
            ("a \"b\" (\"c\") \"*d*\", 'e'", "a “b” (“c”) “<em>d</em>”, ‘e’"),
            ("don't, the '90s, dogs' tails", "don’t, the ’90s, dogs’ tails"),
            ("`a`'s \"`b`\" [\"c\"](d)", "<code>a</code>’s “<code>b</code>” <a href=\"d\">“c”</a>"),
            ("\"a\n\"b\" c", "“a\n“b” c"),
            ("\\\"a\\\" `\"b\"` &quot;", "&quot;a&quot; <code>&quot;b&quot;</code> &quot;"),
            ("甲\"乙--丙...\"", "甲“乙–丙…”"),
        ] {
            assert_eq!(to_html(text, options), format!("<p>{expected}</p>\n"), "{text}");
        }
        let html = to_html("a \"b\n\nc\"d\" e\n\n| \"x\"|y\"z\" |\n|---|---|", options);
        for shown in ["a “b", "c“d” e", "“x”", "y“z”"] {
            assert!(html.contains(shown), "{html}");
        }
        assert!(to_html("\"a\"", Options::default()).contains("&quot;a&quot;"));
    }
}
