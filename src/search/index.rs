//! Pages → the index that a browser searches: postings, which have for each term the pages that
//! contain it, with the level of its best match there, cut into pieces; the texts of the pages in
//! groups; a directory of both.
//!
//! The boundary of two pieces depends on the entries there, not on all those before it, so that a
//! change of one page changes only the pieces with its terms.
//!
//! Must not know: the disk, the order of the build.

use std::fmt::Write as _;
use std::ops::Range;

use ring::digest::{SHA256, digest};

use super::SearchPage;
use super::script::{self, Pages, WrittenPage};

/// The terms of some pages, in order, each with the pages that contain it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Postings(pub(super) Vec<(Box<str>, Pages)>);

/// The size of a piece in bytes. The directory grows with the number of pieces, so larger sites
/// have larger pieces, to keep the sum of the directory and one piece small.
#[must_use]
pub fn piece_size(pages: usize) -> usize {
    match pages {
        0..=1_024 => 10 << 10,
        1_025..=16_384 => 24 << 10,
        _ => 48 << 10,
    }
}

/// The merged entries of two sorted lists; the pages of `later` have higher numbers.
pub(super) fn merge<T: Ord>(one: Vec<(T, Pages)>, later: Vec<(T, Pages)>) -> Vec<(T, Pages)> {
    let mut merged = Vec::with_capacity(one.len().max(later.len()) * 5 / 4);
    let mut later = later.into_iter().peekable();
    for (term, mut pages) in one {
        while let Some(other) = later.next_if(|(other, _)| *other < term) {
            merged.push(other);
        }
        if let Some((_, more)) = later.next_if(|(other, _)| *other == term) {
            pages.extend(more);
        }
        merged.push((term, pages));
    }
    merged.extend(later);
    merged
}

impl Postings {
    /// The terms of both; the pages of `later` have higher numbers.
    #[must_use]
    pub fn merge(self, later: Self) -> Self {
        Self(merge(self.0, later.0))
    }

    /// The same terms of pages with numbers that are higher by so many.
    #[must_use]
    pub(super) fn moved(mut self, by: usize) -> Self {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        for (page, _) in self.0.iter_mut().flat_map(|(_, pages)| pages) {
            *page = page.saturating_add(by);
        }
        self
    }

    /// Replaces the terms of some pages: those in `old` by those in `new`.
    pub fn change(&mut self, old: &Self, new: &Self) {
        let gone = old.0.iter().filter(|entry| new.0.binary_search(entry).is_err());
        for (term, pages) in gone {
            let Ok(at) = self.position(term) else { continue };
            self.0[at].1.retain(|(number, _)| !pages.iter().any(|(gone, _)| gone == number));
            if self.0[at].1.is_empty() {
                self.0.remove(at);
            }
        }
        for (term, pages) in new.0.iter().filter(|entry| old.0.binary_search(entry).is_err()) {
            match self.position(term) {
                Ok(at) => {
                    for page in pages {
                        let index = self.0[at].1.partition_point(|(number, _)| *number < page.0);
                        self.0[at].1.insert(index, *page);
                    }
                }
                Err(at) => self.0.insert(at, (term.clone(), pages.clone())),
            }
        }
    }

    /// The terms that belong to some of the pieces.
    fn within(&self, firsts: &[String], pieces: Range<usize>) -> Self {
        let from = if pieces.start == 0 {
            0
        } else {
            self.0.partition_point(|(term, _)| **term < *firsts[pieces.start])
        };
        let to = firsts
            .get(pieces.end)
            .map_or(self.0.len(), |end| self.0.partition_point(|(term, _)| **term < **end));
        Self(self.0[from..to].to_vec())
    }

    fn position(&self, term: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| (**other).cmp(term))
    }

    /// The ranges of pieces of about this size.
    #[must_use]
    pub fn cut(&self, size: usize) -> Vec<Range<usize>> {
        let entries = self.0.iter();
        let entries = entries.map(|(term, pages)| (&**term, posting_size(term.len(), pages.len())));
        cut(entries, size)
    }

    /// The piece with the terms in a range.
    #[must_use]
    pub fn piece(&self, range: Range<usize>) -> Piece {
        let terms = &self.0[range];
        let first = terms.first().map_or("", |(term, _)| term);
        Piece::new(first.to_owned(), script::postings(terms))
    }

    /// Reads the script of a piece.
    #[must_use]
    pub fn read(script: &[u8]) -> Option<Self> {
        script::read_postings(script).map(Self)
    }
}

/// A piece of postings after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedPiece {
    /// The unchanged piece with this number.
    Kept(usize),
    /// A new piece.
    New(Piece),
}

