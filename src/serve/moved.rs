//! A site and the one before it → the changes of the notes, and the new routes of renamed pages.
//!
//! Must not know: the detection of changes.

use std::collections::{BTreeSet, HashMap, VecDeque};
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
        let mut added = AddedNotes::default();
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
                    added.add(new.next().map(named));
                }
                (Some(_), _) => removed.extend(old.next().map(named)),
                (None, Some(_)) => added.add(new.next().map(named)),
                (None, None) => break,
            }
        }
        let reported = ReportedRenames::new(renames);
        removed.retain(|(path, _)| {
            let Some(to) = reported.of(path).filter(|to| added.paths.remove(to)) else {
                return true;
            };
            changes.renamed.push(((*path).clone(), to));
            false
        });
        for (path, digest) in removed {
            match added.take_equal(digest, path.name()) {
                Some(to) => changes.renamed.push((path.clone(), to.clone())),
                None => changes.removed.push(path.clone()),
            }
        }
        changes.added.extend(added.paths.into_iter().cloned());
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

/// The notes that are new, found by their text: a change of branch adds and removes thousands.
#[derive(Default)]
struct AddedNotes<'s> {
    /// Those that are not known to be renamed ones.
    paths: BTreeSet<&'s SourcePath>,
    by_text: HashMap<Digest, VecDeque<&'s SourcePath>>,
    by_text_and_name: HashMap<(Digest, &'s str), VecDeque<&'s SourcePath>>,
}

impl<'s> AddedNotes<'s> {
    fn add(&mut self, note: Option<(&'s SourcePath, Digest)>) {
        let Some((path, text)) = note else { return };
        self.paths.insert(path);
        self.by_text.entry(text).or_default().push_back(path);
        self.by_text_and_name.entry((text, path.name())).or_default().push_back(path);
    }

    /// Takes a note with this text. Of several the one of the same name is preferred.
    fn take_equal(&mut self, text: Digest, name: &'s str) -> Option<&'s SourcePath> {
        let of_name = self.by_text_and_name.get_mut(&(text, name));
        let of_name = of_name.and_then(|found| take_first(found, &mut self.paths));
        of_name.or_else(|| take_first(self.by_text.get_mut(&text)?, &mut self.paths))
    }
}

/// Takes the first of these notes that is still there.
fn take_first<'s>(
    found: &mut VecDeque<&'s SourcePath>,
    paths: &mut BTreeSet<&'s SourcePath>,
) -> Option<&'s SourcePath> {
    while let Some(path) = found.pop_front() {
        if paths.remove(path) {
            return Some(path);
        }
    }
    None
}

