//! All notes together → diagnostics of what readers would stumble over: empty notes and folders,
//! equal titles in one folder, chapters that the navigation matrix does not lead to.
//!
//! Must not know: links that lead nowhere, how the navigation came about.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::links::Target;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::{SourcePath, is_hidden_name};
use crate::phrase::phrase;
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
    let mut problems = Vec::new();
    for note in input.notes.iter().filter(|note| note.is_stub) {
        let problem = Diagnostic::new(Kind::Stub, phrase!("the note has no text"))
            .in_file(input.tree.shown(&note.path))
            .help(phrase!("write it or delete the file"));
        problems.push(problem);
    }
    problems
}

/// The topmost folders without any file in them or below.
pub(super) fn empty_folders(tree: &Tree) -> Vec<Diagnostic> {
    let full = folders_with_files(tree);
    let mut problems = Vec::new();
    for (path, entry) in &tree.entries {
        if !matches!(entry, Entry::Folder) || path.is_root() || full.contains(path) {
            continue;
        }
        let parent = path.parent();
        if !parent.is_root() && !full.contains(&parent) {
            continue;
        }
        let problem = Diagnostic::new(Kind::EmptyFolder, phrase!("the folder is empty"))
            .in_file(tree.shown(path))
            .help(phrase!("write a note in it or remove it"));
        problems.push(problem);
    }
    problems
}

fn folders_with_files(tree: &Tree) -> BTreeSet<SourcePath> {
    let mut full = BTreeSet::new();
    for (path, entry) in &tree.entries {
        let is_content = match entry {
            Entry::Folder => false,
            // Files that the configuration excludes exist all the same.
            Entry::Hidden => !is_hidden_name(path.name()),
            _ => true,
        };
        if !is_content {
            continue;
        }
        for folder in path.ancestors() {
            if !full.insert(folder) {
                break;
            }
        }
    }
    full
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
            let message = phrase!("same title as {other}: `{title}`", other, title);
            let problem = Diagnostic::new(Kind::DuplicateTitle, message)
                .in_file(input.tree.shown(&note.path));
            problems.push(problem.help(phrase!("change one of the two")));
        }
    }
    problems
}

/// The top folders that the matrix on the home page does not lead to, if it leads to any.
fn lacking_chapters(input: &LintInput<'_>) -> Vec<Diagnostic> {
    let linked: BTreeSet<String> =
        matrix_targets(input).filter_map(|target| chapter_of_target(target, input)).collect();
    if linked.is_empty() {
        return Vec::new();
    }
    let file = match home_note(input) {
        Some(note) => input.tree.shown(&note.path),
        None => "notes.yaml".to_owned(),
    };
    let mut problems = Vec::new();
    for chapter in chapters(&input.structure.subjects).difference(&linked) {
        let message = phrase!("the navigation matrix has no link to `{chapter}`", chapter);
        let problem = Diagnostic::new(Kind::MatrixGap, message)
            .in_file(file.clone())
            .help(phrase!("add a cell for it"));
        problems.push(problem);
    }
    problems
}

fn home_note<'k>(input: &LintInput<'k>) -> Option<&'k Arc<Note>> {
    let Structure { subjects, home, .. } = input.structure;
    Some(&input.notes[subjects.get(home.0)?.note()?])
}

/// The targets of the matrix's cells: those of the home page's note, unless they are replaced, and
/// those of the configuration.
fn matrix_targets<'k>(input: &LintInput<'k>) -> impl Iterator<Item = &'k Target> {
    let Structure { subjects, home, .. } = input.structure;
    let mut targets = Vec::new();
    if let Some(index) = subjects.get(home.0).and_then(Subject::note)
        && !input.replaces
    {
        let links = input.notes[index].parsed.links.iter().zip((input.targets)(index));
        targets.extend(links.filter(|(link, _)| link.is_cell).map(|(_, target)| target));
    }
    let cells = input.rows.iter().flat_map(|row| &row.cells);
    targets.into_iter().chain(cells.filter_map(|cell| cell.article.as_ref()))
}

/// The names of the top folders with a page.
fn chapters(subjects: &[Subject]) -> BTreeSet<String> {
    let folders = subjects.iter().filter_map(folder_of);
    let top = folders.filter(|path| !path.is_root() && path.parent().is_root());
    top.map(|path| path.as_str().to_owned()).collect()
}

fn chapter_of_target(target: &Target, input: &LintInput<'_>) -> Option<String> {
    let Target::Page(page, _) = target else { return None };
    chapter_of(&input.structure.subjects[page.0], input.notes)
}

/// The folder whose page this is.
fn folder_of(subject: &Subject) -> Option<&SourcePath> {
    match subject {
        Subject::Note { folder, .. } => folder.as_ref(),
        Subject::Folder(path) => Some(path),
    }
}

/// The top folder of a page; `None` for a note beside the home page.
fn chapter_of(subject: &Subject, notes: &[Arc<Note>]) -> Option<String> {
    let path = match subject {
        Subject::Note { index, .. } => &notes[*index].path,
        Subject::Folder(path) => path,
    };
    if path.parent().is_root() && folder_of(subject).is_none() {
        return None;
    }
    path.segments().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::site::fixture::NotesFixture;

    const MATRIX: &str = "# 首页\n\n- 甲：[a](a/README.md)\n- 乙：[a](a/x.md)\n- 丙：[a](a/y.md)\n";

    /// The messages of a site about its notes and folders, each with the file.
    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        let site = NotesFixture::new(files).site(&Config::default(), None);
        let kinds = [Kind::Stub, Kind::EmptyFolder, Kind::DuplicateTitle, Kind::MatrixGap];
        let problems = site.problems.iter().filter(|problem| kinds.contains(&problem.kind));
        problems
            .map(|problem| {
                format!(
                    "{}: {}",
                    problem.location.file.as_deref().unwrap_or_default(),
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
            ("a.md", "---\ntitle: 甲\n---\n文"),
            ("b.md", "---\ntitle: 甲\n---\n文"),
            ("c/a.md", "---\ntitle: 甲\n---\n文"),
        ];
        assert_eq!(messages(&files), ["b.md: same title as a.md: `甲`"]);
    }

    #[test]
    fn chapters_without_a_cell_are_reported_if_there_is_a_matrix() {
        let chapters = [("a/README.md", "# 甲\n\n文"), ("b/README.md", "# 乙\n\n文")];
        let with = |home| [&[("README.md", home)], &chapters[..]].concat();
        let expected = ["README.md: the navigation matrix has no link to `b`"];
        assert_eq!(messages(&with(MATRIX)), expected);
        assert_eq!(messages(&with("# 首页\n\n[甲](a/README.md)")), [""; 0]);
    }
}
