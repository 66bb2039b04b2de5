//! Notes and what their links lead to, in the order in which the site shows them → the [`Library`].
//!
//! Must not know: what is kept of a link.

use std::sync::Arc;

use rayon::prelude::*;

use crate::library::{Library, LinkRecord};
use crate::nav::PageId;
use crate::note::Note;

use super::memo::Before;
use super::reference::OfNote;
use super::structure::Structure;

/// Records of external links, by note.
pub(super) type LinkRecords = Vec<Arc<Vec<LinkRecord>>>;

/// The records of each note. Those of a note are reused if neither it nor the targets of its links
/// changed.
pub(super) fn link_records(
    notes: &[Arc<Note>],
    before: &Before<'_>,
    references: &[Arc<OfNote>],
) -> LinkRecords {
    let of_note = |(index, note): (usize, &Arc<Note>)| {
        let same = before
            .of(index)
            .filter(|before| Arc::ptr_eq(&before.references[index], &references[index]));
        same.map_or_else(
            || {
                Arc::new(crate::library::link_records(
                    PageId(index),
                    note,
                    &references[index].targets,
                ))
            },
            |before| before.link_records[index].clone(),
        )
    };
    notes.par_iter().enumerate().map(of_note).collect()
}

/// The library: first the home page's links, then those of the notes in the navigation's order,
/// then the rest.
pub(super) fn library(
    link_records: &LinkRecords,
    before: &Before<'_>,
    structure: &Structure,
) -> Arc<Library> {
    let Structure { subjects, home, nav, .. } = structure;
    if let Some(before) = before.all().filter(|before| before.link_records == *link_records) {
        return before.library.clone();
    }
    let listed = nav.in_order().filter_map(|node| nav.page_at(node));
    let all = std::iter::once(*home).chain(listed).chain((0..subjects.len()).map(PageId));
    let mut is_due = vec![true; subjects.len()];
    let once = all.filter(|page| is_due.get_mut(page.0).is_some_and(std::mem::take));
    let shown = once.filter_map(|page| subjects[page.0].note());
    Arc::new(Library::of(shown.map(|note| link_records[note].as_slice())))
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn links_are_in_the_order_of_the_navigation_after_those_of_the_home_page() {
        let folder = NotesFixture::new(&[
            ("README.md", "<https://e.org/home>"),
            ("a.md", "<https://e.org/a>"),
            ("b.md", "<https://e.org/b> <https://e.org/home>"),
            ("c.md", "<https://e.org/c>"),
        ]);
        for (summary, expected) in [
            (None, ["home", "a", "b", "c"]),
            (Some("- [b](b.md)\n- [c](c.md)\n"), ["home", "b", "c", "a"]),
        ] {
            let site = folder.site(&Config::default(), summary);
            let urls =
                site.library.entries.iter().map(|entry| &entry.url["https://e.org/".len()..]);
            assert_eq!(urls.collect::<Vec<_>>(), expected, "{summary:?}");
        }
    }
}
