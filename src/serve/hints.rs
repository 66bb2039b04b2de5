//! Events of the file system → [`Hints`]: the paths that may have changed.
//!
//! Must not know: the watches that the events come from, notes.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind};

/// The paths that may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hints {
    /// True if any file may have changed.
    everywhere: bool,
    paths: BTreeSet<PathBuf>,
    renames: Vec<(PathBuf, PathBuf)>,
}

impl Hints {
    /// A hint that any file may have changed.
    pub fn everywhere() -> Self {
        Self { everywhere: true, ..Self::default() }
    }

    /// A hint that files at these paths and below may have changed.
    pub fn at_places(paths: BTreeSet<PathBuf>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// The paths; `None` if any file may have changed.
    pub fn at(&self) -> Option<&BTreeSet<PathBuf>> {
        (!self.everywhere).then_some(&self.paths)
    }

    /// Number of paths.
    pub fn count(&self) -> usize {
        self.paths.len()
    }

    /// Renames, from and to.
    pub fn renames(&self) -> &[(PathBuf, PathBuf)] {
        &self.renames
    }

    /// True if nothing changed.
    pub fn is_empty(&self) -> bool {
        !self.everywhere && self.paths.is_empty()
    }
}

/// The events so far.
#[derive(Default)]
pub(super) struct Batch {
    pub hints: Hints,
    /// Files that are open for writing, on systems that report their closing.
    pub open: HashSet<PathBuf>,
    /// Paths that were removed or renamed.
    pub gone: HashSet<PathBuf>,
    /// True if events were lost, perhaps one of a folder that was replaced.
    pub has_lost: bool,
}

impl Batch {
    /// Adds an event, without the paths that are ignored.
    pub fn add(&mut self, event: notify::Result<Event>, is_ignored: &dyn Fn(&Path) -> bool) {
        let Ok(event) = event else {
            // An event may be lost, so all files are checked.
            self.hints.everywhere = true;
            return;
        };
        if event.need_rescan() {
            self.hints.everywhere = true;
            self.has_lost = true;
        }
        let reports_closing = cfg!(target_os = "linux");
        let paths = event.paths.iter().filter(|path| !is_ignored(path));
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                for path in paths {
                    self.open.remove(path);
                    self.hints.paths.insert(path.clone());
                }
            }
            EventKind::Access(_) => {}
            kind => {
                let is_gone = matches!(
                    kind,
                    EventKind::Remove(_)
                        | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Any))
                );
                let is_writing = matches!(kind, EventKind::Modify(ModifyKind::Data(_)));
                for path in paths {
                    self.hints.paths.insert(path.clone());
                    if is_gone {
                        self.gone.insert(path.clone());
                    }
                    if is_writing && reports_closing {
                        self.open.insert(path.clone());
                    }
                }
                if let (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) =
                    (kind, &event.paths[..])
                {
                    self.open.remove(from);
                    self.hints.renames.push((from.clone(), to.clone()));
                }
            }
        }
    }
}
