//! The tags of all notes → the tags of the site, each with its pages, in the order of an index.
//!
//! A tag has the name that most of its notes write; `a/b` is below `a`, which has its pages too.
//!
//! Must not know: routes, the look of a list.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::collation::CollationKey;
use crate::nav::PageId;
use crate::note::Note;
use crate::search::tag::{key, with_above};

use super::Subject;
use super::split;

/// The tags of a site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Tags {
    /// All tags, in the order of an index.
    pub list: Vec<SiteTag>,
    /// The place of each in that list, by key.
    places: BTreeMap<String, usize>,
    /// For each page the places of the tags that its note has itself.
    own: BTreeMap<PageId, Vec<usize>>,
    /// Their pages in the site.
    pub pages: Vec<TagPage>,
}

/// A tag of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SiteTag {
    /// Its name, with those of the tags above it: `数据库/MySQL`.
    pub name: String,
    /// The pages of the notes that have it or one below it, in their order.
    pub pages: Vec<PageId>,
    /// The place of its first page among those of all tags.
    pub first_page: usize,
}

/// A page of a tag, or one of several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TagPage {
    /// The place of the tag.
    pub tag: usize,
    /// Its number among those of the tag, from 1.
    pub number: usize,
    /// The notes that it lists, among those of the tag.
    pub range: Range<usize>,
}

/// The spellings of a tag with how often each is written, and its pages.
#[derive(Default)]
struct TagSpellings<'n> {
    spellings: BTreeMap<&'n str, usize>,
    pages: Vec<PageId>,
}

impl Tags {
    /// Those of notes. A translation counts for itself: it may have tags in its own language, and
    /// the search finds it by them.
    pub(super) fn new(notes: &[Arc<Note>], subjects: &[Subject]) -> Self {
        let mut gathered: BTreeMap<String, TagSpellings<'_>> = BTreeMap::new();
        let mut written: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
        for (page, subject) in subjects.iter().enumerate() {
            let Some(note) = subject.note() else { continue };
            let own: Vec<String> = notes[note].tags().map(key).collect();
            if !own.is_empty() {
                written.insert(PageId(page), own);
            }
            for name in notes[note].tags().flat_map(with_above) {
                let tag = gathered.entry(key(name)).or_default();
                *tag.spellings.entry(name).or_default() += 1;
                if tag.pages.last() != Some(&PageId(page)) {
                    tag.pages.push(PageId(page));
                }
            }
        }
        let mut found: Vec<(String, SiteTag)> = gathered.into_iter().map(tag).collect();
        found.sort_by_cached_key(|(_, tag)| {
            tag.name.split('/').map(CollationKey::new).collect::<Vec<_>>()
        });
        let mut pages = Vec::new();
        for (place, (_, tag)) in found.iter_mut().enumerate() {
            tag.first_page = pages.len();
            let ranges = split::ranges(tag.pages.len());
            pages.extend((1..).zip(ranges).map(|(number, range)| TagPage {
                tag: place,
                number,
                range,
            }));
        }
        let places: BTreeMap<String, usize> =
            found.iter().enumerate().map(|(place, (key, _))| (key.clone(), place)).collect();
        let place = |key: &String| places.get(key).copied();
        let own = written.into_iter().map(|(page, keys)| {
            let mut own: Vec<usize> = keys.iter().filter_map(place).collect();
            own.sort_unstable();
            own.dedup();
            (page, own)
        });
        let own = own.collect();
        Self { own, list: found.into_iter().map(|(_, tag)| tag).collect(), places, pages }
    }

    /// The tags that the note of a page has itself, in the order of the index.
    pub fn of_page(&self, page: PageId) -> impl Iterator<Item = &SiteTag> {
        let own = self.own.get(&page).map(Vec::as_slice).unwrap_or_default();
        own.iter().map(|&place| &self.list[place])
    }

    /// The tag that a note writes so.
    #[must_use]
    pub fn of(&self, written: &str) -> Option<&SiteTag> {
        self.places.get(&key(written)).map(|&place| &self.list[place])
    }
}

/// A tag with the spelling that is written most, of two the one that comes first.
fn tag((key, TagSpellings { spellings, pages }): (String, TagSpellings<'_>)) -> (String, SiteTag) {
    let most = spellings.iter().rev().max_by_key(|(_, times)| **times);
    let name = most.map_or_else(String::new, |(name, _)| (*name).to_owned());
    (key, SiteTag { name, pages, first_page: 0 })
}
