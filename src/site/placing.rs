//! A navigation file and a note that it does not list → the line that would list it, in the place where the notes of its
//! folder stand.
//!
//! Must not know: titles, or how the file is changed.

use std::sync::Arc;

use crate::nav::{Leads, PageId};
use crate::note::Note;
use crate::path::{SourcePath, encode_destination, label_of};
use crate::summary::Item;

use super::Subject;

/// An item of the file and where it leads.
pub(super) type Listed<'l> = (&'l Item, &'l Leads);

/// Where pages are.
pub(super) struct Paths<'p> {
    pub notes: &'p [Arc<Note>],
    pub subjects: &'p [Subject],
}

impl Paths<'_> {
    /// The file of a page, or its folder.
    fn file(&self, page: PageId) -> &SourcePath {
        match &self.subjects[page.0] {
            Subject::Note { index, .. } => &self.notes[*index].path,
            Subject::Folder(path) => path,
        }
    }

    /// What a page stands for: a folder or a file.
    fn place(&self, page: PageId) -> &SourcePath {
        match &self.subjects[page.0] {
            Subject::Note { folder: Some(folder), .. } => folder,
            _ => self.file(page),
        }
    }
}

/// Where an entry belongs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// The line after which it belongs, from 1; 0 for the end of the file.
    pub after: u32,
    /// The entry.
    pub line: String,
}

/// The entry for a page: after the last one of its folder's, else below the nearest folder above that has one, else at
/// the end.
pub(super) fn place(items: &[Listed<'_>], file: &SourcePath, page: PageId, paths: &Paths<'_>) -> Placed {
    let place = paths.place(page);
    let label = label_of(if place.is_markdown() { place.stem() } else { place.name() });
    let destination = encode_destination(&paths.file(page).relative_to(&file.parent()));
    let line = |before: &str| format!("{before}[{label}]({destination})");
    let place_of = |(_, leads): &Listed<'_>| match leads {
        Leads::Page(page) => Some(paths.place(*page)),
        _ => None,
    };
    let is_sibling = |listed: &Listed<'_>| {
        !listed.0.is_part && place_of(listed).is_some_and(|other| other.parent() == place.parent())
    };
    if let Some(index) = items.iter().rposition(is_sibling) {
        return Placed { after: last_line(items, index), line: line(&items[index].0.before) };
    }
    let folders = place.ancestors().filter(|folder| !folder.is_root());
    let host =
        folders.filter_map(|folder| items.iter().position(|listed| place_of(listed) == Some(&folder))).next();
    let Some(host) = host else { return Placed { after: 0, line: line(&outermost(items)) } };
    let item = items[host].0;
    let child = items.get(host + 1).map(|(child, _)| child).filter(|child| child.depth > item.depth);
    let before = match child {
        Some(child) => child.before.clone(),
        None if item.is_part => outermost(items),
        None => format!("{}{}", " ".repeat(step(items)), item.before),
    };
    Placed { after: last_line(items, host), line: line(&before) }
}

/// The last line of an item and all that stands below it.
fn last_line(items: &[Listed<'_>], index: usize) -> u32 {
    let depth = items[index].0.depth;
    let below = items[index + 1..].iter().take_while(|(item, _)| item.depth > depth);
    below.last().map_or(items[index].0.line, |(item, _)| item.line)
}

/// What stands before the items furthest out.
fn outermost(items: &[Listed<'_>]) -> String {
    let mark = items.iter().find(|(item, _)| !item.is_part && !item.before.is_empty());
    mark.map_or_else(|| "- ".to_owned(), |(item, _)| item.before.trim_start().to_owned())
}

/// By how much items are indented below others.
fn step(items: &[Listed<'_>]) -> usize {
    let blanks = items.iter().map(|(item, _)| item.before.len() - item.before.trim_start().len());
    blanks.filter(|count| *count > 0).min().unwrap_or(2)
}
