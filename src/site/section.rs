//! Notes → the folders that hold them, with a page each: the folder's own note, or one that lists
//! its children.
//!
//! A folder's note is `README.md`, `index.md` or `_index.md` in any case, else the note named like
//! the folder.
//!
//! Must not know: titles, navigation files, links.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::nav::{self, Child, NavFolder, PageId};
use crate::note::Note;
use crate::path::SourcePath;
use crate::source::{Entry, Tree};

use super::translation::Translations;

/// Names that make a note its folder's, the first one winning.
const INDEX_NAMES: [&str; 3] = ["readme", "index", "_index"];

/// The subject of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A note, by its index in the list of notes.
    Note {
        /// Index in the list.
        index: usize,
        /// The folder whose page this note is.
        folder: Option<SourcePath>,
    },
    /// A folder that has no note of its own.
    Folder(SourcePath),
}

impl Subject {
    /// The index of the note, if it is one.
    #[must_use]
    pub fn note(&self) -> Option<usize> {
        match self {
            Self::Note { index, .. } => Some(*index),
            Self::Folder(_) => None,
        }
    }
}

/// The pages of the site, their ids being their places in the list, and the folders, the root
/// first.
pub(super) struct Sections {
    pub subjects: Vec<Subject>,
    /// The notes that are translations of others, which are no chapters.
    pub translations: Translations,
    pub folders: Vec<NavFolder>,
}

/// Finds all folders that hold something to read. `home` names the note that is the site's home
/// page.
pub(super) fn sections(notes: &[Arc<Note>], tree: &Tree, home: Option<&SourcePath>) -> Sections {
    let external = external_folders(tree);
    let held = notes_by_folder(notes, &external);
    let home = home_note(&notes.iter().map(|note| &note.path), home);
    let home = home.and_then(|home| notes.iter().position(|note| note.path == *home));
    let mut subjects: Vec<Subject> =
        (0..notes.len()).map(|index| Subject::Note { index, folder: None }).collect();
    let mut folders = Vec::new();
    for (path, held) in &held {
        let own = if path.is_root() {
            home
        } else {
            // The home page is the root's, wherever its file is.
            own_note(notes, path, held).filter(|&note| Some(note) != home)
        };
        let page = if let Some(index) = own {
            subjects[index] = Subject::Note { index, folder: Some(path.clone()) };
            index
        } else {
            subjects.push(Subject::Folder(path.clone()));
            subjects.len() - 1
        };
        folders.push(NavFolder {
            path: path.clone(),
            page: PageId(page),
            has_note: own.is_some(),
            children: Vec::new(),
        });
    }
    let translations = Translations::find(notes);
    fill(&mut folders, notes, &subjects, &translations, &external);
    nav::sort(&mut folders);
    Sections { subjects, translations, folders }
}

/// The folders whose notes live elsewhere, with their addresses.
fn external_folders(tree: &Tree) -> BTreeMap<SourcePath, &Arc<str>> {
    let mut external = BTreeMap::new();
    for (path, entry) in &tree.entries {
        if let Entry::Elsewhere(url) = entry {
            external.insert(path.parent(), url);
        }
    }
    external
}

/// The indices of the notes in each folder. Folders above one that holds something are among them.
fn notes_by_folder(
    notes: &[Arc<Note>],
    external: &BTreeMap<SourcePath, &Arc<str>>,
) -> BTreeMap<SourcePath, Vec<usize>> {
    let mut held: BTreeMap<SourcePath, Vec<usize>> =
        BTreeMap::from([(SourcePath::root(), Vec::new())]);
    for (index, note) in notes.iter().enumerate() {
        held.entry(note.path.parent()).or_default().push(index);
    }
    let holders: Vec<SourcePath> = held.keys().chain(external.keys()).cloned().collect();
    for holder in holders {
        for folder in holder.ancestors() {
            held.entry(folder).or_default();
        }
    }
    held
}

