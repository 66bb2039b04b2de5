//! All notes together → [`Site`]: which pages there are, their routes and titles, the navigation
//! and reading order, and what every link leads to.
//!
//! A site names links by their number in the note, never by their place in the text, so a change of
//! prose leaves it as it was.
//!
//! Must not know: HTML, templates, the disk.

mod embedded;
#[cfg(test)]
pub(crate) mod fixture;
mod insertion;
mod language;
mod library_links;
mod lint;
mod listing;
mod memo;
mod nav_section;
mod order;
mod own;
mod redirect;
mod reference;
mod route;
mod section;
mod split;
mod structure;
mod title;
mod unlisted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::{self, Config, Cover};
use crate::diagnostic::{Diagnostic, Kind};
use crate::library::Library;
use crate::links::{LinkResolver, PageAnchors, Target};
use crate::nav::{Nav, NavTarget, NodeId, PageId};
use crate::note::Note;
use crate::path::{Route, SourcePath};
use crate::source::{Entry, Tree};

use self::embedded::Embeds;
pub use self::embedded::{DEEPEST as DEEPEST_EMBED, MOST as MOST_EMBEDS};
pub use self::listing::{EntryCounts, NavigationFile};
use self::memo::OfNotes;
pub use self::memo::{Layout, Memo};
pub use self::order::{CATEGORY_FILE, Categories, Category};
pub use self::own::{Own, OwnRoutes, own_outputs};
pub use self::redirect::Redirect;
pub use self::reference::LinkProblem;
use self::reference::References;
use self::route::{Routes, Wishes};
pub use self::section::{Subject, home_note};
pub use self::split::{ListPart, PER_PAGE, PaperPart, notes_of_part, number_of};
use self::structure::Structure;

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

/// The values that a site is made from, beside the notes.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The files on disk.
    pub tree: &'a Tree,
    /// The settings.
    pub config: &'a Config,
    /// The navigation file, if one is used.
    pub navigation: Option<&'a NavigationFile>,
    /// The names of the theme's own files.
    pub static_files: &'a [&'a str],
    /// Earlier paths of notes, and their paths now; empty if old addresses are not kept.
    pub renamed: &'a BTreeMap<SourcePath, SourcePath>,
    /// The descriptions of folders.
    pub categories: &'a Categories,
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
        let Given { tree, config, static_files, renamed, .. } = layout.given;
        let structure = memo.structure(layout, notes, || Structure::new(notes, layout.given));
        let Structure { subjects, home, nav, parts, lists, .. } = &*structure;
        let mut problems = structure.problems.clone();
        let last = memo.of_notes();
        let before = Memo::before(last.as_deref(), &structure, notes);
        let ids = |page: PageId| PageAnchors::of(&notes[page.0]);
        let resolver = LinkResolver::new(structure.paths.clone(), notes.len(), ids)
            .with_repository(config.own_repository.as_ref());
        let mut references = References::of(notes, &before, &resolver);
        let sections = structure.sections.ids(&resolver, &mut problems);
        let matrix = configured_matrix(config, &resolver, &mut references.files, &mut problems);
        references.files.extend(configured_files(config, tree, &mut problems));
        let title = title::site_title(notes, *home, tree, config);
        let (link_records, titles) = rayon::join(
            || library_links::link_records(notes, &before, &references.of_notes),
            || title::Titles::new(notes, &before, &structure, &title),
        );
        let library = library_links::library(&link_records, &before, &structure);
        let links = library.pages.len();
        let formers = redirect::old_addresses(notes, renamed, tree, &mut problems);
        let routes = memo.routes(&references.files, &formers, links, |problems| {
            let wishes = Wishes { static_files, parts, lists, links, formers: &formers };
            Routes::give(notes, subjects, &references.files, &wishes, tree, problems)
        });
        problems.extend(routes.1.iter().cloned());
        problems.extend(lint::lint(&lint::LintInput {
            notes,
            tree,
            structure: &structure,
            titles: &titles.shown,
            targets: &|note| &references.of_notes[note].targets,
            rows: &matrix,
            replaces: config.matrix.replace,
        }));
        let routes = &routes.0;
        let pages = pages(notes, subjects, &routes.pages, &titles.shown);
        let order = reading_order(&pages, nav, *home);
        let positions = positions(&order, pages.len());
        let link_problems = references.problems(notes, &resolver);
        let targets = references.of_notes.iter().map(|of_note| of_note.targets.clone()).collect();
        let embeds = embedded::embeds(notes, &references.of_notes, subjects);
        memo.keep(OfNotes {
            structure: structure.clone(),
            notes: notes.to_vec(),
            references: references.of_notes,
            link_records,
            library: library.clone(),
            titles: titles.alone,
        });
        Self {
            title,
            language: language::of_site(config, subjects[home.0].note(), notes),
            counts: counts(nav, &pages),
            unlisted: structure.unlisted.clone(),
            pages,
            paths: notes.iter().map(|note| note.path.clone()).collect(),
            nav: nav.clone(),
            sections,
            home: *home,
            files: routes.files.clone(),
            own: routes.own.clone(),
            redirects: routes.redirects.clone(),
            library,
            matrix,
            entries: structure.entries,
            problems,
            link_problems,
            targets,
            embeds,
            order,
            positions,
        }
    }

    /// A page.
    #[must_use]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0]
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

    /// The page before this one in reading order.
    #[must_use]
    pub fn previous(&self, page: PageId) -> Option<PageId> {
        self.positions[page.0]?.checked_sub(1).map(|position| self.order[position])
    }

    /// The page after this one in reading order.
    #[must_use]
    pub fn next(&self, page: PageId) -> Option<PageId> {
        self.order.get(self.positions[page.0]? + 1).copied()
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
        let node = self.nav.node(node);
        match (&node.label, &node.target) {
            (Some(label), _) if !label.is_empty() => label,
            (_, NavTarget::Page(page) | NavTarget::Section(page, _)) => &self.page(*page).title,
            (_, NavTarget::External(url)) => url,
            (_, NavTarget::Nothing) => "",
        }
    }

    /// The title of a page as the navigation has it.
    #[must_use]
    pub fn page_label(&self, page: PageId) -> &str {
        self.nav.of_page(page).map_or(&self.page(page).title, |node| self.label(node))
    }
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
        });
    }
    pages
}

