//! The sites of a library, each linked by itself → the library: links from book to book, and every
//! file, all at once or one at a time on request. A folder of notes alone is a library without
//! books.
//!
//! Must not know: the place of the files, the requests.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::book_links::BookFinder;
use super::files::beside;
use super::highlight::HighlightedBlocks;
use super::linked_site::{LinkedSite, SiteContext};
use super::notes::Notes;
use super::offline::OfflineSite;
use super::search::{self, Indexed, Searchable, Searched, SearchedSite};
use super::silences::Silences;
use super::state::BuildState;
use super::{Build, BuildParts, Counts, Examined, PreviousOutput, Progress, Sources, Stage, timed};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, Report};
use crate::digest::Digest;
use crate::epub::Ebook;
use crate::output::{File, Output};
use crate::page::{BookTargets, DatedSite, NearSites, Renderer};
use crate::path::{Route, SourcePath};

/// The sites of a library, linked.
pub struct LinkedSites {
    /// That of the library's own folder, or the only one.
    home: LinkedSite,
    /// Those of the books.
    books: Vec<LinkedSite>,
    /// The targets of the links of each site into others, the home first.
    targets: Vec<BookTargets>,
    /// The files beside the notes that a book publishes because others link to them, by its number.
    further_files: BTreeMap<usize, BTreeMap<SourcePath, Route>>,
    problems: Vec<Diagnostic>,
    /// The search index, once it was asked for.
    index: OnceLock<Arc<Indexed>>,
    /// That of an earlier one.
    past_index: Option<Arc<Indexed>>,
}

/// Progress without stages: those of books are under way together.
struct StepsOnly<'p, P>(&'p P);

impl<P: Progress> Progress for StepsOnly<'_, P> {
    fn begin(&self, _: Stage) {}
    fn end(&self, _: Stage) {}
    fn expect(&self, steps: usize) {
        self.0.expect(steps);
    }
    fn step(&self) {
        self.0.step();
    }
    fn waits_for(&self, site: &Path) {
        self.0.waits_for(site);
    }
}

/// The state that the last build of each site left, the home first.
pub(super) fn past_states(home: &Sources, books: &[Sources]) -> Vec<BuildState> {
    let all = std::iter::once(home).chain(books);
    let all: Vec<&Sources> = all.collect();
    all.par_iter().map(|sources| BuildState::load(&sources.cache)).collect()
}

/// Links one site, after the state of its last build.
fn link<P: Progress>(
    sources: &Sources,
    past: Option<&BuildState>,
    coloured: Option<&mut HighlightedBlocks>,
    progress: &P,
) -> LinkedSite {
    let beside = |notes: &Notes| {
        let Some(coloured) = coloured else { return };
        timed(progress, Stage::Highlight, || {
            coloured.add(&notes.at_hand(), &sources.cache, progress);
        });
    };
    let records = |path: &SourcePath| past.and_then(|past| past.notes.get(path));
    LinkedSite::with(sources, records, None, beside, progress)
}

