//! Pages as passages → the results of a query, and the index with which a browser finds the same.
//!
//! ```text
//!  typed ──▶ Query ──┐
//!                    ├──▶ Found (notes search)
//!  Note ──▶ SearchPage ────┤
//!                    └──▶ Index ──▶ scripts (static/search.js reads them)
//! ```
//!
//! The unit of a result is a section: a heading and the text below it up to the next; the first
//! section of a page is the page's own, with its title and keywords. All words of a query must
//! occur in one section. `static/search.js` has the same rules and gives the same order.
//!
//! Must not know: routes, the display of results, the disk.

mod digits;
pub mod fold;
mod found;
mod gathered;
mod index;
mod merged;
pub mod query;
mod rank;
mod script;
pub mod tag;
mod term;
#[cfg(test)]
mod tests;

use crate::markdown::passages;
use crate::note::Note;

use self::fold::fold;

pub use self::found::{Found, FoundSection, Snippet};
pub use self::gathered::{Gathered, GatheredRange};
pub use self::index::{ChangedPiece, Cutter, Piece, Postings, Texts, changed, groups, piece_size};
pub use self::merged::{MergedIndex, MergedSite, PublishedDirectory, PublishedIndex};
pub use self::query::Query;
pub use self::script::{Directory, FORMAT, MergedDirectory, SearchedSiteAddress};

/// The searchable content of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchPage {
    /// Its title.
    pub title: String,
    /// Its address, from the site's root.
    pub address: String,
    /// The entries above it in the navigation, from the top down.
    pub trail: Vec<String>,
    /// The terms of its tags: see [`tag`].
    pub tags: Vec<String>,
    /// Its sections in order; the first is the page's own.
    pub sections: Vec<Section>,
}

/// A heading and the text below it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Section {
    /// The heading, by its number in the note's outline; `None` for the page's own section.
    pub number: Option<usize>,
    /// The id of the heading; empty for the page's own section.
    pub anchor: String,
    /// The text of the heading; for the page's own section its keywords, each on a line.
    pub heading: String,
    /// The text without markup, each block on its own lines.
    pub text: String,
    /// The blocks of code.
    pub code: String,
}

impl SearchPage {
    /// The page of a note.
    #[must_use]
    pub fn new(note: &Note, title: &str, address: String, trail: Vec<String>) -> Self {
        let outline = &note.parsed.outline;
        let titled = note.is_titled_by_heading(title);
        let title_heading = note.parsed.first_heading().filter(|_| titled);
        let mut sections: Vec<Section> = Vec::with_capacity(outline.len() + 1);
        for passage in passages(&note.parsed) {
            let heading = passage.heading.filter(|&number| Some(number) != title_heading);
            match (heading.and_then(|number| outline.get(number)), sections.first_mut()) {
                // The text above the title and the text below it are one section.
                (None, Some(own)) => {
                    for (text, more) in
                        [(&mut own.text, passage.text), (&mut own.code, passage.code)]
                    {
                        if !text.is_empty() && !more.is_empty() {
                            text.push('\n');
                        }
                        text.push_str(&more);
                    }
                }
                (found, _) => sections.push(Section {
                    number: heading,
                    anchor: found.map_or_else(String::new, |heading| heading.anchor.clone()),
                    heading: found.map_or_else(
                        || note.meta.keywords.join("\n"),
                        |heading| heading.text.clone(),
                    ),
                    text: passage.text,
                    code: passage.code,
                }),
            }
        }
        let tags = tag::terms(note.tags());
        Self { title: title.to_owned(), address, trail, tags, sections }
    }

    /// The page in its folded form, for comparison.
    #[must_use]
    pub fn folded(&self) -> FoldedPage {
        let sections = self.sections.iter().enumerate();
        let folded = sections.map(|(number, section)| Folded {
            title: if number == 0 { fold(&self.title) } else { String::new() },
            heading: fold(&section.heading),
            text: fold(&section.text),
            code: fold(&section.code),
        });
        FoldedPage(folded.collect())
    }
}

/// A folded page.
#[derive(Debug)]
pub struct FoldedPage(Vec<Folded>);

/// A folded section.
#[derive(Debug)]
struct Folded {
    /// The page's title, in its own section.
    title: String,
    heading: String,
    text: String,
    code: String,
}
