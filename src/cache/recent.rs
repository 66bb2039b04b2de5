//! Values of this run, as many as fit into a given space: the least recently used are dropped
//! first.
//!
//! Must not know: what the values are, the disk.

use std::collections::HashMap;

use crate::digest::Digest;

/// Two shelves: what is added or asked for stands on the first; when that is full it becomes the
/// second, and what stood there goes.
#[derive(Debug)]
pub(super) struct Recent {
    /// Size of a generation, in bytes.
    most: usize,
    first: HashMap<Digest, Vec<u8>>,
    size: usize,
    second: HashMap<Digest, Vec<u8>>,
}

impl Recent {
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { most: bytes / 2, first: HashMap::new(), size: 0, second: HashMap::new() }
    }

    pub fn add(&mut self, key: Digest, value: Vec<u8>) {
        if value.len() > self.most {
            return;
        }
        if self.size + value.len() > self.most {
            self.second = std::mem::take(&mut self.first);
            self.size = 0;
        }
        self.size += value.len();
        if let Some(before) = self.first.insert(key, value) {
            self.size -= before.len();
        }
    }

    pub fn get(&mut self, key: Digest) -> Option<&[u8]> {
        if let Some(value) = self.second.remove(&key) {
            self.add(key, value);
        }
        self.first.get(&key).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asks_for_goes_and_the_space_is_kept() {
        let mut recent = Recent::new(40);
        let key = |number: u8| Digest::of(&[number]);
        recent.add(key(0), vec![0; 10]);
        for number in 1..100 {
            recent.add(key(number), vec![number; 5]);
            assert_eq!(recent.get(key(0)), Some(&[0; 10][..]), "{number}");
            let held: usize =
                recent.first.values().chain(recent.second.values()).map(Vec::len).sum();
            assert!(held <= 40, "{held}");
        }
        assert_eq!(recent.get(key(1)), None);
        recent.add(key(100), vec![0; 21]);
        assert_eq!(recent.get(key(100)), None);
    }
}
