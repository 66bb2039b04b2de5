//! An output folder → the lock that lets one build at a time read its manifest, write its files and
//! record them.
//!
//! The system holds the lock and releases it when the process ends, however it ends, so a killed
//! build leaves nothing to clean up. On Unix it lies on the folder itself (flock(2)): no file is
//! left that could be published, and a folder that cannot be written can be locked too. Windows
//! locks no folders, so there it lies on an empty file in the folder for temporary files. A file
//! system without locks is used without one, as before there were any. A program that locks the
//! folder in the same way for the build that it starts, as flock(1) does, is not waited for.
//!
//! Must not know: the files of the site, the reason for a build.

#[cfg(target_os = "linux")]
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The lock on an output folder, until it is dropped.
#[derive(Debug)]
pub struct FolderLock {
    /// `None` if the file system has no locks.
    file: Option<File>,
    /// The folders that were made for it, the deepest first.
    made: Vec<PathBuf>,
}

impl FolderLock {
    /// Locks `site`, which is made if it does not exist and may be there by `check`. If another
    /// build has it, `waits` is called once and the lock is taken when that build has ended.
    ///
    /// A folder that cannot be opened or made, or read, is not locked; writing to it may fail.
    ///
    /// # Errors
    /// Those of `check`.
    pub fn take<E>(
        site: &Path,
        check: impl Fn() -> Result<(), E>,
        waits: impl Fn(),
    ) -> Result<Self, E> {
        let mut made = Vec::new();
        let mut has_waited = false;
        loop {
            if !site.exists()
                && let Err(error) = check()
                // Another build may have begun to write there meanwhile.
                && !site.exists()
            {
                return Err(error);
            }
            made.extend(make(site));
            let Ok(file) = open(site) else { return Ok(Self { file: None, made }) };
            let locked = match file.try_lock() {
                Err(TryLockError::WouldBlock) if is_inherited(&file) => Ok(()),
                Err(TryLockError::WouldBlock) => {
                    if !has_waited {
                        waits();
                    }
                    has_waited = true;
                    lock(&file)
                }
                Err(TryLockError::Error(error)) => Err(error),
                Ok(()) => Ok(()),
            };
            if locked.is_err() {
                return Ok(Self { file: None, made });
            }
            // The build before may have removed the folder, and this lock would be on nothing.
            if is_at(&file, site) {
                return Ok(Self { file: Some(file), made });
            }
        }
    }

    /// True if no other build can have the folder.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // A build that wrote nothing leaves no empty folder. `remove_dir` fails on all others. The
        // file is closed after this, which releases the lock.
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes a folder and those above it; gives the ones that were missing, the deepest first.
fn make(site: &Path) -> Vec<PathBuf> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<_> = site.ancestors().take_while(is_missing).map(Path::to_owned).collect();
    if !missing.is_empty() {
        // A folder that cannot be made cannot be written to either, and the error comes there.
        let _ = fs::create_dir_all(site);
    }
    missing
}

/// Waits for the lock, also when a signal comes meanwhile.
fn lock(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(unix)]
fn open(site: &Path) -> io::Result<File> {
    // To open a pipe could block for ever.
    if !fs::metadata(site)?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    File::open(site)
}

/// True if this process has the lock from the program that started it, which may wait for its end
/// before it releases it: `flock site notes build`. Linux says which locks a descriptor has
/// (`proc_pid_fdinfo(5)`).
#[cfg(target_os = "linux")]
fn is_inherited(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(wanted) = file.metadata() else { return false };
    let is_same = |number: &OsStr| {
        let found = fs::metadata(Path::new("/proc/self/fd").join(number));
        found.is_ok_and(|found| (found.dev(), found.ino()) == (wanted.dev(), wanted.ino()))
    };
    let has_lock = |number: &OsStr| {
        let about = fs::read_to_string(Path::new("/proc/self/fdinfo").join(number));
        about.is_ok_and(|about| says_inherited_lock(&about))
    };
    let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    descriptors.map(|entry| entry.file_name()).any(|number| is_same(&number) && has_lock(&number))
}

