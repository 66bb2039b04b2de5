//! Pages → their terms, while pages are added, and the pieces of the index with them.
//!
//! Must not know: scripts.

use std::borrow::Borrow;
use std::ops::Range;

use ahash::AHashMap;

use super::index::{Cutter, Piece, Postings, merge, posting_size};
use super::script::Pages;
use super::{Folded, SearchPage, term};

/// Postings while pages are added: terms of at most eight bytes as numbers, which sort faster, and
/// longer ones.
#[derive(Debug, Default)]
pub struct Gathered {
    short: ShortTerms,
    long: Vec<(Box<str>, Pages)>,
}

/// The terms of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatheredRange {
    short: Range<usize>,
    long: Range<usize>,
}

/// Terms of at most eight bytes in order, each with its pages. One after the other in two lists:
/// there are hundreds of thousands of terms, most with a page or two.
#[derive(Debug, Default)]
struct ShortTerms {
    /// Each with the end of its pages in the other list.
    terms: Vec<(u64, usize)>,
    pages: Vec<PageLevel>,
}

/// The number of a page that contains a term, and the level of the best match there in four bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PageLevel(u32);

impl PageLevel {
    const BITS: u32 = 4;

    fn new(page: u32, level: u8) -> Self {
        Self(page.min(u32::MAX >> Self::BITS) << Self::BITS | u32::from(level & 0xF))
    }

    fn parts(self) -> (u32, u8) {
        (self.0 >> Self::BITS, u8::try_from(self.0 & 0xF).unwrap_or(0))
    }
}

impl ShortTerms {
    /// From the pages of terms in any order.
    fn of(mut found: Vec<(u64, PageLevel)>) -> Self {
        found.sort_unstable();
        let mut all = Self { terms: Vec::new(), pages: Vec::with_capacity(found.len()) };
        for of_term in found.chunk_by(|one, other| one.0 == other.0) {
            all.pages.extend(of_term.iter().map(|(_, page)| page));
            all.terms.push((of_term[0].0, all.pages.len()));
        }
        all
    }

    /// The terms in a range, each with its pages.
    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (u64, &[PageLevel])> {
        let mut begin = range.start.checked_sub(1).map_or(0, |before| self.terms[before].1);
        self.terms[range].iter().map(move |&(term, end)| {
            let pages = &self.pages[begin..end];
            begin = end;
            (term, pages)
        })
    }

    fn all(&self) -> impl Iterator<Item = (u64, &[PageLevel])> {
        self.range(0..self.terms.len())
    }

    /// The terms of both; the pages of `later` have higher numbers.
    fn merge(&self, later: &Self) -> Self {
        let mut merged = Self {
            terms: Vec::with_capacity(self.terms.len().max(later.terms.len()) * 5 / 4),
            pages: Vec::with_capacity(self.pages.len() + later.pages.len()),
        };
        let mut later = later.all().peekable();
        for (term, pages) in self.all() {
            while let Some((other, pages)) = later.next_if(|(other, _)| *other < term) {
                merged.pages.extend_from_slice(pages);
                merged.terms.push((other, merged.pages.len()));
            }
            merged.pages.extend_from_slice(pages);
            if let Some((_, more)) = later.next_if(|(other, _)| *other == term) {
                merged.pages.extend_from_slice(more);
            }
            merged.terms.push((term, merged.pages.len()));
        }
        for (term, pages) in later {
            merged.pages.extend_from_slice(pages);
            merged.terms.push((term, merged.pages.len()));
        }
        merged
    }
}

impl Gathered {
    /// The terms of pages that are numbered from `first`.
    #[must_use]
    pub fn of(first: usize, pages: impl IntoIterator<Item = impl Borrow<SearchPage>>) -> Self {
        let mut short = Vec::new();
        let mut long = AHashMap::<Box<str>, Pages>::new();
        // The terms of one page.
        let mut here = AHashMap::<u64, u8>::new();
        for (page, number) in pages.into_iter().zip(first..) {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let page = page.borrow();
            let folded = page.folded();
            let mut long_here = AHashMap::<&str, u8>::new();
            for term in &page.tags {
                match packed(term) {
                    Some(packed) => here.insert(packed, 0),
                    None => long_here.insert(term, 0),
                };
            }
            for field in folded.0.iter().flat_map(Folded::fields) {
                term::terms(field.text, |term, at| {
                    let level = field.level(at);
                    let best = match packed(term) {
                        Some(packed) => here.entry(packed).or_insert(level),
                        None => long_here.entry(term).or_insert(level),
                    };
                    *best = level.min(*best);
                });
            }
            short.extend(here.drain().map(|(term, level)| (term, PageLevel::new(number, level))));
            for (term, level) in long_here {
                long.entry(term.into()).or_default().push((number, level));
            }
        }
        let mut long: Vec<_> = long.into_iter().collect();
        long.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Self { short: ShortTerms::of(short), long }
    }

    /// The terms of both; the pages of `later` have higher numbers.
    #[must_use]
    pub fn merge(self, later: Self) -> Self {
        Self { short: self.short.merge(&later.short), long: merge(self.long, later.long) }
    }

