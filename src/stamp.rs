//! Metadata of a file → [`Stamp`], a fingerprint that detects a change without reading the file.
//!
//! Each write gives a file a new time of change (ctime), which programs cannot set. But clocks have
//! ticks: two writes within one tick give the same time. So only a file whose last change is older
//! than a tick has a stamp, as in git (git's `Documentation/technical/racy-git.txt`).
//!
//! Must not know: the content of the file, the disk.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Longer than a tick of the clocks that file systems use: 1 to 10 ms on Linux.
const TICK: Duration = Duration::from_millis(50);
/// Longer than a tick of those that count whole seconds; FAT counts pairs of them.
const LONG_TICK: Duration = Duration::from_secs(3);

/// A file's fingerprint. If a path has equal stamps at two times, the file was not written in
/// between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    size: u64,
    /// Time of the last change of the content, in seconds and nanoseconds.
    modified: (i64, u32),
    /// Time of the last change of content or metadata (ctime); on systems without it, the time of
    /// creation.
    changed: (i64, u32),
    /// The file's inode number; 0 on systems without it.
    number: u64,
}

impl Stamp {
    /// The stamp of a file; `None` if it was changed within the last tick. `now` is a time before
    /// the metadata were read.
    #[must_use]
    pub fn of(metadata: &Metadata, now: SystemTime) -> Option<Self> {
        let stamp = Self::taken(metadata)?;
        let last = stamp.modified.max(stamp.changed);
        let tick = if stamp.modified.1 == 0 || stamp.changed.1 == 0 { LONG_TICK } else { TICK };
        let (seconds, nanoseconds) = parts(now.checked_sub(tick)?);
        (last < (seconds, nanoseconds)).then_some(stamp)
    }

    /// The stamp of a file that this program has just written; `None` if the clock counts whole
    /// seconds.
    #[must_use]
    pub fn of_own(metadata: &Metadata) -> Option<Self> {
        Self::taken(metadata).filter(|stamp| stamp.modified.1 != 0 && stamp.changed.1 != 0)
    }

    /// True if a file still has this stamp.
    #[must_use]
    pub fn is_of(&self, metadata: &Metadata) -> bool {
        Self::taken(metadata) == Some(*self)
    }

    #[cfg(unix)]
    fn taken(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |number: i64| u32::try_from(number).ok();
        Some(Self {
            size: metadata.len(),
            modified: (metadata.mtime(), nanoseconds(metadata.mtime_nsec())?),
            changed: (metadata.ctime(), nanoseconds(metadata.ctime_nsec())?),
            number: metadata.ino(),
        })
    }

    #[cfg(not(unix))]
    fn taken(metadata: &Metadata) -> Option<Self> {
        let (modified, created) = (metadata.modified().ok()?, metadata.created().ok()?);
        Some(Self {
            size: metadata.len(),
            modified: parts(modified),
            changed: parts(created),
            number: 0,
        })
    }
}

/// Seconds since 1970 and nanoseconds; all times before 1970 are the same one.
fn parts(time: SystemTime) -> (i64, u32) {
    time.duration_since(UNIX_EPOCH).map_or((i64::MIN, 0), |since| {
        (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_changed_within_a_tick_has_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.md");
        fs::write(&path, "a").unwrap();
        let look = || fs::metadata(&path).unwrap();
        let now = SystemTime::now();
        assert_eq!(Stamp::of(&look(), now), None);
        let later = now + 2 * LONG_TICK;
        let stamp = Stamp::of(&look(), later).unwrap();
        assert_eq!(Stamp::of(&look(), later), Some(stamp));
        assert!(stamp.is_of(&look()));
        // If the clock was set back, there are no stamps rather than wrong ones.
        assert_eq!(Stamp::of(&look(), now - 2 * LONG_TICK), None);
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "b").unwrap();
        assert_ne!(Stamp::of(&look(), later), Some(stamp));
    }

    #[test]
    fn a_time_that_is_set_by_hand_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.md");
        fs::write(&path, "a").unwrap();
        let set =
            |time| fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let long_ago = UNIX_EPOCH + Duration::new(1_000_000_000, 5);
        set(long_ago);
        let later = SystemTime::now() + 2 * LONG_TICK;
        let stamp = Stamp::of(&fs::metadata(&path).unwrap(), later);
        assert!(stamp.is_some());
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "b").unwrap();
        set(long_ago);
        assert_ne!(Stamp::of(&fs::metadata(&path).unwrap(), later), stamp);
    }

    #[test]
    fn clocks_of_whole_seconds_have_a_longer_tick() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.md");
        fs::write(&path, "a").unwrap();
        let second = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(&path).unwrap().set_modified(second).unwrap();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!(Stamp::of(&metadata, SystemTime::now() + Duration::from_secs(1)), None);
        assert!(Stamp::of(&metadata, SystemTime::now() + 2 * LONG_TICK).is_some());
        assert_eq!(Stamp::of_own(&metadata), None);
    }
}
