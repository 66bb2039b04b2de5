//! The notes and the site → the files of the search index. Of what an earlier build made, the
//! pieces stay which hold nothing of a note that changed; while the same pages stand in the same
//! order, only the others are made anew.
//!
//! Must not know: how anything is found.

mod whole;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::whole::WholeIndex;
use super::notes::Notes;
use super::{PreviousOutput, state};
use crate::cache::Cache;
use crate::collation::CollationKey;
use crate::digest::Digest;
use crate::federation::FederatedSite;
use crate::nav::PageId;
use crate::note::Note;
use crate::output::File;
use crate::path::{Route, SourcePath};
use crate::search::{
    self, ChangedPiece, Directory, MergedDirectory, MergedIndex, MergedSite, Piece, Postings,
    PublishedIndex, SearchPage, SearchedSiteAddress, Texts, tag,
};
use crate::site::{OwnRoutes, Site, language_name};

/// Tags that a search can be limited to: more are no list to choose from.
const MOST_TAGS: usize = 100;

/// The values that the index is made from.
pub(super) struct Searched<'a, S> {
    /// The sites, that of the library's own folder first; its files hold the index.
    pub sites: &'a [SearchedSite<'a>],
    pub standing: &'a S,
    /// The sites elsewhere that are searched too.
    pub federation: &'a [FederatedSite],
    /// The digest of everything that the sites are made from.
    pub key: Digest,
}

/// A site that is searched.
#[derive(Clone, Copy)]
pub(super) struct SearchedSite<'a> {
    pub site: &'a Site,
    pub notes: &'a Notes,
    /// The cache of its notes.
    pub cache: &'a Cache,
    /// True if it is a book of a library.
    pub is_book: bool,
}

/// The parts of the index that the next build may reuse.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct IndexState {
    /// The digest of everything that the index is made from.
    whole: Digest,
    pages: Vec<PastPage>,
    postings: Vec<PastPiece>,
    texts: Vec<PastPiece>,
    merged: PastMerged,
    directory: Digest,
}

/// The merged index of the sites elsewhere.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct PastMerged {
    /// The digest of the directories of their indexes.
    key: Digest,
    pieces: Vec<PastPiece>,
    sites: Vec<MergedSite>,
}

/// A page that is in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PastPage {
    /// The digest of all that is in the index of it.
    key: Digest,
    /// The key of its note.
    note: Digest,
    title: String,
    address: String,
    /// Size of its texts, in bytes.
    size: usize,
}

/// A piece of the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PastPiece {
    /// For postings the first term.
    first: String,
    /// For texts the digest of the keys of their pages.
    key: Digest,
    name: String,
    /// The digest of its file.
    file: Digest,
}

impl PastPiece {
    /// The first term and the name.
    fn directory_entry(&self) -> (&str, &str) {
        (&self.first, &self.name)
    }
}

impl PastMerged {
    /// Its directory, if there are sites in it.
    fn directory(&self) -> Option<MergedDirectory<'_>> {
        if self.sites.is_empty() {
            return None;
        }
        let postings = self.pieces.iter().map(PastPiece::directory_entry).collect();
        Some(MergedDirectory { postings, sites: &self.sites })
    }
}

/// An index that is at hand: what the next need not make again, its files, and the notes that it
/// was made from.
#[derive(Default)]
pub(super) struct Indexed {
    pub past: IndexState,
    pub files: HashMap<Route, File>,
    pub notes: HashMap<Digest, Arc<Note>>,
}

impl PreviousOutput for Indexed {
    fn file(&self, route: &Route, digest: Digest) -> Option<File> {
        self.files.get(route).filter(|file| file.digest() == Some(digest)).cloned()
    }

    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>> {
        match self.file(route, digest)? {
            File::Bytes(bytes, _) => Some(bytes.to_vec()),
            File::OnDisk { .. } | File::Ahead { .. } | File::Copy { .. } => None,
        }
    }

    fn note(&self, key: Digest) -> Option<Arc<Note>> {
        self.notes.get(&key).cloned()
    }
}

/// A piece with its file.
struct Made {
    past: PastPiece,
    file: File,
}

/// The page data that the search index stores, beside its note.
struct IndexedPage<'a> {
    of: SearchedSite<'a>,
    page: PageId,
    /// The note, by its index.
    note: usize,
    title: &'a str,
    address: String,
    trail: Vec<String>,
    key: Digest,
}

