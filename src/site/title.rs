//! Titles of the site and its pages, from settings, notes, navigation labels and file names.
//!
//! Must not know: routes, links.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::memo::Before;
use super::section::Subject;
use super::structure::Structure;
use crate::config::Config;
use crate::nav::{NavTarget, PageId};
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

/// The titles of all pages.
pub(super) struct Titles {
    /// As each would be alone.
    pub alone: Vec<Arc<str>>,
    /// As they are shown: a heading that two notes of one folder share is the title of neither.
    pub shown: Vec<Arc<str>>,
}

impl Titles {
    pub fn new(
        notes: &[Arc<Note>],
        before: &Before<'_>,
        structure: &Structure,
        site_title: &str,
    ) -> Self {
        let subjects = structure.subjects.par_iter().enumerate();
        let titles = subjects.map(|(index, subject)| {
            let is_home = PageId(index) == structure.home;
            match before.of(index) {
                Some(before) if !is_home => before.titles[index].clone(),
                _ => one_line(&title(notes, structure, index, subject, site_title)).into(),
            }
        });
        let alone: Vec<Arc<str>> = titles.collect();
        let shown = shown(notes, structure, &alone);
        Self { alone, shown }
    }
}

fn title(
    notes: &[Arc<Note>],
    structure: &Structure,
    index: usize,
    subject: &Subject,
    site_title: &str,
) -> String {
    if PageId(index) == structure.home {
        return home_title(notes.get(index).map(AsRef::as_ref), site_title);
    }
    let label = label_in_nav(structure, PageId(index));
    match subject {
        Subject::Note { index, folder } => {
            let note = &notes[*index];
            note.title(file_or_folder(note, folder.as_ref()), label)
        }
        Subject::Folder(folder) => {
            let label = label.or_else(|| structure.folder_labels.get(folder).map(String::as_str));
            label.map_or_else(|| label_of(folder.name()), str::to_owned)
        }
    }
}

/// The label of a page in the navigation file. That of a heading's entry is no name of its page.
fn label_in_nav(structure: &Structure, page: PageId) -> Option<&str> {
    let node = structure.nav.node(structure.nav.of_page(page)?);
    if !matches!(node.target, NavTarget::Page(_)) {
        return None;
    }
    node.label.as_deref()
}

fn file_or_folder<'n>(note: &'n Note, folder: Option<&'n SourcePath>) -> &'n str {
    folder.map_or_else(|| note.path.stem(), SourcePath::name)
}

/// The titles with those replaced that notes of one folder share without having chosen them.
fn shown(notes: &[Arc<Note>], structure: &Structure, alone: &[Arc<str>]) -> Vec<Arc<str>> {
    let Structure { subjects, home, .. } = structure;
    let around = |page: usize| {
        let Subject::Note { index, folder } = &subjects[page] else { return None };
        let path = folder.as_ref().unwrap_or(&notes[*index].path);
        (PageId(page) != *home).then(|| (path.parent(), &*alone[page]))
    };
    let mut pages: HashMap<(SourcePath, &str), usize> = HashMap::new();
    for key in (0..alone.len()).filter_map(around) {
        *pages.entry(key).or_default() += 1;
    }
    let mut shown = alone.to_vec();
    for page in 0..alone.len() {
        let Subject::Note { index, folder } = &subjects[page] else { continue };
        let note = &notes[*index];
        let is_shared = around(page).is_some_and(|key| pages[&key] > 1);
        if is_shared && note.given_title().is_none() {
            let name = file_or_folder(note, folder.as_ref());
            let label = label_in_nav(structure, PageId(page));
            shown[page] = one_line(&Note::title_by_name(name, label)).into();
        }
    }
    shown
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
