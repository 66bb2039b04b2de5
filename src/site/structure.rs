//! The paths of the notes and the navigation file → the pages, their paths, and the navigation: all
//! of a site that stays the same while only the text of notes changes.
//!
//! Must not know: the text of notes, routes, titles.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind};
use crate::links::{PathEntry, PathIndex, Unpublished};
use crate::nav::{Nav, NavFolder, NavTarget, NodeId, PageId};
use crate::note::Note;
use crate::path::{SourcePath, label_of};
use crate::phrase::phrase;
use crate::source::{Entry, Tree};

use super::lint;
use super::listing::{self, EntryCounts, NavigationFile};
use super::nav_section::NavSections;
use super::passive::may_be_published;
use super::section::{self, Subject};
use super::split::{self, ListPart, PrintedPart};
use super::translation::Translations;
use super::unlisted::UnlistedInput;
use super::{Category, Given, order};

/// The structure of a site.
pub(super) struct Structure {
    pub subjects: Vec<Subject>,
    /// The notes that are translations of others.
    pub translations: Translations,
    /// The titles that other generators' files give to folders.
    pub folder_labels: BTreeMap<SourcePath, String>,
    pub home: PageId,
    pub paths: Arc<PathIndex>,
    pub nav: Arc<Nav>,
    /// The headings that its entries name.
    pub sections: NavSections,
    /// Counts of the entries of the navigation file, if one was used.
    pub entries: Option<EntryCounts>,
    /// The pages of folders without an entry in the navigation.
    pub unlisted: Vec<PageId>,
    /// The parts of the navigation that have a page for paper and a feed.
    pub parts: Vec<PrintedPart>,
    /// The parts of the navigation whose notes are published in one text each.
    pub texts: Vec<PrintedPart>,
    /// The further pages of long lists.
    pub lists: Vec<ListPart>,
    pub problems: Vec<Diagnostic>,
}

impl Structure {
    pub fn new(notes: &[Arc<Note>], given: Given<'_>) -> Self {
        let Given { tree, config, navigation, categories, .. } = given;
        let section::Sections { subjects, translations, mut folders } =
            section::sections(notes, tree, config.readme.as_ref());
        order::apply(&mut folders, notes, categories);
        let home = folders.first().map_or(PageId(0), |root| root.page);
        let named =
            config.readme.as_ref().filter(|named| !notes.iter().any(|note| note.path == **named));
        let mut problems = lint::empty_folders(tree);
        problems.extend(named.map(|path| {
            let message = phrase!("the home page `{path}` is hidden, excluded or not a note", path);
            Diagnostic::new(Kind::DeadEntry, message)
                .in_file("notes.yaml")
                .help(phrase!("set `readme` to a published note"))
        }));
        let paths = Arc::new(index_paths(notes, given, &subjects, &folders));
        let Navigated { nav, sections, entries } =
            navigate(navigation, &paths, &subjects, &folders, notes, tree, &mut problems);
        let unlisted = folders
            .iter()
            .filter(|folder| !folder.path.is_root() && nav.of_page(folder.page).is_none());
        let unlisted = unlisted.map(|folder| folder.page).collect();
        let texts = if config.machines {
            parts(&nav, &subjects, notes, |nav, node| !nav.pages_from(node).is_empty())
        } else {
            Vec::new()
        };
        let parts = parts(&nav, &subjects, notes, holds_pages);
        let lists = split::lists(&nav, subjects.len(), home);
        let nav = Arc::new(nav);
        let label = |(path, category): (&SourcePath, &Category)| {
            Some((path.clone(), category.label.clone()?))
        };
        let folder_labels = categories.iter().filter_map(label).collect();
        Self {
            subjects,
            translations,
            folder_labels,
            home,
            paths,
            nav,
            sections,
            entries,
            unlisted,
            parts,
            texts,
            lists,
            problems,
        }
    }
}

/// A file or folder as the target of a link; `None` for a note, which is a page.
#[must_use]
pub fn linked_entry(path: &SourcePath, entry: &Entry, config: &Config) -> Option<PathEntry> {
    Some(match entry {
        Entry::Note(_) | Entry::Elsewhere(_) => return None,
        Entry::File { .. } if may_be_published(path, config) => PathEntry::File,
        Entry::File { .. } => PathEntry::Unpublished(Unpublished::Active),
        Entry::LfsPointer => PathEntry::Unpublished(Unpublished::LfsPointer),
        Entry::Folder => PathEntry::Unpublished(Unpublished::Folder),
        Entry::Hidden => PathEntry::Unpublished(Unpublished::Hidden),
        Entry::Draft => PathEntry::Unpublished(Unpublished::Draft),
    })
}

