//! Tags: spellings that are one, tags above a tag, the term of a tag in the index.
//!
//! Must not know: where a note has its tags.

use super::fold::fold;

/// The mark of the terms that are tags. No text has such a term: there it is one of its own.
const MARK: char = '#';
/// Parts a tag from the one above it, as in Obsidian.
const BELOW: char = '/';

/// The key of a tag: that of all its spellings, `Linux` and `linux`.
#[must_use]
pub fn key(tag: &str) -> String {
    fold(tag)
}

/// A tag and those above it, from the top down: `a/b` is `a` and `a/b`.
pub fn with_above(tag: &str) -> impl Iterator<Item = &str> {
    let ends = tag.match_indices(BELOW).map(|(at, _)| at).chain([tag.len()]);
    ends.map(|end| &tag[..end])
}

/// The term of a tag. `static/search.js` makes the same.
#[must_use]
pub fn term(tag: &str) -> String {
    let mut term = String::from(MARK);
    // Blanks end a term in the files of the index.
    term.extend(key(tag).chars().map(|c| if c == ' ' { MARK } else { c }));
    term
}

/// The terms of some tags and of those above them, each once, in order.
pub fn terms<'t>(tags: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut terms: Vec<String> = tags.flat_map(with_above).map(term).collect();
    terms.sort();
    terms.dedup();
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_those_of_all_spellings_and_of_the_tags_above() {
        for (tags, expected) in [
            (&["Linux"][..], &["#linux"][..]),
            (&["Linux", "linux", "ＬＩＮＵＸ"], &["#linux"]),
            (&["数据库/MySQL", "数据库"], &["#数据库", "#数据库/mysql"]),
            (&["a b"], &["#a#b"]),
            (&[], &[]),
        ] {
            assert_eq!(terms(tags.iter().copied()), expected, "{tags:?}");
        }
    }
}
