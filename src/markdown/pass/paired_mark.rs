//! `==x==` and `++x++`, where the writer or the dialect turned them on → marked and inserted text,
//! as elements of HTML. The marks touch the text between them, are in one paragraph, cell or
//! heading with it, and are not between letters: `a==b && c==d` is none.
//!
//! Must not know: Markdown beyond these two marks.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::markdown::Options;
use crate::markdown::item::{Item, Spanned, is_inline};

/// A mark, and the tags in place of a pair of it.
struct PairedMark {
    mark: &'static str,
    start: &'static str,
    end: &'static str,
}

const HIGHLIGHT: PairedMark = PairedMark { mark: "==", start: "<mark>", end: "</mark>" };
const INSERT: PairedMark = PairedMark { mark: "++", start: "<ins>", end: "</ins>" };

/// The marks that are on.
fn marks(options: Options) -> impl Iterator<Item = PairedMark> {
    [(options.highlight, HIGHLIGHT), (options.insert, INSERT)]
        .into_iter()
        .filter_map(|(is_on, mark)| is_on.then_some(mark))
}

/// True if a text, which is at `start` in `source`, begins with such a mark after a backslash: it
/// stays a character.
pub(crate) fn is_escaped(options: Options, text: &str, source: &str, start: usize) -> bool {
    let is_mark = |paired: PairedMark| text.starts_with(&paired.mark[..1]);
    let backslashes = source.as_bytes()[..start].iter().rev().take_while(|&&byte| byte == b'\\');
    marks(options).any(is_mark) && backslashes.count() % 2 == 1
}