/// Files that the settings publish, whether or not a note refers to them.
fn configured_files(
    config: &Config,
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourcePath> {
    let mut files = published_by_configuration(tree, config);
    files.extend(cover(config, tree, problems));
    files.extend(config.icon.clone().filter(|icon| is_file(tree, icon)));
    files
}

/// The rows of the configuration with what their links lead to.
fn configured_matrix(
    config: &Config,
    resolver: &LinkResolver,
    files: &mut BTreeSet<SourcePath>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<ConfiguredRow> {
    let mut target = |wanted: &config::MatrixTarget, row: usize, column: usize, key: &str| {
        let target = resolver.resolve(&SourcePath::root(), None, &wanted.to_string()).target;
        match &target {
            Target::File(path) => {
                files.insert(path.clone());
            }
            Target::Dead => {
                let problem = Diagnostic::new(Kind::DeadLink, format!("`{wanted}` leads nowhere"));
                let problem = problem.help("paths in the matrix go on from the notes' root");
                let location = config.location_of_cell(row, column, key);
                problems.push(Diagnostic { location, ..problem });
            }
            _ => {}
        }
        target
    };
    let mut cell = |row: usize, column: usize, cell: &config::Cell| {
        let (article, code) = cell.links.parts();
        ConfiguredCell {
            title: cell.title.clone(),
            article: article.map(|article| target(article, row, column, "link")),
            code: code.map(|code| target(code, row, column, "code")),
        }
    };
    let rows = config.matrix.rows.iter().enumerate().map(|(index, row)| ConfiguredRow {
        label: row.label.clone(),
        cells: row
            .cells
            .iter()
            .enumerate()
            .map(|(column, typed)| cell(index, column, typed))
            .collect(),
    });
    rows.collect()
}

/// The file of the cover, if it is one beside the notes.
fn cover(config: &Config, tree: &Tree, problems: &mut Vec<Diagnostic>) -> Option<SourcePath> {
    let Some(Cover::File(path)) = &config.cover else { return None };
    if is_file(tree, path) {
        return Some(path.clone());
    }
    let message = format!("the cover `{path}` is hidden, excluded or no image");
    let problem = Diagnostic::new(Kind::MissingImage, message).in_file("notes.yaml");
    problems.push(problem.help("name an image that is published"));
    None
}

/// True if there is a file that may be published.
fn is_file(tree: &Tree, path: &SourcePath) -> bool {
    matches!(tree.entries.get(path), Some(Entry::File { .. }))
}

/// The file in which GitHub Pages looks for a site's own domain, where a site is published from a
/// branch.
const DOMAIN: &str = "CNAME";

/// Files that the configuration publishes whether or not a note refers to them, and the site's
/// domain; never hidden ones.
fn published_by_configuration(tree: &Tree, config: &Config) -> Vec<SourcePath> {
    let is_named = |path: &SourcePath| {
        (config.assets.matches(path) && !path.is_hidden()) || path.as_str() == DOMAIN
    };
    let files = tree
        .entries
        .iter()
        .filter(|(path, entry)| matches!(entry, Entry::File { .. }) && is_named(path));
    files.map(|(path, _)| path.clone()).collect()
}

/// The position of each page in the reading order.
fn positions(order: &[PageId], pages: usize) -> Vec<Option<usize>> {
    let mut positions = vec![None; pages];
    for (position, page) in order.iter().enumerate() {
        positions[page.0] = Some(position);
    }
    positions
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
