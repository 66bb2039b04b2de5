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
    let mut characters = text.char_indices().map(|(at, c)| (at, c, kind(c)));
    let mut units = 0;
    let mut next = characters.next();
    while let Some((start, first, class)) = next {
        next = characters.next();
        let end = start + first.len_utf8();
        match class {
            CharacterClass::Blank => units += first.len_utf16(),
            CharacterClass::Symbol => {
                found(&text[start..end], units);
                units += first.len_utf16();
            }
            CharacterClass::Han => {
                let second = next.filter(|(_, _, class)| *class == CharacterClass::Han);
                let end = second.map_or(end, |(at, c, _)| at + c.len_utf8());
                found(&text[start..end], units);
                units += first.len_utf16();
            }
            CharacterClass::Word => {
                let (mut end, mut cut, mut length) = (end, None, 1);
                let mut after = units + first.len_utf16();
                while let Some((at, c, CharacterClass::Word)) = next {
                    if length == LONGEST {
                        cut = Some(at);
                    }
                    length += 1;
                    end = at + c.len_utf8();
                    after += c.len_utf16();
                    next = characters.next();
                }
                found(&text[start..cut.unwrap_or(end)], units);
                units = after;
            }
        }
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
