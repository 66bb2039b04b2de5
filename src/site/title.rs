//! Titles of the site and its pages, from settings, notes, navigation labels and file names.
//!
//! Must not know: routes, links.

use std::sync::Arc;

use rayon::prelude::*;

use super::memo::Before;
use super::section::Subject;
use super::structure::Structure;
use crate::config::Config;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::{SourcePath, label_of};
use crate::source::Tree;

/// The configured title, else that of the home page, else the name of the notes' folder.
pub(super) fn site_title(
    notes: &[Arc<Note>],
    home: PageId,
    tree: &Tree,
    config: &Config,
) -> String {
    let note = notes.get(home.0);
    let own = || note.and_then(|note| note.own_title()).map(str::to_owned);
    let folder = || tree.root.file_name().map(|name| label_of(&name.to_string_lossy()));
    let title = config.title.clone().or_else(own);
    one_line(&title.or_else(folder).unwrap_or_default())
}

pub(super) fn titles(
    notes: &[Arc<Note>],
    before: &Before<'_>,
    structure: &Structure,
    site_title: &str,
) -> Vec<Arc<str>> {
    let Structure { subjects, home, nav, .. } = structure;
    let title = |(index, subject): (usize, &Subject)| {
        if let Some(before) = before.of(index).filter(|_| PageId(index) != *home) {
            return before.titles[index].clone();
        }
        let label = nav.of_page(PageId(index)).and_then(|node| nav.node(node).label.as_deref());
        let title = match subject {
            _ if PageId(index) == *home => {
                home_title(notes.get(index).map(AsRef::as_ref), site_title)
            }
            Subject::Note { index, folder } => {
                let note = &notes[*index];
                let name = folder.as_ref().map_or_else(|| note.path.stem(), SourcePath::name);
                note.title(name, label)
            }
            Subject::Folder(folder) => label.map_or_else(|| label_of(folder.name()), str::to_owned),
        };
        one_line(&title).into()
    };
    subjects.par_iter().enumerate().map(title).collect()
}

/// A home page has no file name that could tell its first heading from a section's.
fn home_title(note: Option<&Note>, site_title: &str) -> String {
    note.and_then(Note::own_title).unwrap_or(site_title).to_owned()
}

/// A title without line breaks and control characters, never empty.
fn one_line(title: &str) -> String {
    let line =
        crate::path::without_control(&title.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.is_empty() { "…".to_owned() } else { line }
}
