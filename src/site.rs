//! All notes together → [`Site`]: which pages there are, their routes and titles, the navigation
//! and reading order, and what every link leads to.
//!
//! A site names links by their number in the note, never by their place in the text, so a change of
//! prose leaves it as it was.
//!
//! Must not know: HTML, templates, the disk.

mod configured;
mod embedded;
#[cfg(test)]
pub(crate) mod fixture;
mod given;
mod insertion;
mod language;
mod library_links;
mod linked;
mod lint;
mod listing;
mod memo;
mod nav_section;
mod order;
mod own;
mod passive;
mod redirect;
mod reference;
mod route;
mod section;
mod short_label;
mod split;
mod structure;
mod tags;
mod terms;
mod title;
mod translation;
mod unlisted;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::links::{PathEntry, PathIndex, Target};
use crate::nav::{Nav, NavTarget, NodeId, PageId};
use crate::note::Note;
use crate::path::{Route, SourcePath};

use self::embedded::Embeds;
pub use self::embedded::{DEEPEST as DEEPEST_EMBED, MOST as MOST_EMBEDS};
pub use self::given::Given;
use self::linked::Linked;
pub use self::listing::{EntryCounts, NavigationFile};
use self::memo::OfNotes;
pub use self::memo::{Layout, Memo};
pub use self::order::{CATEGORY_FILE, Categories, Category};
pub use self::own::{Own, OwnRoutes, own_outputs};
pub use self::redirect::Redirect;
pub use self::reference::{LinkProblem, loose_link, unpublished};
pub use self::route::FurtherFiles;
use self::route::{RouteInputs, Routes};
pub use self::section::{Subject, home_note};
pub use self::split::{EbookPart, ListPart, PER_PAGE, PaperPart, number_of};
use self::structure::Structure;
pub use self::structure::linked_entry;
pub use self::tags::{SiteTag, TagPage, Tags};
pub use self::terms::Term;
pub use self::translation::{Translation, Translations, language_name};

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its subject.
    pub subject: Subject,
    /// Its path.
    pub route: Route,
    /// Its title.
    pub title: Arc<str>,
    /// Its summary; empty if there is none.
    pub summary: String,
    /// The day of its last change, if its front matter says it.
    pub changed: Option<String>,
    /// True if there is nothing to read on it.
    pub is_stub: bool,
    /// True if its note asks for a map of what is below it.
    pub has_map: bool,
}

/// A row of the navigation matrix that the configuration gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredRow {
    /// Its label.
    pub label: String,
    /// The cells.
    pub cells: Vec<ConfiguredCell>,
}

/// A cell of such a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredCell {
    /// Its title; without one, that of its target.
    pub title: Option<String>,
    /// The target of the article's link.
    pub article: Option<Target>,
    /// The target of the link to the code.
    pub code: Option<Target>,
}

/// Everything that pages show of one another.
#[derive(Debug, Serialize, Deserialize)]
pub struct Site {
    /// The site's title.
    pub title: String,
    /// Language of the pages, a BCP 47 tag.
    pub language: String,
    /// All pages of notes and folders.
    pub pages: Vec<Page>,
    /// The path of each note.
    paths: Vec<SourcePath>,
    /// The navigation.
    pub nav: Arc<Nav>,
    /// The ids of the headings that entries of the navigation name; `None` for the top of the page.
    sections: Vec<Option<String>>,
    /// The home page.
    pub home: PageId,
    /// Routes of the files beside the notes that are published.
    pub files: BTreeMap<SourcePath, Route>,
    /// Routes of the program's own pages and files.
    pub own: OwnRoutes,
    /// Addresses that pages had before.
    pub redirects: Vec<Redirect>,
    /// The library: the resources that the notes link to.
    pub library: Arc<Library>,
    /// Folders whose page no entry of the navigation names.
    pub unlisted: Vec<PageId>,
    /// The rows of the navigation matrix that the configuration gives.
    pub matrix: Vec<ConfiguredRow>,
    /// The links of the top bar.
    pub bar: Vec<ConfiguredCell>,
    /// The notes that are translations of others.
    pub translations: Translations,
    /// The tags of the notes.
    pub tags: Tags,
    /// The terms that the notes explain.
    pub terms: Vec<Term>,
    /// For each entry of the navigation the length of its short label in bytes, if it has one.
    short_labels: Vec<Option<u32>>,
    /// Counts of the entries of the navigation file, if one was used.
    pub entries: Option<EntryCounts>,
    /// Diagnostics about the notes as a whole.
    pub problems: Vec<Diagnostic>,
    /// Problems with links.
    pub link_problems: Vec<LinkProblem>,
    /// For each note, what each of its links leads to.
    targets: Vec<Arc<Vec<Target>>>,
    /// The notes that notes embed.
    embeds: Embeds,
    /// Reading order, and where in it each page stands.
    order: Vec<PageId>,
    positions: Vec<Option<usize>>,
    /// For each page of the navigation outside that order the position of the next one within it.
    between: BTreeMap<PageId, usize>,
    /// For each entry of the navigation, how many notes stand there and below.
    counts: Vec<usize>,
}

