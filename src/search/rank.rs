//! The place of a match → a rank, lower is better.
//!
//! Titles come before headings, text and code; short titles and headings before long ones; matches
//! near the beginning of a text, and in short texts, before others. A prefix match ranks like a
//! whole word one field further down.
//!
//! The index has the level of each term on each page. A word of several terms begins where its
//! first term does, in the same field as all of them, so the level of each term on a page is a
//! lower bound of the word's rank there. A search that reads pages in the order of the index may
//! therefore stop once its results are better than all remaining pages can be.
//!
//! Must not know: queries.

use super::Folded;

/// Penalty for a prefix match.
pub(super) const PREFIX_PENALTY: u32 = 4;
/// Length from which a text is long, in UTF-16 units.
pub(super) const LONG: usize = 600;
/// Lengths up to which a title or heading is in the next better class, in UTF-16 units.
pub(super) const SHORT: [usize; 3] = [6, 12, 24];
/// Offsets before which a match is in the next better class, in UTF-16 units.
pub(super) const EARLY: [usize; 2] = [60, 600];

/// A field of a section.
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

/// The length of a text in UTF-16 units, of its bytes: they need not be decoded. Each character has
/// one that begins it, and two units if that is one of four.
fn units(text: &str) -> usize {
    let units = |byte: u8| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
    text.bytes().map(units).sum()
}

impl Field<'_> {
    /// The level of a match that begins at this offset in UTF-16 units: 0 to 15.
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

/// Penalty for the distance between words: `span` is the shortest stretch that contains all of
/// them, in UTF-16 units.
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
        for text in ["", "a", "é文𠀀z", "\u{10FFFF}\u{FFFF}\u{7FF}"] {
            assert_eq!(units(text), text.encode_utf16().count());
        }
        let long = folded(&"文".repeat(600));
        assert_eq!([0, 60, 600].map(|at| long.fields()[2].level(at)), [9, 11, 13]);
        assert_eq!([0, 7, 8, 24, 100_000].map(apart), [0, 0, 1, 2, 7]);
    }
}