impl IndexedPage<'_> {
    fn page(&self) -> SearchPage {
        let note = self.of.notes.get(self.note);
        SearchPage::new(note, self.title, self.address.clone(), self.trail.clone())
    }
}

/// A page that is searched, and where its note is.
#[derive(Debug)]
pub struct Searchable {
    /// The page.
    pub page: SearchPage,
    /// The number of its site: 0 for the library's own folder, then the books.
    pub site: usize,
    /// The note.
    pub path: SourcePath,
    /// The line of each heading of its outline.
    pub heading_lines: Vec<u32>,
}

/// The pages that are searched, in reading order.
pub(super) fn pages(sites: &[SearchedSite<'_>]) -> Vec<Searchable> {
    let searchable = |(site, entry): &(usize, IndexedPage<'_>)| {
        let note = entry.of.notes.get(entry.note);
        let heading_lines = note.parsed.heading_lines.clone();
        Searchable { page: entry.page(), site: *site, path: note.path.clone(), heading_lines }
    };
    let mut entries: Vec<(usize, IndexedPage<'_>)> = Vec::new();
    for (number, of) in sites.iter().enumerate() {
        entries.extend(entries_of(*of).into_iter().map(|entry| (number, entry)));
    }
    entries.par_iter().map(searchable).collect()
}

fn entries<'a>(sites: &[SearchedSite<'a>]) -> Vec<IndexedPage<'a>> {
    sites.iter().flat_map(|site| entries_of(*site)).collect()
}

