//! The indexes that other sites published → one index of all their pages, so that a search looks a
//! word up once, not once for each site. The texts stay where they are.
//!
//! The sites have their pages one after the other: those of the first from 0, those of the second
//! after them. A browser uses the pages of a site until it sees that the site has another index by
//! now.
//!
//! Must not know: the network, the disk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::{Piece, Postings, is_name_of, piece_size};
use super::script::{FORMAT, Pages, argument};

/// Number of characters of the name of a piece.
const NAME: usize = 12;
/// Most pieces of postings, and of texts, of a site that is read.
const MOST_PIECES: usize = 4_096;
/// Most pages of it.
const MOST_PAGES: usize = 1 << 17;

/// The directory of an index that another site published.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PublishedDirectory {
    /// The version of the index.
    format: u32,
    /// The names of the pieces of postings, one after the other.
    postings: String,
    /// The number of pages of each group of texts.
    counts: Vec<usize>,
    /// The names of the groups, one after the other.
    texts: String,
}

/// An index that another site published: its directory and its postings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedIndex {
    directory: PublishedDirectory,
    /// The scripts of the pieces of postings that are known, by name.
    pieces: BTreeMap<String, String>,
}

/// The index of all sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedIndex {
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// The sites in it, each with its place in the list of sites.
    pub sites: Vec<MergedSite>,
}

/// A site of a merged index as browsers read it: its place in the list of sites, the names of its
/// postings, and the numbers of pages and the names of its texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MergedSite(usize, String, Vec<usize>, String);

impl PublishedDirectory {
    /// Reads the script of a directory; `None` if it is not one, or one of another version.
    #[must_use]
    pub fn read(script: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(argument(script, "notes.index(")?).ok()?;
        let groups = names(&read.texts)?.count();
        let most = read.counts.iter().try_fold(0_usize, |sum, count| sum.checked_add(*count))?;
        let is_valid = read.format == FORMAT
            && groups == read.counts.len()
            && most <= MOST_PAGES
            && names(&read.postings)?.count().max(groups) <= MOST_PIECES;
        is_valid.then_some(read)
    }

    /// The names of the pieces of postings.
    pub fn postings(&self) -> impl Iterator<Item = &str> {
        names(&self.postings).into_iter().flatten()
    }

    fn pages(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// The names that a text is made of; `None` if it is made of anything else.
fn names(text: &str) -> Option<impl Iterator<Item = &str>> {
    let is_valid = text.len().is_multiple_of(NAME)
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_valid.then(|| (0..text.len() / NAME).map(|number| &text[number * NAME..][..NAME]))
}

impl PublishedIndex {
    /// An index of which no postings are known but those that `earlier` has too.
    #[must_use]
    pub fn new(directory: PublishedDirectory, earlier: Option<Self>) -> Self {
        let mut known = earlier.map(|earlier| earlier.pieces).unwrap_or_default();
        let piece = |name: &str| known.remove_entry(name);
        let pieces = directory.postings().filter_map(piece).collect();
        Self { directory, pieces }
    }

    /// The names of the postings that are not known.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let is_missing = |name: &&str| !self.pieces.contains_key(*name);
        self.directory.postings().filter(is_missing).map(str::to_owned).collect()
    }

    /// Adds a script; false if it is not that of the piece with this name.
    pub fn add(&mut self, name: String, script: String) -> bool {
        let is_right = argument(&script, &format!("notes.piece(\"{name}\","))
            .is_some_and(|data| is_name_of(&name, data));
        if is_right {
            self.pieces.insert(name, script);
        }
        is_right
    }

    /// Size of the postings that are known, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.pieces.values().map(String::len).sum()
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &PublishedDirectory {
        &self.directory
    }

    /// All postings; `None` if some are not known, or not in order, or name other pages.
    fn terms(&self) -> Option<Postings> {
        let mut terms: Vec<(Box<str>, Pages)> = Vec::new();
        for name in self.directory.postings() {
            terms.extend(Postings::read(self.pieces.get(name)?.as_bytes())?.0);
        }
        let pages = u32::try_from(self.directory.pages()).ok()?;
        let is_inside = |(_, found): &(Box<str>, Pages)| {
            // They are read as ascending numbers.
            found.last().is_some_and(|(page, _)| *page < pages)
        };
        let is_valid =
            terms.is_sorted_by(|one, other| one.0 < other.0) && terms.iter().all(is_inside);
        is_valid.then_some(Postings(terms))
    }
}

impl MergedIndex {
    /// The index of all sites that have a valid one, each with its place in the list of sites.
    #[must_use]
    pub fn of<'a>(indexes: impl Iterator<Item = (usize, &'a PublishedIndex)>) -> Self {
        let mut all: Vec<Postings> = Vec::new();
        let mut sites = Vec::new();
        let mut pages = 0;
        for (place, index) in indexes {
            let Some(terms) = index.terms() else { continue };
            all.push(terms.moved(pages));
            pages += index.directory.pages();
            let PublishedDirectory { postings, counts, texts, .. } = index.directory.clone();
            sites.push(MergedSite(place, postings, counts, texts));
        }
        let merged = merged(all);
        let cuts = merged.cut(piece_size(pages));
        let pieces = cuts.into_iter().map(|range| merged.piece(range)).collect();
        Self { pieces, sites }
    }
}

