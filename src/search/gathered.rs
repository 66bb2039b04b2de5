//! Pages → their terms, while pages are added.
//!
//! Must not know: pieces, scripts.

use std::borrow::Borrow;

use ahash::AHashMap;

use super::index::{Postings, merge};
use super::script::Pages;
use super::{Folded, SearchPage, term};

/// Postings while pages are added: terms of at most eight bytes as numbers, which sort faster, and
/// longer ones.
#[derive(Debug, Default)]
pub struct Gathered {
    /// One after the other in one list: there are hundreds of thousands of terms, most with a page
    /// or two.
    short: Vec<ShortPosting>,
    long: Vec<(Box<str>, Pages)>,
}

/// A page that contains a term of at most eight bytes, in the order of terms and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ShortPosting {
    term: u64,
    page: u32,
    level: u8,
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
            let of_page = here.drain();
            short.extend(of_page.map(|(term, level)| ShortPosting { term, page: number, level }));
            for (term, level) in long_here {
                long.entry(term.into()).or_default().push((number, level));
            }
        }
        short.sort_unstable();
        let mut gathered = Self { short, long: long.into_iter().collect() };
        gathered.long.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        gathered
    }

    /// The terms of both; the pages of `later` have higher numbers.
    #[must_use]
    pub fn merge(self, later: Self) -> Self {
        let mut short = self.short;
        short.extend(later.short);
        // Two sorted runs are found and merged.
        short.sort();
        Self { short, long: merge(self.long, later.long) }
    }

    /// All terms in their order.
    #[must_use]
    pub fn into_postings(self) -> Postings {
        let short = self.short.chunk_by(|one, other| one.term == other.term).map(|postings| {
            let bytes = postings[0].term.to_be_bytes();
            let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            let pages = postings.iter().map(|posting| (posting.page, posting.level)).collect();
            // Nothing is lost: they are the bytes of a `str`.
            (Box::from(String::from_utf8_lossy(&bytes[..length])), pages)
        });
        Postings(merge(short.collect(), self.long))
    }
}

impl Postings {
    /// The terms of pages that are numbered from `first`.
    #[must_use]
    pub fn of(first: usize, pages: impl IntoIterator<Item = impl Borrow<SearchPage>>) -> Self {
        Gathered::of(first, pages).into_postings()
    }
}

/// A term of at most eight bytes, as most have, as a number; the numbers have the order of the
/// terms.
fn packed(term: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..term.len())?.copy_from_slice(term.as_bytes());
    Some(u64::from_be_bytes(bytes))
}
