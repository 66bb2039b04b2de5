//! A sentence of a library for formulas → a part of a sentence.
//!
//! Must not know: the libraries.

use crate::phrase::Phrase;

/// The sentence as a part of one. The libraries have no other language than English.
pub(super) fn of_library(sentence: &str) -> Phrase {
    let sentence = sentence.trim_end_matches('.');
    let mut chars = sentence.chars();
    let first = chars.next().map(char::to_lowercase);
    Phrase::verbatim(first.into_iter().flatten().chain(chars).collect::<String>())
}
