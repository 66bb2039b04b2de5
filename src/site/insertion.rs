//! A navigation file and a note that it does not list → the line that would list it, in the place where the notes of its
//! folder stand.
//!
//! Must not know: titles, or how the file is changed.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::nav::{NavTarget, PageId};
use crate::note::Note;
use crate::path::{SourcePath, encode_destination, label_of};
use crate::summary::SummaryItem;

use super::Subject;

/// An item of the file and where it leads.
pub(super) type Listed = (SummaryItem, NavTarget);

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
    pub fn place(&self, page: PageId) -> &SourcePath {
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
/// the end. It counts as one of the items from then on.
pub(super) fn place(
    items: &mut Vec<Listed>,
    file: &SourcePath,
    page: PageId,
    paths: &Paths<'_>,
) -> Placed {
    let place = paths.place(page);
    let label = label_of(if place.is_markdown() { place.stem() } else { place.name() });
    let destination = encode_destination(&paths.file(page).relative_to(&file.parent()));
    let (at, depth, before) = spot(items, place, paths);
    let after = if at == items.len() { 0 } else { items[at - 1].0.line };
    let line = format!("{before}[{label}]({destination})");
    let item = SummaryItem {
        depth,
        label,
        destination: Some(destination),
        line: if at == 0 { 0 } else { items[at - 1].0.line },
        place: Span::default(),
        before,
        is_part: false,
    };
    items.insert(at, (item, NavTarget::Page(page)));
    Placed { after, line }
}

/// The number that an entry for a place gets among the items, how deep it stands, and what stands before it.
fn spot(items: &[Listed], place: &SourcePath, paths: &Paths<'_>) -> (usize, usize, String) {
    let place_of = |(_, leads): &Listed| match leads {
        NavTarget::Page(page) => Some(paths.place(*page)),
        _ => None,
    };
    let is_sibling = |listed: &Listed| {
        !listed.0.is_part && place_of(listed).is_some_and(|other| other.parent() == place.parent())
    };
    if let Some(index) = items.iter().rposition(is_sibling) {
        let sibling = &items[index].0;
        return (end(items, index), sibling.depth, sibling.before.clone());
    }
    let folders = place.ancestors().filter(|folder| !folder.is_root());
    let mut hosts = folders
        .filter_map(|folder| items.iter().position(|listed| place_of(listed) == Some(&folder)));
    let Some(host) = hosts.next() else { return (items.len(), 0, outermost(items)) };
    let item = &items[host].0;
    let child =
        items.get(host + 1).map(|(child, _)| child).filter(|child| child.depth > item.depth);
    let before = match child {
        Some(child) => child.before.clone(),
        None if item.is_part => outermost(items),
        None => format!("{}{}", " ".repeat(step(items)), item.before),
    };
    (end(items, host), item.depth + 1, before)
}

/// The number after an item and all that stands below it.
fn end(items: &[Listed], index: usize) -> usize {
    let depth = items[index].0.depth;
    index + 1 + items[index + 1..].iter().take_while(|(item, _)| item.depth > depth).count()
}

/// What stands before the items furthest out.
fn outermost(items: &[Listed]) -> String {
    let mark = items.iter().find(|(item, _)| !item.is_part && !item.before.is_empty());
    mark.map_or_else(|| "- ".to_owned(), |(item, _)| item.before.trim_start().to_owned())
}

/// By how much items are indented below others.
fn step(items: &[Listed]) -> usize {
    let blanks = items.iter().map(|(item, _)| item.before.len() - item.before.trim_start().len());
    blanks.filter(|count| *count > 0).min().unwrap_or(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Options;
    use crate::note::Source;
    use crate::summary::{self, Style};

    /// The lines that a navigation file gets for the notes that it lacks, each with the line after which it belongs.
    fn added(summary: &str, listed: &[&str], lacking: &[&str]) -> Vec<(u32, String)> {
        let paths: Vec<SourcePath> =
            listed.iter().chain(lacking).map(|path| SourcePath::new(path).unwrap()).collect();
        let note = |path: &SourcePath| {
            let source = Source { path, shown: "", text: "", is_home: false };
            Arc::new(Note::parse(source, Options::default(), |_, _| Err(String::new())))
        };
        let notes: Vec<_> = paths.iter().map(note).collect();
        let subject = |(index, path): (usize, &SourcePath)| {
            let folder = (path.stem() == "README").then(|| path.parent());
            Subject::Note { index, folder }
        };
        let subjects: Vec<_> = paths.iter().enumerate().map(subject).collect();
        let places = Paths { notes: &notes, subjects: &subjects };
        let leads = |item: &SummaryItem| {
            let wanted = item.destination.as_deref().unwrap_or_default();
            let page = paths.iter().position(|path| path.as_str() == wanted);
            page.map_or(NavTarget::Nothing, |page| NavTarget::Page(PageId(page)))
        };
        let items = summary::parse(summary, Style::Summary);
        let mut items: Vec<Listed> =
            items.into_iter().map(|item| (item.clone(), leads(&item))).collect();
        let file = SourcePath::new("SUMMARY.md").unwrap();
        let pages = listed.len()..paths.len();
        pages
            .map(|page| place(&mut items, &file, PageId(page), &places))
            .map(|p| (p.after, p.line))
            .collect()
    }

    #[test]
    fn entries_stand_where_those_of_their_folder_do() {
        let summary = "# 甲\n\n* [a](a/README.md)\n    * [b](a/b.md)\n* [c](c/README.md)\n\n# [乙](d/README.md)\n";
        let listed = ["a/README.md", "a/b.md", "c/README.md", "d/README.md"];
        for (lacking, expected) in [
            (&["a/x y.md"][..], vec![(4, "    * [x y](a/x%20y.md)")]),
            (&["c/x.md"], vec![(5, "    * [x](c/x.md)")]),
            (&["d/01~x.md"], vec![(0, "* [x](d/01~x.md)")]),
            (&["e.md"], vec![(5, "* [e](e.md)")]),
            (
                &["a/n/README.md", "a/n/1.md", "a/n/2.md"],
                vec![
                    (4, "    * [n](a/n/README.md)"),
                    (4, "        * [1](a/n/1.md)"),
                    (4, "        * [2](a/n/2.md)"),
                ],
            ),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(at, line)| (at, line.to_owned())).collect();
            assert_eq!(added(summary, &listed, lacking), expected, "{lacking:?}");
        }
        assert_eq!(added("", &[], &["x.md"]), [(0, "- [x](x.md)".to_owned())]);
    }
}
