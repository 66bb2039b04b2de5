//! Linked notes → every file of their site: all at once, or one at a time on request, with the
//! same bytes either way.
//!
//! Must not know: the place of the files, the requests.

mod external;
mod on_request;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::artifacts::ArtifactBuilder;
use super::files::{beside, frame_file, static_route};
use super::highlight::HighlightedBlocks;
use super::mentions::SiteMentions;
use super::names;
use super::notes::{NoteRecord, Notes};
use super::search::SearchedSite;
use super::silences::{Silences, told};
use super::state::{self, BuildState, RenderedArtifacts};
use super::unread::unread_notes;
use super::{AssumeUpToDate, Counts, PreviousOutput, Progress, Sources, Stage, navigation, timed};
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::mention::{MentionSource, PageMentions};
use crate::nav::PageId;
use crate::note::Note;
use crate::output::File;
use crate::page::artifact::Artifact;
use crate::page::{DatedSite, NearSites, Renderer};
use crate::path::{Route, SourcePath};
use crate::site::{Given, Layout, Memo, NavigationFile, Site, Subject};
use crate::source::Tree;

/// A tree's notes put together, from which every file of the site can be made.
pub struct LinkedSite {
    sources: Sources,
    notes: Notes,
    site: Arc<Site>,
    /// The digest of everything that the site is made from.
    key: Digest,
    problems: Vec<Diagnostic>,
    /// Parts that the next site may reuse.
    memo: Memo,
    /// The output at each route, once one was asked for.
    places: OnceLock<Arc<HashMap<Route, RouteTarget>>>,
    /// The notes that link to the note of each page, or name it.
    mentions: SiteMentions,
}

/// The library around a site, and the digest of what the site's pages show of it.
#[derive(Clone, Copy, Default)]
pub(super) struct SiteContext<'a> {
    /// The other sites; `None` for a folder of notes alone.
    pub around: Option<NearSites<'a>>,
    /// The digest.
    pub key: Digest,
}

/// The output at a route.
enum RouteTarget {
    Artifact(Artifact),
    /// A file beside the notes.
    Beside(SourcePath),
    /// A file of the theme, by its name.
    Frame(String),
}

impl MentionSource for LinkedSite {
    fn mentions_of(&self, page: PageId) -> Option<&PageMentions> {
        self.mentions.get(&self.site, &self.notes, &self.sources.cache).of(page)
    }
}

impl LinkedSite {
    /// Puts the notes of a tree together. Parts of an earlier site are used where their inputs did
    /// not change.
    #[must_use]
    pub fn new(sources: &Sources, earlier: Option<&Self>) -> Self {
        let progress = &super::NoProgress;
        if let Some(earlier) = earlier.filter(|earlier| earlier.notes.are_sound()) {
            let records = |path: &SourcePath| earlier.notes.record_at(path);
            return Self::with(sources, records, Some(earlier), |_| (), progress);
        }
        let past = BuildState::load(&sources.cache);
        Self::with(sources, |path| past.notes.get(path), None, |_| (), progress)
    }

