//! The text that a reader types → [`Query`]: words that must all occur, each with its matching
//! rule.
//!
//! Words are separated by blanks. A run of Han, kana or Hangul is found anywhere, other text at the
//! beginning of a word. A quoted phrase is found literally, whole words only, but for hyphens
//! between letters, which are blanks to it: `"two phase"` finds `two-phase`. The phrase of a quote
//! that is not closed yet may end within a word.
//!
//! Must not know: the index, pages.

use std::borrow::Cow;

use super::fold::{CharacterClass, fold, kind};
use crate::markdown::render::plain::is_unseen;

/// A word that must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its folded text.
    pub text: String,
    /// True if it must end at the end of a word.
    pub is_whole: bool,
    /// True if it was quoted: hyphens between letters are blanks.
    pub is_phrase: bool,
}

/// The words of the query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All must occur in one section; none is empty, and all differ.
    pub words: Vec<Word>,
}

impl Query {
    /// Parses a query; every text is one.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let folded = fold(&typed.replace(is_unseen, "")).replace(['“', '”'], "\"");
        let mut words: Vec<Word> = Vec::new();
        let mut add = |word: Word| {
            if !word.text.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        };
        let parts: Vec<&str> = folded.split('"').collect();
        for (number, part) in parts.iter().enumerate() {
            if number % 2 == 1 {
                let words: Vec<&str> = part.split_whitespace().collect();
                let text = without_hyphens(&words.join(" ")).into_owned();
                add(Word { text, is_whole: number + 1 < parts.len(), is_phrase: true });
                continue;
            }
            for piece in part.split_whitespace() {
                for run in runs(piece) {
                    add(Word { text: run.to_owned(), is_whole: false, is_phrase: false });
                }
            }
        }
        Self { words }
    }
}

/// A folded text with blanks for the hyphens between letters and digits, of the same length.
fn without_hyphens(text: &str) -> Cow<'_, str> {
    let is_word = |c: Option<char>| c.is_some_and(|c| kind(c) == CharacterClass::Word);
    let mut result = Cow::Borrowed(text);
    for (at, _) in text.match_indices('-') {
        let before = text[..at].chars().next_back();
        if is_word(before) && is_word(text[at + 1..].chars().next()) {
            result.to_mut().replace_range(at..=at, " ");
        }
    }
    result
}

/// The parts of a piece, cut between Han and other characters.
fn runs(piece: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut from = 0;
    let mut before = None;
    for (at, c) in piece.char_indices() {
        let is_han = kind(c) == CharacterClass::Han;
        if before.is_some_and(|before| before != is_han) {
            runs.push(&piece[from..at]);
            from = at;
        }
        before = Some(is_han);
    }
    runs.push(&piece[from..]);
    runs
}

impl Word {
    /// Its matches in a folded text: begin and end in bytes, and true if a word ends at the end.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, bool)> + 'a {
        let text = if self.is_phrase { without_hyphens(text) } else { Cow::Borrowed(text) };
        let finder = memchr::memmem::Finder::new(&self.text);
        let mut from = 0;
        std::iter::from_fn(move || {
            loop {
                let at = from + finder.find(text.as_bytes().get(from..)?)?;
                from = at + text[at..].chars().next().map_or(1, char::len_utf8);
                if let Some(place) = self.place_at(at, &text) {
                    return Some(place);
                }
            }
        })
    }

    /// The match at an offset where its text is, unless it cuts a word.
    fn place_at(&self, at: usize, text: &str) -> Option<(usize, usize, bool)> {
        let is_word = |c: Option<char>| c.is_some_and(|c| kind(c) == CharacterClass::Word);
        let end = at + self.text.len();
        let begins = is_word(self.text.chars().next());
        let ends = is_word(self.text.chars().next_back());
        let is_inside = begins && is_word(text[..at].chars().next_back());
        let is_prefix = ends && is_word(text[end..].chars().next());
        let is_cut = is_inside || is_prefix && self.is_whole;
        (!is_cut).then_some((at, end, !is_prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<(String, bool)> {
        Query::parse(typed).words.into_iter().map(|word| (word.text, word.is_whole)).collect()
    }

    #[test]
    fn queries_are_parsed() {
        for (typed, expected) in [
            ("", vec![]),
            ("  事务 ", vec![("事务", false)]),
            ("Redis集群", vec![("redis", false), ("集群", false)]),
            ("Ｃ＋＋ c++", vec![("c++", false)]),
            ("\"two  phase\" 提交", vec![("two phase", true), ("提交", false)]),
            ("“强一致 性”", vec![("强一致 性", true)]),
            ("\"two pha", vec![("two pha", false)]),
            ("\"\" \"", vec![]),
            ("<script>", vec![("<script>", false)]),
            ("一\u{200B}致\u{FEFF}", vec![("一致", false)]),
            ("it’s don‘t", vec![("it's", false), ("don't", false)]),
            ("two-phase", vec![("two-phase", false)]),
            ("\"two-phase\"", vec![("two phase", true)]),
            ("“git log --one-line -1”", vec![("git log --one line -1", true)]),
            ("10–20", vec![("10-20", false)]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(text, whole)| (text.to_owned(), whole)).collect();
            assert_eq!(words(typed), expected, "{typed}");
        }
    }

    #[test]
    fn matches_of_words() {
        for (typed, text, expected) in [
            ("一致", "不一致,一致性", vec![(3, true), (10, true)]),
            ("kube", "kubernetes minikube kube", vec![(0, false), (20, true)]),
            ("\"kube\"", "kubernetes kube", vec![(11, true)]),
            ("c++", "c++11 objc++", vec![(0, true)]),
            (".net", "asp.net", vec![(3, true)]),
            ("redis", "用redis做", vec![(3, true)]),
            ("epoll_wait", "epoll_wait()", vec![(0, true)]),
            ("a-a", "xa-a-a", vec![(3, true)]),
            ("\"two ph\"", "two phase", vec![]),
            ("\"two ph", "two phase", vec![(0, false)]),
            ("\"two phase\"", "a two-phase two phase two--phase", vec![(2, true), (12, true)]),
            ("\"two-phase", "two phases, two-phase-lock", vec![(0, false), (12, true)]),
            ("two-phase", "two phase two-phase", vec![(10, true)]),
            ("\"a b c\"", "a-b-c", vec![(0, true)]),
            ("\"log --x\"", "log --x log-x", vec![(0, true)]),
        ] {
            let query = Query::parse(typed);
            let found: Vec<_> =
                query.words[0].places(text).map(|(at, _, ends)| (at, ends)).collect();
            assert_eq!(found, expected, "{typed} in {text}");
        }
    }
}
