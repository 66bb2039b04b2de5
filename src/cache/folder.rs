//! The folder of a cache, and what is made on disk for it.
//!
//! Must not know: what is in it.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{FOLDER, pack, state};

/// The folder of a cache.
#[derive(Debug, Clone)]
pub(super) struct CacheFolder {
    /// The folder.
    pub path: PathBuf,
    /// The outermost folder that is made for it.
    top: PathBuf,
}

impl CacheFolder {
    /// The folder of the cache of the folder that is built, or of a part of it; `None` if it must
    /// not be used.
    pub fn below(built: &Path, part: &str) -> Option<Self> {
        let top = built.join(FOLDER);
        let path = if part.is_empty() { top.clone() } else { top.join(part) };
        // A symbolic link could lead anywhere, and a file is foreign.
        let is_foreign = path
            .ancestors()
            .take_while(|above| above.starts_with(&top))
            .any(|above| fs::symlink_metadata(above).is_ok_and(|metadata| !metadata.is_dir()));
        (!is_foreign).then_some(Self { path, top })
    }

    /// Deletes the caches in its folders, those in `kept` left out: packs and states, and folders
    /// that are empty then. Other files stay.
    pub fn sweep(&self, kept: &HashSet<PathBuf>) {
        sweep(&self.path, kept);
    }

    /// Makes it, with a file that keeps it out of the writer's repository. The folder that is built
    /// is not made: if it was deleted meanwhile, it would be in the way of its successor.
    pub fn make(&self) -> io::Result<()> {
        match fs::create_dir(&self.top) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        fs::create_dir_all(&self.path)?;
        match fs::File::create_new(self.top.join(".gitignore")) {
            Ok(mut file) => file.write_all(b"*\n"),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Deletes the caches in the folders of a folder.
fn sweep(folder: &Path, kept: &HashSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // Symbolic links are not followed.
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let below = entry.path();
        sweep(&below, kept);
        if kept.contains(&below) {
            continue;
        }
        let files = fs::read_dir(&below).into_iter().flatten().flatten().map(|entry| entry.path());
        for file in files.filter(|file| is_of_cache(file)) {
            let _ = fs::remove_file(file);
        }
        // Not if there is anything else in it.
        let _ = fs::remove_dir(&below);
    }
}

/// True for the files that a cache has.
fn is_of_cache(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_file
        && (path.extension().is_some_and(|end| end == pack::EXTENSION)
            || path.file_name().is_some_and(|name| name == state::NAME))
}
