//! Values of one run ↔ packs in `.notes/`, so that the next run need not make them again.
//!
//! The rules, from which it follows that nothing is ever invalidated: a value is kept under the
//! digest of everything it is made from, the program itself included, and never changes. A pack
//! holds values; it is written whole under a name that is its digest, and never changes either. A
//! value that cannot be read, or is not as it was written, does not exist. Two runs at once each
//! write packs of their own. A run with many packs before it makes one of them, and leaves out what
//! no run has asked for since several such.
//!
//! Values of which only the last one is of use are parts of the state of the last run: one file
//! that each run replaces. A part, too, comes with the digest of its inputs. As values in packs
//! they would pile up: with 9,937 notes the state has 13 MB, and up to 48 of them would stay until
//! old packs are merged.
//!
//! Must not know: what the values are, or what they are made from.

mod ahead;
mod downloads;
mod folder;
mod pack;
mod packs;
mod recent;
mod state;

use std::any::Any;
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::digest::Digest;
use crate::temporary;

use self::ahead::DecodedParts;
use self::folder::CacheFolder;
use self::pack::{CheckedValue, Writer};
use self::packs::Packs;
use self::recent::Recent;
use self::state::{ChangedParts, StateFile, StatePart};

pub use self::downloads::Downloads;

/// The folder's name, in the folder that is built.
pub const FOLDER: &str = ".notes";
/// The identity of this program: its version, and its source, for a version has many builds while
/// it is developed.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("NOTES_FINGERPRINT"));

/// The values that earlier runs kept and this one adds.
#[derive(Debug, Default)]
pub struct Cache {
    /// `None` when nothing is kept.
    folder: Option<CacheFolder>,
    /// True if what is made now is not kept.
    only_reads: AtomicBool,
    /// Values of this run, if they are kept in memory.
    recent: Option<Mutex<Recent>>,
    packs: Packs,
    added: Mutex<Added>,
    /// The state that the last run left.
    state: StateFile,
    /// The parts of it that are decoded already.
    ahead: DecodedParts,
    /// The parts of it that this run has changed.
    changed: Mutex<ChangedParts>,
}

/// The values that this run adds.
#[derive(Debug, Default)]
struct Added {
    /// The pack, once there is anything to add.
    pack: Option<Writer>,
    keys: HashSet<Digest>,
    /// Why nothing more is added.
    error: Option<io::Error>,
}

impl Added {
    fn add(&mut self, folder: &CacheFolder, value: &CheckedValue<'_>, age: u8) {
        if self.error.is_some() || !self.keys.insert(value.key()) {
            return;
        }
        let added = match &mut self.pack {
            Some(pack) => pack.add(value, age),
            None => begin(folder).and_then(|pack| self.pack.insert(pack).add(value, age)),
        };
        self.error = added.err();
    }
}

impl Cache {
    /// A cache that keeps nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Opens the cache of the folder that is built. Unreadable packs are skipped.
    #[must_use]
    pub fn open(built: &Path) -> Self {
        Self::open_below(built, "")
    }

    /// Opens a cache that is a part of that of the folder that is built.
    #[must_use]
    pub fn open_below(built: &Path, part: &str) -> Self {
        let Some(folder) = CacheFolder::below(built, part) else { return Self::none() };
        temporary::sweep(&folder.path);
        let (packs, state) = (Packs::open(&folder.path), StateFile::open(&folder.path));
        Self { folder: Some(folder), packs, state, ..Self::default() }
    }

    /// Deletes the caches of the parts below `part` that are not in `kept`, in the folder that is
    /// built.
    pub fn delete_others(built: &Path, part: &str, kept: impl Iterator<Item = String>) {
        let Some(folder) = CacheFolder::below(built, part) else { return };
        folder.sweep(&kept.map(|part| built.join(FOLDER).join(part)).collect());
    }

    /// The same cache for a run that keeps nothing of what it makes.
    #[must_use]
    pub fn only_reading(self) -> Self {
        Self { only_reads: true.into(), ..self }
    }

    /// The same cache for a run that goes on and on: what it makes is kept in memory, so many bytes
    /// of it.
    #[must_use]
    pub fn keeping_recent(self, bytes: usize) -> Self {
        Self { only_reads: true.into(), recent: Some(Mutex::new(Recent::new(bytes))), ..self }
    }