/// The pieces after a change of some pages, from `old` terms to `new` ones: the same as after a
/// build of all pages. `firsts` are the first terms of the pieces, `read` reads a piece; `None` if
/// one cannot be read.
#[must_use]
pub fn changed(
    firsts: &[String],
    size: usize,
    read: impl Fn(usize) -> Option<Postings>,
    old: &Postings,
    new: &Postings,
) -> Option<Vec<ChangedPiece>> {
    let differs = |one: &Postings, other: &Postings| {
        let terms = one.0.iter().filter(|entry| other.0.binary_search(entry).is_err());
        let piece = |term: &str| firsts.partition_point(|first| **first <= *term).saturating_sub(1);
        terms.map(|(term, _)| piece(term)).collect::<Vec<_>>()
    };
    let mut touched: Vec<usize> = [differs(old, new), differs(new, old)].concat();
    touched.sort_unstable();
    touched.dedup();
    let mut touched = touched.into_iter().peekable();
    let mut result: Vec<ChangedPiece> = Vec::new();
    let mut next = 0;
    while let Some(&first) = touched.peek() {
        // The beginning of a piece depends on its first entry and on the piece before it.
        let begin = first.saturating_sub(1).max(next);
        result.extend((next..begin).map(ChangedPiece::Kept));
        let mut all = Postings::default();
        let mut end = begin;
        let pieces = loop {
            // The next piece, and the changed ones directly after it.
            let from = end;
            while end < firsts.len()
                && (end == from || touched.peek().is_some_and(|&piece| piece <= end))
            {
                while touched.next_if(|&piece| piece <= end).is_some() {}
                all = all.merge(read(end)?);
                end += 1;
            }
            all.change(&old.within(firsts, from..end), &new.within(firsts, from..end));
            let here = all.0.len();
            if end == firsts.len() {
                break all.cut(size).into_iter().map(|range| all.piece(range)).collect::<Vec<_>>();
            }
            // Done if the next piece begins at the same entry as before.
            let whole = all.clone().merge(read(end)?);
            let cuts = whole.cut(size);
            if cuts.iter().any(|range| range.start == here) {
                let cuts = cuts.into_iter().take_while(|range| range.end <= here);
                break cuts.map(|range| whole.piece(range)).collect();
            }
        };
        result.extend(pieces.into_iter().map(ChangedPiece::New));
        next = end;
    }
    result.extend((next..firsts.len()).map(ChangedPiece::Kept));
    Some(result)
}

/// The size of a term of so many bytes and its pages in the script: a digit, two spaces, and about
/// two digits and a level for each page.
pub(super) fn posting_size(term: usize, pages: usize) -> usize {
    term + 3 + 3 * pages
}

/// Cuts entries into pieces. A hash of the entry's name decides where, with a probability in
/// proportion to the entry's size, so that a cut does not depend on earlier entries. A piece has at
/// least half the size, and at most twice the size, unless one entry is larger.
#[derive(Debug)]
pub struct Cutter {
    size: usize,
    /// The size of the entries in the last piece.
    held: usize,
}

impl Cutter {
    /// For pieces of about this size.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, held: 0 }
    }

    /// Adds an entry with this name and size; true if a piece ends before it.
    pub fn begins(&mut self, name: &[u8], bytes: usize) -> bool {
        let (half, held) = (self.size / 2, self.held);
        let hash = usize::from(mixed(name));
        let is_end = held >= half && hash * half < bytes * usize::from(u16::MAX)
            || held + bytes > 2 * self.size;
        let begins = is_end && held > 0;
        self.held = if begins { bytes } else { held + bytes };
        begins
    }
}

/// The ranges of entries that a [`Cutter`] makes pieces of.
fn cut<'a>(entries: impl Iterator<Item = (&'a str, usize)>, size: usize) -> Vec<Range<usize>> {
    let mut cutter = Cutter::new(size);
    let mut ranges = Vec::new();
    let (mut from, mut count) = (0, 0);
    for (at, (name, bytes)) in entries.enumerate() {
        if cutter.begins(name.as_bytes(), bytes) {
            ranges.push(from..at);
            from = at;
        }
        count = at + 1;
    }
    if from < count {
        ranges.push(from..count);
    }
    ranges
}

/// A 16-bit hash of a name: FNV-1a, mixed and folded.
fn mixed(name: &[u8]) -> u16 {
    let hash = name
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d).to_be_bytes();
    u16::from_be_bytes([hash[0], hash[1]])
}

/// A file of the index, named by the SHA-256 digest of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The first of its terms; none for texts.
    pub first: String,
    /// Its name, which is that of its file without `.js`.
    pub name: String,
    /// The script.
    pub script: Vec<u8>,
}

impl Piece {
    fn new(first: String, WrittenPage { data }: WrittenPage) -> Self {
        let name = name_of(&data);
        let script = format!("notes.piece(\"{name}\",{data});\n").into_bytes();
        Self { first, name, script }
    }
}

/// The name of a piece with this content.
fn name_of(data: &str) -> String {
    // SHA-256, which browsers can compute: they check pieces of other sites. Twelve hexadecimal
    // digits: of the sites with a hundred thousand pieces one in fifty thousand has two different
    // pieces with the same name.
    let hash = digest(&SHA256, data.as_bytes());
    let mut name = String::with_capacity(12);
    for byte in &hash.as_ref()[..6] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// True if a piece with this content has this name.
pub(super) fn is_name_of(name: &str, data: &str) -> bool {
    name_of(data) == name
}

/// A page's texts in the form of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    script: String,
}

