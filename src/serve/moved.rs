//! A site and the one before it → the changes of the notes, and the new routes of renamed pages.
//!
//! Must not know: the detection of changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::build::LinkedSite;
use crate::digest::Digest;
use crate::path::{Route, SourcePath};

/// The changes of the notes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// With another text.
    pub written: Vec<SourcePath>,
    pub added: Vec<SourcePath>,
    pub removed: Vec<SourcePath>,
    /// Renamed, from and to, with or without another text.
    pub renamed: Vec<(SourcePath, SourcePath)>,
}

impl Changes {
    /// Compares the notes of two sites. `renames` are those of files or folders that the system
    /// reported.
    pub fn between(
        earlier: &LinkedSite,
        later: &LinkedSite,
        renames: &[(SourcePath, SourcePath)],
    ) -> Self {
        let (mut old, mut new) = (earlier.digests().peekable(), later.digests().peekable());
        let mut changes = Self::default();
        let mut added: BTreeMap<&SourcePath, Digest> = BTreeMap::new();
        let mut removed: Vec<(&SourcePath, Digest)> = Vec::new();
        let named = |(path, text, _)| (path, text);
        // Both are in the order of their paths.
        loop {
            match (old.peek(), new.peek()) {
                (Some((path, _, before)), Some((other, _, after))) if path == other => {
                    if before != after {
                        changes.written.push((*path).clone());
                    }
                    old.next();
                    new.next();
                }
                (Some((path, ..)), Some((other, ..))) if path > other => {
                    added.extend(new.next().map(named));
                }
                (Some(_), _) => removed.extend(old.next().map(named)),
                (None, Some(_)) => added.extend(new.next().map(named)),
                (None, None) => break,
            }
        }
        let reported =
            |path: &SourcePath| renames.iter().rev().find_map(|(from, to)| carried(path, from, to));
        removed.retain(|(path, _)| {
            let Some(to) = reported(path).filter(|to| added.remove(to).is_some()) else {
                return true;
            };
            changes.renamed.push(((*path).clone(), to));
            false
        });
        for (path, digest) in removed {
            let same_text =
                || added.iter().filter(|(_, text)| **text == digest).map(|(path, _)| *path);
            // Of several notes with this text the one of the same name is preferred.
            let to = same_text().find(|to| to.name() == path.name()).or_else(|| same_text().next());
            match to {
                Some(to) => {
                    added.remove(to);
                    changes.renamed.push((path.clone(), to.clone()));
                }
                None => changes.removed.push(path.clone()),
            }
        }
        changes.added.extend(added.into_keys().cloned());
        changes
    }

    /// True if no note changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Number of changed notes.
    pub fn count(&self) -> usize {
        self.written.len() + self.added.len() + self.removed.len() + self.renamed.len()
    }
}

/// A path after the rename of itself or of a folder above it; `None` if neither was renamed.
fn carried(path: &SourcePath, from: &SourcePath, to: &SourcePath) -> Option<SourcePath> {
    if from.is_root() {
        return None;
    }
    let rest = path.as_str().strip_prefix(from.as_str())?;
    if rest.is_empty() {
        return Some(to.clone());
    }
    rest.starts_with('/').then(|| SourcePath::new(&format!("{}{rest}", to.as_str())))?
}

