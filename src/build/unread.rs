//! A tree → diagnostics about files that look like notes and are not read.
//!
//! Must not know: the notes.

use crate::diagnostic::{Diagnostic, Kind};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};
use crate::source::{Entry, Tree};

/// The diagnostics of a tree with so many notes. Notebooks beside notes are usually their material,
/// so they are mentioned only where there are no notes.
pub(super) fn unread_notes(tree: &Tree, notes: usize) -> Vec<Diagnostic> {
    let mdx = with_extension(tree, "mdx");
    let mut problems = Vec::new();
    if notes == 0 {
        let problem = Diagnostic::new(Kind::NoNotes, phrase!("there is no Markdown file to build"));
        problems.push(problem.help(way_out(tree, mdx.len())));
    } else if let Some(first) = mdx.first() {
        let message = match mdx.len() {
            1 => phrase!("1 .mdx file is not read"),
            count => phrase!("{count} .mdx files are not read", count),
        };
        let problem = Diagnostic::new(Kind::Skipped, message).in_file(tree.shown(first));
        problems.push(problem.help(phrase!("rename a file without components to .md")));
    }
    problems
}

fn way_out(tree: &Tree, mdx: usize) -> Phrase {
    let notebooks = with_extension(tree, "ipynb").len();
    match (mdx, notebooks) {
        (0, 0) => phrase!(
            "name the folder of your notes; `notes init FOLDER` writes a few to start with in an empty one"
        ),
        (0, 1) => phrase!(
            "1 .ipynb notebook is not read: `jupyter nbconvert --to markdown` makes a note of it"
        ),
        (0, _) => phrase!(
            "{notebooks} .ipynb notebooks are not read: `jupyter nbconvert --to markdown` makes \
             notes of them",
            notebooks
        ),
        (1, _) => phrase!("1 .mdx file is not read: if it has no components, rename it to .md"),
        _ => phrase!("{mdx} .mdx files are not read: rename those without components to .md", mdx),
    }
}

fn with_extension<'t>(tree: &'t Tree, extension: &str) -> Vec<&'t SourcePath> {
    let files = tree.entries.iter().filter(|(_, entry)| matches!(entry, Entry::File { .. }));
    let paths = files.map(|(path, _)| path);
    let is_such = |path: &&SourcePath| {
        path.name().rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
    };
    paths.filter(is_such).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn files_that_look_like_notes_are_mentioned() {
        for (files, notes, expected) in [
            (
                &["a.txt"][..],
                0,
                "there is no Markdown file to build: name the folder of your notes; `notes init FOLDER` \
                 writes a few to start with in an empty one",
            ),
            (
                &["a.mdx"],
                0,
                "there is no Markdown file to build: 1 .mdx file is not read: if it has no components, \
                 rename it to .md",
            ),
            (
                &["a.ipynb", "b/c.ipynb"],
                0,
                "there is no Markdown file to build: 2 .ipynb notebooks are not read: `jupyter \
                 nbconvert --to markdown` makes notes of them",
            ),
            (
                &["b/a.mdx", "b/c.MDX"],
                1,
                "2 .mdx files are not read: rename a file without components to .md",
            ),
            (&["a.ipynb"], 1, ""),
        ] {
            let files: Vec<_> = files.iter().map(|name| (*name, "")).collect();
            let problems = unread_notes(&NotesFixture::new(&files).tree, notes);
            let shown = problems.iter().map(|problem| {
                format!(
                    "{}: {}",
                    problem.message,
                    problem.help.as_ref().map(ToString::to_string).unwrap_or_default()
                )
            });
            assert_eq!(shown.collect::<Vec<_>>().join("; "), expected);
        }
    }
}
