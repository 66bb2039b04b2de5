//! The stages in order: a [`Tree`] becomes an [`Output`], every note parsed and every page rendered
//! in parallel. Values of an earlier run are reused: each is kept under the digest of its inputs,
//! so nothing has to be invalidated. Every command that needs the site uses it.
//!
//! Must not know: where the output goes, the terminal.

mod artifacts;
mod book_links;
mod commands;
mod drawings;
mod files;
mod highlight;
mod linked_site;
mod linked_sites;
mod mentions;
mod mind_maps;
mod names;
mod notes;
mod offline;
mod search;
mod silences;
mod state;
mod unread;

use std::iter::Sum;
use std::path::Path;
use std::sync::Arc;

use crate::books::Books;
use crate::cache::Cache;
use crate::config::{Config, Navigation};
use crate::diagnostic::{Diagnostic, Kind, Location, Report, Severity};
use crate::digest::Digest;
use crate::federation::FederatedSite;
use crate::history::{History, PendingHistory};
use crate::markdown;
use crate::note::{self, Note};
use crate::output::{File, Output};
use crate::path::{Route, SourcePath};
use crate::phrase::phrase;
use crate::site::{EntryCounts, NavigationFile};
use crate::source::{Entry, Tree};
use crate::summary::{self, Style};
use crate::theme::Theme;

use self::highlight::HighlightedBlocks;
use self::silences::Silences;

pub use self::commands::{CommandRunner, CommandUse};
pub use self::linked_site::LinkedSite;
pub use self::linked_sites::LinkedSites;
pub use self::search::Searchable;
pub use self::state::load_ahead;

/// The usual names of a navigation file, if the settings name none.
const NAVIGATION_FILES: [&str; 3] = ["SUMMARY.md", "src/SUMMARY.md", "_sidebar.md"];

/// The result of a build.
pub struct Build {
    /// The site.
    pub output: Output,
    /// A diagnostic for the writer.
    pub report: Report,
    /// The amount of work.
    pub counts: Counts,
    /// Everything that it is made from.
    pub parts: BuildParts,
}

/// Everything that a build is made from. To free it takes time, which a program that ends need not
/// spend.
pub struct BuildParts {
    _sites: LinkedSites,
    _past: Vec<state::BuildState>,
}

/// The result of a check.
#[derive(Debug)]
pub struct Examined {
    /// A diagnostic for the writer.
    pub report: Report,
    /// The amount of work.
    pub counts: Counts,
    /// The links to other sites, with their places.
    pub external: Vec<(Location, String)>,
    /// Diagnostics that notes ignore.
    pub silences: Silences,
}

/// The amount of work of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Notes with a page.
    pub notes: usize,
    /// Notes that are not to be published yet.
    pub drafts: usize,
    /// Notes that were parsed; the others were in the cache.
    pub parsed: usize,
    /// Pages of the site.
    pub pages: usize,
    /// Pages that were rendered; the others are up to date.
    pub rendered: usize,
    /// Distinct code blocks of the pages that were rendered.
    pub codes: usize,
    /// Code blocks that were highlighted; the others were in the cache, or need no colours.
    pub highlighted: usize,
    /// Counts of the entries of the navigation file, if one was used.
    pub entries: Option<EntryCounts>,
    /// Number of books, if there are several.
    pub books: usize,
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, of| Self {
            notes: sum.notes + of.notes,
            drafts: sum.drafts + of.drafts,
            parsed: sum.parsed + of.parsed,
            pages: sum.pages + of.pages,
            rendered: sum.rendered + of.rendered,
            codes: sum.codes + of.codes,
            highlighted: sum.highlighted + of.highlighted,
            entries: sum.entries.or(of.entries),
            books: sum.books + of.books,
        })
    }
}

/// A part of a build that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Walking the notes' folder and reading the notes.
    Read,
    /// Parsing the notes.
    Parse,
    /// Putting the notes together: navigation, routes, links.
    Link,
    /// Highlighting code.
    Highlight,
    /// Making the search index.
    Index,
    /// Rendering pages.
    Render,
    /// Comparing with the files on disk, and writing.
    Write,
    /// Asking other sites.
    Ask,
}

