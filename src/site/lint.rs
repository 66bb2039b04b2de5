//! All notes together → diagnostics of what readers would stumble over: empty notes and folders, equal titles in one
//! folder, chapters that the navigation matrix does not lead to.
//!
//! Must not know: links that lead nowhere, how the navigation came about.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::links::Target;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::{SourcePath, is_hidden_name};
use crate::source::{Entry, Tree};

use super::{ConfiguredRow, Structure, Subject};

/// The notes and what is known of them.
pub(super) struct LintInput<'k> {
    pub notes: &'k [Arc<Note>],
    pub tree: &'k Tree,
    pub structure: &'k Structure,
    /// Of all pages.
    pub titles: &'k [Arc<str>],
    /// The targets of a note's links.
    pub targets: &'k dyn Fn(usize) -> &'k [Target],
    /// The rows of the matrix that the configuration gives.
    pub rows: &'k [ConfiguredRow],
    /// True if they replace the matrix of the home page.
    pub replaces: bool,
}

/// All diagnostics but those for empty folders.
pub(super) fn lint(input: &LintInput<'_>) -> Vec<Diagnostic> {
    [stubs(input), equal_titles(input), lacking_chapters(input)].concat()
}

fn stubs(input: &LintInput<'_>) -> Vec<Diagnostic> {
    let stubs = input.notes.iter().filter(|note| note.is_stub);
    let problem = |note: &Arc<Note>| {
        let problem = Diagnostic::new(Kind::Stub, "the note has no text");
        problem.in_file(input.tree.shown(&note.path)).help("write it or delete the file")
    };
    stubs.map(problem).collect()
}

/// The topmost folders in and below which no file is.
pub(super) fn empty_folders(tree: &Tree) -> Vec<Diagnostic> {
    let is_content = |(path, entry): &(&SourcePath, &Entry)| match entry {
        Entry::Folder => false,
        // Files that the configuration excludes exist all the same.
        Entry::Hidden => !is_hidden_name(path.name()),
        _ => true,
    };
    let mut full: BTreeSet<SourcePath> = BTreeSet::new();
    for (path, _) in tree.entries.iter().filter(is_content) {
        for folder in path.ancestors() {
            if !full.insert(folder) {
                break;
            }
        }
    }
    let folders = tree.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Folder));
    let is_topmost = |path: &SourcePath| path.parent().is_root() || full.contains(&path.parent());
    let empty =
        folders.filter(|(path, _)| !path.is_root() && !full.contains(*path) && is_topmost(path));
    let problem = |path: &SourcePath| {
        let problem =
            Diagnostic::new(Kind::EmptyFolder, "the folder is empty").in_file(tree.shown(path));
        problem.help("write a note in it or remove it")
    };
    empty.map(|(path, _)| problem(path)).collect()
}

fn equal_titles(input: &LintInput<'_>) -> Vec<Diagnostic> {
    let mut first: HashMap<(SourcePath, &str), usize> = HashMap::new();
    let mut problems = Vec::new();
    for (page, subject) in input.structure.subjects.iter().enumerate() {
        let Subject::Note { index, folder } = subject else { continue };
        if PageId(page) == input.structure.home {
            continue;
        }
        let note = &input.notes[*index];
        let around = folder.as_ref().unwrap_or(&note.path).parent();
        let title = &*input.titles[page];
        let earlier = *first.entry((around, title)).or_insert(*index);
        if earlier != *index {
            let other = input.tree.shown(&input.notes[earlier].path);
            let message = format!("same title as {other}: `{title}`");
            let problem = Diagnostic::new(Kind::DuplicateTitle, message)
                .in_file(input.tree.shown(&note.path));
            problems.push(problem.help("change one of the two"));
        }
    }
    problems
}