/// All postings, two by two, so that each is moved a few times, not once for each site.
fn merged(mut all: Vec<Postings>) -> Postings {
    while all.len() > 1 {
        let mut rest = all.into_iter();
        let mut pairs = Vec::new();
        while let Some(one) = rest.next() {
            pairs.push(match rest.next() {
                Some(later) => one.merge(later),
                None => one,
            });
        }
        all = pairs;
    }
    all.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Directory, SearchPage, Section, Texts};

    /// Pages with words that several have, and one that each has alone.
    fn pages(first: usize, count: usize) -> Vec<SearchPage> {
        let page = |number: usize| SearchPage {
            title: format!("第 {number} 篇"),
            address: format!("{number}.html"),
            trail: Vec::new(),
            tags: Vec::new(),
            sections: vec![Section {
                text: format!("词{} only{number} common", number % 7),
                ..Section::default()
            }],
        };
        (first..first + count).map(page).collect()
    }

    /// The directory and the pieces that a site with these pages publishes.
    fn published(pages: &[SearchPage]) -> (String, Vec<Piece>) {
        let postings = Postings::of(0, pages);
        let pieces = postings.cut(200).into_iter().map(|range| postings.piece(range));
        let pieces: Vec<Piece> = pieces.collect();
        let texts: Vec<Texts> = pages.iter().map(Texts::of).collect();
        let texts = Texts::piece(&texts.iter().collect::<Vec<_>>());
        let directory = Directory {
            parts: &[],
            tags: Vec::new(),
            postings: pieces.iter().map(|piece| (&*piece.first, &*piece.name)).collect(),
            texts: vec![(pages.len(), &*texts.name)],
            federation: Vec::new(),
            merged: None,
        };
        (String::from_utf8(directory.script()).unwrap(), pieces)
    }

    fn index(pages: &[SearchPage]) -> PublishedIndex {
        let (directory, pieces) = published(pages);
        let mut index = PublishedIndex::new(PublishedDirectory::read(&directory).unwrap(), None);
        assert!(pieces.len() > 1 && index.missing().len() == pieces.len());
        for piece in pieces {
            assert!(index.add(piece.name, String::from_utf8(piece.script).unwrap()));
        }
        index
    }

    #[test]
    fn several_indexes_are_that_of_all_pages() {
        let ranges = [(0, 30), (30, 41), (71, 20)];
        let indexes = ranges.map(|(first, count)| index(&pages(first, count)));
        let merged = MergedIndex::of([4, 0, 7].into_iter().zip(&indexes));
        let expected = Postings::of(0, pages(0, 91));
        let cuts = expected.cut(piece_size(91));
        let expected: Vec<Piece> = cuts.into_iter().map(|range| expected.piece(range)).collect();
        assert_eq!(merged.pieces, expected);
        let sites: Vec<_> = merged.sites.iter().map(|site| (site.0, &*site.2)).collect();
        assert_eq!(sites, [(4, &[30][..]), (0, &[41]), (7, &[20])]);
    }

    #[test]
    fn pieces_that_stay_are_not_loaded_again() {
        let earlier = index(&pages(0, 40));
        let mut later = pages(0, 40);
        later[0].sections[0].text.push_str(" zzz");
        let (directory, pieces) = published(&later);
        let directory = PublishedDirectory::read(&directory).unwrap();
        let next = PublishedIndex::new(directory, Some(earlier.clone()));
        assert!((1..pieces.len()).contains(&next.missing().len()), "{:?}", next.missing());
        let same = PublishedIndex::new(earlier.directory.clone(), Some(earlier.clone()));
        assert_eq!(same, earlier);
    }

    #[test]
    fn other_files_are_not_read() {
        let (directory, _) = published(&pages(0, 30));
        let replaced = |from: &str, to: &str| {
            let text = directory.replace(from, to);
            assert_ne!(text, directory);
            text
        };
        for text in [
            String::new(),
            "document.title = 'run';\n".to_owned(),
            "notes.index({});\n".to_owned(),
            replaced("\"format\":1", "\"format\":2"),
            replaced("\"counts\":[30]", "\"counts\":[30,1]"),
            replaced("\"counts\":[30]", "\"counts\":[-1]"),
            replaced("\"counts\":[30]", "\"counts\":[18446744073709551615]"),
            replaced("\"postings\":\"", "\"postings\":\"../../x.js?a"),
            replaced("\"postings\":\"", "\"postings\":\"0"),
            replaced(");\n", ");alert(1);\n"),
        ] {
            assert_eq!(PublishedDirectory::read(&text), None, "{text}");
        }
    }

    #[test]
    fn postings_that_are_not_what_they_are_named_are_left_out() {
        let good = index(&pages(0, 30));
        let (_, pieces) = published(&pages(0, 30));
        let script = String::from_utf8(pieces[0].script.clone()).unwrap();
        let mut index = PublishedIndex::new(good.directory.clone(), None);
        assert!(!index.add(pieces[0].name.clone(), script.replacen(",\"", ",\"0", 1)));
        assert!(!index.add(pieces[1].name.clone(), script));
        assert_eq!(MergedIndex::of([(0, &index)].into_iter()).sites, []);
        // Pages that the directory does not have.
        let mut fewer = good.clone();
        fewer.directory.counts = vec![29];
        // Pieces in another order.
        let mut turned = good.clone();
        let names: Vec<&str> = good.directory.postings().collect();
        turned.directory.postings = names.into_iter().rev().collect();
        let merged = MergedIndex::of([&fewer, &turned, &good].into_iter().enumerate());
        assert_eq!(merged.sites.iter().map(|site| site.0).collect::<Vec<_>>(), [2]);
    }
}
