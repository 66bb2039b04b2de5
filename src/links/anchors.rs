//! The ids of a page → the id for an anchor.
//!
//! Must not know: the making of ids.

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

    /// The ids in alphabetical order.
    pub fn sorted(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// The id for an anchor: the same text, decoded, with the same loose key, or with the number
    /// that a heading gets if the page's frame already has its id (`## Search`).
    pub fn meant_by(&self, anchor: &str) -> Option<String> {
        let decoded = percent_decode(anchor);
        for exact in [anchor, &decoded] {
            if self.ids.contains(exact) {
                return Some(exact.to_owned());
            }
        }
        if let Some(id) = self.by_key.get(&loose_key(&decoded)) {
            return Some(id.clone());
        }
        let numbered = format!("{}-1", decoded.to_lowercase());
        self.ids.contains(&numbered).then_some(numbered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_as_other_programs_write_them() {
        let anchors =
            Anchors::of(["选举", "nav--导航", "search-1", "a b"].map(str::to_owned).into());
        for (anchor, expected) in [
            ("选举", Some("选举")),
            ("%E9%80%89%E4%B8%BE", Some("选举")),
            ("Nav-导航", Some("nav--导航")),
            ("Search", Some("search-1")),
            ("a%20b", Some("a b")),
            ("没有", None),
        ] {
            assert_eq!(anchors.meant_by(anchor).as_deref(), expected, "{anchor}");
        }
    }
}
