//! A path at which nothing stands → the paths that it may mean on other systems and to other generators.
//!
//! Must not know: what stands at a path.

use std::collections::HashMap;

use crate::path::SourcePath;

/// Where other generators keep what they copy to the root of a site: VitePress, Hugo and Docusaurus, VuePress.
const PUBLIC: [&str; 3] = ["public", "static", ".vuepress/public"];

/// Where `/a/b.png` may stand: in a folder of public files beside the note or above it.
pub(super) fn public<'p>(
    folder: &SourcePath,
    path: &'p str,
) -> impl Iterator<Item = SourcePath> + use<'p> {
    let begins = path.starts_with('/').then(|| folder.clone());
    let folders =
        std::iter::successors(begins, |folder| (!folder.is_root()).then(|| folder.parent()));
    folders.flat_map(move |folder| {
        PUBLIC.iter().filter_map(move |name| folder.join(&format!("{name}{path}")))
    })
}

/// A path of Windows.
pub(super) fn with_slashes(folder: &SourcePath, path: &str) -> Option<SourcePath> {
    path.contains('\\').then(|| folder.join(&path.replace('\\', "/")))?
}

/// Files by their paths and by their names, in lower case; `None` when several share one.
#[derive(Debug, Clone, Default)]
pub(super) struct FilesIgnoringCase {
    by_path: HashMap<String, Option<SourcePath>>,
    by_name: HashMap<String, Option<SourcePath>>,
}

impl FilesIgnoringCase {
    pub fn new<'p>(files: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut folded = Self::default();
        for file in files {
            let once = |key: &str, known: &mut HashMap<String, Option<SourcePath>>| {
                known
                    .entry(key.to_lowercase())
                    .and_modify(|slot| *slot = None)
                    .or_insert_with(|| Some(file.clone()));
            };
            once(file.as_str(), &mut folded.by_path);
            once(file.name(), &mut folded.by_name);
        }
        folded
    }

    /// The only file whose path differs in case alone.
    pub fn at(&self, path: &SourcePath) -> Option<&SourcePath> {
        self.by_path.get(&path.as_str().to_lowercase())?.as_ref()
    }

    /// The only file of that name, wherever it is.
    pub fn named(&self, name: &str) -> Option<&SourcePath> {
        self.by_name.get(&name.to_lowercase())?.as_ref()
    }
}