    /// The same; `beside` is done with the notes that were parsed now while they are put together.
    pub(super) fn with<'l>(
        sources: &Sources,
        records: impl Fn(&SourcePath) -> Option<&'l Arc<NoteRecord>> + Sync,
        earlier: Option<&Self>,
        beside: impl FnOnce(&Notes) + Send,
        progress: &impl Progress,
    ) -> Self {
        let Sources { tree, config, theme, .. } = sources;
        let mut problems = [&tree.problems[..], &theme.problems].concat();
        let navigation = navigation(tree, config, &mut problems);
        let load = || {
            Notes::load(
                sources,
                navigation.as_ref(),
                records,
                earlier.map(|earlier| &earlier.notes),
                progress,
            )
        };
        let notes = timed(progress, Stage::Parse, load);
        if sources.books.list.is_empty() {
            problems.extend(unread_notes(tree, notes.len()));
        }
        let link = || put_together(&notes, sources, navigation.as_ref(), earlier);
        let ((key, site, memo), ()) =
            rayon::join(|| timed(progress, Stage::Link, link), || beside(&notes));
        let is_heard =
            |problem: &Diagnostic| config.levels.severity(problem.kind) >= Some(sources.least);
        problems.extend(notes.problems(is_heard));
        problems.extend(site.problems.iter().filter(|problem| is_heard(problem)).cloned());
        problems.extend(site.link_problems.iter().filter(|found| is_heard(&found.problem)).map(
            |found| {
                let location = notes.location_of_link(found.note, found.link);
                Diagnostic { location, ..found.problem.clone() }
            },
        ));
        let problems = told(problems, &notes, config);
        // The outputs of the home of a library depend on its books.
        let is_alone = sources.books.list.is_empty() || sources.book.is_some();
        let places =
            earlier.filter(|earlier| is_alone && earlier.key == key && earlier.has_theme(sources));
        let places = places.and_then(|earlier| earlier.places.get().cloned());
        Self {
            sources: sources.clone(),
            places: places.map_or_else(OnceLock::new, OnceLock::from),
            mentions: SiteMentions::after(earlier.map(|earlier| &earlier.mentions)),
            notes,
            site,
            key,
            problems,
            memo,
        }
    }

    /// Diagnostics that are known before any page is rendered.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The values that it is made from.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Number of notes.
    #[must_use]
    pub fn note_count(&self) -> usize {
        self.notes.len()
    }

    /// The digest of everything that notes show of one another.
    #[must_use]
    pub fn key(&self) -> Digest {
        self.key
    }

    /// The notes, each with the digest of its text and that of everything that it is made from, in
    /// the order of their paths.
    pub fn digests(&self) -> impl Iterator<Item = (&SourcePath, Digest, Digest)> {
        self.notes.digests()
    }

    /// Number of notes that were parsed for it.
    #[must_use]
    pub fn parsed(&self) -> usize {
        self.notes.parsed
    }

    /// True if no file changed while its note was made.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.notes.are_sound()
    }

    /// The note that the page at a route shows; `None` for other pages and files.
    #[must_use]
    pub fn note_at(&self, route: &Route) -> Option<&SourcePath> {
        let page = self.site.page_at(route)?;
        Some(self.site.note_path(self.site.page(page).subject.note()?))
    }

    /// The note that the page at a route shows, parsed.
    #[must_use]
    pub fn parsed_at(&self, route: &Route) -> Option<&Note> {
        let index = self.notes.index_of(self.note_at(route)?)?;
        Some(self.notes.get(index))
    }

    /// The page of a note.
    #[must_use]
    pub fn route_of(&self, path: &SourcePath) -> Option<&Route> {
        // Notes and their pages have one order.
        Some(&self.site.pages[self.notes.index_of(path)?].route)
    }

    /// The route under which a file beside the notes is published.
    #[must_use]
    pub fn route_of_file(&self, path: &SourcePath) -> Option<&Route> {
        self.site.files.get(path)
    }

    /// The folders without a note of their own, and their pages.
    pub fn folder_pages(&self) -> impl Iterator<Item = (&SourcePath, &Route)> {
        self.site.pages.iter().filter_map(|page| match &page.subject {
            Subject::Folder(path) => Some((path, &page.route)),
            Subject::Note { .. } => None,
        })
    }

    /// True if a route is in the folder of the search index.
    #[must_use]
    pub fn is_of_search(&self, route: &Route) -> bool {
        route.as_str().starts_with(&self.site.own.search_folder())
    }

    /// Keeps the records of the notes for the next run; the site is kept when it is made.
    pub fn save_state(&self) {
        let cache = &self.sources.cache;
        if let Some(notes) = self.notes.records() {
            BuildState { notes, ..BuildState::load(cache) }.save(&BuildState::default(), cache);
        }
        self.mentions.save(&self.sources.cache);
    }
    fn has_theme(&self, sources: &Sources) -> bool {
        Arc::ptr_eq(&self.sources.theme, &sources.theme)
            && Arc::ptr_eq(&self.sources.config, &sources.config)
    }

    pub(super) fn renderer<'r>(&'r self, around: &SiteContext<'r>) -> Renderer<'r> {
        let Sources { config, theme, .. } = &self.sources;
        let renderer = Renderer::new(&self.site, config, theme, self.sources.history());
        let renderer = renderer.within(around.around).with_federation(&self.sources.federation);
        renderer.with_mentions(self)
    }

    /// The names of the theme's files that the site has: those of a library are with its home.
    fn frame_names(&self) -> impl Iterator<Item = &String> {
        let is_home = self.sources.book.is_none();
        self.sources.theme.files.keys().filter(move |_| is_home)
    }

    /// The files of the theme that are there for the writer's own purposes.
    pub(super) fn own_static_routes(&self) -> impl Iterator<Item = Route> {
        let theme = &self.sources.theme;
        let frame: HashSet<&str> = theme.frame_names().collect();
        let others = self.frame_names().filter(move |name| !frame.contains(name.as_str()));
        others.map(|name| static_route(&self.site, name))
    }

    /// The site with the history of its notes.
    pub(super) fn dated(&self) -> DatedSite<'_> {
        DatedSite { site: &self.site, history: self.sources.history() }
    }

    /// The site as far as it is searched.
    pub(super) fn searched(&self) -> SearchedSite<'_> {
        let Sources { cache, book, .. } = &self.sources;
        SearchedSite { site: &self.site, notes: &self.notes, cache, is_book: book.is_some() }
    }

    /// The notes that are in memory, by their keys.
    pub(super) fn notes_by_key(&self) -> HashMap<Digest, Arc<Note>> {
        self.notes.at_hand_by_key()
    }

    /// A note, made now if need be.
    pub(super) fn note(&self, index: usize) -> &Note {
        self.notes.get(index)
    }

    /// A diagnostic about a link of a note, with its place.
    pub(super) fn about_link(&self, note: usize, link: usize, problem: Diagnostic) -> Diagnostic {
        Diagnostic { location: self.notes.location_of_link(note, link), ..problem }
    }

    /// Finds the notes that name others: with all processors, which would wait for one if pages
    /// asked for it.
    pub(super) fn find_mentions(&self) {
        if !self.sources.config.without_mentions {
            self.mentions.get(&self.site, &self.notes, &self.sources.cache);
        }
    }

    /// The files on disk without those that are not published.
    pub(super) fn published(&self) -> &Tree {
        self.notes.published()
    }

    /// The messages that are reported, each with its adjusted severity.
    pub(super) fn told(&self, messages: Vec<Diagnostic>) -> Vec<Diagnostic> {
        told(messages, &self.notes, &self.sources.config)
    }

    /// Diagnostics that notes ignore.
    pub(super) fn silences(&self) -> Silences {
        self.notes.silences()
    }

    fn artifact_builder<'p, P: PreviousOutput>(
        &'p self,
        renderer: &'p Renderer<'p>,
        previous: &'p P,
        around: &SiteContext<'_>,
    ) -> ArtifactBuilder<'p, P> {
        let (site, notes, sources) = (&*self.site, &self.notes, &self.sources);
        let Sources { config, theme, federation, .. } = sources;
        let history = sources.history().digest();
        // The digest of static files is in the addresses with which pages ask for them.
        let theme = (theme.digest, renderer.frame_digest());
        let frames = (self.key, config, theme, history, federation, around.key);
        let frames = Digest::of_value(&frames);
        ArtifactBuilder { site, notes, renderer, sources, previous, frames }
    }

    /// Keeps the state for the next build. If files changed during this one, the last state stays.
    fn keep(&self, artifacts: RenderedArtifacts, frames: Digest, past: &BuildState) {
        let cache = &self.sources.cache;
        if let Some(notes) = self.notes.records() {
            BuildState { notes, frames, artifacts }.save(past, cache);
        }
        self.mentions.save(cache);
    }

    fn counts(&self, coloured: &HighlightedBlocks, pages: usize, rendered: usize) -> Counts {
        Counts {
            notes: self.notes.len(),
            drafts: self.notes.drafts(),
            parsed: self.notes.parsed,
            pages,
            rendered,
            codes: coloured.blocks.len(),
            highlighted: coloured.highlighted,
            entries: self.site.entries,
            books: usize::from(self.sources.book.is_some()),
        }
    }

    /// The diagnostics of pages, which are rendered if they were not before, and the amount of
    /// work.
    pub(super) fn examine(
        &self,
        past: &BuildState,
        around: &SiteContext<'_>,
        progress: &impl Progress,
    ) -> (Vec<Diagnostic>, Counts) {
        let mut coloured = HighlightedBlocks::default();
        let renderer = self.renderer(around);
        let builder = self.artifact_builder(&renderer, &AssumeUpToDate, around);
        let mut made = builder.build(past, &mut coloured, progress);
        made.problems.extend(self.notes.take_read_problems());
        let counts = self.counts(&coloured, made.pages, made.rendered);
        self.keep(made.state, builder.frames, past);
        (self.told(made.problems), counts)
    }

    /// All files but those of the search, the diagnostics about them, and the amount of work.
    /// `past` is the state of the last build, `coloured` the code that has its colours already.
    pub(super) fn gather(
        &self,
        past: &BuildState,
        mut coloured: HighlightedBlocks,
        standing: &impl PreviousOutput,
        around: &SiteContext<'_>,
        progress: &impl Progress,
    ) -> (Vec<(Route, File)>, Vec<Diagnostic>, Counts) {
        let Sources { tree, theme, .. } = &self.sources;
        let (site, notes) = (&*self.site, &self.notes);
        let renderer = self.renderer(around);
        let builder = self.artifact_builder(&renderer, standing, around);
        let mut made = builder.build(past, &mut coloured, progress);
        made.problems.extend(notes.take_read_problems());
        let mut output = made.files;
        output.extend(
            site.files
                .iter()
                .filter_map(|(path, route)| Some((route.clone(), beside(tree, path)?))),
        );
        let frame = self.frame_names().filter_map(|name| Some((name, theme.files.get(name)?)));
        output.extend(frame.map(|(name, source)| (static_route(site, name), frame_file(source))));
        let counts = self.counts(&coloured, made.pages, made.rendered);
        self.keep(made.state, builder.frames, past);
        (output, self.told(made.problems), counts)
    }
}

