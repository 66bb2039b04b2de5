//! Parts of one site → the same parts of the next, if they are made from the same. Only the preview
//! uses it: a new heading in one note of 9,937 is on its page after 0.09 s with it, 0.5 s without.
//! Values of one note are compared by pointer: in memory a note that did not change is the same.
//!
//! Must not know: how anything is worked out.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::library::Library;
use crate::note::Note;
use crate::path::SourcePath;
use crate::source::Entry;

use super::Given;
use super::library_links::LinkRecords;
use super::redirect::OldAddress;
use super::reference::OfNote;
use super::route::Routes;
use super::structure::Structure;

/// The parts of a site that stay while notes are only written in.
#[derive(Clone, Default)]
pub struct Memo {
    structure: Option<(Digest, Arc<Structure>)>,
    routes: Option<(Digest, Arc<GivenRoutes>)>,
    of_notes: Option<Arc<OfNotes>>,
}

/// The values of a site that belong to one note each.
pub(super) struct OfNotes {
    pub structure: Arc<Structure>,
    pub notes: Vec<Arc<Note>>,
    pub references: Vec<Arc<OfNote>>,
    pub link_records: LinkRecords,
    pub library: Arc<Library>,
    /// Of all pages, as each would be alone.
    pub titles: Vec<Arc<str>>,
}

/// The values of an earlier site with the same structure, if there was one, and which notes are not
/// as they were.
pub(super) struct Before<'m> {
    of_notes: Option<&'m OfNotes>,
    new: Vec<bool>,
}

impl<'m> Before<'m> {
    /// The values of the earlier site, if the note with this index has not changed.
    pub fn of(&self, index: usize) -> Option<&'m OfNotes> {
        self.of_notes.filter(|_| !self.is_new(index))
    }

    /// The values of the earlier site, for notes of which some may have changed.
    pub fn all(&self) -> Option<&'m OfNotes> {
        self.of_notes
    }

    /// True if the note with this index is not as it was.
    pub fn is_new(&self, index: usize) -> bool {
        self.new.get(index).copied().unwrap_or(false)
    }
}

/// Routes, and what there is to tell the writer of them.
type GivenRoutes = (Routes, Vec<Diagnostic>);

impl Memo {
    /// The structure, which is made from the layout, from where the notes are and from the places
    /// that they ask for.
    pub(super) fn structure(
        &mut self,
        layout: Layout<'_>,
        notes: &[Arc<Note>],
        make: impl FnOnce() -> Structure,
    ) -> Arc<Structure> {
        let places: Vec<_> = notes.iter().map(|note| (&note.path, note.meta.order)).collect();
        let key = Digest::of_value(&(layout.digest, places));
        same_or_made(&mut self.structure, key, make)
    }

    /// The values of the earlier site if the structure is the same.
    pub(super) fn before<'m>(
        of_notes: Option<&'m OfNotes>,
        structure: &Arc<Structure>,
        notes: &[Arc<Note>],
    ) -> Before<'m> {
        let of_notes = of_notes.filter(|before| Arc::ptr_eq(&before.structure, structure));
        let is_new = |(index, note): (usize, &Arc<Note>)| {
            of_notes.is_none_or(|before| !Arc::ptr_eq(&before.notes[index], note))
        };
        Before { of_notes, new: notes.iter().enumerate().map(is_new).collect() }
    }

    /// The values of the last site.
    pub(super) fn of_notes(&self) -> Option<Arc<OfNotes>> {
        self.of_notes.clone()
    }

    /// Keeps what was worked out for the notes of a site.
    pub(super) fn keep(&mut self, of_notes: OfNotes) {
        self.of_notes = Some(Arc::new(of_notes));
    }

    /// The routes, which are made from the structure and from what notes say: files, addresses of
    /// before, and the number of the pages of which there are several.
    pub(super) fn routes(
        &mut self,
        files: &BTreeSet<SourcePath>,
        formers: &[OldAddress],
        several: &impl Hash,
        make: impl FnOnce(&mut Vec<Diagnostic>) -> Routes,
    ) -> Arc<GivenRoutes> {
        let structure = self.structure.as_ref().map(|(key, _)| *key);
        let key = Digest::of_value(&(structure, files, formers, several));
        same_or_made(&mut self.routes, key, || {
            let mut problems = Vec::new();
            (make(&mut problems), problems)
        })
    }
}

fn same_or_made<T>(
    slot: &mut Option<(Digest, Arc<T>)>,
    key: Digest,
    make: impl FnOnce() -> T,
) -> Arc<T> {
    match slot {
        Some((standing, value)) if *standing == key => value.clone(),
        _ => {
            let value = Arc::new(make());
            *slot = Some((key, value.clone()));
            value
        }
    }
}

/// The inputs of a site beside the notes, with their digest.
#[derive(Clone, Copy)]
pub struct Layout<'g> {
    pub(super) given: Given<'g>,
    digest: Digest,
}

