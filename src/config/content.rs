//! A folder whose configuration does not name the notes' root → the root: the folder `content`, or
//! the folder itself.
//!
//! Must not know: the text of the notes.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::disk;
use crate::path::{CACHE_TAG, SourcePath, is_hidden_name};

/// The usual name of the folder that holds the notes.
const CONTENT: &str = "content";

/// `content`, if there is Markdown in it and in no other folder beside it; else the folder itself.
pub(super) fn discover(folder: &Path) -> SourcePath {
    let content = folder.join(CONTENT);
    let is_inside = SourcePath::new(CONTENT)
        .is_some_and(|path| disk::look(folder, &path) == disk::PathKind::Folder);
    let is_content =
        is_inside && holds_notes(&content) && !others(folder).any(|other| holds_notes(&other));
    SourcePath::new(CONTENT).filter(|_| is_content).unwrap_or_default()
}

/// The folders beside `content` that are not hidden.
fn others(folder: &Path) -> impl Iterator<Item = PathBuf> {
    shown_folders(folder).filter(|path| path.file_name() != Some(CONTENT.as_ref()))
}

/// The folders in a folder that are not hidden.
pub(super) fn shown_folders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let shown = entries.filter(|entry| !is_hidden_name(&entry.file_name().to_string_lossy()));
    shown.map(|entry| entry.path()).filter(|path| path.is_dir())
}

pub(super) fn holds_notes(folder: &Path) -> bool {
    let is_shown = |entry: &DirEntry| {
        let is_hidden = entry.depth() > 0 && is_hidden_name(&entry.file_name().to_string_lossy());
        let is_cache = entry.file_type().is_dir() && entry.path().join(CACHE_TAG).is_file();
        !is_hidden && !is_cache
    };
    let mut entries = WalkDir::new(folder).into_iter().filter_entry(is_shown).flatten();
    entries.any(|entry| {
        let name = entry.file_name().to_str().and_then(SourcePath::new);
        entry.file_type().is_file() && name.is_some_and(|name| name.is_markdown())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_the_root_when_no_other_folder_holds_notes() {
        for (files, expected) in [
            (&["content/a.md", "README.md"][..], "content"),
            (
                &["content/x/a.MD", "static/page.css", ".github/a.md", "node_modules/a/b.md"],
                "content",
            ),
            (&["content/a.md", "target/CACHEDIR.TAG", "target/a.md"], "content"),
            (&["content/a.md", "docs/a.md"], ""),
            (&["content/a.txt", "README.md"], ""),
            (&["README.md"], ""),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "x").unwrap();
            }
            assert_eq!(discover(folder.path()).as_str(), expected, "{files:?}");
        }
    }
}
