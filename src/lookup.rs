//! A folder of notes and a query → the matching sections in the order of the site's own search,
//! each with its place in the files. Writes nothing.
//!
//! Must not know: the command line, the terminal.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::Serialize;

use crate::build::{CommandUse, LinkedSites, Searchable};
use crate::diagnostic::Diagnostic;
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::search::fold::fold;
use crate::search::{FoldedPage, Found, Query, Section, Snippet, tag};
use crate::source::Tree;

/// A page with something that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageResult {
    /// Its file, as a person would name it.
    pub file: String,
    /// The page's address, from the site's root.
    pub page: String,
    /// Its title.
    pub title: String,
    /// The entries above it in the navigation.
    pub trail: Vec<String>,
    /// The sections that hold it: the page's own, then the best first.
    pub sections: Vec<SectionResult>,
}

/// A section that holds what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionResult {
    /// The line of the file where the first word stands, or the section begins.
    pub line: u32,
    /// The id of its heading; empty for the page's own section.
    pub anchor: String,
    /// The words of its heading.
    pub heading: String,
    /// A few words around the first place.
    pub snippet: String,
    /// The ranges that match, in bytes.
    pub marks: Vec<(usize, usize)>,
}

/// The notes of a folder, ready to be searched.
pub struct SearchedNotes {
    /// The files of each site: of the library's own folder, then of the books.
    trees: Vec<Arc<Tree>>,
    pages: Vec<(Searchable, FoldedPage)>,
}

impl SearchedNotes {
    /// Reads the notes.
    ///
    /// # Errors
    /// A configuration with mistakes.
    pub fn open(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let collection = Collection::open(folder, &Self::options())?;
        let sites = LinkedSites::new(&collection.home.sources, &collection.book_sources(), None);
        Ok(Self::new(&collection, &sites))
    }

    /// The options of a folder that is only searched and read.
    #[must_use]
    pub fn options() -> ProjectOptions {
        ProjectOptions {
            // Results show no dates, and asking git takes longer than all else.
            history: false,
            cache: CacheUse::Read,
            // The words of drawings by commands are found as on the site.
            commands: CommandUse::Kept,
            ..ProjectOptions::new(SystemTime::now())
        }
    }

    /// The notes of sites that are linked.
    #[must_use]
    pub fn new(collection: &Collection, sites: &LinkedSites) -> Self {
        let pages = sites.searchable();
        let folded = pages.into_par_iter().map(|searchable| {
            let folded = searchable.page.folded();
            (searchable, folded)
        });
        let pages = folded.collect();
        Self { trees: collection.sources().map(|sources| sources.tree.clone()).collect(), pages }
    }

    /// All pages, in reading order.
    pub fn pages(&self) -> impl Iterator<Item = &Searchable> {
        self.pages.iter().map(|(searchable, _)| searchable)
    }

    /// Everything that is found, on pages with a tag if one is given.
    #[must_use]
    pub fn look_up(&self, typed: &str, tag: Option<&str>) -> Vec<PageResult> {
        let query = Query::parse(typed);
        let tag = tag.map(|tag| tag::term(tag.trim_start_matches('#')));
        let is_meant = |searchable: &Searchable| {
            tag.as_ref().is_none_or(|tag| searchable.page.tags.contains(tag))
        };
        let found = self.pages.par_iter().filter(|(searchable, _)| is_meant(searchable));
        let found =
            found.filter_map(|(searchable, folded)| Some((folded.find(&query)?, searchable)));
        let mut found: Vec<(Found, &Searchable)> = found.collect();
        // Equal ones stay in reading order.
        found.sort_by_key(|(found, _)| found.rank);
        found
            .par_iter()
            .map(|(found, searchable)| self.found_page(found, searchable, &query))
            .collect()
    }

    fn found_page(&self, found: &Found, searchable: &Searchable, query: &Query) -> PageResult {
        let page = &searchable.page;
        let tree = &self.trees[searchable.site];
        let text = tree.text_of(&searchable.path).unwrap_or_default();
        let section = |number: usize| {
            let section = &page.sections[number];
            let Snippet { text: snippet, marks } = section.snippet(query);
            SectionResult {
                line: line(searchable, number, &text, query),
                anchor: section.anchor.clone(),
                heading: if number == 0 { page.title.clone() } else { section.heading.clone() },
                snippet,
                marks,
            }
        };
        PageResult {
            file: tree.shown(&searchable.path),
            page: page.address.clone(),
            title: page.title.clone(),
            trail: page.trail.clone(),
            sections: found.sections.iter().map(|found| section(found.number)).collect(),
        }
    }
}

/// The line of a section where the first word that stands on one line stands, else where the
/// section begins.
fn line(searchable: &Searchable, number: usize, text: &Arc<str>, query: &Query) -> u32 {
    let line_of = |section: Option<&Section>| {
        section.and_then(|section| searchable.heading_lines.get(section.number?)).copied()
    };
    let sections = &searchable.page.sections;
    let first = line_of(sections.get(number)).unwrap_or(1);
    let last = line_of(sections.get(number + 1)).unwrap_or(u32::MAX);
    let lines = text.lines().zip(1_u32..).skip_while(|(_, line)| *line < first);
    let mut lines = lines.take_while(|(_, line)| *line < last || *line == first);
    let holds =
        |line: &str| query.words.iter().any(|word| word.places(&fold(line)).next().is_some());
    lines.find(|(line, _)| holds(line)).map_or(first, |(_, line)| line)
}
