//! A folder outside the notes' root, whose files another generator copies to the root of the site →
//! entries of the tree, in a folder where links look for such files.
//!
//! Must not know: which generator it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Entry, Skip, Tree};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::SourcePath;
use crate::phrase::phrase;

/// Names for the folder in the tree; the first one that the notes do not have is used.
const NAMES: [&str; 2] = ["public", "static"];

/// The folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFolder {
    /// The folder on disk.
    pub root: PathBuf,
    /// The folder in messages, ending in `/`.
    pub prefix: String,
    /// Its name in the tree.
    at: &'static str,
}

impl Tree {
    /// The same tree with the files of the folder `public` of the project. Paths there are excluded
    /// as they are named in messages, and symbolic links may not lead out of the folder: patterns
    /// for the notes do not hold there.
    #[must_use]
    pub fn with_public(mut self, public: &SourcePath, skip: Skip<'_>, now: SystemTime) -> Self {
        let prefix = format!("{public}/");
        let is_free = |name: &&str| {
            SourcePath::new(name).is_some_and(|path| !self.entries.contains_key(&path))
        };
        let Some(at) = NAMES.into_iter().find(is_free) else {
            let message =
                phrase!("not read: the notes have folders named `public` and `static` themselves");
            self.problems.push(
                Diagnostic::new(Kind::Skipped, message)
                    .in_file(prefix)
                    .help(phrase!("move its files into one of those")),
            );
            return self;
        };
        let root = self.project.join(public.as_str());
        let excluded = |path: &SourcePath| {
            let shown = SourcePath::new(&format!("{prefix}{path}"));
            (skip.excluded)(path) || shown.is_some_and(|shown| (skip.excluded)(&shown))
        };
        let skip = Skip { excluded: &excluded, ..skip };
        let files = Self::read(&root, prefix.clone(), skip, now);
        self.problems.extend(files.problems);
        self.entries.extend(SourcePath::new(at).map(|path| (path, Entry::Folder)));
        for (path, entry) in files.entries {
            // Other generators copy these files as they are, notes too.
            let is_file = matches!(entry, Entry::File { .. } | Entry::LfsPointer | Entry::Folder);
            let path = SourcePath::new(&format!("{at}/{path}")).filter(|_| is_file);
            self.entries.extend(path.map(|path| (path, entry)));
        }
        self.public = Some(PublicFolder { root: files.root, prefix, at });
        self
    }

    /// The public folder that a path of the tree is in, and its path there.
    pub(super) fn in_public<'p>(&self, path: &'p SourcePath) -> Option<(&PublicFolder, &'p str)> {
        let public = self.public.as_ref()?;
        let below = path.as_str().strip_prefix(public.at)?.strip_prefix('/')?;
        Some((public, below))
    }

    /// True if a change of one of these paths may concern the public folder, which is only read as
    /// a whole: paths in it, the root, and those that have its name in the tree.
    #[must_use]
    pub fn is_public_among(&self, paths: &BTreeSet<PathBuf>) -> bool {
        let Some(public) = &self.public else { return false };
        let is_named = |path: &Path| {
            let place = self.place_of(path);
            place.is_some_and(|place| {
                place.is_root() || place.segments().next().is_some_and(|it| NAMES.contains(&it))
            })
        };
        paths.iter().any(|path| path.starts_with(&public.root) || is_named(path))
    }
}
