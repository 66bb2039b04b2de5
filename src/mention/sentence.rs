//! A place in a text → the sentence around it, cut where it is long.
//!
//! Must not know: names, notes.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Longest part of a sentence on each side of the name, in characters.
const LONGEST_SIDE: usize = 60;
/// Fewest characters of a sentence beside the name: an entry of a list is no sentence.
const FEWEST: usize = 2;

/// A sentence that holds a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sentence {
    /// The text before the name.
    pub before: String,
    /// The name as it is written there.
    pub name: String,
    /// The rest.
    pub after: String,
}

impl Display for Sentence {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}{}", self.before, self.name, self.after)
    }
}

impl Sentence {
    /// The sentence around a place of a text; `None` if there is little else on the line.
    pub(super) fn around(text: &str, place: Range<usize>) -> Option<Self> {
        let line_begin = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[place.end..].find('\n').map_or(text.len(), |at| place.end + at);
        let before = &text[line_begin..place.start];
        let after = &text[place.end..line_end];
        let before = &before[last_end(before)..];
        let after = &after[..first_end(after)];
        let (before, after) = (before.trim_start(), after.trim_end());
        let letters = before.chars().chain(after.chars()).filter(|c| c.is_alphanumeric());
        if letters.count() < FEWEST {
            return None;
        }
        let before = match before.char_indices().rev().nth(LONGEST_SIDE - 1) {
            Some((at, _)) if at > 0 => format!("…{}", before[at..].trim_start()),
            _ => before.to_owned(),
        };
        let after = match after.char_indices().nth(LONGEST_SIDE) {
            Some((at, _)) => format!("{}…", after[..at].trim_end()),
            None => after.to_owned(),
        };
        Some(Self { before, name: text[place].to_owned(), after })
    }
}

/// True for a character behind which a sentence ends, given the one behind it.
fn ends(c: char, next: Option<char>) -> bool {
    match c {
        '。' | '！' | '？' | '；' => true,
        '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// The place behind the last end of a sentence in a text.
fn last_end(text: &str) -> usize {
    let mut next = None;
    for (at, c) in text.char_indices().rev() {
        if next.is_some() && ends(c, next)
            || next.is_none() && matches!(c, '。' | '！' | '？' | '；')
        {
            return at + c.len_utf8();
        }
        next = Some(c);
    }
    0
}

/// The place behind the first end of a sentence in a text.
fn first_end(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if ends(c, characters.peek().map(|(_, next)| *next)) {
            return at + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_their_marks() {
        for (text, expected) in [
            ("一。二 X 三。四", Some("二 |X| 三。")),
            ("One. Two X three. Four", Some("Two |X| three.")),
            ("v1.2 of X is 3.4 now", Some("v1.2 of |X| is 3.4 now")),
            ("上一行\n这是 X 的一行\n下一行", Some("这是 |X| 的一行")),
            ("X", None),
            ("a\n- X,\nb", None),
        ] {
            let at = text.find('X').unwrap();
            let found = Sentence::around(text, at..at + 1)
                .map(|Sentence { before, name, after }| format!("{before}|{name}|{after}"));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        let long = format!("{}X{}", "长".repeat(100), "尾".repeat(100));
        let at = long.find('X').unwrap();
        let Sentence { before, after, .. } = Sentence::around(&long, at..at + 1).unwrap();
        assert_eq!(before, format!("…{}", "长".repeat(60)));
        assert_eq!(after, format!("{}…", "尾".repeat(60)));
    }
}
