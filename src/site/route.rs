//! Routes: the first claim gets the one that it wants, the others the same with a number, so that
//! no two files of the site are one, on a disk that ignores case or Unicode form either.
//!
//! Must not know: what the files hold.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::nav::PageId;
use crate::note::Note;
use crate::path::{Route, SourcePath};
use crate::phrase::phrase;
use crate::search::tag;
use crate::source::Tree;

use super::memo::Memo;
use super::own::{self, OWN, Own, OwnRoutes, Placement};
use super::redirect::{self, OldAddress, Redirect};
use super::split::{self, EbookPart, ListPart, PaperPart, PrintedPart};
use super::structure::Structure;
use super::{Given, Site, Subject, Tags};

/// Every route of the site.
pub(super) struct Routes {
    /// Of the pages, in the order of their ids.
    pub pages: Vec<Route>,
    /// Of files beside the notes.
    pub files: BTreeMap<SourcePath, Route>,
    pub own: OwnRoutes,
    /// Addresses that pages had before, as far as nothing else is there.
    pub redirects: Vec<Redirect>,
}

/// The program's own pages and files that a site has beside those that every site has.
pub(super) struct Wishes<'a> {
    /// The names of the theme's files.
    pub static_files: &'a [&'a str],
    /// The parts of the navigation that have a feed.
    pub parts: &'a [PrintedPart],
    /// Those that have a list of files for readers without a network: the same, or none.
    pub offline: &'a [PrintedPart],
    /// The pages for paper of parts of the navigation, and the names of those.
    pub papers: &'a [(PaperPart, &'a str)],
    /// The parts whose notes are in one file each, and their names.
    pub texts: &'a [(PaperPart, &'a str)],
    /// The e-books, and their names.
    pub ebooks: &'a [(EbookPart, &'a str)],
    /// Number of notes that are published as Markdown too: all of them, or none.
    pub markdown: usize,
    /// The further pages of long lists.
    pub lists: &'a [ListPart],
    /// Number of pages of the library.
    pub links: usize,
    /// The keys of the tags, for each page of one.
    pub tags: &'a [String],
    /// Addresses that pages are to have had.
    pub formers: &'a [OldAddress],
}

impl Routes {
    /// Gives out all routes: the writer's pages and files first, the program's own make way for
    /// them.
    pub fn give(
        notes: &[Arc<Note>],
        subjects: &[Subject],
        files: &BTreeSet<SourcePath>,
        wishes: &Wishes<'_>,
        tree: &Tree,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let wanted_pages: Vec<Route> =
            subjects.iter().map(|subject| wanted_page(subject, notes)).collect();
        let wanted_files: Vec<(SourcePath, Route)> =
            files.iter().map(|path| (path.clone(), file_route(path))).collect();
        let all = wanted_pages.iter().chain(wanted_files.iter().map(|(_, route)| route));
        let mut claims = Claims::expecting(all);
        let pages = claims.pages(&wanted_pages, subjects);
        for ((subject, wanted), route) in subjects.iter().zip(&wanted_pages).zip(&pages) {
            if let Subject::Note { index, .. } = subject
                && route != wanted
            {
                let message =
                    phrase!("its page is {route}, because {wanted} is taken", route, wanted);
                let problem = Diagnostic::new(Kind::Collision, message)
                    .in_file(tree.shown(&notes[*index].path));
                problems.push(problem.help(phrase!("rename one of the two")));
            }
        }
        let files =
            wanted_files.into_iter().map(|(path, wanted)| (path, claims.claim(&wanted))).collect();
        let own = claims.own(wishes, &pages);
        let redirects = claims.redirects(wishes.formers, &pages, |former, by_note| {
            problems.extend(former.taken(by_note, notes, tree));
        });
        Self { pages, files, own, redirects }
    }

    /// The same routes in the folder of a book.
    fn below(self, place: &SourcePath) -> Self {
        let below = |route: Route| route.below(place);
        let redirect = |Redirect { route, to }| Redirect { route: below(route), to };
        Self {
            pages: self.pages.into_iter().map(below).collect(),
            files: self.files.into_iter().map(|(path, route)| (path, below(route))).collect(),
            own: self.own.below(place),
            redirects: self.redirects.into_iter().map(redirect).collect(),
        }
    }
}

