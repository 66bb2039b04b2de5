//! The folder of a library → the folders below it that can be its books: repositories, or else
//! folders with notes.
//!
//! Must not know: the files that are written.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::output;
use crate::path::{CACHE_TAG, SourcePath, is_hidden_name, name_order};
use crate::project;
use crate::source;

use super::FolderFacts;
use super::found::SETTINGS;

/// The settings of this program.
const OWN_SETTINGS: [&str; 2] = ["notes.yaml", "notes.yml"];
/// Files of folders whose content a program made.
const MARKS: [&str; 2] = [output::MANIFEST, CACHE_TAG];

/// A folder that can be a book.
pub(super) struct BookFolder {
    /// Its path, relative to the library.
    pub path: String,
    /// The facts about it.
    pub found: FolderFacts,
}

/// The books below a folder, in the order of their names.
pub(super) fn find(library: &Path) -> Vec<BookFolder> {
    let mut repositories = Vec::new();
    let mut folders = Vec::new();
    for path in subfolders(library, "") {
        let folder = library.join(&path);
        if is_repository(&folder) {
            repositories.push(path);
            continue;
        }
        let (inner_repositories, inner_folders): (Vec<_>, Vec<_>) =
            subfolders(library, &path).partition(|path| is_repository(&library.join(path)));
        repositories.extend(inner_repositories);
        if has_own_notes(&folder) {
            folders.push(path);
        } else {
            folders.extend(inner_folders);
        }
    }
    let books = with_notes(library, repositories);
    if books.is_empty() { with_notes(library, folders) } else { books }
}

/// The facts about a folder. Mistakes in its settings are reported when the library is built: the
/// other books can do without this one.
pub(super) fn facts(folder: &Path) -> FolderFacts {
    FolderFacts::in_folder(folder)
        .unwrap_or_else(|_| FolderFacts::with_settings(folder, Config::default()))
}

/// True if a folder is the top of a repository, a submodule or a working tree.
pub(super) fn is_repository(folder: &Path) -> bool {
    source::names_in(folder).iter().any(|name| name == ".git")
}

fn with_notes(library: &Path, paths: Vec<String>) -> Vec<BookFolder> {
    let mut books = Vec::new();
    for path in paths {
        let found = facts(&library.join(&path));
        if found.notes > 0 {
            books.push(BookFolder { path, found });
        }
    }
    books
}

/// The paths of the folders in one of the library, without those that no writer makes.
fn subfolders(library: &Path, folder: &str) -> impl Iterator<Item = String> {
    let mut names = source::names_in(&library.join(folder));
    names.sort_by(|a, b| name_order(a, b));
    let slash = if folder.is_empty() { "" } else { "/" };
    let paths: Vec<String> = names
        .into_iter()
        .filter(|name| can_be_listed(name))
        .map(|name| format!("{folder}{slash}{name}"))
        .filter(|path| is_folder_of_notes(library, path))
        .collect();
    paths.into_iter()
}

/// True if the settings can name a folder of this name.
fn can_be_listed(name: &str) -> bool {
    let is_shown = !is_hidden_name(name) && name != project::SITE;
    // U+FFFD is in a name that is not UTF-8.
    is_shown
        && !name.contains(|c: char| matches!(c, '\\' | '\u{fffd}') || c.is_control())
        && name.trim() == name
}

/// True if it is a folder, and neither the output of a program nor a link to what is found anyway.
fn is_folder_of_notes(library: &Path, path: &str) -> bool {
    let Some(top) = source::real_folder(library) else { return false };
    let Some(real) = source::real_folder(&library.join(path)) else { return false };
    let is_found_anyway = real.starts_with(&top) && real != below(&top, path);
    if top.starts_with(&real) || is_found_anyway {
        return false;
    }
    !source::names_in(&real).iter().any(|name| MARKS.contains(&name.as_str()))
}

fn below(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_owned(), |folder, name| folder.join(name))
}

/// True if notes are in a folder itself, or in the one that settings in it name.
fn has_own_notes(folder: &Path) -> bool {
    let names = source::names_in(folder);
    let is_own = |name: &String| {
        let is_note = SourcePath::new(name).is_some_and(|path| path.is_markdown());
        is_note || [&OWN_SETTINGS[..], &SETTINGS[..]].concat().contains(&name.as_str())
    };
    if names.iter().any(is_own) {
        return true;
    }
    // Projects of other generators keep their notes in a folder of a name of their own.
    project::settings(folder).is_ok_and(|(config, _)| !config.content.is_root())
}
