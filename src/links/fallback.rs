//! A path that does not exist → the paths that it means in other systems and generators.
//!
//! Must not know: the notes and files that exist.

use std::collections::HashMap;

use crate::path::SourcePath;

/// Folders whose content other generators copy to the root of a site: VitePress, Hugo and
/// Docusaurus, VuePress.
const PUBLIC: [&str; 3] = ["public", "static", ".vuepress/public"];

/// Paths that `/a/b.png` may mean: in a folder of public files beside the note or above it.
pub(super) fn public(folder: &SourcePath, path: &str) -> Vec<SourcePath> {
    let mut paths = Vec::new();
    if !path.starts_with('/') {
        return paths;
    }
    for above in std::iter::once(folder.clone()).chain(folder.ancestors()) {
        paths.extend(PUBLIC.iter().filter_map(|name| above.join(&format!("{name}{path}"))));
    }
    paths
}

/// A path as Windows writes it, with slashes.
pub(super) fn with_slashes(folder: &SourcePath, path: &str) -> Option<SourcePath> {
    if !path.contains('\\') {
        return None;
    }
    folder.join(&path.replace('\\', "/"))
}

/// Files by their paths and by their names in lower case; `None` if several share one.
#[derive(Debug, Clone, Default)]
pub(super) struct FilesIgnoringCase {
    by_path: HashMap<String, Option<SourcePath>>,
    by_name: HashMap<String, Option<SourcePath>>,
}

impl FilesIgnoringCase {
    pub fn new<'p>(files: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut folded = Self::default();
        for file in files {
            insert_once(&mut folded.by_path, file.as_str(), file);
            insert_once(&mut folded.by_name, file.name(), file);
        }
        folded
    }

    /// The file whose path differs in case only, if it is the only one.
    pub fn at(&self, path: &SourcePath) -> Option<&SourcePath> {
        self.by_path.get(&path.as_str().to_lowercase())?.as_ref()
    }

    /// The file of that name in any folder, if it is the only one.
    pub fn named(&self, name: &str) -> Option<&SourcePath> {
        self.by_name.get(&name.to_lowercase())?.as_ref()
    }
}

/// Adds a file under a key in lower case; a key of several files has none.
fn insert_once(files: &mut HashMap<String, Option<SourcePath>>, key: &str, file: &SourcePath) {
    files
        .entry(key.to_lowercase())
        .and_modify(|slot| *slot = None)
        .or_insert_with(|| Some(file.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    #[test]
    fn public_files_are_beside_the_note_or_above() {
        let found = public(&path("docs/a"), "/i.png");
        let found: Vec<_> = found.iter().map(SourcePath::as_str).collect();
        let expected = [
            "docs/a/public/i.png",
            "docs/a/static/i.png",
            "docs/a/.vuepress/public/i.png",
            "docs/public/i.png",
            "docs/static/i.png",
            "docs/.vuepress/public/i.png",
            "public/i.png",
            "static/i.png",
            ".vuepress/public/i.png",
        ];
        assert_eq!(found, expected);
        assert_eq!(public(&path("docs"), "i.png"), []);
    }

    #[test]
    fn names_of_several_files_are_ambiguous() {
        let files = ["a/I.png", "b/i.PNG", "b/j.png"].map(path);
        let folded = FilesIgnoringCase::new(files.iter());
        for (name, expected) in [("i.png", None), ("J.PNG", Some("b/j.png")), ("k.png", None)] {
            assert_eq!(folded.named(name).map(SourcePath::as_str), expected, "{name}");
        }
        assert_eq!(folded.at(&path("B/I.png")), Some(&files[1]));
    }
}
