//! Files that are published as they are, beside the notes and of the theme → their output.
//!
//! Must not know: which files are published.

use crate::output::File;
use crate::path::{Route, SourcePath};
use crate::site::Site;
use crate::source::{Entry, Tree};
use crate::theme::StaticFile;

/// A file beside the notes that is published.
pub(super) fn beside(tree: &Tree, path: &SourcePath) -> Option<File> {
    match tree.entries.get(path) {
        Some(Entry::File { size, stamp }) => {
            Some(File::Copy { from: tree.on_disk(path), size: *size, stamp: *stamp })
        }
        _ => None,
    }
}

/// A file of the theme.
pub(super) fn frame_file(source: &StaticFile) -> File {
    match source {
        StaticFile::BuiltIn(bytes) => File::from(bytes.to_vec()),
        StaticFile::Made(bytes) => File::from(bytes.to_vec()),
        StaticFile::Own { path, size } => {
            File::Copy { from: path.clone(), size: *size, stamp: None }
        }
    }
}

/// The route of a file of the theme.
pub(super) fn static_route(site: &Site, name: &str) -> Route {
    Route::file(&format!("{}/{name}", site.own.static_folder))
}
