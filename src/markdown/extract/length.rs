//! A text's items → its [`Length`], from which the reading time is estimated.
//!
//! Must not know: reading speeds.

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::cjk::is_cjk_letter;
use super::{Item, Spanned};

/// The length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Length {
    /// Han characters and kana.
    pub han: u32,
    /// Words of scripts that put blanks between words, and numbers.
    pub words: u32,
}

/// Counts the text outside code blocks, which are skimmed rather than read.
pub(crate) fn measure(items: &[Spanned<'_>]) -> Length {
    let mut length = Length::default();
    let mut in_block = false;
    for (item, _) in items {
        match item {
            Item::Event(Event::Start(Tag::CodeBlock(_))) => in_block = true,
            Item::Event(Event::End(TagEnd::CodeBlock)) => in_block = false,
            Item::Event(Event::Text(text) | Event::Code(text)) if !in_block => {
                length = length.with(text)
            }
            _ => {}
        }
    }
    length
}

impl Length {
    fn with(mut self, text: &str) -> Self {
        let mut in_word = false;
        for c in text.chars() {
            let is_han = is_cjk_letter(c);
            let is_letter = !is_han && c.is_alphanumeric();
            self.han = self.han.saturating_add(u32::from(is_han));
            self.words = self.words.saturating_add(u32::from(is_letter && !in_word));
            // `don't` and `epoll_wait` are one word.
            in_word = is_letter || in_word && matches!(c, '\'' | '’' | '_');
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, parse};
    use super::*;

    #[test]
    fn han_characters_and_words_are_counted_apart() {
        for (text, han, words) in [
            ("", 0, 0),
            ("分布式事务，一致性。", 8, 0),
            ("Don't call `epoll_wait` 3 times.", 0, 5),
            ("用 Redis 做缓存", 4, 1),
            ("# 标题\n\n**一**致", 4, 0),
            ("```sh\nls -l\n```\n\na", 0, 1),
            ("![图](a.png)", 1, 0),
        ] {
            assert_eq!(parse(text, &Context::default()).length, Length { han, words }, "{text}");
        }
    }
}