#[cfg(not(target_os = "linux"))]
fn is_inherited(_: &File) -> bool {
    false
}

/// True if a descriptor was inherited and has an exclusive lock. Those that this program opens are
/// closed in programs that it starts (`O_CLOEXEC`), so an inherited one has no such flag.
#[cfg(target_os = "linux")]
fn says_inherited_lock(about: &str) -> bool {
    const CLOSED_ON_EXEC: u32 = 0o2_000_000;
    let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    let is_lock = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        matches!(words[..], ["lock:", _, "FLOCK", _, "WRITE", ..])
    };
    flags.is_some_and(|flags| flags & CLOSED_ON_EXEC == 0) && about.lines().any(is_lock)
}

#[cfg(unix)]
fn is_at(file: &File, site: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(locked), Ok(there)) = (file.metadata(), fs::metadata(site)) else { return false };
    (locked.dev(), locked.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn open(site: &Path) -> io::Result<File> {
    let real = site.canonicalize()?;
    let digest = crate::digest::Digest::of(real.as_os_str().as_encoded_bytes());
    let name = format!("notes-{digest}.lock");
    File::options().create(true).append(true).open(std::env::temp_dir().join(name))
}

#[cfg(not(unix))]
fn is_at(_: &File, site: &Path) -> bool {
    site.is_dir()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    fn take(site: &Path, waits: impl Fn()) -> FolderLock {
        FolderLock::take(site, || Ok::<_, ()>(()), waits).unwrap()
    }

    #[test]
    fn the_second_waits_for_the_first_and_says_so_once() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("a/site");
        let first = take(&site, || panic!("nothing to wait for"));
        fs::write(site.join("x"), "").unwrap();
        let (says, said) = mpsc::channel();
        thread::scope(|scope| {
            let second = scope.spawn(|| take(&site, || says.send(()).unwrap()));
            said.recv().unwrap();
            assert!(first.is_held() && !second.is_finished());
            drop(first);
            assert!(second.join().unwrap().is_held());
        });
        assert!(said.try_recv().is_err());
        assert_eq!(fs::read_dir(&site).unwrap().count(), 1);
    }

    #[test]
    fn folders_that_were_made_for_nothing_are_removed_and_the_next_lock_is_on_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("a/site");
        let first = take(&site, || ());
        let (says, said) = mpsc::channel();
        thread::scope(|scope| {
            let second = scope.spawn(|| take(&site, || says.send(()).unwrap()));
            said.recv().unwrap();
            drop(first);
            let second = second.join().unwrap();
            assert!(second.is_held() && site.is_dir());
            drop(second);
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_may_not_be_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let taken = FolderLock::take(&folder.path().join("a/b"), || Err("no"), || ());
        assert_eq!(taken.unwrap_err(), "no");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(FolderLock::take(folder.path(), || Err("no"), || ()).unwrap().is_held());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_inherited_lock_is_told_from_other_descriptors() {
        let lock = "lock:\t1: FLOCK  ADVISORY  WRITE 7 fe:00:9 0 EOF\n";
        let shared = "lock:\t1: FLOCK  ADVISORY  READ 7 fe:00:9 0 EOF\n";
        let of_range = "lock:\t1: POSIX  ADVISORY  WRITE 7 fe:00:9 0 EOF\n";
        for (flags, lock, expected) in [
            ("0100000", lock, true),
            ("02100000", lock, false),
            ("0100000", shared, false),
            ("0100000", of_range, false),
            ("0100000", "", false),
            ("", lock, false),
        ] {
            let about = format!("pos:\t0\nflags:\t{flags}\nmnt_id:\t29\nino:\t9\n{lock}");
            assert_eq!(says_inherited_lock(&about), expected, "{about}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_one_is_not_locked() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(!take(&folder.path().join("file/site"), || ()).is_held());
    }
}
