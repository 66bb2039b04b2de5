//! A list too long for one page → the ranges of it that several pages show.
//!
//! Must not know: routes, the look of a list.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::nav::{Nav, NodeId, PageId};
use crate::note::Note;

use super::Subject;

/// Entries of a list that one page shows.
pub const PER_PAGE: usize = 1_000;

/// A further page of the list of entries below a page, which shows the first ones itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPart {
    /// The page.
    pub page: PageId,
    /// The entries that the further page shows.
    pub range: Range<usize>,
}

/// Sheets of paper of which one page consists: a thick book. Browsers lay out much more slowly
/// what is longer, and some give up before it is printed.
const SHEETS_PER_PAGE: u32 = 500;

/// A part of the navigation that is printed in one.
pub(super) struct PrintedPart {
    /// Its entry.
    pub node: NodeId,
    pub name: String,
    /// The pages of its notes in the order of the navigation, each once.
    pub pages: Vec<PageId>,
}

/// A page for paper of a part of the navigation, or one of several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaperPart {
    /// The part's entry.
    pub node: NodeId,
    /// Its number among those of the part, from 1.
    pub number: usize,
    /// The pages of the notes that it shows, so that the part is not walked for each of its pages.
    pub pages: Vec<PageId>,
}

/// The notes of an e-book: those of a part of the navigation, or all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EbookPart {
    /// The part's entry; `None` for all notes.
    pub node: Option<NodeId>,
    /// The pages of the notes in the order in which they are read.
    pub pages: Vec<PageId>,
}

/// The ranges of a list; one, if it is short or empty.
pub(super) fn ranges(length: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..length.max(1)).step_by(PER_PAGE);
    starts.map(move |start| start..length.min(start + PER_PAGE))
}

/// The number of the page that shows a range, from 1.
#[must_use]
pub fn number_of(range: &Range<usize>) -> usize {
    range.start / PER_PAGE + 1
}

/// The further pages of long lists, in the order of the pages. The home page shows no list.
pub(super) fn lists(nav: &Nav, pages: usize, home: PageId) -> Vec<ListPart> {
    let mut lists = Vec::new();
    for page in (0..pages).map(PageId).filter(|page| *page != home) {
        let Some(node) = nav.of_page(page) else { continue };
        let further = ranges(nav.listed_below(node).count()).skip(1);
        lists.extend(further.map(|range| ListPart { page, range }));
    }
    lists
}

/// The pages for paper of the parts of the navigation, in the order of those, and the name of each.
pub(super) fn papers<'s>(
    parts: &'s [PrintedPart],
    subjects: &[Subject],
    notes: &[Arc<Note>],
) -> Vec<(PaperPart, &'s str)> {
    let sheets = |page: PageId| subjects[page.0].note().map_or(0, |note| notes[note].sheets());
    let mut papers = Vec::new();
    for PrintedPart { node, name, pages } in parts {
        for (number, pages) in (1..).zip(volumes(pages, sheets)) {
            papers.push((PaperPart { node: *node, number, pages: pages.to_vec() }, name.as_str()));
        }
    }
    papers
}

/// Pages in volumes of at most [`SHEETS_PER_PAGE`], or of one note; one volume, if there are none.
fn volumes(pages: &[PageId], sheets: impl Fn(PageId) -> u32) -> Vec<&[PageId]> {
    let mut volumes = Vec::new();
    let (mut start, mut length) = (0, 0_u32);
    for (place, page) in pages.iter().enumerate() {
        let more = sheets(*page);
        if length.saturating_add(more) > SHEETS_PER_PAGE && start < place {
            volumes.push(&pages[start..place]);
            (start, length) = (place, 0);
        }
        length = length.saturating_add(more);
    }
    volumes.push(&pages[start..]);
    volumes
}

/// The e-books of a site: of all notes, the home page first, and of each part; and their names.
pub(super) fn ebooks<'s>(
    title: &'s str,
    parts: &'s [PrintedPart],
    (nav, subjects, home): (&Nav, &[Subject], PageId),
) -> Vec<(EbookPart, &'s str)> {
    let mut seen = HashSet::new();
    let below = nav.roots.iter().flat_map(|root| notes_of_part(nav, subjects, *root));
    let pages = std::iter::once(home).filter(|home| subjects[home.0].note().is_some()).chain(below);
    let pages = pages.filter(|page| seen.insert(*page)).collect();
    let whole = (EbookPart { node: None, pages }, title);
    let parts = parts.iter().map(|PrintedPart { node, name, pages }| {
        (EbookPart { node: Some(*node), pages: pages.clone() }, name.as_str())
    });
    std::iter::once(whole).chain(parts).collect()
}

/// The pages of notes of a part of the navigation in its order, each once.
pub(super) fn notes_of_part(nav: &Nav, subjects: &[Subject], part: NodeId) -> Vec<PageId> {
    let mut pages = nav.pages_from(part);
    pages.retain(|page| subjects[page.0].note().is_some());
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_all_entries_once() {
        for (length, expected) in [
            (0, &[(0, 0)][..]),
            (1, &[(0, 1)]),
            (1_000, &[(0, 1_000)]),
            (2_500, &[(0, 1_000), (1_000, 2_000), (2_000, 2_500)]),
        ] {
            let found: Vec<_> = ranges(length).map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected);
            let numbers: Vec<_> = ranges(length).map(|range| number_of(&range)).collect();
            assert_eq!(numbers, (1..=expected.len()).collect::<Vec<_>>());
        }
    }
    #[test]
    fn volumes_hold_all_notes_once_and_end_before_they_are_too_thick() {
        for (sheets, expected) in [
            (&[][..], &[0][..]),
            (&[0, 0], &[2]),
            (&[200, 300], &[2]),
            (&[200, 300, 1], &[2, 1]),
            (&[900, 1, 499, 1], &[1, 2, 1]),
            (&[1, 900, 900], &[1, 1, 1]),
            (&[u32::MAX, u32::MAX], &[1, 1]),
        ] {
            let pages: Vec<PageId> = (0..sheets.len()).map(PageId).collect();
            let found = volumes(&pages, |page| sheets[page.0]);
            assert_eq!(found.concat(), pages);
            let found: Vec<usize> = found.iter().map(|volume| volume.len()).collect();
            assert_eq!(found, expected, "{sheets:?}");
        }
    }
}
