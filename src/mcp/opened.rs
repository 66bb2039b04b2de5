//! A folder → its notes at this moment, ready to be searched and read. A note is found by the path
//! that results name it by and by nothing else, so no other file can be read.
//!
//! Must not know: tools.

use std::collections::HashMap;
use std::path::Path;
use std::time::SystemTime;

use crate::build::{LinkedSite, LinkedSites};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lookup::SearchedNotes;
use crate::nav::PageId;
use crate::note::Note;
use crate::page::{BookTarget, BookTargets};
use crate::path::{Route, SourcePath};
use crate::project::{Collection, FolderChanges};
use crate::site::Page;

/// The notes of a folder.
pub(super) struct OpenedNotes {
    collection: Collection,
    sites: LinkedSites,
    pub searched: SearchedNotes,
    /// The site of each note by its number, and its page, by the note's path in lower case.
    paths: HashMap<String, (usize, PageId)>,
    key: Digest,
}

/// A note with its site.
#[derive(Clone, Copy)]
pub(super) struct FoundNote<'a> {
    pub linked: &'a LinkedSite,
    /// The targets of the links of its site into others.
    pub targets: &'a BookTargets,
    pub page: PageId,
    pub note: &'a Note,
}

impl OpenedNotes {
    pub fn open(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let collection = Collection::open(folder, &SearchedNotes::options())?;
        let sites = linked(&collection, None);
        Ok(Self::of(collection, sites))
    }

    fn of(collection: Collection, sites: LinkedSites) -> Self {
        let mut paths = HashMap::new();
        for (number, linked) in sites.all().enumerate() {
            for page in (0..linked.site().pages.len()).map(PageId) {
                if linked.site().page(page).subject.note().is_some() {
                    let path = shown(linked, page).to_lowercase();
                    paths.entry(path).or_insert((number, page));
                }
            }
        }
        let searched = SearchedNotes::new(&collection, &sites);
        let key = key_of(&sites);
        Self { collection, sites, searched, paths, key }
    }

    /// Looks for changes on disk.
    pub fn refresh(&mut self) -> Result<(), String> {
        let told = |problems: Vec<Diagnostic>| {
            let lines: Vec<String> =
                problems.iter().map(|problem| problem.message.to_string()).collect();
            format!("The settings of the notes have mistakes: {}", lines.join("; "))
        };
        let now = SystemTime::now();
        let collection = self.collection.refresh(FolderChanges::Anything, now).map_err(told)?;
        let sites = linked(&collection, Some(&self.sites));
        // To make the texts ready for the search takes longer than to look for changes.
        if key_of(&sites) != self.key {
            *self = Self::of(collection, sites);
        }
        Ok(())
    }

    /// All sites, the home first.
    pub fn sites(&self) -> impl Iterator<Item = &LinkedSite> {
        self.sites.all()
    }

    /// The address of a place in another site of the library: the path of a note, as results give
    /// it, or of a file.
    pub fn address_in_book(&self, target: &BookTarget) -> Option<String> {
        match target {
            BookTarget::Page(of) => {
                let linked = self.sites.site_at(&of.route);
                let page = linked.site().page_at(&of.route)?;
                Some(place(linked, page, of.id.as_deref()))
            }
            BookTarget::File(route) => {
                let linked = self.sites.site_at(route);
                let is_meant = |(_, found): &(&SourcePath, &Route)| *found == route;
                let (path, _) = self.sites.files_of(linked).find(is_meant)?;
                Some(linked.sources().tree.shown(path))
            }
            BookTarget::Repository(url) => Some(url.clone()),
        }
    }

    /// The note with a path.
    pub fn find(&self, path: &str) -> Result<FoundNote<'_>, String> {
        let wanted = path.trim().trim_start_matches("./").to_lowercase();
        let found = self.paths.get(&wanted).and_then(|&(number, page)| {
            let (linked, targets) = self.sites.with_targets().nth(number)?;
            let note = linked.parsed_at(&linked.site().page(page).route)?;
            Some(FoundNote { linked, targets, page, note })
        });
        found.ok_or_else(|| {
            format!("There is no note `{path}`; `search` and `outline` give the paths of notes.")
        })
    }
}

impl<'a> FoundNote<'a> {
    pub fn page(&self) -> &'a Page {
        self.linked.site().page(self.page)
    }
}

/// The path of the note of a page, as results give it; of a folder without a note its own.
pub(super) fn shown(linked: &LinkedSite, page: PageId) -> String {
    let path = linked.site().paths_of(page).next();
    path.map(|path| linked.sources().tree.shown(path)).unwrap_or_default()
}

/// The path of the note of a page, and an id in it.
pub(super) fn place(linked: &LinkedSite, page: PageId, id: Option<&str>) -> String {
    let id = id.map_or_else(String::new, |id| format!("#{id}"));
    shown(linked, page) + &id
}

fn linked(collection: &Collection, earlier: Option<&LinkedSites>) -> LinkedSites {
    LinkedSites::new(&collection.home.sources, &collection.book_sources(), earlier)
}

/// The digest of all that tools show.
fn key_of(sites: &LinkedSites) -> Digest {
    let notes: Vec<Vec<Digest>> =
        sites.all().map(|site| site.digests().map(|(_, _, key)| key).collect()).collect();
    Digest::of_value(&(sites.key(), notes))
}
