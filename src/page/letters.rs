//! The words of an index → the letters that they stand under.
//!
//! Must not know: what the words are.

use serde::Serialize;

use crate::collation::CollationKey;

/// An index of more words has letters.
const MOST_WITHOUT_LETTERS: usize = 30;

/// The entries of an index that stand under a letter.
#[derive(Hash, Serialize)]
pub(super) struct LetterView<T> {
    /// The letter; empty for words that begin with none, and in an index that is short.
    pub letter: String,
    pub entries: Vec<T>,
}

/// The entries of an index, which are in its order, by the letter that they stand under.
pub(super) fn by_letter<T>(entries: Vec<T>, word: impl Fn(&T) -> &str) -> Vec<LetterView<T>> {
    let has_letters = entries.len() > MOST_WITHOUT_LETTERS;
    let mut letters: Vec<LetterView<T>> = Vec::new();
    for entry in entries {
        let initial = CollationKey::new(word(&entry)).initial().filter(|_| has_letters);
        let letter = initial.map(String::from).unwrap_or_default();
        match letters.last_mut() {
            Some(last) if last.letter == letter => last.entries.push(entry),
            _ => letters.push(LetterView { letter, entries: vec![entry] }),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_index_has_no_letters_and_a_long_one_has() {
        let words = ["阿里云", "bash", "被动", "c"];
        let shown = |words: Vec<&'static str>| {
            let letters = by_letter(words, |word| word);
            letters.into_iter().map(|it| (it.letter, it.entries.len())).collect::<Vec<_>>()
        };
        assert_eq!(shown(words.to_vec()), [(String::new(), 4)]);
        let mut many = words.to_vec();
        many.extend([""; 30]);
        let letters = [("A", 1), ("B", 2), ("C", 1), ("", 30)];
        assert_eq!(shown(many), letters.map(|(letter, count)| (letter.to_owned(), count)));
    }
}