/// The top folders that the matrix on the home page does not lead to, if it leads to any.
fn lacking_chapters(input: &LintInput<'_>) -> Vec<Diagnostic> {
    let Structure { subjects, home, .. } = input.structure;
    let chapter = |page: &PageId| chapter_of(&subjects[page.0], input.notes);
    let home_note = subjects.get(home.0).and_then(Subject::note);
    let own = home_note.filter(|_| !input.replaces).map(|index| {
        let links = input.notes[index].parsed.links.iter();
        links.zip((input.targets)(index)).filter(|(link, _)| link.is_cell).map(|(_, target)| target)
    });
    let cells =
        input.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.article.as_ref());
    let targets = own.into_iter().flatten().chain(cells);
    let named: BTreeSet<String> = targets
        .filter_map(|target| match target {
            Target::Page(page, _) => chapter(page),
            _ => None,
        })
        .collect();
    if named.is_empty() {
        return Vec::new();
    }
    let chapters: BTreeSet<String> = (0..subjects.len())
        .filter_map(|page| folder_of(&subjects[page]))
        .filter(|path| path.segments().count() == 1)
        .map(|path| path.as_str().to_owned())
        .filter(|path| !path.is_empty())
        .collect();
    let place = home_note.map(|index| input.tree.shown(&input.notes[index].path));
    let problem = |chapter: &String| {
        let message = format!("the navigation matrix does not lead to `{chapter}`");
        let problem = Diagnostic::new(Kind::MatrixGap, message).help("add a cell for it");
        problem.in_file(place.clone().unwrap_or_else(|| "notes.yaml".to_owned()))
    };
    chapters.difference(&named).map(problem).collect()
}

/// The folder whose page this is.
fn folder_of(subject: &Subject) -> Option<&SourcePath> {
    match subject {
        Subject::Note { folder, .. } => folder.as_ref(),
        Subject::Folder(path) => Some(path),
    }
}

/// The top folder of a page.
fn chapter_of(subject: &Subject, notes: &[Arc<Note>]) -> Option<String> {
    let path = match subject {
        Subject::Note { index, .. } => &notes[*index].path,
        Subject::Folder(path) => path,
    };
    path.segments()
        .next()
        .filter(|_| !path.parent().is_root() || folder_of(subject).is_some())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::site::fixture::Folder;

    const MATRIX: &str = "# 首页\n\n- 甲：[a](a/README.md)\n- 乙：[a](a/x.md)\n- 丙：[a](a/y.md)\n";

    /// The messages of a site about its notes and folders, each with the file.
    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        let site = Folder::new(files).site(&Config::default(), None);
        let kinds = [Kind::Stub, Kind::EmptyFolder, Kind::DuplicateTitle, Kind::MatrixGap];
        let problems = site.problems.iter().filter(|problem| kinds.contains(&problem.kind));
        problems
            .map(|problem| {
                format!(
                    "{}: {}",
                    problem.place.file.as_deref().unwrap_or_default(),
                    problem.message
                )
            })
            .collect()
    }

    #[test]
    fn empty_notes_and_folders_are_reported() {
        let files =
            [("README.md", "# 首页\n\n文"), ("a/b.md", "# 题\n"), ("c/d/", ""), ("e/f.png", "")];
        assert_eq!(messages(&files), ["c: the folder is empty", "a/b.md: the note has no text"]);
    }

    #[test]
    fn titles_are_compared_within_a_folder() {
        let files = [
            ("README.md", "# 甲\n\n文"),
            ("a.md", "# 甲\n\n文"),
            ("b.md", "# 甲\n\n文"),
            ("c/a.md", "# 甲\n\n文"),
        ];
        assert_eq!(messages(&files), ["b.md: same title as a.md: `甲`"]);
    }

    #[test]
    fn chapters_without_a_cell_are_reported_if_there_is_a_matrix() {
        let chapters = [("a/README.md", "# 甲\n\n文"), ("b/README.md", "# 乙\n\n文")];
        let with = |home| [&[("README.md", home)], &chapters[..]].concat();
        let expected = ["README.md: the navigation matrix does not lead to `b`"];
        assert_eq!(messages(&with(MATRIX)), expected);
        assert_eq!(messages(&with("# 首页\n\n[甲](a/README.md)")), [""; 0]);
    }
}