    /// Closes all files, so that the folder can be deleted or unmounted; they are opened again for
    /// each value that is asked for.
    pub fn close_files(&self) {
        self.packs.close();
    }

    /// True if anything is kept.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.writes_to().is_some()
    }

    /// The key of a value of one kind that is made from `parts`.
    #[must_use]
    pub fn key(kind: &str, parts: &[&[u8]]) -> Digest {
        let whole: Vec<&[u8]> = [PROGRAM.as_bytes(), kind.as_bytes()]
            .into_iter()
            .chain(parts.iter().copied())
            .collect();
        Digest::of_parts(&whole)
    }

    /// The value under a key, if it was kept.
    pub fn get<T: DeserializeOwned>(&self, key: Digest) -> Option<T> {
        let Some(place) = self.packs.find(key) else {
            let mut recent = self.recent.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
            return postcard::from_bytes(recent.get(key)?).ok();
        };
        let value = postcard::from_bytes(&self.packs.value(key, place)?).ok()?;
        self.packs.mark_used(place);
        Some(value)
    }

    /// Marks values as used by this run, which need not read them. It matters only if packs are
    /// merged.
    pub fn mark_used(&self, keys: impl Iterator<Item = Digest>) {
        if self.packs.are_many() {
            keys.filter_map(|key| self.packs.find(key)).for_each(|it| self.packs.mark_used(it));
        }
    }

    /// Keeps a value for later runs.
    pub fn put<T: Serialize>(&self, key: Digest, value: &T) {
        if self.recent.is_none() && self.writes_to().is_none() {
            return;
        }
        // A value that cannot be written down is made anew each time.
        let Ok(bytes) = postcard::to_allocvec(value) else { return };
        if let Some(folder) = self.writes_to() {
            // Before the lock, which all that is made now waits for.
            let value = CheckedValue::new(key, &bytes);
            self.added().add(folder, &value, 0);
        } else if let Some(recent) = &self.recent {
            recent.lock().unwrap_or_else(PoisonError::into_inner).add(key, bytes);
        }
    }

    /// The value under a key, or a new one, which is kept.
    pub fn get_or_make<T: Serialize + DeserializeOwned>(
        &self,
        key: Digest,
        make: impl FnOnce() -> T,
    ) -> T {
        self.get(key).unwrap_or_else(|| {
            let value = make();
            self.put(key, &value);
            value
        })
    }

    /// A part of the state of the last run, if it was made from the inputs of `key`.
    pub fn load_state<T: DeserializeOwned + Any>(&self, name: &str, key: Digest) -> Option<T> {
        let part = self.state.part(name).filter(|part| part.key == state_key(key))?;
        self.ahead.take(name, part).or_else(|| self.decode(name))
    }

    /// Decodes a part of the state now, whatever it was made from: [`Cache::load_state`] finds it
    /// decoded if it asks for it later, and need not wait.
    pub fn load_ahead<T: DeserializeOwned + Any + Send>(&self, name: &str) {
        if let (Some(part), Some(value)) = (self.state.part(name), self.decode::<T>(name)) {
            self.ahead.add(name, part, value);
        }
    }

    fn decode<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        postcard::from_bytes(&self.state.value(&self.folder.as_ref()?.path, name)?).ok()
    }

    /// Puts a value into the state of this run, which [`Cache::save`] writes.
    pub fn save_state<T: Serialize>(&self, name: &str, key: Digest, value: &T) {
        if self.writes_to().is_none() {
            return;
        }
        // A value that cannot be written down is made anew each time.
        let Ok(value) = postcard::to_allocvec(value) else { return };
        let part = StatePart::new(name, state_key(key), &value);
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if self.state.part(name) == Some(part) {
            changed.remove(name);
        } else {
            changed.insert(name.to_owned(), (part, value));
        }
    }

    fn writes_to(&self) -> Option<&CacheFolder> {
        self.folder.as_ref().filter(|_| !self.only_reads.load(Ordering::Relaxed))
    }

    fn added(&self) -> MutexGuard<'_, Added> {
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what this run has added and the state that it leaves; from then on nothing is. An
    /// error says that later runs will have more to do, and nothing else.
    pub fn save(&self) -> io::Result<()> {
        let added = std::mem::take(&mut *self.added());
        let changed =
            std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
        let was_over = self.only_reads.swap(true, Ordering::Relaxed);
        let Some(folder) = self.folder.as_ref().filter(|_| !was_over) else { return Ok(()) };
        self.save_values(folder, added)?;
        if changed.is_empty() {
            return Ok(());
        }
        folder.make()?;
        state::sweep(&folder.path);
        state::write(&folder.path, changed)
    }

    fn save_values(&self, folder: &CacheFolder, mut added: Added) -> io::Result<()> {
        let merges = added.pack.is_some() && self.packs.are_many();
        if merges {
            for (key, age, value) in self.packs.kept() {
                added.add(folder, &CheckedValue::new(key, &value), age);
            }
        }
        let Added { pack: Some(pack), error: None, .. } = added else {
            return added.error.map_or(Ok(()), Err);
        };
        let written = pack.finish(&folder.path)?;
        if merges {
            self.packs.delete_but(&written);
        }
        Ok(())
    }
}