/// Routes for files of a book that only other books link to, beside those that its site has.
pub struct FurtherFiles {
    place: SourcePath,
    claims: Claims,
    given: BTreeMap<SourcePath, Route>,
}

impl FurtherFiles {
    /// Those of the book at a place.
    #[must_use]
    pub fn new(site: &Site, place: SourcePath) -> Self {
        let own = own::own_outputs().flat_map(|own| site.own.all(own));
        let standing: Vec<&Route> = (site.pages.iter().map(|page| &page.route))
            .chain(site.files.values())
            .chain(own)
            .chain(site.redirects.iter().map(|redirect| &redirect.route))
            .collect();
        let mut claims = Claims::expecting(standing.iter().copied());
        claims.files.extend(standing.into_iter().map(Route::disk_key));
        Self { place, claims, given: BTreeMap::new() }
    }

    /// The route of a file: the one that it would have if a note of its own book linked to it, or
    /// with a number if that is taken.
    pub fn route(&mut self, path: &SourcePath) -> Route {
        let Self { place, claims, given } = self;
        let route = given
            .entry(path.clone())
            .or_insert_with(|| claims.claim(&file_route(path).below(place)));
        route.clone()
    }

    /// All that were given out.
    #[must_use]
    pub fn all(self) -> BTreeMap<SourcePath, Route> {
        self.given
    }
}

/// The values that routes are made from, beside the notes.
#[derive(Clone, Copy)]
pub(super) struct RouteInputs<'a> {
    pub given: Given<'a>,
    pub structure: &'a Structure,
    /// The title of the site.
    pub title: &'a str,
    /// Number of pages of the library.
    pub links: usize,
    /// The tags.
    pub tags: &'a Tags,
}

impl RouteInputs<'_> {
    /// The routes of a site that publishes these files, and the diagnostics about them.
    pub fn routes(
        self,
        memo: &mut Memo,
        notes: &[Arc<Note>],
        files: &BTreeSet<SourcePath>,
        problems: &mut Vec<Diagnostic>,
    ) -> Arc<(Routes, Vec<Diagnostic>)> {
        let Given { tree, config, static_files, renamed, .. } = self.given;
        let Structure { subjects, parts, texts, lists, nav, home, .. } = self.structure;
        let markdown = if config.machines { notes.len() } else { 0 };
        let formers = redirect::old_addresses(notes, renamed, tree, problems);
        let links = self.links;
        // Of the name the spelling may change.
        let tags = self.tags.pages.iter().map(|page| tag::key(&self.tags.list[page.tag].name));
        let tags: Vec<String> = tags.collect();
        let printed = if config.without_print { &[][..] } else { parts };
        let papers = split::papers(printed, subjects, notes);
        let texts = split::papers(texts, subjects, notes);
        let ebooks = if config.epub {
            split::ebooks(self.title, parts, (nav, subjects, *home))
        } else {
            Vec::new()
        };
        let key = (links, &papers, &texts, &tags, &ebooks);
        let offline = if config.offline { parts } else { &[][..] };
        let routes = memo.routes(files, &formers, &key, |problems| {
            let (papers, texts, tags, formers) = (&papers, &texts, &tags, &formers);
            let ebooks = &ebooks;
            let wishes = Wishes {
                static_files,
                parts,
                offline,
                papers,
                texts,
                ebooks,
                markdown,
                lists,
                links,
                tags,
                formers,
            };
            let routes = Routes::give(notes, subjects, files, &wishes, tree, problems);
            let has_worker = routes.own.first(Own::Worker).is_some();
            if config.offline && !has_worker && self.given.own_book().is_none() {
                problems.push(lacks_worker());
            }
            match self.given.own_book() {
                Some(book) => routes.below(&book.place),
                None => routes,
            }
        });
        problems.extend(routes.1.iter().cloned());
        routes
    }
}