    /// The ranges of pieces of about this size: those of [`Postings::cut`].
    #[must_use]
    pub fn cut(&self, size: usize) -> Vec<GatheredRange> {
        let mut cutter = Cutter::new(size);
        let mut ranges = Vec::new();
        let mut short = self.short.all().enumerate().peekable();
        let mut long = self.long.iter().enumerate().peekable();
        let (ends, mut from) = ((self.short.terms.len(), self.long.len()), (0, 0));
        loop {
            let at_short = short.peek().map_or(ends.0, |(at, _)| *at);
            let at_long = long.peek().map_or(ends.1, |(at, _)| *at);
            let next_long = long.peek().map(|(_, (term, _))| beginning(term));
            // A term that is the beginning of another comes first.
            let next = short.next_if(|(_, (term, _))| next_long.is_none_or(|long| *term <= long));
            let begins = match next {
                Some((_, (term, pages))) => {
                    let bytes = term.to_be_bytes();
                    let term = &bytes[..length(bytes)];
                    cutter.begins(term, posting_size(term.len(), pages.len()))
                }
                None => match long.next() {
                    Some((_, (term, pages))) => {
                        cutter.begins(term.as_bytes(), posting_size(term.len(), pages.len()))
                    }
                    None => break,
                },
            };
            if begins {
                ranges.push(GatheredRange { short: from.0..at_short, long: from.1..at_long });
                from = (at_short, at_long);
            }
        }
        if from != ends {
            ranges.push(GatheredRange { short: from.0..ends.0, long: from.1..ends.1 });
        }
        ranges
    }

    /// The piece with the terms in a range.
    #[must_use]
    pub fn piece(&self, range: &GatheredRange) -> Piece {
        let postings = self.postings(range);
        postings.piece(0..postings.0.len())
    }

    fn postings(&self, GatheredRange { short, long }: &GatheredRange) -> Postings {
        let short = self.short.range(short.clone()).map(|(term, pages)| {
            let bytes = term.to_be_bytes();
            // Nothing is lost: they are the bytes of a `str`.
            let term = Box::from(String::from_utf8_lossy(&bytes[..length(bytes)]));
            (term, pages.iter().map(|page| page.parts()).collect())
        });
        Postings(merge(short.collect(), self.long[long.clone()].to_vec()))
    }
}

impl Postings {
    /// The terms of pages that are numbered from `first`.
    #[must_use]
    pub fn of(first: usize, pages: impl IntoIterator<Item = impl Borrow<SearchPage>>) -> Self {
        let all = Gathered::of(first, pages);
        all.postings(&GatheredRange { short: 0..all.short.terms.len(), long: 0..all.long.len() })
    }
}

/// A term of at most eight bytes, as most have, as a number; the numbers have the order of the
/// terms.
fn packed(term: &str) -> Option<u64> {
    // The commonest are pairs of Han, which are copied in one go as their length is known.
    let bytes = term.as_bytes();
    if let Ok(pair) = <[u8; 6]>::try_from(bytes) {
        return Some(left_aligned(pair));
    }
    if let Ok(single) = <[u8; 3]>::try_from(bytes) {
        return Some(left_aligned(single));
    }
    (bytes.len() <= 8).then(|| beginning(term))
}

/// Bytes as the first ones of eight, which are a number.
fn left_aligned<const LENGTH: usize>(bytes: [u8; LENGTH]) -> u64 {
    let mut all = [0; 8];
    all[..LENGTH].copy_from_slice(&bytes);
    u64::from_be_bytes(all)
}

/// The first eight bytes of a term as a number.
fn beginning(term: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = term.len().min(8);
    bytes[..length].copy_from_slice(&term.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// The length of a term that is packed in these bytes.
fn length(bytes: [u8; 8]) -> usize {
    bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Section;

    #[test]
    fn pieces_are_those_of_the_postings() {
        let page = |number: usize| SearchPage {
            title: format!("第 {number} 篇"),
            address: format!("{number}.html"),
            trail: Vec::new(),
            tags: Vec::new(),
            sections: vec![Section {
                text: (0..40).fold(String::new(), |text, word| {
                    let word = word * number % 97;
                    format!("{text} 词{word} abcdefgh abcdefgh{word} abcdefg{} é𠀀", word % 7)
                }),
                ..Section::default()
            }],
        };
        let pages: Vec<SearchPage> = (0..80).map(page).collect();
        let postings = Postings::of(0, &pages);
        let whole = Gathered::of(0, &pages);
        let parts =
            [0..3, 3..4, 4..61, 61..80].map(|range| Gathered::of(range.start, &pages[range]));
        let merged = parts.into_iter().reduce(Gathered::merge).unwrap();
        for size in [1, 300, 5_000, 1 << 20] {
            let expected: Vec<Piece> =
                postings.cut(size).into_iter().map(|range| postings.piece(range)).collect();
            for gathered in [&whole, &merged] {
                let cuts = gathered.cut(size);
                let made: Vec<Piece> = cuts.iter().map(|range| gathered.piece(range)).collect();
                assert_eq!(made, expected, "{size}");
            }
        }
        assert_eq!(Gathered::default().cut(100), []);
    }

    #[test]
    fn pages_and_levels_are_packed_in_their_order() {
        let all = [(0, 0), (0, 15), (1, 0), (1, 14), (100_000, 3), (u32::MAX >> 4, 15)];
        let packed = all.map(|(page, level)| PageLevel::new(page, level));
        assert!(packed.is_sorted());
        assert_eq!(packed.map(PageLevel::parts), all);
    }
}
