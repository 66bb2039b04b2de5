//! Folders → the system's watches of them, each of the folder that is at its path now.
//!
//! A watch belongs to a folder, not to its path: when the folder is replaced, the watch goes on
//! with the old one. Most replacements come with an event of the folder above. Those that do not
//! (a deleted folder that a program holds open, a volume mounted over a folder) are found by
//! comparing identities.
//!
//! Must not know: events, the reaction to a change.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::source::FolderIdentity;

/// The folders to watch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WatchedFolders {
    /// The folder that is served, as it was named: symbolic links may lead to it.
    pub named: PathBuf,
    /// The folders in which changes count, with all below: the one that is served, those of its
    /// books, and those of the notes, which a symbolic link may lead to.
    pub roots: Vec<PathBuf>,
    /// The folders of all files.
    pub all: BTreeSet<PathBuf>,
    /// The folders of git's logs, or those in which they will be, if notes are in a repository: a
    /// commit changes dates of notes and none of their files.
    pub logs: Vec<PathBuf>,
}

impl WatchedFolders {
    /// The roots that are in no other root.
    fn outermost(&self) -> BTreeSet<PathBuf> {
        let is_inner = |root: &PathBuf| {
            self.roots.iter().any(|other| root != other && root.starts_with(other))
        };
        self.roots.iter().filter(|root| !is_inner(root)).cloned().collect()
    }

    /// The folders above: an event there says that a root is replaced or comes back.
    fn above(&self) -> impl Iterator<Item = &Path> {
        let roots = self.roots.iter().chain([&self.named]);
        roots.filter_map(|root| root.parent()).filter(|above| !self.all.contains(*above))
    }

    /// True if the path is git's log of commits, the folder that will hold it, or a new repository.
    pub fn is_log(&self, path: &Path) -> bool {
        let is_in = |folder: &PathBuf| path.parent() == Some(folder.as_path());
        match path.file_name().and_then(|name| name.to_str()) {
            Some("HEAD" | "logs") => self.logs.iter().any(is_in),
            Some(".git") => self.roots.iter().any(is_in),
            _ => false,
        }
    }
}

/// The watches of the system.
pub(super) struct Watches {
    native: RecommendedWatcher,
    folders: BTreeMap<PathBuf, FolderIdentity>,
    /// True if one watch covers a folder with all below it.
    is_recursive: bool,
}

impl Watches {
    /// None yet.
    pub fn new(native: RecommendedWatcher) -> Self {
        Self { native, folders: BTreeMap::new(), is_recursive: !cfg!(target_os = "linux") }
    }

    /// True if the folder at a path is watched.
    pub fn contain(&self, path: &Path) -> bool {
        let covering = if self.is_recursive { usize::MAX } else { 1 };
        path.ancestors().take(covering).any(|path| self.folders.contains_key(path))
    }

    /// Watches these folders and no others; gives those that were not watched before, in which
    /// files may have changed unnoticed. Fails if the system allows no more watches.
    pub fn change_to(&mut self, wanted: &WatchedFolders) -> notify::Result<BTreeSet<PathBuf>> {
        let mut beside: BTreeSet<&Path> = wanted.logs.iter().map(PathBuf::as_path).collect();
        if !self.is_recursive {
            beside.extend(wanted.above());
        }
        let outermost: BTreeSet<PathBuf>;
        let folders = if self.is_recursive {
            outermost = wanted.outermost();
            &outermost
        } else {
            &wanted.all
        };
        // First those that are gone: a renamed folder would still be watched under its old name.
        let is_gone =
            |path: &&PathBuf| !folders.contains(*path) && !beside.contains(path.as_path());
        let gone: Vec<PathBuf> = self.folders.keys().filter(is_gone).cloned().collect();
        for path in &gone {
            self.stop(path);
        }
        let mut new = BTreeSet::new();
        for path in folders {
            if !self.contain(path) && self.watch(path)? {
                new.insert(path.clone());
            }
        }
        for path in beside {
            // Without this watch a folder that comes back is found by looking for it, and a commit
            // at the next edit.
            if !self.contain(path) {
                let _ = self.watch(path);
            }
        }
        Ok(new)
    }

