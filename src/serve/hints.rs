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

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag, RemoveKind};

    use super::*;

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const READ: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Read));
    const MADE: EventKind = EventKind::Create(CreateKind::File);
    const REMOVED: EventKind = EventKind::Remove(RemoveKind::File);

    fn renamed(mode: RenameMode) -> EventKind {
        EventKind::Modify(ModifyKind::Name(mode))
    }

    /// The batch of these events, in which paths that begin with `.` are ignored.
    fn batch(events: &[(EventKind, &[&str])]) -> Batch {
        let mut batch = Batch::default();
        for (kind, paths) in events {
            let event = Event::new(*kind);
            let event = paths.iter().fold(event, |event, path| event.add_path(path.into()));
            batch.add(Ok(event), &|path| path.starts_with(".git"));
        }
        batch
    }

    fn names<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> BTreeSet<String> {
        paths.into_iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn events_become_paths_that_changed_and_paths_that_are_gone() {
        for (events, changed, gone) in [
            (&[(MADE, &["a"][..]), (WRITTEN, &["b", "a"])][..], &["a", "b"][..], &[][..]),
            (&[(REMOVED, &["a"])], &["a"], &["a"]),
            (&[(renamed(RenameMode::From), &["a"])], &["a"], &["a"]),
            (&[(renamed(RenameMode::To), &["a"])], &["a"], &[]),
            (&[(renamed(RenameMode::Any), &["a"])], &["a"], &["a"]),
            (&[(renamed(RenameMode::Both), &["a", "b"])], &["a", "b"], &[]),
            (&[(READ, &["a"])], &[], &[]),
            (&[(WRITTEN, &[".git/index"]), (REMOVED, &[".git/x", "b"])], &["b"], &["b"]),
        ] {
            let found = batch(events);
            let expected = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(found.hints.at().unwrap()), expected(changed), "{events:?}");
            assert_eq!(names(&found.gone), expected(gone), "{events:?}");
            assert_eq!(found.hints.is_empty(), changed.is_empty(), "{events:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_is_open_from_its_first_write_until_it_is_closed_or_renamed() {
        for (events, expected) in [
            (&[(WRITTEN, &["a"][..])][..], &["a"][..]),
            (&[(WRITTEN, &["a"]), (CLOSED, &["a"])], &[]),
            (&[(WRITTEN, &["a"]), (READ, &["a"])], &["a"]),
            (&[(WRITTEN, &["a", "b"]), (renamed(RenameMode::Both), &["a", "c"])], &["b"]),
            (&[(MADE, &["a"])], &[]),
        ] {
            let open = names(&batch(events).open);
            assert!(open.iter().eq(expected), "{events:?}: {open:?}");
        }
    }

    #[test]
    fn renames_have_both_names() {
        let found = batch(&[(renamed(RenameMode::Both), &["a", "b"])]);
        assert_eq!(found.hints.renames(), [("a".into(), "b".into())]);
        // Of two events nothing says that they belong together.
        let apart = [(renamed(RenameMode::From), &["a"][..]), (renamed(RenameMode::To), &["b"])];
        assert!(batch(&apart).hints.renames().is_empty());
    }

    #[test]
    fn after_errors_and_lost_events_any_file_may_have_changed() {
        let mut failed = Batch::default();
        failed.add(Err(notify::Error::generic("?")), &|_| false);
        assert!(failed.hints.at().is_none() && !failed.has_lost);
        let mut lost = Batch::default();
        lost.add(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)), &|_| true);
        assert!(lost.hints.at().is_none() && lost.has_lost && !lost.hints.is_empty());
    }
}