impl Site {
    /// Puts all notes together.
    #[must_use]
    pub fn new(notes: &[Arc<Note>], given: Given<'_>) -> Self {
        Self::after(&mut Memo::default(), Layout::new(given), notes)
    }

    /// Like [`Site::new`], but takes the parts of the previous site whose inputs did not change
    /// from `memo`, and keeps those of this one there.
    #[must_use]
    pub fn after(memo: &mut Memo, layout: Layout<'_>, notes: &[Arc<Note>]) -> Self {
        let given = layout.given;
        let structure = memo.structure(layout, notes, || Structure::new(notes, given));
        let last = memo.of_notes();
        let before = Memo::before(last.as_deref(), &structure, notes);
        let mut problems = structure.problems.clone();
        let linked = Linked::new(notes, given, &structure, &before, &mut problems);
        let of_notes = &linked.references.of_notes;
        let title = title::site_title(notes, structure.home, given.tree, given.config);
        let (link_records, titles) = rayon::join(
            || library_links::link_records(notes, &before, of_notes),
            || title::Titles::new(notes, &before, &structure, &title),
        );
        let library = library_links::library(&link_records, &before, &structure);
        // The home page of a library has a page of links, whatever links its own notes have.
        let fewest = usize::from(!given.books.list.is_empty() && given.book.is_none());
        let links = library.pages.len().max(fewest);
        let tags = Tags::new(notes, &structure.subjects);
        let inputs =
            RouteInputs { given, structure: &structure, title: &title, links, tags: &tags };
        let files = &linked.references.files;
        let routes = inputs.routes(memo, notes, files, &mut problems);
        problems.extend(lint::lint(&lint::LintInput {
            notes,
            tree: given.tree,
            structure: &structure,
            titles: &titles.shown,
            targets: &|note| &of_notes[note].targets,
            rows: &linked.matrix,
            replaces: given.config.matrix.replace,
        }));
        let (shown, routes) = (&titles.shown, &routes.0);
        let made = SiteParts { title, titles: shown, library: &library, routes, tags };
        let site = Self::of_parts(notes, given.config, &structure, &linked, made, problems);
        memo.keep(OfNotes {
            structure: structure.clone(),
            notes: notes.to_vec(),
            references: linked.references.of_notes,
            link_records,
            library,
            titles: titles.alone,
        });
        site
    }