/// The pages that were renamed since the preview started, from and to, after some more changes. A
/// chain of renames leads to its end; if a page exists again at the old route, it has not moved.
pub(super) fn remembered(
    before: &Arc<HashMap<Route, Route>>,
    changes: &Changes,
    renames: &[(SourcePath, SourcePath)],
    earlier: Option<&LinkedSite>,
    later: &LinkedSite,
) -> Arc<HashMap<Route, Route>> {
    let Some(earlier) = earlier else { return before.clone() };
    if changes.renamed.is_empty() && renames.is_empty() {
        return before.clone();
    }
    let mut moved = (**before).clone();
    let mut add = |from: &Route, to: &Route| {
        if from != to {
            moved.values_mut().filter(|end| *end == from).for_each(|end| end.clone_from(to));
            moved.insert(from.clone(), to.clone());
        }
    };
    for (from, to) in &changes.renamed {
        if let (Some(from), Some(to)) = (earlier.route_of(from), later.route_of(to)) {
            add(from, to);
        }
    }
    // Folders without a note of their own have a page too.
    for (from, to) in renames {
        for (path, route) in earlier.folder_pages() {
            let to = carried(path, from, to);
            if let Some(to) = to.and_then(|to| later.folder_pages().find(|(path, _)| **path == to))
            {
                add(route, to.1);
            }
        }
    }
    moved.retain(|from, to| !later.has(from) && later.has(to));
    Arc::new(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Sources;
    use crate::cache::Cache;
    use crate::config::Config;
    use crate::source::{Entry, Tree};
    use crate::theme::Theme;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    fn site(notes: &[(&str, &str)]) -> LinkedSite {
        let mut entries = BTreeMap::new();
        for (name, text) in notes {
            for above in path(name).ancestors().filter(|above| !above.is_root()) {
                entries.insert(above, Entry::Folder);
            }
            entries.insert(path(name), Entry::Note((*text).to_owned().into()));
        }
        let theme = Theme::load(std::path::Path::new("/nowhere"), false);
        let tree = Tree { entries, ..Tree::default() };
        LinkedSite::new(&Sources::new(tree, Config::default(), theme, Cache::none()), None)
    }

    #[test]
    fn renamed_notes_are_followed() {
        let old = site(&[
            ("a.md", "甲"),
            ("b.md", "乙"),
            ("c/d.md", "丙"),
            ("c/e.md", "丙"),
            ("f.md", "丁"),
        ]);
        let new = site(&[
            ("a.md", "甲二"),
            ("x.md", "乙"),
            ("g/e.md", "丙"),
            ("g/d.md", "丙"),
            ("h.md", "戊"),
        ]);
        let changes = Changes::between(&old, &new, &[]);
        assert_eq!(changes.written, [path("a.md")]);
        assert_eq!(changes.added, [path("h.md")]);
        assert_eq!(changes.removed, [path("f.md")]);
        let renamed = [("b.md", "x.md"), ("c/d.md", "g/d.md"), ("c/e.md", "g/e.md")];
        assert_eq!(changes.renamed, renamed.map(|(from, to)| (path(from), path(to))));
        let renames = [(path("f.md"), path("h.md")), (path("c"), path("g"))];
        let changes = Changes::between(&old, &new, &renames);
        assert!(changes.renamed.contains(&renames[0]) && changes.removed.is_empty());
        assert_eq!(changes.count(), 5);
        assert!(Changes::between(&old, &old, &[]).is_empty());
        let moved = remembered(&Arc::default(), &changes, &renames, Some(&old), &new);
        let route = |name: &str| Route::file(name);
        assert_eq!(moved.get(&route("f.html")), Some(&route("h.html")));
        assert_eq!(moved.get(&route("c/index.html")), Some(&route("g/index.html")));
        // Renamed once more, and then back to the first name.
        let third = site(&[("i.md", "戊")]);
        let renames = [(path("h.md"), path("i.md"))];
        let changes = Changes::between(&new, &third, &renames);
        let moved = remembered(&moved, &changes, &renames, Some(&new), &third);
        assert_eq!(moved.get(&route("f.html")), Some(&route("i.html")));
        let renames = [(path("i.md"), path("f.md"))];
        let fourth = site(&[("f.md", "戊")]);
        let changes = Changes::between(&third, &fourth, &renames);
        let moved = remembered(&moved, &changes, &renames, Some(&third), &fourth);
        assert_eq!(moved.get(&route("f.html")), None);
        assert_eq!(moved.get(&route("i.html")), Some(&route("f.html")));
    }
}
