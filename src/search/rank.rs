//! The places of a word → a rank, as a number: the less, the better.
//!
//! Title before heading before text before code; in titles and headings the shorter ones, in text
//! what stands nearer to the beginning, and in shorter sections, first. A word that goes on is as
//! good as a whole one a field further down.
//!
//! The index holds the level of each term in each page. A word of several terms occurs where its
//! first does, and in the same field as all, so that what the index says of them is never worse
//! than what the text says of the word: whoever reads pages in the order of the index may stop once
//! what was found is better than all that is left.
//!
//! Must not know: which words are looked for.

use super::Folded;

/// Penalty for a prefix match.
pub(super) const GOES_ON: u32 = 4;
/// A text of so many units is long.
const LONG: usize = 600;
/// Up to so many units a title or heading is of the next better kind.
const SHORT: [usize; 3] = [6, 12, 24];
/// A match before this unit is near the beginning.
const EARLY: [usize; 2] = [60, 600];

/// A field of a section, and the level of a term in it by where it begins, in UTF-16 units.
pub(super) struct Field<'a> {
    pub text: &'a str,
    name: Name,
    size: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Title,
    Heading,
    Text,
    Code,
}

impl Folded {
    /// Its fields, the best first.
    pub(super) fn fields(&self) -> [Field<'_>; 4] {
        let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
        let short = |text: &str| {
            u8::try_from(SHORT.iter().filter(|&&most| units(text) > most).count()).unwrap_or(0)
        };
        let field = |text, name, size| Field { text, name, size };
        [
            field(self.title.as_str(), Name::Title, short(&self.title)),
            field(self.heading.as_str(), Name::Heading, short(&self.heading)),
            field(self.text.as_str(), Name::Text, u8::from(units(&self.text) >= LONG)),
            field(self.code.as_str(), Name::Code, 0),
        ]
    }
}

impl Field<'_> {
    /// The level of what begins here: 0 to 15.
    pub fn level(&self, at: usize) -> u8 {
        let late = |limits: &[usize]| {
            u8::try_from(limits.iter().filter(|&&limit| at >= limit).count()).unwrap_or(0)
        };
        match self.name {
            Name::Title => self.size,
            Name::Heading => 4 + self.size,
            Name::Text => 8 + 2 * late(&EARLY) + self.size,
            Name::Code => 14 + late(&EARLY[1..]),
        }
    }
}

/// Penalty for words that are apart: `span` is the shortest stretch that holds all of them, in
/// UTF-16 units.
pub(super) fn apart(span: usize) -> u32 {
    (1 + span / 8).ilog2().min(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_before_headings_before_text_before_code() {
        let folded = |text: &str| Folded {
            title: "事务".to_owned(),
            heading: "分布式事务的实现".to_owned(),
            text: text.to_owned(),
            code: "x".repeat(1000),
        };
        let short = folded("文");
        let levels = short.fields().map(|field| [0, 60, 599, 600].map(|at| field.level(at)));
        assert_eq!(levels, [[0; 4], [5; 4], [8, 10, 10, 12], [14, 14, 14, 15]]);
        let long = folded(&"文".repeat(600));
        assert_eq!([0, 60, 600].map(|at| long.fields()[2].level(at)), [9, 11, 13]);
        assert_eq!([0, 7, 8, 24, 100_000].map(apart), [0, 0, 1, 2, 7]);
    }
}
