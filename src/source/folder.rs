//! A folder on disk → facts needed for watching it: whether git is changing it, and whether its
//! file system reports all changes.
//!
//! Must not know: notes.

use std::path::Path;

/// True if git is changing files in the repository of this folder: `index.lock` exists as long.
#[must_use]
pub fn is_git_at_work(folder: &Path) -> bool {
    folder.ancestors().any(|above| above.join(".git/index.lock").exists())
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