    fn of_parts(
        notes: &[Arc<Note>],
        config: &Config,
        structure: &Structure,
        linked: &Linked,
        made: SiteParts<'_>,
        problems: Vec<Diagnostic>,
    ) -> Self {
        let Structure { subjects, home, nav, .. } = structure;
        let SiteParts { title, titles, library, routes, tags } = made;
        let of_notes = &linked.references.of_notes;
        let pages = pages(notes, subjects, &routes.pages, titles);
        let order = reading_order(&pages, nav, *home);
        let positions = positions(&order, pages.len());
        let counts = counts(nav, &pages);
        Self {
            title,
            language: language::of_site(config, subjects[home.0].note(), notes),
            unlisted: structure.unlisted.clone(),
            between: between(&positions, nav),
            positions,
            paths: notes.iter().map(|note| note.path.clone()).collect(),
            nav: nav.clone(),
            sections: linked.sections.clone(),
            home: *home,
            files: routes.files.clone(),
            own: routes.own.clone(),
            redirects: routes.redirects.clone(),
            library: library.clone(),
            matrix: linked.matrix.clone(),
            bar: linked.bar.clone(),
            translations: structure.translations.with_languages(notes),
            tags,
            terms: if config.without_terms {
                Vec::new()
            } else {
                terms::terms(notes, structure, titles)
            },
            short_labels: short_label::lengths(nav, counts.len(), |node| {
                label_in(nav, &pages, node)
            }),
            counts,
            entries: structure.entries,
            problems,
            link_problems: linked.problems.clone(),
            targets: of_notes.iter().map(|of_note| of_note.targets.clone()).collect(),
            embeds: embedded::embeds(notes, of_notes, subjects),
            order,
            pages,
        }
    }

    /// The place of a page in the reading order, if it is in it.
    #[must_use]
    pub fn position(&self, page: PageId) -> Option<usize> {
        self.positions[page.0]
    }

    /// A page.
    #[must_use]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0]
    }

    /// The page at a route.
    #[must_use]
    pub fn page_at(&self, route: &Route) -> Option<PageId> {
        self.pages.iter().position(|page| page.route == *route).map(PageId)
    }

    /// The paths of the file or folder of a page: a folder's page may be that of its note.
    pub fn paths_of(&self, page: PageId) -> impl Iterator<Item = &SourcePath> {
        let (note, folder) = match &self.page(page).subject {
            Subject::Note { index, folder } => (Some(&self.paths[*index]), folder.as_ref()),
            Subject::Folder(folder) => (None, Some(folder)),
        };
        note.into_iter().chain(folder)
    }

    /// The paths of all pages, for links from elsewhere.
    #[must_use]
    pub fn page_index(&self) -> PathIndex {
        let mut paths = PathIndex::default();
        for page in (0..self.pages.len()).map(PageId) {
            for path in self.paths_of(page) {
                paths.insert(path.clone(), PathEntry::Page(page));
            }
        }
        paths
    }

    /// The path of a note.
    #[must_use]
    pub fn note_path(&self, note: usize) -> &SourcePath {
        &self.paths[note]
    }

    /// The target of each link of a note.
    #[must_use]
    pub fn targets(&self, note: usize) -> &[Target] {
        &self.targets[note]
    }

    /// The home page and all notes with something to read, in reading order.
    #[must_use]
    pub fn reading_order(&self) -> &[PageId] {
        &self.order
    }

    /// The page before this one in reading order, of pages that have nothing to read too.
    #[must_use]
    pub fn previous(&self, page: PageId) -> Option<PageId> {
        let position = self.positions[page.0].or_else(|| self.between.get(&page).copied())?;
        position.checked_sub(1).and_then(|position| self.order.get(position).copied())
    }

    /// The page after this one in reading order, of pages that have nothing to read too.
    #[must_use]
    pub fn next(&self, page: PageId) -> Option<PageId> {
        let after = self.positions[page.0].map(|position| position + 1);
        self.order.get(after.or_else(|| self.between.get(&page).copied())?).copied()
    }

    /// Number of notes at this entry and below.
    #[must_use]
    pub fn count(&self, node: NodeId) -> usize {
        self.counts[node.0]
    }

    /// True if there is nothing to read at an entry and below.
    #[must_use]
    pub fn is_stub(&self, node: NodeId) -> bool {
        let entry = self.nav.node(node);
        match entry.target {
            NavTarget::Page(page) => {
                let page = self.page(page);
                entry.children.is_empty()
                    && (page.is_stub || matches!(page.subject, Subject::Folder(_)))
            }
            _ => false,
        }
    }

    /// The id of a heading that an entry of the navigation names; `None` for the top of its page.
    #[must_use]
    pub fn section_id(&self, number: usize) -> Option<&str> {
        self.sections.get(number)?.as_deref()
    }

    /// The label of an entry.
    #[must_use]
    pub fn label(&self, node: NodeId) -> &str {
        label_in(&self.nav, &self.pages, node)
    }

    /// The short label of an entry, where space is narrow: of a long label its first part.
    #[must_use]
    pub fn short_label(&self, node: NodeId) -> &str {
        let label = self.label(node);
        let short = self.short_labels.get(node.0).copied().flatten();
        short.and_then(|length| label.get(..length as usize)).unwrap_or(label)
    }

    /// The title of a page as the navigation has it.
    #[must_use]
    pub fn page_label(&self, page: PageId) -> &str {
        self.nav.of_page(page).map_or(&self.page(page).title, |node| self.label(node))
    }
}

