//! The stages in order: a [`Tree`] becomes an [`Output`], every note parsed and every page rendered in parallel. What an
//! earlier run made from the same is taken from where that is kept; what a thing is made from, the digests say that are
//! its keys, so nothing is ever invalidated. Used alike by every command that needs the site.
//!
//! Must not know: where the output goes, the terminal.

mod colour;
mod notes;
mod pages;
mod past;
mod search;

use crate::cache::Cache;
use crate::config::{Config, Navigation};
use crate::diagnostic::{Diagnostic, Kind, Report};
use crate::digest::Digest;
use crate::markdown;
use crate::output::{File, Output};
use crate::page::Press;
use crate::path::{Route, SourcePath};
use crate::site::{EntryCounts, NavigationFile, Site};
use crate::source::{Entry, Tree};
use crate::summary::{self, Style};
use crate::theme::{StaticFile, Theme};

use self::colour::Coloured;
use self::notes::Notes;
use self::pages::Pages;
use self::past::Past;
use self::search::Searched;

pub use self::search::Searchable;

/// Where a navigation file is looked for when the configuration names none.
const NAVIGATION_FILES: [&str; 3] = ["SUMMARY.md", "src/SUMMARY.md", "_sidebar.md"];

/// Under which name the cache has the last [`Site`].
const SITE: &str = "site";

/// What a build comes to.
#[derive(Debug)]
pub struct Build {
    /// The site.
    pub output: Output,
    /// What the writer is told.
    pub report: Report,
    /// How much there was to do.
    pub counts: Counts,
}

/// How much a build did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Notes with a page.
    pub notes: usize,
    /// Notes that were parsed; the others were in the cache.
    pub parsed: usize,
    /// Pages of the site.
    pub pages: usize,
    /// Pages that were rendered; the others stand already.
    pub rendered: usize,
    /// Distinct code blocks of the pages that were rendered.
    pub codes: usize,
    /// Code blocks that were highlighted; the others were in the cache, or need no colours.
    pub highlighted: usize,
    /// How the entries of the navigation file came out, if one was used.
    pub entries: Option<EntryCounts>,
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
    /// Comparing with what stands on disk, and writing.
    Write,
}

/// How far a build is: told when a stage begins, and after each note that is parsed, block that is highlighted and
/// page that is rendered.
pub trait Progress: Sync {
    /// A stage begins; others may be under way.
    fn begin(&self, stage: Stage);
    /// A stage is over.
    fn end(&self, stage: Stage);
    /// So many more steps will come.
    fn expect(&self, steps: usize);
    /// One step is done.
    fn step(&self);
}

/// Nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&self, _: Stage) {}
    fn end(&self, _: Stage) {}
    fn expect(&self, _: usize) {}
    fn step(&self) {}
}

/// Begins to load what highlighting needs, beside whatever is done next.
pub fn warm_up() {
    rayon::spawn(markdown::load_grammars);
}

/// Files of the site that are at hand from an earlier build.
pub trait Standing: Sync {
    /// The file at `route`, if it is at hand and its bytes have this digest.
    fn file(&self, route: &Route, digest: Digest) -> Option<File>;

    /// The bytes of that file.
    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>>;
}

/// No file is at hand.
pub struct Nothing;

impl Standing for Nothing {
    fn file(&self, _: &Route, _: Digest) -> Option<File> {
        None
    }

    fn bytes(&self, _: &Route, _: Digest) -> Option<Vec<u8>> {
        None
    }
}

/// Builds the site of a tree. What an earlier build left in the cache and `standing` is used where it was made from
/// the same; the result is that of a build from nothing.
#[must_use]
pub fn build(
    tree: &Tree,
    config: &Config,
    theme: &Theme,
    cache: &Cache,
    standing: &impl Standing,
    progress: &impl Progress,
) -> Build {
    let past = Past::of(cache);
    let mut problems = [&tree.problems[..], &theme.problems].concat();
    let navigation = navigation(tree, config, &mut problems);
    let learn = || Notes::learn(tree, config, navigation.as_ref(), cache, &past.notes, progress);
    let notes = timed(progress, Stage::Parse, learn);
    if notes.len() == 0 {
        let problem = Diagnostic::new(Kind::Configuration, "there is no Markdown file to build");
        problems.push(problem.hint("name the folder of your notes: `notes build FOLDER`"));
    }
    let static_files = theme.files.keys().map(String::as_str).collect::<Vec<_>>();
    let mut coloured = Coloured::default();
    let link = || site(&notes, tree, config, navigation.as_ref(), &static_files, cache);
    // The pages of notes that were parsed now are made anew, so their code is wanted whatever the site says.
    let ((key, site), ()) = rayon::join(
        || timed(progress, Stage::Link, link),
        || timed(progress, Stage::Highlight, || coloured.add(&notes.at_hand(), cache, progress)),
    );
    problems.extend(notes.problems());
    problems.extend(site.problems.iter().cloned());
    problems.extend(site.link_problems.iter().map(|found| {
        let (file, line) = notes.place_of_link(found.note, found.link);
        found.problem.clone().in_file(file).at_line(line)
    }));
    let searched = Searched { site: &site, notes: &notes, cache, standing, site_key: key };
    let index = timed(progress, Stage::Index, || searched.files());
    let press = Press::new(&site, config, theme);
    let frames = Digest::of_value(&(key, config, theme.digest));
    let pages = Pages { site: &site, notes: &notes, press: &press, tree, theme, cache, standing, frames };
    let made = timed(progress, Stage::Render, || pages.make(&past, &mut coloured, progress));
    problems.extend(made.problems);
    let mut output = made.files;
    output.extend(index);
    output.extend(files(tree, &site, theme));
    let counts = Counts {
        notes: notes.len(),
        parsed: notes.parsed,
        pages: made.count,
        rendered: made.rendered,
        codes: coloured.colours.len(),
        highlighted: coloured.highlighted,
        entries: site.entries,
    };
    Past::leave(notes.into_learnt(), frames, made.made, cache);
    Build { output: output.into_iter().collect(), report: Report::new(problems), counts }
}