impl Wishes<'_> {
    /// The routes that an output wants of which there may be several.
    fn several(&self, own: Own, pages: &[Route]) -> Vec<Route> {
        match own {
            Own::ListPart => self.lists.iter().map(|list| pages[list.page.0].clone()).collect(),
            Own::Part => {
                self.papers.iter().map(|(_, name)| Route::called("print", name, ".html")).collect()
            }
            Own::FullText => self
                .texts
                .iter()
                .map(|(_, name)| Route::called("llms-full", name, ".txt"))
                .collect(),
            Own::Ebook => {
                self.ebooks.iter().map(|(_, name)| Route::called("epub", name, ".epub")).collect()
            }
            // Notes and their pages have one order.
            Own::Markdown => pages[..self.markdown].iter().map(Route::markdown).collect(),
            Own::Tags => vec![Route::file("tags.html"); usize::from(!self.tags.is_empty())],
            Own::Tag => self.tags.iter().map(|name| Route::called("tags", name, ".html")).collect(),
            Own::PartFeed => {
                self.parts.iter().map(|part| Route::called("feeds", &part.name, ".xml")).collect()
            }
            Own::OfflinePart => self
                .offline
                .iter()
                .map(|part| Route::called("offline", &part.name, ".json"))
                .collect(),
            Own::LibraryPage => vec![Route::file("links.html"); self.links],
            _ => Vec::new(),
        }
    }
}

/// The diagnostic for a site whose worker has no place.
fn lacks_worker() -> Diagnostic {
    let message = phrase!(
        "pages are not kept for readers without a network: {wanted} is taken",
        wanted = "offline.js"
    );
    Diagnostic::new(Kind::Collision, message)
        .in_file("notes.yaml")
        .help(phrase!("rename that file among the notes, or remove `offline`"))
}

/// The route of a file beside the notes. Of a hidden folder's the dot goes: hosts leave out what is
/// hidden.
fn file_route(path: &SourcePath) -> Route {
    let shown: Vec<&str> = path.segments().map(|name| name.trim_start_matches('.')).collect();
    Route::file(&if path.is_hidden() { shown.join("/") } else { path.to_string() })
}

/// The route that a page would have if it were alone.
fn wanted_page(subject: &Subject, notes: &[Arc<Note>]) -> Route {
    match subject {
        Subject::Note { folder: Some(folder), .. } | Subject::Folder(folder) => {
            Route::folder(folder)
        }
        Subject::Note { index, folder: None } => {
            let path = &notes[*index].path;
            if super::section::is_index(path) {
                Route::folder(&path.parent())
            } else {
                Route::note(path)
            }
        }
    }
}

/// The routes that are given out.
#[derive(Debug, Default)]
pub(super) struct Claims {
    files: HashSet<String>,
    folders: HashSet<String>,
    /// The number that is tried next for a route that is taken.
    numbers: HashMap<String, usize>,
}