/// Parts of a site that are made one by one.
struct SiteParts<'a> {
    title: String,
    /// Of all pages.
    titles: &'a [Arc<str>],
    library: &'a Arc<Library>,
    routes: &'a Routes,
    tags: Tags,
}

/// The pages, in the order of their subjects.
fn pages(
    notes: &[Arc<Note>],
    subjects: &[Subject],
    routes: &[Route],
    titles: &[Arc<str>],
) -> Vec<Page> {
    let mut pages = Vec::with_capacity(subjects.len());
    for ((subject, route), title) in subjects.iter().zip(routes).zip(titles) {
        let note = subject.note().map(|index| &notes[index]);
        pages.push(Page {
            subject: subject.clone(),
            route: route.clone(),
            title: title.clone(),
            summary: note.map_or_else(String::new, |note| note.summary().to_owned()),
            changed: note.and_then(|note| note.meta.changed.clone()),
            is_stub: note.is_some_and(|note| note.is_stub),
            has_map: note.is_some_and(|note| note.parsed.has_map),
        });
    }
    pages
}

/// The position of each page in the reading order.
fn positions(order: &[PageId], pages: usize) -> Vec<Option<usize>> {
    let mut positions = vec![None; pages];
    for (position, page) in order.iter().enumerate() {
        positions[page.0] = Some(position);
    }
    positions
}

/// For each page of the navigation outside the reading order the position of the next one within
/// it.
fn between(positions: &[Option<usize>], nav: &Nav) -> BTreeMap<PageId, usize> {
    let mut between = BTreeMap::new();
    // The home page is the first.
    let mut next = 1;
    for node in nav.in_order() {
        let Some(page) = nav.page_at(node) else { continue };
        match positions[page.0] {
            // A page may have several entries.
            Some(position) => next = next.max(position + 1),
            None => {
                between.entry(page).or_insert(next);
            }
        }
    }
    between
}

/// The label of an entry, or the title of its page.
fn label_in<'s>(nav: &'s Nav, pages: &'s [Page], node: NodeId) -> &'s str {
    let node = nav.node(node);
    match (&node.label, &node.target) {
        (Some(label), _) if !label.is_empty() => label,
        (_, NavTarget::Page(page) | NavTarget::Section(page, _)) => &pages[page.0].title,
        (_, NavTarget::External(url)) => url,
        (_, NavTarget::Nothing) => "",
    }
}

/// The home page, then the notes as the navigation has them; stubs and folders' lists have nothing
/// to read.
fn reading_order(pages: &[Page], nav: &Nav, home: PageId) -> Vec<PageId> {
    let mut seen = vec![false; pages.len()];
    let mut order = Vec::new();
    let listed = nav.in_order().filter_map(|node| nav.page_at(node));
    for page in std::iter::once(home).chain(listed) {
        let readable =
            matches!(pages[page.0].subject, Subject::Note { .. }) && !pages[page.0].is_stub;
        if (readable || page == home) && !std::mem::replace(&mut seen[page.0], true) {
            order.push(page);
        }
    }
    order
}

/// For each entry, the number of notes there and below.
fn counts(nav: &Nav, pages: &[Page]) -> Vec<usize> {
    let order: Vec<NodeId> = nav.in_order().collect();
    let mut counts = vec![0; order.len()];
    for &node in order.iter().rev() {
        let page = nav.page_at(node).map(|page| &pages[page.0]);
        let has_note = page.is_some_and(|page| matches!(page.subject, Subject::Note { .. }));
        counts[node.0] += usize::from(has_note);
        if let Some(parent) = nav.node(node).parent {
            counts[parent.0] += counts[node.0];
        }
    }
    counts
}
