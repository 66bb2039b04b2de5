//! `H~2~O` and `x^2^`, where the writer turned them on → sub- and superscripts, by Pandoc's rule:
//! marks that touch the text between them, which holds no blank. The parser's own extension wants a
//! blank or punctuation around the marks, where formulas have letters. Han characters may not be
//! between them either: `60~90 年，5~10 月` is two ranges.
//!
//! Must not know: Markdown beyond these two marks.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::markdown::Options;
use crate::markdown::cjk::is_cjk_letter;
use crate::markdown::item::{Item, Spanned};

/// The marks that are on.
fn marks(options: Options) -> impl Iterator<Item = char> {
    [(options.subscript, '~'), (options.superscript, '^')]
        .into_iter()
        .filter_map(|(is_on, mark)| is_on.then_some(mark))
}

/// True if a text, which is at `start` in `source`, begins with such a mark after a backslash: it
/// stays a character.
pub(crate) fn is_escaped(options: Options, text: &str, source: &str, start: usize) -> bool {
    text.starts_with(['~', '^'])
        && marks(options).next().is_some()
        && source.as_bytes()[..start].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2
            == 1
}

/// Makes sub- and superscripts of the text between marks, outside code.
pub(crate) fn mark(items: Vec<Spanned<'_>>, options: Options) -> Vec<Spanned<'_>> {
    let marks: Vec<char> = marks(options).collect();
    if marks.is_empty() {
        return items;
    }
    let mut result = Vec::with_capacity(items.len());
    let mut in_code = false;
    for (item, range) in items {
        match &item {
            Item::Event(Event::Start(Tag::CodeBlock(_))) => in_code = true,
            Item::Event(Event::End(TagEnd::CodeBlock)) => in_code = false,
            _ => {}
        }
        match item {
            Item::Event(Event::Text(text)) if !in_code && text.contains(&marks[..]) => {
                split(&text, &range, &marks, &mut result);
            }
            item => result.push((item, range)),
        }
    }
    result
}

fn split<'a>(
    text: &CowStr<'a>,
    range: &Range<usize>,
    marks: &[char],
    result: &mut Vec<Spanned<'a>>,
) {
    let mut push = |event: Event<'a>| result.push((Item::Event(event), range.clone()));
    let mut copied = 0;
    let mut search = 0;
    while let Some(open) = text[search..].find(marks).map(|at| search + at) {
        search = open + 1;
        let mark = &text[open..search];
        let Some(length) = text[search..].find(|c| !is_within(c)).filter(|&length| length > 0)
        else {
            continue;
        };
        let close = search + length;
        // `~~` is another mark.
        if !text[close..].starts_with(mark)
            || text[close + 1..].starts_with(mark)
            || text[..open].ends_with(mark)
        {
            continue;
        }
        let (start, end) = if mark == "~" {
            (Tag::Subscript, TagEnd::Subscript)
        } else {
            (Tag::Superscript, TagEnd::Superscript)
        };
        if copied < open {
            push(Event::Text(text[copied..open].to_owned().into()));
        }
        push(Event::Start(start));
        push(Event::Text(text[search..close].to_owned().into()));
        push(Event::End(end));
        search = close + 1;
        copied = search;
    }
    if copied < text.len() {
        push(Event::Text(text[copied..].to_owned().into()));
    }
}

/// True for the characters of an index or a power.
fn is_within(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk_letter(c) || "+-−=()*,.'′/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::to_html;

    #[test]
    fn indices_and_powers() {
        let options = Options { subscript: true, superscript: true, ..Options::default() };
        for (text, expected) in [
            ("H~2~O、x^2^", "<p>H<sub>2</sub>O、x<sup>2</sup></p>\n"),
            ("**a~i+1~**", "<p><strong>a<sub>i+1</sub></strong></p>\n"),
            ("e^-x/2^~k~", "<p>e<sup>-x/2</sup><sub>k</sub></p>\n"),
            ("~1~2~3", "<p><sub>1</sub>2~3</p>\n"),
            ("60~90 天，5~10 年", "<p>60~90 天，5~10 年</p>\n"),
            ("60~90天5~10年", "<p>60~90天5~10年</p>\n"),
            ("H\\~2~O x^2\\^ y", "<p>H~2~O x^2^ y</p>\n"),
            ("\\\\~2~", "<p>\\<sub>2</sub></p>\n"),
            ("~~a~~ `x^2^` ^^ ~ ~", "<p><del>a</del> <code>x^2^</code> ^^ ~ ~</p>\n"),
        ] {
            assert_eq!(to_html(text, options), expected, "{text}");
        }
        assert_eq!(to_html("H~2~O x^2^", Options::default()), "<p>H~2~O x^2^</p>\n");
    }
}