impl Texts {
    /// The texts of a page.
    #[must_use]
    pub fn of(page: &SearchPage) -> Self {
        Self { script: script::page(page) }
    }

    /// Their size in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.script.len()
    }

    /// Always false; for clippy's `len_without_is_empty`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.script.is_empty()
    }

    /// The piece with the texts of some pages.
    #[must_use]
    pub fn piece(pages: &[&Self]) -> Piece {
        let scripts: Vec<&str> = pages.iter().map(|page| page.script.as_str()).collect();
        Piece::new(String::new(), script::texts(&scripts))
    }
}

/// The ranges of groups of pages of about this size, from the address and size in bytes of each.
#[must_use]
pub fn groups<'a>(pages: impl Iterator<Item = (&'a str, usize)>, size: usize) -> Vec<Range<usize>> {
    cut(pages, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Section;

    fn pages(count: usize) -> Vec<SearchPage> {
        let page = |number: usize| SearchPage {
            title: format!("第 {number} 篇"),
            address: format!("{number}.html"),
            trail: Vec::new(),
            tags: Vec::new(),
            sections: vec![Section {
                text: (0..50).fold(String::new(), |text, word| {
                    format!("{text}词{}x{} ", number % 7, word * number % 911)
                }),
                ..Section::default()
            }],
        };
        (0..count).map(page).collect()
    }

    #[test]
    fn postings_of_parts_are_merged_to_those_of_the_whole() {
        let pages = pages(60);
        let parts = [0..7, 7..8, 8..60].map(|range| Postings::of(range.start, &pages[range]));
        let merged = parts.into_iter().reduce(Postings::merge).unwrap();
        assert_eq!(merged, Postings::of(0, &pages));
        let word = merged.0.iter().find(|(term, _)| &**term == "第").unwrap();
        assert_eq!(word.1.len(), 60);
        assert!(merged.0.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn a_changed_page_gives_the_pieces_of_a_full_build() {
        let mut pages = pages(120);
        let size = 1 << 10;
        let made = |pages: &[SearchPage]| -> Vec<Piece> {
            let postings = Postings::of(0, pages);
            postings.cut(size).into_iter().map(|range| postings.piece(range)).collect()
        };
        let mut before = made(&pages);
        let mut most = 0;
        for round in 0..60_usize {
            let number = round * 37 % pages.len();
            let old = Postings::of(number, &pages[number..=number]);
            let text = &mut pages[number].sections[0].text;
            match round % 4 {
                0 => text.push_str("全新的句子 novel"),
                1 => text.clear(),
                2 => *text = text.replace('x', "zz y"),
                _ => *text = format!("{round} {text} 词{round}"),
            }
            let new = Postings::of(number, &pages[number..=number]);
            let firsts: Vec<String> = before.iter().map(|piece| piece.first.clone()).collect();
            let read = |piece: usize| Postings::read(&before[piece].script);
            let after = changed(&firsts, size, read, &old, &new).unwrap();
            let kept = after.iter().filter(|piece| matches!(piece, ChangedPiece::Kept(_))).count();
            most = most.max(kept);
            let after = after.into_iter().map(|piece| match piece {
                ChangedPiece::Kept(number) => before[number].clone(),
                ChangedPiece::New(piece) => piece,
            });
            let after: Vec<Piece> = after.collect();
            assert_eq!(after, made(&pages), "{round}");
            before = after;
        }
        assert!(before.len() > 20 && most > 10, "{most} of {}", before.len());
    }

    #[test]
    fn a_first_page_and_a_last_one_change_the_index() {
        let empty = Postings::default();
        let one = Postings::of(0, pages(1));
        let none = |_: usize| None;
        assert_eq!(changed(&[], 100, none, &empty, &empty), Some(Vec::new()));
        let piece = one.piece(0..one.0.len());
        let read = |_: usize| Postings::read(&piece.script);
        assert_eq!(
            changed(std::slice::from_ref(&piece.first), 1 << 20, read, &one, &empty),
            Some(Vec::new())
        );
        assert_eq!(changed(std::slice::from_ref(&piece.first), 1 << 20, none, &one, &empty), None);
    }

    #[test]
    fn pieces_are_neither_small_nor_large() {
        let names: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
        let cuts = cut(names.iter().map(|name| (name.as_str(), 40)), 4_000);
        assert!(cuts[..cuts.len() - 1].iter().all(|range| (50..=200).contains(&range.len())));
        assert!((40..=90).contains(&cuts.len()), "{}", cuts.len());
        assert_eq!(cut([("a", 9_000), ("b", 9_000)].into_iter(), 4_000), [0..1, 1..2]);
        assert!(cut([("", 0); 0].into_iter(), 10).is_empty());
    }
}
