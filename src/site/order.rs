//! The orders that notes of other generators give, and the folders' `_category_.json` of
//! Docusaurus → the order of what is in each folder.
//!
//! Notes with a place come first, by that place; the others follow in the order of their names, as
//! in Docusaurus, Hugo and Just the Docs.
//!
//! Must not know: which generator it is, the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::nav::{Child, NavFolder};
use crate::note::Note;
use crate::path::SourcePath;

/// The name of the file that describes a folder.
pub const CATEGORY_FILE: &str = "_category_.json";

/// The description of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Category {
    /// Its title, if it has no note of its own.
    pub label: Option<String>,
    /// Its place among its neighbours, in thousandths.
    pub order: Option<i64>,
}

/// The descriptions of folders.
pub type Categories = BTreeMap<SourcePath, Category>;

/// A category file as it is written.
#[derive(Deserialize)]
struct TypedCategory {
    label: Option<String>,
    position: Option<f64>,
}

impl Category {
    /// Reads a category file; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let TypedCategory { label, position } = serde_json::from_str(text).ok()?;
        let is_sensible = |position: &f64| position.abs() < 1e12;
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        let thousandths = |position: f64| (position * 1000.0).round() as i64;
        let label = label.map(|label| label.split_whitespace().collect::<Vec<_>>().join(" "));
        Some(Self {
            label: label.filter(|label| !label.is_empty()),
            order: position.filter(is_sensible).map(thousandths),
        })
    }
}

/// Orders the children of all folders, which are in the order of their names.
pub(super) fn apply(folders: &mut [NavFolder], notes: &[Arc<Note>], categories: &Categories) {
    if categories.is_empty() && notes.iter().all(|note| note.meta.order.is_none()) {
        return;
    }
    let of_note = |page: usize| notes.get(page).and_then(|note| note.meta.order);
    let of_folder = |folder: &NavFolder| {
        let described = categories.get(&folder.path).and_then(|category| category.order);
        described.or_else(|| of_note(folder.page.0))
    };
    let of_folders: Vec<Option<i64>> = folders.iter().map(of_folder).collect();
    for folder in folders {
        folder.children.sort_by_key(|child| {
            let order = match child {
                Child::Note { page, .. } => of_note(page.0),
                Child::Folder { index, .. } => of_folders[*index],
                Child::External { .. } => None,
            };
            (order.is_none(), order)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_files() {
        for (text, expected) in [
            (r#"{"label": "A  b", "position": 2.5}"#, Some((Some("A b"), Some(2500)))),
            (r#"{"position": 1, "link": {"type": "generated-index"}}"#, Some((None, Some(1000)))),
            (r#"{"label": ""}"#, Some((None, None))),
            ("label: a", None),
        ] {
            let found = Category::parse(text);
            let found = found.as_ref().map(|found| (found.label.as_deref(), found.order));
            assert_eq!(found, expected, "{text}");
        }
    }
}
