//! The packs in the folder of a cache → their values by key, and which of them a run has asked for.
//!
//! Must not know: what a value is.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::pack::{self, Pack, PackPlace};
use crate::digest::Digest;

/// So many packs are made one.
pub(super) const MOST_PACKS: usize = 16;
/// Number of merges after which an unused value is left out.
pub(super) const OLDEST: u8 = 3;

/// The packs in a folder.
#[derive(Debug, Default)]
pub(super) struct Packs {
    list: Vec<Pack>,
    /// The place of each value, by key: the number of its pack and its place there. Made when a
    /// value is first asked for, which a run that changes nothing does not.
    index: OnceLock<HashMap<Digest, (usize, PackPlace)>>,
    /// For each pack, which of its values this run has asked for.
    used: Vec<Vec<AtomicBool>>,
}

impl Packs {
    /// Opens the packs in a folder. Unreadable ones are skipped.
    pub fn open(folder: &Path) -> Self {
        let mut paths = packs_in(folder);
        paths.sort();
        let list: Vec<Pack> = paths.into_iter().filter_map(Pack::open).collect();
        let unused = |pack: &Pack| pack.places().iter().map(|_| AtomicBool::new(false)).collect();
        let used = list.iter().map(unused).collect();
        Self { list, index: OnceLock::new(), used }
    }

    /// Closes all files; they are opened again for each value that is asked for.
    pub fn close(&self) {
        self.list.iter().for_each(Pack::close);
    }

    /// True if there are so many that a run that adds one makes one of them.
    pub fn are_many(&self) -> bool {
        self.list.len() >= MOST_PACKS
    }

    /// The place of a value.
    pub fn find(&self, key: Digest) -> Option<(usize, PackPlace)> {
        let index = self.index.get_or_init(|| {
            let packs = self.list.iter().enumerate();
            let places = packs.flat_map(|(number, pack)| {
                pack.places().iter().map(move |(key, place)| (*key, (number, *place)))
            });
            places.collect()
        });
        index.get(&key).copied()
    }

    /// The value at a place, if it is as it was written.
    pub fn value(&self, key: Digest, (number, place): (usize, PackPlace)) -> Option<Vec<u8>> {
        self.list[number].value(key, place)
    }

    /// Marks the value at a place as used by this run.
    pub fn mark_used(&self, (number, place): (usize, PackPlace)) {
        self.used[number][place.number].store(true, Ordering::Relaxed);
    }

    /// The values that are not too old, with their ages after this run.
    pub fn kept(&self) -> impl Iterator<Item = (Digest, u8, Vec<u8>)> {
        self.list.iter().zip(&self.used).flat_map(|(pack, used)| {
            pack.places().iter().filter_map(|(key, place)| {
                let is_used = used[place.number].load(Ordering::Relaxed);
                let age = if is_used { 0 } else { place.age + 1 };
                (age < OLDEST).then(|| Some((*key, age, pack.value(*key, *place)?)))?
            })
        })
    }

    /// Deletes all packs but the one at a path.
    pub fn delete_but(&self, path: &Path) {
        for pack in self.list.iter().filter(|pack| pack.path != path) {
            // One that stays is merged again next time.
            let _ = fs::remove_file(&pack.path);
        }
    }
}

/// The packs in a folder; a symbolic link is none.
pub(super) fn packs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let packs = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    packs
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == pack::EXTENSION))
        .collect()
}