/// The note that is the home page: the one that is named, else the root's own.
pub fn home_note<'p>(
    notes: &(impl Iterator<Item = &'p SourcePath> + Clone),
    named: Option<&SourcePath>,
) -> Option<&'p SourcePath> {
    let at_root = notes.clone().filter(|path| path.parent().is_root());
    let called = |name: &str| at_root.clone().find(|path| path.stem().eq_ignore_ascii_case(name));
    let chosen = named.and_then(|named| notes.clone().find(|path| *path == named));
    chosen.or_else(|| INDEX_NAMES.into_iter().find_map(called))
}

/// True if a note's name makes it the note of its folder.
pub(super) fn is_index(path: &SourcePath) -> bool {
    INDEX_NAMES.iter().any(|name| path.stem().eq_ignore_ascii_case(name))
}

fn own_note(notes: &[Arc<Note>], folder: &SourcePath, held: &[usize]) -> Option<usize> {
    for name in INDEX_NAMES {
        let stem = |index: &usize| notes[*index].path.stem();
        let own = held.iter().find(|index| stem(index).eq_ignore_ascii_case(name));
        if own.is_some() {
            return own.copied();
        }
    }
    held.iter().copied().find(|&index| notes[index].path.stem() == folder.name())
}

/// Adds notes and folders as children to the folders that hold them.
fn fill(
    folders: &mut [NavFolder],
    notes: &[Arc<Note>],
    subjects: &[Subject],
    translations: &Translations,
    external: &BTreeMap<SourcePath, &Arc<str>>,
) {
    let places: BTreeMap<SourcePath, usize> =
        folders.iter().enumerate().map(|(index, folder)| (folder.path.clone(), index)).collect();
    for (index, note) in notes.iter().enumerate() {
        let is_chapter = !translations.is_translation(PageId(index));
        if is_chapter && matches!(&subjects[index], Subject::Note { folder: None, .. }) {
            let child = Child::Note { page: PageId(index), name: note.path.stem().to_owned() };
            folders[places[&note.path.parent()]].children.push(child);
        }
    }
    for (path, &index) in places.iter().filter(|(path, _)| !path.is_root()) {
        let child = Child::Folder { index, name: path.name().to_owned() };
        folders[places[&path.parent()]].children.push(child);
    }
    for (folder, url) in external {
        // A folder that only says that its notes live elsewhere is that address; one with notes
        // holds it.
        let is_only = !places.contains_key(folder);
        let holder = if is_only { folder.parent() } else { folder.clone() };
        let name = if folder.is_root() { url.to_string() } else { folder.name().to_owned() };
        folders[places[&holder]].children.push(Child::External { url: url.to_string(), name });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixture::{NotesFixture, path};

    #[test]
    fn folders_and_their_own_notes() {
        let files = ["README.md", "a/INDEX.md", "a/x.md", "b/b.md", "b/y.md", "c/d/z.md"];
        let files: Vec<_> = files.iter().map(|name| (*name, "文")).collect();
        let folder = NotesFixture::new(&files);
        let found = sections(&folder.notes, &folder.tree, None);
        let folders: Vec<_> = found
            .folders
            .iter()
            .map(|folder| (folder.path.as_str(), folder.page.0, folder.has_note))
            .collect();
        let expected =
            [("", 0, true), ("a", 1, true), ("b", 3, true), ("c", 6, false), ("c/d", 7, false)];
        assert_eq!(folders, expected);
        assert_eq!(found.subjects[6], Subject::Folder(path("c")));
    }

    #[test]
    fn the_home_page_is_the_named_note_or_the_roots_own() {
        for (files, named, expected) in [
            (&["README.md", "index.md"][..], None, Some("README.md")),
            (&["_index.md", "a.md"], None, Some("_index.md")),
            (&["README.md", "a/b.md"], Some("a/b.md"), Some("a/b.md")),
            (&["README.md"], Some("gone.md"), Some("README.md")),
            (&["a.md", "b/README.md"], None, None),
        ] {
            let paths: Vec<_> = files.iter().map(|name| path(name)).collect();
            let named = named.map(path);
            let home = home_note(&paths.iter(), named.as_ref());
            assert_eq!(home.map(SourcePath::as_str), expected, "{files:?}");
        }
    }
}