/// The progress of a build: called when a stage begins, and after each note that is parsed, block
/// that is highlighted and page that is rendered.
pub trait Progress: Sync {
    /// A stage begins; others may be under way.
    fn begin(&self, stage: Stage);
    /// A stage is over.
    fn end(&self, stage: Stage);
    /// So many more steps will come.
    fn expect(&self, steps: usize);
    /// A step is done.
    fn step(&self);
    /// Another build has the output folder, and this one waits for its end.
    fn waits_for(&self, site: &Path);
}

/// Progress that is not shown.
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _: Stage) {}
    fn end(&self, _: Stage) {}
    fn expect(&self, _: usize) {}
    fn step(&self) {}
    fn waits_for(&self, _: &Path) {}
}

/// Begins to load what highlighting needs, beside whatever is done next.
pub fn warm_up() {
    rayon::spawn(markdown::load_grammars);
}

/// Files of the site that are at hand from an earlier build, and the place of those that are made.
pub trait PreviousOutput: Sync {
    /// The file at `route`, if it is at hand and its bytes have this digest.
    fn file(&self, route: &Route, digest: Digest) -> Option<File>;

    /// The bytes of that file.
    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>>;

    /// The file at `route` with these bytes, which were made now. They need not stay in memory.
    fn made(&self, _: &Route, bytes: Vec<u8>) -> File {
        File::from(bytes)
    }

    /// The digest of a file to copy, if a copy of it is at hand at `route`.
    fn digest_of_copy(&self, _: &Route, _: &File) -> Option<Digest> {
        None
    }

    /// The note with this key, if it is at hand beside what the cache has.
    fn note(&self, _: Digest) -> Option<Arc<Note>> {
        None
    }
}

/// Takes every file to be up to date: a check writes none.
struct AssumeUpToDate;

impl PreviousOutput for AssumeUpToDate {
    fn file(&self, _: &Route, _: Digest) -> Option<File> {
        Some(File::from(Vec::new()))
    }

    fn made(&self, _: &Route, bytes: Vec<u8>) -> File {
        File::OnDisk { digest: Digest::of(&bytes), size: bytes.len() as u64 }
    }

    fn bytes(&self, _: &Route, _: Digest) -> Option<Vec<u8>> {
        None
    }
}

/// No file is at hand.
pub struct NoPreviousOutput;

impl PreviousOutput for NoPreviousOutput {
    fn file(&self, _: &Route, _: Digest) -> Option<File> {
        None
    }

    fn bytes(&self, _: &Route, _: Digest) -> Option<Vec<u8>> {
        None
    }
}

/// The values that a site is built from.
#[derive(Clone)]
pub struct Sources {
    /// The notes.
    pub tree: Arc<Tree>,
    /// The settings.
    pub config: Arc<Config>,
    /// Templates and static files.
    pub theme: Arc<Theme>,
    /// Values of earlier builds.
    pub cache: Arc<Cache>,
    /// When the notes were changed, and by whom.
    pub history: Arc<PendingHistory>,
    /// The commands that draw blocks.
    pub commands: Arc<CommandRunner>,
    /// Diagnostics below this severity are dropped: there may be thousands of hints.
    pub least: Severity,
    /// The books of the library.
    pub books: Arc<Books>,
    /// The number of the book that the notes are, if they are one of those.
    pub book: Option<usize>,
    /// The sites elsewhere that are searched with this one.
    pub federation: Arc<Vec<FederatedSite>>,
}

impl Sources {
    /// All of them together.
    #[must_use]
    pub fn new(
        tree: impl Into<Arc<Tree>>,
        config: impl Into<Arc<Config>>,
        theme: impl Into<Arc<Theme>>,
        cache: impl Into<Arc<Cache>>,
    ) -> Self {
        let (tree, config, theme, cache) = (tree.into(), config.into(), theme.into(), cache.into());
        Self {
            tree,
            config,
            theme,
            cache,
            history: Arc::default(),
            commands: Arc::default(),
            least: Severity::Hint,
            books: Arc::default(),
            book: None,
            federation: Arc::default(),
        }
    }

