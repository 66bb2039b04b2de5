//! Chinese and Japanese writing: which characters belong to it, and line breaks between them, which
//! are no spaces.
//!
//! Must not know: the source of the text.

use pulldown_cmark::Event;

use super::item::{Item, Spanned, is_inline};

/// Han characters, kana and bopomofo: letters that are written without spaces between words.
#[must_use]
pub fn is_cjk_letter(c: char) -> bool {
    matches!(
        c,
        '\u{2E80}'..='\u{2FDF}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3031}'..='\u{3035}'
            | '\u{3038}'..='\u{303C}'
            | '\u{3040}'..='\u{30FA}'
            | '\u{30FC}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF10}'..='\u{FF19}'
            | '\u{FF21}'..='\u{FF3A}'
            | '\u{FF41}'..='\u{FF5A}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFD}'
    )
}

/// Chinese and full-width punctuation, with the quotes, dashes and dots that Chinese shares with
/// others.
#[must_use]
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(
        c,
        '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3020}'
            | '\u{3030}'
            | '\u{303D}'
            | '\u{30FB}'
            | '\u{FE10}'..='\u{FE1F}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF01}'..='\u{FF0F}'
            | '\u{FF1A}'..='\u{FF20}'
            | '\u{FF3B}'..='\u{FF40}'
            | '\u{FF5B}'..='\u{FF65}'
            | '\u{FFE0}'..='\u{FFEE}'
    )
}

/// The width of a text in columns, of which a character of Chinese writing takes two; counted up to
/// a limit.
pub(crate) fn columns(text: &str, limit: usize) -> usize {
    let width = |c: char| if is_cjk_letter(c) || is_cjk_punctuation(c) { 2 } else { 1 };
    text.chars().take(limit).map(width).sum()
}

/// True if a line break next to this character is no space when the other neighbour is such a one
/// too (CSS Text 3 §4.1.3: both sides wide, neither Hangul).
fn joins(c: char) -> bool {
    is_cjk_letter(c) || is_cjk_punctuation(c)
}

/// Drops line breaks between two characters of Chinese writing, across emphasis and links.
pub(crate) fn join_lines(items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let drop: Vec<bool> = (0..items.len())
        .map(|index| {
            matches!(items[index].0, Item::Event(Event::SoftBreak))
                && neighbour(items[..index].iter().rev(), false).is_some_and(joins)
                && neighbour(items[index + 1..].iter(), true).is_some_and(joins)
        })
        .collect();
    let mut drop = drop.into_iter();
    items.into_iter().filter(|_| !drop.next().unwrap_or(false)).collect()
}

/// The nearest character of text in a direction, past the tags of inline markup.
fn neighbour<'i, 'a: 'i>(
    items: impl Iterator<Item = &'i Spanned<'a>>,
    forward: bool,
) -> Option<char> {
    for (item, _) in items {
        match item {
            Item::Event(Event::Text(text)) if !text.is_empty() => {
                return if forward { text.chars().next() } else { text.chars().next_back() };
            }
            Item::Event(Event::Start(tag)) if is_inline(tag.to_end()) => {}
            Item::Event(Event::End(tag)) if is_inline(*tag) => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn line_breaks_between_chinese_are_no_spaces() {
        for (text, expected) in [
            ("一致\n性", "<p>一致性</p>\n"),
            ("一致，\n性", "<p>一致，性</p>\n"),
            ("**一致**\n性", "<p><strong>一致</strong>性</p>\n"),
            ("一致\n[性](x)", "<p>一致<a href=\"x\">性</a></p>\n"),
            ("one\ntwo", "<p>one\ntwo</p>\n"),
            ("一致\nRaft", "<p>一致\nRaft</p>\n"),
            ("한국\n어", "<p>한국\n어</p>\n"),
            ("一致  \n性", "<p>一致<br />\n性</p>\n"),
            ("一致\n`性`", "<p>一致\n<code>性</code></p>\n"),
        ] {
            assert_eq!(to_html(text, Options::default()), expected, "{text}");
        }
    }
}
