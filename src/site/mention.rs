//! Notes and what their links lead to, in the order in which the site shows them → the [`Library`].
//!
//! Must not know: what is kept of a link.

use std::sync::Arc;

use crate::library::Library;
use crate::links::Target;
use crate::nav::{Leads, Nav, PageId};
use crate::note::Note;

use super::Subject;

/// The library: first what the home page names, then the notes in the navigation's order, then the rest.
pub(super) fn library(
    notes: &[Arc<Note>],
    subjects: &[Subject],
    targets: &[Vec<Target>],
    nav: &Nav,
    home: PageId,
) -> Library {
    let listed = nav.in_order().filter_map(|node| match nav.node(node).leads {
        Leads::Page(page) => Some(page),
        _ => None,
    });
    let all = std::iter::once(home).chain(listed).chain((0..subjects.len()).map(PageId));
    let mut is_due = vec![true; subjects.len()];
    let once = all.filter(|page| is_due.get_mut(page.0).is_some_and(std::mem::take));
    let shown = once.filter_map(|page| Some((page, subjects[page.0].note()?)));
    Library::gather(shown.map(|(page, note)| (page, &*notes[note], &targets[note][..])))
}