fn begin(folder: &CacheFolder) -> io::Result<Writer> {
    folder.make()?;
    Writer::new(&folder.path)
}

/// The key of a part of the state: another program may make another value from the same inputs.
fn state_key(inputs: Digest) -> Digest {
    Digest::of_parts(&[PROGRAM.as_bytes(), &inputs.to_bytes()])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::packs::{MOST_PACKS, OLDEST, packs_in};
    use super::*;

    fn key(name: &str) -> Digest {
        Cache::key("test", &[name.as_bytes()])
    }

    /// Runs once in a folder: asks for `wanted`, keeps `added`; gives what was found.
    fn run(folder: &Path, wanted: &[&str], added: &[&str]) -> Vec<Option<String>> {
        let cache = Cache::open(folder);
        let found = wanted.iter().map(|name| cache.get(key(name))).collect();
        for name in added {
            cache.put(key(name), &format!("value of {name}"));
        }
        cache.save().unwrap();
        found
    }

    fn packs(folder: &Path) -> Vec<PathBuf> {
        packs_in(&folder.join(FOLDER))
    }

    #[test]
    fn what_one_run_keeps_the_next_one_finds() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(run(folder.path(), &["a"], &["a", "b"]), [None]);
        assert_eq!(
            run(folder.path(), &["a", "b", "c"], &[]),
            [Some("value of a".to_owned()), Some("value of b".to_owned()), None]
        );
        assert_eq!(fs::read_to_string(folder.path().join(".notes/.gitignore")).unwrap(), "*\n");
        assert_eq!(packs(folder.path()).len(), 1);
        let none = Cache::none();
        none.put(key("a"), &1);
        assert!(none.get::<i32>(key("a")).is_none() && none.save().is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn closed_files_are_opened_for_each_value() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &[], &["a", "b"]);
        let open = || {
            let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
            let paths = files.filter_map(|file| fs::read_link(file.path()).ok());
            paths.filter(|path| path.starts_with(folder.path())).count()
        };
        let cache = Cache::open(folder.path());
        assert_eq!(open(), 1);
        cache.close_files();
        assert_eq!(cache.get::<String>(key("a")).as_deref(), Some("value of a"));
        assert_eq!(open(), 0);
        fs::remove_dir_all(folder.path().join(FOLDER)).unwrap();
        assert_eq!(cache.get::<String>(key("b")), None);
    }

    #[test]
    fn a_folder_that_was_deleted_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        fs::create_dir(&notes).unwrap();
        let cache = Cache::open(&notes);
        fs::remove_dir(&notes).unwrap();
        cache.put(key("a"), &"value of a");
        assert!(cache.save().is_err());
        assert!(!notes.exists());
    }

    #[test]
    fn many_packs_become_one_and_what_nobody_asks_for_goes() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &[], &["used", "unused"]);
        for number in 0..MOST_PACKS * (usize::from(OLDEST) + 1) {
            let found = run(folder.path(), &["used"], &[&number.to_string()]);
            assert!(found[0].is_some(), "{number}");
            assert!(packs(folder.path()).len() <= MOST_PACKS);
        }
        assert_eq!(
            run(folder.path(), &["used", "unused"], &[]),
            [Some("value of used".to_owned()), None]
        );
    }

    #[test]
    fn a_damaged_pack_only_holds_less() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &[], &["a", "b", "c"]);
        let path = packs(folder.path()).remove(0);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x41;
            for bytes in [&whole[..at], &flipped, &[&whole[..at], &[0; 40]].concat()] {
                fs::write(&path, bytes).unwrap();
                for (name, found) in
                    ["a", "b", "c"].iter().zip(run(folder.path(), &["a", "b", "c"], &[]))
                {
                    assert!(found.is_none_or(|found| found == format!("value of {name}")), "{at}");
                }
            }
        }
        fs::write(&path, b"").unwrap();
        assert_eq!(run(folder.path(), &["a"], &["a"]), [None]);
        assert!(run(folder.path(), &["a"], &[])[0].is_some());
    }

    #[test]
    fn the_state_is_that_of_the_last_run_and_counts_for_its_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| Digest::of(name.as_bytes()));
        let load = |name, key| Cache::open(folder.path()).load_state::<String>(name, key);
        let cache = Cache::open(folder.path());
        cache.save_state("a", one, &"first");
        cache.save_state("b", one, &"second");
        assert_eq!(load("a", one), None);
        cache.save().unwrap();
        assert_eq!(load("a", one).as_deref(), Some("first"));
        assert_eq!(load("a", other), None);
        // Two runs at once: each writes the parts that it has changed.
        let (this, that) = (Cache::open(folder.path()), Cache::open(folder.path()));
        this.save_state("a", other, &"third");
        that.save_state("c", one, &"fourth");
        this.save().unwrap();
        that.save().unwrap();
        assert_eq!(load("a", other).as_deref(), Some("third"));
        assert_eq!(load("b", one).as_deref(), Some("second"));
        assert_eq!(load("c", one).as_deref(), Some("fourth"));
        let only_reading = Cache::open(folder.path()).only_reading();
        only_reading.save_state("a", one, &"fifth");
        only_reading.save().unwrap();
        assert_eq!(load("a", other).as_deref(), Some("third"));
    }

    #[test]
    fn a_part_that_was_decoded_ahead_counts_for_its_inputs_too() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path());
        cache.save_state("a", key("inputs"), &"value");
        cache.save_state("b", key("inputs"), &"value");
        cache.save().unwrap();
        let cache = Cache::open(folder.path());
        cache.load_ahead::<String>("a");
        cache.load_ahead::<String>("none");
        fs::remove_file(folder.path().join(FOLDER).join("state")).unwrap();
        let load = |name, inputs| cache.load_state::<String>(name, key(inputs));
        assert_eq!(load("a", "other inputs"), None);
        assert_eq!(load("a", "inputs").as_deref(), Some("value"));
        assert_eq!(load("b", "inputs"), None);
    }

    #[test]
    fn a_run_that_changes_nothing_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let run = |value: &str| {
            let cache = Cache::open(folder.path());
            cache.put(key("a"), &"value of a");
            cache.save_state("a", key("a"), &"before");
            cache.save_state("a", key("a"), &value);
            cache.save().unwrap();
            let state = folder.path().join(FOLDER).join("state");
            let state = fs::metadata(state).unwrap().modified().unwrap();
            (packs(folder.path()), state)
        };
        let first = run("value");
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(run("value"), first);
        assert_ne!(run("another").1, first.1);
    }

    #[test]
    fn temporary_files_of_killed_runs_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &[], &["a"]);
        let stray = folder.path().join(FOLDER).join(".notes-tmp-4294967295-x");
        fs::write(&stray, "half").unwrap();
        run(folder.path(), &[], &["b"]);
        assert!(!stray.exists());
    }

    #[test]
    fn two_runs_at_once_disturb_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Cache::open(folder.path()), Cache::open(folder.path()));
        one.put(key("a"), &"value of a");
        other.put(key("a"), &"value of a");
        other.put(key("b"), &"value of b");
        one.save().unwrap();
        other.save().unwrap();
        assert!(run(folder.path(), &["a", "b"], &[]).iter().all(Option::is_some));
    }
}