/// The renames that the system reported, by their first names; of several the last one.
struct ReportedRenames<'r>(HashMap<&'r SourcePath, (usize, &'r SourcePath)>);

impl<'r> ReportedRenames<'r> {
    fn new(renames: &'r [(SourcePath, SourcePath)]) -> Self {
        let numbered = renames.iter().enumerate();
        Self(numbered.map(|(number, (from, to))| (from, (number, to))).collect())
    }

    /// The path after the last rename of itself or of a folder above it.
    fn of(&self, path: &SourcePath) -> Option<SourcePath> {
        let mut last: Option<(usize, SourcePath)> = None;
        for from in std::iter::once(path.clone()).chain(path.ancestors()) {
            let Some(&(number, to)) = self.0.get(&from) else { continue };
            if last.as_ref().is_none_or(|(other, _)| *other < number)
                && let Some(to) = carried(path, &from, to)
            {
                last = Some((number, to));
            }
        }
        last.map(|(_, to)| to)
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

/// The changes of one site of a library.
pub(super) struct SiteChanges<'s> {
    pub earlier: &'s LinkedSite,
    pub later: &'s LinkedSite,
    /// The renames of files and folders that the system reported.
    pub renames: Vec<(SourcePath, SourcePath)>,
    pub changes: Changes,
}

impl SiteChanges<'_> {
    /// The routes of the notes that are new or have another text or name.
    pub fn changed_routes(&self) -> impl Iterator<Item = &Route> {
        let Changes { written, added, renamed, .. } = &self.changes;
        let renamed = renamed.iter().map(|(_, to)| to);
        written.iter().chain(added).chain(renamed).filter_map(|path| self.later.route_of(path))
    }
}

/// The pages that were renamed since the preview started, from and to, after some more changes. A
/// chain of renames leads to its end; if a page exists again at the old route, it has not moved.
pub(super) fn remembered(
    before: &Arc<HashMap<Route, Route>>,
    changes: &[SiteChanges<'_>],
    exists: impl Fn(&Route) -> bool,
) -> Arc<HashMap<Route, Route>> {
    let mut now: HashMap<Route, Route> = HashMap::new();
    for of_site in changes {
        now.extend(moved_by(of_site));
    }
    if now.is_empty() {
        return before.clone();
    }
    let mut moved = (**before).clone();
    for end in moved.values_mut() {
        if let Some(to) = now.get(end) {
            end.clone_from(to);
        }
    }
    moved.extend(now);
    moved.retain(|from, to| !exists(from) && exists(to));
    Arc::new(moved)
}

/// The pages of one site that were renamed by its changes, from and to.
fn moved_by(of_site: &SiteChanges<'_>) -> HashMap<Route, Route> {
    let SiteChanges { earlier, later, renames, changes } = of_site;
    let mut now: HashMap<Route, Route> = HashMap::new();
    let mut add = |from: &Route, to: &Route| {
        if from != to {
            now.insert(from.clone(), to.clone());
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
    now
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::build::{LinkedSites, Sources};
    use crate::cache::Cache;
    use crate::config::Config;
    use crate::source::{Entry, Tree};
    use crate::theme::Theme;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    fn sites(notes: &[(&str, &str)]) -> LinkedSites {
        let mut entries = BTreeMap::new();
        for (name, text) in notes {
            for above in path(name).ancestors().filter(|above| !above.is_root()) {
                entries.insert(above, Entry::Folder);
            }
            entries.insert(path(name), Entry::Note((*text).to_owned().into()));
        }
        let theme = Theme::load(std::path::Path::new("/nowhere"), false, "");
        let tree = Tree { entries, ..Tree::default() };
        LinkedSites::new(&Sources::new(tree, Config::default(), theme, Cache::none()), &[], None)
    }

    fn between(
        earlier: &LinkedSites,
        later: &LinkedSites,
        renames: &[(SourcePath, SourcePath)],
    ) -> Changes {
        Changes::between(earlier.home(), later.home(), renames)
    }

    fn moved_after(
        before: &Arc<HashMap<Route, Route>>,
        renames: &[(SourcePath, SourcePath)],
        earlier: &LinkedSites,
        later: &LinkedSites,
    ) -> Arc<HashMap<Route, Route>> {
        let changes = SiteChanges {
            earlier: earlier.home(),
            later: later.home(),
            renames: renames.to_vec(),
            changes: between(earlier, later, renames),
        };
        remembered(before, &[changes], |route| later.has(route))
    }

    #[test]
    fn renamed_notes_are_followed() {
        let old = sites(&[
            ("a.md", "甲"),
            ("b.md", "乙"),
            ("c/d.md", "丙"),
            ("c/e.md", "丙"),
            ("f.md", "丁"),
        ]);
        let new = sites(&[
            ("a.md", "甲二"),
            ("x.md", "乙"),
            ("g/e.md", "丙"),
            ("g/d.md", "丙"),
            ("h.md", "戊"),
        ]);
        let changes = between(&old, &new, &[]);
        assert_eq!(changes.written, [path("a.md")]);
        assert_eq!(changes.added, [path("h.md")]);
        assert_eq!(changes.removed, [path("f.md")]);
        let renamed = [("b.md", "x.md"), ("c/d.md", "g/d.md"), ("c/e.md", "g/e.md")];
        assert_eq!(changes.renamed, renamed.map(|(from, to)| (path(from), path(to))));
        let renames = [(path("f.md"), path("h.md")), (path("c"), path("g"))];
        let changes = between(&old, &new, &renames);
        assert!(changes.renamed.contains(&renames[0]) && changes.removed.is_empty());
        assert_eq!(changes.count(), 5);
        assert!(between(&old, &old, &[]).is_empty());
        let moved = moved_after(&Arc::default(), &renames, &old, &new);
        let route = |name: &str| Route::file(name);
        assert_eq!(moved.get(&route("f.html")), Some(&route("h.html")));
        assert_eq!(moved.get(&route("c/index.html")), Some(&route("g/index.html")));
        // Renamed once more, and then back to the first name.
        let third = sites(&[("i.md", "戊")]);
        let renames = [(path("h.md"), path("i.md"))];
        let moved = moved_after(&moved, &renames, &new, &third);
        assert_eq!(moved.get(&route("f.html")), Some(&route("i.html")));
        let renames = [(path("i.md"), path("f.md"))];
        let fourth = sites(&[("f.md", "戊")]);
        let moved = moved_after(&moved, &renames, &third, &fourth);
        assert_eq!(moved.get(&route("f.html")), None);
        assert_eq!(moved.get(&route("i.html")), Some(&route("f.html")));
    }

    #[test]
    fn of_several_renames_the_last_one_counts_and_equal_notes_are_taken_once() {
        let old = sites(&[("a/b/c.md", "甲"), ("d.md", "乙"), ("e.md", "乙"), ("f.md", "乙")]);
        let new = sites(&[("x/c.md", "丙"), ("g.md", "乙"), ("h/e.md", "乙")]);
        let renames = [("a", "y"), ("a/b", "x")].map(|(from, to)| (path(from), path(to)));
        let changes = between(&old, &new, &renames);
        let renamed = [("a/b/c.md", "x/c.md"), ("d.md", "g.md"), ("e.md", "h/e.md")];
        assert_eq!(changes.renamed, renamed.map(|(from, to)| (path(from), path(to))));
        assert_eq!((changes.removed, changes.added), (vec![path("f.md")], vec![]));
    }

    #[test]
    fn two_notes_that_change_their_names_with_each_other_have_not_moved() {
        let old = sites(&[("a.md", "甲"), ("b.md", "乙"), ("c.md", "丙")]);
        let new = sites(&[("b.md", "甲"), ("d.md", "乙"), ("c.md", "丙")]);
        let renames = [("b.md", "d.md"), ("a.md", "b.md")].map(|(from, to)| (path(from), path(to)));
        let moved = moved_after(&Arc::default(), &renames, &old, &new);
        assert!(!moved.contains_key(&Route::file("b.html")), "{moved:?}");
    }
}
