//! A list too long for one page → the ranges of it that several pages show.
//!
//! Must not know: routes, the look of a list.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::nav::{Nav, NodeId, PageId};

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

/// A page for paper of a part of the navigation, or one of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPart {
    /// The part's entry.
    pub node: NodeId,
    /// The place of its notes among those of the part.
    pub range: Range<usize>,
    /// The pages of the notes that it shows, so that the part is not walked for each of its pages.
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

/// The pages for paper of a part of the navigation.
pub(super) fn papers<'n>(
    nav: &'n Nav,
    subject: impl Fn(PageId) -> &'n Subject,
    node: NodeId,
) -> Vec<PaperPart> {
    let pages = notes_of_part(nav, subject, node);
    let paper = |range: Range<usize>| {
        let pages = pages.get(range.clone()).unwrap_or_default().to_vec();
        PaperPart { node, range, pages }
    };
    ranges(pages.len()).map(paper).collect()
}

/// The pages of notes of a part of the navigation in its order, each once.
fn notes_of_part<'n>(
    nav: &'n Nav,
    subject: impl Fn(PageId) -> &'n Subject,
    part: NodeId,
) -> Vec<PageId> {
    let mut pages = nav.pages_from(part);
    pages.retain(|page| subject(*page).note().is_some());
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
}