/// Puts tags in place of the marks, outside code.
pub(crate) fn replace(items: Vec<Spanned<'_>>, options: Options) -> Vec<Spanned<'_>> {
    marks(options).fold(items, |items, mark| {
        let found = pairs(&items, &mark);
        if found.is_empty() { items } else { with_tags(items, &mark, &found) }
    })
}

/// A mark in the text of an item.
#[derive(Clone, Copy)]
struct PairedPlace {
    item: usize,
    /// In bytes from the start of the text.
    at: usize,
    is_start: bool,
}

/// The marks that have a partner in the same element, in order.
fn pairs(items: &[Spanned<'_>], mark: &PairedMark) -> Vec<PairedPlace> {
    let mut found = Vec::new();
    // For each open element, the mark that waits for its partner.
    let mut open: Vec<Option<PairedPlace>> = vec![None];
    let mut in_code = false;
    for (item, (content, _)) in items.iter().enumerate() {
        match content {
            Item::Event(Event::Start(tag)) => {
                in_code |= matches!(tag, Tag::CodeBlock(_));
                open.push(None);
            }
            Item::Event(Event::End(tag)) => {
                in_code &= *tag != TagEnd::CodeBlock;
                open.pop();
                if !is_inline(*tag)
                    && let Some(waiting) = open.last_mut()
                {
                    *waiting = None;
                }
            }
            Item::Event(Event::Text(text)) if !in_code => {
                let Some(waiting) = open.last_mut() else { continue };
                let beside = Neighbours {
                    before: item.checked_sub(1).map(|index| &items[index].0),
                    behind: items.get(item + 1).map(|(next, _)| next),
                };
                look(text, item, mark, beside, waiting, &mut found);
            }
            _ => {}
        }
    }
    found.sort_unstable_by_key(|place| (place.item, place.at));
    found
}

/// The items beside a text.
#[derive(Clone, Copy)]
struct Neighbours<'i, 'a> {
    before: Option<&'i Item<'a>>,
    behind: Option<&'i Item<'a>>,
}

/// Finds the pairs that end in a text.
fn look(
    text: &str,
    item: usize,
    mark: &PairedMark,
    beside: Neighbours<'_, '_>,
    waiting: &mut Option<PairedPlace>,
    found: &mut Vec<PairedPlace>,
) {
    let is_code = |item: Option<&Item<'_>>| matches!(item, Some(Item::Event(Event::Code(_))));
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    for (at, _) in text.match_indices(mark.mark) {
        let before = text[..at].chars().next_back();
        let behind = text[at + mark.mark.len()..].chars().next();
        // A longer run is something else.
        if [before, behind].iter().flatten().any(|&c| mark.mark.starts_with(c)) {
            continue;
        }
        let starts_word = before.map_or(!is_code(beside.before), |c| !is_letter(c));
        let ends_word = behind.map_or(!is_code(beside.behind), |c| !is_letter(c));
        let touches_next = behind.map_or(continues(beside.behind), |c| !c.is_whitespace());
        let is_line_start =
            matches!(beside.before, Some(Item::Event(Event::SoftBreak | Event::HardBreak)));
        let touches_last = before.map_or(!is_line_start, |c| !c.is_whitespace());
        match *waiting {
            Some(start)
                if ends_word && touches_last && (start.item, start.at + 2) != (item, at) =>
            {
                found.push(start);
                found.push(PairedPlace { item, at, is_start: false });
                *waiting = None;
            }
            _ if starts_word && touches_next => {
                *waiting = Some(PairedPlace { item, at, is_start: true });
            }
            _ => {}
        }
    }
}

/// True if the line of text goes on with an item.
fn continues(next: Option<&Item<'_>>) -> bool {
    match next {
        Some(Item::Event(Event::Start(tag))) => is_inline(tag.to_end()),
        Some(Item::Event(
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_),
        )) => true,
        _ => false,
    }
}

/// The items with tags in place of these marks, which are in order.
fn with_tags<'a>(
    items: Vec<Spanned<'a>>,
    mark: &PairedMark,
    places: &[PairedPlace],
) -> Vec<Spanned<'a>> {
    let mut result = Vec::with_capacity(items.len() + 2 * places.len());
    let mut places = places.iter().peekable();
    for (index, (item, range)) in items.into_iter().enumerate() {
        let Item::Event(Event::Text(text)) = &item else {
            result.push((item, range));
            continue;
        };
        let mut from = 0;
        while let Some(place) = places.next_if(|place| place.item == index) {
            let mut push = |event: Event<'a>| result.push((Item::Event(event), range.clone()));
            if from < place.at {
                push(Event::Text(text[from..place.at].to_owned().into()));
            }
            let tag = if place.is_start { mark.start } else { mark.end };
            push(Event::InlineHtml(CowStr::Borrowed(tag)));
            from = place.at + mark.mark.len();
        }
        if from == 0 {
            result.push((item, range));
        } else if from < text.len() {
            result.push((Item::Event(Event::Text(text[from..].to_owned().into())), range));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::to_html;

    #[test]
    fn marked_and_inserted_text() {
        let options = Options { highlight: true, insert: true, ..Options::default() };
        for (text, expected) in [
            ("==a== b", "<mark>a</mark> b"),
            ("中文==重点==中文", "中文<mark>重点</mark>中文"),
            ("==a **b** `c`==", "<mark>a <strong>b</strong> <code>c</code></mark>"),
            ("**a ==b==**", "<strong>a <mark>b</mark></strong>"),
            ("==`a`==", "<mark><code>a</code></mark>"),
            ("==a\nb==", "<mark>a\nb</mark>"),
            ("++a++ ++b c++。", "<ins>a</ins> <ins>b c</ins>。"),
            ("==a ++b++==", "<mark>a <ins>b</ins></mark>"),
            ("==a== ==b==", "<mark>a</mark> <mark>b</mark>"),
            ("++==a==++ ==<kbd>x</kbd>==", "<ins><mark>a</mark></ins> <mark><kbd>x</kbd></mark>"),
            // None of these is a pair.
            ("==a\n== b", "==a\n== b"),
            ("a==b && c==d", "a==b &amp;&amp; c==d"),
            (
                "`a`==`b`, `c`==`d`",
                "<code>a</code>==<code>b</code>, <code>c</code>==<code>d</code>",
            ),
            ("a == b, c == d", "a == b, c == d"),
            ("i++ and j++", "i++ and j++"),
            ("C++、C++11", "C++、C++11"),
            ("===a===", "===a==="),
            ("==**a== b**", "==<strong>a== b</strong>"),
            ("\\==a== ++b\\++", "==a== ++b++"),
            ("`==a==`", "<code>==a==</code>"),
            ("====", "===="),
        ] {
            let expected = format!("<p>{expected}</p>\n");
            assert_eq!(to_html(text, options), expected, "{text}");
        }
        assert_eq!(to_html("==a== ++b++", Options::default()), "<p>==a== ++b++</p>\n");
    }

    #[test]
    fn marks_reach_over_no_block() {
        let options = Options { highlight: true, ..Options::default() };
        for text in ["==a\n\nb==", "- ==a\n- b==", "| ==a | b== |\n| - | - |"] {
            let html = to_html(text, options);
            assert!(!html.contains("<mark>"), "{text}: {html}");
        }
        let html = to_html("## ==a== b", options);
        assert_eq!(html, "<h2 id=\"a-b\"><mark>a</mark> b</h2>\n");
    }
}