impl<'g> Layout<'g> {
    /// Works out the digest.
    #[must_use]
    pub fn new(given: Given<'g>) -> Self {
        let Given { tree, config, navigation, static_files, renamed, categories, books, book } =
            given;
        let entries = tree.entries.iter().filter_map(|(path, entry)| {
            let (kind, address) = match entry {
                // Notes without a page count as little as if they were not there.
                Entry::Note(_) => return None,
                Entry::Elsewhere(url) => (0, Some(url)),
                Entry::File { .. } => (1, None),
                Entry::LfsPointer => (2, None),
                Entry::Folder => (3, None),
                Entry::Hidden => (4, None),
                Entry::Draft => (5, None),
            };
            Some((path, kind, address))
        });
        let entries = entries.collect::<Vec<_>>();
        let folder = (tree.root.file_name(), &tree.prefix);
        let settings = (config, books, book);
        let inputs = (entries, folder, settings, navigation, static_files, renamed, categories);
        Self { given, digest: Digest::of_value(&inputs) }
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::books::Books;
    use crate::config::Config;
    use crate::site::fixture::NotesFixture;
    use crate::site::reference::MOST_SUGGESTED;
    use crate::site::{Memo, Site};

    /// The site of some files, made with what `memo` has; equal to one made without.
    fn site(memo: &mut Memo, notes: &[Arc<Note>], tree: &NotesFixture) -> Site {
        let config = Config::default();
        let renamed = BTreeMap::new();
        let tree = &tree.tree;
        let given = Given {
            tree,
            config: &config,
            navigation: None,
            static_files: &[],
            renamed: &renamed,
            categories: &BTreeMap::new(),
            books: &Books::default(),
            book: None,
        };
        let layout = Layout::new(given);
        let site = Site::after(memo, layout, notes);
        let bytes = |site: &Site| postcard::to_allocvec(site).unwrap();
        assert!(bytes(&site) == bytes(&Site::new(notes, given)));
        site
    }

    #[test]
    fn parts_stay_until_their_inputs_change() {
        let fixture = |text: &str| {
            NotesFixture::new(&[("README.md", "# 首页"), ("a/x.md", text), ("a/y.md", "# 乙")])
        };
        let first = fixture("# 甲\n\n[乙](y.md)");
        let mut memo = Memo::default();
        site(&mut memo, &first.notes, &first);
        let structure = memo.structure.clone().unwrap();
        let before = memo.of_notes().unwrap();

        // Another text of one note: the structure stays, and what belongs to the other notes.
        let second = fixture("# 甲\n\n[无](none.md)");
        let mut notes = first.notes.clone();
        notes[1] = second.notes[1].clone();
        site(&mut memo, &notes, &second);
        assert!(Arc::ptr_eq(&memo.structure.as_ref().unwrap().1, &structure.1));
        let after = memo.of_notes().unwrap();
        let is_same =
            |index: usize| Arc::ptr_eq(&before.references[index], &after.references[index]);
        assert_eq!([0, 1, 2].map(is_same), [true, false, true]);

        // Another note: the structure is made anew.
        let more = NotesFixture::new(&[("README.md", "# 首页"), ("b/z.md", "# 丙")]);
        site(&mut memo, &more.notes, &more);
        assert!(!Arc::ptr_eq(&memo.structure.as_ref().unwrap().1, &structure.1));
    }

    #[test]
    fn the_layout_is_all_but_the_notes() {
        let digest = |files: &[(&str, &str)]| {
            let fixture = NotesFixture::new(files);
            let renamed = BTreeMap::new();
            let config = Config::default();
            let (tree, navigation) = (&fixture.tree, None);
            let given = Given {
                tree,
                config: &config,
                navigation,
                static_files: &[],
                renamed: &renamed,
                categories: &BTreeMap::new(),
                books: &Books::default(),
                book: None,
            };
            Layout::new(given).digest()
        };
        let one = digest(&[("a/x.md", "甲"), ("a/p.png", "")]);
        assert_eq!(one, digest(&[("a/x.md", "乙"), ("a/p.png", ""), ("a/y.md", "丙")]));
        assert_ne!(one, digest(&[("a/x.md", "甲"), ("a/q.png", "")]));
        assert_ne!(one, digest(&[("a/x.md", "甲"), ("a/p.png", ""), ("b/", "")]));
    }

    #[test]
    fn something_is_suggested_for_the_first_dead_links_of_the_notes() {
        let fixture = |first: usize, second: usize| {
            let links = |count: usize| "[a](nots.md) ".repeat(count);
            let (first, second) = (links(first), links(second));
            NotesFixture::new(&[("a.md", &first), ("b.md", &second), ("notes.md", "# N")])
        };
        let suggested = |site: &Site| {
            let mut of_notes = [0; 2];
            for found in &site.link_problems {
                let help = found.problem.help.as_ref().map(ToString::to_string);
                let is_suggested = help.as_deref() == Some("did you mean `notes.md`?");
                of_notes[found.note] += usize::from(is_suggested);
            }
            of_notes
        };
        let most = MOST_SUGGESTED;
        let first = fixture(most - 1, 3);
        let mut memo = Memo::default();
        assert_eq!(suggested(&site(&mut memo, &first.notes, &first)), [most - 1, 1]);
        // Suggestions that an earlier site has found count no more than others.
        for (links, expected) in [(2, [2, 3]), (most, [most, 0]), (most - 2, [most - 2, 2])] {
            let next = fixture(links, 3);
            let mut notes = first.notes.clone();
            notes[0] = next.notes[0].clone();
            assert_eq!(suggested(&site(&mut memo, &notes, &next)), expected);
        }
    }
}
