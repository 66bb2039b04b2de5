//! The external links of all notes → [`Library`]: each address once, with all mentions of it and
//! its title, type and year as far as they are known.
//!
//! Must not know: the navigation's tree, routes, HTML.

mod address;
mod evidence;
mod title;

use std::collections::{HashMap, hash_map};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::links::Target;
use crate::markdown::{Heading, Link, LinkKind};
use crate::nav::PageId;
use crate::note::Note;

use self::address::WebAddress;
use self::evidence::Evidence;
pub use self::evidence::ResourceKind;
use self::title::LinkTitle;

/// Links that a page of the library holds, unless one note has more.
const PER_PAGE: usize = 500;

/// All external resources that the notes link to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Library {
    /// In the order in which the notes first name it.
    pub entries: Vec<LibraryEntry>,
    /// Ranges of entries, one for each page of the library.
    pub pages: Vec<Range<usize>>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryEntry {
    /// Its address, http or https, percent-encoded.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The address's host without `www.`.
    pub host: String,
    /// Its type, if that is certain.
    pub kind: Option<ResourceKind>,
    /// The year in which it was made.
    pub year: Option<u16>,
    /// The first mention.
    first: Mention,
    /// All other mentions.
    others: Vec<Mention>,
}

/// A place in the notes that links to a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The page.
    pub page: PageId,
    /// The heading above it; `None` before the first.
    pub heading: Option<Heading>,
}

impl LibraryEntry {
    /// The first mention.
    #[must_use]
    pub fn first(&self) -> &Mention {
        &self.first
    }

    /// The same for all addresses of the resource.
    #[must_use]
    pub fn key(&self) -> String {
        WebAddress::parse(&self.url).map_or_else(|| self.url.clone(), |address| address.key)
    }

    /// All mentions.
    pub fn places(&self) -> impl Iterator<Item = &Mention> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Library {
    /// Merges the records of notes in the order in which the site shows them.
    #[must_use]
    pub fn of<'n>(notes: impl Iterator<Item = &'n [LinkRecord]>) -> Self {
        let mut shelf = LibraryBuilder::default();
        notes.flatten().for_each(|named| shelf.add(named.clone()));
        let entries: Vec<LibraryEntry> =
            shelf.drafts.into_iter().map(EntryBuilder::entry).collect();
        Self { pages: pages(&entries, PER_PAGE), entries }
    }
}

/// One link to a resource, and the facts that it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRecord {
    key: String,
    draft: EntryBuilder,
}

/// The records of a note's links. `targets` are those of the links, in their order.
#[must_use]
pub fn link_records(page: PageId, note: &Note, targets: &[Target]) -> Vec<LinkRecord> {
    let links = note.parsed.links.iter().zip(targets);
    links.filter_map(|(link, target)| LinkRecord::new(page, note, link, target)).collect()
}

impl LinkRecord {
    /// `None` if the library does not keep what the link leads to.
    fn new(page: PageId, note: &Note, link: &Link, target: &Target) -> Option<Self> {
        let Target::External(url) = target else { return None };
        if link.kind != LinkKind::Link {
            return None;
        }
        let address = WebAddress::parse(url).filter(|address| !address.is_picture())?;
        let heading = link.context.heading.and_then(|at| note.parsed.outline.get(at));
        let draft = EntryBuilder {
            title: LinkTitle::new(&link.text, &address),
            kind: evidence::kind(link, heading, &address),
            year: title::year(link, &address),
            first: Mention { page, heading: heading.cloned() },
            others: Vec::new(),
            url: address.url,
            host: address.host,
        };
        Some(Self { key: address.key, draft })
    }
}