    /// The folder of the book's pages below the site's root, if the notes are a book of a library.
    #[must_use]
    pub fn place(&self) -> Option<&SourcePath> {
        self.books.list.get(self.book?).map(|book| &book.place)
    }

    /// The history of the notes, once it is read.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history.wait().history
    }
}

/// Builds a site. What an earlier build left in the cache and `standing` is used where it was made
/// from the same; the result is that of a build from nothing.
#[must_use]
pub fn build(sources: &Sources, standing: &impl PreviousOutput, progress: &impl Progress) -> Build {
    build_library(sources, &[], standing, progress)
}

/// Builds the site of a library: of its own folder, and of its books.
#[must_use]
pub fn build_library<P: Progress>(
    home: &Sources,
    books: &[Sources],
    standing: &impl PreviousOutput,
    progress: &P,
) -> Build {
    let past = linked_sites::past_states(home, books);
    // The pages of notes that were parsed now are made anew, so their code is wanted whatever the
    // site says.
    let mut coloured: Vec<HighlightedBlocks> = Vec::new();
    let shared = (!books.is_empty()).then(Arc::default);
    coloured.resize_with(past.len(), || HighlightedBlocks::sharing(shared.clone()));
    let linked = LinkedSites::with(home, books, &past, Some(&mut coloured), progress);
    linked.gather(past, coloured, standing, progress)
}

/// Checks the notes of a tree: gives all diagnostics of a build, and no site.
#[must_use]
pub fn examine(home: &Sources, books: &[Sources], progress: &impl Progress) -> Examined {
    let past = linked_sites::past_states(home, books);
    let linked = LinkedSites::with(home, books, &past, None, progress);
    linked.examine(&past, progress)
}

/// Does a stage's work and reports when it began and ended.
fn timed<T>(progress: &impl Progress, stage: Stage, work: impl FnOnce() -> T) -> T {
    progress.begin(stage);
    let result = work();
    progress.end(stage);
    result
}

/// The path of the navigation file, if one is used.
#[must_use]
pub fn navigation_file(tree: &Tree, config: &Config) -> Option<SourcePath> {
    navigation(tree, config, &mut Vec::new()).map(|file| file.path)
}

/// The navigation file: the one that the configuration names, else one of the usual ones, if it
/// lists anything.
fn navigation(
    tree: &Tree,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> Option<NavigationFile> {
    let read = |path: SourcePath| {
        let text = tree.text_of(&path)?;
        let text = note::plain(&text).into();
        let shown = tree.shown(&path);
        Ok::<_, std::io::Error>(NavigationFile { shown, path, text, is_derived: false })
    };
    if let Navigation::File(path) = &config.navigation {
        return match read(path.clone()) {
            Ok(file) => Some(file),
            Err(error) => {
                let message = phrase!("the navigation file cannot be read: {error}", error);
                let problem =
                    Diagnostic::new(Kind::StaleNavigation, message).in_file(tree.shown(path));
                problems.push(problem.help(phrase!(
                    "correct `navigation` in the configuration; the folders are used instead"
                )));
                None
            }
        };
    }
    if config.navigation == Navigation::Tree {
        return None;
    }
    let usual = NAVIGATION_FILES.iter().filter_map(|name| SourcePath::new(name));
    let is_note = |path: &SourcePath| matches!(tree.entries.get(path), Some(Entry::Note(_)));
    let found = usual.filter(is_note).filter_map(|path| read(path).ok());
    let usual = found.into_iter().find(|file| {
        summary::parse(&file.text, Style::Summary).iter().any(|item| item.destination.is_some())
    });
    usual.or_else(|| in_settings(&config.navigation))
}

/// The navigation in the settings of another generator.
fn in_settings(navigation: &Navigation) -> Option<NavigationFile> {
    let Navigation::Settings(settings) = navigation else { return None };
    Some(NavigationFile {
        path: SourcePath::new(settings.file)?,
        shown: settings.file.to_owned(),
        text: settings.summary.as_str().into(),
        is_derived: true,
    })
}

#[cfg(test)]
mod tests;