fn entries_of(of: SearchedSite<'_>) -> Vec<IndexedPage<'_>> {
    let SearchedSite { site, notes, is_book, .. } = of;
    // Translations follow, below the name of their language, and else where their note is.
    let notes_in_order = site.reading_order().iter().map(|&page| (page, page, None));
    let translations = site.translations.by_language().into_iter();
    let translations = translations
        .filter(|(_, it)| site.nav.of_page(it.page).is_none())
        .map(|(original, it)| (it.page, original, Some(language_name(&it.language))));
    let pages: Vec<_> = notes_in_order.chain(translations).collect();
    let entry = |&(page, original, language): &(PageId, PageId, Option<&str>)| {
        let shown = site.page(page);
        let note = shown.subject.note().filter(|_| !shown.is_stub)?;
        // With its name, which a folder's page needs from a disk.
        let (title, address) = (&*shown.title, Route::file("index.html").href_to(&shown.route));
        let node = site.nav.of_page(original);
        let trail = node.map(|node| site.nav.trail(node)).unwrap_or_default();
        let above = trail.len().saturating_sub(1);
        let above = trail[..above].iter().map(|&node| site.label(node));
        let book = (is_book && page != site.home).then_some(&*site.title);
        let trail = book.into_iter().chain(language).chain(above);
        let trail: Vec<String> = trail.map(str::to_owned).collect();
        let key = Digest::of_value(&(notes.record_of(note).key, title, &address, &trail));
        Some(IndexedPage { of, page, note, title, address, trail, key })
    };
    pages.par_iter().filter_map(entry).collect()
}

impl<S: PreviousOutput> Searched<'_, S> {
    /// The tags that a search can be limited to: those that most notes have.
    fn tags(&self) -> Vec<&str> {
        let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
        for tag in self.sites.iter().flat_map(|of| &of.site.tags.list) {
            counts.entry(tag::key(&tag.name)).or_insert((0, &tag.name)).0 += tag.pages.len();
        }
        let mut tags: Vec<(usize, &str)> = counts.into_values().collect();
        tags.sort_by_key(|(count, _)| Reverse(*count));
        tags.truncate(MOST_TAGS);
        tags.sort_by_cached_key(|(_, name)| CollationKey::new(name));
        tags.into_iter().map(|(_, name)| name).collect()
    }

    /// The files, made after those that the last build left, and left in their place.
    pub fn files(&self) -> Vec<(Route, File)> {
        let Some(home) = self.sites.first() else { return Vec::new() };
        let (made, files) = self.made_after(&state::load_index(home.cache));
        state::save_index(&made, home.cache);
        files
    }

    /// The files, made after those of an earlier build, and what the next need not make again.
    pub fn made_after(&self, past: &IndexState) -> (IndexState, Vec<(Route, File)>) {
        let known = self.sites.iter().flat_map(|of| of.notes.known());
        let keys: Vec<Digest> = known.map(|known| known.key).collect();
        let whole = Digest::of_value(&(self.key, keys, self.federation));
        if past.whole == whole
            && let Some(files) = self.standing_files(past)
        {
            return (past.clone(), files);
        }
        let entries = entries(self.sites);
        let size = search::piece_size(entries.len());
        let WholeIndex { sizes, postings, groups, texts: made_texts } =
            self.change(past, &entries, size).unwrap_or_else(|| self.whole(&entries, size));
        let counts = groups.iter().map(Range::len);
        let (merged, merged_pieces) = self.merged(&past.merged);
        let directory = Directory {
            parts: &parts(&entries),
            tags: self.tags(),
            postings: postings.iter().map(|made| made.past.directory_entry()).collect(),
            texts: counts.zip(made_texts.iter().map(|made| &*made.past.name)).collect(),
            federation: self.federation.iter().map(searched_site).collect(),
            merged: merged.directory(),
        };
        let directory = self.standing.made(&self.own().search_index(), directory.script());
        let past = IndexState {
            whole,
            pages: past_pages(entries, sizes),
            postings: postings.iter().map(|made| made.past.clone()).collect(),
            texts: made_texts.iter().map(|made| made.past.clone()).collect(),
            merged,
            directory: directory.digest().unwrap_or_default(),
        };
        let pieces = postings.into_iter().chain(made_texts).chain(merged_pieces);
        let mut files: Vec<_> =
            pieces.map(|made| (self.own().search_piece(&made.past.name), made.file)).collect();
        files.push((self.own().search_index(), directory));
        (past, files)
    }

    /// The pieces with the texts of each group of pages: those of an earlier build where the pages
    /// are the same.
    fn text_pieces(
        &self,
        past: &IndexState,
        entries: &[IndexedPage<'_>],
        groups: &[Range<usize>],
    ) -> Vec<Made> {
        let stands: HashMap<Digest, &PastPiece> =
            past.texts.iter().map(|piece| (piece.key, piece)).collect();
        let piece = |range: &Range<usize>| {
            let group = &entries[range.clone()];
            let key = key_of(group);
            let standing = stands.get(&key).and_then(|piece| self.at_hand(piece));
            standing.unwrap_or_else(|| {
                let made: Vec<Texts> = group.iter().map(|entry| Texts::of(&entry.page())).collect();
                self.made(Texts::piece(&made.iter().collect::<Vec<_>>()), key)
            })
        };
        groups.par_iter().map(piece).collect()
    }

    /// The merged index of the sites elsewhere.
    fn merged(&self, past: &PastMerged) -> (PastMerged, Vec<Made>) {
        let sites = self.federation.iter().enumerate();
        let indexes: Vec<(usize, &PublishedIndex)> =
            sites.filter_map(|(place, site)| Some((place, site.index.as_deref()?))).collect();
        let directories = indexes.iter().map(|(place, index)| (place, index.directory()));
        let key = Digest::of_value(&directories.collect::<Vec<_>>());
        if past.key == key {
            let standing = past.pieces.iter().map(|piece| self.at_hand(piece));
            if let Some(standing) = standing.collect() {
                return (past.clone(), standing);
            }
        }
        let MergedIndex { pieces, sites } = MergedIndex::of(indexes.into_iter());
        let made: Vec<Made> =
            pieces.into_iter().map(|piece| self.made(piece, Digest::default())).collect();
        let pieces = made.iter().map(|made| made.past.clone()).collect();
        (PastMerged { key, pieces, sites }, made)
    }

    /// All files of an earlier build, if all of them are at hand.
    fn standing_files(&self, past: &IndexState) -> Option<Vec<(Route, File)>> {
        let pieces = past.postings.iter().chain(&past.texts).chain(&past.merged.pieces);
        let piece = |piece: &PastPiece| {
            Some((self.own().search_piece(&piece.name), self.at_hand(piece)?.file))
        };
        let mut files: Vec<_> = pieces.map(piece).collect::<Option<_>>()?;
        let route = self.own().search_index();
        let directory = self.standing.file(&route, past.directory)?;
        files.push((route, directory));
        Some(files)
    }

    /// A new piece, in its place.
    fn made(&self, Piece { first, name, script }: Piece, key: Digest) -> Made {
        let file = self.standing.made(&self.own().search_piece(&name), script);
        let digest = file.digest().unwrap_or_default();
        Made { past: PastPiece { first, key, name, file: digest }, file }
    }

    fn at_hand(&self, piece: &PastPiece) -> Option<Made> {
        let file = self.standing.file(&self.own().search_piece(&piece.name), piece.file)?;
        Some(Made { past: piece.clone(), file })
    }

    /// The routes of the files.
    fn own(&self) -> &OwnRoutes {
        &self.sites[0].site.own
    }

    /// The pieces, made from those of an earlier build: after an edit of one note in 9,937 a build
    /// takes 0.6 s with this, 2.9 s with postings made from all notes. `None` when other pages are
    /// searched now, when many changed, or when the old pieces are not at hand.
    fn change(
        &self,
        past: &IndexState,
        entries: &[IndexedPage<'_>],
        size: usize,
    ) -> Option<WholeIndex<Made>> {
        let are_the_same = past.pages.len() == entries.len()
            && past.pages.iter().zip(entries).all(|(past, entry)| past.address == entry.address);
        let changed: Vec<usize> = (0..entries.len())
            .filter(|&number| {
                past.pages.get(number).is_none_or(|page| page.key != entries[number].key)
            })
            .collect();
        if !are_the_same || changed.len() > 8 + entries.len() / 16 {
            return None;
        }
        let mut sizes: Vec<usize> = past.pages.iter().map(|page| page.size).collect();
        let (mut old, mut new) = (Postings::default(), Postings::default());
        for number in changed {
            let (entry, was) = (&entries[number], &past.pages[number]);
            let note = self
                .standing
                .note(was.note)
                .or_else(|| entry.of.cache.get(was.note).map(Arc::new))?;
            let was = SearchPage::new(&note, &was.title, String::new(), Vec::new());
            let is = entry.page();
            sizes[number] = Texts::of(&is).len();
            old = old.merge(Postings::of(number, &[was]));
            new = new.merge(Postings::of(number, &[is]));
        }
        let read = |number: usize| {
            let piece = past.postings.get(number)?;
            let bytes = self.standing.bytes(&self.own().search_piece(&piece.name), piece.file)?;
            Postings::read(&bytes)
        };
        let firsts: Vec<String> = past.postings.iter().map(|piece| piece.first.clone()).collect();
        let pieces = search::changed(&firsts, size, read, &old, &new)?;
        let made = pieces.into_iter().map(|piece| match piece {
            ChangedPiece::Kept(number) => self.at_hand(&past.postings[number]),
            ChangedPiece::New(piece) => Some(self.made(piece, Digest::default())),
        });
        let postings = made.collect::<Option<_>>()?;
        let groups = search::groups(
            entries.iter().zip(&sizes).map(|(entry, size)| (&*entry.address, *size)),
            size,
        );
        let texts = self.text_pieces(past, entries, &groups);
        Some(WholeIndex { sizes, postings, groups, texts })
    }

    /// The pieces, made from all pages.
    fn whole(&self, entries: &[IndexedPage<'_>], size: usize) -> WholeIndex<Made> {
        let mut whole = WholeIndex::new(entries, size, |piece| self.made(piece, Digest::default()));
        for (made, group) in whole.texts.iter_mut().zip(&whole.groups) {
            made.past.key = key_of(&entries[group.clone()]);
        }
        whole
    }
}

/// The digest of the keys of some pages.
fn key_of(group: &[IndexedPage<'_>]) -> Digest {
    Digest::of_value(&group.iter().map(|entry| entry.key).collect::<Vec<_>>())
}

fn searched_site(site: &FederatedSite) -> SearchedSiteAddress<'_> {
    SearchedSiteAddress(site.title(), site.url.as_str(), site.search())
}

/// The pages of an index for the next.
fn past_pages(entries: Vec<IndexedPage<'_>>, sizes: Vec<usize>) -> Vec<PastPage> {
    let pages = entries.into_iter().zip(sizes).map(|(entry, size)| PastPage {
        key: entry.key,
        note: entry.of.notes.record_of(entry.note).key,
        title: entry.title.to_owned(),
        address: entry.address,
        size,
    });
    pages.collect()
}

/// The parts of the navigation that pages stand in, each with the number of its first page there. A
/// book of a library is a part, and so are the translations into one language.
fn parts(entries: &[IndexedPage<'_>]) -> Vec<(String, usize)> {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let site = entry.of.site;
        let node = site.nav.of_page(entry.page);
        let root = node.and_then(|node| site.nav.trail(node).first().copied());
        let language = site.translations.language(entry.page).map(language_name);
        let label = match root {
            _ if entry.of.is_book => &*site.title,
            Some(root) => site.label(root),
            None => language.unwrap_or_default(),
        };
        if parts.last().is_none_or(|(last, _)| last != label) {
            parts.push((label.to_owned(), number));
        }
    }
    parts
}
