//! The ids of a page → the one that an anchor means.
//!
//! Must not know: how headings get their ids.

use std::collections::{HashMap, HashSet};

use crate::path::{loose_key, percent_decode};

/// The ids of one page.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors {
    ids: HashSet<String>,
    /// The first id of each loose key.
    by_key: HashMap<String, String>,
}

impl Anchors {
    pub fn of(ids: Vec<String>) -> Self {
        let mut known = Self::default();
        for id in ids {
            let key = loose_key(&id);
            if !key.is_empty() {
                known.by_key.entry(key).or_insert_with(|| id.clone());
            }
            known.ids.insert(id);
        }
        known
    }

    /// The ids in the order of their letters.
    pub fn sorted(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// The id that an anchor means: exactly, decoded, as its heading's words would give it, or with the number that a
    /// heading gets whose id the page's frame has (`## Search`).
    pub fn meant_by(&self, anchor: &str) -> Option<String> {
        let decoded = percent_decode(anchor);
        let exact =
            [anchor, &decoded].into_iter().find(|id| self.ids.contains(*id)).map(str::to_owned);
        let loose = || self.by_key.get(&loose_key(&decoded)).cloned();
        let numbered =
            || Some(format!("{}-1", decoded.to_lowercase())).filter(|id| self.ids.contains(id));
        exact.or_else(loose).or_else(numbered)
    }
}
