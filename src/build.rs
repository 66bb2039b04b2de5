//! The stages in order: a [`Tree`] becomes an [`Output`], every note parsed and every page rendered in parallel, what an
//! earlier run made taken from the cache. Used alike by every command that needs the site.
//!
//! Must not know: where the output goes, the terminal.

mod colour;
mod parse;

use rayon::prelude::*;

use crate::cache::Cache;
use crate::config::{Config, Navigation};
use crate::diagnostic::{Diagnostic, Kind, Report};
use crate::markdown;
use crate::nav::PageId;
use crate::output::{File, Output};
use crate::page::{Press, Rendered};
use crate::path::{Route, SourcePath};
use crate::site::{EntryCounts, NavigationFile, Site};
use crate::source::{Entry, Tree};
use crate::summary::{self, Style};
use crate::theme::{StaticFile, Theme};

use self::parse::ParsedNotes;

/// Where a navigation file is looked for when the configuration names none.
const NAVIGATION_FILES: [&str; 3] = ["SUMMARY.md", "src/SUMMARY.md", "_sidebar.md"];

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
    /// Pages that were rendered.
    pub pages: usize,
    /// Distinct code blocks.
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

/// Builds the site of a tree.
#[must_use]
pub fn build(tree: &Tree, config: &Config, theme: &Theme, cache: &Cache, progress: &impl Progress) -> Build {
    let mut problems = [&tree.problems[..], &theme.problems].concat();
    let navigation = navigation(tree, config, &mut problems);
    let parse = || parse::parse(tree, config, navigation.as_ref(), cache, progress);
    let ParsedNotes { notes, parsed } = timed(progress, Stage::Parse, parse);
    problems.extend(notes.iter().flat_map(|note| note.problems.iter().cloned()));
    if notes.is_empty() {
        let problem = Diagnostic::new(Kind::Configuration, "there is no Markdown file to build");
        problems.push(problem.hint("name the folder of your notes: `notes build FOLDER`"));
    }
    let static_files = theme.files.keys().map(String::as_str).collect::<Vec<_>>();
    let link = || Site::new(&notes, tree, config, navigation.as_ref(), &static_files);
    let (site, coloured) = rayon::join(
        || timed(progress, Stage::Link, link),
        || timed(progress, Stage::Highlight, || colour::colour(tree, &notes, cache, progress)),
    );
    problems.extend(site.problems.iter().cloned());
    problems.extend(coloured.problems);
    let press = Press::new(&site, &notes, config, theme, &coloured.colours);
    let rendered = timed(progress, Stage::Render, || render(&site, &press, progress));
    let pages = rendered.len();
    let mut output = Vec::with_capacity(pages);
    for (route, (bytes, problem)) in rendered {
        output.push((route, File::from(bytes)));
        problems.extend(problem);
    }
    output.extend(files(tree, &site, theme));
    let sitemap = site.own.sitemap.clone().zip(press.sitemap());
    output.extend(sitemap.map(|(route, sitemap)| (route, File::from(sitemap))));
    let counts = Counts {
        notes: notes.len(),
        parsed,
        pages,
        codes: coloured.count,
        highlighted: coloured.highlighted,
        entries: site.entries,
    };
    Build { output: output.into_iter().collect(), report: Report::new(problems), counts }
}

/// Does a stage's work and tells when it began and ended.
fn timed<T>(progress: &impl Progress, stage: Stage, work: impl FnOnce() -> T) -> T {
    progress.begin(stage);
    let result = work();
    progress.end(stage);
    result
}

/// Renders all pages.
fn render(site: &Site, press: &Press<'_>, progress: &impl Progress) -> Vec<(Route, Rendered)> {
    progress.expect(site.pages.len());
    let pages = (0..site.pages.len()).into_par_iter().map(|index| {
        let rendered = press.page(PageId(index));
        progress.step();
        (site.pages[index].route.clone(), rendered)
    });
    let mut pages: Vec<_> = pages.collect();
    pages.extend(own_pages(site, press));
    pages
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

/// The pages of the program's own.
fn own_pages(site: &Site, press: &Press<'_>) -> Vec<(Route, Rendered)> {
    let mut pages = vec![(site.own.contents.clone(), press.contents())];
    if let Some(route) = &site.own.not_found {
        pages.push((route.clone(), press.not_found(route)));
    }
    pages
}

/// The files beside the notes that are published, and the theme's.
fn files<'a>(tree: &'a Tree, site: &'a Site, theme: &'a Theme) -> impl Iterator<Item = (Route, File)> + 'a {
    let beside = site.files.iter().filter_map(|(path, route)| match tree.entries.get(path) {
        Some(Entry::File { size }) => {
            Some((route.clone(), File::Copy { from: tree.on_disk(path), size: *size }))
        }
        _ => None,
    });
    let folder = &site.own.static_folder;
    let frame = theme.files.iter().map(move |(name, source)| {
        let file = match source {
            StaticFile::BuiltIn(bytes) => File::from(bytes.to_vec()),
            StaticFile::Own { path, size } => File::Copy { from: path.clone(), size: *size },
        };
        (Route::file(&format!("{folder}/{name}")), file)
    });
    beside.chain(frame)
}