/// The pages of a tree as far as they are searched, in reading order: those that the search index of its site holds.
#[must_use]
pub fn searchable(tree: &Tree, config: &Config, theme: &Theme, cache: &Cache) -> Vec<Searchable> {
    let navigation = navigation(tree, config, &mut Vec::new());
    let notes = Notes::learn(tree, config, navigation.as_ref(), cache, &Past::of(cache).notes, &Unwatched);
    let static_files = theme.files.keys().map(String::as_str).collect::<Vec<_>>();
    let site = site(&notes, tree, config, navigation.as_ref(), &static_files, cache).1;
    search::pages(&site, &notes)
}

/// The notes put together, as an earlier run left them or now, and the digest of everything that they are made from.
fn site(
    notes: &Notes<'_>,
    tree: &Tree,
    config: &Config,
    navigation: Option<&NavigationFile>,
    static_files: &[&str],
    cache: &Cache,
) -> (Digest, Site) {
    let key = site_key(notes, tree, config, navigation, static_files);
    let site = cache.last(SITE, key).unwrap_or_else(|| {
        let site = Site::new(&notes.all(), tree, config, navigation, static_files);
        cache.leave(SITE, key, &site);
        site
    });
    (key, site)
}

/// The digest of everything that a [`Site`] is made from.
fn site_key(
    notes: &Notes<'_>,
    tree: &Tree,
    config: &Config,
    navigation: Option<&NavigationFile>,
    static_files: &[&str],
) -> Digest {
    let facts: Vec<Digest> = notes.known().map(|known| known.facts).collect();
    // Notes without a page count as little as if they were not there.
    let entries = tree.entries.iter().filter_map(|(path, entry)| {
        let (kind, address) = match entry {
            Entry::Note(_) => return None,
            Entry::Elsewhere(url) => (0, Some(url)),
            Entry::File { .. } => (1, None),
            Entry::LfsPointer => (2, None),
            Entry::Folder => (3, None),
            Entry::Hidden => (4, None),
        };
        Some((path, kind, address))
    });
    let entries = entries.collect::<Vec<_>>();
    let folder = (tree.root.file_name(), &tree.prefix);
    let digest = Digest::of_value(&(facts, entries, folder, config, navigation, static_files));
    Cache::key("site", &[&digest.to_bytes()])
}

/// Does a stage's work and tells when it began and ended.
fn timed<T>(progress: &impl Progress, stage: Stage, work: impl FnOnce() -> T) -> T {
    progress.begin(stage);
    let result = work();
    progress.end(stage);
    result
}

/// The navigation file: the one that the configuration names, else one of the usual ones, if it lists anything.
fn navigation(tree: &Tree, config: &Config, problems: &mut Vec<Diagnostic>) -> Option<NavigationFile> {
    let read = |path: SourcePath| {
        let text = tree.text_of(&path)?;
        Ok::<_, std::io::Error>(NavigationFile { shown: tree.shown(&path), path, text })
    };
    if let Navigation::File(path) = &config.navigation {
        return match read(path.clone()) {
            Ok(file) => Some(file),
            Err(error) => {
                let message = format!("the navigation file cannot be read: {error}");
                let problem = Diagnostic::new(Kind::StaleNavigation, message).in_file(tree.shown(path));
                problems.push(
                    problem.hint("correct `navigation` in the configuration; the folders are used instead"),
                );
                None
            }
        };
    }
    let usual = NAVIGATION_FILES
        .iter()
        .filter(|_| config.navigation == Navigation::Discover)
        .filter_map(|name| SourcePath::new(name));
    let is_note = |path: &SourcePath| matches!(tree.entries.get(path), Some(Entry::Note(_)));
    let found = usual.filter(is_note).filter_map(|path| read(path).ok());
    found
        .into_iter()
        .find(|file| summary::parse(&file.text, Style::Summary).iter().any(|item| item.destination.is_some()))
}

/// The files beside the notes that are published, and the theme's.
fn files<'a>(tree: &'a Tree, site: &'a Site, theme: &'a Theme) -> impl Iterator<Item = (Route, File)> + 'a {
    let beside = site.files.iter().filter_map(|(path, route)| match tree.entries.get(path) {
        Some(Entry::File { size, stamp }) => {
            Some((route.clone(), File::Copy { from: tree.on_disk(path), size: *size, stamp: *stamp }))
        }
        _ => None,
    });
    let folder = &site.own.static_folder;
    let frame = theme.files.iter().map(move |(name, source)| {
        let file = match source {
            StaticFile::BuiltIn(bytes) => File::from(bytes.to_vec()),
            StaticFile::Own { path, size } => File::Copy { from: path.clone(), size: *size, stamp: None },
        };
        (Route::file(&format!("{folder}/{name}")), file)
    });
    beside.chain(frame)
}