/// The sources of a library whose own folder has no notes and no language set: in the language that
/// most books have, of several the first.
fn in_language_of_books<'s>(home: &'s Sources, books: &[LinkedSite]) -> Cow<'s, Sources> {
    if home.config.language.is_some() || home.tree.notes().next().is_some() {
        return Cow::Borrowed(home);
    }
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for language in books.iter().map(|book| &*book.site().language) {
        match counts.iter_mut().find(|(other, _)| *other == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    let language = most.map(|(language, _)| language.to_owned());
    let mut config = Config::clone(&home.config);
    config.language = language;
    Cow::Owned(Sources { config: Arc::new(config), ..home.clone() })
}

impl LinkedSites {
    /// Puts the sites together. Parts of earlier ones are used where their inputs did not change.
    #[must_use]
    pub fn new(home: &Sources, books: &[Sources], earlier: Option<&Self>) -> Self {
        // By its place, for books may have come or gone.
        let before = |sources: &Sources| {
            let place = sources.place();
            earlier?.books.iter().find(|site| site.sources().place() == place)
        };
        let link = |sources: &Sources| LinkedSite::new(sources, before(sources));
        let books: Vec<LinkedSite> = books.par_iter().map(link).collect();
        let home = in_language_of_books(home, &books);
        let home = LinkedSite::new(&home, earlier.map(|earlier| &earlier.home));
        let past_index =
            earlier.and_then(|earlier| earlier.index.get().or(earlier.past_index.as_ref()));
        Self::of(home, books, past_index.cloned())
    }

    /// The same, after the states of the last builds. The code of notes that were parsed now is
    /// highlighted while they are put together, if it is wanted.
    pub(super) fn with<P: Progress>(
        home: &Sources,
        books: &[Sources],
        past: &[BuildState],
        coloured: Option<&mut [HighlightedBlocks]>,
        progress: &P,
    ) -> Self {
        let mut coloured: Vec<Option<&mut HighlightedBlocks>> = match coloured {
            Some(coloured) => coloured.iter_mut().map(Some).collect(),
            None => past.iter().map(|_| None).collect(),
        };
        let of_home = coloured.first_mut().and_then(Option::take);
        if books.is_empty() {
            return Self::of(link(home, past.first(), of_home, progress), Vec::new(), None);
        }
        let steps = StepsOnly(progress);
        let of_books = books.par_iter().zip(&past[1..]).zip(&mut coloured[1..]);
        let link_book = |((sources, past), coloured): ((&Sources, _), &mut Option<_>)| {
            link(sources, Some(past), coloured.take(), &steps)
        };
        let (home, books) = timed(progress, Stage::Parse, || {
            let books: Vec<LinkedSite> = of_books.map(link_book).collect();
            let home = in_language_of_books(home, &books);
            (link(&home, past.first(), of_home, &steps), books)
        });
        timed(progress, Stage::Link, || Self::of(home, books, None))
    }

    fn of(home: LinkedSite, books: Vec<LinkedSite>, past_index: Option<Arc<Indexed>>) -> Self {
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut targets = Vec::new();
        let mut further_files = BTreeMap::new();
        if !books.is_empty() {
            let mut finder = BookFinder::new(&books);
            for site in std::iter::once(&home).chain(&books) {
                let (found, wrong) = finder.targets(site);
                targets.push(found);
                problems.extend(wrong);
            }
            further_files = finder.further_files();
        }
        let of_sites = std::iter::once(&home).chain(&books);
        let of_sites = of_sites.flat_map(|site| site.problems().iter().cloned());
        let problems = of_sites.chain(problems).collect();
        Self { home, books, targets, further_files, problems, index: OnceLock::new(), past_index }
    }

    /// The site of the library's own folder, or the only one.
    #[must_use]
    pub fn home(&self) -> &LinkedSite {
        &self.home
    }

    /// All sites, the home first, each with the targets of its links into others.
    pub fn with_targets(&self) -> impl Iterator<Item = (&LinkedSite, &BookTargets)> {
        self.all().zip(self.targets_of_all())
    }

    /// All sites, the home first.
    pub fn all(&self) -> impl Iterator<Item = &LinkedSite> {
        std::iter::once(&self.home).chain(&self.books)
    }

    /// Each site that an earlier library had at the same place, after that one.
    #[must_use]
    pub fn with_earlier<'s>(&'s self, earlier: &'s Self) -> Vec<(&'s LinkedSite, &'s LinkedSite)> {
        let before = |site: &'s LinkedSite| {
            let place = site.sources().place();
            let before = earlier.all().find(|before| before.sources().place() == place)?;
            Some((before, site))
        };
        self.all().filter_map(before).collect()
    }

    /// Diagnostics that are known before any page is rendered.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Number of notes.
    #[must_use]
    pub fn note_count(&self) -> usize {
        self.all().map(LinkedSite::note_count).sum()
    }

    /// The digest of everything that notes show of one another.
    #[must_use]
    pub fn key(&self) -> Digest {
        if self.books.is_empty() {
            return self.home.key();
        }
        let keys: Vec<Digest> = self.all().map(LinkedSite::key).collect();
        Digest::of_value(&(keys, &self.targets))
    }

    /// Number of notes that were parsed for them.
    #[must_use]
    pub fn parsed(&self) -> usize {
        self.all().map(LinkedSite::parsed).sum()
    }

    /// True if no file changed while its note was made.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.all().all(LinkedSite::is_sound)
    }

    /// The site that a route belongs to.
    #[must_use]
    pub fn site_at(&self, route: &Route) -> &LinkedSite {
        self.site(self.book_at(route))
    }

    fn book_at(&self, route: &Route) -> Option<usize> {
        let is_below = |site: &LinkedSite| {
            let place = site.sources().place()?;
            let rest = route.as_str().strip_prefix(place.as_str())?;
            rest.strip_prefix('/')
        };
        self.books.iter().position(|site| is_below(site).is_some())
    }

    /// The sites that may have a file at a route: the book in whose folder it is, and the home,
    /// whose redirects may be anywhere.
    fn sites_at(&self, route: &Route) -> impl Iterator<Item = Option<usize>> {
        let book = self.book_at(route);
        book.map(Some).into_iter().chain([None])
    }

    fn site(&self, number: Option<usize>) -> &LinkedSite {
        number.map_or(&self.home, |number| &self.books[number])
    }

    /// The file at a route, made now, with what is wrong with it; `None` when no site has such a
    /// file.
    #[must_use]
    pub fn file(&self, route: &Route) -> Option<(File, Vec<Diagnostic>)> {
        if self.home.is_of_search(route) {
            return Some((self.index().files.get(route)?.clone(), Vec::new()));
        }
        let dated = self.dated();
        let file = |number| self.site(number).file(route, &self.context(number, &dated));
        self.sites_at(route).find_map(file).or_else(|| {
            let files = self.further().find(|(_, found)| *found == route);
            files.and_then(|((site, path), _)| {
                Some((beside(&site.sources().tree, path)?, Vec::new()))
            })
        })
    }

    /// The book whose file has a route, made now, with what is wrong with it; `None` when no site
    /// has such a book.
    #[must_use]
    pub fn ebook(&self, route: &Route) -> Option<(Ebook, Vec<Diagnostic>)> {
        let dated = self.dated();
        let book = |number| self.site(number).ebook(route, &self.context(number, &dated));
        self.sites_at(route).find_map(book)
    }

    /// The files that books publish because others link to them, and their routes.
    fn further(&self) -> impl Iterator<Item = ((&LinkedSite, &SourcePath), &Route)> {
        self.further_files.iter().flat_map(|(number, files)| {
            files.iter().map(|(path, route)| ((&self.books[*number], path), route))
        })
    }

    /// The files beside the notes that a site publishes, and their routes.
    pub fn files_of<'s>(
        &'s self,
        site: &'s LinkedSite,
    ) -> impl Iterator<Item = (&'s SourcePath, &'s Route)> {
        let further = self.further().filter(|((of, _), _)| std::ptr::eq(*of, site));
        site.site().files.iter().chain(further.map(|((_, path), route)| (path, route)))
    }

    fn is_further(&self, route: &Route) -> bool {
        self.further().any(|(_, found)| found == route)
    }

    /// True if there is a file at a route, those of the search index left out.
    #[must_use]
    pub fn has(&self, route: &Route) -> bool {
        let dated = self.dated();
        let has = |number| self.site(number).has(route, &self.context(number, &dated));
        self.sites_at(route).any(has) || self.is_further(route)
    }

    /// True if the file at a route is one beside the notes, not one of the theme or made here.
    #[must_use]
    pub fn is_beside(&self, route: &Route) -> bool {
        let dated = self.dated();
        let is = |number| self.site(number).is_beside(route, &self.context(number, &dated));
        self.sites_at(route).any(is) || self.is_further(route)
    }

    /// The routes of all pages.
    #[must_use]
    pub fn pages(&self) -> Vec<Route> {
        let dated = self.dated();
        let of_site = |(site, number): (&LinkedSite, Option<usize>)| {
            site.pages(&self.context(number, &dated))
        };
        self.all().zip(self.numbers()).flat_map(of_site).collect()
    }

    /// Makes the search index, so that it is ready for the first search.
    pub fn warm_index(&self) {
        self.index();
    }

    /// Keeps the records of the notes for the next run; the sites are kept when they are made.
    pub fn save_state(&self) {
        self.all().for_each(LinkedSite::save_state);
    }

    /// The pages as far as they are searched, in reading order.
    #[must_use]
    pub fn searchable(&self) -> Vec<Searchable> {
        search::pages(&self.searched_sites())
    }

    /// The numbers of the books of all sites, in the order of these.
    fn numbers(&self) -> impl Iterator<Item = Option<usize>> + use<> {
        std::iter::once(None).chain((0..self.books.len()).map(Some))
    }

    /// The targets of the links of each site into others; none for a folder of notes alone.
    fn targets_of_all(&self) -> Vec<&BookTargets> {
        static NONE: BookTargets = BookTargets(BTreeMap::new());
        self.all().enumerate().map(|(at, _)| self.targets.get(at).unwrap_or(&NONE)).collect()
    }

    fn dated(&self) -> Vec<DatedSite<'_>> {
        self.books.iter().map(LinkedSite::dated).collect()
    }

    /// The library around a site, by the number of its book.
    fn context<'a>(&'a self, here: Option<usize>, books: &'a [DatedSite<'a>]) -> SiteContext<'a> {
        if self.books.is_empty() {
            return SiteContext::default();
        }
        let home = self.home.site();
        let targets = &self.targets[here.map_or(0, |number| number + 1)];
        let titles: Vec<(&str, &Route)> =
            books.iter().map(|of| (&*of.site.title, &of.site.page(of.site.home).route)).collect();
        // A book shows the names of the others alone, and the home what is in them.
        let inside = here.is_none().then(|| {
            let key = |site: &LinkedSite| (site.key(), site.sources().history().digest());
            self.books.iter().map(key).collect::<Vec<_>>()
        });
        let of_home = (&home.title, &home.page(home.home).route, home.own.digest());
        let key = Digest::of_value(&(of_home, titles, targets, inside));
        SiteContext { around: Some(NearSites { home, books, here, targets }), key }
    }

    fn searched_sites(&self) -> Vec<SearchedSite<'_>> {
        self.all().map(LinkedSite::searched).collect()
    }

    /// The search index, made now if it was not before.
    fn index(&self) -> &Indexed {
        self.index.get_or_init(|| {
            let nothing = Indexed::default();
            let past = self.past_index.as_deref().unwrap_or(&nothing);
            let sites = self.searched_sites();
            let federation = &self.home.sources().federation;
            let searched = Searched { sites: &sites, standing: past, federation, key: self.key() };
            let (past, files) = searched.made_after(&past.past);
            Arc::new(Indexed {
                past,
                files: files.into_iter().collect(),
                notes: self.all().flat_map(LinkedSite::notes_by_key).collect(),
            })
        })
    }

    /// All diagnostics, those of pages too, which are rendered if they were not before.
    pub(super) fn examine(self, past: &[BuildState], progress: &impl Progress) -> Examined {
        let dated = self.dated();
        let all: Vec<_> = self.all().zip(self.numbers()).zip(past).collect();
        let examined: Vec<(Vec<Diagnostic>, Counts)> = timed(progress, Stage::Render, || {
            self.all().for_each(LinkedSite::find_mentions);
            let examine = |((site, number), past): ((&LinkedSite, Option<usize>), &BuildState)| {
                site.examine(past, &self.context(number, &dated), &StepsOnly(progress))
            };
            all.into_par_iter().map(examine).collect()
        });
        let counts = examined.iter().map(|(_, counts)| *counts).sum();
        let found = examined.into_iter().flat_map(|(found, _)| found);
        let report = Report::new(self.problems.iter().cloned().chain(found).collect());
        let of_sites = self.all().zip(self.targets_of_all());
        let external: Vec<(Location, String)> =
            of_sites.flat_map(|(site, targets)| site.external(targets)).collect();
        let silences = Silences::of_all(self.all().map(LinkedSite::silences));
        Examined { report, counts, external, silences }
    }

    /// The files that let readers read without a network; none unless the settings ask for them.
    fn offline_files(
        &self,
        output: &Output,
        standing: &impl PreviousOutput,
        dated: &[DatedSite<'_>],
    ) -> Vec<(Route, File)> {
        let renderers: Vec<Renderer<'_>> = (self.all().zip(self.numbers()))
            .map(|(site, number)| site.renderer(&self.context(number, dated)))
            .collect();
        let is_of_search = |route: &Route| self.home.is_of_search(route);
        let further = self.further_files.values().flat_map(BTreeMap::values);
        let static_files = self.home.own_static_routes();
        let others = output.iter().map(|(route, _)| route).filter(|route| is_of_search(route));
        let others = others.chain(further).cloned().chain(static_files).collect();
        let cache = &self.home.sources().cache;
        OfflineSite { renderers: &renderers, others, output, standing, cache }.files()
    }

    /// All files. `past` is what the last build of each site left, `coloured` the code that has its
    /// colours already.
    pub(super) fn gather(
        self,
        past: Vec<BuildState>,
        coloured: Vec<HighlightedBlocks>,
        standing: &impl PreviousOutput,
        progress: &impl Progress,
    ) -> Build {
        let sites = self.searched_sites();
        let federation = &self.home.sources().federation;
        let searched = Searched { sites: &sites, standing, federation, key: self.key() };
        let index = timed(progress, Stage::Index, || {
            self.all().for_each(LinkedSite::find_mentions);
            searched.files()
        });
        let dated = self.dated();
        let all: Vec<_> = self.all().zip(self.numbers()).zip(&past).zip(coloured).collect();
        let made: Vec<_> = timed(progress, Stage::Render, || {
            let make =
                |(((site, number), past), coloured): (((&LinkedSite, _), &BuildState), _)| {
                    let around = self.context(number, &dated);
                    site.gather(past, coloured, standing, &around, &StepsOnly(progress))
                };
            all.into_par_iter().map(make).collect()
        });
        let mut output: Vec<(Route, File)> = index;
        let (mut problems, mut counts) = (self.problems.clone(), Vec::new());
        for (files, found, of_site) in made {
            output.extend(files);
            problems.extend(found);
            counts.push(of_site);
        }
        output.extend(self.further().filter_map(|((site, path), route)| {
            Some((route.clone(), beside(&site.sources().tree, path)?))
        }));
        let mut output: Output = output.into_iter().collect();
        output.add(self.offline_files(&output, standing, &dated));
        Build {
            output,
            report: Report::new(problems),
            counts: counts.into_iter().sum(),
            parts: BuildParts { _sites: self, _past: past },
        }
    }
}