/// Entries by key while they are merged.
#[derive(Default)]
struct LibraryBuilder {
    drafts: Vec<EntryBuilder>,
    by_key: HashMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct EntryBuilder {
    url: String,
    host: String,
    title: LinkTitle,
    kind: Option<(Evidence, ResourceKind)>,
    year: Option<u16>,
    first: Mention,
    others: Vec<Mention>,
}

impl LibraryBuilder {
    fn add(&mut self, LinkRecord { key, draft: new }: LinkRecord) {
        let at = match self.by_key.entry(key) {
            hash_map::Entry::Occupied(entry) => *entry.get(),
            hash_map::Entry::Vacant(entry) => {
                entry.insert(self.drafts.len());
                self.drafts.push(new);
                return;
            }
        };
        let draft = &mut self.drafts[at];
        if draft.url.starts_with("http:") && new.url.starts_with("https:") {
            draft.url = new.url;
        }
        if new.title.is_better_than(&draft.title) {
            draft.title = new.title;
        }
        // Of equal evidence the first counts.
        if new.kind.map(|(evidence, _)| evidence) > draft.kind.map(|(evidence, _)| evidence) {
            draft.kind = new.kind;
        }
        draft.year = draft.year.or(new.year);
        if draft.others.last().unwrap_or(&draft.first) != &new.first {
            draft.others.push(new.first);
        }
    }
}

impl EntryBuilder {
    fn entry(self) -> LibraryEntry {
        LibraryEntry {
            url: self.url,
            title: self.title.text,
            host: self.host,
            kind: self.kind.map(|(_, kind)| kind),
            year: self.year,
            first: self.first,
            others: self.others,
        }
    }
}

/// Cuts entries into pages of at most so many, between those of two notes where that is possible.
fn pages(entries: &[LibraryEntry], most: usize) -> Vec<Range<usize>> {
    let mut pages: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for group in entries.chunk_by(|a, b| a.first.page == b.first.page) {
        match pages.last_mut() {
            Some(last) if last.len() + group.len() <= most => last.end += group.len(),
            _ => {
                let starts = (at..at + group.len()).step_by(most);
                pages.extend(starts.map(|start| start..(start + most).min(at + group.len())));
            }
        }
        at += group.len();
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};
    use crate::path::SourcePath;

    /// The library of notes whose links lead where they say.
    fn library(texts: &[&str]) -> Library {
        let note = |text: &&str| {
            let parsed = parse(text, &Context::default());
            let targets = parsed
                .links
                .iter()
                .map(|link| Target::External(link.destination.clone()))
                .collect::<Vec<_>>();
            let (path, meta, problems) =
                (SourcePath::root(), crate::note::Meta::default(), Vec::new());
            (Note { path, meta, parsed, is_stub: false, problems }, targets)
        };
        let notes: Vec<_> = texts.iter().map(note).collect();
        let pages = notes.iter().enumerate();
        let named: Vec<_> = pages
            .map(|(page, (note, targets))| link_records(PageId(page), note, targets))
            .collect();
        Library::of(named.iter().map(Vec::as_slice))
    }

    #[test]
    fn each_thing_stands_once_with_all_its_places() {
        let found = library(&[
            "# 甲\n\nhttp://E.org/a/ [乙](https://e.org/b)\n\n## 链接\n\n- [题目](https://e.org/a)\n- [更长的题目](http://e.org/a)",
            "[链接](https://e.org/a) [另一节](https://e.org/a#x)",
        ]);
        let texts: Vec<_> =
            found.entries.iter().map(|entry| (&*entry.url, &*entry.title)).collect();
        assert_eq!(
            texts,
            [
                ("https://e.org/a", "更长的题目"),
                ("https://e.org/b", "乙"),
                ("https://e.org/a#x", "另一节")
            ]
        );
        let places = found.entries[0].places();
        let places: Vec<_> = places
            .map(|place| (place.page.0, place.heading.as_ref().map(|heading| &*heading.anchor)))
            .collect();
        assert_eq!(places, [(0, Some("甲")), (0, Some("链接")), (1, None)]);
        assert_eq!(found.pages.first(), Some(&(0..3)));
    }

    #[test]
    fn only_what_is_elsewhere() {
        for text in [
            "[x](javascript:alert(1))",
            "[x](a.md)",
            "![x](https://e.org/a.png)",
            "[x](mailto:a@e.org)",
            "http://localhost:8080/x",
            "[![x](a.png)](https://e.org/A.PNG?x)",
            "[x](http://)",
            "[x](ftp://e.org)",
        ] {
            assert_eq!(library(&[text]).entries, [], "{text}");
        }
    }

    #[test]
    fn the_best_evidence_of_a_type_counts() {
        let found =
            library(&["# Courses\n\nhttps://e.org/a\n\n# x\n\n[a](https://e.org/a) #Book#"]);
        assert_eq!(found.entries[0].kind, Some(ResourceKind::Book));
    }

    #[test]
    fn pages_are_cut_between_notes() {
        for (counts, expected) in [
            (&[][..], vec![]),
            (&[2, 1], vec![(0, 3)]),
            (&[2, 2, 1], vec![(0, 2), (2, 5)]),
            (&[1, 7, 1], vec![(0, 1), (1, 4), (4, 7), (7, 9)]),
        ] {
            let text = |(note, count): (usize, &usize)| {
                (0..*count)
                    .map(|link| format!("<https://e.org/{note}/{link}>"))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let texts: Vec<String> = counts.iter().enumerate().map(text).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let found = pages(&library(&texts).entries, 3);
            let found: Vec<_> = found.into_iter().map(|page| (page.start, page.end)).collect();
            assert_eq!(found, expected, "{counts:?}");
        }
    }
}