/// The index of all paths that can be the target of a link.
fn index_paths(
    notes: &[Arc<Note>],
    given: Given<'_>,
    subjects: &[Subject],
    folders: &[NavFolder],
) -> PathIndex {
    let Given { tree, config, navigation, .. } = given;
    let mut paths = PathIndex::default();
    for (path, entry) in &tree.entries {
        if let Some(linked) = linked_entry(path, entry, config) {
            paths.insert(path.clone(), linked);
        }
    }
    for (index, note) in notes.iter().enumerate() {
        paths.insert(note.path.clone(), PathEntry::Page(PageId(index)));
    }
    for folder in folders {
        paths.insert(folder.path.clone(), PathEntry::Page(folder.page));
    }
    if let Some(file) = navigation
        && !subjects
            .iter()
            .any(|subject| matches!(subject, Subject::Note { index, .. } if notes[*index].path == file.path))
    {
        paths.insert(file.path.clone(), PathEntry::Unpublished(Unpublished::Navigation));
    }
    paths
}

/// The navigation, and what is known of the file that it follows.
struct Navigated {
    nav: Nav,
    sections: NavSections,
    entries: Option<EntryCounts>,
}

impl Navigated {
    /// A navigation that follows the folders.
    fn by_folders(folders: &[NavFolder]) -> Self {
        Self { nav: Nav::from_tree(folders), sections: NavSections::default(), entries: None }
    }
}

/// The navigation: the file's if there is one and it is not stale, else the tree's.
fn navigate(
    file: Option<&NavigationFile>,
    index: &Arc<PathIndex>,
    subjects: &[Subject],
    folders: &[NavFolder],
    notes: &[Arc<Note>],
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Navigated {
    let Some(file) = file else { return Navigated::by_folders(folders) };
    let mut listing = listing::resolve(file, index, subjects);
    problems.append(&mut listing.problems);
    let has_page = listing
        .entries
        .iter()
        .any(|entry| matches!(entry.target, NavTarget::Page(_) | NavTarget::Section(..)));
    if listing.is_stale || !has_page {
        return Navigated::by_folders(folders);
    }
    let (nav, missed) = Nav::from_entries(&listing.entries, folders);
    let unlisted = UnlistedInput { file, notes, subjects, tree };
    problems.extend(unlisted.report(missed, listing.listed()));
    Navigated { nav, sections: listing.sections, entries: Some(listing.counts) }
}

/// The notes of the parts of the navigation that fulfil a condition. The name of each part is that
/// of its entry, file or folder.
fn parts(
    nav: &Nav,
    subjects: &[Subject],
    notes: &[Arc<Note>],
    is_wanted: fn(&Nav, NodeId) -> bool,
) -> Vec<PrintedPart> {
    let printed = |&node: &NodeId| {
        let entry = nav.node(node);
        let of_page = || match &entry.target {
            NavTarget::Page(page) | NavTarget::Section(page, _) => match &subjects[page.0] {
                Subject::Note { folder: Some(path), .. } | Subject::Folder(path) => {
                    Some(label_of(path.name()))
                }
                Subject::Note { index, folder: None } => Some(label_of(notes[*index].path.stem())),
            },
            _ => None,
        };
        let name = entry.label.clone().filter(|label| !label.is_empty()).or_else(of_page);
        let pages = || split::notes_of_part(nav, subjects, node);
        is_wanted(nav, node).then(|| Some(PrintedPart { node, name: name?, pages: pages() }))?
    };
    nav.roots.iter().filter_map(printed).collect()
}

/// True if a page has its place below an entry: one that holds only headings holds none.
fn holds_pages(nav: &Nav, node: NodeId) -> bool {
    let mut todo = nav.node(node).children.clone();
    while let Some(node) = todo.pop() {
        if !matches!(nav.node(node).target, NavTarget::Section(..)) || nav.page_at(node).is_some() {
            return true;
        }
        todo.extend(&nav.node(node).children);
    }
    false
}