impl Claims {
    /// Knows beforehand which folders there will be, so that no file takes the place of one.
    pub fn expecting<'r>(routes: impl Iterator<Item = &'r Route>) -> Self {
        let mut claims = Self::default();
        for route in routes {
            for folder in route.folder_keys() {
                if !claims.folders.insert(folder) {
                    // The folders above it are known too.
                    break;
                }
            }
        }
        claims
    }

    /// Gives out `wanted`, or the first `wanted-2`, `wanted-3` … that is free.
    pub fn claim(&mut self, wanted: &Route) -> Route {
        let mut route = wanted.clone();
        // So that many that want one place are not asked for all numbers again.
        let mut number = self.numbers.get(&wanted.disk_key()).copied().unwrap_or(2);
        while !self.is_free(&route) {
            route = wanted.numbered(number);
            number += 1;
        }
        self.numbers.insert(wanted.disk_key(), number);
        self.files.insert(route.disk_key());
        self.folders.extend(route.folder_keys());
        route
    }

    /// Gives out the routes of the program's own outputs.
    fn own(&mut self, wishes: &Wishes<'_>, pages: &[Route]) -> OwnRoutes {
        let mut static_names: Vec<&str> = wishes.static_files.to_vec();
        static_names.extend(own::static_names().map(|name| -> &str { name }));
        let static_folder = self.folder_for(&static_names);
        let mut routes = BTreeMap::new();
        for (own, placement) in OWN {
            let given = match placement {
                Placement::Static(name) => vec![Route::file(&format!("{static_folder}/{name}"))],
                Placement::Root(name) => vec![self.claim(&Route::file(name))],
                Placement::RootOnly(name) => {
                    let wanted = Route::file(name);
                    // The claim is made in any case: a former address that is taken is no redirect.
                    if self.claim(&wanted) == wanted { vec![wanted] } else { Vec::new() }
                }
                Placement::Several => {
                    wishes.several(own, pages).iter().map(|wanted| self.claim(wanted)).collect()
                }
            };
            routes.insert(own, given);
        }
        let parts = wishes.papers.iter().map(|(part, _)| part.clone()).collect();
        let texts = wishes.texts.iter().map(|(part, _)| part.clone()).collect();
        let ebooks = wishes.ebooks.iter().map(|(part, _)| part.clone()).collect();
        let fed = wishes.parts.iter().map(|part| part.node).collect();
        let lists = wishes.lists.to_vec();
        OwnRoutes { static_folder, parts, fed, texts, ebooks, lists, routes }
    }

    /// Gives out pages, those of folders first: they keep `index.html`.
    fn pages(&mut self, wanted: &[Route], subjects: &[Subject]) -> Vec<Route> {
        let is_folder =
            |index: usize| !matches!(subjects[index], Subject::Note { folder: None, .. });
        let (folders, notes): (Vec<usize>, Vec<usize>) =
            (0..wanted.len()).partition(|&index| is_folder(index));
        let mut given = wanted.to_vec();
        for index in folders.into_iter().chain(notes) {
            given[index] = self.claim(&wanted[index]);
        }
        given
    }

    /// Gives out the old addresses that are free, each to the first note that names it. `taken` is
    /// called for the others, with true if another note got the address; but not for a note's own
    /// address, nor for one that it names twice.
    fn redirects(
        &mut self,
        formers: &[OldAddress],
        pages: &[Route],
        mut taken: impl FnMut(&OldAddress, bool),
    ) -> Vec<Redirect> {
        let mut given: Vec<Redirect> = Vec::new();
        let mut owners: HashMap<String, PageId> = HashMap::new();
        for former in formers {
            let Redirect { route, to } = &former.redirect;
            let key = route.disk_key();
            if self.is_free(route) {
                given.push(Redirect { route: self.claim(route), to: *to });
                owners.insert(key, *to);
            } else if pages[to.0].disk_key() != key {
                match owners.get(&key) {
                    Some(owner) if owner == to => {}
                    owner => taken(former, owner.is_some()),
                }
            }
        }
        given
    }

    /// A folder in which all of these names are free: `static`, or the first `static-2`, `static-3`
    /// … that is.
    fn folder_for(&mut self, names: &[&str]) -> Route {
        let mut folder = "static".to_owned();
        let mut number = 2;
        loop {
            let routes: Vec<Route> =
                names.iter().map(|name| Route::file(&format!("{folder}/{name}"))).collect();
            if routes.iter().all(|route| self.is_free(route)) {
                self.files.extend(routes.iter().map(Route::disk_key));
                return Route::file(&folder);
            }
            folder = format!("static-{number}");
            number += 1;
        }
    }

    fn is_free(&self, route: &Route) -> bool {
        let key = route.disk_key();
        !self.files.contains(&key)
            && !self.folders.contains(&key)
            && !route.folder_keys().iter().any(|folder| self.files.contains(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_files_are_one_on_any_disk() {
        let wanted = [
            "Async.html",
            "async.html",
            "a/b.html",
            "a",
            "é.html",
            "e\u{301}.html",
            "a.html/x.html",
            "a.html",
        ];
        let wanted: Vec<_> = wanted.iter().map(|path| Route::file(path)).collect();
        let mut claims = Claims::expecting(wanted.iter());
        let given: Vec<_> = wanted.iter().map(|route| claims.claim(route).to_string()).collect();
        assert_eq!(
            given,
            [
                "Async.html",
                "async-2.html",
                "a/b.html",
                "a-2",
                "é.html",
                "e\u{301}-2.html",
                "a.html/x.html",
                "a-2.html"
            ]
        );
    }
}
