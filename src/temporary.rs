//! Files on their way to disk: each is written under a temporary name in the folder it is for, and
//! takes its own name when it is whole. Temporary files of killed runs are removed later.
//!
//! Must not know: what the files are.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use tempfile::{NamedTempFile, TempDir};

/// The beginning of the name of every temporary file; the writing process's number and `-` follow.
const PREFIX: &str = ".notes-tmp-";

/// No write takes this long: an older temporary file is a stray even on systems that do not say
/// which processes are alive.
const STRAY_AGE: Duration = Duration::from_hours(1);

/// The access to a file once it is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner's only.
    Private,
    /// Readable by all, less the process's umask.
    Public,
}

/// A new temporary file in a folder; it is removed if it is dropped.
///
/// # Errors
/// When the folder cannot be written to.
pub fn file_in(folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    let prefix = own_prefix();
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    if access == Access::Public {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = access;
    builder.tempfile_in(folder)
}

/// A new temporary folder in a folder, for files that are whole before their places are known; it
/// is removed with the files in it if it is dropped.
///
/// # Errors
/// When the folder cannot be written to.
pub fn folder_in(folder: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(&own_prefix()).tempdir_in(folder)
}

/// Writes the file with this number in a temporary folder, readable by all, less the process's
/// umask; gives its path.
///
/// # Errors
/// When it cannot be written; then no part of it is left.
pub fn write_in(folder: &TempDir, number: usize, bytes: &[u8]) -> io::Result<PathBuf> {
    let path = folder.path().join(format!("{}{number}", own_prefix()));
    let mut file = fs::File::create_new(&path)?;
    if let Err(error) = file.write_all(bytes) {
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    Ok(path)
}

/// The beginning of the name of every work folder; the process's number and `-` follow. Not hidden,
/// because browsers in a sandbox of the system see no hidden folders.
const WORK_PREFIX: &str = "notes-tmp-";

/// A folder for files that another program reads and writes, where the system keeps temporary ones;
/// it is removed with everything in it if it is dropped.
#[derive(Debug)]
pub struct WorkFolder(TempDir);

impl WorkFolder {
    /// A new one. Those of killed runs are removed.
    ///
    /// # Errors
    /// When there is no folder for temporary files.
    pub fn new() -> io::Result<Self> {
        for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
            let process = entry.file_name().to_str().and_then(|name| process_in(name, WORK_PREFIX));
            if process.is_some_and(has_ended) && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let prefix = format!("{WORK_PREFIX}{}-", std::process::id());
        tempfile::Builder::new().prefix(&prefix).tempdir().map(Self)
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes the file of a name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.path().join(name), bytes)
    }

    /// Reads the file of a name.
    ///
    /// # Errors
    /// When it does not exist or cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path().join(name))
    }
}

fn own_prefix() -> String {
    format!("{PREFIX}{}-", std::process::id())
}

/// True if a file of this name is a temporary one of this program.
#[must_use]
pub fn is_temporary(name: &str) -> bool {
    writer_of(name).is_some()
}

/// The number of the process that writes the temporary file of this name; `None` for other names.
fn writer_of(name: &str) -> Option<u32> {
    process_in(name, PREFIX)
}

/// The number of the process in a name with a beginning.
fn process_in(name: &str, prefix: &str) -> Option<u32> {
    let (process, random) = name.strip_prefix(prefix)?.split_once('-')?;
    let is_random = !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    process.parse().ok().filter(|_| is_random)
}

/// Removes the temporary files and folders in a folder whose process has ended. One that cannot be
/// removed stays: it does no harm, and the next run tries again.
pub fn sweep(folder: &Path) {
    for (entry, process) in temporaries(folder) {
        if !has_ended(process) && !is_old(&entry) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            for (entry, _) in temporaries(&entry.path()) {
                let _ = fs::remove_file(entry.path());
            }
            // One that holds anything else is not ours, and stays.
            let _ = fs::remove_dir(entry.path());
        } else {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The entries of a folder that have the names of temporary files, each with the number of its
/// process.
fn temporaries(folder: &Path) -> impl Iterator<Item = (fs::DirEntry, u32)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let process = entry.file_name().to_str().and_then(writer_of)?;
        Some((entry, process))
    })
}

/// True if the process has ended, by `/proc` of Linux (proc(5)); `false` on other systems. A killed
/// process stays listed until its parent waits for it, which in containers may be never.
fn has_ended(process: u32) -> bool {
    let state = |process: &str| {
        let status = fs::read_to_string(Path::new("/proc").join(process).join("stat")).ok()?;
        // The state comes after the name, which is in parentheses and may hold some itself.
        status.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next())
    };
    state("self").is_some() && matches!(state(&process.to_string()), None | Some('Z' | 'X'))
}

fn is_old(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
    let age = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
    age.is_some_and(|age| age > STRAY_AGE)
}

/// The names in a folder in order, for tests.
#[cfg(test)]
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_are_removed_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let own = format!("{PREFIX}{}-abc123", std::process::id());
        let old = format!("{PREFIX}{}-old123", std::process::id());
        // Above Linux's largest process number (2²²).
        let dead = format!("{PREFIX}4194999-abc123");
        let foreign =
            [".notes-tmp-", ".notes-tmp-x-abc", ".notes-tmp-4194999-a.b", "notes-tmp-4194999-abc"];
        for name in foreign.into_iter().chain([own.as_str(), &old, &dead]) {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let long_ago = SystemTime::now() - 2 * STRAY_AGE;
        fs::File::options()
            .write(true)
            .open(folder.path().join(&old))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        sweep(folder.path());
        let mut expected: Vec<_> = foreign.map(str::to_owned).into_iter().chain([own]).collect();
        if !Path::new("/proc/self").exists() {
            expected.push(dead);
        }
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn stray_folders_are_removed_unless_they_hold_foreign_files() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, file: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            fs::write(path.join(file), "x").unwrap();
        };
        let (dead, kept) = (format!("{PREFIX}4194999-abc"), format!("{PREFIX}4194999-def"));
        put(&dead, &format!("{PREFIX}4194999-0"));
        put(&kept, &format!("{PREFIX}4194999-0"));
        put(&kept, "own.txt");
        let own = folder_in(folder.path()).unwrap();
        let file = write_in(&own, 7, b"page").unwrap();
        sweep(folder.path());
        assert_eq!(fs::read(&file).unwrap(), b"page");
        if Path::new("/proc/self").exists() {
            assert!(!folder.path().join(&dead).exists());
            assert_eq!(names(&folder.path().join(&kept)), ["own.txt"]);
        }
        assert!(write_in(&own, 7, b"again").is_err() && is_temporary(&names(own.path())[0]));
        let path = own.path().to_owned();
        drop(own);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn access_is_that_of_the_owner_or_what_the_umask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let plain = folder.path().join("plain");
        fs::write(&plain, b"x").unwrap();
        let public = file_in(folder.path(), Access::Public).unwrap();
        let private = file_in(folder.path(), Access::Private).unwrap();
        assert_eq!((mode(public.path()), mode(private.path())), (mode(&plain), 0o600));
        let ahead = folder_in(folder.path()).unwrap();
        assert_eq!(mode(&write_in(&ahead, 0, b"x").unwrap()), mode(&plain));
        assert!(is_temporary(public.path().file_name().unwrap().to_str().unwrap()));
    }
}