/// The notes put together, as an earlier run left them or now, the digest of everything that they
/// are made from, and what need not be worked out again for the next time.
fn put_together(
    notes: &Notes,
    sources: &Sources,
    navigation: Option<&NavigationFile>,
    earlier: Option<&LinkedSite>,
) -> (Digest, Arc<Site>, Memo) {
    let Sources { config, theme, cache, .. } = sources;
    let tree = notes.published();
    let static_files = &theme.files.keys().map(String::as_str).collect::<Vec<_>>()[..];
    let renamed =
        if config.redirects_renamed { &sources.history().renamed } else { &BTreeMap::new() };
    let categories = &names::categories(tree, config);
    let (books, book) = (&*sources.books, sources.book);
    let given = Given { tree, config, navigation, static_files, renamed, categories, books, book };
    let layout = Layout::new(given);
    let facts: Vec<Digest> = notes.known().map(|known| known.facts).collect();
    let key = Cache::key("site", &[&Digest::of_value(&(facts, layout.digest())).to_bytes()]);
    let mut memo = earlier.map(|earlier| earlier.memo.clone()).unwrap_or_default();
    let standing = match earlier {
        Some(earlier) => Some(&earlier.site).filter(|_| earlier.key == key).cloned(),
        None => state::load_site(cache, key).map(Arc::new),
    };
    let site = standing.unwrap_or_else(|| {
        let notes = notes.all();
        let site = Site::after(&mut memo, layout, &notes);
        state::save_site(&site, key, cache);
        Arc::new(site)
    });
    (key, site, memo)
}
