//! A few notes for an empty folder, in Chinese or English: a home page with a matrix, and two
//! parts.
//!
//! Must not know: what is on disk.

use include_dir::{Dir, include_dir};

static CHINESE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/init/starter/zh");
static ENGLISH: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/init/starter/en");

/// The notes, by file and text.
pub(super) fn notes(is_chinese: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let root = if is_chinese { &CHINESE } else { &ENGLISH };
    let mut folders: Vec<&'static Dir<'static>> =
        std::iter::once(root).chain(root.dirs()).collect();
    folders.sort_by_key(|folder| folder.path());
    let files = folders.into_iter().flat_map(Dir::files);
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}
