//! A navigation file and a note that it does not list → the line that would list it, and its place
//! among the others: beside the notes of the same folder.
//!
//! Must not know: titles, or how the file is changed.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::nav::{NavTarget, PageId};
use crate::note::Note;
use crate::path::{SourcePath, encode_destination, label_of};
use crate::summary::SummaryItem;

use super::Subject;

/// Indentation of items below others in a file that has none.
const INDENTATION: usize = 2;

/// An item of the file and its target.
#[derive(Debug, Clone)]
pub(super) struct ListedItem {
    pub item: SummaryItem,
    pub target: NavTarget,
}

/// The paths of pages.
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

    /// The folder whose page this is, else the file.
    pub fn folder_or_file(&self, page: PageId) -> &SourcePath {
        match &self.subjects[page.0] {
            Subject::Note { folder: Some(folder), .. } => folder,
            _ => self.file(page),
        }
    }

    fn of_target(&self, target: &NavTarget) -> Option<&SourcePath> {
        match target {
            NavTarget::Page(page) => Some(self.folder_or_file(*page)),
            NavTarget::Section(..) | NavTarget::External(_) | NavTarget::Nothing => None,
        }
    }
}

/// A line to insert into the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    /// The line after which it is inserted, from 1; 0 for the end of the file.
    pub after: u32,
    /// The entry.
    pub line: String,
}

/// A position among the items.
struct Position {
    index: usize,
    depth: usize,
    /// Text before the entry on its line.
    before: String,
}

/// Inserts an entry for a page into the items: after the last one of the same folder, else below
/// the nearest folder above that has an entry, else at the end.
pub(super) fn insert(
    items: &mut Vec<ListedItem>,
    file: &SourcePath,
    page: PageId,
    paths: &Paths<'_>,
) -> Insertion {
    let path = paths.folder_or_file(page);
    let label = label_of(if path.is_markdown() { path.stem() } else { path.name() });
    let destination = encode_destination(&paths.file(page).relative_to(&file.parent()));
    let Position { index, depth, before } = position(items, path, paths);
    let after = if index == items.len() { 0 } else { items[index - 1].item.line };
    let line = format!("{before}[{label}]({destination})");
    let item = SummaryItem {
        depth,
        label,
        destination: Some(destination),
        // Several insertions after one line keep their order by having that line as their own.
        line: if index == 0 { 0 } else { items[index - 1].item.line },
        place: Span::default(),
        before,
        is_part: false,
        is_further: false,
    };
    items.insert(index, ListedItem { item, target: NavTarget::Page(page) });
    Insertion { after, line }
}

fn position(items: &[ListedItem], path: &SourcePath, paths: &Paths<'_>) -> Position {
    let is_sibling = |listed: &ListedItem| {
        let other = paths.of_target(&listed.target);
        !listed.item.is_part && other.is_some_and(|other| other.parent() == path.parent())
    };
    if let Some(index) = items.iter().rposition(is_sibling) {
        let sibling = &items[index].item;
        return Position {
            index: end_of_branch(items, index),
            depth: sibling.depth,
            before: sibling.before.clone(),
        };
    }
    let Some(host) = host(items, path, paths) else {
        return Position { index: items.len(), depth: 0, before: outermost(items) };
    };
    Position {
        index: end_of_branch(items, host),
        depth: items[host].item.depth + 1,
        before: before_child(items, host),
    }
}

/// The entry of the nearest folder above.
fn host(items: &[ListedItem], path: &SourcePath, paths: &Paths<'_>) -> Option<usize> {
    for folder in path.ancestors() {
        if folder.is_root() {
            return None;
        }
        let host = items.iter().position(|it| paths.of_target(&it.target) == Some(&folder));
        if host.is_some() {
            return host;
        }
    }
    None
}

/// Text before an entry below this one: that of its first child, else one indentation more than its
/// own.
fn before_child(items: &[ListedItem], host: usize) -> String {
    let item = &items[host].item;
    match items.get(host + 1) {
        Some(child) if child.item.depth > item.depth => child.item.before.clone(),
        _ if item.is_part => outermost(items),
        _ => format!("{}{}", " ".repeat(indentation(items)), item.before),
    }
}

/// The index after an item and everything below it.
fn end_of_branch(items: &[ListedItem], index: usize) -> usize {
    let depth = items[index].item.depth;
    index + 1 + items[index + 1..].iter().take_while(|it| it.item.depth > depth).count()
}

/// Text before the outermost items.
fn outermost(items: &[ListedItem]) -> String {
    let first = items.iter().find(|it| !it.item.is_part && !it.item.before.is_empty());
    match first {
        Some(first) => first.item.before.trim_start().to_owned(),
        None => "- ".to_owned(),
    }
}

/// Smallest indentation of items below others.
fn indentation(items: &[ListedItem]) -> usize {
    let blanks = items
        .iter()
        .map(|ListedItem { item, .. }| item.before.len() - item.before.trim_start().len());
    blanks.filter(|count| *count > 0).min().unwrap_or(INDENTATION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Options;
    use crate::note::Source;
    use crate::summary::{self, Style};

    /// The lines that a navigation file gets for the notes that it lacks, each with the line after
    /// which it belongs.
    fn added(summary: &str, listed: &[&str], lacking: &[&str]) -> Vec<(u32, String)> {
        let paths: Vec<SourcePath> =
            listed.iter().chain(lacking).map(|path| SourcePath::new(path).unwrap()).collect();
        let note = |path: &SourcePath| {
            let source = Source {
                path,
                shown: "",
                text: "",
                is_home: false,
                names: None,
                macros: None,
                drawings: None,
            };
            Arc::new(Note::parse(source, Options::default(), |_, _| {
                Err(crate::phrase::Phrase::verbatim(""))
            }))
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
        let mut items: Vec<ListedItem> =
            items.into_iter().map(|item| ListedItem { target: leads(&item), item }).collect();
        let file = SourcePath::new("SUMMARY.md").unwrap();
        let pages = listed.len()..paths.len();
        pages
            .map(|page| insert(&mut items, &file, PageId(page), &places))
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
