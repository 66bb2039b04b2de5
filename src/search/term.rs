//! Folded text → the terms of the index: in a run of Han each pair of neighbours, and its last
//! character alone, so that the terms that begin with a character cover all its occurrences; of
//! each word the first 64 characters; each symbol.
//!
//! Must not know: the note of the text.

use super::fold::{CharacterClass, kind};

/// Most characters of a word in the index.
pub(super) const LONGEST: usize = 64;

/// Calls `found` with each term and the offset of its beginning in UTF-16 units, as browsers count.
pub(super) fn terms<'t>(text: &'t str, mut found: impl FnMut(&'t str, usize)) {
    let mut units = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = first.len_utf8();
        let taken = match kind(first) {
            CharacterClass::Blank => length,
            CharacterClass::Symbol => {
                found(&rest[..length], units);
                length
            }
            CharacterClass::Han => {
                let next =
                    rest[length..].chars().next().filter(|&next| kind(next) == CharacterClass::Han);
                found(&rest[..length + next.map_or(0, char::len_utf8)], units);
                length
            }
            CharacterClass::Word => {
                let end = rest.find(|c| kind(c) != CharacterClass::Word).unwrap_or(rest.len());
                let cut = rest[..end].char_indices().nth(LONGEST).map_or(end, |(cut, _)| cut);
                found(&rest[..cut], units);
                end
            }
        };
        units += rest[..taken].chars().map(char::len_utf16).sum::<usize>();
        rest = &rest[taken..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_texts() {
        for (text, expected) in [
            ("", vec![]),
            ("分布式", vec![("分布", 0), ("布式", 1), ("式", 2)]),
            (
                "用redis, k8s\n𠀀a",
                vec![("用", 0), ("redis", 1), (",", 6), ("k8s", 8), ("𠀀", 12), ("a", 14)],
            ),
            ("epoll_wait", vec![("epoll", 0), ("_", 5), ("wait", 6)]),
        ] {
            let mut found = Vec::new();
            terms(text, |term, at| found.push((term, at)));
            assert_eq!(found, expected, "{text}");
        }
        let mut found = Vec::new();
        let long = "é".repeat(100);
        terms(&long, |term, _| found.push(term.chars().count()));
        assert_eq!(found, [LONGEST]);
    }
}