    /// Watches a folder; false if there is none.
    fn watch(&mut self, path: &Path) -> notify::Result<bool> {
        let mode =
            if self.is_recursive { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        // Before the watch: if the folder is replaced in between, it has another identity later.
        let Some(identity) = FolderIdentity::of(path) else { return Ok(false) };
        match self.native.watch(path, mode) {
            Ok(()) => {
                self.folders.insert(path.to_owned(), identity);
                Ok(true)
            }
            // Gone already; there is an event of the folder above it.
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Stops watching what was at these paths and below: what is there later is something else.
    pub fn forget<'p>(&mut self, gone: impl IntoIterator<Item = &'p PathBuf>) {
        for path in gone {
            let below = self.folders.range(path.clone()..).map(|(below, _)| below);
            let below: Vec<PathBuf> =
                below.take_while(|below| below.starts_with(path)).cloned().collect();
            for path in &below {
                self.stop(path);
            }
        }
    }

    /// Stops watching everything.
    pub fn forget_all(&mut self) {
        let all: Vec<PathBuf> = self.folders.keys().cloned().collect();
        for path in &all {
            self.stop(path);
        }
    }

    fn stop(&mut self, path: &Path) {
        self.folders.remove(path);
        // Fails for those that are deleted, which is most of them.
        let _ = self.native.unwatch(path);
    }

    /// The watched folders that are no longer at their paths.
    pub fn replaced(&self) -> Vec<PathBuf> {
        let folders = self.folders.iter();
        let replaced =
            folders.filter(|(path, identity)| FolderIdentity::of(path) != Some(**identity));
        replaced.map(|(path, _)| path.clone()).collect()
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;

    /// Folders that are watched, and the paths of the events.
    struct Case {
        all: tempfile::TempDir,
        watches: Watches,
        events: Receiver<PathBuf>,
    }

    impl Case {
        fn new(folders: &[&str]) -> Self {
            let all = tempfile::tempdir().unwrap();
            let (sender, events) = channel();
            let send = move |event: notify::Result<notify::Event>| {
                for path in event.unwrap().paths {
                    let _ = sender.send(path);
                }
            };
            let native = notify::recommended_watcher(send).unwrap();
            let mut case = Self { all, watches: Watches::new(native), events };
            for folder in folders {
                fs::create_dir_all(case.path(folder)).unwrap();
            }
            assert!(case.watch(folders).len() == folders.len() || case.watches.is_recursive);
            case
        }

        fn path(&self, name: &str) -> PathBuf {
            self.all.path().canonicalize().unwrap().join(name)
        }

        fn watch(&mut self, folders: &[&str]) -> BTreeSet<PathBuf> {
            let all: BTreeSet<PathBuf> = folders.iter().map(|name| self.path(name)).collect();
            let named = self.path("n");
            let wanted =
                WatchedFolders { roots: vec![named.clone()], named, all, logs: Vec::new() };
            self.watches.change_to(&wanted).unwrap()
        }

        /// True if a file that is written is reported.
        fn hears(&self, file: &str) -> bool {
            while self.events.try_recv().is_ok() {}
            fs::write(self.path(file), "text").unwrap();
            let mut event = self.events.recv_timeout(Duration::from_secs(10));
            while event.as_ref().is_ok_and(|path| *path != self.path(file)) {
                event = self.events.recv_timeout(Duration::from_secs(10));
            }
            event.is_ok()
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_held_open_and_made_again_is_found() {
        const FOLDERS: [&str; 2] = ["n", "n/a"];
        let mut case = Case::new(&FOLDERS);
        assert!(case.watches.replaced().is_empty());
        let _open = fs::File::open(case.path("n")).unwrap();
        fs::remove_dir_all(case.path("n")).unwrap();
        fs::create_dir_all(case.path("n/a")).unwrap();
        let replaced = case.watches.replaced();
        assert!(replaced.contains(&case.path("n")), "{replaced:?}");
        case.watches.forget(&replaced);
        case.watch(&FOLDERS);
        assert!(case.watches.replaced().is_empty());
        assert!(case.hears("n/a/x.md") && case.hears("n/y.md"));
    }

    #[test]
    fn what_is_below_a_folder_goes_with_it() {
        let mut case = Case::new(&["n", "n/a", "n/a b", "n/a/b"]);
        if case.watches.is_recursive {
            return;
        }
        case.watches.forget(&[case.path("n/a")]);
        let known = |name| case.watches.contain(&case.path(name));
        assert!(known("n") && known("n/a b") && !known("n/a") && !known("n/a/b"));
        case.watches.forget_all();
        assert!(case.watches.folders.is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_folder_above_reports_that_a_root_comes_back() {
        let mut case = Case::new(&["n"]);
        fs::rename(case.path("n"), case.path("m")).unwrap();
        let gone = case.path("n");
        case.watches.forget([&gone]);
        assert!(case.watch(&["n"]).is_empty());
        while case.events.try_recv().is_ok() {}
        fs::create_dir(&gone).unwrap();
        assert_eq!(case.events.recv_timeout(Duration::from_secs(10)), Ok(gone));
    }
}
