//! A folder on disk → facts needed for watching it: its identity, whether git is changing it, and
//! whether its file system reports all changes.
//!
//! Must not know: notes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::path::disk_key;

/// The identity of a folder. One that is deleted and made again, replaced, or covered by a volume
/// is another folder at the same path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderIdentity {
    /// Device and inode number; 0 on systems without them.
    number: (u64, u64),
    /// Inode numbers are used again.
    created: Option<SystemTime>,
}

impl FolderIdentity {
    /// The identity of the folder at a path; `None` if there is none.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        Some(Self { number: number(&metadata), created: metadata.created().ok() })
    }
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// The path of a folder without symbolic links; `None` if there is no folder.
#[must_use]
pub fn real_folder(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().filter(|real| real.is_dir())
}

/// The path of the folder beside a missing one that would be the same on a disk that ignores case;
/// both go on from the folder `base`.
#[must_use]
pub fn folder_like(base: &Path, missing: &str) -> Option<String> {
    let missing = missing.trim_end_matches('/');
    let name = missing.rsplit('/').next()?;
    let above = &missing[..missing.len() - name.len()];
    let folders = fs::read_dir(base.join(above)).ok()?.flatten();
    let folders = folders.filter(|entry| entry.path().is_dir());
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    let like = names.filter(|other| disk_key(other) == disk_key(name)).min()?;
    Some(format!("{above}{like}"))
}

/// True if there is nothing in a folder, not even a hidden file.
#[must_use]
pub fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// True if git is changing files in the repository of this folder: `index.lock` exists as long.
#[must_use]
pub fn is_git_at_work(folder: &Path) -> bool {
    folder.ancestors().any(|above| above.join(".git/index.lock").exists())
}

/// The folder of git's log of commits, in the repository of a folder: each commit adds a line to
/// `HEAD` there (gitrepository-layout(5)). Before the first one, the folder in which it will be.
#[must_use]
pub fn git_log(folder: &Path) -> Option<PathBuf> {
    let git = folder.ancestors().map(|above| above.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(log_in(git));
    }
    // A working tree or a submodule whose repository is elsewhere.
    let text = fs::read_to_string(&git).ok()?;
    let elsewhere = text.strip_prefix("gitdir:")?.trim();
    Some(log_in(git.parent()?.join(elsewhere).canonicalize().ok()?))
}

fn log_in(git: PathBuf) -> PathBuf {
    let log = git.join("logs");
    if log.is_dir() { log } else { git }
}

/// File systems whose files another machine or program can change without an inotify event, and
/// their usual names (Linux's `include/uapi/linux/magic.h` and `fs/smb/client/cifsfs.h`).
#[cfg(target_os = "linux")]
const SILENT: [(u32, &str); 8] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "9P"),
    (0x6573_5546, "FUSE"),
    (0x786F_4256, "VirtualBox"),
    (0x00C3_6400, "Ceph"),
];

/// The name of the file system, if it does not report all changes.
#[cfg(target_os = "linux")]
#[must_use]
pub fn silent_file_system(folder: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(folder).ok()?;
    // The number has 32 bits; its type is wider on some machines, and signed.
    let is_it = |magic: u32| found.f_type.to_le_bytes()[..4] == magic.to_le_bytes();
    SILENT.iter().find(|(magic, _)| is_it(*magic)).map(|(_, name)| *name)
}

/// The name of the file system, if it does not report all changes; not known on this system.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn silent_file_system(_: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_identity_and_its_successor_has_another() {
        let all = tempfile::tempdir().unwrap();
        let path = all.path().join("notes");
        assert_eq!(FolderIdentity::of(&path), None);
        fs::create_dir(&path).unwrap();
        let first = FolderIdentity::of(&path);
        fs::write(path.join("a.md"), "a").unwrap();
        assert!(first.is_some() && FolderIdentity::of(&path) == first);
        fs::rename(&path, all.path().join("gone")).unwrap();
        fs::create_dir(&path).unwrap();
        assert_ne!(FolderIdentity::of(&path), first);
        fs::remove_dir(&path).unwrap();
        fs::write(&path, "no folder").unwrap();
        assert_eq!(FolderIdentity::of(&path), None);
    }

    #[test]
    fn the_log_of_git_is_in_the_repository_of_a_folder() {
        let all = tempfile::tempdir().unwrap();
        let top = all.path().canonicalize().unwrap();
        for folder in
            ["a/.git/logs", "a/b/c", "w/notes", "a/.git/worktrees/w/logs", "new/.git", "bad"]
        {
            fs::create_dir_all(top.join(folder)).unwrap();
        }
        fs::write(top.join("w/.git"), "gitdir: ../a/.git/worktrees/w\n").unwrap();
        fs::write(top.join("bad/.git"), "gitdir: nowhere\n").unwrap();
        for (folder, expected) in [
            ("a", Some("a/.git/logs")),
            ("a/b/c", Some("a/.git/logs")),
            ("w/notes", Some("a/.git/worktrees/w/logs")),
            ("new", Some("new/.git")),
            ("bad", None),
        ] {
            assert_eq!(git_log(&top.join(folder)), expected.map(|log| top.join(log)), "{folder}");
        }
    }
}
